"""Width folding, numerals in figures and in Chinese, and what in a text is no figure, for the quantity parser.

Everything here is a pure function of its arguments. No function raises for any `str`; what is not understood comes
back as `None`. A text is "normalised" when it went through `normalise`.

The numerals are read here and not by a library (cn2an was looked at): one is wanted that says "not a numeral" for
三万五, 一二三 and 两三个 instead of giving a number, and that keeps the last 万 or 亿 for the unit.
"""

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache

from fpcheck import lexicon

LONGEST = 24  # digits or Chinese numeral characters; anything longer is no number of a form


def _pairs(text: str) -> dict[str, str]:
    return dict(pair.split("=") for pair in text.split())


# A hyphen may be a sign or a range; a dash (—) may be a range but is never a sign, so the two stay apart.
_SPECIAL = _pairs("≧=≥ ⩾=≥ ≮=≥ ≦=≤ ⩽=≤ ≯=≤ ―=— ─=— –=- −=- ∼=~ 〜=~") | {"═": "="}
_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_TENS = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"亿": 10**8, "万": 10**4}
MULTIPLES = _TENS | _MYRIADS
_SIZES = {"": 1, "万": 10**4, "亿": 10**8, "万亿": 10**12}
CN_CHARS = "".join((*_DIGITS, *MULTIPLES))
# The figures of cheques. Some are words of their own (大陆, 收拾), so they are only folded inside a numeral.
_FORMAL = _pairs(
    "壹=一 贰=二 貳=二 叁=三 參=三 肆=四 伍=五 陆=六 陸=六 柒=七 捌=八 玖=九 拾=十 佰=百 仟=千 萬=万 億=亿"
)
FORMAL_CHARS = "".join(_FORMAL)
YEAR = r"(?:19|20)\d\d"
# 80 000元: blanks part thousands where every group has three figures and a unit, or a decimal part, follows.
GROUPED = re.compile(
    r"(?<![\d.,/:~—-])[1-9]\d{0,2}(?: \d{3}){1,4}(?=\.\d|[ ]?[一-龥%‰¥A-Za-z㎡])(?! ?[年月日号时点比和与])", re.ASCII
)
NOT_ONE = "(?:无|没有|[未不](?:再?(?:发生|出现|接到|收到|产生|造成))?)(?:过)?[一1][起例件次人宗](?!次)"  # 未发生1起
SEASON = rf"{YEAR}年度?的?(?={lexicon.any_of('年份后面的时点')})"  # 2024年春节前: not the end of 2024


@lru_cache(maxsize=10_000)
def _fold(char: str) -> str:
    if char in _SPECIAL:
        return _SPECIAL[char]
    folded = unicodedata.normalize("NFKC", char)
    return folded if len(folded) == 1 and unicodedata.category(char) != "No" else char


def normalise(text: str) -> str:
    """Fold `text` to half width, one character to one, so offsets are preserved; ①, ² and ㎡ stay."""
    return text if text.isascii() else "".join(map(_fold, text))


def is_odd(char: str) -> bool:
    """Whether a character is a figure that nobody could read with certainty: ⑤, ², ½, Arabic digits; Ⅳ is a letter."""
    return not char.isascii() and char.isnumeric() and not ("㐀" <= char <= "鿿" or "Ⅰ" <= char <= "ⅿ" or char == "〇")


def _section(text: str) -> int | None:
    """Value of a numeral below 万 ("三百零五" = 305), or None when ill-formed."""
    total, digit, last = 0, -1, 10_000
    for char in text:
        if char in _TENS:
            if _TENS[char] >= last or digit == 0 or (digit < 0 and (char != "十" or total)):
                return None
            last = _TENS[char]
            total, digit = total + max(digit, 1) * last, -1
        elif digit > 0 or (digit == 0 and char in "零〇"):
            return None
        else:
            digit = _DIGITS[char]
    gap = digit > 0 and last in (100, 1000) and text[-2] not in "零〇"
    return None if gap else total + max(digit, 0)


def chinese(text: str) -> int | None:
    """Value of a Chinese numeral such as 二十三 or 三万五千; None when ill-formed."""
    if not text or len(text) > LONGEST or any(char not in CN_CHARS for char in text):
        return None
    for mark, factor in _MYRIADS.items():
        head, found, tail = text.rpartition(mark)
        if found:
            high, low = chinese(head), chinese(tail) if tail else 0
            gap = bool(tail) and tail[0] not in "零〇" and low is not None and low * 10 < factor
            return None if high is None or low is None or gap or low >= factor else high * factor + low
    return _section(text)


def spelt(text: str) -> str | None:
    """Digits spelt out one by one: 二〇二三 → "2023"; None when there is anything else."""
    plain = text.replace("○", "〇")
    return "".join(str(_DIGITS[char]) for char in plain) if all(char in _DIGITS for char in plain) else None


_PIECE = re.compile(r"(\d+)([百千]?[万亿]?)", re.ASCII)


def _mixed(text: str) -> int | None:
    """Value of figures and multiples in turn: 2万5千 = 25000; None for 2万5, which may be 20005 or 25000."""
    total, last = 0, 0
    for digits, marks in _PIECE.findall(text):
        size = 1
        for mark in marks:
            size *= MULTIPLES[mark]
        value = int(digits) * size
        if last and (value >= last or (size == 1 and len(digits) != len(str(last)) - 1)):
            return None
        total, last = total + value, size
    return total


