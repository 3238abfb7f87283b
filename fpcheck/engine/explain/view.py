"""How an explanation looks at the form: values as people read them, and where they stand."""

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from fpcheck.engine.env import Env
from fpcheck.engine.evaluate import evaluate
from fpcheck.engine.figures import money_unit, plain
from fpcheck.engine.in_force import InForce
from fpcheck.engine.report import shown
from fpcheck.engine.unknown import Unknown, gap
from fpcheck.facts import Facts
from fpcheck.finding import Figure
from fpcheck.problem import Place
from fpcheck.record import Cell
from fpcheck.rulebook import functions as fn
from fpcheck.rulebook import ir
from fpcheck.rulebook.spell import spelled
from fpcheck.terms import MISSING, PROJECT, SUMMARY, Term, Type

NO_VALUE = "没有生效的值"


@dataclass(frozen=True, slots=True)
class View:
    """A row, with the law it is judged by."""

    env: Env
    law: InForce

    def at(self, env: Env) -> "View":
        """Look at another row."""
        return replace(self, env=env)

    def value(self, node: ir.Expr) -> Any:  # noqa: ANN401 - a value of the node's type, or Unknown
        """Give the value of an expression."""
        return evaluate(node, self.env)

    def figure(self, node: ir.Expr) -> Figure:
        """Show an expression's value."""
        return shown(node, self.env)

    def told(self, node: ir.Expr) -> str:
        """Write an expression's value, a text in quotes."""
        text, value = self.figure(node).text, self.value(node)
        if node.type not in fn.TEXTS or isinstance(value, Unknown):
            return text
        if not value:
            return "（空）"
        return f"『{text}』" if "“" in text else f"“{text}”"

    def pair(self, left: ir.Expr, right: ir.Expr) -> tuple[str, str]:
        """Write two values that are compared; where rounding makes different figures alike, in full."""
        one, two = self.told(left), self.told(right)
        if one != two or self.value(left) == self.value(right):
            return one, two
        return self._in_full(left), self._in_full(right)

    def _in_full(self, node: ir.Expr) -> str:
        value = self.value(node)
        if not isinstance(value, Fraction):
            return self.told(node)
        if node.type is Type.RATIO:
            return f"{plain(value * 100)}%"
        if node.type is not Type.MONEY:
            return plain(value)
        submission = self.env.facts.submission
        unit = money_unit(submission)
        return f"{plain(value / 100 / submission.glossary.units[unit])}{unit}"

    def worked(self, node: ir.Expr) -> str:
        """Write a formula with figures in the place of names."""
        return spelled(node, lambda part: None if isinstance(part, ir.Arith | ir.Const) else self.told(part))

    def cell(self, node: ir.Field) -> Cell:
        """Give the cell behind a field: for a column worked out from another, that other."""
        term = self.term(node)
        source = term.derived_from if term and term.derived_from else node.name
        return self.env.cell(node.scope, source)

    def term(self, node: ir.Field) -> Term | None:
        """Give a field's entry in the glossary."""
        table = self.env.facts.glossary.tables.get(node.table)
        return table.columns.get(node.name) if table else None

    def place(self, node: ir.Field) -> Place | None:
        """Tell where a field stands on the form, None for what does not stand on it."""
        at = self.env.at(node.scope)
        submission = at.facts.submission
        if node.scope is ir.Scope.PREVIOUS or at.table in (MISSING, SUMMARY):
            return None
        if at.facts.glossary.tables[at.table].from_texts:
            return submission.place(PROJECT, None, self.objective(node))
        term = self.term(node)
        return submission.place(at.table, at.number, term.derived_from if term and term.derived_from else node.name)

    def from_text(self, node: ir.Field) -> bool:
        """Tell a column of a table found in a text of the project."""
        table = self.env.facts.glossary.tables.get(node.table)
        return table is not None and table.from_texts

    def objective(self, node: ir.Field) -> str:
        """Name the text in which a row was found."""
        return str(self.env.cell(node.scope, "出处").value)


def view_of(law: InForce, env: Env) -> View:
    """Look at a row for an explanation: a threshold without a value is a gap, not a failure."""

    def parameter(name: str) -> Any:  # noqa: ANN401 - a value of the parameter's type
        found = law.setting(name)
        return gap(f"参数.{name}", NO_VALUE) if found is None else found.value

    return View(replace(env, parameter=parameter, cache={}), law)


def row_name(facts: Facts, table: str, number: int | None) -> str:
    """Tell what a row is about: the subject of its table."""
    owner = facts.glossary.tables[table]
    rows = facts.rows(table)
    if table == PROJECT or owner.subject is None or not rows or not number:
        return ""
    value = rows[number - 1].get(owner.subject, Cell()).value
    return str(value) if isinstance(value, str) else ""
