"""Labels that nobody knows, each with the part of the form that it is printed in."""

from collections.abc import Iterator, Mapping
from enum import StrEnum

from fpcheck.intake.printed.cross_table import Crossed
from fpcheck.intake.printed.record_table import Records
from fpcheck.intake.printed.view import Seen, View, looks_printed

HEADER = 4  # so many labels side by side, and no figure among them, look like a table's header


class Part(StrEnum):
    """A part of a form, by the key that a supplement gives its labels under."""

    FIELD = "字段"
    COLUMN = "明细表的列"
    FUND_COLUMN = "资金表的列"
    FUND_ROW = "资金表的行"


def unknown_labels(
    view: View, known: Mapping[str, str], records: Records | None, crossed: Crossed | None
) -> list[tuple[Part, Seen]]:
    """The cells that look like labels and were read as nothing, one of each; values inside tables are none."""
    parts: dict[Seen, Part] = {}
    inside = range(0)
    if crossed:
        parts |= dict.fromkeys(crossed.header.unknown, Part.FUND_COLUMN)
        parts |= dict.fromkeys(crossed.odd, Part.FUND_ROW)
    if records:
        parts |= dict.fromkeys(records.header.unknown, Part.COLUMN)
        inside = range(records.header.last + 1, records.last + 1)
    elif likely := _likely_header(view):
        parts |= dict.fromkeys(likely, Part.COLUMN)
        inside = range(likely[0].block.bottom + 1, view.bottom + 1)
    rest = (one for one in view.untold() if one.label and one.label not in known)
    found = (one for one in rest if one in parts or (_is_alone(one) and one.block.top not in inside))
    return [(parts.get(one, Part.FIELD), one) for one in {one.label: one for one in found}.values()]


def _is_alone(one: Seen) -> bool:
    """Whether a cell looks like a label and nothing else: without a value behind a colon."""
    return looks_printed(one) and not any(colon in one.cell.text.rstrip(":： \n") for colon in ":：")


def _likely_header(view: View) -> list[Seen]:
    """The row that looks most like a table's header where none was found; empty where no row does."""
    rows = (list(_labels(view, row)) for row in view.filled_rows(view.top))
    best = max(rows, key=len, default=[])
    return best if len(best) >= HEADER else []


def _labels(view: View, row: int) -> Iterator[Seen]:
    cells = view.starting(row)
    if all(looks_printed(one) and not one.cell.number for one in cells):
        yield from cells
