"""Rulebook → definitions for durable-rules: each outcome of a rule as a few lists of positive tests on one fact.

A rule is a kind of fact of its own. 不适用, 命中 and 通过 are rules of the engine, in that priority; a fact for which
none of them fires is 无法判断. Kleene's true and false of a condition are both monotone in the answers of its atoms, so
neither needs a negation.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, product
from math import prod

from fpcheck.engine.durable.atoms import Answer, Atom, FoundOrder, Test, as_text, atom, fields_of
from fpcheck.engine.env import Env
from fpcheck.finding import Outcome
from fpcheck.rulebook import ir
from fpcheck.rulebook.compiled import Clause, CompiledRule
from fpcheck.terms import SUMMARY

MOST_PATHS = 60  # antecedents on one kind of fact that durable-rules takes at once
MOST_FIELDS = 240  # a fact has at most 254, some of them its own
MOST_ANTECEDENTS = 30_000  # of all rules, so that they fit into the worker's memory
CHUNK = 250  # antecedents in one of its rule sets
OUTCOMES = {"a": Outcome.NOT_APPLICABLE, "b": Outcome.VIOLATED, "c": Outcome.PASSED}

Literal = tuple[int, bool]
Path = frozenset[Literal]


class TooWide(Exception):  # noqa: N818 - told apart from errors: the rule is put in a narrower form
    """A condition with more alternatives than the engine takes."""


@dataclass(frozen=True, slots=True)
class Fenced:
    """A rule inside the fence: its atoms, and per outcome the antecedents any of which makes it fire."""

    rule: CompiledRule
    kind: str
    atoms: tuple[Atom, ...]
    antecedents: Mapping[str, tuple[tuple[Test, ...], ...]]

    @property
    def width(self) -> int:
        """The number of antecedents."""
        return sum(map(len, self.antecedents.values()))

    @property
    def reads(self) -> dict[int, list[str]]:
        """The atoms whose counts the engine fills in itself, with the rules that they count."""
        counts = ((at, one) for at, one in enumerate(self.atoms) if isinstance(one, FoundOrder))
        return {at: sorted(one.found.rules) for at, one in counts}

    def fact(self, env: Env, key: int) -> str:
        """Write the fact of a row in the engine's notation, without the closing brace."""
        fields = fields_of(self.atoms, env)
        shown = "".join(f",{as_text(name)}:{_value(value)}" for name, value in fields.items())
        return f'{{"sid":"s","id":"f{key}","kind":"{self.kind}"{shown}'

    def definition(self) -> Iterator[str]:
        """Give the engine's rules."""
        for priority, (letter, alternatives) in enumerate(self.antecedents.items()):
            for number, tests in enumerate(alternatives):
                body = {"all": [{"m": {"$and": [{"kind": self.kind}, *tests]}}], "pri": priority}
                yield f'"{self.kind}.{letter}.{number}":{json.dumps(body)}'


@dataclass(frozen=True, slots=True)
class Program:
    """Every rule of single submissions, and the chunks in which the engine takes them."""

    rules: Mapping[str, Fenced]
    chunks: tuple[str, ...]
    chunk_of: Mapping[str, int]


def program(rules: Iterable[CompiledRule]) -> Program:
    """Compile the rules; conclusions go into chunks of their own, those on a whole district are left out."""
    own = [rule for rule in rules if rule.table.name != SUMMARY]
    ordered = sorted(own, key=lambda rule: bool(rule.findings))
    for forms in (FORMS, FORMS[-1:]):
        fenced = {rule.rule.id: fence(rule, f"k{number}", forms) for number, rule in enumerate(ordered)}
        if _width(fenced.values()) <= MOST_ANTECEDENTS:
            break
    chunks: list[list[Fenced]] = []
    for one in fenced.values():
        last = chunks[-1] if chunks else []
        if not last or bool(last[0].rule.findings) is not bool(one.rule.findings) or _width(last) + one.width > CHUNK:
            chunks.append(last := [])
        last.append(one)
    chunk_of = {one.rule.rule.id: number for number, chunk in enumerate(chunks) for one in chunk}
    return Program(fenced, tuple(map(_defined, chunks)), chunk_of)


def _width(chunk: Iterable[Fenced]) -> int:
    return sum(one.width for one in chunk)


def _defined(chunk: Sequence[Fenced]) -> str:
    warm = '"!warm":{"all":[{"m":{"$and":[{"kind":"!warm"}]}}]}'  # fires once, else deleting a state frees garbage
    return f"{{{','.join([warm, *chain.from_iterable(one.definition() for one in chunk)])}}}"


