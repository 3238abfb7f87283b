"""One Excel form of the official shape: its cells read by openpyxl and by fpcheck, and its fields found by fpcheck."""

import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import openpyxl

from fpcheck.intake.office.xlsx import read_xlsx
from fpcheck.intake.printed.from_sheets import read_workbook_forms
from fpcheck.intake.printed.layouts import shipped_layouts
from fpcheck.terms import shipped_glossary

sys.path.append(str(Path(__file__).parent.parent / "tests"))

from workbooks.form import form


def ways() -> dict[str, Callable[[], object]]:
    """Give the readers to time."""
    data = form()
    reading = (shipped_layouts(), shipped_glossary(), "自评表.xlsx")
    return {
        "openpyxl（基准）": lambda: openpyxl.load_workbook(BytesIO(data)),
        "fpcheck，只读格子": lambda: read_xlsx(data, "自评表.xlsx"),
        "fpcheck，读格子并找到每个字段": lambda: list(read_workbook_forms(read_xlsx(data, "自评表.xlsx"), *reading)),
    }
