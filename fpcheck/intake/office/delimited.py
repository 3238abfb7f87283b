"""CSV and TSV texts → one sheet. The text stays as it was typed: nothing is taken for a number or a date here."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from io import StringIO
from itertools import chain, islice

from fpcheck.document import Unreadable, decode
from fpcheck.intake.office.grid import GridCell, Sheet, Workbook
from fpcheck.problem import Place, Problem

DELIMITERS = "\t;,"  # of two that divide equally well the first: the rarer in running text
MOST_CELLS = 200_000
MOST_ROWS = 200_000
END = "\0"  # in no text that was decoded
LOOKED_AT = 200  # records, to find the delimiter
_STATED = re.compile(r"sep=([\t;,])\n")  # a first line that Excel takes for itself
_AS_TEXT = re.compile(r'="([^"]*)"')  # how other programs keep Excel from taking 0012 for a number


def read_delimited(data: bytes, name: str, source: str) -> Workbook:
    """Read a text of rows; each record is a row, also where a cell has several lines. `name` becomes the sheet's.

    Raises:
        Unreadable: no text, no delimiter, too large, a cell that is far too long, or a quote that is never closed.
    """
    text = decode(data, source)
    stated = _STATED.match(text)
    delimiter = stated[1] if stated else delimiter_of(text)
    text = text[stated.end() :] if stated else text
    if not delimiter:
        raise _refusal(source, "这份文本没有用逗号、分号或制表符分列", "请用 WPS 或 Excel 打开，另存为 .xlsx")
    if text.count(delimiter) > MOST_CELLS or text.count("\n") > MOST_ROWS:
        raise _refusal(source, f"表太大（超过 {MOST_CELLS} 格或行）", "请拆成几个小文件")
    sheet = Sheet(name)
    for row, record in enumerate(_records(text, delimiter, source)):
        for column, cell in enumerate(record):
            if cell.strip():
                as_text = _AS_TEXT.fullmatch(cell)
                sheet.cells[row, column] = GridCell(as_text[1] if as_text else cell)
    return Workbook("tsv" if delimiter == "\t" else "csv", [sheet])


def delimiter_of(text: str) -> str | None:
    """Find what divides the rows into cells: what divides at least half of them, most evenly; None where nothing does.

    Of the text the first records are looked at.
    """
    best, found = 0.0, None
    for delimiter in DELIMITERS:
        widths = list(_widths(text, delimiter))
        divided = Counter(width for width in widths if width > 1)
        if divided.total() * 2 >= len(widths) and divided:
            even = divided.most_common(1)[0][1] / len(widths)
            best, found = max((best, found), (even, delimiter), key=lambda one: one[0])
    return found


def _widths(text: str, delimiter: str) -> Iterator[int]:
    """Give the number of cells of the first records that are not blank, up to one with a cell that is far too long."""
    lines = islice(StringIO(text), LOOKED_AT)
    with suppress(csv.Error):
        for record in csv.reader(lines, delimiter=delimiter):
            if any(map(str.strip, record)):
                yield len(record)


def _records(text: str, delimiter: str, source: str) -> Iterator[list[str]]:
    """Divide the text; one line more at its end shows whether a quote that is never closed swallowed the last rows."""
    reader = csv.reader(chain(StringIO(text), [END]), delimiter=delimiter)
    record, begun, line = [END], 1, 0
    try:
        for record in reader:
            if record != [END]:
                begun, line = line + 1, reader.line_num
                yield record
    except csv.Error:
        raise _refusal(source, "有一格太长（超过 13 万字）", "请检查这一格，或引号是否成对", line + 1) from None
    if record != [END]:
        raise _refusal(source, "有一个英文引号没有成对，后面的行都被当成了同一格", "请补上或删去这个引号", begun)


def _refusal(source: str, message: str, hint: str, line: int | None = None) -> Unreadable:
    return Unreadable([Problem(source, message, hint, Place(line=line))])
