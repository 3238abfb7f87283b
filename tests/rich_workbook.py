"""A workbook by hand-written parts with all that must survive: pictures, charts, comments, WPS cell images, …"""

import io
import struct
import zipfile
import zlib
from xml.sax.saxutils import escape

from drawn import grids, merges

from fpcheck.intake.office.grid import column_letters

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
PKG = "http://schemas.openxmlformats.org/package/2006/relationships"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
VML = (
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"'
)
CT = "application/vnd.openxmlformats-officedocument."
STYLES = f"""{HEAD}<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="176" formatCode="0.0_ "/></numFmts>\
<fonts count="3"><font><sz val="11"/><color theme="1"/><name val="宋体"/><charset val="134"/></font>\
<font><b/><sz val="16"/><name val="黑体"/><charset val="134"/></font>\
<font><sz val="9"/><name val="宋体"/></font></fonts>
<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>\
<fill><patternFill patternType="solid"><fgColor rgb="FFE2EFDA"/><bgColor indexed="64"/></patternFill></fill></fills>\
<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border><border><left style="thin"/>\
<right style="thin"/><top style="thin"/><bottom style="thin"/><diagonal/></border></borders>\
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>\
<cellXfs count="5"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>\
<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyAlignment="1"><alignment horizontal="center"/></xf>\
<xf numFmtId="0" fontId="0" fillId="0" borderId="1" xfId="0" applyBorder="1" applyAlignment="1">\
<alignment horizontal="center" vertical="center" wrapText="1"/></xf>\
<xf numFmtId="10" fontId="0" fillId="2" borderId="1" xfId="0" applyFill="1"><alignment horizontal="right"/></xf>\
<xf numFmtId="0" fontId="0" fillId="2" borderId="1" xfId="0" applyFill="1" applyProtection="1">\
<alignment horizontal="center" vertical="center" wrapText="1"/><protection locked="0"/></xf></cellXfs>\
<cellStyles count="1"><cellStyle name="常规" xfId="0" builtinId="0"/></cellStyles>\
<dxfs count="1"><dxf><font><color rgb="FF9C0006"/></font></dxf></dxfs></styleSheet>"""
VML_NOTE = f"""<xml {VML}><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout>
<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"><v:stroke \
joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>
<v:shape id="_x0000_s1030" type="#_x0000_t202" style='position:absolute;margin-left:300pt;margin-top:2pt;width:96pt;\
height:56pt;z-index:1;visibility:hidden' fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/>\
<v:textbox style='mso-direction-alt:auto'><div style='text-align:left'><br></div></v:textbox>\
<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>5, 15, 2, 2, 7, 20, 5, 14</x:Anchor>\
<x:AutoFill>False</x:AutoFill><x:Row>2</x:Row><x:Column>3</x:Column></x:ClientData></v:shape></xml>"""
VML_HEADER = f"""<xml {VML}><v:shape id="CH" type="#_x0000_t75" style='position:absolute;width:30pt;height:30pt'>\
<v:imagedata o:relid="rId1" o:title="章"/></v:shape></xml>"""
COMMENTS = f"""{HEAD}<comments xmlns="{MAIN}"><authors><author>审核人</author></authors><commentList>\
<comment ref="D3" authorId="0"><text><r><rPr><b/><sz val="9"/><color rgb="FFFF0000"/><rFont val="宋体"/></rPr>\
<t>审核人：</t></r><r><t xml:space="preserve">请核对名称 </t></r></text></comment></commentList></comments>"""
CHART = f"""{HEAD}<c:chartSpace xmlns:c="{DRAWING}/chart"><c:chart><c:plotArea><c:layout/><c:barChart><c:barDir \
val="col"/><c:grouping val="clustered"/><c:ser><c:idx val="0"/><c:order val="0"/><c:val><c:numRef><c:f>自评表!$E$6:$G$6\
</c:f></c:numRef></c:val></c:ser><c:axId val="1"/><c:axId val="2"/></c:barChart><c:catAx><c:axId val="1"/><c:scaling/>\
<c:delete val="0"/><c:axPos val="b"/><c:crossAx val="2"/></c:catAx><c:valAx><c:axId val="2"/><c:scaling/>\
<c:delete val="0"/><c:axPos val="l"/><c:crossAx val="1"/></c:valAx></c:plotArea></c:chart></c:chartSpace>"""
WPS = 'xmlns:etc="http://www.wps.cn/officeDocument/2017/etCustomData"'


