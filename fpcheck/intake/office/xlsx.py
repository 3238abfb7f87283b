"""Excel workbooks (xlsx, xlsm) → sheets of cells, on the standard library, within limits; nothing is evaluated."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from fpcheck.intake.office.grid import Sheet, Workbook
from fpcheck.intake.office.noticed import about_sheet, has_macros, notice_sheet
from fpcheck.intake.office.package import Handlers, Package, Relation, open_package
from fpcheck.intake.office.xlsx_sheet import SheetReader
from fpcheck.intake.office.xlsx_tables import NAMESPACES, Budget, Tables, read_codes, read_strings
from fpcheck.problem import Problem, short

_RELATIONSHIPS = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships id",
    "http://purl.oclc.org/ooxml/officeDocument/relationships id",
)
MOST_SHEETS = 500
_SAVE_AS = "请用 Excel 或 WPS 打开，另存为 .xlsx 再交"
_NO_TABLE = {"chartsheet": "图表", "dialogsheet": "对话框", "xlMacrosheet": "宏表", "xlIntlMacrosheet": "宏表"}


class _Listed(NamedTuple):
    """A sheet as the workbook lists it: `state` is visible, hidden or veryHidden."""

    name: str
    relation: str
    state: str


def read_xlsx(given: Path | bytes, source: str) -> Workbook:
    """Read a workbook; `source` is the file as the user named it.

    Raises:
        Unreadable: no Excel workbook, damaged, encrypted, or past a limit.
    """
    package = open_package(given, source)
    part = _workbook_part(package)
    relations = package.relations(part)
    listed, date_1904 = _listed(package, part)
    tables, budget = Tables(date_1904=date_1904), Budget(package)
    for kind, target, external in relations.values():
        if kind == "sharedStrings" and not external:
            tables.strings = read_strings(budget, target)
        elif kind == "styles" and not external:
            tables.codes = read_codes(package, target)
    workbook = Workbook("xlsx", problems=list(_remarks(package, relations)))
    read: set[str] = set()
    for entry in listed:
        relation = relations.get(entry.relation)
        if relation is None or relation.external or relation.target in read:
            package.refuse(f"文件已损坏，找不到工作表“{short(entry.name)}”的内容")
        read.add(relation.target)
        if what := _NO_TABLE.get(relation.kind):
            message, hint = f"这是{what}，没有读", "表格内容请放在普通工作表里"
            workbook.problems.append(about_sheet(source, entry.name, message, hint))
            continue
        sheet = Sheet(entry.name, hidden=entry.state != "visible")
        SheetReader(sheet, tables, budget).read(relation.target)
        workbook.problems += notice_sheet(sheet, source, deep=entry.state == "veryHidden")
        workbook.sheets.append(sheet)
    return workbook


def _workbook_part(package: Package) -> str:
    """Find the part that lists the sheets."""
    main = next((relation for relation in package.relations().values() if relation.kind == "officeDocument"), None)
    part = main.target if main and main.target in package else "xl/workbook.xml"
    if part.endswith(".bin"):
        package.refuse("这是二进制工作簿（xlsb），不能直接读", _SAVE_AS)
    if part not in package:
        package.refuse(
            "这不是 Excel 工作簿，里面没有工作表",
            "如果是压缩包，请解压后把里面的表直接交来" if package.names else _SAVE_AS,
        )
    return part


def _listed(package: Package, part: str) -> tuple[list[_Listed], bool]:
    """Give the sheets in order, and whether days count from 1904."""
    found: list[_Listed] = []
    properties: dict[str, str] = {}

    def sheet(attributes: dict[str, str]) -> None:
        relation = next((attributes[name] for name in _RELATIONSHIPS if name in attributes), "")
        found.append(_Listed(attributes.get("name", ""), relation, attributes.get("state", "visible")))

    package.parse(part, Handlers(NAMESPACES, starts={"sheet": sheet, "workbookPr": properties.update}))
    if not found:
        package.refuse("这不是 Excel 工作簿，里面没有工作表", _SAVE_AS)
    if len(found) > MOST_SHEETS:
        package.refuse(f"工作表超过 {MOST_SHEETS} 张，没有读", "请删去无关的工作表，或拆成几个文件")
    return found, properties.get("date1904") in ("1", "true", "on")


def _remarks(package: Package, relations: dict[str, Relation]) -> Iterator[Problem]:
    """What is noticed about the whole file."""
    source = package.source
    if any(name.lower().endswith("vbaproject.bin") for name in package.names):
        yield has_macros(source)
    if any(relation.kind == "externalLink" for relation in relations.values()):
        message = "文件含有外部链接，读的是上次保存时的数，没有更新"
        yield Problem(source, message, "请把引用别的文件的公式改成数值", remark=True)
