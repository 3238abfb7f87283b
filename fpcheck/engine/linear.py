"""Figures as linear functions of a few cells: what explanations and the search for wrong cells calculate with.

Only the cells in `free` move; whether a cell is filled, and every text, stays as it is. What is not linear in the free
cells gives None.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from itertools import chain
from typing import Any

from fpcheck.engine.env import Entry, Env
from fpcheck.engine.evaluate import entries, evaluate
from fpcheck.engine.unknown import Unknown
from fpcheck.rulebook import ir
from fpcheck.terms import SUMMARY


@dataclass(frozen=True, slots=True)
class CellRef:
    """A cell of a submission; `row` counts from 1, None for 项目."""

    table: str
    row: int | None
    field: str


Free = frozenset[CellRef]


@dataclass(frozen=True, slots=True)
class Linear:
    """A constant plus a slope times each of some cells.

    Money is in 分, ratios are fractions of one, dates are day numbers.
    """

    constant: Fraction
    slopes: Mapping[CellRef, Fraction] = field(default_factory=dict)

    def plus(self, other: "Linear", times: Fraction | int = 1) -> "Linear":
        """Add a multiple of another one."""
        slopes = dict(self.slopes)
        for cell, slope in other.slopes.items():
            slopes[cell] = slopes.get(cell, Fraction(0)) + slope * times
        return Linear(self.constant + other.constant * times, {c: s for c, s in slopes.items() if s})

    def scaled(self, factor: Fraction | int) -> "Linear":
        """Multiply by a number."""
        return Linear(Fraction(0)).plus(self, factor)

    def times(self, other: "Linear") -> "Linear | None":
        """Multiply two; None where both move."""
        if self.slopes and other.slopes:
            return None
        return self.scaled(other.constant) if self.slopes else other.scaled(self.constant)

    def at(self, values: Mapping[CellRef, Fraction]) -> Fraction:
        """Give the value for these cells."""
        return self.constant + sum((slope * values[cell] for cell, slope in self.slopes.items()), Fraction(0))


ONE = Linear(Fraction(1))


@dataclass(frozen=True, slots=True)
class Quotient:
    """A figure `top / bottom`; a bottom that does not move is always 1."""

    top: Linear
    bottom: Linear = ONE


def cells(node: ir.Expr, env: Env) -> Iterator[CellRef]:
    """Give every cell that an expression reads here, measures and aggregates opened; 上年 is left out."""
    match node:
        case ir.Field(scope=scope, name=name):
            at = env.at(scope)
            if scope is not ir.Scope.PREVIOUS:
                yield CellRef(at.table, at.number, name)
        case ir.Measure(scope=scope, body=body):
            yield from cells(body, env.at(scope))
        case ir.Aggregate(table=table, column=column, where=where):
            parts = [part for part in (column, where) if part]
            for entry in entries(node, env) or ():
                yield from chain.from_iterable(cells(part, env.inner(table, entry)) for part in parts)
        case _:
            yield from chain.from_iterable(cells(child, env) for child in ir.children(node))


def reads(node: ir.Expr, env: Env, free: Free) -> bool:
    """Tell whether an expression reads a free cell here; of a long table only the rows concerned are looked at."""
    match node:
        case ir.Measure(scope=scope, body=body):
            return reads(body, env.at(scope), free)
        case ir.Aggregate(table=table, column=column, where=where):
            rows = [env.inner(table, entry) for entry in _concerned(node, env, free)]
            return any(reads(part, row, free) for part in (column, where) if part for row in rows)
        case ir.Field():
            return not free.isdisjoint(cells(node, env))
    return any(reads(child, env, free) for child in ir.children(node))


def _concerned(node: ir.Aggregate, env: Env, free: Free) -> list[Entry]:
    """Give the rows of an aggregate that may read a free cell."""
    rows = entries(node, env) or []
    scopes = {scope for part in (node.column, node.where) if part for scope in ir.scopes(part)}
    above = ir.Scope.PROJECT in scopes and any(ref.row is None for ref in free)
    if above or ir.Scope.RULE in scopes or env.table == SUMMARY:
        return rows
    numbers = sorted({ref.row for ref in free if ref.table == node.table and ref.row})
    return [rows[n - 1] for n in numbers if n <= len(rows)]


def number(value: Any) -> Fraction | None:  # noqa: ANN401 - whatever `evaluate` gives
    """Give a known figure, or a date's day number, as a fraction; None for everything else."""
    if isinstance(value, date):
        return Fraction(value.toordinal())
    return value if isinstance(value, Fraction) else None


