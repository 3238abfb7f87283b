"""Which forms belong together: the same project of the same unit, the year before, or handed in before."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from fpcheck.engine.group import project_key
from fpcheck.problem import Problem
from fpcheck.submission import Submission
from fpcheck.value import normal

ByUnitAndYear = Mapping[tuple[str, int | None], list[Submission]]


def earlier_versions(submissions: Iterable[Submission], previous: Iterable[Submission]) -> dict[str, Submission]:
    """Find what was handed in before for the same unit, project and year: of each submission's id the one version.

    Of several none is taken.
    """
    before = by_unit_and_year(previous)
    found = {
        one.id: [other for other in before.get((_unit(one), one.year), []) if _same_project(one, other)]
        for one in submissions
        if _unit(one) and one.year
    }
    return {name: versions[0] for name, versions in found.items() if len(versions) == 1}


def by_unit_and_year(submissions: Iterable[Submission]) -> dict[tuple[str, int | None], list[Submission]]:
    """Group submissions by the unit's name, as it is compared, and the year."""
    found: dict[tuple[str, int | None], list[Submission]] = defaultdict(list)
    for submission in submissions:
        found[_unit(submission), submission.year].append(submission)
    return found


def year_before(submission: Submission, earlier: ByUnitAndYear) -> Submission | None:
    """Find the same project of the same unit a year before: by 项目编码 if both have one, else by name.

    Of several none is taken: which one was meant must not hang on the order of files.
    """
    year = submission.year
    candidates = earlier.get((_unit(submission), year - 1), []) if year else []
    found = [other for other in candidates if _same_project(submission, other)]
    return found[0] if len(found) == 1 else None


def _same_project(one: Submission, two: Submission) -> bool:
    codes = [normal(each.text("项目编码")) for each in (one, two)]
    names = [project_key(each.text("项目名称"), "") for each in (one, two)]
    return codes[0] == codes[1] if all(codes) else bool(names[0]) and names[0] == names[1]


def _unit(submission: Submission) -> str:
    return normal(submission.text("实施单位"))


def repeated(submissions: Iterable[Submission]) -> Iterator[Problem]:
    """Tell where a unit handed in a project and year twice: the district's figures then count both."""
    for (unit, year), group in by_unit_and_year(submissions).items():
        for number, submission in enumerate(group if unit and year else ()):
            first = next((other for other in group[:number] if _same_project(submission, other)), None)
            if first:
                message = f"与 {first.id} 是同一单位、同一项目、同一年度，两份都算在内，作上年对照时则都不用"
                hint = "更正过的，请只留最后一份"
                yield Problem(submission.source, message, hint, remark=True, owner=submission.id)


def unmatched(
    previous: Iterable[Submission], versions: Mapping[str, Submission], submissions: Iterable[Submission]
) -> Iterator[Problem]:
    """Tell of forms handed in for comparison that are neither an earlier version nor last year's of any form."""
    used = {id(version) for version in versions.values()}
    years = {(_unit(one), one.year - 1) for one in submissions if one.year}
    for one in previous:
        if id(one) in used or (_unit(one), one.year) in years:
            continue
        which = "、".join(
            part for part in (one.owner, one.shown("项目名称"), f"{one.year} 年" if one.year else "") if part
        )
        message = f"作对照的这份（{which}）没有对上要查的哪一份，没有用上"
        hint = "实施单位、项目名称、年度要一样（上年的年度少一年）；改过这几栏的，没法逐条比较"
        yield Problem(one.source, message, hint, remark=True)
