"""The columns worked out of an indicator's row: the cell as it was written, with the columns beside it."""

from decimal import Decimal
from typing import Any

import pytest

from fpcheck.facts import facts_of
from fpcheck.reading import read_submission
from fpcheck.rulebook.load import load_rulebook
from fpcheck.schema import node_of
from fpcheck.submission import Submission

GLOSSARY = load_rulebook().glossary


def column(name: str, **row: str) -> Any:
    read = read_submission(node_of({"表种": "综合", "年度": "2023", "指标": [{"三级指标": "培训", **row}]}), GLOSSARY)
    (found,) = facts_of(Submission(**read)).rows("指标") or ()
    return found[name].value


@pytest.mark.parametrize(
    ("sign", "target", "comparator"),
    [
        *(("≥", "80%", "≥"), ("≧", "80%", "≥"), ("大于等于", "80%", "≥"), ("小于等于", "80%", "≤"), ("＜", "80%", "<")),
        *(("不低于（≥）", "80%", "≥"), ("定性", "80%", ""), ("正向指标", "80%", ""), ("", "80%", "")),
        *(("≥", "80%以下", "≤"), ("≥", "70%-80%", "range"), ("≥", "明显", "")),
    ],
)
def test_the_sign_stands_in_a_column_of_its_own(sign: str, target: str, comparator: str) -> None:
    assert (column("目标.比较符", 指标性质=sign, 指标值=target) or "") == comparator


@pytest.mark.parametrize(
    ("target", "unit", "number"),
    [
        *(("85%", "", "0.85"), ("5‰", "", "0.005"), ("5‱", "", "0.0005"), ("八成五", "", "0.85"), ("85", "%", "0.85")),
        *(("3万", "人", "3"), ("３０", "人", "30")),
    ],
)
def test_percentages_are_ratios(target: str, unit: str, number: str) -> None:
    assert column("目标.数值", 指标值=target, 度量单位=unit) == Decimal(number)


@pytest.mark.parametrize("target", ["⑤个", "5²个", "½", "3\n5个", "12 34个"])
def test_a_strange_figure_does_not_become_an_ordinary_one(target: str) -> None:
    assert column("目标.数值", 指标值=target) is None


def test_a_target_is_compared_with_an_actual_in_another_notation() -> None:
    assert column("完成率", 指标值="不少于2万5千", 实际完成值="25000人", 度量单位="人") == 1


@pytest.mark.parametrize(
    ("target", "actual", "columns"),
    [
        ("下降5%", "增长3%", ["fall", "rise", None, None, None]),
        ("下降5%", "下降4%", ["fall", "fall", None, None, Decimal("0.8")]),
        ("下降5%", "4%", ["fall", None, None, None, None]),
        ("每周2次", "全年112次", [None, None, "周", "年", None]),
        ("每周2次", "每周3次", [None, None, "周", "周", Decimal("1.5")]),
    ],
)
def test_a_change_or_a_rate_is_told_and_only_compared_with_the_same(
    target: str, actual: str, columns: list[Any]
) -> None:
    names = ("目标.变化", "实际.变化", "目标.每", "实际.每", "完成率")
    assert [column(name, 指标值=target, 实际完成值=actual) for name in names] == columns


@pytest.mark.parametrize(
    ("target", "unit", "cents"),
    [
        *(("≤600元", "", 60_000), ("≤0.06万元", "", 60_000), ("600", "元", 60_000), ("3万", "元", 3_000_000)),
        *(("1.5千元", "", 150_000), ("0.0001亿元", "", 1_000_000), ("12.345", "万元", 12_345_000)),
        *(("≥85%", "", None), ("600户", "", None), ("600", "", None), ("600元/人", "", None), ("0.001元", "", None)),
        *(("", "", None), ("厉行节约", "元", None)),
    ],
)
@pytest.mark.parametrize(("side", "cell"), [("目标", "指标值"), ("实际", "实际完成值")])
def test_an_amount_is_money_whatever_its_unit(side: str, cell: str, target: str, unit: str, cents: int | None) -> None:
    assert column(f"{side}.金额", **{"三级指标": "成本", cell: target, "度量单位": unit}) == cents
