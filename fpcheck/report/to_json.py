"""The report as JSON: the contract that other programs read. What is not there yet is null, never absent."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from fpcheck.finding import CheckResult, RuleOutcome
from fpcheck.report import checklist
from fpcheck.report.cards import as_json as scorecard
from fpcheck.report.hints import as_json
from fpcheck.version import own_version


def to_json(result: CheckResult) -> str:
    """Give the whole report as one JSON text."""
    return json.dumps(as_dict(result), ensure_ascii=False, indent=2)


def to_jsonl(result: CheckResult) -> Iterator[str]:
    """Give one line a submission, the same keys, its own findings inside."""
    whole = as_dict(result)
    for head in whole["submissions"]:
        own = {key: _owned(whole, key, head["id"]) for key in _OWNED if whole[key] is not None}
        yield json.dumps({**whole, "submissions": [head], **own, "summary": None}, ensure_ascii=False)


def beside_lines(result: CheckResult) -> Iterator[str]:
    """Tell what is in no line, for it belongs to no submission: files not read, what was said of a district."""
    yield from (str(problem) for problem in result.problems if problem.owner is None)
    district = sum(finding.submission is None for finding in (*result.findings, *result.conclusions, *result.checklist))
    if district:
        yield f"汇总的 {district} 条问题、结论和核对事项不属于哪一份，没有写在行里，请用 --format json 查看"
    if any(card.submission is None for card in result.scorecards or ()):
        yield "汇总的评价得分估算不属于哪一份，没有写在行里，请用 --format json 查看"


def _owned(whole: dict[str, Any], key: str, owner: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = whole[key]
    if key == "problems":
        return [item for item in items if item["where"]["submission"] == owner]
    return [item for item in items if item["submission"] == owner]


_OWNED = (
    *("findings", "resolved"),
    *("suspect_cells", "conclusions", "commendations", "undecided", "unchecked", "checklist", "scorecard"),
    *("errors", "problems"),
)


def as_dict(result: CheckResult) -> dict[str, Any]:
    """Give the report as plain data."""
    return {
        "fpcheck": own_version(),
        "rulebook": {"digest": result.digest, "as_of": result.as_of, "region": result.region},
        "engine": result.engine,
        "submissions": [asdict(head) for head in result.submissions],
        "findings": [finding.as_json() for finding in result.findings],
        "suspect_cells": [as_json(found) for found in result.suspicions],
        "conclusions": [finding.as_json() for finding in result.conclusions],
        "commendations": [finding.as_json() for finding in result.commendations],
        "undecided": [_undecided(said) for said in result.undecided],
        "unchecked": [_unchecked(said) for said in result.unchecked],
        "resolved": None if result.resolved is None else [finding.as_json() for finding in result.resolved],
        "checklist": [checklist.as_json(item) for item in result.checklist],
        "scorecard": None if result.scorecards is None else [scorecard(card) for card in result.scorecards],
        "summary": _summary(result),
        "errors": [asdict(fault) for fault in result.errors],
        "problems": [problem.as_json() for problem in result.problems],
    }


def _undecided(said: RuleOutcome) -> dict[str, Any]:
    missing = [name for name, _ in said.missing]
    return {"submission": said.submission, "rule": said.rule, "missing": missing, "where": said.where.as_json()}


def _unchecked(said: RuleOutcome) -> dict[str, Any]:
    return {"submission": said.submission, "rule": said.rule, "reason": said.reason}


def _summary(result: CheckResult) -> dict[str, Any]:
    return {
        "submissions": len(result.submissions),
        "decisions": Counter(head.decision for head in result.submissions),
        "severities": Counter(finding.severity for finding in result.findings),
        "totals": [
            {
                "project": total.project,
                "year": total.year,
                "units": total.units,
                "submissions": total.forms,
                "figures": {
                    name: {**asdict(figure), "reading": total.formulas[name]} for name, figure in total.figures.items()
                },
            }
            for total in result.totals
        ],
    }
