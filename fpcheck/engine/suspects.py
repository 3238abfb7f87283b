"""Which cells of a form are likely wrong: the fewest whose change lets all its 勾稽 relations hold (Fellegi and Holt).

Of sets of the same size the one whose cells are the most derived is taken: a stated rate, total or score is more
likely wrong than the figures it was worked out of. A set is told only if it says more than the findings do: one that
explains more hits than it has cells. Whenever the search is not complete, nothing is told.
"""

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction

from fpcheck.engine.change import stated
from fpcheck.engine.env import Env
from fpcheck.engine.feasible import TooManyError
from fpcheck.engine.figures import figure, money_unit, plain
from fpcheck.engine.linear import CellRef, Free
from fpcheck.engine.relations import Relation, UnsureError, cell_of, derivation, joined, relations, term_of
from fpcheck.engine.remedy import Remedy, remedy
from fpcheck.engine.trial import Key, Trial
from fpcheck.facts import Facts
from fpcheck.finding import Choice, Figure, RuleOutcome, Suspect, Suspicion
from fpcheck.problem import short
from fpcheck.rulebook.compiled import CompiledRule
from fpcheck.terms import Type

MOST_TOGETHER = 3
MOST_CHOICES = 3
MOST_HINTS = 10
MOST_LOOKS = 2_000
MOST_TRIES = 100
MOST_WORK = 1_000_000


def suspicions(env: Env, rules: Iterable[CompiledRule], outcomes: Iterable[RuleOutcome]) -> Iterator[Suspicion]:
    """Find the cells that are likely wrong, a suspicion for each group of relations that disagree.

    Args:
        env: that of the project.
        rules: the rules that were judged.
        outcomes: what they said about this submission.
    """
    asked = [rule for rule in rules if rule.rule.role == "问题"]
    said = [outcome for outcome in outcomes if outcome.role == "问题"]
    try:
        groups = joined(relations(env, asked, said))
    except UnsureError:
        groups = []
    trial = Trial(env, asked, said)
    yield from itertools.islice(_told(sorted(groups, key=_hits), trial, derivation(asked)), MOST_HINTS)


def _told(groups: list[list[Relation]], trial: Trial, depth: Mapping[tuple[str, str], int]) -> Iterator[Suspicion]:
    for group in groups:
        if trial.spent:
            return
        try:
            search = _Search(group, trial)
            best = _most_derived(search.smallest(), depth)
            ways = [search.worth_telling(found) for found in best[: MOST_CHOICES + 1]]
        except (UnsureError, TooManyError):
            continue
        if 0 < len(ways) <= MOST_CHOICES and all(ways):
            yield from (_suspicion(choices, group, trial.env.facts) for choices in _together(ways))


def _together(ways: list[list[Remedy]]) -> list[list[Remedy]]:
    """Give what to tell one by one: a single way part by part, of several ways those that are a choice."""
    if len(ways) == 1:
        return [[part] for part in ways[0]]
    return [[part for [part] in ways]] if all(len(way) == 1 for way in ways) else []


def _suspicion(choices: list[Remedy], group: list[Relation], facts: Facts) -> Suspicion:
    cells = frozenset[CellRef]().union(*(choice.cells for choice in choices))
    hits = tuple((rule, row or None) for rule, row in _hits([r for r in group if not cells.isdisjoint(r.cells)]))
    return Suspicion(facts.submission.id, hits, _choices(_distinct(choices), facts))


def _distinct(choices: list[Remedy]) -> list[Remedy]:
    return list({choice.cells: choice for choice in choices}.values())


def _hits(group: list[Relation]) -> list[tuple[str, int]]:
    return sorted(_order(relation.key) for relation in group if relation.hit)


def _order(key: Key) -> tuple[str, int]:
    return key[0], key[1] or 0


