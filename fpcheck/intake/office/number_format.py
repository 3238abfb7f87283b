"""A stored number and its format code → the text that a person reads, and a doubt where that is another value."""

import re
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal

from fpcheck.intake.office.format_code import BUILT_IN, Section, sections
from fpcheck.intake.office.grid import GridCell

__all__ = ["BUILT_IN", "shown_number", "shown_text"]

_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_PLAIN = re.compile(r"-?(?:[1-9][0-9]{0,8}|0)(?:\.[0-9]{0,5}[1-9])?")  # as we would write it
_SHOWN_DIGITS = Context(prec=15, rounding=ROUND_HALF_UP)  # a spreadsheet keeps no more
_MOST = Context(prec=400, rounding=ROUND_HALF_UP)
_MAX_DIGITS = 15
_LONGEST = 60
_DECIMALS = 6
_HUGE = 308
_DAY = 86_400
_LAST_DAY = 2_958_465  # 9999-12-31 by the 1900 system
_LEAP = 60  # 29 February 1900, a day that never was, but that the 1900 system counts
_DAYS_1904 = 1_462  # between the two systems
_SCALES = re.compile("[千万亿]")


def shown_number(number: str, code: str, *, date_1904: bool = False) -> GridCell:
    """Show a stored number.

    Args:
        number: the figure as stored: 0.9258, 33.333333333333336, 1.5E-3.
        code: its format code; empty is General.
        date_1904: whether the file counts days from 1904.
    """
    if code in ("General", "") and _PLAIN.fullmatch(number) and number != "-0":
        return GridCell(number, number=True)
    if not _NUMBER.fullmatch(number) or len(number) > _LONGEST or Decimal(number).adjusted() > _HUGE:
        return GridCell(number[:_LONGEST], "这一格应是数字，但存的内容不是，请重新填写")
    stored = Decimal(number)
    value = _SHOWN_DIGITS.plus(stored)
    section, negative = _section(value, sections(code))
    if section.dates:
        return _date(value, section.dates, date_1904=date_1904)
    if len(stored.normalize().as_tuple().digits) > _MAX_DIGITS and abs(stored) >= 10**_MAX_DIGITS:
        return GridCell(_exact(stored), "数字超过 15 位，末几位可能已变成 0；编号请先设成文本格式再填", number=True)
    return _figure(value, section, apart=negative)


def shown_text(text: str, code: str) -> GridCell:
    """Show a stored text: as it is, but for a code that writes something beside it or hides it."""
    if code == "@" or not ("@" in code or ";" in code):
        return GridCell(text)
    parts = sections(code)
    section = parts[3] if len(parts) == 4 else next((part for part in parts if "text" in part.kinds), None)  # noqa: PLR2004
    if section is None or not text:
        return GridCell(text)
    if not section.tokens:
        return GridCell(text, f"格式设成了不显示文字，存的是“{text[:_LONGEST]}”")
    return GridCell("".join(part if kind == "literal" else text for kind, part in section.tokens if kind in _SEEN))


_POWERS = {"亿": 8, "百万": 6, "万": 4, "千": 3}
_SEEN = ("text", "general", "literal")


def _section(value: Decimal, parts: tuple[Section, ...]) -> tuple[Section, bool]:
    """Choose the section for a value, and tell whether it is one for negative values alone."""
    numeric = parts[:3]
    if any(part.condition for part in numeric):
        return next((part for part in numeric if part.takes(value)), numeric[-1]), False
    if value < 0 and len(numeric) > 1:
        return numeric[1], True
    return numeric[2 if value == 0 and len(numeric) > 2 else 0], False  # noqa: PLR2004 - a section for zero


def _figure(value: Decimal, section: Section, *, apart: bool) -> GridCell:
    """Show a number that is no date; `apart` tells a section of negative values, which may say so in words."""
    before, after = section.words
    if not section.body:
        return _without_digits(value, section)
    percent = section.percents > 0 or after.startswith(("%", "％"))
    size = abs(value)
    reshaped = section.thousands > 0 or section.split_by_words
    if reshaped:
        shown = _laid_out(size, section) or "0"
        text = _in_unit(size, shown, after) or shown
    elif percent:
        text = _rounded(size.scaleb(2 * section.percents), section.digits[1])
    else:
        text = _padded(_exact(size), section)
    sign = "-" if value < 0 and text.strip("0.") and not (apart and before and not section.signed) else ""
    doubt = _rescaled(value, sign + text, section) if reshaped and not _SCALES.search(after) else ""
    mark = "%" * section.percents
    return GridCell(f"{before}{sign}{text}{mark}{after}", doubt, number=True, percent=percent)


