"""A typed expression told in the rule language: what is told parses to the same expression again."""

from dataclasses import fields, is_dataclass, replace
from fractions import Fraction
from typing import Any

import pytest
from conformance import bench
from hypothesis import given, settings
from hypothesis import strategies as st

from fpcheck.rulebook import ir
from fpcheck.rulebook.load import load_rulebook
from fpcheck.rulebook.lower import lower
from fpcheck.rulebook.spell import between, sign, spelled
from fpcheck.terms import Type

MANY = settings(max_examples=300, deadline=None, derandomize=True)


def bare(node: Any) -> Any:
    """The node without the texts it keeps of itself: they differ by spaces and brackets."""
    if isinstance(node, tuple):
        return tuple(map(bare, node))
    if not is_dataclass(node):
        return node
    kept = {field.name: bare(getattr(node, field.name)) for field in fields(node) if field.name != "source"}
    return replace(node, **kept, **({"source": ""} if hasattr(node, "source") else {}))


def told_again(text: str, table: str = "项目") -> None:
    node = bench.compiled(text, table)
    told = spelled(node)
    again = bench.compiled(told, table)
    assert bare(again) == bare(node), told
    assert spelled(again) == told


ROWS = sorted({(row["式"], row.get("对象", "项目")) for _, row in bench.rows()})


@pytest.mark.parametrize(("text", "table"), ROWS)
def test_the_conformance_rows(text, table):
    told_again(text, table)


@pytest.mark.parametrize("rule", load_rulebook().rules, ids=lambda rule: rule.rule.id)
def test_shipped_rules_read_as_they_are_written(rule):
    def plain(text):
        return text.translate(str.maketrans({"*": "×", "/": "÷", " ": None, "(": None, ")": None}))

    for clause in rule.clauses:
        assert plain(spelled(clause.typed)) == plain(clause.text)


figures = st.recursive(
    st.sampled_from(["支出金额", "项目.下达金额", "3元", "12.5万元", "合计(资金.全年预算数)", "上年.支出金额", "结余"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-"), inner).map(lambda parts: "({} {} {})".format(*parts)),
        inner.map(lambda text: f"(-{text})"),
        st.tuples(inner, st.sampled_from(["* 2", "/ 3.0", "* 7.5%"])).map(lambda parts: "({} {})".format(*parts)),
        st.tuples(inner, inner).map(lambda parts: "首个({}, {})".format(*parts)),
        st.tuples(inner, inner).map(lambda parts: "若(项目名称 为空, {}, {})".format(*parts)),
    ),
    max_leaves=4,
)
tests = st.one_of(
    st.tuples(figures, st.sampled_from(["<", "≤", ">", "≥", "=", "≠", "<=", "!="]), figures).map(" ".join),
    st.tuples(figures, figures, figures).map(lambda parts: "{} 介于 {} 与 {}".format(*parts)),
    st.sampled_from(
        [
            *(
                "支出金额 不为空",
                "偏差说明 含有 词表.含糊词",
                '偏差说明 不含 ["甲“", "乙"]',
                "项目名称 匹配 '[0-9]{1,3}个'",
            ),
            *('自评等级 属于 ["优", "良"]', '自评等级 不属于 ["差"]', '偏差说明 = "“引”"', "开始日期 < 2023-01-31"),
            *(
                "全部(资金, 全年预算数 > 0)",
                '没有(资金, 来源 = "甲" 或 来源 = "乙")',
                "存在(发放, 社区 = 项目.项目名称)",
            ),
            *(
                "填报执行率 ≠ 按写法(下达执行率, 填报执行率)",
                "下达执行率 > 95‰",
                "年份(开始日期) > 年度 + 1",
                "天数(开始日期, 完成日期) < 0",
            ),
        ]
    ),
)
conditions = st.recursive(
    tests.map(lambda text: f"({text})"),
    lambda inner: st.one_of(
        inner.map(lambda text: f"(非 {text})"),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: f"({' 且 '.join(parts)})"),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: f"({' 或 '.join(parts)})"),
    ),
    max_leaves=5,
)


@MANY
@given(conditions)
def test_any_condition(text):
    told_again(text)


@MANY
@given(st.integers(0, 10**15 - 1), st.integers(0, 6), st.sampled_from([Type.MONEY, Type.RATIO, Type.NUMBER]))
def test_any_literal(digits, places, kind):
    value = Fraction(digits, 10**places) % 10**9
    node = ir.Const(value / 100 if kind is Type.RATIO else value * 100 if kind is Type.MONEY else value, kind)
    told = spelled(node)
    assert bench.compiled(told) == node, told


def test_a_lowered_quotient_is_told_as_a_quotient():
    for text in ("支出金额 / 下达金额 < 95%", "95% < 支出金额 / 下达金额"):
        assert spelled(lower(bench.compiled(text))) == text.replace("/", "÷")


def test_parts_can_be_told_otherwise():
    node = bench.compiled("支出金额 / (下达金额 - 到位金额)")
    figures_ = {"支出金额": "3元", "下达金额": "5元", "到位金额": "1元"}
    assert spelled(node, lambda part: figures_.get(getattr(part, "name", ""))) == "3元 ÷ (5元 - 1元)"


@pytest.mark.parametrize(
    ("text", "holds", "fails"),
    [
        ("支出金额 < 1元", "<", "≥"),
        ("支出金额 ≤ 1元", "≤", ">"),
        ("支出金额 > 1元", ">", "≤"),
        ("支出金额 ≥ 1元", "≥", "<"),
    ],
)
def test_signs(text, holds, fails):
    node = bench.compiled(text)
    assert (sign(node), sign(node, holds=False)) == (holds, fails)
    assert sign(bench.compiled("支出金额 = 1元"), holds=False) == "≠"


def test_between_takes_only_one_figure_between_two_others():
    assert between(bench.compiled("1元 ≤ 支出金额 且 支出金额 ≤ 3元")) is not None
    assert between(bench.compiled("1元 ≤ 支出金额 且 下达金额 ≤ 3元")) is None
    assert between(bench.compiled("1元 < 支出金额 且 支出金额 ≤ 3元")) is None
