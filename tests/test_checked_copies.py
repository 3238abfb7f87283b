"""`fpcheck check --format form`: what is written where, what is told, and what is never overwritten."""

import errno
import io
import json
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from rich_workbook import packed, parts, unpacked
from test_form_copy import FORM, colour, read
from test_form_copy_word import form as word_form

from fpcheck.cli import app
from fpcheck.finding import Checked, CheckResult, Fault, counted
from fpcheck.problem import Problem
from fpcheck.report.form_copy.contents import Contents, by_source
from fpcheck.report.form_copy.marks import COLOURS, UNREAD_COLOUR

CSV = "\n".join(line.replace("|", ",").replace("<", "").replace("^", "").replace("#", "") for line in FORM.splitlines())


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "表.xlsx").write_bytes(packed(parts(FORM)))
    return tmp_path


def check(*arguments):
    return CliRunner().invoke(app, ["check", *map(str, arguments), "--engine", "semantics"])


def copies(*arguments):
    return check(*arguments, "--format", "form")


def test_a_form_comes_back_with_its_problems_at_their_cells(here):
    said = copies("表.xlsx", "-o", "查后.xlsx")
    assert said.exit_code == 1
    assert said.stdout == ""
    assert "表.xlsx → 查后.xlsx：需修改" in said.stderr
    book = read((here / "查后.xlsx").read_bytes())
    commented = {cell.coordinate: cell for row in book["自评表"].iter_rows() for cell in row if cell.comment}
    assert commented.keys() >= {"D3", "F14"}
    assert commented["F14"].comment.text.startswith("【一般】")
    assert colour(commented["F14"]) == COLOURS["一般"]
    levels = [row[1] for row in book["问题清单"].iter_rows(values_only=True)]
    assert {"一般", "提示", "未检查", "说明"} <= set(levels)


def test_all_findings_stand_in_the_list_and_nothing_is_called_clean_that_was_not_looked_at(here):
    text = check("表.xlsx").stdout
    copies("表.xlsx", "-o", "查后.xlsx")
    rows = list(read((here / "查后.xlsx").read_bytes())["问题清单"].iter_rows(values_only=True))
    listed = {row[9] for row in rows if row[1] in COLOURS}
    assert listed == set(re.findall(r"【..】.*?（(FP\d+)", text))
    assert "未检查 2 项" in rows[1][0]


def test_a_mended_copy_comes_back_without_the_mark(here):
    copies("表.xlsx", "-o", "查后.xlsx")
    book = unpacked((here / "查后.xlsx").read_bytes())
    strings = book["xl/sharedStrings.xml"].replace("3420平方米</t>".encode(), "3610平方米</t>".encode())
    assert strings != book["xl/sharedStrings.xml"]
    (here / "改后.xlsx").write_bytes(packed({**book, "xl/sharedStrings.xml": strings}))
    copies("改后.xlsx", "-o", "再查.xlsx")
    cell = read((here / "再查.xlsx").read_bytes())["自评表"]["F14"]
    assert cell.comment is None
    assert colour(cell) is None


def test_our_own_list_is_passed_over_in_silence_when_a_copy_is_handed_in(here):
    before = json.loads(check("表.xlsx", "--format", "json").stdout)
    copies("表.xlsx", "-o", "查后.xlsx")
    after = json.loads(check("查后.xlsx", "--format", "json").stdout)
    assert [one["message"] for one in after["problems"]] == [one["message"] for one in before["problems"]]
    assert "问题清单" not in check("查后.xlsx").stdout
    assert "问题清单" not in CliRunner().invoke(app, ["form", "try", "查后.xlsx"]).output


def test_a_cell_that_was_not_read_is_marked_as_one(here):
    book = unpacked((here / "表.xlsx").read_bytes())
    sheet = book["xl/worksheets/sheet1.xml"]
    wrong = re.sub(rb'(<c r="G6" s="\d+")[^>]*>.*?</c>', rb'\1 t="e"><v>#DIV/0!</v></c>', sheet)
    assert wrong != sheet
    (here / "错.xlsx").write_bytes(packed({**book, "xl/worksheets/sheet1.xml": wrong}))
    assert copies("错.xlsx", "-o", "查后.xlsx").exit_code == 3
    cell = read((here / "查后.xlsx").read_bytes())["自评表"]["G6"]
    assert cell.comment.text.startswith("【没有读出】")
    assert "#DIV/0!" in cell.comment.text
    assert colour(cell) == UNREAD_COLOUR
    book = unpacked((here / "查后.xlsx").read_bytes())
    mended = book["xl/worksheets/sheet1.xml"].replace(b't="e"><v>#DIV/0!<', b"><v>3<")
    assert mended != book["xl/worksheets/sheet1.xml"]
    (here / "改好.xlsx").write_bytes(packed({**book, "xl/worksheets/sheet1.xml": mended}))
    copies("改好.xlsx", "-o", "再查.xlsx")
    cell = read((here / "再查.xlsx").read_bytes())["自评表"]["G6"]
    assert "【没有读出】" not in (cell.comment.text if cell.comment else "")
    assert colour(cell) != UNREAD_COLOUR


