"""What became of the earlier version's findings, as lines of text."""

from collections import Counter
from collections.abc import Iterator, Sequence

from fpcheck.engine.follow_up import MENDED, NEW, STILL, UNSURE
from fpcheck.finding import Finding
from fpcheck.report.line import Line


def followed(findings: Sequence[Finding], resolved: Sequence[Finding]) -> Iterator[Line]:
    """Tell how many findings of the earlier version are mended, and which are gone; nothing where there was none."""
    counts = Counter(item.status for item in (*findings, *resolved) if item.status)
    if not counts:
        return
    parts = [f"{status} {counts[status]} 处" for status in (MENDED, STILL, NEW, UNSURE) if counts[status]]
    yield Line(f" 与上次相比：{'，'.join(parts)}", "bold")
    for item in resolved:
        why = "：这次缺内容，无法判断" if item.status == UNSURE else ""
        yield Line(f"     {item.status}：【{item.severity}】{item.title}（{item.rule}）{item.where}{why}")
