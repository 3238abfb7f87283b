"""Official forms as clerks hand them back: rows and columns put in, merged cells undone, blanks and slips in labels.

Each mutation takes a sheet and a seeded random source and gives another sheet with the same truth.
"""

from dataclasses import replace
from itertools import takewhile

from fpcheck.intake.office.grid import Block, GridCell, Sheet
from fpcheck.intake.printed.labels import label_of

ENDS = ("总分", "合计", "总计", "说明", "备注", "填报人", "其他需要说明的问题", "其他需要说明的事项", "批复意见")
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


def header_of(sheet):
    """The row of a table's header, its last row, and its columns by label."""
    for (row, _), cell in sorted(sheet.cells.items()):
        if label_of(cell.text) in ("三级指标", "社区", "三级绩效指标"):
            cells = {c: one for (r, c), one in sheet.cells.items() if r == row}
            last = max(sheet.block(row, c).bottom for c in cells)
            return row, last, {label_of(one.text): c for c, one in cells.items()}
    return None


def some_row(sheet, rng):
    """A row among the records of a table, or None."""
    found = header_of(sheet)
    if found is None:
        return None
    filled = {row for row, _ in sheet.cells}
    opening = {row: label_of(cell.text) for (row, _), cell in sorted(sheet.cells.items(), reverse=True)}
    rows = list(takewhile(lambda row: row in filled and opening[row] not in ENDS, range(found[1] + 2, max(filled) + 1)))
    return rng.choice(rows[:-1]) if len(rows) > 1 else None


def subtotal(sheet, rng):
    """A line 小计 among the records, with figures."""
    at, (_, _, columns) = some_row(sheet, rng), header_of(sheet) or (0, 0, {})
    first = columns.get("一级指标")
    if at is None or first is None:
        return sheet
    changed = _shifted(sheet, at, 0)
    changed.merges[:] = [b for b in changed.merges if not (b.top < at <= b.bottom and b.left == b.right)]
    changed.cells[at, first] = GridCell("小计")
    changed.cells |= {(at, columns[name]): GridCell("20", number=True) for name in ("分值", "得分") if name in columns}
    return changed


def next_page(sheet, rng):
    """续表 and the header again among the records."""
    at, found = some_row(sheet, rng), header_of(sheet)
    if at is None:
        return sheet
    row, last, _ = found
    header = {(r, c): one for (r, c), one in sheet.cells.items() if row <= r <= last}
    changed = sheet
    for _ in range(last - row + 2):
        changed = _shifted(changed, at, 0)
    changed.merges[:] = [b for b in changed.merges if not (b.top < at <= b.bottom)]
    first = min(c for _, c in header)
    changed.cells[at, first] = GridCell("续表")
    changed.cells |= {(at + 1 + r - row, c): one for (r, c), one in header.items()}
    return changed


def side_note(sheet, rng):
    """A remark beside the form."""
    bottom, right = sheet.extent
    right = max(right, *(block.right for block in sheet.merges), 0)
    cells = dict(sheet.cells)
    cells[rng.randint(0, bottom), right + 2] = GridCell(rng.choice(["见附件说明", "98.5", "待核对"]))
    return _copy(sheet, cells, sheet.merges)


def fill_merges(sheet, rng):
    """Blocks merged over rows undone, each cell filled with what stood there."""
    tall = [block for block in sheet.merges if block.bottom > block.top and block.left == block.right]
    cells = dict(sheet.cells)
    for block in tall:
        if (block.top, block.left) in cells:
            cells |= {(row, block.left): cells[block.top, block.left] for row in range(block.top, block.bottom + 1)}
    return _copy(sheet, cells, [block for block in sheet.merges if block not in tall])


WAYS = {
    "加一行": lambda s, rng, labels: insert_row(s, rng),
    "加一列": lambda s, rng, labels: insert_column(s, rng),
    "加几行几列": lambda s, rng, labels: insert_row(insert_column(insert_row(s, rng), rng), rng),
    "移动": lambda s, rng, labels: shift(s, rng),
    "取消合并": lambda s, rng, labels: undo_merges(s, rng),
    "取消一些合并": lambda s, rng, labels: undo_some_merges(s, rng),
    "标签加空格": blanks_in_labels,
    "标签错字": slip,
    "加小计": lambda s, rng, labels: subtotal(s, rng),
    "续表": lambda s, rng, labels: next_page(s, rng),
    "旁注": lambda s, rng, labels: side_note(s, rng),
    "取消合并并填满": lambda s, rng, labels: fill_merges(s, rng),
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
