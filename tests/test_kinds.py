"""What a file is, by its content alone; and that each kind that cannot be read says what to do."""

import io
import random
import struct
import tracemalloc
import zipfile

import docx
import openpyxl
import pytest
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st

from fpcheck.document import Unreadable
from fpcheck.intake.office.any_file import read_workbook
from fpcheck.intake.office.convert import can_convert
from fpcheck.intake.office.kinds import MAX_BYTES, Kind, kind_of
from fpcheck.intake.office.ole import MAGIC, names_in_ole

END, FREE = 0xFFFFFFFE, 0xFFFFFFFF


def ole(*names, deep=(), shift=9, chain=None):
    """An OLE file with streams or storages at the top; `deep` lie within the first of them."""
    size = 1 << shift
    entries = [("Root Entry", 5, FREE, FREE, 1)]
    entries += [
        (name, 2, FREE, number + 2 if number + 1 < len(names) else FREE, FREE) for number, name in enumerate(names)
    ]
    if deep:
        name, _, left, right, _ = entries[1]
        entries[1] = (name, 1, left, right, len(entries))
        entries += [(name, 2, FREE, FREE, FREE) for name in deep]
    directory = b"".join(
        name.encode("utf-16-le").ljust(64, b"\0")
        + struct.pack("<HBBIII", 2 * len(name) + 2, kind, 1, left, right, child).ljust(64, b"\0")
        for name, kind, left, right, child in entries
    )
    sectors = max(1, -(-len(directory) // size))
    links = chain or [*range(2, sectors + 1), END]
    fat = struct.pack(f"<{len(links) + 1}I", 0xFFFFFFFD, *links).ljust(size, b"\xff")
    head = MAGIC + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, shift, 6) + bytes(10)
    head += struct.pack("<IIIIIIII", 1, 1, 0, 4096, END, 0, END, 0) + struct.pack("<109I", 0, *[FREE] * 108)
    return head.ljust(size, b"\0") + fat + directory.ljust(sectors * size, b"\0")


def types(word):
    return zipped({"[Content_Types].xml": f'<Types><Override ContentType="application/vnd.{word}"/></Types>'})


def zipped(parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


def saved(document):
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def xls():
    book = xlwt.Workbook()
    book.add_sheet("表").write(0, 0, "项目名称")
    return saved(book)


OOXML = "application/vnd.openxmlformats-officedocument"
EXCEL_2003 = "urn:schemas-microsoft-com:office:spreadsheet"
WORD_2003 = "http://schemas.microsoft.com/office/word/2003/wordml"
XML = '<?xml version="1.0"?>\n'
KINDS = {
    "openpyxl 的工作簿": (saved(openpyxl.Workbook()), Kind.XLSX),
    "带宏的工作簿": (types("ms-excel.sheet.macroEnabled.main+xml"), Kind.XLSX),
    "没有内容类型的工作簿": (zipped({"xl/workbook.xml": ""}), Kind.XLSX),
    "python-docx 的文档": (saved(docx.Document()), Kind.DOCX),
    "嵌了工作簿的文档": (
        zipped(
            {
                "word/embeddings/xl/workbook.xml": "",
                "[Content_Types].xml": f'<Default ContentType="{OOXML}.spreadsheetml.sheet"/>'
                f'<Override ContentType="{OOXML}.wordprocessingml.document.main+xml"/>',
            }
        ),
        Kind.DOCX,
    ),
    "xlsb": (types("ms-excel.sheet.binary.macroEnabled.main"), Kind.XLSB),
    "演示文稿": (types("openxmlformats-officedocument.presentationml.presentation.main+xml"), Kind.SLIDES),
    "ods": (zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": ""}), Kind.ODS),
    "odt": (zipped({"mimetype": "application/vnd.oasis.opendocument.text"}), Kind.ODT),
    "epub": (zipped({"mimetype": "application/epub+zip"}), Kind.OTHER_ZIP),
    "OFD": (zipped({"OFD.xml": "<ofd/>"}), Kind.OFD),
    "几份表的压缩包": (zipped({"甲/自评表.xlsx": "PK", "乙.doc": ""}), Kind.ARCHIVE),
    "空压缩包": (zipped({}), Kind.ARCHIVE),
    "xlwt 的 xls": (xls(), Kind.XLS),
    "OLE 里的 Workbook": (ole("Workbook"), Kind.XLS),
    "1995 年的 Book": (ole("\x05SummaryInformation", "Book"), Kind.XLS),
    "大扇区": (ole("\x05SummaryInformation", "WORKBOOK", shift=12), Kind.XLS),
    "嵌了工作簿的旧文档": (ole("ObjectPool", "WordDocument", deep=["Workbook"]), Kind.DOC),
    "嵌了文档的旧工作簿": (ole("MBD0001", "Workbook", deep=["WordDocument"]), Kind.XLS),
    "目录分几个扇区": (ole(*[f"s{n}" for n in range(30)], "WordDocument"), Kind.DOC),
    "加密的工作簿": (ole("EncryptionInfo", "EncryptedPackage"), Kind.LOCKED),
    "旧演示文稿": (ole("PowerPoint Document"), Kind.SLIDES),
    "别的 OLE": (ole("Contents"), Kind.OTHER_OLE),
    "只剩文件头的 OLE": (MAGIC, Kind.OTHER_OLE),
    "BIFF5": (b"\x09\x08\x08\x00\x00\x05\x05\x00" + bytes(8), Kind.XLS),
    "BIFF2": (b"\x09\x00\x04\x00\x02\x00\x10\x00", Kind.XLS),
    "PDF": (b"%PDF-1.7\n", Kind.PDF),
    "PNG": (b"\x89PNG\r\n\x1a\n", Kind.IMAGE),
    "BMP": (b"BM\x36\x10\0\0\0\0\0\0\x36\0", Kind.IMAGE),
    "列名以 BM 开头": ("BM编号,名称\nA1,甲\n".encode(), Kind.DELIMITED),
    "JPEG": (b"\xff\xd8\xff\xe0", Kind.IMAGE),
    "HEIC": (b"\0\0\0\x18ftypheic", Kind.IMAGE),
    "RTF": (b"{\\rtf1\\ansi", Kind.RTF),
    "RAR": (b"Rar!\x1a\x07\x01\x00", Kind.ARCHIVE),
    "7z": (b"7z\xbc\xaf\x27\x1c\x00", Kind.ARCHIVE),
    "加密软件": (b"b\x14#e\x01E-SafeNet\0LOCK", Kind.SHIELDED),
    "网页": ("\n<html><table><tr><td>项目名称</td></tr></table></html>".encode("gb18030"), Kind.HTML_SHEET),
    "带声明的网页": (f'{XML}<html xmlns="http://www.w3.org/1999/xhtml"/>'.encode(), Kind.HTML_SHEET),
    "单个文件的网页": (b"MIME-Version: 1.0\nContent-Type: multipart/related\n", Kind.HTML_SHEET),
    "只有表格的网页": (b"<TABLE><TR><TD>1</TD></TR></TABLE>", Kind.HTML_SHEET),
    "XML 表格": (f'{XML}<Workbook xmlns="{EXCEL_2003}"/>'.encode(), Kind.XML_SHEET),
    "XML 文档": (
        f"{XML}<w:wordDocument xmlns:w='{WORD_2003}'/>".encode(),
        Kind.XML_WORD,
    ),
    "别的 XML": (f"{XML}<a/>".encode(), Kind.UNKNOWN),
    "空": (b"", Kind.EMPTY),
    "只有空白": (b" \r\n\t", Kind.EMPTY),
    "乱字节": (bytes(range(128, 256)) * 9, Kind.UNKNOWN),
    "YAML": ("项目名称: 道路\n年度: 2023\n指标:\n  - 三级指标: 甲,乙\n".encode(), Kind.TEXT),
    "YAML 里每行一个逗号": ("项目名称: 甲,乙\n总体目标: 丙,丁\n".encode(), Kind.TEXT),
    "YAML 列表": ("- {社区: 甲, 先锋数: 3}\n- {社区: 乙, 先锋数: 4}\n".encode(), Kind.TEXT),
    "JSON": ('{"项目名称": "道路", "年度": 2023}'.encode(), Kind.TEXT),
    "散文": ("今年完成了三件事。\n都不错。\n".encode(), Kind.TEXT),
    "CSV": ("社区,先锋数\n甲,5\n".encode("gb18030"), Kind.DELIMITED),
    "导出的自评表": ("自评表,,,\n填报单位：,甲,金额单位：,万元\n项目名称,道路,,\n".encode("utf-8-sig"), Kind.DELIMITED),
    "UTF-16 的制表符文本": ("社区\t数\n甲\t5\n".encode("utf-16"), Kind.DELIMITED),
    "很长的 CSV": (("社区,先锋数\n" + "甲乙丙,5\n" * 20000).encode(), Kind.DELIMITED),
}


@pytest.mark.parametrize("name", KINDS)
def test_kind_is_told_by_content(name):
    data, kind = KINDS[name]
    assert kind_of(data, "表") is kind


READ = {Kind.XLSX, Kind.DOCX, Kind.XLS, Kind.DELIMITED}


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in READ], ids=lambda kind: kind.name)
def test_what_cannot_be_read_says_what_to_do(kind, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not can_convert(kind)
    data = next((data for data, told in KINDS.values() if told is kind), None)
    assert data is not None, "a kind that no file has"
    file = tmp_path / "表.xlsx"  # the name says nothing
    file.write_bytes(data)
    with pytest.raises(Unreadable) as refusal:
        read_workbook(file, "表.xlsx")
    (problem,) = refusal.value.problems
    assert problem.message.startswith("这是")
    assert problem.hint
    assert problem.source == "表.xlsx"


@pytest.mark.parametrize("suffix", [".xlsx", ".xls", ".et", ".docx", ".txt", ""])
@pytest.mark.parametrize("name", ["openpyxl 的工作簿", "python-docx 的文档", "xlwt 的 xls", "CSV"])
def test_files_are_read_whatever_their_name(name, suffix, tmp_path):
    file = tmp_path / f"表{suffix}"
    file.write_bytes(KINDS[name][0])
    assert read_workbook(file, file.name).kind in ("xlsx", "docx", "xls", "csv")


def test_what_is_no_file_or_too_large_is_refused(tmp_path):
    large = tmp_path / "大.xlsx"
    with large.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    for path, said in ((tmp_path, "不是普通文件"), (tmp_path / "无", "没有这个文件"), (large, "20 MB")):
        with pytest.raises(Unreadable, match=said):
            read_workbook(path, path.name)


LOOP = [2, 3, 1, 1, 1]
HOSTILE_OLE = {
    "目录绕圈": ole(*[f"s{n}" for n in range(12)], chain=LOOP),
    "目录指到文件外": ole("a", chain=[0x00FFFFFF]),
    "兄弟绕圈": ole("a", "b").replace(struct.pack("<II", FREE, 2), struct.pack("<II", 1, 1)),
    "名字长度是假的": ole("Workbook").replace(struct.pack("<HBB", 18, 2, 1), struct.pack("<HBB", 65535, 2, 1)),
    "分配表的表绕圈": ole("a")[:68] + struct.pack("<II", 1, 9) + ole("a")[76:],
}


@pytest.mark.parametrize("name", HOSTILE_OLE)
def test_hostile_directories_end(name):
    assert names_in_ole(HOSTILE_OLE[name])


def test_damaged_directories_never_fail_or_grow():
    rng = random.Random(3)
    sound = ole(*[f"s{n}" for n in range(20)], "Workbook")
    found = set()
    tracemalloc.start()
    for _ in range(2000):
        spoilt = bytearray(sound)
        for _ in range(rng.randrange(1, 20)):
            spoilt[rng.randrange(8, len(spoilt))] = rng.choice((0, 255, rng.randrange(256)))
        found.add(
            "Workbook" in names_in_ole(bytes(spoilt[: rng.randrange(len(spoilt)) if rng.random() < 0.3 else None]))
        )
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found == {True, False}
    assert peak < 8 * 1024 * 1024


STARTS = [
    b"",
    MAGIC,
    b"PK\x03\x04",
    b"<?xml ",
    b"<html",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"BM",
    b"\x09\x08\x08\x00",
    b"{\\rtf",
]
SOUND = sorted(data for data, _ in KINDS.values() if data)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.builds(bytes.__add__, st.sampled_from(STARTS), st.binary()), st.sampled_from(SOUND)), st.data())
def test_any_bytes_have_a_kind_or_are_refused(data, drawn):
    if data in SOUND:
        at = drawn.draw(st.integers(0, len(data) - 1))
        data = data[:at] + drawn.draw(st.binary(max_size=8)) + data[at + drawn.draw(st.integers(0, 9)) :]
    try:
        assert isinstance(kind_of(data, "表"), Kind)
    except Unreadable as unreadable:
        problems = unreadable.problems
    else:
        return
    assert all(problem.hint for problem in problems)
