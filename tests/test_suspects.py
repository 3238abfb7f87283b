"""Which cells are likely wrong: tables of forms and hints, and forms that are corrupted and must be seen through."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from conformance import bench

from fpcheck.engine.relations import derivation
from fpcheck.engine.run import run
from fpcheck.engine.suspects import MOST_HINTS
from fpcheck.facts import facts_of
from fpcheck.finding import CheckResult
from fpcheck.report.hints import told
from fpcheck.report.to_console import to_console
from fpcheck.report.to_json import as_dict, to_jsonl
from fpcheck.rulebook.compiled import CompiledRule, Rulebook

HERE = Path(__file__).parent / "suspects"


class Text(yaml.SafeLoader):
    """Keeps every scalar as it is written; of YAML's meanings only the merge key is left."""


Text.yaml_implicit_resolvers = {"<": [("tag:yaml.org,2002:merge", re.compile(r"^<<$"))]}


def load(name: str) -> list[dict[str, Any]]:
    return yaml.load((HERE / f"{name}.yaml").read_text(encoding="utf-8"), Loader=Text)


SHIPPED, OWN = load("shipped"), load("relations")


def checked(form: dict[str, Any], rulebook: Rulebook) -> CheckResult:
    return run([facts_of(bench.submission_of(form))], rulebook)


def hints(result: CheckResult) -> list[str]:
    return ["\n".join(told(found)) for found in result.suspicions]


def rulebook_of(rows: list[dict[str, Any]]) -> Rulebook:
    """Compile rules of a few keys, numbered from FP100; they are 勾稽 unless they say otherwise."""
    return bench.rulebook([{"勾稽": "是", **row} for row in rows])


@pytest.mark.parametrize("row", SHIPPED, ids=lambda row: row["名"])
def test_the_shipped_rules_point_to_the_cell(row: dict[str, Any], rulebook: Rulebook) -> None:
    assert hints(checked(row["给定"], rulebook)) == row["得"]


@pytest.mark.parametrize("row", OWN, ids=lambda row: row["名"])
def test_relations_point_to_the_cell(row: dict[str, Any]) -> None:
    assert hints(checked(row["给定"], rulebook_of(row["规则"]))) == row["得"]


@pytest.mark.parametrize("row", OWN, ids=lambda row: row["名"])
def test_the_order_of_rules_changes_only_their_numbers(row: dict[str, Any]) -> None:
    book = rulebook_of(row["规则"])
    turned = replace(book, rules=book.rules[::-1])
    assert hints(checked(row["给定"], turned)) == row["得"]


def test_how_derived_a_field_is_follows_from_the_rules_alone(rulebook: Rulebook) -> None:
    depth = derivation(rulebook.rules)
    assert {depth["项目", name] for name in ("全年预算数", "全年执行数", "年初预算数", "自评总分")} == {1}
    assert depth["项目", "填报执行率"] == 2
    assert not {("资金", "全年预算数"), ("指标", "得分"), ("指标", "分值"), ("项目", "批复金额")} & set(depth)
    copies = ["批复金额 ≠ 下达金额", "到位金额 < 支出金额 + 下达金额", "支出金额 ≠ 100元", "到位金额 = 下达金额 * 2"]
    assert derivation(rulebook_of([{"条件": [line]} for line in copies]).rules) == {("项目", "到位金额"): 1}
    assert derivation(rulebook_of([{"勾稽": "否", "条件": ["到位金额 ≠ 支出金额 + 下达金额"]}]).rules) == {}
    circle = ["批复金额 ≠ 下达金额 + 到位金额", "下达金额 ≠ 批复金额 + 支出金额"]
    assert max(derivation(rulebook_of([{"条件": [line]} for line in circle]).rules).values()) < 3


def test_a_form_says_where_the_cell_stands_and_json_says_the_same(rulebook: Rulebook) -> None:
    result = checked(SHIPPED[12]["给定"], rulebook)
    [found] = as_dict(result)["suspect_cells"]
    [choice] = found["choices"]
    [cell] = choice["cells"]
    assert cell["where"] == {"table": "指标", "row": 2, "field": "得分", "sheet": None, "cell": None}
    assert (cell["subject"], cell["stated"]["value"]) == ("培训满意度", "400")
    assert cell["low"] == cell["high"] == {"value": "40", "unit": "分", "text": "40分"}
    assert choice["resolves"] == found["rules"] == [{"rule": "FP601", "row": 2}, {"rule": "FP602", "row": None}]
    assert choice["raises"] == []
    assert found["text"] == SHIPPED[12]["得"][0]
    shown = [line.text.strip() for line in to_console(result, rulebook.names)]
    assert found["text"] in shown


def test_every_line_of_jsonl_has_its_own_hints(rulebook: Rulebook) -> None:
    forms = [SHIPPED[12]["给定"], SHIPPED[2]["给定"], SHIPPED[0]["给定"]]
    facts = [bench.replaced(facts_of(bench.submission_of(form)), number) for number, form in enumerate(forms, 1)]
    owned = [
        [hint["submission"] for hint in json.loads(line)["suspect_cells"]] for line in to_jsonl(run(facts, rulebook))
    ]
    assert owned == [["1"], [], ["3"]]


