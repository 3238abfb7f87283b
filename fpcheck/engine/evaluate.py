"""The meaning of an expression: exact fractions, Kleene's logic, one row at a time."""

import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import cache
from typing import Any

from fpcheck.engine import unknown as un
from fpcheck.engine.env import Entry, Env, exact
from fpcheck.engine.scalar import FUNCTIONS, round_to, rounded
from fpcheck.engine.unknown import Interval, Truth, Unknown, gap
from fpcheck.record import State
from fpcheck.rulebook import ir
from fpcheck.terms import SUMMARY
from fpcheck.value import Month
from fpcheck.wording import hits


def evaluate(node: ir.Expr, env: Env) -> Any:  # noqa: ANN401 - a value of the node's type, or Unknown
    """Give the value of an expression, or `Unknown` with the gaps to blame."""
    return _MEANING[type(node)](node, env)


def _const(node: ir.Const, _: Env) -> Any:  # noqa: ANN401
    return node.value


def _field(node: ir.Field, env: Env) -> Any:  # noqa: ANN401
    cell = env.cell(node.scope, node.name)
    if cell.state is State.VALUE:
        return exact(cell.value)
    if cell.state is State.BLANK and node.blank_is_empty:
        return ""
    why = un.UNREADABLE if cell.state is State.UNREADABLE else un.BLANK
    return gap(env.label(node.scope, node.name), why)


def _measure(node: ir.Measure, env: Env) -> Any:  # noqa: ANN401
    return evaluate(node.body, env.at(node.scope))


def _parameter(node: ir.Parameter, env: Env) -> Any:  # noqa: ANN401
    return env.parameter(node.name)


def both(left: ir.Expr, right: ir.Expr, env: Env) -> tuple[Any, Any] | Unknown:
    """Give the values of two sides, or the gaps of either; a month is missing for a comparison of days."""
    values = (_day(left, env), _day(right, env))
    missing = un.merged(values)
    return missing if missing.gaps else values


def _day(node: ir.Expr, env: Env) -> Any:  # noqa: ANN401
    """Evaluate; a date written to the month only is missing for a comparison of days."""
    value = evaluate(node, env)
    if isinstance(value, Month):
        read = [part for part in ir.walk(node) if isinstance(part, ir.Field)]
        return gap("、".join(env.label(part.scope, part.name) for part in read) or str(value), un.ONLY_MONTH)
    return value


def _arith(node: ir.Arith, env: Env) -> Any:  # noqa: ANN401
    pair = both(node.left, node.right, env)
    if isinstance(pair, Unknown):
        return pair
    left, right = pair
    if node.op == "/":
        return left / right if right else _zero(node.right, env)
    return {"+": left.__add__, "-": left.__sub__, "*": left.__mul__}[node.op](right)


def _zero(node: ir.Expr, env: Env) -> Unknown:
    match node:
        case ir.Field(scope=scope, name=name):
            return gap(env.label(scope, name), un.DIVIDED_BY_ZERO)
        case ir.Measure(name=name):
            return gap(name, un.DIVIDED_BY_ZERO)
        case ir.Aggregate(source=source):
            return gap(source, un.DIVIDED_BY_ZERO)
    return gap("除数", un.DIVIDED_BY_ZERO)


def _compare(node: ir.Compare, env: Env) -> Truth:
    pair = both(node.left, node.right, env)
    if isinstance(pair, Unknown):
        return pair
    if any(isinstance(side, Interval) for side in pair):
        return un.compare_interval(node.op, *pair)
    return ordered(node.op, *pair)


def ordered(op: str, left: Any, right: Any) -> bool:  # noqa: ANN401
    """Compare two known values of one type."""
    if op == "=":
        return bool(left == right)
    return bool(left < right if op == "<" else left <= right)


def _compare_quotient(node: ir.CompareQuotient, env: Env) -> Truth:
    values = [evaluate(item, env) for item in (node.dividend, node.divisor, node.bound)]
    missing = un.merged(values)
    if missing.gaps:
        return missing
    dividend, divisor, bound = values
    if not divisor:
        return _zero(node.divisor, env)
    sides = (dividend, bound * divisor) if divisor > 0 else (-dividend, -bound * divisor)
    return ordered(node.op, *(reversed(sides) if node.flipped else sides))


def _is_blank(node: ir.IsBlank, env: Env) -> Truth:
    cell = env.cell(node.field.scope, node.field.name)
    return cell.state is State.BLANK


def _contains(node: ir.Contains, env: Env) -> Truth:
    text = evaluate(node.text, env)
    words = node.words if isinstance(node.words, ir.Words) else evaluate(node.words, env)
    missing = un.merged((text, words))
    if missing.gaps:
        return missing
    return bool(hits(text, words)) if isinstance(words, ir.Words) else bool(words) and words in text


