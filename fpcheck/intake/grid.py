"""What every reader of office files gives: sheets of cells, each with its place, its merged block and its doubts.

Rows and columns count from 0 here and are shown to people as A1 (or as table, row and cell of a Word file).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from fpcheck.problem import Problem

LETTERS = 26


class Block(NamedTuple):
    """A rectangle of cells, both ends included."""

    top: int
    left: int
    bottom: int
    right: int

    def holds(self, row: int, column: int) -> bool:
        """Whether a cell lies inside."""
        return self.top <= row <= self.bottom and self.left <= column <= self.right


@dataclass(frozen=True, slots=True)
class GridCell:
    """One cell that is not empty.

    `text` is what a person reads in it: a number with its value (at most six decimals), a percentage with the decimals
    shown and its %, a date as 2023-12-31, several lines with line feeds. `doubt` says in Chinese why the text may not
    be what the clerk sees (a formula without its result, an error value); empty where there is nothing to doubt.
    `number` tells a stored number, `percent` one that is shown as a percentage.
    """

    text: str
    doubt: str = ""
    number: bool = False
    percent: bool = False


@dataclass
class Sheet:
    """One sheet, or one table of a Word file.

    `cells` holds what is not empty by (row, column), of a merged block only the anchor (its top left cell). `name` is
    what people call it. `hidden` tells a sheet that is not shown; `hidden_rows` and `hidden_columns` those of a shown
    one. `addresses` gives how people name a cell where that is not A1.
    """

    name: str
    cells: dict[tuple[int, int], GridCell] = field(default_factory=dict)
    merges: list[Block] = field(default_factory=list)
    hidden: bool = False
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    addresses: dict[tuple[int, int], str] = field(default_factory=dict)

    @cached_property
    def _blocks(self) -> dict[tuple[int, int], Block]:
        """The block of each cell that lies in one, as far as cells reach."""
        bottom, right = self.extent
        found: dict[tuple[int, int], Block] = {}
        for block in self.merges:
            for row in range(block.top, min(block.bottom, bottom) + 1):
                for column in range(block.left, min(block.right, right) + 1):
                    found.setdefault((row, column), block)
        return found

    @cached_property
    def extent(self) -> tuple[int, int]:
        """The last row and the last column that hold anything; a merged block counts as far as rows with cells go."""
        bottom = max((row for row, _ in self.cells), default=-1)
        right = max((column for _, column in self.cells), default=-1)
        return bottom, right

    def block(self, row: int, column: int) -> Block:
        """The merged block that a cell lies in; of a cell alone itself."""
        return self._blocks.get((row, column)) or Block(row, column, row, column)

    def at(self, row: int, column: int) -> GridCell | None:
        """What is seen at a place: of a merged block what its anchor holds; None where it is empty."""
        block = self._blocks.get((row, column))
        return self.cells.get((block.top, block.left) if block else (row, column))

    def address(self, row: int, column: int) -> str:
        """How people name the cell: A1, of a merged block its anchor."""
        block = self.block(row, column)
        anchor = block.top, block.left
        return self.addresses.get(anchor) or f"{column_letters(block.left)}{block.top + 1}"

    def __iter__(self) -> Iterator[tuple[int, int, GridCell]]:
        for row, column in sorted(self.cells):
            yield row, column, self.cells[row, column]


@dataclass
class Workbook:
    """A file of sheets. `problems` tells what was noticed while reading: macros, external links, hidden sheets, …

    `kind` is xlsx, xls, docx, csv or tsv, by content.
    """

    kind: str
    sheets: list[Sheet] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def column_letters(column: int) -> str:
    """A column's letters: 0 → A, 26 → AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, LETTERS)
        letters = chr(ord("A") + rest) + letters
    return letters
