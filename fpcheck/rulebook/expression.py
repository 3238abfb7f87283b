"""The text of an expression → its syntax tree, by one Lark LALR grammar."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any, NamedTuple

from lark import Lark, Token, Transformer, UnexpectedInput

from fpcheck.rulebook.grammar import parser
from fpcheck.rulebook.malformed import QUOTED, Malformed, malformed
from fpcheck.terms import Type
from fpcheck.value import normal

MAX_LENGTH = 2000
_DIGITS = str.maketrans("０１２３４５６７８９．", "0123456789.")
MAX_DEPTH = 40


class Syntax(NamedTuple):
    """A node of the syntax tree: `op` with `args`; `column` counts from 1 in the expression's text.

    `end` is the column after a function's call.
    """

    op: str
    args: tuple[Any, ...]
    column: int
    end: int = 0


@cache
def parse(text: str) -> Syntax:
    """Read an expression.

    Raises:
        Malformed: with the column, what was found there and what would fit.
    """
    text = text.translate(_DIGITS)
    if len(text) > MAX_LENGTH:
        raise Malformed(f"表达式超过 {MAX_LENGTH} 字", "请拆成几条", 1)
    _check_depth(text)
    try:
        tree: Any = _parser().parse(text)  # what the builder makes of it
    except UnexpectedInput as error:
        raise malformed(text, error) from None
    if _deeper(tree, MAX_DEPTH):
        raise Malformed(f"一句里连了 {MAX_DEPTH} 层以上", "请拆成几条，或先定义成度量", 1)
    return tree  # type: ignore[no-any-return]


def _check_depth(text: str) -> None:
    depth = 0
    for column, char in enumerate(QUOTED.sub(lambda quoted: " " * len(quoted[0]), text), 1):
        depth += (char in "(（[［") - (char in ")）]］")
        if depth > MAX_DEPTH:
            raise Malformed(f"括号嵌套超过 {MAX_DEPTH} 层", "请拆成几条，或先定义成度量", column)


@cache
def _parser() -> Lark:
    return parser(_Builder())


_UNITS = {"元": 100, "千元": 100_000, "万元": 1_000_000, "亿元": 10_000_000_000}
_SIGNS = {"≤": "<=", "≥": ">=", "≠": "!=", "＜": "<", "＞": ">", "＝": "=", "＋": "+", "－": "-", "×": "*", "÷": "/"}
_SIGNS |= {"＊": "*", "／": "/"}


def _deeper(node: Syntax, levels: int) -> bool:
    """Tell whether a tree has more than so many levels."""
    below = (arg for arg in node.args if isinstance(arg, Syntax))
    return levels == 0 or any(_deeper(arg, levels - 1) for arg in below)


class _Builder(Transformer[Token, Any]):
    """Makes `Syntax` of what the grammar finds, a method for each kind of node."""

    def either(self, items: list[Any]) -> Syntax:
        return items[0] if len(items) == 1 else Syntax("either", tuple(items), items[0].column)

    def both(self, items: list[Any]) -> Syntax:
        return items[0] if len(items) == 1 else Syntax("both", tuple(items), items[0].column)

    def negate(self, items: list[Any]) -> Syntax:
        return Syntax("negate", tuple(items), items[0].column)

    def compare(self, items: list[Any]) -> Syntax:
        left, sign, right = items
        return Syntax("compare", (_SIGNS.get(str(sign), str(sign)), left, right), left.column)

    def blank(self, items: list[Any]) -> Syntax:
        return Syntax("blank", (str(items[1]) == "为空", items[0]), items[0].column)

    def contains(self, items: list[Any]) -> Syntax:
        return Syntax("contains", (str(items[1]) == "含有", items[0], items[2]), items[0].column)

    def match(self, items: list[Any]) -> Syntax:
        return Syntax("match", (items[0], str(items[2])[1:-1], items[2].column), items[0].column)

    def member(self, items: list[Any]) -> Syntax:
        return Syntax("member", (str(items[1]) == "属于", items[0], items[2]), items[0].column)

    def between(self, items: list[Any]) -> Syntax:
        return Syntax("between", tuple(items), items[0].column)

    def arith(self, items: list[Any]) -> Syntax:
        left, sign, right = items
        return Syntax("arith", (_SIGNS.get(str(sign), str(sign)), left, right), left.column)

    def minus(self, items: list[Any]) -> Syntax:
        return Syntax("minus", (items[1],), items[0].column)

    def name(self, items: list[Any]) -> Syntax:
        return Syntax("name", tuple(str(items[0]).split(".")), items[0].column)

    def called(self, items: list[Any]) -> Syntax:
        name, *_, last = items
        args = tuple(item for item in items if isinstance(item, Syntax))
        return Syntax("call", (str(name), *args), name.column, last.end_column)

    def choices(self, items: list[Any]) -> Syntax:
        return Syntax("choices", tuple(items), items[0].column if items else 1)

    def number(self, items: list[Any]) -> Syntax:
        value = Fraction(str(items[0]))
        kind = Type.COUNT if "." not in items[0] else Type.NUMBER
        return Syntax("literal", (value, kind), items[0].column)

    def percent(self, items: list[Any]) -> Syntax:
        scale = 1000 if items[0].endswith("‰") else 100
        return Syntax("literal", (Fraction(str(items[0])[:-1].strip()) / scale, Type.RATIO), items[0].column)

    def money(self, items: list[Any]) -> Syntax:
        text = str(items[0])
        unit = next(unit for unit in ("万元", "亿元", "千元", "元") if text.endswith(unit))
        cents = Decimal(text.removesuffix(unit).strip()) * _UNITS[unit]
        return Syntax("literal", (Fraction(cents), Type.MONEY), items[0].column)

    def day(self, items: list[Any]) -> Syntax:
        parts = str(items[0]).replace("年", "-").replace("月", "-").removesuffix("日").split("-")
        try:
            value = date(*map(int, parts))
        except ValueError:
            raise Malformed(f"“{items[0]}”这一天不存在", "请核对月份和日期", items[0].column) from None
        return Syntax("literal", (value, Type.DATE), items[0].column)

    def text(self, items: list[Any]) -> Syntax:
        return Syntax("literal", (normal(str(items[0])[1:-1]), Type.TEXT), items[0].column)

    def truth(self, items: list[Any]) -> Syntax:
        return Syntax("literal", (str(items[0]) == "是", Type.BOOLEAN), items[0].column)
