"""The part of a rulebook that a question concerns: the rules asked about, what they read, and what reads them."""

from collections.abc import Callable, Collection
from dataclasses import replace

from fpcheck.rulebook import ir
from fpcheck.rulebook.compiled import CompiledRule, Rulebook
from fpcheck.terms import MISSING, PROJECT

Fields = Collection[tuple[str, str]]


def asked(rulebook: Rulebook, number: str) -> Rulebook:
    """Keep a rule and what it counts."""
    return _with_what_it_takes(rulebook, {number})


def touched(rulebook: Rulebook, fields: Fields, *, filled: bool) -> Rulebook:
    """Keep the rules whose word may change with some fields, and the conclusions drawn from them.

    Args:
        rulebook: all rules.
        fields: tables and fields whose figures change.
        filled: whether a field was blank before, so that what is missing changes as well.
    """
    kept = {rule.rule.id for rule in rulebook.rules if _reads(rule, fields) or (filled and _reads_missing(rule))}
    return _with_conclusions(rulebook, kept)


def over_the_batch(rulebook: Rulebook, fields: Fields) -> Rulebook:
    """Keep the rules by which these fields of one submission count for the others of its project and year."""

    def reads(node: ir.Expr) -> bool:
        return isinstance(node, ir.Batch) and any(_is_one_of(inner, fields) for inner in ir.walk(node))

    return _with_conclusions(rulebook, {rule.rule.id for rule in rulebook.rules if _any(rule, reads)})


def over_the_years(rulebook: Rulebook, fields: Fields) -> Rulebook:
    """Keep the rules by which these fields of one submission count for that of the year after."""

    def reads(node: ir.Expr) -> bool:
        return isinstance(node, ir.Field) and node.scope is ir.Scope.PREVIOUS and (PROJECT, node.name) in fields

    return _with_conclusions(rulebook, {rule.rule.id for rule in rulebook.rules if _any(rule, reads)})


def _with_conclusions(rulebook: Rulebook, kept: set[str]) -> Rulebook:
    """Keep rules and the conclusions that count them, which stand behind them."""
    for rule in rulebook.rules:
        if rule.findings & kept:
            kept.add(rule.rule.id)
    return _with_what_it_takes(rulebook, kept)


def _with_what_it_takes(rulebook: Rulebook, wanted: set[str]) -> Rulebook:
    kept = set(wanted)
    for rule in reversed(rulebook.rules):
        if rule.rule.id in kept:
            kept |= rule.findings
    kept |= {rule.rule.id for rule in rulebook.rules if rule.rule.replaces in kept}
    return replace(rulebook, rules=tuple(rule for rule in rulebook.rules if rule.rule.id in kept))


def _any(rule: CompiledRule, holds: Callable[[ir.Expr], bool]) -> bool:
    return any(holds(node) for clause in rule.clauses for node in ir.walk(clause.typed))


def _reads(rule: CompiledRule, fields: Fields) -> bool:
    return _any(rule, lambda node: _is_one_of(node, fields))


def _is_one_of(node: ir.Expr, fields: Fields) -> bool:
    return isinstance(node, ir.Field) and (node.table, node.name) in fields


def _reads_missing(rule: CompiledRule) -> bool:
    return rule.table.name == MISSING or _any(
        rule, lambda node: isinstance(node, ir.Field | ir.Aggregate) and node.table == MISSING
    )
