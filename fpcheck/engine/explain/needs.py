"""What a clause would have to be like where no single figure turns it: said plainly, with no content made up."""

from collections.abc import Callable
from fractions import Fraction
from math import ceil, floor
from typing import Any

from fpcheck.engine.explain.bounds import MIRRORED
from fpcheck.engine.explain.question import Question, Turn
from fpcheck.engine.explain.rows import rows_used
from fpcheck.engine.explain.shapes import Need
from fpcheck.engine.explain.view import View
from fpcheck.engine.unknown import Unknown
from fpcheck.rulebook import ir
from fpcheck.rulebook.spell import between, name_of, sides, sign, spelled
from fpcheck.terms import MISSING, Type
from fpcheck.wording import hits

MOST = 6


def need(question: Question, turn: Turn) -> Need:
    """Say what a line would have to be like for the verdict to turn."""
    text = _told(turn.clause.typed, question.view, turn.wanted)
    if question.rule.table.name == MISSING:
        text = f"填上{question.view.env.cell(ir.Scope.ROW, question.rule.table.subject or '').value}"
    return Need(turn.part, turn.clause.text, turn.wanted, turn.to, text)


def _told(node: ir.Expr, view: View, wanted: bool) -> str:  # noqa: FBT001 - one shape for all of them
    """Say what would have to be so for a condition to be `wanted`."""
    match node:
        case ir.Not(item=item):
            return _told(item, view, not wanted)
        case ir.Measure(scope=scope, body=body):
            return _told(body, view.at(view.env.at(scope)), wanted)
        case ir.And(items=items) | ir.Or(items=items) if not between(node):
            every = isinstance(node, ir.And) is wanted
            odd = [item for item in items if view.value(item) is not wanted] if every else items
            return ("，并且" if every else "，或者").join(_told(item, view, wanted) for item in odd[:MOST])
    tell = _NEEDS.get(type(node))
    return tell(node, view, wanted) if tell else f"“{spelled(node)}”{'成立' if wanted else '不成立'}"


def _name(node: ir.Expr, view: View) -> str:
    """Name what is asked about, with the column it comes from where it is worked out."""
    if not isinstance(node, ir.Field):
        return spelled(node)
    term = view.term(node)
    return f"“{name_of(node)}”" + (f"（由“{term.derived_from}”得出）" if term and term.derived_from else "")


def _blank(node: ir.IsBlank, view: View, wanted: bool) -> str:  # noqa: FBT001
    return f"{_name(node.field, view)}空着" if wanted else f"填写{_name(node.field, view)}"


def _between(node: ir.And, view: View, wanted: bool) -> str:  # noqa: FBT001
    item, low, high = between(node) or node.items
    where = f"{'在' if wanted else '不在'} {view.told(low)} 与 {view.told(high)} 之间"
    return f"{_name(item, view)} {where}（现在是 {view.told(item)}）"


def _compare(node: ir.Compare, view: View, wanted: bool) -> str:  # noqa: FBT001
    left, right = sides(node)
    needed = sign(node, holds=wanted)
    for one, two, op in ((left, right, needed), (right, left, MIRRORED[needed])):
        if isinstance(one, ir.Aggregate) and one.fn == "count" and (told := _count(one, two, op, view)):
            return told
        if isinstance(one, ir.Findings):
            return _findings(one, view, f"{op} {view.told(two)}")
    if node.op == "=" and Type.TEXT in (left.type, right.type):
        return _same(left, right, view, wanted)
    return f"{_name(left, view)} {needed} {view.told(right)}（现在是 {view.told(left)}）"


def _same(left: ir.Expr, right: ir.Expr, view: View, wanted: bool) -> str:  # noqa: FBT001
    if isinstance(right, ir.Const) and right.value == "":
        return f"{_name(left, view)}空着" if wanted else f"填写{_name(left, view)}"
    other = _name(right, view) if isinstance(right, ir.Field) else view.told(right)
    return f"{_name(left, view)}和{other}{'相同' if wanted else '不同'}（现在是 {view.told(left)}）"


