"""Record tables: one record a row under a header, until a label that ends them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from fpcheck.document import Mapping as MappingNode
from fpcheck.document import Scalar, Sequence
from fpcheck.intake.printed.header import SHORTEST, SURE, Header, find_header
from fpcheck.intake.printed.labels import label_of, near_misses, squeezed
from fpcheck.intake.printed.layout import Labels, RecordTable
from fpcheck.intake.printed.view import Seen, View, looks_printed

UNIT = "实施单位"
LONG = 5  # a label of so many characters is told from what is no label even where a record may stand


@dataclass
class Records:
    """What a record table held: its header, rows, the figures of its total line, and lines that are no records."""

    header: Header
    rows: Sequence
    last: int  # the last row of the table
    totals: dict[str, Scalar] = field(default_factory=dict)
    odd: list[Seen] = field(default_factory=list)
    filled: list[tuple[str, str]] = field(default_factory=list)  # blank cells among merged ones, by address, and field


def read_records(view: View, table: RecordTable, labels: Labels, stops: Mapping[str, str]) -> Records | None:
    """Read the table; None where its header is not found. `stops` are labels of other parts of the form."""
    header = find_header(view, labels, stops, table.required)
    if header is None:
        return None
    reader = _Rows(view, table, header, stops)
    rows = list(reader.rows())
    return Records(header, Sequence([*rows]), reader.last, reader.totals, reader.odd, reader.filled)


def _numbers_columns(cells: list[Seen]) -> bool:
    """Whether a row only numbers the columns: 1, 2, 3 …"""
    texts = [one.cell.text for one in cells if one.cell.text.isdecimal()]
    counted = [str(number) for number in range(1, len(texts) + 1)]
    return len(texts) > SURE and len(texts) >= len(cells) - 1 and texts == counted


class _Rows:
    """Goes down the rows under a header."""

    def __init__(self, view: View, table: RecordTable, header: Header, stops: Mapping[str, str]) -> None:
        self.view = view
        self.table = table
        self.header = header
        self.stops = stops
        self.labels = {*stops, *map(label_of, table.ends)}
        self.skipped = {label_of(label) for label in table.skipped}
        self.unused = {"", *map(label_of, table.unused)}
        self.ends = {label_of(label) for label in table.ends}
        self.total_labels = {label_of(label) for label in table.total.labels} if table.total else set()
        self.totals: dict[str, Scalar] = {}
        self.above: dict[str, Scalar] = {}
        self.filled_down = (*table.projects, *table.filled_down)
        self.unit: Seen | None = None  # the line that names the unit of the rows below it
        self.rows_of_unit = True
        self.last = header.last
        self.odd: list[Seen] = []
        self.filled: list[tuple[str, str]] = []

    def rows(self) -> Iterator[MappingNode]:
        """Give the records; unused lines of the template are passed over."""
        some = False
        for row in self.view.filled_rows(self.header.last + 1):
            cells = self.view.starting(row)
            if self._is_header_again(cells) or _numbers_columns(cells):
                continue
            if self._is_total(row, cells):
                self._total(row, cells)
                if some:
                    return
                continue
            if cells[0].label in self.skipped:
                self.view.tell_label(cells[0], "跳过")
                continue
            if self._ends(row, cells):
                return
            if self._names_unit(row):
                continue
            record = self._record(row, cells[0])
            if record is not None:
                some, self.rows_of_unit, self.last = True, True, row
                yield record
        self._leave_unit()

    def _names_unit(self, row: int) -> bool:
        """Whether a line of a list of projects names a unit: it holds nothing but what stands in the first column."""
        first = next(iter(self.table.projects), None)
        column = self.header.columns.get(first) if first else None
        cells = self.view.row(row)
        if column is None or len(cells) != 1 or cells[0].block.left != column.left or cells[0].block.top != row:
            return False
        self._leave_unit()
        self.unit, self.rows_of_unit, self.above = cells[0], False, {}
        self.view.tell_label(cells[0], UNIT)
        return True

    def _leave_unit(self) -> None:
        """Keep a line that was taken for a unit's name, though no record follows it."""
        if self.unit and not self.rows_of_unit:
            self.odd.append(self.unit)

    def _is_header_again(self, cells: list[Seen]) -> bool:
        printed = {column.label for column in self.header.columns.values()}
        return sum(one.cell.text in printed for one in cells) > 1

    def _is_total(self, row: int, cells: list[Seen]) -> bool:
        """Whether a row is the total line; with a slip in its label only where it names no record."""
        if any(one.label in self.total_labels for one in cells[:2]):
            return True
        return self._is_nearly(row, cells[0], self.total_labels, SHORTEST)

    def _is_nearly(self, row: int, first: Seen, labels: Iterable[str], shortest: int) -> bool:
        """Whether a row opens with one of the labels but for a slip, and names no record; the slip is kept."""
        near = near_misses(first.label, labels, shortest)
        subject = self.view.at(row, self.header.columns[self.table.required[0]].left)
        named = subject is not None and subject is not first and shortest < LONG
        if not near or named:
            return False
        self.header.slips.append((first, near[0]))
        return True

    def _ends(self, row: int, cells: list[Seen]) -> bool:
        first = cells[0]
        opened = label_of(squeezed(first.cell.text).partition(":")[0])
        if {first.label, opened} & (self.ends | self.stops.keys()):
            return True
        return self._is_nearly(row, first, self.ends, SHORTEST) or self._is_nearly(row, first, self.stops, LONG)

    def _total(self, row: int, cells: list[Seen]) -> None:
        if self.table.total is None:
            return
        for printed, name in self.table.total.columns.items():
            left = self._column(printed)
            at = next((line for line in (row, row + 1) if left is not None and self._is_value(line, left, cells)), None)
            if at is not None and left is not None:
                self.totals[name] = self.view.value(at, left, cells[0].cell.text, name)
        for one in cells[:1]:
            self.view.tell_label(one, "合计行")

    def _column(self, printed: str) -> int | None:
        """Where a column is that is named by its field, or by a label that the table has no field for."""
        if printed in self.header.columns:
            return self.header.columns[printed].left
        label = label_of(printed)
        return next((one.block.left for one in self.header.unknown if one.label == label), None)

    def _is_value(self, row: int, column: int, opening: list[Seen]) -> bool:
        """Whether a cell of the total line holds a figure: not the label that opens the line, and no other label."""
        one = self.view.at(row, column) if row <= self.view.bottom else None
        return one is not None and one not in opening[:1] and one.label not in self.labels

    def _record(self, row: int, first: Seen) -> MappingNode | None:
        if self._spans_columns(first):
            self.odd += [first] if looks_printed(first) else []
            return None
        entries: dict[str, Scalar] = {}
        for name, column in self.header.columns.items():
            at = next((c for c in range(column.left, column.right + 1) if self.view.at(row, c)), column.left)
            entries[name] = self.view.value(row, at, column.label, name, column.unit)
        self._fill_down(entries)
        if self.unit:
            entries[UNIT] = self.view.value(self.unit.block.top, self.unit.block.left, "", UNIT)
        return None if self._is_unused(entries) else MappingNode({**entries}, {})

    def _is_unused(self, entries: dict[str, Scalar]) -> bool:
        """Whether a row of the template was not used: it has no value, or only a remnant of the template."""
        own = {name: value.text for name, value in entries.items() if name not in (*self.filled_down, UNIT)}
        subject = own.pop(self.table.required[0], None) or ""
        return not any(own.values()) and re.sub(r"[\d.…:*]+", "", label_of(subject)) in self.unused

    def _fill_down(self, entries: dict[str, Scalar]) -> None:
        """Give a blank cell what stands above it, unless a broader column begins anew in this row.

        Where other cells of the column are merged, a blank one may have been left blank: that it was filled is told.
        """
        anew = False
        for name in self.filled_down:
            if name not in entries:
                continue
            if entries[name].text is None and not anew and name in self.above:
                if name in self.merged and (at := entries[name].at):
                    self.filled.append((at.cell, name))
                entries[name] = self.above[name]
            elif entries[name].text is not None:
                anew = anew or (name in self.above and self.above[name] != entries[name])
            self.above[name] = entries[name]

    def _spans_columns(self, one: Seen) -> bool:
        """Whether a cell goes through the columns from the broadest to the subject: a line of another kind."""
        names = (*self.table.filled_down[:1], self.table.required[0])
        columns = [self.header.columns[name].left for name in names if name in self.header.columns]
        return len(columns) > 1 and all(one.block.left <= column <= one.block.right for column in columns)

    @cached_property
    def merged(self) -> frozenset[str]:
        """The columns in which cells are merged over rows under the header."""
        tall = [b for b in self.view.sheet.merges if self.header.last < b.top < b.bottom <= self.view.bottom]
        lefts = {name: self.header.columns[name].left for name in self.table.filled_down if name in self.header.columns}
        return frozenset(name for name, left in lefts.items() if any(b.left <= left <= b.right for b in tall))
