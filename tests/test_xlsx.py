"""What Excel files hold, part by part: texts, numbers, addresses, namespaces, what is hidden, what is noticed."""

import pytest
from workbooks.raw import MAIN, OFFICE, STRICT, STRICT_OFFICE, packed, parts, sheet, workbook

from fpcheck.document import Unreadable
from fpcheck.intake.office.grid import Block
from fpcheck.intake.office.xlsx import read_xlsx

DATE = "yyyy-mm-dd"


def read(data):
    return read_xlsx(data, "表.xlsx")


def texts(rows, **given):
    """The texts of a sheet with these rows, by address."""
    (only,) = read(workbook(sheet(rows), **given)).sheets
    return {only.address(row, column): cell.text for row, column, cell in only}


def strings(*items):
    return f'<sst xmlns="{MAIN}">{"".join(f"<si>{item}</si>" for item in items)}</sst>'


RICH = (
    "<r><rPr><b/></rPr><t>自评</t></r><r><t xml:space='preserve'> 报告 </t></r><rPh sb='0' eb='2'><t>zi ping</t></rPh>"
)
CELLS = {
    "a shared text": ('<c t="s"><v>0</v></c>', "项目名称"),
    "a shared rich text without its reading": ('<c t="s"><v>1</v></c>', "自评 报告 "),
    "an escaped carriage return": ('<c t="s"><v>2</v></c>', "一\n二"),
    "an escaped underscore": ('<c t="s"><v>3</v></c>', "_x000D_"),
    "a pair of escaped halves": ('<c t="s"><v>4</v></c>', "𠮷"),
    "a text of its own": ('<c t="inlineStr"><is><t>甲&amp;乙</t></is></c>', "甲&乙"),
    "a rich text of its own": (f'<c t="inlineStr"><is>{RICH}</is></c>', "自评 报告 "),
    "a text that looks like a number": ('<c t="inlineStr"><is><t>007</t></is></c>', "007"),
    "a formula's text": ('<c t="str"><f>A2&amp;"个"</f><v>10个</v></c>', "10个"),
    "a formula's number": ("<c><f>1/3</f><v>0.33333333333333331</v></c>", "0.333333"),
    "true": ('<c t="b"><v>1</v></c>', "TRUE"),
    "false": ('<c t="b"><v>0</v></c>', "FALSE"),
    "a number": ("<c><v>57.69</v></c>", "57.69"),
    "a number said to be one": ('<c t="n"><v>57.69</v></c>', "57.69"),
    "a formatted number": ('<c s="1"><v>0.9258</v></c>', "92.58%"),
    "a formatted day": ('<c s="2"><v>45291</v></c>', "2023-12-31"),
    "a style that is not there": ('<c s="99"><v>45291</v></c>', "45291"),
    "a day stored as text": ('<c t="d"><v>2023-12-31T00:00:00</v></c>', "2023-12-31"),
    "a moment stored as text": ('<c t="d"><v>2023-12-31T08:30:00</v></c>', "2023-12-31 08:30:00"),
    "a text in a format that adds to it": ('<c s="3" t="s"><v>5</v></c>', "10个"),
}


@pytest.mark.parametrize("name", CELLS)
def test_a_cell_is_read(name):
    xml, text = CELLS[name]
    shared = strings(
        "<t>项目名称</t>", RICH, "<t>一_x000D_\n二</t>", "<t>_x005F_x000D_</t>", "<t>_xD842__xDFB7_</t>", "<t>10</t>"
    )
    codes = ["General", "0.00%", DATE, '@"个"']
    assert texts(f"<row>{xml}</row>", strings=shared, codes=codes) == {"A1": text}


@pytest.mark.parametrize("empty", ['<c s="1"/>', "<c><v/></c>", '<c t="str"><f>""</f><v></v></c>'])
def test_an_empty_cell_is_none(empty):
    assert texts(f"<row>{empty}</row>") == {}


def test_the_same_text_in_two_formats_is_two_cells():
    cells = '<c t="s"><v>0</v></c><c s="1" t="s"><v>0</v></c>'
    assert texts(f"<row>{cells}</row>", strings=strings("<t>10</t>"), codes=["General", '@"个"']) == {
        "A1": "10",
        "B1": "10个",
    }


@pytest.mark.parametrize(
    "xml",
    ["<c><f>A2+1</f></c>", "<c><f>A2+1</f><v/></c>", '<c t="str"><f>A2</f></c>', '<c><f t="shared" si="0"/></c>'],
)
def test_a_formula_without_a_result_is_doubted(xml):
    (only,) = read(workbook(sheet(f"<row>{xml}</row>"))).sheets
    assert only.at(0, 0).text == ""
    assert only.at(0, 0).doubt == "公式没有计算结果，请用 Excel 或 WPS 打开后保存一次"


def test_a_picture_in_a_cell_is_doubted():
    cell = '<c t="str"><f>_xlfn.DISPIMG("ID_1",1)</f><v>=DISPIMG("ID_1",1)</v></c>'
    (only,) = read(workbook(sheet(f"<row>{cell}</row>"))).sheets
    assert "图片" in only.at(0, 0).doubt


