"""Unit price × quantity in a text: “慰问110户，每户500元” → 55,000 yuan a year."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from fpcheck.quantity import Found
from fpcheck.unit import scale

_PER = re.compile("每(公里|平方米|立方米|[一-龥])|单([一-龥])|([人户亩生村])均")
_TIME = {"年": 1, "学年": 1, "月": 12, "季": 4, "季度": 4, "学期": 2, "半年": 2}
_DAYS = ("天", "日")
_PEOPLE = frozenset(["人", "名", "位", "员", "生", "人口"])
_NOT_PER = frozenset("年月日天次季价")


class Estimate(NamedTuple):
    """A unit price, what it is for, how many of them, over how many periods a year; money in 分."""

    price: int
    per: str
    number: Fraction
    periods: Fraction
    amount: Fraction


def estimates(found: Sequence[Found], text: str, units: dict[str, int]) -> Iterator[Estimate]:
    """Pair every unit price with the one quantity of its unit; a price that fits none or several is left out."""
    for price in found:
        yuan = units.get((price.quantity.unit or "").split("/")[0])
        number = price.quantity.number
        if price.quantity.kind != "money" or yuan is None or number is None or price.quantity.upper is not None:
            continue
        per, times = _terms(price, text)
        counted = [n for other in found if (n := _counted(other, per)) is not None] if per else []
        periods = _periods(times, found)
        if per and len(counted) == 1 and periods is not None:
            cents = Fraction(number) * yuan * 100
            yield Estimate(int(cents), per, counted[0], periods, cents * counted[0] * periods)


def _terms(price: Found, text: str) -> tuple[str, list[str]]:
    """Tell what a price is for and per which stretches of time, from its unit (元/人/月) or the words before it."""
    written = (price.quantity.unit or "").split("/")[1:]
    before = re.split("[,;。!?:()]", text[: price.start])[-1]
    spoken = [part for m in _PER.finditer(before) for part in m.groups() if part]
    terms = [*written, *spoken]
    things = [term for term in terms if term not in _TIME and term not in _NOT_PER]
    return (things[0] if things else ""), [term for term in terms if term in _TIME or term in _DAYS]


def _counted(found: Found, per: str) -> Fraction | None:
    """Give how many of a thing a quantity states, None when it states something else."""
    quantity = found.quantity
    if quantity.kind not in ("count", "number") or quantity.number is None or quantity.upper is not None:
        return None
    unit, size = scale(quantity.unit or "")
    wanted, one = scale(per)
    people = unit in _PEOPLE and wanted in _PEOPLE
    return Fraction(quantity.number) * size / one if people or unit == wanted else None


def _periods(times: Sequence[str], found: Sequence[Found]) -> Fraction | None:
    """Give how often a year a price is paid; a price per day needs the number of days."""
    if not any(time in _DAYS for time in times):
        return Fraction(max((_TIME[time] for time in times), default=1))
    days = [f.quantity.number for f in found if f.quantity.unit in _DAYS]
    return Fraction(days[0]) if len(days) == 1 and isinstance(days[0], Decimal) else None
