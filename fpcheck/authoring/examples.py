"""Runs the examples that rules carry: they are the rules' tests and their manual."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from fpcheck.engine.env import Env
from fpcheck.engine.group import Group, Tally
from fpcheck.engine.semantics import judge
from fpcheck.facts import Facts, facts_of
from fpcheck.finding import Outcome, RuleOutcome
from fpcheck.problem import Problem
from fpcheck.reading import read_submission
from fpcheck.rulebook.compiled import CompiledRule, Rulebook
from fpcheck.rulebook.rule import Example
from fpcheck.schema import node_of
from fpcheck.submission import Submission
from fpcheck.terms import NATION, PROJECT, SUMMARY

RANK = (Outcome.ERROR, Outcome.VIOLATED, Outcome.UNDECIDED, Outcome.PASSED, Outcome.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class ExampleResult:
    """What an example should say and what the rule said."""

    rule: str
    file: str
    example: str
    wanted: str
    said: str
    missing: tuple[str, ...] = ()
    reason: str | None = None
    problems: tuple[Problem, ...] = field(default=())

    @property
    def right(self) -> bool:
        """Tell whether the rule said what the example wants, all of it read."""
        return self.wanted == self.said and not self.problems

    def __str__(self) -> str:
        form = "（可在“给定”里写 表种: 综合）" if (self.reason or "").startswith("这种表没有") else ""
        why = f"，缺 {'、'.join(self.missing)}" if self.missing else f"，{self.reason}{form}" if self.reason else ""
        read = "".join(f"\n    没有读出：{problem}" for problem in self.problems)
        return f"{self.file} {self.rule} 样例“{self.example}”：应为“{self.wanted}”，规则说“{self.said}”{why}{read}"


def run_examples(rulebook: Rulebook, numbers: Iterable[str] = ()) -> Iterator[ExampleResult]:
    """Run the examples of the named rules, of all rules when none is named."""
    wanted = set(numbers)
    for number, rule in rulebook.by_id.items():
        if not wanted or number in wanted:
            for example in rule.rule.examples:
                yield run_example(rule, example, rulebook)


def run_example(rule: CompiledRule, example: Example, rulebook: Rulebook) -> ExampleResult:
    """Run one example of a rule."""
    group = _group(example, rulebook)
    facts = group.members[0]
    region = _region(rule, facts, rulebook)
    template = facts.submission.text("表样") or None

    def parameter(name: str) -> Any:  # noqa: ANN401 - a value of the parameter's type
        day = max(facts.reference_date(None) or rule.rule.effective_from, rule.rule.effective_from)
        found = rulebook.parameters.find(name, region, template, day) or rulebook.parameters.find(
            name, region, template, date.max
        )
        return found.value if found else None

    summary = rule.table.name == SUMMARY
    row = group.row if summary else facts.project
    env = Env(facts, parameter, SUMMARY if summary else PROJECT, row, group=group, tally=_tally(example, rulebook))
    verdicts = [v for v in judge(rule, env) if example.row in (None, v.row)]
    strongest = min(verdicts, key=lambda v: RANK.index(v.outcome), default=None)
    return ExampleResult(
        rule.rule.id,
        rule.file,
        example.name,
        example.verdict,
        strongest.outcome.label if strongest else f"没有第 {example.row} 行",
        tuple(map(str, strongest.gaps)) if strongest else (),
        strongest.reason if strongest else None,
        tuple(p for member in group.members for p in member.submission.problems if example.verdict != "无法判断"),
    )


def _region(rule: CompiledRule, facts: Facts, rulebook: Rulebook) -> str:
    """Give the region whose thresholds an example is judged by: its own where the rule holds there, else the rule's."""
    home = rulebook.glossary.find_region(rule.rule.region) or NATION
    own = rulebook.glossary.find_region(facts.submission.text("地区")) or home
    return own if home in rulebook.glossary.layers(own) else home


def _group(example: Example, rulebook: Rulebook) -> Group:
    given = example.given if isinstance(example.given, list) else [example.given or {}]
    previous = _submission(example.previous, rulebook) if example.previous else None
    return Group(tuple(_facts(item, rulebook, previous) for item in given or [{}]))


def _facts(given: Any, rulebook: Rulebook, previous: Submission | None) -> Facts:  # noqa: ANN401 - what the example holds
    return facts_of(_submission(given, rulebook), previous, rulebook.wording)


def _submission(given: Any, rulebook: Rulebook) -> Submission:  # noqa: ANN401
    return Submission(**read_submission(node_of(given), rulebook.glossary, "样例"))


def _tally(example: Example, rulebook: Rulebook) -> Tally:
    """Pretend that earlier rules said what the example states; all others passed."""
    tally = Tally("样例单位")
    kinds = {"命中": Outcome.VIOLATED, "无法判断": Outcome.UNDECIDED}
    for number, verdict in (example.found or {}).items():
        if verdict in kinds:
            table = rulebook.by_id[number].table.name if number in rulebook.by_id else PROJECT
            tally.add(number, [RuleOutcome("", number, "问题", kinds[verdict], table, row=1)])
    return tally
