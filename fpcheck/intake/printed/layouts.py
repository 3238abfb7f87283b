"""Layouts out of their files: built, supplemented, and held to the glossary."""

from collections.abc import Iterable
from functools import cache

from fpcheck.document import Mapping, Node, Unreadable, read_text, read_yaml
from fpcheck.intake.printed.layout import Layout, Supplement, supplemented
from fpcheck.intake.printed.layout_faults import layout_faults, supplement_faults
from fpcheck.problem import Problem, did_you_mean
from fpcheck.schema import build, place_of
from fpcheck.terms import Glossary, rules_folder, shipped_glossary

FOLDER = "templates"


def read_layouts(files: Iterable[tuple[str, Node]], glossary: Glossary, problems: list[Problem]) -> tuple[Layout, ...]:
    """Build the layouts of files given as (name, content); what is wrong with them goes to `problems`.

    A later file's layout takes the place of an earlier one of the same 表样; a 补充 adds labels to one.
    """
    layouts: dict[str, Layout] = {}
    supplements: list[tuple[str, Node, Supplement]] = []
    for source, node in files:
        try:
            if isinstance(node, Mapping) and "补充" in node.entries:
                supplements.append((source, node, build(Supplement, node, source)))
            else:
                layout = build(Layout, node, source)
                layouts[layout.name] = layout
                problems += layout_faults(layout, node, source, glossary)
        except Unreadable as unreadable:
            problems += unreadable.problems
    for source, node, more in supplements:
        if more.adds_to in layouts:
            problems += supplement_faults(more, layouts[more.adds_to], node, source, glossary)
            layouts[more.adds_to] = supplemented(layouts[more.adds_to], more)
        else:
            hint = did_you_mean(more.adds_to, list(layouts)) or f"已有的表样：{'、'.join(layouts)}"
            problems.append(Problem(source, f"没有“{more.adds_to}”这个表样", hint, place_of(node, ("补充",))))
    return tuple(layouts.values())


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
