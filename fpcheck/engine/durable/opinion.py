"""What durable-rules says of a submission, row by row, held against the verdicts of the semantics."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from fpcheck.engine.durable.process import Worker, WorkerFailed
from fpcheck.engine.durable.program import OUTCOMES, Program, program
from fpcheck.engine.semantics import Verdict
from fpcheck.finding import Fault, Outcome
from fpcheck.rulebook.compiled import CompiledRule, Rulebook
from fpcheck.terms import PROJECT

NAME = "durable"
SECONDS = 30.0  # for one request
BATCH = 2_000  # rows in one request
PATIENCE = 3  # failures in a row after which no other worker is started
Expected = tuple[CompiledRule, Verdict]


class Durable:
    """The engine for one run: one worker process, started at once and replaced when it fails."""

    name = NAME

    def __init__(self, seconds: float = SECONDS) -> None:
        self.seconds = seconds
        self.failures = 0
        self.worker: Worker | None = None
        with suppress(WorkerFailed):  # it is tried again, and told of, when the first question is asked
            self.worker = Worker()
        self._rulebook: Rulebook | None = None
        self._program: Program | None = None
        self._told: Worker | None = None

    def close(self) -> None:
        """End the worker process."""
        if self.worker:
            self.worker.stop()
        self.worker = None

    def on(self, rulebook: Rulebook, submission: str) -> "Opinion":
        """Begin with a submission."""
        if rulebook is not self._rulebook or self._program is None:
            self._rulebook, self._program, self._told = rulebook, program(rulebook.rules), None
        return Opinion(self, self._program, submission)

    def ask(self, request: Mapping[str, Any]) -> dict[str, str]:
        """Ask the worker, which is told the rules first.

        Raises:
            WorkerFailed: it did not answer, or has failed too often.
        """
        if self.failures >= PATIENCE:
            raise WorkerFailed(f"已经连续失败 {PATIENCE} 次，没有再试")
        try:
            self.worker = self.worker or Worker()
            if self._told is not self.worker and self._program:
                self.worker.ask({"define": self._program.chunks}, self.seconds)
                self._told = self.worker
            answer = self.worker.ask(dict(request), self.seconds)
        except WorkerFailed:
            self.failures += 1
            self.close()
            raise
        self.failures = 0
        return answer


class Opinion:
    """The engine's opinion of one submission: told of each verdict, it answers at the end what it sees differently."""

    def __init__(self, engine: Durable, told: Program, submission: str) -> None:
        self.engine = engine
        self.program = told
        self.submission = submission
        self.expected: list[Expected] = []
        self.said: dict[str, str] = {}
        self.begun = False
        self.facts: list[tuple[int, str, int, str]] = []
        self.conclusions: list[tuple[int, str, int, str, dict[int, list[str]]]] = []
        self.given: dict[str, tuple[int, int | None]] = {}

    def note(self, rule: CompiledRule, verdict: Verdict) -> None:
        """Take a verdict of the semantics, with the row it was given on."""
        if verdict.whole:
            if verdict.outcome is Outcome.UNDECIDED:
                self.left_open(rule)
            return
        fenced, key = self.program.rules[rule.rule.id], len(self.expected)
        self.expected.append((rule, verdict))
        fact = (self.program.chunk_of[rule.rule.id], rule.rule.id, key, fenced.fact(verdict.env, key))
        if rule.findings:
            self.conclusions.append((*fact, fenced.reads))
        else:
            self.facts.append(fact)

    def pass_on(self) -> None:
        """Hand the rows to the engine once they have become many.

        Raises:
            WorkerFailed: the engine failed.
        """
        if len(self.facts) >= BATCH:
            self._ask({})

    def left_open(self, rule: CompiledRule) -> None:
        """Take note that a rule was not decided as a whole: it may hide any number of hits, on 项目 one."""
        self.given[rule.rule.id] = (0, 1 if rule.table.name == PROJECT else None)

    def _ask(self, more: Mapping[str, Any]) -> None:
        """Ask about the rows so far; the first question makes the worker forget the submission before."""
        self.said |= self.engine.ask({"begin": not self.begun, "facts": self.facts, **more})
        self.begun, self.facts = True, []

    def faults(self) -> Iterator[Fault]:
        """Give every row on which the two engines disagree.

        Raises:
            WorkerFailed: the engine failed.
        """
        self._ask({"conclude": self.conclusions, "given": self.given})
        for key, (rule, verdict) in enumerate(self.expected):
            seen = OUTCOMES.get(self.said.get(str(key), ""), Outcome.UNDECIDED)
            if seen is not verdict.outcome:
                message = f"{NAME} 判为{seen.label}，semantics 判为{verdict.outcome.label}，报告以 semantics 为准"
                yield Fault(self.submission, rule.rule.id, NAME, verdict.row, message)
