"""Nodes with Chinese or English names → the parts of a submission. What cannot be read becomes a problem."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from fpcheck.document import Mapping, Node, Scalar, Sequence
from fpcheck.problem import Place, Problem, did_you_mean, short
from fpcheck.record import Cell, Origin, Record, State, detect_form
from fpcheck.terms import PROJECT, Glossary, Table, Term
from fpcheck.value import UNREADABLE_UNIT, Unfit, normal, read_value

UNIT_NAMES = ("金额单位", "money_unit")
MAX_ROWS = 100_000
MAX_PROBLEMS = 500
_ONE_A_LINE = "如“项目名称: …”，一行写一个"


def known_names(glossary: Glossary) -> list[str]:
    """List every key that may stand at the top of a submission."""
    return [*glossary.names, *UNIT_NAMES]


def every_name(glossary: Glossary) -> frozenset[str]:
    """Give every key that may stand anywhere in a submission."""
    rows = (key for table in glossary.children.values() for key in table.fields)
    return frozenset((*known_names(glossary), *rows))


def looks_like_submission(node: Node, glossary: Glossary) -> bool:
    """Tell a submission from any other YAML or JSON: it has at least one name of the glossary."""
    return isinstance(node, Mapping) and any(name in set(known_names(glossary)) for name in node.entries)


def read_submission(
    node: Node, glossary: Glossary, source: str = "", number: int = 1, default_unit: str | None = None
) -> dict[str, Any]:
    """Read one submission.

    Args:
        node: a mapping of fields and tables.
        glossary: names and types.
        source: the file as the user named it.
        number: which submission of the file it is, from 1.
        default_unit: the money unit when the form states none.

    Returns:
        The fields of a `Submission`; `problems` holds what could not be read.
    """
    reader = _Reader(glossary, source)
    entries = reader.top(node)
    unit = reader.money_unit(entries, default_unit)
    project = reader.record(glossary.project, entries, None, unit)
    tables = {
        table.name: reader.rows(table, entries.entries[name], unit) for name, table in reader.tables(entries).items()
    }
    stated = {name: rows for name, rows in tables.items() if rows is not None}
    form = project["表种"].value if "表种" in project.cells else None
    return {
        "glossary": glossary,
        "project": project,
        "tables": stated,
        "money_unit": None if unit == UNREADABLE_UNIT else unit,
        "source": source,
        "number": number,
        "form": str(form) if form else detect_form(glossary, project.cells, stated),
        "problems": reader.told(),
    }


def unknown_names(node: Node, glossary: Glossary, source: str) -> list[Problem]:
    """Tell what in a submission is no form, or no field of one, whatever the values are."""
    reader = _Reader(glossary, source)
    reader.names(node)
    return reader.problems


def not_a_submission(source: str, number: int, node: Node) -> Problem:
    """Tell that the n-th part of a file is no submission."""
    where = Place(line=node.line, column=node.column)
    return Problem(source, f"第 {number} 份不是填报材料", "一份材料应写成“字段: 内容”，一行写一个", where)


class _Reader:
    """Reads the parts of one submission, keeping every problem."""

    def __init__(self, glossary: Glossary, source: str) -> None:
        self.glossary = glossary
        self.source = source
        self.problems: list[Problem] = []
        self.untold = 0

    def told(self) -> tuple[Problem, ...]:
        """Give the problems, and how many more there were than are worth listing."""
        if not self.untold:
            return tuple(self.problems)
        more = Problem(self.source, f"另有 {self.untold} 处没有逐一列出", "请先改好前面列出的各处")
        return (*self.problems, more)

    def top(self, node: Node) -> Mapping:
        """Give the top mapping with only known names; the others become problems."""
        if not isinstance(node, Mapping):
            wide = isinstance(node, Scalar) and re.search("[：｛，]", node.text or "")
            hint = "冒号、逗号、花括号都要用半角，如 {年度: 2023, 下达金额: 100万元}" if wide else _ONE_A_LINE
            self._note(node, "一份材料应写成“字段: 内容”", hint, Place())
            return Mapping({}, {})
        known = set(known_names(self.glossary))
        for name, key in _keys(node):
            if name not in known:
                self._unknown(name, key, self.glossary.project, known_names(self.glossary))
        return Mapping({n: v for n, v in node.entries.items() if n in known}, keys=node.keys, flow=node.flow)

    def names(self, node: Node) -> None:
        """Look at nothing but the names, at the top and in the rows of child tables."""
        top = self.top(node)
        self._names_of(self.glossary.project, top, None)
        for name, rows in top.entries.items():
            table = self.glossary.find_table(name)
            for number, row in enumerate(rows.items if table and isinstance(rows, Sequence) else (), 1):
                if table and isinstance(row, Mapping):
                    self._names_of(table, row, number)

    def _names_of(self, table: Table, owner: Mapping, row: int | None) -> None:
        for name, child in owner.entries.items():
            if table.find(name):
                self._run_together(table, owner, child, Place(table.name, row, name))
            elif table.name != PROJECT:
                self._unknown(name, owner.keys.get(name) or child, table, _free(table, owner), row)

    def tables(self, top: Mapping) -> dict[str, Table]:
        """Find the child tables among the entries; a table named twice is a problem."""
        found: dict[str, Table] = {}
        for name in top.entries:
            table = self.glossary.find_table(name)
            if table and table in found.values():
                self._twice(table.name, top.keys.get(name), Place(table.name))
            elif table:
                found[name] = table
        return found

    def money_unit(self, top: Mapping, default: str | None) -> str | None:
        """Read the form's money unit."""
        nodes = [top.entries[name] for name in UNIT_NAMES if name in top.entries]
        if all(isinstance(node, Scalar) and not (node.text or "").strip() for node in nodes):
            return default
        place = Place(field="金额单位")
        if len(nodes) > 1:
            self._twice("金额单位", nodes[1], place)
        units = {normal(node.text or "") if isinstance(node, Scalar) else "列表" for node in nodes}
        unit = units.pop()
        unit = {"万": "万元", "亿": "亿元"}.get(unit, unit)
        if unit in self.glossary.units and not units:
            return unit
        hint = f"只写一个：{'、'.join(self.glossary.units)}"
        message = "写了两个不同的金额单位" if units else f"金额单位“{short(unit)}”认不出"
        self._note(nodes[0], message, hint, place)
        return UNREADABLE_UNIT

    def rows(self, table: Table, node: Node, unit: str | None) -> tuple[Record, ...] | None:
        """Read a child table; None when it is not stated or is no list."""
        if isinstance(node, Scalar) and not node.text:
            return None
        if not isinstance(node, Sequence):
            self._note(node, f"“{table.name}”应是列表", "一行一项，前面加“- ”；没有就写半角的 []", Place(table.name))
            return None
        if len(node.items) > MAX_ROWS:
            self._note(node, f"“{table.name}”超过 {MAX_ROWS} 行", "请拆开报送", Place(table.name))
            return None
        return tuple(self._row(table, item, number, unit) for number, item in enumerate(node.items, 1))

    def _row(self, table: Table, item: Node, number: int, unit: str | None) -> Record:
        if isinstance(item, Mapping):
            return self.record(table, item, number, unit)
        self._note(item, "这一行应写成“字段: 内容”", "如 - {字段: 内容, 字段: 内容}", Place(table.name, number))
        origin = Origin(self.source, line=item.line)
        return Record(table=table, cells={name: Cell(State.UNREADABLE, origin=origin) for name in table.fields})

    def record(self, table: Table, node: Mapping, row: int | None, unit: str | None) -> Record:
        """Read the fields of one row."""
        cells: dict[str, Cell] = {}
        for name, child in node.entries.items():
            term = table.find(name)
            place = Place(table.name, row, name)
            if term and term.name in cells:
                self._twice(term.name, node.keys.get(name), place)
                if not isinstance(child, Scalar) or (child.text or "") != cells[term.name].origin.raw:
                    cells[term.name] = replace(cells[term.name], state=State.UNREADABLE, value=None)
            elif term:
                cells[term.name] = self._cell(term, child, row, unit)
                self._run_together(table, node, child, place)
            elif table.name != PROJECT:
                self._unknown(name, node.keys.get(name) or child, table, _free(table, node), row)
        return Record(table=table, cells=cells)

    def _run_together(self, table: Table, owner: Mapping, child: Node, place: Place) -> None:
        """Tell a field of { } that has run into the one before, its comma and colon being Chinese ones."""
        if not owner.flow or not isinstance(child, Scalar) or child.quoted:
            return
        for found in re.finditer(r"[，；]\s*([\w（）]{1,20})\s*：", child.text or ""):
            if table.find(found[1]):
                message = f"“{found[1]}”没有读入，和前面连成了一项"
                self._note(child, message, "逗号、冒号要用半角；确是一段文字的，整句加引号", place)

    def _cell(self, term: Term, node: Node, row: int | None, unit: str | None) -> Cell:
        place = Place(term.table, row, term.name)
        if not isinstance(node, Scalar):
            hint = "多个内容请写在一句话里；文字以 [ 或 { 开头的，整句加引号"
            self._note(node, "这里只能写一个值", hint, place)
            return Cell(State.UNREADABLE, origin=Origin(self.source, line=node.line))
        raw = node.text or ""
        origin = _origin(self.source, node)
        if node.at and node.at.doubt:
            self._note(node, node.at.doubt, "改好后再查", place)
            return Cell(State.UNREADABLE, origin=origin)
        text = normal(raw) if len(raw) < 100 else raw.strip()  # noqa: PLR2004 - no placeholder is longer
        if not text or text in term.placeholders or text in self.glossary.placeholders:
            return Cell(State.BLANK, origin=origin)
        try:
            reading = read_value(term, raw, self.glossary.units, unit)
        except Unfit as unfit:
            self._note(node, str(unfit), unfit.hint, place)
            return Cell(State.UNREADABLE, origin=origin)
        return Cell(State.VALUE, reading.value, reading.step, origin)

    def _full(self) -> bool:
        self.untold += len(self.problems) >= MAX_PROBLEMS
        return len(self.problems) >= MAX_PROBLEMS

    def _unknown(self, name: str, at: Node, table: Table, names: list[str], row: int | None = None) -> None:
        if len(self.problems) >= MAX_PROBLEMS:
            self.untold += 1
            return
        label = next((term.name for term in table.fields.values() if normal(name) in map(normal, term.labels)), None)
        hint = f"这里应写“{label}”" if label else did_you_mean(name, names)
        if name == PROJECT:
            hint = "项目的字段直接写在最外层，前面不用“项目:”"
        hint = hint or f"可以写的字段见术语表；{table.name}的字段如：{'、'.join(list(table.fields)[:5])}"
        place = Place(table.name, row, short(name))
        self._note(at, f"没有“{short(name)}”这个字段，没有读入", hint, place)

    def _twice(self, name: str, at: Node | None, place: Place) -> None:
        self._note(at or Scalar(None), f"“{name}”用中文名和英文名各写了一次", "请只留一个", place)

    def _note(self, at: Node, message: str, hint: str, place: Place) -> None:
        if self._full():
            return
        spot = at.at if isinstance(at, Scalar) and at.at else None
        sheet, cell = (spot.sheet, spot.cell) if spot else (None, None)
        where = Place(place.table, place.row, place.field, sheet, cell, at.line, at.column)
        self.problems.append(Problem(self.source, message, hint, where))


def _origin(source: str, node: Scalar) -> Origin:
    raw = (node.text or "")[:1000]
    if node.at is None:
        return Origin(source, raw, line=node.line)
    return Origin(source, raw, node.at.label, node.at.sheet, node.at.cell, node.line)


def _free(table: Table, row: Mapping) -> list[str]:
    """Give the fields of a table that a row has not got yet: an unknown name can only have meant one of them."""
    return [name for name, term in table.fields.items() if not {name, term.identifier} & row.entries.keys()]


def _keys(node: Mapping) -> Iterator[tuple[str, Scalar]]:
    for name in node.entries:
        yield name, node.keys.get(name) or Scalar(name, node.line, node.column)
