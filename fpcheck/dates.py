"""Dates and periods in a text: 2023年9月底前, 1-6月, 上半年, 2023.12.31, 每月10日前.

No function raises for any `str`. A day that no calendar has (2月30日) is said to be none.
10月上旬 ends on the 10th, 中旬 on the 20th, 下旬 with the month; 10月中旬前 is before its first day, so by the 10th.
10月中前 and 年初前 name no day. Days of moving feasts (春节前) are in no table here: they are left to their words.
"""

import re
from calendar import monthrange
from datetime import MAXYEAR, date
from typing import NamedTuple

from fpcheck.numeral import CN_CHARS, YEAR, chinese, spelt
from fpcheck.unit import begins

LINK = r"(?:[-—]{1,2}|~{1,2}|至|到)"
# 23年底 is no time of 23 years: what follows can only be a part of the year 2023.
_SHORT = (
    r"(?<![\d.])[12]\d(?=年(?:年?[底末]|[01]?\d月|十[一二]?月|[一二三四五六七八九]月|第?[一二三四1-4]季度|[上下]半年))"
)
_Y = rf"(?:{YEAR}|[一二][〇○零九][〇○零一二三四五六七八九]{{2}}(?=年)|{_SHORT})"
_MON = "(?:1[0-2]|0?[1-9])"
_DAY = r"(?:3[01]|[12]\d|0?[1-9])"
_HAN_DAY = "(?:三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])"
# 一季度一次 tells how often; 上、下半年 are the whole year.
_DATE = re.compile(
    r"(?P<pre>≤|<=|<|≥|>=|>|=|不[晚迟]于|不早于|早于|晚于)?(?:每|当|次|本|同)?(?<![\d.])(?:"
    rf"(?:(?P<y>{_Y})年度?)?(?:(?P<m>{_MON}|十[一二]?|[一二三四五六七八九])月份?(?:(?P<d>{_DAY}|{_HAN_DAY})(?:[日号]?{LINK}(?P<dx>{_DAY})[日号]|[日号]|(?=之?前|以前|$)))?"
    rf"|(?P<m0>{_MON})月?{LINK}(?P<m1>{_MON})月|第?(?:(?P<q0>[一二三四1-4]){LINK})?(?P<q>[一二三四1-4])季度(?![一1]次)|(?<!上)(?<![上年][、和及与])(?P<half>[上下])半年(?!度?报|[、和及与]下半年))"
    rf"|(?P<yn>{YEAR})(?P<sep>[./-])(?P<mn>1[0-2]|0?[1-9])(?!\d)"
    rf"(?:(?P=sep)(?P<dn>{_DAY})(?!\d)|{LINK}(?P<mx>{_MON})(?![\d./-]))?"
    rf"|(?P<yy>{_Y})(?:[学财]?年度?|(?=[-—~至到]{YEAR}学?年))"
    rf"|(?:(?<=[每次当本])|(?<=每个))月(?P<de>{_DAY})(?:[日号]?{LINK}(?P<dz>{_DAY}))?[日号]|(?P<dh>{_DAY})号(?=之?前|以前)"
    rf"|季度?(?:末|的?最后一?个?)月(?:份的?)?(?P<dq>{_DAY})[日号]"
    rf"|(?<![个半学数几多换{CN_CHARS}])(?P<rel>年度?|季度?|月)(?=[底末终内]|(?<=月)[上中下]旬))"
    r"(?P<part>年?[底末终]|上?中旬|[上下]旬|中下旬|初|中(?=[前完]))?"
    r"(?:[ ;T]?(?:[01]?\d|2[0-4])(?:[时点]|(?::[0-5]\d){1,2})(?=之?前|以前|$))?"
    r"(?P<edge>之前|以前|前(?![期后提])|之?内|起(?![草火诉])|之后|以后|后(?!续|期))?",
    re.ASCII,
)
_DIGITS = re.compile(r"\.?\d|[%‰]", re.ASCII)
_NEXT_YEAR = re.compile("(?:[次翌明]|下一?)年度?的?$")
_NEXT_END = re.compile("[次翌明下]$")  # 次年底: the 年 is a part of the date
_LATER = "????+1"
_QUARTER = {"一": 3, "二": 6, "三": 9, "四": 12, "1": 3, "2": 6, "3": 9, "4": 12, "上": 6, "下": 12}
_REL = {"年": "????-12", "年度": "????-12", "季": "????-Q?", "季度": "????-Q?", "月": "????-??"}
# The last day of 10 days (下旬 ends with the month), of what is before them (中旬前 is by the tenth), and their first.
_TEN_DAYS = {"上旬": "10", "中旬": "20", "上中旬": "20"}
_BEFORE = {"上旬": "01", "上中旬": "01", "中旬": "10", "中下旬": "10", "下旬": "20"}
_FIRST = {"上旬": "01", "上中旬": "01", "中旬": "11", "中下旬": "11", "下旬": "21"}
_ANY_LEAP_YEAR = 2024
_TO_MONTH = len("????-12")
_WORD = 5  # the longest way to write 次年: 下一年度的
_SIGNS = {"≥": "≥", ">=": "≥", "不早于": "≥", "=": "=", ">": ">", "晚于": ">", "<": "<", "早于": "<"}


