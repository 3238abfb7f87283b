"""One written value → one typed value. What cannot be read raises; nothing is guessed, nothing becomes zero."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from fpcheck.problem import short
from fpcheck.terms import Term, Type

MAX_TEXT = 20_000
UNITLESS = "没有写单位"
UNREADABLE_UNIT = "？"  # stands for a form's money unit that could not be read
MAX_YUAN = Decimal(10) ** 12
MAX_DECIMALS = 6
YEARS = range(1990, 2101)
MAX_RATIO = 100


class Month(NamedTuple):
    """A date of which only year and month were written: enough for 年份, missing for a comparison of days."""

    year: int
    month: int

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


Value = int | Decimal | Fraction | str | bool | date | Month
"""Money in 分 (int), ratio and number (Decimal), count (int), text, enum (str), boolean, date.

A figure that was worked out is a Fraction.
"""


class Reading(NamedTuple):
    """A value and the step of its last written digit (money in 分, ratio as a fraction of one)."""

    value: Value
    step: Decimal | None = None


class Unfit(ValueError):  # noqa: N818 - named for what it says
    """A text that is not a value of its field's type; `hint` says what to write."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def normal(text: str) -> str:
    """Bring a text to the form in which it is compared, matched and counted: NFKC, trimmed, on one line."""
    return "".join(part.strip() for part in re.split(r"[\r\n]+", unicodedata.normalize("NFKC", text)))


def read_value(term: Term, text: str, units: Mapping[str, int], money_unit: str | None) -> Reading:
    """Read a text as a value of `term`'s type.

    Args:
        term: the field.
        text: the value as written, not blank.
        units: yuan per money unit.
        money_unit: the form's unit, for an amount that has none of its own.

    Raises:
        Unfit: the text is not such a value.
    """
    if len(text) > MAX_TEXT:
        raise Unfit(f"有 {len(text)} 字，超过 {MAX_TEXT} 字", "请只写要点，其余放进附件")
    if term.type is not Type.TEXT and (quoted := re.fullmatch(r"\s*[“‘\"'「](.+)[”’\"'」]\s*", text)):
        raise Unfit(f"“{short(quoted[1])}”外面有引号", f"请去掉引号，写成 {short(quoted[1])}")
    if term.type not in (Type.TEXT, Type.ENUM, Type.BOOLEAN) and (odd := _odd_digit(text)):
        raise Unfit(f"“{short(text)}”里有“{odd}”", "上标、带圈的数字不能当作数，请删去或改成普通数字")
    if term.type is Type.MONEY:
        return _money(normal(text), units, money_unit)
    return _READERS[term.type](term, normal(text))


def _odd_digit(text: str) -> str | None:
    """Find a footnote mark (①, ², ½) that would turn into an ordinary digit; full-width digits are digits."""
    odd = (c for c in text if not c.isascii() and not "０" <= c <= "９")
    return next((c for c in odd if re.search(r"[0-9]", unicodedata.normalize("NFKC", c))), None)


def _text(_: Term, text: str) -> Reading:
    return Reading(text)


_DIGITS = r"(?P<sign>[+-]?)(?P<digits>(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:[eE][+-]?\d{1,3})?)"
_MONEY = re.compile(rf"(?:¥|人民币)?\s*{_DIGITS}\s*(?P<unit>[^\d\s.,+\-]*)$")
_NUMBER = re.compile(rf"{_DIGITS}\s*(?P<unit>[^\d\s.,+\-]*)$")


def _decimal(found: re.Match[str] | None, text: str, example: str) -> Decimal:
    if found is None and re.match(r"[¥0-9][0-9.]{0,30},[0-9,.]", text):
        raise Unfit(f"“{short(text)}”的逗号位置不对", "千分位从右往左每三位一个，或不写逗号")
    if found is None:
        raise Unfit(f"“{short(text)}”不是数", f"请写成 {example} 的样子")
    number = Decimal(found["digits"].replace(",", ""))
    if found["sign"] == "-" and number:
        raise Unfit(f"“{short(text)}”是负数", "请核对；冲减的金额请直接从总数里减去")
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or abs(number.adjusted()) > 30:  # noqa: PLR2004 - far beyond any figure
        raise Unfit(f"“{short(text)}”太大或太小", "请核对位数")
    if -exponent > MAX_DECIMALS:
        raise Unfit(f"“{short(text)}”小数超过 {MAX_DECIMALS} 位", "请按规定的位数四舍五入后填写")
    return number


