"""A rule told to people: what it asks, which thresholds hold here and why, what it rests on."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from fpcheck.engine.threshold import threshold
from fpcheck.finding import TO_CHECK
from fpcheck.rulebook.compiled import CompiledRule, Rulebook


def as_record(rule: CompiledRule) -> dict[str, Any]:
    """Give a rule's head as plain data."""
    return {
        "rule": rule.rule.id,
        "name": rule.rule.name,
        "type": rule.rule.type,
        "role": rule.rule.role,
        "severity": rule.rule.severity,
        "confidence": rule.rule.confidence,
        "category": rule.rule.category,
        "table": rule.rule.table,
        "region": rule.rule.region,
        "effective_from": rule.rule.effective_from.isoformat(),
        "file": rule.file,
    }


def in_a_line(rule: CompiledRule) -> str:
    """Give a rule's head as one line; what finds no fault has its role in the place of a severity."""
    head = rule.rule
    grade = head.severity if head.role == "问题" else head.role
    return f"{head.id}  {grade}  {head.category}  {head.name}  {head.type}"


def describe(rule: CompiledRule, rulebook: Rulebook, region: str, day: date) -> Iterator[str]:
    """Tell a rule line by line, with the thresholds in force in `region` on `day`."""
    head = rule.rule
    until = f"，{head.effective_until} 失效" if head.effective_until else ""
    yield f"{head.id} {head.name}（{head.type}）"
    graded = f" · 级别{head.severity} · 把握{head.confidence}" if head.role == "问题" else ""
    yield f"  {head.role} · {head.category}{graded}"
    yield f"  文件 {rule.file}；{head.region}，{head.effective_from} 生效{until}；对象 {head.table}"
    if head.cross_checks:
        yield "  勾稽：表内各数应当对得上；对不上的与其他勾稽一起用来推算哪一格可能填错"
    for title, lines in (("适用", head.applies), ("条件（都成立才命中）", head.conditions), ("除非", head.unless)):
        if lines:
            yield f"  {title}："
            yield from (f"    - {line}" for line in lines)
    for name in sorted(rule.parameters):
        yield from _threshold(name, rulebook, region, day)
    asks = head.role == TO_CHECK
    yield f"  {'要核对' if asks else '问题'}：{head.message}"
    if head.fix:
        yield f"  {'要看' if asks else '整改'}：{head.fix}"
    if rule.recommendation:
        yield f"  建议：{rule.recommendation.title}。{rule.recommendation.text}"
    yield "  依据："
    yield from (f"    - {basis}" for basis in rule.basis)
    if head.examples:
        yield "  样例："
        yield from (f"    - {example.name} → {example.verdict}" for example in head.examples)


def _threshold(name: str, rulebook: Rulebook, region: str, day: date) -> Iterator[str]:
    found = rulebook.parameters.find(name, region, None, day)
    if found is None:
        yield f"  参数.{name}：{region}在 {day} 没有生效的值"
        return
    yield f"  {threshold(name, found, rulebook, '元')}"
