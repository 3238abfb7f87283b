"""One run: every rule over every submission, then conclusions, the district and the decision."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Any

from fpcheck.engine.decision import decide
from fpcheck.engine.env import Env, NoParameterError
from fpcheck.engine.evaluate import evaluate
from fpcheck.engine.figures import figure, money_unit
from fpcheck.engine.group import Group, Tally, groups_of
from fpcheck.engine.report import finding, place
from fpcheck.engine.semantics import Verdict, judge
from fpcheck.facts import Facts
from fpcheck.finding import Checked, CheckResult, Fault, Finding, Outcome, RuleOutcome, Total, counted
from fpcheck.problem import NOWHERE, Place, Problem
from fpcheck.rulebook.compiled import CompiledRule, Rulebook, Value
from fpcheck.rulebook.rule import Rule
from fpcheck.terms import NATION, PROJECT, SUMMARY

ENGINE = "semantics"
LAST = "\U0010ffff"  # sorts what belongs to no submission behind all others


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run is asked for: the day and the region to judge by, where the submissions' own do not count."""

    as_of: date | None = None
    region: str | None = None


EVERYDAY = Settings()


@dataclass
class _Kept:
    """Everything a run has said so far."""

    findings: dict[str, list[Finding]] = field(default_factory=lambda: {"问题": [], "亮点": [], "结论": []})
    outcomes: list[RuleOutcome] = field(default_factory=list)
    errors: list[Fault] = field(default_factory=list)


def run(
    submissions: Iterable[Facts], rulebook: Rulebook, settings: Settings = EVERYDAY, problems: Iterable[Problem] = ()
) -> CheckResult:
    """Check submissions against a rulebook; the order in which they come does not change the result."""
    members = sorted(submissions, key=lambda facts: facts.submission.id)
    groups = groups_of(members)
    kept = _Kept()
    heads: list[Checked] = []
    totals: list[Total] = []
    for group in groups:
        checks = [_Check(facts, group, rulebook, settings, kept) for facts in group.members]
        tallies = [check.all() for check in checks]
        heads += [check.head() for check in checks]
        district = _District(group, tallies, rulebook, settings, kept)
        totals.append(district.all())
    return CheckResult(
        engine=ENGINE,
        digest=rulebook.digest,
        as_of=settings.as_of.isoformat() if settings.as_of else None,
        region=settings.region,
        submissions=tuple(sorted(heads, key=lambda head: head.id)),
        findings=_numbered(kept.findings["问题"]),
        conclusions=_numbered(kept.findings["结论"]),
        commendations=_numbered(kept.findings["亮点"]),
        outcomes=tuple(sorted(kept.outcomes, key=_order)),
        totals=tuple(totals),
        errors=tuple(kept.errors),
        problems=tuple(sorted([*problems, *_unruled(heads)], key=_by_place)),
    )


def _unruled(heads: Iterable[Checked]) -> Iterator[Problem]:
    """Tell the submissions for whose day and region no rule is in force."""
    for head in heads:
        if not sum(head.counts.values()):
            message = "这一天、这个地区没有生效的规则，什么也没有检查"
            yield Problem(head.source, message, "请核对年度、截止日期和 --as-of、--region", owner=head.id)


def _by_place(problem: Problem) -> tuple[str, int, int, str, str]:
    where = problem.where
    return problem.source, where.line or 0, where.column or 0, problem.owner or "", str(problem)


def _order(said: RuleOutcome) -> tuple[str, str, int]:
    return said.submission or LAST, said.rule, said.row or 0


def _numbered(findings: list[Finding]) -> tuple[Finding, ...]:
    """Sort findings, and tell equal fingerprints apart by `#2`, `#3` … in the order of their evidence."""
    same = defaultdict(list)
    for item in findings:
        same[item.fingerprint].append(item)
    marked = {
        id(item): replace(item, fingerprint=f"{item.fingerprint}#{n}" if n > 1 else item.fingerprint)
        for items in same.values()
        for n, item in enumerate(sorted(items, key=_by_evidence), 1)
    }
    ordered = sorted(findings, key=lambda f: (f.submission or LAST, f.rule, f.where.row or 0))
    return tuple(marked[id(item)] for item in ordered)


def _by_evidence(item: Finding) -> tuple[str, str]:
    return str(sorted((name, fig.value) for name, fig in item.evidence.items())), item.submission or ""


