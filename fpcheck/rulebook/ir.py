"""The typed form of an expression: about twenty frozen node classes without behaviour.

Only the core is here: the type checker has already turned `>` `≥` `≠` `介于` `不含` `不属于` `不为空` `全部` `没有`
into it. Every engine interprets or compiles these nodes and nothing else.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from dataclasses import field as having
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import get_args

from fpcheck.terms import Type


class Scope(StrEnum):
    """Whose field is meant."""

    ROW = "row"  # the innermost row: the rule's own, or an aggregate's
    RULE = "rule"  # 本行.X inside an aggregate
    PROJECT = "project"  # 项目.X
    PREVIOUS = "previous"  # 上年.X


@dataclass(frozen=True, slots=True)
class Const:
    """A literal; money in 分, ratios as fractions of one."""

    value: Fraction | str | date | bool
    type: Type


@dataclass(frozen=True, slots=True)
class Field:
    """A field or derived column; `blank_is_empty` reads blank as the empty text."""

    scope: Scope
    table: str
    name: str
    type: Type
    blank_is_empty: bool = False


@dataclass(frozen=True, slots=True)
class Measure:
    """A named figure, opened in `body`."""

    scope: Scope
    table: str
    name: str
    body: "Expr"
    type: Type


@dataclass(frozen=True, slots=True)
class Parameter:
    """A threshold, looked up by region, 表样 and date."""

    name: str
    type: Type


@dataclass(frozen=True, slots=True)
class Arith:
    """`+ - * /` of two figures; dividing by zero is unknown."""

    op: str
    left: "Expr"
    right: "Expr"
    type: Type


@dataclass(frozen=True, slots=True)
class Compare:
    """`<`, `<=` or `=`; `turned` tells that it was written with the sides the other way round, as `>` or `≥`."""

    op: str
    left: "Expr"
    right: "Expr"
    type: Type = Type.BOOLEAN
    turned: bool = having(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class CompareQuotient:
    """`dividend / divisor op bound` in whole numbers: `dividend op bound * divisor`, unknown when divisor is zero."""

    op: str
    dividend: "Expr"
    divisor: "Expr"
    bound: "Expr"
    flipped: bool = False
    type: Type = Type.BOOLEAN


@dataclass(frozen=True, slots=True)
class Not:
    """Kleene not."""

    item: "Expr"
    type: Type = Type.BOOLEAN


@dataclass(frozen=True, slots=True)
class And:
    """Kleene and."""

    items: tuple["Expr", ...]
    type: Type = Type.BOOLEAN


@dataclass(frozen=True, slots=True)
class Or:
    """Kleene or."""

    items: tuple["Expr", ...]
    type: Type = Type.BOOLEAN


@dataclass(frozen=True, slots=True)
class IsBlank:
    """为空: always decided."""

    field: Field
    type: Type = Type.BOOLEAN


@dataclass(frozen=True, slots=True)
class Words:
    """A word list with its patterns; a word inside one of the `exceptions` does not count."""

    name: str
    words: tuple[str, ...]
    exceptions: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    type: Type = Type.TEXT


@dataclass(frozen=True, slots=True)
class Contains:
    """含有: any of the words, or another text."""

    text: "Expr"
    words: "Expr"
    type: Type = Type.BOOLEAN


@dataclass(frozen=True, slots=True)
class Match:
    """匹配: the pattern is found anywhere."""

    text: "Expr"
    pattern: str
    type: Type = Type.BOOLEAN


@dataclass(frozen=True, slots=True)
class Member:
    """属于: equal to one of the options."""

    item: "Expr"
    options: tuple["Expr", ...]
    type: Type = Type.BOOLEAN


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A figure over a table's rows: sum count distinct max min mean any.

    `correlated` tells that it reads 本行, so that it differs from row to row of the rule's table; `join` is then
    an equality that `where` demands, as (expression of the inner row, expression of the rule's row).
    """

    fn: str
    table: str
    column: "Expr | None"
    where: "Expr | None"
    type: Type
    source: str
    correlated: bool = True
    join: "tuple[Expr, Expr] | None" = None


@dataclass(frozen=True, slots=True)
class If:
    """若(c, a, b)."""

    condition: "Expr"
    then: "Expr"
    otherwise: "Expr"
    type: Type


@dataclass(frozen=True, slots=True)
class First:
    """首个: the first that is not missing."""

    items: tuple["Expr", ...]
    type: Type


@dataclass(frozen=True, slots=True)
class AsWritten:
    """按写法: `item` rounded to the last digit that `stated` was written with."""

    item: "Expr"
    stated: Field
    type: Type


@dataclass(frozen=True, slots=True)
class Call:
    """A function of values alone; `fn` is its Chinese name."""

    fn: str
    args: tuple["Expr", ...]
    type: Type


@dataclass(frozen=True, slots=True)
class Batch:
    """A figure over the same project's submissions of the run."""

    fn: str
    item: "Expr"
    type: Type


@dataclass(frozen=True, slots=True)
class Findings:
    """发现数, 发现单位数, 发现单位: what the named rules found; `fn` is the Chinese name, `source` the text."""

    fn: str
    rules: frozenset[str]
    type: Type
    source: str = having(default="", compare=False)


Expr = (
    Const | Field | Measure | Parameter | Arith | Compare | CompareQuotient | Not | And | Or | IsBlank | Words
    | Contains | Match | Member | Aggregate | If | First | AsWritten | Call | Batch | Findings
)  # fmt: skip


def scopes(node: Expr) -> set[Scope]:
    """Give the scopes that an expression of a row reads; a measure's body reads the measure's own row."""
    if isinstance(node, Field | Measure):
        return {node.scope}
    return {scope for child in children(node) for scope in scopes(child)}


def reads_row(node: Expr) -> bool:
    """Tell whether an expression reads the row of the rule's own table, so that it may differ from row to row."""
    if isinstance(node, Aggregate):
        return node.correlated
    if isinstance(node, Field | Measure):
        return node.scope is Scope.ROW
    return any(map(reads_row, children(node)))


# The fields of each class that hold nodes: one, several in a tuple, or None.
PARTS: dict[type, tuple[str, ...]] = {
    kind: tuple(field.name for field in fields(kind) if "Expr" in str(field.type) or field.type is Field)
    for kind in get_args(Expr)
}


def children(node: Expr) -> Iterator[Expr]:
    """Give the nodes directly below; an aggregate's `join` is part of its `where`."""
    for name in PARTS[type(node)]:
        value = getattr(node, name)
        if isinstance(value, tuple):
            yield from value if name != "join" else ()
        elif value is not None:
            yield value


def walk(node: Expr) -> Iterator[Expr]:
    """Give the node and everything below it, from left to right."""
    yield node
    for child in children(node):
        yield from walk(child)
