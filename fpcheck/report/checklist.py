"""The questions that a person has to look into with evidence, told to people and to programs."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from fpcheck.finding import Finding
from fpcheck.report.evidence import readable

TITLE = "需人工核对 {} 项（表上看不出来，要对照资料；不是问题，不影响决定）"
MOST = 20
UNNAMED = "要数的内容"


def told(items: Iterable[Finding], *, evidence: bool) -> Iterator[str]:
    """Tell questions, one a line, with or without the evidence to ask for; those that lack a figure in short."""
    listed = list(items)
    whole = [item for item in listed if not _lacking(item)]
    for item in whole[:MOST]:
        look = f"要看：{item.fix}" if evidence else ""
        yield f"〔{item.category}〕{item.message}{look}（{_which(item)}）"
    if len(whole) > MOST:
        yield f"…… 另有 {len(whole) - MOST} 项，见 --format json"
    waiting = [f"{_which(item)} 缺 {'、'.join(_lacking(item))}" for item in listed if _lacking(item)]
    if waiting:
        more = f" 等 {len(waiting)} 项" if len(waiting) > MOST else ""
        yield f"{len(waiting)} 项要先补上所缺的数，才知道要不要核对：{'；'.join(waiting[:MOST])}{more}"


def evidence_once(items: Iterable[Finding]) -> list[str]:
    """Tell once what evidence is asked for, where several forms are asked the same question."""
    asked = dict.fromkeys((item.rule, item.fix, item.submission) for item in items if not _lacking(item))
    counts = Counter((rule, fix) for rule, fix, _ in asked)
    return [f"{rule}（{count} 份）：{fix}" for (rule, fix), count in sorted(counts.items())]


def _which(item: Finding) -> str:
    return f"{item.rule}{f' 第{item.where.row}条' if item.where.row else ''}"


def _lacking(item: Finding) -> list[str]:
    """Name the figures that the question would tell and that are not known."""
    names = (
        readable(key) or UNNAMED
        for key, figure in item.evidence.items()
        if figure.value is None and figure.text in item.message
    )
    return list(dict.fromkeys(names))[:3]


def as_json(item: Finding) -> dict[str, Any]:
    """Give a question in the shape outside programs rely on."""
    return {
        "submission": item.submission,
        "rule": item.rule,
        "type": item.type,
        "category": item.category,
        "question": item.message,
        "evidence_needed": item.fix,
        "basis": [asdict(basis) for basis in item.basis],
        "where": item.where.as_json(),
        "fingerprint": item.fingerprint,
        "layer": item.layer,
    }
