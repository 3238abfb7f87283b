"""One rule's texts → a compiled rule, or every fault with file, line and column."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from fpcheck.document import Node, Scalar, Sequence
from fpcheck.finding import TO_CHECK, Basis, Recommendation
from fpcheck.problem import Place, Problem, did_you_mean
from fpcheck.rulebook import ir
from fpcheck.rulebook.calls import Typechecker
from fpcheck.rulebook.compiled import Clause, CompiledRule
from fpcheck.rulebook.crosscheck import unfit
from fpcheck.rulebook.expression import parse
from fpcheck.rulebook.lower import lower
from fpcheck.rulebook.malformed import Malformed
from fpcheck.rulebook.names import ADVICE, SOURCE, Names, Register
from fpcheck.rulebook.rule import Advice, Rule, Source
from fpcheck.rulebook.template import Slot, Template, pieces, stray_brace
from fpcheck.schema import node_at, place_of
from fpcheck.terms import MISSING, PROJECT, Table, Type

_COUNTED, _NUMBERS = (Type.MONEY, Type.RATIO), (Type.NUMBER, Type.COUNT)
Path = tuple[int | str, ...]
EXPRESSIONS = ("适用", "条件", "除非")


class Shelf(NamedTuple):
    """What rules may cite."""

    sources: dict[str, Source]
    advice: dict[str, Advice]
    register: Register


class RuleCompiler:
    """Compiles one rule; `problems` holds every fault."""

    def __init__(self, rule: Rule, node: Node, file: str, names: Names, shelf: Shelf) -> None:
        self.rule = rule
        self.node = node
        self.file = file
        self.names = names
        self.shelf = shelf
        self.problems: list[Problem] = []
        self.incomplete = False  # something could not be typed, for a fault that stands elsewhere

    def compile(self) -> CompiledRule | None:
        """Give the compiled rule, None when anything about it is faulty."""
        table = self.names.glossary.tables.get(self.rule.table)
        if table is None:
            known = [*self.names.glossary.tables]
            hint = did_you_mean(self.rule.table, known) or f"有的是：{'、'.join(known)}"
            self.note(("对象",), f"没有“{self.rule.table}”这张表", hint)
            return None
        if self.names.glossary.find_region(self.rule.region) is None:
            hint = self.names.glossary.known_regions(self.rule.region)
            self.note(("地区",), f"没有“{self.rule.region}”这个地区", hint)
        applies, conditions, unless = (self._clauses(key, table) for key in EXPRESSIONS)
        expected, difference, subject = (self._figure(key, table) for key in ("应为", "差额", "主体"))
        message, fix = self._template("问题", self.rule.message, table), self._template("整改", self.rule.fix, table)
        basis, recommendation = cited(self.rule.basis, self.shelf, self.note), self._recommendation()
        self._whole()
        self._concludes((*applies, *conditions, *unless))
        for path, what, hint in unfit(self.rule, table, [clause.typed for clause in conditions]):
            self.note(path, what, hint)
        mark = self._mark(table, conditions)
        self._fits({"应为": expected, "差额": difference}, mark)
        if self.problems or self.incomplete:
            return None
        read = [*_opened(clause.typed for clause in (*applies, *conditions))]
        judged = [*read, *_opened(clause.typed for clause in unless)]
        figures = [*(e for e in (expected, difference) if e), *(s.expr for t in (message, fix) for s in t.slots())]
        every = [*judged, *_opened(figures)]
        return CompiledRule(
            rule=self.rule,
            file=self.file,
            table=table,
            applies=applies,
            conditions=conditions,
            unless=unless,
            expected=expected,
            difference=difference,
            subject=subject,
            message=message,
            fix=fix,
            mark=mark,
            reads=frozenset(_reads(read)),
            parameters=frozenset(n.name for n in every if isinstance(n, ir.Parameter)),
            findings=frozenset(r for n in every if isinstance(n, ir.Findings) for r in n.rules),
            needs_previous=any(isinstance(n, ir.Field) and n.scope is ir.Scope.PREVIOUS for n in judged),
            needs_batch=any(isinstance(n, ir.Batch) for n in judged),
            basis=basis,
            recommendation=recommendation,
        )

    def note(self, path: tuple[int | str, ...], message: str, hint: str, column: int = 0) -> None:
        """Keep a fault of the value at `path`; `column` counts from 1 within its text."""
        place = place_of(self.node, path)
        self.problems.append(
            Problem(
                self.file, f"{self.rule.id} {message}".strip(), hint, _shifted(place, node_at(self.node, path), column)
            )
        )

    def _clauses(self, key: str, table: Table) -> tuple[Clause, ...]:
        lines = {"适用": self.rule.applies, "条件": self.rule.conditions, "除非": self.rule.unless}[key]
        found = node_at(self.node, (key,))
        if isinstance(found, Sequence) and found.flow and found.items:
            rewritten = "".join(f"\n  - {line}" for line in lines)
            self.note((key,), f"“{key}”要一行写一句，不能写在方括号里", f"请改成：\n{key}:{rewritten}")
            return ()
        clauses = [self._clause((key, number), line, table) for number, line in enumerate(lines)]
        return tuple(clause for clause in clauses if clause)

    def _clause(self, path: tuple[int | str, ...], text: str, table: Table) -> Clause | None:
        typed = self._typed(path, text, table, condition=True)
        return Clause(text, typed, lower(typed)) if typed else None

    def _typed(
        self, path: tuple[int | str, ...], text: str, table: Table, *, condition: bool = False, offset: int = 0
    ) -> ir.Expr | None:
        found = typed(text, self.names, table, lambda m, h, c: self.note(path, m, h, c + offset), condition=condition)
        self.incomplete |= found is None
        return found

    def _figure(self, key: str, table: Table) -> ir.Expr | None:
        text = {"应为": self.rule.expected, "差额": self.rule.difference, "主体": self.rule.subject}[key]
        found = self._typed((key,), text, table) if text else None
        return lower(found) if found else None

    def _template(self, key: str, text: str, table: Table) -> Template:
        stray = stray_brace(text)
        if stray is not None:
            self.note((key,), "花括号没有配对，或用了全角花括号", "要填的内容请写成 {字段名}", stray + 1)
            return Template(())
        parts: list[str | Slot] = []
        for offset, piece, is_slot in pieces(text):
            found = self._typed((key,), piece, table, offset=offset) if is_slot else None
            if not is_slot:
                parts.append(piece)
            elif found:
                parts.append(Slot(piece, found))
        return Template(tuple(parts))

    def _whole(self) -> None:
        """Check what the keys of a rule must say together."""
        if self.rule.effective_until and self.rule.effective_until < self.rule.effective_from:
            self.note(("失效",), "“失效”早于“生效”", "请核对日期")
        needed = {"问题": {"级别": "severity", "把握": "confidence", "整改": "fix"}, TO_CHECK: {"整改": "fix"}}
        for key, field in needed.get(self.rule.role, {}).items():
            if field not in self.rule.model_fields_set:
                self.note((), f"缺少“{key}”", f"结果为“{self.rule.role}”的规则都要写")
        if self.rule.role != "问题":
            return
        keys = [key for item in self.rule.basis for key in item]
        forces = {self.shelf.sources[key].force for key in keys if key in self.shelf.sources}
        if forces == {"惯例"} and self.rule.severity in ("严重", "重要"):
            self.note(("级别",), "的依据只是惯例，级别最多是“一般”", "请改为 一般 或 提示，或写上法规、地方的依据")

    def _concludes(self, clauses: tuple[Clause, ...]) -> None:
        """Hold a conclusion to what conclusions are about: the findings of other rules."""
        findings = any(isinstance(node, ir.Findings) for node in _opened(clause.typed for clause in clauses))
        if self.rule.role == "结论" and not (findings or self.incomplete):
            hint = "看表上内容的，写 结果: 问题（或删去这一行）；看前面的规则的，在条件里写 发现数(…) > 0"
            self.note(("结果",), "结果是“结论”，却没有一句看前面的规则发现了什么", hint)

    def _recommendation(self) -> Recommendation | None:
        key = self.rule.recommendation
        if key is None:
            return None
        advice = self.shelf.advice.get(key)
        self.shelf.register.use(ADVICE, key)
        if advice is None and self.shelf.register.unread(ADVICE, key):
            return None
        if advice is None:
            hint = did_you_mean(key, list(self.shelf.advice)) or "请先把它写进 recommendations.yaml"
            self.note(("建议",), f"recommendations.yaml 里没有“{key}”", hint)
            return None
        return Recommendation(key, advice.title, advice.text)

    def _mark(self, table: Table, conditions: tuple[Clause, ...]) -> tuple[str, str | None]:
        if self.rule.mark:
            if self.rule.mark in table.columns:
                return table.name, self.rule.mark
            owner, _, column = self.rule.mark.partition(".")
            other = self.names.glossary.tables.get(owner)
            if other and (column in other.columns or (not column and other is not table)):
                return owner, column or None
            self._no_such_mark(self.rule.mark, table, whole=other is table)
        fields = (n for clause in conditions[:1] for n in _opened([clause.typed]) if isinstance(n, ir.Field))
        first = next(fields, None)
        return self._printed(first) if first else (table.name, None)

    def _printed(self, field: ir.Field) -> tuple[str, str]:
        """Give the column of the form that holds a field: of one worked out from a column, that column."""
        term = self.names.glossary.tables[field.table].columns.get(field.name)
        return field.table, (term.derived_from if term else None) or field.name

    def _no_such_mark(self, mark: str, table: Table, *, whole: bool) -> None:
        known = list(table.columns)
        some = f"写字段名，如 {'、'.join(known[:5])}；别的表的写 表.列"
        if whole:
            self.note(("标注",), f"“{mark}”就是“对象”那张表，要写毛病标在它的哪一栏", some)
        else:
            self.note(("标注",), f"没有“{mark}”这个字段", did_you_mean(mark, known) or some)

    def _fits(self, figures: dict[str, ir.Expr | None], mark: tuple[str, str | None]) -> None:
        """Hold the figures that a finding shows to the kind of the cell that it marks, where the rule names one."""
        owner = self.names.glossary.tables.get(mark[0])
        term = owner.columns.get(mark[1] or "") if owner and self.rule.mark else None
        for key, found in figures.items():
            if (
                term
                and found
                and {term.type, found.type} <= {*_COUNTED, *_NUMBERS}
                and not _alike(term.type, found.type)
            ):
                message = f"“{key}”是{found.type.label}，“标注”的“{mark[1]}”是{term.type.label}，对不上"
                self.note((key,), message, f"请写算出“{mark[1]}”的算式，或改“标注”")


def _alike(one: Type, two: Type) -> bool:
    return one is two or {one, two} <= {*_NUMBERS}


def cited(basis: Iterable[dict[str, str]], shelf: Shelf, note: Callable[[Path, str, str], None]) -> tuple[Basis, ...]:
    """Look up what is cited; a source that is not listed goes to `note` as (path, message, hint)."""
    found = []
    for number, item in enumerate(basis):
        [(key, article)] = item.items()
        source = shelf.sources.get(key)
        shelf.register.use(SOURCE, key)
        if source is None and shelf.register.unread(SOURCE, key):
            continue
        if source is None:
            hint = did_you_mean(key, list(shelf.sources)) or "请先把它写进 sources.yaml"
            note(("依据", number), f"sources.yaml 里没有“{key}”", hint)
        else:
            found.append(Basis(key, source.title, source.number, article))
    return tuple(found)


def typed(
    text: str, names: Names, table: Table, note: Callable[[str, str, int], None], *, condition: bool = False
) -> ir.Expr | None:
    """Parse and type an expression; every fault goes to `note` as (message, hint, column)."""
    try:
        syntax = parse(text)
    except Malformed as bad:
        note(str(bad), bad.hint, bad.column)
        return None
    checker = Typechecker(text, names, table)
    found = checker.condition(syntax) if condition else checker.expr(syntax)
    for mistake in checker.mistakes:
        note(mistake.message, mistake.hint, mistake.column)
    return None if checker.mistakes else found


def _shifted(place: Place, node: Node | None, column: int) -> Place:
    if not column or not isinstance(node, Scalar) or place.column is None:
        return place
    return Place(line=place.line, column=place.column + column - 1 + node.quoted)


def _opened(exprs: Iterable[ir.Expr]) -> Iterator[ir.Expr]:
    """Walk expressions, measures opened."""
    for expr in exprs:
        yield from ir.walk(expr)


def _reads(nodes: Iterable[ir.Expr]) -> Iterator[tuple[str, str | None]]:
    for node in nodes:
        if isinstance(node, ir.Field) and node.scope is not ir.Scope.PREVIOUS:
            yield node.table, node.name
        elif isinstance(node, ir.Aggregate):
            yield node.table, None


def may_be_unknown(rule: CompiledRule) -> bool:
    """Tell whether missing values can leave a rule undecided: 为空 of a project's fields and 缺项 never do."""
    nodes = [node for clause in rule.clauses for node in ir.walk(clause.typed)]
    asked = {id(node.field) for node in nodes if isinstance(node, ir.IsBlank)}
    deciding = (ir.And, ir.Or, ir.Not, ir.IsBlank, ir.Const, ir.Member)

    def decided(node: ir.Expr) -> bool:
        known = isinstance(node, ir.Field) and node.table == MISSING
        return known or id(node) in asked or isinstance(node, deciding)

    return rule.table.name not in (PROJECT, MISSING) or not all(map(decided, nodes))
