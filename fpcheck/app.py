"""The use cases: check one, check many, explain. Command line and library only translate arguments and answers."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fpcheck.engine.beside import Engine
from fpcheck.engine.follow_up import follow_up
from fpcheck.engine.group import group_key
from fpcheck.engine.pairing import ByUnitAndYear, by_unit_and_year, earlier_versions, repeated, unmatched, year_before
from fpcheck.engine.run import EVERYDAY, Settings, run
from fpcheck.facts import Facts, facts_of
from fpcheck.finding import SEVERITIES, CheckResult
from fpcheck.intake import Forms, Intake, read_paths
from fpcheck.problem import Problem
from fpcheck.rulebook.compiled import Rulebook
from fpcheck.rulebook.kept import kept_rulebook
from fpcheck.submission import Submission
from fpcheck.terms import NATION, PROJECT
from fpcheck.version import durable_installed

if TYPE_CHECKING:
    from fpcheck.engine.durable import Durable
    from fpcheck.engine.explain.shapes import Explanation

Given = Submission | Mapping[str, Any] | Path | str
UNDECIDED = "无法判断"
AUTO, DURABLE, SEMANTICS = ENGINES = ("auto", "durable", "semantics")
SINGLY = 100  # up to so many submissions, each is judged by a second engine as well where nothing else is asked for
ROWS = 100  # … and up to so many rows in one: from there on its time grows with the square, and its answer is the same


class EngineMissing(Exception):  # noqa: N818 - a message for people: what to install
    """An engine that was asked for by name is not installed."""


def check(submission_or_path: Given, rulebook: Rulebook | None = None, engine: str = AUTO) -> CheckResult:
    """Check one submission, or every submission of a file or folder.

    Args:
        submission_or_path: a `Submission`, its fields by name, or a path.
        rulebook: the rules; the shipped ones when None.
        engine: one of `ENGINES`; the verdicts are those of the semantics in any case.

    Raises:
        RulebookFault: the shipped rules are faulty.
        EngineMissing: `engine` is not installed.
    """
    return check_many([submission_or_path], rulebook, engine)


@contextmanager
def second_engine(engine: str) -> "Iterator[Durable | None]":
    """Start the engine that judges beside the semantics, None where there is none.

    Its process starts at once, so it pays to ask for it before the rules and the forms are read.

    Raises:
        EngineMissing: `engine` is not installed.
    """
    if engine == DURABLE and not durable_installed():
        raise EngineMissing(
            "没有安装引擎 durable；请安装附加包：pip install 'fpcheck[durable]'（要用 C 编译器和低于 3.13 的 Python）"
        )
    if engine == SEMANTICS or not durable_installed():
        yield None
        return
    from fpcheck.engine.durable import Durable  # noqa: PLC0415 - only where it is installed and wanted

    with closing(Durable()) as durable:
        yield durable


def check_many(source: Given | Iterable[Given], rulebook: Rulebook | None = None, engine: str = AUTO) -> CheckResult:
    """Check many submissions together: those of one project and year are also looked at as a district."""
    with second_engine(engine) as beside:
        rules = rulebook or kept_rulebook()
        intake = _intake(source, rules)
        return check_intake(intake, rules, beside=beside if singly(engine, intake) else None)


def singly(engine: str, intake: Intake) -> bool:
    """Tell whether a second engine judges each form: when asked for, else up to `SINGLY` forms of `ROWS` rows."""
    longest = max((sum(map(len, one.tables.values())) for one in intake.submissions), default=0)
    return engine != AUTO or (len(intake.submissions) <= SINGLY and longest <= ROWS)


def _intake(source: Given | Iterable[Given], rules: Rulebook) -> Intake:
    given = [source] if isinstance(source, Submission | Mapping | Path | str) else list(source)
    intake = read_paths(
        [Path(item) for item in given if isinstance(item, Path | str)], Forms(rules.glossary, rules.layouts)
    )
    for number, item in enumerate((i for i in given if not isinstance(i, Path | str)), 1):
        submission = item if isinstance(item, Submission) else Submission.model_validate(item)
        intake.add(submission.model_copy(update={"number": number}), submission.source)
    return intake


def check_intake(
    intake: Intake,
    rulebook: Rulebook,
    settings: Settings = EVERYDAY,
    previous: Sequence[Submission] = (),
    beside: Engine | None = None,
) -> CheckResult:
    """Check what was read.

    `previous` are submissions of the year before, or earlier versions of the same ones: of these it is told which of
    their findings are mended. `beside` is a second engine to ask.
    """
    versions = earlier_versions(intake.submissions, previous)
    others = [one for one in previous if id(one) not in {id(version) for version in versions.values()}]
    earlier = by_unit_and_year([*others, *intake.submissions])
    remarks = [
        *_regions(intake.submissions, rulebook, settings),
        *_placeless(intake.submissions, rulebook, settings),
        *repeated([*others, *intake.submissions]),
        *unmatched(previous, versions, intake.submissions),
    ]
    problems = [*intake.problems, *remarks]
    result = run(_facts(intake.submissions, earlier, rulebook), rulebook, settings, problems, beside)
    if not versions:
        return result
    before = run(_facts(versions.values(), earlier, rulebook), rulebook, settings)
    pairs = {one.id: (versions[one.id], one) for one in intake.submissions if one.id in versions}
    return follow_up(result, before, pairs)


def _facts(submissions: Iterable[Submission], earlier: ByUnitAndYear, rulebook: Rulebook) -> list[Facts]:
    """Give the facts of submissions, each with the year before where that is among the `earlier` ones."""
    return [facts_of(one, year_before(one, earlier), rulebook.wording) for one in submissions]


def explain(
    submission_or_path: Given | Iterable[Given],
    rule: str,
    rulebook: Rulebook | None = None,
    *,
    submission: str | None = None,
    row: int | None = None,
) -> "Explanation":
    """Explain why a rule said what it said of a submission.

    Args:
        submission_or_path: one submission or several, as for `check_many`; of several, those are explained where the
            rule hit or could not decide, at most three.
        rule: the rule's number.
        rulebook: the rules; the shipped ones when None.
        submission: which of several is meant, by its id or its unit.
        row: the row of the rule's table, from 1; without it those that hit or could not be decided.

    Raises:
        RulebookFault: the shipped rules are faulty.
        NotThereError: there is no such rule, submission or row.
    """
    rules = rulebook or kept_rulebook()
    return explain_intake(_intake(submission_or_path, rules), rules, rule, submission=submission, row=row)


def explain_intake(
    intake: Intake,
    rulebook: Rulebook,
    rule: str,
    settings: Settings = EVERYDAY,
    previous: Iterable[Submission] = (),
    *,
    submission: str | None = None,
    row: int | None = None,
) -> "Explanation":
    """Explain a rule for what was read, or for one `submission` of it among the others of its project and year."""
    from fpcheck.engine.explain.answer import answer, meant  # noqa: PLC0415 - a plain check explains nothing

    earlier = by_unit_and_year([*previous, *intake.submissions])
    one = meant(intake.submissions, submission) if submission else None
    everyone = _facts(intake.submissions, earlier, rulebook)
    wanted = [facts for facts in everyone if one is None or group_key(facts.submission) == group_key(one)]
    return answer(wanted, rulebook, rule, settings, row, one.id if one else None, everyone)


def _regions(submissions: Iterable[Submission], rulebook: Rulebook, settings: Settings) -> Iterable[Problem]:
    for submission in submissions:
        stated = submission.text("地区")
        if stated and not settings.region and rulebook.glossary.find_region(stated) is None:
            around = rulebook.glossary.region_around(stated) or NATION
            message = f"地区“{stated}”没有列在规则的地区表里，按{around}的标准检查"
            hint = f"列有：{'、'.join(rulebook.glossary.regions)}"
            yield Problem(submission.source, message, hint, submission.place(PROJECT, None, "地区"), remark=True)


def _placeless(submissions: Iterable[Submission], rulebook: Rulebook, settings: Settings) -> Iterable[Problem]:
    """Tell once that regional rules were not asked, where forms name no region."""
    local = sum(rule.rule.region != NATION for rule in rulebook.rules)
    blank = [submission for submission in submissions if not submission.text("地区")]
    if local and blank and not settings.region:
        message = f"{len(blank)} 份没有写地区，只按全国的规则查，{local} 条地方规则没有用上"
        [source, *others] = dict.fromkeys(submission.source for submission in blank)
        yield Problem("" if others else source, message, "写上“地区: …”，或加 --region", remark=True)


def exit_code(result: CheckResult, fail_on: str) -> int:
    """Give the exit code: 3 something (or everything) was not read or failed, 1 findings from `fail_on` up, else 0."""
    unread = any(not problem.remark for problem in result.problems)
    if result.errors or unread or not result.submissions:
        return 3
    graver = SEVERITIES if fail_on == UNDECIDED else SEVERITIES[: SEVERITIES.index(fail_on) + 1]
    if any(finding.severity in graver for finding in result.findings):
        return 1
    return int(fail_on == UNDECIDED and bool(result.undecided))
