"""What a few cells must fulfil for a condition to come out true, or false: linear constraints with alternatives.

A condition, or a part of one, that is not linear in the free cells is taken to stay as it is. An answer found with
these constraints must therefore be tried on the rules themselves before it is shown.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date
from fractions import Fraction
from itertools import chain, product
from typing import Any

from fpcheck.engine.env import Env
from fpcheck.engine.evaluate import entries, evaluate
from fpcheck.engine.linear import Free, Linear, Quotient, plus, quotient, reads
from fpcheck.rulebook import ir
from fpcheck.terms import Type

MOST_WAYS = 64


@dataclass(frozen=True, slots=True)
class Constraint:
    """`form op 0`; `op` is `<`, `<=` or `=`."""

    form: Linear
    op: str


Ways = tuple[tuple[Constraint, ...], ...]
"""Alternatives, each a list of constraints that must all hold; none at all = impossible, an empty list = always."""

ALWAYS: Ways = ((),)
NEVER: Ways = ()


def demands(node: ir.Expr, env: Env, free: Free, *, wanted: bool) -> Ways:
    """Give what the free cells must fulfil for a condition to be `wanted`.

    More than `MOST_WAYS` alternatives count as impossible.
    """
    meaning = _DEMANDS.get(type(node))
    if meaning is None or not reads(node, env, free):
        return _as_today(node, env, wanted=wanted)
    return meaning(node, env, free, wanted)


def _as_today(node: ir.Expr, env: Env, *, wanted: bool) -> Ways:
    return ALWAYS if evaluate(node, env) is wanted else NEVER


def _every(each: Iterable[Ways]) -> Ways:
    ways = ALWAYS
    for more in each:
        if len(ways) * len(more) > MOST_WAYS:
            return NEVER
        ways = tuple((*one, *two) for one, two in product(ways, more))
    return ways


def _some(each: Iterable[Ways]) -> Ways:
    found = tuple(chain.from_iterable(each))
    if () in found:
        return ALWAYS
    return found if len(found) <= MOST_WAYS else NEVER


def _not(node: ir.Not, env: Env, free: Free, wanted: bool) -> Ways:  # noqa: FBT001 - one shape for all of them
    return demands(node.item, env, free, wanted=not wanted)


def _logic(node: ir.And | ir.Or, env: Env, free: Free, wanted: bool) -> Ways:  # noqa: FBT001
    each = (demands(item, env, free, wanted=wanted) for item in node.items)
    return _every(each) if isinstance(node, ir.And) is wanted else _some(each)


def _measure(node: ir.Measure, env: Env, free: Free, wanted: bool) -> Ways:  # noqa: FBT001
    return demands(node.body, env.at(node.scope), free, wanted=wanted)


def _member(node: ir.Member, env: Env, free: Free, wanted: bool) -> Ways:  # noqa: FBT001
    equal = ir.Or(tuple(ir.Compare("=", node.item, option) for option in node.options))
    return demands(equal, env, free, wanted=wanted)


def _aggregate(node: ir.Aggregate, env: Env, free: Free, wanted: bool) -> Ways:  # noqa: FBT001
    if node.fn != "any" or node.where is None:
        return _as_today(node, env, wanted=wanted)
    where = node.where
    rows = [env.inner(node.table, entry) for entry in entries(node, env) or ()]
    each = (demands(where, row, free, wanted=wanted) for row in rows)
    return _some(each) if wanted else _every(each)


def _compare(node: ir.Compare, env: Env, free: Free, wanted: bool) -> Ways:  # noqa: FBT001
    if days := _of_year(node, env, free):
        return demands(days, env, free, wanted=wanted)
    for one, two in ((node.left, node.right), (node.right, node.left)):
        if node.op == "=" and isinstance(one, ir.AsWritten):
            found = _near(one, two, env, free)
            break
    else:
        found = _ordered(node.op, quotient(node.left, env, free), quotient(node.right, env, free))
    if found is None:
        return _as_today(node, env, wanted=wanted)
    holds, fails = found
    return holds if wanted else fails


def _of_year(node: ir.Compare, env: Env, free: Free) -> ir.Expr | None:
    """Write a comparison of a moving date's year with a known year as one of days."""
    for one, two, flipped in ((node.left, node.right, False), (node.right, node.left, True)):
        if not isinstance(one, ir.Call) or one.fn != "年份" or reads(two, env, free):
            continue
        year, day = evaluate(two, env), one.args[0]
        if not isinstance(year, Fraction) or not MINYEAR <= year < MAXYEAR:
            return None
        first, last = (ir.Const(date(int(year) + more, 1, 1), Type.DATE) for more in (0, 1))
        after, before = ir.Compare("<=", first, day), ir.Compare("<", day, last)
        if node.op == "=":
            return ir.And((after, before))
        if flipped:
            return after if node.op == "<=" else ir.Not(before)
        return before if node.op == "<=" else ir.Not(after)
    return None


