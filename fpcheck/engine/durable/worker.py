"""The worker process: durable-rules behind a pipe, one JSON document a line in and out.

It runs as a script of its own and imports nothing of fpcheck. What is handed to the engine here keeps to what was
found to be exact and safe: facts only, one state id, every number a double, single-fact tests, a warm-up firing before
the first state is deleted, states deleted before they grow, firings bounded. An error ends the process; whoever
started it starts another.

A request may hold, in this order: "define", the definitions of other rules; "begin" for a new submission; "facts", rows
to judge, each [chunk, rule, key, fact]; "given", what was settled without a row as {rule: [hits, open]}; "conclude",
conclusions to judge by forward chaining over all that since "begin", each [chunk, rule, key, fact, {atom: [rule…]}].
A fact comes without its closing brace. The answer is {"fired": {key: letter}} or {"error": text}.
"""

import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import durable_rules_engine as durable

SLICE = 500  # facts in one state: each takes about 9 KB until the state is deleted
FIRINGS = 64  # more than the antecedents of any fact
MEMORY = 2 << 30  # bytes of address space
UNBOUNDED = 2.0**53
MATCHED, UNMATCHED = 0, 1
HIT = "b"


class RuleSet:
    """One chunk of rules in the engine, with one state."""

    def __init__(self, name: str, definition: str) -> None:
        self.handle = durable.create_ruleset(name, definition)
        self.offset: int | None = None
        self.budget = 0
        self.add('{"sid":"s","id":"w","kind":"!warm"')
        list(self.firings())
        self.clear()

    def add(self, fact: str) -> None:
        """Assert a fact."""
        code, self.offset = durable.assert_fact(self.handle, fact + "}")
        if code not in (MATCHED, UNMATCHED):
            raise RuntimeError(f"durable-rules refused a fact with code {code}")
        self.budget += FIRINGS

    def firings(self) -> Iterator[tuple[str, int]]:
        """Fire what matches: the letter of the outcome and the key of the fact; facts may be added between two."""
        if self.offset is None:
            return
        started = durable.start_action_for_state(self.handle, self.offset)
        message = started and started[1]
        while message:
            self.budget -= 1
            if self.budget < 0:
                raise RuntimeError("durable-rules fires without end")
            ((name, bound),) = json.loads(message).items()
            if name != "!warm":
                yield name.split(".")[1], int(bound["m"]["id"][1:])
            message = durable.complete_and_start_action(self.handle, self.offset)

    def clear(self) -> None:
        """Forget all facts."""
        if self.offset is not None:
            durable.delete_state(self.handle, "s")
        self.offset, self.budget = None, 0

    def close(self) -> None:
        """Forget the rules."""
        durable.delete_ruleset(self.handle)


class Session:
    """What the engine has been told and has found of the submission at hand."""

    def __init__(self) -> None:
        self.sets: list[RuleSet] = []
        self.fired: dict[int, str] = {}
        self.tally: dict[str, list[int | None]] = defaultdict(lambda: [0, 0])

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """Carry out one request."""
        self.fired = {}
        if "define" in request:
            self.define(request["define"])
        if request.get("begin"):
            self.tally.clear()
        self.judge(request.get("facts", []))
        if "conclude" in request:
            self.give(request["given"])
            Chain(self, request["conclude"]).run()
        return {"fired": self.fired}

    def define(self, definitions: list[str]) -> None:
        """Take other rules."""
        for old in self.sets:
            old.close()
        self.sets = [RuleSet(f"c{number}", text) for number, text in enumerate(definitions)]

    def judge(self, facts: list[tuple[int, str, int, str]]) -> None:
        """Judge rows, a slice of a chunk at a time."""
        chunks = defaultdict(list)
        for chunk, _, _, fact in facts:
            chunks[chunk].append(fact)
        for chunk, mine in chunks.items():
            for start in range(0, len(mine), SLICE):
                self.judge_slice(self.sets[chunk], mine[start : start + SLICE])
        for _, rule, key, _ in facts:
            self.count(rule, key)

    def judge_slice(self, rules: RuleSet, facts: list[str]) -> None:
        """Judge a few rows in one state."""
        for fact in facts:
            rules.add(fact)
        for letter, key in rules.firings():
            self.fire(key, letter)
        rules.clear()

    def give(self, tallies: dict[str, tuple[int, int | None]]) -> None:
        """Add what was settled without looking at rows."""
        for rule, (hits, open_) in tallies.items():
            mine = self.tally[rule]
            mine[0] = (mine[0] or 0) + hits
            mine[1] = None if open_ is None or mine[1] is None else mine[1] + open_

    def fire(self, key: int, letter: str) -> None:
        """Keep a fact's first outcome: the engine fires them by priority."""
        if letter < self.fired.setdefault(key, letter):
            raise RuntimeError("durable-rules fired out of order")

    def count(self, rule: str, key: int) -> None:
        """Add a row's outcome to what was found."""
        tally = self.tally[rule]
        if key not in self.fired and tally[1] is not None:
            tally[1] += 1
        if self.fired.get(key) == HIT:
            tally[0] = (tally[0] or 0) + 1


