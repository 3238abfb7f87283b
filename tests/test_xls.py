"""Old Excel files: what xlrd finds in them arrives whole, and whatever it throws becomes a refusal."""

import datetime as dt
import io
import random
import struct
import subprocess

import pytest
import xlwt

from fpcheck.document import Unreadable
from fpcheck.intake.office import xls, xls_worker
from fpcheck.intake.office.grid import Block
from fpcheck.intake.office.xls import read_xls

FORMATS = [  # stored, format, shown
    (0.9258, "0.00%", "92.58%"),
    (0.95, "0%", "95%"),
    (57.69, "General", "57.69"),
    (530000, "#,##0", "530000"),
    (100.0, "General", "100"),
    (1e-5, "General", "0.00001"),
    ("95%", "@", "95%"),
    ("00123", "@", "00123"),
    ("一行\n二行", "General", "一行\n二行"),
    (True, "General", "TRUE"),
    (dt.date(2023, 12, 31), "yyyy-mm-dd", "2023-12-31"),
    (dt.datetime(2023, 12, 31, 8, 30), "yyyy/m/d h:mm", "2023-12-31 08:30"),  # noqa: DTZ001 - a spreadsheet knows no zone
]


def saved(book):
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def form(date_1904=False):
    """A form with something of everything."""
    book = xlwt.Workbook(encoding="utf-8")
    book.dates_1904 = date_1904
    sheet = book.add_sheet("自评表")
    for row, (value, code, _) in enumerate(FORMATS):
        sheet.write(row, 0, value, xlwt.easyxf(num_format_str=code))
    sheet.write_merge(20, 22, 1, 3, "合并")
    sheet.write(23, 1, None)
    sheet.write(24, 2, xlwt.Formula("1/0"))
    sheet.row(25).write(0, "藏行")
    sheet.row(25).hidden = True
    sheet.write(26, 9, "藏列")
    sheet.col(9).hidden = True
    other = book.add_sheet("参考")
    other.visibility = 1
    other.write(0, 0, "旧")
    deep = book.add_sheet("更深")
    deep.visibility = 2
    deep.write(0, 0, "旧")
    book.add_sheet("空").visibility = 1
    return saved(book)


@pytest.mark.parametrize("date_1904", [False, True])
def test_values_are_shown_as_in_excel(date_1904):
    sheet = read_xls(form(date_1904), "表.xls").sheets[0]
    assert [sheet.cells[row, 0].text for row in range(len(FORMATS))] == [shown for _, _, shown in FORMATS]
    assert [(cell.number, cell.percent) for cell in (sheet.cells[0, 0], sheet.cells[2, 0], sheet.cells[6, 0])] == [
        (True, True),
        (True, False),
        (False, False),
    ]


def test_blocks_and_what_is_hidden():
    workbook = read_xls(form(), "表.xls")
    sheet = workbook.sheets[0]
    assert (workbook.kind, [each.name for each in workbook.sheets]) == ("xls", ["自评表", "参考", "更深", "空"])
    assert [each.hidden for each in workbook.sheets] == [False, True, True, True]
    assert sheet.merges == [Block(20, 1, 22, 3)]
    assert (sheet.at(22, 3).text, sheet.address(22, 3)) == ("合并", "B21")
    assert (sheet.hidden_rows, sheet.hidden_columns) == ({25}, {9})
    assert [(problem.where.sheet, problem.message) for problem in workbook.problems] == [
        ("自评表", "有隐藏的行写着内容：26"),
        ("自评表", "有隐藏的列写着内容：J"),
        ("参考", "这张工作表是隐藏的"),
        ("更深", "这张工作表是深度隐藏的"),
    ]
    assert all(problem.remark and problem.hint for problem in workbook.problems)


def record(kind, data):
    return struct.pack("<HH", kind, len(data)) + data


def biff(cells, codepage=None, version=0x0500, extra=b""):
    """A workbook in the format of 1995, without the box around it: its texts are bytes of a code page."""
    first = record(0x0809, struct.pack("<HHHH", version, 5, 0, 0)) + extra
    first += record(0x42, struct.pack("<H", codepage)) if codepage else b""
    name = "表".encode("gbk")
    begun = len(first) + 4 + 7 + len(name) + 4
    first += record(0x85, struct.pack("<IBBB", begun, 0, 0, len(name)) + name) + record(0x0A, b"")
    rows = b"".join(record(kind, struct.pack("<HHH", *place, 0) + data) for place, kind, data in cells)
    return first + record(0x0809, struct.pack("<HHHH", version, 16, 0, 0)) + rows + record(0x0A, b"")


def label(text):
    data = text.encode("gbk")
    return 0x204, struct.pack("<H", len(data)) + data


NUMBER, ERROR = 0x203, 0x205


