"""Word files: what is seen of them, where it stands, and held to python-docx over generated tables."""

import io
import random
import zipfile
from pathlib import Path

import docx
import pytest
import yaml

from fpcheck.document import Unreadable
from fpcheck.intake.office.docx import MOST_PLACES, NAMESPACES, read_docx
from fpcheck.intake.office.grid import Block

PARAGRAPH = "<w:p><w:r><w:t>字</w:t></w:r></w:p>"
CASES = yaml.safe_load((Path(__file__).parent / "intake" / "word.yaml").read_text(encoding="utf-8"))
TRANSITIONAL, STRICT, MC, W14, MATH, _ = NAMESPACES
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def word(body, space=TRANSITIONAL, related="", head="", packed=zipfile.ZIP_DEFLATED):
    """A Word file with a given body."""
    spaces = f'xmlns:w="{space}" xmlns:mc="{MC}" xmlns:w14="{W14}" xmlns:m="{MATH}"'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packed) as package:
        main = f'<Relationship Id="r1" Type="{TYPE}/officeDocument" Target="word/document.xml"/>'
        package.writestr("_rels/.rels", f'<Relationships xmlns="{RELATIONS}">{main}</Relationships>')
        package.writestr(
            "word/_rels/document.xml.rels", f'<Relationships xmlns="{RELATIONS}">{related}</Relationships>'
        )
        package.writestr("word/document.xml", f"{head}<w:document {spaces}><w:body>{body}</w:body></w:document>")
    return out.getvalue()


def cells(sheet):
    return {f"{row},{column}": cell.text for row, column, cell in sheet}


def place(text):
    row, column = text.split(",")
    return int(row), int(column)