class Chain:
    """Forward chaining over conclusions: a conclusion is asserted as soon as all that it counts has been settled."""

    def __init__(self, session: Session, conclusions: list[tuple[int, str, int, str, dict[str, list[str]]]]) -> None:
        self.session = session
        self.waiting = conclusions
        self.unsettled: dict[str, set[int]] = defaultdict(set)
        self.rule_of: dict[int, str] = {}
        for _, rule, key, _, _ in conclusions:
            self.unsettled[rule].add(key)
            self.rule_of[key] = rule
        self.asserted: set[int] = set()

    def run(self) -> None:
        """Conclude until nothing is left; where nothing fires any more, what was asserted is undecided."""
        self.release()
        while self.asserted:
            before = frozenset(self.asserted)
            for rules in self.session.sets:
                for letter, key in rules.firings():
                    self.session.fire(key, letter)
                    self.settle(key)
            if self.asserted == before:
                for key in sorted(before):
                    self.settle(key)
        for rules in self.session.sets:
            rules.clear()
        if self.waiting:
            raise RuntimeError("conclusions that count each other")

    def release(self) -> None:
        """Assert the conclusions that can be judged by now."""
        ready = [
            one for one in self.waiting if not any(self.unsettled.get(r) for rules in one[4].values() for r in rules)
        ]
        self.waiting = [one for one in self.waiting if one not in ready]
        for chunk, _, key, fact, reads in ready:
            counts = "".join(self.range(at, rules) for at, rules in reads.items())
            self.asserted.add(key)
            self.session.sets[chunk].add(fact + counts)

    def range(self, at: str, rules: list[str]) -> str:
        """Write how many hits there are at least and at most."""
        tallies = [self.session.tally[rule] for rule in rules if rule in self.session.tally]
        low = sum(hits or 0 for hits, _ in tallies)
        bounded = all(open_ is not None for _, open_ in tallies)
        high = float(low + sum(open_ or 0 for _, open_ in tallies)) if bounded else UNBOUNDED
        return f',"lo{at}":{float(low)!r},"hi{at}":{high!r}'

    def settle(self, key: int) -> None:
        """Note a conclusion's outcome, and go on with those that were waiting for it."""
        if key in self.asserted:
            self.asserted.remove(key)
            rule = self.rule_of[key]
            self.session.count(rule, key)
            self.unsettled[rule].remove(key)
            self.release()


def limit_memory() -> None:
    """Keep the process from eating the machine, where the system can."""
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return
    for what, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CORE, 0)):
        _, hard = resource.getrlimit(what)
        limit = most if hard == resource.RLIM_INFINITY else min(most, hard)
        with suppress(ValueError, OSError):  # a system that does not let itself be limited further
            resource.setrlimit(what, (limit, limit))


def main() -> None:
    """Answer requests until the pipe is closed."""
    limit_memory()
    session = Session()
    for line in sys.stdin.buffer:
        try:
            answer = session.answer(json.loads(line))
        except Exception as error:  # noqa: BLE001 - the edge of the process: the reason goes to whoever asked
            answer = {"error": f"{type(error).__name__}: {error}"}
        sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")
        sys.stdout.buffer.flush()
        if "error" in answer:
            return


if __name__ == "__main__":
    main()
