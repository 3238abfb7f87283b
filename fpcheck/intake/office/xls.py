"""Old Excel files and those of WPS (.xls, .et): opened by xlrd in a process of their own, limited in memory and time.

A formula gives what was last saved as its result; the old format does not tell one that was never computed.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from fpcheck.document import Unreadable
from fpcheck.intake.office.grid import Block, GridCell, Sheet, Workbook
from fpcheck.intake.office.kinds import UNLOCK
from fpcheck.intake.office.noticed import has_macros, notice_sheet
from fpcheck.intake.office.number_format import shown_number, shown_text
from fpcheck.intake.office.ole import names_in_ole
from fpcheck.problem import Problem, why_not

MACROS = "_VBA_PROJECT_CUR"
SECONDS = 20
SCRIPT = Path(__file__).with_name("xls_worker.py")
_SAVE = "请用 WPS 或 Excel 打开，另存为 .xlsx 再交"
_WHY = {
    "encrypted": ("文件加了密（设了打开密码或“保护工作簿”），读不出来", UNLOCK),
    "large": ("表太大，没有读", "请删去无关的工作表和空行，或拆成几个文件"),
    "memory": ("文件占用的内存太多，没有读", _SAVE),
    "broken": ("文件不完整或已损坏，读不出来", _SAVE),
    "late": (f"{SECONDS} 秒没有读完，已停止", _SAVE),
}


def read_xls(data: bytes, source: str) -> Workbook:
    """Read an old Excel file.

    Raises:
        Unreadable: damaged, with a password, or too large.
    """
    answer = _ask(data, source)
    if reason := answer.get("error"):
        raise Unreadable([Problem(source, *_WHY[reason])])
    workbook = Workbook("xls")
    if MACROS in names_in_ole(data):
        workbook.problems.append(has_macros(source))
    for given in answer["sheets"]:
        sheet = _sheet(given, answer["codes"], date_1904=answer["date_1904"])
        workbook.problems += notice_sheet(sheet, source, deep=given["deep"])
        workbook.sheets.append(sheet)
    return workbook


def _ask(data: bytes, source: str) -> dict[str, Any]:
    """Let the worker read the file; its answer, also where it died or was late."""
    command = [sys.executable, "-P", str(SCRIPT)]
    try:
        done = subprocess.run(  # noqa: S603 - our own script
            command, input=data, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return {"error": "late"}
    except OSError as error:
        raise Unreadable([Problem(source, f"启动不了读取进程（{why_not(error)}）", _SAVE)]) from None
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
    except ValueError:  # it was killed, or ran out of memory
        return {"error": "memory"}
    return answer


def _sheet(given: dict[str, Any], codes: list[str], *, date_1904: bool) -> Sheet:
    sheet = Sheet(given["name"], hidden=given["hidden"])
    for row, column, kind, value, code in given["cells"]:
        cell = _cell(kind, value, codes[code], date_1904=date_1904)
        if cell.text.strip() or cell.doubt:
            sheet.cells[row, column] = cell
    sheet.hidden_rows = set(given["hidden_rows"])
    sheet.hidden_columns = set(given["hidden_columns"])
    sheet.merges = [Block(*ends) for ends in given["merges"]]
    return sheet


def _cell(kind: str, value: str, code: str, *, date_1904: bool) -> GridCell:
    if kind == "n":
        return shown_number(value, code, date_1904=date_1904)
    if kind == "e":
        return GridCell(value, f"单元格是错误值 {value}，请改正公式或直接填写")
    return shown_text(value, code) if kind == "t" else GridCell(value)
