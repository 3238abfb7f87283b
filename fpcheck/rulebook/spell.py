"""A typed expression → its text in the rule language, which parses to the same expression again.

`leaf` puts another text in the place of a part, such as its figure: that is how a formula is shown worked out.
"""

from collections.abc import Callable
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction
from functools import partial
from typing import Any

from fpcheck.rulebook import functions as fn
from fpcheck.rulebook import ir
from fpcheck.terms import Type

Leaf = Callable[[ir.Expr], str | None]


class _Level(IntEnum):
    """How tightly a text holds together; a looser one is put in brackets where a tighter one is wanted."""

    OR = 1
    AND = 2
    NOT = 3
    TEST = 4
    SUM = 5
    PRODUCT = 6
    ATOM = 7


_Text = tuple[str, _Level]
_CALLS = {signature.fn: name for name, signature in fn.AGGREGATES.items()}
_SCOPES = {ir.Scope.ROW: "", ir.Scope.RULE: "本行.", ir.Scope.PROJECT: "项目.", ir.Scope.PREVIOUS: "上年."}
_SIGNS = {"<=": "≤", "*": "×", "/": "÷"}
_TURNED = {"<": ">", "<=": "≥"}
_QUOTES = (('"', '"'), ("“", "”"), ("'", "'"), ("‘", "’"))
_WAN = 1_000_000  # 分
_LONGEST_PERCENT = 9  # decimals that the language reads


def spelled(node: ir.Expr, leaf: Leaf | None = None) -> str:
    """Give the text of an expression; `leaf` may give another text for any part of it."""
    return _text(node, leaf)[0]


def name_of(node: ir.Field | ir.Measure) -> str:
    """Give a field or measure as a rule writes it."""
    args = ", ".join(map(spelled, node.args)) if isinstance(node, ir.Measure) else ""
    return f"{_SCOPES[node.scope]}{node.name}" + (f"({args})" if args else "")


def between(node: ir.Expr) -> tuple[ir.Expr, ir.Expr, ir.Expr] | None:
    """Take `x 介于 甲 与 乙` apart, None for anything else."""
    match node:
        case ir.And(items=(ir.Compare(op="<=", left=low, right=item), ir.Compare(op="<=", left=same, right=high))):
            return (item, low, high) if item == same else None
    return None


def sign(node: ir.Compare, *, holds: bool = True) -> str:
    """Give a comparison's sign as it was written, or the sign of what holds where the comparison does not."""
    if node.op == "=":
        return "=" if holds else "≠"
    if holds:
        return _TURNED[node.op] if node.turned else _SIGNS.get(node.op, node.op)
    opposite = {"<": "≥", "<=": ">"}[node.op]
    return {"≥": "≤", ">": "<"}[opposite] if node.turned else opposite


def sides(node: ir.Compare) -> tuple[ir.Expr, ir.Expr]:
    """Give a comparison's sides in the order in which they were written."""
    return (node.right, node.left) if node.turned else (node.left, node.right)


def _text(node: ir.Expr, leaf: Leaf | None) -> _Text:
    other = leaf(node) if leaf else None
    if other is not None:
        return other, _Level.ATOM
    return _FORMS[type(node)](node, partial(_held, leaf=leaf))


def _held(node: ir.Expr, level: _Level = _Level.OR, *, leaf: Leaf | None) -> str:
    text, own = _text(node, leaf)
    return text if own >= level else f"({text})"


_Inner = Callable[..., str]


def _const(node: ir.Const, _: _Inner) -> _Text:
    return constant(node), _Level.ATOM


def constant(node: ir.Const) -> str:
    """Give a literal as it is written in a rule."""
    match node.value:
        case bool():
            return "是" if node.value else "否"
        case str():
            return quoted(node.value)
        case Fraction():
            return _figure(node.value, node.type)
    return node.value.isoformat()


def quoted(text: str) -> str:
    """Put a text in the first pair of quotes that it does not close itself."""
    opening, closing = next((pair for pair in _QUOTES if pair[1] not in text), _QUOTES[0])
    return f"{opening}{text}{closing}"


def _figure(value: Fraction, kind: Type) -> str:
    if kind is Type.MONEY:
        unit, size = ("万元", _WAN) if value >= _WAN and (value * 100 / _WAN).denominator == 1 else ("元", 100)
        return f"{_decimal(value / size)}{unit}"
    if kind is Type.RATIO:
        percent = _decimal(value * 100)
        fits = len(percent.partition(".")[2]) <= _LONGEST_PERCENT
        return f"{percent}%" if fits else f"{_decimal(value * 1000)}‰"
    text = _decimal(value)
    return text if kind is Type.COUNT or "." in text else f"{text}.0"


def _decimal(value: Fraction) -> str:
    return f"{Decimal(value.numerator) / Decimal(value.denominator):f}"


def _name(node: ir.Field | ir.Measure, _: _Inner) -> _Text:
    return name_of(node), _Level.ATOM


