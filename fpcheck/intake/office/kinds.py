"""What a file is, told by its content and never by its name; and for what cannot be read, what to do instead."""

import codecs
import re
from enum import Enum
from pathlib import Path

from fpcheck.document import Unreadable
from fpcheck.intake.office.delimited import delimiter_of
from fpcheck.intake.office.ole import MAGIC, names_in_ole
from fpcheck.intake.office.package import Package, open_package
from fpcheck.problem import Problem, why_not

HEAD = 64 * 1024
MAX_BYTES = 20 * 1024 * 1024
_TYPES = "[Content_Types].xml"
_AS_SHEET = "请用 WPS 或 Excel 打开，另存为 .xlsx 再交"
_AS_WORD = "请用 WPS 或 Word 打开，另存为 .docx 再交"
_ORIGINAL = "请交原来的 Excel 或 Word 文件"
UNLOCK = "请用 WPS 或 Excel 打开，取消打开密码和“保护工作簿”，保存再交"


class Kind(Enum):
    """A kind of file: what people call it and, where it cannot be read as it is, what to do."""

    XLSX = "Excel 工作簿", ""
    DOCX = "Word 文档", ""
    XLS = "旧版 Excel（.xls）或 WPS 表格（.et）文件", _AS_SHEET
    DELIMITED = "用分隔符分列的文本", ""
    TEXT = "文本，里面没有表格", "请交 Excel 或 Word 表格"
    DOC = "旧版 Word（.doc）或 WPS 文字（.wps）文件", _AS_WORD
    ODS = "OpenDocument 表格（.ods）", _AS_SHEET
    ODT = "OpenDocument 文字（.odt）", _AS_WORD
    XLSB = "Excel 二进制工作簿（.xlsb）", _AS_SHEET
    LOCKED = "加了密的 Excel 或 Word 文件（设了打开密码或“保护工作簿”）", UNLOCK
    SHIELDED = "被单位加密软件加密的文件", "请在本单位的电脑上解密，或另存为没有加密的文件再交"
    XML_SHEET = "XML 表格（Excel 2003 XML）", _AS_SHEET
    XML_WORD = "XML 格式的 Word 文档", _AS_WORD
    HTML_SHEET = "网页（HTML），不是真正的 Excel 文件", _AS_SHEET
    RTF = "RTF 文档", _AS_WORD
    SLIDES = "演示文稿", "请把表格放进 Excel 或 Word 文件再交"
    PDF = "PDF 文件", _ORIGINAL
    OFD = "OFD 版式文件", _ORIGINAL
    IMAGE = "图片", _ORIGINAL + "；照片和扫描件读不出字"
    ARCHIVE = "压缩包", "请解压，把里面的表一份份交，或交解压后的文件夹"
    OTHER_ZIP = "不认识的打包文件", _ORIGINAL
    OTHER_OLE = "不认识的或已损坏的旧版 Office 文件", _AS_SHEET
    EMPTY = "空文件", "请确认选对了文件，或重新下载"
    UNKNOWN = "不认识的文件", _ORIGINAL

    @property
    def said(self) -> str:
        """Tell people what it is."""
        what, _ = self.value
        return f"这是 {what}" if what[0].isascii() else f"这是{what}"

    def refusal(self, source: str, why: str = "不能直接读") -> Unreadable:
        """Say that the file is no form that can be read, and what to do."""
        return Unreadable([Problem(source, f"{self.said}，{why}", self.value[1])])


