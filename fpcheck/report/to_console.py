"""The report as text for people: one block a submission, then the district, then the advice."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TypeVar

from fpcheck.card import NOTHING_READ, Card
from fpcheck.finding import (
    SEVERITIES,
    UNCHECKED,
    Checked,
    CheckResult,
    Finding,
    RuleOutcome,
    Suspicion,
    Total,
)
from fpcheck.report import checklist
from fpcheck.report.cards import TITLE as CARD_TITLE
from fpcheck.report.cards import in_brief, in_full, in_short
from fpcheck.report.evidence import figures
from fpcheck.report.follow_up import followed
from fpcheck.report.hints import TITLE, told
from fpcheck.report.line import Line
from fpcheck.report.overview import DECISION_STYLES, gaps, listed, once, overview, troubles, unread
from fpcheck.terms import NATION

STYLES = {"严重": "bold red", "重要": "red", "一般": "yellow", "提示": "cyan"}
MOST = 20
MOST_GAPS = 5


def to_console(result: CheckResult, names: dict[str, str]) -> Iterator[Line]:
    """Write the report.

    Args:
        result: what the check said.
        names: rule numbers → names.
    """
    own = _by_submission(result.findings)
    undecided = _by_submission(result.undecided)
    unchecked = _by_submission(result.unchecked)
    praise = _by_submission(result.commendations)
    concluded = _by_submission(result.conclusions)
    doubted = _by_submission(result.suspicions)
    cards = {card.submission: card for card in result.scorecards or ()}
    asked = _by_submission(result.checklist)
    mended = _by_submission(result.resolved or ())
    shared = checklist.Shared(result.checklist, {head.id: head.form for head in result.submissions})
    alone = len(result.submissions) == 1
    yield from troubles(result)
    yield from () if alone or not result.submissions else overview(result)
    for number, head in enumerate(result.submissions, 1):
        skipped = unchecked.get(head.id, [])
        yield from _head(head, "" if alone else f"[{number}/{len(result.submissions)}] ")
        beside = gaps(result, head, len(skipped))
        yield Line(f"   决定：{head.decision}{beside and f'（{beside}）'}", DECISION_STYLES.get(head.decision, ""))
        yield from listed(" 没有读出的内容", unread(result, head.id), "red")
        yield from followed(own.get(head.id, []), mended.get(head.id, []))
        yield from _findings(own.get(head.id, []))
        yield from _doubted(doubted.get(head.id, []))
        questions = asked.get(head.id, [])
        yield from _asked(questions, shared.own(questions, head.form), alone=alone)
        yield from _open(undecided.get(head.id, []), names)
        yield from _skipped(skipped, names) if alone else ()
        yield from _said("结论", concluded.get(head.id, []))
        yield from _said("亮点", praise.get(head.id, []))
        yield from _card(cards.get(head.id), alone=alone)
        yield Line()
    for total in result.totals:
        yield from _total(total)
    yield from _findings(own.get(None, []))
    yield from _asked(asked.get(None, []), asked.get(None, []), alone=True)
    yield from _said("汇总结论", concluded.get(None, []))
    yield from _district(card for card in result.scorecards or () if card.submission is None)
    yield from _advice([*result.findings, *result.conclusions])
    yield from () if alone else _said_once(result, names, shared)
    yield from listed("== 说明", [problem for problem in result.problems if problem.remark], "dim")
    yield from _closing(result)


Item = TypeVar("Item", Finding, RuleOutcome, Suspicion)


def _by_submission(items: Iterable[Item]) -> dict[str | None, list[Item]]:
    found: dict[str | None, list[Item]] = {}
    for item in items:
        found.setdefault(item.submission, []).append(item)
    return found


def _head(head: Checked, which: str) -> Iterator[Line]:
    year = f"{head.year} 年" if head.year else ""
    parts = (head.unit or "（实施单位未填）", head.project or "（项目名称未填）", year, head.form)
    who = " · ".join(part for part in parts if part)
    yield Line(f"== {which}{who}", "bold")
    yield Line(f"   {head.source or head.id}")


def _findings(findings: list[Finding]) -> Iterator[Line]:
    """Tell the findings, the gravest first; what a rule found in several places stands together, in full once."""
    rules: dict[str, list[Finding]] = {}
    for item in sorted(findings, key=lambda f: SEVERITIES.index(f.severity)):
        rules.setdefault(item.rule, []).append(item)
    for first, *others in rules.values():
        yield from _finding(first, f"，共 {len(others) + 1} 处" if others else "")
        for number, item in enumerate(others[: MOST - 1], 2):
            yield Line(f"     第 {number} 处：{item.where}：{item.message}")
            if item.fix != first.fix:
                yield Line(f"         整改：{item.fix}")
        if len(others) >= MOST:
            yield Line(f"     …… 另有 {len(others) - MOST + 1} 处，见 --format json")


def _finding(item: Finding, count: str) -> Iterator[Line]:
    status = f"，{item.status}" if item.status else ""
    yield Line(
        f" 【{item.severity}】{item.title}（{item.rule}，把握{item.confidence}{count}{status}）", STYLES[item.severity]
    )
    if item.submission is not None:
        yield Line(f"     位置：{item.where}")
    yield Line(f"     问题：{item.message}")
    if shown := figures(item):
        yield Line(f"     数据：{shown}")
    if item.expected:
        difference = f"，相差 {item.difference.text}" if item.difference else ""
        yield Line(f"     应为：{item.expected.text}{difference}")
    nearer = f"（按{item.layer}的规定）" if item.layer != NATION else ""
    yield Line(f"     依据：{'；'.join(map(str, item.basis))}{nearer}")
    if item.fix:
        yield Line(f"     整改：{item.fix}")
    if item.recommendation:
        yield Line(f"     建议：{item.recommendation.title}")


def _doubted(suspicions: list[Suspicion]) -> Iterator[Line]:
    if suspicions:
        yield Line(f" {TITLE}：", "bold")
    for found in suspicions:
        yield from (Line(f"     {text}") for text in told(found))


def _asked(items: list[Finding], own: list[Finding], *, alone: bool) -> Iterator[Line]:
    if items:
        yield Line(f" {checklist.title(len(own), len(items) - len(own))}{'：' if own else ''}", "bold")
    yield from (Line(f"     {text}") for text in checklist.told(own, evidence=alone))


def _said_once(result: CheckResult, names: dict[str, str], shared: checklist.Shared) -> Iterator[Line]:
    """Tell once what many forms have in common: questions, the evidence to ask for, the rules that were not run."""
    skipped = [
        (said.submission or "", f"{said.rule} {names.get(said.rule, '')}：{UNCHECKED[said.reason or '']}")
        for said in result.unchecked
    ]
    unrun = [f"{text}（{count} 份）" for text, count in once(skipped)]
    for title, texts in (*shared.sections(), (f"未检查 {len(skipped)} 项", unrun)):
        if texts:
            yield Line(f"== {title}", "bold")
        yield from (Line(f"     {text}") for text in texts)


def _open(undecided: list[RuleOutcome], names: dict[str, str]) -> Iterator[Line]:
    if undecided:
        yield Line(f" 无法判断 {len(undecided)} 项（补上所缺的内容后再查）：", "yellow")
    lacking: dict[str, list[str]] = {}
    for said in undecided:
        gap = "、".join(f"{name}（{why}）" for name, why in said.missing[:MOST_GAPS])
        more = " 等" if len(said.missing) > MOST_GAPS else ""
        row = f" 第{said.row}条" if said.row else ""
        lacking.setdefault(f"{gap}{more}", []).append(f"{said.rule} {names.get(said.rule, '')}{row}")
    for gap, rules in list(lacking.items())[:MOST]:
        more = f" 等 {len(rules)} 项" if len(rules) > MOST else ""
        yield Line(f"     缺 {gap}：{'、'.join(rules[:MOST])}{more}")
    if len(lacking) > MOST:
        yield Line(f"     …… 另缺 {len(lacking) - MOST} 种，见 --format json")


def _skipped(unchecked: list[RuleOutcome], names: dict[str, str]) -> Iterator[Line]:
    if unchecked:
        yield Line(f" 未检查 {len(unchecked)} 项：", "dim")
    for said in unchecked[:MOST]:
        yield Line(f"     {said.rule} {names.get(said.rule, '')}：{UNCHECKED[said.reason or '']}", "dim")
    yield from _more(unchecked)


def _more(items: list[RuleOutcome]) -> Iterator[Line]:
    if len(items) > MOST:
        yield Line(f"     …… 另有 {len(items) - MOST} 项，见 --format json")


def _said(title: str, findings: list[Finding]) -> Iterator[Line]:
    if findings:
        yield Line(f" {title}：", "bold")
    for item in findings:
        yield Line(f"     {item.message}")


def _card(card: Card | None, *, alone: bool) -> Iterator[Line]:
    """Tell a submission's card: in a few lines where it stands alone, else in one."""
    if card and card.absent == NOTHING_READ:
        yield Line(f" {CARD_TITLE}：{card.absent}")
    elif card and not card.absent:
        yield from (Line(f" {text}") for text in (in_brief(card) if alone else [in_short(card)]))


