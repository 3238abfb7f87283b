"""A corrected form handed in again: each finding is 已整改, 仍存在 or 新增; what is unsure is not called mended."""

import json

import pytest
import yaml
from click.testing import CliRunner

from fpcheck.cli import app

FORM = {
    "表种": "综合",
    "项目名称": "老旧小区改造",
    "实施单位": "柳荫街道办事处",
    "年度": 2023,
    "金额单位": "万元",
    "批复金额": 100,
    "到位金额": 100,
    "下达金额": 100,
    "支出金额": 90,
    "年度目标": "改造老旧小区3个，惠及居民1200户，居民满意度达到90%以上。",
    "制度": [{"制度名称": "老旧小区改造项目管理办法", "制度类型": "项目管理"}],
}
LOW, NO_SYSTEM = "FP201", "FP501"


@pytest.fixture
def again(tmp_path):
    """Check a form against its earlier version: statuses by rule, and what is told to people."""

    def run(before, now):
        for name, changes in (("旧.yaml", before), ("新.yaml", now)):
            (tmp_path / name).write_text(yaml.safe_dump(FORM | changes, allow_unicode=True), encoding="utf-8")
        arguments = ["check", str(tmp_path / "新.yaml"), "--previous", str(tmp_path / "旧.yaml")]
        said = json.loads(CliRunner().invoke(app, [*arguments, "--format", "json"]).stdout)
        items = [*said["findings"], *(said["resolved"] or ())]
        return {item["rule"]: item["status"] for item in items}, CliRunner().invoke(app, arguments).stdout, said

    return run


@pytest.mark.parametrize(
    ("before", "now", "statuses"),
    [
        ({}, {}, {LOW: "仍存在"}),
        ({}, {"支出金额": 99}, {LOW: "已整改"}),
        ({"支出金额": 99}, {}, {LOW: "新增"}),
        ({}, {"支出金额": None}, {LOW: "不能确认"}),
        ({}, {"支出金额": 99, "制度": []}, {LOW: "已整改", NO_SYSTEM: "新增"}),
        ({"制度": []}, {}, {LOW: "仍存在", NO_SYSTEM: "已整改"}),
    ],
)
def test_each_finding_has_its_status(again, before, now, statuses):
    told, text, _ = again(before, now)
    assert {rule: told.get(rule) for rule in statuses} == statuses
    assert None not in told.values()
    assert "与上次相比" in text


def test_last_years_form_is_no_earlier_version(again):
    told, text, said = again({"年度": 2022}, {})
    assert set(told.values()) == {None}
    assert said["resolved"] is None
    assert "与上次相比" not in text


def test_the_earlier_version_is_not_counted_as_a_second_form(again):
    _, text, said = again({}, {})
    assert len(said["submissions"]) == 1
    assert "两份都算在内" not in text


ROWS = [
    {"一级指标": "产出指标", "二级指标": "数量指标", "三级指标": "改造小区数", "指标值": "≥3个", "实际完成值": "2个"}
    | {"分值": 50, "得分": 50}
]


def test_an_emptied_cell_and_a_renamed_row_are_not_called_mended(again):
    form = {"表种": "综合", "指标": ROWS}
    emptied = [ROWS[0] | {"实际完成值": None}]
    renamed = [ROWS[0] | {"三级指标": "改造的小区", "实际完成值": "3个"}]
    mended = [ROWS[0] | {"实际完成值": "3个"}]
    before, _, _ = again(form, form)
    rule = next(rule for rule in before if rule.startswith("FP407"))
    for rows, status in ((emptied, "不能确认"), (renamed, "不能确认"), (mended, "已整改")):
        told, _, _ = again(form, {"表种": "综合", "指标": rows})
        assert told[rule] == status, (rows, told)


def test_a_form_that_matches_none_is_told(again):
    _, text, said = again({"实施单位": "另一个街道办事处"}, {})
    assert "没有对上要查的哪一份" in text
    assert said["resolved"] is None
