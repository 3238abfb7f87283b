"""The seed report's own case: what the report found, where it found it, with its totals and rates."""

from fractions import Fraction
from pathlib import Path

import pytest

import fpcheck

INPUT = Path(__file__).parent.parent / "cases" / "wuhua-2023" / "input"
PRINTED = "黑林铺街道办事处"


@pytest.fixture(scope="module")
def result(rulebook):
    return fpcheck.check(INPUT, rulebook)


@pytest.fixture(scope="module")
def units(result):
    return {head.id: head.unit for head in result.submissions}


def of(result, kind):
    return [finding for finding in result.findings if finding.type == kind]


def where(result, units, kind):
    return {units[finding.submission] for finding in of(result, kind) if finding.submission}


def test_ten_sub_districts_were_read_whole(result):
    assert len(result.submissions) == 10
    assert not result.problems
    assert not result.errors
    assert not result.undecided


def test_totals_and_rates_are_the_reports(result):
    [total] = result.totals
    assert total.units == 10
    shown = {name: figure.text for name, figure in total.figures.items()}
    assert shown["批复合计"] == shown["下达合计"] == "435.27万元"
    assert shown["到位合计"] == shown["支出合计"] == "430.07万元"
    assert shown["社区数"] == "81"
    assert shown["评价执行率"] == "100.00%"
    assert shown["批复执行率"] == shown["资金到位率"] == "98.81%"
    assert all("÷" in total.formulas[name] for name in shown if name.endswith("率"))


def test_reward_was_late_in_the_one_sub_district_the_report_names(result, units):
    [finding] = of(result, "reward-not-paid-in-year")
    assert units[finding.submission].endswith(PRINTED)
    assert finding.evidence["年内实发"].value == "534100.00"
    assert finding.evidence["下达金额"].value == "576900.00"
    assert finding.evidence["奖励发放完成率"].text == "92.58%"
    assert finding.difference.text == "4.28万元"
    assert finding.where.table == "发放"
    assert finding.recommendation.id == "提高完成及时率"
    assert any(basis.id == "五华2023" and basis.article == "四（二）" for basis in finding.basis)


def test_low_execution_is_found_in_part_of_the_sub_districts(result, units):
    assert {unit.endswith(PRINTED) for unit in where(result, units, "execution-rate-low")} == {True}


def test_objectives_are_unclear_everywhere_and_indicators_in_part(result, units):
    assert len(where(result, units, "objective-unclear")) == 10
    faulty = {units[finding.submission] for finding in result.findings if finding.category == "指标"}
    assert 0 < len(faulty) < 10
    advice = {f.recommendation.id for f in result.findings if f.type == "objective-unclear"}
    assert advice == {"完善绩效目标编制"}


def test_a_use_rate_of_a_hundred_masks_what_was_not_received(result):
    [district] = [finding for finding in of(result, "use-rate-masks-shortfall") if finding.submission is None]
    assert district.where.table == "汇总"
    assert {"100.00%", "98.81%"} <= {figure.text for figure in district.evidence.values()}
    assert "430.07万元÷430.07万元" in district.message
    assert "430.07万元÷435.27万元" in district.message


def test_no_system_was_made_for_the_project(result, units):
    assert len(where(result, units, "management-system-missing")) == 8


def test_district_headlines_name_the_units_and_both_groups_of_advice(result):
    district = {item.type: item for item in result.conclusions if item.submission is None}
    assert PRINTED in district["district-rewards-late"].message
    assert "10个单位里有10个" in district["district-objectives-faulty"].message
    given = {item.recommendation.id for item in district.values() if item.recommendation}
    assert {"完善绩效目标编制", "提高完成及时率"} <= given


def test_commendations_of_part_three_are_given(result):
    assert {item.type for item in result.commendations} == {
        "clear-responsibilities",
        "planned-in-advance",
        "well-publicised",
        "open-selection",
    }


def test_the_printed_score_and_grade_are_possible(result):
    """The report gives the district 90.69 points and the grade 优."""
    [district] = [card for card in result.scorecards if card.submission is None]
    assert district.units == 10
    assert district.low <= Fraction("90.69") <= district.high
    assert "优" in district.grades
    settled = {p.text: (p.low, p.high) for item in district.indicators for p in item.points if p.status != "open"}
    assert settled["预算的资金落实到位"] == (3 * Fraction(43007, 43527),) * 2
    assert settled["到位的资金按计划支出"] == (3, 3)
    assert settled["奖励（补助）在预算年度内发放完"] == (4 * Fraction(43007, 43527),) * 2
    assert settled["目标写清做多少、做到什么程度"] == (0, 0)
    assert settled["制定了项目管理制度"] == (Fraction("0.4"),) * 2


def test_no_composed_unit_is_taken_for_a_real_one(units):
    assert all("构造" in unit or unit.endswith(PRINTED) for unit in units.values())


def test_composed_files_say_so():
    for path in INPUT.iterdir():
        assert any("构造" in line for line in path.read_text(encoding="utf-8").splitlines()[:2])
