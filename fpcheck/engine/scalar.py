"""The functions of values alone, each written once for every engine."""

import hashlib
import re
from collections import Counter
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

from fpcheck.quantity import find
from fpcheck.rulebook.ir import Words
from fpcheck.terms import Type
from fpcheck.value import YEARS, Month
from fpcheck.wording import hits

_DATE_FIGURES = re.compile(r"\d{4}-\d{1,2}(?:-\d{1,2})?|(?:\d{4}|[〇零一二三四五六七八九]{4})(?=年)|\d{1,2}(?=[月日])")


def rounded(value: Fraction, step: Fraction) -> Fraction:
    """Round to a multiple of `step`, halves away from zero (四舍五入)."""
    units = abs(value) / step + Fraction(1, 2)
    whole = units.numerator // units.denominator * step
    return -whole if value < 0 else whole


def similarity(one: str, two: str) -> Fraction:
    """Compare two texts by their pairs of neighbouring characters (Sørensen–Dice), 0 to 1."""
    if one == two:
        return Fraction(1)
    pairs = [Counter(text[i : i + 2] for i in range(len(text) - 1)) for text in (one, two)]
    total = sum(pairs[0].values()) + sum(pairs[1].values())
    return Fraction(2 * sum((pairs[0] & pairs[1]).values()), total) if total else Fraction(0)


def digest(text: str) -> str:
    """Give the first 16 hex digits of the text's sha256."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def undated(text: str) -> str:
    """Take the figures of dates out of a text; all its other figures stay."""
    return _DATE_FIGURES.sub("", text)


def round_to(value: Fraction, places: Fraction, kind: Type) -> Fraction:
    """Round to `places` decimals: of yuan for money (held in 分), of percent for ratios."""
    step = Fraction(1, 10 ** min(int(places), 12))
    return rounded(value, {Type.MONEY: step * 100, Type.RATIO: step / 100}.get(kind, step))


def day_in(year: Fraction, month: int, day: int) -> date | None:
    """Give a day of a year, None outside the years a form may state."""
    return date(int(year), month, day) if int(year) in YEARS else None


def year_of(day: date | Month) -> Fraction:
    """Give the year of a date, also of one that was written to the month only."""
    return Fraction(day.year)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "字数": lambda text: Fraction(len(text)),
    "数值个数": lambda text: Fraction(len(find(text))),
    "命中词": lambda text, words: "、".join(
        hits(text, words) if isinstance(words, Words) else [words] * (words in text)
    ),
    "相似度": similarity,
    "指纹": digest,
    "去日期": undated,
    "绝对值": abs,
    "年初": lambda year: day_in(year, 1, 1),
    "年末": lambda year: day_in(year, 12, 31),
    "年份": year_of,
    "天数": lambda start, end: Fraction((end - start).days),
}
