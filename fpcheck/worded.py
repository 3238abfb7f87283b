"""Cells that say it in words: a blank or a template's remnant, yes and no, a scale of grades, a state, an event.

No function raises for any `str`. How the words are judged follows the guide of the labelled corpus: yes where two
strangers with the unit's records would agree, partly where one assumption is missing, no where there is no state.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from fpcheck import comparator
from fpcheck.lexicon import any_of
from fpcheck.numeral import CN_CHARS
from fpcheck.unit import clean_unit, is_unit, kind_of
from fpcheck.wording import PLACED, PROMPTS, PROVABLE, SHARES, STATE, UNDATED, VAGUE, Wording

_PLACES = {"成": -1, "折": -1, "‰": -3, "‱": -4}


class Quantity(NamedTuple):
    """One quantity: what is compared, with which figure, in which unit.

    `comparator` is "≥" "≤" "=" ">" "<" "≈" "range" or None (bare number); `number` is as written (万 not expanded), the
    lower bound of a range whose upper bound is `upper`; `kind` is number, percent, count, money, date, boolean, enum or
    text; `date` is ISO-like with "????" for a missing year and "a/b" for a period; `measurable` is yes, partly or no.
    `change` is rise or fall where the value is a change and no level (下降5%); `per` is what it stands for each of (周
    of 每周2次, 人·月), 年 for a year's total, None where the text does not say.
    """

    comparator: str | None
    number: Decimal | None
    unit: str | None
    kind: str
    date: str | None
    measurable: str
    upper: Decimal | None = None
    change: str | None = None
    per: str | None = None

    @property
    def figure(self) -> Decimal | None:
        """The number, percentages as ratios."""
        if self.number is None or self.kind != "percent":
            return self.number
        return self.number.scaleb(_PLACES.get(self.unit or "", -2))

    def cents(self, units: Mapping[str, int]) -> int | None:
        """Give an amount in 分; None for what is no money, in no unit of `units` (name → 元), or no whole 分."""
        yuan = units.get(self.unit or "") if self.kind == "money" else None
        cents = self.number * yuan * 100 if yuan and self.number is not None else None
        return int(cents) if cents is not None and cents == int(cents) else None


def worded(kind: str, measurable: str) -> Quantity:
    """A value without figure, unit and date."""
    return Quantity(None, None, None, kind, None, measurable)


# A pattern that stands here as a text is seldom needed: `re` compiles it when it is.
_REACHED = re.compile("^(?:达到|(?:提高|提升|升|评)[到至为])")
_BAD = any_of("坏事")
_NONE_OF = (
    r"(?:^|[,;。]|全年|年[度内]|期间|确保|保证|实现|做到|保持|生产|安全|力争|运行|目标)"
    rf"(?:(?:无|没有|未有)(?!线|障碍|偿|害|形|缝|论)[^,;。无]{{0,12}}?(?:{_BAD}|发生)|杜绝[^,;。]{{0,12}}?(?:{_BAD}|发生)|"
    rf"(?:不|未|没有?)(?:得|会|再|允许)?(?:发生|出现|产生|造成|引发|引起|接到|收到|存在|发现|受到?|被)(?:$|[^,;。]{{0,12}}?(?:{_BAD}|$)))"
)
_NOT_DONE = rf"(?:^|[,;。]|全年|年[度内]|期间|确保|保证|做到)(?:不|未|没有?)(?:得|会|再|允许)?(?:{any_of('不许做的')})"
_PLACE = rf"[一-龥]{{0,6}}[前第](?:\d{{1,4}}|[{CN_CHARS}]{{1,4}})(?:[及或]?以[内上前])?"
_TEMPLATE = re.compile(r"\*\*|[xX×_○□]{2}|(?:^|[年月])[*xX×_○□](?=[年月日])")
_BLANK = re.compile(r"[*xX×_○□?…·.()N]*")


def event_named(name: str) -> bool:
    """Whether an indicator's name is about something bad that should not happen."""
    return re.search(_BAD, name) is not None


def words_only(cell: str, name: str, wording: Wording) -> Quantity:
    """A cell without a figure: kind text, measurable by the kind of its wording."""
    ratio = re.fullmatch(r"\d{1,4}(?:\.\d{1,4})?[:/]\d{1,4}(?:\.\d{1,4})?", cell, re.ASCII)
    placed = wording.has(PLACED, name) and re.fullmatch(_PLACE, cell)
    none_of = re.search(_NONE_OF, cell) or re.search(_NOT_DONE, cell)
    if wording.has(PROVABLE, cell) or none_of or placed or (ratio and wording.has(SHARES, name)):
        return worded("text", "yes")
    named = wording.has(STATE, cell) or wording.has(UNDATED, cell)
    state = named and cell != name and not wording.has(VAGUE, cell)
    return worded("text", "partly" if state else "no")


def remnant(cell: str, wording: Wording) -> Quantity | None:
    """A blank, a placeholder, a template prompt or a unit without a number; the unit tells the kind."""
    inner = cell[1:-1] if cell[:1] == "(" and cell.find(")") == len(cell) - 1 else cell
    sign, start = comparator.leading(inner)
    blank = _BLANK.match(inner, start)
    unit = inner[blank.end() if blank else start :]
    if (not unit or is_unit(unit)) and not re.search(_NOT_DONE, cell):  # 不超支 is not ≤ so many 支
        unit_read = clean_unit(unit)
        return Quantity(sign, None, unit_read, kind_of(unit_read) if unit_read else "text", None, "no")
    prompt = wording.has(PROMPTS, cell) and not re.search(r"\d", cell)
    if prompt or _TEMPLATE.search(cell) or re.fullmatch(r"[-—/\\*xX×?_….。、()]*", cell):
        return worded("text", "no")
    return None


def closed(cell: str, name: str, wording: Wording) -> Quantity | None:
    """A yes or no, or a scale of grades."""
    word = cell.rstrip("。.")
    if word in ("是", "否", "有", "无", "√", "✓", "已", "未"):
        level = "no" if word == "无" or wording.has(VAGUE, name) else "partly"
        return worded("boolean", "yes" if word == "无" and event_named(name) else level)
    if re.fullmatch(r"(?:是[/、或(]{1,2}否|有[/、或(]{1,2}无)\)?", word):
        return worded("boolean", "partly")
    if len(wording.bands(cell)) > 1:
        return worded("enum", "yes")
    scale = word.replace("定性", "").strip("()、,:")
    if wording.is_scale(scale) or wording.is_level(_REACHED.sub("", scale)):
        return worded("enum", "partly")
    return None
