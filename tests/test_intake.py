"""What is written and what is read: values, slips, encodings, and any text or bytes at all."""

import json
import os
import re
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from fpcheck.document import MAX_DEPTH, Mapping, Scalar, Sequence, Unreadable, decode, read_yaml
from fpcheck.intake import Forms, read_lines, read_paths
from fpcheck.intake.from_yaml import Unrecognised, read_text_form
from fpcheck.json_text import read_json
from fpcheck.problem import Problem
from fpcheck.reading import known_names, read_submission
from fpcheck.record import State
from fpcheck.schema import node_of
from fpcheck.submission import Submission
from fpcheck.terms import PROJECT, Type, shipped_glossary

DATA = Path(__file__).parent / "intake"
GLOSSARY = shipped_glossary()
NAMES = frozenset(known_names(GLOSSARY))


def rows(name):
    return yaml.load((DATA / f"{name}.yaml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)


def read(given, unit=None):
    return Submission(**read_submission(node_of(given), GLOSSARY, "form.yaml", 1, unit))


def read_cell(field, text, unit=None):
    """Read one field of a form that holds nothing else."""
    table, _, name = field.rpartition(".")
    form = read({table: [{name: text}]} if table else {name: text}, unit)
    return (form.tables[table][0] if table else form.project)[name], form.problems


# values


def values_rows():
    """One parameter a row."""
    for row in rows("values"):
        yield pytest.param(row, id=f"{row['字段']} {row['写法'].strip() or '空'} {row.get('单位', '')}")


@pytest.mark.parametrize("row", list(values_rows()))
def test_a_value_is_read(row):
    cell, problems = read_cell(row["字段"], row["写法"], row.get("单位"))
    if "认不出" in row:
        assert cell.state is State.UNREADABLE
        (problem,) = problems
        assert re.search(row["认不出"], problem.message)
        assert problem.hint
        return
    assert problems == ()
    assert cell.state is (State.BLANK if "空白" in row else State.VALUE)
    assert cell.value == (None if "空白" in row else cell.value)
    if "值" in row:
        assert str(cell.value) == row["值"]
    if "末位" in row:
        assert cell.step == Decimal(row["末位"])


def test_there_are_enough_rows():
    assert len(rows("values")) >= 200
    assert {GLOSSARY.project.fields[r["字段"]].type for r in rows("values") if "." not in r["字段"]} >= {
        Type.MONEY, Type.RATIO, Type.NUMBER, Type.COUNT, Type.DATE, Type.TEXT, Type.ENUM,
    }  # fmt: skip


def test_a_missing_value_is_never_zero():
    for text in ("", "—", "见附件", "5..7万元", None):
        cell, _ = read_cell("支出金额", text)
        assert cell.value is None


@pytest.mark.parametrize(("length", "state"), [(20_000, State.VALUE), (20_001, State.UNREADABLE)])
def test_a_text_has_a_longest_length(length, state):
    cell, problems = read_cell("总体目标", "字" * length)
    assert cell.state is state
    assert bool(problems) is (state is State.UNREADABLE)


@given(st.integers(0, 99_999_999_999_999))
def test_money_is_exact_in_every_unit(cents):
    yuan = Decimal(cents) / 100
    assert read_cell("支出金额", f"{yuan:f}元")[0].value == cents
    assert read_cell("支出金额", f"{yuan:,f}", "元")[0].value == cents
    wan = yuan / 10_000
    assert read_cell("支出金额", f"{wan:f}万元")[0].value == cents


# slips of a Chinese keyboard, and types that are ours

SLIPS = [
    ("年度：2023\n", 1, 3, "冒号要用半角"),
    ("项目名称: 甲\n年度：2023\n", 2, 3, "冒号要用半角"),
    ("年度:2023\n", 1, 4, "后面要空一格"),
    ("年度: 2023\n指标:\n　- 三级指标: 甲\n", 3, 1, "全角空格"),
    ("年度: 2023\n指标:\n\t- 三级指标: 甲\n", 3, 1, "全角空格"),
    ("年度: 2023\n指标:\n  -三级指标: 甲\n", 3, 3, "后面要空一格"),
    ("项目名称: >大于\n", 1, 7, "以 > 开头"),
    ("项目名称: @甲\n", 1, 7, "以 @ 开头"),
    ("项目名称: %甲\n", 1, 7, "以 % 开头"),
    ("项目名称: `甲`\n", 1, 7, "以 ` 开头"),
    ("项目名称: '甲'乙\n", 1, 7, "后面还有文字"),
    ('项目名称: "甲" 乙\n', 1, 7, "后面还有文字"),
    ("项目名称: [甲]乙\n", 1, 7, "后面还有文字"),
    ("项目名称: '甲\n", None, None, "引号没有配对"),
    ("项目名称: 甲\n  年度: 2023\n", 2, None, "冒号的位置不对"),
    ("项目名称: *甲\n", 1, 7, "以 * 开头"),
    ("项目名称: &甲 乙\n", 1, 7, "以 & 开头"),
    ("项目名称: !!str 乙\n", 1, 7, "以 ! 开头"),
    ("项目名称: !甲 乙\n", 1, 7, "以 ! 开头"),
    ("年度: 2023\n年度: 2024\n", 2, 1, "写了两次"),
    ("项目名称: *a\n", 1, 7, "以 * 开头"),
    ("项目名称: &a 乙\n", 1, 7, "以 & 开头"),
    ("{甲: 乙}: 丙\n年度: 2023\n", 1, 1, "只能是一个名称"),
    ("年度: 2023\n项目名称: 甲\x07乙\n", None, None, "控制字符"),
]


@pytest.mark.parametrize(("text", "line", "column", "message"), SLIPS, ids=[repr(s[0]) for s in SLIPS])
def test_a_slip_is_explained_where_it_stands(text, line, column, message):
    with pytest.raises(Unreadable) as caught:
        read_yaml(text, "form.yaml", NAMES)
    problem = caught.value.problems[0]
    assert message in problem.message
    assert problem.hint
    if line:
        assert problem.where.line == line
    if column:
        assert problem.where.column == column


def test_every_slip_of_a_file_comes_out_at_once():
    text = "年度：2023\n项目名称：甲\n实施单位:乙\n"
    with pytest.raises(Unreadable) as caught:
        read_yaml(text, "form.yaml", NAMES)
    assert [p.where.line for p in caught.value.problems] == [1, 2, 3]


FINE = [
    "总体目标: 每户：一份\n",
    "总体目标: |\n  年度：甲\n  -乙\n",
    "总体目标: >\n  年度：甲\n  > 乙\n",
    "总体目标: >-\n  年度：甲\n",
    "# 年度：2023\n项目名称: 甲\n",
    "项目名称: '年度：2023'\n",
    "项目名称: 甲 # 说明：乙\n",
    "项目名称: 12:30\n",
    "支出金额: -5\n",
    "项目名称: 甲（乙：丙）\n",
    '总体目标: "第一句\n  -第二句\n  年度：2023"\n',
    "---\n项目名称: 甲\n...\n",
]


@pytest.mark.parametrize("text", FINE, ids=repr)
def test_what_is_no_slip_is_left_alone(text):
    assert read_yaml(text, "form.yaml", NAMES)


@pytest.mark.parametrize(
    "written", ["no", "yes", "on", "12:30", "=", "1_000", "0o17", "0x1F", "1e5", ".5", "2023-01-01", "<<"]
)
def test_a_plain_scalar_keeps_its_text(written):
    (node,) = read_yaml(f"项目名称: {written}\n", "form.yaml")
    assert node.entries["项目名称"].text == written


@pytest.mark.parametrize("written", ["", "~", "null", "Null", "NULL"])
def test_what_means_nothing_is_blank(written):
    (node,) = read_yaml(f"项目名称: {written}\n", "form.yaml")
    assert node.entries["项目名称"].text is None
    (quoted,) = read_yaml(f"项目名称: '{written}'\n", "form.yaml")
    assert quoted.entries["项目名称"].text == written


BAD_JSON = [
    ('{"年度": 2023, "年度": 2024}', "写了两次"),
    ('{"年度": NaN}', "不能写 NaN"),
    ('{"年度": Infinity}', "不能写 Infinity"),
    ('{"年度": 2023', "JSON 写法有误"),
    ("{'年度': 2023}", "JSON 写法有误"),
    ('{"年度": 2023,}', "JSON 写法有误"),
    ('{"年度": ' + "[" * 30 + "]" * 30 + "}", "嵌套超过"),
]


@pytest.mark.parametrize(("text", "message"), BAD_JSON)
def test_bad_json_is_explained(text, message):
    with pytest.raises(Unreadable) as caught:
        read_json(text, "form.json")
    assert message in caught.value.problems[0].message
    assert caught.value.problems[0].hint


@pytest.mark.parametrize(
    "text",
    [
        '{"\\u8868\\u79cd": "综合", "\\u5e74\\u5ea6": NaN}',  # 表种, 年度, as a program writes them
        '{"其他": 1, "\\u5e74\\u5ea6": 2023, "\\u5e74\\u5ea6": 2024}',
        '{"其他": 1, "年度": NaN}',
        '{"项目名称": "\\ud800", "年度": 2023}',
    ],
)
def test_a_broken_form_in_a_folder_is_never_taken_for_something_else(text, tmp_path):
    (tmp_path / "form.json").write_text(text, encoding="utf-8")
    (tmp_path / "other.json").write_text('{"颜色": NaN}', encoding="utf-8")
    intake = read_paths([tmp_path], Forms(shipped_glossary()))
    assert {Path(problem.source).name: problem.remark for problem in intake.problems} == {
        "form.json": False,
        "other.json": True,
    }


@pytest.mark.parametrize("text", [text for text, message in BAD_JSON if "有误" in message])
def test_bad_json_is_explained_in_chinese(text):
    with pytest.raises(Unreadable) as caught:
        read_json(text, "form.json")
    assert not re.search(r"[A-Za-z]{5,}", caught.value.problems[0].message)


def test_json_numbers_keep_their_digits():
    node = read_json('{"支出金额": 0.10, "分值": 123456789012345678901234567890, "x": 1E400}', "form.json")
    assert [child.text for child in node.entries.values()] == ["0.10", "123456789012345678901234567890", "1E400"]


# encodings

TEXT = "项目名称: 社区先锋奖励\n年度: 2023\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le-bom"])
def test_an_encoding_is_found(encoding):
    data = b"\xff\xfe" + TEXT.encode("utf-16-le") if encoding == "utf-16-le-bom" else TEXT.encode(encoding)
    assert decode(data, "form.yaml") == TEXT


