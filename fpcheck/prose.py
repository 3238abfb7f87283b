"""The quantities inside prose, each with the noun that it counts.

No function raises for any `str`.
"""

import re
from typing import NamedTuple

from fpcheck import numeral, relative
from fpcheck.tokens import Token, scan
from fpcheck.unit import RANKS
from fpcheck.worded import Quantity


class Found(NamedTuple):
    """A quantity inside prose: `text[start:end]`, and the noun it counts."""

    name: str
    quantity: Quantity
    start: int
    end: int


_BREAK = (
    r"[^一-龥A-Za-z]|[并且和与及等共达已均将使约至在为的]|以[上下]|左右|用于|完成|开展|进行|实现|得到|"
    "通过|参加|投入|配[备置]|提供|实施|组织|安排|发放|支付|建成|到位"
)


def _name(kind: str, before: str, after: str) -> str:
    """What a quantity counts, from the text up to its neighbours, best effort."""
    head = re.split(r"[^一-龥A-Za-z()]|[并且及]", before[-24:].rstrip(" :(为共计有"))[-1].lstrip("()")[-12:]
    tail = re.split(_BREAK, after[:24].removeprefix("的"), maxsplit=1)[0][:12]
    if kind == "date":
        return re.split("[^一-龥]", after[:12], maxsplit=1)[0] or head
    first_head = kind in ("percent", "money") and not after.startswith("的")
    return head or tail if first_head or len(tail) == 1 else tail or head


_LIST = re.compile(r"(?<=[条项点类面])(?:目标|任务|工作|内容)?[ ]?(?:并列|\([^()]{0,12}\))?[ ]?:")


def _heads_a_list(folded: str, token: Token) -> bool:
    """Tell the count that opens a list (三条: …) from one of things done."""
    opens = not folded[: token.start].rstrip()[-1:].isalnum()
    return opens and _LIST.match(folded, token.end) is not None


_LOOSE = re.compile(
    r"(?<=[一-龥])[ \t]{1,3}(?=[^一二两三四五六七八九十\s])|(?<=[^一二两三四五六七八九十\s])[ \t]{1,3}(?=[一-龥])"
)


def _blanks(figure: str) -> list[int]:
    return [at for at, char in enumerate(figure) if char == " "]


def _closed_up(text: str) -> tuple[str, list[int]]:
    """A text without the blanks in and beside figures (80 000 元, 9 月底前), and where each character stood."""
    pieces: list[str] = []
    places: list[int] = []
    at = 0
    inner = ((m.start() + at, m.start() + at + 1) for m in numeral.GROUPED.finditer(text) for at in _blanks(m[0]))
    for start, end in sorted((*(m.span() for m in _LOOSE.finditer(text)), *inner)):
        pieces.append(text[at:start])
        places += range(at, start)
        at = end
    return "".join((*pieces, text[at:])), [*places, *range(at, len(text))]


def find(text: str) -> list[Found]:
    """All quantities in a prose text, in order; offsets are those of `text`.

    Bare numbers, ordinals, fixed phrases, quoted text, document numbers, heads of lists and counts of sums (三个30万元)
    are left out. A year without 底, 末, 前 or 内 is measurable "no". Never raises.
    """
    folded = numeral.normalise(text)
    closed_up, places = _closed_up(numeral.without_ages(numeral.without_idioms(numeral.without_quotes(folded))))
    scanned = [
        t for t in scan(closed_up) if t.quantity.kind == "date" or (t.quantity.unit and t.quantity.unit not in RANKS)
    ]
    placed = [t._replace(start=places[t.start], end=places[t.end - 1] + 1) for t in scanned]
    sums = {t.start for t in placed if t.quantity.kind == "money"}
    tokens = [t for t in placed if not _heads_a_list(folded, t) and t.end not in sums]
    starts, ends = [*(t.start for t in tokens[1:]), len(folded)], [0, *(t.end for t in tokens)]
    bounds = zip(tokens, ends, starts, strict=False)
    return [
        Found(_name(t.quantity.kind, folded[a : t.start], folded[t.end : b]), _related(folded, t), t.start, t.end)
        for t, a, b in bounds
    ]


def _related(folded: str, token: Token) -> Quantity:
    return relative.related(token.quantity, folded, token.start, token.end, "")
