"""Forms drawn as text → sheets. `<` goes on with the cell to the left, `^` with the one above, `⏎` breaks a line.

A cell that is `#12.5` is a stored number, `%0.9258` a number shown as a percentage with two decimals.
"""

from decimal import Decimal
from pathlib import Path

import docx
import xlsxwriter
import xlwt

from fpcheck.intake.office.grid import Block, GridCell, Sheet, Workbook

FORMS = Path(__file__).parent / "forms"


def grids(text):
    """Each sheet as (name, rows of cells)."""
    sheets = []
    for line in text.splitlines():
        if line.startswith("==="):
            sheets.append((line.strip("= "), []))
        else:
            if not sheets:
                sheets.append(("Sheet1", []))
            sheets[-1][1].append([cell.strip().replace("⏎", "\n") for cell in line.split("|")] if line.strip() else [])
    return sheets


def merges(rows):
    """The merged blocks of a drawing, as Blocks."""
    found = {}
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            if cell in ("<", "^"):
                anchor = anchor_of(rows, r, c)
                block = found.get(anchor, Block(*anchor, *anchor))
                found[anchor] = Block(*anchor, max(block.bottom, r), max(block.right, c))
    return list(found.values())


def anchor_of(rows, r, c):
    while rows[r][c] in ("<", "^"):
        r, c = (r, c - 1) if rows[r][c] == "<" else (r - 1, c)
    return r, c


def stored(cell):
    """What a drawn cell holds: text, number, and whether it is shown as a percentage."""
    if cell[:1] == "#":
        return GridCell(cell[1:], number=True)
    if cell[:1] == "%" and cell[1:]:
        return GridCell(f"{Decimal(cell[1:]) * 100:.2f}%", number=True, percent=True)
    return GridCell(cell)


def sheet_of(name, rows):
    cells = {
        (r, c): stored(cell) for r, row in enumerate(rows) for c, cell in enumerate(row) if cell not in ("", "<", "^")
    }
    return Sheet(name, cells, merges(rows))


def workbook_of(text):
    return Workbook("xlsx", [sheet_of(name, rows) for name, rows in grids(text)])


def save_xlsx(sheets, path):
    """Write sheets as a workbook of Excel."""
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        percent = book.add_format({"num_format": "0.00%"})
        for sheet in sheets:
            page = book.add_worksheet(sheet.name)
            for block in sheet.merges:
                page.merge_range(*block, "")
            for row, column, cell in sheet:
                if cell.percent:
                    page.write_number(row, column, float(Decimal(cell.text.rstrip("%")) / 100), percent)
                elif cell.number:
                    page.write_number(row, column, float(cell.text))
                else:
                    page.write_string(row, column, cell.text)


def save_xls(sheets, path):
    """Write sheets as a workbook of old Excel."""
    book = xlwt.Workbook()
    for sheet in sheets:
        page = book.add_sheet(sheet.name)
        for row, column, cell in sheet:
            style = xlwt.easyxf(num_format_str="0.00%" if cell.percent else "General")
            text = cell.text.rstrip("%") if cell.percent else cell.text
            value = float(text) / (100 if cell.percent else 1) if cell.number else text
            block = sheet.block(row, column)
            page.write_merge(block.top, block.bottom, block.left, block.right, value, style)
        for block in sheet.merges:
            if sheet.at(block.top, block.left) is None:
                page.merge(block.top, block.bottom, block.left, block.right)
    book.save(str(path))


def save_docx(sheets, path, split=(), between=""):
    """Write sheets as tables of a Word file, each split at some rows; `between` stands behind every table."""
    document = docx.Document()
    for sheet in sheets:
        bottom, right = sheet.extent
        ends = [*split, bottom + 1]
        for first, end in zip([0, *split], ends, strict=True):
            table = document.add_table(end - first, right + 1)
            for block in sheet.merges:
                if first <= block.top and block.bottom < end:
                    table.cell(block.top - first, block.left).merge(table.cell(block.bottom - first, block.right))
            for row, column, cell in sheet:
                if first <= row < end:
                    table.cell(row - first, column).text = cell.text
            document.add_paragraph(between)
    document.save(str(path))


SAVED = {"xlsx": save_xlsx, "xls": save_xls, "docx": save_docx}
