"""A submission with other figures in some cells: how a proposed change is tried before anybody is told of it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from fpcheck.engine.linear import CellRef
from fpcheck.facts import Facts, Row, missing_rows
from fpcheck.record import BLANK, Cell, Record, State
from fpcheck.submission import Submission
from fpcheck.terms import MISSING, PROJECT, Table, Type
from fpcheck.value import Value

Cells = dict[str, Cell]
_Place = tuple[str, int | None]


def changed(facts: Facts, values: Mapping[CellRef, Fraction]) -> Facts:
    """Give the facts of the same submission with these cells holding these figures.

    Columns worked out from other cells stay: they come from texts, which no figure changes.

    Args:
        facts: the submission as it is.
        values: money in whole 分, ratios as fractions of one, dates as day numbers.

    Raises:
        ValueError: a figure that its field cannot hold, such as half a 分.
    """
    cells: dict[_Place, Cells] = {}
    filled = False
    for ref, figure in values.items():
        before = cell_of(facts, ref)
        filled |= before.state is State.BLANK
        table = facts.glossary.tables[ref.table]
        cells.setdefault((ref.table, ref.row), {})[ref.field] = _cell(before, table, ref.field, figure)
    submission = _submission(facts.submission, cells)
    tables = {name: _rows(rows, name, cells) for name, rows in facts.tables.items()}
    if filled:
        tables[MISSING] = tuple(missing_rows(submission))
    project = {**facts.project, **cells.get((PROJECT, None), {})}
    return replace(facts, project=project, tables=tables, submission=submission)


def cell_of(facts: Facts, ref: CellRef) -> Cell:
    """Give a cell as it was handed in, blank where it was not."""
    rows = facts.rows(ref.table) or ()
    row = facts.project if ref.table == PROJECT else rows[(ref.row or 0) - 1]
    return row.get(ref.field, BLANK)


def _rows(rows: tuple[Row, ...], table: str, cells: Mapping[_Place, Cells]) -> tuple[Row, ...]:
    mine = {number: new for (name, number), new in cells.items() if name == table and number}
    if not mine:
        return rows
    copied = list(rows)
    for number, new in mine.items():
        copied[number - 1] = {**copied[number - 1], **new}
    return tuple(copied)


def _submission(submission: Submission, cells: Mapping[_Place, Cells]) -> Submission:
    tables = dict(submission.tables)
    project = submission.project
    for (table, number), new in cells.items():
        if number is None:
            project = _record(project, new)
        else:
            records = list(tables[table])
            records[number - 1] = _record(records[number - 1], new)
            tables[table] = tuple(records)
    return submission.model_copy(update={"project": project, "tables": tables})


def _record(record: Record, new: Cells) -> Record:
    return record.model_copy(update={"cells": {**record.cells, **new}})


def _cell(before: Cell, table: Table, name: str, figure: Fraction) -> Cell:
    value = held(table, name, figure)
    return replace(before, state=State.VALUE, value=value, step=_step(before.step, value, table.columns[name].type))


_COARSEST = {Type.MONEY: Decimal(1), Type.COUNT: Decimal(1), Type.NUMBER: Decimal(1), Type.RATIO: Decimal("0.01")}


def _step(before: Decimal | None, value: Value, kind: Type) -> Decimal | None:
    """Give the worth of the last digit: the one written before, or a finer one where the new figure needs it."""
    if not isinstance(value, int | Decimal) or (before and Fraction(value) % Fraction(before) == 0):
        return before
    exponent = Decimal(value).normalize().as_tuple().exponent
    return min(_COARSEST[kind], Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0))


def held(table: Table, name: str, figure: Fraction) -> Value:
    """Give a figure as its field holds it.

    Raises:
        ValueError: the field cannot hold it.
    """
    kind = table.columns[name].type
    if kind in (Type.MONEY, Type.COUNT, Type.DATE):
        if figure.denominator != 1 or figure < 0 or (kind is Type.DATE and not 1 <= figure <= date.max.toordinal()):
            raise ValueError(f"{name}: {figure}")
        whole = figure.numerator
        return date.fromordinal(whole) if kind is Type.DATE else whole
    if figure < 0 or not _decimal(figure):
        raise ValueError(f"{name}: {figure}")
    return Decimal(figure.numerator) / Decimal(figure.denominator)


def _decimal(figure: Fraction) -> bool:
    """Tell whether a fraction can be written as a decimal."""
    rest = figure.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return rest == 1


def stated(cell: Cell) -> Fraction | None:
    """Give the figure that a cell holds, None for anything else."""
    match cell.value:
        case bool():
            return None
        case int() | Decimal() | Fraction():
            return Fraction(cell.value)
        case date():
            return Fraction(cell.value.toordinal())
    return None
