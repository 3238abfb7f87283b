"""Any office file or table → a workbook, by its content."""

from pathlib import Path

from fpcheck.document import Unreadable
from fpcheck.intake.office.convert import can_convert, read_converted
from fpcheck.intake.office.delimited import read_delimited
from fpcheck.intake.office.docx import read_docx
from fpcheck.intake.office.grid import Workbook
from fpcheck.intake.office.kinds import Kind, kind_of
from fpcheck.intake.office.xls import read_xls
from fpcheck.intake.office.xlsx import read_xlsx
from fpcheck.problem import Problem, printable, why_not

MAX_BYTES = 20 * 1024 * 1024


def read_workbook(path: Path, source: str) -> Workbook:
    """Read a file of sheets or tables; `source` is the file as the user named it.

    Raises:
        Unreadable: no such file, too large, damaged, or of a kind that cannot be read here.
    """
    data = file_bytes(path, source)
    kind = kind_of(data, source)
    match kind:
        case Kind.XLSX:
            return read_xlsx(data, source)
        case Kind.DOCX:
            return read_docx(data, source)
        case Kind.DELIMITED:
            return read_delimited(data, printable(path.stem), source)
        case Kind.XLS:
            return read_xls(data, source)
        case _ if can_convert(kind):
            return read_converted(data, kind, source)
        case _:
            raise kind.refusal(source)


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
