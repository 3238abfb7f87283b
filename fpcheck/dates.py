"""Dates and periods in a text: 2023年9月底前, 1-6月, 上半年, 2023.12.31.

No function raises for any `str`.
"""

import re
from calendar import monthrange
from datetime import date
from typing import NamedTuple

from fpcheck.numeral import CN_CHARS, YEAR, chinese, pairs
from fpcheck.unit import A_UNIT

LINK = r"(?:-{1,2}|~{1,2}|至|到)"
_MON = "(?:1[0-2]|0?[1-9])"
_DAY = r"3[01]|[12]\d|0?[1-9]"
_DATE = re.compile(
    r"(?P<pre>≤|<=|<|≥|>=|=|不晚于|不迟于|早于)?(?:每|当|次|本)?(?<![\d.])(?:"
    rf"(?:(?P<y>{YEAR})年度?)?(?:(?P<m>{_MON}|十[一二]?|[一二三四五六七八九])月份?(?:(?P<d>{_DAY})[日号])?"
    rf"|(?P<m0>{_MON}){LINK}(?P<m1>{_MON})月|第?(?P<q>[一二三四1-4])季度|(?P<half>[上下])半年)"
    rf"|(?P<yn>{YEAR})(?P<sep>[./-])(?P<mn>1[0-2]|0[1-9]|[1-9](?=[./-]\d))(?:(?P=sep)(?P<dn>{_DAY}))?"
    rf"(?![\d.%‰]|[ ]?{A_UNIT})"
    rf"|(?P<yy>{YEAR})(?:年度?|(?=[-~至到]{YEAR}年))|(?<![个半{CN_CHARS}])(?P<rel>年|季度|月)(?=[底末终内]))"
    r"(?P<part>年?[底末终]|[上中下]旬|初|中(?=[前完]))?(?P<before>之前|以前|前(?![期后提])|之?内)?",
    re.ASCII,
)
_QUARTER = pairs("一=03 二=06 三=09 四=12 1=03 2=06 3=09 4=12 上=06 下=12")
_REL = pairs("年=????-12 季度=????-Q? 月=????-??")


class Day(NamedTuple):
    """A date at `start:end`: its comparator, its ISO-like text, and whether it is only a bare year."""

    start: int
    end: int
    sign: str
    when: str
    bare: bool = False


def _month(text: str) -> str:
    return f"{int(text) if text.isascii() else int(chinese(text) or 0):02d}"


def _when(m: re.Match[str]) -> str:
    """The date or period a date match names."""
    if m["rel"]:
        return _REL[m["rel"]]
    year = m["y"] or m["yn"] or m["yy"] or "????"
    if m["m0"]:
        return f"{year}-{_month(m['m0'])}/{year}-{_month(m['m1'])}"
    if m["yy"]:
        return f"{year}-12" if m["part"] and m["part"][-1] in "底末终" else year
    month, day = m["m"] or m["mn"] or _QUARTER[m["q"] or m["half"]], m["d"] or m["dn"]
    return f"{year}-{_month(month)}" + (f"-{int(day):02d}" if day else "")


def _day(m: re.Match[str]) -> Day:
    """The date of a match: "<" for 9月前, "≤" for other deadlines, "range" for 1-6月."""
    when = _when(m)
    strict = (m["before"] or "").endswith("前") and not (m["part"] or m["d"] or m["dn"] or m["rel"])
    sign = {">=": "≥", "=": "=", "≥": "≥", "<": "<", "早于": "<"}.get(m["pre"], "<" if strict else "≤")
    bare = bool(m["yy"]) and not m["part"] and not m["before"]
    return Day(m.start(), m.end(), "range" if "/" in when else sign, when, bare)


def _join(first: Day, last: Day) -> Day:
    """Two linked dates as one period; a year missing at the end is the first's."""
    end = last.when.replace("????", first.when[:4])
    return Day(first.start, last.end, "range", f"{first.when}/{end}")


def dates(text: str) -> list[Day]:
    """All dates of a normalised text, linked pairs joined to periods."""
    days: list[Day] = []
    for day in map(_day, _DATE.finditer(text)):
        gap = text[days[-1].end : day.start] if days else ""
        linked = re.fullmatch(LINK, gap) and "/" not in days[-1].when + day.when
        days[-1:] = [_join(days[-1], day)] if linked else [*days[-1:], day]
    return days


_PART = re.compile(r"(?P<y>\d{4}|\?{4})(?:-(?P<m>\d{2})(?:-(?P<d>\d{2}))?)?", re.ASCII)


def last_day(when: str, year: int | None) -> date | None:
    """The last day that a date text (2023-09, ????-12-31, 2022/2023) allows; `year` stands for a missing one.

    A month counts to its end, "9月前" as well; None for what recurs (月底), and for a year that nobody tells.
    """
    return _bound(when, year, last=True)


def first_day(when: str, year: int | None) -> date | None:
    """The earliest day at which what a date text tells was over: of a period, the first day of its last part."""
    return _bound(when, year, last=False)


def _bound(when: str, year: int | None, *, last: bool) -> date | None:
    part = _PART.fullmatch(when.rpartition("/")[2])
    known = part and (int(part["y"]) if part["y"].isdigit() else year)
    if part is None or not known:
        return None
    month = int(part["m"] or (12 if last else 1))
    day = int(part["d"] or (31 if last else 1))
    return date(known, month, min(day, monthrange(known, month)[1]))
