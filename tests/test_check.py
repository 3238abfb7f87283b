"""The library: check and check_many as a program uses them; results that do not depend on order."""

import json
import random
from pathlib import Path

import pytest

import fpcheck
from fpcheck.finding import Outcome
from fpcheck.report.to_json import as_dict

ROOT = Path(__file__).parent.parent
UNIT = {
    "项目名称": "社区奖励经费",
    "实施单位": "甲街道办事处",
    "年度": 2023,
    "截止日期": "2023-12-31",
    "金额单位": "万元",
    "下达金额": "57.69",
    "支出金额": "53.41",
}


def of(result, number):
    return [finding for finding in result.findings if finding.rule == number]


def test_finding_has_place_figures_basis_and_cure(rulebook):
    [finding] = of(fpcheck.check(UNIT, rulebook), "FP201")
    assert finding.where.field == "支出金额"
    assert finding.evidence["下达执行率"].text == "92.58%"
    assert finding.evidence["支出金额"].value == "534100.00"
    assert finding.expected.text == "54.8055万元"
    assert finding.basis
    assert finding.fix
    assert finding.recommendation
    assert "支出÷下达" in finding.message


def test_exactly_at_the_threshold_passes(rulebook):
    exact = {**UNIT, "下达金额": "21", "支出金额": "19.95"}
    below = {**UNIT, "下达金额": "21", "支出金额": "19.949999"}
    assert not of(fpcheck.check(exact, rulebook), "FP201")
    assert of(fpcheck.check(below, rulebook), "FP201")


def test_english_and_chinese_names_mean_the_same(rulebook):
    english = {
        "project_name": "社区奖励经费",
        "implementing_unit": "甲街道办事处",
        "year": 2023,
        "cutoff_date": "2023-12-31",
        "money_unit": "万元",
        "allocated_amount": 57.69,
        "spent_amount": 53.41,
    }
    one, two = (as_dict(fpcheck.check(given, rulebook)) for given in (UNIT, english))
    assert one == two


def test_attributes_are_english():
    submission = fpcheck.Submission.model_validate(UNIT)
    assert submission.spent_amount == 53_410_000
    assert submission.project["支出金额"].value == submission.project["spent_amount"].value
    with pytest.raises(AttributeError):
        _ = submission.no_such_field


def test_submission_prints_its_schema():
    schema = fpcheck.Submission.model_json_schema()
    assert {"下达金额", "allocated_amount", "发放", "reward", "金额单位"} <= set(schema["properties"])


def test_to_frame_has_one_row_a_finding(rulebook):
    result = fpcheck.check(UNIT, rulebook)
    frame = result.to_frame()
    assert len(frame) == len(result.findings) > 0
    assert set(frame["rule"]) == {finding.rule for finding in result.findings}
    assert fpcheck.check({"年度": 2023}, rulebook).to_frame().columns.tolist() == frame.columns.tolist()


def roll(*paid):
    """A payment roll of communities with what was paid to each; 2 万元 are due to each."""
    shared = {"先锋数": 1, "应发金额": 2, "发放日期": "2023-11-01"}
    return [{"社区": name, "实发金额": amount, **shared} for name, amount in paid]


def test_fingerprint_survives_a_new_row_order_and_a_new_message(rulebook):
    rolls = (
        roll(("东社区", 2), ("西社区", 3), ("南社区", 2)),
        roll(("南社区", 2), ("西社区", 3), ("东社区", 2)),
        roll(("东社区", 2), ("西社区", 4), ("南社区", 2)),
    )
    found = [of(fpcheck.check({**UNIT, "发放": rows}, rulebook), "FP405") for rows in rolls]
    [one], [two], [three] = found
    assert one.fingerprint == two.fingerprint == three.fingerprint
    assert one.message != three.message
    assert one.where.row == 2


def test_equal_fingerprints_are_told_apart_by_evidence_not_by_order(rulebook):
    rows = roll(("东社区", 3), ("东社区", 5))

    def prints(given):
        found = of(fpcheck.check({**UNIT, "发放": given}, rulebook), "FP405")
        return {finding.evidence["实发金额"].value: finding.fingerprint for finding in found}

    assert prints(rows) == prints(rows[::-1])
    assert sorted(fingerprint[16:] for fingerprint in prints(rows).values()) == ["", "#2"]


def test_order_of_submissions_changes_nothing(rulebook):
    given = [{**UNIT, "报送编号": f"N{n}", "实施单位": f"{n}街道办事处", "支出金额": str(50 + n)} for n in range(8)]
    wanted = json.dumps(as_dict(fpcheck.check_many(given, rulebook)), ensure_ascii=False)
    for seed in range(5):
        shuffled = random.Random(seed).sample(given, len(given))
        assert json.dumps(as_dict(fpcheck.check_many(shuffled, rulebook)), ensure_ascii=False) == wanted


def test_a_missing_value_is_never_a_pass(rulebook):
    blank = {**UNIT, "支出金额": None, "表种": "综合"}
    [said] = [o for o in fpcheck.check(blank, rulebook).outcomes if o.rule == "FP201"]
    assert said.outcome is Outcome.UNDECIDED
    assert [name for name, _ in said.missing] == ["支出金额"]


def test_an_unreadable_value_makes_a_person_look(rulebook):
    result = fpcheck.check({**UNIT, "下达金额": "57.69万元元"}, rulebook)
    assert result.problems
    assert result.submissions[0].decision != "可报送"


def test_prior_year_comes_from_the_batch(rulebook):
    now = {**UNIT, "报送编号": "今年", "年度目标": "为社区发放奖励"}
    before = {**now, "报送编号": "去年", "年度": 2022, "截止日期": "2022-12-31"}
    alone = fpcheck.check(now, rulebook)
    both = fpcheck.check_many([now, before], rulebook)
    assert "needs_previous" in {o.reason for o in alone.outcomes}
    assert "needs_previous" not in {o.reason for o in both.outcomes if o.submission == "今年"}


def test_quantity_is_part_of_the_library():
    quantity = fpcheck.quantity.parse("≥95%", name="发放率")
    assert (quantity.comparator, str(quantity.number), quantity.unit) == ("≥", "95", "%")
