"""The rows that an aggregate looked at."""

from collections.abc import Iterator

from fpcheck.engine.env import Entry
from fpcheck.engine.explain.shapes import RowsUsed, RowUsed
from fpcheck.engine.explain.view import View, row_name
from fpcheck.engine.unknown import Truth, Unknown
from fpcheck.rulebook import ir
from fpcheck.terms import PROJECT, SUMMARY

MOST_ROWS = 5


def rows_used(node: ir.Aggregate, view: View) -> RowsUsed | None:
    """List the rows that count, the undecided first; None where the table was not stated."""
    entries = view.env.rows(node.table)
    if entries is None:
        return None
    open_: list[Entry] = []
    kept: list[Entry] = []
    for entry, truth in _judged(node, entries, view):
        if isinstance(truth, Unknown):
            open_.append(entry)
        elif truth:
            kept.append(entry)
    listed = [*open_, *kept][:MOST_ROWS]
    told = tuple(_told(node, entry, view) for entry in listed)
    return RowsUsed(node.table, len(entries), len(kept), len(open_), told)


def _judged(node: ir.Aggregate, entries: list[Entry], view: View) -> Iterator[tuple[Entry, Truth]]:
    for entry in entries:
        row = view.at(view.env.inner(node.table, entry))
        truth: Truth = row.value(node.where) if node.where else True
        if truth is True and node.column:
            value = row.value(node.column)
            truth = value if isinstance(value, Unknown) else True
        yield entry, truth


def _told(node: ir.Aggregate, entry: Entry, view: View) -> RowUsed:
    facts, _, number = entry
    row = view.at(view.env.inner(node.table, entry))
    owner = facts.submission.shown("实施单位") if view.env.table == SUMMARY else ""
    name = row_name(facts, node.table, number)
    return RowUsed(0 if node.table == PROJECT else number, name, _text(node, row), owner)


def _text(node: ir.Aggregate, row: View) -> str:
    truth = row.value(node.where) if node.where else True
    if isinstance(truth, Unknown):
        return f"缺 {'、'.join(str(gap) for gap in sorted(truth.gaps))}"
    return row.told(node.column) if node.column else ""
