"""Forms drawn as text → sheets. `<` goes on with the cell to the left, `^` with the one above, `⏎` breaks a line.

A cell that is `#12.5` is a stored number, `%0.9258` a number shown as a percentage with two decimals.
"""

from decimal import Decimal
from pathlib import Path

from fpcheck.intake.grid import Block, GridCell, Sheet, Workbook

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
