"""Numbers as they are written in a text: a figure or a range of two, with its comparator and its unit.

No function raises for any `str`.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from fpcheck import comparator
from fpcheck.around import TIME, Lead, Tail, is_free, lead, tail
from fpcheck.comparator import Sense
from fpcheck.dates import LINK
from fpcheck.lexicon import any_of, pairs, words
from fpcheck.numeral import CN_CHARS, FORMAL_CHARS, YEAR, figure
from fpcheck.unit import WEAK_AFTER_HAN, is_han, is_multiple, kind_of, unit_ends

_NUM = r"(?:\d{1,3}(?:,\d{3}){1,5}(?!\d|,\d)|\d++)(?:\.\d++)?+"
_MIXED = r"(?:\d{1,4}(?:[百千]?[万亿]|[百千])){1,3}\d{1,4}[百千]?[万亿]?"
_HAN = f"[{CN_CHARS}]{{1,16}}(?:点[零〇一二三四五六七八九]{{1,6}}[万亿]{{0,2}})?"
_FORMAL = f"[{FORMAL_CHARS}](?:[零〇万亿{FORMAL_CHARS}]{{1,20}}|(?=[元圆]))"
# 1/3 may be so many of three; 10/10万 and 1/1000 are rates.
_FIGURE = rf"(?>{_MIXED}|{_NUM}|{_FORMAL}|{_HAN})(?![.:×*]\d|/(?!\d{{0,4}}[十百千]?[万亿]|10{{3,5}}(?!\d))\d)"
_HEAD = re.compile(
    rf"(?:(?<=RMB)|(?<=CNY)|(?<![A-Za-z\d之{CN_CHARS}{FORMAL_CHARS}]))(?<!\d[.:/×*])(?<![\d\0][-—~])"
    rf"(?P<pct>(?:[百千万]|[十百]万)分之|百分(?=百))?"
    rf"(?:(?<![{CN_CHARS}]点)(?!(?<=[几数])[十百千万亿])(?P<figure>{_FIGURE})|(?<![上下前后大多每学])(?P<half>半))",
    re.ASCII,
)
_BOUND = r"[^\d,;。≤≥<>%‰\0]{1,12}"  # no date, which was blanked, between two bounds
_TO = re.compile(
    rf"[ ]?(?:{LINK}|(?P<and>[与和])|[≤<]=?{_BOUND}[≤<]=?|(?P<down>[≥>]=?{_BOUND}[≥>]=?))[ ]?"
    rf"(?P<neg>(?<=[~至到])-)?(?:[百千万]分之)?(?P<figure>{_FIGURE})",
    re.ASCII,
)
_LINKED = re.compile("[-—~至到与和≤<≥>]")
_NEAR = 20  # characters within which the link of a range stands, behind the unit of the first figure
_PERIODS = pairs("每段时间")
_GOES_ON = re.compile(f"(?:[{CN_CHARS}]{{1,3}}|\\d{{1,3}})个?(?:[月天日]|小时|分钟)")  # 一年3个月 is no 3个月
_SO_OFTEN = re.compile(f"(?:[{CN_CHARS}]{{1,3}}|\\d{{1,3}})(?:[人场批]?次|[回场期轮遍])")
_PERCENTS = {"百": "%", "千": "‰", "万": "‱", "十万": "/10万", "百万": "/100万"}
# 每年2次 is 2次: the unit is what is written behind the figure, so the period does not become a part of it.
_EACH = re.compile(
    f"(?:每[{CN_CHARS}\\d]{{0,3}}|[半\\d{CN_CHARS}]{{1,3}})个?(?:年|半年|季度?|月|周|天|日|学期|人|户|村|场|次)$|各$"
)
_VAGUE_ONE = re.compile("[个次项批种点年天条面名位款类期遍回人件站道]|方面|个?年度")
_ONE_NO_COUNT = frozenset(words("一后面不是件数"))
_NONE = ("零", "〇")
_UP_TO = re.compile("(?<![以之])上$")
_PART_OF = re.compile(r"/\d+$", re.ASCII)
_NEXT_FIGURE = re.compile(r"[一-龥]{1,4}\d", re.ASCII)
_DAY_OF_ACTION = re.compile(r"(?:1[0-2]|[1-9])\.(?:3[01]|[12]\d|[1-9])")
_LETTER = re.compile("[A-Za-z]")
_MULTIPLES = frozenset("百千万亿")
# 10日前: ten days before, or before the tenth? 23年底: which year? 9点前: the time of day. 3分之2: a fraction.
_DOUBTFUL = re.compile("[日天]?前|分之(?!内)|年[底末初终]|[点时](?!位|次|段|代|期|效|间)")
_YEAR = re.compile(YEAR)
_SMALL_MONEY = re.compile("(?:元|块钱?|[角毛])[一二三四五六七八九](?:[角毛分]|(?![一-龥]))")  # 两元五角, 两块五
_SHORT_YEAR = re.compile(r"\d\d", re.ASCII)  # 24年12月, whose month was found before
_BAD = re.compile(rf"[^\d,;。%‰]{{0,6}}?(?:{any_of('坏事')}|发生)", re.ASCII)


class Written(NamedTuple):
    """A number where it stands.

    `state` is "fine", "per" (每3年), "unclear" (it may be read in two ways) or "broken" (it cannot be read at all); the
    figure of the last two is left out.
    """

    start: int
    end: int
    state: str
    sign: str | None = None
    number: Decimal | None = None
    upper: Decimal | None = None
    unit: str | None = None
    money: bool = False  # a ¥ stands before it
    events: bool = False  # none of something bad: 零事故


def numbers(text: str) -> Iterator[Written]:
    """All numbers of a text with the words that belong to them."""
    at = 0
    while head := _HEAD.search(text, at):
        own, to = _range(text, head.end())
        found = (to and _span(text, head, own, to)) or _single(text, head)
        at = max(found.end if found else 0, head.end())
        if found:
            yield found


def _range(text: str, at: int) -> tuple[str, re.Match[str] | None]:
    """The unit of a range's first figure and the match of its second; nothing where there is no range."""
    if _LINKED.search(text, at, at + _NEAR):
        for end in (*unit_ends(text, at), at):
            if to := _TO.match(text, end):
                return text[at:end], to
    return "", None


