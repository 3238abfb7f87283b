"""Number format codes of spreadsheets (`0.00%`, `yyyy"年"m"月"`, `[红色]-0;0`) → their sections and what these show."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property, lru_cache
from operator import eq, ge, gt, le, lt, ne
from typing import NamedTuple

_TOKEN = re.compile(
    r"""
      "(?P<quoted>[^"]*)"? | [\\!](?P<escaped>.)    # texts shown as they are
    | (?P<space>_.|\*.)                             # room left, and what fills the cell
    | \[(?P<bracket>[^\]]*)\]                       # colour, condition, locale, elapsed time
    | (?P<general>General|G/[通标標][^;\s"]{0,3})
    | (?P<half>AM/PM|A/P|上午/下午)
    | (?P<exponent>(?<=[0#?])E[+-])
    | (?P<date>y+|m+|d+|h+|s+|e+|a{3,4}|g{1,3}|bbbb|bb)
    | (?P<digit>[0#?]) | (?P<point>\.) | (?P<comma>,) | (?P<percent>%) | (?P<slash>/) | (?P<text>@) | (?P<end>;)
    | (?P<literal>.)
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[0-9]+(?:\.[0-9]+)?)")
_COMPARE: dict[str, Callable[[Decimal, Decimal], bool]] = {"<=": le, ">=": ge, "<>": ne, "<": lt, ">": gt, "=": eq}
_ELAPSED = re.compile(r"h+|m+|s+", re.IGNORECASE)
_NO_WORDS = str.maketrans("", "", "()（）+-− \t\u00a0\u3000¥￥$€£\"'")
_BODY = frozenset({"digit", "point", "general", "text"})
MAX_SECTIONS = 4

# The codes that a file names only by number; 27–36 and 50–58 as in Chinese editions.
BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?",
    13: "# ??/??", 14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM",
    20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm", 27: 'yyyy"年"m"月"', 28: 'm"月"d"日"', 29: 'm"月"d"日"',
    30: "m/d/yy", 31: 'yyyy"年"m"月"d"日"', 32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"', 34: '上午/下午h"时"mm"分"',
    35: '上午/下午h"时"mm"分"ss"秒"', 36: 'yyyy"年"m"月"', 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0",
    49: "@", 50: 'yyyy"年"m"月"', 51: 'm"月"d"日"', 52: 'yyyy"年"m"月"', 53: 'm"月"d"日"', 54: 'm"月"d"日"',
    55: '上午/下午h"时"mm"分"', 56: '上午/下午h"时"mm"分"ss"秒"', 57: 'yyyy"年"m"月"', 58: 'm"月"d"日"',
}  # fmt: skip


class Token(NamedTuple):
    """A piece of a code: its kind (digit, point, comma, percent, date, literal, …) and its text."""

    kind: str
    text: str


@dataclass(frozen=True)
class Section:
    """One of a code's parts between semicolons: what it shows, for which values."""

    tokens: tuple[Token, ...]
    condition: tuple[str, Decimal] | None = None

    def takes(self, value: Decimal) -> bool:
        """Whether its condition (if any) holds."""
        return self.condition is None or _COMPARE[self.condition[0]](value, self.condition[1])

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The kinds of its tokens."""
        return frozenset(token.kind for token in self.tokens)

    @cached_property
    def dates(self) -> frozenset[str]:
        """Which parts of a date or time are shown, of y M d H m s; empty for a number."""
        return _date_parts([token for token in self.tokens if token.kind in ("date", "elapsed")])

    @cached_property
    def _span(self) -> tuple[int, int]:
        """Where the number itself stands among the tokens."""
        at = [place for place, token in enumerate(self.tokens) if token.kind in _BODY]
        return (at[0], at[-1] + 1) if at else (len(self.tokens), len(self.tokens))

    @cached_property
    def body(self) -> tuple[Token, ...]:
        """The tokens from the first place of a digit to the last."""
        return self.tokens[slice(*self._span)]

    @cached_property
    def words(self) -> tuple[str, str]:
        """What is shown before and after the number, but for currency, signs and spaces."""
        first, last = self._span
        return _worded(self.tokens[:first]), _worded(self.tokens[last:])

    @cached_property
    def percents(self) -> int:
        """How many % it has: each shows the number a hundred times larger."""
        return sum(token.kind == "percent" for token in self.tokens)

    @cached_property
    def signed(self) -> bool:
        """Whether it writes a sign of its own: - or brackets."""
        return any(token.kind == "literal" and set(token.text) & set("-−(（") for token in self.tokens)

    @cached_property
    def thousands(self) -> int:
        """By how many thousands the number is divided: the commas right after its last digit."""
        after = self.tokens[self._span[1] :]
        inside = [place for place, token in enumerate(self.body) if token.kind == "point"]
        before_point = self.body[: inside[0]] if inside else ()
        return _leading_commas(after) + _leading_commas(before_point[::-1])

    @cached_property
    def digits(self) -> tuple[str, str]:
        """The places before and after the decimal point, each one of 0 # ?."""
        kinds = [token.kind for token in self.body]
        point = kinds.index("point") if "point" in kinds else len(kinds)
        before, after = self.body[:point], self.body[point:]
        return _places(before), _places(after)

    @cached_property
    def split_by_words(self) -> bool:
        """Whether something is written between the digits, as in 0!.0000 (a fraction's space is none)."""
        return any(kind == "literal" and not text.isspace() for kind, text in self.body) and "slash" not in self.kinds

    @cached_property
    def width(self) -> int:
        """How many digits a whole number has at least: from the first 0 on, a # counts as well."""
        before = self.digits[0]
        return len(before) - before.find("0") if "0" in before else 0


@lru_cache(maxsize=1024)
def sections(code: str) -> tuple[Section, ...]:
    """Take a code apart; of an empty one as of General."""
    found: list[Section] = []
    tokens: list[Token] = []
    condition = None
    for match in [*_TOKEN.finditer(code or "General"), None]:
        kind = match.lastgroup if match else "end"
        text = match[kind] if match and kind else ""
        if kind == "end":
            found.append(Section(tuple(tokens), condition))
            tokens, condition = [], None
        elif kind == "bracket":
            condition = _condition(text) or condition
            tokens += _bracketed(text)
        elif kind in ("quoted", "escaped", "literal"):
            tokens.append(Token("literal", text))
        elif kind not in (None, "space"):
            tokens.append(Token(kind, text.lower() if kind == "date" else text))
    return tuple(found[:MAX_SECTIONS])


def _condition(text: str) -> tuple[str, Decimal] | None:
    found = _CONDITION.fullmatch(text.strip())
    try:
        return (found[1], Decimal(found[2])) if found else None
    except InvalidOperation:
        return None


def _bracketed(text: str) -> list[Token]:
    """What brackets show: a currency ([$¥-804]), elapsed time ([h]); colours and locales show nothing."""
    if text.startswith("$"):
        symbol = text[1:].partition("-")[0]
        return [Token("literal", symbol)] if symbol else []
    return [Token("elapsed", text.lower())] if _ELAPSED.fullmatch(text) else []


def _leading_commas(tokens: tuple[Token, ...]) -> int:
    count = 0
    while count < len(tokens) and tokens[count].kind == "comma":
        count += 1
    return count


def _places(tokens: tuple[Token, ...]) -> str:
    return "".join(token.text for token in tokens if token.kind == "digit")


def _worded(tokens: tuple[Token, ...]) -> str:
    texts = (token.text for token in tokens if token.kind == "literal")
    text = "".join(texts)
    return text.strip() if text.translate(_NO_WORDS) else ""


def _date_parts(tokens: list[Token]) -> frozenset[str]:
    """Tell minutes from months: m is a minute after an hour and before a second."""
    parts: list[str] = []
    for place, (kind, text) in enumerate(tokens):
        letter = text[0]
        if letter == "m":
            before = tokens[place - 1].text[0] if place else ""
            after = tokens[place + 1].text[0] if place + 1 < len(tokens) else ""
            minute = kind == "elapsed" or (len(text) <= 2 and (before == "h" or after == "s"))  # noqa: PLR2004 - mm
            parts.append("m" if minute else "M")
        else:
            parts.append({"e": "y", "b": "y", "g": "y", "a": "d", "h": "H"}.get(letter, letter))
        if kind == "elapsed":
            parts.append("elapsed")
    return frozenset(parts)
