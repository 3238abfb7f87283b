"""What became of the findings of a form that was handed in before: 已整改, 仍存在, 新增; by their fingerprints."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from fpcheck.finding import CheckResult, Finding, Outcome

MENDED, STILL, NEW, UNSURE = "已整改", "仍存在", "新增", "不能确认"


def follow_up(result: CheckResult, before: CheckResult, earlier: Mapping[str, str]) -> CheckResult:
    """Give each finding its status against what was found in the form's earlier version.

    Args:
        result: what the check says now.
        before: what the same rules say of the earlier versions.
        earlier: the id of a submission now → the id of its earlier version in `before`.

    Returns:
        The result with the status of its findings, and in `resolved` what was found before and is not any more: 已整改
        where the rule was judged now and passes (or no longer applies), 不能确认 where it could not be decided.
    """
    found = _by_submission(before.findings)
    known = {now: {item.fingerprint: item for item in found[then]} for now, then in earlier.items()}
    findings = tuple(
        replace(item, status=STILL if item.fingerprint in known[item.submission] else NEW)
        if item.submission in known
        else item
        for item in result.findings
    )
    present = _by_submission(findings)
    unsure = {(said.submission, said.rule) for said in result.outcomes if said.outcome in _OPEN or said.unchecked}
    gone = [
        replace(item, submission=now, status=UNSURE if (now, item.rule) in unsure else MENDED)
        for now, items in known.items()
        for mark, item in items.items()
        if mark not in {one.fingerprint for one in present[now]}
    ]
    return replace(result, findings=findings, resolved=tuple(gone))


_OPEN = (Outcome.UNDECIDED, Outcome.ERROR)


def _by_submission(findings: Iterable[Finding]) -> dict[str | None, list[Finding]]:
    found: dict[str | None, list[Finding]] = defaultdict(list)
    for item in findings:
        found[item.submission].append(item)
    return found
