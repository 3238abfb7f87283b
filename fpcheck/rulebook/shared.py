"""Measures with arguments: one formula for several sets of figures, typed once and opened where it is called."""

from collections.abc import Mapping
from typing import NamedTuple

from fpcheck.rulebook import ir
from fpcheck.rulebook.lower import mapped
from fpcheck.terms import Type

SHARED = "通用"  # the part of measures.yaml where they stand


class Shared(NamedTuple):
    """A measure with arguments: the type of each, in order, and the formula, in which they are fields of `SHARED`."""

    takes: Mapping[str, Type]
    body: ir.Expr


def called(name: str, shared: Shared, args: tuple[ir.Expr, ...]) -> ir.Measure:
    """Give a call of it with these arguments, put into the formula."""
    given = dict(zip(shared.takes, args, strict=True))

    def put(node: ir.Expr) -> ir.Expr:
        return given[node.name] if isinstance(node, ir.Field) and node.table == SHARED else mapped(node, put)

    return ir.Measure(ir.Scope.ROW, SHARED, name, put(shared.body), shared.body.type, args)


def unfit(body: ir.Expr) -> str | None:
    """Name what cannot stand in such a formula: what looks at rows, or asks about a cell rather than a figure."""
    odd = {ir.Aggregate: "合计、个数、存在 一类", ir.IsBlank: "为空", ir.AsWritten: "按写法"}
    return next((odd[type(node)] for node in ir.walk(body) if type(node) in odd), None)
