"""The list of problems as a workbook of its own, for files that cannot be written into."""

from fpcheck.report.form_copy import list_sheet, styles
from fpcheck.report.form_copy.archive import packed
from fpcheck.report.form_copy.looks import Looks
from fpcheck.report.form_copy.marks import LIST, Listing
from fpcheck.report.form_copy.styles import Styles
from fpcheck.report.form_copy.workbook_part import WorkbookPart

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_MAIN_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_WORKBOOK = f'{_HEAD}<workbook xmlns="{list_sheet.MAIN}" xmlns:r="{_OFFICE}"><sheets/></workbook>'
_TYPES = (
    f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_MAIN_TYPE}"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{list_sheet.CONTENT_TYPE}"/>'
    f'<Override PartName="/{styles.PART}" ContentType="{styles.CONTENT_TYPE}"/></Types>'
)


def list_workbook(listing: Listing) -> bytes:
    """Give a workbook (.xlsx) that holds only the list; its places are text."""
    looks = Styles(styles.PLAIN, LIST)
    written = list_sheet.list_sheet(listing, Looks(looks), links=False)
    book = WorkbookPart(_WORKBOOK.encode(), LIST, "xl/workbook.xml").with_list(LIST, "rId1", written)
    return packed(
        {
            "[Content_Types].xml": _TYPES.encode(),
            "_rels/.rels": _relations(("officeDocument", "xl/workbook.xml")),
            "xl/workbook.xml": book,
            "xl/_rels/workbook.xml.rels": _relations(("worksheet", "worksheets/sheet1.xml"), ("styles", "styles.xml")),
            "xl/worksheets/sheet1.xml": written.data,
            styles.PART: looks.done(),
        }
    )


def _relations(*entries: tuple[str, str]) -> bytes:
    listed = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(entries, 1)
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>'.encode()
