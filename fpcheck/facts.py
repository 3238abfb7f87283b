"""Submission → typed rows that rules read: what was supplied, and the columns worked out from it."""

from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date

from fpcheck.dates import first_day, last_day
from fpcheck.objectives import objective_tables
from fpcheck.quantity import Quantity, attainment, named_comparator, parse
from fpcheck.record import BLANK, Cell, Record, State, computed
from fpcheck.submission import Submission
from fpcheck.terms import MISSING, PROJECT, Glossary
from fpcheck.value import Month, Value, normal
from fpcheck.wording import Wording

Row = Mapping[str, Cell]
REQUIRED, WHERE_PRINTED = "必有", "有栏要填"
_COLUMNS = {
    "数值": "figure",
    "单位": "unit",
    "值类": "kind",
    "比较符": "comparator",
    "日期": "date",
    "可衡量": "measurable",
    "变化": "change",
    "每": "per",
}


@dataclass(frozen=True)
class Facts:
    """The rows of one submission. A table that is absent was not stated; an empty one was stated as none."""

    glossary: Glossary
    project: Row
    tables: Mapping[str, tuple[Row, ...]]
    submission: Submission
    previous: Row | None = None

    def rows(self, table: str) -> tuple[Row, ...] | None:
        """Give a table's rows, None when it is not stated."""
        return (self.project,) if table == PROJECT else self.tables.get(table)

    def reference_date(self, as_of: date | None) -> date | None:
        """Give the day rules and parameters are chosen by: as-of, else 截止日期, else the last day of 年度."""
        if as_of:
            return as_of
        cutoff = self.project.get("截止日期", BLANK).value
        if isinstance(cutoff, Month):
            return date(cutoff.year, cutoff.month, monthrange(cutoff.year, cutoff.month)[1])
        year = self.project.get("年度", BLANK).value
        if isinstance(cutoff, date):
            return cutoff
        return date(year, 12, 31) if isinstance(year, int) else None


def facts_of(submission: Submission, previous: Submission | None = None, wording: Wording | None = None) -> Facts:
    """Work out the facts of a submission.

    Args:
        submission: what was handed in.
        previous: the same project's submission of the year before.
        wording: the word lists by which 可衡量 is judged; those of the shipped rules when None.
    """
    year, units = _year(submission), submission.glossary.units
    tables: dict[str, tuple[Row, ...]] = {
        name: tuple(
            _with_quantities(record.cells, year, wording, units) if name == "指标" else record.cells for record in rows
        )
        for name, rows in submission.tables.items()
    }
    tables |= objective_tables(submission)
    tables[MISSING] = tuple(missing_rows(submission))
    before = previous.project.cells if previous else None
    project = dict(submission.project.cells)
    if submission.project["表种"].state is State.BLANK and submission.form:
        project["表种"] = Cell(State.VALUE, submission.form)
    return Facts(submission.glossary, project, tables, submission, before)


def missing_rows(submission: Submission) -> Iterator[Row]:
    """Find what the form must have and does not: fields left blank, and tables that were not stated.

    A field that is 有栏要填 is missing only where the form in hand has its box.
    """
    glossary, form = submission.glossary, submission.form
    yield from _missing_fields(submission.project, form, None)
    for table in glossary.children.values():
        rows = submission.tables.get(table.name)
        if rows is None and table.forms.get(form) == REQUIRED:
            yield _missing_row(f"“{table.name}”这张表", table.name, None, None)
        for number, record in enumerate(rows or (), 1):
            yield from _missing_fields(record, form, number)


def _missing_fields(record: Record, form: str, number: int | None) -> Iterator[Row]:
    owner = record.table.name
    for name, term in record.table.fields.items():
        needed = term.forms.get(form)
        asked = needed == REQUIRED or (needed == WHERE_PRINTED and name in record.cells)
        if asked and record[name].state is State.BLANK:
            shown = f"{owner}第{number}条的{name}" if number else name
            yield _missing_row(shown, owner, name, number)


def _missing_row(shown: str, table: str, name: str | None, number: int | None) -> Row:
    values: dict[str, Value | None] = {"名称": shown, "表名": table, "字段": name, "行号": number}
    return {column: computed(value) for column, value in values.items()}


def _year(submission: Submission) -> int | None:
    year = submission.project["年度"].value
    return year if isinstance(year, int) and MINYEAR <= year <= MAXYEAR else None


def _with_quantities(row: Row, year: int | None, wording: Wording | None, units: Mapping[str, int]) -> Row:
    """Add 目标.…, 实际.…, 完成率 and 偏离度 to an indicator row; dates without a year are of `year`.

    `units` are those of money, with how many 元 each is.
    """
    name, unit = _text(row, "三级指标"), _text(row, "度量单位")
    sign = _text(row, "指标性质")
    target, actual = (_parsed(row, column, name, unit, wording) for column in ("指标值", "实际完成值"))
    if target and sign and target.number is not None and target.comparator is None:
        target = target._replace(comparator=named_comparator(sign))
    columns = {
        **_columns("目标", row.get("指标值", BLANK), target, units),
        **_columns("实际", row.get("实际完成值", BLANK), actual, units),
    }
    rate = attainment(target, actual) if target and actual else None
    unread = State.UNREADABLE in (row.get(column, BLANK).state for column in ("指标值", "实际完成值"))
    columns["完成率"] = Cell(State.UNREADABLE) if unread else computed(rate)
    columns["偏离度"] = Cell(State.UNREADABLE) if unread else computed(None if rate is None else rate - 1)
    columns["目标.最迟日"] = _dated(columns["目标.日期"], last_day, year)
    columns["实际.完成日"] = _dated(columns["实际.日期"], first_day, _earlier(columns["目标.日期"], year))
    return {**row, **columns}


def _dated(cell: Cell, bound: Callable[[str, int | None], date | None], year: int | None) -> Cell:
    return computed(bound(cell.value, year)) if isinstance(cell.value, str) else cell


def _earlier(target: Cell, year: int | None) -> int | None:
    """The year of an actual date that names none: the budget year's, or the target's where that is earlier."""
    own = target.value[:4] if isinstance(target.value, str) else ""
    return min(year, int(own)) if year and own.isdigit() else year


def _text(row: Row, name: str) -> str:
    value = row.get(name, BLANK).value
    return value if isinstance(value, str) else ""


def _as_written(row: Row, name: str) -> str:
    """Give a text for the parser as it was written: made normal, ⑤ would be a figure and two lines might be one."""
    text, raw = _text(row, name), row.get(name, BLANK).origin.raw
    return raw if normal(raw) == text else text


def _parsed(row: Row, column: str, name: str, unit: str, wording: Wording | None) -> Quantity | None:
    text = _as_written(row, column)
    return parse(text, name or None, unit or None, wording) if text else None


def _columns(prefix: str, cell: Cell, quantity: Quantity | None, units: Mapping[str, int]) -> dict[str, Cell]:
    if quantity is None:
        state = State.UNREADABLE if cell.state is State.UNREADABLE else State.BLANK
        return {f"{prefix}.{name}": Cell(state) for name in (*_COLUMNS, "金额")}
    columns = {f"{prefix}.{name}": computed(getattr(quantity, attribute)) for name, attribute in _COLUMNS.items()}
    return {**columns, f"{prefix}.金额": computed(quantity.cents(units))}