@pytest.mark.parametrize(
    "data", [b"", b" \n", b"\0\1\2\3", b"\x89PNG\r\n\x1a\n\0\0", b"\xff\xfea", b"\xff\xff\xff\xff"]
)
def test_what_is_no_text_is_refused(data):
    with pytest.raises(Unreadable) as caught:
        decode(data, "form.yaml")
    assert caught.value.problems[0].hint


# anything at all

PIECES = [
    *"0123456789.,-+%‰:：-?#&*!|>@`{}[]\"'\\ \t\n\r　、，。（）~=",
    *(
        "年度",
        "项目名称",
        "指标",
        "三级指标",
        "金额单位",
        "万元",
        "元",
        "2023",
        ": ",
        "- ",
        "\n  ",
        "\n- ",
        "---\n",
        "<<",
    ),
    *("null", "true", "no", "\0", "\ufeff", "\u2028", "\x85", "🎉", "!!str ", "&a ", "*a", "'", '"', "支出金额"),
]
texts = st.one_of(st.text(max_size=120), st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
forms = st.one_of(texts, texts.map(lambda t: f"年度: 2023\n项目名称: {t}"), texts.map(lambda t: '{"年度": ' + t))
QUICK = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def is_readable(problems):
    return all(isinstance(p, Problem) and p.message and str(p) for p in problems)


@QUICK
@given(forms)
def test_any_text_is_read_or_refused_as_yaml(text):
    try:
        assert isinstance(read_yaml(text, "form.yaml", NAMES), list)
    except Unreadable as unreadable:
        assert unreadable.problems  # noqa: PT017 - either outcome is right
        assert is_readable(unreadable.problems)  # noqa: PT017 - either outcome is right


@QUICK
@given(forms)
def test_any_text_is_read_or_refused_as_json(text):
    try:
        assert isinstance(read_json(text, "form.json"), Mapping | Sequence | Scalar)
    except Unreadable as unreadable:
        assert is_readable(unreadable.problems)  # noqa: PT017 - either outcome is right


@QUICK
@given(st.one_of(st.binary(max_size=200), forms.map(lambda t: t.encode("utf-8", "surrogatepass")),
                 forms.map(lambda t: t.encode("gb18030", "replace"))))  # fmt: skip
def test_any_file_is_read_or_refused(tmp_path, data):
    file = tmp_path / "form"
    file.write_bytes(data)
    try:
        decode(data, "form")
        found = list(read_text_form(file, GLOSSARY))
    except (Unreadable, Unrecognised) as refused:
        assert str(refused)  # noqa: PT017 - either outcome is right
        return
    assert all(is_readable(submission.problems) for submission in found)


@QUICK
@given(st.sampled_from([t for table in GLOSSARY.tables.values() for t in table.fields.values()]), texts)
def test_any_value_is_read_blank_or_refused(term, text):
    field = term.name if term.table == PROJECT else f"{term.table}.{term.name}"
    cell, problems = read_cell(field, text, "万元")
    assert (cell.state is State.UNREADABLE) == bool(problems)
    assert (cell.value is not None) == (cell.state is State.VALUE)
    assert is_readable(problems)


values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), texts),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.one_of(st.sampled_from(sorted(NAMES)), texts), inner, max_size=4)
    ),
    max_leaves=12,
)