class _Search:
    """Looks for the smallest sets of cells whose change lets every relation of a group hold."""

    def __init__(self, group: list[Relation], trial: Trial) -> None:
        self.trial = trial
        self.hits = sorted(
            (relation for relation in group if relation.hit), key=lambda r: (len(r.cells), _order(r.key))
        )
        self.reading: dict[CellRef, list[Relation]] = defaultdict(list)
        for relation in group:
            for ref in relation.cells:
                self.reading[ref].append(relation)
        self.looks = self.tries = self.work = 0
        self.seen: set[Free] = set()

    def smallest(self) -> list[Remedy]:
        """Give every remedy of the smallest size that is less than the number of hits.

        Raises:
            UnsureError: the search was not complete.
            TooManyError: too many constraints.
        """
        for size in range(1, min(MOST_TOGETHER, len(self.hits) - 1) + 1):
            self.seen.clear()
            if found := list(self._from(frozenset(), size)):
                return found
        return []

    def worth_telling(self, found: Remedy) -> list[Remedy]:
        """Give the parts of a remedy that share no relation, each that explains more hits than it has cells.

        Raises:
            UnsureError: a part does not stand the trial alone.
            TooManyError: too many constraints.
        """
        parts = self._parts(found.cells)
        worth = []
        for part in parts:
            touched = self._touched(part)
            hits = [relation.key for relation in touched if relation.hit]
            alone = found if len(parts) == 1 else remedy(touched, hits, part, self.trial)
            if alone and len(hits) > len(part):
                worth.append(alone)
        return worth

    def _parts(self, cells: Free) -> list[Free]:
        """Part cells into those that no relation binds to each other."""
        parts: list[Free] = []
        for ref in sorted(cells, key=str):
            bound = {other for relation in self.reading[ref] for other in relation.cells}
            near = [part for part in parts if not part.isdisjoint(bound)]
            parts = [*(part for part in parts if part not in near), frozenset({ref}).union(*near)]
        return parts

    def _from(self, cells: Free, size: int) -> Iterator[Remedy]:
        """Give the remedies of this size that these cells are part of.

        Every remedy has a cell of each relation that is hit. Where fewer cells cover all of those, they were no remedy,
        and one that they are part of has another cell of a relation that reads them: no other is of any help to it.
        """
        if cells in self.seen:
            return
        self.seen.add(cells)
        self.looks += 1
        open_ = next((relation for relation in self.hits if cells.isdisjoint(relation.cells)), None)
        if open_ is None and len(cells) == size:
            found = self._remedy(cells)
            yield from [found] if found else []
        elif len(cells) < size:
            further = open_.cells if open_ else {ref for r in self._touched(cells) for ref in r.cells}
            if self.looks + len(further) > MOST_LOOKS:
                raise UnsureError
            for ref in sorted(further - cells, key=str):
                yield from self._from(cells | {ref}, size)

    def _touched(self, cells: Free) -> list[Relation]:
        return list({id(r): r for ref in sorted(cells, key=str) for r in self.reading[ref]}.values())

    def _remedy(self, cells: Free) -> Remedy | None:
        touched = self._touched(cells)
        self.tries += 1
        self.work += sum(len(relation.cells) for relation in touched)
        if self.tries > MOST_TRIES or self.work > MOST_WORK:
            raise UnsureError
        return remedy(touched, [relation.key for relation in self.hits], cells, self.trial)


def _most_derived(found: list[Remedy], depth: Mapping[tuple[str, str], int]) -> list[Remedy]:
    weights = [sum(depth.get((ref.table, ref.field), 0) for ref in each.cells) for each in found]
    return [each for each, weight in zip(found, weights, strict=True) if weight == max(weights)]


def _choices(best: list[Remedy], facts: Facts) -> tuple[Choice, ...]:
    """Give the remedies in the order of the form."""
    tables = facts.glossary.tables
    place = {(table, field): at for at, (table, field) in enumerate((t, f) for t in tables for f in tables[t].fields)}

    def on_form(ref: CellRef) -> tuple[int, int]:
        return ref.row or 0, place[ref.table, ref.field]

    def choice(found: Remedy) -> Choice:
        cells = tuple(_suspect(ref, found, facts) for ref in sorted(found.cells, key=on_form))
        resolves, raises = (tuple(sorted(keys, key=_order)) for keys in (found.vanished, found.raised))
        return Choice(cells, resolves, raises, found.bound)

    return tuple(map(choice, sorted(best, key=lambda each: sorted(map(on_form, each.cells)))))


def _suspect(ref: CellRef, found: Remedy, facts: Facts) -> Suspect:
    low, high = found.ends.get(ref, (None, None))
    ends = [None if end is None else _shown(end, ref, facts) for end in (low, high)]
    now = _shown(stated(cell_of(facts, ref)) or Fraction(0), ref, facts)
    return Suspect(facts.submission.place(ref.table, ref.row, ref.field), _subject(ref, facts), now, *ends)


def _subject(ref: CellRef, facts: Facts) -> str | None:
    """Name the row that a cell stands in, as it was written."""
    name = facts.glossary.tables[ref.table].subject
    if ref.row is None or name is None:
        return None
    return short(facts.submission.tables[ref.table][ref.row - 1][name].origin.raw) or None


def _shown(value: Fraction, ref: CellRef, facts: Facts) -> Figure:
    """Show a figure in full: who copies it into the form must not fail by a rounding."""
    term = term_of(facts, ref)
    if term.type is Type.DATE:
        return figure(date.fromordinal(int(value)), Type.DATE, "元", {})
    if term.type is Type.RATIO:
        return Figure(plain(value), None, f"{plain(value * 100)}%")
    said = figure(value, term.type, money_unit(facts.submission), facts.glossary.units)
    return said if term.type is Type.MONEY else Figure(plain(value), term.unit, f"{plain(value)}{term.unit or ''}")
