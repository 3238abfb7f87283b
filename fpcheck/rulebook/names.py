"""What a name in an expression means: a field, a measure, a parameter, a word list; or the nearest that exists."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from fpcheck.problem import did_you_mean, short
from fpcheck.rulebook import ir
from fpcheck.rulebook.expression import Syntax
from fpcheck.rulebook.shared import Shared
from fpcheck.terms import PROJECT, SUMMARY, Glossary, Table, Term, Type


class Mistake(NamedTuple):
    """A fault of an expression; `column` counts from 1 in its text."""

    message: str
    hint: str
    column: int


PARAMETER, WORDS, MEASURE, SOURCE, ADVICE, RULE = "参数", "词表", "度量", "来源", "建议", "规则"


@dataclass
class Register:
    """What becomes of names: which could not be read where they are defined, and which are used, by kind.

    A name that is unknown because its file, or its own entry, is faulty is no fault of those who use it. `files` are
    the kinds of which a whole file could not be read, `entries` single names.
    """

    files: set[str] = field(default_factory=set)
    entries: set[tuple[str, str]] = field(default_factory=set)
    used: set[tuple[str, str]] = field(default_factory=set)
    passed_over: set[str] = field(default_factory=set)  # the kinds of which an unknown name was not told

    def unread(self, kind: str, name: str) -> bool:
        """Tell a name that may well be known once the faults are mended."""
        found = kind in self.files or (kind, name) in self.entries
        if found:
            self.passed_over.add(kind)
        return found

    def any_unread(self, kind: str) -> bool:
        """Tell that something of a kind could not be read, whatever its name."""
        found = kind in self.files or any(kind == one for one, _ in self.entries)
        if found:
            self.passed_over.add(kind)
        return found

    def use(self, kind: str, name: str) -> None:
        """Note that a name is used."""
        self.used.add((kind, name))


@dataclass(frozen=True)
class Names:
    """Everything an expression may name."""

    glossary: Glossary
    parameters: Mapping[str, Type] = field(default_factory=dict)
    wordlists: Mapping[str, ir.Words] = field(default_factory=dict)
    measure: Callable[[str, str], ir.Expr | None] = lambda _table, _name: None
    measures: Mapping[str, list[str]] = field(default_factory=dict)  # table → names
    shared: Callable[[str], Shared | None] = lambda _name: None  # measures with arguments
    register: Register = field(default_factory=Register)
    rules: Callable[[ir.Expr], frozenset[str]] | None = None  # which rules a 发现数 condition means

    def with_rules(self, rules: Callable[[ir.Expr], frozenset[str]]) -> "Names":
        """Give the same names where findings may be counted."""
        return replace(self, rules=rules)


class NameChecker:
    """Resolves the names of one expression, written as `text`; `mistakes` holds every fault, a faulty part is None."""

    def __init__(self, text: str, names: Names, table: Table, outer: Table | None = None) -> None:
        self.text = text
        self.names = names
        self.table = table
        self.outer = outer
        self.mistakes: list[Mistake] = []

    def table_of(self, name: str) -> Table:
        """Find a table that may not be in the glossary, such as the rules that 发现数 looks at."""
        owners = [self.table, *([self.outer] if self.outer else []), *self.names.glossary.tables.values()]
        return next(owner for owner in owners if owner.name == name)

    def _fault(self, node: Syntax, message: str, hint: str) -> ir.Expr | None:
        self.mistakes.append(Mistake(message, hint, node.column))
        return None

    def _name(self, node: Syntax) -> ir.Expr | None:
        joined = ".".join(node.args)
        if found := self._column(self.table, joined, ir.Scope.ROW):
            return found
        if len(node.args) == 1:
            return self._unknown(node, joined)
        head, rest = node.args[0], ".".join(node.args[1:])
        if head == PARAMETER:
            self.names.register.use(PARAMETER, rest)
            kind = self.names.parameters.get(rest)
            return ir.Parameter(rest, kind) if kind else self._unlisted(node, head, rest, list(self.names.parameters))
        if head == WORDS:
            self.names.register.use(WORDS, rest.partition(".")[0])
            words = self.names.wordlists.get(rest)
            return words or self._unlisted(node, head, rest, list(self.names.wordlists))
        return self._scoped(node, head, rest)

    def _scoped(self, node: Syntax, head: str, rest: str) -> ir.Expr | None:
        if head in ("上年", PROJECT) and not self._of_one_project(head):
            return self._fault(node, f"这里不能写“{head}.{rest}”", f"{self.table.name}不属于一个项目")
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

    def _of_one_project(self, head: str) -> bool:
        owner = self.outer or self.table
        if owner.name == SUMMARY:
            return head == PROJECT and self.outer is not None
        return owner.name in self.names.glossary.tables

    def _column(self, table: Table, name: str, scope: ir.Scope) -> ir.Expr | None:
        if term := table.columns.get(name):
            return _field(term, scope)
        body = self.names.measure(table.name, name)
        self.names.register.use(MEASURE, f"{table.name}.{name}")
        return ir.Measure(scope, table.name, name, body, body.type) if body else None

    def _visible(self, table: Table) -> list[str]:
        return [*table.columns, *self.names.measures.get(table.name, [])]

    def _unknown(self, node: Syntax, name: str) -> ir.Expr | None:
        visible = self._visible(self.table)
        if name in visible or self.names.register.unread(MEASURE, f"{self.table.name}.{name}"):
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
        kind = where if where in (PARAMETER, WORDS) else MEASURE
        entry = name.partition(".")[0] if kind == WORDS else name if kind == PARAMETER else f"{where}.{name}"
        if where != "上年" and self.names.register.unread(kind, entry):
            return None
        return self._fault(
            node, f"“{where}”里没有“{short(name)}”", did_you_mean(name, known) or f"有的是：{'、'.join(known[:8])}"
        )


_KEYWORDS = ("为空", "不为空", "含有", "不含", "属于", "不属于", "介于", "匹配", "且", "或", "非", "与")


def _field(term: Term, scope: ir.Scope) -> ir.Field:
    return ir.Field(scope, term.table, term.name, term.type, term.blank_is_empty)
