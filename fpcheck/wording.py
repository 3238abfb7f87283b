"""Word lists, and those of them by which the built-in column 可衡量 is judged.

The lists are data of the rule pack (`rules/wordlists/`); here stands how words are looked for, and which list decides
what. No function raises for any `str`.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Protocol

VAGUE = "含糊词.程度"  # the value cannot be checked, whatever else stands there
STATE = "可核对状态"  # it can be checked in part
PROVABLE = "可核对说法"  # it can be checked
GRADES, ALONE, RANKED = (
    "档名",
    "档名.单写",
    "等级名",
)  # grades of a scale; those that may stand alone; classes and levels
UNDATED = "时点词.没有日子"  # a time that is known, its day is not
PROMPTS = "填写提示"
RATES, SHARES = "名称说比率", "名称说比率.比例"  # what names say, down to the last list
MANNERS, SLOGANS, COUNTED, TIMED = "名称说做得怎样", "名称口号", "名称说多少", "名称说时间"
MEASURED, MONEY = "名称说多少.大小", "名称说多少.钱"  # 亩 or 平方米, 元 or 万元: the figure alone does not say
PLACED, LEVEL2 = "名称说排名", "名称口号.二级名称"
JUDGING = (
    *(VAGUE, STATE, PROVABLE, GRADES, ALONE, RANKED, UNDATED, PROMPTS),
    *(RATES, SHARES, MANNERS, SLOGANS, COUNTED, TIMED, MEASURED, MONEY, PLACED, LEVEL2),
)
JUDGING_LISTS = tuple(dict.fromkeys(name.partition(".")[0] for name in JUDGING))  # without their levels


class Words(Protocol):
    """A word list: words, patterns, and the exceptions inside which neither counts."""

    @property
    def words(self) -> tuple[str, ...]:
        """Plain texts."""

    @property
    def exceptions(self) -> tuple[str, ...]:
        """Plain texts."""

    @property
    def patterns(self) -> tuple[str, ...]:
        """Regular expressions, found anywhere."""


class Listed(NamedTuple):
    """A word list as such."""

    words: tuple[str, ...] = ()
    exceptions: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()

    def level(self, entries: tuple[str, ...]) -> "Listed":
        """Give the part of the list that these words and patterns make."""
        words = tuple(entry for entry in entries if entry not in self.patterns)
        return Listed(words, self.exceptions, tuple(entry for entry in entries if entry in self.patterns))


def hits(text: str, words: Words) -> list[str]:
    """Give the words that occur in a text, in the list's order, then what its patterns find.

    One wholly inside an exception does not count.
    """
    covered = [span for exception in words.exceptions for span in _spans(exception, text)]
    found = [word for word in words.words if any(not _inside(span, covered) for span in _spans(word, text))]
    matches = (match for pattern in words.patterns for match in re.finditer(pattern, text))
    found += [match[0] for match in matches if match[0] and not _inside(match.span(), covered)]
    return list(dict.fromkeys(found))


def _spans(word: str, text: str) -> Iterator[tuple[int, int]]:
    start = text.find(word)
    while start >= 0:
        yield start, start + len(word)
        start = text.find(word, start + 1)


def _inside(span: tuple[int, int], covered: list[tuple[int, int]]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in covered)


@dataclass(frozen=True)
class Wording:
    """The lists of `JUDGING` by name, each compiled when it is first asked; one that is not there has no words."""

    lists: Mapping[str, Words]

    def has(self, name: str, text: str) -> bool:
        """Whether any of a list's words occurs in a text."""
        listed, plain = self.lists.get(name), _plain(text)
        if listed is None or not self._compiled(name).search(plain):
            return False
        return not listed.exceptions or bool(hits(plain, listed))

    def is_level(self, text: str) -> bool:
        """Whether a text is one grade that may stand alone, one class, or any grade with 以上."""
        return self._level.fullmatch(_plain(text)) is not None

    def is_scale(self, text: str) -> bool:
        """Whether a text is two to six grades one after the other; 良好 is one."""
        plain = _plain(text)
        return self._scale.fullmatch(plain) is not None and plain not in self._grades

    def bands(self, text: str) -> set[str]:
        """The grades that stand with what they take: 优:…, 优100%, 90分以上为优."""
        return {match[1] or match[2] or match[3] for match in self._band.finditer(_plain(text))}

    def _compiled(self, name: str) -> re.Pattern[str]:
        found = self._patterns.get(name)
        if found is None:
            found = self._patterns[name] = re.compile(self._any_of(name))
        return found

    @cached_property
    def _patterns(self) -> dict[str, re.Pattern[str]]:
        return {}

    def _any_of(self, name: str) -> str:
        """A pattern for any of a list's words, the longest first, or its patterns; nothing where there is none."""
        listed = self.lists.get(name) or Listed()
        words = sorted(listed.words, key=len, reverse=True)
        return "|".join((*map(re.escape, words), *(f"(?:{pattern})" for pattern in listed.patterns))) or "(?!)"

    @cached_property
    def _grades(self) -> tuple[str, ...]:
        return self.lists.get(GRADES, Listed()).words

    @cached_property
    def _band(self) -> re.Pattern[str]:
        grade = self._any_of(GRADES)
        return re.compile(
            rf"(?:^|(?<=[;,。、]))({grade})[:=(]|({grade})[:=(<>≥≤为得]{{0,3}}\d|"
            rf"\d[%分]?(?:以上|以下|为|\(含\)){{0,3}}[:=]?({grade})(?![一-龥])"
        )

    @cached_property
    def _scale(self) -> re.Pattern[str]:
        grade = self._any_of(GRADES)
        return re.compile(rf"(?:{grade})(?:[/、,;|]?(?:{grade})){{1,5}}")

    @cached_property
    def _level(self) -> re.Pattern[str]:
        above = "[及或]?以上"
        return re.compile(
            rf"(?:{self._any_of(ALONE)})|(?:{self._any_of(RANKED)})(?:{above})?|(?:{self._any_of(GRADES)}){above}"
        )


def _plain(text: str) -> str:
    """A text as the words of lists are written."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def wording_of(*packs: Mapping[str, Words]) -> Wording:
    """Pick the lists that judge, each out of the first of the packs that has it.

    Of a list without the level that is asked, the whole counts.
    """
    found: dict[str, Words] = {}
    for name in JUDGING:
        base = name.partition(".")[0]
        owner = next((lists for lists in packs if base in lists), {})
        if listed := owner.get(name) or owner.get(base):
            found[name] = listed
    return Wording(found)
