"""The meaning of the rule language as data: expression × values → outcome, and whole rules → outcomes."""

import contextlib
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conformance import bench

from fpcheck.engine.run import Settings, run
from fpcheck.finding import UNCHECKED, Outcome
from fpcheck.rulebook import ir
from fpcheck.rulebook.expression import Syntax, parse
from fpcheck.rulebook.functions import AGGREGATES, FUNCTIONS, SPECIAL
from fpcheck.rulebook.lower import lower
from fpcheck.terms import PROJECT

ROWS = bench.rows()
RULE_ROWS = bench.load("rules")


def named(item: tuple[str, dict[str, Any]]) -> str:
    return f"{item[0]}:{item[1]['式']}"


@pytest.mark.parametrize("item", ROWS, ids=named)
def test_an_expression_means_what_its_row_says(item: tuple[str, dict[str, Any]]) -> None:
    _, row = item
    for form, expr, said in bench.both(row):
        assert said.value == bench.wanted(row["得"], expr.type), form
        if said.value == bench.UNKNOWN:
            assert said.lacks(row["缺"]), (form, said.gaps)


@pytest.mark.parametrize("item", ROWS, ids=named)
def test_lowering_changes_nothing_that_can_be_seen(item: tuple[str, dict[str, Any]]) -> None:
    (_, _, first), (_, _, second) = bench.both(item[1])
    assert first == second


def test_no_row_stands_twice() -> None:
    keys = [str(sorted((k, str(v)) for k, v in row.items() if k != "为何")) for _, row in ROWS]
    assert len(keys) == len(set(keys))
    assert len(keys) >= 200


def test_every_unknown_row_names_what_is_missing() -> None:
    assert [row["式"] for _, row in ROWS if (row["得"] == bench.UNKNOWN) != bool(row.get("缺"))] == []


def test_a_wrong_row_would_be_noticed() -> None:
    row = {"式": "支出金额 / 下达金额 < 95%", "给定": {"支出金额": "19.95元", "下达金额": "21元"}}
    for _, expr, said in bench.both(row):
        assert said.value == bench.wanted("否", expr.type)
        assert said.value != bench.wanted("是", expr.type)
    unknown = {**row, "给定": {"支出金额": "1元"}}
    for _, _, said in bench.both(unknown):
        assert said.lacks(["下达金额"])
        assert said.lacks(["下达金额（未填）"])
        assert not said.lacks(["支出金额"])
        assert not said.lacks(["下达金额（认不出）"])
        assert not said.lacks(["下达金额", "支出金额"])


# what the rows cover


def syntax(node: Any) -> Iterator[Syntax]:
    if isinstance(node, Syntax):
        yield node
        for arg in node.args:
            yield from syntax(arg)


def nodes() -> Iterator[ir.Expr]:
    for _, row in ROWS:
        with contextlib.suppress(bench.Refused):  # a row of its own test
            found = bench.compiled(row["式"], row.get("对象", PROJECT))
            yield from ir.walk(found)
            yield from ir.walk(lower(found))


def test_every_function_has_rows() -> None:
    called = {node.args[0] for _, row in ROWS for node in syntax(parse(row["式"])) if node.op == "call"}
    assert {*AGGREGATES, *FUNCTIONS, *SPECIAL} <= called


def test_every_function_has_a_row_with_a_value_and_one_that_is_unknown() -> None:
    for name in {*AGGREGATES, *FUNCTIONS, *SPECIAL} - {"发现单位"}:  # a list of units is never unknown
        results = {row["得"] == bench.UNKNOWN for _, row in ROWS if f"{name}(" in row["式"]}
        assert results == {True, False}, name


def test_every_kind_of_node_and_every_scope_is_evaluated() -> None:
    seen = {type(node) for node in nodes()}
    assert set(ir.Expr.__args__) <= seen
    scopes = {node.scope for node in nodes() if isinstance(node, ir.Field | ir.Measure)}
    assert scopes == set(ir.Scope)


