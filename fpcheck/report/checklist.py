"""The questions that a person has to look into with evidence, told to people and to programs."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from fpcheck.finding import Finding

TITLE = "需人工核对 {} 项（表上看不出来，要对照资料；不是问题，不影响决定）"
MOST = 20


def told(items: Iterable[Finding]) -> Iterator[str]:
    """Tell questions, one a line."""
    listed = list(items)
    for item in listed[:MOST]:
        row = f" 第{item.where.row}条" if item.where.row else ""
        yield f"〔{item.category}〕{item.message}要看：{item.fix}（{item.rule}{row}）"
    if len(listed) > MOST:
        yield f"…… 另有 {len(listed) - MOST} 项，见 --format json"


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