def _money(text: str, units: Mapping[str, int], money_unit: str | None) -> Reading:
    found = _MONEY.match(text)
    number = _decimal(found, text, "57.69万元")
    written = (found["unit"] if found else "").removesuffix("整")
    unit = {"万": "万元", "亿": "亿元"}.get(written, written) or money_unit
    if unit == UNREADABLE_UNIT:
        raise Unfit(f"“{short(text)}”没有自带单位，“金额单位”又认不出", "请先改好“金额单位”")
    if unit is None:
        raise Unfit(f"“{short(text)}”{UNITLESS}", "请写成“57.69万元”，或在开头写“金额单位: 万元”")
    if unit not in units:
        several = any(known in unit.replace(_longest(unit, units), "", 1) for known in units)
        message = f"“{short(text)}”写了两个单位" if several else f"“{short(text)}”的单位认不出"
        raise Unfit(message, f"单位只写一个：{'、'.join(units)}")
    yuan = number * units[unit]
    if yuan >= MAX_YUAN:
        raise Unfit(f"“{short(text)}”达到一万亿元", "请核对金额和单位，常见的是把元写成了万元")
    cents = yuan * 100
    if cents != int(cents):
        raise Unfit(f"“{short(text)}”精确到了分以下", "请四舍五入到分")
    return Reading(int(cents), Decimal(1).scaleb(_exponent(number)) * units[unit] * 100)


def _longest(unit: str, units: Mapping[str, int]) -> str:
    return max((known for known in units if known in unit), key=len, default=unit)


def _exponent(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def _ratio(_: Term, text: str) -> Reading:
    found = _NUMBER.match(text)
    number = _decimal(found, text, "92.58%")
    unit = found["unit"] if found else ""
    scale = {"%": -2, "百分比": -2, "‰": -3}.get(unit)
    if "%" in unit and scale is None:
        raise Unfit(f"“{short(text)}”不是一个百分数", "只写数和一个百分号，如 92.58%")
    if scale is None:
        raise Unfit(
            f"“{short(text)}”没有写百分号",
            f"若是百分之{short(text, 10)}请写“{short(text, 10)}%”，若是比例请换算成百分数",
        )
    ratio = number.scaleb(scale)
    if ratio > MAX_RATIO:
        raise Unfit(f"“{short(text)}”超过 10000%", "请核对小数点")
    return Reading(ratio, Decimal(1).scaleb(_exponent(number) + scale))


def _number(term: Term, text: str) -> Reading:
    found = _NUMBER.match(text)
    number = _decimal(found, text, "2023" if term.unit == "年" else f"10{term.unit or ''}")
    unit = found["unit"] if found else ""
    if number >= MAX_YUAN:
        raise Unfit(f"“{short(text)}”太大", "请核对位数")
    if unit not in ("", term.unit) and (term.unit, unit) != ("年", "年度"):
        raise Unfit(f"“{short(text)}”的单位不是“{term.unit or '无'}”", "请只写数")
    return Reading(number, Decimal(1).scaleb(_exponent(number)))


def _count(term: Term, text: str) -> Reading:
    number = _number(term, text).value
    if number != int(number):  # type: ignore[arg-type] # a Decimal, see _number
        raise Unfit(f"“{short(text)}”不是整数", "请写整数")
    count = int(number)  # type: ignore[arg-type]
    if term.unit == "年" and count not in YEARS:
        raise Unfit(f"“{short(text)}”不是年份", "请写四位年份，如 2023")
    return Reading(count, Decimal(1))


_DATE = re.compile(
    r"(\d{4})\s*(?:[-/.]|年)\s*(\d{1,2})\s*(?:(?:[-/.]|月)\s*(\d{1,2})\s*日?|月)?(?:[T ]00:00(?::00)?)?$"
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})$")


def _date(_: Term, text: str) -> Reading:
    found = _DATE.match(text) or _COMPACT.match(text)
    if not found:
        raise Unfit(f"“{short(text)}”不是日期", "请写成 2023-12-31 或 2023年12月31日")
    year, month, day = int(found[1]), int(found[2]), found[3]
    try:
        value = date(year, month, int(day) if day else 1)
    except ValueError:
        raise Unfit(f"“{short(text)}”这一天不存在", "请核对月份和日期") from None
    if year not in YEARS:
        raise Unfit(f"“{short(text)}”的年份不对", "请核对年份")
    return Reading(value if day else Month(year, month))


_YES = {"是", "有", "√", "✓", "✔", "☑", "yes", "true", "y", "1", "已提供"}
_NO = {"否", "无", "×", "✗", "✘", "☒", "x", "no", "false", "n", "0", "没有", "未提供"}


def _boolean(_: Term, text: str) -> Reading:
    if text.lower() not in _YES | _NO:
        raise Unfit(f"“{short(text)}”看不出是“是”还是“否”", "请写 是 或 否")
    return Reading(text.lower() in _YES)


def _enum(term: Term, text: str) -> Reading:
    """Read a choice, also by another spelling of it; a note in brackets behind it does not matter."""
    for said in (text, re.sub(r"\s*\([^()]*\)$", "", text)):
        choice = term.spellings.get(said, said)
        if choice in term.choices:
            return Reading(choice)
    raise Unfit(f"“{short(text)}”不在选项里", f"请从这些里选：{'、'.join(term.choices)}")


_READERS: dict[Type, Callable[[Term, str], Reading]] = {
    Type.TEXT: _text,
    Type.RATIO: _ratio,
    Type.NUMBER: _number,
    Type.COUNT: _count,
    Type.DATE: _date,
    Type.BOOLEAN: _boolean,
    Type.ENUM: _enum,
}