@QUICK
@given(st.dictionaries(st.one_of(st.sampled_from(sorted(NAMES)), texts), values, max_size=8))
@example({"项目": {"年度": 2023}})
@example({"指标": {"三级指标": "甲"}, "资金": [1, None, [], {}], "indicator": []})
@example({"金额单位": ["元"], "money_unit": {}})
def test_any_data_is_taken_or_named_as_a_problem(data):
    submission = read(data)
    assert is_readable(submission.problems)
    for record in (submission.project, *(row for found in submission.tables.values() for row in found)):
        assert all((cell.value is None) == (cell.state is not State.VALUE) for cell in record.cells.values())


# one meaning, two notations, two sets of names

SPELLINGS = {
    Type.MONEY: ["57.69万元", "¥1,200.00元", "0", "12.5", "—", "见附件", ""],
    Type.RATIO: ["92.58%", "925‰", "0.9", "/", ""],
    Type.NUMBER: ["10", "9.50", "十", ""],
    Type.COUNT: ["12", "2023", "1.5", "-", ""],
    Type.TEXT: [
        "no",
        "12:30",
        "=",
        "null",
        "~",
        "1_000",
        "# 甲",
        "甲：乙",
        "- 甲",
        " 甲 ",
        "第一行\n第二行",
        "<<",
        "无",
        "",
        "'",
        '"',
    ],
    Type.DATE: ["2023-12-31", "2023年9月", "2023-02-30", ""],
    Type.BOOLEAN: ["是", "no", "√", "也许", ""],
    Type.ENUM: ["优", "资金管理", "其他", "综合", ""],
}


