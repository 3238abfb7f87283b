"""A second engine beside the semantics: what it sees differently becomes a fault, and so does its own failure."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Protocol

from fpcheck.engine.semantics import Verdict
from fpcheck.finding import Fault
from fpcheck.rulebook.compiled import CompiledRule, Rulebook


class Opinion(Protocol):
    """What a second engine says of one submission."""

    def note(self, rule: CompiledRule, verdict: Verdict) -> None:
        """Take a verdict of the semantics."""

    def pass_on(self) -> None:
        """Hand over what has been taken, where it is much."""

    def left_open(self, rule: CompiledRule) -> None:
        """Take note that a rule failed before all its rows were judged."""

    def faults(self) -> Iterable[Fault]:
        """Give what it sees differently."""


class Engine(Protocol):
    """A second engine."""

    name: str

    def on(self, rulebook: Rulebook, submission: str) -> Opinion:
        """Begin with a submission."""


class Second:
    """A second engine's opinion of one submission. Its failure stops nothing; without an engine it has none."""

    def __init__(self, engine: Engine | None, rulebook: Rulebook, submission: str) -> None:
        self.name = engine.name if engine else ""
        self.submission = submission
        self.opinion: Opinion | None = None
        self.failures: list[Fault] = []
        with self._guarded():
            self.opinion = engine.on(rulebook, submission) if engine else None

    def note(self, rule: CompiledRule, verdict: Verdict) -> None:
        """Take a verdict of the semantics."""
        if self.opinion:
            with self._guarded(rule.rule.id):
                self.opinion.note(rule, verdict)
        if self.opinion:
            with self._guarded():
                self.opinion.pass_on()

    def left_open(self, rule: CompiledRule) -> None:
        """Take note that a rule failed before all its rows were judged."""
        if self.opinion:
            self.opinion.left_open(rule)

    def faults(self) -> list[Fault]:
        """Give what it sees differently, or how it failed."""
        found: list[Fault] = []
        if self.opinion:
            with self._guarded():
                found = list(self.opinion.faults())
        return found + self.failures

    @contextmanager
    def _guarded(self, rule: str | None = None) -> Iterator[None]:
        try:
            yield
        except Exception as error:  # noqa: BLE001 - a foreign engine: whatever goes wrong in it must not reach the verdict
            self.opinion = None
            message = f"没有完成核对：{str(error) or type(error).__name__}；报告以 semantics 为准"
            self.failures.append(Fault(self.submission, rule, self.name, None, message))
