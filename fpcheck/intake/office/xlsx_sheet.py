"""One sheet of an Excel file, read as it streams by."""

import re
from collections.abc import Callable

from fpcheck.intake.office.grid import LETTERS, Block, GridCell, Sheet
from fpcheck.intake.office.number_format import shown_number, shown_text
from fpcheck.intake.office.package import Handlers
from fpcheck.intake.office.xlsx_tables import CHARACTER, LONGEST, NAMESPACES, Budget, Joined, Tables, plain
from fpcheck.problem import short

ROW, EMPTY, CELL, MERGE = 200, 64, 220, 350  # bytes; an empty row or cell takes mostly time
MAX_ROWS = 1_048_576
MAX_COLUMNS = 16_384
_PICTURE = ("=DISPIMG(", "=_xlfn.DISPIMG(")
_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T00:00(?::00(?:\.0+)?)?)?Z?")
_LETTERS = re.compile("[A-Z]{1,3}")
_TRUE = ("1", "true", "on")


class SheetReader:
    """Fills a sheet from its part."""

    def __init__(self, sheet: Sheet, tables: Tables, budget: Budget) -> None:
        self._sheet = sheet
        self._tables = tables
        self._budget = budget
        self._row = self._column = -1
        self._row_digits = ""
        self._columns: dict[str, int] = {}
        self._hidden_to = 0
        self._kind: str | None = None
        self._style: str | None = None
        self._value: str | None = None
        self._formula = self._inline = self._known = False
        self._joined = Joined()
        self._shared: dict[tuple[str, str | None], GridCell] = {}
        self._typed: dict[str, Callable[[str], GridCell]] = {
            "s": self._shared_text,
            "str": self._text,
            "inlineStr": self._text,
            "b": _boolean,
            "e": _error,
            "d": _day,
        }

    def read(self, part: str) -> None:
        """Read the part.

        Raises:
            Unreadable: damaged, or more than the limits allow.
        """
        starts = {
            "worksheet": self._begin,
            "col": self._hide_columns,
            "row": self._begin_row,
            "c": self._begin_cell,
            "f": self._note_formula,
            "is": self._begin_inline,
            "rPh": self._joined.reading_begins,
            "mergeCell": self._merge,
        }
        texts = {"v": self._hear_value, "t": self._hear_text}
        ends = {"c": self._end_cell, "rPh": self._joined.reading_ends}
        self._budget.package.parse(part, Handlers(NAMESPACES, starts, texts, ends))
        if not self._known:
            self._broken("里没有表格")

    def _broken(self, what: str) -> None:
        self._budget.package.refuse(f"文件已损坏，工作表“{short(self._sheet.name)}”{what}")

    def _begin(self, _: dict[str, str]) -> None:
        self._known = True

    def _hide_columns(self, attributes: dict[str, str]) -> None:
        if attributes.get("hidden") in _TRUE:
            first, last = (attributes.get(name, "") for name in ("min", "max"))
            if first.isdecimal() and last.isdecimal() and len(first + last) < 12:  # noqa: PLR2004 - two columns' numbers
                reach = range(max(int(first) - 1, self._hidden_to), min(int(last), MAX_COLUMNS))
                self._sheet.hidden_columns.update(reach)
                self._hidden_to = max(self._hidden_to, reach.stop)

    def _begin_row(self, attributes: dict[str, str]) -> None:
        self._budget.take(ROW)
        digits = attributes.get("r")
        self._row = self._number(str(self._row + 2) if digits is None else digits)
        self._row_digits = digits or ""
        self._column = -1
        if attributes.get("hidden") in _TRUE:
            self._sheet.hidden_rows.add(self._row)

    def _number(self, digits: str) -> int:
        """A row's number in an address, counted from 0."""
        row = int(digits) - 1 if digits.isdecimal() and len(digits) < 8 else -1  # noqa: PLR2004 - a million has seven
        if not 0 <= row < MAX_ROWS:
            self._broken(f"里的行号“{short(digits)}”不对")
        return row

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        if reference is None:
            self._column += 1
        else:
            letters = reference.rstrip("0123456789")
            column = self._columns.get(letters)
            self._column = self._column_of(letters) if column is None else column
            if (digits := reference[len(letters) :]) != self._row_digits:
                self._row, self._row_digits = self._number(digits), digits
        self._kind = attributes.get("t")
        self._style = attributes.get("s")
        self._value = None
        self._formula = self._inline = False

    def _column_of(self, letters: str) -> int:
        found = _LETTERS.fullmatch(letters.upper())
        column = -1
        for letter in found[0] if found else "":
            column = (column + 1) * LETTERS + ord(letter) - ord("A")
        if not 0 <= column < MAX_COLUMNS:
            self._broken(f"里的列号“{short(letters)}”不对")
        self._columns[letters] = column
        return column

    def _note_formula(self, _: dict[str, str]) -> None:
        self._formula = True

    def _begin_inline(self, _: dict[str, str]) -> None:
        self._inline = True
        self._joined.begin()

    def _hear_value(self, text: str) -> None:
        self._value = text

    def _hear_text(self, text: str) -> None:
        if self._inline:
            self._joined.add(text)

    def _end_cell(self) -> None:
        value = self._value
        if self._inline:
            value = self._joined.text()
            self._inline = False
        if not value and (value is None or self._kind not in ("str", "inlineStr")):
            if not self._formula:
                self._budget.take(EMPTY)
                return
            cell = GridCell("", "公式没有计算结果，请用 Excel 或 WPS 打开后保存一次")
        elif typed := self._typed.get(self._kind or "n"):
            cell = typed(value)
        else:
            cell = shown_number(value, self._tables.code(self._style), date_1904=self._tables.date_1904)
        if cell.text or cell.doubt:
            self._put(cell)

    def _put(self, cell: GridCell) -> None:
        self._budget.take_cell(CELL)
        place = self._row, self._column
        if place in self._sheet.cells:
            cell = GridCell(cell.text, "文件里这一格写了两次，内容可能不对，请核对")
        self._sheet.cells[place] = cell

    def _shared_text(self, value: str) -> GridCell:
        if kept := self._shared.get((value, self._style)):
            return kept
        number = int(value) if value.isdecimal() and len(value) < 9 else -1  # noqa: PLR2004 - no text so high
        if not 0 <= number < len(self._tables.strings):
            return GridCell("", "这一格的文字丢失，文件可能已损坏，请重新填写")
        cell = self._shared[value, self._style] = self._long(self._tables.strings[number])
        return cell

    def _text(self, value: str) -> GridCell:
        self._budget.take(CHARACTER * len(value))
        return self._long(plain(value))

    def _long(self, text: str) -> GridCell:
        """A text, told of where it is longer than a cell may hold, or stands for a picture."""
        if len(text) > LONGEST:
            return GridCell(text[:LONGEST], f"文字超过 {LONGEST} 字，只读了前面的")
        if text.startswith(_PICTURE):
            return GridCell(text, "这一格是图片，读不出文字，请把文字填进来")
        return shown_text(text, self._tables.code(self._style))

    def _merge(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("ref", "")
        first, _, last = reference.partition(":")
        (top, left), (bottom, right) = self._corner(first), self._corner(last or first)
        self._budget.take(MERGE)
        if first != (last or first):
            self._sheet.merges.append(Block(min(top, bottom), min(left, right), max(top, bottom), max(left, right)))

    def _corner(self, reference: str) -> tuple[int, int]:
        letters = reference.rstrip("0123456789")
        column = self._columns.get(letters)
        row = self._number(reference[len(letters) :])
        return row, self._column_of(letters) if column is None else column


def _boolean(value: str) -> GridCell:
    return GridCell("TRUE" if value in _TRUE else "FALSE")


def _error(value: str) -> GridCell:
    return GridCell(value, f"单元格是错误值 {short(value)}，请改正公式或直接填写")


def _day(value: str) -> GridCell:
    """A day stored as text (strict files): 2023-12-31T00:00:00."""
    found = _DAY.fullmatch(value)
    return GridCell(found[1] if found else value.replace("T", " "))
