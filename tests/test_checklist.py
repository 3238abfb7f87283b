"""需人工核对: what a person has to look into. It appears where it makes sense, and changes nothing else.

`checklist/forms.yaml` holds forms with the questions that they bring up.
"""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from conformance import bench
from engines import generated
from hypothesis import HealthCheck, given, settings

from fpcheck import explain
from fpcheck.app import UNDECIDED, check_many, exit_code
from fpcheck.cli import app
from fpcheck.engine.run import Settings, run
from fpcheck.finding import SEVERITIES, TO_CHECK, Outcome
from fpcheck.report.to_console import to_console
from fpcheck.report.to_json import as_dict, to_jsonl
from fpcheck.rulebook.choices import CATEGORIES
from fpcheck.rulebook.load import RulebookFault, load_rulebook
from fpcheck.submission import Submission
from fpcheck.terms import SUMMARY

HERE = Path(__file__).parent
CASES = sorted(path for path in (HERE.parent / "cases").iterdir() if path.is_dir())
MOST = 12  # questions on an ordinary form


def forms():
    """The rows with whole forms; every value stays the text that stands in the file."""
    rows = yaml.load((HERE / "checklist" / "forms.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)
    by_name = {row["名"]: row for row in rows}
    for row in rows:
        row["材料"] = {**by_name.get(row.get("取自"), {}).get("材料", {}), **row["材料"]}
    return rows


FORMS = forms()
QUESTIONS = [rule.rule.id for rule in load_rulebook().by_id.values() if rule.rule.role == TO_CHECK]


def checked(rulebook, *forms, **asked):
    return check_many([Submission.model_validate(form) for form in forms], rulebook, engine="semantics", **asked)


def without_questions(rulebook):
    kept = {number: rule for number, rule in rulebook.by_id.items() if rule.rule.role != TO_CHECK}
    return replace(rulebook, rules=tuple(r for r in rulebook.rules if r.rule.id in kept), by_id=kept)


# where the questions appear


@pytest.mark.parametrize("row", FORMS, ids=lambda row: row["名"])
def test_a_form_brings_up_its_questions(row, rulebook):
    items = checked(rulebook, row["材料"]).checklist
    asked = [item.rule for item in items]
    assert len(asked) == len(set(asked)) <= MOST
    assert row.get("正好", asked) == asked
    assert set(row.get("要问", ())) <= set(asked)
    assert not set(row.get("不问", ())) & set(asked)
    words = {item.rule: item.message for item in items}
    for rule, text in row.get("话", {}).items():
        assert text in words[rule]


def test_every_question_is_asked_by_one_of_the_forms(rulebook):
    asked = {item.rule for row in FORMS for item in checked(rulebook, row["材料"]).checklist}
    of_districts = {number for number in QUESTIONS if rulebook.by_id[number].table.name == SUMMARY}
    assert asked == set(QUESTIONS) - of_districts
    assert of_districts


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_the_list_of_a_real_form_is_short_and_in_order(case, rulebook):
    items = check_many(case / "input", rulebook, engine="semantics").checklist
    for submission in {item.submission for item in items}:
        own = [item for item in items if item.submission == submission]
        assert len(own) <= MOST
        assert [CATEGORIES.index(item.category) for item in own] == sorted(CATEGORIES.index(i.category) for i in own)
        assert len({item.fingerprint for item in own}) == len(own)
        assert all(item.message and item.fix and item.basis for item in own)
    assert [item.submission is None for item in items] == sorted(item.submission is None for item in items)


def test_a_question_says_what_to_look_into_and_at_what(rulebook):
    for number in QUESTIONS:
        rule = rulebook.by_id[number].rule
        assert rule.message[-1] in "。？"
        assert rule.fix[-1] == "。"
        assert len(rule.fix) <= 50


# it changes nothing else


def the_rest(result):
    return replace(result, checklist=(), outcomes=tuple(said for said in result.outcomes if said.role != TO_CHECK))


def unchanged(facts, rulebook, asked):
    """Check with and without the questions: all else is the same; give what was asked."""
    whole = run(facts, rulebook, asked)
    bare = run(facts, without_questions(rulebook), asked)
    assert the_rest(whole) == bare
    assert bare.checklist == ()
    for level in (*SEVERITIES, UNDECIDED):
        assert exit_code(whole, level) == exit_code(bare, level)
    said = [o for o in whole.outcomes if o.role == TO_CHECK and o.outcome in (Outcome.VIOLATED, Outcome.UNDECIDED)]
    key = lambda pair: (pair[0] or "", *pair[1:])  # noqa: E731
    assert sorted(((i.submission, i.rule, i.where.row or 0) for i in whole.checklist), key=key) == sorted(
        ((o.submission, o.rule, o.row or 0) for o in said), key=key
    )
    return whole.checklist


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_nothing_else_changes_on_a_case(case, rulebook):
    result = check_many(case / "input", rulebook, engine="semantics")
    bare = check_many(case / "input", without_questions(rulebook), engine="semantics")
    assert the_rest(result) == bare
    numbers = {said["rule"] for key in ("undecided", "unchecked", "findings") for said in as_dict(result)[key]}
    assert not numbers & set(QUESTIONS)


@settings(max_examples=20, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(form=generated.FORM)
def test_nothing_else_changes_on_any_form(form, rulebook):
    facts = [bench.replaced(bench.facts_from(form), 1)]
    unchanged(facts, rulebook, Settings())
    unchanged(facts, rulebook, Settings(region="五华"))


QUESTION = """编号: QX001
名称: 试问
类型: trial-question
类别: {category}
结果: 核对
依据:
  - 五华2023: 四（二）
生效: {since}
对象: {table}
条件:
  - {condition}
问题: "{message}"
整改: 看台账。
样例:
  - {{名称: 甲, 给定: {{年度: 2023, {hit}}}, 结论: 命中}}
  - {{名称: 乙, 给定: {{年度: 2023, {passed}}}, 结论: 通过}}
  - {{名称: 丙, 给定: {{年度: 2023, 表种: 综合}}, 结论: 无法判断}}
"""
SPENT = {
    "category": "资金",
    "since": "2000-01-01",
    "table": "项目",
    "condition": "支出金额 > 0",
    "message": "{支出金额}付给了谁？",
    "hit": "支出金额: 5元",
    "passed": "支出金额: 0元",
}
FUNDS = SPENT | {
    "table": "资金",
    "condition": "全年预算数 > 3元",
    "message": "{来源}的{全年预算数}（项目{项目.全年预算数}）从哪里来？",
    "hit": "资金: [{来源: 甲, 全年预算数: 4元}]",
    "passed": "资金: [{来源: 甲, 全年预算数: 2元}]",
}
QUANTITIES = SPENT | {
    "table": "目标数量",
    "condition": "数值 > 3",
    "message": "{名称}{数值}从哪里来？",
    "hit": "年度目标: 培训5人次",
    "passed": "年度目标: 培训2人次",
}


@pytest.fixture
def own(tmp_path):
    """Load the shipped rules with a question of one's own."""

    def load(shape, **changes):
        text = QUESTION.format(**{**shape, **changes})
        (tmp_path / "QX001.yaml").write_text(text, encoding="utf-8")
        return load_rulebook(tmp_path)

    return load


def questions(result, number="QX001"):
    return [item for item in result.checklist if item.rule == number]


def test_a_question_alone_does_not_make_a_form_ready(own):
    """In a year before every other rule nothing was checked, whatever is asked."""
    form = {"年度": 2014, "表种": "综合", "支出金额": "5元"}
    result = checked(own(SPENT), form)
    assert [item.message for item in questions(result)] == ["5元付给了谁？"]
    assert result.submissions[0].decision == "需人工核对"
    assert any("什么也没有检查" in problem.message for problem in result.problems)


def test_a_question_that_hangs_on_an_unknown_day_decides_nothing(own):
    """A form without a year that passes what can be judged without one."""
    dated = {"since": "2020-01-01", "condition": "支出金额 > 下达金额 * 参数.预算调整核对线"}
    rulebook = own(SPENT | dated | {"hit": "支出金额: 5元, 下达金额: 5元"})
    few = {number: rulebook.by_id[number] for number in ("FP217", "QX001")}
    rulebook = replace(rulebook, rules=tuple(few.values()), by_id=few)
    facts = [bench.facts_from({"表种": "综合", "支出金额": "5元", "下达金额": "5元", "资金": []})]
    assert unchanged(facts, rulebook, Settings()) == ()
    whole = run(facts, rulebook)
    assert [said.reason for said in whole.outcomes if said.rule == "QX001"] == ["no_date"]
    assert whole.submissions[0].decision == "可报送"


# hits and what is left undecided


def test_what_is_not_known_is_shown_as_missing(own):
    rulebook = own(SPENT)
    [hit] = questions(checked(rulebook, {"年度": 2023, "实施单位": "一街", "支出金额": "5元"}))
    [blank] = questions(checked(rulebook, {"年度": 2023, "实施单位": "一街", "表种": "综合"}))
    assert (hit.message, blank.message) == ("5元付给了谁？", "（未填）付给了谁？")
    assert hit.fingerprint == blank.fingerprint
    assert questions(checked(rulebook, {"年度": 2023, "支出金额": "0元"})) == []


def test_a_table_that_was_not_handed_in_lends_no_figure(own):
    """资金 and 项目 both have 全年预算数: the project's is not taken for that of a row."""
    rulebook = own(FUNDS)
    form = {"年度": 2023, "表种": "综合", "全年预算数": "100元"}
    [item] = questions(checked(rulebook, form))
    assert item.message == "（未填）的（未填）（项目100元）从哪里来？"
    assert (item.where.table, item.where.row, item.where.line) == ("资金", None, None)
    rows = [
        {"来源": "甲", "全年预算数": "4元"},
        {"来源": "乙", "全年预算数": "3元"},
        {"来源": "丙", "全年预算数": "9元"},
    ]
    asked = questions(checked(rulebook, {**form, "资金": rows}))
    assert [(item.where.row, item.message[:1]) for item in asked] == [(1, "甲"), (3, "丙")]
    assert questions(checked(rulebook, {**form, "资金": []})) == []


def test_quantities_of_objectives_that_were_not_handed_in_can_be_asked_for(own):
    result = checked(own(QUANTITIES), {"年度": 2023, "表种": "综合"})
    assert [item.message for item in questions(result)] == ["（未填）（未填）从哪里来？"]
    assert result.errors == ()


@pytest.mark.parametrize("shape", [FUNDS, QUANTITIES])
def test_an_undecided_commendation_is_still_none(own, shape):
    rulebook = own(shape)
    praised = {**rulebook.by_id, "QX001": replace(rulebook.by_id["QX001"], rule=praise(rulebook.by_id["QX001"].rule))}
    rulebook = replace(rulebook, rules=tuple(praised.values()), by_id=praised)
    result = checked(rulebook, {"年度": 2023, "表种": "综合"})
    assert (result.errors, questions(result)) == ((), [])
    assert not [item for item in result.commendations if item.rule == "QX001"]


def praise(rule):
    return rule.model_copy(update={"role": "亮点"})


# the district, lines, the console


def test_a_district_is_asked_as_a_whole(rulebook):
    forms = [{"年度": 2023, "表种": "综合", "项目名称": "奖励", "实施单位": unit, "下达金额": "5元"} for unit in "甲乙"]
    [item] = questions(checked(rulebook, *forms), "FP790")
    assert item.submission is None
    assert item.where.table == "汇总"
    assert "2个单位一共10元" in item.message
    assert questions(checked(rulebook, forms[0]), "FP790") == []


def test_each_line_holds_its_own_questions(rulebook):
    result = check_many(HERE.parent / "cases" / "wuhua-2023" / "input", rulebook, engine="semantics")
    whole = as_dict(result)["checklist"]
    lines = [json.loads(line)["checklist"] for line in to_jsonl(result)]
    assert len(lines) == 10
    assert [item for line in lines for item in line] == [item for item in whole if item["submission"]]
    assert [item["rule"] for item in whole if not item["submission"]] == ["FP790"]
    said = CliRunner().invoke(app, ["check", str(HERE.parent / "cases/wuhua-2023/input"), "--format", "jsonl"])
    assert "核对事项不属于哪一份" in said.stderr


def test_an_item_has_its_keys(rulebook):
    [item] = as_dict(checked(rulebook, {}))["checklist"]
    assert item.pop("basis")[0]["id"] == "财预2020-10"
    assert len(item.pop("fingerprint")) == 16
    assert item == {
        "submission": "#1",
        "rule": "FP759",
        "type": "payees-and-vouchers",
        "category": "资金",
        "question": item["question"],
        "evidence_needed": rulebook.by_id["FP759"].rule.fix,
        "where": {"table": "项目", "row": None, "field": "项目名称", "sheet": None, "cell": None},
        "layer": "全国",
    }


def console(result, rulebook):
    return [line.text for line in to_console(result, rulebook.names)]


def test_the_console_tells_each_in_one_line(rulebook):
    form = next(row["材料"] for row in FORMS if row["名"] == "普通自评表")
    lines = console(checked(rulebook, form), rulebook)
    start = next(n for n, line in enumerate(lines) if line.startswith(" 需人工核对 4 项（"))
    listed = lines[start + 1 : start + 5]
    assert [line[-6:-1] for line in listed] == ["FP759", "FP768", "FP780", "FP785"]
    assert all(line.startswith("     〔") and "要看：" in line and "\n" not in line for line in listed)
    assert not lines[start + 5].startswith("     〔")
    assert not [line for line in console(checked(rulebook, {"年度": 2014}), rulebook) if line.startswith(" 需人工核对")]


def asked_in(lines):
    """The lines of a report that hold questions, by the title above each list."""
    found, title = {}, ""
    for line in lines:
        title = line if line.startswith((" 需人工核对", "==")) else title
        if line.startswith("     〔"):
            found.setdefault(title, []).append(line[-6:-1])
    return found


def test_the_weightiest_questions_come_first(rulebook):
    form = next(row["材料"] for row in FORMS if row["名"].startswith("问题最多"))
    result = checked(rulebook, form)
    [told] = asked_in(console(result, rulebook)).values()
    weights = [SEVERITIES.index(rulebook.by_id[number].rule.severity) for number in told]
    assert weights == sorted(weights)
    assert sorted(told) == [item.rule for item in result.checklist]
    assert told != sorted(told)
    assert told[:3] == ["FP752", "FP759", "FP764"]


PLAIN = next(row["材料"] for row in FORMS if row["名"] == "普通自评表")
DECLARED = {"表种": "申报表", "年度": 2024, "项目名称": "河道保洁", "年度目标": "保洁河道12公里"}


def units(*forms):
    """Give each form a unit and a project of its own, so that nothing is asked of a district."""
    names = [{"实施单位": f"{name}街道办事处", "项目名称": f"{name}河保洁"} for name in "甲乙丙丁"]
    return [{**form, **own} for form, own in zip(forms, names, strict=False)]


def test_what_all_forms_of_a_kind_are_asked_is_told_once(rulebook):
    forms = units(PLAIN, {**PLAIN, "改进措施": "按月调度"}, DECLARED)
    result = checked(rulebook, *forms)
    told = asked_in(console(result, rulebook))
    assert told == {
        " 需人工核对 1 项，另有 4 项和别的表一样，写在最后（表上看不出来，要对照资料；不是问题，不影响决定）：": [
            "FP786"
        ],
        " 需人工核对 1 项（表上看不出来，要对照资料；不是问题，不影响决定）：": ["FP753"],
        "== 自评表 2 份都要人工核对的 4 项": ["FP759", "FP768", "FP780", "FP785"],
    }
    assert " 需人工核对 4 项和别的表一样，写在最后（表上看不出来，要对照资料；不是问题，不影响决定）" in console(
        result, rulebook
    )
    evidence = [line for line in console(result, rulebook) if "（1 份）：" in line and "FP7" in line]
    assert sorted(line.strip()[:5] for line in evidence) == ["FP753", "FP786"]
    assert [item["rule"] for item in as_dict(result)["checklist"]].count("FP759") == 2


def test_a_question_that_one_form_lacks_a_figure_for_is_told_with_each(rulebook):
    lacking = {name: value for name, value in PLAIN.items() if name != "全年执行数"}
    lines = console(checked(rulebook, *units(PLAIN, PLAIN, lacking)), rulebook)
    told = asked_in(lines)
    assert told["== 自评表 3 份都要人工核对的 2 项"] == ["FP768", "FP785"]
    assert sum("支出19万元，请调支付凭证" in line for line in lines) == 2
    assert [line for line in lines if "先补上所缺的数" in line and "FP759 缺" in line]


def test_a_long_list_is_cut_saying_so(own):
    rulebook = own(FUNDS)
    rows = [{"来源": f"来源{n}", "全年预算数": "4元"} for n in range(30)]
    form = {"年度": 2023, "表种": "综合", "资金": rows}
    lines = console(checked(rulebook, {**form, "全年预算数": "120元"}), rulebook)
    assert sum("从哪里来" in line for line in lines) == 20
    assert any("另有 10 项" in line and "--format json" in line for line in lines)
    waiting = next(line for line in console(checked(rulebook, form), rulebook) if "项要先补上所缺的数" in line)
    assert waiting.count("缺 全年预算数") == 19
    assert "等 31 项" in waiting


# layers, explanations, faults


def test_a_nearer_region_asks_in_its_own_words(tmp_path, rulebook):
    text = QUESTION.format(**SPENT).replace("对象:", "地区: 五华\n替代: FP759\n对象:")
    text = text.replace("类型: trial-question", f"类型: {rulebook.by_id['FP759'].rule.type}")
    (tmp_path / "QX001.yaml").write_text(text, encoding="utf-8")
    rules = load_rulebook(tmp_path)
    form = {"年度": 2023, "表种": "综合", "支出金额": "5元"}
    here, there = checked(rules, {**form, "地区": "五华"}), checked(rules, form)
    assert [item.layer for item in questions(here)] == ["五华"]
    assert (questions(here, "FP759"), questions(there)) == ([], [])
    assert questions(there, "FP759")


def test_a_question_left_out_is_told_as_any_rule(tmp_path):
    form = tmp_path / "甲.yaml"
    form.write_text("年度: 2023\n表种: 综合\n支出金额: 5元\n", encoding="utf-8")
    said = CliRunner().invoke(app, ["check", str(form), "--format", "json", "--without", "FP759"])
    report = json.loads(said.stdout)
    assert "FP759" not in [item["rule"] for item in report["checklist"]]
    assert ("FP759", "left_out") in [(item["rule"], item["reason"]) for item in report["unchecked"]]


@pytest.mark.parametrize("number", QUESTIONS)
def test_any_question_is_explained_without_a_word_on_how_to_lose_it(number, rulebook):
    form = next(row["材料"] for row in FORMS if row["名"].startswith("问题最多"))
    for given_ in (form, {}):
        told = explain(Submission.model_validate(given_), number, rulebook)
        assert told.rule.role == TO_CHECK
        assert not [row for one in told.explained for row in one.rows if row.flips or row.needs]


def test_a_change_is_not_weighed_by_the_questions_it_brings_up(rulebook):
    """Spending more would bring up no fault, only other questions: they are no reason against it."""
    form = {"表种": "自评表", "年度": 2024, "金额单位": "万元", "全年预算数": 20, "全年执行数": 5, "年初预算数": 20}
    told = explain(Submission.model_validate(form), "FP202", rulebook)
    effects = [flip.effects for one in told.explained for row in one.rows for flip in row.flips]
    assert effects
    named = {effect.rule for one in effects for effect in (*one.hits, *one.stops, *one.opens)}
    assert not named & set(QUESTIONS)


def test_the_text_of_an_explanation_says_that_it_is_a_question(tmp_path):
    form = tmp_path / "甲.yaml"
    form.write_text("年度: 2023\n表种: 综合\n支出金额: 5元\n", encoding="utf-8")
    said = CliRunner().invoke(app, ["explain", str(form), "FP759"])
    assert "（核对）" in said.stdout
    assert "不查错" in said.stdout
    assert "还差多少" not in said.stdout


def test_a_question_shown_names_the_evidence():
    said = CliRunner().invoke(app, ["rules", "show", "FP759"])
    assert "要核对：支出{已支出}" in said.stdout
    assert "要看：支付凭证" in said.stdout
    assert "级别" not in said.stdout


@pytest.mark.parametrize("asked", ['规则 = "QX001"', '结果 = "核对"', '类型 = "trial-question"'])
def test_a_question_is_never_counted(own, tmp_path, asked):
    own(SPENT)
    text = QUESTION.format(**SPENT).replace("QX001", "QX002").replace("结果: 核对", "结果: 结论")
    (tmp_path / "QX002.yaml").write_text(text.replace("支出金额 > 0", f"发现数({asked}) > 0"), encoding="utf-8")
    with pytest.raises(RulebookFault, match="核对”的不算发现"):
        load_rulebook(tmp_path)
