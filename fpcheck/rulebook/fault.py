"""What is raised where a rulebook cannot be used."""

from collections.abc import Iterable

from fpcheck.problem import Problem


class RulebookFault(Exception):  # noqa: N818 - a fault of the rulebook, not of the program
    """A rulebook that cannot be used; `problems` holds every fault with file, line and column.

    `rules` and `others` are the files of the pack that hold a rule, which can be left out, and those that hold
    something else; empty where no pack could be opened.
    """

    def __init__(self, problems: Iterable[Problem], rules: Iterable[str] = (), others: Iterable[str] = ()) -> None:
        self.rules, self.others = frozenset(rules), frozenset(others)
        self.problems = sorted(problems, key=lambda p: (p.source, p.where.line or 0, p.where.column or 0))
        super().__init__("\n".join(map(str, self.problems)))