def _without_digits(value: Decimal, section: Section) -> GridCell:
    """A section that shows no number: nothing, a dash, or words."""
    stored, words = _exact(value), section.words[0]
    if words:
        return GridCell(words, f"显示“{words}”，存的是 {stored}", number=True)
    dash = value == 0 and section.tokens
    return GridCell(stored, "" if dash else f"格式设成了不显示，存的是 {stored}", number=True)


def _exact(value: Decimal) -> str:
    """The value itself: at most six decimals, no more than needed."""
    rounded = value.quantize(Decimal(1).scaleb(-_DECIMALS), context=_MOST)
    text = format(rounded, "f").rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _rounded(value: Decimal, places: str) -> str:
    """Rounded to the decimals shown; a # shows no zero at the end."""
    text = format(value.quantize(Decimal(1).scaleb(-len(places)), context=_MOST), "f")
    for place in reversed(places):
        if place != "#" or not text.endswith("0"):
            break
        text = text[:-1]
    return text.rstrip(".")


def _padded(text: str, section: Section) -> str:
    """Leading zeros of a whole number that its format asks for, as numbers of files and posts have."""
    whole = not section.digits[1] and "slash" not in section.kinds and text.isdigit()
    return text.zfill(section.width) if whole and section.width > 1 else text


def _laid_out(value: Decimal, section: Section) -> str:
    """Fill the digits into their places, with what stands between them."""
    before, after = section.digits
    scaled = value.scaleb(2 * section.percents - 3 * section.thousands)
    text = format(scaled.quantize(Decimal(1).scaleb(-len(after)), context=_MOST), "f")
    whole, _, part = text.partition(".")
    digits = list(whole.lstrip("0").zfill(section.width))
    point = next((place for place, token in enumerate(section.body) if token.kind == "point"), len(section.body))
    shown: list[str] = []
    left = len(before)
    for kind, literal in reversed(section.body[:point]):
        if kind == "digit":
            left -= 1
            shown.append(digits.pop() if digits else "")
            if not left:
                shown += reversed(digits)
        elif kind == "literal" and digits:
            shown.append(literal)
    return "".join(reversed(shown)) + (f".{part}" if part else "")


def _in_unit(value: Decimal, shown: str, after: str) -> str:
    """A value in the unit behind it with all its decimals, where that is what is shown: 57.69万 for 57.7万."""
    unit = next((power for word, power in _POWERS.items() if after.startswith(word)), None)
    if unit is None or not _NUMBER.fullmatch(shown):
        return ""
    exact = value.scaleb(-unit)
    places = len(shown.partition(".")[2])
    same = exact.quantize(Decimal(1).scaleb(-places), context=_MOST) == Decimal(shown)
    return _exact(exact) if same else ""


def _rescaled(value: Decimal, text: str, section: Section) -> str:
    """The doubt that what is shown is another figure than what is stored."""
    stored = _exact(value)
    if not _NUMBER.fullmatch(text) or Decimal(text) == Decimal(stored) or section.percents > 0:
        return ""
    return f"显示 {text}，存的是 {stored}（格式改变了大小），请核对金额单位"


def _date(value: Decimal, parts: frozenset[str], *, date_1904: bool) -> GridCell:
    """Show a day or a time; days before the calendar of the file begins cannot be told."""
    seconds = int((value * _DAY).to_integral_value(ROUND_HALF_UP))
    days, rest = divmod(seconds, _DAY)
    if "elapsed" in parts:
        return GridCell(_clock(seconds, parts) if seconds >= 0 else _exact(value), "" if seconds >= 0 else _NO_DAY)
    if not parts & set("yMd"):
        return GridCell(_clock(rest, parts)) if seconds >= 0 else GridCell(_exact(value), _NO_DAY)
    days += _DAYS_1904 if date_1904 else 0
    first = _DAYS_1904 if date_1904 else 1
    if not first <= days <= _LAST_DAY or days == _LEAP:
        return GridCell(_exact(value), _NO_DAY)
    day = date(1899, 12, 31 if days < _LEAP else 30) + timedelta(days)
    text = day.isoformat()
    if "d" not in parts:
        text = text[:7] if "M" in parts else text[:4]
    return GridCell(f"{text} {_clock(rest, parts)}" if "H" in parts else text)


_NO_DAY = "格式设成了日期或时间，但存的数不是有效的日期，请核对"


def _clock(seconds: int, parts: frozenset[str]) -> str:
    """Hours and minutes, with seconds where they are shown."""
    text = f"{seconds // 3600:02}:{seconds // 60 % 60:02}"
    return f"{text}:{seconds % 60:02}" if "s" in parts else text