@cache
def _regex(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _match(node: ir.Match, env: Env) -> Truth:
    text = evaluate(node.text, env)
    return text if isinstance(text, Unknown) else bool(_regex(node.pattern).search(text))


def _member(node: ir.Member, env: Env) -> Truth:
    return un.disjoin(_compare(ir.Compare("=", node.item, option), env) for option in node.options)


def _aggregate(node: ir.Aggregate, env: Env) -> Any:  # noqa: ANN401
    if node.correlated:
        return _folded(node, env)
    key = (id(node), id(env.facts), env.table == SUMMARY)
    if key not in env.cache:
        env.cache[key] = (node, _folded(node, env))  # holding the node keeps its id from being given anew
    return env.cache[key][1]


def _folded(node: ir.Aggregate, env: Env) -> Any:  # noqa: ANN401
    looked_at = entries(node, env)
    if looked_at is None:
        return env.not_stated(node.table)
    inner = [env.inner(node.table, entry) for entry in looked_at]
    if node.fn == "any" and node.where:
        where = node.where
        return un.disjoin(evaluate(where, row) for row in inner)
    kept = [(row, evaluate(node.where, row) if node.where else True) for row in inner]
    values = [truth if isinstance(truth, Unknown) else _needed(node, row) for row, truth in kept if truth is not False]
    missing = un.merged(values)
    if missing.gaps:
        return missing
    if not values and node.fn in ("max", "min", "mean"):
        return gap(node.source, un.NO_ROWS)
    return _FOLD[node.fn](values)


def entries(node: ir.Aggregate, env: Env) -> list[Entry] | None:
    """Give the rows to look at: all, or those that the join leaves; rows whose condition is false never matter."""
    rows = env.rows(node.table)
    if node.join is None or rows is None:
        return rows
    mine, theirs = node.join
    wanted = _day(theirs, replace(env, outer=env))
    if isinstance(wanted, Unknown):
        return rows
    key = (id(node), id(env.facts), "join")
    if key not in env.cache:
        index: dict[Any, list[Entry]] = {}
        for entry in rows:
            value = _day(mine, env.inner(node.table, entry))
            index.setdefault(None if isinstance(value, Unknown) else value, []).append(entry)
        env.cache[key] = (node, index)
    found = env.cache[key][1]
    return [*found.get(wanted, []), *found.get(None, [])]


def _needed(node: ir.Aggregate, row: Env) -> Any:  # noqa: ANN401
    return _day(node.column, row) if node.column else True


_FOLD: dict[str, Callable[[list[Any]], Any]] = {
    "sum": lambda values: sum(values, Fraction(0)),
    "count": lambda values: Fraction(len(values)),
    "distinct": lambda values: Fraction(len(set(values))),
    "max": max,
    "min": min,
    "mean": lambda values: sum(values, Fraction(0)) / len(values),
}


def _if(node: ir.If, env: Env) -> Any:  # noqa: ANN401
    truth = evaluate(node.condition, env)
    return truth if isinstance(truth, Unknown) else evaluate(node.then if truth else node.otherwise, env)


def _first(node: ir.First, env: Env) -> Any:  # noqa: ANN401
    values = [evaluate(item, env) for item in node.items]
    return next((value for value in values if not isinstance(value, Unknown)), un.merged(values))


def _as_written(node: ir.AsWritten, env: Env) -> Any:  # noqa: ANN401
    pair = both(node.item, node.stated, env)
    if isinstance(pair, Unknown):
        return pair
    cell = env.cell(node.stated.scope, node.stated.name)
    return rounded(pair[0], Fraction(cell.step)) if cell.step else pair[0]


def _call(node: ir.Call, env: Env) -> Any:  # noqa: ANN401
    reads = evaluate if node.fn == "年份" else _day
    args: list[Any] = [arg if isinstance(arg, ir.Words) else reads(arg, env) for arg in node.args]
    missing = un.merged(args)
    if missing.gaps:
        return missing
    if node.fn == "四舍五入":
        return round_to(args[0], args[1], node.type)
    value = FUNCTIONS[node.fn](*args)
    return gap(f"{node.fn}()", "年份超出范围") if value is None else value


def _findings(node: ir.Findings, env: Env) -> Any:  # noqa: ANN401
    return env.tally.found(node.fn, node.rules) if env.tally else gap(f"{node.fn}()", "没有检查结果")


def _batch(node: ir.Batch, env: Env) -> Any:  # noqa: ANN401
    if env.group is None:
        return gap(f"{node.fn}()", "需要与其他单位一起检查")
    own = evaluate(node.item, env)
    if isinstance(own, Unknown):
        return own
    values = _peers(node.item, env)
    known = [value for value in values if not isinstance(value, Unknown)]
    if node.fn == "占比":
        missing = un.merged(values)
        total = sum(known, Fraction(0))
        return missing if missing.gaps else own / total if total else gap("各单位合计", un.DIVIDED_BY_ZERO)
    if node.fn == "中位数":
        from statistics import median  # noqa: PLC0415 - few rules ask for it

        return median(known)
    return Fraction(known.count(own)) if node.fn == "同值单位数" else Fraction(1 + sum(value > own for value in known))


def _peers(node: ir.Expr, env: Env) -> list[Any]:
    """Give the values of all members of the group, worked out once."""
    if env.group is None:
        return []
    if id(node) not in env.group.cache:
        members = (replace(env, facts=member, row=member.project, cache={}) for member in env.group.members)
        env.group.cache[id(node)] = (node, [evaluate(node, member) for member in members])
    values: list[Any] = env.group.cache[id(node)][1]
    return values


_MEANING: dict[type, Callable[[Any, Env], Any]] = {
    ir.Const: _const,
    ir.Field: _field,
    ir.Measure: _measure,
    ir.Parameter: _parameter,
    ir.Arith: _arith,
    ir.Compare: _compare,
    ir.CompareQuotient: _compare_quotient,
    ir.Not: lambda node, env: un.negate(evaluate(node.item, env)),
    ir.And: lambda node, env: un.conjoin(evaluate(item, env) for item in node.items),
    ir.Or: lambda node, env: un.disjoin(evaluate(item, env) for item in node.items),
    ir.IsBlank: _is_blank,
    ir.Contains: _contains,
    ir.Match: _match,
    ir.Member: _member,
    ir.Aggregate: _aggregate,
    ir.If: _if,
    ir.First: _first,
    ir.AsWritten: _as_written,
    ir.Call: _call,
    ir.Batch: _batch,
    ir.Findings: _findings,
}
