"""Official forms of every layout are read whole, and their mutations never wrong without a word."""

import random
from collections import Counter

import pytest
import yaml
from drawn import FORMS, workbook_of
from mutations import WAYS

from fpcheck.intake.office.grid import Workbook
from fpcheck.intake.printed.from_sheets import forms_in
from fpcheck.intake.printed.layouts import shipped_layouts
from fpcheck.intake.printed.locate import Printed
from fpcheck.reading import read_submission
from fpcheck.schema import plain
from fpcheck.terms import shipped_glossary

NAMES = sorted(path.name for path in FORMS.iterdir() if path.is_dir())
SHORT, LONG = 13, 300
ALLOWED = 0.005
GLOSSARY, LAYOUTS = shipped_glossary(), shipped_layouts()


def drawn(name):
    return workbook_of((FORMS / name / "表.txt").read_text(encoding="utf-8"))


def truth(name):
    return list(yaml.load_all((FORMS / name / "真值.yaml").read_text(encoding="utf-8"), yaml.BaseLoader))


def located(workbook):
    problems = []
    return list(forms_in(workbook, LAYOUTS, GLOSSARY, "表", problems)), problems


def leaves(node, path=()):
    """Every value of a submission by its path, blank ones as None."""
    if isinstance(node, dict):
        for key, child in node.items():
            yield from leaves(child, (*path, key))
    elif isinstance(node, list):
        yield (*path, "行数"), len(node)
        for number, child in enumerate(node):
            yield from leaves(child, (*path, number))
    else:
        yield path, None if node in ("", "null") else node


@pytest.mark.parametrize("name", NAMES)
def test_a_form_is_read_whole(name):
    forms, _ = located(drawn(name))
    assert [dict(leaves(plain(form.node))) for form in forms] == [dict(leaves(one)) for one in truth(name)]
    assert [form.missing for form in forms] == [
        lacking(form.layout, one) for form, one in zip(forms, truth(name), strict=True)
    ]


def lacking(layout, one):
    """The required fields that a form does not have, by its truth."""
    project = [n for n, term in GLOSSARY.project.fields.items() if term.forms.get(layout.form) == "必有"]
    table = layout.record.table
    rows = [n for n, term in GLOSSARY.tables[table].fields.items() if term.forms.get(layout.form) == "必有"]
    return [n for n in project if n not in one] + [n for n in rows if not any(n in row for row in one[table])]


def labels_of(name):
    forms, _ = located(drawn(name))
    return {label for form in forms for label in Printed(form.layout, GLOSSARY).known}


def columns_of(form, table):
    """The columns of a table that were found."""
    rows = plain(form.node).get(table) or ()
    return {name for row in rows for name in row}


def told(form, path):
    """Whether something was said about a value: its field, its column or its whole table is missing or doubted."""
    names = {part for part in path if isinstance(part, str)}
    read = read_submission(form.node, GLOSSARY)["problems"]
    if len(path) > 1 and any("没有认出，这一栏没有读" in problem.message for problem in form.problems):
        return path[-1] not in columns_of(form, path[0])
    if path[0] == form.layout.record.table and any("表里没有读到内容" in problem.message for problem in form.problems):
        return True
    cross = form.layout.cross
    money = (cross.table, *cross.columns, *cross.total_columns) if cross else ()
    if path[0] in money and any("没有找到资金表" in problem.message for problem in form.problems):
        return True
    said = " ".join(str(problem) for problem in (*form.problems, *read))
    if path == ("金额单位",) and "没有写单位" in said:
        return True
    printed = Printed(form.layout, GLOSSARY)
    labels = {label for label, field in printed.known.items() if field in names}
    return bool(names & set(form.missing)) or any(f"“{label}”" in said for label in names | labels)


def silent(name, mutated):
    """How many values there are, and those that are wrong though nothing was said about them."""
    forms, _ = located(Workbook("xlsx", mutated))
    wanted = truth(name)
    if len(forms) != len(wanted):
        values = sum(1 for one in wanted for _ in leaves(one))
        silently = forms and not any(form.missing for form in forms)
        return values, [("份数", len(forms), len(wanted))] * values if silently else []
    wrong, number = [], 0
    for form, one in zip(forms, wanted, strict=True):
        want, got = dict(leaves(one)), dict(leaves(plain(form.node)))
        number += len(want)
        wrong += [
            (path, got.get(path), want.get(path))
            for path in {*want, *got}
            if got.get(path) != want.get(path) and not told(form, path)
        ]
    return number, wrong


def tally(name, variants):
    labels, sheets = labels_of(name), drawn(name).sheets
    rng = random.Random(name)
    number, wrong, ways = 0, [], list(WAYS.items())
    for variant in range(variants):
        way, change = ways[variant % len(ways)]
        values, faults = silent(name, [change(sheet, rng, labels) if sheet.cells else sheet for sheet in sheets])
        number += values
        wrong += [(way, *fault) for fault in faults]
    return number, wrong


def test_mutated_forms_are_never_wrong_in_silence():
    """A few variants of each form: one variant more or less would decide for a form alone, so they count together."""
    tallies = {name: tally(name, SHORT) for name in NAMES}
    values = sum(number for number, _ in tallies.values())
    wrong = {name: faults for name, (_, faults) in tallies.items() if faults}
    assert sum(map(len, wrong.values())) <= ALLOWED * values, {name: faults[:3] for name, faults in wrong.items()}


@pytest.mark.long
@pytest.mark.parametrize("name", NAMES)
def test_three_hundred_variants(name):
    number, wrong = tally(name, LONG)
    assert len(wrong) <= ALLOWED * number, (Counter(way for way, *_ in wrong), wrong[:10])
