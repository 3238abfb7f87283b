"""What is asked about one row: by which rule, with what answer, and which lines would have to turn for another."""

from collections.abc import Iterable
from dataclasses import dataclass

from fpcheck.engine.change import cell_of
from fpcheck.engine.explain.bench import Bench
from fpcheck.engine.explain.clauses import APPLIES, CONDITIONS, UNLESS
from fpcheck.engine.explain.scale import COUNTED, Scale, scale_of
from fpcheck.engine.explain.view import View, row_name
from fpcheck.engine.figures import money_unit
from fpcheck.engine.linear import CellRef, cells
from fpcheck.finding import Outcome
from fpcheck.problem import Place
from fpcheck.record import Cell
from fpcheck.rulebook import ir
from fpcheck.rulebook.compiled import Clause, CompiledRule
from fpcheck.terms import PROJECT, Term


@dataclass(frozen=True, slots=True)
class Turn:
    """A line that would have to be `wanted` for the verdict to be `to`."""

    part: str
    clause: Clause
    wanted: bool
    to: Outcome


@dataclass(frozen=True, slots=True)
class Question:
    """One row of one submission under one rule, with what the rule said of it."""

    rule: CompiledRule
    view: View
    row: int | None
    outcome: Outcome
    bench: Bench

    def turns(self) -> tuple[Turn, ...]:
        """Give the lines each of which alone would turn the verdict if it came out otherwise."""
        rule = self.rule
        if self.outcome is Outcome.VIOLATED:
            broken = [Turn(CONDITIONS, clause, wanted=False, to=Outcome.PASSED) for clause in rule.conditions]
            return (*broken, *(Turn(UNLESS, clause, wanted=True, to=Outcome.PASSED) for clause in rule.unless))
        if self.outcome is not Outcome.PASSED or self._blocking(APPLIES, rule.applies, wanted=True):
            return ()
        blocking = [
            *self._blocking(CONDITIONS, rule.conditions, wanted=True),
            *self._blocking(UNLESS, rule.unless, wanted=False),
        ]
        return tuple(blocking) if len(blocking) == 1 else ()

    def _blocking(self, part: str, clauses: Iterable[Clause], *, wanted: bool) -> list[Turn]:
        """Give the lines that keep a rule from hitting."""
        odd = (clause for clause in clauses if self.view.value(clause.typed) is not wanted)
        return [Turn(part, clause, wanted, Outcome.VIOLATED) for clause in odd]

    def figures(self, node: ir.Expr) -> list[CellRef]:
        """Give the figures and dates on the form that an expression reads: the marked field first, then the nearest."""
        found = dict.fromkeys(cells(node, self.view.env))
        return sorted((ref for ref in found if self.term(ref)), key=self._distance)

    def _distance(self, ref: CellRef) -> tuple[bool, bool, bool]:
        own = ref.row is None or (ref.table, ref.row) == (self.rule.table.name, self.row)
        return not self.marked(ref), not own, ref.table != self.rule.table.name

    def marked(self, ref: CellRef) -> bool:
        """Tell the cell that the rule marks."""
        return (ref.table, ref.field) == self.rule.mark and ref.row in (None, self.row)

    def term(self, ref: CellRef) -> Term | None:
        """Give the entry of a cell of figures or dates that is filled in by hand, None for any other."""
        term = self.bench.facts.glossary.tables[ref.table].fields.get(ref.field)
        return term if term and term.type in COUNTED else None

    def cell(self, ref: CellRef) -> Cell:
        """Give a cell as it was handed in."""
        return cell_of(self.bench.facts, ref)

    def scale(self, ref: CellRef, term: Term) -> Scale:
        """Give the scale of a cell."""
        submission = self.bench.facts.submission
        return scale_of(term, self.cell(ref), money_unit(submission), submission.glossary.units)

    def name(self, ref: CellRef) -> str:
        """Name a cell: on the rule's own row and on the project by its field alone."""
        if ref.table == PROJECT or (ref.table, ref.row) == (self.rule.table.name, self.row):
            return ref.field
        about = row_name(self.bench.facts, ref.table, ref.row)
        return f"“{ref.table}”第{ref.row}条{f'（{about}）' if about else ''}的{ref.field}"

    def place(self, ref: CellRef) -> Place:
        """Tell where a cell stands."""
        return self.bench.facts.submission.place(ref.table, ref.row, ref.field)
