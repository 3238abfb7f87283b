"""Column headers: which column of a table holds which field, over one or two printed rows."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from fpcheck.intake.office.grid import Block
from fpcheck.intake.printed.labels import label_of, near_miss, spelled, unit_of
from fpcheck.intake.printed.layout import Labels
from fpcheck.intake.printed.view import Seen, View

SURE = 2  # so many labels read exactly make a row a header; then one with a slip may be taken for what it is near
_FIGURE = re.compile(r"[\d,]+(?:\.\d+)?%?")
SHORTEST = 2  # among columns of a header, labels of two characters are told by the one that is right


class Column(NamedTuple):
    """A column of a table: where it is, the label as printed, and the unit that the label gives its figures."""

    left: int
    right: int
    label: str
    unit: str


@dataclass
class Header:
    """The columns by field; `last` is the header's last row. `slips` are labels read in spite of a slip."""

    last: int
    columns: dict[str, Column] = field(default_factory=dict)
    slips: list[tuple[Seen, str]] = field(default_factory=list)
    unknown: list[Seen] = field(default_factory=list)
    right: int = -1  # the last column that the header's rows reach

    @property
    def left(self) -> int:
        """The table's first column."""
        return min(column.left for column in self.columns.values())

    def beside(self, view: View, row: int) -> list[Seen]:
        """What stands in a row left of the table."""
        left = self.left
        return [one for one in view.row(row) if one.block.right < left]


class Expected(NamedTuple):
    """What a header may say: the field of each label, how good the label is for it, and labels of the rest of the form.

    None of the `others` is a column's label with a slip.
    """

    fields: Mapping[str, str]
    ranks: Mapping[str, int]
    others: Collection[str]


def expect(labels: Labels, others: Collection[str]) -> Expected:
    """Make ready to look for a header with some of the labels."""
    ranks = {label_of(label): rank for names in labels.values() for rank, label in reversed(list(enumerate(names)))}
    return Expected(spelled(labels), ranks, others)


def find_header(view: View, expected: Expected, required: Iterable[str], some: Collection[str] = ()) -> Header | None:
    """The first row, with the row below it where that belongs to it, that names the columns.

    Every `required` column has to be there, and any of `some` where these are given.
    """
    needed = set(required)
    for row in view.filled_rows(view.top):
        header = header_at(view, expected, row, some)
        if header and needed <= header.columns.keys():
            _tell(view, header)
            return header
    return None


def header_at(view: View, expected: Expected, row: int, some: Collection[str] = ()) -> Header | None:
    """The header that a row, with the row below it where that belongs to it, is; None where it is none."""
    fields = expected.fields
    known = [fields[one.label] for one in view.row(row) if one.label in fields]
    if len(set(known)) < SURE or (some and not {*known} & {*some}) or _has_figures(_up_to(view.row(row), fields)):
        return None
    below = _second(view, row, fields)
    return _read(view, expected, [row] if below is None else [row, below])


def _second(view: View, row: int, fields: Mapping[str, str]) -> int | None:
    """The row below a header row that goes on with it: it names columns, and nothing else stands in it."""
    last = max((one.block.bottom for one in view.starting(row)), default=row)
    for below in range(row + 1, min(max(last, row + 2), view.bottom) + 1):
        cells = view.starting(below)
        known = [one for one in cells if one.label in fields]
        groups = {_above(view, row, one) for one in known}
        if known and not _has_figures(cells) and all(one in known or _above(view, row, one) in groups for one in cells):
            return below
        if cells:
            return None
    return None


def _above(view: View, row: int, one: Seen) -> Block | None:
    """What a cell of the second row stands under: the cell above it, or the last one left of there."""
    columns = range(one.block.left, -1, -1)
    return next((above.block for column in columns if (above := view.at(row, column))), None)


def _up_to(cells: list[Seen], fields: Mapping[str, str]) -> list[Seen]:
    """The cells of a row up to its last label: what stands further right may be a remark beside the form."""
    last = max(one.block.right for one in cells if one.label in fields)
    return [one for one in cells if one.block.left <= last]


def _has_figures(cells: list[Seen]) -> bool:
    """Whether a row holds figures: then it is no header."""
    return any(one.cell.number or _FIGURE.fullmatch(one.cell.text) for one in cells)


def _read(view: View, expected: Expected, rows: list[int]) -> Header:
    """Read one or two header rows; a label of the lower row counts for its columns before the one above it."""
    header = Header(max(rows))
    deepest: dict[int, tuple[Seen, str]] = {}
    for row in rows:
        for one, name in _named(view.row(row), expected, header):
            for column in range(one.block.left, one.block.right + 1):
                if one.block.top == row or column not in deepest:
                    deepest[column] = (one, name)
    header.right = max(one.block.right for row in rows for one in view.row(row))
    header.unknown = list(dict.fromkeys(one for one, name in deepest.values() if not name))
    ranks = expected.ranks
    _take(header, deepest, {**ranks, **{one.label: ranks[near] for one, near in header.slips}})
    header.slips = [(one, near) for one, near in header.slips if expected.fields[near] in header.columns]
    return header


def _named(cells: list[Seen], expected: Expected, header: Header) -> list[tuple[Seen, str]]:
    """Which field each cell of a header row names; empty for none. Where enough are sure, one with a slip counts."""
    fields = expected.fields
    present = {fields[one.label] for one in cells if one.label in fields}
    absent = {label: name for label, name in fields.items() if name not in present} if len(present) >= SURE else {}
    named = []
    for one in cells:
        near = None if one.label in fields or one.label in expected.others else near_miss(one.label, absent, SHORTEST)
        header.slips += [(one, near)] if near else []
        named.append((one, fields.get(near or one.label, "")))
    return named


def _take(header: Header, deepest: Mapping[int, tuple[Seen, str]], ranks: Mapping[str, int]) -> None:
    """Give each field its columns: of two places the lower one, then the one with the better label, then the later."""
    taken: dict[str, tuple[int, int]] = {}
    for column in sorted(deepest):
        one, name = deepest[column]
        rank, known = (-one.block.bottom, ranks.get(one.label, 0)), header.columns.get(name)
        if known and known.right == column - 1 and known.left >= one.block.left:
            header.columns[name] = known._replace(right=column)
        elif name and (known is None or rank <= taken[name]):
            header.columns[name] = Column(column, column, one.cell.text, unit_of(one.cell.text) or "")
            taken[name] = rank


def _tell(view: View, header: Header) -> None:
    for name, column in header.columns.items():
        for row in range(view.top, header.last + 1):
            one = view.at(row, column.left)
            if one and one.cell.text == column.label:
                view.tell_label(one, name)
