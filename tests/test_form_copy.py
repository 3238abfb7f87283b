"""Checked copies: the clerk's own workbook with marks; whatever is not concerned stays byte for byte."""

import io
import random
import re
import warnings
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from rich_workbook import MAIN, packed, parts, unpacked

from fpcheck.document import Unreadable
from fpcheck.intake.office.xlsx import read_xlsx
from fpcheck.report.form_copy.list_sheet import REPLY, TITLE
from fpcheck.report.form_copy.marks import AUTHOR, COLOURS, Entry, Listing, Mark, Note
from fpcheck.report.form_copy.xlsx import marked_xlsx

FORM = (Path(__file__).parent / "forms" / "全国自评表" / "表.txt").read_text(encoding="utf-8")
SHEET, OTHER, PREFIXED = "自评表", "填表'说明&", "附表"
TOUCHED = {
    *("[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"),
    *("xl/worksheets/sheet1.xml", "xl/comments1.xml", "xl/drawings/vmlDrawing1.vml"),
}
ADDED = {"xl/worksheets/sheet4.xml"}
RELATIONSHIPS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


def note(severity, title="有误", *lines):
    return Note(severity, title, lines or ("问题：不对。",))


def mark(cell, *severities, sheet=SHEET):
    return Mark(sheet, cell, tuple(note(severity) for severity in severities))


def listing(marks, *more):
    entries = [
        Entry(
            one.severity, f"{m.sheet} {m.cell}", one.text, "110.2万元", "《办法》", "改", "建议", "FP1", m.sheet, m.cell
        )
        for m in marks
        for one in m.by_gravity
    ]
    return Listing(("某单位：需修改",), (*entries, *more))


def copied(data, *marks, more=()):
    return marked_xlsx(data, "表.xlsx", marks, listing(marks, *more))


def read(data):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(io.BytesIO(data))


def colour(cell):
    return cell.fill.fgColor.rgb[2:] if cell.fill.patternType else None


@pytest.fixture(scope="module")
def whole():
    return parts(FORM)


@pytest.fixture(scope="module")
def data(whole):
    return packed(whole, stored=("xl/media/image1.png",))


MARKS = (mark("G6", "一般", "严重"), mark("D3", "提示"), mark("B11", "重要"), mark("F14", "一般"))


def test_every_other_part_is_the_same_byte_for_byte(whole, data):
    after = unpacked(copied(data, *MARKS))
    assert {name for name in after if after[name] != whole.get(name)} == TOUCHED | ADDED
    assert not whole.keys() - after.keys()


def test_parts_stay_in_their_order_and_packed_as_they_were(data):
    def seen(content):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return {
                one.filename: (one.compress_type, one.CRC, one.compress_size, one.date_time)
                for one in archive.infolist()
            }

    before, after = seen(data), seen(copied(data, *MARKS))
    assert list(after)[: len(before)] == list(before)
    assert {name for name in before if before[name] != after[name]} == TOUCHED


def test_the_same_input_gives_the_same_bytes(data):
    assert copied(data, *MARKS) == copied(data, *MARKS)


def test_the_sheet_differs_only_in_the_format_of_the_marked_cells(whole, data):
    after = unpacked(copied(data, *MARKS))["xl/worksheets/sheet1.xml"]
    before = whole["xl/worksheets/sheet1.xml"]
    cells = re.compile(rb'<c r="(G6|D3|B11|F14)" s="\d+"')
    assert cells.sub(rb"<c \1", after) == cells.sub(rb"<c \1", before)
    assert len(cells.findall(after)) == 4


def test_the_looks_that_were_there_keep_their_numbers(whole, data):
    after, before = unpacked(copied(data, *MARKS))["xl/styles.xml"], whole["xl/styles.xml"]
    for table in (b"fonts", b"fills", b"borders", b"cellXfs"):
        old = re.search(rb"<%s count=\"\d+\">(.*?)</%s>" % (table, table), before, re.DOTALL)[1]
        count, new = re.search(rb"<%s count=\"(\d+)\">(.*?)</%s>" % (table, table), after, re.DOTALL).groups()
        assert new.startswith(old)
        root = ET.fromstring(b"<r>%s</r>" % new)
        assert len(list(root)) == int(count)


