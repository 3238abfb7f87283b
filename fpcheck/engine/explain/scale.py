"""How the figures of a cell are counted: in which steps, within which limits, and how a difference is told."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from fpcheck.engine.figures import decimal, figure, plain
from fpcheck.finding import Figure
from fpcheck.record import Cell
from fpcheck.terms import Term, Type
from fpcheck.value import MAX_RATIO, MAX_YUAN, YEARS

COUNTED = (Type.MONEY, Type.RATIO, Type.NUMBER, Type.COUNT, Type.DATE)
_SMALLEST = {Type.MONEY: Fraction(1), Type.RATIO: Fraction(1, 10**8), Type.NUMBER: Fraction(1, 10**6)}
_USUAL = {Type.MONEY: Fraction(10_000), Type.RATIO: Fraction(1, 10_000), Type.NUMBER: Fraction(1, 100)}
_LARGEST = Fraction(MAX_YUAN)
_HIGHEST = {Type.MONEY: _LARGEST * 100 - 1, Type.RATIO: Fraction(MAX_RATIO)}


@dataclass(frozen=True, slots=True)
class Scale:
    """The figures that a cell may hold; `steps` are those to look on, the one that people write in first.

    Money is in 分, ratios are fractions of one, dates are day numbers.
    """

    kind: Type
    steps: tuple[Fraction, ...]
    lowest: Fraction
    highest: Fraction
    unit: str
    units: Mapping[str, int]

    def holds(self, value: Fraction) -> bool:
        """Tell whether the cell may hold a figure."""
        return self.lowest <= value <= self.highest

    def figure(self, value: Fraction, step: Decimal | None = None) -> Figure:
        """Show a figure to the last digit; a rate or number with as many as `step` says that it is written with."""
        if self.kind is Type.DATE:
            return figure(date.fromordinal(int(value)), self.kind, self.unit, self.units)
        told = figure(value, self.kind, self.unit, self.units)
        if self.kind is Type.RATIO:
            return replace(told, text=f"{_written(value * 100, step * 100 if step else None)}%")
        return replace(told, text=_written(value, step)) if self.kind is Type.NUMBER else told

    def difference(self, before: Fraction, after: Fraction) -> str:
        """Tell how much more or less one figure is than the other."""
        apart = abs(after - before)
        if self.kind is Type.DATE:
            return f"{'晚' if after > before else '早'} {apart} 天"
        text = f"{plain(apart * 100)} 个百分点" if self.kind is Type.RATIO else self.figure(apart).text
        return f"{'再多' if after > before else '再少'} {text}"


def _written(value: Fraction, step: Decimal | None) -> str:
    """Write a number with the digits of `step`, all that it needs where there is none."""
    exponent = step.normalize().as_tuple().exponent if step else None
    return f"{decimal(value, max(-exponent, 0)):f}" if isinstance(exponent, int) else plain(value)


def scale_of(term: Term, cell: Cell, unit: str, units: Mapping[str, int]) -> Scale:
    """Give the scale of a field as it is written on a form whose money is in `unit`."""
    kind = term.type
    usual = _USUAL.get(kind, Fraction(1))
    if kind is Type.MONEY:
        usual = min(usual, Fraction(units[unit]))  # a hundredth of the form's unit, in 分
    written = Fraction(cell.step) if kind in _SMALLEST and cell.step else usual
    first = written if kind is Type.RATIO else min(written, usual)  # rates are rounded as they are written
    steps = tuple(sorted({first, min(first, usual), _SMALLEST.get(kind, first)}, reverse=True))
    lowest, highest = Fraction(0), _HIGHEST.get(kind, _LARGEST - 1)
    if kind is Type.DATE:
        lowest, highest = (Fraction(day.toordinal()) for day in (date(YEARS[0], 1, 1), date(YEARS[-1], 12, 31)))
    elif kind is Type.COUNT and term.unit == "年":
        lowest, highest = Fraction(YEARS[0]), Fraction(YEARS[-1])
    return Scale(kind, steps, lowest, highest, unit, units)
