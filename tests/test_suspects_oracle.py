"""The smallest sets of cells against brute force over small whole amounts, and the exact solver against points."""

import itertools
import random
from collections import defaultdict
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from test_suspects import checked, rulebook_of

from fpcheck.engine.demand import Constraint
from fpcheck.engine.feasible import MOST_CONSTRAINTS, TooManyError, spans, with_value
from fpcheck.engine.linear import CellRef, Linear

FIELDS = ("批复金额", "下达金额", "到位金额", "支出金额", "年初预算数")
LARGEST = 26  # 分; no smallest solution of these systems needs more
SIGNS = {
    "≠": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "≤": lambda a, b: a <= b,
    "=": lambda a, b: a == b,
}
Rule = tuple[tuple[str, ...], str, tuple[str, ...]]
Form = dict[str, int]


def hit(rule: Rule, form: Form) -> bool:
    left, sign, right = rule
    return bool(SIGNS[sign](sum(form[name] for name in left), sum(form[name] for name in right)))


def connected(rules: list[Rule]) -> bool:
    """Tell whether the rules hang together by the cells they share."""
    reached, rest = set(rules[0][0] + rules[0][2]), list(rules[1:])
    while more := [rule for rule in rest if reached & set(rule[0] + rule[2])]:
        reached |= {name for rule in more for name in rule[0] + rule[2]}
        rest = [rule for rule in rest if rule not in more]
    return not rest


def remedies(rules: list[Rule], form: Form, size: int) -> dict[frozenset[str], list[tuple[int, ...]]]:
    """Give every set of so many cells that can be changed to satisfy all rules, with the amounts that do."""
    found = defaultdict(list)
    for cells in itertools.combinations(FIELDS, size):
        concerned = [rule for rule in rules if set(cells) & {*rule[0], *rule[2]}]
        if any(hit(rule, form) for rule in rules if rule not in concerned):
            continue
        for amounts in itertools.product(range(LARGEST + 1), repeat=size):
            other = {**form, **dict(zip(cells, amounts, strict=True))}
            if not any(hit(rule, other) for rule in concerned):
                found[frozenset(cells)].append(amounts)
    return found


def depths(rules: list[Rule]) -> dict[str, int]:
    """Tell how derived each field is: the longest way down from a field alone to the fields it is the sum of."""
    sources = defaultdict(set)
    for left, sign, right in rules:
        for alone, formula in ((left, right), (right, left)):
            if sign in "≠=" and len(alone) == 1 and len(formula) > 1:
                sources[alone[0]] |= set(formula)

    def down(name: str, path: tuple[str, ...]) -> int:
        return max((1 + down(other, (*path, name)) for other in sources[name] if other not in (*path, name)), default=0)

    return {name: down(name, ()) for name in FIELDS}


def smallest(rules: list[Rule], form: Form) -> tuple[int, dict[frozenset[str], list[tuple[int, ...]]]]:
    hits = sum(hit(rule, form) for rule in rules)
    for size in range(1, min(2, hits - 1) + 1):
        if found := remedies(rules, form, size):
            return size, found
    return 0, {}


def suspected(rules: list[Rule], form: Form) -> Any:
    """Ask the engine: the choices as {cells: ends in 分}, None when it is silent."""
    book = rulebook_of([{"条件": [f"{' + '.join(left)} {sign} {' + '.join(right)}"]} for left, sign, right in rules])
    given_in = {"年度": 2023, "表种": "综合", **{name: f"0.{amount:02d}元" for name, amount in form.items()}}
    found = checked(given_in, book).suspicions
    assert len(found) < 2
    if not found:
        return None
    return {
        frozenset(cell.where.field for cell in choice.cells): tuple(
            tuple(end and round(float(end.value) * 100) for end in (cell.low, cell.high)) for cell in choice.cells
        )
        for choice in found[0].choices
    }


sides = st.lists(st.sampled_from(FIELDS), min_size=2, max_size=4, unique=True).flatmap(
    lambda names: st.integers(1, len(names) - 1).map(lambda cut: (tuple(names[:cut]), tuple(names[cut:])))
)
rules_drawn = st.lists(
    st.tuples(sides, st.sampled_from(["≠", "≠", "≠", "<", "≤", "="])).map(lambda t: (t[0][0], t[1], t[0][1])),
    min_size=2,
    max_size=5,
    unique=True,
)
forms_drawn = st.fixed_dictionaries({name: st.integers(0, 4) for name in FIELDS})