def test_cells_keep_all_of_their_look_but_the_fill(data):
    before, after = read(data)[SHEET], read(copied(data, *MARKS))[SHEET]
    for one in MARKS:
        old, new = before[one.cell], after[one.cell]
        assert colour(new) == COLOURS[one.severity]
        for look in ("font", "border", "alignment", "number_format", "protection", "value"):
            assert repr(getattr(new, look)) == repr(getattr(old, look)), (one.cell, look)


def test_several_findings_at_a_cell_are_one_comment_the_gravest_first(data):
    said = read(copied(data, mark("G6", "一般", "严重", "提示")))[SHEET]["G6"].comment
    assert [line[:4] for line in said.text.splitlines() if line.startswith("【")] == [
        "【严重】",
        "【一般】",
        "【提示】",
    ]
    assert said.author == AUTHOR


def test_an_existing_comment_is_kept_and_continued(data):
    said = read(copied(data, *MARKS))[SHEET]["D3"].comment
    assert said.text.startswith("审核人：请核对名称 \n")
    assert "【提示】有误" in said.text
    assert said.author == "审核人"


def test_the_box_of_a_continued_comment_grows_and_the_others_stay(whole, data):
    before, after = whole["xl/drawings/vmlDrawing1.vml"], unpacked(copied(data, *MARKS))["xl/drawings/vmlDrawing1.vml"]
    assert b"<br>" in after, "VML of old programs is no sound XML"
    assert b"5, 15, 2, 2, 7, 20, 5, 14" in before
    bottom = re.search(rb"<x:Anchor>5, 15, 2, 2, 7, 20, (\d+), 14<", after)
    assert int(bottom[1]) > 5
    assert after.count(b'ObjectType="Note"') == len(MARKS)
    numbers = re.findall(rb'id="_x0000_s(\d+)"', after)
    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize(
    "sheet, cell, part, row, look",
    [
        (SHEET, "K3", "sheet1", b'<c r="K3" s="', None),  # behind the last cell of a row
        (SHEET, "Z40", "sheet1", b'<row r="40"><c r="Z40" s="', None),  # below the last row
        (
            OTHER,
            "B3",
            "sheet2",
            b'<sheetData><row r="3"><c r="B3" s="',
            "E2EFDA",
        ),  # in an empty sheet, its column filled
        (PREFIXED, "A2", "sheet3", b'<x:c r="A2" s="', None),  # before the first cell, names with a prefix
        (PREFIXED, "C1", "sheet3", b'<x:row r="1"><x:c r="C1" s="', None),  # above the first row
    ],
)
def test_cells_that_are_not_there_are_made_in_their_place(data, sheet, cell, part, row, look):
    after = copied(data, mark(cell, "重要", sheet=sheet))
    written = unpacked(after)[f"xl/worksheets/{part}.xml"]
    assert row in written
    assert ET.fromstring(written) is not None
    workbook = read(after)
    assert colour(workbook[sheet][cell]) == COLOURS["重要"]
    assert workbook[sheet][cell].comment.text.startswith("【重要】")
    again = copied(after)  # its former look comes back
    assert colour(read(again)[sheet][cell]) == look


def test_rows_and_cells_are_in_order_whatever_the_order_of_marks(data):
    marks = [mark(cell, "一般", sheet=OTHER) for cell in ("C9", "A2", "B9", "A10", "AA2", "B2")]
    root = ET.fromstring(unpacked(copied(data, *marks))["xl/worksheets/sheet2.xml"])
    found = [(int(re.sub(r"\D", "", c.get("r"))), c.get("r")) for c in root.iter(f"{{{MAIN}}}c")]
    assert [name for _, name in found] == ["A2", "B2", "AA2", "B9", "C9", "A10"]


