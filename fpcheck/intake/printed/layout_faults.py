"""What is wrong with a layout or a supplement beyond its shape: names nobody knows, labels that could never be read."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from fpcheck.document import Node
from fpcheck.intake.printed.labels import MAX_LABEL, label_of, squeezed
from fpcheck.intake.printed.layout import Labels, Layout, Supplement
from fpcheck.problem import Problem, did_you_mean
from fpcheck.schema import place_of
from fpcheck.terms import PROJECT, Glossary

Path = tuple[str | int, ...]


class Group(NamedTuple):
    """Labels of one part of a form: where they stand in the file, the table that the fields belong to, the labels."""

    path: Path
    table: str
    labels: Labels


def layout_faults(layout: Layout, node: Node, source: str, glossary: Glossary) -> Iterator[Problem]:
    """Tell what is wrong with a layout, each with its line."""
    if layout.form not in glossary.forms:
        hint = f"可以写：{'、'.join(glossary.forms)}"
        yield Problem(source, f"没有“{layout.form}”这种表种", hint, place_of(node, ("表种",)))
        return
    for group in _groups(layout):
        yield from _group_faults(group, node, source, glossary)
    for path, name, known, of in _names(layout, glossary):
        if name not in known:
            hint = did_you_mean(name, known) or f"可以写：{'、'.join(known[:8])} 等"
            yield Problem(source, f"“{name}”不是{of}", hint, place_of(node, path))
    if layout.record and not layout.record.required:
        hint = "写认表头一定要有的列，第一个是一行说的是什么，如 三级指标"
        yield Problem(source, "要写“必有列”", hint, place_of(node, ("明细表",)))


def _names(layout: Layout, glossary: Glossary) -> Iterator[tuple[Path, str, list[str], str]]:
    """Every name that a layout writes alone: where, what, the names that it may be, and what these are."""
    project = list(glossary.project.fields)
    yield from ((("写在下方", number), name, project, "项目的字段") for number, name in enumerate(layout.below))
    record = layout.record
    owner = glossary.tables.get(record.table) if record else None
    if record and owner:
        columns = [*owner.fields, *record.projects]
        for key, names in (("必有列", record.required), ("向下填充", record.filled_down)):
            yield from ((("明细表", key, n), name, columns, f"{record.table}的列") for n, name in enumerate(names))
        for at, line in (*enumerate(record.project_lines), *([("合计行", record.total)] if record.total else ())):
            path: Path = ("明细表", "项目行", at, "列") if isinstance(at, int) else ("明细表", at, "列")
            yield from (((*path, key), name, project, "项目的字段") for key, name in line.columns.items())


def supplement_faults(
    more: Supplement, layout: Layout, node: Node, source: str, glossary: Glossary
) -> Iterator[Problem]:
    """Tell what is wrong with a supplement to a layout, each with its line."""
    parts = {
        "字段": more.fields,
        "明细表的列": more.columns,
        "资金表的列": more.fund_columns,
        "资金表的行": more.fund_rows,
    }
    if not (more.titles or any(parts.values())):
        yield Problem(source, "这个补充里没有内容", f"可以写：标题、{'、'.join(parts)}", place_of(node, ("补充",)))
    tables = {"明细表": layout.record, "资金表": layout.cross}
    for key, labels in parts.items():
        table = next((table for name, table in tables.items() if key.startswith(name)), None)
        if labels and key != "字段" and table is None:
            message = f"“{layout.name}”这种表样没有{key[:3]}，“{key}”用不上"
            yield Problem(source, message, "请删去，或写进“字段”", place_of(node, (key,)))
        elif key == "资金表的行":
            yield from _label_faults(Group((key,), "", labels), node, source)
        elif labels:
            group = Group((key,), table.table if table else PROJECT, labels)
            yield from _group_faults(group, node, source, glossary, _elsewhere(key, layout, glossary))


def _elsewhere(key: str, layout: Layout, glossary: Glossary) -> str:
    """Where a name that is no field of the part may belong: the columns of the record table."""
    record = layout.record
    return f"；{record.table}的列请写在“明细表的列”下面" if key == "字段" and record and glossary else ""


def _groups(layout: Layout) -> Iterator[Group]:
    yield Group(("字段",), PROJECT, layout.fields)
    if cross := layout.cross:
        yield Group(("资金表", "列"), cross.table, cross.columns)
        yield Group(("资金表", "合计行的列"), PROJECT, cross.total_columns)
    if record := layout.record:
        yield Group(("明细表", "列"), record.table, record.columns)
        yield Group(("明细表", "项目的列"), PROJECT, record.projects)


def _group_faults(group: Group, node: Node, source: str, glossary: Glossary, elsewhere: str = "") -> Iterator[Problem]:
    owner = glossary.tables.get(group.table)
    if owner is None:
        hint = did_you_mean(group.table, list(glossary.children)) or f"可以写：{'、'.join(glossary.children)}"
        yield Problem(source, f"没有“{group.table}”这个对象", hint, place_of(node, (group.path[0], "对象")))
        return
    for name in group.labels:
        if name not in owner.fields:
            hint = did_you_mean(name, list(owner.fields)) or f"可以写：{'、'.join(list(owner.fields)[:8])} 等"
            message = f"{group.table}没有“{name}”这个字段"
            yield Problem(source, message, hint + elsewhere, place_of(node, (*group.path, name)))
    own = {label_of(label): name for name, term in owner.fields.items() for label in (name, *term.labels)}
    yield from _label_faults(group, node, source, own)


def _label_faults(group: Group, node: Node, source: str, own: Mapping[str, str] | None = None) -> Iterator[Problem]:
    """Tell labels that can never be read: too long, nothing left when compared, or another field's already."""
    taken = dict(own or {})
    for name, labels in group.labels.items():
        for number, label in enumerate(labels):
            place = place_of(node, (*group.path, name, number))
            key = label_of(label)
            if not key or (key[0] == "(" and key.find(")") == len(key) - 1):
                long = len(squeezed(label)) > MAX_LABEL
                message = f"“{label[:20]}…”超过 {MAX_LABEL} 个字，认不出" if long else f"“{label}”比对时是空的，认不出"
                yield Problem(source, message, "请写表上印的那几个字", place)
            elif taken.setdefault(key, name) != name:
                yield Problem(source, f"“{label}”已经是“{taken[key]}”的叫法，不能又写给“{name}”", "请只留一处", place)