def fields_of(table):
    return st.fixed_dictionaries({}, optional={n: st.sampled_from(SPELLINGS[t.type]) for n, t in table.fields.items()})


submissions = st.builds(
    lambda project, tables, unit: {**project, **tables, **unit},
    fields_of(GLOSSARY.project),
    st.fixed_dictionaries({}, optional={n: st.lists(fields_of(t), max_size=3) for n, t in GLOSSARY.children.items()}),
    st.sampled_from([{}, {"金额单位": "万元"}, {"金额单位": "元"}]),
)


def in_english(given):
    english = {"金额单位": "money_unit"}
    out = {}
    for name, value in given.items():
        table = GLOSSARY.find_table(name)
        if table:
            out[table.identifier] = [{table.fields[n].identifier: v for n, v in row.items()} for row in value]
        else:
            out[english.get(name) or GLOSSARY.project.fields[name].identifier] = value
    return out


def cells_of(submission):
    def seen(record):
        return {name: (cell.state, cell.value, cell.step) for name, cell in record.cells.items()}

    return (
        seen(submission.project),
        {n: [seen(row) for row in found] for n, found in submission.tables.items()},
        submission.form,
    )


@settings(max_examples=60, deadline=None)
@given(submissions)
def test_yaml_and_json_chinese_and_english_say_the_same(given):
    spoken = []
    for data in (given, in_english(given)):
        text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False, default_style='"')
        nodes = [*read_yaml(text, "x", NAMES), read_json(json.dumps(data, ensure_ascii=False), "x"), node_of(data)]
        spoken += [Submission(**read_submission(node, GLOSSARY, "x")) for node in nodes]
    assert len(spoken) == (6 if given else 5) or not given
    assert all(cells_of(other) == cells_of(spoken[0]) for other in spoken)
    assert len({len(other.problems) for other in spoken}) == 1


