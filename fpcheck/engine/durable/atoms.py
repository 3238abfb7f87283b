"""Atoms: the smallest questions of a rule, as fields of a fact and as tests on it.

durable-rules is given only what it answers exactly: equal texts, the order of whole numbers that a double holds, a
product of two such numbers, and whether a field says it is there. All other questions are answered beforehand and
handed over as an answer. Every field that a test reads is always there, with a presence field beside it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from json import JSONEncoder
from math import ceil, floor, lcm
from typing import Any

from fpcheck.engine.env import Env, NoParameterError
from fpcheck.engine.evaluate import both, evaluate
from fpcheck.engine.unknown import Interval, Unknown
from fpcheck.rulebook import ir

Fields = dict[str, float | str]
Test = Mapping[str, Any]

LARGEST = 2**53
LONGEST = 60_000  # bytes of a text as JSON; from 65,536 on the engine compares wrongly
as_text = JSONEncoder(ensure_ascii=False).encode
TRUE, FALSE, UNKNOWN = "T", "F", "U"
PRESENT, ABSENT = "Y", "N"
_NEGATED = {"<": "gte", "<=": "gt", "=": "neq"}
_PLAIN = {"<": "lt", "<=": "lte", "=": "eq"}
_OPPOSITE = {"lt": "gte", "lte": "gt", "gt": "lte", "gte": "lt"}
_TURNED = {"lt": "gt", "lte": "gte", "gt": "lt", "gte": "lte", "eq": "eq", "neq": "neq"}


def test(op: str, name: str, value: Any) -> Test:  # noqa: ANN401 - a constant or a reference to a field
    """Give one test in the engine's notation; equality has no operator of its own there."""
    return {name: value} if op == "eq" else {f"${op}": {name: value}}


def other(name: str) -> Test:
    """Refer to another field of the same fact."""
    return {"$m": name}


@dataclass(frozen=True, slots=True)
class Answer:
    """A question that is answered beforehand: texts, patterns, word lists, aggregates, blanks, yes-no fields."""

    node: ir.Expr
    width = 1

    def absent(self, at: int) -> Fields:
        """Give the fields of an answer that is not known."""
        return {f"t{at}": UNKNOWN}

    def fields(self, at: int, env: Env) -> Fields:
        """Give the answer."""
        truth = evaluate(self.node, env)
        return {f"t{at}": UNKNOWN if isinstance(truth, Unknown) else TRUE if truth else FALSE}

    def tests(self, at: int, *, wanted: bool) -> list[list[Test]]:
        """Ask for the answer."""
        return [[test("eq", f"t{at}", TRUE if wanted else FALSE)]]


@dataclass(frozen=True, slots=True)
class Order:
    """`left op right` of two figures, days or texts."""

    node: ir.Compare
    width = 3

    def absent(self, at: int) -> Fields:
        """Give the fields of sides that are not known."""
        return {f"p{at}": ABSENT, f"l{at}": 0.0, f"r{at}": 0.0}

    def fields(self, at: int, env: Env) -> Fields:
        """Give both sides."""
        found = both(self.node.left, self.node.right, env)
        if isinstance(found, Unknown):
            return self.absent(at)
        left, right = comparable(*found)
        return {f"p{at}": PRESENT, f"l{at}": left, f"r{at}": right}

    def tests(self, at: int, *, wanted: bool) -> list[list[Test]]:
        """Compare the sides."""
        op = (_PLAIN if wanted else _NEGATED)[self.node.op]
        return [[test("eq", f"p{at}", PRESENT), test(op, f"l{at}", other(f"r{at}"))]]


@dataclass(frozen=True, slots=True)
class QuotientOrder:
    """`dividend / divisor op bound`, multiplied out: `dividend × denominator op numerator × divisor`."""

    node: ir.CompareQuotient
    width = 4

    def absent(self, at: int) -> Fields:
        """Give the fields of figures that are not known."""
        return {f"p{at}": ABSENT, f"l{at}": 0.0, f"r{at}": 0.0, f"m{at}": 0.0}

    def fields(self, at: int, env: Env) -> Fields:
        """Give the whole numbers to multiply, the divisor made positive."""
        values = [evaluate(item, env) for item in (self.node.dividend, self.node.divisor, self.node.bound)]
        if any(isinstance(value, Unknown) for value in values) or not values[1]:
            return self.absent(at)
        dividend, divisor, bound = values
        scale = lcm(dividend.denominator, divisor.denominator) * (1 if divisor > 0 else -1)
        whole = int(dividend * scale) * bound.denominator, int(divisor * scale), bound.numerator
        if max(abs(whole[0]), whole[1], abs(whole[2]), abs(whole[1] * whole[2])) >= LARGEST:
            whole = sign(whole[0] - whole[1] * whole[2]), 1, 0
        return {f"p{at}": PRESENT, f"l{at}": float(whole[0]), f"r{at}": float(whole[1]), f"m{at}": float(whole[2])}

    def tests(self, at: int, *, wanted: bool) -> list[list[Test]]:
        """Multiply and compare."""
        op = (_PLAIN if wanted else _NEGATED)[self.node.op]
        product = {"$mul": {"$l": other(f"r{at}"), "$r": other(f"m{at}")}}
        found = test(_TURNED[op] if self.node.flipped else op, f"l{at}", product)
        return [[test("eq", f"p{at}", PRESENT), found]]


