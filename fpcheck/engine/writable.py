"""The figures that a field can be filled in with: from where to where, in which steps."""

from datetime import date
from fractions import Fraction
from math import ceil, floor

from fpcheck.engine.feasible import Span
from fpcheck.record import Cell
from fpcheck.terms import Term, Type
from fpcheck.value import MAX_RATIO, MAX_YUAN, YEARS

Ends = tuple[Fraction, Fraction]
"""The least and the greatest figure, both among them: money in 分, ratios as fractions of one, dates as day numbers."""

FINEST = {Type.RATIO: Fraction(1, 10_000), Type.NUMBER: Fraction(1, 100)}
"""The steps in which figures that need not be whole are proposed, unless they were written finer."""


def limits(term: Term) -> Ends:
    """Give the least and the greatest figure that a field takes."""
    if term.type is Type.DATE:
        days = date(YEARS.start, 1, 1), date(YEARS.stop - 1, 12, 31)
        return Fraction(days[0].toordinal()), Fraction(days[1].toordinal())
    if term.unit == "年":
        return Fraction(YEARS.start), Fraction(YEARS.stop - 1)
    largest = {Type.MONEY: Fraction(MAX_YUAN) * 100 - 1, Type.RATIO: Fraction(MAX_RATIO)}
    return Fraction(0), largest.get(term.type, Fraction(MAX_YUAN) - 1)


def step(term: Term, cell: Cell, *, as_written: bool) -> Fraction:
    """Give the steps in which a cell is filled in: those it was written in, where others are rounded to it."""
    if term.type not in FINEST:
        return Fraction(1)
    written = Fraction(cell.step) if cell.step else FINEST[term.type]
    return written if as_written else min(written, FINEST[term.type])


def ends(span: Span, term: Term, steps: Fraction) -> Ends | None:
    """Round a span inward to figures that can be written; None where there is none.

    One figure alone that need not be whole is kept as it is.

    Raises:
        ValueError: a figure that need not be whole may lie between the steps, or a bound is lacking.
    """
    if span.only is not None and term.type in FINEST:
        return span.only, span.only
    if span.low is None or span.high is None:
        raise ValueError(term.name)
    low, high = ceil(span.low / steps) * steps, floor(span.high / steps) * steps
    low += steps if span.low_open and low == span.low else 0
    high -= steps if span.high_open and high == span.high else 0
    if low > high and term.type in FINEST:
        raise ValueError(term.name)
    return (low, high) if low <= high else None