def fence(rule: CompiledRule, kind: str, forms: "Sequence[Form]") -> Fenced:
    """Bring a rule inside the fence, in the first of the forms that is not too wide."""
    for lines in forms:
        try:
            return _fenced(rule, kind, *lines(rule))
        except TooWide:
            continue
    raise AssertionError(rule.rule.id)  # three answers are never too wide


Lines = Sequence[ir.Expr | Answer]


def _as_written(rule: CompiledRule) -> Iterator[Lines]:
    for part in (rule.applies, rule.conditions, rule.unless):
        yield [clause.lowered for clause in part]


def _line_by_line(rule: CompiledRule) -> Iterator[Lines]:
    for part in (rule.applies, rule.conditions, rule.unless):
        yield [Answer(clause.lowered) for clause in part]


def _part_by_part(rule: CompiledRule) -> Iterator[Lines]:
    yield [Answer(ir.And(_lowered(rule.applies)))] if rule.applies else []
    yield [Answer(ir.And(_lowered(rule.conditions)))]
    yield [Answer(ir.Or(_lowered(rule.unless)))] if rule.unless else []


Form = Callable[[CompiledRule], Iterator[Lines]]
FORMS: Sequence[Form] = (_as_written, _line_by_line, _part_by_part)
"""Wide to narrow: every line with its parts, each line, or each part of the rule answered beforehand as a whole."""


def _lowered(clauses: Iterable[Clause]) -> tuple[ir.Expr, ...]:
    return tuple(clause.lowered for clause in clauses)


def _fenced(rule: CompiledRule, kind: str, applies: Lines, conditions: Lines, unless: Lines) -> Fenced:
    atoms: dict[Atom, int] = {}
    refused = _some(_paths(line, atoms, wanted=False) for line in applies)
    hit = _every(
        [
            *(_paths(line, atoms, wanted=True) for line in (*applies, *conditions)),
            *(_paths(line, atoms, wanted=False) for line in unless),
        ]
    )
    passed = _some(
        [
            *(_paths(line, atoms, wanted=False) for line in conditions),
            *(_paths(line, atoms, wanted=True) for line in unless),
        ]
    )
    order = tuple(atoms)
    if sum(atom.width for atom in order) > MOST_FIELDS:
        raise TooWide
    antecedents = {letter: _tests(paths, order) for letter, paths in zip(OUTCOMES, (refused, hit, passed), strict=True)}
    found = Fenced(rule, kind, order, antecedents)
    if found.width > MOST_PATHS:
        raise TooWide
    return found


def _paths(node: ir.Expr | Answer, atoms: dict[Atom, int], *, wanted: bool) -> list[Path]:
    """Give the sets of answers any of which makes a condition certainly true, or certainly false."""
    match node:
        case ir.Not(item=item):
            return _paths(item, atoms, wanted=not wanted)
        case ir.And(items=items) | ir.Or(items=items):
            each = (_paths(item, atoms, wanted=wanted) for item in items)
            return _every(each) if isinstance(node, ir.And) is wanted else _some(each)
        case ir.Measure(scope=ir.Scope.ROW, body=body):
            return _paths(body, atoms, wanted=wanted)
    asked = node if isinstance(node, Answer) else atom(node)
    return [frozenset({(atoms.setdefault(asked, len(atoms)), wanted)})]


def _every(each: Iterable[list[Path]]) -> list[Path]:
    paths: list[Path] = [frozenset()]
    for more in each:
        if len(paths) * len(more) > MOST_PATHS:
            raise TooWide
        joined = {one | two for one, two in product(paths, more)}
        paths = sorted((path for path in joined if not any((at, not said) in path for at, said in path)), key=sorted)
    return paths


def _some(each: Iterable[list[Path]]) -> list[Path]:
    found = set(chain.from_iterable(each))
    if len(found) > MOST_PATHS:
        raise TooWide
    return sorted(found, key=sorted)


def _tests(paths: Iterable[Path], atoms: Sequence[Atom]) -> tuple[tuple[Test, ...], ...]:
    """Write paths as the engine's tests; presence comes before what it guards."""
    found: list[tuple[Test, ...]] = []
    for path in paths:
        alternatives = [atoms[at].tests(at, wanted=wanted) for at, wanted in sorted(path)]
        if len(found) + prod(map(len, alternatives)) > MOST_PATHS:
            raise TooWide
        found += [tuple(chain.from_iterable(chosen)) for chosen in product(*alternatives)]
    return tuple(found)


def _value(value: float | str) -> str:
    """Write a value as the engine reads it: numbers always as doubles."""
    return as_text(value) if isinstance(value, str) else repr(value)
