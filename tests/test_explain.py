"""Explanations: the verdict is that of a check, a flip really flips, and nothing happens that was not said."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from conformance import bench
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import fpcheck
from fpcheck.app import check_intake, explain_intake
from fpcheck.cli import app
from fpcheck.engine.explain import explain as module
from fpcheck.engine.explain.answer import NotThereError
from fpcheck.engine.explain.flips import Flips
from fpcheck.engine.explain.shapes import Explained, Explanation, RowExplained, Source, Test
from fpcheck.engine.group import group_key
from fpcheck.engine.unknown import conjoin, disjoin, gap, negate
from fpcheck.finding import TO_CHECK, Outcome, RuleOutcome
from fpcheck.intake import Forms, read_paths
from fpcheck.report.explanation import explanation_lines
from fpcheck.report.explanation_json import as_dict, explanation_json
from fpcheck.rulebook.load import load_rulebook
from fpcheck.terms import SUMMARY, Type

ROOT = Path(__file__).parent.parent
EXPECTED = sorted((Path(__file__).parent / "explain").glob("*.yaml"))
CASES = sorted(path.parent for path in (ROOT / "cases").glob("*/input"))
SOME = settings(max_examples=20, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@cache
def rulebook() -> Any:
    return load_rulebook()


def explained(form: Mapping[str, Any], rule: str, row: int | None = None) -> Explained:
    [one] = fpcheck.explain(form, rule, rulebook(), row=row).explained
    return one


def said(forms: Any) -> dict[tuple[str | None, str, int | None], RuleOutcome]:
    """What a check says, by submission, rule and row."""
    found = fpcheck.check_many(forms, rulebook(), "semantics").outcomes
    return {(one.submission, one.rule, one.row): one for one in found}


# the words of an explanation, case by case


def cases() -> Iterator[Any]:
    for path in EXPECTED:
        for number, case in enumerate(yaml.safe_load(path.read_text(encoding="utf-8")), 1):
            yield pytest.param(case, id=f"{path.stem}-{number}-{case['规则']}")


@pytest.mark.parametrize("case", list(cases()))
def test_words(case, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("表.yaml").write_text(yaml.safe_dump_all(_list(case["材料"]), allow_unicode=True), encoding="utf-8")
    (tmp_path / "规则").mkdir()
    for name, text in case.get("文件", {}).items():
        (tmp_path / "规则" / name).write_text(yaml.safe_dump(text, allow_unicode=True), encoding="utf-8")
    more = [str(part) for part in case.get("参数", [])] + (["--rules", "规则"] if "文件" in case else [])
    result = CliRunner().invoke(app, ["explain", "表.yaml", case["规则"], *more])
    text = result.stdout + result.stderr
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code == case.get("退出码", 0), text
    assert not [part for part in case.get("要有", []) if part not in text], text
    assert not [part for part in case.get("不要有", []) if part in text], text


def _list(given_: Any) -> list[Any]:
    return given_ if isinstance(given_, list) else [given_]


# the verdict is that of a check, for every case, rule and row


@pytest.fixture
def untried(monkeypatch):
    """Explanations without flips: they have tests of their own."""
    monkeypatch.setattr(module, "flips", lambda _: Flips())


SHARES = [20, pytest.param(1, marks=pytest.mark.long)]


def share(rules, cases, case, every):
    """One rule in `every`, other ones for the next case: over the cases each has its turn."""
    return list(rules.by_id)[cases.index(case) % every :: every]


@pytest.mark.parametrize("every", SHARES)
@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_the_verdict_is_that_of_a_check(case, every, untried):
    rules = rulebook()
    intake = read_paths([case / "input"], Forms(rules.glossary))
    outcomes = check_intake(intake, rules).outcomes
    districts = len({group_key(one) for one in intake.submissions})
    for submission in intake.submissions[:3]:
        for number in share(rules, CASES, case, every):
            district = rules.by_id[number].table.name == SUMMARY
            if district and (districts > 1 or submission is not intake.submissions[0]):
                continue  # a check does not tell of which district an outcome is
            found = explain_intake(intake, rules, number, submission=submission.id)
            _told(found)
            [one] = found.explained
            id_ = None if district else submission.id
            _is_what_was_said(one, [said for said in outcomes if (said.submission, said.rule) == (id_, number)])


def _is_what_was_said(one: Explained, outcomes: list[RuleOutcome]) -> None:
    if one.not_run:
        assert all(outcome.outcome is Outcome.NOT_APPLICABLE for outcome in outcomes)
        return
    wanted = {(outcome.row, outcome.outcome) for outcome in outcomes}
    listed = {(row, outcome) for outcome, rows in one.others.items() for row in rows}
    assert {(row.row, row.outcome) for row in one.rows} | listed == wanted
    for row in one.rows:
        if {line.part for line in row.lines} - {"适用"}:
            assert _verdict(row) is row.outcome
        assert row.missing == next(outcome.missing for outcome in outcomes if outcome.row == row.row)


def _verdict(row: RowExplained) -> Outcome:
    """Work the verdict out from the truth of the lines that are shown."""
    parts = {
        part: [
            gap("甲", "缺") if line.test.truth is None else line.test.truth for line in row.lines if line.part == part
        ]
        for part in ("适用", "条件", "除非")
    }
    if False in parts["适用"]:
        return Outcome.NOT_APPLICABLE
    whole = conjoin([*parts["适用"], conjoin(parts["条件"]), negate(disjoin(parts["除非"]))])
    return {True: Outcome.VIOLATED, False: Outcome.PASSED}.get(whole, Outcome.UNDECIDED)


SOUND = [case for case in CASES if not case.name.startswith("bad-")]


@pytest.mark.parametrize("every", SHARES)
@pytest.mark.parametrize("case", SOUND, ids=lambda path: path.name)
def test_every_flip_can_be_told(case, every):
    rules = rulebook()
    intake = read_paths([case / "input"], Forms(rules.glossary))
    for number in share(rules, SOUND, case, every):
        _told(explain_intake(intake, rules, number, submission=intake.submissions[-1].id))


def _told(found: Explanation) -> None:
    """Every part has its place in text and JSON."""
    text = "\n".join(line.text for line in explanation_lines(found))
    assert found.rule.id in text
    whole = json.loads(explanation_json(found))
    assert [one["subject"]["submission"] for one in whole["explained"]] == [
        one.subject.submission for one in found.explained
    ]
    for one in found.explained:
        for row in one.rows:
            _well_formed(row)
            assert all(flip.cell in text and flip.difference in text for flip in row.flips if flip.exact)
            assert all(need.text in text for need in row.needs)
            assert all(fill.text in text for fill in row.fills)


def _well_formed(row: RowExplained) -> None:
    for line in row.lines:
        for test in _tests(line.test):
            assert test.text
            assert bool(test.missing) is (test.truth is None)
            for source in _sources(test):
                assert source.name
                assert source.text
                assert source.kind != "measure" or source.formula
                assert source.kind != "parameter" or source.parameter


def _tests(test: Test) -> Iterator[Test]:
    yield test
    for inner in test.tests:
        yield from _tests(inner)


def _sources(test: Test) -> Iterator[Source]:
    open_ = list(test.sources)
    while open_:
        source = open_.pop()
        yield source
        open_ += source.parts


@pytest.mark.parametrize("every", [6, pytest.param(1, marks=pytest.mark.long)])
@pytest.mark.parametrize("case", SOUND, ids=lambda path: path.name)
def test_every_row_can_be_asked_for(case, every, untried):
    rules = rulebook()
    intake = read_paths([case / "input"], Forms(rules.glossary))
    submission = intake.submissions[0]
    for number in share(rules, SOUND, case, every):
        rule = rules.by_id[number]
        for row in range(1, min(4, 1 + len(submission.tables.get(rule.table.name, ())))):
            [one] = explain_intake(intake, rules, number, submission=submission.id, row=row).explained
            assert one.not_run or {found.row for found in one.rows} <= {row, None}


# flips: tried again by writing the figure on the form and checking that form

money = st.one_of(
    st.none(), st.integers(0, 400).map(lambda n: f"{n}.{n % 7}"), st.sampled_from(["95", "100", "90", "0"])
)
percent = st.one_of(st.none(), st.sampled_from(["100%", "95%", "90.5%", "76%", "0%", "92.58%"]))
score = st.one_of(st.none(), st.integers(0, 12).map(str), st.sampled_from(["9.5", "10"]))
day = st.sampled_from([None, "2023-01-05", "2022-12-31", "2024-02-01", "2023-05"])
place = st.sampled_from(["甲社区", "乙社区"])
FIELDS: dict[str, Any] = {
    **dict.fromkeys(("批复金额", "下达金额", "到位金额", "支出金额", "全年预算数", "全年执行数"), money),
    **dict.fromkeys(("填报资金使用率", "填报执行率"), percent),
    "自评总分": score,
    "执行率得分": score,
    "开始日期": day,
    "完成日期": day,
    "截止日期": st.sampled_from([None, "2023-12-31", "2025-01-05"]),
    "偏差说明": st.sampled_from(["", "因政策调整", "进度慢"]),
    "年度目标": st.sampled_from(["", "提高水平", "对8个社区发放奖励80万元"]),
    "项目名称": st.sampled_from(["社区先锋奖励", "道路养护"]),
}
ROWS: dict[str, Any] = {
    "指标": {"三级指标": place, "指标值": st.sampled_from(["≥90%", "较好", ""]), "分值": score, "得分": score},
    "评选": {"社区": place, "先锋数": st.sampled_from(["1", "2", None]), "应发金额": money},
    "发放": {
        "社区": place,
        "先锋数": st.sampled_from(["1", "2", None]),
        "应发金额": money,
        "实发金额": money,
        "发放日期": day,
    },
    "资金": {"来源": place, "全年预算数": money, "全年执行数": money},
}
rows = {
    table: st.one_of(st.none(), st.lists(st.fixed_dictionaries(fields), max_size=3)) for table, fields in ROWS.items()
}
forms = st.builds(
    lambda project, tables, unit, region: {
        "表种": "综合",
        "实施单位": "甲街道",
        "年度": 2023,
        "金额单位": unit,
        "地区": region,
        **{name: value for name, value in {**project, **tables}.items() if value is not None},
    },
    st.fixed_dictionaries(FIELDS),
    st.fixed_dictionaries(rows),
    st.sampled_from(["万元", "元"]),
    st.sampled_from(["全国", "五华"]),
)


def counted(rule: Any) -> bool:
    """A rule that reads figures or dates which are written on the form."""
    tables = rulebook().glossary.tables
    terms = [tables[table].fields.get(name) for table, name in rule.reads if name]
    return any(term and term.type in (Type.MONEY, Type.RATIO, Type.NUMBER, Type.DATE, Type.COUNT) for term in terms)


NUMBERS = sorted(rule.rule.id for rule in rulebook().rules if counted(rule) and rule.table.name != SUMMARY)


def written(form: Mapping[str, Any], where: Any, text: str) -> dict[str, Any]:
    """The same form with another text in one cell."""
    copied = json.loads(json.dumps(form))
    (copied if where.row is None else copied[where.table][where.row - 1])[where.field] = text
    return copied


def turned(before: Any, after: Any, own: tuple[str, int | None]) -> dict[str, set[tuple[str, int | None]]]:
    """Which other rules' words changed, and how; questions to a person weigh nothing."""
    keys = {key[1:] for key, one in {**before, **after}.items() if one.role != TO_CHECK} - {own}
    found: dict[str, set[Any]] = {"hits": set(), "stops": set(), "opens": set()}
    for rule, row in keys:
        old, new = (words.get((id_of(words), rule, row)) for words in (before, after))
        old_, new_ = (one.outcome if one else None for one in (old, new))
        if old_ is new_:
            continue
        if new_ is Outcome.VIOLATED:
            found["hits"].add((rule, row))
        elif new_ in (Outcome.UNDECIDED, Outcome.ERROR):
            found["opens"].add((rule, row))
        if old_ is Outcome.VIOLATED:
            found["stops"].add((rule, row))
    return found


