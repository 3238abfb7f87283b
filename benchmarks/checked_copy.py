"""A checked copy of an ordinary form: patched part by part, and the same through openpyxl, which loses parts."""

import io
from collections.abc import Callable

from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from fpcheck.report.form_copy.marks import AUTHOR, COLOURS, LIST, Entry, Listing, Mark, Note
from fpcheck.report.form_copy.xlsx import marked_xlsx

ROWS, COLUMNS, MARKS = 60, 12, 20
SHEET = "自评表"


def ways() -> dict[str, Callable[[], object]]:
    """Mark twenty cells of a form of sixty rows."""
    data = _form()
    said = "“修补路面面积”的指标值是“≥3600平方米”，实际完成“3420平方米”，没有完成，也没有说明。"
    marks = [Mark(SHEET, f"F{row}", (Note("一般", "没有完成", (f"问题：{said}",)),)) for row in range(5, 5 + MARKS)]
    entries = [Entry("一般", f"{SHEET} {mark.cell}", said, "95%", sheet=SHEET, cell=mark.cell) for mark in marks]
    listing = Listing(("某单位：需修改",), tuple(entries))
    return {
        "fpcheck：只改有关的部件": lambda: marked_xlsx(data, "表.xlsx", marks, listing),
        "openpyxl：读入、标注、另存（丢图片框、迷你图……）": lambda: _by_openpyxl(data, marks, listing),
    }


def _form() -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.title = SHEET
    for row in range(1, ROWS + 1):
        sheet.append([f"第{row}行第{column}格" if column % 3 else row * column for column in range(1, COLUMNS + 1)])
    for row in range(1, ROWS, 4):
        sheet.merge_cells(start_row=row, end_row=row + 1, start_column=1, end_column=2)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _by_openpyxl(data: bytes, marks: list[Mark], listing: Listing) -> bytes:
    book = load_workbook(io.BytesIO(data))
    for mark in marks:
        cell = book[mark.sheet][mark.cell]
        cell.fill = PatternFill("solid", fgColor=COLOURS[mark.severity])
        cell.comment = Comment(mark.by_gravity[0].text, AUTHOR)
    sheet = book.create_sheet(LIST)
    for entry in listing.entries:
        sheet.append([entry.level, entry.place, entry.problem, entry.figures])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
