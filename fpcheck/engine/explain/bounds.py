"""Which comparisons a change turns, and what they would have to show: `执行率 76% → 需 ≥ 80%`."""

from collections.abc import Iterator

from fpcheck.engine.explain.shapes import Bound
from fpcheck.engine.explain.view import View
from fpcheck.engine.unknown import Unknown
from fpcheck.rulebook import ir
from fpcheck.rulebook.spell import sides, sign, spelled

MIRRORED = {"<": ">", "≤": "≥", ">": "<", "≥": "≤", "=": "=", "≠": "≠"}


def bounds(node: ir.Expr, before: View, after: View) -> tuple[Bound, ...]:
    """Tell the comparisons of a condition that come out otherwise after a change, each once."""
    return tuple(dict.fromkeys(_turned(node, before, after)))


def _turned(node: ir.Expr, before: View, after: View) -> Iterator[Bound]:
    match node:
        case ir.Measure(scope=scope, body=body):
            yield from _turned(body, before.at(before.env.at(scope)), after.at(after.env.at(scope)))
        case ir.Not(item=item):
            yield from _turned(item, before, after)
        case ir.And(items=items) | ir.Or(items=items):
            for item in items:
                yield from _turned(item, before, after)
        case ir.Compare():
            yield from _bound(node, before, after)


def _bound(node: ir.Compare, before: View, after: View) -> Iterator[Bound]:
    truth = after.value(node)
    if isinstance(truth, Unknown) or truth is before.value(node):
        return
    moving, other = sides(node)
    needed = sign(node, holds=truth)
    if before.value(moving) == after.value(moving):
        moving, other, needed = other, moving, MIRRORED[needed]
    now, _ = before.pair(moving, other)
    yield Bound(spelled(moving), now, needed, after.told(other))