def test_a_list_beside_a_file_that_is_not_marked_speaks_of_no_marks(here):
    (here / "丁.csv").write_text(CSV, encoding="utf-8")
    copies("丁.csv", "-o", "丁.xlsx")
    heads = [row[0] for row in read((here / "丁.xlsx").read_bytes())["问题清单"].iter_rows(max_row=5, values_only=True)]
    assert not [head for head in heads if head and "有批注" in str(head)]
    assert [head for head in heads if head and "到原表里改" in str(head)]
    copies("表.xlsx", "-o", "查后.xlsx")
    assert any("有批注" in str(row[0]) for row in read((here / "查后.xlsx").read_bytes())["问题清单"].values)


def test_a_folder_gives_a_folder_of_copies(here):
    (here / "材料" / "下级").mkdir(parents=True)
    shutil.copy("表.xlsx", "材料/下级/甲.xlsx")
    shutil.copy("表.xlsx", "材料/乙.et")
    (here / "材料" / "丙.docx").write_bytes(word_form(FORM.replace("背街", "小街")))
    (here / "材料" / "丁.csv").write_text(CSV.replace("背街", "大街"), encoding="utf-8")
    (here / "材料" / "读不了.xlsx").write_bytes(b"PK\x03\x04")
    (here / "材料" / "说明.txt").write_text("不是表", encoding="utf-8")
    said = copies("材料", "-o", "查后")
    assert said.exit_code == 3
    assert "读不了.xlsx" in said.stderr
    found = {path.relative_to(here / "查后").as_posix() for path in (here / "查后").rglob("*") if path.is_file()}
    assert found == {"下级/甲.xlsx", "乙.xlsx", "丙.docx", "丁.csv.问题清单.xlsx"}
    listed = openpyxl.load_workbook(io.BytesIO((here / "查后" / "丁.csv.问题清单.xlsx").read_bytes()))
    assert listed.sheetnames == ["问题清单"]
    assert not [cell for row in listed["问题清单"].iter_rows() for cell in row if cell.hyperlink]
    assert any(" " in str(row[2]) and row[1] in COLOURS for row in listed["问题清单"].iter_rows(values_only=True))


def test_a_folder_with_one_form_gives_a_folder(here):
    (here / "材料").mkdir()
    shutil.copy("表.xlsx", "材料/甲.xlsx")
    copies("材料", "-o", "查后")
    assert (here / "查后" / "甲.xlsx").is_file()


def test_copies_of_one_name_do_not_meet(here):
    for folder in ("一", "二"):
        (here / folder).mkdir()
        shutil.copy("表.xlsx", f"{folder}/表.xlsx")
    copies("一", "二", "-o", "查后")
    assert sorted(path.name for path in (here / "查后").iterdir()) == ["表(2).xlsx", "表.xlsx"]


REFUSED = [
    (["表.xlsx"], "用 -o 写明"),
    (["-", "-o", "a.xlsx"], "标准输入没有原表"),
    (["表.xlsx", "-o", "表.xlsx"], "会盖掉要检查的材料"),
    (["表.xlsx", "-o", "./x/../表.xlsx", "--overwrite"], "会盖掉要检查的材料"),
    (["表.xlsx", "-o", "链接.xlsx", "--overwrite"], "会盖掉要检查的材料"),
    (["表.xlsx", "-o", "软链接.xlsx", "--overwrite"], "会盖掉要检查的材料"),
    (["表.xlsx", "-o", "有了.xlsx"], "已经有 有了.xlsx"),
    (["表.xlsx", "-o", "a.xls"], "扩展名要是 .xlsx，如 a.xlsx"),
    (["表.xlsx", "-o", "x"], "x 是文件夹"),
    (["x", "-o", "x"], "也当成材料"),
    (["x", "-o", "x/y"], "也当成材料"),
]


@pytest.mark.parametrize("arguments, why", REFUSED, ids=[" ".join(given) for given, _ in REFUSED])
def test_what_is_asked_wrongly_is_refused_and_nothing_is_written(here, arguments, why):
    (here / "x").mkdir()
    (here / "有了.xlsx").write_bytes(b"old")
    (here / "链接.xlsx").hardlink_to(here / "表.xlsx")
    (here / "软链接.xlsx").symlink_to(here / "表.xlsx")
    before = {path: path.read_bytes() for path in here.rglob("*") if path.is_file()}
    said = copies(*arguments)
    assert said.exit_code == 2
    assert why in said.stderr
    assert {path: path.read_bytes() for path in here.rglob("*") if path.is_file()} == before


