"""The decision on a submission: a policy over what was found, apart from the rules."""

from collections.abc import Callable, Iterable
from typing import Any

from fpcheck.engine.env import Env
from fpcheck.engine.evaluate import evaluate
from fpcheck.engine.group import Tally
from fpcheck.engine.unknown import conjoin
from fpcheck.facts import Facts
from fpcheck.finding import TO_CHECK, Outcome, RuleOutcome
from fpcheck.record import Cell, State
from fpcheck.rulebook.compiled import Rulebook

PERSON = "需人工核对"
FINE = "可报送"


def decide(
    rulebook: Rulebook,
    facts: Facts,
    outcomes: list[RuleOutcome],
    tally: Tally,
    parameter: Callable[[str], Any],
) -> str:
    """Give the decision of the first policy step whose conditions all hold.

    A submission in which the tool failed is a person's in any case, and so is one that would pass although
    rules were left unrun for want of a date. What a person is asked to look into decides nothing.
    """
    failed = _count(outcomes, Outcome.ERROR)
    weighed = [said for said in outcomes if said.role != TO_CHECK]
    if not weighed or any(said.outcome is Outcome.ERROR for said in outcomes):
        return PERSON
    row = {
        "出错数": Cell(State.VALUE, failed),
        "无法判断数": Cell(State.VALUE, _count(outcomes, Outcome.UNDECIDED)),
        "未读出数": Cell(State.VALUE, sum(not p.remark for p in facts.submission.problems)),
    }
    env = Env(facts, parameter, "检查", row, tally=tally)
    for step in rulebook.policy:
        if conjoin(evaluate(condition, env) for condition in step.conditions) is True:
            undated = any(said.reason == "no_date" for said in weighed)
            return PERSON if undated and step.decision == FINE else step.decision
    return PERSON


def _count(outcomes: Iterable[RuleOutcome], kind: Outcome) -> int:
    return sum(said.outcome is kind and said.role == "问题" for said in outcomes)
