"""Units: where one stands in a text, what kind it is, how it converts, and which one an indicator's name carries.

Everything here is a pure function of its arguments; none raises for any `str`.
"""

import re
import string
from collections.abc import Container, Iterator
from fractions import Fraction
from functools import lru_cache

from fpcheck.lexicon import any_of, pairs, words
from fpcheck.numeral import MULTIPLES, normalise

_KINDS = {"件数": "count", "连续量": "number", "金额": "money", "百分数": "percent"}


_KIND = {unit: kind for name, kind in _KINDS.items() for unit in words(name)}
# After a Chinese numeral these usually belong to a word (三级, 一方面, 四面, 万分), not to a count.
WEAK_AFTER_HAN = frozenset(words("汉字数后面多半不是单位"))
RANKS = frozenset(words("等次"))  # 二级: which, not how many
_NOT_UNITS = frozenset(words("不是单位"))
_PERCENTS = pairs("百分号的叫法")
_DENOMINATORS = frozenset((*_KIND, *words("分母")))
# The characters before which a unit is the start of a longer word: 分别, 5年级, Mbps.
_STOPS = dict.fromkeys((unit for unit in _DENOMINATORS if unit[-1] in string.ascii_letters), string.ascii_letters)
_STOPS |= pairs("单位后面不能接")
# Times a thing came: any classifier with 次 behind it (户次, 剂次); 层次 is a word.
_TIMES = frozenset(unit for unit in words("件数") if len(unit) == 1) - frozenset("个次层")
_TIME_OF = re.compile(f"次(?![{_STOPS['次']}])")
_LONGEST = max(map(len, _KIND))
_MULTIPLE = re.compile("万亿|[十百千]?[万亿]|[百千]")
# 3万 has its unit elsewhere; of 3千 that is only sure where no word goes on (20百姓).
_ALONE = re.compile("万亿|[十百千]?[万亿](?!一)|[百千](?![一-龥])|[百千](?=[以左上之内])")
_JOINTS = "·*、•・×"
_PRODUCT = "·*•・"
_DOTTED = "底末初内前后中"  # behind these a point ended a sentence: 5元/人.年底前
# What a rate is for, where only its figure stands before it: 3600/人, 10/10万, 1/10000.
_RATE_OF = re.compile(r"/(?:\d{0,4}[十百千]?[万亿]|10{3,5}(?!\d))(?![\d.])", re.ASCII)


def _plain(text: str, at: int, known: Container[str] = _KIND) -> Iterator[int]:
    """Where the plain units that begin at `at` end, the longest first."""
    for end in range(min(at + _LONGEST, len(text)), at, -1):
        unit = text[at:end]
        if unit in known and (text[end : end + 1] or " ") not in _STOPS.get(unit, ""):
            if unit in _TIMES and _TIME_OF.match(text, end):
                yield end + 1
            yield end


def _multiple(text: str, at: int, known: Container[str] = _KIND) -> Iterator[int]:
    """Where plain units and multiples of them (万亩) end."""
    yield from _plain(text, at, known)
    if found := _MULTIPLE.match(text, at):
        yield from _plain(text, found.end(), known)


def is_han(text: str, at: int) -> bool:
    """Whether a Chinese character stands at `at`."""
    return "一" <= text[at : at + 1] <= "龥"


def _joined(text: str, at: int, more: int = 3) -> Iterator[int]:
    """Where up to `more` further parts of a compound unit (·月, /次, 每天) end, the longest first."""
    joint = text[at : at + 1]
    if more and joint and joint in f"/.{_JOINTS}每":
        for end in _plain(text, at + 1, _DENOMINATORS):
            if joint != "." or text[end : end + 1] not in tuple(_DOTTED):
                yield from _joined(text, end, more - 1)
        if joint not in "每." and is_han(text, at + 1) and not is_han(text, at + 2):
            yield from _joined(text, at + 2, more - 1)
    yield at


def _compound(text: str, at: int) -> Iterator[int]:
    """Where a unit goes on to: per something (元/人·月, 元/(人·月), 元每头), times something (人·次), or no further."""
    joint = text[at : at + 1]
    if joint == "/" and text[at + 1 : at + 2].isdecimal():
        yield from _rate_ends(text, at)
    if joint in ("/", "每"):
        inner = at + 1 + (text[at + 1 : at + 2] == "(")
        for end in (joined for plain in _multiple(text, inner, _DENOMINATORS) for joined in _joined(text, plain)):
            if inner == at + 1:
                yield end
            elif text[end : end + 1] == ")":
                yield end + 1
        if is_han(text, at + 1) and (text[at + 2 : at + 3] == "每" or not is_han(text, at + 2)):
            yield from _joined(text, at + 2)
    elif joint and joint in _PRODUCT:
        for end in _plain(text, at + 1):
            yield from _joined(text, end)
    yield at


def unit_ends(text: str, at: int) -> Iterator[int]:
    """Where the unit that begins at `at` may end, the likeliest first; nothing where none begins."""
    if text[at : at + 1] == "/":
        yield from _rate_ends(text, at)
        return
    for end in _multiple(text, at):
        for closing in _plain(text, end + 1) if text[end : end + 1] == "(" else ():  # 台(套)
            if text[closing : closing + 1] == ")":
                yield from _compound(text, closing + 1)
        yield from _compound(text, end)
    if found := _ALONE.match(text, at):
        yield found.end()


