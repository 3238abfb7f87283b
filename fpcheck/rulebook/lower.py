"""Typed expression → lowered expression: a quotient against a constant becomes a product of whole numbers.

Money is whole 分, so `支出 / 下达 < 95%` is decided as `支出 × 20 < 下达 × 19`: every engine gives the same answer
at the threshold, none divides. Bounds whose products could pass 2⁶³ are left as quotients for the exact engine.
"""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

from fpcheck.rulebook import ir
from fpcheck.terms import Type
from fpcheck.value import MAX_YUAN

LARGEST = int(2**63 / (MAX_YUAN * 100))


def lower(node: ir.Expr) -> ir.Expr:
    """Lower an expression and everything below it."""
    lowered = mapped(node, lower)
    return _cross_multiplied(lowered) if isinstance(lowered, ir.Compare) else lowered


def mapped(node: ir.Expr, change: Callable[[ir.Expr], ir.Expr]) -> ir.Expr:
    """Give the node with each node directly below it changed; the node itself where nothing was."""

    def each(value: Any) -> Any:  # noqa: ANN401 - what holds nodes: one, several in a tuple, or None
        if not isinstance(value, tuple):
            return value if value is None else change(value)
        items = tuple(map(change, value))
        return value if all(new is old for new, old in zip(items, value, strict=True)) else items

    found = ((name, getattr(node, name)) for name in ir.PARTS[type(node)])
    changes = {name: new for name, value in found if (new := each(value)) is not value}
    return replace(node, **changes) if changes else node


def _cross_multiplied(node: ir.Compare) -> ir.Expr:
    for quotient, bound, flipped in ((node.left, node.right, False), (node.right, node.left, True)):
        opened = _opened(quotient)
        if isinstance(opened, ir.Arith) and opened.op == "/" and fits(bound):
            return ir.CompareQuotient(node.op, opened.left, opened.right, bound, flipped)
    return node


def _opened(node: ir.Expr) -> ir.Expr:
    while isinstance(node, ir.Measure) and node.scope is ir.Scope.ROW:
        node = node.body
    return node


def fits(bound: ir.Expr) -> bool:
    """Tell whether products with this bound stay below 2⁶³; ratio parameters are checked where they are read."""
    if isinstance(bound, ir.Parameter):
        return bound.type is Type.RATIO
    if not isinstance(bound, ir.Const) or not isinstance(bound.value, Fraction):
        return False
    return max(abs(bound.value.numerator), bound.value.denominator) <= LARGEST
