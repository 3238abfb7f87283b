"""Official forms as clerks hand them back: rows and columns put in, merged cells undone, blanks and slips in labels.

Each mutation takes a sheet and a seeded random source and gives another sheet with the same truth.
"""

from dataclasses import replace

from fpcheck.intake.office.grid import Block, Sheet
from fpcheck.intake.printed.labels import label_of

OTHERS = "的一是在不了有和人这中大为上个国我以要他时来用们"


def insert_row(sheet, rng):
    """An empty row anywhere; a merged block that it goes through grows."""
    at = rng.randint(0, sheet.extent[0])
    return _shifted(sheet, at, 0)


def insert_column(sheet, rng):
    at = rng.randint(0, sheet.extent[1])
    return _shifted(sheet, at, 1)


def shift(sheet, rng):
    """The whole form somewhere else."""
    for _ in range(rng.randint(1, 4)):
        sheet = _shifted(sheet, 0, 0)
    for _ in range(rng.randint(0, 3)):
        sheet = _shifted(sheet, 0, 1)
    return sheet


def undo_merges(sheet, rng):
    """All merged blocks undone: what they held stays in the first cell."""
    return _copy(sheet, sheet.cells, [])


def undo_some_merges(sheet, rng):
    return _copy(sheet, sheet.cells, [block for block in sheet.merges if rng.random() < 0.5])


def blanks_in_labels(sheet, rng, labels):
    """项 目 名 称, 项目名称：, a line break in the middle."""
    ways = (
        " ".join,
        "　".join,
        lambda t: t + "：",
        lambda t: " " + t,
        lambda t: t[: len(t) // 2] + "\n" + t[len(t) // 2 :],
    )
    return _relabelled(sheet, labels, lambda text: rng.choice(ways)(text) if rng.random() < 0.6 else text)


def slip(sheet, rng, labels):
    """One label with one character wrong, missing, doubled or swapped with the next."""
    places = [place for place, cell in sheet.cells.items() if label_of(cell.text) in labels]
    if not places:
        return sheet
    place = rng.choice(places)
    text = sheet.cells[place].text
    at = rng.randrange(len(text))
    while not "一" <= text[at] <= "鿿":
        at = rng.randrange(len(text))
    changed = rng.choice(
        (
            text[:at] + rng.choice(OTHERS) + text[at + 1 :],
            text[:at] + text[at + 1 :],
            text[: at + 1] + text[at:],
            text[:at] + text[at + 1 : at + 2] + text[at] + text[at + 2 :],
        )
    )
    cells = dict(sheet.cells)
    cells[place] = replace(cells[place], text=changed)
    return _copy(sheet, cells, sheet.merges)


WAYS = {
    "加一行": lambda s, rng, labels: insert_row(s, rng),
    "加一列": lambda s, rng, labels: insert_column(s, rng),
    "加几行几列": lambda s, rng, labels: insert_row(insert_column(insert_row(s, rng), rng), rng),
    "移动": lambda s, rng, labels: shift(s, rng),
    "取消合并": lambda s, rng, labels: undo_merges(s, rng),
    "取消一些合并": lambda s, rng, labels: undo_some_merges(s, rng),
    "标签加空格": blanks_in_labels,
    "标签错字": slip,
    "一起": lambda s, rng, labels: slip(
        insert_row(shift(blanks_in_labels(undo_some_merges(s, rng), rng, labels), rng), rng), rng, labels
    ),
}


def _copy(sheet, cells, merges):
    return Sheet(sheet.name, dict(cells), list(merges))


def _relabelled(sheet, labels, change):
    cells = {
        place: replace(cell, text=change(cell.text)) if label_of(cell.text) in labels else cell
        for place, cell in sheet.cells.items()
    }
    return _copy(sheet, cells, sheet.merges)


def _shifted(sheet, at, axis):
    """A row (axis 0) or column (axis 1) put in at a place."""

    def moved(index):
        return index + (index >= at)

    cells = {
        (moved(row), column) if axis == 0 else (row, moved(column)): cell for (row, column), cell in sheet.cells.items()
    }
    merges = [
        Block(moved(b.top), b.left, moved(b.bottom), b.right)
        if axis == 0
        else Block(b.top, moved(b.left), b.bottom, moved(b.right))
        for b in sheet.merges
    ]
    return _copy(sheet, cells, merges)
