"""Submission: one unit's one project in one year, every value with its state and where it stood."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, GetJsonSchemaHandler, model_validator
from pydantic_core import CoreSchema

from fpcheck.problem import Place, Problem
from fpcheck.reading import read_submission
from fpcheck.record import BLANK, Origin, Record, State
from fpcheck.schema import node_of
from fpcheck.terms import PROJECT, Glossary, Table, Type, shipped_glossary
from fpcheck.value import Value


class Submission(BaseModel):
    """One submission. A table that is absent from `tables` was not stated; an empty one was stated as none.

    `Submission.model_validate({...})` takes Chinese or English names; what cannot be read stands in `problems`.
    """

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)
    glossary: Glossary
    project: Record
    tables: dict[str, tuple[Record, ...]] = {}
    money_unit: str | None = None
    source: str = ""
    number: int = 1
    id: str = ""
    form: str = ""
    problems: tuple[Problem, ...] = ()

    def __getattr__(self, name: str) -> Value | None:
        """Give a project field's value by its English name."""
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self.project, name)  # type: ignore[no-any-return]

    @model_validator(mode="before")
    @classmethod
    def _from_names(cls, data: Any) -> Any:  # noqa: ANN401 - whatever a caller hands in
        if isinstance(data, Mapping) and "project" not in data:
            return read_submission(node_of(data), shipped_glossary())
        return data

    @classmethod
    def __get_pydantic_json_schema__(cls, _: CoreSchema, __: GetJsonSchemaHandler) -> dict[str, Any]:
        """Describe what may be handed in: the Chinese names, with the English ones beside them."""
        return json_schema(shipped_glossary())

    @property
    def year(self) -> int | None:
        """The budget year, None when blank or unreadable."""
        year = self.project["年度"].value
        return year if isinstance(year, int) else None

    def text(self, name: str) -> str:
        """Give a project field as it is compared, empty when blank or unreadable."""
        cell = self.project[name]
        return "" if cell.state is not State.VALUE else str(cell.value)

    @property
    def owner(self) -> str:
        """Whose it is: the unit as it was written, else the id."""
        return self.shown("实施单位") or self.id

    def shown(self, name: str) -> str:
        """Give a project field as it was written, on one line; empty when blank or unreadable."""
        cell = self.project[name]
        return "" if cell.state is not State.VALUE else " ".join(cell.origin.raw.split())

    def supplied(self, table: str, name: str | None = None) -> bool:
        """Tell whether a table, or a field in any of its rows, was handed in at all."""
        if table == PROJECT:
            return name is None or name in self.project.cells
        rows = self.tables.get(table)
        return rows is not None and (name is None or any(name in row.cells for row in rows))

    def place(self, table: str, row: int | None, name: str | None) -> Place:
        """Give where a value stands; `row` counts from 1."""
        owner = self.project if table == PROJECT else self._row(table, row)
        origin = (owner.cells.get(name or "") or BLANK).origin if owner else Origin()
        shown = None if table == PROJECT else row
        return Place(table, shown, name, origin.sheet, origin.cell, origin.line)

    def _row(self, table: str, row: int | None) -> Record | None:
        rows = self.tables.get(table, ())
        return rows[row - 1] if row and row <= len(rows) else None


def json_schema(glossary: Glossary) -> dict[str, Any]:
    """Describe a submission in YAML or JSON as JSON Schema, from the glossary."""
    properties = dict(_fields(glossary.project))
    unit = {"enum": list(glossary.units), "description": "没有自带单位的金额用这个单位"}
    properties |= {"金额单位": unit, "money_unit": unit}
    for table in glossary.children.values():
        row = {"type": "object", "properties": dict(_fields(table)), "additionalProperties": False}
        rows = {"type": "array", "items": row}
        rows = {"description": f"{table.meaning}；空列表表示没有", **rows}
        properties |= {table.name: rows, table.identifier: rows}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "预算绩效填报",
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }


_WRITTEN: dict[Type, dict[str, Any]] = {
    Type.MONEY: {"type": ["string", "number", "null"], "examples": ["57.69万元"]},
    Type.RATIO: {"type": ["string", "null"], "examples": ["92.58%"]},
    Type.NUMBER: {"type": ["string", "number", "null"]},
    Type.COUNT: {"type": ["string", "integer", "null"]},
    Type.TEXT: {"type": ["string", "number", "null"]},
    Type.DATE: {"type": ["string", "integer", "null"], "examples": ["2023-12-31"]},
    Type.BOOLEAN: {"type": ["string", "boolean", "integer", "null"], "examples": ["是", "否"]},
    Type.ENUM: {"type": ["string", "null"]},
}


def _fields(table: Table) -> Iterator[tuple[str, dict[str, Any]]]:
    for term in table.fields.values():
        shape = {**_WRITTEN[term.type], "title": term.identifier, "description": term.meaning}
        if term.choices:
            shape = {
                "enum": [*term.choices, *term.spellings, None],
                "title": term.identifier,
                "description": term.meaning,
            }
        yield term.name, shape
        yield term.identifier, shape
