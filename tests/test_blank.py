"""Blank forms: they read back without loss, carry drop-downs and a version, and faulty drawings are told."""

from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from fpcheck.cli import app
from fpcheck.document import read_yaml
from fpcheck.intake.office.xlsx import read_xlsx
from fpcheck.intake.printed.blank import cells_of, nearest, read_blanks
from fpcheck.intake.printed.from_sheets import forms_in
from fpcheck.report.blank_workbook import blank_workbook, version_of
from fpcheck.rulebook.load import load_rulebook
from fpcheck.schema import plain
from fpcheck.terms import shipped_glossary

RULEBOOK = load_rulebook()
GLOSSARY = shipped_glossary()
BLANKS = pytest.mark.parametrize("blank", RULEBOOK.blanks, ids=lambda one: f"{one.form}-{one.regions[0]}")
ROW = {
    "一级指标": "产出指标",
    "二级指标": "数量指标",
    "三级指标": "改造小巷条数",
    "指标值": "≥12条",
    "分值": "15",
    "得分": "14",
}
ROW |= {
    "实际完成值": "11条",
    "偏差原因": "管线迁改",
    "指标性质": "≥",
    "度量单位": "条",
    "社区": "松林社区",
    "先锋数": "3",
}
ROW |= {"应发金额": "9000", "实发金额": "9000", "发放日期": "2024-06-30"}


def located(path):
    problems = []
    found = list(forms_in(read_xlsx(Path(path), "表.xlsx"), RULEBOOK.layouts, GLOSSARY, "表.xlsx", problems))
    return found, problems


@BLANKS
def test_a_blank_form_is_known_and_lacks_nothing(blank, tmp_path):
    (tmp_path / "表.xlsx").write_bytes(blank_workbook(blank, 2024))
    (form,), problems = located(tmp_path / "表.xlsx")
    assert (form.layout.form, form.missing, problems) == (blank.form, [], [])
    stated = {name for name, value in plain(form.node).items() if isinstance(value, str)}
    assert stated <= {"表种", "年度", "金额单位", "执行率分值", "自评总分"}
    assert plain(form.node)["年度"] == "2024"


@BLANKS
def test_what_is_filled_in_reads_back(blank, tmp_path):
    """Every open cell of the project's fields, and one row of the table, is filled in and read back as it is."""
    (tmp_path / "表.xlsx").write_bytes(blank_workbook(blank, 2024))
    (form,), _ = located(tmp_path / "表.xlsx")
    book = openpyxl.load_workbook(tmp_path / "表.xlsx")
    page = book.active
    filled = {}
    for name, node in form.entries.items():
        if getattr(node, "text", "") is None:
            filled[name] = f"{name}的内容"
            page[node.at.cell] = filled[name]
    header = {
        one.cell.text.replace("\n", ""): (one.block.left, one.block.bottom)
        for one in form.view.seen
        if one.block.bottom > 0 and form.view.told.get((one.block.top, one.block.left), ("", True))[1] is False
    }
    wanted = {}
    last = max(bottom for label, (_, bottom) in header.items() if label in ("三级指标", "社区"))
    columns = {
        name: left for (row, left), (name, value) in form.view.told.items() if not value and name in ROW and row > 3
    }
    for name, left in columns.items():
        page.cell(last + 2, left + 1).value = ROW[name]
        wanted[name] = ROW[name]
    book.save(tmp_path / "填好.xlsx")
    (again,), _ = located(tmp_path / "填好.xlsx")
    read = plain(again.node)
    assert {name: read[name] for name in filled} == filled
    (row,) = read[again.layout.record.table]
    assert {name: row[name] for name in wanted} == wanted
    assert wanted.keys() >= {
        name
        for name, term in GLOSSARY.tables[again.layout.record.table].fields.items()
        if term.forms.get(blank.form) == "必有"
    }


@BLANKS
def test_it_is_a_form_to_print_with_drop_downs_and_a_version(blank, tmp_path):
    (tmp_path / "表.xlsx").write_bytes(blank_workbook(blank))
    page = openpyxl.load_workbook(tmp_path / "表.xlsx").active
    assert page.page_setup.paperSize == 9
    assert page.sheet_properties.pageSetUpPr.fitToPage
    offered = {rule.formula1.strip('"') for rule in page.data_validations.dataValidation}
    assert offered == {
        ",".join(words) for name, words in blank.drop_downs.items() if f"{{{name}}}" in "".join(blank.rows)
    }
    assert version_of(blank) in str(page.cell(page.max_row, 1).value)
    assert len(list(cells_of(blank))) > 20


def test_the_nearest_region_decides():
    layers = GLOSSARY.layers
    assert nearest(RULEBOOK.blanks, "自评表", layers("昌宁")).regions == ("湖北", "保山")
    assert nearest(RULEBOOK.blanks, "自评表", layers("五华")).regions == ("全国",)
    assert nearest(RULEBOOK.blanks, "申报表", layers("五华")).regions == ("云南",)
    assert nearest(RULEBOOK.blanks, "月报", layers("全国")) is None


HEAD = "表种: 自评表\n地区: 全国\n标题: 表\n列宽: [5, 5]\n行:\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD + '- "甲|乙|丙"\n', "第 1 行有 3 格，列宽写了 2 个"),
        (HEAD + '- "<|乙"\n', "没有格子可合并"),
        (HEAD + '- "甲|^"\n', "没有格子可合并"),
        (HEAD + '- "甲|<"\n- "^|乙"\n', "合并得不成方块"),
        (HEAD + '- "甲|{等级}"\n', "没有这张下拉"),
        (HEAD.replace("自评表", "月报") + '- "甲|乙"\n', "没有“月报”这种表种"),
        (HEAD.replace("全国", "火星") + '- "甲|乙"\n', "地区“火星”没有列在术语表里"),
        (HEAD.replace("标题: 表\n", "") + '- "甲|乙"\n', "标题"),
        (HEAD + '- "[999] 甲|乙"\n', "空白表太大"),
        (HEAD + '- "[0] 甲|乙"\n', "看不懂"),
        (HEAD + '- "[大]甲|乙"\n', "“[大]”看不懂"),
        (HEAD.replace("行:\n", "行: []\n"), "至少要写一项"),
    ],
)
def test_a_faulty_drawing_is_told(text, said):
    problems = []
    read_blanks([("表.yaml", read_yaml(text, "表.yaml")[0])], GLOSSARY, problems)
    assert said in " ".join(map(str, problems))


def test_the_command_never_writes_over_a_file(tmp_path):
    target = tmp_path / "表.xlsx"
    first = CliRunner().invoke(
        app, ["form", "blank", "自评表", "--region", "保山", "--year", "2024", "-o", str(target)]
    )
    assert first.exit_code == 0
    assert "（2024年度）" in [cell.value for row in openpyxl.load_workbook(target).active for cell in row]
    again = CliRunner().invoke(app, ["form", "blank", "自评表", "-o", str(target)])
    assert again.exit_code == 2
    assert "已经有" in again.stderr
    unknown = CliRunner().invoke(app, ["form", "blank", "月报", "-o", str(tmp_path / "x.xlsx")])
    assert unknown.exit_code == 2
    assert "自评表" in unknown.stderr
