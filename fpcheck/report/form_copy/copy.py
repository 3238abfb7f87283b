"""The checked copy of a file: the file itself with marks where it can be written into, else a list beside it."""

from dataclasses import dataclass
from pathlib import PurePath

from fpcheck.intake.office.kinds import Kind, kind_of
from fpcheck.report.form_copy.contents import Contents
from fpcheck.report.form_copy.docx import marked_docx
from fpcheck.report.form_copy.fresh import list_workbook
from fpcheck.report.form_copy.marks import LIST
from fpcheck.report.form_copy.xlsx import marked_xlsx

_KEPT = {Kind.XLSX: (".xlsx", ".xlsm", ".xltx", ".xltm"), Kind.DOCX: (".docx", ".docm", ".dotx", ".dotm")}
_MACROS = b"vbaProject.bin"


@dataclass(frozen=True)
class CopyPlan:
    """What will be written for a file: `ending` is that of its name, `name` the whole name beside others.

    `whole` tells a copy of the file from a list of its own.
    """

    kind: Kind
    ending: str
    name: str

    @property
    def whole(self) -> bool:
        """Whether the file itself is copied."""
        return self.kind in _KEPT


def plan_copy(data: bytes, source: str, name: str) -> CopyPlan:
    """Tell what can be written for a file, by its content; `name` is the one that it has.

    Raises:
        Unreadable: a damaged or hostile package.
    """
    kind = kind_of(data, source)
    path = PurePath(name)
    if kind not in _KEPT:
        return CopyPlan(kind, ".xlsx", f"{name}.{LIST}.xlsx")
    plain, macros, *_ = _KEPT[kind]
    known = path.suffix.lower() in _KEPT[kind]
    ending = path.suffix if known else macros if _MACROS in data else plain
    return CopyPlan(kind, ending, str(path.with_suffix(ending)))


def checked_copy(data: bytes, source: str, kind: Kind, contents: Contents) -> bytes:
    """Give the copy.

    Raises:
        Unreadable: the file cannot be written into; why, and what to do.
    """
    if kind is Kind.XLSX:
        return marked_xlsx(data, source, contents.marks, contents.listing)
    if kind is Kind.DOCX:
        return marked_docx(data, source, contents.marks, contents.listing)
    return list_workbook(contents.listing)
