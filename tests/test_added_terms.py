"""A terms.yaml that says 补充: 是: what it adds to the shipped glossary holds for rules, thresholds and forms alike."""

import json
import os
from datetime import date

import pytest
from click.testing import CliRunner
from drawn import FORMS, save_xlsx, workbook_of

from fpcheck.authoring.offers import find_offers
from fpcheck.authoring.rule_schema import rule_schema
from fpcheck.cli import app
from fpcheck.intake import Forms, read_paths
from fpcheck.rulebook.kept import kept_rulebook
from fpcheck.rulebook.load import RulebookFault, load_rulebook
from fpcheck.terms import rules_folder, shipped_glossary

ADDED = """补充: 是
地区:
  盘龙: {上级: 昆明, 又名: [盘龙区, 昆明市盘龙区]}
  金辰: {上级: 盘龙, 又名: [金辰街道]}
  昆明: {又名: [昆明全市]}
占位: [（略）]
对象:
  项目:
    字段:
      实施单位: {标签: [承担单位（全称）]}
      自评等级: {写法: {甲等: 优}}
      负责人: {占位: [待定]}
"""
FORM = "表种: 综合\n年度: 2023\n项目名称: {name}\n实施单位: 一街\n地区: {region}\n下达金额: 100万元\n支出金额: 94万元\n"
LIMIT = """下达执行率下限:
  取值:
    - {值: 90%, 效力: 惯例, 自: 2020-01-01, 地区: 盘龙区, 依据: [{五华2023: 四（二）}]}
"""


@pytest.fixture
def own(tmp_path):
    """A folder that adds terms."""
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "terms.yaml").write_text(ADDED, encoding="utf-8")
    return folder


def test_the_shipped_rules_and_terms_stay(own):
    rulebook, shipped = load_rulebook(own), load_rulebook()
    assert rulebook.by_id.keys() == shipped.by_id.keys()
    assert rulebook.glossary.regions.keys() - shipped.glossary.regions.keys() == {"盘龙", "金辰"}
    assert rulebook.glossary.layers("金辰") == ["金辰", "盘龙", "昆明", "云南", "全国"]
    assert rulebook.glossary.regions["昆明"].parent == "云南"
    assert shipped.glossary == shipped_glossary()


@pytest.mark.parametrize(
    ("said", "meant"),
    [("盘龙", "盘龙"), ("昆明市盘龙区", "盘龙"), ("昆明全市", "昆明"), ("昆明市", "昆明"), ("盘龙区拓东街道", "盘龙")],
)
def test_a_form_may_name_an_added_region(own, said, meant):
    assert load_rulebook(own).glossary.region_around(said) == meant


def test_a_threshold_and_a_rule_may_be_of_an_added_region(own, tmp_path):
    (own / "parameters.yaml").write_text(LIMIT, encoding="utf-8")
    [file] = rules_folder().rglob("FP201-*.yaml")
    local = file.read_text(encoding="utf-8").replace("FP201", "PL201").replace("对象: 项目", "地区: 盘龙\n对象: 项目")
    (own / "PL201.yaml").write_text(local, encoding="utf-8")
    rulebook = load_rulebook(own)
    assert float(rulebook.parameters.find("下达执行率下限", "金辰", None, date(2023, 12, 31)).value) == 0.9
    for region, hit in (("盘龙区", False), ("五华区", True)):
        form = tmp_path / f"{region}.yaml"
        form.write_text(FORM.format(name="甲", region=region), encoding="utf-8")
        said = CliRunner().invoke(app, ["check", str(form), "--rules", str(own), "--format", "json"])
        report = json.loads(said.stdout)
        assert ("FP201" in {finding["rule"] for finding in report["findings"]}) is hit
        assert not [problem for problem in report["problems"] if "没有列在" in problem["message"]]


