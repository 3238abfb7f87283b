"""Cross tables: what stands where a row's label and a column's label meet (资金来源 × 预算数、执行数)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from fpcheck.document import Mapping as MappingNode
from fpcheck.document import Scalar, Sequence
from fpcheck.intake.printed.header import Header, expect, find_header
from fpcheck.intake.printed.labels import label_of, near_miss, spelled
from fpcheck.intake.printed.layout import CrossTable, Labels, joined
from fpcheck.intake.printed.view import Seen, View


@dataclass
class Crossed:
    """What a cross table held: the figures of its total line, by project field, and its parts."""

    header: Header
    totals: dict[str, Scalar] = field(default_factory=dict)
    parts: Sequence | None = None
    slips: list[tuple[Seen, str]] = field(default_factory=list)
    odd: list[Seen] = field(default_factory=list)  # row labels that nobody knows


def read_crossed(
    view: View, table: CrossTable, money: Labels, totals: Labels, stops: Mapping[str, str]
) -> Crossed | None:
    """Read the table; None where its header is not found.

    Args:
        view: the form.
        table: how the table is laid out.
        money: the labels of the columns that every line has.
        totals: the labels of those that only the total line has.
        stops: labels of other parts of the form.
    """
    header = find_header(view, expect(joined(money, totals), stops), (), money)
    return _Lines(view, table, header, stops).read() if header else None


class _Lines:
    """Goes down the lines under the header."""

    def __init__(self, view: View, table: CrossTable, header: Header, stops: Mapping[str, str]) -> None:
        self.view = view
        self.table = table
        self.header = header
        self.stops = stops
        self.totals = {label_of(label) for label in table.totals}
        self.parts = spelled(table.part_labels)
        self.below_parts = {label_of(label) for label in table.below_parts}
        self.money = [column for name, column in header.columns.items() if name in table.columns]
        beside = header.beside(view, header.last)
        self.side = {one.label for one in beside}  # what stands at the table's side, in some forms in every row
        self.crossed = Crossed(header, slips=list(header.slips))

    def read(self) -> Crossed:
        """Read the lines until one that belongs to another part of the form."""
        rows = [self._line(label, row) for label, row in self._lines()]
        parts = [part for part in rows if part is not None]
        self.crossed.parts = Sequence([*parts]) if parts else None
        return self.crossed

    def _lines(self) -> Iterator[tuple[Seen, int]]:
        for row in self.view.filled_rows(self.header.last + 1):
            label = next(reversed(self.header.beside(self.view, row)), None)
            if self._stops(row):
                return
            if label is None or label.block.top <= self.header.last:
                if self._figures(row):
                    self.crossed.odd.append(self._figures(row)[0])
                continue
            yield label, row

    def _stops(self, row: int) -> bool:
        known = self.totals | self.parts.keys() | self.below_parts | self.side
        return any(one.label in self.stops and one.label not in known for one in self.view.starting(row))

    def _figures(self, row: int) -> list[Seen]:
        cells = (self.view.at(row, column.left) for column in self.money)
        return [one for one in cells if one is not None]

    def _line(self, label: Seen, row: int) -> MappingNode | None:
        name = self._meant(label, row)
        if name == "":
            self._total(row)
        elif name is not None:
            return self._part(name, label, row)
        return None

    def _meant(self, label: Seen, row: int) -> str | None:
        """What a row is: empty for the total line, a source of money, or None for what is to be passed over."""
        known = {**dict.fromkeys(self.totals, ""), **self.parts}
        if label.label in self.below_parts:
            self.view.tell_label(label, "分项的分项")
            return None
        if label.label not in known:
            near = near_miss(label.label, {one: meant or "合计行" for one, meant in known.items()})
            if near is None:
                self.crossed.odd += [label] if self._figures(row) else []
                return None
            self.crossed.slips.append((label, near))
            label = label._replace(label=near)
        self.view.tell_label(label, known[label.label] or "合计行")
        return known[label.label]

    def _total(self, row: int) -> None:
        for name, column in self.header.columns.items():
            value = self.view.value(row, column.left, column.label, name, column.unit)
            if self.crossed.totals.get(name, Scalar(None)).text is None:
                self.crossed.totals[name] = value

    def _part(self, name: str, label: Seen, row: int) -> MappingNode | None:
        columns = {key: column for key, column in self.header.columns.items() if key in self.table.columns}
        entries = {
            key: self.view.value(row, column.left, column.label, key, column.unit) for key, column in columns.items()
        }
        if all(value.text is None for value in entries.values()):
            return None
        anchor = label.block
        source = self.view.value(anchor.top, anchor.left, label.cell.text, self.table.row_name)
        self.view.tell_label(label, self.table.row_name)
        return MappingNode({self.table.row_name: source._replace(text=name), **entries}, {})