@pytest.mark.parametrize("codepage", [936, None])
def test_files_of_1995_are_read_in_chinese(codepage):
    cells = [((0, 0), *label("项目名称")), ((0, 1), *label("道路")), ((1, 1), NUMBER, struct.pack("<d", 57.69))]
    sheet = read_xls(biff(cells, codepage), "表.xls").sheets[0]
    assert (sheet.name, {place: cell.text for place, cell in sheet.cells.items()}) == (
        "表",
        {(0, 0): "项目名称", (0, 1): "道路", (1, 1): "57.69"},
    )


@pytest.mark.parametrize("code, shown", [(7, "#DIV/0!"), (15, "#VALUE!"), (23, "#REF!"), (99, "#?")])
def test_error_values_are_in_doubt(code, shown):
    sheet = read_xls(biff([((0, 0), ERROR, struct.pack("<BB", code, 1))]), "表.xls").sheets[0]
    assert sheet.cells[0, 0].text == shown
    assert shown in sheet.cells[0, 0].doubt


def test_a_password_is_told():
    with pytest.raises(Unreadable, match="设了打开密码"):
        read_xls(biff([], extra=record(0x2F, bytes(6))), "表.xls")


@pytest.mark.parametrize(
    "worker, said",
    [
        ("import time; time.sleep(60)", "没有读完"),
        ("import os; os.abort()", "内存"),
        ('print(\'{"error": "memory"}\')', "内存"),
        ('print(\'{"error": "large"}\')', "表太大"),
        ("print('no json')", "内存"),
    ],
)
def test_a_worker_that_hangs_or_dies_is_told(worker, said, tmp_path, monkeypatch):
    script = tmp_path / "worker.py"
    script.write_text(worker, encoding="utf-8")
    monkeypatch.setattr(xls, "SCRIPT", script)
    monkeypatch.setattr(xls, "SECONDS", 0.5)
    with pytest.raises(Unreadable, match=said):
        read_xls(b"", "表.xls")


def test_a_process_that_does_not_start_is_told(monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(13, "no")

    monkeypatch.setattr(subprocess, "run", refuse)
    with pytest.raises(Unreadable, match="没有权限"):
        read_xls(b"", "表.xls")


def test_more_than_a_form_holds_is_refused(monkeypatch):
    monkeypatch.setattr(xls_worker, "MOST_CELLS", 3)
    assert xls_worker.read(form()) == {"error": "large"}
    monkeypatch.undo()
    monkeypatch.setattr(xls_worker, "MOST_CHARACTERS", 3)
    assert xls_worker.read(form()) == {"error": "large"}


def test_memory_is_limited():
    """A worker that asks for more than its share says so itself."""
    code = (
        f"import sys; sys.path.insert(0, {str(xls.SCRIPT.parent)!r}); import xls_worker as w; w.limit_memory();"
        "w.opened = lambda data: bytearray(2 << 30); print(w.read(b''))"
    )
    done = subprocess.run([xls.sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "{'error': 'memory'}"


def merged(cells, top, bottom, left, right):
    merge = record(0xE5, struct.pack("<HHHHH", 1, top, bottom, left, right))
    return biff(cells).removesuffix(record(0x0A, b"")) + merge + record(0x0A, b"")


def test_a_far_cell_and_a_merge_over_everything_cost_nothing():
    cells = [((0, 0), *label("小")), ((1, 0), *label("大")), ((16383, 255), *label("远"))]
    sheet = read_xls(merged(cells, 1, 16383, 0, 254), "表.xls").sheets[0]
    assert (sheet.at(16000, 200).text, sheet.at(0, 0).text, sheet.address(16383, 255)) == ("大", "小", "IV16384")


def test_what_a_merge_covers_is_told():
    workbook = read_xls(merged([((0, 0), *label("上")), ((0, 1), *label("下"))], 0, 0, 0, 1), "表.xls")
    assert {place: cell.text for place, cell in workbook.sheets[0].cells.items()} == {(0, 0): "上"}
    assert "遮住了 B1 的内容" in str(workbook.problems[0])


def test_damaged_files_are_refused_or_read():
    """In this process, as the worker reads them; only its time is not limited here."""
    sound = form()
    rng = random.Random(11)
    seen = set()
    for turn in range(250):
        if turn % 3:
            spoilt = bytearray(sound)
            for _ in range(rng.randrange(1, 12)):
                spoilt[rng.randrange(len(spoilt))] = rng.randrange(256)
            given = bytes(spoilt)
        else:
            given = sound[: rng.randrange(len(sound))]
        answer = xls_worker.read(given)
        seen.add(answer.get("error", "read"))
        if "error" not in answer:
            for sheet in answer["sheets"]:
                xls._sheet(sheet, answer["codes"], date_1904=answer["date_1904"])
    assert {"broken", "read"} <= seen <= {"broken", "read", "encrypted", "large"}


@pytest.mark.parametrize("cut", [0, 1, 8, 511, 512, 600, 2000])
def test_a_file_cut_off_is_told(cut):
    with pytest.raises(Unreadable, match="损坏"):
        read_xls(form()[:cut], "表.xls")
