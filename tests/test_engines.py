"""Every engine gives the outcomes of the semantics: the same cases, every rule's examples, generated rules × facts."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from conformance import bench
from engines import generated
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fpcheck.engine.pairing import by_unit_and_year, year_before
from fpcheck.engine.run import EVERYDAY, Settings, run
from fpcheck.facts import facts_of
from fpcheck.finding import Outcome
from fpcheck.intake import Forms, read_paths

pytest.importorskip("durable_rules_engine", reason="the extra durable is not installed")

from fpcheck.engine.durable import Durable

CASES = sorted(path for path in (Path(__file__).parent.parent / "cases").iterdir() if path.is_dir())
RULE_ROWS = bench.load("rules")
SHORT = settings(max_examples=160, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def durable():
    engine = Durable()
    yield engine
    engine.close()


def agreed(facts, rulebook, durable, asked=EVERYDAY):
    """Run with and without the second engine: no faults, and nothing else differs; give the result."""
    alone = run(facts, rulebook, asked)
    both = run(facts, rulebook, asked, beside=durable)
    assert both.errors == alone.errors
    assert replace(both, engine=alone.engine) == alone
    return both


# the project's own cases


def facts_in(folder, rulebook):
    intake = read_paths([folder / "input"], Forms(rulebook.glossary))
    before = folder / "previous"
    earlier = read_paths([before], Forms(rulebook.glossary)).submissions if before.exists() else []
    known = by_unit_and_year([*earlier, *intake.submissions])
    return [facts_of(submission, year_before(submission, known)) for submission in intake.submissions]


@pytest.mark.parametrize("region", [None, pytest.param("五华", marks=pytest.mark.long)])
@pytest.mark.parametrize("folder", CASES, ids=lambda path: path.name)
def test_every_rule_on_every_case(folder, region, rulebook, durable):
    agreed(facts_in(folder, rulebook), rulebook, durable, Settings(region=region))


@pytest.mark.parametrize("row", RULE_ROWS, ids=lambda row: row["名"])
def test_every_rule_of_the_conformance_rows(row, durable):
    rules = row["规则"] if isinstance(row["规则"], list) else [row["规则"]]
    given_ = [(row.get("给定"), row.get("上年")), *((other, None) for other in row.get("同批", ()))]
    facts = [bench.facts_from(now, before, number=n) for n, (now, before) in enumerate(given_, 1)]
    day = row.get("基准日")
    asked = Settings(bench.date.fromisoformat(day) if day else None, row.get("地区"))
    agreed([bench.replaced(one, n) for n, one in enumerate(facts, 1)], bench.rulebook(rules), durable, asked)


@pytest.mark.parametrize("every", [8, pytest.param(1, marks=pytest.mark.long)])
def test_every_example_of_every_rule(rulebook, durable, every):
    """An example's form meets all rules, not only its own; the short run takes one example in eight of each rule."""
    seen = 0
    for place, rule in enumerate(rulebook.by_id.values()):
        for number, example in list(enumerate(rule.rule.examples))[place % every :: every]:
            forms = example.given if isinstance(example.given, list) else [example.given or {}]
            facts = [bench.facts_from(form, example.previous, number=n) for n, form in enumerate(forms, 1)]
            facts = [bench.replaced(one, f"{rule.rule.id}-{number}-{n}") for n, one in enumerate(facts, 1)]
            agreed(facts, rulebook, durable)
            seen += len(facts)
    assert seen >= 80


# generated rules × generated facts


class Watched(Durable):
    """The engine, with the opinions that it was asked for."""

    def __init__(self):
        super().__init__()
        self.opinions = []

    def on(self, rulebook, submission):
        self.opinions.append(super().on(rulebook, submission))
        return self.opinions[-1]


@pytest.fixture(scope="module")
def watched():
    engine = Watched()
    yield engine
    engine.close()


def distinct(rules, forms, opinions):
    """The cases of which the engine judged a row: the rule (a conclusion with those it counts) and the form."""
    for opinion, form in zip(opinions, forms, strict=True):
        for number in {rule.rule.id for rule, _ in opinion.expected}:
            at = int(number.removeprefix("FP")) - 100
            own = rules[: at + 1] if rules[at].get("结果") else rules[at]
            yield str(own), str(form)


def generated_cases(durable, limit):
    """Give the distinct cases (rule × form) that the engine judged, and how often each outcome came up."""
    seen, judged = Counter(), set()

    @limit
    @given(generated.RULES, st.lists(generated.FORM, min_size=3, max_size=3))
    def each(rules, forms):
        durable.opinions.clear()
        facts = [bench.replaced(bench.facts_from(form), n) for n, form in enumerate(forms, 1)]
        result = agreed(facts, bench.rulebook(list(rules)), durable)
        assert not result.errors
        judged.update(distinct(rules, forms, durable.opinions))
        seen.update(verdict.outcome for opinion in durable.opinions for _, verdict in opinion.expected)

    each()
    return len(judged), seen


def is_varied(seen):
    """Every outcome is common: what fires nothing in the engine is not the bulk of it."""
    return (
        min(seen[outcome] for outcome in OUTCOMES) > seen.total() // 20 and seen[Outcome.UNDECIDED] < seen.total() // 2
    )


OUTCOMES = (Outcome.VIOLATED, Outcome.PASSED, Outcome.NOT_APPLICABLE, Outcome.UNDECIDED)


def test_generated_rules_on_generated_facts(watched):
    count, seen = generated_cases(watched, SHORT)
    assert count >= 800
    assert is_varied(seen), seen


@pytest.mark.long
def test_many_more_generated_rules(watched):
    count, seen = generated_cases(watched, settings(SHORT, max_examples=4_500, derandomize=False))
    assert count >= 20_000
    assert is_varied(seen), seen
