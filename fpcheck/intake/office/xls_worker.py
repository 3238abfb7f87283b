"""The worker process that opens old Excel files with xlrd, which trusts what it reads too much to run among us.

It runs as a script of its own and imports nothing of fpcheck: the file comes in through stdin, one JSON document goes
out. Cells are [row, column, kind, value, format code's place], kind one of the letters n (number, a text of digits),
t (text), b (truth), e (error). What went wrong is {"error": one of encrypted, large, memory, broken}.
"""

import json
import sys
from contextlib import suppress
from io import StringIO
from typing import Any

import xlrd

MEMORY = 1 << 30  # bytes of address space
MOST_CELLS = 200_000
MOST_CHARACTERS = 20_000_000
BIFF8 = 80
VERY_HIDDEN = 2
KINDS = {xlrd.XL_CELL_NUMBER: "n", xlrd.XL_CELL_DATE: "n", xlrd.XL_CELL_TEXT: "t"}
KINDS |= {xlrd.XL_CELL_BOOLEAN: "b", xlrd.XL_CELL_ERROR: "e"}


class TooLarge(Exception):  # noqa: N818 - named for what it says
    """More cells or letters than any form has."""


class Reading:
    """One file's content as plain data."""

    def __init__(self, book: xlrd.Book) -> None:
        self.book = book
        self.codes: dict[str, int] = {}
        self.cells = self.characters = 0

    def answer(self) -> dict[str, Any]:
        """Give the whole file."""
        sheets = [self.sheet(sheet) for sheet in self.book.sheets()]
        return {"date_1904": bool(self.book.datemode), "sheets": sheets, "codes": list(self.codes)}

    def sheet(self, sheet: xlrd.sheet.Sheet) -> dict[str, Any]:
        """Give one sheet; merged blocks with both ends included."""
        return {
            "name": sheet.name,
            "hidden": sheet.visibility != 0,
            "deep": sheet.visibility == VERY_HIDDEN,
            "cells": [cell for row in range(sheet.nrows) for cell in self.row(sheet, row)],
            "merges": [[top, left, bottom - 1, right - 1] for top, bottom, left, right in sheet.merged_cells],
            "hidden_rows": [row for row, info in sheet.rowinfo_map.items() if info.hidden],
            "hidden_columns": [column for column, info in sheet.colinfo_map.items() if info.hidden],
        }

    def row(self, sheet: xlrd.sheet.Sheet, row: int) -> list[list[Any]]:
        """Give a row's cells that hold anything."""
        found = []
        for column, cell in enumerate(sheet.row(row)):
            kind = KINDS.get(cell.ctype)
            if kind is None or cell.value == "":
                continue
            value = self.value(kind, cell.value)
            self.cells += 1
            self.characters += len(value)
            if self.cells > MOST_CELLS or self.characters > MOST_CHARACTERS:
                raise TooLarge
            found.append([row, column, kind, value, self.code(cell.xf_index)])
        return found

    def value(self, kind: str, value: Any) -> str:  # noqa: ANN401 - as xlrd gives it
        """Write a value as text."""
        if kind == "n":
            return repr(value).removesuffix(".0")  # whole numbers are shown the quick way
        if kind == "b":
            return "TRUE" if value else "FALSE"
        return xlrd.error_text_from_code.get(value, "#?") if kind == "e" else str(value)

    def code(self, look: int | None) -> int:
        """Give the place of a cell's format code."""
        looks = self.book.xf_list
        key = looks[look].format_key if look is not None and 0 <= look < len(looks) else None
        code = self.book.format_map[key].format_str if key in self.book.format_map else ""
        return self.codes.setdefault(code, len(self.codes))


def limit_memory() -> None:
    """Keep the process from eating the machine, where the system can."""
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return
    for what, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CORE, 0)):
        _, hard = resource.getrlimit(what)
        limit = most if hard == resource.RLIM_INFINITY else min(most, hard)
        with suppress(ValueError, OSError):  # a system that does not let itself be limited further
            resource.setrlimit(what, (limit, limit))


def opened(data: bytes, encoding: str | None = None) -> xlrd.Book:
    """Open the file; before version 8 a file that does not say how its letters are encoded is taken for Chinese."""
    book = xlrd.open_workbook(
        file_contents=data, formatting_info=True, ragged_rows=True, logfile=StringIO(), encoding_override=encoding
    )
    if encoding is None and book.biff_version < BIFF8 and book.codepage is None:
        return opened(data, "gb18030")
    return book


def read(data: bytes) -> dict[str, Any]:
    """Read the file, or say what is wrong with it."""
    try:
        return Reading(opened(data)).answer()
    except TooLarge:
        return {"error": "large"}
    except MemoryError:
        return {"error": "memory"}
    except Exception as error:  # noqa: BLE001 - a foreign reader of foreign bytes: it throws all there is
        return {"error": "encrypted" if "encrypted" in str(error) else "broken"}


def main() -> None:
    """Answer once."""
    data = sys.stdin.buffer.read()
    limit_memory()
    out, sys.stdout = sys.stdout, StringIO()
    out.buffer.write(json.dumps(read(data)).encode())
    out.flush()


if __name__ == "__main__":
    main()
