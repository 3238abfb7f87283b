"""The text of an expression → its syntax tree, by one Lark LALR grammar."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

from lark import Lark, Token, Transformer, UnexpectedInput, v_args
from lark.exceptions import VisitError
from lark.tree import Meta

from fpcheck.rulebook.malformed import QUOTED, Malformed, malformed
from fpcheck.terms import Type
from fpcheck.value import normal

MAX_LENGTH = 2000
MAX_DEPTH = 40

GRAMMAR = r"""
?start: either
?either: both (_OR both)*                       -> either
?both: negated (_AND negated)*                  -> both
?negated: _NOT negated                          -> negate
    | test
?test: sum
    | sum COMPARE sum                           -> compare
    | sum BLANK                                 -> blank
    | sum CONTAINS sum                          -> contains
    | sum MATCH TEXT                            -> match
    | sum MEMBER sum                            -> member
    | sum _BETWEEN sum _WITH sum                -> between
?sum: product
    | sum ADD product                           -> arith
?product: signed
    | product MUL signed                        -> arith
?signed: MINUS signed                           -> minus
    | atom
?atom: _LEFT either _RIGHT
    | NAME                                      -> name
    | NAME _LEFT [either (_COMMA either)*] _RIGHT -> call
    | NUMBER                                    -> number
    | PERCENT                                   -> percent
    | MONEY                                     -> money
    | DATE                                      -> day
    | TEXT                                      -> text
    | TRUTH                                     -> truth
    | _OPEN [either (_COMMA either)*] _CLOSE    -> choices

_OR.9: /或(?!\w)/
_AND.9: /且(?!\w)/
_NOT.9: /非(?![\w])/
BLANK.9: /(为空|不为空)(?!\w)/
CONTAINS.9: /(含有|不含)(?!\w)/
MATCH.9: /匹配(?!\w)/
MEMBER.9: /(属于|不属于)(?!\w)/
_BETWEEN.9: /介于(?!\w)/
_WITH.9: /与(?!\w)/
TRUTH.9: /[是否](?!\w)/
COMPARE: "<=" | ">=" | "!=" | "<" | ">" | "=" | "≤" | "≥" | "≠" | "＜" | "＞" | "＝"
ADD: "+" | "-" | "＋" | "－"
MINUS.0: "-" | "－"
MUL: "*" | "/" | "×" | "÷" | "＊" | "／"
_LEFT: "(" | "（"
_RIGHT: ")" | "）"
_OPEN: "[" | "［"
_CLOSE: "]" | "］"
_COMMA: "," | "，" | "、"
DATE.8: /[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?![0-9])/ | /[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日/
MONEY.7: /[0-9]{1,15}(\.[0-9]{1,6})?[ ]*(万元|亿元|千元|元)(?!\w)/
PERCENT.7: /[0-9]{1,15}(\.[0-9]{1,9})?[ ]*[%％‰]/
NUMBER.6: /[0-9]{1,15}(\.[0-9]{1,9})?(?![\w.])/
TEXT: /"[^"\n]*"/ | /“[^”\n]*”/ | /‘[^’\n]*’/ | /'[^'\n]*'/
NAME.1: /[^\W\d]\w*(\.[^\W\d]\w*)*/
%ignore /[ \t\u3000\u00a0]+/
"""


@dataclass(frozen=True, slots=True)
class Syntax:
    """A node of the syntax tree: `op` with `args`; `column` counts from 1 in the expression's text.

    `source` is the text of a function's call.
    """

    op: str
    args: tuple[Any, ...]
    column: int
    source: str = ""


@cache
def parse(text: str) -> Syntax:
    """Read an expression.

    Raises:
        Malformed: with the column, what was found there and what would fit.
    """
    if len(text) > MAX_LENGTH:
        raise Malformed(f"表达式超过 {MAX_LENGTH} 字", "请拆成几条", 1)
    _check_depth(text)
    try:
        tree = _build(_grammar().parse(text), text)
    except UnexpectedInput as error:
        raise malformed(text, error) from None
    except RecursionError:
        tree = None
    if tree is None or _depth(tree) > MAX_DEPTH:
        raise Malformed(f"一句里连了 {MAX_DEPTH} 层以上", "请拆成几条，或先定义成度量", 1)
    return tree


def _check_depth(text: str) -> None:
    depth = 0
    for column, char in enumerate(QUOTED.sub(lambda quoted: " " * len(quoted[0]), text), 1):
        depth += (char in "(（[［") - (char in ")）]］")
        if depth > MAX_DEPTH:
            raise Malformed(f"括号嵌套超过 {MAX_DEPTH} 层", "请拆成几条，或先定义成度量", column)


@cache
def _grammar() -> Lark:
    return Lark(GRAMMAR, parser="lalr", lexer="contextual", maybe_placeholders=False, propagate_positions=True)


_UNITS = {"元": 100, "千元": 100_000, "万元": 1_000_000, "亿元": 10_000_000_000}
_SIGNS = {"≤": "<=", "≥": ">=", "≠": "!=", "＜": "<", "＞": ">", "＝": "=", "＋": "+", "－": "-", "×": "*", "÷": "/"}
_SIGNS |= {"＊": "*", "／": "/"}


def _build(tree: Any, text: str) -> Syntax:  # noqa: ANN401 - what Lark gives
    try:
        result: Syntax = _Builder(text).transform(tree)
    except VisitError as error:
        raise error.orig_exc from None
    return result


def _depth(node: Syntax) -> int:
    return 1 + max((_depth(arg) for arg in node.args if isinstance(arg, Syntax)), default=0)


class _Builder(Transformer[Token, Any]):
    """Turns Lark's tree into `Syntax`."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

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

    @v_args(meta=True)
    def call(self, meta: Meta, items: list[Any]) -> Syntax:
        source = self._text[meta.column - 1 : meta.end_column - 1]
        return Syntax("call", (str(items[0]), *items[1:]), items[0].column, source)

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
