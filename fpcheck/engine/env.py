"""Where an expression is read: one row of a table of a submission, or a group of submissions."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from fpcheck.engine.group import Group, Tally
from fpcheck.engine.unknown import BLANK as BLANK_FIELD
from fpcheck.engine.unknown import NOT_STATED, UNREADABLE, Gap, Unknown
from fpcheck.facts import Facts, Row
from fpcheck.record import BLANK, Cell, State
from fpcheck.rulebook import ir
from fpcheck.terms import PROJECT, SUMMARY
from fpcheck.value import Value

Entry = tuple[Facts, Row, int]


class NoParameterError(LookupError):
    """A parameter without a value in force where it is asked for."""


@dataclass(frozen=True, slots=True)
class Env:
    """Where an expression is read: a row of a table of a submission, or of a group of submissions.

    `cache` holds what does not change from row to row, for as long as the rules of one submission are judged.
    """

    facts: Facts
    parameter: Callable[[str], Fraction | str | date | bool]
    table: str = PROJECT
    row: Row | None = None
    number: int | None = None
    outer: "Env | None" = None
    group: Group | None = None
    tally: Tally | None = None
    cache: dict[Any, Any] = field(default_factory=dict)

    def rows(self, table: str) -> list[Entry] | None:
        """Give a child table's rows, None when the table is not stated."""
        district = self.table == SUMMARY and self.group is not None
        key = ("rows", id(self.facts), table, district)
        if key not in self.cache:
            self.cache[key] = self.group.rows(table) if self.group and district else self._own(table)
        return self.cache[key]  # type: ignore[no-any-return]

    def _own(self, table: str) -> list[Entry] | None:
        rows = self.facts.rows(table)
        return None if rows is None else [(self.facts, row, number) for number, row in enumerate(rows, 1)]

    def not_stated(self, table: str) -> Unknown:
        """Give the gap of a table that was not stated; of one worked out from fields, the gaps of those."""
        project = self.facts.submission.project
        states = {name: project[name].state for name in self.facts.glossary.tables[table].derived_from}
        unread = {Gap(name, UNREADABLE) for name, state in states.items() if state is State.UNREADABLE}
        blank = {Gap(name, BLANK_FIELD) for name in states}
        return Unknown(frozenset(unread or blank or {Gap(table, NOT_STATED)}))

    def inner(self, table: str, entry: Entry) -> "Env":
        """Give the environment of one row of a child table."""
        facts, row, number = entry
        return replace(self, facts=facts, table=table, row=row, number=number, outer=self)

    def at(self, scope: ir.Scope) -> "Env":
        """Give the environment of the row that a scope means."""
        if scope is ir.Scope.RULE and self.outer:
            return replace(self.outer)
        if scope is ir.Scope.PROJECT:
            return replace(self, table=PROJECT, row=self.facts.project, number=None, outer=None)
        if scope is ir.Scope.PREVIOUS:
            return replace(self, table=PROJECT, row=self.facts.previous or {}, number=None, outer=None)
        return self

    def cell(self, scope: ir.Scope, name: str) -> Cell:
        """Give the cell of a field, blank where it was not supplied."""
        return (self.at(scope).row or {}).get(name, BLANK)

    def label(self, scope: ir.Scope, name: str) -> str:
        """Name a field for a list of missing values."""
        if scope is ir.Scope.PREVIOUS:
            return f"上年.{name}"
        if scope is not ir.Scope.ROW or self.outer is None:
            return name
        owner = f"{self.facts.submission.text('实施单位')}：" if self.outer.table == SUMMARY else ""
        return f"{owner}{name}" if self.table == PROJECT else f"{owner}{self.table}[{self.number}].{name}"


def exact(value: Value | None) -> Any:  # noqa: ANN401
    """Give numbers as fractions, everything else as it is."""
    return Fraction(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else value
