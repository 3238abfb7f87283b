"""What stands beside a figure: the sign and the words before it, the unit, 半 and the words behind it.

No function raises for any `str`.
"""

import re
from decimal import Decimal
from typing import NamedTuple

from fpcheck import comparator
from fpcheck.comparator import Sense
from fpcheck.numeral import CN_CHARS, is_odd, spelt
from fpcheck.unit import is_han, unit_ends

_BOTH_WAYS = ("±", "正负")
_MONEY = re.compile(r"(?:¥|RMB|CNY)[ ]?$")
_RANK = re.compile("(?<![提目当此之以日年月])前$")
_CODED = re.compile(r"[\w%][+]$", re.ASCII)  # T+3, 5+2
# 100个±5% is read as about 100: so much of it, or so many points? What is given is not dropped without a sign.
_TOLERANCE = re.compile(r"±(?P<by>\d{1,6}(?:\.\d{1,3})?)(?P<share>%?)", re.ASCII)
_MORE = re.compile("([百千]?[万亿]?)(?:[余多]|来(?=[个家名人项户次件场亩天元]))[ \t]{0,3}")
_INCLUDED = r"(?:\([^()]{0,3}含[^()]{0,8}\))?"
_POST = re.compile(rf"({_INCLUDED})[及或含]?({comparator.AFTER})({_INCLUDED})")
# 不含税 says something else.
_WITHOUT = re.compile(r"\([^()]{0,2}不包?含(?:本[数级身值]|[此该]数|在内|[\d.]{1,8}[^()]?)?\)", re.ASCII)
_INSIDE = re.compile("[容部涵外在镜科控窥设脑销业页]")
TIME = re.compile("(?:个|工作|自然|日历)*(?:日|天|月|年|周|小时|分钟|季度|学期|h|d)|倍")
_HALF = re.compile("半(?![月年天小日数])")
_HALF_MORE = re.compile("半(月|小时)")  # 三个半月; 两个半天 may be two halves of a day
_NO_CLASSIFIER = f"余多内号点起前后上下初末底半整几{CN_CHARS}"
_OPEN_END = re.compile(r"[-—~]{1,2}[。;]?|[至到]")
_FREE = " ,;。、()[]【】\"“”'!?\n\0-—:·…"  # what may follow a figure that has no unit


class Lead(NamedTuple):
    """What stands before a figure: the words that compare, a minus, a ¥; "per" for 每, else as `Written.state`.

    `tolerance` is a ± before it: so much either way.
    """

    sense: Sense
    neg: bool
    money: bool
    state: str
    tolerance: bool = False


class Tail(NamedTuple):
    """What follows a figure: the unit, 余 or ±, the part that a 半 adds, the comparing word; 不含."""

    end: int
    unit: str
    more: bool = False
    part: Decimal = Decimal(0)
    after: str | None = None
    without: bool = False
    by: Decimal | None = None  # the ± behind the figure, in its unit


def lead(text: str, at: int, *, unit: bool, share: bool) -> Lead:
    """What stands before the figure at `at`, which has a `unit` or none and is a `share` (30%) of something or none."""
    minus = _minus(text, at)
    start = at - len(minus)
    money = _MONEY.search(text, max(0, start - 4), start)
    start = money.start() if money else start
    sense = comparator.before(text, start, share=share)
    last = text[start - 1 : start]
    state = "fine"
    if last == "每" and unit:
        state = "per"
    elif last and (_is_glue(last) or (last in "前+" and _misled(text, start))):
        state = "broken"
    elif (minus == "-" and sense.sign is None and last not in ("", *"(:,;~至到为")) or (last == "—" and start == 1):
        state = "unclear"  # 增长-5%: less, or a dash?
    both_ways = minus in _BOTH_WAYS
    return Lead(sense, minus != "" and not both_ways, money is not None, state, both_ways)


def _minus(text: str, at: int) -> str:
    """The minus before a figure: a hyphen, 负 or 零下, or ±; empty where there is none (担负)."""
    last, two = text[at - 1 : at], text[max(0, at - 2) : at]
    if two in _BOTH_WAYS:
        return two
    if last in ("-", "±") or (last == "负" and text[at - 2 : at - 1] not in tuple("担肩抱自欺辜胜")):
        return last
    return "零下" if two == "零下" else ""


def _is_glue(char: str) -> bool:
    return char in "%‰.$€£#@^_" or is_odd(char) or (char.isalpha() and not is_han(char, 0))


