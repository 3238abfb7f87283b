"""The text of a report: what was not read comes first, many forms have an overview, nothing reads like a formula."""

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from fpcheck.app import check_many
from fpcheck.cli import app
from fpcheck.report.evidence import readable
from fpcheck.report.line import columns, width
from fpcheck.report.to_console import to_console

FORM = {"表种": "申报表", "项目名称": "楼道照明改造", "年度": "2023", "全年预算数": "12万元", "年度目标": "改造40处"}
UNITS = ("一街道办事处", "二街", "三")


def report(tmp_path, forms, *, broken=()):
    for number, form in enumerate(forms):
        (tmp_path / f"{number}.yaml").write_text(yaml.safe_dump(form, allow_unicode=True), encoding="utf-8")
    for name in broken:
        (tmp_path / name).write_text("表种: 申报表\n 项目名称: 甲\n", encoding="utf-8")
    return CliRunner().invoke(app, ["check", str(tmp_path), "--engine", "semantics"]).stdout.splitlines()


def at(lines, text):
    return next(number for number, line in enumerate(lines) if text in line)


# what could not be read


def test_a_file_that_cannot_be_read_comes_first(tmp_path):
    lines = report(tmp_path, [{**FORM, "实施单位": unit} for unit in UNITS], broken=["坏.yaml"])
    assert lines[0].startswith("== 没有读出的内容")
    assert "坏.yaml" in lines[1]
    assert at(lines, "没有读出的内容") < at(lines, "== 总览") < at(lines, "== [1/3]")
    [row] = [line for line in lines[at(lines, "== 总览") :] if line.split()[:1] == ["-"]]
    assert row.endswith("没有读出")


def test_what_was_not_read_of_a_form_stands_before_its_findings(tmp_path):
    lines = report(tmp_path, [{**FORM, "实施单位": "一街", "联系电话": "1", "全年预算数": "见附件"}])
    decided = lines[at(lines, "决定：")]
    assert "没有读出 2 处" in decided
    assert "无法判断" in decided
    assert at(lines, "决定：") < at(lines, " 没有读出的内容 2 处") < at(lines, "【")


@pytest.mark.parametrize("more", [{}, {"联系电话": "1"}])
def test_nothing_is_called_clean_after_something_was_skipped(more):
    result = CliRunner().invoke(app, ["check", "-", "--engine", "semantics"], input=yaml_line({**CLEAN, **more}))
    assert not [line for line in result.stdout.splitlines() if line.startswith(" 【")]
    assert "未检查" in result.stdout
    assert "未发现问题" not in result.stdout
    assert "查过的没有发现问题" in result.stdout


CLEAN = {
    "表种": "申报表",
    "项目名称": "楼道照明改造",
    "实施单位": "一街",
    "年度": "2023",
    "总体目标": "2023年10月底前完成40处楼道照明改造，惠及居民1200户，居民满意度不低于90%",
    "年度目标": "2023年10月底前完成40处楼道照明改造，惠及居民1200户，居民满意度不低于90%",
    "全年预算数": "12万元",
    "年初预算数": "12万元",
    "资金": [{"来源": "当年财政拨款", "全年预算数": "12万元", "年初预算数": "12万元"}],
    "指标": [
        {"一级指标": "产出指标", "二级指标": "数量指标", "三级指标": "改造楼道照明处数", "指标值": "≥40处"},
        {"一级指标": "产出指标", "二级指标": "质量指标", "三级指标": "改造验收合格率", "指标值": "≥98%"},
        {"一级指标": "产出指标", "二级指标": "时效指标", "三级指标": "改造完成时间", "指标值": "2023年10月底前"},
        {"一级指标": "产出指标", "二级指标": "成本指标", "三级指标": "每处改造费用", "指标值": "≤3000元"},
        {"一级指标": "效益指标", "二级指标": "社会效益指标", "三级指标": "受益居民户数", "指标值": "≥1200户"},
        {"一级指标": "满意度指标", "二级指标": "服务对象满意度指标", "三级指标": "居民满意度", "指标值": "≥90%"},
    ],
}


def yaml_line(form):
    import json  # noqa: PLC0415

    return json.dumps(form, ensure_ascii=False)


# many forms


def test_many_forms_have_an_overview_that_lines_up(tmp_path):
    lines = report(tmp_path, [{**FORM, "实施单位": unit} for unit in UNITS])
    start = at(lines, "== 总览 · 3 份")
    head, *rows = lines[start + 1 : start + 5]
    assert {width(row[: row.rindex(" ")]) for row in rows} == {width(head[: head.rindex(" ")])}
    for number, (row, unit) in enumerate(zip(rows, UNITS, strict=True), 1):
        assert row.split()[:2] == [str(number), unit]
        assert row.split()[-1] == "需修改"
        assert f"== [{number}/3] {unit} · " in "\n".join(lines[start + 5 :])