def test_drawings_are_linked_at_their_place_in_the_schema(data):
    after = unpacked(copied(data, mark("B3", "重要", sheet=OTHER)))
    root = ET.fromstring(after["xl/worksheets/sheet2.xml"])
    assert [child.tag.rpartition("}")[2] for child in root] == ["cols", "sheetData", "legacyDrawing"]
    link = root[-1].get(f"{RELATIONSHIPS}id")
    assert f'Id="{link}"'.encode() in after["xl/worksheets/_rels/sheet2.xml.rels"]
    assert b'Extension="vml"' in after["[Content_Types].xml"]


HOSTILE = (
    "=cmd|'/C calc'!A0",
    "+1",
    "-1",
    "@x",
    "\t=1",
    "a\0b\x0bc\x1f",
    "<c>&\"'",
    "_x0041_",
    "\ud800",
    "长" * 40_000,
)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_what_a_user_wrote_is_text_and_nothing_else(data, text):
    said = Mark(SHEET, "G6", (Note("严重", text, (text,)),))
    entry = Entry("严重", text, text, text, text, text, text, text, SHEET, "G6")
    after = marked_xlsx(data, "表.xlsx", [said], Listing((text,), (entry,)))
    for name, content in unpacked(after).items():
        if name.endswith((".xml", ".rels")):
            ET.fromstring(content)
    sheet = read(after)["问题清单"]
    decoded = lambda value: value.replace("_x005F_", "_") if isinstance(value, str) else value  # noqa: E731 - openpyxl leaves it
    values = [decoded(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert all(cell.data_type in "sn" for row in sheet.iter_rows() for cell in row)
    assert all(len(value) <= 32_767 for value in values if isinstance(value, str))
    if text[:1] in "=+-@\t":
        assert sheet["D4"].quotePrefix
    clean = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800]", "", text)[:1000]
    assert any(isinstance(value, str) and value.startswith(clean) for value in values)


def test_the_list_leads_to_the_cells_and_is_ready_to_print(data):
    marks = (*MARKS, mark("B3", "重要", sheet=OTHER))
    more = (Entry("无法判断", "整张表", "缺 批复金额"),)
    book = read(copied(data, *marks, more=more))
    sheet = book["问题清单"]
    assert book.sheetnames == [SHEET, OTHER, PREFIXED, "问题清单"]
    header = [cell.value for cell in sheet[3]]
    assert header[:10] == ["序号", "级别", "位置", "问题", "涉及数字", "依据", "整改", "建议", REPLY, "规则"]
    rows = list(sheet.iter_rows(min_row=4))
    assert [row[0].value for row in rows] == list(range(1, 8))
    links = {row[2].hyperlink.location for row in rows if row[2].hyperlink}
    assert "'填表''说明&'!B3" in links
    assert rows[-1][1].value == "无法判断"
    assert rows[-1][2].hyperlink is None
    assert sheet.freeze_panes == "A4"
    assert sheet.auto_filter.ref == "A3:J10"
    assert sheet.print_title_rows == "$3:$3"
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (
        "landscape",
        1,
        0,
    )
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert "&P" in sheet.oddFooter.center.text
    assert rows[0][3].alignment.wrap_text


def test_the_names_and_the_protection_of_the_workbook_stay(whole, data):
    before, after = whole["xl/workbook.xml"], unpacked(copied(data, *MARKS))["xl/workbook.xml"]
    assert (
        re.sub(rb"<sheet name=\"\xe9\x97\xae[^>]*>|<definedName [^>]*localSheetId=\"3\".*?</definedName>", b"", after)
        == before
    )
    assert b'sheetId="8"' in after


def test_a_sheet_that_is_called_like_the_list_is_left_alone(whole):
    taken = {**whole, "xl/workbook.xml": whole["xl/workbook.xml"].replace("附表".encode(), "问题清单".encode())}
    after = copied(packed(taken), *MARKS)
    assert read(after).sheetnames == [SHEET, OTHER, "问题清单", "问题清单(2)"]
    assert unpacked(after)["xl/worksheets/sheet3.xml"] == whole["xl/worksheets/sheet3.xml"]


def test_a_second_run_on_the_copy_replaces_what_the_first_wrote(data):
    once = copied(data, *MARKS)
    twice = copied(once, *MARKS)
    book = read(twice)
    assert book.sheetnames[-1:] == ["问题清单"]
    assert len(book.sheetnames) == 4
    for one in MARKS:
        assert book[SHEET][one.cell].comment.text == read(once)[SHEET][one.cell].comment.text
        assert colour(book[SHEET][one.cell]) == COLOURS[one.severity]
    assert unpacked(twice)["xl/drawings/vmlDrawing1.vml"].count(b'ObjectType="Note"') == len(MARKS)


def test_a_mended_cell_loses_its_comment_and_gets_its_look_back(data):
    before, after = read(data)[SHEET], read(copied(copied(data, *MARKS), MARKS[3]))[SHEET]
    for one in MARKS[:3]:
        assert colour(after[one.cell]) == colour(before[one.cell]), one.cell
    assert after["G6"].comment is None
    assert after["D3"].comment.text == before["D3"].comment.text
    assert colour(after["F14"]) == COLOURS["一般"]


def test_what_others_drew_over_a_mark_is_theirs(data):
    once = unpacked(copied(data, *MARKS))
    green = once["xl/styles.xml"].replace(f"FF{COLOURS['严重']}".encode(), b"FF00FF00")
    again = copied(packed({**once, "xl/styles.xml": green}))
    assert colour(read(again)[SHEET]["G6"]) == "00FF00"


def test_a_list_with_a_reply_is_kept(data):
    once = copied(data, *MARKS)
    book = unpacked(once)
    reply = b'<c r="I4" t="inlineStr" s="0"><is><t>\xe5\xb7\xb2\xe6\x94\xb9</t></is></c>'
    listed = re.sub(rb'<c r="I4"[^>]*/>', reply, book["xl/worksheets/sheet4.xml"])
    assert listed != book["xl/worksheets/sheet4.xml"]
    again = copied(packed({**book, "xl/worksheets/sheet4.xml": listed}), *MARKS)
    assert read(again).sheetnames[-2:] == ["问题清单", "问题清单(2)"]
    assert unpacked(again)["xl/worksheets/sheet4.xml"] == listed
    assert read(copied(again, *MARKS)).sheetnames[-2:] == ["问题清单", "问题清单(2)"]


def moved(book, change):
    """A copy as a clerk's program leaves it, part by part."""
    return packed({name: change(name, part) for name, part in book.items()})


def row_inserted(name, part, at=12):
    """A row more above a row: cells, merged blocks, comments and their boxes move down."""

    def down(found):
        return found[1] + str(int(found[2]) + (int(found[2]) >= at)).encode()

    if name == "xl/worksheets/sheet1.xml":
        for place in (
            rb'(<row r=")(\d+)',
            rb'(<c r="[A-Z]+)(\d+)',
            rb'(mergeCell ref="[A-Z]+)(\d+)',
            rb"(:[A-Z]+)(\d+)",
        ):
            part = re.sub(place, down, part)
    if "comments" in name:
        part = re.sub(rb'(<comment ref="[A-Z]+)(\d+)', down, part)
    if name.endswith(".vml"):
        part = re.sub(
            rb"(<x:Row>)(\d+)", lambda row: row[1] + str(int(row[2]) + (int(row[2]) + 1 >= at)).encode(), part
        )
    return part


def without_our_comments(name, part):
    if "comments" not in name:
        return part
    number = re.findall(rb"<author>(.*?)</author>", part).index(AUTHOR.encode())
    return re.sub(rb'<comment ref="\w+" authorId="%d">.*?</comment>' % number, b"", part, flags=re.DOTALL)


def without_list(name, part):
    if name == "xl/workbook.xml":
        return re.sub(
            "<sheet name=\"问题清单\"[^>]*/>|<definedName [^>]*>'问题清单'!.*?</definedName>".encode(), b"", part
        )
    return part


MOVES = {
    "保存": lambda _, part: part,
    "插入了一行": row_inserted,
    "清单改了名": lambda name, part: part.replace("问题清单".encode(), "已看".encode()) if "workbook" in name else part,
    "表改了名": lambda name, part: part.replace("自评表".encode(), "2023表".encode()) if "workbook" in name else part,
    "清单删了": without_list,
    "批注删了": without_our_comments,
    "批注作者没了": lambda name, part: part.replace(AUTHOR.encode() + b"</author>", b" </author>"),
}


@pytest.mark.parametrize("move", MOVES)
def test_what_is_mended_gets_its_look_back_wherever_it_has_moved(data, move):
    before = read(data)[SHEET]
    once = packed(unpacked(moved(unpacked(copied(data, *MARKS)), MOVES[move])))
    name = read(once).sheetnames[0]
    sheet = read(copied(once))[name]
    for row in before.iter_rows():
        for cell in row:
            down = move == "插入了一行" and cell.row >= 12
            assert colour(sheet.cell(cell.row + down, cell.column)) == colour(cell), cell.coordinate
    said = {cell.coordinate for row in sheet.iter_rows() for cell in row if cell.comment}
    assert said == {"D3"}
    assert sheet["D3"].comment.text == before["D3"].comment.text
    again = read(copied(once, Mark(name, "G6", (note("一般"),))))[name]
    assert again["G6"].comment.text.count("【") == 1


def test_a_continued_comment_is_as_it_was_where_a_program_cut_it_at_its_lines(data):
    def cut(name, part):
        return part.replace(">\n—— ".encode(), ">\n</t></r><r><t>—— ".encode()) if "comments" in name else part

    once = unpacked(copied(data, *MARKS))
    after = copied(moved(once, cut))
    assert moved(once, cut) != packed(once)
    assert read(after)[SHEET]["D3"].comment.text == read(data)[SHEET]["D3"].comment.text


def test_a_row_made_like_a_marked_one_gets_the_look_it_would_have_had(data):
    book = unpacked(copied(data, *MARKS))
    part = "xl/worksheets/sheet1.xml"
    style = re.search(rb'<c r="F14" s="(\d+)"', book[part])[1]
    row = b'<row r="30" s="%s" customFormat="1"><c r="F30" s="%s"/></row></sheetData>' % (style, style)
    sheet = read(copied(packed({**book, part: book[part].replace(b"</sheetData>", row)})))[SHEET]
    assert colour(sheet["F30"]) == colour(read(data)[SHEET]["F14"])


def test_a_mended_cell_has_its_very_format_again(whole, data):
    part = "xl/worksheets/sheet1.xml"
    after = unpacked(copied(copied(data, *MARKS)))[part]
    assert after == whole[part]


def test_a_named_style_comes_back_too(whole):
    named = b'<cellStyles count="2"><cellStyle name="\xe5\xa5\xbd" xfId="1"/>'
    styles = whole["xl/styles.xml"]
    assert b"<cellStyles" in styles
    assert b"<cellStyleXfs" in styles
    styles = re.sub(rb"<cellStyles[^>]*>", named, styles)
    styles = re.sub(
        rb"</cellStyleXfs>", b'<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>', styles
    )
    table = re.search(rb"<cellXfs.*</cellXfs>", styles, re.DOTALL)[0]
    styles = styles.replace(table, table.replace(b'xfId="0"', b'xfId="1"'))
    given = packed({**whole, "xl/styles.xml": styles})
    assert read(given)[SHEET]["F14"].style == "好"
    once = copied(given, *MARKS)
    assert read(once)[SHEET]["F14"].style.startswith(AUTHOR)
    assert read(copied(once))[SHEET]["F14"].style == "好"


def test_looks_do_not_grow_from_check_to_check(data):
    once = copied(data, *MARKS)
    size = len(unpacked(once)["xl/styles.xml"])
    sizes = {size}
    for _ in range(3):
        once = copied(copied(once, *MARKS[:2]), *MARKS)
        sizes.add(len(unpacked(once)["xl/styles.xml"]))
    assert sizes == {size}


def test_memories_do_not_grow_where_a_program_writes_formats_its_own_way(data):
    def own_way(name, part):
        table = re.search(rb"<cellStyleXfs.*?</cellStyleXfs>", part, re.DOTALL)
        return part.replace(table[0], re.sub(rb'borderId="\d+"', b'borderId="0"', table[0])) if table else part

    once = copied(data, *MARKS)
    count = unpacked(once)["xl/styles.xml"].count(b"<cellStyle ")
    for _ in range(3):
        once = copied(moved(unpacked(once), own_way), *MARKS)
    assert unpacked(once)["xl/styles.xml"].count(b"<cellStyle ") == count


def test_a_shade_of_which_a_program_forgot_the_former_look_is_taken_away(data):
    book = unpacked(copied(data, *MARKS))
    styles = re.sub(rb'<cellStyle name="' + AUTHOR.encode() + rb"[^>]*/>", b"", book["xl/styles.xml"])
    assert styles != book["xl/styles.xml"]
    sheet = read(copied(packed({**book, "xl/styles.xml": styles})))[SHEET]
    assert [colour(sheet[one.cell]) for one in MARKS] == [None] * 4


@pytest.mark.parametrize("number", ["999", "-5", "x", ""])
def test_a_forged_memory_is_refused_or_gives_a_sound_file(data, number):
    book = unpacked(copied(data, *MARKS))
    forged = rb'(<cellStyle name="' + AUTHOR.encode() + rb'[^>]*xfId=")\d+'
    styles = re.sub(forged, rb"\g<1>" + number.encode(), book["xl/styles.xml"])
    assert styles != book["xl/styles.xml"]
    try:
        after = unpacked(copied(packed({**book, "xl/styles.xml": styles})))
    except Unreadable:
        return
    look = int(re.search(rb'<c r="G6" s="(\d+)"', after["xl/worksheets/sheet1.xml"])[1])
    table = ET.fromstring(re.search(rb"<cellXfs.*</cellXfs>", after["xl/styles.xml"], re.DOTALL)[0])
    assert table[look].get("fillId") == "0"


def test_a_list_is_replaced_by_whatever_name_it_goes(data):
    once = moved(unpacked(copied(data, *MARKS)), MOVES["清单改了名"])
    strings = unpacked(once)
    listed = strings["xl/worksheets/sheet4.xml"]
    title = re.search(rb'<c r="A1" s="(\d+)" t="inlineStr"><is><t [^>]*>.*?</t></is></c>', listed)
    texts = strings["xl/sharedStrings.xml"]
    number = texts.count(b"<si>")
    strings["xl/worksheets/sheet4.xml"] = listed.replace(
        title[0], b'<c r="A1" s="%s" t="s"><v>%d</v></c>' % (title[1], number)
    )
    strings["xl/sharedStrings.xml"] = texts.replace(b"</sst>", f"<si><t>{TITLE}</t></si></sst>".encode())
    assert read(copied(packed(strings), *MARKS)).sheetnames == [SHEET, OTHER, PREFIXED, "已看"]


def test_threads_of_comments_stay(whole):
    space = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
    thread = (
        f'<ThreadedComments xmlns="{space}"><threadedComment ref="D3" id="{{1}}"><text>核对</text></threadedComment>'
    )
    rels = "xl/worksheets/_rels/sheet1.xml.rels"
    kind = "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"
    relation = (
        f'<Relationship Id="rId9" Type="{kind}" Target="../threadedComments/threadedComment1.xml"/></Relationships>'
    )
    threaded = {
        **whole,
        rels: whole[rels].replace(b"</Relationships>", relation.encode()),
        "xl/comments1.xml": whole["xl/comments1.xml"].replace("<author>审核人".encode(), b"<author>tc={1}"),
        "xl/threadedComments/threadedComment1.xml": f"{thread}</ThreadedComments>".encode(),
    }
    after = unpacked(copied(packed(threaded), *MARKS))
    assert {name for name in after if after[name] != threaded.get(name)} == TOUCHED | ADDED
    assert b"<author>tc={1}</author>" in after["xl/comments1.xml"]


def test_macros_stay_and_a_signature_refuses(whole):
    macros = parts(FORM, macros=True)
    assert unpacked(copied(packed(macros), *MARKS))["xl/vbaProject.bin"] == macros["xl/vbaProject.bin"]
    with pytest.raises(Unreadable, match="数字签名"):
        copied(packed({**whole, "_xmlsignatures/origin.sigs": b""}), *MARKS)


def test_the_strict_variant_refuses(whole):
    strict = whole["xl/workbook.xml"].replace(MAIN.encode(), b"http://purl.oclc.org/ooxml/spreadsheetml/main")
    with pytest.raises(Unreadable, match="Strict"):
        copied(packed({**whole, "xl/workbook.xml": strict}), *MARKS)


@pytest.mark.parametrize(
    "part", ["xl/comments1.xml", "xl/drawings/vmlDrawing1.vml", "xl/styles.xml", "xl/worksheets/sheet1.xml"]
)
@pytest.mark.parametrize("broken", [b"<a", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', b""])
def test_damaged_parts_refuse(whole, part, broken):
    with pytest.raises(Unreadable):
        copied(packed({**whole, part: broken}), *MARKS)


def test_a_workbook_without_styles_gets_them(whole):
    bare = {name: part for name, part in whole.items() if name != "xl/styles.xml"}
    rels = "xl/_rels/workbook.xml.rels"
    bare[rels] = re.sub(rb'<Relationship [^>]*styles.xml"/>', b"", bare[rels])
    bare["xl/worksheets/sheet1.xml"] = re.sub(rb' s="\d"| dxfId="0"', b"", bare["xl/worksheets/sheet1.xml"])
    book = read(copied(packed(bare), *MARKS))
    assert colour(book[SHEET]["G6"]) == COLOURS["严重"]


def test_our_reader_reads_the_copy_as_the_form(data):
    before = {sheet.name: sheet.cells for sheet in read_xlsx(data, "表.xlsx").sheets}
    after = {sheet.name: sheet.cells for sheet in read_xlsx(copied(data, *MARKS), "表.xlsx").sheets}
    assert after.pop("问题清单")[0, 0].text == TITLE
    assert after == before


def test_no_mark_at_all_still_gives_a_list(whole, data):
    after = unpacked(copied(data, more=(Entry("没有读出", "整张表", "缺 年度"),)))
    touched = {name for name in after if after[name] != whole.get(name)}
    assert touched == {*ADDED, "[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"}


def mutated(data, rng):
    """A part with a slip: bytes left out, doubled, or a figure that is none."""
    at = rng.randrange(len(data))
    to = min(len(data), at + rng.randrange(1, 40))
    figures = [found.span() for found in re.finditer(rb'"\d+"', data)]
    if rng.random() < 0.5 and figures:
        at, to = rng.choice(figures)
        return data[:at] + rng.choice([b'"x"', b'""', b'"-1"', b'"99999"', b'"1.5"']) + data[to:]
    return data[:at] + data[at:to] * rng.choice([0, 2]) + data[to:]


@pytest.mark.parametrize("seed", range(150))
def test_whatever_is_wrong_in_a_workbook_it_is_marked_or_refused(whole, seed):
    rng = random.Random(seed)
    once = unpacked(copied(packed(whole), *MARKS))
    name = rng.choice(sorted(TOUCHED | ADDED | {"xl/worksheets/_rels/sheet1.xml.rels", "_rels/.rels"}))
    given = {**once, name: mutated(once[name], rng)}
    try:
        after = unpacked(copied(packed(given), *MARKS))
    except Unreadable:
        return
    for part in TOUCHED - {"xl/drawings/vmlDrawing1.vml"}:
        if after[part] != given[part]:
            ET.fromstring(after[part])
