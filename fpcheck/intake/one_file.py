"""One file of any kind → the submissions in it."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from fpcheck.document import Unreadable
from fpcheck.intake.from_yaml import Unrecognised, read_text_form
from fpcheck.intake.office.kinds import Kind, file_bytes, kind_of
from fpcheck.intake.printed.layout import Layout
from fpcheck.problem import printable
from fpcheck.submission import Submission
from fpcheck.terms import Glossary

_AS_TEXT = (Kind.TEXT, Kind.EMPTY, Kind.UNKNOWN)
_TEXT_ENDINGS = (".yaml", ".yml", ".json", ".jsonl", ".txt", ".md", "")  # of files that are meant to be read as text
_HAND_IN = "请确认选对了文件；请交 Excel 或 Word 里的填报表"
_NO_FORMS = (Kind.IMAGE, Kind.SLIDES, Kind.PDF, Kind.OFD, Kind.OTHER_ZIP)  # what a folder of forms has beside them


class Forms(NamedTuple):
    """How forms are read: the names and types, the layouts, and the money unit of those that state none."""

    glossary: Glossary
    layouts: tuple[Layout, ...] = ()
    unit: str | None = None


def read_file(path: Path, forms: Forms) -> Iterator[Submission]:
    """Read every submission of a file.

    Raises:
        Unreadable: a form, or a part of one, that cannot be read, and what was noticed; what can be read comes first.
        Unrecognised: no form at all.
    """
    source = printable(path)
    data = file_bytes(path, source)
    kind = kind_of(data, source)
    if kind in _AS_TEXT:
        try:
            yield from read_text_form(path, forms.glossary, forms.unit)
        except Unrecognised as unrecognised:
            text = path.suffix.lower() in _TEXT_ENDINGS
            message, hint = (str(unrecognised), unrecognised.hint) if text else (kind.said, _HAND_IN)
            raise Unrecognised(message, hint) from None
        return
    if kind in _NO_FORMS:
        (problem,) = kind.refusal(source).problems
        raise Unrecognised(problem.message, problem.hint)
    from fpcheck.intake.office.any_file import workbook_of  # noqa: PLC0415 - a text form needs none of it
    from fpcheck.intake.printed.from_sheets import read_workbook_forms  # noqa: PLC0415

    workbook = workbook_of(data, kind, printable(path.stem), source)
    some = False
    try:
        for submission in read_workbook_forms(workbook, forms.layouts, forms.glossary, source, forms.unit):
            some = True
            yield submission
    except Unreadable as noticed:
        if some or any(not problem.remark for problem in noticed.problems):
            raise
    if not some:
        raise Unrecognised(
            "里面没有填报表", "填报表要有标题和“项目名称”“三级指标”这样的标签；运行 fpcheck form try 看读出了什么"
        )
