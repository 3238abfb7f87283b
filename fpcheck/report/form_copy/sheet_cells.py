"""The part of a sheet with some cells in other formats and with a place for comments; every other byte stays."""

from collections.abc import Callable, Mapping

from fpcheck.intake.office.grid import column_letters
from fpcheck.report.form_copy import markup
from fpcheck.report.form_copy.sheet_scan import Gap, SheetScan, Span
from fpcheck.report.form_copy.splice import Splice, place_for

RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_RELATIONSHIPS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
ORDER = (
    *("sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr", "sheetProtection"),
    *("protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate", "customSheetViews", "mergeCells"),
    *("phoneticPr", "conditionalFormatting", "dataValidations", "hyperlinks", "printOptions", "pageMargins"),
    *("pageSetup", "headerFooter", "rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors"),
    *("smartTags", "drawing", "legacyDrawing"),
)
Formats = Mapping[tuple[int, int], Callable[[int], int]]  # a cell → its new format by its present one


class SheetPatch:
    """Changes to a sheet's part."""

    def __init__(self, data: bytes, scan: SheetScan) -> None:
        self._data = data
        self._scan = scan
        self._splice = Splice(data)
        self._prefix = markup.prefix(data[scan.root.start : scan.root.opened])
        self._rows = next(child for child in scan.root.children if child.name == "sheetData")

    def format_cells(self, formats: Formats) -> None:
        """Give cells other formats; those that are not there are made."""
        rows: dict[int, list[int]] = {}
        for row, column in sorted(formats):
            rows.setdefault(row, []).append(column)
        new = [self._format_row(row, columns, formats) for row, columns in rows.items()]
        if self._rows.end == self._rows.opened:  # <sheetData/>
            self._splice.append(self._rows, b"".join(new))

    def repaint(self, change: Callable[[int], int]) -> None:
        """Give the other cells and the rows that were found by their formats the formats that these become."""
        for one in self._scan.painted:
            tag = self._data[one.start : one.opened]
            number = str(change(int(one.given["s"])))
            self._splice.replace(one.start, one.opened, markup.with_attribute(tag, "s", number))

    def link_drawing(self, relation: str) -> None:
        """Tell where the shapes of the comments are."""
        root = self._data[self._scan.root.start : self._scan.root.opened]
        known = {
            name.removeprefix("xmlns:"): space
            for name, space in markup.attributes(root).items()
            if name.startswith("xmlns:") and space in (RELATIONSHIPS, STRICT_RELATIONSHIPS)
        }
        name = next(iter(known), "r")
        declared = "" if known else f' xmlns:r="{RELATIONSHIPS}"'
        element = f'<{self._prefix}legacyDrawing{declared} {name}:id="{relation}"/>'
        self._splice.insert(place_for(self._scan.root, "legacyDrawing", ORDER), element.encode())

    def done(self) -> bytes:
        """The part with all changes."""
        return self._splice.done()

    def _format_row(self, row: int, columns: list[int], formats: Formats) -> bytes:
        """Give the row where it is new and the part has no place for it yet."""
        place = self._scan.rows.get(row)
        made: dict[int, bytes] = {}
        for column in columns:
            cell = self._scan.cells.get((row, column))
            if isinstance(cell, Span):
                number = str(formats[row, column](int(cell.given.get("s", "0"))))
                tag = self._data[cell.start : cell.opened]
                self._splice.replace(cell.start, cell.opened, markup.with_attribute(tag, "s", number))
            else:
                number = str(formats[row, column](self._scan.inherited(row, column)))
                name = f"{column_letters(column - 1)}{row}"
                made[column] = f'<{self._prefix}c r="{name}" s="{number}"/>'.encode()
        if isinstance(place, Span):
            self._add_to(place, row, made)
            return b""
        new = f'<{self._prefix}row r="{row}">'.encode() + b"".join(made.values())
        new += f"</{self._prefix}row>".encode()
        if place and self._rows.end > self._rows.opened:
            self._splice.insert(place.at, new)
        return new

    def _add_to(self, place: Span, row: int, made: dict[int, bytes]) -> None:
        if not made:
            return
        tag = self._data[place.start : place.opened]
        spans = place.given.get("spans", "")
        changed = markup.with_attribute(tag, "spans", _widened(spans, made)) if spans else tag
        if place.end == place.opened:  # <row …/>
            inside = b"".join(made.values()) + f"</{self._prefix}row>".encode()
            self._splice.replace(place.start, place.end, changed[:-2].rstrip() + b">" + inside)
            return
        if changed != tag:
            self._splice.replace(place.start, place.opened, changed)
        for column, new in made.items():
            gap = self._scan.cells[row, column]
            self._splice.insert(gap.at if isinstance(gap, Gap) else place.end, new)


def _widened(spans: str, columns: Mapping[int, bytes]) -> str:
    """The first and last column of a row, a hint for programs that read it; several pairs stay as they are."""
    first, _, last = spans.partition(":")
    if not (first.isdecimal() and last.isdecimal()):
        return spans
    return f"{min(int(first), *columns)}:{max(int(last), *columns)}"