def _rate_ends(text: str, at: int) -> Iterator[int]:
    """Where a unit that is only what a rate is for (/人, /10万人) ends."""
    start = at + 1
    if found := _RATE_OF.match(text, at):
        start = found.end()
    for end in _plain(text, start, _DENOMINATORS):
        yield from _joined(text, end)
    if found:
        yield start


def begins(text: str, at: int) -> bool:
    """Whether a unit begins at `at`, a blank or a bracket before it left aside."""
    return next(unit_ends(text, at + (text[at : at + 1] in (" ", "("))), None) is not None


def is_unit(text: str) -> bool:
    """Whether the whole text is one unit."""
    return len(text) in unit_ends(text, 0)


def _peel(unit: str) -> tuple[str, int]:
    """A unit's base and the factor of its 万-like prefix: 万亩 → ("亩", 10000)."""
    factor = 1
    while unit and unit not in _KIND and unit[0] in "十百千万亿":
        factor *= MULTIPLES[unit[0]]
        unit = unit[1:]
    return unit, factor


def is_multiple(unit: str) -> bool:
    """Whether a unit is only a multiple of one that stands elsewhere: 万."""
    return _MULTIPLE.fullmatch(unit) is not None


def _head(unit: str) -> str:
    """The counted part of a compound unit: 元/人·月 → 元, 台(套) → 台."""
    return unit if unit in _KIND else re.split(r"[/每(·*•・]", unit, maxsplit=1)[0]


@lru_cache(maxsize=1000)
def kind_of(unit: str | None) -> str:
    """Quantity kind a unit stands for: percent, money, count or number (also for no unit)."""
    base = _peel(_head(unit or ""))[0]
    known = len(base) == 1 and not base.isascii()
    return _KIND.get(base, "count" if known or base.removesuffix("次") in _TIMES else "number")


@lru_cache(maxsize=1000)
def clean_unit(text: str | None) -> str | None:
    """A unit column's text as a unit ("百分比" → "%"), or None for blanks and notes."""
    unit = re.sub(r"\s", "", normalise((text or "")[:40])).removeprefix("单位").removeprefix(":")
    unit = unit[1:-1] if unit[:1] == "(" and unit[-1:] == ")" else unit
    if unit in _PERCENTS:
        return _PERCENTS[unit]
    word = re.fullmatch(r"(?=.*[一-龥A-Za-z])[一-龥A-Za-z/·*]{1,6}", unit) and unit not in _NOT_UNITS
    return unit if word or is_unit(unit) else None


_BLANK = r"[≥≤=<>]{0,2}(?:[*xX×_○□…]{1,6})?"
_BEFORE_UNIT = rf"(?P<open>\((?:单位:?)?{_BLANK})|单位:|[≥≤=<>]{_BLANK}|^\d{{1,12}}(?:\.\d{{1,6}})?"
_RATE = rf"有效率$|(?<![效频功汇])率$|(?:{any_of('比率的结尾')})$"
_SCORED = re.compile(r"\((?:\d{1,3}|[十百五])分制\)|\(满分\d{1,3}分?\)", re.ASCII)  # 满意度(5分制)
_TRAILER = re.compile(r"(?:\([^()]{0,40}\)|指标|[:;,，。*★]){1,5}$")
_LEADER = re.compile(r"^[*★]{0,5}(?:指标)?(?:\d{1,2}|[一二三四五六七八九十]{1,2})[:.、](?!\d)|^[*★]{1,5}|^其中:")


@lru_cache(maxsize=1000)
def unit_in_name(name: str | None) -> str | None:
    """The unit an indicator's name carries: 造林面积(亩), 受益人数≥**人; else None."""
    folded = re.sub(r"\s", "", normalise((name or "")[:400]))
    if _SCORED.search(folded):
        return "分"
    found, at = None, 0
    while before := re.compile(_BEFORE_UNIT).search(folded, at):
        start = before.end()
        wanted = ")" if before["open"] else ""
        end = next((end for end in unit_ends(folded, start) if folded[end : end + 1] == wanted), None)
        found = folded[start:end] if end else found
        at = (end or before.start()) + 1
    return clean_unit(found) if found else None


@lru_cache(maxsize=1000)
def bare_name(name: str | None) -> str:
    """An indicator's name without its numbering, trailing brackets, stars and the word 指标."""
    folded = re.sub(r"\s", "", normalise((name or "")[:400]))
    return _TRAILER.sub("", _LEADER.sub("", folded))


def is_rate(name: str | None) -> bool:
    """Whether the name by itself implies a percentage (合格率, 占比, 满意度)."""
    return re.search(_RATE, bare_name(name)) is not None


_SAME = pairs("同一单位")
_SIZE = pairs("换算")


def scale(unit: str) -> tuple[str, Fraction]:
    """A unit's dimension and its size in it: 万元 → ("元", 10000), ‰ → ("比", 1/1000)."""
    rest, size = _peel(unit)
    if rest in _SAME:
        unit = _SAME[rest]
    head = _head(unit)
    base, factor = _peel(head)
    factor *= size if rest in _SAME else 1
    base = _SAME.get(base, base)
    dimension, _, one = _SIZE.get(base, f"{base}:1").partition(":")
    return dimension + re.sub(r"[.·*、•・×每]", "/", unit[len(head) :]), Fraction(one) * factor
