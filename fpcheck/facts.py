"""Submission → typed rows that rules read: what was supplied, and the columns worked out from it."""

from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date
from decimal import Decimal

from fpcheck.dates import first_day, last_day
from fpcheck.quantity import Found, Quantity, attainment, find, parse
from fpcheck.record import BLANK, Cell, Record, State
from fpcheck.submission import Submission
from fpcheck.terms import MISSING, PROJECT, QUANTITIES, Glossary
from fpcheck.value import Month, Value, normal

Row = Mapping[str, Cell]
REQUIRED = "必有"
NAME_TAIL = 2  # characters behind a figure that must match as well before it is taken for part of a name


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


def facts_of(submission: Submission, previous: Submission | None = None) -> Facts:
    """Work out the facts of a submission; `previous` is the same project's submission of the year before."""
    year = _year(submission)
    tables: dict[str, tuple[Row, ...]] = {
        name: tuple(_with_quantities(record.cells, year) if name == "指标" else record.cells for record in rows)
        for name, rows in submission.tables.items()
    }
    if (found := _objective_quantities(submission)) is not None:
        tables[QUANTITIES] = found
    tables[MISSING] = tuple(missing_rows(submission))
    before = previous.project.cells if previous else None
    project = dict(submission.project.cells)
    if submission.project["表种"].state is State.BLANK and submission.form:
        project["表种"] = Cell(State.VALUE, submission.form)
    return Facts(submission.glossary, project, tables, submission, before)


def missing_rows(submission: Submission) -> Iterator[Row]:
    """Find what the form must have and does not: fields left blank, and tables that were not stated."""
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
        if term.forms.get(form) == REQUIRED and record[name].state is State.BLANK:
            shown = f"{owner}第{number}条的{name}" if number else name
            yield _missing_row(shown, owner, name, number)


def _missing_row(shown: str, table: str, name: str | None, number: int | None) -> Row:
    values: dict[str, Value | None] = {"名称": shown, "表名": table, "字段": name, "行号": number}
    return {column: _cell(value) for column, value in values.items()}


def _year(submission: Submission) -> int | None:
    year = submission.project["年度"].value
    return year if isinstance(year, int) and MINYEAR <= year <= MAXYEAR else None


def _with_quantities(row: Row, year: int | None) -> Row:
    """Add 目标.…, 实际.…, 完成率 and 偏离度 to an indicator row; dates without a year are of `year`."""
    name, unit = _text(row, "三级指标"), _text(row, "度量单位")
    sign = _text(row, "指标性质")
    target = _parsed(row, "指标值", name, unit, sign)
    actual = _parsed(row, "实际完成值", name, unit, "")
    columns = {
        **_columns("目标", row.get("指标值", BLANK), target),
        **_columns("实际", row.get("实际完成值", BLANK), actual),
    }
    rate = attainment(target, actual) if target and actual else None
    unread = State.UNREADABLE in (row.get(column, BLANK).state for column in ("指标值", "实际完成值"))
    columns["完成率"] = Cell(State.UNREADABLE) if unread else _cell(rate)
    columns["偏离度"] = Cell(State.UNREADABLE) if unread else _cell(None if rate is None else rate - 1)
    columns["目标.最迟日"] = _dated(columns["目标.日期"], last_day, year)
    columns["实际.完成日"] = _dated(columns["实际.日期"], first_day, _earlier(columns["目标.日期"], year))
    return {**row, **columns}


def _dated(cell: Cell, bound: Callable[[str, int | None], date | None], year: int | None) -> Cell:
    return _cell(bound(cell.value, year)) if isinstance(cell.value, str) else cell


def _earlier(target: Cell, year: int | None) -> int | None:
    """The year of an actual date that names none: the budget year's, or the target's where that is earlier."""
    own = target.value[:4] if isinstance(target.value, str) else ""
    return min(year, int(own)) if year and own.isdigit() else year


def _text(row: Row, name: str) -> str:
    value = row.get(name, BLANK).value
    return value if isinstance(value, str) else ""


def _parsed(row: Row, column: str, name: str, unit: str, sign: str) -> Quantity | None:
    text = _text(row, column)
    if not text:
        return None
    quantity = parse(text, name or None, unit or None)
    if sign and quantity.number is not None and quantity.comparator is None:
        return quantity._replace(comparator=parse(f"{sign}1").comparator)
    return quantity


def _columns(prefix: str, cell: Cell, quantity: Quantity | None) -> dict[str, Cell]:
    if quantity is None:
        state = State.UNREADABLE if cell.state is State.UNREADABLE else State.BLANK
        return {f"{prefix}.{name}": Cell(state) for name in ("数值", "单位", "值类", "比较符", "日期", "可衡量")}
    return {
        f"{prefix}.数值": _cell(figure(quantity)),
        f"{prefix}.单位": _cell(quantity.unit),
        f"{prefix}.值类": _cell(quantity.kind),
        f"{prefix}.比较符": _cell(quantity.comparator),
        f"{prefix}.日期": _cell(quantity.date),
        f"{prefix}.可衡量": _cell(quantity.measurable),
    }


def figure(quantity: Quantity) -> Decimal | None:
    """Give a quantity's number, percentages as ratios."""
    if quantity.number is None or quantity.kind != "percent":
        return quantity.number
    return quantity.number.scaleb(-3 if quantity.unit == "‰" else -2)


def _cell(value: Value | None) -> Cell:
    if value is None:
        return BLANK
    exponent = value.as_tuple().exponent if isinstance(value, Decimal) else None
    return Cell(State.VALUE, value, Decimal(1).scaleb(exponent) if isinstance(exponent, int) else None)


def _objective_quantities(submission: Submission) -> tuple[Row, ...] | None:
    """Find the rows of 目标数量; None when no objective was handed in or one could not be read."""
    sources = submission.glossary.tables[QUANTITIES].derived_from
    cells = [submission.project.cells[name] for name in sources if name in submission.project.cells]
    if not cells or any(cell.state is State.UNREADABLE for cell in cells):
        return None
    return tuple(row for name in sources for row in _quantities_in(name, submission))


def _quantities_in(name: str, submission: Submission) -> Iterator[Row]:
    """Find the quantities of a text; a figure that is part of the project's name (“五个先锋”) is none."""
    text = normal(submission.text(name))
    project = normal(submission.text("项目名称"))
    own = [found for found in find(text) if text[found.start : found.end + NAME_TAIL] not in project]
    for position, found in enumerate(own, 1):
        yield _quantity_row(name, position, found, submission.glossary.units)


def _quantity_row(source: str, position: int, found: Found, units: Mapping[str, int]) -> Row:
    quantity = found.quantity
    yuan = units.get(quantity.unit or "") if quantity.kind == "money" else None
    cents = quantity.number * yuan * 100 if yuan and quantity.number is not None else None
    amount = int(cents) if cents is not None and cents == int(cents) else None
    year = (quantity.date or "")[:4]
    values: dict[str, Value | None] = {
        "出处": source,
        "序号": position,
        "名称": found.name,
        "比较符": quantity.comparator,
        "数值": figure(quantity),
        "单位": quantity.unit,
        "值类": quantity.kind,
        "日期": quantity.date,
        "年份": int(year) if year.isdigit() else None,
        "金额": amount,
    }
    return {name: _cell(value) for name, value in values.items()}
