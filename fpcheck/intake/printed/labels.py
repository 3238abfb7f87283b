"""Printed labels: brought to the form in which they are compared, and told apart from near misses."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

_INVISIBLE = re.compile("[\\s\u200b-\u200f\u2060\ufeff]+")
_CHINESE = "一二三四五六七八九十"
_NUMBERING = re.compile(rf"^(?:[(][{_CHINESE}\d]{{1,3}}[)]|[{_CHINESE}]{{1,3}}[、.]|\d{{1,2}}[、.)]|[★☆*●▲◆■□])+")
_LEADS = re.compile(r"^其中[:：]?")
_NOTE = re.compile(r"[(][^()]{0,40}[)]$")
_UNIT = re.compile(r"[(](?:单位[:：]?)?(人民币)?(亿元|万元|千元|元|%)[)]")
MAX_LABEL, MAX_TEXT = 40, 200  # characters, without and with blanks
MIN_NEAR = 3  # a label of two characters with one of them wrong could be anything


def squeezed(text: str) -> str:
    """A text after NFKC without any blanks: 项 目 名 称 → 项目名称."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))


def label_of(text: str) -> str:
    """A cell's text as a label is compared: no blanks, numbering, 其中, notes in brackets at the end, colon behind it.

    Empty for what is too long to be a label.
    """
    return _label_of(text) if len(text) <= MAX_TEXT else ""


@lru_cache(20_000)
def _label_of(text: str) -> str:
    plain = squeezed(text)
    if len(plain) > MAX_LABEL:
        return ""
    plain = _LEADS.sub("", _NUMBERING.sub("", plain)).rstrip(":")
    while (bare := _NOTE.sub("", plain).rstrip(":")) != plain and bare:
        plain = bare
    return plain


def unit_of(text: str) -> str | None:
    """The money unit, or %, that a label carries in brackets: 项目资金（万元） → 万元; None without one or with two."""
    found = {unit for _, unit in _UNIT.findall(squeezed(text))}
    return found.pop() if len(found) == 1 else None


def near_miss(text: str, known: Mapping[str, str], shortest: int = MIN_NEAR) -> str | None:
    """The known label that `text` is but for one character (another, missing, one too many, two swapped).

    `known` says what each label stands for. None where there is none, or where they stand for several things.
    """
    found = near_misses(text, known, shortest)
    return found[0] if len({known[label] for label in found}) == 1 else None


def near_misses(text: str, known: Iterable[str], shortest: int = MIN_NEAR) -> list[str]:
    """Every known label of `shortest` characters and more that `text` is but for one character."""
    size = len(text)
    if size < shortest - 1:
        return []
    lengths = range(max(shortest, size - 1), size + 2)
    return [label for label in known if len(label) in lengths and label != text and _one_apart(text, label)]


def _one_apart(one: str, two: str) -> bool:
    """Whether two texts, whose lengths differ by one at most, differ in one place."""
    if one[:1] != two[:1] and one[-1:] != two[-1:] and len(one) > 2:  # noqa: PLR2004 - one place is at one end at most
        return False
    start = next((i for i, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two)))
    rest = one[start:], two[start:]
    if len(one) == len(two):
        return rest[0][1:] == rest[1][1:] or (rest[0][1::-1] == rest[1][:2] and rest[0][2:] == rest[1][2:])
    longer, shorter = sorted(rest, key=len, reverse=True)
    return longer[1:] == shorter


def spelled(labels: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Which name each label stands for, the labels as they are compared; of two names the first keeps a label."""
    found: dict[str, str] = {}
    for name, printed in labels.items():
        for label in printed:
            found.setdefault(label_of(label), name)
    return found