class _Judge:
    """What checking one submission and checking a district have in common."""

    def __init__(self, facts: Facts, group: Group, rulebook: Rulebook, settings: Settings, kept: _Kept) -> None:
        self.facts = facts
        self.group = group
        self.rulebook = rulebook
        self.kept = kept
        self.day = facts.reference_date(settings.as_of)
        stated = settings.region or facts.submission.text("地区")
        self.region = rulebook.glossary.find_region(stated) or NATION
        self.layers = rulebook.glossary.layers(self.region)
        self.id: str | None = facts.submission.id
        self.outcomes: list[RuleOutcome] = []

    def rules(self, *, district: bool) -> Iterator[CompiledRule]:
        """Give the rules in force here and now; one that a nearer layer replaces is not.

        Without a day, every rule of the region is given; those that depend on the day are then not run.
        """
        chosen = [r for r in self.rulebook.rules if (r.table.name == SUMMARY) is district and self._in_force(r.rule)]
        replaced = {rule.rule.replaces for rule in chosen}
        return (rule for rule in chosen if rule.rule.id not in replaced)

    def _in_force(self, rule: Rule) -> bool:
        region = self.rulebook.glossary.find_region(rule.region)
        if region not in self.layers:
            return False
        if self.day is None:
            return True
        return rule.effective_from <= self.day and (rule.effective_until is None or self.day <= rule.effective_until)

    def parameter(self, name: str) -> Any:  # noqa: ANN401 - a value of the parameter's type
        """Look a threshold up."""
        found = self._setting(name)
        if found is None:
            raise NoParameterError(name)
        return found.value

    def _setting(self, name: str) -> Value | None:
        template = self.facts.submission.text("表样") or None
        return self.rulebook.parameters.find(name, self.region, template, self.day or date.max)

    def layer(self, rule: CompiledRule) -> str:
        """Name the nearest region that had a say in a rule: its own, or that of a threshold."""
        settings = [found.setting for name in rule.parameters if (found := self._setting(name))]
        own = self.rulebook.glossary.find_region(rule.rule.region) or NATION
        return min([own, *(setting.region for setting in settings)], key=self.layers.index)

    def apply(self, rule: CompiledRule, env: Env) -> None:
        """Run one rule and keep what it says; a failure of the tool is kept as such and stops nothing."""
        try:
            for verdict in judge(rule, env):
                self._keep(rule, verdict)
        except Exception as error:  # noqa: BLE001 - the edge of a rule: one that fails must not take the others along
            what = (
                f"参数“{error}”没有生效的值"
                if isinstance(error, NoParameterError)
                else f"{type(error).__name__}: {error}"
            )
            self.kept.errors.append(Fault(self.id, rule.rule.id, ENGINE, None, what))
            self._said(RuleOutcome(self.id, rule.rule.id, rule.rule.role, Outcome.ERROR, rule.table.name, reason=what))

    def _keep(self, rule: CompiledRule, verdict: Verdict) -> None:
        if verdict.outcome is Outcome.VIOLATED:
            self.kept.findings[rule.rule.role].append(finding(rule, verdict, self.layer(rule)))
        missing = tuple((gap.name, gap.why) for gap in verdict.gaps)
        where = NOWHERE
        if verdict.outcome in (Outcome.VIOLATED, Outcome.UNDECIDED):
            where = Place(SUMMARY) if rule.table.name == SUMMARY else place(rule, verdict)
        self._said(
            RuleOutcome(
                self.id,
                rule.rule.id,
                rule.rule.role,
                verdict.outcome,
                rule.table.name,
                verdict.row,
                missing,
                verdict.reason,
                where,
            )
        )

    def _said(self, said: RuleOutcome) -> None:
        self.outcomes.append(said)
        self.kept.outcomes.append(said)


class _Check(_Judge):
    """Checks one submission."""

    def all(self) -> Tally:
        """Run base rules, then conclusions; give what was found."""
        tally = self.tally = Tally(self.facts.submission.shown("实施单位") or self.facts.submission.id)
        project = self.facts.project
        env = Env(self.facts, self.parameter, PROJECT, project, group=self.group, tally=tally)
        for rule in self.rules(district=False):
            seen = len(self.outcomes)
            if self.day is None and (rule.parameters or rule.rule.effective_until):
                self._unrun(rule.rule.id, rule.rule.role, rule.rule.table, "no_date")
            else:
                self.apply(rule, env)
            tally.add(rule.rule.id, self.outcomes[seen:])
        for skipped in self.rulebook.left_out:
            self._unrun(skipped.id, "问题", PROJECT, "left_out")
        return tally

    def _unrun(self, number: str, role: str, table: str, reason: str) -> None:
        self._said(RuleOutcome(self.id, number, role, Outcome.NOT_APPLICABLE, table, reason=reason))

    def head(self) -> Checked:
        """Give the submission's head with its decision."""
        submission = self.facts.submission
        return Checked(
            id=submission.id,
            unit=submission.shown("实施单位"),
            project=submission.shown("项目名称"),
            year=submission.year,
            form=submission.form,
            source=submission.source,
            decision=decide(self.rulebook, self.facts, self.outcomes, self.tally, self.parameter),
            counts=counted(self.outcomes),
        )


class _District(_Judge):
    """Checks all submissions of one project and year together."""

    def __init__(self, group: Group, tallies: list[Tally], rulebook: Rulebook, settings: Settings, kept: _Kept) -> None:
        super().__init__(group.members[0], group, rulebook, settings, kept)
        self.tally = Tally.joined(tallies)
        self.id = None

    def all(self) -> Total:
        """Run the district's rules and work out its figures."""
        env = Env(self.facts, self.parameter, SUMMARY, self.group.row, group=self.group, tally=self.tally)
        if self.day:
            for rule in self.rules(district=True):
                seen = len(self.outcomes)
                self.apply(rule, env)
                self.tally.add(rule.rule.id, self.outcomes[seen:])
        return self._total(env)

    def _total(self, env: Env) -> Total:
        unit, units = money_unit(self.facts.submission), self.rulebook.glossary.units
        shown = {m.name: figure(evaluate(m.expr, env), m.expr.type, unit, units) for m in self.rulebook.measures}
        return Total(
            project=self.facts.submission.shown("项目名称"),
            year=self.facts.submission.year,
            units=int(Fraction(str(self.group.row["单位数"].value))),
            figures={name: fig for name, fig in shown.items() if fig.value is not None},
            formulas={m.name: m.reading for m in self.rulebook.measures},
        )
