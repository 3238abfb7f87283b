"""A self-evaluation form in the shape of the official ones: merged blocks, borders, formats, 37 rows of 10 columns."""

from io import BytesIO

import openpyxl
from openpyxl.styles import Alignment, Border, Font, Side

HEADER = [
    "一级指标",
    "二级指标",
    "三级指标",
    "指标性质",
    "指标值",
    "度量单位",
    "实际完成值",
    "分值",
    "得分",
    "偏差原因",
]
FUNDS = ["年度资金总额", "其中：当年财政拨款", "上年结转资金", "其他资金"]
MERGED = ["A1:J1", "A2:J2", "A3:B3", "C3:J3", "A4:B4", "C4:J4", "A5:B5", "C5:J5", "A6:A10", "A12:A29"]
FORMATS = {3: "#,##0.00", 4: "#,##0.00", 5: "#,##0.00", 7: "0.00%", 8: "0.00"}


def rows():
    """The rows of values, from the first."""
    yield ["项目支出绩效自评表"]
    yield ["金额单位：万元"]
    for label, value in [("项目名称", "社区先锋奖励"), ("主管部门", "组织部"), ("实施单位", "某街道办事处")]:
        yield [label, None, value]
    yield ["项目资金", None, "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"]
    for at, label in enumerate(FUNDS):
        yield [None, label, 57.69 - at, 57.69 - at, 53.41 - at, 10, 0.92581, 9.26]
    yield HEADER
    for at in range(18):
        yield ["产出指标", "数量指标", f"奖励社区数{at}", "≥", 10 + at, "个", f"{10 + at}个", 5, 5, "无"]
    for at in range(8):
        yield [f"说明{at}：" + "填报内容应与批复的绩效目标一致。" * 3]


def form():
    """The form as a file."""
    book = openpyxl.Workbook()
    table = book.active
    for row in rows():
        table.append(row)
    for row in range(7, 11):
        for column, code in FORMATS.items():
            table.cell(row, column).number_format = code
    line = Side("thin")
    for cells in table.iter_rows(1, 37, 1, 10):
        for cell in cells:
            cell.border = Border(line, line, line, line)
            cell.alignment = Alignment(wrap_text=True, horizontal="center")
            cell.font = Font(name="宋体", size=11, bold=cell.row in (1, 6, 11))
    for row in [*range(12, 30, 3)]:
        table.cell(row + 1, 2).value = table.cell(row + 2, 2).value = None
    for row in range(13, 30):
        table.cell(row, 1).value = None
    notes = [f"A{row}:J{row}" for row in range(30, 38)]
    for reference in [*MERGED, *(f"B{row}:B{row + 2}" for row in range(12, 30, 3)), *notes]:
        table.merge_cells(reference)
    file = BytesIO()
    book.save(file)
    return file.getvalue()
