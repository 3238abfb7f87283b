"""Where a change is tried on the rules themselves before anybody is told of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from fpcheck.engine.change import cell_of, changed
from fpcheck.engine.env import Env, NoParameterError
from fpcheck.engine.explain.narrow import Fields, over_the_batch, over_the_years, touched
from fpcheck.engine.explain.shapes import Effect, Effects
from fpcheck.engine.group import Group, Tally
from fpcheck.engine.in_force import InForce
from fpcheck.engine.linear import CellRef
from fpcheck.engine.run import Settings, judged, judged_together
from fpcheck.engine.semantics import judge
from fpcheck.facts import Facts
from fpcheck.finding import TO_CHECK, Outcome, RuleOutcome
from fpcheck.record import State
from fpcheck.rulebook.compiled import CompiledRule, Rulebook
from fpcheck.terms import PROJECT, SUMMARY

MOST_MEMBERS = 200  # of a district that is judged again after a change
LONG = 1_000  # rows of a submission
Values = Mapping[CellRef, Fraction]
_Key = tuple[str, str, int | None]  # whose form, empty for the one asked about and the district; rule; row
_Said = dict[_Key, Outcome]


@dataclass(frozen=True)
class Tried:
    """What a rule says of a row after a change, with the row's environment."""

    outcome: Outcome
    env: Env


@dataclass
class Bench:
    """A submission among the others of its project, and the rules that it is judged by.

    `later` are the submissions for which it is that of the year before.
    """

    facts: Facts
    group: Group
    rulebook: Rulebook
    settings: Settings
    later: tuple[Facts, ...] = ()
    _before: dict[tuple[frozenset[str], frozenset[tuple[str, str]]], _Said] = field(default_factory=dict)
    _others: dict[frozenset[str], list[Tally]] = field(default_factory=dict)

    @property
    def long(self) -> bool:
        """Tell a submission that takes long to judge."""
        return sum(map(len, self.facts.tables.values())) > LONG

    def law(self, facts: Facts) -> InForce:
        """Give the rules and thresholds in force for a submission."""
        return InForce(facts, self.rulebook, self.settings.as_of, self.settings.region)

    def tried(self, rule: CompiledRule, row: int | None, values: Values) -> Tried | None:
        """Judge one row by one rule after a change; None where the change or the rule falls away."""
        try:
            facts = changed(self.facts, values)
            law = self.law(facts)
            if law.why_not(rule):
                return None
            env = Env(facts, law.parameter, PROJECT, facts.project, group=self._with(facts))
            verdict = next(judge(rule, env, row), None)
        except (ValueError, ArithmeticError, NoParameterError):
            return None
        return Tried(verdict.outcome, verdict.env) if verdict else None

    def effects(self, rule: CompiledRule, row: int | None, values: Values) -> Effects:
        """Tell what every other rule would newly say: of the changed submission, of others, of the district."""
        facts = changed(self.facts, values)
        rules = self._concerned(facts, values)
        fields = {(ref.table, ref.field) for ref in values}
        before, after = self._said_before(rules, fields), self._everywhere(facts, rules, fields)
        keys = sorted({*before, *after} - {("", rule.rule.id, row)}, key=lambda key: (key[1], key[0], key[2] or 0))
        turned = [(key, before.get(key), after.get(key)) for key in keys if before.get(key) is not after.get(key)]
        return Effects(
            self._told(key for key, _, new in turned if new is Outcome.VIOLATED),
            self._told(key for key, old, _ in turned if old is Outcome.VIOLATED),
            self._told(key for key, _, new in turned if new in (Outcome.UNDECIDED, Outcome.ERROR)),
            self._unseen(fields),
        )

    def _unseen(self, fields: Fields) -> str:
        """Say why the others of the group are not judged again, empty where they are."""
        if len(self.group.members) > MOST_MEMBERS:
            return "单位太多"
        moved = len(self.group.members) > 1 and (PROJECT, "年度") in fields
        return "年度一改，就不再和这些单位一起看" if moved else ""

    def _told(self, keys: Iterable[_Key]) -> tuple[Effect, ...]:
        names = self.rulebook.names
        return tuple(Effect(number, names[number], row, owner) for owner, number, row in keys)

    def _elsewhere(self, facts: Facts, fields: Fields, *, alone: bool) -> _Said:
        """Judge the other submissions by the rules that read these fields of this one."""
        found: _Said = {}
        batch = over_the_batch(self.rulebook, fields)
        group = self._with(facts)
        for member in group.members if batch.rules and not alone else ():
            if member is not facts:
                found |= self._of(member, group, batch, member.submission.owner)
        years = over_the_years(self.rulebook, fields)
        for later in self.later if years.rules else ():
            moved = replace(later, previous=facts.submission.project.cells)
            found |= self._of(moved, Group((moved,)), years, f"{later.submission.owner} {later.submission.year} 年")
        return found

    def _of(self, member: Facts, group: Group, rules: Rulebook, owner: str) -> _Said:
        outcomes, _ = judged(member, group, rules, self.settings)
        return _by_key(outcomes, owner)

    def _concerned(self, facts: Facts, values: Values) -> Rulebook:
        """Give the rules that a change may touch: all of them where another day means other rules."""
        if self.law(facts).day != self.law(self.facts).day:
            return self.rulebook
        filled = any(cell_of(self.facts, ref).state is State.BLANK for ref in values)
        return touched(self.rulebook, {(ref.table, ref.field) for ref in values}, filled=filled)

    def _said_before(self, rules: Rulebook, fields: Fields) -> _Said:
        key = frozenset(rule.rule.id for rule in rules.rules), frozenset(fields)
        if key not in self._before:
            self._before[key] = self._everywhere(self.facts, rules, fields)
        return self._before[key]

    def _everywhere(self, facts: Facts, rules: Rulebook, fields: Fields) -> _Said:
        """Judge the submission, the district, and the others that see these fields of it."""
        alone = bool(self._unseen(fields))
        return self._said(facts, rules, alone=alone) | self._elsewhere(facts, fields, alone=alone)

    def _said(self, facts: Facts, rules: Rulebook, *, alone: bool) -> _Said:
        group = self._with(facts)
        outcomes, tally = judged(facts, group, rules, self.settings)
        if not alone and len(group.members) > 1 and any(rule.table.name == SUMMARY for rule in rules.rules):
            tallies = [tally, *self._tallies(rules)]
            outcomes = [*outcomes, *judged_together(group, tallies, rules, self.settings)[0]]
        return _by_key(outcomes)

    def _tallies(self, rules: Rulebook) -> list[Tally]:
        key = frozenset(rule.rule.id for rule in rules.rules)
        if key not in self._others:
            others = [facts for facts in self.group.members if facts is not self.facts]
            self._others[key] = [judged(facts, self.group, rules, self.settings)[1] for facts in others]
        return self._others[key]

    def _with(self, facts: Facts) -> Group:
        return Group(tuple(facts if member is self.facts else member for member in self.group.members))


def _by_key(outcomes: Iterable[RuleOutcome], owner: str = "") -> _Said:
    """Give what was said by form, rule and row; a question to a person is left out, nobody is the worse for it."""
    return {(owner, said.rule, said.row): said.outcome for said in outcomes if said.role != TO_CHECK}
