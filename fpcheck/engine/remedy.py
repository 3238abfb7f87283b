"""A set of cells: could other figures in them make every 勾稽 relation hold, and which figures?"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import prod

from fpcheck.engine.demand import Constraint, Ways, demands
from fpcheck.engine.env import Env
from fpcheck.engine.evaluate import evaluate
from fpcheck.engine.feasible import Span, spans, with_value
from fpcheck.engine.linear import CellRef, Free, Linear, plus, quotient, reads
from fpcheck.engine.relations import Relation, UnsureError, cell_of, term_of
from fpcheck.engine.trial import Effect, Key, Trial, altered
from fpcheck.engine.writable import Ends, ends, limits, step
from fpcheck.facts import Facts
from fpcheck.rulebook import functions as fn
from fpcheck.rulebook import ir

MOST_WAYS = 64


@dataclass(frozen=True, slots=True)
class Remedy:
    """Cells that could be wrong, with the figures each may hold instead, and what such a change does to the findings.

    Of a cell without an entry in `ends` nothing more is known; an end that is only the field's own limit is None.
    `bound` tells that not every choice within the ends will do: what one cell holds binds the others.
    """

    cells: frozenset[CellRef]
    ends: Mapping[CellRef, tuple[Fraction | None, Fraction | None]]
    vanished: frozenset[Key]
    raised: frozenset[Key]
    bound: bool = False


@dataclass(frozen=True, slots=True)
class _Region:
    """One way of satisfying all relations."""

    constraints: list[Constraint]
    spans: Mapping[CellRef, Span]


def remedy(touched: list[Relation], hits: Iterable[Key], free: Free, trial: Trial) -> Remedy | None:
    """Find what cells would have to hold for the relations to agree; None where no figures do.

    Args:
        touched: every relation that reads one of the cells.
        hits: those that are hit today.
        free: the cells.
        trial: the rules, to try the figures on.

    Raises:
        UnsureError: not plain arithmetic in these cells, or the figures found do not stand the trial.
        TooManyError: too many constraints.
    """
    steps = {ref: _steps(touched, trial.env, ref) for ref in free}
    regions = [(region, _written(region, steps, trial.env.facts)) for region in _regions(touched, trial.env, free)]
    found = [(region, written) for region, written in regions if written]
    if not found:
        return None
    first, written = found[0]
    wanted = {*hits, *(relation.key for relation in touched)}
    checked = {rule.rule.id for rule in trial.rules if rule.rule.cross_checks}
    effects = [trial.effect(point) for point in _points(first, written, steps, trial.env.facts)]
    if not all(effect.agrees(wanted, checked) for effect in effects):
        raise UnsureError
    same = all(other == written for _, other in found)
    bound = same and not all(trial.effect(corner).agrees(wanted, checked) for corner in _corners(written))
    shown = {ref: _unlimited(trial.env.facts, ref, written[ref]) for ref in free if same}
    return _remedy(free, shown, effects, bound=bound)


def _remedy(
    free: Free, shown: Mapping[CellRef, tuple[Fraction | None, Fraction | None]], effects: list[Effect], *, bound: bool
) -> Remedy:
    vanished = frozenset.intersection(*(effect.vanished for effect in effects))
    return Remedy(free, shown, vanished, frozenset[Key]().union(*(effect.raised for effect in effects)), bound)


def _regions(touched: list[Relation], env: Env, free: Free) -> Iterator[_Region]:
    """Give every way in which the relations can hold; a product of two free cells is solved one after the other."""
    straight = [relation for relation in touched if _straight(relation, env, free)]
    for constraints in _alternatives(straight, env, free):
        found = spans(constraints, free)
        if found is None:
            continue
        if len(straight) == len(touched):
            yield _Region(constraints, found)
            continue
        sure = {ref: span.only for ref, span in found.items() if span.only is not None}
        if not sure:
            raise UnsureError
        for region in _regions(touched, altered(env, sure), free - sure.keys()):
            fixed = [Constraint(Linear(-value, {ref: Fraction(1)}), "=") for ref, value in sure.items()]
            yield _Region([*fixed, *region.constraints], {**{ref: found[ref] for ref in sure}, **region.spans})


def _straight(relation: Relation, env: Env, free: Free) -> bool:
    """Tell whether a relation is linear in the free cells taken together."""
    here = relation.at(env)
    return all(_linear(clause.lowered, here, free) for clause in relation.rule.conditions)


def _linear(node: ir.Expr, env: Env, free: Free) -> bool:
    match node:
        case ir.Measure(scope=scope, body=body):
            return _linear(body, env.at(scope), free)
        case ir.CompareQuotient(dividend=dividend, divisor=divisor, bound=bound):
            return _linear(ir.Compare("=", ir.Arith("/", dividend, divisor, bound.type), bound), env, free)
        case ir.Member(item=item, options=options):
            return all(_linear(ir.Compare("=", item, option), env, free) for option in options)
        case ir.Compare(left=left, right=right) if left.type in fn.ORDERED and reads(node, env, free):
            sides = [side.item if isinstance(side, ir.AsWritten) else side for side in (left, right)]
            one, two = (quotient(side, env, free) for side in sides)
            apart = plus(one, two, -1) if one and two else None
            return apart is not None or not isinstance(evaluate(node, env), bool)
        case ir.Aggregate():
            return True
    return all(_linear(child, env, free) for child in ir.children(node))


def _alternatives(relations: list[Relation], env: Env, free: Free) -> Iterator[list[Constraint]]:
    """Give each choice of constraints that makes every relation pass, within what the fields can hold."""
    fixed = [constraint for ref in free for constraint in _within(limits(term_of(env.facts, ref)), ref)]
    open_: list[Ways] = []
    for relation in relations:
        ways = _passing(relation, env, free)
        if len(ways) == 1:
            fixed += ways[0]
        else:
            open_.append(ways)
    if prod(map(len, open_)) > MOST_WAYS:
        raise UnsureError
    for chosen in product(*open_):
        yield [*fixed, *(constraint for way in chosen for constraint in way)]


def _passing(relation: Relation, env: Env, free: Free) -> Ways:
    """Give what makes a relation pass: it goes on applying, and one of its conditions is false."""
    here = relation.at(env)
    applies = [c.lowered for c in relation.rule.applies if evaluate(c.lowered, here) is True]
    fails = ir.Not(ir.And(tuple(clause.lowered for clause in relation.rule.conditions)))
    return demands(ir.And((*applies, fails)), here, free, wanted=True)


def _within(between: Ends, ref: CellRef) -> Iterator[Constraint]:
    low, high = between
    yield Constraint(Linear(low, {ref: Fraction(-1)}), "<=")
    yield Constraint(Linear(-high, {ref: Fraction(1)}), "<=")


def _unlimited(facts: Facts, ref: CellRef, found: Ends) -> tuple[Fraction | None, Fraction | None]:
    """Leave out an end that is only the field's own."""
    (low, high), (least, most) = found, limits(term_of(facts, ref))
    return (low, high) if low == high else (None if low == least else low, None if high == most else high)


