"""What an author may name: the sources, recommendations, regions, tables and rules of the rules at hand.

Read from the files one by one, without compiling anything: an author needs the names exactly when a rule is faulty.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fpcheck.document import Unreadable
from fpcheck.problem import Problem
from fpcheck.rulebook.added_terms import glossary_in
from fpcheck.rulebook.pack import Pack, open_pack
from fpcheck.schema import plain
from fpcheck.terms import Glossary, shipped_glossary

Named = dict[str, str]  # what may be named → what it is


@dataclass(frozen=True)
class Offers:
    """The names at hand, each with what it is; `remarks` are the faults that kept files from being read."""

    glossary: Glossary
    sources: Named
    advice: Named
    rules: Named
    types: Named
    remarks: tuple[Problem, ...] = ()


def find_offers(folders: Iterable[Path] = ()) -> Offers:
    """Collect the names of a rule pack; where a file of it cannot be read, the shipped names are offered as well.

    Args:
        folders: see `open_pack`.

    Raises:
        Unreadable: a folder that is not there.
    """
    pack = open_pack(folders)
    glossary, faults = _glossary(pack)
    packs = [open_pack(), pack] if pack.problems else [pack]
    rules = sorted((_text(rule, "编号"), _text(rule, "名称"), _text(rule, "类型")) for rule in _files(packs, "rule"))
    return Offers(
        glossary=glossary,
        sources={name: _source(source) for name, source in _entries(packs, "sources")},
        advice={name: _text(advice, "标题") for name, advice in _entries(packs, "recommendations")},
        rules={number: name for number, name, _ in rules if number},
        types={kind: "、".join(dict.fromkeys(n for _, n, k in rules if k == kind)) for _, _, kind in rules if kind},
        remarks=tuple({str(problem): problem for problem in [*faults, *pack.problems]}.values()),
    )


def _glossary(pack: Pack) -> tuple[Glossary, list[Problem]]:
    try:
        return glossary_in(pack), []
    except Unreadable as unreadable:
        return shipped_glossary(), unreadable.problems


def _files(packs: Sequence[Pack], kind: str) -> Iterator[Any]:
    return (plain(file.node) for pack in packs for file in pack.of(kind))


def _entries(packs: Sequence[Pack], kind: str) -> Iterator[tuple[str, Any]]:
    return (entry for file in _files(packs, kind) for entry in file.items())


def _text(entry: Any, key: str) -> str:  # noqa: ANN401 - what the file holds
    value = entry.get(key) if isinstance(entry, dict) else None
    return value if isinstance(value, str) else ""


def _source(entry: Any) -> str:  # noqa: ANN401
    title, number, force = (_text(entry, key) for key in ("名称", "文号", "效力"))
    return "，".join(part for part in (f"《{title}》" if title else "", number, force, _text(entry, "说明")) if part)
