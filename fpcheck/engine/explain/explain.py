"""Why a rule said what it said: of one submission, of a district, or of those among many where it hit."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from fpcheck.engine.env import Env
from fpcheck.engine.explain.bench import Bench
from fpcheck.engine.explain.clauses import APPLIES, UNLESS, lines
from fpcheck.engine.explain.fills import fills
from fpcheck.engine.explain.flips import Flips, flips
from fpcheck.engine.explain.narrow import asked
from fpcheck.engine.explain.needs import need
from fpcheck.engine.explain.question import Question
from fpcheck.engine.explain.shapes import Explained, Line, RowExplained, Subject
from fpcheck.engine.explain.view import View, row_name, view_of
from fpcheck.engine.group import Group, Tally
from fpcheck.engine.in_force import InForce
from fpcheck.engine.run import Settings, judged, judged_together
from fpcheck.engine.semantics import judge
from fpcheck.facts import Facts
from fpcheck.finding import TO_CHECK, UNCHECKED, Outcome, RuleOutcome
from fpcheck.rulebook.compiled import CompiledRule, Rulebook
from fpcheck.terms import PROJECT, SUMMARY

MOST_ROWS = 5
PRESSING = (Outcome.VIOLATED, Outcome.UNDECIDED, Outcome.ERROR)


class Inquiry:
    """One rule, asked about one submission of a group, or about the group as a district."""

    def __init__(
        self,
        rule: CompiledRule,
        facts: Facts,
        group: Group,
        rulebook: Rulebook,
        settings: Settings,
        everyone: Iterable[Facts],
    ) -> None:
        self.rule = rule
        self.district = rule.table.name == SUMMARY
        self.facts = group.members[0] if self.district else facts
        self.group = group
        before = self.facts.submission.project.cells
        later = tuple(other for other in everyone if other.previous is before)
        self.bench = Bench(self.facts, group, rulebook, settings, later)
        self.law = InForce(self.facts, rulebook, settings.as_of, settings.region)
        self.not_run = self.law.why_not(rule)
        self._outcomes: tuple[list[RuleOutcome], Tally] | None = None

    @property
    def name(self) -> str:
        """Name the submission by its id, a district by its project and year."""
        submission = self.facts.submission
        project = (submission.shown("项目名称"), f"{submission.year} 年" if submission.year else "")
        return " ".join(filter(None, project)) if self.district else submission.id

    def said(self) -> list[RuleOutcome]:
        """Give what the rule said, row by row: the very words of a check."""
        return [said for said in self._judged()[0] if said.rule == self.rule.rule.id]

    def strongest(self) -> Outcome:
        """Give the gravest outcome of all rows."""
        outcomes = {said.outcome for said in self.said()}
        ranked = (*PRESSING, Outcome.PASSED)
        return next((outcome for outcome in ranked if outcome in outcomes), Outcome.NOT_APPLICABLE)

    def unchecked(self) -> str | None:
        """Say why the rule was not run on the submission at all, None where it was."""
        if self.not_run:
            return self.not_run
        reasons = [UNCHECKED[said.reason or ""] if said.unchecked else None for said in self.said()]
        return reasons[0] if reasons and all(reasons) else None

    def explained(self, row: int | None = None) -> Explained:
        """Explain one row, or those that hit or could not be decided."""
        subject = self._subject()
        day = self.law.day.isoformat() if self.law.day else None
        layer = self.rule.rule.region if self.not_run else self.law.layer(self.rule)
        head = Explained(subject, day, self.law.region, layer, self.not_run)
        if self.not_run:
            return head
        said = self.said()
        chosen = [one for one in said if one.row == row] if row else _chosen(said)
        others: dict[Outcome, tuple[int, ...]] = {}
        for one in said:
            if one.row and one not in chosen:
                others[one.outcome] = (*others.get(one.outcome, ()), one.row)
        rows = tuple(self._row(one, tried=number == 0 or not self.bench.long) for number, one in enumerate(chosen))
        return replace(head, rows=rows, others=others)

    def _judged(self) -> tuple[list[RuleOutcome], Tally]:
        if self._outcomes is None:
            rules, settings = asked(self.bench.rulebook, self.rule.rule.id), self.bench.settings
            if self.district:
                tallies = [judged(member, self.group, rules, settings)[1] for member in self.group.members]
                self._outcomes = judged_together(self.group, tallies, rules, settings)
            else:
                self._outcomes = judged(self.facts, self.group, rules, settings)
        return self._outcomes

    def _subject(self) -> Subject:
        submission = self.facts.submission
        return Subject(
            None if self.district else submission.id,
            f"汇总（{len(self.group.members)} 份）" if self.district else submission.shown("实施单位"),
            submission.shown("项目名称"),
            submission.year,
            "" if self.district else submission.form,
            "" if self.district else submission.source,
        )

    def _view(self) -> View:
        table = SUMMARY if self.district else PROJECT
        row = self.group.row if self.district else self.facts.project
        tally = self._judged()[1]
        return view_of(self.law, Env(self.facts, self.law.parameter, table, row, group=self.group, tally=tally))

    def _row(self, said: RuleOutcome, *, tried: bool) -> RowExplained:
        reason = UNCHECKED.get(said.reason or "", said.reason)
        name = row_name(self.facts, self.rule.table.name, said.row)
        head = RowExplained(said.row, said.outcome, name, reason, said.unchecked, said.where, said.missing)
        if said.outcome is Outcome.ERROR:
            return head
        view = self._view()
        verdict = next(judge(self.rule, view.env, said.row))
        view = view.at(verdict.env)
        question = Question(self.rule, view, said.row, said.outcome, self.bench)
        if not verdict.whole:
            return self._answered(head, question, tried=tried)
        told = lines(self.rule, view) if self.rule.table.name == PROJECT else ()
        return replace(
            head,
            lines=_decided((line for line in told if line.part == APPLIES), said.outcome),
            fills=fills(question, said.missing),
        )

    def _answered(self, head: RowExplained, question: Question, *, tried: bool) -> RowExplained:
        told = replace(head, lines=_decided(lines(self.rule, question.view), head.outcome), tried=tried)
        if not tried:
            return told
        role = self.rule.rule.role  # nobody wants to lose praise, or to change a figure for or against a question
        settled = role == TO_CHECK or (role == "亮点" and head.outcome is Outcome.VIOLATED)
        found = Flips() if self.district or settled else flips(question)
        open_ = [turn for turn in question.turns() if turn.clause.text not in found.turned and not settled]
        return replace(
            told,
            flips=found.told,
            needs=tuple(need(question, turn) for turn in open_ if (turn.part, turn.wanted) != (UNLESS, True)),
            fills=fills(question, head.missing),
            untold=found.untold,
        )


def _chosen(said: Sequence[RuleOutcome]) -> list[RuleOutcome]:
    """Take the rows to tell in full: those that hit or could not be decided, else the first that was looked at."""
    pressing = [one for one in said if one.outcome in PRESSING]
    ranked = sorted(pressing, key=lambda one: PRESSING.index(one.outcome))[:MOST_ROWS]
    if pressing:
        return [one for one in said if one in ranked]
    return sorted(said, key=lambda one: one.outcome is Outcome.NOT_APPLICABLE)[:1]


def _decided(told: Iterable[Line], outcome: Outcome) -> tuple[Line, ...]:
    """Mark the lines that settled the verdict."""
    return tuple(replace(line, test=replace(line.test, decided=_settles(line, outcome))) for line in told)


def _settles(line: Line, outcome: Outcome) -> bool:
    against = line.test.truth is (line.part == UNLESS)
    return {
        Outcome.PASSED: line.part != APPLIES and against,
        Outcome.NOT_APPLICABLE: line.part == APPLIES and against,
        Outcome.UNDECIDED: line.test.truth is None,
    }.get(outcome, True)
