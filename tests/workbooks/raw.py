"""Excel files written part by part, so that they can hold what no program writes."""

from io import BytesIO
from xml.sax.saxutils import quoteattr
from zipfile import ZIP_DEFLATED, ZipFile

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def packed(parts, level=6):
    """A zip file of parts: texts, or pieces of one."""
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=level) as archive:
        for name, content in parts.items():
            if isinstance(content, str | bytes):
                archive.writestr(name, content)
                continue
            with archive.open(name, "w", force_zip64=True) as part:
                for piece in content:
                    part.write(piece.encode() if isinstance(piece, str) else piece)
    return file.getvalue()


TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    + "".join(
        f'<Override PartName="/xl/{part}.xml" '
        f'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.{kind}+xml"/>'
        for part, kind in [
            ("workbook", "sheet.main"),
            ("worksheets/sheet1", "worksheet"),
            ("styles", "styles"),
            ("sharedStrings", "sharedStrings"),
        ]
    )
    + "</Types>"
)
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts>%s</numFmts><fonts><font/></fonts><fills><fill><patternFill/></fill></fills>'
    '<borders><border/></borders><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>%s</cellXfs>'
    '<cellStyles><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    '<dxfs><dxf><numFmt numFmtId="200" formatCode="0&quot;坏&quot;"/></dxf></dxfs></styleSheet>'
)


def sheet(rows="", before="", after=""):
    return f'<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


def relations(*pairs, kind=OFFICE):
    """Relations rId1, rId2, … of (kind, target)."""
    inner = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}/{name}" Target="{target}"/>'
        for number, (name, target) in enumerate(pairs, 1)
    )
    return f'<Relationships xmlns="{PACKAGE}">{inner}</Relationships>'


def parts(sheet_xml, *, strings=None, codes=(), listed=None, more=()):
    """The parts of a workbook with one sheet; `codes` are the format codes of the styles 0, 1, …"""
    links = [("worksheet", "worksheets/sheet1.xml"), ("styles", "styles.xml"), ("sharedStrings", "sharedStrings.xml")]
    formats = "".join(f'<numFmt numFmtId="{200 + at}" formatCode={quoteattr(code)}/>' for at, code in enumerate(codes))
    styles = "".join(
        f'<xf numFmtId="{200 + at}" fontId="0" fillId="0" borderId="0" xfId="0"/>' for at in range(len(codes))
    )
    listed = listed or '<sheet name="表" sheetId="1" r:id="rId1"/>'
    found = {
        "_rels/.rels": relations(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(*(links if strings else links[:2]), *more),
        "xl/styles.xml": STYLES % (formats, styles),
        "[Content_Types].xml": TYPES,
        "xl/worksheets/sheet1.xml": sheet_xml,
    }
    if strings:
        found["xl/sharedStrings.xml"] = strings
    return found


def workbook(sheet_xml, **given):
    return packed(parts(sheet_xml, **given))
