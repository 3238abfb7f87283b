"""Long sentences of an explanation in short: patterns and lists by beginning and count, the rest cut with a mark."""

import re
from dataclasses import replace

from fpcheck.engine.explain.shapes import Bound, Explanation, RowExplained, Source, Test

LONG_PATTERN = 40
MOST_LISTED = 6
LISTED = 3  # of a longer list
LONG_SENTENCE = 120
LONG_NEED = 200
_QUOTED = r"(?:\"[^\"\n]*\"|“[^”\n]*”|‘[^’\n]*’|'[^'\n]*')"
_MATCH = re.compile(rf"匹配 ?({_QUOTED})|符合(“.+?”)(?=的文字)")
_LIST = re.compile(rf"\[({_QUOTED}(?:, ?{_QUOTED}){{{MOST_LISTED},}})\]")
_ONE_OF = re.compile(rf"((?:“[^”\n]*”、){{{MOST_LISTED},}}“[^”\n]*”) 之一")
_QUOTE = re.compile(_QUOTED)


def shortened(explanation: Explanation) -> Explanation:
    """Give an explanation whose long sentences are cut: the parts of a sentence stand below it, line by line."""
    told = (replace(one, rows=tuple(map(_row, one.rows))) for one in explanation.explained)
    return replace(explanation, explained=tuple(told))


def _row(row: RowExplained) -> RowExplained:
    return replace(
        row,
        lines=tuple(replace(line, test=_test(line.test)) for line in row.lines),
        fills=tuple(replace(fill, text=_sentence(fill.text)) for fill in row.fills),
        flips=tuple(replace(flip, bounds=tuple(map(_bound, flip.bounds))) for flip in row.flips),
        needs=tuple(replace(need, text=_need(need.text), clause=_sentence(need.clause)) for need in row.needs),
    )


def _test(test: Test) -> Test:
    read, below = tuple(map(_source, test.sources)), tuple(map(_test, test.tests))
    shown, note = _sentence(test.shown), _sentence(test.note)
    return replace(test, text=_sentence(test.text), shown=shown, note=note, sources=read, tests=below)


def _source(source: Source) -> Source:
    worked, formula = (text and _sentence(text) for text in (source.worked, source.formula))
    parts = tuple(map(_source, source.parts))
    note = _sentence(source.note)
    return replace(source, name=_sentence(source.name), worked=worked, formula=formula, note=note, parts=parts)


def _bound(bound: Bound) -> Bound:
    return replace(bound, name=_sentence(bound.name), now=_sentence(bound.now), needed=_sentence(bound.needed))


def _brief(text: str) -> str:
    """Put only the beginning of long patterns and lists, with how many they are."""
    found = _MATCH.sub(_pattern, text)
    found = _LIST.sub(lambda match: f"[{_first(match[1], ', ')}]", found)
    return _ONE_OF.sub(lambda match: f"{_first(match[1], '、')} 之一", found)


def _sentence(text: str) -> str:
    return _cut(_brief(text), LONG_SENTENCE)


def _need(text: str) -> str:
    """Cut a long list of ways out, between two of them."""
    short = _brief(text)
    if len(short) <= LONG_NEED:
        return short
    kept, *ways = re.split(r"(?=，(?:或者|并且))", short)
    for way in ways:
        if len(kept) + len(way) > LONG_NEED:
            break
        kept += way
    return f"{_cut(kept, LONG_NEED)}……（没有写完，加 --full 看全文）"


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[:limit]}…"


def _pattern(match: re.Match[str]) -> str:
    quoted = match[1] or match[2]
    body = quoted[1:-1]
    if len(body) <= LONG_PATTERN:
        return match[0]
    head = body[: LONG_PATTERN // 2].rpartition("|")[0] or body[: LONG_PATTERN // 2]
    several = body.count("|") + 1
    count = f"（共 {several} 种写法）" if several > 1 else ""
    return match[0].replace(quoted, f"{quoted[0]}{head}…{quoted[-1]}{count}")


def _first(items: str, mark: str) -> str:
    quoted = _QUOTE.findall(items)
    return f"{mark.join(quoted[:LISTED])} 等 {len(quoted)} 个"
