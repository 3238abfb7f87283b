"""`fpcheck rules score`: the counts are right, the wrong ones are named, faulty lines cost themselves alone."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from fpcheck.authoring.corpus import labels, read_corpus
from fpcheck.authoring.entry import Goal, Indicator, Parsed
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


@pytest.mark.parametrize("more", [{"name_value_conflict": True}, {"label_issue_other": ["wrong_level2"]}])
def test_an_entry_with_another_label_is_not_without_fault(write, rulebook, more):
    [found] = score(read_corpus([write(COUNTED, {**COUNTED, **more})]), rulebook)
    assert found.shares["没有毛病的没有误报"] == Share(1, 1)


def test_a_missed_or_false_flag_is_named_like_any_other(write, rulebook):
    [found] = score(read_corpus([write({**COUNTED, "name_value_conflict": True})]), rulebook)
    assert [(wrong.wanted, wrong.said) for wrong in found.wrong] == [(("name_value_conflict",), ())]
    folder = write({**SLOGAN, "only_slogan": False}, name="goals.jsonl")
    [found] = score(read_corpus([folder / "goals.jsonl"]), rulebook)
    assert [wrong.wanted for wrong in found.wrong] == [("unclear",)]
    assert "objective-slogan" in found.wrong[0].said


def read_as(**more):
    wanted = {"comparator": "≥", "number": 200, "unit": "人次", "kind": "count", **more}
    return {**COUNTED, "label_parsed": wanted}


@pytest.mark.parametrize(
    ("value", "more", "same"),
    [
        ("≥200户（次）", {"unit": "户（次）"}, True),
        ("≥200户(次)", {"unit": "户（次）"}, True),
        ("≥200户（次）", {"unit": "户(次)"}, True),
        ("＞＝200人次", {"number": 200.0}, True),
        ("≥200人次", {"unit": "人"}, False),
        ("≥200人次", {"comparator": None}, False),
        ("≥200人次", {"number": 201}, False),
        ("≥200人次", {"kind": "number"}, False),
        ("≥200万元", {"unit": "元", "kind": "money"}, False),
    ],
)
def test_readings_are_the_same_but_for_the_width_of_characters(write, rulebook, value, more, same):
    [found] = score(read_corpus([write({**read_as(**more), "target_value_text": value})]), rulebook)
    assert found.shares["指标值读得分毫不差"] == Share(int(same), 1)
    assert len(found.misread) == int(not same)


def test_what_is_read_or_judged_otherwise_is_named(write):
    folder = write(COUNTED, {**read_as(unit="人", number=2.50), "label_measurable": "partly"})
    text = scored(folder).stdout
    assert (
        "指标值读得不同的 1 条（标注 → 程序）：\n  例#2 ≥ 2.5 人（count） → ≥ 200 人次（count）：培训人次 | ≥200人次\n"
        in text
    )
    assert "能不能衡量判得不同的 1 条（标注 → 程序）：\n  例#2 partly → yes：培训人次 | ≥200人次\n" in text
    [one] = json.loads(scored(folder, "--format", "json").stdout)["scores"]
    said = {"comparator": "≥", "number": "200", "unit": "人次", "kind": "count"}
    wanted = {**said, "number": "2.5", "unit": "人"}
    assert one["misread"] == [{"entry": "例#2", "wanted": wanted, "said": said, "text": "培训人次 | ≥200人次"}]
    assert one["disagreed"] == [{"entry": "例#2", "wanted": "partly", "said": "yes", "text": "培训人次 | ≥200人次"}]


def test_long_lists_are_cut_with_a_count_and_whole_for_programs(write):
    folder = write(*[{**read_as(number=n), "label_measurable": "no"} for n in range(27)])
    text = scored(folder).stdout
    for what in ("指标值读得不同的 27 条", "能不能衡量判得不同的 27 条"):
        lines = text[text.index(what) :].splitlines()
        assert len([line for line in lines[1:21] if line.startswith("  例#")]) == 20
        assert lines[21] == "  …… 另有 7 条，加 --format json 全部列出"
    [one] = json.loads(scored(folder, "--format", "json").stdout)["scores"]
    assert len(one["misread"]) == len(one["disagreed"]) == 27


def test_goals_are_counted_flag_by_flag(write, rulebook):
    other = {**CLEAR, "label": "unclear"}
    [found] = score(read_corpus([write(CLEAR, SLOGAN, other, name="goals.jsonl")]), rulebook)
    rows = {row.label: row for row in found.rows}
    assert rows["unclear"].recall == Share(1, 2)
    assert rows["only_slogan"].precision == rows["only_slogan"].recall == Share(1, 1)
    assert found.shares["清晰、不清晰判得一致"] == Share(2, 3)
    assert found.whole is None


def test_without_a_budget_no_rule_can_tell_whether_an_objective_matches_it(write, rulebook):
    dear = {"goal_text_paraphrased": "安排奖励经费50万元，奖励8个社区", "label": "clear", "matches_budget": "no"}
    told, blank = {**dear, "budget": "45"}, {**dear, "n": 2, "budget": "(blank)"}
    [found] = score(read_corpus([write(told, dear, blank, name="goals.jsonl")]), rulebook)
    row = next(row for row in found.rows if row.label == "mismatches_budget")
    assert row.recall == row.precision == Share(1, 1)
    assert len(found.undecided) == 2
    text = scored(write(told, dear, name="goals.jsonl")).stdout
    assert "没有写预算的 1 条无法判断，没有算进 mismatches_budget：例" in text


def test_entries_the_expert_was_not_sure_of_are_left_out(write):
    corpus = read_corpus([write({**COUNTED, "confidence": 0.59}, {**COUNTED, "confidence": 0.6})])
    assert (len(corpus.indicators), corpus.left_out) == (1, 1)


def line(entry=COUNTED, **more):
    return json.dumps({"form_id": "例", **entry, **more}, ensure_ascii=False)


def parsed(**labels):
    return line(VAGUE, label_parsed={"comparator": "≥", "number": 200, "unit": "人次", "kind": "count", **labels})


FAULTY = {  # what, and what must be said of it
    "not JSON": ("{坏", "JSON 写法有误：名称没有用半角双引号"),
    "no entry": ("[1, 2]", "这一行不是一条标注"),
    "a bare text": ('"甲"', "这一行不是一条标注"),
    "a label nobody knows": (line(label_issue="vage_value"), "是不是“vague_value”"),
    "another label nobody knows": (line(label_issue_other=["wrong_levl2"]), "是不是“wrong_level2”"),
    "no label": (json.dumps({"form_id": "例", "name": "甲", "label_issue": "ok"}), "缺少“label_measurable”"),
    "a needed key misspelt": (line().replace("label_measurable", "label_mesurable"), "写的是“label_mesurable”"),
    "the key that tells the kind misspelt": (line().replace("label_issue", "label_isue"), "缺少“label_issue”；写的是“"),
    "an odd word": (line(label_measurable="maybe"), "“label_measurable”不认得“maybe”；可以写 yes partly no"),
    "an odd goal": (line(CLEAR, label="clera"), "“label”不认得“clera”；可以写 clear unclear"),
    "no form": (line(form_id=" "), "“form_id”要写名称"),
    "a word for a number": (line(CLEAR, confidence="高"), "“confidence”要写 0 到 1 的数"),
    "a quoted number": (line(confidence="0.9"), "“confidence”要写 0 到 1 的数；不加引号"),
    "too sure": (line(confidence=1.01), "“confidence”要写 0 到 1 的数"),
    "percent": (line(confidence=90), "“confidence”要写 0 到 1 的数"),
    "less than nothing": (line(confidence=-0.1), "“confidence”要写 0 到 1 的数"),
    "yes for a number": (line(confidence=True), "“confidence”要写 0 到 1 的数"),
    "NaN": (line().replace("}", ', "confidence": NaN}'), "JSON 里不能写 NaN"),
    "Infinity": (line().replace("}", ', "confidence": Infinity}'), "JSON 里不能写 Infinity"),
    "beyond all measure": (line().replace("}", ', "confidence": 1e99999999999999999999}'), "“confidence”要写"),
    "a huge running number": (line().replace("}", ', "n": 1e999999999}'), "“n”要写整数"),
    "null for what must be there": (line(label_measurable=None), "“label_measurable”写的是 null；这一项必须有，请补上"),
    "null for a kind": (parsed(kind=None), "“label_parsed.kind”写的是 null；这一项必须有"),
    "null in a list": (
        line(label_issue_other=[None]),
        "“label_issue_other”要写文字，放在半角双引号里；现在写的是“null”",
    ),
    "yes for a label": (line(label_measurable=True), "“label_measurable”不认得“true”；可以写 yes partly no"),
    "yes for a comparator": (parsed(comparator=False), "“label_parsed.comparator”不认得“false”"),
    "a list for a text": (line(name=["甲", None, 3]), "“name”要写文字，放在半角双引号里；现在写的是“[甲, null, 3]”"),
    "half a number": (line(n=1.5), "“n”要写整数"),
    "a huge figure": (parsed().replace("200", "1e999999999"), "“label_parsed.number”要写一个数"),
    "a range for a figure": (parsed(number="80-100"), "“label_parsed.number”要写一个数"),
    "an odd comparator": (parsed(comparator=">="), "“label_parsed.comparator”不认得“>=”；请写 ≥"),
    "a comparator nobody knows": (parsed(comparator="也许"), "可以写 ≥ ≤ = > < ≈ range"),
    "an odd kind": (parsed(kind="percnt"), "“label_parsed.kind”不认得“percnt”；是不是“percent”"),
    "no kind": (parsed().replace('"kind"', '"knd"'), "缺少“label_parsed.kind”；写的是“label_parsed.knd”"),
    "a unit of blanks": (parsed(unit=" "), "“label_parsed.unit”要写单位；没有单位的写 null"),
    "labels that are no object": (line(label_parsed="≥200人次"), "“label_parsed”要写“名称: 内容”"),
    "labels that are no list": (line(label_issue_other="vague_value"), "“label_issue_other”要写列表"),
    "a text for yes or no": (line(CLEAR, only_slogan="是"), "“only_slogan”要写 true 或 false，不加引号"),
    "a number for a text": (line(target_value_text=200), "“target_value_text”要写文字，放在半角双引号里"),
    "a key twice": (line().replace("{", '{"label_issue": "vague_value", '), "“label_issue”写了两次"),
    "the same line": (line(), "和 第 1 行是同一条"),
    "the same line with blanks": (line().replace(", ", ",  "), "和 第 1 行是同一条"),
    "a long text": (line(name="长" * 20_001), "“name”有 20001 字，超过 20000 字"),
    "a huge line": (line(note="长" * 200_001), "超过 200000 字"),
    "deep": ("[" * 100_000, "嵌套超过 20 层"),
    "half a character": (line(name="甲").replace("甲", r"\ud800"), "半个字符"),
}


OPTIONAL = [
    (model, entry, {key: None for key, field in model.model_fields.items() if not field.is_required()})
    for model, entry in ((Indicator, {**COUNTED, "form_id": "例"}), (Goal, {**CLEAR, "form_id": "例"}))
]


@pytest.mark.parametrize(("model", "entry", "nulls"), OPTIONAL, ids=lambda row: getattr(row, "__name__", ""))
def test_null_is_the_same_as_left_out(model, entry, nulls, write):
    own = {key: None for key in nulls if key not in entry}
    assert model.model_validate({**entry, **own}) == model.model_validate(entry)
    name = "goals.jsonl" if model is Goal else "indicators.jsonl"
    corpus = read_corpus([write({**entry, **own}, name=name)])
    assert (len(corpus.indicators) + len(corpus.goals), corpus.problems, corpus.remarks) == (1, [], [])
    assert corpus.left_out == 0


def test_null_inside_what_was_read_is_the_same_as_left_out():
    bare = {"kind": "text"}
    assert Parsed.model_validate({**dict.fromkeys(Parsed.model_fields), **bare}) == Parsed.model_validate(bare)


@pytest.mark.parametrize("what", FAULTY)
def test_a_faulty_line_is_named_and_the_rest_scored(what, write):
    text, message = FAULTY[what]
    folder = write(COUNTED, text, "", VAGUE)
    result = scored(folder, "--format", "json")
    assert result.exit_code == 3
    assert "indicators.jsonl:2 " in result.stderr.replace(":2:", ":2 ")
    assert message in result.stderr
    found = json.loads(result.stdout)
    assert found["unread"] == 1
    assert found["scores"][0]["entries"] == 2
    assert {problem["where"]["line"] for problem in found["problems"]} == {2}


def test_every_fault_of_a_line_is_told_and_the_line_counted_once(write):
    corpus = read_corpus([write(COUNTED, line(confidence=2, n="一", label_measurable="maybe"))])
    assert len(corpus.problems) == 3
    assert corpus.unread == 1


def test_an_entry_counts_once(write, tmp_path):
    """By its number within its form, in one file or in two; a goal may have the number of an indicator."""
    first = write({**COUNTED, "n": 1}, {**VAGUE, "n": 1}, {**VAGUE, "n": 2})
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "a.jsonl").write_text(f"{line(n=2)}\n{line(CLEAR, n=1)}\n", encoding="utf-8")
    corpus = read_corpus([first, tmp_path / "more" / "a.jsonl"])
    assert [name for name, _ in corpus.indicators] == ["例#1", "例#2"]
    assert len(corpus.goals) == 1
    one, two = map(str, corpus.problems)
    assert "indicators.jsonl:2 “例#1”已经用在 第 1 行" in one
    assert "a.jsonl:1 “例#2”已经用在 " in two
    assert "indicators.jsonl 第 3 行" in two


def test_an_unknown_key_is_told_once_and_the_entry_counts(write):
    misspelt = line().replace('"name"', '"nmae"')
    result = scored(write(VAGUE, misspelt, line(n=2, 来源="网"), line(n=3, 来源="网")))
    assert result.exit_code == 0
    assert "指标 4 条" in result.stdout
    assert "indicators.jsonl:2 不认得“nmae”这一项，没有用它；是不是“name”？" in result.stderr
    assert "indicators.jsonl:3 不认得“来源”这一项，没有用它（一共 2 行这样写）" in result.stderr


def test_what_the_format_knows_and_no_figure_needs_is_not_told(write):
    entry = {**VAGUE, "note": "", "labelled_by": "甲", "label_parsed": {**VAGUE["label_parsed"], "unit_source": "name"}}
    assert scored(write(entry)).stderr == ""
    assert scored(write({**CLEAR, "has_quantity": True, "remarks": ""}, name="goals.jsonl")).stderr == ""


@pytest.mark.parametrize(("unit", "told"), [("个(2023年)", True), ("人·月", False), ("％", False), ("㎡", False)])
def test_an_odd_unit_is_told_and_the_entry_counts(unit, told, write):
    result = scored(write(parsed(unit=unit)))
    assert result.exit_code == 0
    assert ("不像单位" in result.stderr) is told


@pytest.mark.parametrize(("budget", "told"), [("50万元", False), ("1,200", False), (None, False), ("约五十万", True)])
def test_a_budget_that_is_no_amount_is_told(budget, told, write):
    result = scored(write({**CLEAR, "budget": budget}, name="goals.jsonl"))
    assert result.exit_code == 0
    assert ("不是金额，按没有预算评" in result.stderr) is told


def test_the_column_of_units_is_read(write, rulebook):
    bare = {**COUNTED, "name": "培训", "target_value_text": "200", "actual_value_text": "210"}
    wanted = {"comparator": None, "number": 200, "unit": "人次", "kind": "count"}
    [found] = score(read_corpus([write({**bare, "unit_text": "人次", "label_parsed": wanted})]), rulebook)
    assert found.shares["指标值读得分毫不差"] == found.shares["能不能衡量判得一致"] == Share(1, 1)
    assert found.wrong == []
    [found] = score(read_corpus([write({**bare, "label_parsed": wanted})]), rulebook)
    assert found.shares["指标值读得分毫不差"] == Share(0, 1)
    assert "value-without-number-or-unit" in found.wrong[0].said


TWO = "\n".join((line(), line(VAGUE)))
READABLE = {
    "GB18030": TWO.encode("gb18030"),
    "UTF-16": TWO.encode("utf-16"),
    "UTF-16, big end first": b"\xfe\xff" + TWO.encode("utf-16-be"),
    "a mark": TWO.encode("utf-8-sig"),
    "CRLF": TWO.replace("\n", "\r\n").encode(),
    "old Mac": TWO.replace("\n", "\r").encode(),
}


@pytest.mark.parametrize("what", READABLE)
def test_other_encodings_are_read(what, tmp_path):
    (tmp_path / "indicators.jsonl").write_bytes(READABLE[what])
    result = scored(tmp_path)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "指标 2 条" in result.stdout


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_broken_bytes_cost_their_line_alone(encoding, tmp_path):
    """Also where they could be read as something else: a line of another encoding is not guessed at."""
    other = {"utf-8": "gb18030", "gb18030": "utf-8"}[encoding]
    lines = [line().encode(encoding), line(VAGUE).encode(encoding), b"\xff\xfe\xff{}", line(n=4).encode(encoding)]
    lines += [line(n=5, name="培训的人次").encode(other)] if encoding == "utf-8" else []
    (tmp_path / "indicators.jsonl").write_bytes(b"\n".join(lines))
    corpus = read_corpus([tmp_path])
    assert len(corpus.indicators) == 3
    assert [problem.where.line for problem in corpus.problems] == [3, 5][: len(lines) - 3]
    assert f"别的行是 {encoding.upper()}" in corpus.problems[0].message


WHOLE = {  # a file that is no JSON lines: named once, with the number of entries that are lost
    "Big5": (
        "\n".join(f'{{"name": "{name}"}}' for name in ("訓練人數", "補貼發放標準")).encode("big5"),
        "像是 Big5",
        2,
    ),
    "UTF-16 without a mark": (TWO.encode("utf-16-le"), "没有记号的 UTF-16", 2),
    "no text": (b"PK\x03\x04\0\0\xff\xd8", "不是文本文件", 1),
    "half of UTF-16": (b"\xff\xfe" + TWO.encode("utf-16-le") + b"\x00", "UTF-16", 2),
    "a list": (f"[{TWO}]".replace("\n", ",\n").encode(), "这是一个 JSON 列表", 2),
    "a list on one line": (f"[{TWO}]".replace("\n", ",").encode(), "这是一个 JSON 列表", 2),
    "entries over several lines": (json.dumps(json.loads(line()), indent=1).encode(), "一条标注分成了几行", 1),
    "nothing": (b"", "文件是空的", 0),
    "blanks": (b"\xef\xbb\xbf \r\n\t\n", "文件是空的", 0),
}


@pytest.mark.parametrize("what", WHOLE)
def test_a_file_of_another_kind_is_named_once(what, tmp_path):
    data, message, lost = WHOLE[what]
    (tmp_path / "indicators.jsonl").write_bytes(data)
    (tmp_path / "goals.jsonl").write_text(line(CLEAR), encoding="utf-8")
    result = scored(tmp_path)
    assert result.exit_code == 3
    assert "目标 1 条" in result.stdout
    assert (f"没有读出 {lost} 行" if lost else "没有读出：一共 1 处") in result.stdout
    [told] = result.stderr.splitlines()
    assert message in told
    assert "indicators.jsonl" in told


def test_a_folder_where_a_file_belongs_is_named(write):
    (write(CLEAR, name="goals.jsonl") / "indicators.jsonl").mkdir()
    result = scored(write(CLEAR, name="goals.jsonl"))
    assert result.exit_code == 3
    assert "目标 1 条" in result.stdout
    assert "读不了（这是文件夹）" in result.stderr


def test_a_file_of_nearly_the_name_is_told(write):
    folder = write(CLEAR, name="goals.jsonl")
    write(COUNTED, name="indicator.jsonl")
    write(COUNTED, name="forms.jsonl")
    [told] = scored(folder).stderr.splitlines()
    assert "indicator.jsonl 文件名不是标注文件的名字，没有读；是不是“indicators.jsonl”" in told


def test_a_file_given_twice_is_read_once(write):
    folder = write(COUNTED)
    result = scored(folder, str(folder / "indicators.jsonl"))
    assert result.exit_code == 0
    assert "指标 1 条" in result.stdout
    assert "这个文件给了两次" in result.stderr


def test_entries_that_are_all_unsure(write):
    result = scored(write({**COUNTED, "confidence": 0.5}))
    assert result.exit_code == 3
    assert "没有可以评的标注" in result.stdout


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
    "指标值读得分毫不差": 0.93,
    "能不能衡量判得一致": 0.87,
    "清晰、不清晰判得一致": 0.97,
}


@pytest.fixture(scope="module")
def own(rulebook):
    return score(read_corpus([Path(__file__).parent.parent / "cases" / "标注"]), rulebook)


def test_the_own_set_is_large_and_has_every_label(own):
    assert [(found.kind, found.entries) for found in own] == [("指标", 664), ("目标", 256)]
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


def test_the_entries_in_the_manual_are_entries(tmp_path):
    one, two = re.findall(r"^```json\n(.*?)\n```", MANUAL, re.MULTILINE | re.DOTALL)
    (tmp_path / "indicators.jsonl").write_text(one, encoding="utf-8")
    (tmp_path / "goals.jsonl").write_text(two, encoding="utf-8")
    corpus = read_corpus([tmp_path])
    assert (corpus.problems, corpus.remarks) == ([], [])
    assert corpus.indicators[0][1].label_parsed.unit == "人次"
    assert corpus.goals[0][1].label == "clear"


def test_every_key_stands_in_the_manual():
    keys = {key for model in (Indicator, Goal, Parsed) for key in (*model.model_fields, *model.unused)}
    assert [key for key in keys if f"`{key}`" not in MANUAL and f'"{key}"' not in MANUAL] == []
