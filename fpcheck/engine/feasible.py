"""Linear constraints over a few cells: can they all hold, and between which bounds? Exact, by Fourier and Motzkin."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

from fpcheck.engine.demand import Constraint
from fpcheck.engine.linear import CellRef, Linear

MOST_CONSTRAINTS = 400


class TooManyError(ArithmeticError):
    """More constraints than are worked through."""


@dataclass(frozen=True, slots=True)
class Span:
    """The values a cell may take; None = no bound, `open` = the bound itself is not among them."""

    low: Fraction | None = None
    high: Fraction | None = None
    low_open: bool = False
    high_open: bool = False

    @property
    def only(self) -> Fraction | None:
        """The one value, None where there are several."""
        return self.low if self.low == self.high else None


def spans(constraints: Iterable[Constraint], cells: Iterable[CellRef]) -> dict[CellRef, Span] | None:
    """Give the bounds of each cell over all solutions, None where there is none.

    Raises:
        TooManyError: more than `MOST_CONSTRAINTS` at any step.
    """
    wanted, given = sorted(set(cells), key=str), _tightest(constraints)
    found = {}
    for cell in wanted:
        left = given
        for other in wanted:
            left = _without(left, other) if left is not None and other != cell else left
        span = _span(left, cell) if left is not None else None
        if span is None:
            return None
        found[cell] = span
    return found if found or given is not None else None


def with_value(constraints: Iterable[Constraint], cell: CellRef, value: Fraction) -> list[Constraint]:
    """Put a value in a cell's place."""
    fixed = Linear(value)
    return [replace(each, form=_put(each.form, cell, fixed)) for each in constraints]


def _put(form: Linear, cell: CellRef, value: Linear) -> Linear:
    slope = form.slopes.get(cell)
    if slope is None:
        return form
    return Linear(form.constant, {c: s for c, s in form.slopes.items() if c != cell}).plus(value, slope)


def _tightest(constraints: Iterable[Constraint]) -> list[Constraint] | None:
    """Keep the tightest of those that differ in their constant alone; None where one can never hold."""
    kept: dict[tuple[object, ...], Constraint] = {}
    for each in map(_scaled, constraints):
        if not each.form.slopes:
            if not _holds(each):
                return None
            continue
        key = (each.op == "=", *sorted(each.form.slopes.items(), key=str))
        if each.op == "=":
            key = (*key, each.form.constant)
        other = kept.get(key)
        if other is None or (each.form.constant, each.op == "<") > (other.form.constant, other.op == "<"):
            kept[key] = each
    if len(kept) > MOST_CONSTRAINTS:
        raise TooManyError(len(kept))
    return list(kept.values())


def _scaled(each: Constraint) -> Constraint:
    """Bring the first slope to 1 or -1 (to 1 in an equality), so that like constraints look alike."""
    if not each.form.slopes:
        return each
    first = each.form.slopes[min(each.form.slopes, key=str)]
    return replace(each, form=each.form.scaled(1 / (first if each.op == "=" else abs(first))))


def _holds(each: Constraint) -> bool:
    constant = each.form.constant
    return {"<": constant < 0, "<=": constant <= 0, "=": constant == 0}[each.op]


def _without(constraints: list[Constraint], cell: CellRef) -> list[Constraint] | None:
    """Eliminate a cell: what is left holds for some value of it."""
    mine = [each for each in constraints if cell in each.form.slopes]
    rest = [each for each in constraints if cell not in each.form.slopes]
    equal = next((each for each in mine if each.op == "="), None)
    if equal is not None:
        solved = _put(equal.form, cell, Linear(Fraction(0))).scaled(-1 / equal.form.slopes[cell])
        return _tightest([*rest, *(replace(e, form=_put(e.form, cell, solved)) for e in mine if e is not equal)])
    upper = [each for each in mine if each.form.slopes[cell] > 0]
    lower = [each for each in mine if each.form.slopes[cell] < 0]
    if len(upper) * len(lower) > MOST_CONSTRAINTS**2:
        raise TooManyError(len(upper) * len(lower))
    return _tightest([*rest, *(_joined(up, low, cell) for up in upper for low in lower)])


def _joined(up: Constraint, low: Constraint, cell: CellRef) -> Constraint:
    form = up.form.scaled(1 / up.form.slopes[cell]).plus(low.form, -1 / low.form.slopes[cell])
    return Constraint(form, "<" if "<" in (up.op, low.op) else "<=")


def _span(constraints: list[Constraint], cell: CellRef) -> Span | None:
    """Read the bounds of the only cell left; None where they cross."""
    span = Span()
    for each in constraints:
        slope = each.form.slopes[cell]
        bound, is_open = -each.form.constant / slope, each.op == "<"
        if (each.op == "=" or slope < 0) and (span.low is None or (bound, is_open) > (span.low, span.low_open)):
            span = replace(span, low=bound, low_open=is_open)
        if (each.op == "=" or slope > 0) and (span.high is None or (-bound, is_open) > (-span.high, span.high_open)):
            span = replace(span, high=bound, high_open=is_open)
    if span.low is None or span.high is None:
        return span
    crossed = span.low > span.high or (span.low == span.high and (span.low_open or span.high_open))
    return None if crossed else span
