"""One line of a report for people, and columns that line up where Chinese characters are two cells wide."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_CONTROLS = dict.fromkeys([*range(32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A)], "�")
_WIDE = ("W", "F")  # terminals give one cell to what is ambiguous, such as “ and ·
_NO_CELL = ("Mn", "Me", "Cf")
_GAP = "  "


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text, with the style a terminal may give it."""

    text: str = ""
    style: str = ""

    def __post_init__(self) -> None:
        """Keep a form's control characters from commanding the terminal."""
        object.__setattr__(self, "text", self.text.translate(_CONTROLS))


def width(text: str) -> int:
    """Count the cells that a text takes on a terminal."""
    shown = (c for c in text if unicodedata.category(c) not in _NO_CELL)
    return sum(1 + (unicodedata.east_asian_width(c) in _WIDE) for c in shown)


def columns(rows: Sequence[Sequence[str]], right: frozenset[int] = frozenset()) -> Iterator[str]:
    """Line rows of the same length up; the columns of `right` to the right."""
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (_padded(cell, widths[n], right=n in right) for n, cell in enumerate(row))
        yield _GAP.join(cells).rstrip()


def _padded(cell: str, to: int, *, right: bool) -> str:
    space = " " * (to - width(cell))
    return f"{space}{cell}" if right else f"{cell}{space}"
