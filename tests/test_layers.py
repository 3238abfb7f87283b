"""Layers: a user's own values and rules over the shipped ones, nearer regions over farther ones, rules left out."""

import re
from datetime import date
from itertools import takewhile

import pytest
from click.testing import CliRunner

from fpcheck import check
from fpcheck.cli import app
from fpcheck.report.to_console import to_console
from fpcheck.rulebook.load import RulebookFault, load_rulebook
from fpcheck.terms import rules_folder

NAME = "下达执行率下限"
SETTING = "    - {{值: {value}, 效力: 惯例, 自: {since}, 地区: {region}, 依据: [{{五华2023: 四（二）}}]}}\n"


@pytest.fixture
def own(tmp_path):
    """Write a user's own parameters.yaml with the given settings."""

    def write(*settings):
        lines = [SETTING.format(value=v, since=s, region=r) for v, s, r in settings]
        text = f"{NAME}:\n  类型: 比率\n  含义: 自己的界限\n  取值:\n{''.join(lines)}"
        (tmp_path / "parameters.yaml").write_text(text, encoding="utf-8")
        return tmp_path

    return write


def found(rulebook, region, day=date(2023, 12, 31)):
    return float(rulebook.parameters.find(NAME, region, None, day).value)


def test_a_users_own_value_wins_in_its_region_whatever_its_date(own):
    assert found(load_rulebook(own(("70%", "2015-01-01", "全国"))), "五华") == 0.7


@pytest.mark.parametrize("region", ["五华", "五华区", "昆明市五华区"])
def test_the_nearest_region_wins(own, region):
    rulebook = load_rulebook(own(("90%", "2020-01-01", region), ("60%", "2020-01-01", "云南")))
    assert found(rulebook, "五华") == 0.9
    assert found(rulebook, "昆明") == 0.6
    assert found(rulebook, "全国") == 0.95


def test_the_latest_value_in_force_wins(own):
    rulebook = load_rulebook(own(("80%", "2021-01-01", "全国"), ("85%", "2023-01-01", "全国")))
    assert found(rulebook, "全国", date(2022, 6, 1)) == 0.8
    assert found(rulebook, "全国", date(2023, 1, 1)) == 0.85


def test_two_values_for_one_day_are_a_fault(own):
    with pytest.raises(RulebookFault, match="同一地区、同一天写了两个值"):
        load_rulebook(own(("80%", "2021-01-01", "全国"), ("85%", "2021-01-01", "全国")))


@pytest.mark.parametrize("number", ["FP401", "FP501", "FP201", "FP952"])
def test_any_one_rule_can_be_left_out(number):
    rulebook = load_rulebook(without=[number])
    assert number not in rulebook.by_id
    assert number in {item.id for item in rulebook.left_out}


def rule(name):
    [file] = rules_folder().rglob(f"{name}-*.yaml")
    return file.read_text(encoding="utf-8")


def test_custom_alone_carries_no_grave_finding(tmp_path):
    text = rule("FP205").replace("FP205", "FP990")
    basis = text[text.index("依据:") : text.index("生效:")]
    grave = text.replace(basis, "依据:\n  - 五华2023: 一\n").replace("级别: 一般", "级别: 重要")
    (tmp_path / "FP990.yaml").write_text(grave, encoding="utf-8")
    with pytest.raises(RulebookFault, match="依据只是惯例"):
        load_rulebook(tmp_path)


def test_a_rule_of_ones_own_takes_the_shipped_ones_place_and_is_told(tmp_path):
    (tmp_path / "FP205.yaml").write_text(rule("FP205").replace("名称: 资金", "名称: 本区资金"), encoding="utf-8")
    rulebook = load_rulebook(tmp_path)
    assert rulebook.by_id["FP205"].rule.name.startswith("本区")
    assert any("FP205" in told for told in rulebook.replaced)