def test_a_form_alone_has_no_overview(tmp_path):
    lines = report(tmp_path, [{**FORM, "实施单位": "一街"}])
    assert lines[0].startswith("== 一街")
    assert not [line for line in lines if "总览" in line]


def test_what_is_the_same_of_many_forms_is_said_once(tmp_path):
    lines = report(
        tmp_path, [{**FORM, "实施单位": unit, "联系电话": "1"} for unit in UNITS], broken=["坏.yaml", "糟.yaml"]
    )
    assert sum("FP112" in line for line in lines) == 1
    assert lines[at(lines, "FP112")].endswith("（3 份）")
    assert sum("预算批复、公开的网页" in line for line in lines) == 1
    assert "共 2 处：" in lines[2]
    assert all(name in lines[2] for name in ("坏.yaml", "糟.yaml"))


@given(st.lists(st.lists(st.text("ab 街道，（·“é", max_size=6), min_size=2, max_size=2), min_size=1, max_size=4))
def test_columns_line_up_whatever_stands_in_them(rows):
    texts = [[first, f"{second}|"] for first, second in rows]
    found = [width(line[: line.rindex("|")]) for line in columns(texts, frozenset({1}))]
    assert len(set(found)) == 1


def test_chinese_is_two_cells_wide_and_a_mark_above_a_letter_none():
    assert [width(text) for text in ("街道a", "（1）", "e\u0301", "")] == [5, 5, 1, 0]


def test_what_a_rule_found_in_many_places_is_told_in_full_once(rulebook):
    rows = [{"一级指标": "产出指标", "二级指标": "数量指标", "三级指标": f"第{n}条路长度"} for n in range(30)]
    form = {**FORM, "实施单位": "一街", "指标": rows}
    lines = [line.text for line in to_console(check_many([form], rulebook, "semantics"), rulebook.names)]
    start = at(lines, "（FP303，把握高，共 30 处）")
    block = lines[start : at(lines[start:], "…… 另有 10 处") + start]
    assert sum("整改：" in line for line in block) == sum("依据：" in line for line in block) == 1
    assert [n for n in range(30) if any(f"“第{n}条路长度”" in line for line in block)] == list(range(20))
    assert [line for line in block if line.startswith("     第 20 处：指标 第20条 指标值：")]


def test_rules_that_lack_the_same_stand_on_one_line(rulebook):
    form = {"表种": "自评表", "项目名称": "甲", "实施单位": "一街", "年度": "2023"}
    result = check_many([form], rulebook, "semantics")
    lines = [line.text for line in to_console(result, rulebook.names) if line.text.startswith("     缺 ")]
    [indicators] = [line for line in lines if line.startswith("     缺 指标（没有报送）：")]
    assert all(f"{rule} {rulebook.names[rule]}" in indicators for rule in ("FP301", "FP303"))
    assert len(lines) < len(result.undecided) / 2


# figures and questions


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("下达金额", "下达金额"),
        ("参数.下达执行率下限", "下达执行率下限（界限）"),
        ("项目.年度", "年度"),
        ("上年.支出金额", "上年的支出金额"),
        ("个数(制度)", "制度的条数"),
        ("合计(指标.得分)", "指标的得分合计"),
        ('个数(指标, 二级指标 含有 "数量")', None),
        ("发现数(类型 = “x”)", None),
    ],
)
def test_figures_have_names_that_people_read(key, name):
    assert readable(key) == name


def test_a_question_that_lacks_its_figure_is_told_in_short(rulebook):
    blank = [{"一级指标": "效益指标", "二级指标": "社会效益指标"}]
    form = {"表种": "自评表", "项目名称": "甲", "实施单位": "一街", "年度": "2023", "指标": blank}
    lines = [line.text for line in to_console(check_many([form], rulebook, "semantics"), rulebook.names)]
    assert not [line for line in lines if "〔" in line and "（未填" in line]
    [short] = [line for line in lines if "才知道要不要核对" in line]
    assert "FP759 缺 " in short


def test_at_least_so_many_reads_like_a_sentence(rulebook):
    form = {"表种": "自评表", "项目名称": "甲", "实施单位": "一街", "年度": "2023", "指标": [{"指标值": "提高"}]}
    said = [item.message for item in check_many([form], rulebook, "semantics").conclusions]
    assert not [text for text in said if "有至少" in text]
    assert [text for text in said if "至少有1处" in text]


def test_a_total_that_counts_a_unit_twice_says_so(tmp_path):
    forms = [{**FORM, "实施单位": unit} for unit in (*UNITS, UNITS[0])]
    lines = report(tmp_path, forms)
    [head] = [line for line in lines if line.startswith("== 汇总")]
    assert "3 个单位（共 4 份，有单位报了不止一份，合计算重了）" in head
    (tmp_path / "3.yaml").unlink()
    [head] = [line for line in report(tmp_path, forms[:3]) if line.startswith("== 汇总")]
    assert head.endswith("3 个单位")