def _single(text: str, head: re.Match[str]) -> Written | None:
    """The number at `head`; None when it is part of a word (一般, A4)."""
    lone = not head["pct"] and _MULTIPLES.issuperset(head["figure"] or "?")
    number, marks = _value(f"一{head['figure']}" if lone else head["figure"], head["pct"])
    behind = tail(text, head.end(), marks)
    unit = _unit(behind.unit, head["pct"])
    front = _lead(text, head, unit)
    if lone and _UP_TO.search(text, max(0, head.start() - 2), head.start()):  # 上千人
        front = front._replace(sense=Sense(head.start() - 1, "≥", soft=False))
    start, end = front.sense.start, behind.end
    events = number == 0 and unit is None and _BAD.match(text, end) is not None
    if not events and not _counts(head, unit, front, behind):
        return None
    rated = behind.after is not None and text[end : end + 1] == "/"  # 5000元左右/户
    free = is_free(text, end, unit) and not rated
    if number is None or not (free or unit):
        return Written(start, end, "broken")
    sign, clear = comparator.both(front.sense, behind.after, more=behind.more, without=behind.without)
    if front.tolerance or behind.by is not None:
        return _tolerance(Written(start, end, front.state, sign, number, number, unit), behind.by, free=free and clear)
    part = sign is None and _PART_OF.match(unit or "") is not None  # 985/1000 may be so many of a thousand
    doubtful = part or _is_doubtful(head, number, text[end : end + 2], unit) or _is_glued(head, text, end, unit)
    if front.state == "fine" and not (clear and free and not doubtful):
        return Written(start, end, "unclear")
    if unit in _PERIODS and not behind.after and _SO_OFTEN.match(text, end):  # 两年一次 is 1次 in each 2年
        return Written(start, end, "per", None, number, None, unit)
    number = (-number if front.neg else number) + behind.part
    return Written(start, end, front.state, sign, number, None, unit, front.money, events)


def _tolerance(found: Written, by: Decimal | None, *, free: bool) -> Written:
    """±5%, ≤±5%, ±5%以内: from so much less to so much more; 95±2%: from 93% to 97%."""
    signs, number = ((None, "≤") if by is None else ("≈",)), found.number
    if not free or found.state != "fine" or found.sign not in signs or number is None or not (number or by):
        return Written(found.start, found.end, "unclear")
    if by is None:
        return found._replace(sign="range", number=-number)
    return found._replace(sign="range", number=number - by, upper=number + by)


