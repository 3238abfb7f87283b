"""A workbook with findings at their cells and a list of problems, by changing only the parts concerned."""

from collections.abc import Iterable, Mapping

from fpcheck.intake.package import Relation
from fpcheck.intake.xlsx import read_xlsx
from fpcheck.report.form_copy import comments, list_sheet, note_shapes, styles
from fpcheck.report.form_copy.boxes import box_for, rows_for
from fpcheck.report.form_copy.comments import Comments
from fpcheck.report.form_copy.earlier import Earlier, earlier_list
from fpcheck.report.form_copy.looks import Looks, fill
from fpcheck.report.form_copy.marks import COLOURS, LIST, Listing, Mark
from fpcheck.report.form_copy.note_shapes import NoteShapes
from fpcheck.report.form_copy.parts import Parts
from fpcheck.report.form_copy.sheet_cells import SheetPatch
from fpcheck.report.form_copy.sheet_scan import SheetScan, place_of, scan
from fpcheck.report.form_copy.splice import damaged
from fpcheck.report.form_copy.styles import Styles
from fpcheck.report.form_copy.workbook_part import WorkbookPart

_STRICT = "http://purl.oclc.org/ooxml/"
_SAVE_PLAIN = "请用 Excel 或 WPS 打开，另存为普通的“Excel 工作簿（.xlsx）”再查"


def marked_xlsx(data: bytes, source: str, marks: Iterable[Mark], listing: Listing) -> bytes:
    """Give the workbook with a fill and a comment at each mark, and the list as its last sheet.

    What an earlier run wrote is taken back: its comments, its fills, and its list unless somebody replied in it.

    Args:
        data: the workbook, xlsx or xlsm.
        source: its name for messages.
        marks: one a cell; those on sheets that are not there are passed over (they stand in the list).
        listing: the list.

    Raises:
        Unreadable: no sound workbook, past a limit, signed, or in the strict variant of the format.
    """
    return _Copy(data, source).written({mark.sheet: {} for mark in marks} and _by_sheet(marks), listing)


def _by_sheet(marks: Iterable[Mark]) -> dict[str, dict[str, Mark]]:
    found: dict[str, dict[str, Mark]] = {}
    for mark in marks:
        if place_of(mark.cell):
            found.setdefault(mark.sheet, {})[mark.cell] = mark
    return found


class _Copy:
    def __init__(self, data: bytes, source: str) -> None:
        self._source = source
        self._parts = Parts(data, source)
        self._book = self._parts.target("", "officeDocument") or "xl/workbook.xml"
        book = self._parts.read(self._book)
        if _STRICT.encode() in book[:4096]:
            raise damaged(source, "")
        self._workbook = WorkbookPart(book, source, self._book)
        self._relations: Mapping[str, Relation] = self._parts.relations(self._book)
        self._styles_part = self._parts.target(self._book, "styles") or ""
        if not self._styles_part:
            self._styles_part = self._add(self._book, "styles", styles.PART, styles.PLAIN, styles.CONTENT_TYPE)
        self._styles = Styles(self._parts.read(self._styles_part), source)
        self._fills: dict[tuple[str, str], str] = {}
        self._earlier: Earlier | None = None
        if any(sheet.name.startswith(LIST) for sheet in self._workbook.sheets):
            self._earlier = earlier_list(read_xlsx(data, source).sheets)

    def written(self, marks: Mapping[str, Mapping[str, Mark]], listing: Listing) -> bytes:
        for sheet in self._workbook.sheets:
            relation = self._relations.get(sheet.relation)
            if relation and relation.kind == "worksheet" and relation.target in self._parts:
                self._mark_sheet(sheet.name, relation.target, marks.get(sheet.name, {}))
        self._write_list(listing)
        self._parts.write(self._styles_part, self._styles.done())
        return self._parts.done()

    def _mark_sheet(self, name: str, part: str, marks: Mapping[str, Mark]) -> None:
        where = self._parts.target(part, "comments")
        said = Comments(self._parts.read(where), self._source, where) if where else None
        former = {cell for sheet, cell in self._earlier.fills if sheet == name} if self._earlier else set()
        if not marks and not former and not (said and said.marked):
            return
        data = self._parts.read(part)
        places = {cell: place for cell in (*marks, *former) if (place := place_of(cell))}
        found = scan(data, places.values(), self._source, part)
        patch = SheetPatch(data, found)
        patch.format_cells({place: self._format(name, cell, marks.get(cell)) for cell, place in places.items()})
        if said is None and marks:
            where = self._parts.free_name("xl/comments{}.xml")
            self._add(part, "comments", where, comments.EMPTY, comments.CONTENT_TYPE)
            said = Comments(comments.EMPTY, self._source, where)
        if said and where:
            self._comment(part, where, said, marks, found, patch)
        self._parts.write(part, patch.done())

    def _format(self, name: str, cell: str, mark: Mark | None) -> "_Format":
        former = self._earlier.fills.get((name, cell)) if self._earlier else None
        return _Format(self, name, cell, mark, former)

    def _comment(
        self,
        part: str,
        where: str,
        said: Comments,
        marks: Mapping[str, Mark],
        found: SheetScan,
        patch: SheetPatch,
    ) -> None:
        self._parts.write(where, said.written(marks))
        drawing = self._parts.target(part, "vmlDrawing") if _has_drawing(found) else None
        drawing = self._linked(found, part) 
        texts = {cell: "\n\n".join(note.text for note in mark.by_gravity) for cell, mark in marks.items()}
        taller = {
            _from_zero(cell): rows_for(cell, text, found)
            for cell, text in texts.items()
            if cell in said.kept and cell not in said.marked
        }
        shapes = NoteShapes(self._parts.read(drawing), self._source, drawing).without(map(_from_zero, said.ours))
        boxes = [box_for(cell, text, found) for cell, text in texts.items() if cell not in said.kept]
        self._parts.write(drawing, shapes.taller(taller).written(boxes))