def _compare_quotient(node: ir.CompareQuotient, env: Env, free: Free, wanted: bool) -> Ways:  # noqa: FBT001
    divided = ir.Arith("/", node.dividend, node.divisor, node.bound.type)
    left, right = (node.bound, divided) if node.flipped else (divided, node.bound)
    return _compare(ir.Compare(node.op, left, right), env, free, wanted)


def _ordered(op: str, left: Quotient | None, right: Quotient | None) -> tuple[Ways, Ways] | None:
    """Give what makes `left op right` hold, and what makes it fail."""
    found = _difference(left, right)
    if found is None:
        return None
    form, sure = found
    if op == "=":
        return _with(sure, (form, "=")), (*_with(sure, (form, "<")), *_with(sure, (form.scaled(-1), "<")))
    opposite = {"<": "<=", "<=": "<"}[op]
    return _with(sure, (form, op)), _with(sure, (form.scaled(-1), opposite))


def _with(sure: tuple[Constraint, ...], *more: tuple[Linear, str]) -> Ways:
    return ((*sure, *(Constraint(form, op) for form, op in more)),)


def _near(node: ir.AsWritten, other: ir.Expr, env: Env, free: Free) -> tuple[Ways, Ways] | None:
    """Compare a figure rounded half up as written with another; figures on forms are not negative."""
    step = env.cell(node.stated.scope, node.stated.name).step
    item, stated = quotient(node.item, env, free), quotient(other, env, free)
    if not step or item is None or stated is None:
        return _ordered("=", item, stated)
    half = Quotient(Linear(Fraction(step) / 2))
    low, high = _difference(plus(stated, half, -1), item), _difference(item, plus(stated, half))
    if low is None or high is None:
        return None
    (under, sure), (over, _) = low, high
    outside = (*_with(sure, (under.scaled(-1), "<")), *_with(sure, (over.scaled(-1), "<=")))
    return _with(sure, (under, "<="), (over, "<")), outside


def _difference(left: Quotient | None, right: Quotient | None) -> tuple[Linear, tuple[Constraint, ...]] | None:
    """Give `left - right` times both bottoms, with the demand that a bottom which moves stays above zero."""
    if left is None or right is None:
        return None
    one, two = left.top.times(right.bottom), right.top.times(left.bottom)
    if one is None or two is None:
        return None
    moving = [side.bottom for side in (left, right) if side.bottom.slopes]
    return one.plus(two, -1), tuple(Constraint(bottom.scaled(-1), "<") for bottom in moving)


_DEMANDS: dict[type, Callable[[Any, Env, Free, bool], Ways]] = {
    ir.Not: _not,
    ir.And: _logic,
    ir.Or: _logic,
    ir.Measure: _measure,
    ir.Member: _member,
    ir.Aggregate: _aggregate,
    ir.Compare: _compare,
    ir.CompareQuotient: _compare_quotient,
}
