"""Consistent forms, corrupted in a cell or two, judged by the shipped rules: the cell is found, the figure restored."""

import copy
import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from test_suspects import checked, hints

from fpcheck.finding import CheckResult, Figure, Outcome
from fpcheck.rulebook.compiled import Rulebook

Form = dict[str, Any]
Cell = tuple[str | None, int, str]
"""Table (None = 项目), index of the row, field."""

FIGURES = {
    None: ("年初预算数", "全年预算数", "全年执行数", "填报执行率", "执行率分值", "执行率得分", "自评总分"),
    "资金": ("年初预算数", "全年预算数", "全年执行数"),
    "指标": ("分值", "得分"),
    "评选": ("应发金额",),
    "发放": ("应发金额", "实发金额"),
}
HEAD = {"年度": 2023, "表种": "综合", "项目名称": "甲", "实施单位": "乙", "金额单位": "元"}
TWICE_USED = ("全年预算数", "全年执行数", "执行率分值", "执行率得分", "分值", "得分", "应发金额")
MANY = settings(max_examples=25, deadline=None, derandomize=True)


@st.composite
def consistent(draw: st.DrawFn) -> Form:
    """A form whose parts, totals, rates, scores and lists all fit; money in yuan."""
    budgets = draw(st.lists(st.integers(1, 90_000), min_size=1, max_size=4))
    funds = [
        {"年初预算数": draw(st.integers(0, b)), "全年预算数": b, "全年执行数": draw(st.integers(0, b))} for b in budgets
    ]
    first, budget, spent = (sum(fund[name] for fund in funds) for name in FIGURES["资金"])
    digits = draw(st.sampled_from(["1", "0.1", "0.01"]))
    rate = (Decimal(spent * 100) / budget).quantize(Decimal(digits), ROUND_HALF_UP)
    cuts = sorted(draw(st.sets(st.integers(1, 89), max_size=5)))
    weights = [high - low for low, high in zip([0, *cuts], [*cuts, 90], strict=True)]
    scores = [Decimal(draw(st.integers(0, weight * 100))) / 100 for weight in weights]
    mark = Decimal(draw(st.integers(0, 100))) / 10
    due = draw(st.lists(st.lists(st.integers(1, 90_000), min_size=1, max_size=2), max_size=4))
    rolls = [(f"社区{n}", amount) for n, each in enumerate(due) for amount in each]
    return {
        **HEAD,
        "年初预算数": first,
        "全年预算数": budget,
        "全年执行数": spent,
        "填报执行率": f"{rate}%",
        "执行率分值": 10,
        "执行率得分": mark,
        "自评总分": sum(scores) + mark,
        "资金": [{"来源": f"来源{n}", **fund} for n, fund in enumerate(funds)],
        "指标": [
            {"三级指标": f"第{n}项", "分值": weight, "得分": score}
            for n, (weight, score) in enumerate(zip(weights, scores, strict=True))
        ],
        "评选": [{"社区": f"社区{n}", "应发金额": sum(each)} for n, each in enumerate(due)],
        "发放": [
            {"社区": c, "应发金额": a, "实发金额": draw(st.integers(0, a)), "发放日期": "2023-10-09"} for c, a in rolls
        ],
    }


def cells(form: Form) -> list[Cell]:
    found: list[Cell] = [(None, 0, name) for name in FIGURES[None]]
    for table, names in FIGURES.items():
        if table:
            found += [(table, row, name) for row in range(len(form[table])) for name in names]
    return found


def row_of(form: Form, cell: Cell) -> dict[str, Any]:
    table, row, _ = cell
    return form if table is None else form[table][row]


def with_text(form: Form, cell: Cell, text: str) -> Form:
    other = copy.deepcopy(form)
    row_of(other, cell)[cell[2]] = text
    return other


def slips(text: str) -> Iterator[str]:
    """The ways in which a figure goes wrong: a nought too many or too few, two digits turned, another digit."""
    number, unit = text.removesuffix("%"), "%" if text.endswith("%") else ""
    yield f"{number}0{unit}" if "." not in number else f"{number.replace('.', '')}{unit}"
    if number.endswith("0") and len(number) > 1:
        yield f"{number[:-1].removesuffix('.')}{unit}"
    for at in range(len(number) - 1):
        if number[at].isdigit() and number[at + 1].isdigit():
            yield f"{number[:at]}{number[at + 1]}{number[at]}{number[at + 2 :]}{unit}"
    yield f"{(int(number[0]) + 1) % 10}{number[1:]}{unit}"


@st.composite
def corrupted(draw: st.DrawFn, count: int) -> tuple[Form, Form, list[Cell]]:
    """A consistent form, the same with some cells corrupted, and those cells."""
    form = draw(consistent())
    likely = [cell for cell in cells(form) if cell[2] in TWICE_USED and cell[0] not in ("资金", "评选")]
    one = st.one_of(st.sampled_from(likely), st.sampled_from(cells(form)))
    chosen = draw(st.lists(one, min_size=count, max_size=count, unique=True))
    wrong = form
    for cell in chosen:
        text = str(row_of(form, cell)[cell[2]])
        wrong = with_text(wrong, cell, draw(st.sampled_from([slip for slip in slips(text) if slip != text])))
    return form, wrong, chosen


