"""Words and signs that compare a figure: ≥, 不低于, 控制在…以内, 95%以上, 约.

No function raises for any `str`.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from fpcheck.lexicon import any_of, words

_NOT = r"(?:不|未|没有?|勿)(?:得|应|能|可|宜|会|许|要|准|予|再)?"
_OR_EQUAL = "[、,]?或?者?等于"
# One group for each sense. A soft word only says that a figure comes: 达到80%以上, 控制在90%以上, 为5%以下.
_WORD = re.compile(
    rf"(?P<none>{_NOT}等于|不是|≠|!=)"
    rf"|(?P<le>{_NOT}(?:{any_of('多于')})|(?:{any_of('少于')}){_OR_EQUAL}|{any_of('至多')}|≤=?|<=|=<)"
    rf"|(?P<ge>{_NOT}(?:{any_of('少于')})|(?:{any_of('多于')}){_OR_EQUAL}|{any_of('至少')}|≥=?|>=|=>)"
    rf"|(?P<ge_or>(?:达到?|[足满])[或及和]?(?:{any_of('多于')})|等于或?(?:{any_of('多于')}))"
    rf"|(?P<lt>{_NOT}(?:达到?|[足到满])|{any_of('少于')}|<)|(?P<gt>{any_of('多于')}|>)"
    r"|(?P<soft_eq>={1,2}|等于|(?<=[率度数量值额比准均应须重故诉件])为)"
    rf"|(?P<about>{any_of('大约')}|(?<![节合预条制契签公违特集])约|(?<![附最临靠])近|[≈~])"
    r"|(?P<soft_ge>(?<![传发表直下送转抵通])达到?)|(?P<soft_le>控制[在到于])"
)
_SIGNS = {
    "ge_or": "≥",
    "le": "≤",
    "ge": "≥",
    "lt": "<",
    "gt": ">",
    "soft_eq": "=",
    "about": "≈",
    "soft_ge": "≥",
    "soft_le": "≤",
}
_SOFT = ("soft_eq", "soft_ge", "soft_le", "about")
_WINDOW = 30  # characters before a figure in which the words that compare it stand
# With what a comparing word, or a phrase between one and its figure, can end: most figures have neither before them.
_LAST = (
    frozenset(word[-1] for name in ("多于", "少于", "至少", "至多", "大约") for word in words(name))
    | frozenset("于达到足满为是约近在≥≤=<>≈~≠占有需合计 \t():或的年月季周天日人户村次场期个家度数额价值")
    | frozenset(word[-1] for name in ("限额", "比的对象") for word in words(name))
)
_NOUN = re.compile(rf"(?:{any_of('限额')}|{any_of('比的对象')}){{1,2}}(?:总?金额|总额|[单总]价|[数额价值])?的?[: ]?")
_GAP = re.compile(r"[ \t():或]{0,3}[占有需合计]?")  # 约占30%, 至少有3家
# 不少于每年2次, 不低于总人数的30%: the comparison is with the figure behind the 每 or, for a share, the 的.
_EACH = re.compile("每[年月季周天日人户村次场期个家]度?[ ]?")
_SHARE = re.compile("(?:每[年月季周天日人户村次场期个家]度?|[一-龥()]{1,12}的)[ ]?")
AFTER = r"\+(?!\w)|以上|以下|以内|之内|范围之?内|左右|上下|之间|封顶|起(?=[,;。)]|$)|内"
_AFTER = {
    "+": "≥",
    "以上": "≥",
    "起": "≥",
    "以下": "≤",
    "以内": "≤",
    "之内": "≤",
    "范围内": "≤",
    "范围之内": "≤",
    "内": "≤",
}
_AFTER |= {"封顶": "≤", "左右": "≈", "上下": "≈"}
UP, DOWN = ("≥", ">"), ("≤", "<")
_OPEN = {"≥": ">", "≤": "<"}


class Sense(NamedTuple):
    """What the words before a figure say: where they begin, their sign, whether it only says that a figure comes."""

    start: int
    sign: str | None = None
    soft: bool = True
    clear: bool = True


def _sides(signs: Iterator[str]) -> int:
    return len({"up" if sign in UP else "down" for sign in signs})


def _together(found: list[re.Match[str]], start: int) -> Sense:
    """The sense of words that stand together: the first that is not soft; unclear when they contradict each other."""
    kinds = [match.lastgroup or "" for match in found]
    firm = [kind for kind in kinds if kind not in _SOFT]
    if "none" in kinds or _sides(_SIGNS[kind] for kind in firm) > 1:
        return Sense(start, clear=False)
    if firm:
        return Sense(start, _SIGNS[firm[0]], soft=False)
    return Sense(start, "≈" if "about" in kinds else _SIGNS[kinds[0]] if kinds else None)


def before(text: str, at: int, *, share: bool = False) -> Sense:
    """What stands before the figure at `at`, which is a `share` (30%) of something or not."""
    if text[at - 1 : at] not in _LAST:
        return Sense(at)
    phrases = (_SHARE,) if share else (_EACH, _NOUN)
    found: list[re.Match[str]] = []
    begin = at
    for match in reversed([*_WORD.finditer(text, max(0, at - _WINDOW), at)]):
        firm = not found and match.lastgroup not in ("about", "soft_eq")
        if not _GAP.fullmatch(text, match.end(), begin):
            phrase = next((one for one in phrases if firm and one.fullmatch(text, match.end(), begin)), None)
            if phrase is None:
                break
            if phrase is _NOUN and match.lastgroup in ("lt", "gt"):  # 低于预算10万元: less than it, or by so much?
                return Sense(match.start(), clear=False)
        found.insert(0, match)
        begin = match.start()
    return _together(found, begin)


def both(sense: Sense, after: str | None, *, more: bool, without: bool = False) -> tuple[str | None, bool]:
    """The sign of the words before and after a figure, and whether they agree.

    `more` = 余 or 多 behind the figure, `without` = a remark (不含) that the figure itself is not meant.
    """
    sign = _AFTER.get(after or "")
    if without and sense.clear:
        sign = _OPEN.get(sign or "", sign)
        if sense.sign in _OPEN or (sign not in _OPEN.values() and sense.sign not in _OPEN.values()):
            return None, False  # 不低于95%（不含）
    if sign is None or not sense.clear:
        return sense.sign or ("≈" if more else None), sense.clear
    if sense.soft or sign == "≈":
        return (sign if sense.soft else sense.sign), True
    return sense.sign, (sense.sign in UP) == (sign in UP)


def leading(text: str) -> tuple[str | None, int]:
    """The sign with which a text begins and where it ends; a single character must be a sign (近期 is a word)."""
    found: list[re.Match[str]] = []
    at = 0
    while (match := _WORD.match(text, at)) and (match.end() - at > 1 or not match[0].isalpha()):
        found.append(match)
        at = match.end()
    return _together(found, 0).sign, at


def named(text: str) -> str | None:
    """The sign that a text of its own (the column 指标性质) names; None where it names none or several."""
    return _together([*_WORD.finditer(text[:40])], 0).sign
