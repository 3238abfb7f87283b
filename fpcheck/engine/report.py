"""A verdict that hit → a finding: its message filled in, its evidence, its place and its fingerprint."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

from fpcheck.engine.env import Env
from fpcheck.engine.evaluate import evaluate
from fpcheck.engine.figures import figure, money_unit
from fpcheck.engine.in_force import InForce
from fpcheck.engine.scalar import digest
from fpcheck.engine.semantics import Verdict
from fpcheck.engine.unknown import Unknown
from fpcheck.facts import Row
from fpcheck.finding import TO_CHECK, Figure, Finding, Outcome
from fpcheck.problem import Place
from fpcheck.rulebook import ir
from fpcheck.rulebook.compiled import CompiledRule
from fpcheck.rulebook.template import Template
from fpcheck.submission import Submission
from fpcheck.terms import MISSING, PROJECT, SUMMARY, Type
from fpcheck.value import normal

SEPARATOR = "\x1f"


def told(role: str, outcome: Outcome) -> bool:
    """Tell a verdict that the report writes out: a hit, and of a question also one that is left undecided."""
    return outcome is Outcome.VIOLATED or (role == TO_CHECK and outcome is Outcome.UNDECIDED)


def finding(rule: CompiledRule, verdict: Verdict, law: InForce) -> Finding:
    """Write the finding of a verdict that is told; what is not known is shown as missing."""
    verdict = _of_its_row(rule, verdict)
    env = verdict.env
    district = rule.table.name == SUMMARY
    submission = env.facts.submission
    return Finding(
        submission=None if district else submission.id,
        rule=rule.rule.id,
        title=rule.rule.name,
        type=rule.rule.type,
        severity=rule.rule.severity,
        confidence=rule.rule.confidence,
        category=rule.rule.category,
        message=_filled(rule.message, env),
        fix=_filled(rule.fix, env),
        recommendation=rule.recommendation,
        basis=law.basis(rule, _decided(rule, env)),
        evidence=evidence(rule, env),
        expected=shown(rule.expected, env) if rule.expected else None,
        difference=shown(rule.difference, env) if rule.difference else None,
        where=Place(SUMMARY) if district else place(rule, verdict),
        source="" if district else submission.source,
        fingerprint=_fingerprint(rule, verdict),
        layer=law.layer(rule),
    )


def _decided(rule: CompiledRule, env: Env) -> Iterator[str]:
    """Name the thresholds in the lines of 适用 and 条件 that hold, in the order of writing; measures are opened."""
    for clause in (*rule.applies, *rule.conditions):
        if evaluate(clause.lowered, env) is True:
            yield from (node.name for node in ir.walk(clause.typed) if isinstance(node, ir.Parameter))


def _of_its_row(rule: CompiledRule, verdict: Verdict) -> Verdict:
    """Put a row of which nothing is known in the place of the rows of a table that was not stated."""
    if not verdict.whole or rule.table.name == PROJECT:
        return verdict
    return verdict._replace(env=replace(verdict.env, table=rule.table.name, row={}, number=None))


def place(rule: CompiledRule, verdict: Verdict) -> Place:
    """Find the cell that a finding points to: the marked field, on this row where it is of the rule's table.

    What was found in an objective points to that objective.
    """
    table, field = rule.mark
    verdict = _of_its_row(rule, verdict)
    submission = verdict.env.facts.submission
    if submission.glossary.tables[table].from_texts:
        table, field = PROJECT, None if verdict.whole or not verdict.env.row else str(verdict.env.row["出处"].value)
    if table == MISSING and verdict.env.row:
        return _missing_place(verdict.env.row, submission)
    if table == rule.table.name:
        term = rule.table.columns.get(field or "")
        at = submission.place(table, verdict.row, term.derived_from if term and term.derived_from else field)
        return replace(at, field=field)
    return submission.place(table, None, field)


def _missing_place(row: Row, submission: Submission) -> Place:
    """Point to the field that is not there."""
    table, field, number = (row[name].value for name in ("表名", "字段", "行号"))
    at = number if isinstance(number, int) else None
    return submission.place(str(table), at, str(field) if field else None)


def evidence(rule: CompiledRule, env: Env) -> dict[str, Figure]:
    """Collect the figures that decided, in the order in which the rule names them; measures are opened."""
    exprs = [clause.typed for clause in rule.clauses]
    exprs += [expr for expr in (rule.expected, rule.difference) if expr]
    exprs += [slot.expr for slot in rule.message.slots()]
    found: dict[str, Figure] = {}
    for name, node in _named(exprs):
        if name not in found:
            found[name] = shown(node, env)
    return found


def _named(exprs: Iterable[ir.Expr]) -> Iterator[tuple[str, ir.Expr]]:
    for node in exprs:
        match node:
            case ir.Field(scope=scope, name=name):
                yield f"{_PREFIX[scope]}{name}", node
            case ir.Measure(args=args) if args:
                yield from _named(args)
            case ir.Measure(scope=scope, name=name, body=body):
                yield f"{_PREFIX[scope]}{name}", node
                yield from _named([body])
            case ir.Parameter(name=name):
                yield f"参数.{name}", node
            case ir.Aggregate(fn="any"):
                pass  # a yes or no; its figures are those of the other side
            case ir.Aggregate(source=source):
                yield source, node
            case ir.Findings(fn=fn):
                yield fn, node
            case ir.Words() | ir.Const():
                pass
            case _:
                yield from _named(ir.children(node))


_PREFIX = {ir.Scope.ROW: "", ir.Scope.RULE: "", ir.Scope.PROJECT: "项目.", ir.Scope.PREVIOUS: "上年."}


def _filled(template: Template, env: Env) -> str:
    text = ""
    for part in template.parts:
        said = part if isinstance(part, str) else shown(part.expr, env).text
        at_least = text.endswith("有") and said.startswith("至少") and not isinstance(part, str)
        text = f"{text[:-1]}至少有{said.removeprefix('至少')}" if at_least else text + said
    return text


def shown(node: ir.Expr, env: Env) -> Figure:
    """Show the value of an expression, texts as they were written; money in the form's unit."""
    submission = env.facts.submission
    while isinstance(node, ir.If) and isinstance(chosen := evaluate(node.condition, env), bool):
        node = node.then if chosen else node.otherwise  # a text is shown as it was written
    value = evaluate(node, env)
    if isinstance(node, ir.Findings) and isinstance(value, str):
        return Figure(value, None, value)
    if isinstance(node, ir.Field) and node.type is Type.TEXT and isinstance(value, str):
        written = env.cell(node.scope, node.name).origin.raw
        value = " ".join(written.split()) or value
    return figure(value, node.type, money_unit(submission), submission.glossary.units)


def _fingerprint(rule: CompiledRule, verdict: Verdict) -> str:
    """Hash what stays the same when a corrected form is handed in again: never the row or the message."""
    env = verdict.env
    submission = env.facts.submission
    unit = "" if rule.table.name == SUMMARY else submission.text("实施单位")
    parts = (unit, submission.text("年度"), submission.text("项目名称"), rule.rule.id, _subject(rule, env))
    return digest(SEPARATOR.join(normal(part) for part in parts))


def _subject(rule: CompiledRule, env: Env) -> str:
    if rule.subject:
        return _text(evaluate(rule.subject, env))
    field = rule.table.subject
    if field is None or rule.table.name == PROJECT or env.row is None or field not in env.row:
        return ""
    return _text(env.row[field].value)


def _text(value: Any) -> str:  # noqa: ANN401
    if value is None or isinstance(value, Unknown):
        return ""
    return str(float(value)) if isinstance(value, Fraction) else str(value)
