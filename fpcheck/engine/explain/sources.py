"""The figures that a clause reads, each opened: measures down to the cells, thresholds up to who set them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from fpcheck.engine.explain.rows import rows_used
from fpcheck.engine.explain.shapes import Source
from fpcheck.engine.explain.view import NO_VALUE, View
from fpcheck.engine.figures import money_unit
from fpcheck.engine.threshold import threshold
from fpcheck.engine.unknown import Unknown
from fpcheck.finding import Figure
from fpcheck.record import Cell, State
from fpcheck.rulebook import ir
from fpcheck.rulebook.spell import name_of, spelled
from fpcheck.terms import SUMMARY

MOST_RULES = 8
MOST_UNITS = 5


def sources(nodes: Iterable[ir.Expr], view: View) -> tuple[Source, ...]:
    """Open every figure that some expressions read; each is told once."""
    found: dict[str, Source] = {}
    for node in nodes:
        for source in _found(node, view):
            found.setdefault(source.name, source)
    return tuple(found.values())


def _found(node: ir.Expr, view: View) -> Iterator[Source]:
    make = _SOURCES.get(type(node))
    if make:
        yield make(node, view)
        return
    for child in ir.children(node):
        yield from _found(child, view)


def _inside(node: ir.Expr, view: View) -> tuple[Source, ...]:
    """Open what a formula is made of; its own parts of sums and products are not figures of their own."""
    parts = [node]
    while any(isinstance(part, ir.Arith) for part in parts):
        parts = [
            leaf for part in parts for leaf in ((part.left, part.right) if isinstance(part, ir.Arith) else (part,))
        ]
    return sources(parts, view)


def _field(node: ir.Field, view: View) -> Source:
    return Source(
        "field",
        name_of(node),
        view.figure(node),
        view.told(node),
        where=view.place(node),
        raw=_raw(node, view),
        note=_origin(node, view),
    )


def _raw(node: ir.Field, view: View) -> str | None:
    """Give what was written on the form, None where nothing was."""
    raw = " ".join(view.cell(node).origin.raw.split())
    return raw or None


def _origin(node: ir.Field, view: View) -> str:
    if view.from_text(node):
        return f"由“{view.objective(node)}”里的文字得出"
    term = view.term(node)
    if term and term.derived_from:
        return f"由“{term.derived_from}”得出"
    return blank_note(view.cell(node))


def blank_note(cell: Cell) -> str:
    """Say that a placeholder counts as blank."""
    raw = cell.origin.raw.strip()
    return "等于没有填" if cell.state is State.BLANK and raw else ""


def _measure(node: ir.Measure, view: View) -> Source:
    """Open a measure; one that is an aggregate or a choice and nothing else takes its place."""
    if node.args:
        value, parts = view.told(node), sources(node.args, view)
        return Source("measure", name_of(node), view.figure(node), value, parts=parts)
    inner = view.at(view.env.at(node.scope))
    body = node.body
    make = _SOURCES.get(type(body))
    if make and not isinstance(body, ir.Arith | ir.Field | ir.Measure | ir.Parameter):
        return replace(make(body, inner), kind="measure", name=name_of(node), formula=spelled(body))
    value, worked = view.told(node), inner.worked(body)
    shown = None if worked == value else worked
    parts = sources(body.args, inner) if isinstance(body, ir.Measure) and body.args else _inside(body, inner)
    return Source("measure", name_of(node), view.figure(node), value, spelled(body), shown, parts=parts)


def _parameter(node: ir.Parameter, view: View) -> Source:
    found = view.law.setting(node.name)
    name = f"参数.{node.name}"
    if found is None:
        return Source("parameter", name, Figure(None, None, f"（{NO_VALUE}）"), f"（{NO_VALUE}）")
    told = threshold(node.name, found, view.law.rulebook, money_unit(view.env.facts.submission))
    return Source("parameter", name, told.value, told.value.text, parameter=told)


def _formula(node: ir.Arith, view: View) -> Source:
    worked = view.worked(node)
    return Source(
        "formula", spelled(node), view.figure(node), view.told(node), worked=worked, parts=_inside(node, view)
    )


def _aggregate(node: ir.Aggregate, view: View) -> Source:
    return Source("aggregate", spelled(node), view.figure(node), view.told(node), rows=rows_used(node, view))


def _choice(node: ir.If, view: View) -> Source:
    truth, condition = view.value(node.condition), spelled(node.condition)
    if isinstance(truth, Unknown):
        note, read = f"“{condition}”无法判断", [node.condition]
    else:
        chosen = node.then if truth else node.otherwise
        note, read = f"“{condition}”{'成立' if truth else '不成立'}，取 {spelled(chosen)}", [node.condition, chosen]
    return Source("choice", spelled(node), view.figure(node), view.told(node), note=note, parts=sources(read, view))


def _first(node: ir.First, view: View) -> Source:
    known = next((item for item in node.items if not isinstance(view.value(item), Unknown)), None)
    note = f"取第一个不缺的：{spelled(known)}" if known else "每一个都缺"
    read = node.items[: node.items.index(known) + 1] if known else node.items
    return Source("choice", spelled(node), view.figure(node), view.told(node), note=note, parts=sources(read, view))


def _rounded(node: ir.AsWritten, view: View) -> Source:
    cell = view.cell(node.stated)
    known = cell.state is State.VALUE
    note = f"{spelled(node.item)} 按“{cell.origin.raw.strip()}”的写法四舍五入" if known else ""
    return Source(
        "rounded", spelled(node), view.figure(node), view.told(node), note=note, parts=sources([node.item], view)
    )


def _call(node: ir.Call, view: View) -> Source:
    return Source("call", spelled(node), view.figure(node), view.told(node), parts=sources(node.args, view))


def _batch(node: ir.Batch, view: View) -> Source:
    units = len(view.env.group.members) if view.env.group else 1
    note = f"本次同一项目共 {units} 份"
    return Source(
        "batch", spelled(node), view.figure(node), view.told(node), note=note, parts=sources([node.item], view)
    )


def _findings(node: ir.Findings, view: View) -> Source:
    counted = sorted(node.rules, key=lambda rule: (-_hits(rule, view), -_open(rule, view), rule))
    told = [rule for rule in counted if _hits(rule, view) or _open(rule, view)][:MOST_RULES]
    note = f"看 {len(counted)} 条规则" + ("" if told else "，都没有命中")
    parts = tuple(_rule(rule, view) for rule in told)
    return Source("findings", spelled(node), view.figure(node), view.told(node), note=note, parts=parts)


def _hits(rule: str, view: View) -> int:
    return sum(view.env.tally.hits.get(rule, {}).values()) if view.env.tally else 0


def _open(rule: str, view: View) -> int:
    return len(view.env.tally.undecided.get(rule, {})) if view.env.tally else 0


def _rule(rule: str, view: View) -> Source:
    hits = _hits(rule, view)
    told = [f"命中 {hits} 处" if hits else "", "有的无法判断" if _open(rule, view) else ""]
    text = "，".join(filter(None, told))
    note = _units(rule, view) if view.env.table == SUMMARY else ""
    return Source(
        "rule", f"{rule} {view.law.rulebook.names.get(rule, '')}", Figure(str(hits), None, text), text, note=note
    )


def _units(rule: str, view: View) -> str:
    """Name the units of a district in which a rule hit."""
    units = [unit for unit in view.env.tally.hits.get(rule, {}) if unit != SUMMARY] if view.env.tally else []
    return "、".join(units[:MOST_UNITS]) + (f" 等 {len(units)} 个" if len(units) > MOST_UNITS else "")


_SOURCES: dict[type, Callable[[Any, View], Source]] = {
    ir.Field: _field,
    ir.Measure: _measure,
    ir.Parameter: _parameter,
    ir.Arith: _formula,
    ir.Aggregate: _aggregate,
    ir.If: _choice,
    ir.First: _first,
    ir.AsWritten: _rounded,
    ir.Call: _call,
    ir.Batch: _batch,
    ir.Findings: _findings,
}
