"""The submissions of one project and year taken together, and what the rules found in them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from fpcheck.engine.unknown import Interval
from fpcheck.facts import Facts, Row
from fpcheck.finding import Outcome, RuleOutcome
from fpcheck.record import Cell, State
from fpcheck.submission import Submission
from fpcheck.terms import PROJECT, SUMMARY
from fpcheck.value import normal


@dataclass(frozen=True)
class Group:
    """All submissions of one project and year, and the 汇总 row over them."""

    members: tuple[Facts, ...]
    cache: dict[int, tuple[Any, list[Any]]] = field(default_factory=dict)

    @cached_property
    def row(self) -> Row:
        """The columns of 汇总."""
        first = self.members[0]
        units = {unit_key(facts.submission) for facts in self.members}
        copied = {name: first.project[name] for name in ("项目名称", "年度") if name in first.project}
        return {**copied, "单位数": Cell(State.VALUE, len(units))}

    def rows(self, table: str) -> list[tuple[Facts, Row, int]] | None:
        """Give a table's rows over all members, None when a member did not state it."""
        found: list[tuple[Facts, Row, int]] = []
        for facts in self.members:
            rows = facts.rows(table)
            if rows is None:
                return None
            found += [(facts, row, number) for number, row in enumerate(rows, 1)]
        return found


def groups_of(members: Iterable[Facts]) -> list[Group]:
    """Group submissions by project (its normalised name, else its code) and year."""
    found: dict[tuple[str, str], list[Facts]] = defaultdict(list)
    for facts in members:
        found[group_key(facts.submission)].append(facts)
    return [Group(tuple(found[key])) for key in sorted(found)]


def group_key(submission: Submission) -> tuple[str, str]:
    """Give what the submissions of one group have in common: project and year."""
    project = project_key(submission.text("项目名称"), submission.text("项目编码"))
    return project or submission.id, submission.text("年度")


def unit_key(submission: Submission) -> str:
    """Give what tells one unit of a group from another."""
    return normal(submission.text("实施单位")) or submission.id


def project_key(name: str, code: str) -> str:
    """Give what tells one project from another."""
    return normal(name).replace(" ", "") or code


@dataclass
class Tally:
    """What the rules found: per rule the hits and what stayed undecided, per unit."""

    unit: str = ""
    hits: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    undecided: dict[str, dict[str, int | None]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, rule: str, outcomes: list[RuleOutcome]) -> None:
        """Count what a rule said; a table not stated, or a failure, may hide any number of hits."""
        hit = sum(said.outcome is Outcome.VIOLATED for said in outcomes)
        open_ = [said for said in outcomes if said.outcome in (Outcome.UNDECIDED, Outcome.ERROR)]
        unbounded = any(said.row is None and said.table != PROJECT for said in open_)
        if hit:
            self.hits[rule][self.unit] = self.hits[rule].get(self.unit, 0) + hit
        if open_:
            self.undecided[rule][self.unit] = None if unbounded else len(open_)

    def found(self, fn: str, rules: frozenset[str]) -> Interval | str:
        """Answer 发现数, 发现单位数 or 发现单位."""
        hit = [unit for rule in rules for unit in self.hits.get(rule, {}) if unit != SUMMARY]
        if fn == "发现单位":
            return "、".join(sorted(set(hit)))
        maybe = [unit for rule in rules for unit in self.undecided.get(rule, {}) if unit != SUMMARY]
        if fn == "发现单位数":
            return Interval(len(set(hit)), len({*hit, *maybe}))
        low = sum(count for rule in rules for count in self.hits.get(rule, {}).values())
        open_ = [count for rule in rules for count in self.undecided.get(rule, {}).values()]
        bounds = [count for count in open_ if count is not None]
        return Interval(low, low + sum(bounds) if len(bounds) == len(open_) else None)

    @classmethod
    def joined(cls, tallies: Iterable["Tally"]) -> "Tally":
        """Add up the tallies of a group."""
        whole = cls(SUMMARY)
        for tally in tallies:
            for rule, units in tally.hits.items():
                for unit, count in units.items():
                    whole.hits[rule][unit] = whole.hits[rule].get(unit, 0) + count
            for rule, open_ in tally.undecided.items():
                for unit, bound in open_.items():
                    before = whole.undecided[rule].get(unit, 0)
                    whole.undecided[rule][unit] = None if bound is None or before is None else before + bound
        return whole
