"""What a sound rule most likely does not mean: remarks on single rules that keep nothing from running."""

from collections.abc import Iterable, Iterator

from fpcheck.problem import Problem
from fpcheck.rulebook import functions as fn
from fpcheck.rulebook import ir
from fpcheck.rulebook.compiled import CompiledRule
from fpcheck.rulebook.pack import File
from fpcheck.rulebook.spell import name_of
from fpcheck.schema import place_of
from fpcheck.terms import MISSING, PROJECT, SUMMARY, Glossary, Type

Doubt = tuple[tuple[str, int], str, str]
"""Where in the rule's file, what, what to write."""
_UNITS = ("单位", "值类")  # how the columns end that tell in what a figure was written


def doubts(rules: Iterable[tuple[CompiledRule, File]], glossary: Glossary) -> Iterator[Problem]:
    """Give a remark for each doubt about each rule."""
    for rule, file in rules:
        for path, message, hint in (*_bare_figures(rule, glossary), *_nowhere(rule, glossary)):
            yield Problem(file.source, f"{rule.rule.id} {message}", hint, place_of(file.node, path), remark=True)


def _bare_figures(rule: CompiledRule, glossary: Glossary) -> Iterator[Doubt]:
    """Tell figures out of a text that are compared with a plain number while nothing asks for their unit."""
    parts = {"适用": rule.applies, "条件": rule.conditions, "除非": rule.unless}
    lines = [((key, number), clause.typed) for key, part in parts.items() for number, clause in enumerate(part)]
    found = [(path, figure) for path, line in lines for node in ir.walk(line) for figure in _held_to_number(node)]
    read = {node.name for _, line in lines for node in ir.walk(line) if isinstance(node, ir.Field)} if found else set()
    if any(name.endswith(_UNITS) for name in read):
        return
    for path, figure in dict.fromkeys(found):
        name = name_of(figure)
        base = name.removesuffix("数值")
        message = f"“{name}”只是写的数：600元、0.06万元是 600 和 0.06，直接和数比会比错"
        amount = (
            base + "金额" if f"{figure.name.removesuffix('数值')}金额" in glossary.tables[figure.table].columns else ""
        )
        money = f"比金额请写 {amount}，如 {amount} > 500元；" if amount else ""
        yield path, message, f'{money}比别的数，请加一句看单位的，如 {base}单位 = "户" 或 {base}值类 = "count"'


def _held_to_number(node: ir.Expr) -> Iterator[ir.Field]:
    """Give the figures out of a text that a comparison holds to a written number or threshold; zero has no unit."""
    match node:
        case ir.Compare(left=left, right=right):
            sides = [(left, right), (right, left)]
        case ir.Member(item=item, options=options):
            sides = [(item, option) for option in options]
        case _:
            return
    for side, other in sides:
        number = isinstance(other, ir.Parameter) or (isinstance(other, ir.Const) and other.value != 0)
        if number and other.type in fn.NUMERIC and isinstance(side, ir.Field) and side.type is Type.QUANTITY:
            yield side


def _nowhere(rule: CompiledRule, glossary: Glossary) -> Iterator[Doubt]:
    """Tell forms that have all a rule speaks of and on which it is never asked, for what a measure reads."""
    forms = [form for form in glossary.forms if not all(_carried(glossary, form, *read) for read in rule.reads)]
    if rule.table.name == SUMMARY or not forms:
        return
    told = {read for clause in rule.applies for read in _reads(clause.typed, opened=True)}
    told |= {read for clause in rule.conditions for read in _reads(clause.typed, opened=False)}
    spoken_of = {(rule.table.name, None), rule.mark, *told}
    for form in forms:
        if _left_out(rule, form) or not all(_carried(glossary, form, *read) for read in spoken_of):
            continue
        for number, clause in enumerate(rule.conditions):
            for measure in _measures(clause.typed):
                read = dict.fromkeys(_reads(measure.body, opened=True))
                lacking = [name or table for table, name in read if not _carried(glossary, form, table, name)]
                if lacking:
                    yield ("条件", number), *_never(form, name_of(measure), lacking)


def _never(form: str, measure: str, lacking: list[str]) -> tuple[str, str]:
    message = f"在{form}上一律不适用：“{measure}”读了这种表没有的“{'”“'.join(lacking)}”"
    return (
        message,
        f'{form}也要查的，请换一个度量，或把这一句反过来写进“除非”；本来就不查的，加一句适用：表种 ≠ "{form}"',
    )


def _measures(node: ir.Expr) -> Iterator[ir.Measure]:
    """Give the measures that a line names, not those inside others."""
    if isinstance(node, ir.Measure):
        yield node
        return
    for child in ir.children(node):
        yield from _measures(child)


def _reads(node: ir.Expr, *, opened: bool) -> Iterator[tuple[str, str | None]]:
    """Give what an expression reads as (table, field); measures count only where they are `opened`."""
    if isinstance(node, ir.Measure) and not opened:
        return
    if isinstance(node, ir.Field) and node.scope is not ir.Scope.PREVIOUS:
        yield node.table, node.name
    elif isinstance(node, ir.Aggregate):
        yield node.table, None
    for child in ir.children(node):
        yield from _reads(child, opened=opened)


def _carried(glossary: Glossary, form: str, table: str, name: str | None) -> bool:
    return any(
        table in (MISSING, SUMMARY)
        or (table == PROJECT and not name)
        or glossary.carried(form, table, name) is not None
        for table, name in glossary.origins(table, name)
    )


def _left_out(rule: CompiledRule, form: str) -> bool:
    """Tell that an 适用 of the rule names the forms, and not this one."""
    return any(_holds(clause.typed, form) is False for clause in rule.applies)


def _holds(node: ir.Expr, form: str) -> bool | None:
    """Tell what a sentence about the 表种 alone says of a form, None for any other."""
    match node:
        case ir.Not(item=item):
            inner = _holds(item, form)
            return None if inner is None else not inner
        case ir.Compare(op="=", left=ir.Field(table=table, name="表种"), right=ir.Const(value=said)) if (
            table == PROJECT
        ):
            return said == form
        case ir.Member(item=ir.Field(table=table, name="表种"), options=options) if table == PROJECT:
            return any(isinstance(option, ir.Const) and option.value == form for option in options)
    return None