def picture(width=24, height=24):
    """A red ring as PNG."""
    rows = b""
    for y in range(height):
        rows += b"\0"
        for x in range(width):
            edge = 64 < (x - 11.5) ** 2 + (y - 11.5) ** 2 < 132
            rows += b"\xc0\0\0\xff" if edge else b"\xff\xff\xff\0"
    chunks = [
        (b"IHDR", struct.pack(">2I5B", width, height, 8, 6, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    ]
    packed = (struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


def anchor(column, row, what):
    return (
        f"<xdr:twoCellAnchor><xdr:from><xdr:col>{column}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{row}</xdr:row>"
        f"<xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:to><xdr:col>{column + 2}</xdr:col><xdr:colOff>0</xdr:colOff>"
        f"<xdr:row>{row + 5}</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:to>{what}<xdr:clientData/></xdr:twoCellAnchor>"
    )


def drawing():
    name = '<xdr:cNvPr id="{0}" name="{1}"/>'
    shape = '<xdr:spPr><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>{0}</xdr:spPr>'
    pic = (
        f"<xdr:pic><xdr:nvPicPr>{name.format(2, '章')}<xdr:cNvPicPr/></xdr:nvPicPr><xdr:blipFill>"
        f'<a:blip r:embed="rId1"/><a:stretch><a:fillRect/></a:stretch></xdr:blipFill>{shape.format("")}</xdr:pic>'
    )
    chart = (
        f"<xdr:graphicFrame><xdr:nvGraphicFramePr>{name.format(3, '图')}<xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr>"
        '<xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm><a:graphic><a:graphicData '
        f'uri="{DRAWING}/chart"><c:chart xmlns:c="{DRAWING}/chart" r:id="rId2"/></a:graphicData></a:graphic>'
        "</xdr:graphicFrame>"
    )
    line = '<a:ln><a:solidFill><a:srgbClr val="0000FF"/></a:solidFill></a:ln>'
    box = (
        f'<xdr:sp><xdr:nvSpPr>{name.format(4, "文本框")}<xdr:cNvSpPr txBox="1"/></xdr:nvSpPr>{shape.format(line)}'
        "<xdr:txBody><a:bodyPr/><a:p><a:r><a:t>填表说明见后</a:t></a:r></a:p></xdr:txBody></xdr:sp>"
    )
    inside = anchor(11, 1, pic) + anchor(11, 8, chart) + anchor(11, 15, box)
    spaces = f'xmlns:xdr="{DRAWING}/spreadsheetDrawing" xmlns:a="{DRAWING}/main" xmlns:r="{REL}"'
    return f"{HEAD}<xdr:wsDr {spaces}>{inside}</xdr:wsDr>"


def relations(*entries):
    kinds = {"cellImage": "http://www.wps.cn/officeDocument/2020/cellImage"}
    other = {
        "person": "http://schemas.microsoft.com/office/2017/10/relationships/person",
        "threadedComment": "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment",
        "vbaProject": "http://schemas.microsoft.com/office/2006/relationships/vbaProject",
        "core-properties": "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties",
    }
    items = "".join(
        f'<Relationship Id="rId{n}" Type="{(kinds | other).get(kind, f"{REL}/{kind}")}" Target="{target}"/>'
        for n, (kind, target) in enumerate(entries, 1)
    )
    return f'{HEAD}<Relationships xmlns="{PKG}">{items}</Relationships>'


def cells(rows):
    """The rows of a drawn form as XML; texts are shared strings, 公式 has a cached value."""
    strings, out = [], []
    for r, row in enumerate(rows, 1):
        line = ""
        for c, text in enumerate(row):
            name, look = f"{column_letters(c)}{r}", 1 if r == 1 else 2
            if text[:1] == "%":
                line += f'<c r="{name}" s="3"><f>G{r}/F{r}</f><v>{text[1:]}</v></c>'
            elif text[:1] == "#":
                line += f'<c r="{name}" s="4"><v>{text[1:]}</v></c>'
            elif text in ("", "<", "^"):
                line += f'<c r="{name}" s="{look}"/>'
            else:
                line += f'<c r="{name}" s="{look}" t="s"><v>{len(strings)}</v></c>'
                strings.append(text)
        out.append(f'<row r="{r}" spans="1:{len(row)}" ht="{36 if r == 1 else 30}" customHeight="1">{line}</row>\n')
    return "".join(out), strings


def sheet(rows, blocks):
    data, strings = cells(rows)
    image = '<c r="K2" t="str"><f>_xlfn.DISPIMG("ID_1",1)</f><v>=DISPIMG("ID_1",1)</v></c>'
    data = data.replace("</row>", f"{image}</row>", 2).replace(f"{image}</row>", "</row>", 1)
    name = lambda r, c: f"{column_letters(c)}{r + 1}"  # noqa: E731
    merged = "".join(f'<mergeCell ref="{name(b.top, b.left)}:{name(b.bottom, b.right)}"/>' for b in blocks)
    widths = (7, 11, 12, 22, 18, 18, 12, 9, 10, 10)
    cols = "".join(f'<col min="{n}" max="{n}" width="{w}" customWidth="1"/>' for n, w in enumerate(widths, 1))
    x14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
    xm = "http://schemas.microsoft.com/office/excel/2006/main"
    ext = (
        f'<extLst><ext uri="{{78C0D931-6437-407d-A8EE-F0AAD7539E65}}" xmlns:x14="{x14}"><x14:conditionalFormattings>'
        f'<x14:conditionalFormatting xmlns:xm="{xm}"><x14:cfRule type="dataBar" '
        'id="{DA7ABA51-AAAA-BBBB-0001-000000000001}">'
        '<x14:dataBar minLength="0" maxLength="100" border="1"><x14:cfvo type="autoMin"/><x14:cfvo type="autoMax"/>'
        '<x14:borderColor rgb="FF638EC6"/></x14:dataBar></x14:cfRule><xm:sqref>G6:G9</xm:sqref>'
        "</x14:conditionalFormatting></x14:conditionalFormattings></ext>"
        f'<ext uri="{{05C60535-1F16-4fd2-B633-F4F36F0B64E0}}" xmlns:x14="{x14}">'
        f'<x14:sparklineGroups xmlns:xm="{xm}"><x14:sparklineGroup><x14:sparklines><x14:sparkline>'
        "<xm:f>自评表!E6:G6</xm:f><xm:sqref>K6</xm:sqref></x14:sparkline></x14:sparklines>"
        "</x14:sparklineGroup></x14:sparklineGroups></ext></extLst>"
    )
    return (
        f'{HEAD}<worksheet xmlns="{MAIN}" xmlns:r="{REL}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<dimension ref="A1:K{len(rows)}"/><sheetViews><sheetView tabSelected="1" workbookViewId="0"/></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="13.5"/><cols>{cols}</cols><sheetData>{data}</sheetData>'
        '<sheetProtection password="CC1A" sheet="1" objects="1" scenarios="1"/>'
        f'<mergeCells count="{len(blocks)}">{merged}</mergeCells><conditionalFormatting sqref="H12:H18">'
        '<cfRule type="cellIs" dxfId="0" priority="1" operator="lessThan"><formula>5</formula></cfRule>'
        "</conditionalFormatting>"
        '<conditionalFormatting sqref="G6:G9"><cfRule type="dataBar" priority="2"><dataBar><cfvo type="min"/><cfvo '
        'type="max"/><color rgb="FF638EC6"/></dataBar><extLst><ext uri="{B025F937-C7B1-47D3-B67F-A62EFF666E3E}" '
        f'xmlns:x14="{x14}"><x14:id>{{DA7ABA51-AAAA-BBBB-0001-000000000001}}</x14:id></ext></extLst></cfRule>'
        '</conditionalFormatting><dataValidations count="1"><dataValidation type="list" allowBlank="1" sqref="B12:B18">'
        '<formula1>"产出指标,效益指标,满意度指标"</formula1></dataValidation></dataValidations>'
        '<pageMargins left="0.5" right="0.5" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/><headerFooter>'
        '<oddHeader>&amp;C&amp;G</oddHeader></headerFooter><drawing r:id="rId1"/>'
        '<legacyDrawing r:id="rId2"/><legacyDrawingHF r:id="rId3"/>' + ext
    ) + "</worksheet>", strings


def parts(text, *, macros=False):
    """The parts by name, in order."""
    (name, rows), *_ = grids(text)
    assert name
    body, strings = sheet(rows, merges(rows))
    shared = "".join(f"<si><t>{escape(one)}</t></si>" for one in strings)
    rich = shared.replace("<si><t>", '<si><r><rPr><color rgb="FFFF0000"/><rFont val="黑体"/></rPr><t>', 1).replace(
        "</t></si>", "</t></r></si>", 1
    )
    prefixed = (
        f'{HEAD}<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="2"><x:c r="B2"><x:v>1</x:v></x:c></x:row>'
        "</x:sheetData></x:worksheet>"
    )
    columns = '<cols><col min="2" max="3" width="20" style="4"/></cols>'
    empty = f'{HEAD}<worksheet xmlns="{MAIN}">{columns}<sheetData/></worksheet>'
    book = (
        f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{REL}"><workbookPr/><workbookProtection lockStructure="1"/>'
        '<bookViews><workbookView activeTab="0"/></bookViews><sheets><sheet name="自评表" sheetId="1" r:id="rId1"/>'
        '<sheet name="填表\'说明&amp;" sheetId="7" r:id="rId2"/><sheet name="附表" sheetId="4" r:id="rId3"/></sheets>'
        '<definedNames><definedName name="_xlnm.Print_Area" localSheetId="0">自评表!$A$1:$J$19</definedName>'
        '<definedName name="_xlnm.Print_Titles" localSheetId="0">自评表!$1:$2</definedName><definedName name="完成值">'
        "自评表!$F$12</definedName></definedNames><calcPr calcId="
        '"191029"/></workbook>'
    )
    image = f'<xdr:pic xmlns:xdr="{DRAWING}/spreadsheetDrawing" xmlns:a="{DRAWING}/main"/>'
    kind = "vnd.ms-excel.sheet.macroEnabled" if macros else "vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    overrides = {
        "xl/workbook.xml": f"application/{kind}.main+xml",
        **{f"xl/worksheets/sheet{n}.xml": f"{CT}spreadsheetml.worksheet+xml" for n in (1, 2, 3)},
        "xl/styles.xml": f"{CT}spreadsheetml.styles+xml",
        "xl/sharedStrings.xml": f"{CT}spreadsheetml.sharedStrings+xml",
        "xl/comments1.xml": f"{CT}spreadsheetml.comments+xml",
        "xl/drawings/drawing1.xml": f"{CT}drawing+xml",
        "xl/charts/chart1.xml": f"{CT}drawingml.chart+xml",
        "xl/calcChain.xml": f"{CT}spreadsheetml.calcChain+xml",
        "xl/cellimages.xml": "application/vnd.wps-officedocument.cellimage+xml",
        "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
        "docProps/app.xml": f"{CT}extended-properties+xml",
        "docProps/custom.xml": f"{CT}custom-properties+xml",
    }
    defaults = {"rels": "application/vnd.openxmlformats-package.relationships+xml", "xml": "application/xml"}
    defaults |= {"png": "image/png", "vml": f"{CT}vmlDrawing", "bin": "application/vnd.ms-office.vbaProject"}
    listed = "".join(f'<Default Extension="{e}" ContentType="{t}"/>' for e, t in defaults.items())
    listed += "".join(f'<Override PartName="/{n}" ContentType="{t}"/>' for n, t in overrides.items())
    places = (f"I{n}" for n, row in enumerate(rows, 1) for cell in row if cell[:1] == "%")
    formulas = "".join(f'<c r="{place}" i="1"/>' for place in places)
    found = {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{listed}</Types>',
        "_rels/.rels": relations(
            ("officeDocument", "xl/workbook.xml"),
            ("core-properties", "docProps/core.xml"),
            ("extended-properties", "docProps/app.xml"),
            ("custom-properties", "docProps/custom.xml"),
        ),
        "xl/workbook.xml": book,
        "xl/_rels/workbook.xml.rels": relations(
            *(("worksheet", f"worksheets/sheet{n}.xml") for n in (1, 2, 3)),
            ("styles", "styles.xml"),
            ("sharedStrings", "sharedStrings.xml"),
            ("calcChain", "calcChain.xml"),
            ("cellImage", "cellimages.xml"),
            *([("vbaProject", "vbaProject.bin")] if macros else []),
        ),
        "xl/worksheets/sheet1.xml": body,
        "xl/worksheets/sheet2.xml": empty,
        "xl/worksheets/sheet3.xml": prefixed,
        "xl/worksheets/_rels/sheet1.xml.rels": relations(
            ("drawing", "../drawings/drawing1.xml"),
            ("vmlDrawing", "../drawings/vmlDrawing1.vml"),
            ("vmlDrawing", "../drawings/vmlDrawing2.vml"),
            ("comments", "../comments1.xml"),
        ),
        "xl/styles.xml": STYLES,
        "xl/sharedStrings.xml": f'{HEAD}<sst xmlns="{MAIN}" count="{len(strings)}">{rich}</sst>',
        "xl/comments1.xml": COMMENTS,
        "xl/drawings/vmlDrawing1.vml": VML_NOTE,
        "xl/drawings/vmlDrawing2.vml": VML_HEADER,
        "xl/drawings/_rels/vmlDrawing2.vml.rels": relations(("image", "../media/image1.png")),
        "xl/drawings/drawing1.xml": drawing(),
        "xl/drawings/_rels/drawing1.xml.rels": relations(
            ("image", "../media/image1.png"), ("chart", "../charts/chart1.xml")
        ),
        "xl/charts/chart1.xml": CHART,
        "xl/media/image1.png": picture(),
        "xl/cellimages.xml": f"{HEAD}<etc:cellImages {WPS}><etc:cellImage>{image}</etc:cellImage></etc:cellImages>",
        "xl/calcChain.xml": f'{HEAD}<calcChain xmlns="{MAIN}">{formulas}</calcChain>',
        "docProps/core.xml": f'{HEAD}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>',
        "docProps/app.xml": f'{HEAD}<Properties xmlns="{OFFICE}/extended-properties"/>',
        "docProps/custom.xml": (
            f'{HEAD}<Properties xmlns="{OFFICE}/custom-properties" xmlns:vt="{OFFICE}/docPropsVTypes"><property '
            'fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="2" name="KSOProductBuildVer">'
            "<vt:lpwstr>2052-12.1.0</vt:lpwstr></property></Properties>"
        ),
    }
    if macros:
        found["xl/vbaProject.bin"] = b"\xd0\xcf\x11\xe0 no real macro"
    return {name: one if isinstance(one, bytes) else one.encode() for name, one in found.items()}


def packed(found, *, stored=()):
    """The parts as a file; some are stored without packing."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in found.items():
            archive.writestr(
                zipfile.ZipInfo(name, (2024, 3, 1, 9, 30, 0)),
                data,
                zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED,
            )
    return out.getvalue()


def unpacked(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}
