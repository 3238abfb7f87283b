"""What an earlier run left in a workbook: its lists, of which a unit may have replied in the last."""

from collections.abc import Iterable
from dataclasses import dataclass

from fpcheck.intake.office.grid import Sheet
from fpcheck.intake.office.own_list import REPLY, list_rows


@dataclass(frozen=True)
class Earlier:
    """The lists of earlier runs by their sheets, and the one to be replaced: the last, unless a unit replied in it."""

    names: frozenset[str] = frozenset()
    replaced: str | None = None


def earlier_lists(sheets: Iterable[Sheet]) -> Earlier:
    """Find the lists among sheets."""
    found = [(sheet, rows[1]) for sheet in sheets if (rows := list_rows(sheet))]
    names = frozenset(sheet.name for sheet, _ in found)
    return Earlier(names, None if not found or _replied(*found[-1]) else found[-1][0].name)


def _replied(sheet: Sheet, header: int) -> bool:
    columns = {column for (row, column), cell in sheet.cells.items() if row == header and cell.text.strip() == REPLY}
    return any(row > header and column in columns and cell.text.strip() for (row, column), cell in sheet.cells.items())
