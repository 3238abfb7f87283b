"""LibreOffice opens every written copy, prints it, and keeps its comments: `pytest -m office`."""

import io
import shutil
import subprocess

import docx
import pytest
from rich_workbook import packed, parts, unpacked
from test_form_copy import FORM, SHEET, colour, copied, listing, mark, read
from test_form_copy_word import MARKS as WORD_MARKS
from test_form_copy_word import copied as word_copied
from test_form_copy_word import form as word_form

from fpcheck.report.form_copy.fresh import list_workbook
from fpcheck.report.form_copy.marks import COLOURS, OUR_COLOURS, Entry

pytestmark = [
    pytest.mark.office,
    pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed"),
]
MARKS = (
    mark("G6", "一般", "严重"),
    mark("D3", "提示"),
    mark("B11", "重要"),
    mark("Z40", "提示"),
    mark("A2", "一般", sheet="附表"),
)
MORE = tuple(Entry("无法判断", "整张表", f"缺 第{n}个数，" * 12) for n in range(60))


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    """Each copy as LibreOffice saves it again, and as it prints it."""
    here = tmp_path_factory.mktemp("office")
    once = copied(packed(parts(FORM)), *MARKS, more=MORE)
    files = {
        "once.xlsx": once,
        "again.xlsx": copied(once, *MARKS, more=MORE),
        "macros.xlsm": copied(packed(parts(FORM, macros=True)), *MARKS),
        "list.xlsx": list_workbook(listing(MARKS, *MORE)),
        "word.docx": word_copied(word_form(), *WORD_MARKS),
        "word2.docx": word_copied(word_copied(word_form(), *WORD_MARKS), *WORD_MARKS),
    }
    for name, data in files.items():
        (here / name).write_bytes(data)
    for ending, chosen in (
        ("pdf", files),
        ("xlsx", [n for n in files if ".xls" in n]),
        ("docx", ["word.docx", "word2.docx"]),
    ):
        command = ["soffice", f"-env:UserInstallation=file://{here}/profile", "--headless", "--convert-to", ending]
        done = subprocess.run(
            [*command, "--outdir", here / ending, *(here / name for name in chosen)],
            capture_output=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    return here


def pages(path):
    said = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True)
    return said.stdout.split("\f")[:-1]


@pytest.mark.parametrize("name", ["once", "again", "macros", "list", "word", "word2"])
def test_it_is_printed(opened, name):
    printed = pages(opened / "pdf" / f"{name}.pdf")
    whole = "".join(printed)
    assert "问题清单" in whole
    assert "严重" in whole


@pytest.mark.parametrize("name", ["once", "again", "macros"])
def test_comments_and_fills_survive(opened, name):
    book = read((opened / "xlsx" / f"{name}.xlsx").read_bytes())
    said = {cell.coordinate: cell for row in book[SHEET].iter_rows() for cell in row if cell.comment}
    assert said.keys() == {"G6", "D3", "B11", "Z40"}
    assert said["D3"].comment.text.startswith("审核人：")
    assert said["D3"].comment.text.count("【提示】") == 1
    assert said["G6"].comment.text.startswith("【严重】")
    assert said["G6"].fill.fgColor.rgb == f"FF{COLOURS['严重']}"
    assert book["附表"]["A2"].comment.text.startswith("【一般】")


def test_the_list_is_one_page_wide_with_its_header_on_each_page(opened):
    printed = pages(opened / "pdf" / "list.pdf")
    assert len(printed) > 1
    for number, page in enumerate(printed, 1):
        assert "单位回复" in page
        assert f"第 {number} 页" in page


@pytest.mark.parametrize("name", ["word", "word2"])
def test_word_comments_survive(opened, name):
    said = docx.Document(io.BytesIO((opened / "docx" / f"{name}.docx").read_bytes())).comments
    assert sorted(comment.text[:4] for comment in said) == ["【严重】", "【提示】", "【重要】"]


@pytest.mark.parametrize("name", ["once", "again", "macros"])
def test_what_libreoffice_saved_is_taken_back_as_if_it_had_not(opened, name):
    before = read(packed(parts(FORM)))[SHEET]
    after = read(copied((opened / "xlsx" / f"{name}.xlsx").read_bytes()))
    assert after.sheetnames[:3] == read(packed(parts(FORM))).sheetnames
    assert len(after.sheetnames) == 4
    cells = [cell for row in after[SHEET].iter_rows() for cell in row]
    assert {cell.coordinate for cell in cells if cell.comment} == {"D3"}
    assert after[SHEET]["D3"].comment.text == before["D3"].comment.text
    assert not {colour(cell) for cell in cells} & OUR_COLOURS
    assert [colour(after[SHEET][one]) for one in ("G6", "D3", "B11")] == [
        colour(before[one]) for one in ("G6", "D3", "B11")
    ]


@pytest.mark.parametrize("name", ["word", "word2"])
def test_what_libreoffice_saved_of_a_word_file_is_taken_back_too(opened, name):
    again = word_copied((opened / "docx" / f"{name}.docx").read_bytes(), *WORD_MARKS[:1])
    document = unpacked(again)["word/document.xml"].decode()
    assert document.count("绩效填报检查 问题清单") == 1
    assert len(list(docx.Document(io.BytesIO(again)).comments)) == 1
    form = document.partition("绩效填报检查 问题清单")[0]
    assert {one for one in OUR_COLOURS if one in form} == {COLOURS["严重"]}
