"""The tables found in the texts of objectives: clauses, quantities, unit price × quantity."""

from fractions import Fraction
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from fpcheck.estimates import estimates
from fpcheck.facts import facts_of
from fpcheck.objectives import clauses
from fpcheck.quantity import find
from fpcheck.reading import read_submission
from fpcheck.schema import node_of
from fpcheck.submission import Submission
from fpcheck.terms import shipped_glossary
from fpcheck.value import normal

DATA = Path(__file__).parent / "objectives"
UNITS = shipped_glossary().units


def rows(name):
    return yaml.safe_load((DATA / f"{name}.yaml").read_text(encoding="utf-8"))


def facts(**fields):
    return facts_of(Submission(**read_submission(node_of({"年度": "2023", **fields}), shipped_glossary(), "样例")))


@pytest.mark.parametrize(("text", "wanted"), rows("clauses"), ids=str)
def test_a_text_is_split_into_clauses(text, wanted):
    assert clauses(text) == wanted


@pytest.mark.parametrize(("text", "wanted"), rows("estimates"), ids=str)
def test_unit_price_times_quantity(text, wanted):
    text = normal(text)
    found = list(estimates(find(text), text, UNITS))
    assert [[Fraction(e.price, 100), e.per, e.number, e.periods, e.amount / 100] for e in found] == [
        [p, per, n, t, a] for p, per, n, t, a in wanted
    ]


@given(st.text(max_size=200))
def test_any_text_can_be_split_and_estimated(text):
    parts = clauses(text)
    assert all(part == part.strip() and part for part in parts)
    assert sum(map(len, parts)) <= len(normal(text)) + len(text)
    list(estimates(find(normal(text)), normal(text), UNITS))


def test_each_objective_is_a_row_that_points_to_its_text():
    found = facts(总体目标="改造楼道20个", 年度目标="改造楼道5个，每个2万元")
    assert [row["出处"].value for row in found.tables["绩效目标"]] == ["总体目标", "年度目标"]
    assert [(r["出处"].value, r["序号"].value) for r in found.tables["目标分句"]] == [
        ("总体目标", 1),
        ("年度目标", 1),
        ("年度目标", 2),
    ]
    [estimate] = found.tables["目标测算"]
    assert (estimate["出处"].value, estimate["金额"].value) == ("年度目标", 10_000_000)
    assert [row["分句"].value for row in found.tables["目标数量"]] == ["改造楼道20个", "改造楼道5个", "每个2万元"]


def test_a_text_that_cannot_be_read_leaves_the_tables_open():
    found = facts(总体目标=["见附件", "见附表"], 年度目标="改造楼道5个")
    assert not {"绩效目标", "目标分句", "目标测算", "目标数量"} & {*found.tables}


def test_no_objective_stated_is_not_none_stated():
    assert "绩效目标" not in facts(项目名称="楼道改造").tables
    assert facts(年度目标="").tables["绩效目标"] == ()
