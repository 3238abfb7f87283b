"""The shipped word lists by which values are judged, read without the rest of the rules."""

from functools import cache

from fpcheck.document import Mapping, Node, Scalar, Sequence, read_text, read_yaml
from fpcheck.terms import rules_folder
from fpcheck.wording import JUDGING_LISTS, Listed, Wording, wording_of


@cache
def shipped_lists() -> dict[str, Listed]:
    """Give the lists and their levels by name, as they are written; the file of each has its name.

    Raises:
        Unreadable: a file of the installed package is not there or damaged.
    """
    found: dict[str, Listed] = {}
    for name in JUDGING_LISTS:
        path = rules_folder() / "wordlists" / f"{name}.yaml"
        [node] = read_yaml(read_text(path, path.name), path.name)
        words, exceptions, patterns = (_texts(node, key) for key in ("词", "除外", "匹配"))
        found[name] = Listed(words, exceptions, patterns)
        levels = node.entries.get("分级") if isinstance(node, Mapping) else None
        for level in levels.entries if isinstance(levels, Mapping) else ():
            found[f"{name}.{level}"] = found[name].level(_texts(levels, level))
    return found


@cache
def shipped_wording() -> Wording:
    """Give the wording of the shipped rules."""
    return wording_of(shipped_lists())


def _texts(node: Node | None, key: str) -> tuple[str, ...]:
    listed = node.entries.get(key) if isinstance(node, Mapping) else None
    items = listed.items if isinstance(listed, Sequence) else ()
    return tuple(item.text for item in items if isinstance(item, Scalar) and item.text)
