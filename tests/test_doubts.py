"""Remarks of `rules lint` on what a sound rule most likely does not mean."""

import pytest

from fpcheck.rulebook.load import load_rulebook
from fpcheck.terms import rules_folder

RULE = """编号: QX301
名称: 成本太高
类型: direction-wrong
类别: 指标
级别: 提示
把握: 低
依据:
  - 五华2023: 四（二）
生效: 2020-02-25
对象: {table}
适用:
  - {applies}
条件:
{conditions}
标注: {mark}
问题: 请核对。
整改: 请核对。
样例:
  - {{名称: 甲, 给定: {{年度: 2023}}, 结论: 命中}}
  - {{名称: 乙, 给定: {{年度: 2023}}, 结论: 通过}}
  - {{名称: 丙, 给定: {{年度: 2023}}, 结论: 无法判断}}
"""


@pytest.fixture
def remarks(tmp_path):
    """Give the remarks on a rule of one's own with these sentences."""

    def told(*conditions, applies="三级指标 不为空", table="指标", mark="指标值", measures=""):
        lines = "\n".join(f"  - {line}" for line in conditions)
        text = RULE.format(table=table, applies=applies, conditions=lines, mark=mark)
        (tmp_path / "QX301.yaml").write_text(text, encoding="utf-8")
        if measures:
            (tmp_path / "measures.yaml").write_text(measures, encoding="utf-8")
        return [str(hint).removeprefix(f"{tmp_path}/") for hint in load_rulebook(tmp_path).hints]

    return told


def test_the_shipped_rules_leave_no_doubt():
    assert load_rulebook().hints == ()


UNIT = {
    "目标.数值 > 500": "目标.数值",
    "500 < 目标.数值": "目标.数值",
    "实际.数值 介于 1 与 5": "实际.数值",
    "目标.数值 属于 [5, 10]": "目标.数值",
    "目标.数值 > 参数.自评满分": "目标.数值",
    "存在(目标数量, 数值 ≥ 5)": "数值",
    "非 (目标.数值 = 500 或 得分 = 1)": "目标.数值",
}


@pytest.mark.parametrize(("line", "column"), UNIT.items())
def test_a_figure_without_its_unit_is_told(remarks, line, column):
    [told] = remarks(line)
    assert told.startswith(f"QX301.yaml:14:5 QX301 “{column}”只是写的数")
    assert f"如 {column.replace('数值', '金额')} > 500元" in told


@pytest.mark.parametrize("line", UNIT)
@pytest.mark.parametrize("unit", ['目标.单位 = "户"', '实际.值类 = "count"', '度量单位 属于 ["户", "人"]'])
def test_a_rule_that_looks_at_the_unit_is_left_alone(remarks, line, unit):
    assert not remarks(line, unit)


@pytest.mark.parametrize(
    "line",
    ["目标.数值 > 0", "目标.数值 > 100%", "目标.金额 > 500元", "目标.数值 = 实际.数值", "得分 > 5", "目标.数值 = 分值"],
)
def test_what_needs_no_unit_is_left_alone(remarks, line):
    assert not remarks(line)


MEASURES = """指标:
  还在做: {公式: "项目.完成日期 > 年末(项目.年度)", 口径: 项目还没有做完}
  还没有做完: {公式: "还在做 且 得分 > 0", 口径: 得了分}
"""


@pytest.mark.parametrize(
    ("line", "lacking"),
    [
        ("还在做", {"自评表": "完成日期"}),
        ("还没有做完", {"自评表": "完成日期", "申报表": "得分"}),
        ("非 还在做 或 得分 > 5", {"自评表": "完成日期"}),  # that a declaration has no 得分 is plain to see
    ],
)
def test_a_rule_that_is_never_asked_of_a_form_for_a_measure_is_told(remarks, line, lacking):
    found = [told for told in remarks(line, measures=MEASURES) if "一律不适用" in told]
    assert len(found) == len(lacking)
    for form, field in lacking.items():
        [told] = [told for told in found if told.startswith(f"QX301.yaml:14:5 QX301 在{form}上一律不适用：“还")]
        assert f"读了这种表没有的“{field}”；{form}也要查的" in told


@pytest.mark.parametrize(
    ("line", "changes"),
    [
        ("还在做 且 项目.完成日期 不为空", {}),  # the rule names it itself
        ("还在做", {"applies": "项目.完成日期 不为空"}),
        ("还在做", {"applies": "项目.项目期内"}),  # a premise is meant as one
        ("还在做", {"applies": "项目.表种 = “申报表”"}),
        ("还在做", {"applies": "项目.表种 ≠ “自评表”"}),
        ("还在做", {"applies": "项目.表种 不属于 [“自评表”]"}),
        (
            "项目.项目期内",
            {"table": "资金", "mark": "项目.完成日期", "applies": "来源 不为空"},
        ),  # the mark is not there
    ],
)
def test_a_rule_that_is_not_meant_for_the_form_is_left_alone(remarks, line, changes):
    measures = MEASURES + '项目:\n  项目期内: {公式: "完成日期 > 年末(年度)", 口径: 还没有做完}\n'
    assert not [told for told in remarks(line, measures=measures, **changes) if "一律不适用" in told]


def test_fp122_as_it_once_was_is_told(tmp_path):
    [file] = rules_folder().rglob("FP122-*.yaml")
    text = file.read_text(encoding="utf-8")
    start, end = text.index("条件:"), text.index("标注:")
    (tmp_path / "FP122.yaml").write_text(f"{text[:start]}条件:\n  - 和目标不同\n{text[end:]}", encoding="utf-8")
    [told] = map(str, load_rulebook(tmp_path).hints)
    assert "FP122 在自评表上一律不适用：“和目标不同”读了这种表没有的“开始日期”“完成日期”" in told
