"""The 勾稽 relations between a form's figures as they were judged: which cells each of them binds together."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from fpcheck.engine.change import stated
from fpcheck.engine.env import Env
from fpcheck.engine.linear import CellRef, cells
from fpcheck.facts import Facts
from fpcheck.finding import Outcome, RuleOutcome
from fpcheck.record import BLANK, Cell
from fpcheck.rulebook import functions as fn
from fpcheck.rulebook import ir
from fpcheck.rulebook.compiled import CompiledRule
from fpcheck.terms import Term

MOST_CELLS = 300_000


class UnsureError(Exception):
    """More cells, or less plain arithmetic, than can be searched: better silent than wrong."""


@dataclass(frozen=True, eq=False)
class Relation:
    """One row of a 勾稽 rule, `hit` or passed, with the cells of figures that it reads."""

    rule: CompiledRule
    row: int | None
    hit: bool
    cells: frozenset[CellRef]

    @property
    def key(self) -> tuple[str, int | None]:
        """The rule's number and the row."""
        return self.rule.rule.id, self.row

    def at(self, env: Env) -> Env:
        """Give the environment of the relation's row; `env` is that of the project."""
        return row_of(env, self.rule.table.name, self.row)


def row_of(env: Env, table: str, row: int | None) -> Env:
    """Give the environment of a row that is there."""
    if row is None:
        return env
    return replace(env, table=table, row=(env.facts.rows(table) or ())[row - 1], number=row)


def relations(env: Env, rules: Iterable[CompiledRule], outcomes: Iterable[RuleOutcome]) -> list[Relation]:
    """Give the relations of a form that disagree with others: nothing unless at least two are hit.

    Args:
        env: that of the project.
        rules: the rules that were judged.
        outcomes: what they said.

    Raises:
        UnsureError: more than `MOST_CELLS` cells.
    """
    checked = {rule.rule.id: rule for rule in rules if rule.rule.cross_checks}
    said = [o for o in outcomes if o.rule in checked and o.outcome in (Outcome.VIOLATED, Outcome.PASSED)]
    if sum(o.outcome is Outcome.VIOLATED for o in said) < 2:  # noqa: PLR2004 - "disagree" takes two
        return []
    found, seen = [], 0
    for outcome in said:
        rule = checked[outcome.rule]
        here = row_of(env, rule.table.name, outcome.row)
        read = frozenset(ref for clause in (*rule.applies, *rule.conditions) for ref in cells(clause.lowered, here))
        seen += len(read)
        if seen > MOST_CELLS:
            raise UnsureError
        figures = frozenset(ref for ref in read if movable(env.facts, ref))
        found.append(Relation(rule, outcome.row, outcome.outcome is Outcome.VIOLATED, figures))
    return found


def movable(facts: Facts, ref: CellRef) -> bool:
    """Tell a figure or date that was filled in: a missing value is not a wrong one, and texts are not figured out."""
    filled = facts.glossary.tables[ref.table].fields
    return ref.field in filled and filled[ref.field].type in fn.ORDERED and stated(cell_of(facts, ref)) is not None


def term_of(facts: Facts, ref: CellRef) -> Term:
    """Give the field of a cell that is filled in."""
    return facts.glossary.tables[ref.table].fields[ref.field]


def cell_of(facts: Facts, ref: CellRef) -> Cell:
    """Give a cell, blank where it was not supplied."""
    rows = facts.rows(ref.table) or ()
    row = rows[(ref.row or 1) - 1] if rows else {}
    return row.get(ref.field, BLANK)


def joined(found: Iterable[Relation]) -> list[list[Relation]]:
    """Part relations into groups that share no cell; only groups in which at least two are hit."""
    owner: dict[CellRef, CellRef] = {}

    def root(ref: CellRef) -> CellRef:
        while owner.setdefault(ref, ref) != ref:
            owner[ref] = owner[owner[ref]]
            ref = owner[ref]
        return ref

    bound = [relation for relation in found if relation.cells]
    for relation in bound:
        first, *others = (root(ref) for ref in relation.cells)
        for other in others:
            owner[other] = first
    groups = defaultdict(list)
    for relation in bound:
        groups[root(next(iter(relation.cells)))].append(relation)
    return [group for group in groups.values() if sum(r.hit for r in group) > 1]


def derivation(rules: Iterable[CompiledRule]) -> Mapping[tuple[str, str], int]:
    """Tell how derived fields (table, field) are: 0 = stands by itself, 1 = worked out of such, 2 = of those, …

    A field that stands alone on one side of an equality in a 勾稽 rule is worked out of what stands on the other.
    """
    sources: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
    for rule in rules:
        if rule.rule.cross_checks:
            for clause in rule.conditions:
                for node in ir.walk(clause.typed):
                    if isinstance(node, ir.Compare) and node.op == "=":
                        _note(sources, node.left, node.right)
                        _note(sources, node.right, node.left)

    def depth(field: tuple[str, str], above: frozenset[tuple[str, str]]) -> int:
        under = sources.get(field, set()) - above - {field}
        return 1 + max((depth(other, above | {field}) for other in under), default=-1) if field in sources else 0

    return {field: depth(field, frozenset()) for field in sources}


def _note(sources: dict[tuple[str, str], set[tuple[str, str]]], alone: ir.Expr, formula: ir.Expr) -> None:
    if isinstance(alone, ir.Field) and not isinstance(formula, ir.Field):
        figures = (n for n in ir.walk(formula) if isinstance(n, ir.Field) and n.type in fn.ORDERED)
        if read := {(n.table, n.name) for n in figures} - {(alone.table, alone.name)}:
            sources[alone.table, alone.name] |= read
