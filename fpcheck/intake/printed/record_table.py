"""Record tables: one record a row under a header, until a label that ends them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from fpcheck.document import Mapping as MappingNode
from fpcheck.document import Scalar, Sequence
from fpcheck.intake.printed.header import Header, expect, find_header, header_at
from fpcheck.intake.printed.labels import label_of
from fpcheck.intake.printed.layout import Labels, RecordTable, TotalRow
from fpcheck.intake.printed.row_kinds import Kind, RowKinds
from fpcheck.intake.printed.view import Seen, View

UNIT = "实施单位"


@dataclass
class Records:
    """What a record table held: its header, rows, the figures of the project's own lines, and lines nobody knows."""

    header: Header
    rows: Sequence
    last: int  # the last row of the table
    totals: dict[str, Scalar] = field(default_factory=dict)
    odd: list[Seen] = field(default_factory=list)
    filled: list[tuple[str, str]] = field(default_factory=list)  # blank cells among merged ones, by address, and field


def read_records(view: View, table: RecordTable, labels: Labels, stops: Mapping[str, str]) -> Records | None:
    """Read the table; None where its header is not found. `stops` are labels of other parts of the form."""
    header = find_header(view, expect(labels, stops), table.required)
    if header is None:
        return None
    reader = _Rows(view, table, header, labels, stops)
    rows = list(reader.rows())
    return Records(header, Sequence([*rows]), reader.last, reader.totals, reader.odd, reader.filled)


class _Rows:
    """Goes down the rows under a header."""

    def __init__(
        self, view: View, table: RecordTable, header: Header, labels: Labels, stops: Mapping[str, str]
    ) -> None:
        self.view = view
        self.table = table
        self.header = header
        self.kinds = RowKinds(view, table, header, stops)
        self.expected = expect(labels, self.kinds.known)
        self.unused = {"", *map(label_of, table.unused)}
        self.totals: dict[str, Scalar] = {}
        self.above: dict[str, Scalar] = {}
        self.filled_down = (*table.projects, *table.filled_down)
        self.unit: Seen | None = None  # the line that names the unit of the rows below it
        self.rows_of_unit = True
        self.last = header.last
        self.odd: list[Seen] = []
        self.filled: list[tuple[str, str]] = []
        self.reading = self._is_own(header.last)

    def rows(self) -> Iterator[MappingNode]:
        """Give the records; unused lines of the template are passed over."""
        some = False
        for row in self.view.filled_rows(self.header.last + 1):
            if row <= self.header.last:
                continue
            kind, opening = self.kinds.of(row)
            if kind is Kind.END or (kind is Kind.TOTAL and some and self.reading):
                self._line(row, opening, self.table.total if kind is Kind.TOTAL else None)
                break
            if kind is Kind.RECORD and self.reading and (record := self._record(row)):
                some, self.rows_of_unit, self.last = True, True, row
                yield record
            else:
                self._pass(row, kind, opening)
        self._leave_unit()

    def _pass(self, row: int, kind: Kind, opening: Seen) -> None:
        """Take what a row has that is no record."""
        if kind is Kind.HEADER:
            self._header_again(row)
        elif kind is Kind.TOTAL:
            self._line(row, opening, self.table.total)
        elif kind is Kind.PROJECT:
            self._line(row, opening, self.kinds.line(opening))
        elif kind is Kind.UNIT:
            self._leave_unit()
            self.unit, self.rows_of_unit, self.above = opening, False, {}
            self.view.tell_label(opening, UNIT)
        elif kind is Kind.ODD and self.reading:
            self.odd.append(opening)
        elif kind is Kind.PASSED:
            self.view.tell_label(opening, "跳过")

    def _header_again(self, row: int) -> None:
        """Go on under another header: the same one on a new page, or that of another group of records."""
        again = header_at(self.view, self.expected, row)
        if again and again.columns.keys() >= {*self.table.required}:
            both = again.columns.keys() & self.header.columns.keys()
            same = all(again.columns[name].left == self.header.columns[name].left for name in both)
            self.header.columns = {**(self.header.columns if same else {}), **again.columns}
            self.header.last = max(again.last, self.header.last)
        self.reading = self._is_own(row)

    def _is_own(self, row: int) -> bool:
        """Whether the records under a header are this form's: what stands beside or above it names no other group."""
        others = {label_of(label) for label in self.table.other_groups}
        above = next(
            (self.view.starting(line) for line in range(row - 1, self.view.top, -1) if self.view.starting(line)), []
        )
        return not any(one.label in others for one in (*self.header.beside(self.view, row), *above[:1]))

    def _leave_unit(self) -> None:
        """Keep a line that was taken for a unit's name, though no record follows it."""
        if self.unit and not self.rows_of_unit:
            self.odd.append(self.unit)

    def _line(self, row: int, opening: Seen, line: TotalRow | None) -> None:
        """Take the project's figures from a line among the records."""
        if line is None:
            return
        for printed, name in line.columns.items():
            left = self._column(printed)
            at = next((r for r in (row, row + 1) if left is not None and self._is_value(r, left, opening)), None)
            if at is not None and left is not None:
                self.totals[name] = self.view.value(at, left, opening.cell.text, name)
        self.view.tell_label(opening, "合计行")

    def _column(self, printed: str) -> int | None:
        """Where a column is that is named by its field, or by a label that the table has no field for."""
        if printed in self.header.columns:
            return self.header.columns[printed].left
        label = label_of(printed)
        return next((one.block.left for one in self.header.unknown if one.label == label), None)

    def _is_value(self, row: int, column: int, opening: Seen) -> bool:
        """Whether a cell of a line holds a figure: not the label that opens the line, no other label, and in the line.

        The row below counts only where it goes on with the line: its cells are labels' figures.
        """
        one = self.view.at(row, column) if row <= self.view.bottom else None
        if one is None or one is opening or self.kinds.is_label(one):
            return False
        return row <= opening.block.bottom or all(
            self.kinds.is_label(above) for above in self.view.starting(opening.block.top)
        )

    def _record(self, row: int) -> MappingNode | None:
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

    @cached_property
    def merged(self) -> frozenset[str]:
        """The columns in which cells are merged over rows under the header."""
        tall = [b for b in self.view.sheet.merges if self.header.last < b.top < b.bottom <= self.view.bottom]
        lefts = {name: self.header.columns[name].left for name in self.table.filled_down if name in self.header.columns}
        return frozenset(name for name, left in lefts.items() if any(b.left <= left <= b.right for b in tall))