@pytest.mark.parametrize("space", [TRANSITIONAL, STRICT], ids=["transitional", "strict"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_what_is_seen_is_read(case, space):
    workbook = read_docx(word(case["body"], space), "表.docx")
    sheets = {sheet.name: sheet for sheet in workbook.sheets}
    assert {name: cells(sheet) for name, sheet in sheets.items()} == case["sheets"]
    for name, blocks in case.get("merges", {}).items():
        assert sorted(sheets[name].merges) == [Block(*block) for block in blocks]
    first = workbook.sheets[0]
    assert {at: first.address(*place(at)) for at in case.get("addresses", {})} == case.get("addresses", {})
    doubts = {f"{row},{column}": cell.doubt for row, column, cell in first if cell.doubt and "doubts" in case}
    assert doubts.keys() == case.get("doubts", {}).keys()
    assert all(said in doubts[at] for at, said in case.get("doubts", {}).items())
    assert case.get("remark", "") in " ".join(map(str, workbook.problems))
    if "remark" not in case and "正文" not in sheets:
        assert not workbook.problems


def test_an_empty_cell_has_an_address_too():
    sheet = read_docx(word("<w:tbl><w:tr><w:tc><w:p/></w:tc><w:tc><w:p/></w:tc></w:tr></w:tbl>"), "表.docx").sheets[0]
    assert (sheet.cells, sheet.address(0, 1)) == ({}, "第1行第2格")


@pytest.mark.parametrize(
    "kind, said",
    [("package", "嵌入了 Excel"), ("oleObject", "嵌入了 Excel"), ("aFChunk", "嵌入了"), ("vbaProject", "含有宏")],
)
def test_what_is_embedded_is_told(kind, said):
    related = f'<Relationship Id="r9" Type="{TYPE}/{kind}" Target="x.bin"/>'
    assert said in str(read_docx(word("<w:p/>", related=related), "表.docx").problems[-1])


def test_the_text_is_found_where_the_package_does_not_say_where_it_is():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("word/document.xml", zipfile.ZipFile(io.BytesIO(word(PARAGRAPH))).read("word/document.xml"))
    assert cells(read_docx(out.getvalue(), "表.docx").sheets[0]) == {"0,0": "字"}


def sentence(rng):
    return "".join(rng.choice("甲乙丙丁 5%≥\n") for _ in range(rng.randrange(1, 6))).strip() or "空"


def build(rng):
    """A document with random tables, merged at random where python-docx allows."""
    document = docx.Document()
    for _ in range(rng.randrange(1, 4)):
        rows, columns = rng.randrange(1, 7), rng.randrange(1, 7)
        table = document.add_table(rows, columns)
        for row in table.rows:
            for cell in row.cells:
                cell.text = sentence(rng)
        for _ in range(rng.randrange(4)):
            first = rng.randrange(rows), rng.randrange(columns)
            last = rng.randrange(first[0], rows), rng.randrange(first[1], columns)
            try:
                table.cell(*first).merge(table.cell(*last))
            except docx.exceptions.InvalidSpanError:
                continue
        document.add_paragraph()
    return document


@pytest.mark.parametrize("seed", range(25))
def test_same_grid_as_python_docx(seed):
    document = build(random.Random(seed))
    out = io.BytesIO()
    document.save(out)
    sheets = read_docx(out.getvalue(), "表.docx").sheets
    theirs = docx.Document(io.BytesIO(out.getvalue())).tables
    assert len(sheets) == len(theirs)
    for sheet, table in zip(sheets, theirs, strict=True):
        anchors = {}
        for row, line in enumerate(table.rows):
            for column, cell in enumerate(line.cells):
                anchor = anchors.setdefault(cell._tc, (row, column))
                assert sheet.block(row, column)[:2] == anchor
                seen = sheet.at(row, column)
                assert (seen.text if seen else "") == cell.text.strip()
        assert sheet.extent[0] < len(table.rows)


BOMBS = {
    "DTD": (word("<w:p/>", head='<!DOCTYPE w [<!ENTITY a "b">]>'), "DTD"),
    "列太多": (
        word(
            "<w:tbl>" + '<w:tr><w:tc><w:tcPr><w:gridSpan w:val="256"/></w:tcPr><w:p/></w:tc></w:tr>' * 2000 + "</w:tbl>"
        ),
        "太长",
    ),
    "段太多": (word("<w:p/>" * (MOST_PLACES + 1), packed=zipfile.ZIP_STORED), "太长"),
    "一段里的字太碎": (word("<w:p>" + "<w:r/>" * 600_000 + "</w:p>", packed=zipfile.ZIP_STORED), "太长"),
    "嵌套太深": (word("<w:tbl><w:tr><w:tc>" * 99 + "</w:tc></w:tr></w:tbl>" * 99), "嵌套"),
    "没有正文": (word("")[:40], "损坏"),
    "正文断了": (word("<w:tbl>"), "损坏"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_hostile_files_are_refused(name):
    data, said = BOMBS[name]
    with pytest.raises(Unreadable, match=said):
        read_docx(data, "表.docx")


def damaged(data, rng):
    """A file cut off, or with some bytes changed."""
    if rng.random() < 0.4:
        return data[: rng.randrange(len(data))]
    spoilt = bytearray(data)
    for _ in range(rng.randrange(1, 9)):
        spoilt[rng.randrange(len(spoilt))] = rng.randrange(256)
    return bytes(spoilt)


def read_or_refuse(read, data):
    """Whether it was read; a refusal says what to do, and anything else is a defect."""
    try:
        read(data)
    except Unreadable as unreadable:
        problems = unreadable.problems
    else:
        return True
    assert all(problem.message and problem.hint for problem in problems)
    return False


def test_damaged_files_are_read_or_refused():
    data = word(CASES[1]["body"] + CASES[6]["body"])
    rng = random.Random(5)
    seen = [read_or_refuse(lambda given: read_docx(given, "表.docx"), damaged(data, rng)) for _ in range(600)]
    assert {True, False} == set(seen)


def test_scrambled_elements_are_read_or_refused():
    """Sound XML in which elements stand where they never should."""
    rng = random.Random(7)
    names = ["tbl", "tr", "tc", "p", "r", "sdt", "sdtContent", "trPr", "tcPr", "del", "txbxContent", "checkBox", "rPr"]
    single = [
        '<w:fldChar w:fldCharType="end"/>',
        "<w:vMerge/>",
        '<w:gridSpan w:val="3"/>',
        "<w:checked/>",
        "<w:vanish/>",
    ]
    single += ["<w:t>字</w:t>", "<w:hMerge/>", "<w:showingPlcHdr/>", "<w:br/>", '<w:gridBefore w:val="2"/>', "<w:sym/>"]

    def nest(depth):
        if depth == 0 or rng.random() < 0.2:
            return rng.choice(single)
        name = rng.choice(names)
        return f"<w:{name}>{''.join(nest(depth - 1) for _ in range(rng.randrange(4)))}</w:{name}>"

    texts = []
    for _ in range(400):
        workbook = read_docx(word("".join(nest(7) for _ in range(6))), "表.docx")
        texts += [cell.text for sheet in workbook.sheets for _, _, cell in sheet]
    assert "字" in "".join(texts)