_STARTS = {
    b"%PDF": Kind.PDF,
    b"{\\rtf": Kind.RTF,
    b"\x89PNG": Kind.IMAGE,
    b"\xff\xd8\xff": Kind.IMAGE,
    b"GIF8": Kind.IMAGE,
    b"II*\0": Kind.IMAGE,
    b"MM\0*": Kind.IMAGE,
    b"Rar!": Kind.ARCHIVE,
    b"7z\xbc\xaf\x27\x1c": Kind.ARCHIVE,
    b"\x1f\x8b": Kind.ARCHIVE,
    b"\x09\x00\x04\x00": Kind.XLS,  # the versions before there was OLE: 2, 3, 4 and 5
    b"\x09\x02\x06\x00": Kind.XLS,
    b"\x09\x04\x06\x00": Kind.XLS,
    b"\x09\x08\x08\x00": Kind.XLS,
    b"%TSD-Header": Kind.SHIELDED,
}
_SHIELD = b"E-SafeNet"
_OLE = {
    "encryptedpackage": Kind.LOCKED,
    "workbook": Kind.XLS,
    "book": Kind.XLS,
    "worddocument": Kind.DOC,
    "powerpoint document": Kind.SLIDES,
}
_MAIN_TYPES = {  # how the content types of a package name its main part
    b"spreadsheetml.sheet.main+xml": Kind.XLSX,
    b"spreadsheetml.template.main+xml": Kind.XLSX,
    b"ms-excel.sheet.macroEnabled.main+xml": Kind.XLSX,
    b"ms-excel.template.macroEnabled.main+xml": Kind.XLSX,
    b"ms-excel.sheet.binary.macroEnabled.main": Kind.XLSB,
    b"wordprocessingml.document.main+xml": Kind.DOCX,
    b"wordprocessingml.template.main+xml": Kind.DOCX,
    b"ms-word.document.macroEnabledTemplate.main+xml": Kind.DOCX,
    b"ms-word.template.macroEnabledTemplate.main+xml": Kind.DOCX,
    b"ms-word.document.macroEnabled.main+xml": Kind.DOCX,
    b"presentationml.presentation.main+xml": Kind.SLIDES,
}
_PARTS = {
    "xl/workbook.xml": Kind.XLSX,
    "xl/workbook.bin": Kind.XLSB,
    "word/document.xml": Kind.DOCX,
    "ppt/presentation.xml": Kind.SLIDES,
    "OFD.xml": Kind.OFD,
}
_OPEN_DOCUMENT = {b"spreadsheet": Kind.ODS, b"text": Kind.ODT, b"presentation": Kind.SLIDES}
_XML = {
    "urn:schemas-microsoft-com:office:spreadsheet": Kind.XML_SHEET,
    "opendocument.spreadsheet": Kind.ODS,
    "/wordml": Kind.XML_WORD,
    "xmlPackage": Kind.XML_WORD,
    "opendocument.text": Kind.ODT,
}
_HTML = re.compile(r"<!doctype html|<html|<table|<meta|<body|^mime-version:", re.IGNORECASE)
_YAML = re.compile(r"\s*(?:-\s|#|---|%YAML|[^,;\t:：]{1,40}[:：](?:\s|$))")


def kind_of(data: bytes, source: str) -> Kind:
    """Tell what a file is, by its content.

    Raises:
        Unreadable: a damaged or hostile package.
    """
    if data.startswith(MAGIC):
        names = {name.lower() for name in names_in_ole(data)}
        return next((kind for name, kind in _OLE.items() if name in names), Kind.OTHER_OLE)
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _kind_of_package(open_package(data, source))
    return _kind_of_bytes(data[:HEAD])


def _kind_of_bytes(head: bytes) -> Kind:
    if not head.strip():
        return Kind.EMPTY
    if _SHIELD in head[:64]:
        return Kind.SHIELDED
    bitmap = head.startswith(b"BM") and head[6:10] == bytes(4)  # the two letters alone may begin a text
    if bitmap or head.startswith(b"RIFF") or head[4:8] == b"ftyp":
        return Kind.IMAGE
    known = next((kind for start, kind in _STARTS.items() if head.startswith(start)), None)
    return known or _kind_of_text(_decoded(head))


def _kind_of_package(package: Package) -> Kind:
    if "mimetype" in package:
        said = package.read("mimetype").strip()
        return next((kind for word, kind in _OPEN_DOCUMENT.items() if said.endswith(word)), Kind.OTHER_ZIP)
    types = package.read(_TYPES) if _TYPES in package else b""
    by_type = (kind for word, kind in _MAIN_TYPES.items() if word in types)
    by_name = (kind for name, kind in _PARTS.items() if name in package)
    return next(by_type, None) or next(by_name, Kind.OTHER_ZIP if types else Kind.ARCHIVE)


def _decoded(head: bytes) -> str:
    """Decode the beginning of a text, that may end within a character; empty where it is no text."""
    encodings = ["utf-16"] if head[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(head)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    return ""


def _kind_of_text(text: str) -> Kind:
    start = text.lstrip()
    if not start:
        return Kind.UNKNOWN
    if start[0] == "<":
        known = (kind for word, kind in _XML.items() if word in text)
        return next(known, None) or (Kind.HTML_SHEET if _HTML.search(text) else Kind.UNKNOWN)
    if _HTML.match(start):
        return Kind.HTML_SHEET
    if start[0] in "{[":
        return Kind.TEXT
    lines = [line for line in text.split("\n") if line.strip()]
    like_yaml = sum(bool(_YAML.match(line)) for line in lines) / len(lines)
    return Kind.DELIMITED if like_yaml < 0.5 and delimiter_of(text) else Kind.TEXT  # noqa: PLR2004 - half


def file_bytes(path: Path, source: str) -> bytes:
    """Read a file that may be one of any kind.

    Raises:
        Unreadable: no such file, no plain file, not to be opened, or too large.
    """
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise Unreadable([Problem(source, "这不是普通文件", "请给出文件")])
        if size > MAX_BYTES:
            hint = "请删去无关的图片和工作表，或拆成几个文件"
            raise Unreadable([Problem(source, f"文件超过 {MAX_BYTES // 1024 // 1024} MB", hint)])
        return path.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the path
        raise Unreadable([Problem(source, f"文件打不开（{why_not(error)}）", "请检查路径和权限")]) from None
