"""`form try`: what was read, cell by cell; what was not; and the lines that teach it a new label."""

import json
import re

import pytest
from click.testing import CliRunner
from drawn import FORMS, save_xlsx, workbook_of
from test_forms import located, truth

from fpcheck.cli import app
from fpcheck.schema import plain


def fp(*arguments):
    said = CliRunner().invoke(app, list(map(str, arguments)))
    assert said.exception is None or isinstance(said.exception, SystemExit), repr(said.exception)
    return said


@pytest.fixture
def saved(tmp_path):
    """Write a drawn form as a workbook, some of its words replaced."""

    def save(name, **changes):
        text = (FORMS / name / "表.txt").read_text(encoding="utf-8")
        for old, new in changes.items():
            assert old in text
            text = text.replace(old, new)
        save_xlsx(workbook_of(text).sheets, tmp_path / "表.xlsx")
        return tmp_path / "表.xlsx"

    return save


def test_the_contract(saved):
    said = fp("form", "try", saved("多项目同页"), "--format", "json")
    found = json.loads(said.stdout)
    assert list(found) == ["template", "projects", "missing", "problems"]
    assert found["template"] == "自评表"
    assert [one["项目名称"] for one in found["projects"]] == [one["项目名称"] for one in truth("多项目同页")]
    assert found["missing"] == []
    assert found["projects"][0]["指标"][0].keys() >= {"一级指标", "三级指标", "指标值"}


def test_every_value_is_told_with_its_cell(saved):
    said = fp("form", "try", saved("全国自评表"))
    assert said.exit_code == 0
    assert "Sheet1!D3　项目名称：背街小巷环境提升补助" in said.stdout
    assert "Sheet1!F13　指标 第1条 实际完成值：11条" in said.stdout
    assert "表上印的是“预期目标”" in said.stdout


def test_an_unknown_label_is_told_and_its_line_teaches_it(saved, tmp_path):
    """The lines that are offered, saved as they say, make the form whole."""
    path = saved("全国自评表", 实际完成值="年底实绩", 年度指标值="本年预定")
    said = fp("form", "try", path)
    assert said.exit_code == 3
    assert "没有找到：实际完成值" in said.stdout or "没有找到：指标值" in said.stdout
    assert "“年底实绩”（明细表的列）" in said.stdout
    lines = said.stdout[said.stdout.index("补充: 自评表") :]
    offered = "\n".join(line.removeprefix("     ") for line in lines.split("\n"))
    mended = re.sub(r"# 字段名: \[(.*?)\].*", lambda m: _each(m[1]), offered)
    (tmp_path / "规则" / "templates").mkdir(parents=True)
    (tmp_path / "规则" / "templates" / "我的.yaml").write_text(mended, encoding="utf-8")
    again = fp("form", "try", path, "--rules", tmp_path / "规则", "--format", "json")
    assert again.exit_code == 0, again.stdout
    (project,) = json.loads(again.stdout)["projects"]
    assert [row["实际完成值"] for row in project["指标"]] == [
        row["实际完成值"] for row in truth("全国自评表")[0]["指标"]
    ]


def _each(labels):
    names = {'"年底实绩"': "实际完成值", '"本年预定"': "指标值"}
    return "\n  ".join(f"{names[label]}: [{label}]" for label in labels.split(", "))


def test_a_slip_in_a_label_is_told(saved):
    said = fp("form", "try", saved("全国自评表", 实际完成值="实际完在值"))
    assert "疑似误写" in said.stdout
    assert said.exit_code == 0


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [("空.xlsx", b"", "空"), ("图.png", b"\x89PNG\r\n\x1a\n", "图片"), ("没有.xlsx", None, "没有这个文件")],
)
def test_what_is_no_form_is_told(name, data, said, tmp_path):
    if data is not None:
        (tmp_path / name).write_bytes(data)
    answer = fp("form", "try", tmp_path / name, "--format", "json")
    assert answer.exit_code == 3
    assert said in json.loads(answer.stdout)["problems"][0]["message"]
    assert said in answer.stderr


def test_located_and_tried_are_the_same(saved):
    saved("重庆审批表")
    forms, _ = located(workbook_of((FORMS / "重庆审批表" / "表.txt").read_text(encoding="utf-8")))
    tried = json.loads(fp("form", "try", saved("重庆审批表"), "--format", "json").stdout)
    assert tried["projects"] == [plain(form.node) for form in forms]


HEAD = "表样: 甲表\n表种: 自评表\n识别: {标题: [甲表]}\n"
RECORD = "明细表:\n  对象: 指标\n  列: {指标值: [值甲]}\n  必有列: [三级指标]\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD.replace("自评表", "月报") + RECORD, "2:5 没有“月报”这种表种"),
        (HEAD + RECORD.replace("必有列: [三级指标]", "必有列: [四级指标]"), "“四级指标”不是指标的列；是不是"),
        (HEAD + RECORD.replace("  必有列: [三级指标]\n", ""), "要写“必有列”"),
        (HEAD + RECORD.replace("对象: 指标", "对象: 指示"), "没有“指示”这个对象；是不是“指标”"),
        (HEAD + RECORD.replace("[值甲]", "[（盖章）]"), "“（盖章）”比对时是空的"),
        (HEAD + RECORD.replace("[值甲]", f"[{'长' * 41}]"), "超过 40 个字"),
        (HEAD + RECORD.replace("[值甲]", "[三级指标]"), "“三级指标”已经是“三级指标”的叫法，不能又写给“指标值”"),
        (HEAD + "字段: {项目名子: [甲]}\n", "项目没有“项目名子”这个字段；是不是“项目名称”"),
        (HEAD + "写在下方: [指标值]\n", "“指标值”不是项目的字段"),
        ("补充: 自评表\n", "这个补充里没有内容"),
        ("补充: 自评\n字段: {年度: [甲]}\n", "没有“自评”这个表样；是不是“自评表”"),
        ("补充: 发放明细\n资金表的列: {全年预算数: [甲]}\n", "这种表样没有资金表"),
        ("补充: 发放明细\n字段: {先锋数: [甲]}\n", "2:11 项目没有“先锋数”这个字段；可以写：报送编号、"),
        ("补充: 发放明细\n字段: {先锋数: [甲]}\n", "发放的列请写在“明细表的列”下面"),
        ("补充: 自评表\n明细表的列: {实际完成值: [分值]}\n", "“分值”已经是“分值”的叫法"),
    ],
)
def test_a_faulty_layout_is_told(text, said, tmp_path):
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "x.yaml").write_text(text, encoding="utf-8")
    answer = fp("rules", "lint", "--rules", tmp_path)
    assert answer.exit_code == 2
    assert said in answer.stdout + answer.stderr
