"""One Excel form of the official shape, read by openpyxl and by fpcheck: cells, formats and merged blocks."""

import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import openpyxl

from fpcheck.intake.xlsx import read_xlsx

sys.path.append(str(Path(__file__).parent.parent / "tests"))

from workbooks.form import form


def ways() -> dict[str, Callable[[], object]]:
    """Give the readers to time."""
    data = form()
    return {
        "openpyxl（基准）": lambda: openpyxl.load_workbook(BytesIO(data)),
        "fpcheck": lambda: read_xlsx(data, "自评表.xlsx"),
    }