@pytest.mark.parametrize("name", ["FP990.yaml.txt", "规则.yml.bak"])
def test_a_file_that_was_meant_as_a_rule_is_told(tmp_path, name):
    (tmp_path / name).write_text(rule("FP205"), encoding="utf-8")
    (tmp_path / "FP991.yaml").write_text(rule("FP205").replace("FP205", "FP991"), encoding="utf-8")
    with pytest.raises(RulebookFault, match="扩展名不对"):
        load_rulebook(tmp_path)


# what `rules show` says of the layers


def shown(name, rule, *arguments):
    """The lines of `rules show` about a parameter: the value in force, then every value with why it is used or not."""
    text = CliRunner().invoke(app, ["rules", "show", rule, *arguments]).stdout
    lines = text.splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith(f"  参数.{name}"))
    settings = takewhile(lambda line: line.startswith("    "), lines[at + 1 :])
    return lines[at].strip(), [line.strip("\u3000 ") for line in settings]


@pytest.mark.parametrize(
    ("region", "used"),
    [("全国", "10（全国"), ("云南", "10（全国"), ("保山", "20（保山"), ("昌宁", "20（保山"), ("黄石", "20（湖北")],
)
def test_the_value_of_the_nearest_layer_is_marked(region, used):
    first, settings = shown("执行率分值", "FP622", "--region", region)
    assert first.startswith(f"参数.执行率分值 = {used}")
    [marked] = [line for line in settings if line.startswith("→")]
    assert marked.startswith(f"→ {used}")
    assert marked.endswith("，用这个")
    assert len(settings) == 4


def test_every_value_that_is_not_used_says_why():
    _, settings = shown("执行率分值", "FP622", "--region", "保山")
    whys = [line.rsplit("，", 1)[1] for line in settings]
    assert whys == ["用这个", "保山另有取值", "只用于表样“20+80”", "只用于湖北"]


def test_a_value_of_a_later_day_is_told_apart():
    first, settings = shown("执行率分值", "FP622", "--as-of", "2019-06-30")
    assert first.endswith("没有生效的值")
    assert settings[0].endswith("，2020-02-25 才起用")


def test_ones_own_value_is_told_from_the_shipped_one(own):
    folder = own(("80%", "2021-01-01", "全国"), ("85%", "2023-01-01", "全国"))
    _, settings = shown(NAME, "FP201", "--rules", str(folder))
    assert [line.rsplit("，", 1)[1] for line in settings] == ["自己的规则另有取值", "另有更晚的取值", "用这个"]


def test_a_parameter_with_one_value_is_told_in_one_line():
    first, settings = shown("自评满分", "FP622")
    assert first.startswith("参数.自评满分 = 100（全国，惯例")
    assert settings == []


def test_a_finding_says_which_layer_decided():
    form = {"表种": "自评表", "年度": 2024, "自评总分": 86, "自评等级": "良"}
    [finding] = [
        finding for finding in check({**form, "地区": "安徽", "表样": "民生工程"}).findings if finding.rule == "FP612"
    ]
    assert finding.layer == "安徽"


def test_a_finding_rests_on_the_document_of_the_threshold_in_force(tmp_path):
    (tmp_path / "sources.yaml").write_text("区办法: {名称: 区里的办法, 效力: 地方}\n", encoding="utf-8")
    setting = "{值: 99%, 效力: 地方, 自: 2020-01-01, 地区: 五华, 依据: [区办法: 第五条]}"
    (tmp_path / "parameters.yaml").write_text(f"预算执行率下限:\n  取值:\n    - {setting}\n", encoding="utf-8")
    pack = load_rulebook([rules_folder(), tmp_path])
    form = {"表种": "自评表", "年度": 2023, "全年预算数": "100万元", "全年执行数": "80万元"}

    def found(region):
        result = check({**form, "地区": region}, pack)
        [finding] = [finding for finding in result.findings if finding.rule == "FP202"]
        [basis] = [line.text for line in to_console(result, {}) if "区里的办法" in line.text] or [""]
        return [basis.id for basis in finding.basis], basis[-8:]

    own = [basis.id for basis in pack.by_id["FP202"].basis]
    assert found("五华") == ([*own, "区办法"], "（按五华的规定）")
    here, told = found("全国")
    assert here[: len(own)] == own
    assert (len(set(here)), told) == (len(here), "")