def test_a_hint_changes_neither_findings_nor_decision(rulebook: Rulebook) -> None:
    """The same form judged with no rule marked 勾稽 says all the same."""
    plain = replace(rulebook, rules=tuple(_unmarked(rule) for rule in rulebook.rules))
    for row in SHIPPED:
        one, two = (as_dict(checked(row["给定"], book)) for book in (rulebook, plain))
        assert two.pop("suspect_cells") == []
        assert len(one.pop("suspect_cells")) == len(row["得"])
        assert one == two


def _unmarked(rule: CompiledRule) -> CompiledRule:
    return replace(rule, rule=rule.rule.model_copy(update={"cross_check": "否"}))


# long tables: the row is found, and where it cannot be nothing is told

LENGTHS = [500, pytest.param(10_000, marks=pytest.mark.long)]


def long_form(length: int, scores: dict[int, str], every: str) -> dict[str, Any]:
    """Give a form whose weights add up to 100, 10 of them for the execution rate."""
    weight = f"{90 / length}"
    rows = [{"三级指标": f"第{n}项", "分值": weight, "得分": scores.get(n, every or weight)} for n in range(length)]
    return {"年度": "2023", "表种": "自评表", "执行率分值": "10", "执行率得分": "10", "自评总分": "100", "指标": rows}


@pytest.fixture(scope="module")
def marked(rulebook: Rulebook) -> Rulebook:
    return replace(rulebook, rules=tuple(rule for rule in rulebook.rules if rule.rule.cross_checks))


@pytest.mark.parametrize("length", LENGTHS)
def test_one_wrong_score_among_very_many_is_found(length: int, marked: Rulebook) -> None:
    [text] = hints(checked(long_form(length, {77: "1"}, ""), marked))
    cell = f"指标 第78条 得分（第77项）：现为1分，若改为{90 / length}分"
    assert text == f"{cell}，FP601（第78条）、FP602 都不再命中。"


@pytest.mark.parametrize("length", LENGTHS)
def test_very_many_wrong_scores_are_not_guessed_at(length: int, marked: Rulebook) -> None:
    result = checked(long_form(length, {}, "9"), marked)
    assert len(result.findings) == length + 1
    assert hints(result) == []


@pytest.mark.parametrize("length", LENGTHS)
def test_of_very_many_wrong_rows_some_are_told_each_rightly(length: int, marked: Rulebook) -> None:
    listed = [{"社区": f"社区{n}", "应发金额": "10元"} for n in range(length)]
    paid = [
        {"社区": f"社区{n}", "应发金额": "1元", "实发金额": "10元", "发放日期": "2023-10-09"} for n in range(length)
    ]
    found = checked({"年度": "2023", "表种": "综合", "评选": listed, "发放": paid}, marked).suspicions
    assert 0 < len(found) <= MOST_HINTS
    assert [hint.rules[0][1] for hint in found] == list(range(1, len(found) + 1))
    for hint in found:
        [[cell]] = [choice.cells for choice in hint.choices]
        assert (cell.where.table, cell.where.field, cell.low, cell.high) == ("发放", "应发金额", cell.high, cell.low)
        assert cell.low is not None
        assert cell.low.text == "10元"
        assert {row for _, row in hint.rules} == {cell.where.row}


@pytest.mark.parametrize("limit", ["MOST_LOOKS", "MOST_TRIES", "MOST_WORK"])
def test_a_search_that_is_cut_short_tells_nothing(limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    [row] = [row for row in OWN if row["名"] == "两处一样可能，都说"]
    book = rulebook_of(row["规则"])
    assert hints(checked(row["给定"], book))
    monkeypatch.setattr(f"fpcheck.engine.suspects.{limit}", 1)
    assert hints(checked(row["给定"], book)) == []


@pytest.mark.parametrize(
    "limit", ["relations.MOST_CELLS", "trial.MOST_ROWS", "remedy.MOST_WAYS", "feasible.MOST_CONSTRAINTS"]
)
def test_too_much_to_look_at_tells_nothing(limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    [row] = [row for row in OWN if row["名"] == "两处一样可能，都说"]
    book = rulebook_of(row["规则"])
    monkeypatch.setattr(f"fpcheck.engine.{limit}", 0)
    assert hints(checked(row["给定"], book)) == []


def test_a_hint_that_fails_takes_nothing_along(rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object) -> None:
        raise RuntimeError("坏了")

    whole = checked(SHIPPED[0]["给定"], rulebook)
    monkeypatch.setattr("fpcheck.engine.run.suspicions", failing)
    result = checked(SHIPPED[0]["给定"], rulebook)
    assert result.findings == whole.findings
    assert [fault.message for fault in result.errors] == ["推算可能填错的格时出错：RuntimeError: 坏了"]
    assert any("推算可能填错的格时出错" in line.text for line in to_console(result, rulebook.names))
