"""Conclusions: which rules a 发现数 condition means, and the order in which conclusions read each other."""

import re
from collections.abc import Iterable
from graphlib import CycleError, TopologicalSorter

from fpcheck.problem import Place, Problem
from fpcheck.rulebook import ir
from fpcheck.rulebook.compiled import CompiledRule
from fpcheck.rulebook.rule import Rule
from fpcheck.wording import hits


def matching(condition: ir.Expr, rules: Iterable[Rule], reader: str | None) -> frozenset[str]:
    """Find the rules that a 发现数 condition means.

    Only faults count, unless the condition names 规则 or 结果; a conclusion never counts itself, and what a person is
    asked to look into is no finding in any case.
    """
    named = {node.name for node in ir.walk(condition) if isinstance(node, ir.Field)}
    counted = ("问题", "亮点", "结论") if named & {"规则", "结果"} else ("问题",)
    return frozenset(
        rule.id for rule in rules if rule.id != reader and rule.role in counted and _holds(condition, metadata(rule))
    )


def metadata(rule: Rule) -> dict[str, str]:
    """Give what a condition on findings can ask of a rule."""
    return {
        "规则": rule.id,
        "类型": rule.type,
        "类别": rule.category,
        "级别": rule.severity,
        "把握": rule.confidence,
        "结果": rule.role,
    }


def _holds(node: ir.Expr, row: dict[str, str]) -> bool:  # noqa: PLR0911 - one return a kind of node
    match node:
        case ir.And(items=items):
            return all(_holds(item, row) for item in items)
        case ir.Or(items=items):
            return any(_holds(item, row) for item in items)
        case ir.Not(item=item):
            return not _holds(item, row)
        case ir.Member(item=item, options=options):
            return _text(item, row) in [_text(option, row) for option in options]
        case ir.Match(text=text, pattern=pattern):
            return bool(re.search(pattern, _text(text, row)))
        case ir.Contains(text=text, words=words):
            whole = _text(text, row)
            return bool(hits(whole, words)) if isinstance(words, ir.Words) else _text(words, row) in whole
    return isinstance(node, ir.Compare) and node.op == "=" and _text(node.left, row) == _text(node.right, row)


def _text(node: ir.Expr, row: dict[str, str]) -> str:
    if isinstance(node, ir.Field):
        return row[node.name]
    return str(node.value) if isinstance(node, ir.Const) else ""


def conclusions_in_order(rules: list[CompiledRule], problems: list[Problem]) -> list[CompiledRule]:
    """Put base rules first and each conclusion after those it reads; a circle is a fault."""
    by_id = {rule.rule.id: rule for rule in sorted(rules, key=lambda rule: rule.rule.id)}
    concluding = {key: rule.findings & by_id.keys() for key, rule in by_id.items() if rule.findings}
    try:
        order = list(TopologicalSorter({key: sorted(reads) for key, reads in concluding.items()}).static_order())
    except CycleError as error:
        circle = list(reversed(error.args[1]))
        message = f"结论互相引用成了一圈：{' → '.join(circle)}"
        problems.append(Problem(by_id[circle[0]].file, message, "请去掉其中一个引用", Place(line=1, column=1)))
        return list(by_id.values())
    last = [by_id[key] for key in order if key in concluding]
    return [rule for key, rule in by_id.items() if key not in concluding] + last