def quotient(node: ir.Expr, env: Env, free: Free) -> Quotient | None:
    """Give a figure as a quotient of two linear functions of the free cells, None where it is not one or not known."""
    if not reads(node, env, free):
        known = number(evaluate(node, env))
        return None if known is None else Quotient(Linear(known))
    form = _FORMS.get(type(node))
    return form(node, env, free) if form else None


def _field(node: ir.Field, env: Env, _: Free) -> Quotient:
    at = env.at(node.scope)
    return Quotient(Linear(Fraction(0), {CellRef(at.table, at.number, node.name): Fraction(1)}))


def _measure(node: ir.Measure, env: Env, free: Free) -> Quotient | None:
    return quotient(node.body, env.at(node.scope), free)


def _arith(node: ir.Arith, env: Env, free: Free) -> Quotient | None:
    left, right = quotient(node.left, env, free), quotient(node.right, env, free)
    return _ARITHMETIC[node.op](left, right) if left and right else None


def _if(node: ir.If, env: Env, free: Free) -> Quotient | None:
    truth = evaluate(node.condition, env)
    return None if isinstance(truth, Unknown) else quotient(node.then if truth else node.otherwise, env, free)


def _first(node: ir.First, env: Env, free: Free) -> Quotient | None:
    known = next((item for item in node.items if not isinstance(evaluate(item, env), Unknown)), None)
    return quotient(known, env, free) if known else None


def _folded(node: ir.Aggregate, env: Env, free: Free) -> Quotient | None:
    """Add up the rows that count today; those without a free cell come in one figure."""
    whole, column = number(evaluate(node, env)), node.column
    if node.fn not in ("sum", "mean") or column is None or whole is None:
        return None
    count = 1 if node.fn == "sum" else sum(_counts(node, env, entry) for entry in entries(node, env) or ())
    total: Quotient | None = Quotient(Linear(whole * count))
    for row in (env.inner(node.table, entry) for entry in _concerned(node, env, free) if _counts(node, env, entry)):
        if total and reads(column, row, free):
            more = quotient(ir.Arith("-", column, ir.Const(evaluate(column, row), column.type), column.type), row, free)
            total = plus(total, more) if more else None
    return Quotient(total.top.scaled(Fraction(1, count)), total.bottom) if total else None


def _counts(node: ir.Aggregate, env: Env, entry: Entry) -> bool:
    return node.where is None or evaluate(node.where, env.inner(node.table, entry)) is True


def plus(one: Quotient, two: Quotient, sign: int = 1) -> Quotient | None:
    """Add (or with `sign` -1 subtract) two; None where both bottoms move."""
    left, right = one.top.times(two.bottom), two.top.times(one.bottom)
    bottom = one.bottom.times(two.bottom)
    return Quotient(left.plus(right, sign), bottom) if left and right and bottom else None


def _times(one: Quotient, two: Quotient) -> Quotient | None:
    top, bottom = one.top.times(two.top), one.bottom.times(two.bottom)
    return Quotient(top, bottom) if top and bottom else None


def _over(one: Quotient, two: Quotient) -> Quotient | None:
    if two.top.slopes:
        return _times(one, Quotient(two.bottom, two.top))
    return _times(one, Quotient(two.bottom.scaled(1 / two.top.constant))) if two.top.constant else None


_ARITHMETIC: dict[str, Callable[[Quotient, Quotient], Quotient | None]] = {
    "+": plus,
    "-": lambda one, two: plus(one, two, -1),
    "*": _times,
    "/": _over,
}

_FORMS: dict[type, Callable[[Any, Env, Free], Quotient | None]] = {
    ir.Field: _field,
    ir.Measure: _measure,
    ir.Arith: _arith,
    ir.If: _if,
    ir.First: _first,
    ir.Aggregate: _folded,
}
