"""Record: the cells of one row as they were handed in, each with its state and where it stood."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict
from pydantic_core.core_schema import CoreSchema, is_instance_schema

from fpcheck.terms import PROJECT, Glossary, Table
from fpcheck.value import Value


class State(Enum):
    """The three states of a field; blank and unreadable are both missing."""

    VALUE = "value"
    BLANK = "blank"
    UNREADABLE = "unreadable"


class Origin(NamedTuple):
    """Where a value stood and what was written there."""

    file: str = ""
    raw: str = ""
    label: str | None = None
    sheet: str | None = None
    cell: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One field's value; `step` is the last written digit's worth, for rounding as written."""

    state: State = State.BLANK
    value: Value | None = None
    step: Decimal | None = None
    origin: Origin = field(default_factory=Origin)

    @classmethod
    def __get_pydantic_core_schema__(cls, *_: object) -> CoreSchema:
        """A cell is taken as it is: whoever made it has read its value."""
        return is_instance_schema(cls)


BLANK = Cell()


def computed(value: Value | None) -> Cell:
    """Give a worked-out value as a cell; None is blank."""
    if value is None:
        return BLANK
    exponent = value.as_tuple().exponent if isinstance(value, Decimal) else None
    return Cell(State.VALUE, value, Decimal(1).scaleb(exponent) if isinstance(exponent, int) else None)


class Record(BaseModel):
    """One row of one table; `cells` holds what was supplied, by Chinese name."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)
    table: Table
    cells: dict[str, Cell] = {}

    def __getitem__(self, name: str) -> Cell:
        """Give a field's cell by its Chinese or English name; blank where it was not supplied."""
        term = self.table.find(name)
        if term is None:
            raise KeyError(name)
        return self.cells.get(term.name, BLANK)

    def __getattr__(self, name: str) -> Value | None:
        """Give a field's value by its English name."""
        if name.startswith("_") or name in ("table", "cells"):
            raise AttributeError(name)
        try:
            return self[name].value
        except KeyError:
            raise AttributeError(name) from None


def detect_form(glossary: Glossary, project: Mapping[str, Cell], tables: Mapping[str, Any]) -> str:
    """Find the most specific 表种 that carries every field supplied; the one carrying everything otherwise."""
    supplied = [(PROJECT, name) for name in project] + [(table, None) for table in tables]
    for table, rows in tables.items():
        supplied += [(table, name) for name in {name for row in rows for name in row.cells}]

    def carries(form: str) -> bool:
        return all(glossary.carried(form, table, name) for table, name in supplied)

    return next((form for form in glossary.forms_by_size if carries(form)), glossary.forms_by_size[-1])
