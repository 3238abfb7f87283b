"""What each row under the header of a record table is: a record, the header again, the total, a line of the project."""

from collections.abc import Callable, Iterable, Mapping
from enum import Enum, auto

from fpcheck.intake.printed.header import SURE, Column, Header
from fpcheck.intake.printed.labels import label_of, near_misses, squeezed
from fpcheck.intake.printed.layout import RecordTable, TotalRow
from fpcheck.intake.printed.view import Seen, View, looks_printed

SHORT, LONG = 3, 5  # a label with a slip: so long where the row names no record, so long where it may


class Kind(Enum):
    """What a row is."""

    RECORD = auto()
    HEADER = auto()
    TOTAL = auto()
    PROJECT = auto()  # figures of the project among the records: 预算执行率
    UNIT = auto()  # the unit that the projects of a list below it belong to
    ODD = auto()  # a line of another kind that nobody knows
    PASSED = auto()
    END = auto()


class RowKinds:
    """Tells what the rows are; `slips` of labels are kept in the header."""

    def __init__(self, view: View, table: RecordTable, header: Header, stops: Mapping[str, str]) -> None:
        self.view = view
        self.table = table
        self.header = header
        self.skipped = {label_of(label) for label in table.skipped}
        self.ends = {label_of(label) for label in table.ends}
        self.totals = {label_of(label) for label in table.total.labels} if table.total else set()
        self.lines = {label_of(label): line for line in table.project_lines for label in line.labels}
        self.stops = {label for label in stops if label not in self.lines}
        self.known = {*stops, *self.skipped, *self.ends, *self.totals, *self.lines}
        self.side = self._side_label()

    def of(self, row: int) -> tuple[Kind, Seen]:
        """What a row is, and the cell that opens it; the row holds something."""
        cells = self._cells(row)
        opening = cells[0]
        if self._is_header(cells):
            return Kind.HEADER, opening
        if _numbers_columns(cells):
            return Kind.PASSED, opening
        if self._is_record(row, opening):
            return Kind.RECORD, opening
        return self._other(row, cells), opening

    def line(self, opening: Seen) -> TotalRow | None:
        """The line of the project that a row is."""
        return self.lines.get(opening.label)

    def is_label(self, one: Seen) -> bool:
        """Whether a cell reads as a label of the form."""
        return one.label in self.known

    def _other(self, row: int, cells: list[Seen]) -> Kind:
        opening = cells[0]
        opened = label_of(squeezed(opening.cell.text).partition(":")[0])
        odd = Kind.ODD if looks_printed(opening) else Kind.PASSED
        tests: tuple[tuple[Kind, Callable[[], bool]], ...] = (
            (Kind.TOTAL, lambda: any(one.label in self.totals for one in cells[:2])),
            (Kind.PROJECT, lambda: opening.label in self.lines),
            (Kind.PASSED, lambda: opening.label in self.skipped),
            (Kind.END, lambda: bool({opening.label, opened} & (self.ends | self.stops))),
            (Kind.TOTAL, lambda: self._is_nearly(row, opening, self.totals)),
            (Kind.END, lambda: self._is_nearly(row, opening, self.ends | self.stops)),
            (Kind.UNIT, lambda: self._names_unit(row, opening)),
            (odd, lambda: self._spans(opening)),
        )
        return next((kind for kind, holds in tests if holds()), Kind.RECORD)

    def _cells(self, row: int) -> list[Seen]:
        """What begins in a row, without the label at the table's side, which stands in every row of some forms."""
        cells = self.view.starting(row)
        if len(cells) > 1 and cells[0].label == self.side and cells[0].block.right < self.header.left:
            return cells[1:]
        return cells

    def _side_label(self) -> str | None:
        """What stands left of the header: 绩效指标."""
        beside = self.header.beside(self.view, self.header.last)
        return beside[-1].label if beside else None

    def _is_header(self, cells: list[Seen]) -> bool:
        printed = {column.label for column in self.header.columns.values()}
        return sum(one.cell.text in printed for one in cells) >= SURE

    def _is_record(self, row: int, opening: Seen) -> bool:
        """Whether a row surely is a record: its subject stands in its own column, and beside it another value.

        Where the subject's own column opens the row, as in a list of communities, it may be a label too.
        """
        column = self._subject
        subject = self.view.at(row, column.left)
        if subject is None or subject.block.top != row:
            return False
        if subject.block.left < column.left or subject.block.right > column.right:
            return False
        if subject is opening and not self.table.filled_down and self.is_label(opening):
            return False
        if subject is not opening and (
            opening.label in self.totals | self.skipped or self._opens_a_line(opening, subject)
        ):
            return False
        own = [c for name, c in self.header.columns.items() if name not in (self.table.required[0], *self._broad)]
        return any(self.view.at(row, one.left) not in (None, subject) for one in own)

    def _opens_a_line(self, opening: Seen, subject: Seen) -> bool:
        """Whether a row is made of labels with their values: 填表人：张三 | 填报日期：…"""
        label, colon, _ = squeezed(opening.cell.text).partition(":")
        return (bool(colon) and label_of(label) in self.known) or (self.is_label(opening) and self.is_label(subject))

    @property
    def _subject(self) -> Column:
        """The column of what each record is about."""
        return self.header.columns[self.table.required[0]]

    @property
    def _broad(self) -> tuple[str, ...]:
        return (*self.table.projects, *self.table.filled_down)

    def _is_nearly(self, row: int, opening: Seen, labels: Iterable[str]) -> bool:
        """Whether a row that names no record opens with one of the labels but for a slip; the slip is kept."""
        if self.is_label(opening):
            return False
        subject = self.view.at(row, self._subject.left)
        bare = subject is None or (subject is opening and self._spans(opening))
        shortest = (SHORT if self._goes_on(row) else SHORT - 1) if bare else LONG
        near = near_misses(opening.label, labels, shortest)
        if near:
            self.header.slips.append((opening, near[0]))
        return bool(near)

    def _goes_on(self, row: int) -> bool:
        """Whether a record may follow below a row."""
        column = self._subject.left
        return any(self.view.at(below, column) is not None for below in range(row + 1, self.view.bottom + 1))

    def _names_unit(self, row: int, opening: Seen) -> bool:
        """Whether a line of a list of projects holds nothing but what stands in the first column: the unit's name."""
        first = next(iter(self.table.projects), None)
        column = self.header.columns.get(first) if first else None
        return column is not None and self.view.row(row) == [opening] and opening.block.left == column.left

    def _spans(self, one: Seen) -> bool:
        """Whether a cell goes through several columns, the subject's among them."""
        columns = [column.left for column in self.header.columns.values()]
        inside = [column for column in columns if one.block.left <= column <= one.block.right]
        return self._subject.left in inside and len(inside) > 1


def _numbers_columns(cells: list[Seen]) -> bool:
    """Whether a row only numbers the columns: 1, 2, 3 …"""
    texts = [one.cell.text for one in cells if one.cell.text.isdecimal()]
    counted = [str(number) for number in range(1, len(texts) + 1)]
    return len(texts) > SURE and len(texts) >= len(cells) - 1 and texts == counted
