"""What is raised where a rulebook cannot be used."""

from collections.abc import Iterable

from fpcheck.problem import Problem


class RulebookFault(Exception):  # noqa: N818 - a fault of the rulebook, not of the program
    """A rulebook that cannot be used; `problems` holds every fault with file, line and column."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(problems, key=lambda p: (p.source, p.where.line or 0, p.where.column or 0))
        super().__init__("\n".join(map(str, self.problems)))
