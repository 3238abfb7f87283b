"""How large the box of a comment is for its text, and where it lies beside its cell."""

from collections.abc import Callable

from fpcheck.report.form_copy.list_sheet import lines_in
from fpcheck.report.form_copy.note_shapes import Box
from fpcheck.report.form_copy.sheet_scan import SheetScan, place_of

PIXELS_PER_POINT = 96 / 72
LINE = 17  # pixels of a line of 9 pt with its gap
LETTER = 6.2  # pixels of half a Chinese character of 9 pt
MARGIN = 14
WIDTHS = (280, 400, 520)
MOST_HEIGHT = 420
GAP = 12  # between the cell and its box
LAST_COLUMN = 16_384


def box_for(cell: str, text: str, scan: SheetScan) -> Box:
    """The box of a comment: as narrow as its text allows, right of its merged block, a little higher than its row."""
    row, column = place_of(cell) or (1, 1)
    _, right = place_of(scan.blocks.get(cell, cell)) or (row, column)
    wide = next((one for one in WIDTHS if _lines(text, one) * LINE + MARGIN <= MOST_HEIGHT), WIDTHS[-1])
    high = _lines(text, wide) * LINE + MARGIN
    left, from_left = right, GAP
    top, from_top = max(row - 2, 0), 4
    last_column, from_last = _walk(left, from_left + wide, lambda at: _column_pixels(scan, at + 1))
    last_row, from_last_row = _walk(top, from_top + high, lambda at: _row_pixels(scan, at + 1))
    anchor = (left, from_left, top, from_top, last_column, from_last, last_row, from_last_row)
    beside = sum(_column_pixels(scan, at) for at in range(1, min(right, 100) + 1)) + GAP
    above = sum(_row_pixels(scan, at) for at in range(1, min(top, 2000) + 1))
    points = (round(size / PIXELS_PER_POINT, 2) for size in (beside, above, wide, high))
    return Box(row - 1, column - 1, anchor, *points)


def rows_for(cell: str, text: str, scan: SheetScan) -> int:
    """How many rows more a box needs for a further text."""
    row, _ = place_of(cell) or (1, 1)
    return _walk(row, _lines(text, WIDTHS[0] // 2) * LINE, lambda at: _row_pixels(scan, at + 1))[0] - row + 1


def _walk(start: int, distance: float, size: Callable[[int], float]) -> tuple[int, int]:
    """The row or column in which a distance from the beginning of another ends, and how far inside it."""
    at = start
    while (step := size(at)) <= distance and at < LAST_COLUMN:
        distance -= step
        at += 1
    return at, int(distance)


def _column_pixels(scan: SheetScan, number: int) -> float:
    given = scan.column(number)
    if given.get("hidden") in ("1", "true"):
        return 0
    return float(given.get("width", scan.width)) * 7 + 5


def _row_pixels(scan: SheetScan, number: int) -> float:
    return scan.heights.get(number, scan.height) * PIXELS_PER_POINT


def _lines(text: str, pixels: int) -> int:
    """How many lines a text takes in a box of a width."""
    return lines_in(text, (pixels - MARGIN) / LETTER)
