"""Every shipped rule: its examples, its file, what it cites. The examples are the rules' own tests."""

import re
from pathlib import Path

import pytest

from fpcheck import check
from fpcheck.authoring.examples import run_example
from fpcheck.finding import SEVERITIES
from fpcheck.rulebook.load import load_rulebook
from fpcheck.rulebook.rule import Rule

RULEBOOK = load_rulebook()
RULES = list(RULEBOOK.by_id.values())
EXAMPLES = [(rule, example) for rule in RULES for example in rule.rule.examples]
# Names that outside programs rely on; more may join, these stay.
TYPES = {
    *("objective-missing", "objective-unclear", "objective-slogan", "objective-spending-only"),
    *("annual-equals-overall", "objective-mismatches-plan", "objective-mismatches-budget", "year-conflict"),
    *("copied-from-last-year", "value-vague", "value-without-number-or-unit", "qualitative-without-standard"),
    *("value-missing", "name-not-specific", "indicators-incomplete", "cost-indicator-missing"),
    *("satisfaction-indicator-missing", "execution-rate-low", "execution-rate-misstated"),
    *("execution-unexplained", "funds-not-received", "use-rate-masks-shortfall", "funds-parts-mismatch"),
    *("overspent", "reward-not-paid-in-year", "reward-amount-mismatch", "management-system-missing"),
    *("required-field-missing", "weights-sum-wrong", "score-exceeds-weight", "total-score-wrong"),
    *("amount-unit-suspect", "output-not-met", "satisfaction-low", "actual-not-comparable", "actual-copies-target"),
    *("all-actuals-equal-targets", "deviation-unexplained", "score-not-proportional", "full-score-though-unmet"),
    *("grade-wrong", "actual-repeats-objective", "late-filing"),
}


@pytest.mark.parametrize(("rule", "example"), EXAMPLES, ids=[f"{r.rule.id}-{e.name}" for r, e in EXAMPLES])
def test_example(rule, example):
    result = run_example(rule, example, RULEBOOK)
    assert result.right, str(result)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.rule.id)
def test_file_is_named_after_the_rule_and_short(rule):
    path = Path(rule.file)
    assert path.stem.startswith(f"{rule.rule.id}-")
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 80


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.rule.id)
def test_finding_says_what_why_and_cure(rule):
    assert rule.basis
    if rule.rule.role == "问题":
        shows_figures = bool(list(rule.message.slots()))
        assert shows_figures or rule.rule.type in ("required-field-missing", "objective-missing")
        assert rule.rule.fix
        assert rule.recommendation


@pytest.mark.parametrize("rule", [r for r in RULES if r.rule.role == "问题"], ids=lambda rule: rule.rule.id)
def test_name_states_the_fault_not_the_cure(rule):
    assert not re.match("应|请|要|提高|加强|完善|规范", rule.rule.name)


def test_known_types_are_all_there():
    assert {rule.rule.type for rule in RULES} >= TYPES


def test_numbers_are_unique_and_grouped_by_folder():
    folders = {}
    for rule in RULES:
        folders.setdefault(Path(rule.file).parent.name, set()).add(rule.rule.id[2])
    groups = [group for found in folders.values() for group in found]
    assert all(len(found) == 1 for found in folders.values())
    assert len(groups) >= len(set(groups))


def test_what_only_custom_supports_is_at_most_ordinary():
    for rule in RULES:
        forces = {value.setting.force for name in rule.parameters for value in RULEBOOK.parameters.values[name]}
        if "惯例" in forces and rule.rule.role == "问题":
            assert SEVERITIES.index(rule.rule.severity) >= SEVERITIES.index("一般"), rule.rule.id


def test_nothing_is_grave_as_long_as_no_cited_article_was_compared_with_the_original():
    """What rests on general knowledge alone is at most 重要; the manual says why, rule by rule."""
    assert not [rule.rule.id for rule in RULES if rule.rule.severity == "严重"]
    manual = (Path(__file__).parent.parent / "docs" / "规则写法.md").read_text(encoding="utf-8")
    _, _, section = manual.partition("## 随附的规则为什么没有“严重”\n")
    rows = re.findall(r"^\| (FP[0-9]+) (.+?) \|", section.partition("\n## ")[0], re.MULTILINE)
    told = {number: RULEBOOK.by_id[number].rule for number, _ in rows}
    assert {number: rule.name for number, rule in told.items()} == dict(rows)
    assert {rule.severity for rule in told.values()} == {"重要"}


def test_a_grave_rule_of_ones_own_sends_a_form_back(tmp_path):
    [shipped] = Path(RULEBOOK.by_id["FP207"].file).parent.glob("FP207-*.yaml")
    text = shipped.read_text(encoding="utf-8").replace("级别: 重要", "级别: 严重")
    (tmp_path / "FP207.yaml").write_text(text, encoding="utf-8")
    form = {"年度": 2023, "表种": "自评表", "全年预算数": "10万元", "全年执行数": "12万元"}
    result = check(form, load_rulebook(tmp_path))
    assert [f.severity for f in result.findings if f.rule == "FP207"] == ["严重"]
    assert result.submissions[0].decision == "需修改"


def test_every_key_of_a_rule_has_a_chinese_name():
    assert all(re.fullmatch(r"[\u4e00-\u9fff]+", field.alias or "") for field in Rule.model_fields.values())
