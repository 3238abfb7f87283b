"""The real YAML language server, the one of VS Code, on our rules: what it offers, shows and marks.

Run by `pytest -m editor`, with `yaml-language-server` (1.25 or later, `npm install yaml-language-server`) on the PATH
or named by FPCHECK_YAML_SERVER.
"""

import os
import re
import shutil

import pytest
from test_schema import BREAKS, CHINESE, LINE, RULES, SHIPPED, WHOLE_RULE, changed, schema_text, seen, written
from yaml_server import YamlServer

from fpcheck.authoring.examples import run_examples
from fpcheck.rulebook.load import load_rulebook

SERVER = os.environ.get("FPCHECK_YAML_SERVER") or shutil.which("yaml-language-server")
pytestmark = [
    pytest.mark.editor,
    pytest.mark.skipif(not SERVER, reason="no yaml-language-server on the PATH or in FPCHECK_YAML_SERVER"),
]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    running = YamlServer([SERVER, "--stdio"], tmp_path_factory.mktemp("folder"))
    yield running
    running.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder as the shipped one: the schema, and rules a level below."""
    folder = tmp_path_factory.mktemp("规则")
    shutil.copy(SHIPPED, folder)
    (folder / "budget").mkdir()
    return folder / "budget"


RULE = written(
    WHOLE_RULE | {"替代": "FP201", "除非": ["偏差说明 含有 词表.政策性停支"], "条件": ["支出金额 > 下达金额"]}
    | {"依据": [{"五华2023": "四（二）"}]}
)  # fmt: skip


def edited(old, new):
    assert RULE.count(old) >= 1, old
    return LINE + RULE.replace(old, new, 1)


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_a_shipped_rule_has_no_mark(server, path):
    assert server.diagnostics(path, path.read_text(encoding="utf-8")) == []


def test_the_whole_rule_has_no_mark(server, folder):
    assert server.diagnostics(folder / "x.yaml", LINE + RULE) == []


def proposed(snippet):
    """A snippet with every place filled with what it proposes."""
    return re.sub(r"\$\{\d+:([^}]*)\}", r"\1", snippet)


# what is offered

OFFERED = [
    ("", "‸", {"新规则", *WHOLE_RULE}),
    ("", "级‸", {"级别"}),
    ("级别: 一般", "级别: ‸", {"严重", "重要", "一般", "提示"}),
    ("把握: 高", "把握: ‸", {"高", "中", "低"}),
    ("类别: 资金", "类别: ‸", {"目标", "指标", "资金", "管理制度", "报送"}),
    ("结果: 问题", "结果: ‸", {"问题", "亮点", "结论", "核对"}),
    ("类型: overspent", "类型: ‸", {"execution-rate-low", "value-vague"}),
    ("地区: 全国", "地区: ‸", {"全国", "昆明", "昆明市"}),
    ("对象: 项目", "对象: ‸", {"项目", "指标", "汇总"}),
    ("标注: 支出金额", "标注: ‸", {"支出金额", "下达金额"}),
    ("替代: FP201", "替代: ‸", {"FP201", "FP101"}),
    ("建议: 提高完成及时率", "建议: ‸", {"规范填报"}),
    ("- 五华2023: 四（二）", "- ‸", {"五华2023", "预算法"}),
    ("- 支出金额 > 下达金额", "- 支出金额 > 下达金额\n- ‸", {"比较", "含有词"}),
    ("  结论: 命中", "  结论: ‸", {"命中", "通过", "无法判断", "不适用"}),
    ("样例:\n", "样例:\n- ‸\n", {"新样例", "名称", "给定", "结论"}),
    ("    支出金额: 53元", "    ‸", {"支出金额", "指标", "偏差说明"}),
    ("    表种: 综合", "    表种: ‸", {"自评表", "综合"}),
    ("    年度: 2022", "    ‸", {"年度目标", "项目名称"}),
    ("    FP201: 命中", "    FP1‸", {"FP101"}),
    ("    FP201: 命中", "    FP201: ‸", {"命中", "通过"}),
]


@pytest.mark.parametrize(("old", "new", "wanted"), OFFERED, ids=[repr(new) for _, new, _ in OFFERED])
def test_what_is_offered(server, folder, old, new, wanted):
    found = server.completion(folder / "x.yaml", edited(old, new) if old else LINE + new)
    assert wanted <= set(found)
    for label in wanted:
        assert CHINESE.search(found[label][1]), label


def test_the_fields_of_the_rules_own_table_are_offered(server, folder):
    text = edited("标注: 支出金额", "标注: ‸").replace("对象: 项目", "对象: 指标")
    found = set(server.completion(folder / "x.yaml", text))
    assert {"三级指标", "完成率"} <= found
    assert "支出金额" not in found


def test_english_names_are_not_offered(server, folder):
    found = server.completion(folder / "x.yaml", edited("    支出金额: 53元", "    ‸"))
    assert "支出金额" in found
    assert not [label for label in found if label.isascii()]


def test_the_new_rule_as_it_is_inserted_is_sound(server, folder, tmp_path):
    inserted, _ = server.completion(folder / "x.yaml", LINE + "‸")["新规则"]
    text = proposed(inserted)
    assert server.diagnostics(folder / "x.yaml", LINE + text) == []
    (tmp_path / "x.yaml").write_text(text, encoding="utf-8")
    rulebook = load_rulebook(tmp_path)
    assert all(result.right for result in run_examples(rulebook, ["QX001"]))


# what is shown

SHOWN = [
    ("级别: 一般", "级‸别: 一般", ["毛病有多重", "违反法律法规"]),
    ("级别: 一般", "级别: 一‸般", ["`一般`: 不合规范"]),
    ("条件:", "条‸件:", ["全部成立才算命中"]),
    ("- 支出金额 > 下达金额", "- 支出‸金额 > 下达金额", ["全部成立才算命中"]),
    ("标注: 支出金额", "标注: 支出‸金额", ["毛病标在哪一栏", "截止日期前累计支出的金额"]),
    ("- 五华2023: 四（二）", "- 五‸华2023: 四（二）", ["重点绩效评价报告"]),
    ("对象: 项目", "对‸象: 项目", ["一行一行看", "只有一行"]),
    ("    支出金额: 53元", "    支出‸金额: 53元", ["截止日期前累计支出的金额"]),
    ("  结论: 无法判断", "  结论: 无法‸判断", ["缺了数，定不下来"]),
    ("    FP201: 命中", "    FP‸201: 命中", ["下达资金执行率低"]),
    *[(f"{key}:", f"{key[0]}‸{key[1:]}:", []) for key in WHOLE_RULE],
]


@pytest.mark.parametrize(("old", "new", "wanted"), SHOWN, ids=[repr(new) for _, new, _ in SHOWN])
def test_what_is_shown(server, folder, old, new, wanted):
    shown = server.hover(folder / "x.yaml", edited(old, new)).partition("\nSource: ")[0]
    assert all(part in shown for part in wanted)
    assert CHINESE.search(shown.partition("\n")[2])


# what is marked


@pytest.mark.parametrize(("key", "value"), BREAKS, ids=lambda part: part if isinstance(part, str) else repr(part)[:20])
def test_what_is_broken_is_marked_in_chinese(server, folder, key, value):
    found = server.diagnostics(folder / "x.yaml", LINE + changed(key, value))
    assert found
    assert all(CHINESE.search(message) for _, _, message in found), found


MARKED = [
    ("级别: 一般", "级别: 一班", "级别", "只能写 严重、重要、一般、提示"),
    ("级别: 一般\n", "", "编号", "缺少“级别”"),
    ("级别: 一般", "级别: 一般\n等级: 高", "等级", "可以写的名称有"),
    ("生效: '2020-02-25'", "生效: 2020/2/25", "生效", "要写成 2023-12-31 的样子"),
    ("- 五华2023: 四（二）", "- 五华2024: 四（二）", "- 五华2024", "没有这个来源"),
    ("建议: 提高完成及时率", "建议: 提高", "建议", "没有这个建议"),
    ("标注: 支出金额", "标注: 支出", "标注", "没有这个字段"),
    ("    支出金额: 53元", "    支出: 53元", "    支出:", "没有这个字段"),
    ("  结论: 通过", "  结论: 过", "  结论: 过", "只能写 命中、通过"),
]


@pytest.mark.parametrize(("old", "new", "line", "message"), MARKED, ids=[repr(new) for _, new, _, _ in MARKED])
def test_what_is_wrong_is_marked_where_it_stands(server, folder, old, new, line, message):
    text = edited(old, new)
    number = next(n for n, each in enumerate(text.splitlines(), 1) if each.startswith(line))
    assert [said for at, _, said in server.diagnostics(folder / "x.yaml", text) if at == number and message in said]


def test_a_folder_of_ones_own_with_its_own_names(server, tmp_path):
    (tmp_path / "sources.yaml").write_text("本区办法: {名称: 本区管理办法, 效力: 地方}\n", encoding="utf-8")
    schema_text("--rules", tmp_path, "-o", tmp_path / "规则.schema.json")
    line = "# yaml-language-server: $schema=规则.schema.json\n"
    text = line + RULE.replace("五华2023: 四（二）", "本区办法: 第三条")
    assert server.diagnostics(tmp_path / "我的.yaml", text) == []
    assert "本区办法" in server.completion(tmp_path / "我的.yaml", text.replace("本区办法: 第三条", "‸"))


def test_the_inserted_example_fits(server, folder):
    inserted, _ = server.completion(folder / "x.yaml", edited("样例:\n", "样例:\n- ‸\n"))["新样例"]
    [example] = seen("- " + proposed(inserted))
    assert set(example) == {"名称", "给定", "结论"}
    assert example["结论"] == "命中"