@settings(max_examples=100, deadline=None, derandomize=True)
@given(rules_drawn, forms_drawn)
def test_what_is_told_is_the_smallest_and_most_derived(rules: list[Rule], form: Form) -> None:
    assume(connected(rules) and sum(hit(rule, form) for rule in rules) > 1)
    size, found = smallest(rules, form)
    told = suspected(rules, form)
    if told is None:
        assert not found or size > 1 or len(best(rules, found)) > 3
        return
    if size:  # otherwise three cells together, which brute force does not try
        assert set(told) == best(rules, found)
    for cells, ends in told.items() if size == 1 else ():
        amounts = [amount for (amount,) in found[cells]]
        [(low, high)] = ends
        if (low, high) == (None, None):
            assert len(amounts) > 1
        else:
            assert amounts == list(range(low or 0, min(LARGEST if high is None else high, LARGEST) + 1))


def best(rules: list[Rule], found: dict[frozenset[str], Any]) -> set[frozenset[str]]:
    depth = depths(rules)
    weights = {cells: sum(depth[name] for name in cells) for cells in found}
    return {cells for cells, weight in weights.items() if weight == max(weights.values())}


def test_it_is_seldom_silent_where_brute_force_finds_a_few_sets() -> None:
    chance, spoke, silent = random.Random(7), defaultdict(int), defaultdict(int)
    while sum(spoke.values()) + sum(silent.values()) < 40:
        rules = [drawn(chance) for _ in range(chance.randint(2, 5))]
        form = {name: chance.randint(0, 4) for name in FIELDS}
        if len(set(rules)) < len(rules) or not connected(rules):
            continue
        size, found = smallest(rules, form)
        if found and len(best(rules, found)) <= 3:
            (silent if suspected(rules, form) is None else spoke)[size] += 1
    assert silent[1] == 0
    assert spoke[1] > 10
    assert spoke[2] > 10 * silent[2]


def drawn(chance: random.Random) -> Rule:
    names = chance.sample(FIELDS, chance.randint(2, 4))
    cut = chance.randint(1, len(names) - 1)
    return tuple(names[:cut]), chance.choice(["≠", "≠", "<", "≤"]), tuple(names[cut:])


# the solver

X, Y, Z = (CellRef("项目", None, name) for name in "甲乙丙")
Point = dict[CellRef, Fraction]


def holds(each: Constraint, point: Point) -> bool:
    value = each.form.at(point)
    return {"<": value < 0, "<=": value <= 0, "=": value == 0}[each.op]


constraints_drawn = st.lists(
    st.builds(
        lambda constant, slopes, op: Constraint(
            Linear(Fraction(constant), {c: Fraction(s) for c, s in slopes if s}), op
        ),
        st.integers(-6, 6),
        st.tuples(*(st.tuples(st.just(cell), st.integers(-3, 3)) for cell in (X, Y, Z))),
        st.sampled_from(["<", "<=", "<=", "="]),
    ),
    max_size=6,
)
points = [dict(zip((X, Y, Z), map(Fraction, p), strict=True)) for p in itertools.product(range(-3, 4), repeat=3)]


@settings(max_examples=120, deadline=None, derandomize=True)
@given(constraints_drawn)
def test_bounds_hold_every_solution_and_are_reached(constraints: list[Constraint]) -> None:
    found = spans(constraints, (X, Y, Z))
    solutions = [point for point in points if all(holds(each, point) for each in constraints)]
    if found is None:
        assert not solutions
        return
    for point in solutions:
        for cell, value in point.items():
            assert within(found[cell], value)
    assert all(holds(each, reached(constraints)) for each in constraints)
    for cell in (X, Y, Z):
        for end, is_open in ((found[cell].low, found[cell].low_open), (found[cell].high, found[cell].high_open)):
            if end is not None:
                fixed = spans(with_value(constraints, cell, end), {X, Y, Z} - {cell})
                assert (fixed is None) == is_open


def within(span: Any, value: Fraction) -> bool:
    above = span.low is None or span.low < value or (span.low == value and not span.low_open)
    return above and (span.high is None or value < span.high or (value == span.high and not span.high_open))


def reached(constraints: list[Constraint]) -> Point:
    """Give a solution, cell by cell, from inside the bounds."""
    point: Point = {}
    for cell in (X, Y, Z):
        span = spans(constraints, {X, Y, Z} - point.keys())[cell]
        low = span.low if span.low is not None else (span.high or Fraction(0)) - 2
        high = span.high if span.high is not None else low + 2
        point[cell] = (low + high) / 2
        constraints = with_value(constraints, cell, point[cell])
    return point


def test_too_many_constraints_are_refused() -> None:
    many = [
        Constraint(Linear(Fraction(n), {X: Fraction(1), Y: Fraction(n)}), "<") for n in range(1, MOST_CONSTRAINTS + 2)
    ]
    with pytest.raises(TooManyError):
        spans(many, (X, Y))
