"""Word files → a sheet for each table, with the paragraphs before it as rows above, as in an Excel form.

Read is what a person sees: what was deleted with changes tracked is left out, what was inserted is kept.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from fpcheck.intake.office.grid import Sheet, Workbook
from fpcheck.intake.office.noticed import has_macros
from fpcheck.intake.office.package import Handlers, Package, open_package
from fpcheck.intake.office.word_runs import Attributes, Runs, value
from fpcheck.intake.office.word_table import WordCell, WordTable, add_lines
from fpcheck.problem import Problem, short

MOST_COLUMNS = 256  # Word itself allows 63
MOST_PLACES = 80_000  # of all tables, empty ones too, and paragraphs
MOST_STEPS = 600_000  # beginnings, ends and texts of elements
MOST_CHARACTERS = 20_000_000
NAMESPACES = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
    "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "http://schemas.microsoft.com/office/word/2010/wordml",
    "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "http://purl.oclc.org/ooxml/officeDocument/math",
)
# Nothing in them is seen: moved away, the older twin of a drawing, the reading above a word, former looks; also `del`.
UNSEEN = (
    *("moveFrom", "Fallback", "rt"),
    *("tcPrChange", "trPrChange", "pPrChange", "rPrChange", "tblPrChange", "tblPrExChange", "sectPrChange"),
)
TEXT_ONLY = "正文"  # the name of the sheet of a file without tables
EMBEDDED = {"package", "oleObject", "aFChunk"}


def read_docx(given: Path | bytes, source: str) -> Workbook:
    """Read every table, also one within another.

    Raises:
        Unreadable: no sound Word file, or past a limit.
    """
    package = open_package(given, source)
    main = next((one.target for one in package.relations().values() if one.kind == "officeDocument"), "")
    main = main or "word/document.xml"
    reading = _Reading(package)
    package.parse(main, reading.handlers())
    workbook = Workbook("docx", reading.sheets(), list(reading.remarks()))
    kinds = {relation.kind for relation in package.relations(main).values()}
    if "vbaProject" in kinds:
        workbook.problems.append(has_macros(source))
    if EMBEDDED & kinds:
        message = "Word 文件里嵌入了 Excel 表格或别的文档，嵌入的内容没有读"
        hint = "请双击打开嵌入的表，把内容复制成 Word 表格，或直接交那份 Excel"
        workbook.problems.append(Problem(source, message, hint))
    return workbook


class _Reading:
    """The document as it is read, element by element."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._runs = Runs(self._line)
        self._begun: list[tuple[WordTable, list[str]]] = []  # in order, with the lines before it
        self._tables: list[WordTable] = []  # those open, one within another
        self._cells: list[WordCell] = []
        self._lines: list[str] = []  # outside of tables, since the last one
        self._row_properties = False
        self._number = self._skipped = self._characters = self._places = self._steps = 0

    def handlers(self) -> Handlers:
        """What to do with which element; nothing within what is not seen."""
        starts: dict[str, Callable[[Attributes], None]] = {
            "tbl": self._table,
            "tr": self._row,
            "trPr": self._properties,
            "tc": self._cell,
            "gridBefore": self._before,
            "gridSpan": self._span,
            "vMerge": self._down,
            "hMerge": self._across,
        }
        ends: dict[str, Callable[[], None]] = {
            "tbl": self._end_table,
            "tr": self._end_row,
            "trPr": self._end_properties,
            "tc": self._end_cell,
        }
        return Handlers(
            NAMESPACES,
            self._if_seen(self._runs.starts() | starts) | dict.fromkeys(UNSEEN, self._skip) | {"del": self._delete},
            self._if_seen(self._runs.texts()),
            self._if_seen(self._runs.ends() | ends) | dict.fromkeys([*UNSEEN, "del"], self._end_skip),
        )

    def sheets(self) -> list[Sheet]:
        """Give the tables in order; what stands after the last one as rows below it; a text without tables alone."""
        if not self._begun:
            text = Sheet(TEXT_ONLY)
            add_lines(text, 0, self._lines, 1, "")
            return [text]
        sheets = [table.sheet(above) for table, above in self._begun]
        at = max(place for place, (table, _) in enumerate(self._begun) if not table.nested)
        last, above = self._begun[at]
        add_lines(sheets[at], len(above) + last.height, self._lines, last.width, f"表{last.number}下方")
        return sheets

    def remarks(self) -> Iterator[Problem]:
        """Tell what is in the file and was not read."""
        source, hidden, prompts = self._package.source, self._runs.hidden, self._runs.prompts
        if not self._begun:
            yield Problem(source, "Word 文件里没有表格，只读到正文", "请确认选对了文件")
        if hidden or any(table.unseen for table, _ in self._begun):
            shown = f"（“{short(hidden)}”）" if hidden else ""
            yield Problem(source, f"文件里有看不见的隐藏文字{shown}，没有读", "要用就取消隐藏，不用请删去", remark=True)
        if prompts:
            message = f"有 {prompts} 处还是提示文字（如“{short(self._runs.prompt)}”），当作没有填"
            yield Problem(source, message, "请点进去填写", remark=True)

    def _if_seen(self, handlers: Mapping[str, Callable[..., None]]) -> dict[str, Callable[..., None]]:
        return {name: self._guarded(handler) for name, handler in handlers.items()}

    def _guarded(self, handler: Callable[..., None]) -> Callable[..., None]:
        def handle(*given: Attributes | str) -> None:
            self._steps += 1
            if self._steps > MOST_STEPS:
                self._refuse()
            if not self._skipped:
                handler(*given)

        return handle

    def _skip(self, _: Attributes) -> None:
        self._skipped += 1

    def _delete(self, attributes: Attributes) -> None:
        """Skip what was deleted; among the properties of a row it is the row itself."""
        if self._row_properties and not self._skipped and self._tables:
            self._tables[-1].deleted = True
        self._skip(attributes)

    def _end_skip(self) -> None:
        self._skipped -= 1

    def _line(self, text: str) -> None:
        """Take a paragraph."""
        self._characters += len(text)
        self._count(1)
        if self._cells:
            self._cells[-1].lines.append(text)
        elif text.strip():
            self._lines.append(text.strip())

    def _count(self, places: int) -> None:
        self._places += places
        if self._places > MOST_PLACES or self._characters > MOST_CHARACTERS:
            self._refuse()

    def _refuse(self) -> None:
        self._package.refuse("Word 文件太长，没有读", "请只留下要交的表，或拆成几个文件")

    def _table(self, _: Attributes) -> None:
        self._number += 1
        table = WordTable(self._number, nested=bool(self._tables))
        self._begun.append((table, [] if table.nested else self._lines))
        self._tables.append(table)
        self._lines = self._lines if table.nested else []

    def _end_table(self) -> None:
        if not self._tables:
            return
        table = self._tables.pop()
        if self._cells:
            self._line(table.text())
        if not table.height:  # all its rows were deleted, and with them the tables within
            while (begun := self._begun.pop())[0] is not table:
                pass
            begun[1].extend(self._lines)
            self._lines = begun[1]

    def _row(self, _: Attributes) -> None:
        if self._tables:
            self._tables[-1].begin_row()

    def _properties(self, _: Attributes) -> None:
        self._row_properties = True

    def _end_properties(self) -> None:
        self._row_properties = False

    def _end_row(self) -> None:
        if not self._tables:
            return
        table = self._tables[-1]
        table.end_row()
        self._count(table.width)

    def _cell(self, _: Attributes) -> None:
        if self._tables:
            self._cells.append(WordCell())

    def _end_cell(self) -> None:
        if self._cells and self._tables:
            self._tables[-1].row.append(self._cells.pop())

    def _before(self, attributes: Attributes) -> None:
        if self._tables:
            self._tables[-1].before = _columns(attributes)

    def _span(self, attributes: Attributes) -> None:
        if self._cells:
            self._cells[-1].span = max(1, _columns(attributes))

    def _down(self, attributes: Attributes) -> None:
        if self._cells:
            self._cells[-1].starts_block = value(attributes) == "restart"
            self._cells[-1].goes_on_from_above = value(attributes) != "restart"

    def _across(self, attributes: Attributes) -> None:
        if self._cells:
            self._cells[-1].goes_on_from_left = value(attributes) != "restart"


def _columns(attributes: Attributes) -> int:
    """Read a number of columns; what is none is 0."""
    text = value(attributes) or ""
    known = text.isascii() and text.isdecimal() and len(text) < 6  # noqa: PLR2004 - more digits are no width
    return min(int(text), MOST_COLUMNS) if known else 0