def _count(node: ir.Aggregate, other: ir.Expr, op: str, view: View) -> str | None:
    """Say how many rows more or fewer it takes."""
    now, bound = view.value(node), view.value(other)
    if not isinstance(now, Fraction) or not isinstance(bound, Fraction):
        return None
    if op == "≠" and now == bound == 0:
        op, bound = "≥", Fraction(1)
    wanted = {"<": ceil(bound) - 1, "≤": floor(bound), ">": floor(bound) + 1, "≥": ceil(bound), "=": int(bound)}
    origin = _origin(node, view)
    head = f"“{node.table}”{origin}里{_which(node)}现在 {now} 行，需 {op} {bound} 行"
    if op not in wanted or origin:
        return head
    more = wanted[op] - int(now)
    return f"{head}，{'再补' if more > 0 else '再少'} {abs(more)} 行"


def _which(node: ir.Aggregate) -> str:
    return f"符合“{spelled(node.where)}”的" if node.where else ""


def _origin(node: ir.Aggregate, view: View) -> str:
    """Name the texts from which a table's rows are taken."""
    source = "、".join(f"“{name}”" for name in view.env.facts.glossary.tables[node.table].derived_from)
    return f"（由{source}里的文字得出）" if source else ""


def _findings(node: ir.Findings, view: View, bound: str) -> str:
    tally = view.env.tally
    hit = sorted(rule for rule in node.rules if tally and tally.hits.get(rule))
    if bound in ("≤ 0", "= 0", "< 1"):
        none = f"{_rules(hit, view)}{'都' if len(hit) > 1 else ''}不再命中"
        unsure = sorted(rule for rule in node.rules if tally and tally.undecided.get(rule))
        return f"{none}，现在无法判断的（{_rules(unsure, view)}）也都通过" if unsure else none
    if bound in ("> 0", "≥ 1"):
        return f"有一条命中：{_rules(sorted(node.rules), view)}"
    return f"{node.fn} {bound}（现在命中的有：{_rules(hit, view) or '无'}）"


def _rules(numbers: list[str], view: View) -> str:
    named = "、".join(f"{rule} {view.law.rulebook.names.get(rule, '')}" for rule in numbers[:MOST])
    return named + (f" 等 {len(numbers)} 条" if len(numbers) > MOST else "")


def _contains(node: ir.Contains, view: View, wanted: bool) -> str:  # noqa: FBT001
    text = view.value(node.text)
    words = f"词表“{node.words.name}”中的词" if isinstance(node.words, ir.Words) and node.words.name else ""
    if isinstance(text, Unknown) or wanted:
        return f"{_name(node.text, view)}里出现{words or _words(node.words, view)}"
    found = hits(text, node.words) if isinstance(node.words, ir.Words) else []
    listed = "、".join(f"“{word}”" for word in found) or _words(node.words, view)
    return f"{_name(node.text, view)}里不再出现{listed}"


def _words(words: ir.Expr, view: View) -> str:
    """Name the words of a list without a name, or the text that is looked for."""
    return "、".join(f"“{word}”" for word in words.words[:MOST]) if isinstance(words, ir.Words) else view.told(words)


def _match(node: ir.Match, view: View, wanted: bool) -> str:  # noqa: FBT001
    return f"{_name(node.text, view)}里{'有' if wanted else '不再有'}符合“{node.pattern}”的文字"


def _member(node: ir.Member, view: View, wanted: bool) -> str:  # noqa: FBT001
    listed = "、".join(view.told(option) for option in node.options[:MOST])
    more = f" 等 {len(node.options)} 个" if len(node.options) > MOST else ""
    return f"{_name(node.item, view)}{'是' if wanted else '不是'} {listed}{more} 之一（现在是 {view.told(node.item)}）"


def _any(node: ir.Aggregate, view: View, wanted: bool) -> str:  # noqa: FBT001
    used, where, origin = rows_used(node, view), spelled(node.where) if node.where else "", _origin(node, view)
    if wanted:
        return f"“{node.table}”{origin}里{'再补一行' if used and not origin else '有一行'}，符合“{where}”"
    named = "、".join(f"第{row.row}条" for row in used.shown if row.row) if used else ""
    more = f" 等 {used.kept} 条" if used and used.kept > len(used.shown) else ""
    return f"“{node.table}”{origin}里没有一行符合“{where}”" + (f"（现在有{named}{more}）" if named else "")


_NEEDS: dict[type, Callable[[Any, View, bool], str]] = {
    ir.IsBlank: _blank,
    ir.And: _between,
    ir.Compare: _compare,
    ir.Contains: _contains,
    ir.Match: _match,
    ir.Member: _member,
    ir.Aggregate: _any,
}
