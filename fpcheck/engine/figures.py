"""Values as people read them. Rounding happens here and nowhere else."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from fpcheck.engine.scalar import rounded
from fpcheck.engine.unknown import Interval, Unknown
from fpcheck.finding import Figure
from fpcheck.problem import short
from fpcheck.submission import Submission
from fpcheck.terms import Type
from fpcheck.value import Month

LONGEST = 60
RATIO_PLACES = 10


def money_unit(submission: Submission) -> str:
    """Give the unit to show money in: the form's, else that of the first amount written, else yuan."""
    if submission.money_unit:
        return submission.money_unit
    units = sorted(submission.glossary.units, key=len, reverse=True)
    written = (cell.origin.raw.strip() for cell in submission.project.cells.values())
    return next((unit for text in written for unit in units if text.endswith(unit) and text[0].isdigit()), "元")


def figure(value: Any, kind: Type, unit: str, units: Mapping[str, int]) -> Figure:  # noqa: ANN401 - a value or Unknown
    """Show a value of a type; money in `unit`, `units` being yuan per unit."""
    if isinstance(value, Unknown):
        whys = "、".join(sorted({gap.why for gap in value.gaps}))
        return Figure(None, None, f"（{whys}）")
    if isinstance(value, Interval):
        return Figure(str(value), None, str(value))
    if kind is Type.MONEY:
        cents = rounded(value, Fraction(1))
        return Figure(f"{decimal(cents / 100, 2):f}", "元", f"{plain(cents / 100 / units[unit])}{unit}")
    if kind is Type.RATIO:
        return Figure(plain(value), None, f"{decimal(value * 100, 2):f}%")
    if isinstance(value, Fraction):
        return Figure(plain(value), None, plain(rounded(value, Fraction(1, 10_000))))
    return _worded(value)


def _worded(value: Any) -> Figure:  # noqa: ANN401
    match value:
        case bool():
            word = "是" if value else "否"
            return Figure(word, None, word)
        case Month():
            return Figure(str(value), None, f"{value.year}年{value.month}月")
        case date():
            return Figure(value.isoformat(), None, f"{value.year}年{value.month}月{value.day}日")
    text = str(value)
    return Figure(text, None, short(text, LONGEST))


def decimal(value: Fraction, places: int) -> Decimal:
    """Round half up to `places` decimals, keeping the zeros."""
    step = Fraction(1, 10**places)
    return Decimal(int(rounded(value, step) / step)).scaleb(-places)


def plain(value: Fraction) -> str:
    """Write a number without trailing zeros, with at most ten decimals."""
    text = f"{decimal(value, RATIO_PLACES):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
