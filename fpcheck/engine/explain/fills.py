"""What a row that could not be decided lacks, and for a single figure from where on the rule would hit."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from fpcheck.engine import unknown as un
from fpcheck.engine.demand import demands
from fpcheck.engine.explain.narrow import asked
from fpcheck.engine.explain.question import Question
from fpcheck.engine.explain.scale import Scale
from fpcheck.engine.explain.shapes import Fill, Range
from fpcheck.engine.explain.spans import spans
from fpcheck.engine.linear import CellRef, cells
from fpcheck.engine.run import judged
from fpcheck.finding import Outcome
from fpcheck.problem import NOWHERE, short
from fpcheck.record import State
from fpcheck.rulebook import ir
from fpcheck.terms import SUMMARY

MOST_BREAKS = 4
MOST_RULES = 12
MOST_RANGES = 4
_Missing = tuple[str, str]
_Part = tuple[Fraction, Fraction, Outcome]


def fills(question: Question, missing: tuple[_Missing, ...]) -> tuple[Fill, ...]:
    """Say of every missing value what to do; where only one is missing, what each figure in its place would mean."""
    labels = dict(_labels(question))
    told = tuple(fill for name, why in missing for fill in _each(question, name, why, labels.get(name)))
    ref = labels.get(missing[0][0]) if len(missing) == 1 else None
    if ref is None or missing[0][1] not in (un.BLANK, un.UNREADABLE) or question.term(ref) is None:
        return told
    return (replace(told[0], ranges=tuple(_ranges(question, ref))),)


def _labels(question: Question) -> Iterator[tuple[str, CellRef]]:
    """Give the cells that the rule reads under the names by which gaps are told."""
    env, own = question.view.env, (question.rule.table.name, question.row)
    for ref in (ref for clause in question.rule.clauses for ref in cells(clause.typed, env)):
        if ref.row is None or (ref.table, ref.row) == own:
            yield ref.field, ref
        if ref.row is not None:
            yield f"{ref.table}[{ref.row}].{ref.field}", ref


def _each(question: Question, name: str, why: str, ref: CellRef | None) -> Iterator[Fill]:
    """Say what to do about a missing value; of a count of findings, what each rule that it counts lacks."""
    if why != un.OPEN:
        yield _fill(question, name, why, ref)
        return
    open_ = list(_open_rules(question))
    yield from open_[:MOST_RULES]
    if len(open_) > MOST_RULES:
        yield Fill(name, why, f"另有 {len(open_) - MOST_RULES} 处规则无法判断")


def _open_rules(question: Question) -> Iterator[Fill]:
    """Tell which of the rules that a conclusion counts could not be decided, on which form, and for want of what."""
    bench, rule = question.bench, question.rule
    nodes = (node for clause in rule.clauses for node in ir.walk(clause.typed))
    counted = frozenset[str]().union(*(node.rules for node in nodes if isinstance(node, ir.Findings)))
    rules = asked(bench.rulebook, rule.rule.id)
    district = rule.table.name == SUMMARY
    for member in bench.group.members if district else (bench.facts,):
        owner = f"（{member.submission.owner}）" if district else ""
        for said in judged(member, bench.group, rules, bench.settings)[0]:
            if said.rule in counted and said.outcome in (Outcome.UNDECIDED, Outcome.ERROR):
                row = f" 第{said.row}条" if said.row else ""
                lacks = "、".join(f"{name}（{why}）" for name, why in said.missing) or said.reason or said.outcome.label
                text = f"{said.rule} {bench.rulebook.names[said.rule]}{row}{owner}：缺 {lacks}"
                yield Fill(said.rule, un.OPEN, text, said.where)


def _fill(question: Question, name: str, why: str, ref: CellRef | None) -> Fill:
    if ref is None:
        return Fill(name, why, _general(name, why))
    table = question.bench.facts.glossary.tables[ref.table]
    source = table.columns[ref.field].derived_from
    at = replace(ref, field=source) if source else ref
    cell, told = question.cell(at), question.name(at)
    where = question.place(at) if at.table in question.bench.facts.glossary.children or at.row is None else NOWHERE
    raw = short(cell.origin.raw)
    if cell.state is State.UNREADABLE:
        return Fill(name, why, f"{told}写作“{raw}”，认不出，请改成认得出的写法", where)
    if source and cell.state is State.VALUE:
        return Fill(name, why, f"由{source}得出；{source}写作“{raw}”，得不出这一项", where)
    if why == un.BLANK:
        return Fill(name, why, f"填写{told}", where)
    return Fill(name, why, _general(told, why), where)


_GENERAL = {
    un.BLANK: "填写{}",
    un.UNREADABLE: "{}认不出，请改成认得出的写法",
    un.NOT_STATED: "报送“{}”这张表；一行也没有的，写空列表 []",
    un.DIVIDED_BY_ZERO: "{}是 0，不能作除数，请核对",
    un.ONLY_MONTH: "{}只写到月，请写到日",
}


def _general(name: str, why: str) -> str:
    return _GENERAL[why].format(name) if why in _GENERAL else f"{name}：{why}"


def _ranges(question: Question, ref: CellRef) -> list[Range]:
    """Try the figures beside every bound and give the ranges in which the rule says the same.

    None at all where the bounds found do not hold when tried.
    """
    term = question.term(ref)
    if term is None:
        return []
    scale = question.scale(ref, term)
    figures = sorted(_critical(question, ref, scale))
    said = [(figure, _said(question, ref, figure)) for figure in figures]
    found: list[_Part] = []
    for figure, outcome in said:
        if outcome is None:
            return []
        if found and found[-1][2] is outcome:
            found[-1] = (found[-1][0], figure, outcome)
        elif found and figure - found[-1][1] > scale.steps[0]:
            return []
        else:
            found.append((figure, figure, outcome))
    decided = len(found) <= MOST_RANGES and any(outcome is not Outcome.UNDECIDED for _, _, outcome in found)
    return list(_told(question, ref, scale, found)) if decided else []


def _said(question: Question, ref: CellRef, figure: Fraction) -> Outcome | None:
    tried = question.bench.tried(question.rule, question.row, {ref: figure})
    return tried.outcome if tried else None


def _critical(question: Question, ref: CellRef, scale: Scale) -> set[Fraction]:
    """Give the figures to try: the ends of the scale, those beside every bound, those that alone fulfil one.

    And one between each two of them: what holds at both ends need not hold between (a figure rounded as it is written).
    """
    step = scale.steps[0]
    found = {scale.lowest, _last(scale)}
    for bound, alone in sorted(_bounds(question, ref))[:MOST_BREAKS]:
        below, above = bound // step * step, -(-bound // step) * step
        found |= {below - step, below, above, above + step}
        found |= {bound} if alone and (bound / scale.steps[-1]).denominator == 1 else set()
    ends = sorted(figure for figure in found if scale.holds(figure))
    return {*ends, *((one + two) / 2 // step * step for one, two in pairwise(ends))}


def _last(scale: Scale) -> Fraction:
    return scale.highest // scale.steps[0] * scale.steps[0]


def _bounds(question: Question, ref: CellRef) -> set[tuple[Fraction, bool]]:
    """Give the figures from or to which the rule applies or hits, and whether that figure alone does."""
    rule, term = question.rule, question.term(ref)
    tried = question.bench.tried(rule, question.row, {ref: _last(question.scale(ref, term))}) if term else None
    if tried is None:
        return set()
    applies = tuple(clause.typed for clause in rule.applies)
    hits = (*(clause.typed for clause in rule.conditions), *(ir.Not(clause.typed) for clause in rule.unless))
    found: set[tuple[Fraction, bool]] = set()
    for whole in (ir.And(applies), ir.And((*applies, *hits))):
        for wanted in (True, False):
            for span in spans(demands(whole, tried.env, frozenset({ref}), wanted=wanted), ref):
                found |= {(end, span.low == span.high) for end in (span.low, span.high) if end is not None}
    return found


def _told(question: Question, ref: CellRef, scale: Scale, found: list[_Part]) -> Iterator[Range]:
    """Tell the ranges; of those that pass, what every other rule says at the end next to a hit."""
    for number, (low, high, outcome) in enumerate(found):
        first, last = low > scale.lowest or high == low, high < _last(scale)
        before = number > 0 and found[number - 1][2] is Outcome.VIOLATED
        after = number + 1 < len(found) and found[number + 1][2] is Outcome.VIOLATED
        end = low if before else high if after else None
        told = Range(scale.figure(low) if first else None, scale.figure(high) if last else None, outcome)
        if outcome is Outcome.PASSED and end is not None:
            effects = question.bench.effects(question.rule, question.row, {ref: end})
            told = replace(told, tried=scale.figure(end), effects=effects)
        yield told
