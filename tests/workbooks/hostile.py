"""Files made to exhaust a reader or to lead it astray, each with what is to be said about it.

They are read by tests/workbooks/reading.py.
"""

import random
import struct
from io import BytesIO
from zipfile import ZIP_STORED, ZipFile

from workbooks.raw import MAIN, OFFICE, packed, parts, relations, sheet, workbook

CELL = '<row r="1"><c r="A1" t="inlineStr"><is><t>项目</t></is></c></row>'
ENTITIES = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
MB = 1024 * 1024


def numbers(draw, count):
    """Cells that compress badly enough to pass for real ones."""
    for row in range(1, count // 10 + 1):
        cells = "".join(f"<c><v>{draw.randrange(10**6)}</v></c>" for _ in range(10))
        yield f'<row r="{row}">{cells}</row>'


def short_texts(draw, count):
    for row in range(1, count // 10 + 1):
        cells = "".join(f'<c t="inlineStr"><is><t>{draw.randrange(10**9)}</t></is></c>' for _ in range(10))
        yield f'<row r="{row}">{cells}</row>'


def streamed(pieces, after=""):
    yield f'<worksheet xmlns="{MAIN}"><sheetData>'
    yield from pieces
    yield f"</sheetData>{after}</worksheet>"


def with_part(name, content):
    return packed(parts(sheet(CELL)) | {name: content})


def with_doctype(declared, text):
    cell = f'<row><c t="inlineStr"><is><t>{text}</t></is></c></row>'
    return workbook(f"<!DOCTYPE x [{declared}]>{sheet(cell)}")


def merges(references):
    inner = "".join(f'<mergeCell ref="{reference}"/>' for reference in references)
    return sheet(CELL, after=f"<mergeCells>{inner}</mergeCells>")


def hidden_columns(count):
    draw = random.Random(7)
    return "".join(f'<col min="1" max="{draw.randrange(1, 16_385)}" hidden="1"/>' for _ in range(count))


def faked_size():
    """The central directory states that the sheet has one byte."""
    data = bytearray(workbook(sheet(CELL * 100)))
    at = data.rindex(b"xl/worksheets/sheet1.xml") - 46
    data[at + 24 : at + 28] = struct.pack("<I", 1)
    return bytes(data)


def encrypted():
    data = bytearray(workbook(sheet(CELL)))
    at = data.rindex(b"xl/worksheets/sheet1.xml") - 46
    data[at + 8] |= 1
    return bytes(data)


def named_twice():
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        for name, content in [*parts(sheet(CELL)).items(), ("XL/workbook.xml", "<x/>")]:
            archive.writestr(name, content)
    return file.getvalue()


def zipped_in_a_zip():
    inner = packed({"0.txt": b"\0" * 50 * MB})
    return packed({"表.xlsx": workbook(sheet(CELL)), "0.zip": inner})


def many_sheets():
    names = range(1, 10_001)
    links = [("worksheet", f"worksheets/sheet{n}.xml") for n in names]
    listed = "".join(f'<sheet name="表{n}" sheetId="{n}" r:id="rId{n}"/>' for n in names)
    file = BytesIO()
    with ZipFile(file, "w", ZIP_STORED) as archive:
        archive.writestr("xl/workbook.xml", f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{listed}</workbook>')
        archive.writestr("xl/_rels/workbook.xml.rels", relations(*links))
        for n in names:
            archive.writestr(f"xl/worksheets/sheet{n}.xml", sheet(CELL))
    return file.getvalue()


def one_part_many_times():
    listed = "".join(f'<sheet name="表{n}" sheetId="{n}" r:id="rId1"/>' for n in range(1, 501))
    return workbook(sheet(CELL), listed=listed)


def many_strings():
    draw = random.Random(7)
    items = (f"<si><t>{draw.randrange(10**9)}</t></si>" for _ in range(1_000_000))
    rows = '<row r="1"><c r="A1" t="s"><v>999999</v></c></row>'
    body = [f'<sst xmlns="{MAIN}">', *items, "</sst>"]
    return packed(parts(sheet(rows), strings=["".join(body)]), level=1)


def too_large():
    file = BytesIO()
    with ZipFile(file, "w", ZIP_STORED) as archive:
        archive.writestr("xl/media/image1.png", random.Random(7).randbytes(21 * MB))
    return file.getvalue()


def grown():
    """More than may be unpacked, though no part's ratio is odd."""
    draw = random.Random(7)
    block = draw.randbytes(1_000).hex() * 15
    pieces = (f"<!--{block}{draw.randrange(10**9)}-->" for _ in range(9_000))
    return packed(parts(streamed(pieces)), level=1)


def deep():
    draw = random.Random(7)
    pieces = [f"<a{draw.randrange(10**6)}>" for _ in range(300_000)]
    return packed(parts(streamed(pieces)), level=1)


def long_tag():
    value = random.Random(7).randbytes(7 * MB).hex()
    return packed(parts(streamed([f'<row r="1" spans="{value}"/>'])), level=1)


def long_text():
    value = random.Random(7).randbytes(20 * MB // 3).hex()
    return packed(parts(streamed([f'<row r="1"><c r="A1" t="inlineStr"><is><t>{value}</t></is></c></row>'])), level=1)


def bomb(name):
    made = parts(sheet(CELL), strings=f'<sst xmlns="{MAIN}"/>')
    return packed(made | {name: (b" " * MB for _ in range(100))})


def bomb_that_lies():
    """A bomb of which the central directory states a modest size."""
    data = bytearray(bomb("xl/worksheets/sheet1.xml"))
    at = data.rindex(b"xl/worksheets/sheet1.xml") - 46
    data[at + 24 : at + 28] = struct.pack("<I", 500_000)
    return bytes(data)


def _states():
    link = [("worksheet", "worksheets/sheet2.xml")]
    listed = '<sheet name="表" sheetId="1" r:id="rId1"/><sheet name="旧表" sheetId="2" state="veryHidden" r:id="rId3"/>'
    return packed(
        parts(sheet(CELL), listed=listed, more=link) | {"xl/worksheets/sheet2.xml": sheet(CELL)},
    )


_LISTED = '<sheet name="表" sheetId="1" r:id="rId1"/>'


def _encoded(name):
    return workbook(f'<?xml version="1.0" encoding="{name}"?>{sheet(CELL)}')


def _linked():
    return packed(
        parts(sheet(CELL), more=[("externalLink", "externalLinks/externalLink1.xml")])
        | {"xl/externalLinks/externalLink1.xml": "<x/>"}
    )


SYSTEM = '<!ENTITY x SYSTEM "file:///etc/passwd">'

# what is handed in → a part of what is said; all of these are refused
REFUSED = {
    "an entity of the machine's files": (lambda: with_doctype(SYSTEM, "&x;"), "DTD"),
    "billion laughs": (lambda: with_doctype(f'<!ENTITY l0 "ha">{ENTITIES}', "&l9;"), "DTD"),
    "a DTD in the list of sheets": (
        lambda: with_part("xl/workbook.xml", f"<!DOCTYPE x [{SYSTEM}]><x>&x;</x>"),
        "DTD",
    ),
    "a zip bomb as sheet": (lambda: bomb("xl/worksheets/sheet1.xml"), "压缩炸弹"),
    "a zip bomb as texts": (lambda: bomb("xl/sharedStrings.xml"), "压缩炸弹"),
    "a zip bomb that states a small size": (bomb_that_lies, "读不出来"),
    "more than may be unpacked": (grown, "展开后超过 256 MB"),
    "a file of 21 MB": (too_large, "超过 20 MB"),
    "a faked size": (faked_size, "读不"),
    "truncated": (lambda: workbook(sheet(CELL))[:-200], "不完整"),
    "empty": (lambda: b"", "文件是空的"),
    "no zip at all": (lambda: b"PK\x03\x04" + b"\0" * 100, "打不开"),
    "a cut sheet": (lambda: workbook(sheet(CELL)[:-30]), "第 1 行读不下去"),
    "encrypted": (encrypted, "取消密码"),
    "a name that leads upwards": (lambda: with_part("../../etc/passwd", "x"), "指向文件之外"),
    "a name that leads upwards, in Windows": (lambda: with_part("..\\..\\x.dll", "x"), "指向文件之外"),
    "a name from the root": (lambda: with_part("/etc/passwd", "x"), "指向文件之外"),
    "a name with a drive": (lambda: with_part("C:\\x.dll", "x"), "指向文件之外"),
    "a name given twice": (named_twice, "都叫“XL/workbook.xml”"),
    "a zip of files": (zipped_in_a_zip, "解压"),
    "10,000 sheets": (many_sheets, "超过 5000 个"),
    "one part as 500 sheets": (one_part_many_times, "找不到工作表“表2”的内容"),
    "a missing sheet": (
        lambda: packed({n: c for n, c in parts(sheet(CELL)).items() if "sheet1" not in n}),
        "缺少 xl/worksheets/sheet1.xml",
    ),
    "a sheet that is none": (lambda: workbook("<x/>"), "里没有表格"),
    "no sheets": (lambda: workbook(sheet(CELL), listed="<x/>"), "没有工作表"),
    "an address past the last row": (
        lambda: workbook(sheet('<row><c r="A1048577"><v>1</v></c></row>')),
        "行号“1048577”",
    ),
    "an address past the last column": (lambda: workbook(sheet('<row><c r="XFE1"><v>1</v></c></row>')), "列号“XFE”"),
    "an address without a row": (lambda: workbook(sheet('<row r="1"><c r="A"><v>1</v></c></row>')), "行号“”"),
    "a broken merge": (lambda: workbook(merges(["A1:?1"])), "列号“?”"),
    "700,000 cells": (
        lambda: packed(parts(streamed(numbers(random.Random(7), 700_000))), level=1),
        "内容过多",
    ),
    "400,000 short texts": (
        lambda: packed(parts(streamed(short_texts(random.Random(7), 400_000))), level=1),
        "内容过多",
    ),
    "500,000 empty rows": (
        lambda: packed(parts(streamed(f'<row r="{row}" ht="{row % 97}"/>' for row in range(2, 500_002))), level=1),
        "空行",
    ),
    "200,000 merges": (lambda: workbook(merges(f"A{2 * n}:B{2 * n + 1}" for n in range(1, 200_001))), "合并区域"),
    "1,000,000 texts": (many_strings, "内容过多"),
    "600 sheets": (lambda: workbook(sheet(CELL), listed=_LISTED * 600), "超过 500 张"),
    "an encoding that nobody knows": (lambda: _encoded("x-nobody"), "编码“x-nobody”"),
    "an encoding that is not read": (lambda: _encoded("gb2312"), "编码“gb2312”"),
    "a million nested elements": (deep, "嵌套过深"),
    "a tag of 14 MB": (long_tag, "过长"),
    "a text of 13 MB": (long_text, "一格最多 32767 字"),
    "a binary workbook": (
        lambda: packed({"_rels/.rels": relations(("officeDocument", "xl/workbook.bin")), "xl/workbook.bin": "x"}),
        "xlsb",
    ),
}

# these are read; what is said stands in the remarks or in a doubt
READ = {
    "a cell at the far end": (
        lambda: workbook(sheet(CELL + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')),
        "",
    ),
    "a merge over the whole sheet": (lambda: workbook(merges(["A50:XFD1048576"])), ""),
    "a merge over the whole sheet and a far cell": (
        lambda: workbook(
            sheet(
                '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
                after='<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>',
            )
        ),
        "遮住了 XFD1048576",
    ),
    "50,000 tall merges over one another": (
        lambda: workbook(merges(f"A{n}:A{1048577 - n}" for n in range(1, 50_001))),
        "",
    ),
    "100,000 lists of hidden columns": (
        lambda: workbook(sheet(CELL, before=f"<cols>{hidden_columns(100_000)}</cols>")),
        "隐藏的列写着内容：A",
    ),
    "macros": (lambda: with_part("xl/vbaProject.bin", "x"), "含有宏"),
    "external links": (_linked, "外部链接"),
    "a very hidden sheet": (_states, "深度隐藏"),
    "formulas without values": (
        lambda: workbook(sheet('<row r="1"><c r="A1"><f>SUM(B1:B9)</f></c></row>')),
        "公式没有计算结果",
    ),
    "a command as formula": (
        lambda: workbook(sheet("<row r='1'><c r='A1'><f>cmd|'/C calc'!A0</f><v/></c></row>")),
        "公式没有计算结果",
    ),
    "error cells": (lambda: workbook(sheet('<row r="1"><c r="A1" t="e"><v>#REF!</v></c></row>')), "错误值 #REF!"),
    "a text of 40,000 characters": (
        lambda: workbook(sheet(f'<row r="1"><c r="A1" t="inlineStr"><is><t>{"字" * 40_000}</t></is></c></row>')),
        "超过 32767 字",
    ),
    "a text that is not there": (
        lambda: workbook(sheet('<row r="1"><c r="A1" t="s"><v>7</v></c></row>')),
        "文字丢失",
    ),
    "a cell written twice": (
        lambda: workbook(sheet('<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>')),
        "写了两次",
    ),
    "half of a character": (
        lambda: workbook(sheet('<row r="1"><c r="A1" t="inlineStr"><is><t>_xD800_</t></is></c></row>')),
        "",
    ),
}