def read(paths, rulebook):
    return read_paths(paths, Forms(rulebook.glossary, rulebook.layouts))


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [("自评等级: 甲等", "自评等级", "优"), ("负责人: 待定", "负责人", None), ("总体目标: （略）", "总体目标", None)],
)
def test_intake_reads_spellings_and_placeholders(own, tmp_path, line, field, value):
    form = tmp_path / "form.yaml"
    form.write_text(FORM.format(name="甲", region="盘龙") + line + "\n", encoding="utf-8")
    known = read([form], load_rulebook(own))
    assert not known.problems
    assert known.submissions[0].project[field].value == value
    plain = read([form], load_rulebook())
    assert plain.problems or plain.submissions[0].project[field].value != value


@pytest.mark.parametrize("label", ["承担单位（全称）", "承担单位(全称)"])
def test_intake_knows_an_added_label(own, tmp_path, label):
    form = tmp_path / "form.yaml"
    form.write_text(FORM.format(name="甲", region="盘龙").replace("实施单位", label), encoding="utf-8")
    [told] = read([form], load_rulebook(own)).problems
    assert told.hint == "这里应写“实施单位”"
    [told] = read([form], load_rulebook()).problems
    assert told.hint != "这里应写“实施单位”"


@pytest.mark.parametrize("label", ["承担单位（全称）", "承担单位 (全称)："])
def test_a_printed_form_is_read_by_an_added_label(own, tmp_path, label):
    drawn = (FORMS / "全国自评表" / "表.txt").read_text(encoding="utf-8")
    assert "|实施单位|" in drawn
    form = tmp_path / "form.xlsx"
    save_xlsx(workbook_of(drawn.replace("|实施单位|", f"|{label}|")).sheets, form)
    assert read([form], load_rulebook(own)).submissions[0].text("实施单位") == "柳荫街道办事处"
    assert read([form], load_rulebook()).submissions[0].text("实施单位") != "柳荫街道办事处"


def test_layers_add_to_each_other(own, tmp_path):
    above = tmp_path / "above"
    above.mkdir()
    (above / "terms.yaml").write_text("补充: 是\n地区: {联盟: {上级: 盘龙}}\n", encoding="utf-8")
    assert load_rulebook([own, above]).glossary.layers("联盟")[:2] == ["联盟", "盘龙"]
    with pytest.raises(RulebookFault, match="上级“盘龙”没有列出"):
        load_rulebook([above, own])


@pytest.mark.parametrize(
    ("line", "adds"),
    [
        ("补充: 是\n", True),
        ("'补充': \"是\"\n", True),
        ("# 本区\n\n补充:  是   # 加进随附的\n", True),
        ("", False),
        ("# 补充: 是\n", False),
        ("补充: 是的\n", False),
    ],
)
def test_only_a_file_that_says_so_adds(own, line, adds):
    (own / "terms.yaml").write_text(line + "地区: {盘龙: {上级: 昆明}}\n", encoding="utf-8")
    if adds:
        assert "盘龙" in load_rulebook(own).glossary.regions
    else:
        with pytest.raises(RulebookFault, match="请在最前面加一行“补充: 是”"):
            load_rulebook(own)


def test_a_terms_file_left_out_adds_nothing(own):
    assert load_rulebook(own, without=["terms.yaml"]).glossary == shipped_glossary()


def test_a_kept_rulebook_goes_with_its_terms(own, tmp_path, monkeypatch):
    monkeypatch.setitem(os.environ, "FPCHECK_CACHE", str(tmp_path / "kept"))
    assert kept_rulebook([own]).glossary.find_region("盘龙区") == "盘龙"
    (own / "terms.yaml").write_text(ADDED.replace("盘龙区", "盘龙本区"), encoding="utf-8")
    assert kept_rulebook([own]).glossary.find_region("盘龙区") is None


def test_an_editor_offers_added_regions(own):
    offers = find_offers([own])
    assert not offers.remarks
    assert {"盘龙", "盘龙区"} <= {*rule_schema(offers)["properties"]["地区"]["enum"]}
