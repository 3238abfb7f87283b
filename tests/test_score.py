"""`fpcheck rules score`: the counts are right, the wrong ones are named, faulty lines cost themselves alone."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from fpcheck.authoring.corpus import Goal, Indicator, labels, read_corpus
from fpcheck.authoring.score import Share, harmonic, score
from fpcheck.cli import app

MANUAL = (Path(__file__).parent.parent / "docs" / "评分.md").read_text(encoding="utf-8")
COUNTED = {"name": "培训人次", "target_value_text": "≥200人次", "label_measurable": "yes", "label_issue": "ok"}
VAGUE = {
    "name": "服务水平",
    "target_value_text": "进一步提高",
    "label_measurable": "no",
    "label_issue": "vague_value",
    "label_parsed": {"comparator": None, "number": None, "unit": None, "kind": "text"},
}
CLEAR = {"goal_text_paraphrased": "年内培训200人次，合格率不低于95%", "label": "clear"}
SLOGAN = {"goal_text_paraphrased": "进一步提高服务水平", "label": "unclear", "only_slogan": True}


@pytest.fixture
def write(tmp_path):
    def written(*entries, name="indicators.jsonl", encoding="utf-8"):
        text = "\n".join(
            e if isinstance(e, str) else json.dumps({"form_id": "例", **e}, ensure_ascii=False) for e in entries
        )
        (tmp_path / name).write_text(text, encoding=encoding)
        return tmp_path

    return written


def scored(folder, *more):
    result = CliRunner().invoke(app, ["rules", "score", str(folder), *more])
    assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
    return result


def test_what_is_right_and_what_is_wrong_is_counted(write, rulebook):
    wrongly = {**VAGUE, "label_issue": "ok"}  # the rules say otherwise: a false alarm
    missed = {**COUNTED, "label_issue": "vague_value"}  # the rules are silent
    excused = {**VAGUE, "label_issue": "wrong_level2", "label_issue_other": ["vague_value"]}
    [found] = score(read_corpus([write(COUNTED, VAGUE, wrongly, missed, excused)]), rulebook)
    rows = {row.label: row for row in found.rows}
    assert rows["vague_value"].precision == Share(2, 3)
    assert rows["vague_value"].recall == Share(1, 2)
    assert rows["vague_value"].f1 == pytest.approx(2 * (2 / 3) * (1 / 2) / (2 / 3 + 1 / 2))
    assert rows["wrong_level2"].recall == Share(0, 1)
    assert found.whole.precision == Share(2, 3)
    assert found.whole.recall == Share(1, 3)
    assert found.shares["没有毛病的没有误报"] == Share(1, 2)
    assert found.shares["指标值读得分毫不差"] == Share(3, 3)
    assert found.shares["能不能衡量判得一致"] == Share(5, 5)
    assert [(wrong.entry, wrong.wanted) for wrong in found.wrong] == [
        ("例#3", ()),
        ("例#4", ("vague_value",)),
        ("例#5", ("wrong_level2",)),
    ]


def test_goals_are_counted_flag_by_flag(write, rulebook):
    other = {**CLEAR, "label": "unclear"}
    [found] = score(read_corpus([write(CLEAR, SLOGAN, other, name="goals.jsonl")]), rulebook)
    rows = {row.label: row for row in found.rows}
    assert rows["unclear"].recall == Share(1, 2)
    assert rows["only_slogan"].precision == rows["only_slogan"].recall == Share(1, 1)
    assert found.shares["清晰、不清晰判得一致"] == Share(2, 3)
    assert found.whole is None


def test_entries_the_expert_was_not_sure_of_are_left_out(write):
    corpus = read_corpus([write({**COUNTED, "confidence": 0.59}, {**COUNTED, "confidence": 0.6})])
    assert (len(corpus.indicators), corpus.left_out) == (1, 1)


FAULTY = {
    "not JSON": ("{坏", "这一行不是 JSON"),
    "no entry": ("[1, 2]", "不是认得的内容"),
    "a label nobody knows": (json.dumps({"form_id": "例", **COUNTED, "label_issue": "vage_value"}), "vague_value"),
    "no label": (json.dumps({"form_id": "例", "name": "甲", "label_issue": "ok"}), "label_measurable"),
    "an odd word": (json.dumps({"form_id": "例", **COUNTED, "label_measurable": "maybe"}), "label_measurable"),
    "a number that is none": ('{"form_id": "例", "label": "clear", "confidence": "高"}', "confidence"),
    "deep": ("[" * 100_000, "这一行不是 JSON"),
}


@pytest.mark.parametrize("what", FAULTY)
def test_a_faulty_line_is_named_and_the_rest_scored(what, write):
    text, message = FAULTY[what]
    result = scored(write(COUNTED, text, "", VAGUE))
    assert result.exit_code == 3
    assert "指标 2 条" in result.stdout
    assert "indicators.jsonl:2" in result.stderr or "第2行" in result.stderr
    assert message in result.stderr


def test_other_encodings_are_read_and_broken_bytes_named(write):
    folder = write(COUNTED, VAGUE, encoding="gb18030")
    assert scored(folder).exit_code == 0
    file = folder / "indicators.jsonl"
    file.write_bytes(file.read_bytes() + b"\n\xff\xfe\xff{}\n")
    result = scored(folder)
    assert result.exit_code == 3
    assert "指标 2 条" in result.stdout


FLOORS = {
    "指标": {
        "合计": (0.88, 0.90),
        "vague_value": (0.90, 0.90),
        "no_unit_or_number": (0.88, 0.70),
        "qualitative_without_standard": (0.60, 0.90),
        "value_is_money_only": (0.90, 0.90),
        "name_not_specific": (0.90, 0.90),
        "wrong_level2": (0.90, 0.90),
        "duplicate_of_level2": (0.90, 0.90),
        "absolute_word": (0.90, 0.90),
        "actual_not_comparable": (0.88, 0.92),
        "name_value_conflict": (0.90, 0.40),
    },
    "目标": {
        "unclear": (0.96, 0.96),
        "only_spending": (0.90, 0.90),
        "only_slogan": (0.86, 0.95),
        "mismatches_budget": (0.75, 0.80),
    },
}
SHARES = {
    "没有毛病的没有误报": 0.95,
    "指标值读得分毫不差": 0.90,
    "能不能衡量判得一致": 0.86,
    "清晰、不清晰判得一致": 0.97,
}


@pytest.fixture(scope="module")
def own(rulebook):
    return score(read_corpus([Path(__file__).parent.parent / "cases" / "标注"]), rulebook)


def test_the_own_set_is_large_and_has_every_label(own):
    assert [(found.kind, found.entries) for found in own] == [("指标", 641), ("目标", 256)]
    for found in own:
        assert {row.label for row in found.rows} == {*labels()[found.kind]} - {"ok"}
        assert all(row.recall.all >= 9 for row in found.rows), [row.label for row in found.rows if row.recall.all < 9]


def test_on_the_own_set_the_rules_are_as_right_as_they_were(own):
    for found in own:
        rows = {row.label: row for row in (*found.rows, *([found.whole] if found.whole else []))}
        assert rows.keys() == FLOORS[found.kind].keys()
        for label, (precision, recall) in FLOORS[found.kind].items():
            assert rows[label].precision.value >= precision, label
            assert rows[label].recall.value >= recall, label
        for name, share in found.shares.items():
            assert share.value >= SHARES[name], name


def test_nothing_to_score(tmp_path):
    for path in (tmp_path, tmp_path / "没有.jsonl"):
        result = scored(path)
        assert result.exit_code == 3
        assert result.stderr.strip()


def test_the_shape_for_programs(write):
    found = json.loads(scored(write(COUNTED, VAGUE), "--format", "json").stdout)
    [one] = found["scores"]
    assert one["kind"] == "指标"
    [row] = [row for row in one["labels"] if row["label"] == "vague_value"]
    assert row["precision"]["value"] == row["recall"]["value"] == row["f1"] == 1
    assert row["precision"]["interval"][0] == pytest.approx(0.2065, abs=1e-4)
    assert one["wrong"] == []


@pytest.mark.parametrize(
    ("right", "all_", "low", "high"), [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0)]
)
def test_intervals_are_those_of_wilson(right, all_, low, high):
    """Against values from tables."""
    assert Share(right, all_).interval == pytest.approx((low, high), abs=1e-4)
    assert Share(0, 0).interval is None


def test_the_mean_of_nothing():
    assert harmonic(None, 1) is None
    assert harmonic(0, 0) == 0


def test_every_label_stands_in_the_manual_with_its_types():
    assert all(f"`{label}`" in MANUAL or label == "mismatches_budget" for table in labels().values() for label in table)
    named = {one for table in labels().values() for types in table.values() for one in types}
    assert [one for one in named if f"`{one}`" not in MANUAL] == []


def test_the_entries_in_the_manual_are_entries():
    one, two = re.findall(r"^```json\n(.*?)\n```", MANUAL, re.MULTILINE | re.DOTALL)
    assert Indicator.model_validate_json(one).label_parsed.unit == "人次"
    assert Goal.model_validate_json(two).label == "clear"
