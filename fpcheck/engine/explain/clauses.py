"""A clause as a tree: each part with its text, whether it holds, the figures, and whether it settled the whole."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, TypeGuard

from fpcheck.engine.explain.rows import rows_used
from fpcheck.engine.explain.shapes import Line, RowsUsed, Source, Test
from fpcheck.engine.explain.sources import sources
from fpcheck.engine.explain.view import View
from fpcheck.engine.unknown import Unknown
from fpcheck.finding import Figure
from fpcheck.record import State
from fpcheck.rulebook import ir
from fpcheck.rulebook.compiled import CompiledRule
from fpcheck.rulebook.spell import between, sides, sign, spelled
from fpcheck.wording import hits

APPLIES, CONDITIONS, UNLESS = PARTS = ("适用", "条件", "除非")
MOST_WORDS = 8
_Leaf = tuple[str, str, tuple[Source, ...]]  # the text with figures, a note, what was read


def lines(rule: CompiledRule, view: View) -> tuple[Line, ...]:
    """Explain every line of a rule on a row."""
    parts = zip(PARTS, (rule.applies, rule.conditions, rule.unless), strict=True)
    return tuple(
        Line(part, replace(explained(clause.typed, view), text=clause.text)) for part, own in parts for clause in own
    )


def explained(node: ir.Expr, view: View) -> Test:
    """Explain a condition on a row."""
    truth = view.value(node)
    missing = tuple((gap.name, gap.why) for gap in sorted(truth.gaps)) if isinstance(truth, Unknown) else ()
    known = None if isinstance(truth, Unknown) else bool(truth)
    inner, holds = (node.item, False) if _said_in_one(node) else (node, True)
    if leaf := _LEAVES.get(type(inner)):
        shown, note, read = leaf(inner, view, holds)
        return Test(spelled(node), known, shown, note, missing=missing, sources=read)
    if parts := between(node):
        item, low, high = parts
        shown = f"{view.told(item)} 介于 {view.told(low)} 与 {view.told(high)}"
        return Test(spelled(node), known, shown, missing=missing, sources=sources(parts, view))
    return Test(spelled(node), known, missing=missing, tests=tuple(_below(node, view, truth=known)))


def _said_in_one(node: ir.Expr) -> TypeGuard[ir.Not]:
    """Tell ≠, 不为空, 不含, 不属于, 没有 and 全部, which are one test, from a 非 before something else."""
    return isinstance(node, ir.Not) and (
        isinstance(node.item, ir.IsBlank | ir.Contains | ir.Member | ir.Aggregate)
        or (isinstance(node.item, ir.Compare) and node.item.op == "=")
    )


def _below(node: ir.Expr, view: View, *, truth: bool | None) -> Iterator[Test]:
    """Explain what a 且, 或, 非 or a named condition is made of, marking what settled it."""
    match node:
        case ir.Measure(scope=scope, body=body):
            yield explained(body, view.at(view.env.at(scope)))
        case ir.Not(item=item):
            yield explained(item, view)
        case ir.And(items=items) | ir.Or(items=items):
            for item in items:
                test = explained(item, view)
                yield replace(test, decided=test.truth is truth)


def _compare(node: ir.Compare, view: View, holds: bool) -> _Leaf:  # noqa: FBT001 - one shape for all of them
    left, right = sides(node)
    one, two = view.pair(left, right)
    return f"{one} {sign(node, holds=holds or node.op != '=')} {two}", "", sources((left, right), view)


def _is_blank(node: ir.IsBlank, view: View, _: bool) -> _Leaf:  # noqa: FBT001
    cell = view.env.cell(node.field.scope, node.field.name)
    note = "填了，但认不出，不算空" if cell.state is State.UNREADABLE else ""
    return "", note, sources([node.field], view)


def _contains(node: ir.Contains, view: View, _: bool) -> _Leaf:  # noqa: FBT001
    text = view.value(node.text)
    note = "" if isinstance(text, Unknown) else _words_note(text, node.words, view)
    read = [node.text] if isinstance(node.words, ir.Words | ir.Const) else [node.text, node.words]
    return "", note, sources(read, view)


def _words_note(text: str, words: ir.Expr, view: View) -> str:
    if not isinstance(words, ir.Words):
        other = view.value(words)
        return "" if isinstance(other, Unknown) else f"{'出现了' if other and other in text else '没有出现'}“{other}”"
    found = hits(text, words)
    spared = [word for word in words.words if word in text and word not in found]
    inside = f"；{_quoted(spared)}是除外的说法，不算" if spared else ""
    return (
        f"{f'出现了{_quoted(found)}' if found else f'{len(words.words) + len(words.patterns)} 个词都没有出现'}{inside}"
    )


def _quoted(words: list[str]) -> str:
    more = f" 等 {len(words)} 个" if len(words) > MOST_WORDS else ""
    return "、".join(f"“{word}”" for word in words[:MOST_WORDS]) + more


def _match(node: ir.Match, view: View, _: bool) -> _Leaf:  # noqa: FBT001
    text = view.value(node.text)
    found = None if isinstance(text, Unknown) else re.search(node.pattern, text)
    note = f"找到“{found[0]}”" if found else "" if isinstance(text, Unknown) else "没有找到"
    return "", note, sources([node.text], view)


def _member(node: ir.Member, view: View, _: bool) -> _Leaf:  # noqa: FBT001
    return "", "", sources([node.item], view)


def _any(node: ir.Aggregate, view: View, _: bool) -> _Leaf:  # noqa: FBT001
    used = rows_used(node, view)
    if used is None:
        return "", f"“{node.table}”没有报送", ()
    kept = str(used.kept)
    counted = Source("rows", spelled(replace(node, fn="count")), Figure(kept, None, kept), kept, rows=used)
    return "", _rows_note(used), (counted,)


def _rows_note(used: RowsUsed) -> str:
    if not used.total:
        return f"“{used.table}”没有行"
    unsure = f"，{used.open} 行无法判断" if used.open else ""
    return f"“{used.table}”有 {used.total} 行，{f'{used.kept} 行' if used.kept else '没有一行'}符合{unsure}"


def _yes_no(node: ir.Expr, view: View, _: bool) -> _Leaf:  # noqa: FBT001
    return view.told(node), "", sources([node], view)


_LEAVES: dict[type, Callable[[Any, View, bool], _Leaf]] = {
    ir.Compare: _compare,
    ir.IsBlank: _is_blank,
    ir.Contains: _contains,
    ir.Match: _match,
    ir.Member: _member,
    ir.Aggregate: _any,
    ir.Field: _yes_no,
    ir.Const: _yes_no,
    ir.If: _yes_no,
    ir.First: _yes_no,
    ir.Call: _yes_no,
}