def id_of(words: Any) -> str:
    return next(key[0] for key in words if key[0])


@st.composite
def flipped(draw: Any) -> tuple[dict[str, Any], str, Any, Any, Any]:
    """A form, a rule that says something of it, the row, one of its flips, and what a check says of the form."""
    form = draw(forms)
    before = said(form)
    decided = {key[1] for key, one in before.items() if one.outcome in (Outcome.VIOLATED, Outcome.PASSED)}
    numbers = sorted(decided.intersection(NUMBERS))
    assume(numbers)
    number = draw(st.sampled_from(numbers))
    found = [(row, flip) for row in explained(form, number).rows for flip in row.flips]
    assume(found)
    row, flip = draw(st.sampled_from(found))
    return form, number, row, flip, before


@SOME
@given(flipped())
def test_a_flip_flips_and_does_what_it_says_and_nothing_else(found: Any) -> None:
    form, number, row, flip, before = found
    after = said(written(form, flip.where, flip.after.text))
    assert after[id_of(after), number, row.row].outcome is flip.to
    wanted = turned(before, after, (number, row.row))
    for kind in ("hits", "stops", "opens"):
        assert {(effect.rule, effect.row) for effect in getattr(flip.effects, kind)} == wanted[kind], kind


@SOME
@given(flipped(), st.data())
def test_nothing_nearer_flips(found: Any, data: st.DataObject) -> None:
    form, number, row, flip, _ = found
    assume(flip.exact and flip.bounds and flip.bounds[0].sign != "=")
    nearer = _nearer(flip.before.text, flip.after.text, data)
    assume(nearer)
    after = said(written(form, flip.where, nearer))
    assert after[id_of(after), number, row.row].outcome is row.outcome, nearer


