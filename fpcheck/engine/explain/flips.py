"""The smallest change of a single figure that turns one clause and with it the verdict, tried before it is told."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from fpcheck.engine.change import cell_of, stated
from fpcheck.engine.demand import demands
from fpcheck.engine.evaluate import evaluate
from fpcheck.engine.explain.bench import Tried
from fpcheck.engine.explain.bounds import bounds
from fpcheck.engine.explain.clauses import UNLESS
from fpcheck.engine.explain.question import Question, Turn
from fpcheck.engine.explain.scale import Scale
from fpcheck.engine.explain.shapes import Bound, Flip
from fpcheck.engine.explain.spans import Span, spans
from fpcheck.engine.linear import CellRef
from fpcheck.engine.scalar import rounded
from fpcheck.finding import Outcome
from fpcheck.record import State
from fpcheck.terms import Type

MOST_CELLS = 24  # cells tried for one clause, fewer where it reads many: each costs a look at all of them
FEWEST_CELLS = 2
BUDGET = 20_000
MOST_COLUMNS = 6  # columns whose changes are tried on all rules
MOST_TRIED = 2  # changes of one column tried on all rules
MOST_TOLD = 3


@dataclass(frozen=True, slots=True)
class _Change:
    """A change that turns the verdict, before the other rules were asked."""

    turn: Turn
    ref: CellRef
    scale: Scale
    before: Fraction
    after: Fraction
    tried: Tried
    bounds: tuple[Bound, ...] = ()
    beyond: str = ""
    exact: bool = True

    @property
    def vague(self) -> bool:
        """Tell a change that only breaks an equality: almost any other figure would."""
        return any(bound.sign == "≠" for bound in self.bounds)

    @property
    def relative(self) -> Fraction:
        """How large the change is, measured by the figure."""
        return abs(self.after - self.before) / (abs(self.before) or 1)


@dataclass(frozen=True, slots=True)
class Flips:
    """The nearest flips; the lines that some figure turns; how many cells were not tried or flips not told."""

    told: tuple[Flip, ...] = ()
    turned: frozenset[str] = frozenset()
    untold: int = 0


def flips(question: Question) -> Flips:
    """Find the nearest flips, those that make no other rule hit first.

    None for a row that the rule does not apply to: nobody is told how to slip out of a rule.
    """
    found: list[_Change] = []
    untold = 0
    for turn in question.turns():
        refs = [ref for ref in question.figures(turn.clause.typed) if question.cell(ref).state is State.VALUE]
        most = min(MOST_CELLS, max(FEWEST_CELLS, BUDGET // max(len(refs), 1)))
        untold += len(refs[most:])
        found += [change for ref in refs[:most] if (change := _nearest(question, turn, ref))]
    found += _as_expected(question, found)
    found.sort(key=lambda change: _rank(question, change))
    told = _told_apart(question, found)
    turned = frozenset(change.turn.clause.text for change in found)
    return Flips(told, turned, untold + len(found) - len(told))


def _told_apart(question: Question, found: list[_Change]) -> tuple[Flip, ...]:
    """Ask the other rules about the nearest changes, and tell the best of each column."""
    columns: dict[tuple[str, str, str], list[_Change]] = {}
    for change in found:
        columns.setdefault((change.turn.clause.text, change.ref.table, change.ref.field), []).append(change)
    few, each = (MOST_TOLD, 1) if question.bench.long else (MOST_COLUMNS, MOST_TRIED)
    tried = [[_told(question, change) for change in own[:each]] for own in list(columns.values())[:few]]
    best = [min(flips, key=lambda flip: flip.effects.harmful) for flips in tried]
    return tuple(sorted(best, key=lambda flip: (not flip.exact, flip.effects.harmful))[:MOST_TOLD])


def _rank(question: Question, change: _Change) -> tuple[bool, bool, bool, Fraction]:
    return change.vague, change.turn.part == UNLESS, not question.marked(change.ref), change.relative


def _nearest(question: Question, turn: Turn, ref: CellRef) -> _Change | None:
    """Find the nearest figure of one cell that turns the verdict."""
    term, now = question.term(ref), stated(question.cell(ref))
    if term is None or now is None:
        return None
    scale = question.scale(ref, term)
    ways = demands(turn.clause.typed, question.view.env, frozenset({ref}), wanted=turn.wanted)
    figures = [(value, span) for span in spans(ways, ref) if (value := _figure(span, now, scale)) is not None]
    around = {value > now for value, _ in figures if abs(value - now) <= scale.steps[0]}
    for value, span in sorted(figures, key=lambda pair: abs(pair[0] - now)):
        tried = question.bench.tried(question.rule, question.row, {ref: value})
        if tried and tried.outcome is turn.to:
            turned = bounds(turn.clause.typed, question.view, question.view.at(tried.env))
            both = len(around) == 2  # noqa: PLR2004 - more and less
            change = _Change(turn, ref, scale, now, value, tried, turned, exact=not both)
            return replace(change, beyond=_beyond(question, change, span))
    return None


def _figure(span: Span, now: Fraction, scale: Scale) -> Fraction | None:
    """Give the figure of a span next to the present one, in the step people write in where there is one."""
    figures = (span.nearest(now, step) for step in scale.steps)
    return next((value for value in figures if value is not None and scale.holds(value)), None)


def _beyond(question: Question, change: _Change, span: Span) -> str:
    """Tell whether every figure further on turns the verdict as well."""
    up = change.after > change.before
    end = span.high if up else span.low
    last = change.scale.highest if up else change.scale.lowest
    if end is not None and change.scale.holds(end):
        return ""
    tried = question.bench.tried(question.rule, question.row, {change.ref: last})
    more, less = ("及以后", "及以前") if change.scale.kind is Type.DATE else ("及以上", "及以下")
    return (more if up else less) if tried and tried.outcome is change.turn.to else ""


def _as_expected(question: Question, found: list[_Change]) -> Iterator[_Change]:
    """Try what the rule itself says should stand in the marked cell, where nothing nearer is more than “not this”."""
    table, name = question.rule.mark
    own = question.rule.table.name == table and name
    ref = CellRef(table, question.row, name or "")
    term = question.term(ref) if own else None
    now = stated(question.cell(ref)) if term else None
    told = any(change.exact and change.ref == ref for change in found)
    if (
        question.outcome is not Outcome.VIOLATED
        or question.rule.expected is None
        or term is None
        or now is None
        or told
    ):
        return
    expected, scale = question.view.value(question.rule.expected), question.scale(ref, term)
    if not isinstance(expected, Fraction):
        return
    value = rounded(expected, scale.steps[min(1, len(scale.steps) - 1)])
    tried = question.bench.tried(question.rule, question.row, {ref: value}) if scale.holds(value) else None
    if tried is None or tried.outcome is not Outcome.PASSED:
        return
    for turn in question.turns():
        if evaluate(turn.clause.typed, tried.env) is turn.wanted:
            step = cell_of(tried.env.facts, ref).step
            bound = Bound(question.name(ref), scale.figure(now).text, "=", scale.figure(value, step).text)
            yield _Change(turn, ref, scale, now, value, tried, (bound,))
            return


def _told(question: Question, change: _Change) -> Flip:
    return Flip(
        part=change.turn.part,
        clause=change.turn.clause.text,
        to=change.turn.to,
        where=question.place(change.ref),
        cell=question.name(change.ref),
        before=change.scale.figure(change.before, question.cell(change.ref).step),
        after=change.scale.figure(change.after, cell_of(change.tried.env.facts, change.ref).step),
        difference=change.scale.difference(change.before, change.after),
        bounds=change.bounds,
        beyond=change.beyond,
        exact=change.exact,
        effects=question.bench.effects(question.rule, question.row, {change.ref: change.after}),
    )
