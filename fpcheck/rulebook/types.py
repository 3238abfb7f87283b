"""Which types meet: money only money, a ratio only a ratio, and what arithmetic gives."""

from fractions import Fraction

from fpcheck.rulebook import functions as fn
from fpcheck.rulebook import ir
from fpcheck.terms import Type


def is_zero(node: ir.Expr) -> bool:
    """Tell a literal zero, which fits money, ratios and numbers alike."""
    return isinstance(node, ir.Const) and node.type in (Type.COUNT, Type.NUMBER) and node.value == 0


def comparable(left: ir.Expr, right: ir.Expr) -> bool:
    """Tell whether two expressions may be compared."""
    kinds = {left.type, right.type}
    if is_zero(left) or is_zero(right):
        return kinds <= fn.FIGURES
    return len(kinds) == 1 or kinds <= fn.NUMERIC or kinds <= fn.TEXTS or kinds == {Type.QUANTITY, Type.RATIO}


def arithmetic(op: str, left: ir.Expr, right: ir.Expr) -> Type | None:
    """Give the type of `left op right`, None when the two do not go together."""
    one, two = left.type, right.type
    if not {one, two} <= fn.FIGURES or any(isinstance(side, ir.Findings) for side in (left, right)):
        return None
    if op in "+-":
        return _sum_type(left, right)
    return _product_type(one, two) if op == "*" else _quotient_type(one, two)


def _sum_type(left: ir.Expr, right: ir.Expr) -> Type | None:
    if not comparable(left, right):
        return None
    if is_zero(left) or is_zero(right):
        return right.type if is_zero(left) else left.type
    if left.type is right.type:
        return left.type
    return Type.QUANTITY if Type.QUANTITY in (left.type, right.type) else Type.NUMBER


def _product_type(one: Type, two: Type) -> Type | None:
    kinds = {one, two}
    if Type.MONEY in kinds:
        return Type.MONEY if kinds - {Type.MONEY} else None
    if kinds in ({Type.RATIO}, {Type.COUNT}):
        return one
    return Type.QUANTITY if Type.QUANTITY in kinds else Type.NUMBER


def _quotient_type(one: Type, two: Type) -> Type | None:
    if two is Type.MONEY:
        return Type.RATIO if one is Type.MONEY else None
    if one is Type.MONEY:
        return Type.MONEY
    if (one, two) in ((Type.NUMBER, Type.COUNT), (Type.NUMBER, Type.RATIO), (Type.COUNT, Type.RATIO)):
        return Type.NUMBER
    return Type.RATIO


def kind_of(node: ir.Expr) -> str:
    """Name an expression's type for a message."""
    return node.type.label


def meeting_hint(left: ir.Expr, right: ir.Expr) -> str:
    """Say what to write where two types do not meet."""
    sides = ((left, right), (right, left))
    hints = (_literal_hint(literal, other) for literal, other in sides if isinstance(literal, ir.Const))
    if found := next(filter(None, hints), None):
        return found
    if left.type is right.type is Type.TEXT:
        return "只有数能加减乘除和比大小"
    if Type.TEXT in (left.type, right.type):
        return "文字要加引号"
    return "金额只和金额、比率只和比率在一起；换算请用乘除"


def _literal_hint(literal: ir.Const, other: ir.Expr) -> str | None:
    """Say how a figure or text would be written to fit the other side."""
    if literal.type in fn.NUMERIC and isinstance(literal.value, Fraction):
        shown = f"{float(literal.value):g}"
        percent = shown if literal.value > 1 else f"{float(literal.value * 100):g}"
        amount = f"金额要写单位，如 {shown}元 或 {shown}万元"
        return {Type.RATIO: f"百分数要写成 {percent}%", Type.MONEY: amount}.get(other.type)
    if literal.type is Type.TEXT and other.type in fn.NUMERIC:
        return "数不加引号"
    if literal.type is Type.TEXT:
        return {Type.DATE: "日期不加引号，写成 2023-12-31", Type.BOOLEAN: "是、否不加引号"}.get(other.type)
    return None