def _district(cards: Iterable[Card]) -> Iterator[Line]:
    for card in cards:
        yield from (Line(text, "" if text.startswith(" ") else "bold") for text in in_full(card))


def _twice(total: Total) -> str:
    """Say that a unit handed in more than one form, so that the figures count it more than once."""
    return f"（共 {total.forms} 份，有单位报了不止一份，合计算重了）" if total.forms > total.units else ""


def _total(total: Total) -> Iterator[Line]:
    if total.units > 1:
        yield Line(f"== 汇总 · {total.project} · {total.year or ''} 年 · {total.units} 个单位{_twice(total)}", "bold")
        for name, figure in total.figures.items():
            yield Line(f"     {name}：{figure.text}（{total.formulas[name]}）")


def _advice(findings: list[Finding]) -> Iterator[Line]:
    texts = {f.recommendation.id: f.recommendation for f in findings if f.recommendation}
    if texts:
        yield Line("== 建议", "bold")
    for number, advice in enumerate(texts.values(), 1):
        yield Line(f"  {number}. {advice.title}")
        yield Line(f"     {advice.text}")


def _closing(result: CheckResult) -> Iterator[Line]:
    decisions = Counter(head.decision for head in result.submissions)
    grades = Counter(finding.severity for finding in result.findings)
    counts = "，".join(f"{grade} {grades[grade]}" for grade in SEVERITIES if grades[grade])
    beside = [
        f"无法判断 {len(result.undecided)} 项" if result.undecided else "",
        f"未检查 {len(result.unchecked)} 项" if result.unchecked else "",
        f"没有读出 {n} 处" if (n := sum(not p.remark for p in result.problems)) else "",
        f"程序出错 {len(result.errors)} 处" if result.errors else "",
    ]
    clean = "查过的没有发现问题" if any(beside) else "未发现问题"
    counts = counts or (clean if result.submissions else "没有检查")
    decided = "，".join(f"{decision} {count} 份" for decision, count in decisions.items()) or "没有可检查的材料"
    beside_text = "；".join(["", *(part for part in beside if part)])
    yield Line(f"共 {len(result.submissions)} 份：{decided}。问题：{counts}{beside_text}。", "bold")
    yield Line(f"规则库 {result.digest[:12]}，引擎 {result.engine}", "dim")