class Day(NamedTuple):
    """A date at `start:end`: its comparator, its ISO-like text, and whether it is too bare to be a deadline.

    `when` is empty for a day that does not exist, and the last month of a quarter or half-year; `since`, the first
    month of that, counts where a period begins with it. A date of 次年 has the year ????+1.
    """

    start: int
    end: int
    sign: str
    when: str
    bare: bool = False
    since: str | None = None


def _value(text: str) -> int:
    return int(text) if text.isascii() else chinese(text) or 0


def _year(text: str | None) -> str:
    if text is None:
        return "????"
    return f"20{text}"[-4:] if text.isascii() else spelt(text) or "????"


def _exists(year: str, month: int, day: int) -> bool:
    """Whether the calendar has the day; without a year, whether any year's has."""
    return 1 <= day <= monthrange(int(year) if year.isdigit() else _ANY_LEAP_YEAR, month)[1]


def _period(year: str, first: int, last: int) -> str | None:
    """The months of a period; None when they go back within a year (2023年11月-2月)."""
    return f"{year}-{first:02d}/{year}-{last:02d}" if first <= last or not year.isdigit() else None


def _begin(m: re.Match[str]) -> tuple[int, bool]:
    """Where the words of a date begin, and whether they say that it is of the next year: 次年1月, 翌年底."""
    before = m.string[max(0, m.start() - _WORD) : m.start()]
    if m["rel"] in ("年", "年度"):
        inside = m[0].startswith("次")
        later = None if inside else _NEXT_END.search(before)
        return m.start() - len(later[0] if later else ""), inside or later is not None
    later = None if m["y"] or m["yn"] or m["yy"] else _NEXT_YEAR.search(before)
    return m.start() - len(later[0] if later else ""), later is not None


def _of_month(year: str, month: int, days: list[int]) -> str | None:
    """A month, a day of it or a period of two; None where the calendar has none."""
    if not all(_exists(year, month, day) for day in days) or sorted(set(days)) != days:
        return None
    return "/".join(f"{year}-{month:02d}-{day:02d}" for day in days) or f"{year}-{month:02d}"


def _of_quarters(m: re.Match[str], year: str, *, ahead: bool) -> str | None:
    """The last month of a quarter or half-year, of the one before it where 前 follows the bare word, or a period.

    第一季度前 can only mean by its end; 上半年前 may: it is no date.
    """
    last, months = _QUARTER[m["q"] or m["half"]], 2 if m["q"] else 5
    if m["q0"]:
        return None if ahead else _period(year, _QUARTER[m["q0"]] - months, last)
    if ahead and not m["part"]:
        return None if m["half"] == "上" else f"{year}-{last - months - 1 or last:02d}"
    return f"{year}-{last:02d}"


def _recurring(m: re.Match[str], part: str | None, *, later: bool) -> str | None:
    """A date of every year, quarter or month: 年底, 每季度末月25日, 每月10日."""
    if m["rel"]:
        when = _REL[m["rel"]].replace("????", _LATER, 1) if later else _REL[m["rel"]]
        return f"{when}-{part}" if part else when
    if m["dz"]:
        return f"????-??-{int(m['de']):02d}/????-??-{int(m['dz']):02d}" if int(m["de"]) < int(m["dz"]) else None
    return f"????-Q?-{int(m['dq']):02d}" if m["dq"] else f"????-??-{int(m['de'] or m['dh']):02d}"


def _when(m: re.Match[str], *, later: bool) -> str | None:
    """The date or period a date match names; None for a day that does not exist."""
    ahead = (m["edge"] or "").endswith("前")
    if ahead and (m["part"] or "底") in "初中":  # 10月中前: before which day?
        return None
    part = (_BEFORE if ahead else _TEN_DAYS).get(m["part"] or "")
    if m["rel"] or m["dq"] or m["de"] or m["dh"]:
        return _recurring(m, part, later=later)
    year = _LATER if later else _year(m["y"] or m["yn"] or m["yy"])
    if first := m["m0"] or (m["mx"] and m["mn"]):
        return _period(year, int(first), int(m["m1"] or m["mx"]))
    if m["q"] or m["half"]:
        return _of_quarters(m, year, ahead=ahead)
    if m["yy"]:
        return f"{year}-12" if m["part"] and m["part"][-1] in "底末终" else year
    month = _value(m["m"] or m["mn"])
    return _of_month(year, month, [_value(day) for day in (m["d"] or m["dn"] or part, m["dx"]) if day])


