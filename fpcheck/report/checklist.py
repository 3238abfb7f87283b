"""The questions that a person has to look into with evidence, told to people and to programs."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from fpcheck.finding import SEVERITIES, Finding
from fpcheck.report.evidence import readable

TITLE = "需人工核对 {}（表上看不出来，要对照资料；不是问题，不影响决定）"
SHARED = "{} {} 份都要人工核对的 {} 项"
EVIDENCE = "需人工核对的，要看哪些资料"
MOST = 20
UNNAMED = "要数的内容"


class Shared:
    """The questions that all forms of a 表种 have in common, where a run has several: told once, not with each form.

    A question that lacks a figure, in one of them, is not shared: it says what that form lacks.
    """

    def __init__(self, items: Iterable[Finding], forms: Mapping[str, str]) -> None:
        self._items = [(forms[item.submission], item) for item in items if item.submission is not None]
        self._counts = {form: count for form, count in Counter(forms.values()).items() if count > 1}
        asked = Counter({(form, item.rule, item.submission) for form, item in self._items if not _lacking(item)})
        common = Counter((form, rule) for form, rule, _ in asked)
        self._rules = {key for key, count in common.items() if count == self._counts.get(key[0])}

    def own(self, items: Iterable[Finding], form: str) -> list[Finding]:
        """Leave the shared ones out of the questions of one form."""
        return [item for item in items if (form, item.rule) not in self._rules or _lacking(item)]

    def sections(self) -> Iterator[tuple[str, list[str]]]:
        """Give what is told once for all forms, each with its title: shared questions, then evidence for the others."""
        for form, count in self._counts.items():
            mine = [item for kind, item in self._items if kind == form and (form, item.rule) in self._rules]
            texts = list(dict.fromkeys(map(_in_short, by_weight(mine))))
            yield SHARED.format(form, count, len(texts)), texts
        yield EVIDENCE, _evidence(item for form, item in self._items if self.own([item], form))


def _in_short(item: Finding) -> str:
    return f"〔{item.category}〕{item.title}？要看：{item.fix}（{item.rule}）"


def title(own: int, shared: int) -> str:
    """Head the list of one form: how many questions it has, and how many of them stand elsewhere."""
    parts = (f"{own} 项" if own else "", f"{shared} 项和别的表一样，写在最后" if shared else "")
    return TITLE.format("，另有 ".join(part for part in parts if part))


def by_weight(items: Iterable[Finding]) -> list[Finding]:
    """Put the weightiest questions first, otherwise as they come."""
    return sorted(items, key=lambda item: SEVERITIES.index(item.severity))


def told(items: Iterable[Finding], *, evidence: bool) -> Iterator[str]:
    """Tell questions, one a line, with or without the evidence to ask for; those that lack a figure in short."""
    listed = by_weight(items)
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


def _evidence(items: Iterable[Finding]) -> list[str]:
    """Tell once what evidence is asked for, where several forms are asked the same question."""
    asked = dict.fromkeys((item.rule, item.fix, item.submission) for item in by_weight(items) if not _lacking(item))
    counts = Counter((rule, fix) for rule, fix, _ in asked)
    return [f"{rule}（{count} 份）：{fix}" for (rule, fix), count in counts.items()]


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
