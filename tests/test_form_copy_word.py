"""Checked copies of Word files: shades, comments and a list; every address that the reader gives leads to its cell."""

import io
import random
import re
from functools import cache
from pathlib import Path
from xml.etree import ElementTree as ET

import docx
import pytest
import yaml
from docx.oxml.ns import qn
from drawn import grids, merges
from rich_workbook import packed, unpacked
from test_docx import TRANSITIONAL, word
from test_form_copy import mutated

from fpcheck.document import Unreadable
from fpcheck.intake.office.any_file import read_workbook
from fpcheck.intake.office.docx import read_docx
from fpcheck.report.form_copy.docx import marked_docx
from fpcheck.report.form_copy.marks import AUTHOR, COLOURS, Entry, Listing, Mark, Note
from fpcheck.report.form_copy.splice import outline
from fpcheck.report.form_copy.word_cells import NAMES, cells

HERE = Path(__file__).parent
FORM = (HERE / "forms" / "全国自评表" / "表.txt").read_text(encoding="utf-8")
CASES = yaml.safe_load((HERE / "intake" / "word.yaml").read_text(encoding="utf-8"))


@cache
def form(drawn=FORM):
    """A drawn form as a Word file: its head as paragraphs, the rest as a table."""
    (_, rows), *_ = grids(drawn)
    document = docx.Document()
    for row in rows[:2]:
        document.add_paragraph(row[0])
    rows = rows[2:]
    table = document.add_table(len(rows), max(map(len, rows)))
    for block in merges(rows):
        table.cell(block.top, block.left).merge(table.cell(block.bottom, block.right))
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            if text not in ("", "<", "^"):
                table.cell(r, c).text = text.lstrip("#%")
    document.add_paragraph("填表人：李四")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def mark(cell, *severities, sheet="表1"):
    return Mark(
        sheet, cell, tuple(Note(severity, "有误", ("问题：=1+1 不对 <w:p> \x01。",)) for severity in severities)
    )


def copied(data, *marks):
    entries = tuple(Entry(m.severity, f"{m.sheet} {m.cell}", "有误", rule="FP1") for m in marks)
    return marked_docx(data, "表.docx", marks, Listing(("某单位：需修改",), entries))


def opened(data):
    return docx.Document(io.BytesIO(data))


def fill(cell):
    shade = cell._tc.tcPr.find(qn("w:shd")) if cell._tc.tcPr is not None else None
    return shade.get(qn("w:fill")) if shade is not None else None


