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


class _Blocks:
    """Merged blocks, found by a cell that lies in them; of blocks that overlap, which no program writes, any.

    Small ones are known cell by cell, up to a bound. Each of the others stands in the few patches it touches of a
    raster as coarse as the block is large, where few have room beside one another. So neither a block over a whole
    sheet nor very many of them cost much time or memory.
    """

    def __init__(self, blocks: list[Block]) -> None:
        self._by_cell: dict[tuple[int, int], Block] = {}
        self._patches: dict[int, tuple[Block, ...]] = {}
        sizes: dict[tuple[int, int], None] = {}
        room = _BY_CELL
        for block in blocks:
            top, left, bottom, right = block
            area = (bottom - top + 1) * (right - left + 1)
            if area > min(room, _SMALL):
                sizes[self._lay(block)] = None
                continue
            room -= area
            for row in range(top, bottom + 1):
                for column in range(left, right + 1):
                    self._by_cell[row, column] = block
        self._sizes = tuple(sizes)

    def find(self, row: int, column: int) -> Block | None:
        """The block that a cell lies in."""
        if found := self._by_cell.get((row, column)):
            return found
        for tall, wide in self._sizes:
            for block in self._patches.get(_patch(tall, wide, row, column), ()):
                if block.holds(row, column):
                    return block
        return None

    def _lay(self, block: Block) -> tuple[int, int]:
        """Put a block into its patches, at most four, each of 2ᵗᵃˡˡ × 2ʷⁱᵈᵉ cells; give their size."""
        tall, wide = (block.bottom - block.top).bit_length(), (block.right - block.left).bit_length()
        corners = ((row, column) for row in (block.top, block.bottom) for column in (block.left, block.right))
        for patch in {_patch(tall, wide, row, column) for row, column in corners}:
            beside = self._patches.get(patch, ())
            if len(beside) < _BESIDE:
                self._patches[patch] = (*beside, block)
        return tall, wide


def _patch(tall: int, wide: int, row: int, column: int) -> int:
    """One number for a patch of a raster: rows have at most 20 bits, columns 14."""
    return (tall << 5 | wide) << 34 | (row >> tall) << 14 | column >> wide


_SMALL = 4_096  # cells
_BY_CELL = 50_000  # cells of all small blocks together
_BESIDE = 9  # blocks of about its size that have room in a patch: three by three


@dataclass(frozen=True, slots=True)
class GridCell:
    """One cell that is not empty.

    `text` is what a person reads in it: a number with its value (at most six decimals), a percentage with the decimals
    shown and its %, a date as 2023-12-31, several lines with line feeds. `doubt` says in Chinese why the text may not
    be what the clerk sees (a formula without its result, an error value); empty where there is nothing to doubt.
    `number` tells a stored number that is no date, `percent` one that is shown as a percentage.
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
    one. `addresses` gives how people name a cell where that is not A1, `tables` the names
    of tables that were put below each other, by their first rows. `prose` are the rows that are paragraphs of a Word
    file around its tables: titles, units, notes, never the value of a label in a table.
    """

    name: str
    cells: dict[tuple[int, int], GridCell] = field(default_factory=dict)
    merges: list[Block] = field(default_factory=list)
    hidden: bool = False
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    addresses: dict[tuple[int, int], str] = field(default_factory=dict)
    tables: dict[int, str] = field(default_factory=dict)
    prose: set[int] = field(default_factory=set)

    @cached_property
    def _blocks(self) -> "_Blocks":
        return _Blocks(self.merges)

    @cached_property
    def extent(self) -> tuple[int, int]:
        """The last row and the last column that hold anything; (-1, -1) of an empty sheet."""
        bottom = max((row for row, _ in self.cells), default=-1)
        right = max((column for _, column in self.cells), default=-1)
        return bottom, right

    def block(self, row: int, column: int) -> Block:
        """The merged block that a cell lies in; of a cell alone itself."""
        return self._blocks.find(row, column) or Block(row, column, row, column)

    def at(self, row: int, column: int) -> GridCell | None:
        """What is seen at a place: of a merged block what its anchor holds; None where it is empty."""
        block = self._blocks.find(row, column)
        return self.cells.get((block.top, block.left) if block else (row, column))

    def address(self, row: int, column: int) -> str:
        """How people name the cell: A1, of a merged block its anchor."""
        block = self.block(row, column)
        anchor = block.top, block.left
        return self.addresses.get(anchor) or f"{column_letters(block.left)}{block.top + 1}"

    @property
    def height(self) -> int:
        """How many rows there are down to the last one that holds anything or belongs to a merged block."""
        return 1 + max([self.extent[0], *(block.bottom for block in self.merges)])

    def name_at(self, row: int) -> str:
        """What people call the sheet, or the table of it, that a row belongs to."""
        return next((name for first, name in sorted(self.tables.items(), reverse=True) if first <= row), self.name)

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
