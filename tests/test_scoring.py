"""Self-evaluation rules held against arithmetic of their own, and the traps that they must not fall into."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fpcheck.dates import first_day, last_day
from fpcheck.engine.run import EVERYDAY, Settings, run
from fpcheck.facts import facts_of
from fpcheck.quantity import parse
from fpcheck.reading import read_submission
from fpcheck.rulebook.load import load_rulebook
from fpcheck.schema import node_of
from fpcheck.submission import Submission

RULEBOOK = load_rulebook()
MANY = settings(max_examples=60, deadline=None, derandomize=True)
SHARE = Fraction(5, 100)  # what a score may be off, as a share of its weight


@cache
def only(rules):
    """The rulebook with these rules alone."""
    found = tuple(rule for rule in RULEBOOK.rules if rule.rule.id in rules)
    assert len(found) == len(rules)
    return replace(RULEBOOK, rules=found)


def hits(form, *rules, asked=EVERYDAY):
    """Which of the rules hit somewhere."""
    read = read_submission(node_of({"表种": "自评表", "年度": 2024, **form}), RULEBOOK.glossary)
    assert read["problems"] == (), read["problems"]
    result = run([facts_of(Submission(**read))], only(rules), asked)
    assert not result.errors
    return {finding.rule for finding in result.findings}


def row(target, actual, **more):
    return {
        "一级指标": "产出指标",
        "二级指标": "数量指标",
        "三级指标": "培训人数",
        "指标值": target,
        "实际完成值": actual,
        **more,
    }


def tenths(low, high):
    """Figures with one decimal, as text."""
    return st.integers(low * 10, high * 10).map(lambda n: f"{n // 10}.{n % 10}")


WHOLE = st.integers(1, 400)
SIGNS = st.sampled_from(["≥", "", "="])


# scores


@MANY
@given(
    target=WHOLE,
    actual=WHOLE,
    sign=SIGNS,
    weight=st.integers(1, 40),
    score=tenths(0, 40),
    why=st.sampled_from(["", "名单核减"]),
)
def test_scores_follow_the_arithmetic(target, actual, sign, weight, score, why):
    form = {"指标": [row(f"{sign}{target}人", f"{actual}人", 分值=weight, 得分=score, 偏差原因=why)]}
    found = hits(form, "FP407", "FP408", "FP607", "FP608", "FP609", "FP610", "FP611")
    done, given_ = Fraction(actual, target), Fraction(score)
    due = weight * done
    written = Fraction(int(due * 10 + Fraction(1, 2)), 10)  # the score as it would be written, with one decimal
    off = abs(given_ - due) > weight * SHARE and given_ != written
    assert ("FP607" in found) == (done < Fraction(95, 100) and given_ >= weight)
    assert ("FP608" in found) == (Fraction(95, 100) <= done < 1 and given_ >= weight)
    strict = why and given_ < due  # stricter than the proportion, with a reason
    assert ("FP610" in found) == (done < 1 and 0 < given_ < weight and off and not strict)
    assert ("FP407" in found) == (done < 1 and not why)
    assert ("FP408" in found) == (done < 1 and bool(why))
    assert ("FP609" in found) == (1 <= done <= Fraction(13, 10) and given_ < weight and not why)
    far = abs(done - 1) > Fraction(30, 100) and abs(actual - target) > 1
    assert ("FP611" in found) == (far and not why)


@MANY
@given(limit=WHOLE, actual=WHOLE)
def test_an_upper_limit_turns_the_direction(limit, actual):
    form = {"指标": [row(f"≤{limit}元", f"{actual}元", 三级指标="每户补助标准", 分值=10, 得分=10)]}
    found = hits(form, "FP413", "FP407", "FP607", "FP608")
    over = Fraction(limit, actual)
    assert ("FP413" in found) == (actual > limit)
    assert "FP407" not in found
    assert ("FP607" in found) == (over < Fraction(95, 100))
    assert ("FP608" in found) == (Fraction(95, 100) <= over < 1)


@MANY
@given(budget=st.integers(100, 9999), spent=st.integers(0, 9999), weight=st.sampled_from([10, 20]), score=tenths(0, 20))
def test_the_score_of_execution_follows_the_rate(budget, spent, weight, score):
    form = {
        "金额单位": "元", "全年预算数": budget, "全年执行数": spent, "执行率分值": weight, "执行率得分": score,
    }  # fmt: skip
    found = hits(form, "FP620", "FP621")
    rate, given_ = Fraction(spent, budget), Fraction(score)
    due = weight * min(rate, 1)
    same = given_ == Fraction(int(due * 10 + Fraction(1, 2)), 10)
    slack = Fraction(weight, 100)
    assert ("FP620" in found) == (rate < 1 and due + slack < given_ <= weight and not same)
    assert ("FP621" in found) == (rate <= 1 and given_ < due - slack and not same)


GRADES = ((90, "优"), (80, "良"), (60, "中"), (0, "差"))


@MANY
@given(total=tenths(0, 100), grade=st.sampled_from("优良中差"))
def test_the_grade_is_that_of_the_band(total, grade):
    due = next(name for line, name in GRADES if Fraction(total) >= line)
    assert bool(hits({"自评总分": total, "自评等级": grade}, "FP612")) == (grade != due)


@pytest.mark.parametrize("written", ["优", "优秀", "优等", "优（90分以上）", " 优秀 (90-100分)"])
def test_a_grade_is_read_however_it_is_printed(written):
    assert hits({"自评总分": "85", "自评等级": written}, "FP612")
    assert not hits({"自评总分": "95", "自评等级": written}, "FP612")


@MANY
@given(own=tenths(0, 100), other=tenths(0, 100))
def test_the_gap_to_the_review_has_two_steps(own, other):
    gap = Fraction(own) - Fraction(other)
    found = hits({"自评总分": own, "复核总分": other}, "FP605", "FP606")
    assert found == ({"FP606"} if gap > 10 else {"FP605"} if gap > 5 else set())


# layers


@pytest.mark.parametrize(
    ("region", "template", "total", "wrong"),
    [
        ("", "", "85.81", True),
        ("安徽", "民生工程", "85.81", False),
        ("安徽", "", "85.81", True),
        ("云南", "民生工程", "85.81", True),
    ],
)
def test_a_nearer_band_takes_the_place_of_the_national_one(region, template, total, wrong):
    form = {"自评总分": total, "自评等级": "优", "地区": region, "表样": template}
    assert bool(hits(form, "FP612")) == wrong


@pytest.mark.parametrize("asked", [EVERYDAY, Settings(region="宁德")])
def test_full_marks_from_the_local_line(asked):
    form = {"全年预算数": "100万元", "全年执行数": "96万元", "执行率分值": 20, "执行率得分": 20}
    assert bool(hits(form, "FP620", asked=asked)) == (asked is EVERYDAY)


@pytest.mark.parametrize("weights", [(100,), (60, 30), (50, 30), (40, 40, 20), (20, 40, 20, 10)])
def test_no_split_of_weights_is_asked_for(weights):
    form = {"指标": [row("≥1次", "1次", 分值=weight) for weight in weights]}
    assert hits(form, "FP622", "FP310") == set()


# traps: what must not be said

HONEST = [
    (
        "a saving is no shortfall",
        row("20万元", "18万元", 三级指标="培训经费", 二级指标="成本指标", 一级指标="产出指标"),
    ),
    ("fewer complaints than planned", row("5次", "2次", 三级指标="群众投诉次数")),
    ("more than a quantity with ≤", row("≤4个", "5个", 三级指标="示范村个数")),
    ("a rate written as a decimal", row("≥95%", "0.97", 三级指标="合格率")),
    ("a decimal target, a percent actual", row("0.95", "96%", 三级指标="检查情况")),
    ("about as many", row("约500人", "480人")),
    ("within a range", row("10-15次", "12次")),
    ("units that do not convert", row("5次", "30人")),
    ("met in another unit", row("≥1万元", "12000元", 三级指标="带动增收")),
    ("done, in words", row("≥200人", "达成预期指标")),
]


@pytest.mark.parametrize("indicator", [pair[1] for pair in HONEST], ids=[pair[0] for pair in HONEST])
def test_honest_rows_are_let_be(indicator):
    form = {"指标": [{**indicator, "分值": 10, "得分": 10}]}
    assert hits(form, "FP407", "FP408", "FP413", "FP607", "FP608", "FP610", "FP611") == set()


@pytest.mark.parametrize(
    ("reason", "note", "said"),
    [
        ("", "", "FP407"),
        ("无", "/", "FP407"),
        ("无偏差", "", "FP407"),
        ("", "项目不存在偏差", "FP407"),
        ("报名不足", "", "FP408"),
        ("", "培训有一期改在次年举办", "FP408"),
        ("除培训推迟一期外，其余无偏差", "", "FP408"),
        ("", "其余指标全部完成，培训因场地维修少办一期", "FP408"),
    ],
)
def test_saying_that_nothing_is_amiss_is_no_reason(reason, note, said):
    form = {"偏差说明": note, "指标": [row("≥200人", "180人", 偏差原因=reason)]}
    assert hits(form, "FP407", "FP408") == {said}


@pytest.mark.parametrize(
    ("year", "target", "actual", "late"),
    [
        (2024, "2024年12月31日前", "2024年12月31日", False),
        (2024, "12月底前", "2025年1月3日", True),
        (2024, "第三季度", "9月30日", False),
        (2024, "第三季度", "10月8日", True),
        (2024, "2024年12月前", "2024年12月", False),
        (2024, "2025年6月底前", "2025年3月", False),
        (2024, "6月底前", "提前1个月，5月完成", False),
        (2024, "全年", "12月", False),
        (2024, "每月15日前", "每月15日前", False),
    ],
)
def test_late_is_what_cannot_have_been_in_time(year, target, actual, late):
    form = {"年度": year, "指标": [row(target, actual, 二级指标="时效指标", 三级指标="完成时间")]}
    assert bool(hits(form, "FP409")) == late


DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))


@MANY
@given(due=DAYS, done=DAYS)
def test_days_written_in_full_are_compared_as_days(due, done):
    form = {
        "年度": due.year,
        "指标": [row(f"{due:%Y年%m月%d日}前", f"{done:%Y年%m月%d日}", 二级指标="时效指标", 三级指标="完成时间")],
    }
    assert bool(hits(form, "FP409", asked=Settings(date(2099, 12, 31)))) == (done > due)


@given(st.text(max_size=30), st.none() | st.integers(1, 9999))
def test_any_text_has_a_first_and_a_last_day_or_none(text, year):
    when = parse(text).date
    if when is None:
        return
    first, last = first_day(when, year), last_day(when, year)
    assert (first is None) == (last is None)
    assert first is None or last is None or first <= last


# days of filing


@MANY
@given(st.integers(-400, 800))
def test_a_filing_is_late_or_early_by_the_day(days):
    filed = date(2024, 12, 31) + timedelta(days)
    form = {"填报日期": filed.isoformat(), "实际完成情况": "培训5次"}
    found = hits(form, "FP805", "FP806", asked=Settings(date(2024, 12, 31)))
    assert found == ({"FP805"} if days > 182 else {"FP806"} if days < -31 else set())


# amounts in two units

AMOUNT = st.integers(1, 9_999_999)  # 元


@MANY
@given(AMOUNT, st.sampled_from([1, 10, 100, 1000, 10_000, 100_000]), st.booleans())
def test_two_budgets_a_thousand_or_ten_thousand_times_apart(amount, factor, turned):
    small, large = f"{amount}元", f"{amount * factor}元"
    one, two = (large, small) if turned else (small, large)
    suspect = factor in (1000, 10_000)
    assert bool(hits({"年初预算数": one, "全年预算数": two}, "FP213")) == suspect
    whole = {"表种": "综合", "批复金额": one, "全年预算数": two}
    assert bool(hits(whole, "FP224")) == suspect
    parts = {"全年预算数": one, "资金": [{"来源": "财政拨款", "全年预算数": two}]}
    assert bool(hits(parts, "FP228")) == suspect


@MANY
@given(budget=st.integers(10_000, 9_999_999), spent=st.integers(5000, 10_000))
def test_spending_in_another_unit_than_the_budget(budget, spent):
    """`spent` is in ten-thousandths of the budget: between half and all of it."""
    form = {"年初预算数": f"{budget}元", "全年预算数": f"{budget}元"}
    real = Fraction(budget * spent, 10_000)
    for factor in (1000, 10_000):
        wrong = round(real * factor, 2)
        assert hits({**form, "全年执行数": f"{float(wrong):.2f}元"}, "FP214") == {"FP214"}
    assert hits({**form, "全年执行数": f"{float(round(real, 2)):.2f}元"}, "FP214") == set()


# copying


@MANY
@given(number=st.integers(1, 99), sign=st.sampled_from(["≥", "≤", ">", "<", ""]), copied=st.booleans())
def test_only_what_is_copied_with_its_sign_is_copied(number, sign, copied):
    actual = f"{sign}{number}%" if copied else f"{number}%"
    found = hits({"指标": [row(f"{sign}{number}%", actual, 三级指标="覆盖率")]}, "FP604", "FP613")
    assert len(found) <= 1
    assert bool(found) == (copied and bool(sign))


@pytest.mark.parametrize(
    "said", ["完成", "已完成", "全部完成。", "已按期完成年度绩效目标", "顺利完成各项工作任务", "目标任务完成率100%"]
)
def test_only_done_is_no_result(said):
    assert hits({"年度目标": "培训5次", "实际完成情况": said}, "FP623") == {"FP623"}


@pytest.mark.parametrize("said", ["已完成培训5次", "培训5次", "食堂建成开业", "完成食堂改造", "完成率95%"])
def test_a_result_is_more_than_done(said):
    assert hits({"年度目标": "培训5次", "实际完成情况": said}, "FP623") == set()
