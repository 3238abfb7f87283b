"""What a single cell may hold: demands on one cell as spans of figures, and the figures nearest to the present one."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from fpcheck.engine.demand import Constraint, Ways
from fpcheck.engine.linear import CellRef


@dataclass(frozen=True, slots=True)
class Span:
    """Figures from `low` to `high`, None without a bound; `over` and `under` tell that the bound itself is left out."""

    low: Fraction | None = None
    high: Fraction | None = None
    over: bool = False
    under: bool = False

    def lowest(self, step: Fraction) -> Fraction | None:
        """Give the lowest multiple of `step`, None without a bound."""
        if self.low is None:
            return None
        count = -(-self.low // step)
        return (count + (self.over and count * step == self.low)) * step

    def highest(self, step: Fraction) -> Fraction | None:
        """Give the highest multiple of `step`, None without a bound."""
        if self.high is None:
            return None
        count = self.high // step
        return (count - (self.under and count * step == self.high)) * step

    def holds(self, figure: Fraction) -> bool:
        """Tell whether a figure lies in the span."""
        above = self.low is None or figure > self.low or (figure == self.low and not self.over)
        return above and (self.high is None or figure < self.high or (figure == self.high and not self.under))

    def nearest(self, figure: Fraction, step: Fraction) -> Fraction | None:
        """Give the multiple of `step` next to a figure outside the span, None where there is none or it is inside."""
        low, high = self.lowest(step), self.highest(step)
        if self.holds(figure) or (low is not None and high is not None and low > high):
            return None
        if low is not None and figure < low:
            return low
        return high if high is not None and high < figure else None


def spans(ways: Ways, cell: CellRef) -> Iterator[Span]:
    """Give the spans of figures of one cell that fulfil a demand on it alone."""
    for way in ways:
        span: Span | None = Span()
        for constraint in way:
            span = _narrowed(span, constraint, cell) if span else None
        if span and not _empty(span):
            yield span


def _narrowed(span: Span, constraint: Constraint, cell: CellRef) -> Span | None:
    slope, constant = constraint.form.slopes.get(cell, Fraction(0)), constraint.form.constant
    strict = constraint.op == "<"
    if not slope:
        holds = constant == 0 if constraint.op == "=" else constant < 0 if strict else constant <= 0
        return span if holds else None
    bound = -constant / slope
    if constraint.op == "=":
        return _from_above(_from_below(span, bound, left_out=False), bound, left_out=False)
    return _from_above(span, bound, left_out=strict) if slope > 0 else _from_below(span, bound, left_out=strict)


def _from_below(span: Span, low: Fraction, *, left_out: bool) -> Span:
    if span.low is not None and (span.low, span.over) > (low, left_out):
        return span
    return Span(low, span.high, left_out, span.under)


def _from_above(span: Span, high: Fraction, *, left_out: bool) -> Span:
    if span.high is not None and (span.high, not span.under) < (high, not left_out):
        return span
    return Span(span.low, high, span.over, left_out)


def _empty(span: Span) -> bool:
    if span.low is None or span.high is None:
        return False
    return span.low > span.high or (span.low == span.high and (span.over or span.under))
