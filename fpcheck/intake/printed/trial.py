"""What was read of a form, cell by cell, and how a label that nobody knows is added: for trying a new layout."""

import difflib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from fpcheck.document import Mapping, Node, Scalar, Unreadable
from fpcheck.intake.office.any_file import read_workbook
from fpcheck.intake.printed.from_sheets import forms_in
from fpcheck.intake.printed.layout import Layout
from fpcheck.intake.printed.locate import Located
from fpcheck.intake.printed.unknown import Part
from fpcheck.problem import Problem, printable
from fpcheck.reading import read_submission
from fpcheck.schema import plain
from fpcheck.terms import Glossary

NEAR = 0.5


class Read(NamedTuple):
    """One value that was read: its table and row (None for the project), field, sheet, cell, label and text."""

    table: str | None
    row: int | None
    field: str
    sheet: str
    cell: str
    label: str
    text: str | None


class Synonym(NamedTuple):
    """A label that nobody knows, where it is printed, and the field that it most likely stands for, if any."""

    part: Part
    label: str
    sheet: str
    cell: str
    field: str | None


class Trial(NamedTuple):
    """One form of a file as it was read."""

    layout: Layout
    values: list[Read]
    submission: dict[str, Any]
    missing: list[str]
    synonyms: list[Synonym]
    problems: list[Problem]


def try_file(
    path: Path, layouts: Sequence[Layout], glossary: Glossary, unit: str | None = None
) -> tuple[list[Trial], list[Problem]]:
    """Read the forms of an office file; the problems are those of the file, each form has its own.

    Raises:
        Unreadable: the file cannot be read at all.
    """
    source = printable(path)
    workbook = read_workbook(path, source)
    problems = list(workbook.problems)
    found = forms_in(workbook, layouts, glossary, source, problems)
    trials = [_trial(located, glossary, source, number, unit) for number, located in enumerate(found, 1)]
    if not trials:
        raise Unreadable([*problems, Problem(source, "没有找到填报表", "请确认选对了文件；新的表样要先有标题和标签")])
    return trials, problems


def _trial(located: Located, glossary: Glossary, source: str, number: int, unit: str | None) -> Trial:
    parts = read_submission(located.node, glossary, source, number, unit)
    return Trial(
        layout=located.layout,
        values=list(_values(located.entries)),
        submission=plain(located.node),
        missing=located.missing,
        synonyms=list(_synonyms(located, glossary)),
        problems=[*located.problems, *parts["problems"]],
    )


def _values(entries: dict[str, Node], table: str | None = None, row: int | None = None) -> Iterator[Read]:
    for name, node in entries.items():
        if isinstance(node, Scalar) and node.at:
            yield Read(table, row, name, node.at.sheet, node.at.cell, node.at.label, node.text)
        elif not isinstance(node, Scalar | Mapping):
            for number, item in enumerate(node.items, 1):
                yield from _values(item.entries, name, number) if isinstance(item, Mapping) else ()


def _synonyms(located: Located, glossary: Glossary) -> Iterator[Synonym]:
    for part, one in located.unknown:
        near = difflib.get_close_matches(one.label, _open(part, located, glossary), n=1, cutoff=NEAR)
        place = located.view.place(one)
        label = " ".join(one.cell.text.split())
        yield Synonym(part, label, place.sheet or "", place.cell or "", next(iter(near), None))


def _open(part: Part, located: Located, glossary: Glossary) -> list[str]:
    """The fields of a part that were not found."""
    layout, entries = located.layout, located.entries
    if part is Part.FUND_ROW:
        return list(layout.cross.parts) if layout.cross else []
    if part is Part.FUND_COLUMN:
        return [name for name in layout.cross.columns if name not in entries] if layout.cross else []
    if part is Part.COLUMN and layout.record:
        rows = [one for one in _values(entries) if one.table == layout.record.table]
        found = {one.field for one in rows}
        fields = glossary.tables[layout.record.table].fields
        return [name for name, term in fields.items() if name not in found and term.forms.get(layout.form)]
    fields = glossary.project.fields
    return [name for name, term in fields.items() if name not in entries and term.forms.get(layout.form)]


def supplement(trial: Trial) -> str:
    """The lines that add the unknown labels to the layout, to be pasted into a file of the user's `templates` folder.

    Empty where every label is known.
    """
    if not trial.synonyms:
        return ""
    lines = [f"补充: {trial.layout.name}"]
    for part in Part:
        own = [one for one in trial.synonyms if one.part is part]
        lines += [f"{part}:"] if own else []
        for name in dict.fromkeys(one.field for one in own):
            labels = "、".join(one.label for one in own if one.field == name)
            printed = ", ".join(_quoted(one.label) for one in own if one.field == name)
            open_line = f"  # 字段名: [{printed}]  # {labels} 是哪个字段，自己填"
            lines.append(f"  {name}: [{printed}]" if name else open_line)
    return "\n".join(lines) + "\n"


def _quoted(label: str) -> str:
    return '"' + label.replace("\\", "\\\\").replace('"', '\\"') + '"'
