"""The scorecard: tables of forms and what they score, and what holds for any form and any outcome.

`scorecard/rules` is a small framework of 10 points, laid over the rules in `pack`.
"""

import json
import shutil
from dataclasses import replace
from fractions import Fraction
from itertools import product
from pathlib import Path

import pytest
import yaml
from conformance import bench
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fpcheck.app import check_many
from fpcheck.card import NOTHING_READ, Card
from fpcheck.engine.run import run
from fpcheck.engine.scorecard import _held, _Said
from fpcheck.facts import facts_of
from fpcheck.finding import Outcome, RuleOutcome
from fpcheck.report import cards
from fpcheck.report.to_console import to_console
from fpcheck.report.to_json import as_dict, beside_lines, to_jsonl
from fpcheck.rulebook.compiled import Checkpoint, Faults
from fpcheck.rulebook.load import load_rulebook
from fpcheck.terms import rules_folder

HERE = Path(__file__).parent
TABLES = {
    path.stem: yaml.load(path.read_text("utf-8"), yaml.BaseLoader) for path in (HERE / "scorecard").glob("*.yaml")
}
ROWS = [(name, row) for name, rows in sorted(TABLES.items()) for row in rows]
FORM = {"报送编号": "A", "表种": "综合", "项目名称": "甲", "实施单位": "一街", "年度": "2023"}


@pytest.fixture(scope="session")
def small(tmp_path_factory):
    """The small pack with the small framework over it."""
    pack = tmp_path_factory.mktemp("rules") / "pack"
    shutil.copytree(HERE / "pack", pack)
    shutil.copy(rules_folder() / "terms.yaml", pack)
    return load_rulebook([pack, HERE / "scorecard" / "rules"])


def checked(forms, rulebook):
    return check_many(forms, rulebook, engine="semantics")


def forms_of(row):
    given = row["给定"] if isinstance(row["给定"], list) else [row["给定"]]
    forms = [{**FORM, **form, "报送编号": chr(ord("A") + n)} for n, form in enumerate(given)]
    before = [{**FORM, **row["上年"], "报送编号": "去年"}] if "上年" in row else []
    return [{name: value for name, value in form.items() if value != ""} for form in [*forms, *before]]


def lines(card: Card):
    """A card line by line, as the tables write it."""
    who = card.submission or "汇总"
    if card.absent:
        yield f"{who} 不评：{card.absent}"
        return
    told = cards.as_json(card)
    for item in [item for indicator in told["indicators"] for item in (indicator, *indicator["points"])]:
        ends = item["low"] if item["low"] == item["high"] else f"{item['low']}—{item['high']}"
        more = f" {item['status']} {item['reason']}" if "status" in item else ""
        yield f"{who} {item.get('name') or item['text']} {item['weight']} 分：{ends}{more}"
    total = told["total"]
    left = f"待评 {total['open']}（{total['open_points']} 处）"
    yield f"{who} 总分 {total['low']}—{total['high']}，{left}，{' '.join(total['grades'])}"
    yield from (f"{who} {printed['text']}" for printed in told["printed"])


@pytest.mark.parametrize(("table", "row"), ROWS, ids=[f"{table}-{row['名']}" for table, row in ROWS])
def test_the_tables(table, row, small):
    found = [line for card in checked(forms_of(row), small).scorecards for line in lines(card)]
    assert [line for line in row.get("得", []) if line not in found] == [], "\n".join(found)
    assert not [line for line in found if "没有" in row and line.startswith(row["没有"])]
    assert "得" in row or "没有" in row


# when the tool fails


class Doubting:
    """A second engine that sees everything differently."""

    name = "another"

    def on(self, *_):
        return self

    def note(self, *_):
        raise RuntimeError("不同意")


def test_where_a_rule_failed_all_is_left_to_a_person(small, monkeypatch):
    def failing(rule, env):
        if rule.rule.id == "FP301":
            raise RuntimeError("坏了")
        return iter(())

    monkeypatch.setattr("fpcheck.engine.run.judge", failing)
    result = checked([{**FORM, "下达金额": "2元", "支出金额": "1元"}], small)
    assert result.errors
    left_open(result)


def test_where_the_second_engine_doubts_all_is_left_to_a_person(small):
    facts = [facts_of(bench.submission_of({**FORM, "下达金额": "2元", "支出金额": "1元"}))]
    assert run(facts, small).scorecards[0].low > 0
    left_open(run(facts, small, beside=Doubting()))


