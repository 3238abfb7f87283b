"""A 类型 that only one rule has and that looks like another's: mostly a slip of the pen. A new one may be meant."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from difflib import get_close_matches

from fpcheck.document import Scalar
from fpcheck.problem import Problem
from fpcheck.rulebook.pack import File
from fpcheck.schema import node_at, place_of

ALIKE = 0.85  # share of common letters; no two types of the shipped rules have as much


def odd_types(files: Collection[File], looked_at: Iterable[File], known: Collection[str]) -> Iterator[Problem]:
    """Give a remark for each rule of `looked_at` whose type is near another: no other of `files` has it, none knows it.

    `known` are types that stand without a rule.
    """
    used = Counter(map(_type, files))
    for file in looked_at:
        own = _type(file)
        if used[own] > 1 or own in known:
            continue
        near = get_close_matches(own, {*used, *known} - {own}, n=1, cutoff=ALIKE)
        if near:
            message, hint = f"没有别的规则用“{own}”这个类型", f"是不是“{near[0]}”？新起的名字不用改"
            yield Problem(file.source, message, hint, place_of(file.node, ("类型",)), remark=True)


def _type(file: File) -> str:
    found = node_at(file.node, ("类型",))
    return (found.text if isinstance(found, Scalar) else None) or ""
