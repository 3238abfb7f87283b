"""A workbook with findings at their cells and a list of problems, by changing only the parts concerned."""

from collections.abc import Iterable, Mapping
from functools import partial

from fpcheck.intake.office.own_list import TITLE
from fpcheck.intake.office.xlsx import read_xlsx
from fpcheck.report.form_copy import comments, list_sheet, note_shapes, styles
from fpcheck.report.form_copy.boxes import box_for, rows_for
from fpcheck.report.form_copy.comments import Comments
from fpcheck.report.form_copy.earlier import Earlier, earlier_lists
from fpcheck.report.form_copy.looks import Looks
from fpcheck.report.form_copy.marks import LIST, Listing, Mark, colour_of
from fpcheck.report.form_copy.note_shapes import NoteShapes
from fpcheck.report.form_copy.parts import Parts
from fpcheck.report.form_copy.shades import Shades
from fpcheck.report.form_copy.sheet_cells import SheetPatch
from fpcheck.report.form_copy.sheet_scan import SheetScan, place_of, scan
from fpcheck.report.form_copy.splice import sound
from fpcheck.report.form_copy.styles import Styles
from fpcheck.report.form_copy.workbook_part import Listed, WorkbookPart


def marked_xlsx(data: bytes, source: str, marks: Iterable[Mark], listing: Listing) -> bytes:
    """Give the workbook with a fill and a comment at each mark, and the list as its last sheet.

    What an earlier run wrote is taken back, wherever it has moved: comments, fills, and the list unless it has a reply.

    Args:
        data: the workbook, xlsx or xlsm.
        source: its name for messages.
        marks: one a cell; those whose sheet or cell is none of the workbook are passed over (they stand in the list).
        listing: the list.

    Raises:
        Unreadable: no sound workbook, past a limit, signed, or in the strict variant of the format.
    """
    by_sheet: dict[str, dict[str, Mark]] = {}
    for mark in marks:
        if place_of(mark.cell):
            by_sheet.setdefault(mark.sheet, {})[mark.cell] = mark
    with sound(source):
        return _Copy(data, source).written(by_sheet, listing)


class _Copy:
    """A workbook while it is changed."""

    def __init__(self, data: bytes, source: str) -> None:
        self._source = source
        self._parts = Parts(data, source)
        self._book = self._parts.target("", "officeDocument") or "xl/workbook.xml"
        self._workbook = WorkbookPart(self._parts.read(self._book), source, self._book)
        part = self._parts.target(self._book, "styles")
        if not part:
            part = styles.PART
            self._parts.add(self._book, "styles", part, styles.PLAIN, styles.CONTENT_TYPE)
        self._styles_part = part
        self._styles = Styles(self._parts.read(part), source)
        self._shades = Shades(self._styles)
        self._earlier = earlier_lists(read_xlsx(data, source).sheets) if self._may_hold_lists() else Earlier()

    def written(self, marks: Mapping[str, Mapping[str, Mark]], listing: Listing) -> bytes:
        for sheet in self._workbook.sheets:
            if part := self._part_of(sheet):
                self._mark_sheet(sheet.name, part, marks.get(sheet.name, {}))
        self._write_list(listing)
        self._parts.write(self._styles_part, self._styles.done())
        return self._parts.done()

    def _may_hold_lists(self) -> bool:
        texts = self._parts.target(self._book, "sharedStrings")
        named = any(sheet.name.startswith(LIST) for sheet in self._workbook.sheets)
        return named or (texts is not None and TITLE.encode() in self._parts.read(texts))

    def _part_of(self, sheet: Listed) -> str | None:
        relation = self._parts.relations(self._book).get(sheet.relation)
        known = relation and relation.kind == "worksheet" and relation.target in self._parts
        return relation.target if relation and known else None

    def _mark_sheet(self, name: str, part: str, marks: Mapping[str, Mark]) -> None:
        where = self._parts.target(part, "comments")
        said = Comments(self._parts.read(where), self._source, where) if where else None
        painted = frozenset[str]() if name in self._earlier.names else self._shades.ours
        if not marks and not painted and not (said and said.marked):
            return
        data = self._parts.read(part)
        places = {place: mark for cell, mark in marks.items() if (place := place_of(cell))}
        found = scan(data, places, self._source, part, painted)
        patch = SheetPatch(data, found)
        patch.format_cells({place: partial(self._mark, mark) for place, mark in places.items()})
        patch.repaint(self._shades.original)
        if marks and where is None:
            where = self._parts.free_name("xl/comments{}.xml")
            self._parts.add(part, "comments", where, comments.EMPTY, comments.CONTENT_TYPE)
            said = Comments(comments.EMPTY, self._source, where)
        if said and where:
            self._parts.write(where, said.written(marks))
            self._draw(part, said, marks, found, patch)
        self._parts.write(part, patch.done())

    def _mark(self, mark: Mark, number: int) -> int:
        """Give the number of a marked cell's format."""
        return self._shades.marked(number, colour_of(mark.severity))

    def _draw(self, part: str, said: Comments, marks: Mapping[str, Mark], found: SheetScan, patch: SheetPatch) -> None:
        """Give the new comments their boxes."""
        drawing = self._drawing(part, found)
        texts = {cell: mark.text for cell, mark in marks.items()}
        boxes = [box_for(cell, text, found) for cell, text in texts.items() if cell not in said.kept]
        if drawing is None:
            if not boxes:
                return
            drawing = self._parts.free_name("xl/drawings/vmlDrawing{}.vml")
            self._parts.declare_ending("vml", note_shapes.CONTENT_TYPE)
            self._parts.write(drawing, note_shapes.EMPTY)
            patch.link_drawing(self._parts.relate(part, "vmlDrawing", drawing))
        taller = {
            _from_zero(cell): rows_for(cell, text, found)
            for cell, text in texts.items()
            if cell in said.kept and cell not in said.marked
        }
        shapes = NoteShapes(self._parts.read(drawing), self._source, drawing).without(map(_from_zero, said.ours))
        self._parts.write(drawing, shapes.taller(taller).written(boxes))

    def _drawing(self, part: str, found: SheetScan) -> str | None:
        """The part of the sheet's boxes and buttons; None where it has none."""
        link = next((child for child in found.root.children if child.name == "legacyDrawing"), None)
        number = next((text for key, text in link.given.items() if key.endswith(" id")), "") if link else ""
        relation = self._parts.relations(part).get(number)
        return relation.target if relation and relation.target in self._parts else None

    def _write_list(self, listing: Listing) -> None:
        looks = Looks(self._styles)
        written = list_sheet.list_sheet(listing, looks, links=True)
        old = next((sheet for sheet in self._workbook.sheets if sheet.name == self._earlier.replaced), None)
        part = self._part_of(old) if old else None
        if part and old:
            self._parts.write(part, written.data)
            book = self._workbook.with_list(old.name, None, written)
        else:
            part = self._parts.free_name("xl/worksheets/sheet{}.xml")
            relation = self._parts.add(self._book, "worksheet", part, written.data, list_sheet.CONTENT_TYPE)
            book = self._workbook.with_list(self._workbook.free_name(), relation, written)
        self._parts.write(self._book, book)


def _from_zero(cell: str) -> tuple[int, int]:
    row, column = place_of(cell) or (0, 0)
    return row - 1, column - 1