def hit(result: CheckResult, rulebook: Rulebook) -> set[tuple[str, int | None]]:
    """The 勾稽 relations that are hit."""
    violated = (o for o in result.outcomes if o.outcome is Outcome.VIOLATED)
    return {(o.rule, o.row) for o in violated if rulebook.by_id[o.rule].rule.cross_checks}


def amount(figure: Figure) -> Decimal:
    return Decimal(str(figure.value))


def written(form: Form, cell: Cell) -> Decimal:
    text = str(row_of(form, cell)[cell[2]])
    return Decimal(text.removesuffix("%")) / 100 if text.endswith("%") else Decimal(text)


def place(cell: Cell) -> tuple[str, int | None, str]:
    table, row, name = cell
    return table or "项目", row + 1 if table else None, name


@MANY
@given(consistent())
def test_a_consistent_form_gives_no_hint(rulebook: Rulebook, form: Form) -> None:
    result = checked(form, rulebook)
    assert hit(result, rulebook) == set()
    assert hints(result) == []


@MANY
@given(corrupted(1))
def test_one_wrong_cell_that_breaks_two_relations_is_found(
    rulebook: Rulebook, drawn: tuple[Form, Form, list[Cell]]
) -> None:
    form, wrong, [cell] = drawn
    result = checked(wrong, rulebook)
    broken = hit(result, rulebook)
    if len(broken) < 2:
        assert hints(result) == []
        return
    [found] = result.suspicions
    assert set(found.rules) == broken
    [suspect] = [s for choice in found.choices for s in choice.cells if _at(s) == place(cell)]
    assert len(found.choices[0].cells) == 1
    true = written(form, cell)
    assert suspect.low is None or amount(suspect.low) <= true
    assert suspect.high is None or true <= amount(suspect.high)


def _at(suspect: Any) -> tuple[str | None, int | None, str | None]:
    return suspect.where.table, suspect.where.row, suspect.where.field


@MANY
@given(corrupted(2))
def test_copying_the_proposed_figure_into_the_form_does_what_the_hint_says(
    rulebook: Rulebook, drawn: tuple[Form, Form, list[Cell]]
) -> None:
    """Whatever two cells are wrong: each hint says more than the findings, and keeps its word."""
    _, wrong, _ = drawn
    result = checked(wrong, rulebook)
    before = {(o.rule, o.row) for o in result.outcomes if o.outcome is Outcome.VIOLATED and o.role == "问题"}
    for found in result.suspicions:
        for choice in found.choices:
            assert len(choice.cells) < len(found.rules)
            if len(choice.cells) > 1:
                continue
            [suspect] = choice.cells
            cell = (
                None if suspect.where.row is None else suspect.where.table,
                (suspect.where.row or 1) - 1,
                suspect.where.field,
            )
            for end in filter(None, (suspect.low, suspect.high)):
                mended = checked(with_text(wrong, cell, end.text.removesuffix("分")), rulebook)
                after = {(o.rule, o.row) for o in mended.outcomes if o.outcome is Outcome.VIOLATED and o.role == "问题"}
                assert set(choice.resolves) <= before - after
                assert after - before <= set(choice.raises)


@pytest.mark.parametrize("count", [1, 2])
def test_enough_corrupted_forms_get_a_hint(rulebook: Rulebook, count: int) -> None:
    told = []

    @settings(max_examples=20, deadline=None, derandomize=True, database=None)
    @given(corrupted(count))
    def look(drawn: tuple[Form, Form, list[Cell]]) -> None:
        told.append(bool(checked(drawn[1], rulebook).suspicions))

    look()
    assert sum(told) >= len(told) // 5  # about one of three; what is drawn hangs on the modules that are loaded


@settings(
    max_examples=8, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.filter_too_much]
)  # two of three corrupted forms get no hint
@given(corrupted(1), st.randoms(use_true_random=False))
def test_the_order_of_fields_and_rows_changes_only_the_numbers_of_rows(
    rulebook: Rulebook, drawn: tuple[Form, Form, list[Cell]], chance: Any
) -> None:
    _, wrong, _ = drawn
    turned = dict(chance.sample(sorted(wrong.items()), len(wrong)))
    one, two = ([_unnumbered(h) for h in hints(checked(form, rulebook))] for form in (wrong, turned))
    assert one == two
    for table in ("资金", "指标", "评选", "发放"):
        turned[table] = chance.sample(turned[table], len(turned[table]))
    assume(hints(checked(wrong, rulebook)))
    assert [_unnumbered(h) for h in hints(checked(turned, rulebook))] == one


def _unnumbered(text: str) -> str:
    return re.sub(r"第\d+条", "第几条", text)
