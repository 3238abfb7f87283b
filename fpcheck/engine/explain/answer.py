"""Which rule and which submissions are meant, and the answer for them."""

from collections.abc import Iterable, Sequence

from fpcheck.engine.explain.explain import PRESSING, Inquiry
from fpcheck.engine.explain.shapes import Explanation, RuleExplained
from fpcheck.engine.group import groups_of
from fpcheck.engine.run import Settings
from fpcheck.facts import Facts
from fpcheck.finding import UNCHECKED
from fpcheck.problem import did_you_mean
from fpcheck.rulebook.compiled import CompiledRule, Rulebook
from fpcheck.submission import Submission
from fpcheck.terms import PROJECT, SUMMARY
from fpcheck.value import normal

MOST_TOLD = 3
MOST_NAMED = 8


class NotThereError(LookupError):
    """A rule, submission or row that was asked for and is not there; the text says what is."""


def answer(
    submissions: Iterable[Facts],
    rulebook: Rulebook,
    number: str,
    settings: Settings,
    row: int | None = None,
    only: str | None = None,
    everyone: Sequence[Facts] = (),
) -> Explanation:
    """Explain a rule.

    Args:
        submissions: one is explained in any case; of several, those where the rule hit or could not decide.
        rulebook: all rules.
        number: the rule's number.
        settings: the day and region to judge by.
        row: the row to explain, from 1; only with one submission.
        only: the id of the one to explain; the others are those that it is seen with.
        everyone: all that were handed in, where `submissions` are not all of them.

    Raises:
        NotThereError: there is no such rule, or no such row.
    """
    as_of = settings.as_of.isoformat() if settings.as_of else None
    rule = rulebook.by_id.get(number)
    if rule is None:
        head = _left_out(rulebook, number)
        return Explanation(head, rulebook.digest, as_of, settings.region, not_run=UNCHECKED["left_out"])
    members = sorted(submissions, key=lambda facts: facts.submission.id)
    asked = [
        Inquiry(rule, facts, group, rulebook, settings, everyone or members)
        for group in groups_of(members)
        for facts in (group.members[:1] if rule.table.name == SUMMARY else group.members)
        if only is None or rule.table.name == SUMMARY or facts.submission.id == only
    ]
    if row is not None:
        _check_row(rule, asked, row)
    run = [one for one in asked if len(asked) == 1 or not one.unchecked()]
    chosen = run if len(asked) == 1 else [one for one in run if one.strongest() in PRESSING][:MOST_TOLD]
    others = _listed((one.strongest(), one) for one in run if one not in chosen)
    unchecked = _listed((one.unchecked() or "", one) for one in asked if one not in run)
    told = tuple(one.explained(row) for one in chosen)
    return Explanation(_head(rule), rulebook.digest, as_of, settings.region, told, others, unchecked)


def _listed(keyed: Iterable[tuple[str, Inquiry]]) -> dict[str, tuple[str, ...]]:
    """Give the ids of submissions by what is said of them."""
    found: dict[str, tuple[str, ...]] = {}
    for key, one in keyed:
        found[key] = (*found.get(key, ()), one.name)
    return found


def meant(submissions: Sequence[Submission], name: str) -> Submission:
    """Find a submission by its id, or by its unit where only one is of that unit.

    Raises:
        NotThereError: there is none, or several.
    """
    found = [s for s in submissions if s.id == name]
    found = found or [s for s in submissions if normal(s.text("实施单位")) == normal(name) or s.source == name]
    if len(found) == 1:
        return found[0]
    ids = [s.id for s in submissions]
    if found:
        raise NotThereError(f"“{name}”有 {len(found)} 份，请写编号：{_some([s.id for s in found])}")
    hint = did_you_mean(name, [*ids, *(s.text("实施单位") for s in submissions)])
    raise NotThereError(f"没有“{name}”这份材料；{hint or f'有的是：{_some(ids)}'}")


def _some(ids: list[str]) -> str:
    return "、".join(ids[:MOST_NAMED]) + (f" 等 {len(ids)} 份" if len(ids) > MOST_NAMED else "")


def _check_row(rule: CompiledRule, asked: list[Inquiry], row: int) -> None:
    table = rule.table.name
    if table in (PROJECT, SUMMARY):
        raise NotThereError(f"{rule.rule.id} 看的是“{table}”，只有一行，不用写第几条")
    if len(asked) > 1:
        raise NotThereError(f"一共有 {len(asked)} 份材料，请先说明是哪一份")
    count = len(asked[0].facts.rows(table) or ()) if asked else 0
    if not 1 <= row <= count:
        raise NotThereError(f"“{table}”没有第 {row} 条，一共 {count} 条")


def _left_out(rulebook: Rulebook, number: str) -> RuleExplained:
    name = next((rule.name for rule in rulebook.left_out if rule.id == number), None)
    if name is None:
        raise NotThereError(f"没有 {number} 这条规则；{did_you_mean(number, list(rulebook.by_id)) or '请核对编号'}")
    return RuleExplained(number, name)


def _head(rule: CompiledRule) -> RuleExplained:
    head = rule.rule
    return RuleExplained(
        head.id, head.name, head.type, head.role, head.severity, head.confidence, rule.table.name, rule.file, rule.basis
    )