def test_every_operator_is_written_in_some_row() -> None:
    written = [node for _, row in ROWS for node in syntax(parse(row["式"]))]
    ops = {
        (node.op, node.args[0]) for node in written if node.op in ("compare", "arith", "blank", "contains", "member")
    }
    assert {sign for op, sign in ops if op == "compare"} == {"<", "<=", ">", ">=", "=", "!="}
    assert {sign for op, sign in ops if op == "arith"} == {"+", "-", "*", "/"}
    assert {(op, sign) for op, sign in ops if op in ("blank", "contains", "member")} == set(
        itertools.product(("blank", "contains", "member"), (True, False))
    )
    kinds = {"either", "both", "negate", "match", "between", "minus", "name", "literal", "choices"}
    assert kinds <= {node.op for node in written}
    spelled = "".join(row["式"] for _, row in ROWS)
    assert all(sign in spelled for sign in "≤≥≠＜＞＝＋－×÷＊／（）“‰％")


def test_lowering_is_really_used() -> None:
    crossed = [node for node in nodes() if isinstance(node, ir.CompareQuotient)]
    assert {node.flipped for node in crossed} == {True, False}
    assert {node.op for node in crossed} == {"<", "<=", "="}


# whole rules


def outcomes(row: dict[str, Any]) -> list[str]:
    """Run the rules of a row; what they said in the order of rule and row, for the row's own submission."""
    rules = row["规则"] if isinstance(row["规则"], list) else [row["规则"]]
    facts = [bench.facts_from(row.get("给定"), row.get("上年"))]
    facts += [bench.facts_from(given, number=n) for n, given in enumerate(row.get("同批", ()), 2)]
    day = row.get("基准日")
    settings = Settings(bench.date.fromisoformat(day) if day else None, row.get("地区"))
    result = run([bench.replaced(one, n) for n, one in enumerate(facts, 1)], bench.rulebook(rules), settings)
    return [_said(said) for said in result.outcomes if said.submission in ("1", None)]


def _said(said: Any) -> str:
    row = f"{said.row} " if said.row else ""
    label = "未检查" if said.unchecked else said.outcome.label
    why = [said.reason] if said.reason and said.outcome is not Outcome.ERROR else [name for name, _ in said.missing]
    return f"{row}{label}" + (f"：{'、'.join(why)}" if why else "")


@pytest.mark.parametrize("row", RULE_ROWS, ids=lambda row: row["名"])
def test_a_rule_has_the_outcome_its_row_says(row: dict[str, Any]) -> None:
    assert outcomes(row) == row["得"]


@pytest.mark.parametrize("row", RULE_ROWS, ids=lambda row: row["名"])
def test_the_order_of_lines_never_matters(row: dict[str, Any]) -> None:
    assert outcomes({**row, "规则": _turned(row["规则"])}) == row["得"]


def _turned(rules: Any) -> Any:
    """Turn the lines of every rule round."""
    if isinstance(rules, list):
        return [_turned(rule) for rule in rules]
    return {key: value[::-1] if key in ("适用", "条件", "除非") else value for key, value in rules.items()}


def test_every_outcome_has_rules() -> None:
    seen = {said.split("：")[0].split(" ")[-1] for row in RULE_ROWS for said in row["得"]}
    assert {kind.label for kind in Outcome} | {"未检查"} <= seen
    reasons = {said.partition("：")[2] for row in RULE_ROWS for said in row["得"]}
    assert {"needs_previous", "needs_batch", "no_date"} <= reasons & set(UNCHECKED)


def test_the_rows_stand_where_they_are_looked_for() -> None:
    assert Path(bench.__file__).parent == Path(__file__).parent / "conformance"
    assert {name for name, _ in ROWS} == {
        *("operators", "logic", "missing", "text", "aggregates", "functions", "scopes", "quantities")
    }