# files and lines

GOOD = "项目名称: 甲\n年度: 2023\n"


def taken(intake):
    return [s.id for s in intake.submissions]


def test_one_bad_file_stops_nothing(tmp_path):
    for name, text in {"a": GOOD, "b": "年度：2023\n", "c": GOOD, "d": "今天开会\n", "e": ""}.items():
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    intake = read_paths([tmp_path], Forms(GLOSSARY))
    assert taken(intake) == ["a.yaml#1", "c.yaml#1"]
    assert [Path(p.source).name for p in intake.problems] == ["b.yaml", "d.yaml", "e.yaml"]
    assert [p.remark for p in intake.problems][:2] == [False, True]


def test_a_file_that_is_no_form_is_a_fault_only_when_named(tmp_path):
    (tmp_path / "x.txt").write_text("今天开会\n", encoding="utf-8")
    (searched,) = read_paths([tmp_path], Forms(GLOSSARY)).problems
    (named,) = read_paths([tmp_path / "x.txt"], Forms(GLOSSARY)).problems
    assert (searched.remark, named.remark) == (True, False)
    assert "未识别" in searched.message


@pytest.mark.parametrize(
    "text",
    [
        "项目名称: 甲\n年度: 2023\n---\n项目名称: 乙\n年度: 2023\n",
        "- 项目名称: 甲\n  年度: 2023\n- {项目名称: 乙, 年度: 2023}\n",
        '[{"项目名称": "甲", "年度": 2023}, {"项目名称": "乙", "年度": 2023}]',
        '{"项目名称": "甲", "年度": 2023}\n\n{"项目名称": "乙", "年度": 2023}\n',
    ],
)
def test_a_file_may_hold_several(tmp_path, text):
    (tmp_path / "x").write_text(text, encoding="utf-8")
    intake = read_paths([tmp_path / "x"], Forms(GLOSSARY))
    assert taken(intake) == ["x#1", "x#2"]
    assert [s.text("项目名称") for s in intake.submissions] == ["甲", "乙"]
    assert not intake.problems


def test_lines_are_numbered_over_the_good_and_the_bad():
    lines = ['{"年度": 2023}', "", "不是", '{"年度": 2022}', '["a"]']
    intake = read_lines(lines, GLOSSARY)
    assert taken(intake) == ["#1", "#3"]
    assert [p.where.line for p in intake.problems] == [3, 5]


def test_one_bad_line_of_a_file_stops_nothing(tmp_path):
    lines = ['{"年度": 2023}', '{"年度": }', '{"年度": 2022}']
    (tmp_path / "x.jsonl").write_text("\n".join(lines), encoding="utf-8")
    intake = read_paths([tmp_path / "x.jsonl"], Forms(GLOSSARY))
    assert taken(intake) == ["x.jsonl#1", "x.jsonl#3"]
    assert [p.where.line for p in intake.problems] == [2]


