"""Any office file or table → a workbook, by its content."""

from pathlib import Path

from fpcheck.intake.office.convert import can_convert, read_converted
from fpcheck.intake.office.delimited import read_delimited
from fpcheck.intake.office.docx import read_docx
from fpcheck.intake.office.grid import Workbook
from fpcheck.intake.office.kinds import Kind, file_bytes, kind_of
from fpcheck.intake.office.own_list import without_own_list
from fpcheck.intake.office.xls import read_xls
from fpcheck.intake.office.xlsx import read_xlsx
from fpcheck.problem import printable


def read_workbook(path: Path, source: str) -> Workbook:
    """Read a file of sheets or tables, without our own list; `source` is the file as the user named it.

    Raises:
        Unreadable: no such file, too large, damaged, or of a kind that cannot be read here.
    """
    data = file_bytes(path, source)
    return workbook_of(data, kind_of(data, source), printable(path.stem), source)


def workbook_of(data: bytes, kind: Kind, name: str, source: str) -> Workbook:
    """Read what a file holds, which is of a known kind; `name` is the sheet's where the file has none.

    Raises:
        Unreadable: damaged, or of a kind that cannot be read here.
    """
    return without_own_list(_read(data, kind, name, source))


def _read(data: bytes, kind: Kind, name: str, source: str) -> Workbook:
    match kind:
        case Kind.XLSX:
            return read_xlsx(data, source)
        case Kind.DOCX:
            return read_docx(data, source)
        case Kind.DELIMITED:
            return read_delimited(data, name, source)
        case Kind.XLS:
            return read_xls(data, source)
        case _ if can_convert(kind):
            return read_converted(data, kind, source)
        case _:
            raise kind.refusal(source)