MARKS = (mark("第9行第2格", "一般", "严重"), mark("第12行第6格", "提示"), mark("第1行第2格", "重要"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_every_address_of_the_reader_leads_to_its_cell(case):
    data = word(case["body"], TRANSITIONAL)
    document = unpacked(data)["word/document.xml"]
    found = cells(outline(document, "表.docx", "", names=NAMES))
    for sheet in read_docx(data, "表.docx").sheets:
        for (row, column), address in sheet.addresses.items():
            if not re.fullmatch(r"第\d+行第\d+格", address):
                continue
            cell = found[sheet.name, address]
            text = sheet.cells[row, column].text if (row, column) in sheet.cells else ""
            inside = document[cell.start : cell.end].decode()
            letters = "".join(re.findall(r"[\u4e00-\u9fff\w]", text))[:2]
            assert all(letter in inside for letter in letters), (sheet.name, address)


def test_every_other_part_is_the_same_byte_for_byte():
    data = form()
    before, after = unpacked(data), unpacked(copied(data, *MARKS))
    touched = {name for name in after if after[name] != before.get(name)}
    assert touched == {"[Content_Types].xml", "word/document.xml", "word/_rels/document.xml.rels", "word/comments.xml"}


def test_the_text_of_the_document_stays():
    data = form()
    before, after = unpacked(data)["word/document.xml"], unpacked(copied(data, *MARKS))["word/document.xml"]
    added = rb"<w:sdt>.*</w:sdt>|<w:shd [^>]*/>|<w:commentRange\w+ [^>]*/>|<w:r><w:commentReference [^>]*/></w:r>"
    assert re.sub(added, b"", after, flags=re.DOTALL) == re.sub(added, b"", before, flags=re.DOTALL)


def test_cells_are_shaded_and_commented():
    document = opened(copied(form(), *MARKS))
    table = document.tables[0]
    shaded = {fill(cell) for row in table.rows for cell in row.cells} - {None}
    assert shaded == {COLOURS[mark.severity] for mark in MARKS}
    said = [comment.text for comment in document.comments]
    assert [text[:4] for text in said] == ["【严重】", "【提示】", "【重要】"]
    assert {comment.author for comment in document.comments} == {AUTHOR}
    assert len(re.findall("【", said[0])) == 2


def test_the_list_stands_on_a_page_of_its_own_at_the_end():
    after = copied(form(), *MARKS)
    sheets = read_docx(after, "表.docx").sheets
    text = [cell.text for _, _, cell in sheets[-1]]
    assert "绩效填报检查 问题清单" in text
    assert "单位回复" in text
    assert "填表人：李四" in text
    body = list(opened(after).element.body)
    assert [element.tag.rpartition("}")[2] for element in body[-3:]] == ["p", "sdt", "sectPr"]


def test_a_second_run_replaces_what_the_first_wrote():
    once = copied(form(), *MARKS)
    twice = opened(copied(once, *MARKS[:1]))
    assert len(list(twice.comments)) == 1
    assert len(re.findall(b"commentReference", unpacked(copied(once, *MARKS[:1]))["word/document.xml"])) == 1
    shaded = {fill(cell) for row in twice.tables[0].rows for cell in row.cells} - {None, "auto"}
    assert shaded == {COLOURS["严重"]}
    assert unpacked(copied(once, *MARKS))["word/document.xml"].count(b"fpcheck-list") == 1


def test_a_list_with_a_reply_is_kept():
    once = unpacked(copied(form(), *MARKS))
    rows = once["word/document.xml"].rpartition(b"<w:sdtContent>")
    cell = re.search(rb"(<w:tc>(?:(?!<w:tc>).)*</w:tc>)(<w:tc>(?:(?!<w:tc>).)*FP1)", rows[2], re.DOTALL)
    reply = cell[1].replace(b'<w:t xml:space="preserve"></w:t>', "<w:t>已改</w:t>".encode())
    assert reply != cell[1]
    once["word/document.xml"] = rows[0] + rows[1] + rows[2].replace(cell[0], reply + cell[2], 1)
    again = copied(packed(once), *MARKS)
    assert unpacked(again)["word/document.xml"].count(b"fpcheck-list") == 2


def test_existing_comments_are_kept():
    document = opened(form())
    document.add_comment(document.paragraphs[0].runs[0], text="请核对", author="审核人")
    out = io.BytesIO()
    document.save(out)
    said = opened(copied(out.getvalue(), *MARKS)).comments
    assert [comment.author for comment in said] == ["审核人", *[AUTHOR] * 3]
    assert len({comment.comment_id for comment in said}) == 4
    assert [c.author for c in opened(copied(copied(out.getvalue(), *MARKS))).comments] == ["审核人"]


def test_a_signature_refuses():
    with pytest.raises(Unreadable, match="数字签名"):
        copied(packed({**unpacked(form()), "_xmlsignatures/origin.sigs": b""}), *MARKS)


@pytest.mark.parametrize("cell", ["<w:tc><w:p/></w:tc>", "<w:tc><w:tcPr/><w:p></w:p></w:tc>"])
def test_bare_cells_are_marked(cell):
    data = word(f"<w:tbl><w:tr>{cell}<w:tc><w:p><w:r><w:t>甲</w:t></w:r></w:p></w:tc></w:tr></w:tbl>")
    types = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"></Types>'
    data = packed({"[Content_Types].xml": types.encode(), **unpacked(data)})
    document = unpacked(copied(data, mark("第1行第1格", "严重")))["word/document.xml"]
    first = document.partition(b"</w:tc>")[0]
    assert COLOURS["严重"].encode() in first
    assert b"commentReference" in first


@pytest.mark.parametrize("seed", range(60))
def test_whatever_is_wrong_in_a_file_it_is_marked_or_refused(seed):
    rng = random.Random(seed)
    once = unpacked(copied(form(), *MARKS))
    name = rng.choice(["word/document.xml", "word/comments.xml", "word/_rels/document.xml.rels", "[Content_Types].xml"])
    given = {**once, name: mutated(once[name], rng)}
    try:
        after = unpacked(copied(packed(given), *MARKS))
    except Unreadable:
        return
    for part in after:
        if after[part] != given.get(part):
            ET.fromstring(after[part])


def document_changed(data, change):
    parts = unpacked(data)
    return packed({**parts, "word/document.xml": change(parts["word/document.xml"])})


def text_replaced(document):
    """As when a clerk chooses all that stands in a cell and writes anew: the places of comments go."""
    anchors = rb"<w:commentRange\w+ [^>]*/>|<w:r><w:commentReference [^>]*/></w:r>"
    body, _, listed = document.rpartition(b"<w:sdt>")
    return re.sub(anchors, b"", body) + b"<w:sdt>" + listed


def list_dropped(document):
    return re.sub(rb"<w:sdt>.*</w:sdt>", b"", document, flags=re.DOTALL)


@pytest.mark.parametrize("change", [lambda document: document, text_replaced, list_dropped])
def test_a_mended_cell_is_as_it_was_whatever_became_of_its_comment(change):
    data = form()
    again = copied(document_changed(copied(data, *MARKS), change))
    before, after = unpacked(data)["word/document.xml"], unpacked(again)["word/document.xml"]
    assert list_dropped(after) == before


SHADES = {
    '<w:shd w:val="clear" w:color="auto" w:fill="D9EAD3"/>': "D9EAD3",
    '<w:shd w:val="pct20" w:color="auto" w:fill="auto"/>': "CCCCCC",
    '<w:shd w:val="solid" w:color="00FF00" w:fill="auto"/>': "00FF00",
    '<w:shd w:val="clear" w:color="auto" w:fill="auto"/>': "FFFFFF",
    '<w:shd w:val="clear" w:color="auto" w:themeFill="accent1" w:fill="4472C4"/>': "4472C4",
}


@pytest.mark.parametrize("shade", SHADES)
def test_the_former_shade_comes_back(shade):
    cell = f"<w:tc><w:tcPr>{shade}</w:tcPr><w:p/></w:tc>"
    data = word(f"<w:tbl><w:tr>{cell}</w:tr></w:tbl>")
    types = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"></Types>'
    data = packed({"[Content_Types].xml": types.encode(), **unpacked(data)})
    once = copied(data, mark("第1行第1格", "严重"))
    for marked in (once, copied(once, mark("第1行第1格", "提示"))):
        assert unpacked(marked)["word/document.xml"].count(b"<w:shd ") > 1
        back = list_dropped(unpacked(copied(document_changed(marked, text_replaced)))["word/document.xml"])
        assert re.findall(rb"<w:shd [^>]*/>", back) == [
            f'<w:shd w:val="clear" w:color="auto" w:fill="{SHADES[shade]}"/>'.encode()
        ]


def test_a_row_made_like_a_marked_one_loses_the_shade():
    def doubled(document):
        row = re.search(rb"<w:tr>(?:(?!</w:tr>).)*%s(?:(?!</w:tr>).)*</w:tr>" % COLOURS["严重"].encode(), document)[0]
        return document.replace(row, row + re.sub(rb"<w:comment\w+ [^>]*/>", b"", row), 1)

    once = document_changed(copied(form(), *MARKS), doubled)
    assert unpacked(once)["word/document.xml"].count(b'w:fill="FFA8A6"') == 3  # the row, its double, the list
    assert COLOURS["严重"].encode() not in unpacked(copied(once, *MARKS[1:]))["word/document.xml"]


def test_comments_without_their_author_are_ours_by_their_last_line():
    parts = unpacked(copied(form(), *MARKS))
    nameless = parts["word/comments.xml"].replace(AUTHOR.encode() + b'" w:initials', b'" w:initials')
    assert nameless != parts["word/comments.xml"]
    assert len(list(opened(copied(packed({**parts, "word/comments.xml": nameless}), *MARKS)).comments)) == 3


def test_our_own_list_is_no_table_of_the_file(tmp_path):
    path = tmp_path / "表.docx"
    path.write_bytes(form())
    before = read_workbook(path, path.name)
    path.write_bytes(copied(form(), *MARKS))
    after = read_workbook(path, path.name)
    texts = [[cell.text for sheet in book.sheets for _, _, cell in sheet] for book in (after, before)]
    assert texts[0] == texts[1]
    assert after.problems == before.problems


def test_what_is_written_behind_our_list_is_kept(tmp_path):
    path = tmp_path / "表.docx"
    behind = b"</w:sdt><w:p><w:r><w:t>\xe5\xb7\xb2\xe6\xa0\xb8</w:t></w:r></w:p>"
    path.write_bytes(document_changed(copied(form(), *MARKS), lambda one: one.replace(b"</w:sdt>", behind)))
    assert "已核" in [cell.text for sheet in read_workbook(path, "").sheets for _, _, cell in sheet]


def untagged(document):
    """As LibreOffice saves it: the control around the list is gone."""
    gone = rb"<w:sdt><w:sdtPr>.*?</w:sdtPr><w:sdtContent>|</w:sdtContent></w:sdt>"
    return re.sub(gone, b"", document)


def test_a_list_without_its_mark_is_replaced_or_kept_with_a_reply():
    once = document_changed(copied(form(), *MARKS), untagged)
    assert b"fpcheck-list" not in unpacked(once)["word/document.xml"]
    again = unpacked(copied(once, *MARKS[:1]))["word/document.xml"]
    assert again.count("绩效填报检查 问题清单".encode()) == 1
    assert "填表人：李四".encode() in again
    cell = rb"<w:tc>(?:(?!<w:tc>).)*"
    row = re.compile(rb'(%s)<w:t xml:space="preserve"></w:t>((?:(?!<w:tc>).)*%sFP1)' % (cell, cell))
    replied = document_changed(once, lambda one: row.sub("\\1<w:t>已改</w:t>\\2".encode(), one))
    again = unpacked(copied(replied, *MARKS[:1]))["word/document.xml"]
    assert again.count("绩效填报检查 问题清单".encode()) == 2
    assert "已改".encode() in again
