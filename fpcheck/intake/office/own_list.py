"""The list of problems that a checked copy carries, known again when the copy is handed in: it is no form."""

from dataclasses import replace

from fpcheck.intake.office.grid import Sheet, Workbook

TITLE = "绩效填报检查 问题清单"
REPLY = "单位回复"
WORD_TAG = "fpcheck-list"  # of the content control around the list in a Word file
_COLUMNS = frozenset({"序号", "级别", "位置", "问题"})


def list_rows(sheet: Sheet) -> tuple[int, int] | None:
    """The row of the list's title and that of its header; None where a sheet holds no list of ours."""
    title = min((row for (row, _), cell in sheet.cells.items() if cell.text.strip() == TITLE), default=None)
    if title is None:
        return None
    replies = {row for (row, _), cell in sheet.cells.items() if row > title and cell.text.strip() == REPLY}
    rows = (row for row in sorted(replies) if _names_in(sheet, row) >= _COLUMNS)
    header = next(rows, None)
    return None if header is None else (title, header)


def _names_in(sheet: Sheet, row: int) -> set[str]:
    return {cell.text.strip() for (at, _), cell in sheet.cells.items() if at == row}


def without_own_list(workbook: Workbook) -> Workbook:
    """Leave out the lists of earlier checks, and what was noticed about their sheets."""
    for sheet in list(workbook.sheets):
        rows = list_rows(sheet)
        if rows is None:
            continue
        title, header = rows
        kept = {
            (row, column): cell
            for (row, column), cell in sheet.cells.items()
            if row < title or (row > header and row in sheet.prose)
        }
        at = workbook.sheets.index(sheet)
        workbook.sheets[at : at + 1] = [replace(sheet, cells=kept)] if kept else []
        if not kept:
            workbook.problems = [one for one in workbook.problems if one.where.sheet != sheet.name]
    return workbook
