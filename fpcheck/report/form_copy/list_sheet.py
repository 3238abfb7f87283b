"""The sheet 问题清单: one row a problem, its place a link, room for the unit's reply, ready to print."""

from collections.abc import Callable, Iterator
from math import ceil
from typing import NamedTuple

from fpcheck.intake.office.grid import column_letters
from fpcheck.intake.office.own_list import REPLY, TITLE
from fpcheck.report.form_copy.looks import Looks
from fpcheck.report.form_copy.marks import Entry, Listing
from fpcheck.report.form_copy.markup import cell_text, xml
from fpcheck.report.line import width

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_LINE = 13.5  # points of a line
_HEADER_HEIGHT = 21
_MOST_HEIGHT = 409  # that Excel allows
_TITLE_HEIGHT = 30


class Column(NamedTuple):
    """A column: its name, how wide it is in half Chinese characters, what stands in it."""

    name: str
    width: float
    text: Callable[[Entry], str]


COLUMNS = (
    Column("序号", 5, lambda _: ""),
    Column("级别", 9, lambda entry: entry.level),
    Column("位置", 15, lambda entry: entry.place),
    Column("问题", 42, lambda entry: entry.problem),
    Column("涉及数字", 22, lambda entry: entry.figures),
    Column("依据", 22, lambda entry: entry.basis),
    Column("整改", 30, lambda entry: entry.fix),
    Column("建议", 13, lambda entry: entry.advice),
    Column(REPLY, 14, lambda _: ""),
    Column("规则", 7, lambda entry: entry.rule),
)
LAST = column_letters(len(COLUMNS) - 1)


class Written(NamedTuple):
    """The sheet's part, its header's row and its last row, from 1."""

    data: bytes
    header: int
    last: int


def list_sheet(listing: Listing, looks: Looks, *, links: bool) -> Written:
    """Write the sheet.

    Args:
        listing: what to tell.
        looks: the cell formats of its workbook.
        links: whether the places are in this workbook.
    """
    header = len(listing.heads) + 2
    last = header + len(listing.entries)
    rows = [_spread(1, TITLE, looks.title(), _TITLE_HEIGHT)]
    room = sum(column.width for column in COLUMNS)
    for number, head in enumerate(listing.heads, 2):
        rows.append(_spread(number, head, looks.head(), _LINE * lines_in(head, room) + 4))
    rows.append(_row(header, [_cell(at, header, column.name, looks.header()) for at, column in enumerate(COLUMNS)]))
    for number, entry in enumerate(listing.entries, 1):
        row = header + number
        rows.append(_row(row, list(_entry(number, row, entry, looks, links=links)), _height(entry)))
    merged = "".join(f'<mergeCell ref="A{row}:{LAST}{row}"/>' for row in range(1, header))
    data = _sheet("".join(rows), merged, _links(listing, header) if links else "", header, last)
    return Written(data.encode(), header, last)


def _entry(number: int, row: int, entry: Entry, looks: Looks, *, links: bool) -> Iterator[str]:
    for at, column in enumerate(COLUMNS):
        text = column.text(entry)
        if at == 0:
            yield f'<c r="A{row}" s="{looks.number()}"><v>{number}</v></c>'
        elif text == entry.level and at == 1:
            yield _cell(at, row, text, looks.level(text))
        elif at == 2 and links and entry.cell:  # noqa: PLR2004 - the place
            yield _cell(at, row, text, looks.link())
        else:
            yield _cell(at, row, text, looks.text(text))


def _cell(at: int, row: int, text: str, look: int) -> str:
    place = f'<c r="{column_letters(at)}{row}" s="{look}"'
    if not text:
        return f"{place}/>"
    return f'{place} t="inlineStr"><is><t xml:space="preserve">{cell_text(text)}</t></is></c>'


def _height(entry: Entry) -> float:
    """The height that the longest text of a row needs, in points; programs may fit it anew."""
    lines = (lines_in(column.text(entry), column.width - 1) for column in COLUMNS)
    return min(max(lines) * _LINE + 4, _MOST_HEIGHT)


def lines_in(text: str, room: float) -> int:
    """How many lines a text takes where so many half Chinese characters stand side by side."""
    return sum(max(1, ceil(width(line) / room)) for line in text.split("\n"))


def _row(row: int, cells: list[str], height: float = _HEADER_HEIGHT) -> str:
    return f'<row r="{row}" ht="{height:g}">{"".join(cells)}</row>'


def _spread(row: int, text: str, look: int, height: float) -> str:
    """A row of one text over the whole width."""
    cells = _cell(0, row, text, look)
    return f'<row r="{row}" ht="{height:g}" customHeight="1">{cells}</row>'


def _links(listing: Listing, header: int) -> str:
    found = []
    for row, entry in enumerate(listing.entries, header + 1):
        if entry.sheet and entry.cell:
            to = "'" + entry.sheet.replace("'", "''") + f"'!{entry.cell}"
            found.append(f'<hyperlink ref="C{row}" location="{xml(to)}"/>')
    return f"<hyperlinks>{''.join(found)}</hyperlinks>" if found else ""


def _sheet(rows: str, merged: str, links: str, header: int, last: int) -> str:
    columns = "".join(_column(at, column) for at, column in enumerate(COLUMNS, 1))
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<worksheet xmlns="{MAIN}"><sheetPr><tabColor rgb="FFC00000"/><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<sheetViews><sheetView workbookViewId="0"><pane ySplit="{header}" topLeftCell="A{header + 1}" '
        'activePane="bottomLeft" state="frozen"/><selection pane="bottomLeft"/></sheetView></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="14.4"/><cols>{columns}</cols><sheetData>{rows}</sheetData>'
        f'<autoFilter ref="A{header}:{LAST}{last}"/><mergeCells>{merged}</mergeCells>{links}'
        '<printOptions horizontalCentered="1"/>'
        '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/>'
        "<headerFooter><oddFooter>&amp;C第 &amp;P 页，共 &amp;N 页</oddFooter></headerFooter></worksheet>"
    )


def _column(at: int, column: Column) -> str:
    return f'<col min="{at}" max="{at}" width="{column.width}" customWidth="1"/>'
