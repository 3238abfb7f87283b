"""What became of the findings of a form that was handed in before: 已整改, 仍存在, 新增; by their fingerprints."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from fpcheck.finding import CheckResult, Finding, Outcome
from fpcheck.problem import Place
from fpcheck.record import Record, State
from fpcheck.submission import Submission
from fpcheck.terms import PROJECT
from fpcheck.value import normal

MENDED, STILL, NEW, UNSURE = "已整改", "仍存在", "新增", "不能确认"


Versions = Mapping[str, tuple[Submission, Submission]]


def follow_up(result: CheckResult, before: CheckResult, versions: Versions) -> CheckResult:
    """Give each finding its status against what was found in the form's earlier version.

    Args:
        result: what the check says now.
        before: what the same rules say of the earlier versions.
        versions: the id of a submission now → its earlier version, and itself.

    Returns:
        The result with the status of its findings, and in `resolved` what was found before and is not any more: 已整改
        where the rule was judged now and what it marked is still filled in, 不能确认 where it could not be decided, or
        the cell was emptied, or the row is not there any more.
    """
    found = _by_submission(before.findings)
    known = {now: {item.fingerprint: item for item in found[then.id]} for now, (then, _) in versions.items()}
    findings = tuple(
        replace(item, status=STILL if item.fingerprint in known[item.submission] else NEW)
        if item.submission in known
        else item
        for item in result.findings
    )
    present = _by_submission(findings)
    unsure = {(said.submission, said.rule) for said in result.outcomes if said.outcome in _OPEN or said.unchecked}
    gone = [
        replace(item, submission=now, status=_status(item, versions[now], unsure=(now, item.rule) in unsure))
        for now, items in known.items()
        for mark, item in items.items()
        if mark not in {one.fingerprint for one in present[now]}
    ]
    return replace(result, findings=findings, resolved=tuple(gone))


def _status(item: Finding, versions: tuple[Submission, Submission], *, unsure: bool) -> str:
    return UNSURE if unsure or not _is_still_there(item.where, *versions) else MENDED


def _is_still_there(where: Place, then: Submission, now: Submission) -> bool:
    """Whether what a finding marked is still filled in, if it was: of a row the one with the same subject."""
    if where.table is None or where.field is None:
        return True
    if where.table == PROJECT:
        was, found = then.project, now.project
    elif where.row is None or where.table not in then.tables:
        return True
    else:
        was = then.tables[where.table][where.row - 1]
        subject = was.table.subject or where.field
        rows = now.tables.get(where.table, ())
        same = [row for row in rows if _text(row, subject) == _text(was, subject)]
        if not same:
            return False
        found = same[0]
    return was.table.find(where.field) is None or not _is_filled(was, where.field) or _is_filled(found, where.field)


def _is_filled(record: Record, name: str) -> bool:
    return record[name].state is State.VALUE


def _text(record: Record, name: str) -> str:
    return normal(str(record[name].value or "")) if record.table.find(name) else ""


_OPEN = (Outcome.UNDECIDED, Outcome.ERROR)


def _by_submission(findings: Iterable[Finding]) -> dict[str | None, list[Finding]]:
    found: dict[str | None, list[Finding]] = defaultdict(list)
    for item in findings:
        found[item.submission].append(item)
    return found