def test_overwriting_has_to_be_asked_for(here):
    (here / "有了.xlsx").write_bytes(b"old")
    assert copies("表.xlsx", "-o", "有了.xlsx", "--overwrite").exit_code == 1
    assert read((here / "有了.xlsx").read_bytes())["问题清单"]


def test_a_copy_that_cannot_be_written_leaves_the_old_one_whole(here, monkeypatch):
    (here / "有了.xlsx").write_bytes(b"old")

    def full(*_):
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr("os.fsync", full)
    said = copies("表.xlsx", "-o", "有了.xlsx", "--overwrite")
    assert said.exit_code == 3
    assert "磁盘已满" in said.stderr
    assert (here / "有了.xlsx").read_bytes() == b"old"
    assert {path.name for path in here.iterdir()} == {"有了.xlsx", "表.xlsx"}


def test_a_report_is_never_written_over_a_form_by_another_of_its_names(here):
    (here / "链接.txt").hardlink_to(here / "表.xlsx")
    before = (here / "表.xlsx").read_bytes()
    assert "会盖掉要检查的材料" in check("表.xlsx", "-o", "链接.txt").stderr
    assert (here / "表.xlsx").read_bytes() == before


def test_a_link_to_a_report_stays_a_link(here):
    (here / "有了.txt").write_text("old", encoding="utf-8")
    (here / "有了.txt").chmod(0o640)
    (here / "链接.txt").symlink_to(here / "有了.txt")
    check("表.xlsx", "-o", "链接.txt")
    assert (here / "链接.txt").is_symlink()
    assert "自评表" in (here / "有了.txt").read_text(encoding="utf-8")
    assert (here / "有了.txt").stat().st_mode & 0o777 == 0o640


def test_macros_keep_their_ending(here):
    (here / "宏.xlsm").write_bytes(packed(parts(FORM, macros=True)))
    assert "扩展名要是 .xlsm" in copies("宏.xlsm", "-o", "a.xlsx").stderr
    assert copies("宏.xlsm", "-o", "a.xlsm").exit_code == 1


def test_a_signed_form_is_refused_with_the_reason(here):
    signed = {**parts(FORM), "_xmlsignatures/origin.sigs": b""}
    (here / "签.xlsx").write_bytes(packed(signed))
    said = copies("签.xlsx", "-o", "a.xlsx")
    assert said.exit_code == 3
    assert "数字签名" in said.stderr
    assert not (here / "a.xlsx").exists()


def test_several_forms_of_one_file_are_told_apart(here):
    book = openpyxl.Workbook()
    for name, text in (("甲", FORM), ("乙", FORM.replace("柳荫", "桂花"))):
        drawn = read(packed(parts(text)))["自评表"]
        sheet = book.create_sheet(name)
        for row in drawn.iter_rows():
            for cell in row:
                if cell.value is not None and not str(cell.value).startswith("="):
                    sheet.cell(cell.row, cell.column, cell.value)
        for block in drawn.merged_cells.ranges:
            sheet.merge_cells(str(block))
    book.save(here / "两份.xlsx")
    copies("两份.xlsx", "-o", "查后.xlsx")
    rows = list(read((here / "查后.xlsx").read_bytes())["问题清单"].iter_rows(values_only=True))
    assert [row[0].partition(" ")[0] for row in rows[1:3]] == ["柳荫街道办事处", "桂花街道办事处"]
    whole = [row[2] for row in rows if row[1] in COLOURS and str(row[2]).startswith("整张表")]
    assert {place.splitlines()[1].partition(" ")[0] for place in whole} == {"柳荫街道办事处", "桂花街道办事处"}
    assert {str(row[2]).split()[0] for row in rows if row[1] in COLOURS} >= {"甲", "乙"}


def test_a_form_is_not_called_clean_where_anything_was_not_read():
    head = Checked("a", "某单位", "项目", 2023, "自评表", "a.xlsx", "可报送", counted(()))
    clean = CheckResult("semantics", "0" * 64, None, None, (head,))
    heads = {
        "未发现问题": clean,
        "文件里另有 1 处没有读出": replace(clean, problems=(Problem("a.xlsx", "工作表读不了"),)),
        "没有读出 1 处": replace(clean, problems=(Problem("a.xlsx", "数读不了", owner="a"),)),
        "程序出错 1 处": replace(clean, errors=(Fault(None, "FP1", "durable", None, "坏了"),)),
    }
    for said, result in heads.items():
        listing = Contents(by_source(result)["a.xlsx"], {}).listing
        assert said in listing.heads[0]
        assert ("未发现问题" in listing.heads[0]) is (result is clean)
        assert len(listing.entries) == (result is not clean)


@pytest.mark.skipif(not Path("/dev/stdout").exists(), reason="no such device here")
def test_a_report_may_go_into_a_pipe(here):
    command = [sys.executable, "-m", "fpcheck", "check", "表.xlsx", "--engine", "semantics", "-o", "/dev/stdout"]
    assert "自评表".encode() in subprocess.run(command, capture_output=True, check=False).stdout
