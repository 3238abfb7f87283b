"""What a value is relative to: a change (下降5%) rather than a level, a rate (每周2次) rather than a total.

No function raises for any `str`.
"""

import re
from fractions import Fraction

from fpcheck.lexicon import any_of, pairs
from fpcheck.numeral import CN_CHARS, chinese
from fpcheck.unit import kind_of, scale, unit_ends
from fpcheck.worded import Quantity

RISE, FALL = "rise", "fall"
_PERIODS = pairs("每段时间")
_YEAR = "年"


_CHANGED = rf"(?:(?P<{RISE}>{any_of('上升')})|(?P<{FALL}>{any_of('下降')}))"
_JUST = re.compile(
    rf"(?:(?P<{RISE}>{any_of('上升')}|{any_of('多出来的')})|(?P<{FALL}>{any_of('下降')}|{any_of('少掉的')}))"
    "(?:率|幅度?|比例|速度|了)?[ :]?$"
)
_INTO = re.compile(rf"{_CHANGED}[^,;。\d]{{0,12}}[到至为成]$", re.ASCII)
_OF_NAME = re.compile(rf"{_CHANGED}(?:率|幅度?|比例|速度?|百分点|[数量额])$|(?P<up>[增涨]幅|增速)$|(?P<down>[降减]幅)$")
_NAME_ENDS = frozenset("率幅度例速点数额")
_CLAUSE = re.compile(rf"[,;。、:(]|\d[^\d,;。、:(]{{0,8}}(?=(?:{any_of('合计的说法')}))", re.ASCII)  # 每村2名共36名
_LEADS_TO = re.compile(rf"(?:的?水平|左右)?[,、]?(?:逐步|进一步|再)?{_CHANGED}(?:率|幅度)?[到至为成]?")
_POINTS = "个点"
_POINT = re.compile("点(?![位评击子心])")
_NEAR = 40  # characters before a value in which the words stand that tell what it is relative to

_PERIOD = "|".join(sorted(_PERIODS, key=len, reverse=True))
_EACH = re.compile(rf"每(?P<many>[{CN_CHARS}]{{1,3}}|\d{{1,4}})?个?(?P<period>{_PERIOD})?", re.ASCII)
_TIMES = re.compile("[每均年周月天日季期]")  # without one of these there is nothing to look for
_COMPOUND = re.compile("[每/(·]")
_PUPIL = "生"  # 每生每年 is said of nothing that is counted in 生
# 两年一次, 3天1次, 半年一次
_ONE = re.compile(rf"^(?P<many>半|[{CN_CHARS}]{{1,3}}|\d{{1,3}})个?(?P<period>{_PERIOD})$", re.ASCII)
_MEAN = re.compile("([日天周月季年人户村次场生])均")
_WHOLE_YEAR = re.compile(any_of("全年的说法"))


def related(value: Quantity, text: str, start: int, end: int, label: str) -> Quantity:
    """A value that stands at `start:end` of `text` with what it is relative to; `label` is its indicator's name."""
    if value.number is None:
        return value
    inner = text.rfind(value.unit or "\n", start, end)
    each = period(text[: start if inner < 0 else inner], start)
    moved = change(text[:start], label)
    if moved and value.unit == "个" and _POINT.match(text, end):  # 提高5个点; 5个点 may be five places
        value = value._replace(unit=_POINTS, kind="percent")
    return value._replace(change=moved, per=each)


def leads_to(gap: str) -> bool:
    """Whether what stands between two values says that the first became the second: 缩短至, 提高到."""
    return gap[-1:] in tuple("到至为成") and _LEADS_TO.fullmatch(gap) is not None


def change(before: str, label: str) -> str | None:
    """The direction of a change that a value states: by the words before it, else by its indicator's name."""
    near = before[-_NEAR:]
    if near and (found := _JUST.search(near)):
        return found.lastgroup
    if near and _INTO.search(near):
        return None
    named = _OF_NAME.search(label) if label[-1:] in _NAME_ENDS else None
    return {"up": RISE, "down": FALL}.get(named.lastgroup or "", named.lastgroup) if named else None


def period(before: str, start: int) -> str | None:
    """For what each the value stands that ends `before`: 周, 2年, 人·月; 年 for a year's total, None where unsaid.

    `start` is where the value begins: of 不少于每年2次 the words before the figure are a part of it.
    """
    clause = _CLAUSE.split(before[-_NEAR:])[-1]
    if not _TIMES.search(clause):
        return None
    found = [each for match in _EACH.finditer(clause) if (each := _each(clause, match))]
    found += [_PERIODS.get(match[1], match[1]) for match in _MEAN.finditer(clause)]
    if not found and (one := _ONE.search(_CLAUSE.split(before[:start])[-1])):
        found = [_many(one["many"], _PERIODS[one["period"]])]
    if not found and _WHOLE_YEAR.search(clause):
        found = [_YEAR]
    return "·".join(dict.fromkeys(found)) or None


def _each(clause: str, match: re.Match[str]) -> str | None:
    """What stands behind a 每, with its number where it is not one: 2年, 100人."""
    what = _PERIODS.get(match["period"] or "")
    if what is None:
        units = (clause[match.end() : end] for end in unit_ends(clause, match.end()))
        what = next((unit for unit in units if not _COMPOUND.search(unit)), None)
        if what is None and clause.startswith(_PUPIL, match.end()):
            what = _PUPIL
    return what if what is None else _many(match["many"] or "1", what)


def _many(written: str, what: str) -> str:
    """So many periods or things as one: 2年, 3个月, 半年; of one only its name."""
    number = written if written.isascii() else str(chinese(written) or written)
    return what if number == "1" else f"{number}个{what}" if what == "月" else f"{number}{what}"


def factor(target: Quantity, actual: Quantity) -> Fraction | None:
    """How many target units one actual unit is; None when they do not convert, or stand for different things."""
    (wanted, every), (given, each) = _rate(target), _rate(actual)
    if not (_same_change(target, actual) and _same_period(every, each, total=kind_of(wanted) == "count")):
        return None
    if wanted is None or given is None or wanted == given:
        free = given is None or wanted == given or kind_of(given) in ("count", "number")
        return Fraction(1) if free else None
    (one, size), (other, per) = scale(wanted), scale(given)
    counts = kind_of(wanted) == kind_of(given) == "count" and "个" in (one, other)
    return per / size if one == other or counts else None


def _rate(quantity: Quantity) -> tuple[str | None, str | None]:
    """A count's unit without the period behind its stroke, and the period: 2次/周 is 2次 each 周."""
    head, stroke, each = (quantity.unit or "").rpartition("/")
    if quantity.per is None and stroke and each in _PERIODS and kind_of(head) == "count":
        return head, _PERIODS[each]
    return quantity.unit, quantity.per


def _same_change(target: Quantity, actual: Quantity) -> bool:
    """Whether both are levels or changes in one direction; 个百分点 are a change by themselves."""
    points = None in (target.change, actual.change) and target.unit == actual.unit == "个百分点"
    return points or target.change == actual.change


def _same_period(every: str | None, each: str | None, *, total: bool) -> bool:
    """Whether both stand for the same; what is no total (每月300元, 8小时) may leave out on one side what it is for."""
    one, other = (set((text or "").split("·")) - {""} for text in (every, each))
    if total:
        return one - {_YEAR} == other - {_YEAR}
    return one <= other or other <= one
