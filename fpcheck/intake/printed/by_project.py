"""A list of projects in one table → a form for each."""

from collections import defaultdict
from dataclasses import replace

from fpcheck.document import Mapping, Scalar, Sequence
from fpcheck.intake.printed.locate import Located
from fpcheck.intake.printed.record_table import UNIT


def by_project(located: Located) -> list[Located]:
    """Part a list of projects; what was odd about the list stays with the first one."""
    record = located.layout.record
    rows = located.entries.get(record.table) if record else None
    if record is None or not record.projects or not isinstance(rows, Sequence):
        return [located]
    fields = {*record.projects, UNIT}
    groups: dict[tuple[str | None, ...], list[Mapping]] = defaultdict(list)
    for row in rows.items:
        if isinstance(row, Mapping):
            groups[tuple(_text(row, name) for name in (UNIT, *record.projects))].append(row)
    parts: list[Located] = []
    for group in groups.values():
        own = {name: node for name, node in group[0].entries.items() if name in fields}
        kept = [Mapping({n: node for n, node in row.entries.items() if n not in fields}, {}) for row in group]
        part = replace(located, entries={**located.entries, **own, record.table: Sequence([*kept])})
        parts.append(replace(part, problems=[], unknown=[]) if parts else part)
    return parts or [located]


def _text(row: Mapping, name: str) -> str | None:
    node = row.entries.get(name)
    return node.text if isinstance(node, Scalar) else None
