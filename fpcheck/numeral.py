"""Width folding, Chinese numerals, and what in a text is no figure, for the quantity parser.

Everything here is a pure function of its arguments. No function raises for any `str`; what is not understood comes
back as `None`. A text is "normalised" when it went through `normalise`.
"""

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal

LONGEST = 24  # digits or Chinese numeral characters; anything longer is no number of a form


def pairs(text: str) -> dict[str, str]:
    """A table written as "key=value key=value"."""
    return dict(pair.split("=") for pair in text.split())


_SPECIAL = pairs("≧=≥ ⩾=≥ ≦=≤ ⩽=≤ ，=， —=- –=- ―=- −=- ─=- ∼=~ 〜=~") | {"═": "="}
_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_TENS = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"亿": 10**8, "万": 10**4}
MULTIPLES = _TENS | _MYRIADS
CN_CHARS = "".join((*_DIGITS, *MULTIPLES))
YEAR = r"(?:19|20)\d\d"


def _fold(char: str) -> str:
    if char in _SPECIAL:
        return _SPECIAL[char]
    folded = unicodedata.normalize("NFKC", char)
    return folded if len(folded) == 1 and unicodedata.category(char) != "No" else char


def normalise(text: str) -> str:
    """Fold `text` to half width, one character to one, so offsets are preserved; ①, ² and ㎡ stay."""
    return text if text.isascii() else "".join(map(_fold, text))


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


def chinese(text: str) -> Decimal | None:
    """Value of a Chinese numeral such as 二十三 or 三万五千; None when ill-formed."""
    if not text or len(text) > LONGEST or any(char not in CN_CHARS for char in text):
        return None
    for mark, factor in _MYRIADS.items():
        head, found, tail = text.rpartition(mark)
        if found:
            high, low = chinese(head), chinese(tail) if tail else Decimal(0)
            gap = bool(tail) and tail[0] not in "零〇" and low is not None and low * 10 < factor
            return None if high is None or low is None or gap else high * factor + low
    value = _section(text)
    return None if value is None else Decimal(value)


def figure(digits: str | None, han: str | None) -> tuple[Decimal | None, str]:
    """A numeral's value (None when unreadable) and the 万/亿 that belongs to its unit: 三百万 → (300, "万")."""
    if digits:
        return (Decimal(digits.replace(",", "")) if len(digits) <= LONGEST else None), ""
    text = han or ""
    cut = len(text.rstrip("万亿"))
    return chinese(text[:cut]), text[cut:]


_IDIOM = re.compile(
    r"一[^\W\d]{1,2}一[^\W\d]|[一两三四五六七八九十]个(?:维护|意识|自信|全面|代表|文明|确立|务必|必须|服从|结合|统一|"
    r"坚持|中心|基本点|革命|作风|责任制)|十[一二三四]个?五|(?<![一二两三四五六七八九百千])[十万]分(?!之)|二十大|三农|三下乡|三公|八项规定|三重一大|"
    r"一老一小|两学一做|三会一课|两不愁|三保障|五位一体|双随机|[一三]次性|[一二三]次[元供]|[一二三]次产业|五年规划|"
    r"三年行动|百年大计|千家万户|四级联动|九年义务|[一两二三四五六七八九]年级|"
    r"第(?![一二三四1-4]季度)[零〇一二两三四五六七八九十百\d]{1,6}|(?<![^\s;。，,:])(?:\(\d{1,2}\)|\d{1,2}[.、)](?!\d))|"
    rf"[〔\[(]{YEAR}[〕\])](?:第?\d{{1,5}}号)?|(?<![月\dA-Za-z])[\dA-Za-z]{{1,9}}号文?|(?<=指标)\d{{1,2}}[:.、]"
)
_QUOTED = re.compile(
    r"“[^“”]{0,200}”|‘[^‘’]{0,200}’|《[^《》]{0,200}》|「[^「」]{0,200}」|" + r'"[^"]{0,200}"|〔[^〔〕]{0,30}〕'
)


def erase(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Replace the ordered spans of `text` by NULs, so that offsets stay valid."""
    pieces, at = [], 0
    for start, end in spans:
        pieces += [text[at:start], "\0" * (end - start)]
        at = end
    return "".join((*pieces, text[at:]))


def bracketed(text: str) -> list[bool]:
    """For each character of `text`, whether it stands inside round brackets."""
    depth, inside = 0, []
    for char in text:
        depth = max(0, depth + (char == "(") - (char == ")"))
        inside.append(depth > 0)
    return inside


def without_idioms(text: str) -> str:
    """Blank fixed phrases, ordinals, list marks and document numbers (三农, 第三次)."""
    return erase(text, (m.span() for m in _IDIOM.finditer(text)))


def without_quotes(text: str) -> str:
    """Blank whatever stands in quotation marks or title marks."""
    return erase(text, (m.span() for m in _QUOTED.finditer(text)))
