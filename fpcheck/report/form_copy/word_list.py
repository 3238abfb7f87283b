"""The list of problems at the end of a Word file: a new page, a heading, a table; marked so that it can be replaced."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from fpcheck.intake.office.own_list import REPLY, TITLE, WORD_TAG
from fpcheck.report.form_copy.marks import LIST, Entry, Listing, colour_of
from fpcheck.report.form_copy.markup import plain, xml

_BORDER = '<{0}:{1} {0}:val="single" {0}:sz="4" {0}:space="0" {0}:color="BFBFBF"/>'
_GAP = 60  # between a border and its text, in twentieths of a point
_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")


class Column(NamedTuple):
    """A column: its name, its share of the width, and what stands in it."""

    name: str
    share: int
    text: Callable[[Entry], str]


COLUMNS = (
    Column("序号", 6, lambda _: ""),
    Column("级别", 8, lambda entry: entry.level),
    Column("位置", 12, lambda entry: entry.place),
    Column("问题", 30, lambda entry: "\n".join(text for text in (entry.problem, entry.figures) if text)),
    Column("依据", 17, lambda entry: entry.basis),
    Column("整改、建议", 22, lambda entry: "\n".join(text for text in (entry.fix, entry.advice) if text)),
    Column(REPLY, 12, lambda _: ""),
    Column("规则", 10, lambda entry: entry.rule),
)
REPLY_AT = [column.name for column in COLUMNS].index(REPLY)


def word_list(listing: Listing, prefix: str, width: int) -> str:
    """Write the list as XML; names with `prefix`, `width` of the text in twentieths of a point."""
    return _Writer(prefix, width).write(listing)


class _Writer:
    def __init__(self, prefix: str, width: int) -> None:
        self._w = prefix
        total = sum(column.share for column in COLUMNS)
        self._widths = [width * column.share // total for column in COLUMNS]

    def write(self, listing: Listing) -> str:
        w = self._w
        about = f'<{w}:sdtPr><{w}:alias {w}:val="{LIST}"/><{w}:tag {w}:val="{WORD_TAG}"/></{w}:sdtPr>'
        title = self._paragraph(TITLE, size=32, bold=True, more=f"<{w}:pageBreakBefore/>", across="center")
        heads = "".join(self._paragraph(head, size=21) for head in listing.heads)
        first = f"<{w}:p/>"  # LibreOffice loses the looks of the first paragraph of a block
        inside = first + title + heads + self._table(listing) + f"<{w}:p/>"
        return f"<{w}:sdt>{about}<{w}:sdtContent>{inside}</{w}:sdtContent></{w}:sdt>"

    def _table(self, listing: Listing) -> str:
        w = self._w
        borders = "".join(_BORDER.format(w, side) for side in _SIDES)
        look = (
            f'<{w}:tblPr><{w}:tblW {w}:w="{sum(self._widths)}" {w}:type="dxa"/>'
            f'<{w}:tblBorders>{borders}</{w}:tblBorders><{w}:tblLayout {w}:type="fixed"/>'
            f'<{w}:tblCellMar><{w}:left {w}:w="{_GAP}" {w}:type="dxa"/>'
            f'<{w}:right {w}:w="{_GAP}" {w}:type="dxa"/></{w}:tblCellMar>'
            f"</{w}:tblPr>"
        )
        grid = "".join(f'<{w}:gridCol {w}:w="{width}"/>' for width in self._widths)
        header = self._row([(column.name, "D9E1F2") for column in COLUMNS], header=True)
        rows = (self._row(list(self._cells(number, entry))) for number, entry in enumerate(listing.entries, 1))
        return f"<{w}:tbl>{look}<{w}:tblGrid>{grid}</{w}:tblGrid>{header}{''.join(rows)}</{w}:tbl>"

    @staticmethod
    def _cells(number: int, entry: Entry) -> Iterator[tuple[str, str]]:
        for at, column in enumerate(COLUMNS):
            colour = colour_of(entry.level) if at == 1 else ""
            yield column.text(entry) if at else str(number), colour

    def _row(self, cells: list[tuple[str, str]], *, header: bool = False) -> str:
        w = self._w
        repeated = f"<{w}:tblHeader/>" if header else ""
        inside = ""
        for (text, colour), width in zip(cells, self._widths, strict=True):
            shade = f'<{w}:shd {w}:val="clear" {w}:color="auto" {w}:fill="{colour}"/>' if colour else ""
            look = f'<{w}:tcPr><{w}:tcW {w}:w="{width}" {w}:type="dxa"/>{shade}</{w}:tcPr>'
            inside += f"<{w}:tc>{look}{self._lines(text, bold=header)}</{w}:tc>"
        return f"<{w}:tr><{w}:trPr><{w}:cantSplit/>{repeated}</{w}:trPr>{inside}</{w}:tr>"

    def _lines(self, text: str, *, bold: bool) -> str:
        across = "center" if bold else "left"
        return "".join(self._paragraph(line, size=18, bold=bold, across=across) for line in plain(text).split("\n"))

    def _paragraph(self, text: str, *, size: int, bold: bool = False, more: str = "", across: str = "left") -> str:
        w = self._w
        look = (
            f'<{w}:pPr>{more}<{w}:spacing {w}:before="0" {w}:after="0" {w}:line="240" {w}:lineRule="auto"/>'
            f'<{w}:ind {w}:left="0" {w}:firstLine="0"/><{w}:jc {w}:val="{across}"/></{w}:pPr>'
        )
        font = f'<{w}:rFonts {w}:ascii="宋体" {w}:hAnsi="宋体" {w}:eastAsia="宋体"/>{f"<{w}:b/>" if bold else ""}'
        said = f'<{w}:t xml:space="preserve">{xml(plain(text))}</{w}:t>'
        run = f'<{w}:r><{w}:rPr>{font}<{w}:sz {w}:val="{size}"/></{w}:rPr>{said}</{w}:r>'
        return f"<{w}:p>{look}{run}</{w}:p>"
