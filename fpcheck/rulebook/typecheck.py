"""Syntax tree → typed expression: are the names known, do the types meet, does a condition answer yes or no?"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from fpcheck.problem import did_you_mean, short
from fpcheck.rulebook import functions as fn
from fpcheck.rulebook import ir
from fpcheck.rulebook.expression import Syntax
from fpcheck.rulebook.pattern import BadPattern, check_pattern
from fpcheck.rulebook.types import arithmetic, comparable, kind_of, meeting_hint
from fpcheck.terms import PROJECT, Glossary, Table, Term, Type


@dataclass(frozen=True, slots=True)
class Mistake:
    """A fault of an expression; `column` counts from 1 in its text."""

    message: str
    hint: str
    column: int


@dataclass(frozen=True)
class Names:
    """Everything an expression may name."""

    glossary: Glossary
    parameters: Mapping[str, Type] = field(default_factory=dict)
    wordlists: Mapping[str, ir.Words] = field(default_factory=dict)
    measure: Callable[[str, str], ir.Expr | None] = lambda _table, _name: None
    measures: Mapping[str, list[str]] = field(default_factory=dict)  # table → names
    rules: Callable[[ir.Expr], frozenset[str]] | None = None  # which rules a 发现数 condition means

    def with_rules(self, rules: Callable[[ir.Expr], frozenset[str]]) -> "Names":
        """Give the same names where findings may be counted."""
        return replace(self, rules=rules)


class Checker:
    """Types one expression; `mistakes` holds every fault, and a faulty part is None."""

    def __init__(self, names: Names, table: Table, outer: Table | None = None) -> None:
        self.names = names
        self.table = table
        self.outer = outer
        self.mistakes: list[Mistake] = []

    def condition(self, node: Syntax) -> ir.Expr | None:
        """Type an expression that must answer yes or no."""
        found = self.expr(node)
        if found and found.type is not Type.BOOLEAN:
            return self._fault(
                node, "这里要写一个判断，得出是或否", "如 支出金额 < 下达金额；文字请用 为空、含有、= 判断"
            )
        return found

    def expr(self, node: Syntax) -> ir.Expr | None:
        """Type any expression."""
        check: Callable[[Syntax], ir.Expr | None] = getattr(self, f"_{node.op}")
        return check(node)

    def table_of(self, name: str) -> Table:
        """Find a table that may not be in the glossary, such as the rules that 发现数 looks at."""
        owners = [self.table, *([self.outer] if self.outer else []), *self.names.glossary.tables.values()]
        return next(owner for owner in owners if owner.name == name)

    def _fault(self, node: Syntax, message: str, hint: str) -> ir.Expr | None:
        self.mistakes.append(Mistake(message, hint, node.column))
        return None

    def _all(self, nodes: tuple[Syntax, ...]) -> tuple[ir.Expr, ...] | None:
        found = [self.expr(node) for node in nodes]
        kept = tuple(item for item in found if item is not None)
        return kept if len(kept) == len(found) else None

    # names

    def _name(self, node: Syntax) -> ir.Expr | None:
        joined = ".".join(node.args)
        if found := self._column(self.table, joined, ir.Scope.ROW):
            return found
        if len(node.args) == 1:
            return self._unknown(node, joined)
        head, rest = node.args[0], ".".join(node.args[1:])
        if head == "参数":
            kind = self.names.parameters.get(rest)
            return ir.Parameter(rest, kind) if kind else self._unlisted(node, "参数", rest, list(self.names.parameters))
        if head == "词表":
            words = self.names.wordlists.get(rest)
            return words or self._unlisted(node, "词表", rest, list(self.names.wordlists))
        return self._scoped(node, head, rest)

    def _scoped(self, node: Syntax, head: str, rest: str) -> ir.Expr | None:
        if head == "上年":
            term = self.names.glossary.project.fields.get(rest)
            known = list(self.names.glossary.project.fields)
            return _field(term, ir.Scope.PREVIOUS) if term else self._unlisted(node, "上年", rest, known)
        if head == "本行" and self.outer is None:
            return self._fault(node, "“本行.”只能写在 合计( )、存在( ) 一类的括号里", f"这里直接写“{rest}”")
        owner = self.outer if head == "本行" else self.names.glossary.project if head == PROJECT else None
        if owner is not None:
            scope = ir.Scope.RULE if head == "本行" else ir.Scope.PROJECT
            found = self._column(owner, rest, scope)
            return found or self._unlisted(node, owner.name, rest, self._visible(owner))
        if head in self.names.glossary.tables:
            return self._fault(
                node, f"“{head}”有许多行，不能直接写“{head}.{rest}”", f"请写成 合计({head}.{rest}) 一类的写法"
            )
        return self._unknown(node, head)

    def _column(self, table: Table, name: str, scope: ir.Scope) -> ir.Expr | None:
        if term := table.columns.get(name):
            return _field(term, scope)
        body = self.names.measure(table.name, name)
        return ir.Measure(scope, table.name, name, body, body.type) if body else None

    def _visible(self, table: Table) -> list[str]:
        return [*table.columns, *self.names.measures.get(table.name, [])]

    def _unknown(self, node: Syntax, name: str) -> ir.Expr | None:
        visible = self._visible(self.table)
        if name in visible:
            return None  # a measure that is itself faulty; its own fault is reported where it stands
        glued = next((w for w in _KEYWORDS if w in name and name != w), None)
        hint = did_you_mean(name, visible)
        if self.table.name != PROJECT and name in self._visible(self.names.glossary.project):
            hint = f"请写成“项目.{name}”"
        elif glued and any(part in visible for part in name.split(glued)):
            hint = f"“{glued}”前后要空一格"
        elif not hint:
            hint = f"文字要加引号；{self.table.name}的字段有：{'、'.join(visible[:8])} 等"
        return self._fault(node, f"“{self.table.name}”没有“{short(name)}”", hint)

    def _unlisted(self, node: Syntax, where: str, name: str, known: list[str]) -> ir.Expr | None:
        return self._fault(
            node, f"“{where}”里没有“{short(name)}”", did_you_mean(name, known) or f"有的是：{'、'.join(known[:8])}"
        )

    # operators

    def _literal(self, node: Syntax) -> ir.Expr:
        value, kind = node.args
        return ir.Const(value, kind)

    def _either(self, node: Syntax) -> ir.Expr | None:
        items = [self.condition(arg) for arg in node.args]
        kept = tuple(item for item in items if item)
        if len(kept) < len(items):
            return None
        return ir.Or(kept) if node.op == "either" else ir.And(kept)

    _both = _either

    def _negate(self, node: Syntax) -> ir.Expr | None:
        item = self.condition(node.args[0])
        return ir.Not(item) if item else None

    def _compare(self, node: Syntax) -> ir.Expr | None:
        op, *sides = node.args
        found = self._all(tuple(sides))
        if not found or not self._meet(node, op, *found):
            return None
        left, right = found
        if op in (">", ">="):
            return ir.Compare(op.replace(">", "<"), right, left)
        return ir.Not(ir.Compare("=", left, right)) if op == "!=" else ir.Compare(op, left, right)

    def _meet(self, node: Syntax, op: str, left: ir.Expr, right: ir.Expr) -> bool:
        if isinstance(left, ir.Words) or isinstance(right, ir.Words):
            self._fault(node, "词表不能比较", "请用 含有 词表.… 或 属于 词表.…")
        elif not comparable(left, right):
            self._fault(node, f"{kind_of(left)}不能和{kind_of(right)}比较", meeting_hint(left, right))
        elif op not in ("=", "!=") and not {left.type, right.type} <= fn.ORDERED:
            self._fault(node, f"{kind_of(left)}不能比大小", "文字、是否和选项只能用 = ≠")
        elif self._findings_misused(left, right):
            self._fault(node, "发现数只能和一个数比较", '如 发现数(类别 = "资金") > 0')
        else:
            return self._fits_choices(node, left, right) and self._fits_choices(node, right, left)
        return False

    @staticmethod
    def _findings_misused(left: ir.Expr, right: ir.Expr) -> bool:
        counts = [isinstance(side, ir.Findings) for side in (left, right)]
        inner = [any(isinstance(n, ir.Findings) for n in ir.walk(side)) for side in (left, right)]
        return counts != inner or all(counts)

    def _fits_choices(self, node: Syntax, owner: ir.Expr, other: ir.Expr) -> bool:
        if not isinstance(owner, ir.Field) or not isinstance(other, ir.Const):
            return True
        choices = self.table_of(owner.table).columns[owner.name].choices
        if choices and other.value not in choices:
            hint = did_you_mean(str(other.value), [*choices]) or f"选项有：{'、'.join(choices)}"
            self._fault(node, f"“{owner.name}”没有“{other.value}”这个选项", hint)
            return False
        return True

    def _between(self, node: Syntax) -> ir.Expr | None:
        found = self._all(node.args)
        if not found:
            return None
        item, low, high = found
        if not (self._meet(node, "<=", low, item) and self._meet(node, "<=", item, high)):
            return None
        return ir.And((ir.Compare("<=", low, item), ir.Compare("<=", item, high)))

    def _blank(self, node: Syntax) -> ir.Expr | None:
        positive, inner = node.args
        item = self.expr(inner)
        if item and not isinstance(item, ir.Field):
            return self._fault(node, "为空只能问一个字段", "算出来的数请直接比较")
        if not isinstance(item, ir.Field):
            return None
        blank = ir.IsBlank(item)
        return blank if positive else ir.Not(blank)

    def _contains(self, node: Syntax) -> ir.Expr | None:
        positive, *sides = node.args
        options = sides[1].args if sides[1].op == "choices" else None
        text = self.expr(sides[0])
        words = self._word_choices(sides[1]) if options is not None else self.expr(sides[1])
        if not text or not words:
            return None
        if not {text.type, words.type} <= fn.TEXTS or isinstance(text, ir.Words):
            return self._fault(
                node, f"“含有”的左边要是文本，现在是{kind_of(text)}", '右边写引号里的文字、["…", "…"] 或 词表.…'
            )
        found = ir.Contains(text, words)
        return found if positive else ir.Not(found)

    def _word_choices(self, node: Syntax) -> ir.Expr | None:
        items = self._all(node.args)
        if items is None:
            return None
        if not items or not all(isinstance(i, ir.Const) and i.type is Type.TEXT and i.value for i in items):
            return self._fault(node, "列表里要写引号里的文字", '如 ["提高", "加强"]')
        return ir.Words("", tuple(str(i.value) for i in items if isinstance(i, ir.Const)))

    def _match(self, node: Syntax) -> ir.Expr | None:
        inner, pattern, column = node.args
        text = self.expr(inner)
        try:
            check_pattern(pattern)
        except BadPattern as bad:
            self.mistakes.append(Mistake(str(bad), bad.hint, column))
            return None
        if text and text.type not in fn.TEXTS:
            return self._fault(node, f"“匹配”的左边要是文本，现在是{kind_of(text)}", "数请直接比较")
        return ir.Match(text, pattern) if text else None

    def _member(self, node: Syntax) -> ir.Expr | None:
        positive, inner, listed = node.args
        item = self.expr(inner)
        options = self._options(listed)
        if not item or options is None:
            return None
        if not all(self._meet(node, "=", item, option) for option in options):
            return None
        found = ir.Member(item, options)
        return found if positive else ir.Not(found)

    def _options(self, node: Syntax) -> tuple[ir.Expr, ...] | None:
        if node.op == "choices" and node.args:
            return self._all(node.args)
        words = self.expr(node) if node.op == "name" else None
        if isinstance(words, ir.Words):
            return tuple(ir.Const(word, Type.TEXT) for word in words.words)
        self._fault(node, "“属于”后面要写列表或词表", '如 ["优", "良"] 或 词表.…')
        return None

    def _choices(self, node: Syntax) -> ir.Expr | None:
        return self._fault(node, "列表只能写在“属于”“含有”后面", "")

    def _minus(self, node: Syntax) -> ir.Expr | None:
        item = self.expr(node.args[0])
        if item and item.type not in fn.FIGURES:
            return self._fault(node, f"{kind_of(item)}前面不能加负号", "")
        return ir.Arith("-", ir.Const(Fraction(0), item.type), item, item.type) if item else None

    def _arith(self, node: Syntax) -> ir.Expr | None:
        op, *sides = node.args
        found = self._all(tuple(sides))
        if not found:
            return None
        kind = arithmetic(op, found[0], found[1])
        if kind is None:
            word = {"+": "相加", "-": "相减", "*": "相乘", "/": "相除"}[op]
            hint = "两个日期相差几天请写 天数(甲, 乙)" if found[0].type is Type.DATE else meeting_hint(*found)
            return self._fault(node, f"{kind_of(found[0])}不能和{kind_of(found[1])}{word}", hint)
        return ir.Arith(op, found[0], found[1], kind)


_KEYWORDS = ("为空", "不为空", "含有", "不含", "属于", "不属于", "介于", "匹配", "且", "或", "非", "与")


def _field(term: Term, scope: ir.Scope) -> ir.Field:
    return ir.Field(scope, term.table, term.name, term.type, term.blank_is_empty)
