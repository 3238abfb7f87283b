"""A blank form as a workbook: official-looking, with drop-downs, ready to print, and its version on the last line."""

import hashlib
import io

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from fpcheck.intake.printed.blank import DAY, PERCENT, YEAR, BlankCell, BlankForm, cells_of, tall_rows
from fpcheck.version import own_version

FONT = "宋体"
TALL, NORMAL = 72, 24  # points
ONE_PAGE = 36  # so many rows are printed on one page
WIDE = 3  # a blank cell over so many columns is for sentences
_A4 = 9
_SAFE = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


def blank_workbook(blank: BlankForm, year: int | None = None) -> bytes:
    """Write a blank form as .xlsx; without a year its place is left open."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, _SAFE) as book:
        _Writer(book, blank, year).write()
    return target.getvalue()


def version_of(blank: BlankForm) -> str:
    """What tells one version of a blank form from another: eight hex digits over all that it prints."""
    return hashlib.sha256(blank.model_dump_json(by_alias=True).encode()).hexdigest()[:8]


class _Writer:
    """Writes one sheet."""

    def __init__(self, book: xlsxwriter.Workbook, blank: BlankForm, year: int | None) -> None:
        self.blank = blank
        self.year = str(year) if year else "　　　　"
        self.sheet: Worksheet = book.add_worksheet(blank.form)
        self.last = len(blank.widths) - 1
        base = {"font_name": FONT, "font_size": 11, "text_wrap": True, "valign": "vcenter"}
        boxed = {**base, "border": 1}
        self.title = book.add_format({**base, "font_size": 16, "bold": True, "align": "center"})
        self.line = book.add_format({**base, "align": "center"})
        self.printed = book.add_format({**boxed, "align": "center"})
        self.text = book.add_format({**boxed, "align": "left"})
        self.value = book.add_format({**boxed, "align": "center"})
        self.percent = book.add_format({**boxed, "align": "center", "num_format": "0.00%"})
        self.day = book.add_format({**boxed, "align": "center", "num_format": "yyyy-mm-dd"})
        self.small = book.add_format({**base, "font_size": 8, "font_color": "#808080"})

    def write(self) -> None:
        """Write everything."""
        for column, width in enumerate(self.blank.widths):
            self.sheet.set_column(column, column, width)
        self.sheet.merge_range(0, 0, 0, self.last, self.blank.title, self.title)
        self.sheet.set_row(0, 32)
        cells = list(cells_of(self.blank))
        tall = tall_rows(self.blank)
        for row in range(1, max(cell.block.bottom for cell in cells) + 1):
            self.sheet.set_row(row, TALL if row in tall else NORMAL)
        for cell in cells:
            self._cell(cell)
        below = max(cell.block.bottom for cell in cells) + 1
        of = f"{self.blank.form}（{'、'.join(self.blank.regions)}）"
        version = f"注：表样 {of}　版本 {version_of(self.blank)}　fpcheck {own_version()}"
        self.sheet.merge_range(below, 0, below, self.last, version, self.small)
        self._print(below)

    def _cell(self, cell: BlankCell) -> None:
        text = cell.text.replace(f"{{{YEAR}}}", self.year)
        shown = "" if cell.slot and cell.slot != YEAR else text
        look = self._look(cell)
        block = cell.block
        if (block.top, block.left) != (block.bottom, block.right):
            self.sheet.merge_range(*block[:4], "", look)
        self.sheet.write_string(block.top, block.left, shown, look) if shown else self.sheet.write_blank(
            block.top, block.left, None, look
        )
        if cell.slot in self.blank.drop_downs:
            rule = {"validate": "list", "source": list(self.blank.drop_downs[cell.slot]), "error_type": "warning"}
            self.sheet.data_validation(block.top, block.left, block.top, block.left, rule)

    def _look(self, cell: BlankCell) -> Format:
        if cell.slot == YEAR:
            return self.line
        if cell.slot in (PERCENT, DAY):
            return self.percent if cell.slot == PERCENT else self.day
        if cell.slot or not cell.text:
            return self.text if cell.block.right - cell.block.left >= WIDE else self.value
        return self.printed

    def _print(self, rows: int) -> None:
        self.sheet.set_paper(_A4)
        if sum(self.blank.widths) > 110:  # noqa: PLR2004 - characters that fit A4 upright
            self.sheet.set_landscape()
        self.sheet.fit_to_pages(1, 0 if rows > ONE_PAGE else 1)
        self.sheet.center_horizontally()
        self.sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
        self.sheet.set_footer("&C第 &P 页，共 &N 页")
