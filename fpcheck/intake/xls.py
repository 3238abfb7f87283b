"""Old Excel files and those of WPS (.xls, .et): opened by xlrd in a process of their own, limited in memory and time.

A formula gives what was last saved as its result; the old format does not tell one that was never computed.
"""

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from fpcheck.document import Unreadable
from fpcheck.intake.grid import Block, GridCell, Sheet, Workbook
from fpcheck.intake.number_format import shown_number, shown_text
from fpcheck.problem import Problem, why_not

SECONDS = 20
MOST_MERGED = 1_000_000  # cells in merged blocks, as far as the sheet reaches
SCRIPT = Path(__file__).with_name("xls_worker.py")
_SAVE = "请用 WPS 或 Excel 打开，另存为 .xlsx 再交"
_WHY = {
    "encrypted": ("文件有打开密码，读不出来", "请打开后取消密码，保存再交"),
    "large": ("表太大，没有读", "请删去无关的工作表和空行，或拆成几个文件"),
    "memory": ("文件占用的内存太多，没有读", _SAVE),
    "broken": ("文件不完整或已损坏，读不出来", _SAVE),
    "late": (f"{SECONDS} 秒没有读完，已停止", _SAVE),
}


def can_read_xls() -> bool:
    """Whether xlrd is installed."""
    return find_spec("xlrd") is not None


def read_xls(data: bytes, source: str) -> Workbook:
    """Read an old Excel file.

    Raises:
        Unreadable: damaged, with a password, too large, or xlrd is not installed.
    """
    if not can_read_xls():
        hint = "请用 WPS 或 Excel 打开，另存为 .xlsx 再交；或请管理员安装 fpcheck[office]"
        raise Unreadable([Problem(source, "这是旧版 Excel 或 WPS 表格，读它的组件 xlrd 没有安装", hint)])
    answer = _ask(data, source)
    if reason := answer.get("error"):
        raise Unreadable([Problem(source, *_WHY[reason])])
    workbook = Workbook("xls")
    for given in answer["sheets"]:
        workbook.sheets.append(_sheet(given, answer["codes"], source, date_1904=answer["date_1904"]))
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


def _sheet(given: dict[str, Any], codes: list[str], source: str, *, date_1904: bool) -> Sheet:
    sheet = Sheet(given["name"], hidden=given["hidden"])
    for row, column, kind, value, code in given["cells"]:
        cell = _cell(kind, value, codes[code], date_1904=date_1904)
        if cell.text.strip() or cell.doubt:
            sheet.cells[row, column] = cell
    sheet.hidden_rows = set(given["hidden_rows"])
    sheet.hidden_columns = set(given["hidden_columns"])
    bottom, right = sheet.extent
    area = 0
    for block in (Block(*ends) for ends in given["merges"]):
        reach = block._replace(bottom=min(block.bottom, bottom), right=min(block.right, right))
        area += max(0, reach.bottom - reach.top + 1) * max(0, reach.right - reach.left + 1)
        if area > MOST_MERGED:
            raise Unreadable([Problem(source, f"工作表“{sheet.name}”的合并单元格大得不正常，没有读", _SAVE)])
        sheet.merges.append(block)
        _uncover(sheet, reach)
    return sheet


def _uncover(sheet: Sheet, block: Block) -> None:
    """Drop what lies under a merged block and is not seen."""
    for row in range(block.top, block.bottom + 1):
        for column in range(block.left, block.right + 1):
            if (row, column) != (block.top, block.left):
                sheet.cells.pop((row, column), None)


def _cell(kind: str, value: str, code: str, *, date_1904: bool) -> GridCell:
    if kind == "n":
        return shown_number(value, code, date_1904=date_1904)
    if kind == "e":
        return GridCell(value, f"这一格是错误值 {value}，请在表里改正公式")
    return shown_text(value, code) if kind == "t" else GridCell(value)
