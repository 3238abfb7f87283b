"""Faults of expressions as data, and any text at all: a fault comes out with its place, never a traceback."""

import time
import warnings
from typing import Any

import pytest
from conformance import bench
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from fpcheck.engine.evaluate import evaluate
from fpcheck.rulebook.compile import typed
from fpcheck.rulebook.expression import MAX_DEPTH, MAX_LENGTH, parse
from fpcheck.rulebook.functions import AGGREGATES, FUNCTIONS, SPECIAL
from fpcheck.rulebook.lower import lower
from fpcheck.rulebook.malformed import Malformed
from fpcheck.rulebook.pattern import BadPattern, check_pattern
from fpcheck.terms import PROJECT, SUMMARY, Type

ROWS = bench.load("faults")
Fault = tuple[str, str, int]


def faults(text: str, table: str = PROJECT, *, condition: bool = True, counting: bool = True) -> list[Fault]:
    """Type an expression and give its faults."""
    found: list[Fault] = []
    names = bench.names() if counting else bench.names().with_rules(None)
    expr = typed(text, names, bench.table_of(table), lambda *fault: found.append(fault), condition=condition)
    assert (expr is None) == bool(found)
    return found


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["式"][:60])
def test_a_fault_says_what_where_and_what_to_write(row: dict[str, Any]) -> None:
    found = faults(row["式"], row.get("对象", PROJECT), condition="任意" not in row, counting="结论" in row)
    assert found, "no fault at all"
    assert any(
        row["说"] in message and row["办"] in hint and int(row["列"]) == column for message, hint, column in found
    ), found


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["式"][:60])
def test_a_fault_is_whole_and_in_chinese(row: dict[str, Any]) -> None:
    found = faults(row["式"], row.get("对象", PROJECT), condition="任意" not in row, counting="结论" in row)
    for message, hint, column in found:
        assert any("一" <= char <= "龥" for char in message), message
        assert len(message) < 200
        assert len(hint) < 300
        assert 1 <= column <= len(row["式"]) + 1


def test_there_are_enough_faults_and_none_twice() -> None:
    keys = [(row["式"], row.get("对象"), row.get("结论")) for row in ROWS]
    assert len(ROWS) >= 50
    assert len(set(keys)) == len(keys)


def test_every_fault_of_a_line_is_told_in_one_go() -> None:
    found = faults('支出金客 > 0 且 下达金额 < 50 且 总体目标 匹配 "\\d"')
    assert [column for _, _, column in found] == [1, 19, 32]


def test_the_offered_rewrite_is_accepted() -> None:
    for line in ("支出金额 / 下达金额 < 95%", "支出金额 < 50元", "支出金额 < 50万元", "填报日期 > 2023-12-31"):
        assert faults(line) == []


def test_a_very_long_text_is_refused_at_once() -> None:
    start = time.perf_counter()
    for text in ("支出金额 > 0 且 " * 500, "(" * 100_000, "1" * 100_000, "甲" * 100_000, '"' * 100_001):
        [(message, hint, column)] = faults(text)
        assert str(MAX_LENGTH) in message
        assert hint
        assert column == 1
    assert time.perf_counter() - start < 1