def left_open(result):
    [card] = result.scorecards
    points = [point for item in card.indicators for point in item.points]
    assert (card.low, card.high) == (0, card.full) == (0, sum(point.weight for point in points))
    assert {point.status for point in points} == {"open"}
    assert {point.reason for point in points} == {"检查时程序出错，全部由人评"}


# for any form and any outcome

MANY = settings(max_examples=20, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
MONEY = st.one_of(st.none(), st.integers(0, 300).map(lambda n: f"{n}元"), st.just("见附件"))
RATES = ["数量指标", "质量指标", "社会效益指标", "服务对象满意度指标"]
INDICATOR = st.fixed_dictionaries(
    {"一级指标": st.sampled_from(["产出指标", "满意度指标"]), "三级指标": st.sampled_from(["社区数", "", "满意度"])},
    optional={
        "二级指标": st.sampled_from(RATES),
        "指标值": st.sampled_from(["12个", "≥90%", "明显提高"]),
        "实际完成值": st.sampled_from(["6个", "20个", "95%", "达成预期指标"]),
    },
)
TABLE = st.lists(INDICATOR, max_size=3)
FORMS = st.fixed_dictionaries(
    {
        "实施单位": st.sampled_from(["一街", "二街", "三街"]),
        "表种": st.sampled_from(["综合", "综合", "自评表", "申报表"]),
    },
    optional={
        **dict.fromkeys(["批复金额", "下达金额", "到位金额", "支出金额"], MONEY),
        "年度目标": st.sampled_from(["表彰12个社区", "提高水平"]),
        "自评总分": st.sampled_from(["0", "50.5", "100"]),
        "指标": TABLE,
        "制度": st.sampled_from([[], [{"制度名称": "甲奖励办法", "制度类型": "项目管理"}]]),
    },
)


def numbered(forms):
    base = {name: value for name, value in FORM.items() if name != "报送编号"}
    return [{**base, **form, "报送编号": f"N{n}"} for n, form in enumerate(forms)]


@MANY
@given(forms=st.lists(FORMS, min_size=1, max_size=4))
def test_points_lie_within_their_weight_and_add_up(rulebook, forms):
    result = checked(numbered(forms), rulebook)
    for card in result.scorecards:
        if card.absent:
            assert not card.indicators
            continue
        points = [point for item in card.indicators for point in item.points]
        assert all(0 <= point.low <= point.high <= point.weight for point in points)
        assert card.low == sum(item.low for item in card.indicators) == sum(point.low for point in points)
        assert card.high == sum(item.high for item in card.indicators) == sum(point.high for point in points)
        assert card.full == sum(item.weight for item in card.indicators) == 100
        assert card.open_points == sum(point.low < point.high for point in points)
        assert card.grades
        assert all(point.reason for point in points)
    json.dumps(as_dict(result))
    list(to_console(result, rulebook.names))


@MANY
@given(forms=st.lists(FORMS, min_size=2, max_size=4), data=st.data())
def test_the_order_of_the_submissions_does_not_matter(rulebook, forms, data):
    given_ = numbered(forms)
    other = data.draw(st.permutations(given_))
    assert checked(given_, rulebook).scorecards == checked(other, rulebook).scorecards


@MANY
@given(forms=st.lists(FORMS, min_size=1, max_size=3), data=st.data())
def test_a_figure_more_narrows_the_range(small, forms, data):
    """What was open is settled inside the range that was told before: the small rules ask nothing of blanks."""
    whole = [{**form, "表种": "综合", **data.draw(FIGURES)} for form in numbered(forms)]
    partly = [{k: v for k, v in form.items() if k not in data.draw(LEFT_OUT)} for form in whole]
    for before, after in zip(checked(partly, small).scorecards, checked(whole, small).scorecards, strict=True):
        for old, new in zip(before.indicators, after.indicators, strict=True):
            for one, two in zip(old.points, new.points, strict=True):
                assert one.low <= two.low <= two.high <= one.high, (one, two)


AMOUNT = st.integers(0, 300).map(lambda n: f"{n}元")
FIGURES = st.fixed_dictionaries({"下达金额": AMOUNT, "支出金额": AMOUNT, "指标": TABLE})
LEFT_OUT = st.sets(st.sampled_from(["下达金额", "支出金额", "指标"]))

RULES = ("FP202", "FP203", "FP112")  # the last one is doubtful
KINDS = {
    "hit": (Outcome.VIOLATED, None),
    "passed": (Outcome.PASSED, None),
    "undecided": (Outcome.UNDECIDED, None),
    "unrun": (Outcome.NOT_APPLICABLE, "needs_previous"),
    "aside": (Outcome.NOT_APPLICABLE, "不符合“下达金额 > 0”"),
    "none": None,
}


WHOLE_FORM = facts_of(bench.submission_of({"表种": "综合"}))


def held(kinds, small, *, complete):
    outcomes = [
        RuleOutcome(None, rule, "问题", KINDS[kind][0], "项目", reason=KINDS[kind][1])
        for rule, kind in zip(RULES, kinds, strict=True)
        if KINDS[kind]
    ]
    faults = Faults(frozenset(RULES), frozenset({"FP112"}))
    point = Checkpoint("甲", Fraction(3), complete, faults)
    found = _held(point, faults, _Said(outcomes), small.by_id, WHOLE_FORM)
    return found.low, found.high


@pytest.mark.parametrize("complete", [True, False])
def test_deciding_what_was_open_narrows_every_checkpoint(small, complete):
    for kinds in product(KINDS, repeat=3):
        low, high = held(kinds, small, complete=complete)
        assert (low, high) in {(0, 0), (3, 3), (0, 3)}
        for number, kind in enumerate(kinds):
            for decided in ("hit", "passed", "aside") if kind in ("undecided", "unrun") else ():
                now = held([*kinds[:number], decided, *kinds[number + 1 :]], small, complete=complete)
                assert low <= now[0] <= now[1] <= high, (kinds, decided)


def test_a_sure_hit_loses_and_full_marks_need_a_rule_that_looked(small):
    for kinds in product(KINDS, repeat=3):
        ends = held(kinds, small, complete=True)
        sure, open_ = "hit" in kinds[:2], kinds[2] == "hit" or {"undecided", "unrun"} & set(kinds)
        assert ends == ((0, 0) if sure else (3, 3) if "passed" in kinds and not open_ else (0, 3)), kinds


# how it is told


def test_the_json_is_as_agreed(small):
    result = checked([{**FORM, "下达金额": "3元", "支出金额": "2元", "自评总分": "99"}], small)
    [card] = as_dict(result)["scorecard"]
    head = ["submission", "project", "year", "units", "title", "basis", "reason", "total", "indicators", "printed"]
    assert list(card) == head
    assert [card[key] for key in head[:5]] == ["A", "甲", 2023, 1, "试评框架"]
    assert card["total"] == {
        "full": "10",
        "low": "4.00",
        "high": "9.00",
        "lost": "1.00",
        "open": "5.00",
        "open_points": 4,
        "grades": ["优", "中", "差"],
        "text": "满分 10 分，得 4.00 分，扣 1.00 分，5.00 分要由人评（4 处）；总分 4.00—9.00 分，等级 差—优",
    }
    [first, _] = card["indicators"]
    assert {key: first[key] for key in ("category", "dimension", "name", "weight", "low", "high")} == {
        "category": "过程",
        "dimension": "资金管理",
        "name": "支出",
        "weight": "7",
        "low": "4.00",
        "high": "6.00",
    }
    assert first["points"][0] == {
        "text": "支出率",
        "weight": "3",
        "low": "2.00",
        "high": "2.00",
        "status": "scored",
        "reason": "下达执行率 66.67%（支出 ÷ 下达）",
    }
    [printed] = card["printed"]
    assert printed == {
        "field": "自评总分",
        "value": "99",
        "side": "above",
        "text": "自评总分 99 分，高于可能的最高分 9.00 分（口径不同，只作提醒）",
    }


def test_a_card_that_cannot_be_given_says_why(small):
    [card] = as_dict(checked([{**FORM, "表种": "申报表"}], small))["scorecard"]
    assert (card["total"], card["indicators"], card["printed"]) == (None, [], [])
    assert card["reason"] == "申报表不按这个框架评分"


def test_each_line_of_jsonl_carries_its_own_card(small):
    forms = [{**FORM, "报送编号": name, "实施单位": name} for name in ("A", "B")]
    result = checked(forms, small)
    cards_ = [json.loads(line)["scorecard"] for line in to_jsonl(result)]
    assert [[card["submission"] for card in own] for own in cards_] == [["A"], ["B"]]
    assert [card.submission for card in result.scorecards] == ["A", "B", None]
    assert [line for line in beside_lines(result) if "评价得分估算" in line]
    assert not [line for line in beside_lines(checked(forms[:1], small)) if "评价得分估算" in line]


def test_rules_without_a_scorecard_give_none(small):
    result = checked([FORM], replace(small, scorecard=None))
    assert as_dict(result)["scorecard"] is None
    assert json.loads(next(iter(to_jsonl(result))))["scorecard"] is None
    assert not [line for line in shown(result, small) if "得分估算" in line]


def shown(result, rulebook):
    return [line.text for line in to_console(result, rulebook.names)]


def block(texts):
    """The lines of the first card in a report."""
    start = next(n for n, text in enumerate(texts) if "评价得分估算" in text)
    end = next(n for n, text in enumerate(texts[start:], start) if not text.strip())
    return texts[start:end]


def test_a_form_alone_has_a_short_block_that_says_what_it_is(small):
    form = {
        **FORM,
        "下达金额": "2元",
        "支出金额": "3元",
        "指标": [{"三级指标": "乙", "指标值": "提高"}],
        "自评总分": "9",
    }
    first, *rest = block(shown(checked([form], small), small))
    assert first.startswith(" 评价得分估算（按财政评价的指标框架和填报的数估算，不是自评得分）：")
    assert first.endswith("满分 10 分，得 3.00 分，扣 4.00 分，3.00 分要由人评（3 处）")
    assert rest == [
        "     总分 3.00—6.00 分，等级 差—中，逐处见 --format json",
        "     过程 7 分：3.00—5.00；决策 3 分：0.00—1.00",
        "     扣分：支出 2.00 分，查出：支出超过下达（FP202）；指标 2.00 分，查出：指标值含糊（FP301）",
        "     自评总分 9 分，高于可能的最高分 6.00 分（口径不同，只作提醒）",
    ]


def test_among_others_a_form_has_one_line_and_the_district_all(small):
    form = {**FORM, "下达金额": "2元", "支出金额": "1元"}
    forms = [{**form, "报送编号": unit, "实施单位": unit} for unit in ("一街", "二街")]
    texts = shown(checked(forms, small), small)
    assert len(block(texts)) == 1
    [start] = [n for n, text in enumerate(texts) if text == "== 评价得分估算 · 甲 · 2023 年 · 2 个单位"]
    points = [text for text in texts[start:] if text.startswith("       · ")]
    assert len(points) == 6
    assert points[0] == "       · 支出率，3 分：1.50；下达执行率 50.00%（支出合计 ÷ 下达合计）"


def test_without_a_limit_in_force_nothing_is_made_up(tmp_path):
    """A region of the user's own that lies below none has no limits but its own."""
    pack, over = tmp_path / "pack", tmp_path / "over"
    shutil.copytree(HERE / "pack", pack)
    shutil.copytree(HERE / "scorecard" / "rules", over)
    terms = (rules_folder() / "terms.yaml").read_text(encoding="utf-8")
    (pack / "terms.yaml").write_text(terms.replace("地区:\n", "地区:\n  飞地: {}\n", 1), encoding="utf-8")
    framework = (over / "scorecard.yaml").read_text(encoding="utf-8")
    rate = "得分率: '若(下达执行率 < 参数.下达执行率下限, 0%, 100%)', 可判"
    (over / "scorecard.yaml").write_text(framework.replace("得分率: 下达执行率, 可判", rate), encoding="utf-8")
    rulebook = load_rulebook([pack, over], without=["FP201", "FP951"])
    form = {**FORM, "下达金额": "2元", "支出金额": "1元"}
    [here] = checked([form], rulebook).scorecards
    assert (here.indicators[0].points[0].high, here.grades[-1]) == (0, "差")
    [card] = checked([{**form, "地区": "飞地"}], rulebook).scorecards
    assert card.grades == ()
    assert cards.in_short(card).endswith("没有生效的等级分数线")
    assert card.indicators[0].points[0].reason.endswith("算不出：参数“下达执行率下限”没有生效的值")


# the shipped framework


def test_the_shipped_framework_is_that_of_the_rule(rulebook):
    card = rulebook.scorecard
    weights = {}
    for item in card.indicators:
        weights[item.category] = weights.get(item.category, 0) + sum(point.weight for point in item.points)
    assert list(weights) == ["决策", "过程", "产出", "效益"]
    assert sum(weights.values()) == card.full == 100
    assert weights["产出"] + weights["效益"] >= 60
    assert len(card.indicators) == 17


def point_of(card, text):
    [found] = [point for item in card.indicators for point in item.points if text in point.text]
    return found


def test_full_marks_need_every_rule_to_have_what_it_looks_at(tmp_path):
    """On a 自评表 FP207 looks at the budget, but nothing tells what was received, which FP208 asks for."""
    (tmp_path / "scorecard.yaml").write_text(
        OWN.replace('management-system-missing"', 'overspent", 可判: 全部').replace("综合", "自评表"), encoding="utf-8"
    )
    own = load_rulebook(tmp_path)
    form = {**FORM, "表种": "自评表", "全年预算数": "2元", "全年执行数": "1元"}
    [card] = checked([form], own).scorecards
    point = point_of(card, "有制度")
    assert (point.status, point.reason) == ("open", "FP208 要看“项目.到位金额”，这种表没有，由人评")
    [card] = checked([{**form, "到位金额": "2元", "支出金额": "1元"}], own).scorecards
    assert point_of(card, "有制度").status == "scored"


DONE = "为10个社区发放奖励，年内发完"
YEARS = {"开始日期": "2022-03-01", "完成日期": "2024-12-31"}


@pytest.mark.parametrize(
    ("objectives", "has", "relevant", "fits"),
    [
        ({"总体目标": DONE}, ("1", "1"), ("0", "1"), ("0", "1")),
        ({"总体目标": DONE, "年度目标": ""}, ("1", "1"), ("0", "1"), ("0", "1")),
        ({"年度目标": DONE, **YEARS}, ("1", "1"), ("0", "1"), ("0", "1")),
        ({"年度目标": "", "总体目标": "无"}, ("0", "0"), ("0", "1"), ("0", "1")),
        ({"年度目标": DONE, "总体目标": DONE}, ("1", "1"), ("0", "1"), ("0", "1")),
    ],
)
def test_one_objective_is_enough_and_without_any_the_tasks_are_looked_at(rulebook, objectives, has, relevant, fits):
    """The annex: where no objective was set, others of the work may be judged; a person does."""
    [card] = checked([{**SELF, "年度": 2023, **objectives}], rulebook).scorecards
    points = [point_of(card, text) for text in ("有绩效目标", "目标与实际工作内容相关", "目标与预算")]
    ends = [tuple(map(Fraction, end)) for end in (has, relevant, fits)]
    assert [(point.low, point.high) for point in points] == ends, points


NO_ROWS = {table: [] for table in ("指标", "制度", "评选", "发放", "资金", "材料")}
PRINTED = [{"一级指标": "产出指标", "二级指标": "数量指标", "分值": "10"}]


@pytest.mark.parametrize("form", [{}, NO_ROWS, {"指标": PRINTED}, {"全年执行数": "见附件"}, {"自评总分": "99"}])
@pytest.mark.parametrize("kind", ["自评表", "综合"])
def test_a_form_of_which_nothing_was_read_gets_no_grade_but_the_reason(rulebook, kind, form):
    result = checked([{**FORM, "表种": kind, **form}], rulebook)
    [card] = result.scorecards
    assert (card.absent, card.grades, card.indicators) == (NOTHING_READ, (), ())
    assert [line for line in shown(result, rulebook) if NOTHING_READ in line]


def test_one_thing_read_is_enough_for_a_range(rulebook):
    [card] = checked([{**FORM, "表种": "自评表", "全年执行数": "3元"}], rulebook).scorecards
    assert card.absent is None
    assert (card.low, card.grades) == (0, ("优", "良", "中", "差"))


SELF = {
    **FORM,
    "表种": "自评表",
    "全年预算数": "100元",
    "全年执行数": "96元",
    "指标": [
        {"一级指标": "产出指标", "二级指标": "数量指标", "三级指标": "社区数", "指标值": "10个", "实际完成值": "8个"},
        {"一级指标": "产出指标", "二级指标": "数量指标", "三级指标": "户数", "指标值": "≥10户", "实际完成值": "12户"},
        {
            "一级指标": "产出指标",
            "二级指标": "时效指标",
            "三级指标": "验收时间",
            "指标值": "11月底前",
            "实际完成值": "10月",
        },
        {
            "一级指标": "满意度指标",
            "二级指标": "服务对象满意度指标",
            "三级指标": "满意度",
            "指标值": "≥90%",
            "实际完成值": "95%",
        },
    ],
}


def changed(row, **columns):
    rows = [{**each, **(columns if number == row else {})} for number, each in enumerate(SELF["指标"])]
    return {**SELF, "指标": rows}


@pytest.mark.parametrize(
    ("form", "text", "low", "high"),
    [
        (SELF, "到位的资金", "2.88", "2.88"),
        (SELF, "数量指标", "9", "9"),
        (SELF, "时效指标", "4", "4"),
        (SELF, "服务对象", "10", "10"),
        (changed(0, 实际完成值="若干"), "数量指标", "5", "10"),
        (changed(1, 指标值="明显提高"), "数量指标", "4", "9"),
        (changed(2, 实际完成值="12月"), "时效指标", "0", "0"),
        (changed(2, 实际完成值="已完成"), "时效指标", "0", "4"),
        (changed(1, 实际完成值="≥10户"), "数量指标", "4", "9"),
        ({**SELF, "全年预算数": "见附件"}, "到位的资金", "0", "3"),
        ({**SELF, "全年执行数": "9600000元"}, "到位的资金", "0", "3"),
        ({**SELF, "指标": []}, "数量指标", "0", "10"),
    ],
)
def test_what_a_self_evaluation_states_is_scored(rulebook, form, text, low, high):
    """Stated figures settle; what cannot be read widens the range, and a doubtful figure leaves only the most."""
    [card] = checked([form], rulebook).scorecards
    point = point_of(card, text)
    assert (point.low, point.high) == (Fraction(low), Fraction(high)), point.reason


def test_printed_grades_are_held_against_the_range(rulebook):
    said = {
        grade: checked([{**SELF, "自评等级": grade}], rulebook).scorecards[0] for grade in ("优秀", "良（80分以上）")
    }
    assert [[p.value for p in card.printed] for card in said.values()] == [["优"], ["良"]]


def test_a_grade_out_of_reach_is_told_even_among_others(tmp_path):
    frame = OWN.replace("等级: [{等级: 合格}]", "对照: [自评等级, 自评总分]\n等级: [{等级: 优, 不低于: 2}, {等级: 差}]")
    (tmp_path / "scorecard.yaml").write_text(frame, encoding="utf-8")
    own = load_rulebook(tmp_path)
    forms = [{**FORM, "报送编号": unit, "实施单位": unit, "制度": [], "自评等级": "优"} for unit in ("一街", "二街")]
    result = checked(forms, own)
    assert [[p.side for p in card.printed] for card in result.scorecards[:2]] == [["above"], ["above"]]
    told = "自评等级 优，高于可能的最高等级 差（口径不同，只作提醒）"
    assert sum(told in line for line in shown(result, own)) == len(forms)


OWN = """
标题: 本区的框架
依据: [五华2023: 二]
生效: 2020-02-25
表种: [综合]
满分: 2
等级: [{等级: 合格}]
指标:
  - 一级: 过程
    二级: 制度
    三级: 制度
    分值: 2
    要点: [{内容: 有制度, 分值: 2, 扣分: 类型 = "management-system-missing"}]
"""


def test_the_users_own_framework_takes_the_place_of_the_shipped_one(rulebook, tmp_path):
    (tmp_path / "scorecard.yaml").write_text(OWN, encoding="utf-8")
    own = load_rulebook(tmp_path)
    [card] = checked([{**FORM, "制度": []}], own).scorecards
    assert (card.title, card.full, card.high, card.grades) == ("本区的框架", 2, 0, ("合格",))
    assert own.digest != rulebook.digest


def test_a_rule_left_out_leaves_its_checkpoint_open():
    [card] = checked([{**FORM, "支出金额": "1元", "制度": []}], load_rulebook(without=["FP501"])).scorecards
    point = point_of(card, "项目管理制度")
    assert (point.status, point.reason) == ("open", "FP501 未检查：按要求跳过")
