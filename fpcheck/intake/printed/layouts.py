"""Layouts out of their files: built, supplemented, and held to the glossary."""

from collections.abc import Iterable
from functools import cache

from fpcheck.document import Mapping, Node, Unreadable, read_text, read_yaml
from fpcheck.intake.printed.layout import Layout, Supplement, named, supplemented
from fpcheck.problem import Problem, did_you_mean
from fpcheck.schema import build
from fpcheck.terms import Glossary, rules_folder, shipped_glossary

FOLDER = "templates"


def read_layouts(files: Iterable[tuple[str, Node]], glossary: Glossary, problems: list[Problem]) -> tuple[Layout, ...]:
    """Build the layouts of files given as (name, content); what is wrong with them goes to `problems`.

    A later file's layout takes the place of an earlier one of the same 表样; a 补充 adds labels to one.
    """
    layouts: dict[str, Layout] = {}
    supplements: list[tuple[str, Supplement]] = []
    for source, node in files:
        try:
            if isinstance(node, Mapping) and "补充" in node.entries:
                supplements.append((source, build(Supplement, node, source)))
            else:
                layout = build(Layout, node, source)
                layouts[layout.name] = layout
                problems += _faults(source, layout, glossary)
        except Unreadable as unreadable:
            problems += unreadable.problems
    for source, more in supplements:
        if more.adds_to in layouts:
            layouts[more.adds_to] = supplemented(layouts[more.adds_to], more)
            problems += _faults(source, layouts[more.adds_to], glossary)
        else:
            hint = did_you_mean(more.adds_to, list(layouts)) or f"已有的表样：{'、'.join(layouts)}"
            problems.append(Problem(source, f"没有“{more.adds_to}”这个表样", hint))
    return tuple(layouts.values())


def _faults(source: str, layout: Layout, glossary: Glossary) -> Iterable[Problem]:
    if layout.form not in glossary.forms:
        yield Problem(source, f"没有“{layout.form}”这种表种", f"可以写：{'、'.join(glossary.forms)}")
        return
    for table, name in named(layout):
        owner = glossary.tables.get(table)
        if owner is None:
            yield Problem(source, f"没有“{table}”这个对象", did_you_mean(table, list(glossary.tables)))
        elif name not in owner.fields:
            yield Problem(source, f"{table}没有“{name}”这个字段", did_you_mean(name, list(owner.fields)))


@cache
def shipped_layouts() -> tuple[Layout, ...]:
    """The layouts of the shipped rules."""
    folder = rules_folder() / FOLDER
    files = [(path.name, read_yaml(read_text(path, path.name), path.name)[0]) for path in sorted(folder.glob("*.yaml"))]
    problems: list[Problem] = []
    layouts = read_layouts(files, shipped_glossary(), problems)
    if problems:
        raise Unreadable(problems)
    return layouts
