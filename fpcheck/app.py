"""The use cases: check one, check many. The command line and the library only translate arguments and answers."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from fpcheck.engine.group import project_key
from fpcheck.engine.run import EVERYDAY, Settings, run
from fpcheck.facts import facts_of
from fpcheck.finding import SEVERITIES, CheckResult
from fpcheck.intake import Intake, read_paths
from fpcheck.problem import Problem
from fpcheck.rulebook.compiled import Rulebook
from fpcheck.rulebook.load import load_rulebook
from fpcheck.submission import Submission
from fpcheck.terms import PROJECT
from fpcheck.value import normal

Given = Submission | Mapping[str, Any] | Path | str
UNDECIDED = "无法判断"


def check(submission_or_path: Given, rulebook: Rulebook | None = None) -> CheckResult:
    """Check one submission, or every submission of a file or folder.

    Args:
        submission_or_path: a `Submission`, its fields by name, or a path.
        rulebook: the rules; the shipped ones when None.

    Raises:
        RulebookFault: the shipped rules are faulty.
    """
    return check_many([submission_or_path], rulebook)


def check_many(source: Given | Iterable[Given], rulebook: Rulebook | None = None) -> CheckResult:
    """Check many submissions together: those of one project and year are also looked at as a district."""
    rules = rulebook or load_rulebook()
    given = [source] if isinstance(source, Submission | Mapping | Path | str) else list(source)
    intake = read_paths([Path(item) for item in given if isinstance(item, Path | str)], rules.glossary)
    for number, item in enumerate((i for i in given if not isinstance(i, Path | str)), 1):
        submission = item if isinstance(item, Submission) else Submission.model_validate(item)
        intake.add(submission.model_copy(update={"number": number}), submission.source)
    return check_intake(intake, rules)


def check_intake(
    intake: Intake, rulebook: Rulebook, settings: Settings = EVERYDAY, previous: Iterable[Submission] = ()
) -> CheckResult:
    """Check what was read; `previous` are submissions of the year before."""
    earlier = {_key(s, 0): s for s in [*previous, *intake.submissions]}
    facts = [facts_of(s, earlier.get(_key(s, 1)) if _key(s, 1)[-1] else None) for s in intake.submissions]
    remarks = [*_regions(intake.submissions, rulebook, settings), *_repeated(intake.submissions)]
    problems = [*intake.problems, *remarks]
    return run(facts, rulebook, settings, problems)


def _key(submission: Submission, back: int) -> tuple[str, str, int]:
    year = submission.project["年度"].value
    project = project_key(submission.text("项目名称"), submission.text("项目编码"))
    return normal(submission.text("实施单位")), project, year - back if isinstance(year, int) else 0


def _regions(submissions: Iterable[Submission], rulebook: Rulebook, settings: Settings) -> Iterable[Problem]:
    for submission in submissions:
        stated = submission.text("地区")
        if stated and not settings.region and rulebook.glossary.find_region(stated) is None:
            message = f"地区“{stated}”没有列在规则的地区表里，按全国的标准检查"
            hint = f"列有：{'、'.join(rulebook.glossary.regions)}"
            yield Problem(submission.source, message, hint, submission.place(PROJECT, None, "地区"), remark=True)


def _repeated(submissions: Iterable[Submission]) -> Iterable[Problem]:
    """Tell where a unit handed in a project and year twice: the district's figures then count both."""
    seen: dict[tuple[str, str, int], Submission] = {}
    for submission in submissions:
        key = _key(submission, 0)
        first = seen.setdefault(key, submission)
        if all(key) and first is not submission:
            message = f"与 {first.id} 是同一单位、同一项目、同一年度，汇总时两份都算在内"
            hint = "更正过的，请只留最后一份"
            yield Problem(submission.source, message, hint, remark=True, owner=submission.id)


def exit_code(result: CheckResult, fail_on: str) -> int:
    """Give the exit code: 3 something (or everything) was not read or failed, 1 findings from `fail_on` up, else 0."""
    unread = any(not problem.remark for problem in result.problems)
    if result.errors or unread or not result.submissions:
        return 3
    graver = SEVERITIES if fail_on == UNDECIDED else SEVERITIES[: SEVERITIES.index(fail_on) + 1]
    if any(finding.severity in graver for finding in result.findings):
        return 1
    return int(fail_on == UNDECIDED and bool(result.undecided))