def _misled(text: str, at: int) -> bool:
    """Whether the figure at `at` is a rank (前10名) or the end of a code (T+3)."""
    return any(pattern.search(text, max(0, at - 2), at) for pattern in (_RANK, _CODED))


def tail(text: str, at: int, marks: str) -> Tail:
    """What follows the figure that ends at `at`; `marks` is its own 万 or 亿."""
    start = at + (text[at : at + 1] == " ")
    tolerance = _TOLERANCE.match(text, start)
    more = None if tolerance else _MORE.match(text, start)
    skipped = tolerance or more
    found, end = _unit_at(text, skipped.end() if skipped else at)
    unit, part, end = _part(text, marks + (more[1] if more else "") + found, end)
    if tolerance is None and (tolerance := _TOLERANCE.match(text, end)):
        end = tolerance.end()
        end += len(unit) if unit and not tolerance["share"] and text.startswith(unit, end) else 0
    around = bool(tolerance or more)
    by, unit = _either_way(tolerance, unit)
    post = _POST.match(text, end)
    if post and _compares(text, post, unit):
        without = bool(_WITHOUT.fullmatch(post[1]) or _WITHOUT.fullmatch(post[3]))
        return Tail(post.end(), unit, around, part, post[2], without, by)
    remark = _WITHOUT.match(text, end)
    return Tail(remark.end() if remark else end, unit, around, part, without=remark is not None, by=by)


def _either_way(tolerance: re.Match[str] | None, unit: str) -> tuple[Decimal | None, str]:
    """By how much a figure may be missed either way, and its unit: 95±2%, 20℃±2℃; None for 100个±5%."""
    if tolerance is None or (tolerance["share"] and unit not in ("", "%")):
        return None, unit
    return Decimal(tolerance["by"]), unit or tolerance["share"]


def _unit_at(text: str, at: int) -> tuple[str, int]:
    """The unit at `at`, also behind blanks or in brackets, and where it ends; empty where there is none."""
    start = at
    while start - at < 3 and text[start : start + 1] in (" ", "\t"):  # noqa: PLR2004 - blanks
        start += 1
    if text[start : start + 1] == "(":
        end = next((end for end in unit_ends(text, start + 1) if text[end : end + 1] == ")"), None)
        return (text[start + 1 : end], end + 1) if end else ("", at)
    end = next(unit_ends(text, start), start + _ends_with_classifier(text, start))
    return (text[start:end], end) if end > start else ("", at)


def _ends_with_classifier(text: str, at: int) -> bool:
    """Whether a text ends with a character after a figure, which is then its unit though no known one."""
    last = text[at + 1 : at + 3] in ("", "\n")
    return last and "0" <= text[at - 1 : at] <= "9" and is_han(text, at) and text[at] not in _NO_CLASSIFIER


def _part(text: str, unit: str, end: int) -> tuple[str, Decimal, int]:
    """The half of 一年半 and 三个半月 and the tenth of 八成五, with the unit and where it ends."""
    if unit == "个" and (more := _HALF_MORE.match(text, end)):
        return unit + more[1], Decimal("0.5"), more.end()
    if TIME.fullmatch(unit) and _HALF.match(text, end):
        return unit, Decimal("0.5"), end + 1
    if unit == "成" and (tenth := spelt(text[end : end + 1])):
        return unit, Decimal(tenth) / 10, end + 1
    return unit, Decimal(0), end


def _compares(text: str, post: re.Match[str], unit: str) -> bool:
    """Whether a word behind a unit compares: 内 does so with times (3天内办结), else only at an end (5人内)."""
    if post[2] != "内":
        return True
    follows = text[post.end() : post.end() + 1]
    return not _INSIDE.match(follows) and (bool(TIME.fullmatch(unit)) or follows in ("", *",;。)"))


def is_free(text: str, end: int, unit: str | None) -> bool:
    """Whether a number ends at `end` with nothing glued to it that makes it another: 95.%, 5², 95%≥."""
    last = text[end : end + 1]
    if _OPEN_END.fullmatch(text, end):  # 90%~: up to what?
        return False
    if not last or is_han(text, end):
        return unit is not None or last not in tuple(CN_CHARS)
    if unit is None:
        return last in _FREE
    if last in "<>≥≤=" and text[end + 1 : end + 2].isdecimal():  # ≥80%<90%: the sign is the next figure's
        return True
    letter = unit[-1] in "%‰" and last.isalpha()  # 5%o is another unit than %
    return last not in "<>≥≤=^%‰+" and not letter and not is_odd(last)
