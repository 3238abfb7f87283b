"""A rulebook ready to run: typed and lowered rules with everything they cite."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from fpcheck.finding import Basis, Recommendation
from fpcheck.intake.printed.blank import BlankForm
from fpcheck.intake.printed.layout import Layout
from fpcheck.problem import Problem
from fpcheck.rulebook import ir
from fpcheck.rulebook.rule import Rule, Setting
from fpcheck.rulebook.template import Template
from fpcheck.terms import Glossary, Table, Type
from fpcheck.wording import Wording


class Clause(NamedTuple):
    """One line of a rule: as written, typed, and lowered."""

    text: str
    typed: ir.Expr
    lowered: ir.Expr


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule ready to run.

    `reads` are the fields (table, field; field None = the table) that 适用 and 条件 read, measures opened;
    `mark` is the field that a finding points to.
    """

    rule: Rule
    file: str
    table: Table
    applies: tuple[Clause, ...]
    conditions: tuple[Clause, ...]
    unless: tuple[Clause, ...]
    expected: ir.Expr | None
    difference: ir.Expr | None
    subject: ir.Expr | None
    message: Template
    fix: Template
    mark: tuple[str, str | None]
    reads: frozenset[tuple[str, str | None]]
    parameters: frozenset[str]
    findings: frozenset[str]
    needs_previous: bool
    needs_batch: bool
    basis: tuple[Basis, ...]
    recommendation: Recommendation | None

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """Every line, in order of writing."""
        return (*self.applies, *self.conditions, *self.unless)


class Value(NamedTuple):
    """A parameter's value, the setting that gave it, what that cites, and the pack's layer (0 = the shipped one)."""

    value: Fraction | str | date | bool
    setting: Setting
    basis: tuple[Basis, ...]
    layer: int = 0


@dataclass(frozen=True)
class Parameters:
    """Thresholds by region, 表样 and date."""

    glossary: Glossary
    types: Mapping[str, Type]
    values: Mapping[str, tuple[Value, ...]]

    def find(self, name: str, region: str, template: str | None, day: date) -> Value | None:
        """Give the value in force.

        The nearest region wins, then one made for the 表样, then the user's own, then the latest.
        """
        layers = self.glossary.layers(region)
        fitting = [
            value
            for value in self.values[name]
            if value.setting.region in layers
            and value.setting.since <= day
            and value.setting.template in (None, template)
        ]
        return min(fitting, key=lambda v: _rank(v, layers), default=None)


def _rank(value: Value, layers: list[str]) -> tuple[int, bool, int, int]:
    setting = value.setting
    return layers.index(setting.region), setting.template is None, -value.layer, -setting.since.toordinal()


class SummaryMeasure(NamedTuple):
    """A figure over a district, with its reading in words."""

    name: str
    expr: ir.Expr
    reading: str


class PolicyStep(NamedTuple):
    """One step of the decision policy."""

    decision: str
    conditions: tuple[ir.Expr, ...]


class Reckoning(NamedTuple):
    """A rate over one form or over a district, when it applies (None = always), and how it is worked out in words.

    `value` takes what cannot be read as not done, `most` as done; None where the two are the same.
    """

    value: ir.Expr
    most: ir.Expr | None
    applies: ir.Expr | None
    reading: str


class Rate(NamedTuple):
    """A checkpoint scored by a rate; where one of the `doubts` hit, the rate is only the most it can get."""

    name: str
    one: Reckoning
    district: Reckoning
    doubts: frozenset[str] = frozenset()


class Faults(NamedTuple):
    """A checkpoint lost where one of the rules hit; a hit of a `doubtful` one (把握 低) leaves it to a person."""

    rules: frozenset[str]
    doubtful: frozenset[str]


class ForPerson(NamedTuple):
    """A checkpoint that only a person can score, and what to look at."""

    look: str


class Checkpoint(NamedTuple):
    """One checkpoint; `complete` tells that the program sees all of it, not only what speaks against it."""

    text: str
    weight: Fraction
    complete: bool
    way: Rate | Faults | ForPerson


class ScoredIndicator(NamedTuple):
    """One 三级指标 of the framework."""

    category: str
    dimension: str
    name: str
    points: tuple[Checkpoint, ...]


class Band(NamedTuple):
    """One grade and the total from which it holds, None for the lowest."""

    grade: str
    bound: ir.Expr | None


@dataclass(frozen=True, slots=True)
class Scorecard:
    """An evaluation framework; `compared` are the project's fields that state a total or a grade.

    `content` are the tables and project fields that it looks at: a form with nothing in them gets no card.
    """

    title: str
    basis: tuple[Basis, ...]
    since: date
    forms: tuple[str, ...]
    full: Fraction
    compared: tuple[str, ...]
    content: tuple[str, ...]
    bands: tuple[Band, ...]
    indicators: tuple[ScoredIndicator, ...]


class LeftOut(NamedTuple):
    """A rule left out by name: its number, or its file where the number cannot be read."""

    id: str
    name: str


class Replaced(NamedTuple):
    """A rule whose place one of the same number took, from the `lower` file by the `upper`."""

    id: str
    lower: str
    upper: str


@dataclass(frozen=True)
class Rulebook:
    """All rules, checked: base rules first, then conclusions in the order in which they read each other."""

    glossary: Glossary
    rules: tuple[CompiledRule, ...]
    parameters: Parameters
    measures: tuple[SummaryMeasure, ...]
    policy: tuple[PolicyStep, ...]
    digest: str
    wording: Wording  # the word lists by which 可衡量 is judged
    left_out: tuple[LeftOut, ...] = ()
    by_id: Mapping[str, CompiledRule] = field(default_factory=dict)
    replaced: tuple[Replaced, ...] = ()  # rules of a lower layer that the user's own took the place of
    scorecard: Scorecard | None = None
    layouts: tuple[Layout, ...] = ()  # how office forms are printed
    blanks: tuple[BlankForm, ...] = ()
    hints: tuple[Problem, ...] = ()  # what a sound pack may still have forgotten

    @property
    def names(self) -> dict[str, str]:
        """Rule numbers → names, left-out rules included."""
        kept = {rule.rule.id: rule.rule.name for rule in self.rules}
        return kept | {rule.id: rule.name for rule in self.left_out}
