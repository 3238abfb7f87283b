"""Message templates: text with `{expressions}`."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from fpcheck.rulebook import ir


class Slot(NamedTuple):
    """A place in a message to be filled."""

    text: str
    expr: ir.Expr


class Template(NamedTuple):
    """A message: texts and slots in turn."""

    parts: tuple[str | Slot, ...]

    def slots(self) -> Iterator[Slot]:
        """Give the places to be filled."""
        return (part for part in self.parts if isinstance(part, Slot))


_BRACES = re.compile(r"\{([^{}]*)\}")


def pieces(text: str) -> Iterator[tuple[int, str, bool]]:
    """Split a template into (offset, text, is a slot)."""
    end = 0
    for found in _BRACES.finditer(text):
        if found.start() > end:
            yield end, text[end : found.start()], False
        yield found.start(1), found[1], True
        end = found.end()
    if end < len(text):
        yield end, text[end:], False


def stray_brace(text: str) -> int | None:
    """Find a brace without its partner or a full-width one; the offset in the text."""
    found = re.search(r"[{}｛｝]", _BRACES.sub(lambda m: " " * len(m[0]), text))
    return found.start() if found else None
