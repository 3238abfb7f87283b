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
