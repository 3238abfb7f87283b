"""The numbers and dates of a text, and which of them is the one value that a cell states.

No function raises for any `str`.
"""

import re
from decimal import Decimal
from typing import NamedTuple

from fpcheck import comparator, numeral, relative
from fpcheck.dates import Day, dates
from fpcheck.lexicon import any_of
from fpcheck.unit import is_multiple, kind_of
from fpcheck.worded import Quantity, worded
from fpcheck.written import Written, numbers

_THOUSAND = 1000
_PARTED = -3  # the exponent of a figure with three decimals


class Token(NamedTuple):
    """A number or date of a text; `state` as in `Written`, "bare" for a year alone."""

    start: int
    end: int
    state: str
    quantity: Quantity
    money: bool = False


def _number_token(found: Written) -> Token:
    if found.state in ("unclear", "broken") or is_foreign(found.number, found.unit):
        return Token(found.start, found.end, "broken" if found.state == "broken" else "unclear", worded("text", "no"))
    unit = found.unit
    if found.money and is_multiple(unit or "万"):
        unit = f"{unit or ''}元"
    kind = "count" if found.events and unit is None else kind_of(unit)
    quantity = Quantity(found.sign, found.number, unit, kind, None, "yes", found.upper)
    return Token(found.start, found.end, found.state, quantity, found.money)


def is_foreign(number: Decimal | None, unit: str | None) -> bool:
    """Whether a count of whole things may have its thousands parted by a point: 1.100人."""
    parted = number is not None and 1 <= abs(number) < _THOUSAND and number.as_tuple().exponent == _PARTED
    return parted and unit is not None and unit[0] not in "十百千万亿" and kind_of(unit) == "count"


def date_token(day: Day) -> Token:
    """A date as a token."""
    if not day.when:
        return Token(day.start, day.end, "unclear", worded("text", "no"))
    quantity = Quantity(day.sign, None, None, "date", day.when, "no" if day.bare else "yes")
    return Token(day.start, day.end, "bare" if day.bare else "fine", quantity)


def scan(text: str, *, dated: bool = True) -> list[Token]:
    """All numbers and dates in order of a normalised text whose idioms and ordinals were blanked."""
    days = dates(text) if dated else []
    rest = numeral.erase(text, ((day.start, day.end) for day in days))
    found = [*map(_number_token, numbers(rest)), *map(date_token, days)]
    tokens: list[Token] = []
    for token in sorted(found, key=lambda token: token.start):
        if not tokens or token.start >= tokens[-1].end:  # else a remark inside: 20人(含2023年底)以上
            tokens.append(token)
    return tokens


_RUN = re.compile(r"[A-Za-z\d./—-]+", re.ASCII)  # with a letter in it a code: GB/T1234-2020, A4, 5G


def _all_read(plain: str, tokens: list[Token], inner: list[bool]) -> bool:
    """Whether every figure of a cell without idioms belongs to a token, a code or a remark in brackets."""
    rest = numeral.erase(plain, ((token.start, token.end) for token in tokens))
    if not any(char.isnumeric() for char in rest):
        return True
    rest = numeral.erase(rest, (m.span() for m in _RUN.finditer(rest) if m[0].lower() != m[0].upper()))
    return not any((char in "0123456789" or numeral.is_odd(char)) and not inner[at] for at, char in enumerate(rest))


def _between(one: Token, two: Token, gap: str) -> Quantity | None:
    """The range that two bounds make: ≥70%且≤80%, 大于70%小于80%."""
    low, high = (
        (one.quantity, two.quantity) if one.quantity.comparator in comparator.UP else (two.quantity, one.quantity)
    )
    if low.comparator not in comparator.UP or high.comparator not in comparator.DOWN or not _LINKED.fullmatch(gap):
        return None
    if low.number is None or high.number is None or low.number > high.number or low.unit not in (None, high.unit):
        return None
    return high._replace(comparator="range", number=low.number, upper=high.number)


def _became(one: Token, two: Token, gap: str) -> bool:
    """Whether the second value is the level that the first became: 由30分钟缩短至8分钟, 80%提高到95%."""
    old, new = one.quantity, two.quantity
    level = old.comparator is None and old.unit in (None, new.unit)
    return level and new.comparator != "range" and relative.leads_to(gap)


def _total(values: list[Token], plain: str) -> Token | None:
    """The sum that a cell states beside its parts (小学3所、初中2所，共5所) or beside a rate (每网格1名共46名)."""
    totals = [token for token in values if _SUM.search(plain, max(0, token.start - _SUM_WORD), token.start)]
    if len(totals) != 1 or values[-1] is not totals[0]:
        return None
    total = totals[0].quantity
    if total.unit is None or any(t.quantity.unit != total.unit or t.quantity.upper is not None for t in values):
        return None
    parts = [t.quantity.number or 0 for t in values[:-1] if relative.period(plain[: t.start], t.start) is None]
    return totals[0] if not parts or sum(parts) == total.number else None


_SUM = re.compile(f"(?:{any_of('合计的说法')})$")
_SUM_WORD = 4
# 上下半年各1次, A村和B村各3盏: as often as there are things named. 每季度各1次 is told by the 每.
_EACH_OF = re.compile(f"(?<!每.)(?<!每..)(?<!每...)各(?:{any_of('各自做的')})?$")
_EACH_WORD = 8
_LINKED = re.compile("[,;、]?(?:[且并而和]|同时|并且|而且)?")


def _together(values: list[Token], plain: str) -> Token | None:
    """The one value that several make together: a range, the level reached, a sum; None where they make none."""
    if len(values) == 2:  # noqa: PLR2004 - the two bounds of a range, or before and after a change
        one, two = values
        gap = plain[one.end : two.start]
        if whole := _between(one, two, gap):
            return two._replace(quantity=whole)
        if _became(one, two, gap):
            return two
    return _total(values, plain)


def pick(tokens: list[Token], plain: str, *, timed: bool) -> Token | None:
    """The one value a cell states, or None when it states several or none, or one that cannot be read.

    A date beside a number is the number's deadline (12月底前完成500人), unless the name asks for a date.
    """
    inner = numeral.remarks(plain)
    outer = [token for token in tokens if not inner[token.start]]
    if not tokens or not _all_read(plain, tokens, inner if outer else [False] * len(plain)):
        return None
    outer = outer or tokens
    figures = [token for token in outer if token.quantity.kind != "date"]
    days = [token for token in outer if token.quantity.kind == "date" and token.state != "bare"]
    if any(_EACH_OF.search(plain, max(0, token.start - _EACH_WORD), token.start) for token in figures):
        return None
    values = [token for token in figures if token.state != "per"] or figures or days or outer
    if any(token.state in ("unclear", "broken", "per") for token in values) or (timed and figures and days):
        return None
    if len(figures) < len(outer) and any(token.quantity.unit is None for token in figures):  # 2023年12: of which month?
        return None
    if (stated := _together(values, plain)) is not None:
        return stated
    first = values[0].quantity
    same = len(values) == 1 or ((first.unit or first.date) and len({token.quantity for token in values}) == 1)
    return values[0] if same else None