def test_a_finding_on_a_derived_column_points_to_the_printed_one():
    marks = [rule.mark for rule in load_rulebook(rules_folder()).rules if not rule.rule.mark and rule.mark[0] == "指标"]
    assert marks
    assert not [field for _, field in marks if field and field.startswith(("目标.", "实际."))]


@pytest.mark.parametrize(
    ("place", "region"),
    [
        ("云南省昆明市官渡区", "昆明"),
        ("昆明市官渡区", "昆明"),
        ("云南省保山市隆阳区", "保山"),
        ("云南省昆明市五华区护国街道", "五华"),
        ("云南省玉溪市", "云南"),
        ("五华区", "五华"),
        ("五华县", None),
        ("盘龙", None),
        ("", "全国"),
    ],
)
def test_a_place_that_is_not_listed_belongs_to_the_nearest_around_it(rulebook, place, region):
    assert rulebook.glossary.region_around(place) == region


def test_the_layer_around_a_place_is_used_and_told(rulebook):
    form = {"年度": 2023, "表种": "自评表", "地区": "云南省昆明市官渡区", "项目名称": "甲"}
    [told] = [str(problem) for problem in check(form, rulebook).problems if "没有列在规则的地区表里" in str(problem)]
    assert "按昆明的标准检查" in told


# the shipped layers

SHOWN = {  # rule, region: the value that decides there
    ("FP406", "五华"): "2（五华，地方，2021-01-01 起",
    ("FP214", "五华"): "云南公开的绩效目标表和自评表多用元（云南，",
    ("FP214", "湖北"): "自评表多用万元（全国，",
    (
        "FP774",
        "五华",
    ): "《昆明市市本级财政支出预算事前绩效评估管理暂行办法》或区县自己的规定（昆明，地方，2018-12-31 起",
    ("FP774", "云南"): "本地事前评估的规定（全国，",
    ("FP622", "昌宁"): "20（保山，惯例，2020-02-25 起",
    ("FP622", "云南"): "10（全国，惯例，2020-02-25 起",
}


@pytest.mark.parametrize(("number", "region"), SHOWN)
def test_the_layer_that_decides_is_shown(number, region):
    said = CliRunner().invoke(app, ["rules", "show", number, "--region", region, "--as-of", "2023-12-31"])
    assert re.search(rf"^  参数\.\w+ = {re.escape(SHOWN[number, region])}", said.stdout, re.MULTILINE), said.stdout


def test_a_rule_of_one_region_is_shown_with_its_own_values():
    assert "参数.叠加先锋数 = 2（五华，地方，" in CliRunner().invoke(app, ["rules", "show", "FP406"]).stdout


@pytest.mark.parametrize("region", ["云南", "昆明", "五华"])
def test_each_named_layer_has_a_value_of_its_own(rulebook, region):
    own = [v for values in rulebook.parameters.values.values() for v in values if v.setting.region == region]
    assert own
    assert all(value.setting.basis for value in own)


def test_the_nearer_layer_changes_the_verdict_and_says_so():
    rows = [{"三级指标": "培训人次", "分值": 60}, {"三级指标": "护林员满意度", "分值": 30}]
    form = {"年度": 2023, "表种": "自评表", "指标": rows}
    said = {place: check({**form, "地区": place}).findings for place in ("昌宁", "云南")}
    layers = {place: [f.layer for f in findings if f.rule == "FP622"] for place, findings in said.items()}
    assert layers == {"昌宁": ["保山"], "云南": []}