def _sign(m: re.Match[str]) -> str:
    """The comparator: "<" for 9月前, ">" for 9月后, with a day or an end "≤" and "≥"; "≥" for 起, else "≤"."""
    exact = m["part"] or m["d"] or m["dn"] or m["de"] or m["dh"] or m["dq"] or m["rel"] or m["q"] or m["half"]
    edge = m["edge"] or ""
    if edge.endswith("前"):
        found = "≤" if exact and not (m["part"] or "").startswith("上") else "<"
    elif edge.endswith("后"):
        found = "≥" if exact else ">"
    else:
        found = "≥" if edge == "起" else "≤"
    return _SIGNS.get(m["pre"] or "", found)


def _day(m: re.Match[str], *, linked: bool) -> Day | None:
    """The date of a match; None where its figures are no date: 2024.12万元, 2023.5 that no date stands before."""
    end = m.end()
    if m["yn"] and (_DIGITS.match(m.string, end) or (not m["dn"] and begins(m.string, end))):
        return None
    follows = m.string[end : end + 1] or " "
    if m["mn"] and len(m["mn"]) == 1 and not (m["dn"] or m["mx"] or linked or m["edge"] or follows in "-—"):
        return None
    start, later = _begin(m)
    when = _when(m, later=later)
    if when is None:
        return Day(start, end, "≤", "")
    bare = bool(m["yy"]) and (m["part"] or "初") in "初中" and not m["edge"]
    months = (2 if m["q"] else 5 if m["half"] else 0) if len(when) == _TO_MONTH and not m["edge"] else 0
    since = f"{when[:-2]}{int(when[-2:]) - months:02d}" if months else None
    since = f"{when[:7]}-{_FIRST[m['part']]}" if m["m"] and m["part"] in _FIRST else since
    return Day(start, end, "range" if "/" in when else _sign(m), when, bare, since)


def _joined(first: Day, last: Day) -> Day:
    """Two linked dates as one period; a year missing at the end is the first's, 次年 the one behind it."""
    own = first.when.partition("-")[0]
    end = last.when.replace(_LATER, str(int(own) + 1)) if own.isdigit() else last.when
    end = end if end.startswith(_LATER) else end.replace("????", own)
    return Day(first.start, last.end, "range", f"{first.since or first.when}/{end}")


def dates(text: str) -> list[Day]:
    """All dates of a normalised text, linked pairs joined to periods."""
    days: list[Day] = []
    at = 0
    while m := _DATE.search(text, at):
        start = _begin(m)[0]
        gap = text[days[-1].end : start] if days and start - days[-1].end <= 2 else ""  # noqa: PLR2004
        linked = bool(re.fullmatch(LINK, gap)) and "/" not in (days[-1].when or "/")
        day = _day(m, linked=linked)
        if day is None:
            at = m.start() + 1
            continue
        at = day.end
        days[-1:] = [_joined(days[-1], day)] if linked and "/" not in (day.when or "/") else [*days[-1:], day]
    return days


_COMPACT = re.compile(
    rf"(?P<y>{YEAR})(?P<m>0[1-9]|1[0-2])(?P<d>{_DAY})?|(?P<y1>{YEAR})(?:{LINK}(?P<y2>{YEAR})|\.(?P<m1>{_MON}))?"
    rf"|(?P<m2>{_MON})[./](?:(?P<d2>3[01]|[12]\d)|(?P<d3>{_DAY})日?(?:之前|以前|前))",
    re.ASCII,
)


def compact(text: str, *, timed: bool) -> Day | None:
    """A whole cell that is a date in figures alone: 20231231, 2023.6; about time also 2023, 12.31; 12.31前."""
    m = _COMPACT.fullmatch(text)
    if m is None or not (timed or m["d"] or m["m1"] or m["d3"]):
        return None
    if m["y2"]:
        return Day(0, len(text), "range", f"{m['y1']}/{m['y2']}") if m["y1"] < m["y2"] else None
    year, month, day = m["y"] or m["y1"] or "????", m["m"] or m["m1"] or m["m2"], m["d"] or m["d2"] or m["d3"]
    if day and not _exists(year, int(month), int(day)):
        return None
    when = "-".join((year, *(f"{int(part):02d}" for part in (month, day) if part)))
    return Day(0, len(text), "≤", when, bare=month is None)


_PART = re.compile(r"(?P<y>\d{4}|\?{4}(?:\+1)?)(?:-(?P<m>\d{2})(?:-(?P<d>\d{2}))?)?", re.ASCII)


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
    known = part and (int(part["y"]) if part["y"].isdigit() else year and year + part["y"].endswith("+1"))
    if part is None or not known or known > MAXYEAR:
        return None
    month = int(part["m"] or (12 if last else 1))
    day = int(part["d"] or (31 if last else 1))
    return date(known, month, min(day, monthrange(known, month)[1]))
