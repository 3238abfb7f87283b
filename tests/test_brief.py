"""Explanations in short: no sentence fills the screen, the hit is still named, and --full and JSON say everything."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from fpcheck.app import explain
from fpcheck.cli import app
from fpcheck.report.brief import shortened
from fpcheck.report.explanation import explanation_lines

CASES = Path(__file__).parent.parent / "cases"
LONGEST = 300
LONG = [
    *[("clean-baoshan", rule) for rule in ("FP219", "FP304", "FP309", "FP314", "FP315", "FP316", "FP333", "FP604")],
    *[("declaration", rule) for rule in ("FP304", "FP309", "FP314", "FP316")],
    *[("scores-inflated", rule) for rule in ("FP407", "FP408", "FP609", "FP611")],
]


@pytest.mark.parametrize(("case", "rule"), LONG)
def test_no_line_is_long(case, rule, rulebook):
    told = explain(CASES / case / "input", rule, rulebook)
    whole = [line.text for line in explanation_lines(told)]
    short = [line.text for line in explanation_lines(shortened(told))]
    assert max(map(len, short)) <= LONGEST
    assert max(map(len, whole)) > LONGEST
    assert len(short) == len(whole)
    ends = [text.rpartition("：")[2] for text in short if "：找到“" in text]
    assert ends == [text.rpartition("：")[2] for text in whole if "：找到“" in text]


def out(*arguments):
    said = CliRunner().invoke(app, ["explain", str(CASES / "declaration" / "input"), "FP316", "--row", "1", *arguments])
    assert said.exit_code == 0
    return said.stdout


PATTERN = "^(开展|组织|完成|实施|救助|救援|慰问|资助"


def test_the_whole_stands_in_full_and_for_programs():
    assert "^(开展|组织|完成|实施|救助|救援…" in out()
    assert PATTERN not in out()
    assert PATTERN in out("--full")
    assert PATTERN in out("--format", "json")
    assert json.loads(out("--format", "json")) == json.loads(out("--full", "--format", "json"))


RULE = """编号: QX900
名称: 试
类型: value-vague
类别: 指标
级别: 提示
把握: 低
依据:
  - 五华2023: 四（二）
生效: 2016-01-01
对象: 指标
条件:
  - {line}
标注: 指标值
问题: 请核对。
整改: 请核对。
样例:
  - {{名称: 甲, 给定: {{年度: 2023, 指标: [{{三级指标: 培训}}]}}, 结论: 命中}}
  - {{名称: 乙, 给定: {{年度: 2023, 指标: [{{三级指标: 培训}}]}}, 结论: 通过}}
  - {{名称: 丙, 给定: {{年度: 2023, 指标: [{{三级指标: 培训}}]}}, 结论: 无法判断}}
"""
PIPED = "甲一|乙二|丙三|丁四|戊五|己六|庚七|辛八|壬九|癸十|子丑|寅卯|辰巳|午未|申酉|戌亥"
LISTED = '["' + PIPED.replace("|", '", "') + '"]'


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (f'三级指标 匹配 "{PIPED}"', '三级指标 匹配 "甲一|乙二|丙三|丁四|戊五|己六…"（共 16 种写法）：'),
        (f"三级指标 匹配 “^({PIPED})$”", "三级指标 匹配 “^(甲一|乙二|丙三|丁四|戊五|己六…”（共 16 种写法）："),
        (f'三级指标 匹配 "{"一" * 50}"', f'三级指标 匹配 "{"一" * 20}…"：'),
        ('三级指标 匹配 "甲一|乙二"', '三级指标 匹配 "甲一|乙二"：'),
        (f"三级指标 属于 {LISTED}", '三级指标 属于 ["甲一", "乙二", "丙三" 等 16 个]'),
        (f"三级指标 不含 {LISTED}", '三级指标 不含 ["甲一", "乙二", "丙三" 等 16 个]：'),
        ('三级指标 属于 ["甲一", "乙二", "丙三"]', '三级指标 属于 ["甲一", "乙二", "丙三"]'),
    ],
)
def test_long_patterns_and_lists_are_told_by_beginning_and_count(line, told, tmp_path):
    (tmp_path / "QX900.yaml").write_text(RULE.format(line=line), encoding="utf-8")
    form = tmp_path / "form.json"
    row = {"三级指标": "庚七", "指标值": "3次"}
    form.write_text(json.dumps({"表种": "综合", "年度": 2023, "指标": [row]}), encoding="utf-8")
    said = CliRunner().invoke(app, ["explain", str(form), "QX900", "--row", "1", "--rules", str(tmp_path)])
    assert f" {told}" in said.stdout
    if "匹配" in line:
        assert ("找到“庚七”" if "庚七" in line else "没有找到") in said.stdout
    assert PIPED not in said.stdout
