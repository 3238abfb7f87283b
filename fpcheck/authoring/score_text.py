"""A score as text for people and as plain data for programs."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from fpcheck.authoring.corpus import SURE, Corpus
from fpcheck.authoring.readings import Misread, Reading
from fpcheck.authoring.score import Row, Score, Share
from fpcheck.problem import short
from fpcheck.version import own_version

MOST_NAMED = 20  # of the values read, or judged, otherwise than the expert does


def lines(scores: list[Score], corpus: Corpus) -> Iterator[str]:
    """Write scores: a line per label, the other figures, and every entry that rules and expert see differently."""
    for one in scores:
        yield f"== {one.kind} {one.entries} 条"
        yield "标签                          查准                        查全                        F1"
        yield from (_row(row) for row in [*one.rows, *([one.whole] if one.whole else [])])
        yield from (f"{name}：{_share(share)}" for name, share in one.shares.items())
        if one.undecided:
            names = "、".join(one.undecided)
            yield f"标了与预算对不上、没有写预算的 {len(one.undecided)} 条无法判断，没有算进 mismatches_budget：{names}"
        yield f"看法不同的 {len(one.wrong)} 条（标注 → 规则）："
        for wrong in one.wrong:
            differs = f"{'、'.join(wrong.wanted) or 'ok'} → {'、'.join(wrong.said) or '没有查出'}"
            yield f"  {wrong.entry} {differs}：{short(wrong.text, 60)}"
        read = [(one.entry, _reading(one.wanted), _reading(one.said), one.text) for one in one.misread]
        yield from _differing("指标值读得不同的", read)
        judged = [(one.entry, one.wanted, one.said, one.text) for one in one.disagreed]
        yield from _differing("能不能衡量判得不同的", judged)
    if corpus.left_out:
        yield f"把握低于 {SURE} 的 {corpus.left_out} 条没有算。"
    if not scores:
        yield "没有可以评的标注。"
    if corpus.problems:
        lines_lost = f"没有读出 {corpus.unread} 行，" if corpus.unread else "没有读出："
        yield f"{lines_lost}一共 {len(corpus.problems)} 处，见下。"


def _differing(what: str, found: list[tuple[str, str, str, str]]) -> Iterator[str]:
    """Name what differs as (entry, the expert's, ours, text), up to `MOST_NAMED`."""
    if not found:
        return
    yield f"{what} {len(found)} 条（标注 → 程序）："
    yield from (f"  {entry} {wanted} → {said}：{short(text, 60)}" for entry, wanted, said, text in found[:MOST_NAMED])
    if len(found) > MOST_NAMED:
        yield f"  …… 另有 {len(found) - MOST_NAMED} 条，加 --format json 全部列出"


def _reading(reading: Reading) -> str:
    number = "" if reading.number is None else f"{reading.number:f}"
    return f"{' '.join(filter(None, (reading.comparator, number, reading.unit)))}（{reading.kind}）"


def _row(row: Row) -> str:
    f1 = "—" if row.f1 is None else f"{row.f1:.2f}"
    return f"{row.label:<28}  {_share(row.precision):<26}  {_share(row.recall):<26}  {f1}"


def _share(share: Share) -> str:
    ends = share.interval
    if share.value is None or ends is None:
        return "—（0 条）"
    return f"{share.value:.1%}（{share.right}/{share.all}，{ends[0]:.0%}–{ends[1]:.0%}）"


def as_dict(scores: list[Score], corpus: Corpus, digest: str) -> dict[str, Any]:
    """Give scores as plain data; shares have `right`, `all`, `value` and `interval`."""
    return {
        "fpcheck": own_version(),
        "rulebook": {"digest": digest},
        "scores": [
            {
                "kind": one.kind,
                "entries": one.entries,
                "labels": [_label(row) for row in one.rows],
                "whole": _label(one.whole) if one.whole else None,
                "shares": {name: _plain(share) for name, share in one.shares.items()},
                "wrong": [asdict(wrong) for wrong in one.wrong],
                "undecided": one.undecided,
                "misread": [_misread(misread) for misread in one.misread],
                "disagreed": [asdict(disagreed) for disagreed in one.disagreed],
            }
            for one in scores
        ],
        "left_out": corpus.left_out,
        "unread": corpus.unread,
        "remarks": [remark.as_json() for remark in corpus.remarks],
        "problems": [problem.as_json() for problem in corpus.problems],
    }


def _misread(misread: Misread) -> dict[str, Any]:
    """Give a reading's number as text: it stays as written."""
    sides = {"wanted": misread.wanted, "said": misread.said}
    plain = {
        side: {**reading._asdict(), "number": None if reading.number is None else f"{reading.number:f}"}
        for side, reading in sides.items()
    }
    return {"entry": misread.entry, **plain, "text": misread.text}


def _label(row: Row) -> dict[str, Any]:
    return {"label": row.label, "precision": _plain(row.precision), "recall": _plain(row.recall), "f1": row.f1}


def _plain(share: Share) -> dict[str, Any]:
    return {"right": share.right, "all": share.all, "value": share.value, "interval": share.interval}
