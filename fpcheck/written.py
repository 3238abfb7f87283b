"""Numbers as they are written in a text: the figure, what stands before it, the range, the unit and what follows.

No function raises for any `str`.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from fpcheck.dates import LINK
from fpcheck.numeral import CN_CHARS
from fpcheck.unit import WEAK_AFTER_HAN, is_han, unit_ends

_BEFORE = """
    ≥ >= => ≥= 大于等于 大于或等于 高于等于 高于或等于 不低于 不少于 不小于 不得低于 不得少于 不得小于 至少 最低 达到 达
    ≤ <= =< ≤= 小于等于 小于或等于 低于等于 低于或等于 不超过 不超 不高于 不大于 不多于 不得超过 不得高于 不得大于
    ≤ 至多 最多 最高 控制在 控制到 控制于 不突破
    > 大于 超过 高于 多于 超 突破
    < 小于 低于 少于 不足 不到 不满 未满
    = == 等于
    ≈ ~ ± 约为 大约 约 近 接近 将近"""
SIGNS = {word: line.split()[0] for line in _BEFORE.strip().splitlines() for word in line.split()}
_SOFT = "达到?|控制[在到于]|=|=="
_AFTER = {"以上": "≥", "以下": "≤", "以内": "≤", "之内": "≤", "内": "≤", "左右": "≈", "上下": "≈"}

SIGN = "(?P<pre>" + "|".join(sorted(map(re.escape, SIGNS), key=len, reverse=True)) + ")"
_NUM = r"(?:\d{1,3}(?:,\d{3}){1,5}(?![\d,]\d)|\d++)(?:\.\d++)?+(?![.:/×*]\d)"
_HAN = f"[{CN_CHARS}]{{1,16}}"
_HEAD = re.compile(
    rf"(?:{SIGN}[ \t]{{0,3}})?(?<![A-Za-z\d之{CN_CHARS}])(?<!\d[.:/×*])(?<![\d\0][-~])"
    rf"(?P<neg>(?:^|(?<=[≥≤><=]))-(?=\d))?(?P<pct>[百千]分之)?"
    rf"(?:(?P<a>{_NUM})|(?<![{CN_CHARS}]点)(?!(?<=[几数])[十百千万亿])(?P<han>{_HAN}))",
    re.ASCII,
)
_TO = re.compile(rf"[ ]?{LINK}[ ]?(?:[百千]分之)?(?:(?P<b>{_NUM})|(?P<hb>{_HAN}))", re.ASCII)
_MORE = re.compile(r"(?P<more>[余多]|来(?=[个家名人项]))?[ \t]{0,3}")
_POST = re.compile(r"(?:\(含\))?[及或]?(以上|以下|以内|之内|左右|上下|内(?![容部涵外]))")
_VAGUE_ONE = "[个次项批种点年天条面名位款类期遍回人件站道]|方面"


class Written(NamedTuple):
    """A number where it stands: `head` up to its figure, `to` the second figure of a range, then the words after it."""

    head: re.Match[str]
    own: str | None  # the unit of a range's first figure
    to: re.Match[str] | None
    more: bool
    unit: str
    post: str | None
    end: int

    def sign(self) -> str | None:
        """The comparator, from the words before and after the figure."""
        before, after = self.head["pre"], _AFTER.get(self.post or "")
        if after and (before is None or SIGNS[before] == "≈" or re.fullmatch(_SOFT, before)):
            return after
        return SIGNS[before] if before else "≈" if self.more else None

    def unit_with(self, magnitude: str) -> str | None:
        """The unit, `magnitude` being the 万 or 亿 at the end of a Chinese numeral; 百分之 and 百分比 are "%"."""
        if part := self.head["pct"]:
            return "%" if part[0] == "百" else "‰"
        unit = magnitude + self.unit
        return ("%" if unit == "百分比" else unit) or self.own

    def plausible(self, unit: str | None) -> bool:
        """Whether a Chinese numeral counts something (三家) rather than a word (一般)."""
        head, text = self.head, self.head.string
        whole = (head.start(), self.end) == (0, len(text))
        if head["han"] is None or head["pct"]:
            return unit is not None or not re.match("[A-Za-z]", text[self.end : self.end + 1])
        if unit is None or unit in WEAK_AFTER_HAN:
            return whole
        return whole or head["han"] != "一" or not re.fullmatch(_VAGUE_ONE, unit)


def numbers(text: str) -> Iterator[Written]:
    """All numbers of a text with the words that belong to them."""
    at = 0
    while head := _HEAD.search(text, at):
        own, to = _range(text, head.end())
        more = _MORE.match(text, (to or head).end())
        unit, at = _unit(text, more.end() if more else head.end())
        post = _POST.match(text, at)
        at = post.end() if post else at
        yield Written(head, own, to, bool(more and more["more"]), unit, post and post[1], at)


def _range(text: str, at: int) -> tuple[str | None, re.Match[str] | None]:
    """The unit of a range's first figure and the match of its second; nothing where there is no range."""
    for end in (*unit_ends(text, at), at):
        if to := _TO.match(text, end):
            return text[at:end] or None, to
    return None, None


def _unit(text: str, at: int) -> tuple[str, int]:
    """The unit at `at`, also in brackets, and where it ends; empty where there is none."""
    if text[at : at + 1] == "(":
        end = next((end for end in unit_ends(text, at + 1) if text[end : end + 1] == ")"), None)
        return (text[at + 1 : end], end + 1) if end else ("", at)
    end = next(unit_ends(text, at), at + _ends_with_classifier(text, at))
    return text[at:end], end


def _ends_with_classifier(text: str, at: int) -> bool:
    """Whether a text ends with a character after a figure, which is then its unit though no known one."""
    last = text[at + 1 : at + 3] in ("", "\n")
    return last and "0" <= text[at - 1 : at] <= "9" and is_han(text, at) and text[at] not in "余多内号点"