@dataclass(frozen=True, slots=True)
class FoundOrder:
    """发现数 against a number; the counts, from `lo` to `hi`, come from what the engine itself found before."""

    op: str  # with the count on the left: lt lte gt gte eq
    found: ir.Findings
    bound: ir.Expr
    width = 5  # with lo and hi

    def absent(self, at: int) -> Fields:
        """Give the fields of a bound that is not known."""
        return {f"p{at}": ABSENT, f"b{at}": 0.0, f"c{at}": 0.0}

    def fields(self, at: int, env: Env) -> Fields:
        """Give the bound as the whole numbers around it: counts compare to those as they do to it."""
        bound = evaluate(self.bound, env)
        if isinstance(bound, Unknown | Interval):
            return self.absent(at)
        clipped = max(Fraction(-1), min(Fraction(bound), Fraction(LARGEST - 1)))
        return {f"p{at}": PRESENT, f"b{at}": float(ceil(clipped)), f"c{at}": float(floor(clipped))}

    def tests(self, at: int, *, wanted: bool) -> list[list[Test]]:
        """Compare the end of the range that decides with the whole number above (b) or below (c) the bound."""
        low, high, above, under = f"lo{at}", f"hi{at}", other(f"b{at}"), other(f"c{at}")
        there = test("eq", f"p{at}", PRESENT)
        if self.op == "eq":
            if wanted:
                return [[there, test("eq", low, above), test("eq", high, under)]]
            return [[there, test("lt", high, above)], [there, test("gt", low, under)]]
        op = self.op if wanted else _OPPOSITE[self.op]
        decisive = {"lt": (high, above), "lte": (high, under), "gt": (low, under), "gte": (low, above)}[op]
        return [[there, test(op, *decisive)]]


Atom = Answer | Order | QuotientOrder | FoundOrder


def atom(node: ir.Expr) -> Atom:
    """Give the atom of a leaf condition."""
    match node:
        case ir.Compare(op=op, left=ir.Findings() as found, right=bound) if found.fn != "发现单位":
            return FoundOrder(_PLAIN[op], found, bound)
        case ir.Compare(op=op, left=bound, right=ir.Findings() as found) if found.fn != "发现单位":
            return FoundOrder(_TURNED[_PLAIN[op]], found, bound)
        case ir.Compare():
            return Order(node)
        case ir.CompareQuotient():
            return QuotientOrder(node)
    return Answer(node)


def fields_of(atoms: Iterable[Atom], env: Env) -> Fields:
    """Give the fields of all atoms; one that wants a parameter without a value in force is not there."""
    found: Fields = {}
    for at, one in enumerate(atoms):
        try:
            found |= one.fields(at, env)
        except NoParameterError:
            found |= one.absent(at)
    return found


def comparable(left: Any, right: Any) -> tuple[float | str, float | str]:  # noqa: ANN401 - values of one type
    """Give two values of one type in a form that the engine compares exactly.

    What a double or a text of the engine cannot hold is handed over as −1, 0 or 1 against 0: its sign.
    """
    match left, right:
        case (str(), str()):
            if all(_sound(side) and len(as_text(side).encode()) <= LONGEST for side in (left, right)):
                return left, right
            return float(left != right), 0.0
        case (date(), date()):
            return float(left.toordinal()), float(right.toordinal())
    one, two = Fraction(left), Fraction(right)
    scale = lcm(one.denominator, two.denominator)
    whole = int(one * scale), int(two * scale)
    if max(map(abs, whole)) >= LARGEST:
        whole = sign(whole[0] - whole[1]), 0
    return float(whole[0]), float(whole[1])


def _sound(text: str) -> bool:
    """Tell a text without half surrogates, which no UTF-8 can carry."""
    return not any("\ud800" <= char <= "\udfff" for char in text)


def sign(value: int) -> int:
    """Give −1, 0 or 1."""
    return (value > 0) - (value < 0)