def _arith(node: ir.Arith, inner: _Inner) -> _Text:
    product = node.op in "*/"
    level, tighter = (_Level.PRODUCT, _Level.ATOM) if product else (_Level.SUM, _Level.PRODUCT)
    right = inner(node.right, tighter)
    if node.op == "-" and node.left == ir.Const(Fraction(0), node.right.type):
        return f"-{inner(node.right, _Level.ATOM)}", _Level.PRODUCT
    return f"{inner(node.left, level)} {_SIGNS.get(node.op, node.op)} {right}", level


def _compare(node: ir.Compare, inner: _Inner) -> _Text:
    return _compared(node, inner, holds=True)


def _compared(node: ir.Compare, inner: _Inner, *, holds: bool) -> _Text:
    left, right = sides(node)
    return f"{inner(left, _Level.SUM)} {sign(node, holds=holds)} {inner(right, _Level.SUM)}", _Level.TEST


def _quotient(node: ir.CompareQuotient, inner: _Inner) -> _Text:
    divided = ir.Arith("/", node.dividend, node.divisor, node.bound.type)
    left, right = (node.bound, divided) if node.flipped else (divided, node.bound)
    return _compare(ir.Compare(node.op, left, right), inner)


def _not(node: ir.Not, inner: _Inner) -> _Text:
    item = node.item
    match item:
        case ir.Compare(op="="):
            return _compared(item, inner, holds=False)
        case ir.IsBlank():
            return f"{inner(item.field)} 不为空", _Level.TEST
        case ir.Contains():
            return _contains(item, inner, "不含")
        case ir.Member():
            return _member(item, inner, "不属于")
        case ir.Aggregate(fn="any"):
            return _none(item, inner)
    return f"非 {inner(item, _Level.NOT)}", _Level.NOT


def _none(node: ir.Aggregate, inner: _Inner) -> _Text:
    """Spell 没有, and 全部, which is 没有 of the contrary."""
    if isinstance(node.where, ir.Not) and node.source.startswith("全部"):
        return f"全部({node.table}, {inner(node.where.item)})", _Level.ATOM
    return f"没有({node.table}, {inner(node.where)})", _Level.ATOM


def _joined(node: ir.And | ir.Or, inner: _Inner) -> _Text:
    if parts := between(node):
        item, low, high = (inner(part, _Level.SUM) for part in parts)
        return f"{item} 介于 {low} 与 {high}", _Level.TEST
    word, level = ("且", _Level.AND) if isinstance(node, ir.And) else ("或", _Level.OR)
    return f" {word} ".join(inner(item, _Level.NOT) for item in node.items), level


def _blank(node: ir.IsBlank, inner: _Inner) -> _Text:
    return f"{inner(node.field)} 为空", _Level.TEST


def _words(node: ir.Words, _: _Inner) -> _Text:
    return f"词表.{node.name}" if node.name else _listed(map(quoted, node.words)), _Level.ATOM


def _listed(items: Any) -> str:  # noqa: ANN401 - any texts
    return f"[{', '.join(items)}]"


def _contains(node: ir.Contains, inner: _Inner, word: str = "含有") -> _Text:
    return f"{inner(node.text, _Level.SUM)} {word} {inner(node.words, _Level.SUM)}", _Level.TEST


def _match(node: ir.Match, inner: _Inner) -> _Text:
    return f"{inner(node.text, _Level.SUM)} 匹配 {quoted(node.pattern)}", _Level.TEST


def _member(node: ir.Member, inner: _Inner, word: str = "属于") -> _Text:
    return f"{inner(node.item, _Level.SUM)} {word} {_listed(map(inner, node.options))}", _Level.TEST


def _aggregate(node: ir.Aggregate, inner: _Inner) -> _Text:
    column = f".{inner(node.column)}" if node.column else ""
    where = f", {inner(node.where)}" if node.where else ""
    return f"{_CALLS[node.fn]}({node.table}{column}{where})", _Level.ATOM


def _called(name: str, args: Any, inner: _Inner) -> _Text:  # noqa: ANN401 - any nodes
    return f"{name}({', '.join(map(inner, args))})", _Level.ATOM


def _findings(node: ir.Findings, _: _Inner) -> _Text:
    return node.source or f"{node.fn}(规则 属于 {_listed(map(quoted, sorted(node.rules)))})", _Level.ATOM


_FORMS: dict[type, Callable[[Any, _Inner], _Text]] = {
    ir.Const: _const,
    ir.Field: _name,
    ir.Measure: _name,
    ir.Parameter: lambda node, _: (f"参数.{node.name}", _Level.ATOM),
    ir.Arith: _arith,
    ir.Compare: _compare,
    ir.CompareQuotient: _quotient,
    ir.Not: _not,
    ir.And: _joined,
    ir.Or: _joined,
    ir.IsBlank: _blank,
    ir.Words: _words,
    ir.Contains: _contains,
    ir.Match: _match,
    ir.Member: _member,
    ir.Aggregate: _aggregate,
    ir.If: lambda node, inner: _called("若", (node.condition, node.then, node.otherwise), inner),
    ir.First: lambda node, inner: _called("首个", node.items, inner),
    ir.AsWritten: lambda node, inner: _called("按写法", (node.item, node.stated), inner),
    ir.Call: lambda node, inner: _called(node.fn, node.args, inner),
    ir.Batch: lambda node, inner: _called(node.fn, (node.item,), inner),
    ir.Findings: _findings,
}
