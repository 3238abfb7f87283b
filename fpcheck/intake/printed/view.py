"""A form on a sheet: its rows, what stands in them, and which cells have been told as labels or values."""

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from fpcheck.document import Scalar, Spot
from fpcheck.intake.office.grid import Block, GridCell, Sheet
from fpcheck.intake.printed.labels import label_of
from fpcheck.problem import Place

MAX_BLANKS = 3  # empty cells between a label and its value: inserted columns and undone merged cells leave so many


class Seen(NamedTuple):
    """A cell that is not empty: its merged block, what it holds and how it reads as a label."""

    block: Block
    cell: GridCell
    label: str


class View:
    """The rows `top` to `bottom` of a sheet.

    `told` says of each cell that was read what it is: the field that it names or the value of which field it holds.
    """

    def __init__(self, sheet: Sheet, top: int, bottom: int) -> None:
        self.sheet = sheet
        self.top = top
        self.bottom = bottom
        self.told: dict[tuple[int, int], tuple[str, bool]] = {}
        self.edge: int | None = None  # the form's last column, where its table tells it

    @cached_property
    def seen(self) -> list[Seen]:
        """What stands in the form, row by row."""
        inside = ((row, column, cell) for row, column, cell in self.sheet if self.top <= row <= self.bottom)
        return [Seen(self.sheet.block(row, column), cell, label_of(cell.text)) for row, column, cell in inside]

    @cached_property
    def by_label(self) -> dict[str, list[Seen]]:
        """The cells by how they read as labels."""
        found = defaultdict(list)
        for one in self.seen:
            found[one.label].append(one)
        return found

    @cached_property
    def _by_anchor(self) -> dict[tuple[int, int], Seen]:
        return {(one.block.top, one.block.left): one for one in self.seen}

    @cached_property
    def _rows(self) -> dict[int, list[Seen]]:
        rows = defaultdict(list)
        for one in self.seen:
            for row in range(one.block.top, min(one.block.bottom, self.bottom) + 1):
                rows[row].append(one)
        return {row: sorted(cells, key=lambda one: one.block.left) for row, cells in rows.items()}

    @property
    def right_edge(self) -> int:
        """The form's last column: what stands right of it is no part of the form."""
        return self.sheet.extent[1] if self.edge is None else self.edge

    def row(self, row: int) -> list[Seen]:
        """What stands in a row from the left, merged cells from rows above included."""
        return self._rows.get(row, [])

    def starting(self, row: int) -> list[Seen]:
        """What stands in a row from the left, only what begins there."""
        return [one for one in self.row(row) if one.block.top == row]

    def at(self, row: int, column: int) -> Seen | None:
        """What is seen at a place."""
        block = self.sheet.block(row, column)
        return self._by_anchor.get((block.top, block.left))

    def filled_rows(self, start: int) -> Iterator[int]:
        """The rows from `start` on in which anything begins."""
        return (row for row in range(start, self.bottom + 1) if self.starting(row))

    def _value_at(self, row: int, column: int) -> Seen | None:
        """What is seen at a place, unless it is a paragraph around the tables, which is nobody's value."""
        one = self.at(row, column)
        return None if one is None or one.block.top in self.sheet.prose else one

    def right_of(self, block: Block, row: int | None = None) -> tuple[int, int, Seen | None]:
        """The first cell right of a block that is not empty; where it would stand and None where there is none near."""
        line, column = (block.top if row is None else row), block.right + 1
        for _ in range(MAX_BLANKS + 1):
            if column > self.right_edge:
                break
            if one := self._value_at(line, column):
                return line, column, one
            column = self.sheet.block(line, column).right + 1
        return line, block.right + 1, None

    def below(self, block: Block) -> tuple[int, int, Seen | None]:
        """The first cell under a block that is not empty, at most one empty row between."""
        for row in (block.bottom + 1, block.bottom + 2):
            for column in range(block.left, block.right + 1):
                if row <= self.bottom and (one := self._value_at(row, column)):
                    return row, column, one
        return block.bottom + 1, block.left, None

    def is_open(self, block: Block) -> bool:
        """Whether the row right under a block is there, and empty below it."""
        below = block.bottom + 1
        columns = range(block.left, block.right + 1)
        return below <= self.bottom and all(self.at(below, column) is None for column in columns)

    def value(self, row: int, column: int, label: str, name: str, suffix: str = "") -> Scalar:
        """A cell as the value of a field; `suffix` is the unit that the label gives it."""
        one = self._value_at(row, column)
        spot = self.spot(row, column, label, one.cell.doubt if one else "")
        if one is None:
            return Scalar(None, at=spot)
        self.told[one.block.top, one.block.left] = (name, True)
        bare = one.cell.number and not one.cell.percent
        return Scalar(one.cell.text + (suffix if bare else ""), at=spot)

    def tell_label(self, one: Seen, name: str) -> None:
        """Keep that a cell is the label of a field."""
        self.told[one.block.top, one.block.left] = (name, False)

    def untold(self) -> list[Seen]:
        """The cells that were read as nothing."""
        return [one for one in self.seen if (one.block.top, one.block.left) not in self.told]

    def outside(self) -> list[Seen]:
        """The cells right of the form."""
        return [one for one in self.seen if one.block.left > self.right_edge]

    def spot(self, row: int, column: int, label: str, doubt: str = "") -> Spot:
        """Where a cell is."""
        return Spot(self.sheet.name_at(row), self.sheet.address(row, column), label, doubt)

    def place(self, one: Seen) -> Place:
        """Where a cell is, for a problem."""
        row, column = one.block.top, one.block.left
        return Place(sheet=self.sheet.name_at(row), cell=self.sheet.address(row, column))


def looks_printed(one: Seen) -> bool:
    """Whether what was not read looks like a label: a few Chinese characters."""
    return len(one.label) <= 12 and sum("一" <= c <= "鿿" for c in one.label) >= 2  # noqa: PLR2004 - the measure itself
