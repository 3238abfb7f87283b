"""Trying a change on the rules themselves: what is hit no longer, what is hit anew."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from fpcheck.engine.change import changed
from fpcheck.engine.env import Env, NoParameterError
from fpcheck.engine.group import Group
from fpcheck.engine.linear import CellRef
from fpcheck.engine.relations import UnsureError
from fpcheck.engine.semantics import judge
from fpcheck.finding import Outcome, RuleOutcome
from fpcheck.rulebook import ir
from fpcheck.rulebook.compiled import CompiledRule

MOST_ROWS = 50_000

Key = tuple[str, int | None]
"""A rule's number and the row, counted from 1, None for 项目."""


def altered(env: Env, values: Mapping[CellRef, Fraction]) -> Env:
    """Give the project's environment with other figures in some cells.

    Raises:
        UnsureError: a cell cannot hold its figure, or another day would mean other rules.
    """
    try:
        facts = changed(env.facts, values)
    except (ValueError, ArithmeticError):
        raise UnsureError from None
    if facts.reference_date(None) != env.facts.reference_date(None):
        raise UnsureError
    members = tuple(facts if member is env.facts else member for member in env.group.members) if env.group else ()
    return replace(env, facts=facts, row=facts.project, group=Group(members) if members else None, cache={})


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change does: hits that vanish, rows hit anew, and all rows that pass afterwards."""

    vanished: frozenset[Key]
    raised: frozenset[Key]
    passed: frozenset[Key]

    def agrees(self, relations: Iterable[Key], checked: Iterable[str]) -> bool:
        """Tell whether these relations all pass, and no 勾稽 rule is hit that was not."""
        return self.passed.issuperset(relations) and not {number for number, _ in self.raised} & {*checked}


class Trial:
    """The rules that said something about a form, ready to be asked again about the form with other figures."""

    def __init__(self, env: Env, rules: Iterable[CompiledRule], outcomes: Iterable[RuleOutcome]) -> None:
        self.env = env
        said = list(outcomes)
        unrun = {one.rule for one in said if one.unchecked or one.outcome is Outcome.ERROR}
        self.rules = [rule for rule in rules if rule.rule.id not in unrun]
        self.rows = 0
        self.hits = frozenset((one.rule, one.row) for one in said if one.outcome is Outcome.VIOLATED)

    @property
    def spent(self) -> bool:
        """Tell that no more can be tried."""
        return self.rows > MOST_ROWS

    def effect(self, values: Mapping[CellRef, Fraction]) -> Effect:
        """Judge anew every rule that reads one of the changed cells.

        Raises:
            UnsureError: the change cannot be made, a rule cannot be run after it, or `MOST_ROWS` are used up.
        """
        fields = {(ref.table, ref.field) for ref in values}
        rules = [rule for rule in self.rules if not fields.isdisjoint(_read(rule))]
        self.rows += 1 + sum(len(self.env.facts.rows(table) or ()) for rule in rules for table in _tables(rule))
        if self.spent:
            raise UnsureError
        env = altered(self.env, values)
        try:
            after = {(rule.rule.id, said.row): said.outcome for rule in rules for said in judge(rule, env)}
        except (NoParameterError, ArithmeticError, ValueError):
            raise UnsureError from None
        hits = frozenset(key for key, outcome in after.items() if outcome is Outcome.VIOLATED)
        before = frozenset(key for key in self.hits if key[0] in {rule.rule.id for rule in rules})
        passed = frozenset(key for key, outcome in after.items() if outcome is Outcome.PASSED)
        return Effect(before - hits, hits - before, passed)


def _tables(rule: CompiledRule) -> set[str]:
    return {rule.table.name, *(table for table, _ in rule.reads)}


def _read(rule: CompiledRule) -> set[tuple[str, str]]:
    nodes = (node for clause in rule.clauses for node in ir.walk(clause.typed))
    return {(node.table, node.name) for node in nodes if isinstance(node, ir.Field)}
