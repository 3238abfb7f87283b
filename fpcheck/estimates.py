"""Unit price × quantity in a text: “慰问110户，每户500元” → 55,000 yuan a year."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from fpcheck.quantity import Found
from fpcheck.unit import scale

_PER = re.compile("每(公里|平方米|立方米|[一-龥])|单([一-龥])|([人户亩生村])均")
_EACH_GETS = re.compile(
    "各自?(?:给予|发放|奖励|奖补|补助|补贴|安排|拨付|支持|投入|下达|配套|[发奖补拨给]){0,2}(?:资金|经费)?$"
)
_TIME = {"年": 1, "学年": 1, "月": 12, "季": 4, "季度": 4, "学期": 2, "半年": 2}
_DAYS = ("天", "日")
_PEOPLE = frozenset(["人", "名", "位", "员", "生", "人口"])
_NOT_PER = frozenset("年月日天次季价")


class Estimate(NamedTuple):
    """A unit price, what it is for, how many of them, over how many periods a year; money in 分.

    `written` is the price as the text has it, `others` are the counts that have no part in it.
    """

    price: int
    written: str
    per: str
    number: Fraction
    periods: Fraction
    amount: Fraction
    others: tuple[Found, ...]


def estimates(found: Sequence[Found], text: str, units: dict[str, int]) -> Iterator[Estimate]:
    """Pair every unit price with the one quantity of its unit; a price that fits none or several is left out."""
    for price in found:
        yuan = units.get((price.quantity.unit or "").split("/")[0])
        number = price.quantity.number
        if price.quantity.kind != "money" or yuan is None or number is None or price.quantity.upper is not None:
            continue
        per, times = _terms(price, text)
        if not per and (each := _shared_out(price, found, text)):
            per, counted = each.quantity.unit or "", [each]
        else:
            counted = [other for other in found if per and _counted(other, per) is not None]
        periods, every = _periods(times, found), _repeated(counted[0], found, times) if len(counted) == 1 else None
        if every is None or periods is None:
            continue
        how_many = (_counted(counted[0], per) or 0) * every.times
        cents = Fraction(number) * yuan * 100
        others = tuple(o for o in found if o.quantity.kind == "count" and o not in (counted[0], every.by))
        said = text[price.start : price.end].split("/", maxsplit=1)[0]
        yield Estimate(int(cents), said, per, how_many, periods, cents * how_many * periods, others)


def _terms(price: Found, text: str) -> tuple[str, list[str]]:
    """Tell what a price is for and per which stretches of time, from its unit (元/人/月) or the words before it."""
    written = (price.quantity.unit or "").split("/")[1:]
    before = re.split("[,;。!?:()]", text[: price.start])[-1]
    spoken = [part for m in _PER.finditer(before) for part in m.groups() if part]
    terms = [*written, *spoken]
    things = [term for term in terms if term not in _TIME and term not in _NOT_PER]
    return (things[0] if things else ""), [term for term in terms if term in _TIME or term in _DAYS]


def _shared_out(price: Found, found: Sequence[Found], text: str) -> Found | None:
    """Find what each gets a price in “6个社区各10万元”: the count next before it in the sentence."""
    start = price.start - len(re.split("[;。!?]", text[: price.start])[-1])
    if not _EACH_GETS.search(text[start : price.start]):
        return None
    before = (other for other in reversed(found) if start <= other.start < price.start)
    return next((other for other in before if other.quantity.kind == "count"), None)


class _Repeated(NamedTuple):
    """How many times a count is to be taken, and the other count that says so."""

    times: Fraction
    by: Found | None = None


def _repeated(counted: Found, found: Sequence[Found], times: Sequence[str]) -> _Repeated | None:
    """Tell how many times a count is to be taken: 每期50人 as many times as there are 期, 每月10人 twelve times.

    None when nothing tells how many times; under a price that is itself per month 每月 counts once.
    """
    each = counted.quantity.per
    if each is None or (each in _TIME and times):
        return _Repeated(Fraction(1))
    if each in _TIME:
        return _Repeated(Fraction(_TIME[each]))
    whole = [o for o in found if o.quantity.per in (None, "年") and _counted(o, each) is not None]
    return _Repeated(_counted(whole[0], each) or Fraction(0), whole[0]) if len(whole) == 1 else None


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
