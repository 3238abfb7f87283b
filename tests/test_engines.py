"""Every engine gives the outcomes of the semantics: the same cases, every rule's examples, generated rules × facts."""

from dataclasses import replace
from pathlib import Path

import pytest
from conformance import bench
from engines import generated
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fpcheck.app import _by_unit_and_year, _year_before
from fpcheck.engine.run import EVERYDAY, Settings, run
from fpcheck.facts import facts_of
from fpcheck.finding import Outcome
from fpcheck.intake import read_paths

pytest.importorskip("durable_rules_engine", reason="the extra durable is not installed")

from fpcheck.engine.durable import Durable

CASES = sorted(path for path in (Path(__file__).parent.parent / "cases").iterdir() if path.is_dir())
RULE_ROWS = bench.load("rules")
SHORT = settings(max_examples=220, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


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
    intake = read_paths([folder / "input"], rulebook.glossary)
    before = folder / "previous"
    earlier = read_paths([before], rulebook.glossary).submissions if before.exists() else []
    known = _by_unit_and_year([*earlier, *intake.submissions])
    return [facts_of(submission, _year_before(submission, known)) for submission in intake.submissions]


@pytest.mark.parametrize("folder", CASES, ids=lambda path: path.name)
def test_every_rule_on_every_case(folder, rulebook, durable):
    """The region's own rules as well."""
    facts = facts_in(folder, rulebook)
    agreed(facts, rulebook, durable)
    agreed(facts, rulebook, durable, Settings(region="五华"))


@pytest.mark.parametrize("row", RULE_ROWS, ids=lambda row: row["名"])
def test_every_rule_of_the_conformance_rows(row, durable):
    rules = row["规则"] if isinstance(row["规则"], list) else [row["规则"]]
    given_ = [(row.get("给定"), row.get("上年")), *((other, None) for other in row.get("同批", ()))]
    facts = [bench.facts_from(now, before, number=n) for n, (now, before) in enumerate(given_, 1)]
    day = row.get("基准日")
    asked = Settings(bench.date.fromisoformat(day) if day else None, row.get("地区"))
    agreed([bench.replaced(one, n) for n, one in enumerate(facts, 1)], bench.rulebook(rules), durable, asked)


def test_every_example_of_every_rule(rulebook, durable):
    """An example's form meets all rules, not only its own."""
    seen = 0
    for rule in rulebook.by_id.values():
        for number, example in enumerate(rule.rule.examples):
            forms = example.given if isinstance(example.given, list) else [example.given or {}]
            facts = [bench.facts_from(form, example.previous, number=n) for n, form in enumerate(forms, 1)]
            facts = [bench.replaced(one, f"{rule.rule.id}-{number}-{n}") for n, one in enumerate(facts, 1)]
            agreed(facts, rulebook, durable)
            seen += len(facts)
    assert seen >= 200


# generated rules × generated facts


def compare(rules, forms, durable, seen):
    book = bench.rulebook(rules)
    facts = [bench.replaced(bench.facts_from(form), n) for n, form in enumerate(forms, 1)]
    result = agreed(facts, book, durable)
    assert not result.errors
    seen.update(said.outcome for said in result.outcomes)
    return len(rules) * len(forms)


def generated_cases(durable, limit):
    """Give the number of cases (rule × submission) compared, and the outcomes that came up."""
    seen = set()
    count = 0

    @limit
    @given(generated.RULES, st.tuples(generated.FORM, generated.FORM))
    def each(rules, forms):
        nonlocal count
        count += compare(rules, forms, durable, seen)

    each()
    return count, seen


def test_generated_rules_on_generated_facts(durable):
    count, seen = generated_cases(durable, SHORT)
    assert count >= 2_000
    assert seen == {Outcome.VIOLATED, Outcome.PASSED, Outcome.NOT_APPLICABLE, Outcome.UNDECIDED}


@pytest.mark.long
def test_many_more_generated_rules(durable):
    count, _ = generated_cases(durable, settings(SHORT, max_examples=4_000, derandomize=False))
    assert count >= 20_000