def _steps(touched: list[Relation], env: Env, ref: CellRef) -> Fraction:
    rounds = any(_rounds_to(relation, env, ref) for relation in touched)
    return step(term_of(env.facts, ref), cell_of(env.facts, ref), as_written=rounds)


def _rounds_to(relation: Relation, env: Env, ref: CellRef) -> bool:
    """Tell whether figures are rounded to the digits that this cell is written with."""
    here = relation.at(env)
    nodes = (node for clause in relation.rule.conditions for node in ir.walk(clause.lowered))
    stated = (node.stated for node in nodes if isinstance(node, ir.AsWritten))
    owners = ((here.at(field.scope), field.name) for field in stated)
    return any(CellRef(at.table, at.number, name) == ref for at, name in owners)


def _written(region: _Region, steps: Mapping[CellRef, Fraction], facts: Facts) -> dict[CellRef, Ends] | None:
    """Round the bounds inward to figures that can be written; None where there are none."""
    found = {}
    for ref, span in region.spans.items():
        try:
            inward = ends(span, term_of(facts, ref), steps[ref])
        except ValueError:
            raise UnsureError from None
        if inward is None:
            return None
        found[ref] = inward
    return found


def _points(
    region: _Region, written: Mapping[CellRef, Ends], steps: Mapping[CellRef, Fraction], facts: Facts
) -> Iterator[dict[CellRef, Fraction]]:
    """Give solutions to try: both ends of a cell that is alone; of several cells, one solution."""
    if len(written) == 1:
        [(ref, (low, high))] = written.items()
        yield from ({ref: end} for end in ({low, high}))
        return
    left, point = region.constraints, dict[CellRef, Fraction]()
    for ref in sorted(written, key=str):
        found = spans(left, written.keys() - point.keys())
        inward = _written(_Region(left, {ref: found[ref]}), steps, facts) if found else None
        if inward is None:
            raise UnsureError
        point[ref] = inward[ref][0]
        left = with_value(left, ref, point[ref])
    yield point


def _corners(written: Mapping[CellRef, Ends]) -> Iterator[dict[CellRef, Fraction]]:
    """Give every combination of ends of several cells: ranges that depend on each other do not hold at all of them."""
    if len(written) > 1 and any(low != high for low, high in written.values()):
        yield from (dict(zip(written, corner, strict=True)) for corner in product(*written.values()))
