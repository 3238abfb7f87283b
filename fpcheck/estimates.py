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
_MONTHS = ("月", "个月")
_JOINT = re.compile(r"[/·*•・×()每.]")
_PLACES = frozenset("村校县镇乡区店馆站点社班园院街巷厂企场")  # one character is enough: 12所学校, 每校
_EACH = re.compile("每个?([一-龥]{1,4})")
_WORDS_AFTER, _WORDS_BEFORE = re.compile("[一-龥]{0,6}"), re.compile("[一-龥]{0,6}$")
_PRICE_OF_ONE = re.compile("单价(?:均?为|是|约|不超过|不高于|控制在)?$")
_FOR_WHOM = re.compile("[为给向对][^,;。!?]{0,8}$")


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
        counted = _all_counted(price, per, found, text) if per else _taker(price, times, found, text)
        every = _repeated(counted[0], found, times, per) if len(counted) == 1 else None
        if every is None or (periods := _periods([*times, *every.times], found)) is None:
            continue
        per = per or counted[0].quantity.unit or ""
        how_many = (_counted(counted[0], per) or Fraction(counted[0].quantity.number or 0)) * every.often
        cents = Fraction(number) * yuan * 100
        others = tuple(o for o in found if o.quantity.kind == "count" and o not in (counted[0], every.by))
        said = text[price.start : price.end].split("/", maxsplit=1)[0]
        yield Estimate(int(cents), said, per, how_many, periods, cents * how_many * periods, others)


def _terms(price: Found, text: str) -> tuple[str, list[str]]:
    """Tell what a price is for and per which stretches of time, from its unit (元/人/月) or the words before it."""
    written = [part for part in _JOINT.split(price.quantity.unit or "") if part][1:]
    before = re.split("[,;。!?:()]", text[: price.start])[-1]
    spoken = [part for m in _PER.finditer(before) for part in m.groups() if part]
    terms = [*written, *spoken]
    things = [term for term in terms if term not in _TIME and term not in _NOT_PER]
    return (things[0] if things else ""), [term for term in terms if term in _TIME or term in _DAYS]


def _all_counted(price: Found, per: str, found: Sequence[Found], text: str) -> list[Found]:
    """Find the counts of what a price is for: of the same noun (35个村, 每村), else of the same unit (40台, 每台)."""
    said = _EACH.findall(re.split("[,;。!?:()]", text[: price.start])[-1] + text[price.start : price.end])
    nouns = [name for words in said for name in (words[:4], words[:3], words[:2], words[:1])]
    for noun in (name for name in nouns if len(name) > 1 or name in _PLACES):
        if named := [o for o in found if o is not price and _whole(o) and _of_noun(o, noun, text)]:
            return named
    return [other for other in found if _counted(other, per) is not None]


def _of_noun(found: Found, noun: str, text: str) -> bool:
    """Tell whether a count is one of a noun, that stands behind it (12所学校) or before it (行政村35个)."""
    after, before = _WORDS_AFTER.match(text, found.end), _WORDS_BEFORE.search(text[: found.start])
    return (after is not None and noun in after[0]) or (before is not None and before[0].endswith(noun))


def _taker(price: Found, times: Sequence[str], found: Sequence[Found], text: str) -> list[Found]:
    """Find what a price is for that does not say so itself; one at most."""
    start = price.start - len(re.split("[;。!?]", text[: price.start])[-1])
    before = [other for other in found if start <= other.start < price.start]
    counts = [other for other in before if _whole(other)]
    if _EACH_GETS.search(text[start : price.start]):  # 6个社区各10万元: the count next before it
        return counts[-1:]
    if _PRICE_OF_ONE.search(text[start : price.start]):  # 电脑40台,单价5500元: the one count since the price before
        since = max((other.end for other in before if other.quantity.kind == "money"), default=start)
        return [other for other in counts if other.start >= since]
    paid = times and price.quantity.unit == "元" and not any(other.quantity.kind == "money" for other in before)
    people = [other for other in counts if other.quantity.unit in _PEOPLE] if paid else []
    return [one for one in people if _FOR_WHOM.search(text[start : one.start])]  # 为1200名老人每月发放50元


class _Repeated(NamedTuple):
    """How often a count is to be taken: as often as another count `by` says, and per these stretches of time."""

    often: Fraction
    times: tuple[str, ...] = ()
    by: Found | None = None


def _repeated(counted: Found, found: Sequence[Found], times: Sequence[str], per: str) -> _Repeated | None:
    """Tell how often a count is to be taken: 每期50人 as many times as there are 期, 每月10人 twelve times.

    None when nothing tells how often. Under a price that is itself per month 每月 counts once; 每人每月2800元聘用60人
    says what each gets.
    """
    each = counted.quantity.per
    if each is None or per in each.split("·") or (each in _TIME and times):
        return _Repeated(Fraction(1))
    if each in _TIME:
        return _Repeated(Fraction(1), (each,))
    whole = [o for o in found if o.quantity.per in (None, "年") and _counted(o, each) is not None]
    return _Repeated(_counted(whole[0], each) or Fraction(0), (), whole[0]) if len(whole) == 1 else None


def _whole(found: Found) -> bool:
    """Tell whether a quantity is a count of one figure, not a range."""
    return found.quantity.kind == "count" and found.quantity.number is not None and found.quantity.upper is None


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
    """Give how often a price is paid: a year, or in the months that the text states; per day it needs the days."""
    if any(time in _DAYS for time in times):
        days = [f.quantity.number for f in found if f.quantity.unit in _DAYS]
        return Fraction(days[0]) if len(days) == 1 and isinstance(days[0], Decimal) else None
    often = Fraction(max((_TIME[time] for time in times), default=1))
    months = [f.quantity.number for f in found if f.quantity.unit in _MONTHS and f.quantity.number is not None]
    return Fraction(months[0]) if often == _TIME["月"] and len(months) == 1 else often