def test_a_line_ends_only_at_a_newline(tmp_path):
    line = json.dumps({"项目名称": "甲\u2028乙\x85丙"}, ensure_ascii=False)
    (tmp_path / "x.jsonl").write_text(f"{line}\n{line}\n", encoding="utf-8")
    intake = read_paths([tmp_path / "x.jsonl"], Forms(GLOSSARY))
    assert taken(intake) == ["x.jsonl#1", "x.jsonl#2"]


def test_of_two_with_one_number_the_first_is_kept(tmp_path):
    for name in "ab":
        (tmp_path / f"{name}.yaml").write_text(f"报送编号: W-01\n项目名称: {name}\n", encoding="utf-8")
    intake = read_paths([tmp_path], Forms(GLOSSARY))
    assert [(s.id, s.text("项目名称")) for s in intake.submissions] == [("W-01", "a")]
    (problem,) = intake.problems
    assert "重复" in problem.message
    assert problem.source.endswith("b.yaml")
    assert not problem.remark


# sizes

HUGE = {
    "a field of 10 MB": "项目名称: 甲\n总体目标: " + "字" * 3_400_000,
    "an amount of 10 MB": "项目名称: 甲\n支出金额: " + "9" * 10_000_000,
    "a quoted field of 10 MB": "项目名称: 甲\n总体目标: '" + "字" * 3_400_000 + "'",
    "100,000 brackets": "项目名称: 甲\n指标: " + "[" * 100_000,
    "100,000 dashes": "项目名称: 甲\n指标:\n " + "- " * 100_000 + "甲",
    "100,000 brackets of JSON": '{"项目名称": "甲", "指标": ' + "[" * 100_000 + "]" * 100_000 + "}",
    "100,000 objects of JSON": '{"年度":' * 100_000,
    "a million items": "项目名称: 甲\n指标:\n" + "- 1\n" * 1_000_000,
    "a million items of JSON": '{"项目名称": "甲", "指标": [' + "1," * 1_000_000 + "1]}",
    "ten thousand documents": "年度: 2023\n---\n" * 10_000,
    "a long line of quotes": '项目名称: "' + '\\"' * 1_000_000,
    "a long line of colons": "项目名称: " + ": " * 1_000_000,
    "100,000 blanks": "项目名称: '甲" + " " * 100_000 + "乙'\n金额单位: '元" + " " * 100_000 + "元'\n",
    "200,000 full-width blanks": "项目名称: 甲\n" + "\u3000" * 200_000 + "\n",
    "200,000 empty lines": "{" + "\n" * 200_000,
}
READ = """
import resource, sys
from pathlib import Path
from fpcheck.intake import Forms, read_paths
from fpcheck.terms import shipped_glossary
resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
intake = read_paths([Path(sys.argv[1])], Forms(shipped_glossary()))
print(len(intake.submissions), len(intake.problems), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.skipif(os.name == "nt", reason="needs resource limits")
@pytest.mark.parametrize("what", HUGE)
def test_what_is_huge_is_read_or_refused_soon(tmp_path, what):
    file = tmp_path / "huge.yaml"
    file.write_text(HUGE[what], encoding="utf-8")
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", READ, str(file)], capture_output=True, text=True, timeout=30, check=False
    )
    assert done.returncode == 0, done.stderr[-500:]
    submissions, problems, _ = map(int, done.stdout.split())
    assert submissions or problems
    assert time.perf_counter() - start < 30


def test_nesting_has_a_limit():
    for depth in (MAX_DEPTH - 2, MAX_DEPTH + 2):
        text = "项目名称: " + "[" * depth + "]" * depth
        try:
            read_yaml(text, "x", NAMES)
            fine = True
        except Unreadable as unreadable:
            fine = False
            assert "嵌套" in unreadable.problems[0].message  # noqa: PT017 - either outcome is right
        assert fine is (depth < MAX_DEPTH)
