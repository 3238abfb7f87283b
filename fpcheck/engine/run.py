"""One run: every rule over every submission, then conclusions, the district and the decision."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from fpcheck.card import Card
from fpcheck.engine.beside import Engine, Second
from fpcheck.engine.decision import PERSON, decide
from fpcheck.engine.env import Env, NoParameterError
from fpcheck.engine.evaluate import evaluate
from fpcheck.engine.figures import figure, money_unit
from fpcheck.engine.group import Group, Tally, groups_of, unit_key
from fpcheck.engine.in_force import InForce
from fpcheck.engine.order import LAST, by_category, by_place, by_row, by_rule, by_rules, numbered
from fpcheck.engine.report import finding, place, told
from fpcheck.engine.scorecard import district_card, form_card
from fpcheck.engine.semantics import Verdict, judge
from fpcheck.engine.suspects import suspicions
from fpcheck.facts import Facts
from fpcheck.finding import (
    TO_CHECK,
    Checked,
    CheckResult,
    Fault,
    Finding,
    Outcome,
    RuleOutcome,
    Suspicion,
    Total,
    counted,
)
from fpcheck.problem import NOWHERE, Place, Problem
from fpcheck.rulebook.compiled import CompiledRule, Rulebook
from fpcheck.terms import PROJECT, SUMMARY

ENGINE = "semantics"


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run is asked for: the day and the region to judge by, where the submissions' own do not count."""

    as_of: date | None = None
    region: str | None = None


EVERYDAY = Settings()


@dataclass
class _Kept:
    """Everything a run has said so far, findings by the role of their rule; a `quiet` one writes none."""

    findings: dict[str, list[Finding]] = field(default_factory=lambda: defaultdict(list))
    outcomes: list[RuleOutcome] = field(default_factory=list)
    suspicions: list[Suspicion] = field(default_factory=list)
    errors: list[Fault] = field(default_factory=list)
    quiet: bool = False


def run(
    submissions: Iterable[Facts],
    rulebook: Rulebook,
    settings: Settings = EVERYDAY,
    problems: Iterable[Problem] = (),
    beside: Engine | None = None,
) -> CheckResult:
    """Check submissions against a rulebook; the order in which they come does not change the result.

    The verdicts are those of the semantics. An engine `beside` it is asked about every submission as well; where it
    disagrees or fails, that is an error of the tool, and the submission is a person's to decide.
    """
    members = sorted(submissions, key=lambda facts: facts.submission.id)
    groups = groups_of(members)
    kept = _Kept()
    heads: list[Checked] = []
    totals: list[Total] = []
    cards: list[Card] = []
    for group in groups:
        checks = [_Check(facts, group, rulebook, settings, kept, beside) for facts in group.members]
        tallies = [check.all() for check in checks]
        heads += [check.head() for check in checks]
        district = _District(group, tallies, rulebook, settings, kept)
        totals.append(district.all())
        cards += _cards(checks, district)
    return CheckResult(
        engine=beside.name if beside else ENGINE,
        digest=rulebook.digest,
        as_of=settings.as_of.isoformat() if settings.as_of else None,
        region=settings.region,
        submissions=tuple(sorted(heads, key=lambda head: head.id)),
        findings=numbered(kept.findings["问题"]),
        conclusions=numbered(kept.findings["结论"]),
        commendations=numbered(kept.findings["亮点"]),
        checklist=tuple(sorted(numbered(kept.findings[TO_CHECK]), key=by_category)),
        outcomes=tuple(sorted(kept.outcomes, key=by_row)),
        totals=tuple(totals),
        scorecards=tuple(sorted(cards, key=lambda card: card.submission or LAST)) if rulebook.scorecard else None,
        suspicions=tuple(sorted(kept.suspicions, key=by_rules)),
        errors=tuple(sorted(kept.errors, key=by_rule)),
        problems=tuple(sorted([*problems, *_unruled(heads)], key=by_place)),
    )


def _cards(checks: "list[_Check]", district: "_District") -> Iterator[Card]:
    """Give the scorecards of a group: one a submission, and one of all units where there are several."""
    card = district.rulebook.scorecard
    if card is None:
        return
    own = [form_card(card, c, c.env, c.outcomes, failed=bool(c.doubts)) for c in checks]
    yield from own
    units = [unit_key(check.facts.submission) for check in checks]
    if len(set(units)) > 1 and (whole := district_card(card, district, district.env, zip(units, own, strict=True))):
        yield whole


def _unruled(heads: Iterable[Checked]) -> Iterator[Problem]:
    """Tell the submissions for whose day and region no rule is in force."""
    for head in heads:
        if not sum(head.counts.values()):
            message = "这一天、这个地区没有生效的规则，什么也没有检查"
            yield Problem(head.source, message, "请核对年度、截止日期和 --as-of、--region", owner=head.id)