def test_the_longest_text_that_is_read_is_read_quickly() -> None:
    line = " 或 ".join(["支出金额 > 0"] * (MAX_LENGTH // 12))
    assert len(line) <= MAX_LENGTH
    start = time.perf_counter()
    assert faults(line) == []
    assert time.perf_counter() - start < 2


@pytest.mark.parametrize("opening", ["非 ", "- ", "(", "[", "若(是, ", "首个(", "1 + ", "绝对值("])
def test_deep_nesting_is_refused(opening: str) -> None:
    text = (opening * MAX_LENGTH)[: MAX_LENGTH - len(opening)]
    for whole in (text, text + "1"):
        with pytest.raises(Malformed):
            parse(whole)


def test_nesting_is_read_up_to_the_limit() -> None:
    assert faults("(" * MAX_DEPTH + "支出金额 > 0" + ")" * MAX_DEPTH) == []
    assert faults("非 " * (MAX_DEPTH - 2) + "是") == []


def test_brackets_inside_quotes_are_text() -> None:
    assert faults(f'总体目标 = "{"(" * (MAX_DEPTH + 1)}"') == []


def test_a_word_of_nothing_is_refused_wherever_words_are_sought() -> None:
    assert faults('总体目标 含有 [""]')
    assert faults('总体目标 含有 [" "]')


# any text at all

PIECES = [
    *(
        "支出金额",
        "下达金额",
        "自评总分",
        "年度",
        "总体目标",
        "偏差说明",
        "自评等级",
        "填报日期",
        "截止日期",
        "下达执行率",
    ),
    *("指标", "指标.得分", "指标.分值", "资金.全年预算数", "得分", "分值", "材料", "是否提供", "目标数量.数值"),
    *("本行.得分", "项目.支出金额", "上年.支出金额", "参数.大额", "参数.下达执行率下限", "词表.含糊词", "规则", "类别"),
    *("且", "或", "非", "为空", "不为空", "含有", "不含", "匹配", "属于", "不属于", "介于", "与", "是", "否"),
    *("<", "≤", "<=", ">", "≥", ">=", "=", "≠", "!=", "＜", "+", "-", "*", "/", "×", "÷", "－", "(", ")", "（", "）"),
    *("[", "]", "［", "］", ",", "，", "、", ".", "0", "1", "95", "0.5", "95%", "5‰", "50万元", "3元", "5万", "3.5.5"),
    *(
        "2023-12-31",
        "2023年9月30日",
        "2023-02-30",
        '"甲"',
        "“乙”",
        "'丙'",
        '"[0-9]{1,3}"',
        '"\\d"',
        '"(甲|乙)"',
        '"',
        "“",
    ),
    *AGGREGATES,
    *FUNCTIONS,
    *SPECIAL,
]
BRICKS = st.lists(st.sampled_from(PIECES), max_size=14)
GLUE = st.sampled_from(["", " ", "　"])
ALPHABET = st.sampled_from("".join(sorted({char for piece in PIECES for char in piece})) + " \t\n\r　٣²㎡é\0")


def holds_up(text: str, table: str) -> None:
    """Type a text; it is an expression that can be evaluated, or it has faults with a place."""
    found: list[Fault] = []
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        names, owner = bench.names(), bench.table_of(table)
        expr = typed(text, names, owner, lambda *fault: found.append(fault))
    for message, _, column in found:
        assert message
        assert 1 <= column <= len(text) + 1
    assert (expr is None) == bool(found)
    if expr is not None:
        assert isinstance(expr.type, Type)
        lower(expr)


FEW = settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
TABLES = st.sampled_from([PROJECT, "指标", SUMMARY])


@FEW
@given(BRICKS, GLUE, TABLES)
@example(["个数不同", "(", "指标.词表.含糊词", ")"], "", PROJECT)
@example(["发现数", "(", "项目.自评等级", "=", '"甲"', ")"], " ", PROJECT)
def test_any_bricks_of_the_language_hold_up(bricks: list[str], glue: str, table: str) -> None:
    holds_up(glue.join(bricks), table)


@FEW
@given(st.text(ALPHABET, max_size=60), TABLES)
def test_any_text_of_the_alphabet_holds_up(text: str, table: str) -> None:
    holds_up(text, table)


@FEW
@given(st.text(max_size=60))
def test_any_unicode_holds_up(text: str) -> None:
    holds_up(text, PROJECT)


def refusal(pattern: str) -> BadPattern | None:
    try:
        check_pattern(pattern)
    except BadPattern as bad:
        return bad
    return None


@FEW
@given(st.text(max_size=60), st.text("()[]{}?*+.^$|\\,-09az甲&~:<>=!#", max_size=16))
def test_any_pattern_is_accepted_or_refused(text: str, pattern: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        refused = refusal(pattern)
    if refused:
        assert str(refused)
        assert refused.hint
        return
    row = {"式": f"总体目标 匹配 '{pattern}'", "给定": {"总体目标": text or "甲"}}
    for _, _, said in bench.both(row):
        assert said.value in ("是", "否", bench.UNKNOWN)


@pytest.mark.parametrize(
    "pattern", [".{0,100}甲.{0,8}乙", "(?:甲|乙|丙)?.{1,100}$", "[0-9]{1,100}[0-9]{1,9}年$", "(甲?){3}$"]
)
def test_an_accepted_pattern_is_quick_on_the_longest_text(pattern: str) -> None:
    check_pattern(pattern)
    for text in ("甲" * 20_000, "0" * 20_000, "甲乙丁" * 6_000):
        env = bench.environment({"给定": {"总体目标": text}})
        start = time.perf_counter()
        evaluate(bench.compiled(f'总体目标 匹配 "{pattern}"'), env)
        assert time.perf_counter() - start < 1


@FEW
@given(st.lists(st.sampled_from([p for p in PIECES if '"' not in p and "“" not in p]), min_size=1, max_size=5))
def test_a_typed_expression_can_be_evaluated(bricks: list[str]) -> None:
    text = " ".join(bricks)
    for whole in (
        text,
        f"首个({text}, {text})",
        f"若({text} 为空, 1, 2)",
        f"存在(指标, {text} > 0)",
        f"个数不同({text})",
    ):
        expr = typed(whole, bench.names(), bench.table_of(PROJECT), lambda *_: None)
        if expr is not None:
            env = bench.environment({"给定": FULL, "上年": FULL, "同批": [FULL], "发现": {}})
            bench.answer(evaluate(expr, env))
            bench.answer(evaluate(lower(expr), env))


FULL = {
    "年度": "2023",
    "支出金额": "1元",
    "下达金额": "2元",
    "自评总分": "90",
    "总体目标": "新建5个",
    "自评等级": "优",
    "填报日期": "2023-12-31",
    "截止日期": "2023年9月",
    "指标": [{"得分": "9", "分值": "10"}, {"得分": "8"}],
    "资金": [{"全年预算数": "1元"}],
    "材料": [{"是否提供": "是"}],
}
