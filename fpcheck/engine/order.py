"""The order in which the lists of a result stand, whatever order things came in; equal fingerprints told apart."""

from collections import defaultdict
from dataclasses import replace

from fpcheck.finding import Fault, Finding, RuleOutcome, Suspicion
from fpcheck.problem import Problem
from fpcheck.rulebook.choices import CATEGORIES

LAST = "\U0010ffff"  # sorts what belongs to no submission behind all others


def by_place(problem: Problem) -> tuple[str, int, int, str, str]:
    """Sort by file and place."""
    where = problem.where
    return problem.source, where.line or 0, where.column or 0, problem.owner or "", str(problem)


def by_rule(fault: Fault) -> tuple[str, str, int, str]:
    """Sort by submission, rule and row."""
    return fault.submission or LAST, fault.rule or "", fault.row or 0, fault.engine


def by_row(said: RuleOutcome) -> tuple[str, str, int]:
    """Sort by submission, rule and row."""
    return said.submission or LAST, said.rule, said.row or 0


def by_rules(found: Suspicion) -> tuple[str, list[tuple[str, int]]]:
    """Sort by submission, rules and rows."""
    return found.submission, [(rule, row or 0) for rule, row in found.rules]


def by_category(item: Finding) -> tuple[str, int]:
    """Sort by submission and category, in the order of the evaluation framework."""
    return item.submission or LAST, CATEGORIES.index(item.category)


def numbered(findings: list[Finding]) -> tuple[Finding, ...]:
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