def figure(text: str) -> tuple[Decimal | None, str]:
    """A numeral's value (None when unreadable) and the 万/亿 that belongs to its unit: 三百万 → (300, "万")."""
    if len(text) > LONGEST:
        return None, ""
    if text.isascii():
        return Decimal(text.replace(",", "")), ""
    plain = "".join(_FORMAL.get(char, char) for char in text)
    cut = len(plain.rstrip("万亿"))
    marks = plain[cut:]
    size = _SIZES.get(marks)
    if size is None:  # 万万
        return None, ""
    whole, point, part = plain[:cut].partition("点")
    if point:
        before, after = chinese(whole), spelt(part)
        return (None if before is None or not after else Decimal(f"{before}.{after}")), marks
    value = _mixed(plain) if plain[0].isascii() else chinese(plain)
    return (None if value is None else Decimal(value // size)), marks


_IDIOM = re.compile(
    rf"(?<![{CN_CHARS}点])一(?!(?:年|月|周|天|日|季度?|学期)一次)[^\W\d{CN_CHARS}点]{{1,2}}一[^\W\d{CN_CHARS}点]|"
    rf"[一两三四五六七八九十]个(?:{lexicon.any_of('几个后面的专名')}|一(?![月年天周小]))|十[一二三四]个?五|"
    rf"(?:\d{{1,4}}|[{CN_CHARS}]{{1,3}})年一遇|"
    r"(?<![一二两三四五六七八九百千\d])[十万]分(?!之)|[一三]次性|[一二三]次[元供]|[一二三]次产业|"
    r"(?:[一两二三四五六七八九]|\d{1,2})年级|(?<![\d.])\d{1,2}级(?:[及或]?以[上下])?+(?=(?![及或以])[一-龥])|[一二三四五六七八九十]期(?=工程|项目|建设|施工|改造)|"
    # A part of a project's name (二期雨污分流改造工程, 污水管网工程二期), and how far things are (15分钟生活圈).
    rf"(?<![共分举办开展组织{CN_CHARS}])[一二三四五六七八九十]期(?=(?:(?![培训班讲座课刊活动])[一-龥]){{0,14}}(?:工程|改造|[新扩改]建))|"
    rf"(?<=工程|项目|改造|园区|[新扩改]建)[一二三四五六七八九十]期(?!培训)|(?:\d{{1,3}}|[{CN_CHARS}]{{1,3}})(?:分钟|小时)(?=[一-龥]{{0,8}}圈)|"
    r"(?<![附临靠将接])近(?:[两\d]|[一二三四五六七八九十]{1,2})年(?!左右|以上)|1:\d{3,7}(?!\d)|\d{3,5}(?=热线|专线|电话)|"
    r"第(?![一二三四1-4]季度)[零〇一二两三四五六七八九十百\d]{1,6}|(?<![^\s;。、,:])(?:[①-⒛㈠-㈩]|\(\d{1,2}\)|\d{1,2}[.、)](?!\d))|"
    rf"[〔\[(]{YEAR}[〕\])](?:第?\d{{1,5}}号)?|(?<![月\dA-Za-z])[\dA-Za-z]{{1,9}}号文?(?!前|之前|以前)|"
    rf"{NOT_ONE}|[pP][hH]值?[:为在]?(?=\d)|{SEASON}|(?<=指标)\d{{1,2}}[:.、]|{'|'.join(lexicon.words('固定说法'))}"
)
# Whose age it is: 60岁以上老人, 0-6岁儿童. No sign stands before it.
_SOME = rf"(?:\d{{1,3}}|[{CN_CHARS}]{{1,4}})"
_AGED = re.compile(
    rf"(?<![\d.])(?:{_SOME}周?岁?[-~—至到]{{1,2}})?{_SOME}周?岁(?:\(含\))?(?:[及或]?以[上下内]|(?=(?!左右|上下)[一-龥]))",
    re.ASCII,
)
_QUOTED = re.compile(
    r"“[^“”]{0,200}”|‘[^‘’]{0,200}’|《[^《》]{0,200}》|「[^「」]{0,200}」|" + r'"[^"]{0,200}"|〔[^〔〕]{0,30}〕'
)


# What in quotation marks may be the value itself: “90%以上”, “零”发生, “不少于1次”.
_VALUE = re.compile(r"[零无未不].*|.*[%‰].*|[一-龥]{0,4}[\d.,]{1,12}[^\d]{1,6}", re.ASCII)


def erase(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Replace the spans of `text`, ordered by where they begin, by NULs, so that offsets stay valid."""
    pieces, at = [], 0
    for start, end in spans:
        pieces += [text[at:start], "\0" * (end - max(start, at))]
        at = max(end, at)
    return "".join((*pieces, text[at:])) if pieces else text


def remarks(text: str) -> list[bool]:
    """For each character of `text`, whether it belongs to a remark: in round brackets, or from 其中 on."""
    depth, inside = 0, []
    detail = text.find("其中")
    for at, char in enumerate(text):
        depth = max(0, depth + (char == "(") - (char == ")"))
        inside.append(depth > 0 or 0 <= detail <= at)
    return inside


def without_idioms(text: str) -> str:
    """Blank fixed phrases, ordinals, list marks and document numbers (三农, 第三次)."""
    return erase(text, (m.span() for m in _IDIOM.finditer(text)))


def without_ages(text: str) -> str:
    """Blank the ages that tell whom something is for (60岁以上老人)."""
    return erase(text, (m.span() for m in _AGED.finditer(text))) if "岁" in text else text


def without_names(text: str) -> str:
    """Blank what stands in quotation or title marks and is a name (“五个先锋”评选) rather than the value."""
    names = (
        m.span()
        for m in _QUOTED.finditer(text)
        if m[0] != text and (m[0][0] == "《" or not _VALUE.fullmatch(m[0][1:-1]))
    )
    return erase(text, names)


def without_quotes(text: str) -> str:
    """Blank whatever stands in quotation marks or title marks."""
    return erase(text, (m.span() for m in _QUOTED.finditer(text)))