class _Judge(InForce):
    """What checking one submission and checking a district have in common."""

    def __init__(self, facts: Facts, group: Group, rulebook: Rulebook, settings: Settings, kept: _Kept) -> None:
        super().__init__(facts, rulebook, settings.as_of, settings.region)
        self.group = group
        self.kept = kept
        self.id: str | None = facts.submission.id
        self.outcomes: list[RuleOutcome] = []
        self.second = Second(None, rulebook, "")

    def apply(self, rule: CompiledRule, env: Env) -> None:
        """Run one rule and keep what it says; a failure of the tool is kept as such and stops nothing."""
        try:
            for verdict in judge(rule, env):
                self._keep(rule, verdict)
                self.second.note(rule, verdict)
        except Exception as error:  # noqa: BLE001 - the edge of a rule: one that fails must not take the others along
            what = (
                f"参数“{error}”没有生效的值"
                if isinstance(error, NoParameterError)
                else f"{type(error).__name__}: {error}"
            )
            self.second.left_open(rule)
            self.kept.errors.append(Fault(self.id, rule.rule.id, ENGINE, None, what))
            self._said(RuleOutcome(self.id, rule.rule.id, rule.rule.role, Outcome.ERROR, rule.table.name, reason=what))

    def _keep(self, rule: CompiledRule, verdict: Verdict) -> None:
        if told(rule.rule.role, verdict.outcome) and not self.kept.quiet:
            self.kept.findings[rule.rule.role].append(finding(rule, verdict, self))
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

    def __init__(
        self,
        facts: Facts,
        group: Group,
        rulebook: Rulebook,
        settings: Settings,
        kept: _Kept,
        beside: Engine | None,
    ) -> None:
        super().__init__(facts, group, rulebook, settings, kept)
        self.second = Second(beside, rulebook, facts.submission.id)

    def all(self) -> Tally:
        """Run base rules, then conclusions; give what was found."""
        tally = self.tally = Tally(self.facts.submission.owner)
        project = self.facts.project
        env = self.env = Env(self.facts, self.parameter, PROJECT, project, group=self.group, tally=tally)
        for rule in self.rules(district=False):
            seen = len(self.outcomes)
            if self.undated(rule):
                self._unrun(rule.rule.id, rule.rule.role, rule.rule.table, "no_date")
            else:
                self.apply(rule, env)
            tally.add(rule.rule.id, self.outcomes[seen:])
        if not self.kept.quiet:
            self._hint(env)
        for skipped in self.rulebook.left_out:
            self._unrun(skipped.id, "问题", PROJECT, "left_out")
        self.doubts = self.second.faults()
        self.kept.errors += self.doubts
        return tally

    def _hint(self, env: Env) -> None:
        """Look for cells that are likely wrong; the findings stand without it."""
        try:
            self.kept.suspicions += suspicions(env, self.rules(district=False), self.outcomes)
        except Exception as error:  # noqa: BLE001 - the edge of the hint: it must not take the findings along
            what = f"推算可能填错的格时出错：{type(error).__name__}: {error}"
            self.kept.errors.append(Fault(self.id, None, ENGINE, None, what))

    def _unrun(self, number: str, role: str, table: str, reason: str) -> None:
        self._said(RuleOutcome(self.id, number, role, Outcome.NOT_APPLICABLE, table, reason=reason))

    def head(self) -> Checked:
        """Give the submission's head with its decision."""
        submission = self.facts.submission
        decision = decide(self.rulebook, self.facts, self.outcomes, self.tally, self.parameter)
        return Checked(
            id=submission.id,
            unit=submission.shown("实施单位"),
            project=submission.shown("项目名称"),
            year=submission.year,
            form=submission.form,
            source=submission.source,
            decision=PERSON if self.doubts else decision,
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
        env = self.env = Env(self.facts, self.parameter, SUMMARY, self.group.row, group=self.group, tally=self.tally)
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
            forms=len(self.group.members),
            figures={name: fig for name, fig in shown.items() if fig.value is not None},
            formulas={m.name: m.reading for m in self.rulebook.measures},
        )


def judged(
    facts: Facts, group: Group, rulebook: Rulebook, settings: Settings = EVERYDAY
) -> tuple[list[RuleOutcome], Tally]:
    """Judge one submission of a group alone: what `run` says of it, and what its conclusions count."""
    check = _Check(facts, group, rulebook, settings, _Kept(quiet=True), None)
    tally = check.all()
    return check.outcomes, tally


def judged_together(
    group: Group, tallies: list[Tally], rulebook: Rulebook, settings: Settings = EVERYDAY
) -> tuple[list[RuleOutcome], Tally]:
    """Judge the district that a group is, given what was found in its members."""
    district = _District(group, tallies, rulebook, settings, _Kept(quiet=True))
    district.all()
    return district.outcomes, district.tally