def test_cells_without_addresses_follow_one_another():
    rows = '<row><c><v>1</v></c><c/><c><v>2</v></c></row><row r="5"><c r="D5"><v>3</v></c><c><v>4</v></c></row>'
    assert texts(rows + "<row><c><v>5</v></c></row>") == {"A1": "1", "C1": "2", "D5": "3", "E5": "4", "A6": "5"}


def test_a_cell_far_away_has_its_address():
    assert texts('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>') == {"XFD1048576": "1"}


def test_prefixed_names_are_read():
    xml = (
        f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row><x:c><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    )
    assert read(workbook(xml)).sheets[0].at(0, 0).text == "1"


def test_a_cell_of_another_namespace_is_none():
    assert texts('<row><c xmlns="urn:other"><v>1</v></c><c><v>2</v></c></row>') == {"A1": "2"}


def test_strict_files_are_read():
    made = {
        name: content.replace(MAIN, STRICT).replace(OFFICE, STRICT_OFFICE)
        for name, content in parts(sheet('<row><c s="0"><v>45291</v></c></row>'), codes=[DATE]).items()
    }
    assert read(packed(made)).sheets[0].at(0, 0).text == "2023-12-31"


def test_names_of_parts_are_found_in_any_case_and_with_either_slash():
    made = {name.replace("worksheets/sheet1", "WorkSheets\\Sheet1"): c for name, c in parts(sheet("<row/>")).items()}
    assert read(packed(made)).sheets[0].name == "表"


def test_days_may_count_from_1904():
    made = parts(sheet('<row><c s="0"><v>43829</v></c></row>'), codes=[DATE])
    made["xl/workbook.xml"] = made["xl/workbook.xml"].replace("<sheets>", '<workbookPr date1904="1"/><sheets>')
    assert read(packed(made)).sheets[0].at(0, 0).text == "2023-12-31"


def test_a_merged_block_is_its_anchor():
    rows = '<row r="2"><c r="B2"><v>1</v></c><c r="C2"/></row>'
    merged = '<mergeCells><mergeCell ref="B2:D3"/><mergeCell ref="F1"/></mergeCells>'
    book = read(workbook(sheet(rows, after=merged)))
    (only,) = book.sheets
    assert only.merges == [Block(1, 1, 2, 3)]
    assert only.at(2, 3).text == "1"
    assert only.address(2, 3) == "B2"
    assert book.problems == []


def test_what_a_merged_block_covers_is_told():
    rows = '<row r="2"><c r="B2"><v>1</v></c><c r="C2"><v>2</v></c></row>'
    book = read(workbook(sheet(rows, after='<mergeCells><mergeCell ref="B2:D3"/></mergeCells>')))
    assert [str(problem) for problem in book.problems] == [
        "表.xlsx 工作表“表” 合并单元格遮住了 C2 的内容，没有读；请把它移到别处，或取消合并"
    ]
    assert list(book.sheets[0].cells) == [(1, 1)]


def test_hidden_rows_and_columns_are_known_and_told_where_they_hold_something():
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="2" hidden="1"><c r="C2"><v>2</v></c></row>'
    rows += '<row r="3" hidden="1"/>'
    book = read(workbook(sheet(rows, before='<cols><col min="2" max="3" hidden="1"/><col min="5" max="5"/></cols>')))
    (only,) = book.sheets
    assert (only.hidden_rows, only.hidden_columns) == ({1, 2}, {1, 2})
    assert [problem.message for problem in book.problems] == ["有隐藏的行写着内容：2", "有隐藏的列写着内容：C"]
    assert all(problem.remark and problem.where.sheet == "表" for problem in book.problems)


def test_sheets_that_hold_no_table_are_told_and_passed_over():
    listed = "".join(
        f'<sheet name="{name}" sheetId="{at}" state="{state}" r:id="rId{at + 2}"/>'
        for at, (name, state) in enumerate([("图", "visible"), ("旧", "hidden"), ("空", "hidden")], 1)
    )
    more = [("chartsheet", "chartsheets/sheet1.xml"), ("worksheet", "a.xml"), ("worksheet", "b.xml")]
    made = parts(sheet(), listed=f'<sheet name="表" sheetId="9" r:id="rId1"/>{listed}', more=more)
    book = read(packed(made | {"xl/a.xml": sheet("<row><c><v>1</v></c></row>"), "xl/b.xml": sheet()}))
    assert [(one.name, one.hidden) for one in book.sheets] == [("表", False), ("旧", True), ("空", True)]
    assert [(problem.where.sheet, problem.message) for problem in book.problems] == [
        ("图", "这是图表，没有读"),
        ("旧", "这张工作表是隐藏的"),
    ]


def test_a_file_is_read_by_its_path(tmp_path):
    path = tmp_path / "表.xlsx"
    path.write_bytes(workbook(sheet("<row><c><v>1</v></c></row>")))
    assert read_xlsx(path, "表.xlsx").sheets[0].at(0, 0).text == "1"
    with pytest.raises(Unreadable, match="没有这个文件"):
        read_xlsx(tmp_path / "无.xlsx", "无.xlsx")
