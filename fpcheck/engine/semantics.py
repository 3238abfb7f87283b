"""The meaning of a rule: its one outcome for each row of one submission."""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from fpcheck.engine import unknown as un
from fpcheck.engine.env import Env
from fpcheck.engine.evaluate import evaluate
from fpcheck.engine.unknown import Gap, Truth, Unknown
from fpcheck.facts import Facts
from fpcheck.finding import Outcome
from fpcheck.rulebook import ir
from fpcheck.rulebook.compiled import Clause, CompiledRule
from fpcheck.terms import MISSING, PROJECT, SUMMARY


class Verdict(NamedTuple):
    """A rule's outcome for one row, with the environment it was read in.

    `row` counts from 1, None for 项目; `whole` tells that the form or the table decided and no row was looked at.
    """

    outcome: Outcome
    env: Env
    row: int | None = None
    gaps: tuple[Gap, ...] = ()
    reason: str | None = None
    whole: bool = False


def judge(rule: CompiledRule, env: Env, only: int | None = None) -> Iterator[Verdict]:
    """Judge every row of the rule's table, or `only` one."""
    if reason := _plainly_not_applicable(rule, env):
        yield Verdict(Outcome.NOT_APPLICABLE, env, reason=reason, whole=True)
    elif rule.table.name == SUMMARY:
        yield judge_row(rule, env, None)
    else:
        yield from _rows(rule, env, only)


def _plainly_not_applicable(rule: CompiledRule, env: Env) -> str | None:
    """Say why no row needs to be looked at, None where the rows decide.

    A false 适用 line that reads no row says more than what is missing besides: it comes before the year before, the
    batch, and a table that was not stated.
    """
    reason = _not_applicable(rule, env)
    if reason or env.facts.rows(rule.table.name) is None:
        return _plainly_false(rule, env) or reason
    return None


def _plainly_false(rule: CompiledRule, env: Env) -> str | None:
    """Give the 适用 line that is false whatever stands in the rows of the rule's table."""
    if rule.table.name == SUMMARY:
        return None
    told = (clause for clause in rule.applies if rule.table.name == PROJECT or not ir.reads_row(clause.lowered))
    return next((_reason(clause) for clause in told if _truth(clause, env) is False), None)


def _reason(clause: Clause) -> str:
    return f"不符合“{clause.text}”"


def _rows(rule: CompiledRule, env: Env, only: int | None) -> Iterator[Verdict]:
    table = rule.table.name
    rows = env.facts.rows(table)
    if rows is None:
        yield Verdict(Outcome.UNDECIDED, env, gaps=tuple(sorted(env.not_stated(table).gaps)), whole=True)
    elif not rows:
        yield Verdict(Outcome.NOT_APPLICABLE, env, reason=f"“{table}”没有行", whole=True)
    for number, row in enumerate(rows or (), 1):
        at = None if table == PROJECT else number
        if only is not None and at != only:
            continue
        yield judge_row(rule, replace(env, table=table, row=row, number=at), at)


def judge_row(rule: CompiledRule, env: Env, number: int | None) -> Verdict:
    """Judge one row: V = all 适用 and all 条件 and no 除非."""
    applies: list[Truth] = []
    for clause in rule.applies:  # one after the other: what stands behind a false one may be dear to work out
        applies.append(_truth(clause, env))
        if applies[-1] is False:
            return Verdict(Outcome.NOT_APPLICABLE, env, number, reason=_reason(clause))
    for name in sorted(rule.parameters):
        env.parameter(name)  # one without a value in force fails the rule, whatever else would decide it
    conditions = un.conjoin(_truth(clause, env) for clause in rule.conditions)
    excused = un.disjoin(_truth(clause, env) for clause in rule.unless)
    verdict = un.conjoin([*applies, conditions, un.negate(excused)])
    if isinstance(verdict, Unknown):
        return Verdict(Outcome.UNDECIDED, env, number, tuple(sorted(verdict.gaps)))
    return Verdict(Outcome.VIOLATED if verdict else Outcome.PASSED, env, number)


def _truth(clause: Clause, env: Env) -> Truth:
    truth: Truth = evaluate(clause.lowered, env)
    return truth


def _not_applicable(rule: CompiledRule, env: Env) -> str | None:
    absent = not_on_form(rule, env.facts)
    if absent:
        return f"这种表没有“{absent}”"
    if rule.needs_previous and env.facts.previous is None:
        return "needs_previous"
    if rule.needs_batch and (env.group is None or len(env.group.members) == 1):
        return "needs_batch"
    return None


def not_on_form(rule: CompiledRule, facts: Facts) -> str | None:
    """Name a field or table that a rule looks at and the form does not have, None where it has all of them."""
    absent = [] if rule.table.name == SUMMARY else [n for n in _fields(rule) if not carried(facts, *n)]
    return ".".join(filter(None, min(absent))) if absent else None


def _fields(rule: CompiledRule) -> Iterator[tuple[str, str]]:
    if rule.table.name != PROJECT:
        yield rule.table.name, ""
    for table, name in rule.reads:
        yield table, name or ""


def carried(facts: Facts, table: str, name: str) -> bool:
    """Tell whether the form carries a field (name "" = the table), or it was supplied all the same."""
    return any(_has(facts, *origin) for origin in facts.glossary.origins(table, name or None))


def _has(facts: Facts, table: str, name: str | None) -> bool:
    if table == MISSING or facts.submission.supplied(table, name):
        return True
    if table == PROJECT and not name:
        return True
    return facts.glossary.carried(facts.submission.form, table, name) is not None
