"""What is handed in, and how: links, repeats, damaged files, the year before. Nothing is dropped or counted twice."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from workbooks.raw import sheet, workbook

import fpcheck
from fpcheck.cli import app

FORM = "项目名称: 奖励经费\n实施单位: 甲街道办事处\n年度: 2023\n下达金额: 100万元\n支出金额: 100万元\n"


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "材料").mkdir()
    (tmp_path / "材料" / "a.yaml").write_text(FORM, encoding="utf-8")
    return tmp_path


def report(*arguments):
    said = CliRunner().invoke(app, ["check", *map(str, arguments), "--format", "json"])
    assert said.stdout, said.stderr
    return json.loads(said.stdout)


def test_a_file_named_twice_is_checked_once_and_told(here):
    found = report("材料/a.yaml", here / "材料" / "a.yaml", "材料")
    assert len(found["submissions"]) == 1
    assert sum("同一个文件" in problem["message"] for problem in found["problems"]) == 2


def test_a_link_to_a_file_is_the_file(here):
    (here / "材料" / "b.yaml").symlink_to(here / "材料" / "a.yaml")
    assert len(report("材料")["submissions"]) == 1


def test_linked_folders_are_searched_and_circles_end(here):
    (here / "另外").mkdir()
    (here / "另外" / "b.yaml").write_text(FORM.replace("甲", "乙"), encoding="utf-8")
    (here / "材料" / "链接").symlink_to(here / "另外")
    (here / "材料" / "回来").symlink_to(here / "材料")
    assert [head["unit"] for head in report("材料")["submissions"]] == ["甲街道办事处", "乙街道办事处"]


def test_names_do_not_depend_on_the_order_of_folders(here):
    (here / "另外").mkdir()
    (here / "另外" / "a.yaml").write_text(FORM.replace("甲", "乙"), encoding="utf-8")
    heads = [report(*order)["submissions"] for order in (("材料", "另外"), ("另外", "材料"))]
    assert heads[0] == heads[1]


@pytest.mark.parametrize("output", ["材料/a.yaml", "材料/../材料/a.yaml"])
def test_the_report_never_replaces_a_form_of_the_folder(here, output):
    before = (here / "材料" / "a.yaml").read_bytes()
    said = CliRunner().invoke(app, ["check", "材料", "-o", output])
    assert said.exit_code == 2
    assert (here / "材料" / "a.yaml").read_bytes() == before


@pytest.mark.parametrize(
    "damaged",
    [
        FORM.replace(": 奖", ":\u3000奖").encode(),
        FORM.encode().replace("励".encode(), b"\xff\xfe\xff"),
        FORM.encode().replace("励".encode(), b"\0"),
    ],
    ids=["full-width space", "broken bytes", "zero byte"],
)
def test_a_damaged_form_is_a_fault_not_a_stranger(here, damaged):
    (here / "材料" / "b.yaml").write_bytes(damaged)
    said = CliRunner().invoke(app, ["check", "材料", "--format", "json"])
    assert said.exit_code == 3
    assert "b.yaml" in json.dumps(json.loads(said.stdout)["problems"])
    assert "未识别" not in said.stdout


def test_a_folder_of_strangers_is_no_pass(here):
    (here / "材料" / "a.yaml").write_text("会议通知\n", encoding="utf-8")
    said = CliRunner().invoke(app, ["check", "材料"])
    assert said.exit_code == 3
    assert "未发现问题" not in said.stdout


def test_a_unit_that_handed_in_twice_is_told(here):
    (here / "材料" / "更正.yaml").write_text(FORM, encoding="utf-8")
    found = report("材料")
    assert [p for p in found["problems"] if "同一单位、同一项目、同一年度" in p["message"]]


def test_thousands_of_unknown_fields_are_bounded(here):
    extra = "".join(f"没有的字段{n}: 1\n" for n in range(20_000))
    (here / "材料" / "a.yaml").write_text(FORM + extra, encoding="utf-8")
    problems = report("材料")["problems"]
    assert len(problems) <= 505
    assert any("没有逐一列出" in problem["message"] for problem in problems)


NOW = {"实施单位": "甲街道办事处", "年度": 2023, "年度目标": "发放奖励", "项目名称": "奖励经费"}


def checked_with(rulebook, **before):
    earlier = {**NOW, "年度": 2022, "报送编号": "去年", **before}
    result = fpcheck.check_many([{**NOW, "报送编号": "今年", "项目编码": "X1"}, earlier], rulebook)
    return {said.reason for said in result.outcomes if said.submission == "今年"}


@pytest.mark.parametrize(
    ("before", "found"),
    [
        ({"项目编码": "X1", "项目名称": "改了名称的经费"}, True),
        ({"项目编码": "X2"}, False),
        ({}, True),
        ({"项目名称": "别的经费"}, False),
        ({"实施单位": "乙街道办事处"}, False),
    ],
    ids=["same code, new name", "other code, same name", "no code, same name", "other name", "other unit"],
)
def test_the_year_before_is_found_by_code_or_else_by_name(rulebook, before, found):
    assert ("needs_previous" not in checked_with(rulebook, **before)) is found


FULL = Path("/dev/full")


@pytest.mark.skipif(not FULL.exists(), reason="no such device here")
def test_a_full_disk_is_told(here):
    with FULL.open("w", encoding="utf-8") as full:
        command = [sys.executable, "-m", "fpcheck", "check", "材料"]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 3
    assert b"Traceback" not in done.stderr
    assert "写不出去".encode() in done.stderr


def test_a_machine_without_utf8_still_checks(here):
    settings = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    command = [sys.executable, "-m", "fpcheck", "check", "材料"]
    done = subprocess.run(command, capture_output=True, env=settings, check=False)
    assert b"Traceback" not in done.stderr, done.stderr.decode(errors="replace")
    assert done.returncode in (0, 1)


@pytest.mark.parametrize("broken", ["x-nobody", "gb2312"])
def test_a_file_in_a_strange_encoding_keeps_no_other_from_being_checked(here, broken):
    bad = workbook(f'<?xml version="1.0" encoding="{broken}"?>{sheet()}')
    (here / "材料" / "0.xlsx").write_bytes(bad)
    found = report("材料")
    assert len(found["submissions"]) == 1
    assert ["0.xlsx" in problem["source"] for problem in found["problems"]].count(True) == 1


@pytest.mark.parametrize("error", [KeyError("x"), RecursionError(), MemoryError(), ZeroDivisionError()])
def test_whatever_goes_wrong_in_one_file_the_others_are_checked(here, monkeypatch, error):
    def fail(*_):
        raise error

    monkeypatch.setattr("fpcheck.intake.office.any_file.workbook_of", fail)
    (here / "材料" / "0.xlsx").write_bytes(workbook(sheet()))
    said = CliRunner().invoke(app, ["check", "材料", "--format", "json"])
    assert said.exit_code == 3
    found = json.loads(said.stdout)
    assert len(found["submissions"]) == 1
    (problem,) = [one for one in found["problems"] if one["source"].endswith("0.xlsx")]
    assert type(error).__name__ in problem["message"]
    assert problem["hint"]


@pytest.mark.parametrize(
    "name, data", [("a.xls", bytes(range(128, 256)) * 9), ("a.xlsx", b"hello"), ("a.csv", b"x\xff\x80")]
)
def test_a_clerk_is_told_what_to_hand_in_not_how_texts_are_written(here, name, data):
    (here / name).write_bytes(data)
    (problem,) = report(name)["problems"]
    assert "Excel 或 Word" in problem["hint"]
    assert "YAML" not in problem["hint"]
    assert "字段" not in problem["hint"]