def _nearer(before: str, after: str, data: st.DataObject) -> str | None:
    """A figure between the one written and the one needed, nearer by a step at least."""
    if "日" in after:
        ends = sorted(date(*map(int, re.findall("[0-9]+", text))).toordinal() for text in (before, after))
        between = range(ends[0] + 1, ends[1])
        return str(date.fromordinal(data.draw(st.sampled_from(between)))) if between else None
    unit = after.lstrip("0123456789.")
    old, new = (Decimal(text.removesuffix(unit)) for text in (before, after))
    step = Decimal("0.01") if unit.endswith("元") else Decimal(1).scaleb(min(new.as_tuple().exponent, 0))
    counts = sorted((old / step, new / step))
    between = range(int(counts[0]) + 1, int(-(-counts[1] // 1)))
    return f"{data.draw(st.sampled_from(between)) * step}{unit}" if between else None


# what is asked for and is not there


def test_a_rule_that_is_not_there():
    with pytest.raises(NotThereError, match="没有 FP20 这条规则；是不是“FP"):
        fpcheck.explain({"年度": 2023}, "FP20", rulebook())


@pytest.mark.parametrize(
    ("rule", "row", "words"),
    [
        ("FP201", 1, "FP201 看的是“项目”，只有一行"),
        ("FP601", 3, "“指标”没有第 3 条，一共 2 条"),
        ("FP403", 1, "“评选”没有第 1 条，一共 0 条"),
    ],
)
def test_a_row_that_is_not_there(rule, row, words):
    with pytest.raises(NotThereError, match=words):
        fpcheck.explain({"年度": 2023, "指标": [{}, {}]}, rule, rulebook(), row=row)


def units(*names: str) -> list[dict[str, Any]]:
    form = {"年度": 2023, "项目名称": "先锋奖励", "表种": "综合", "下达金额": "100万元"}
    return [{**form, "实施单位": name, "支出金额": f"{90 + number}万元"} for number, name in enumerate(names)]


def test_of_several_those_that_hit_are_told():
    forms_ = units("甲", "乙", "丙", "丁", "戊", "己", "庚")
    told = fpcheck.explain(forms_, "FP201", rulebook())
    assert [one.subject.unit for one in told.explained] == ["甲", "乙", "丙"]
    assert {outcome: len(ids) for outcome, ids in told.others.items()} == {"violated": 2, "passed": 2}
    [only] = fpcheck.explain(forms_, "FP201", rulebook(), submission="庚").explained
    assert only.rows[0].outcome is Outcome.PASSED
    with pytest.raises(NotThereError, match="没有“辛”这份材料"):
        fpcheck.explain(forms_, "FP201", rulebook(), submission="辛")
    with pytest.raises(NotThereError, match="一共有 7 份材料，请先说明是哪一份"):
        fpcheck.explain(forms_, "FP601", rulebook(), row=1)
    with pytest.raises(NotThereError, match="“甲”有 2 份"):
        fpcheck.explain([*forms_, *units("甲")], "FP201", rulebook(), submission="甲")


def test_a_flip_tells_what_the_district_would_say():
    forms_ = [{**form, "批复金额": "100万元", "到位金额": form["支出金额"]} for form in units("甲", "乙")]
    [one] = fpcheck.explain(forms_, "FP201", rulebook(), submission="甲").explained
    flip = next(flip for flip in one.rows[0].flips if flip.cell == "支出金额")
    assert "FP951" in {effect.rule for effect in flip.effects.stops}


def own_rulebook(*rows: dict[str, Any]) -> Any:
    shared = {"名称": "试", "对象": "项目", "级别": "一般", "把握": "高"}
    return bench.rulebook([{**shared, **row} for row in rows])


@pytest.mark.parametrize(("third", "hits"), [("59.99万元", [("FP101", "甲")]), ("60万元", [])])
def test_a_flip_tells_what_the_forms_of_other_units_would_say(third, hits):
    """With 0.01 less at 乙, 甲's 90 are just more than half of all, or exactly half."""
    rules = own_rulebook({"条件": ["支出金额 > 30万元"]}, {"条件": ["占比(支出金额) > 50%"]})
    shared = {"表种": "综合", "项目名称": "社区奖励", "年度": "2023"}
    spent = {"甲": "90万元", "乙": "30.01万元", "丙": third}
    forms_ = [{**shared, "实施单位": who, "支出金额": money} for who, money in spent.items()]
    found = fpcheck.explain(forms_, "FP100", rules, submission="乙")
    [flip] = found.explained[0].rows[0].flips
    assert [(effect.rule, effect.owner) for effect in flip.effects.hits] == hits
    text = "\n".join(line.text for line in explanation_lines(found))
    assert ("FP101 试（甲）" in text) is bool(hits)


def test_a_flip_tells_what_the_next_year_would_say():
    rules = own_rulebook({"条件": ["支出金额 < 95万元"]}, {"条件": ["支出金额 < 上年.支出金额"]})
    shared = {"表种": "综合", "项目名称": "社区奖励", "实施单位": "甲"}
    years = [{**shared, "年度": "2023", "支出金额": "90万元"}, {**shared, "年度": "2024", "支出金额": "92万元"}]
    [one] = fpcheck.explain(years, "FP100", rules, submission="#1").explained
    [flip] = one.rows[0].flips
    assert [(effect.rule, effect.owner) for effect in flip.effects.hits] == [("FP101", "甲 2024 年")]


def test_a_form_whose_year_changes_is_no_longer_seen_with_the_others():
    rules = own_rulebook({"条件": ["年度 > 2023"]})
    forms_ = [{"表种": "综合", "项目名称": "社区奖励", "实施单位": who, "年度": "2024"} for who in "甲乙"]
    [one] = fpcheck.explain(forms_, "FP100", rules, submission="甲").explained
    assert [flip.effects.unseen for flip in one.rows[0].flips] == ["年度一改，就不再和这些单位一起看"]


def test_the_shape_for_programs():
    told = as_dict(fpcheck.explain(units("甲"), "FP201", rulebook()))
    assert list(told) == ["fpcheck", "rulebook", "rule", "explained", "others", "unchecked", "not_run"]
    [one] = told["explained"]
    [row] = one["rows"]
    assert row["outcome"] == "violated"
    [condition] = [line["test"] for line in row["lines"] if line["part"] == "条件"]
    assert condition["truth"] is True
    measure, threshold = condition["sources"]
    assert (measure["kind"], measure["name"], measure["value"]["value"]) == ("measure", "下达执行率", "0.9")
    assert threshold["parameter"]["force"] == "惯例"
    assert row["flips"][0]["where"]["field"] in ("支出金额", "下达金额")


def test_long_tables_are_told_without_trying_everything():
    many = [{"三级指标": f"指标{n}", "指标值": "≥90%", "分值": 1, "得分": 2} for n in range(1200)]
    one = explained({"年度": 2023, "表种": "综合", "自评总分": 90, "指标": many}, "FP601")
    assert [row.tried for row in one.rows] == [True, False, False, False, False]
    assert len(one.others[Outcome.VIOLATED]) == 1195
    form = {"年度": 2023, "表种": "综合", "自评总分": 90, "执行率得分": 10, "指标": many}
    total = explained(form, "FP602").rows[0]
    assert total.flips
    assert total.untold > 1000


# the command


def run(*arguments: str) -> Any:
    result = CliRunner().invoke(app, ["explain", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
    return result


@pytest.fixture
def form(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("甲.yaml").write_text(yaml.safe_dump(units("甲")[0], allow_unicode=True), encoding="utf-8")
    return "甲.yaml"


def test_exit_codes(form):
    Path("坏.yaml").write_text("支出金额: [", encoding="utf-8")
    assert run(form, "fp201").exit_code == 0
    assert run(form, "FP601", "--row", "4").exit_code == 2
    assert run(form, "FP201", "--region", "火星").exit_code == 2
    assert run("没有.yaml", "FP201").exit_code == 3
    both = run(form, "坏.yaml", "FP201")
    assert both.exit_code == 3
    assert "结论：命中" in both.stdout
    assert "坏.yaml" in both.stderr


def test_path_and_number_the_wrong_way_round(form):
    result = run("FP201", form)
    assert result.exit_code == 2
    assert "编号写在最后：fpcheck explain 甲.yaml FP201" in result.stderr


def test_number_forgotten(form):
    result = run(form)
    assert result.exit_code == 2
    assert "还要写规则编号" in result.stderr


def test_json_goes_to_stdout(form):
    told = json.loads(run(form, "FP201", "--format", "json").stdout)
    assert told["rule"]["id"] == "FP201"
    assert told["rulebook"]["digest"] == rulebook().digest
