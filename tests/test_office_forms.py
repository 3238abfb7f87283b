"""Forms as clerks hand them in, Excel, old Excel and Word, of every layout: read and checked from the file itself."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from drawn import FORMS, SAVED, save_docx, workbook_of
from test_forms import NAMES, leaves, truth

from fpcheck.cli import app
from fpcheck.intake import Forms, read_paths
from fpcheck.intake.printed.layouts import shipped_layouts
from fpcheck.record import State
from fpcheck.terms import shipped_glossary

READING = Forms(shipped_glossary(), shipped_layouts())


def sheets(name):
    return workbook_of((FORMS / name / "表.txt").read_text(encoding="utf-8")).sheets


def written(record):
    """A record as it was written, blank cells as None."""
    return {name: None if cell.state is State.BLANK else cell.origin.raw for name, cell in record.cells.items()}


def as_written(submission):
    found = {**written(submission.project), **{t: [written(r) for r in rows] for t, rows in submission.tables.items()}}
    return dict(leaves(found))


def plainly(one):
    """The truth without what is no field, blank marks as the blanks that they are."""
    marks = {*shipped_glossary().placeholders, "无", "暂无", "无。", "－"}
    found = {path: None if value in marks else value for path, value in leaves(one) if path != ("金额单位",)}
    return {path: stored(value) for path, value in found.items()}


def stored(value):
    """A number as it is stored: 12.50 and 12.5 are the same."""
    return re.sub(r"^(\d+\.\d*?)0+$", r"\1", value).removesuffix(".") if isinstance(value, str) else value


@pytest.mark.parametrize("kind", SAVED)
@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_read_whole(name, kind, tmp_path):
    SAVED[kind](sheets(name), tmp_path / f"表.{kind}")
    intake = read_paths([tmp_path / f"表.{kind}"], READING)
    got = [as_written(one) for one in intake.submissions]
    got = [{path: None if value in ("无", "暂无") else stored(value) for path, value in one.items()} for one in got]
    assert got == [plainly(one) for one in truth(name)]


def test_a_value_says_its_sheet_and_cell(tmp_path):
    for kind, sheet, cell in (("xlsx", "Sheet1", "G6"), ("xls", "Sheet1", "G6"), ("docx", "表1", "第6行第5格")):
        SAVED[kind](sheets("全国自评表"), tmp_path / f"表.{kind}")
        (submission,) = read_paths([tmp_path / f"表.{kind}"], READING).submissions
        origin = submission.project["全年执行数"].origin
        assert (origin.sheet, origin.cell, origin.label) == (sheet, cell, "全年执行数")


def test_a_form_over_several_tables_of_a_word_file_is_one(tmp_path):
    save_docx(sheets("全国自评表"), tmp_path / "表.docx", split=(4, 9, 11))
    (submission,) = read_paths([tmp_path / "表.docx"], READING).submissions
    assert as_written(submission) == plainly(truth("全国自评表")[0])
    assert submission.tables["指标"][0]["三级指标"].origin.sheet == "表4"


@pytest.mark.parametrize("between", ["续表", "2023年11月", "100", "项目支出绩效自评表（续）", "单位：万元"])
def test_a_paragraph_between_the_tables_of_a_form_is_no_value(tmp_path, between):
    (sheet,) = sheets("全国自评表")
    for column in (1, 5):
        del sheet.cells[10, column]  # the goals, last row of their table
    save_docx([sheet], tmp_path / "表.docx", split=(4, 9, 11, 14), between=between)
    (submission,) = read_paths([tmp_path / "表.docx"], READING).submissions
    expected = plainly(truth("全国自评表")[0])
    expected = {at: None if at[0] in ("年度目标", "实际完成情况") else value for at, value in expected.items()}
    assert as_written(submission) == expected


def fp(*arguments):
    said = CliRunner().invoke(app, list(map(str, arguments)))
    assert said.exception is None or isinstance(said.exception, SystemExit), repr(said.exception)
    return said


def test_a_finding_names_the_cell(tmp_path):
    SAVED["xlsx"](sheets("全国自评表"), tmp_path / "表.xlsx")
    said = json.loads(fp("check", tmp_path / "表.xlsx", "--format", "json").stdout)
    assert said["submissions"][0]["form"] == "自评表"
    places = {one["rule"]: (one["where"]["sheet"], one["where"]["cell"]) for one in said["findings"]}
    assert places["FP407"] == ("Sheet1", "F14")


def test_a_form_with_a_required_column_missing_is_never_clean(tmp_path):
    (sheet,) = sheets("全国自评表")
    cells = {place: cell for place, cell in sheet.cells.items() if cell.text != "实际完成值"}
    sheet.cells.clear()
    sheet.cells.update(cells)
    SAVED["xlsx"]([sheet], tmp_path / "表.xlsx")
    said = fp("check", tmp_path / "表.xlsx")
    assert said.exit_code == 3
    assert "没有找到“实际完成值”" in said.stdout
    assert "未发现问题" not in said.stdout
    assert "可报送" not in said.stdout


def test_a_folder_of_files_of_all_kinds(tmp_path):
    for kind, save in SAVED.items():
        save(sheets("全国自评表"), tmp_path / f"{kind}.{kind}")
    (tmp_path / "图.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (tmp_path / "坏.xlsx").write_bytes((tmp_path / "xlsx.xlsx").read_bytes()[:500])
    (tmp_path / "~$xlsx.xlsx").write_bytes(b"\0" * 100)
    said = fp("check", tmp_path, "--format", "json")
    found = json.loads(said.stdout)
    assert sorted(Path(one["source"]).name for one in found["submissions"]) == ["docx.docx", "xls.xls", "xlsx.xlsx"]
    told = {Path(one["source"]).name: one["message"] for one in found["problems"]}
    assert "未识别" in told["图.png"]
    assert "坏.xlsx" in told
    assert said.exit_code == 3
