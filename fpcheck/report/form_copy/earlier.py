"""What an earlier run left in a workbook: its list, and how the cells that it marked looked before."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from fpcheck.intake.office.grid import Sheet
from fpcheck.report.form_copy.list_sheet import OLD_CELL, OLD_FILL, REPLY, TITLE

MOST_ROWS = 100_000
_PIECE = r'</?\{0\}(?:fill|patternFill|gradientFill|fgColor|bgColor|stop|color)(?: \w+="[\w.-]*")*/?>'
_FILL = re.compile(rf"<\{{0\}}fill>(?:{_PIECE})*</\{{0\}}fill>|<\{{0\}}fill/>")


@dataclass
class Earlier:
    """The last list: its sheet, whether a unit has replied in it, the former fills by sheet and cell."""

    name: str
    replied: bool = False
    fills: dict[str, dict[str, str]] = field(default_factory=dict)

    def of_sheet(self, name: str) -> dict[str, str]:
        """The former fills of a sheet by cell."""
        return self.fills.get(name, {})


def earlier_list(sheets: Iterable[Sheet]) -> Earlier | None:
    """Find the last list among sheets; None where there is none."""
    found = [one for sheet in sheets if (one := _read(sheet))]
    return found[-1] if found else None


def _read(sheet: Sheet) -> Earlier | None:
    if _text(sheet, 0, 0) != TITLE:
        return None
    bottom, right = sheet.extent
    for header in range(1, min(bottom, MOST_ROWS) + 1):
        columns = {_text(sheet, header, column): column for column in range(right + 1)}
        if {REPLY, OLD_CELL, OLD_FILL} <= columns.keys():
            return _read_rows(sheet, header, columns)
    return None


def _read_rows(sheet: Sheet, header: int, columns: dict[str, int]) -> Earlier:
    earlier = Earlier(sheet.name)
    for row in range(header + 1, min(sheet.extent[0], MOST_ROWS) + 1):
        earlier.replied |= bool(_text(sheet, row, columns[REPLY]))
        name, mark, cell = _text(sheet, row, columns[OLD_CELL]).rpartition("!")
        look = _text(sheet, row, columns[OLD_FILL])
        if mark and _FILL.fullmatch(look):
            earlier.fills.setdefault(name, {})[cell] = look
    return earlier


def _text(sheet: Sheet, row: int, column: int) -> str:
    cell = sheet.cells.get((row, column))
    return cell.text.strip() if cell else ""