def _span(text: str, head: re.Match[str], own: str, to: re.Match[str]) -> Written | None:
    """The range at `head`; None when it is none: 70%和80% that is not said to lie between."""
    (low, first_marks), (high, marks) = _value(head["figure"], head["pct"]), _value(to["figure"], head["pct"])
    behind = tail(text, to.end(), marks)
    if is_multiple(first_marks + own) and not behind.unit:  # 1万-5000: of what?
        return Written(head.start(), behind.end, "broken")
    own = first_marks + own if own else own
    unit = _unit(behind.unit, head["pct"]) or own or None
    if head["half"] or (to["and"] and behind.after != "之间") or not (unit or head["figure"].isascii()):
        return None
    front = _lead(text, head, unit)
    start, end = front.sense.start, behind.end
    low, high = -low if low and front.neg else low, -high if high and to["neg"] else high
    low, high = (high, low) if to["down"] else (low, high)
    same = (
        own == unit
        or (own and (unit or "").startswith(f"{own}/"))
        or (is_multiple(own or "万") and (unit or "").startswith(own or first_marks))
    )
    if (
        low is None
        or high is None
        or low > high
        or not same
        or (front.neg and ("--" in to[0] or text[head.start() - 1] == "下"))
    ):
        return Written(start, end, "broken")
    clear = front.sense.soft and front.sense.clear and behind.after not in ("以上", "以下", "起") and not behind.part
    if front.tolerance or behind.without or (front.state == "fine" and not (clear and is_free(text, end, unit))):
        return Written(start, end, "unclear")
    return Written(start, end, front.state, "range", low, high, unit, front.money)


def _lead(text: str, head: re.Match[str], unit: str | None) -> Lead:
    share = unit == "倍" or kind_of(unit) == "percent"
    return lead(text, head.start(), unit=unit is not None, share=share)


def _value(written: str | None, pct: str | None) -> tuple[Decimal | None, str]:
    """A figure's value and its 万 or 亿; no figure is a half, 百 behind 百分之 a hundred."""
    if written is None:
        return Decimal("0.5"), ""
    return (Decimal(100), "") if pct and written in ("百", "一百") else figure(written)


def _unit(unit: str, pct: str | None) -> str | None:
    return _PERCENTS[pct.partition("分")[0]] if pct else "%" if unit == "百分比" else unit or None


def _is_doubtful(head: re.Match[str], number: Decimal, follows: str, unit: str | None) -> bool:
    """Whether a number is likely to be something else: part of a date, a year, two values (5,100%)."""
    return (
        unit == "月"
        or _SMALL_MONEY.match(f"{unit or ''}{follows}") is not None
        or _DOUBTFUL.match(f"{unit or ''}{follows}") is not None
        or (unit == "年" and _YEAR.fullmatch(str(number)) is not None)
        or (unit == "年" and follows[:1] == "\0" and _SHORT_YEAR.fullmatch(str(number)) is not None)
        or ("," in head[0] and kind_of(unit) == "percent")
    )


def _is_glued(head: re.Match[str], text: str, end: int, unit: str | None) -> bool:
    """Whether a figure without a unit belongs to what follows: 4核8G, 3.15宣传活动, 十几个."""
    if unit is not None or not is_han(text, end):
        return False
    if text[end] == "几":  # 十几个: more than ten
        return True
    return _NEXT_FIGURE.match(text, end) is not None or _DAY_OF_ACTION.fullmatch(head["figure"] or "") is not None


def _counts(head: re.Match[str], unit: str | None, front: Lead, behind: Tail) -> bool:
    """Whether a numeral counts something (三家) rather than being part of a code (5G) or a word (一般, 三级, 一批)."""
    text, written = head.string, head["figure"]
    if written is None:
        return unit is not None and TIME.fullmatch(unit) is not None
    if head["pct"] or written[0].isascii():
        return unit is not None or not _LETTER.match(text, behind.end)
    no_count = written == "一" and unit in _ONE_NO_COUNT and front.sense.soft
    if (front.sense.start, behind.end) == (0, len(text)) and not no_count:
        return True
    if unit is None:
        return text.startswith("几", head.end()) or (
            written in _NONE and front.sense.sign == "=" and is_free(text, behind.end, unit)
        )
    if _MULTIPLES.issuperset(written):  # 百名, 千亩 may be a name; 近百名, 千余亩 tell how many
        return behind.more or front.sense.sign is not None
    vague = unit in WEAK_AFTER_HAN or (written == "一" and _VAGUE_ONE.fullmatch(unit))
    told = _GOES_ON.match(text, behind.end) or behind.after or behind.part or not front.sense.soft
    return bool(not vague or told or _EACH.search(text, max(0, head.start() - 8), head.start()))
