"""Figures as linear functions, demands on cells, changed submissions and spans, against evaluating after the change."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from conformance import bench
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from fpcheck.engine.change import changed, stated
from fpcheck.engine.demand import MOST_WAYS, Constraint, demands
from fpcheck.engine.env import Env
from fpcheck.engine.evaluate import evaluate
from fpcheck.engine.explain.spans import Span, spans
from fpcheck.engine.linear import CellRef, Linear, cells, quotient
from fpcheck.engine.unknown import Unknown
from fpcheck.facts import facts_of
from fpcheck.record import State
from fpcheck.rulebook import ir
from fpcheck.terms import MISSING, Type

MANY = settings(max_examples=150, deadline=None, derandomize=True)
PROJECT_CELLS = [CellRef("项目", None, name) for name in ("支出金额", "下达金额", "到位金额")]
ROW_CELLS = [CellRef("资金", row, "全年预算数") for row in (1, 2, 3)]
CELLS = [*PROJECT_CELLS, *ROW_CELLS]

# figures: every text is of money, so that any two go together

leaves = st.sampled_from(
    [
        *("支出金额", "下达金额", "到位金额", "3元", "0.5元", "(下达执行率 * 7元)", "结余"),
        *("合计(资金.全年预算数)", '合计(资金.全年预算数, 来源 = "甲")', "平均(资金.全年预算数)"),
        *(
            "首个(全年预算数, 支出金额)",
            "若(批复金额 > 0, 支出金额, 到位金额)",
            "若(存在(评选, 先锋数 > 0), 1元, 到位金额)",
        ),
        "年初预算数",
    ]
)
figures = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-"]), inner).map(lambda parts: f"({' '.join(parts)})"),
        st.tuples(inner, st.sampled_from(["* 2", "/ 3", "* 20%"])).map(lambda parts: f"({' '.join(parts)})"),
        inner.map(lambda text: f"(-{text})"),
        st.tuples(inner, inner, inner).map(lambda parts: f"({parts[0]} / {parts[1]} * {parts[2]})"),
    ),
    max_leaves=5,
)
amounts = st.integers(1, 2000)


@st.composite
def situations(draw: Any) -> tuple[dict[str, Any], dict[CellRef, Fraction]]:
    """A form with amounts, and other figures for one or two of its cells, which are free."""
    yuan = {name: draw(amounts) for name in ("支出金额", "下达金额", "到位金额", "批复金额")}
    funds = [{"来源": draw(st.sampled_from(["甲", "乙"])), "全年预算数": draw(amounts)} for _ in range(3)]
    form = {"金额单位": "元", **yuan, "资金": funds, "填报执行率": f"{draw(st.integers(0, 120))}%"}
    free = draw(st.lists(st.sampled_from(CELLS), min_size=1, max_size=2, unique=True))
    return form, {ref: Fraction(draw(amounts) * 50) for ref in free}


def opened(situation: Any) -> tuple[Env, frozenset[CellRef], dict[CellRef, Fraction]]:
    form, values = situation
    return bench.environment({"给定": form}), frozenset(values), values


def after(env: Env, values: dict[CellRef, Fraction]) -> Env:
    facts = changed(env.facts, values)
    return replace(env, facts=facts, row=facts.project, cache={})


@MANY
@given(figures, situations())
def test_a_figure_is_the_quotient_it_is_said_to_be(text: str, situation: Any) -> None:
    env, free, values = opened(situation)
    node = bench.compiled(text)
    found = quotient(node, env, free)
    if found is None:
        return
    bottom = found.bottom.at(values)
    said = evaluate(node, after(env, values))
    assert isinstance(said, Unknown) if not bottom else said == found.top.at(values) / bottom


LINEAR = ["支出金额 - 到位金额", "结余", "合计(资金.全年预算数) / 3", "支出金额 * 2 + 3元", "平均(资金.全年预算数)"]
LINEAR += [
    '合计(资金.全年预算数, 来源 = "甲") - 支出金额',
    "首个(全年预算数, 支出金额)",
    "若(批复金额 > 0, 支出金额, 1元)",
]


@pytest.mark.parametrize("text", LINEAR)
@pytest.mark.parametrize("ref", CELLS, ids=str)
def test_sums_and_products_with_constants_are_linear(text: str, ref: CellRef) -> None:
    funds = [{"来源": "甲", "全年预算数": 5}, {"来源": "乙", "全年预算数": 7}, {"来源": "甲", "全年预算数": 9}]
    form = {"支出金额": 3, "下达金额": 4, "到位金额": 5, "批复金额": 6, "金额单位": "元", "资金": funds}
    found = quotient(bench.compiled(text), bench.environment({"给定": form}), frozenset({ref}))
    assert found is not None
    assert not found.bottom.slopes


@pytest.mark.parametrize(
    "text", ["支出金额 * (支出金额 / 下达金额)", "字数(项目名称)", "合计(资金.全年预算数, 来源 = 项目.项目名称)"]
)
def test_what_is_not_linear_or_not_known_is_none(text: str) -> None:
    env = bench.environment({"给定": {"支出金额": "3元", "下达金额": "4元", "资金": [{"来源": "甲"}]}})
    assert quotient(bench.compiled(text), env, frozenset({CellRef("项目", None, "支出金额")})) in (
        None,
        quotient(bench.compiled("字数(项目名称)"), env, frozenset()),
    )


def test_cells_are_those_that_an_expression_reads() -> None:
    env = bench.environment(
        {"给定": {"资金": [{"全年预算数": "1元"}, {}], "支出金额": "1元"}, "上年": {"支出金额": "2元"}}
    )
    node = bench.compiled("合计(资金.全年预算数, 来源 不为空) + 下达执行率 * 支出金额 + 上年.支出金额")
    assert set(cells(node, env)) == {
        *(CellRef("资金", row, name) for row in (1, 2) for name in ("全年预算数", "来源")),
        *(CellRef("项目", None, name) for name in ("支出金额", "下达金额")),
    }


# demands

tests = st.one_of(
    st.tuples(figures, st.sampled_from(["<", "≤", "=", "≠", "≥", ">"]), figures).map(" ".join),
    st.tuples(figures, figures, figures).map(lambda parts: "{} 介于 {} 与 {}".format(*parts)),
    st.tuples(figures, figures, figures).map(lambda parts: "{} 属于 [{}, {}]".format(*parts)),
    figures.map(lambda text: f"下达执行率 < ({text}) / 5元"),
    st.sampled_from(
        [
            *(
                "存在(资金, 全年预算数 > 3元)",
                '全部(资金, 全年预算数 > 3元 或 来源 = "乙")',
                "没有(资金, 全年预算数 = 1元)",
            ),
            *('存在(资金, 来源 = "甲" 且 全年预算数 < 项目.支出金额)', "填报执行率 = 按写法(下达执行率, 填报执行率)"),
            *(
                "下达执行率 > 参数.下达执行率下限",
                "支出金额 不为空",
                "填报执行率 ≠ 按写法(支出金额 / 到位金额, 填报执行率)",
            ),
        ]
    ),
)
conditions = st.recursive(
    tests.map(lambda text: f"({text})"),
    lambda inner: st.one_of(
        inner.map(lambda text: f"(非 {text})"),
        st.tuples(inner, st.sampled_from(["且", "或"]), inner).map(lambda parts: f"({' '.join(parts)})"),
    ),
    max_leaves=3,
)


def holds(constraint: Constraint, values: dict[CellRef, Fraction]) -> bool:
    figure = constraint.form.at(values)
    return {"<": figure < 0, "<=": figure <= 0, "=": figure == 0}[constraint.op]


@MANY
@given(conditions, situations(), st.booleans())
def test_what_fulfils_a_demand_comes_out_as_wanted(text: str, situation: Any, wanted: bool) -> None:
    env, free, values = opened(situation)
    node = bench.compiled(text)
    ways = demands(node, env, free, wanted=wanted)
    later = after(env, values)
    if any(all(holds(constraint, values) for constraint in way) for way in ways) and _all_linear(node, env, free):
        assert evaluate(node, later) is wanted


@MANY
@given(conditions, situations(), st.booleans())
def test_what_comes_out_as_wanted_fulfils_the_demand(text: str, situation: Any, wanted: bool) -> None:
    env, free, values = opened(situation)
    node = bench.compiled(text)
    assume(_all_linear(node, env, free) and _above_zero(node, env, free, values))
    assume(_alternatives(node) <= MOST_WAYS)
    ways = demands(node, env, free, wanted=wanted)
    fulfilled = any(all(holds(constraint, values) for constraint in way) for way in ways)
    assert fulfilled is (evaluate(node, after(env, values)) is wanted)


@pytest.mark.parametrize("sign", ["<", "≤", "=", "≠", "≥", ">"])
@pytest.mark.parametrize("text", ["年份(完成日期) {} 年度", "年度 {} 年份(完成日期)", "年份(完成日期) {} 2022 + 1"])
def test_a_demand_on_a_year_is_one_on_its_days(text: str, sign: str) -> None:
    env = bench.environment({"给定": {"年度": 2023, "完成日期": "2020-02-29"}})
    node, ref = bench.compiled(text.format(sign)), CellRef("项目", None, "完成日期")
    for day in ("2022-01-01", "2022-12-31", "2023-01-01", "2023-12-31", "2024-01-01", "2024-12-31"):
        values = {ref: Fraction(date.fromisoformat(day).toordinal())}
        truth = evaluate(node, after(env, values))
        for wanted in (True, False):
            ways = demands(node, env, frozenset({ref}), wanted=wanted)
            assert any(all(holds(one, values) for one in way) for way in ways) is (truth is wanted)


def _sides(node: ir.Expr, env: Env) -> list[tuple[ir.Expr, Env]]:
    """Every figure that is compared, with the row it is compared on."""
    match node:
        case ir.Compare(left=left, right=right):
            inner = (
                left.item if isinstance(left, ir.AsWritten) else left,
                right.item if isinstance(right, ir.AsWritten) else right,
            )
            return [(side, env) for side in inner]
        case ir.Member(item=item, options=options):
            return [(side, env) for side in (item, *options)]
        case ir.Aggregate(table=table, where=where) if where:
            return [found for entry in env.rows(table) or () for found in _sides(where, env.inner(table, entry))]
        case ir.IsBlank():
            return []
    return [found for child in ir.children(node) for found in _sides(child, env)]


def _texts(node: ir.Expr) -> bool:
    return node.type in (Type.TEXT, Type.ENUM)


def _all_linear(node: ir.Expr, env: Env, free: Any) -> bool:
    """The assumption: what is compared is a figure, linear in its difference, or does not move."""
    found = [quotient(side, at, free) for side, at in _sides(node, env) if not _texts(side)]
    return all(
        one is not None and two is not None and one.top.times(two.bottom) is not None for one in found for two in found
    )


def _above_zero(node: ir.Expr, env: Env, free: Any, values: Any) -> bool:
    """Figures with a divisor that is not above zero are not looked for."""
    found = [quotient(side, at, free) for side, at in _sides(node, env) if not _texts(side)]
    return all(one is None or one.bottom.at(values) > 0 for one in found)


def _alternatives(node: ir.Expr) -> int:
    return 3 ** sum(isinstance(n, ir.Compare | ir.Member | ir.Aggregate | ir.AsWritten) for n in ir.walk(node))


# changes

FORM = {
    "表种": "自评表",
    "金额单位": "万元",
    "年度": 2023,
    "支出金额": "53.4",
    "填报执行率": "92.6%",
    "开始日期": "2023-01-01",
    "指标": [{"三级指标": "甲", "指标值": "≥90%", "分值": 10}, {"三级指标": "乙", "分值": "9.5", "得分": ""}],
    "资金": [],
}
HELD = {
    CellRef("项目", None, "支出金额"): st.integers(0, 10**12).map(Fraction),
    CellRef("项目", None, "全年预算数"): st.integers(0, 10**12).map(Fraction),
    CellRef("项目", None, "填报执行率"): st.integers(0, 10**6).map(lambda n: Fraction(n, 10**6)),
    CellRef("项目", None, "年度"): st.integers(1990, 2100).map(Fraction),
    CellRef("项目", None, "开始日期"): st.integers(726_468, 767_000).map(Fraction),
    CellRef("指标", 1, "分值"): st.integers(0, 10**4).map(lambda n: Fraction(n, 100)),
    CellRef("指标", 2, "得分"): st.integers(0, 10**4).map(lambda n: Fraction(n, 100)),
}


@MANY
@given(st.fixed_dictionaries({}, optional=HELD))
def test_a_changed_submission_holds_the_figures_and_is_otherwise_the_same(values: dict[CellRef, Fraction]) -> None:
    facts = bench.facts_from(FORM, previous={"年度": 2022})
    found = changed(facts, values)
    anew = facts_of(found.submission)
    assert (found.project, found.tables) == (anew.project, anew.tables)
    assert found.previous == facts.previous
    for ref in HELD:
        row = found.project if ref.row is None else found.tables[ref.table][ref.row - 1]
        before = facts.project if ref.row is None else facts.tables[ref.table][ref.row - 1]
        if ref in values:
            assert (row[ref.field].state, stated(row[ref.field])) == (State.VALUE, values[ref])
        else:
            assert row.get(ref.field) == before.get(ref.field)


def test_what_is_filled_is_no_longer_missing() -> None:
    facts = bench.facts_from(FORM)
    names = [row["名称"].value for row in facts.tables[MISSING]]
    filled = changed(facts, {CellRef("项目", None, "全年预算数"): Fraction(100)})
    assert "全年预算数" in names
    assert [row["名称"].value for row in filled.tables[MISSING]] == [name for name in names if name != "全年预算数"]


@pytest.mark.parametrize(
    ("field", "figure", "step"),
    [
        ("填报执行率", Fraction(9258, 10**4), "0.0001"),
        ("填报执行率", Fraction(95, 100), "0.001"),
        ("支出金额", Fraction(53_500_000), "100000"),
        ("支出金额", Fraction(53_410_000), "1"),
        ("全年预算数", Fraction(10**9), "1"),
        ("执行率得分", Fraction(100), "1"),
        ("执行率得分", Fraction(95, 10), "0.1"),
    ],
)
def test_a_figure_is_written_as_finely_as_it_needs(field: str, figure: Fraction, step: str) -> None:
    cell = changed(bench.facts_from(FORM), {CellRef("项目", None, field): figure}).project[field]
    assert cell.step == Decimal(step)


@pytest.mark.parametrize(
    ("field", "figure"),
    [
        *(("支出金额", Fraction(1, 2)), ("支出金额", Fraction(-1)), ("年度", Fraction(20231, 10))),
        *(("开始日期", Fraction(0)), ("填报执行率", Fraction(1, 3)), ("执行率得分", Fraction(-1))),
    ],
)
def test_a_figure_that_a_field_cannot_hold_is_refused(field: str, figure: Fraction) -> None:
    with pytest.raises(ValueError, match=field):
        changed(bench.facts_from(FORM), {CellRef("项目", None, field): figure})


# spans

CELL = CellRef("项目", None, "支出金额")
fractions = st.fractions(-9, 9, max_denominator=4)
constraints = st.builds(
    lambda constant, slope, op: Constraint(Linear(constant, {CELL: slope} if slope else {}), op),
    fractions,
    fractions,
    st.sampled_from(["<", "<=", "="]),
)
some_ways = st.lists(st.lists(constraints, max_size=3).map(tuple), max_size=3).map(tuple)


def inside(span: Span, figure: Fraction) -> bool:
    above = span.low is None or figure > span.low or (figure == span.low and not span.over)
    return above and (span.high is None or figure < span.high or (figure == span.high and not span.under))


@MANY
@given(some_ways, fractions)
def test_spans_hold_what_fulfils_the_demand(ways: Any, figure: Fraction) -> None:
    fulfilled = any(all(holds(constraint, {CELL: figure}) for constraint in way) for way in ways)
    assert any(inside(span, figure) for span in spans(ways, CELL)) is fulfilled


@MANY
@given(some_ways, fractions, st.fractions(Fraction(1, 4), 3, max_denominator=4))
def test_the_nearest_figure_is_the_nearest(ways: Any, figure: Fraction, step: Fraction) -> None:
    for span in spans(ways, CELL):
        multiples = [count * step for count in range(-200, 201)]
        wanted = min((n for n in multiples if inside(span, n)), key=lambda n: abs(n - figure), default=None)
        found = span.nearest(figure, step)
        if inside(span, figure):
            assert found is None
        elif found is None or abs(found) <= 200 * step:
            assert found == wanted
