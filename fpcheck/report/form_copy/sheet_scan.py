"""Where cells stand in the XML of a sheet, and where those belong that are not there."""

import re
from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from xml.parsers import expat

from fpcheck.report.form_copy.splice import Element, closed, parse, tag_end

_A1 = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
ROW_DEPTH, CELL_DEPTH = 2, 3  # of elements: worksheet is 0
DEFAULT_WIDTH = 8.43
DEFAULT_HEIGHT = 14.4


def place_of(cell: str) -> tuple[int, int] | None:
    """A1 → row and column from 1; None for what is no such name."""
    found = _A1.fullmatch(cell)
    if not found:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]), column


@dataclass(slots=True)
class Span:
    """Where a row or a cell stands; `opened` is where its start tag ends."""

    start: int
    opened: int
    end: int
    given: dict[str, str]


@dataclass(slots=True)
class Gap:
    """Where a row or cell that is not there belongs."""

    at: int


@dataclass
class SheetScan:
    """What of a sheet has to be known to mark cells in it; rows and columns count from 1."""

    root: Element
    wanted: set[tuple[int, int]]
    rows: dict[int, Span | Gap] = field(default_factory=dict)
    cells: dict[tuple[int, int], Span | Gap] = field(default_factory=dict)
    blocks: dict[str, str] = field(default_factory=dict)  # the last cell of merged blocks by their first
    painted: list[Span] = field(default_factory=list)  # rows and other cells that have one of some formats
    columns: list[dict[str, str]] = field(default_factory=list)
    heights: dict[int, float] = field(default_factory=dict)
    width: float = DEFAULT_WIDTH
    height: float = DEFAULT_HEIGHT

    def column(self, number: int) -> dict[str, str]:
        """What is set for a column; empty where nothing is."""
        return next((one for one in self.columns if int(one["min"]) <= number <= int(one["max"])), {})

    def inherited(self, row: int, column: int) -> int:
        """The number of the format that a cell has which is not written: its row's, else its column's."""
        span = self.rows.get(row)
        if isinstance(span, Span) and span.given.get("customFormat") in ("1", "true"):
            return int(span.given.get("s", "0"))
        return int(self.column(column).get("style", "0"))


def scan(
    data: bytes, wanted: Iterable[tuple[int, int]], source: str, part: str, formats: Container[str] = ()
) -> SheetScan:
    """Look through a sheet for some cells, and for whatever has one of some formats, given by their numbers.

    Raises:
        Unreadable: no XML, or with a DTD.
    """
    return _Scanning(data, set(wanted), formats).run(source, part)


class _Scanning:
    def __init__(self, data: bytes, wanted: set[tuple[int, int]], formats: Container[str]) -> None:
        self.data = data
        self.formats = formats
        self.found = SheetScan(Element("", "", {}, 0, 0), wanted)
        self.by_row: dict[int, list[int]] = {}
        for row, column in sorted(wanted):
            self.by_row.setdefault(row, []).append(column)
        self.due_rows = sorted(self.by_row)
        self.due_cells: list[int] = []
        self.depth = 0
        self.row = 0
        self.cell = 0
        self.in_row: Span | None = None
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = _no_doctype

    def run(self, source: str, part: str) -> SheetScan:
        parse(self.parser, self.data, source, part)
        self.parser.StartElementHandler = self.parser.EndElementHandler = None
        return self.found

    def _start(self, name: str, given: dict[str, str]) -> None:
        local = name.rpartition(" ")[2]
        depth, self.depth = self.depth, self.depth + 1
        if depth == CELL_DEPTH and local == "c":
            self._start_cell(given)
        elif depth == ROW_DEPTH:
            self._start_inner(local, given)
        elif depth < ROW_DEPTH:
            start = self.parser.CurrentByteIndex
            element = Element(local, name.rpartition(" ")[0], given, start, tag_end(self.data, start))
            if depth:
                self.found.root.children.append(element)
            else:
                self.found.root = element
            if local == "sheetFormatPr":
                self.found.width = float(given.get("defaultColWidth", DEFAULT_WIDTH))
                self.found.height = float(given.get("defaultRowHeight", DEFAULT_HEIGHT))

    def _start_inner(self, local: str, given: dict[str, str]) -> None:
        if local == "row":
            self._start_row(given)
        elif local == "col":
            self.found.columns.append(given)
        elif local == "mergeCell":
            first, _, last = given.get("ref", "").partition(":")
            if place_of(first) in self.found.wanted:
                self.found.blocks[first] = last or first

    def _start_row(self, given: dict[str, str]) -> None:
        self.row = int(given.get("r", self.row + 1))
        self.cell = 0
        if given.get("s") in self.formats and self.row not in self.by_row:
            self._paint(given)
        if "ht" in given:
            self.found.heights[self.row] = float(given["ht"])
        while self.due_rows and self.due_rows[0] < self.row:
            self.found.rows.setdefault(self.due_rows.pop(0), Gap(self.parser.CurrentByteIndex))
        if self.due_rows and self.due_rows[0] == self.row:
            start = self.parser.CurrentByteIndex
            self.due_cells = list(self.by_row[self.due_rows.pop(0)])
            self.in_row = Span(start, tag_end(self.data, start), 0, given)
            self.found.rows[self.row] = self.in_row

    def _start_cell(self, given: dict[str, str]) -> None:
        place = place_of(given["r"]) if "r" in given else None
        self.cell = place[1] if place else self.cell + 1
        if given.get("s") in self.formats and (self.row, self.cell) not in self.found.wanted:
            self._paint(given)
        if not self.in_row:
            return
        start = self.parser.CurrentByteIndex
        while self.due_cells and self.due_cells[0] < self.cell:
            self.found.cells[self.row, self.due_cells.pop(0)] = Gap(start)
        if self.due_cells and self.due_cells[0] == self.cell:
            self.due_cells.pop(0)
            self.found.cells[self.row, self.cell] = Span(start, tag_end(self.data, start), 0, given)

    def _paint(self, given: dict[str, str]) -> None:
        start = self.parser.CurrentByteIndex
        self.found.painted.append(Span(start, tag_end(self.data, start), 0, given))

    def _end(self, _: str) -> None:
        self.depth -= 1
        if self.depth == ROW_DEPTH and self.in_row:
            self._end_row()
        elif self.depth < ROW_DEPTH:
            self._end_outer()

    def _end_row(self) -> None:
        row, self.in_row = self.in_row, None
        if row is None:
            return
        closing, row.end = closed(self.data, row.opened, self.parser.CurrentByteIndex)
        for column in self.due_cells:
            self.found.cells[self.row, column] = Gap(closing)
        self.due_cells = []

    def _end_outer(self) -> None:
        element = self.found.root.children[-1] if self.depth else self.found.root
        element.closing, element.end = closed(self.data, element.opened, self.parser.CurrentByteIndex)
        if element.name == "sheetData":
            for row in self.due_rows:
                self.found.rows.setdefault(row, Gap(element.closing))
            self.due_rows = []


def _no_doctype(*_: object) -> None:
    raise ValueError
