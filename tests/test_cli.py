"""The command line as its user sees it: what is printed where, and the exit code."""

import itertools
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from fpcheck.cli import app, speak_chinese
from fpcheck.terms import rules_folder

HERE = Path(__file__).parent
CASES = HERE.parent / "cases"
PYTHON = [sys.executable, "-m", "fpcheck"]
QUIET = {"项目名称": "社区先锋奖励", "表种": "综合", "年度": 2023, "负责人": "李平", "金额单位": "元", "指标": []}
CLEAN = {**QUIET, "批复金额": 100, "到位金额": 100, "下达金额": 100, "支出金额": 100}
GRADES = {
    "严重": {"支出金额": 101},
    "重要": {"到位金额": 99},
    "一般": {"支出金额": 94},
    "提示": {"负责人": ""},
    "无法判断": {"批复金额": ""},
    None: {},
}


@pytest.fixture
def here(tmp_path, monkeypatch):
    """The user stands in an empty folder beside the small pack."""
    shutil.copytree(HERE / "pack", tmp_path / "pack")
    shutil.copy(rules_folder() / "terms.yaml", tmp_path / "pack")
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path / "work"


def write(path, *changes, unit="一街"):
    file = Path(path)
    file.parent.mkdir(parents=True, exist_ok=True)
    given = {"实施单位": unit, **CLEAN}
    for change in changes:
        given = {**given, **change}
    file.write_text(yaml.safe_dump(given, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return str(path)


def fp(*arguments, stdin=None):
    """Run in this process; only `check` and `rules` take the small pack."""
    said = CliRunner().invoke(app, [*arguments, "--rules", "../pack"], input=stdin)
    assert said.exception is None or isinstance(said.exception, SystemExit), repr(said.exception)
    return said


def real(*arguments, stdin=b"", **env):
    """Run a real process and give what came out, as bytes."""
    return subprocess.run(
        [*PYTHON, *arguments], input=stdin, capture_output=True, timeout=60, check=False, env={**os.environ, **env}
    )


def report(*arguments, stdin=None):
    return json.loads(fp("check", *arguments, "--format", "json", stdin=stdin).stdout)


ENGLISH = "Usage|Error|No such|Missing|Invalid|Options|Commands|Try |Show this|does not exist|requires an|Traceback"
ENGLISH += "|default:|OPTIONS|COMMAND"


@pytest.fixture
def chinese(monkeypatch):
    """What `main` does before it runs the command."""
    monkeypatch.setenv("LANGUAGE", "")
    speak_chinese()


# exit codes

ORDER = ["严重", "重要", "一般", "提示"]


@pytest.mark.parametrize(("worst", "asked"), list(itertools.product(GRADES, [*ORDER, "无法判断"])))
def test_the_exit_code_follows_fail_on(here, worst, asked):
    write("a.yaml", GRADES[worst])
    expected = 0
    if worst in ORDER:
        expected = int(asked == "无法判断" or ORDER.index(worst) <= ORDER.index(asked))
    elif worst == "无法判断":
        expected = int(asked == "无法判断")
    assert fp("check", "a.yaml", "--fail-on", asked).exit_code == expected


def test_the_default_fails_on_any_finding_but_not_on_the_undecided(here):
    assert fp("check", write("a.yaml", GRADES["提示"])).exit_code == 1
    assert fp("check", write("b.yaml", GRADES["无法判断"])).exit_code == 0


def test_what_could_not_be_read_outranks_findings(here):
    write("a.yaml", GRADES["严重"])
    write("b.yaml", {"下达金额": "见附件"})
    assert fp("check", "a.yaml").exit_code == 1
    assert fp("check", "b.yaml").exit_code == 3
    assert fp("check", "a.yaml", "b.yaml").exit_code == 3
    assert fp("check", "a.yaml", "没有.yaml").exit_code == 3
    assert "FP202" in fp("check", "a.yaml", "没有.yaml").stdout


def test_a_faulty_rulebook_outranks_everything(here):
    write("b.yaml", {"下达金额": "见附件"})
    (here / "more").mkdir()
    (here / "more" / "x.yaml").write_text("编号: FP999\n", encoding="utf-8")
    said = CliRunner().invoke(app, ["check", "b.yaml", "没有.yaml", "--rules", "../pack", "--rules", "more"])
    assert said.exit_code == 2
    assert said.stdout == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ["check"],
        ["检查"],
        ["check", "a.yaml", "--没有"],
        ["check", "a.yaml", "--format", "pdf"],
        ["check", "a.yaml", "--fail-on", "很严重"],
        ["check", "a.yaml", "--unit", "美元"],
        ["check", "a.yaml", "--engine", "x"],
        ["check", "a.yaml", "--as-of", "2023-02-30"],
        ["check", "a.yaml", "--as-of", "昨天"],
        ["check", "a.yaml", "--region", "火星"],
        ["check", "a.yaml", "--rules", "没有的文件夹"],
        ["check", "a.yaml", "--output"],
        ["check", "-", "a.yaml"],
        ["check", "a.yaml", "-o", "没有的文件夹/x.txt"],
        ["rules"],
        ["rules", "show", "FP000"],
        ["rules", "show"],
        ["rules", "test", "FP000"],
        ["rules", "lint", "--rules", "没有的文件夹"],
        ["form"],
        ["form", "画"],
    ],
    ids=" ".join,
)
def test_usage_errors_are_told_in_chinese_with_code_2(here, chinese, arguments):
    """Click's own words come from the Chinese catalogue in fpcheck/cli/locale."""
    write("a.yaml")
    said = CliRunner().invoke(app, arguments, prog_name="fpcheck")
    assert said.exit_code == 2
    assert said.stdout == "" or arguments[1:2] == ["lint"]  # the faults are what lint is asked for
    assert re.search(r"[\u4e00-\u9fff]", said.output)
    assert not re.search(ENGLISH, said.output)


@pytest.mark.parametrize("arguments", [["--help"], [], ["check", "-h"], ["rules", "show", "-h"]], ids=" ".join)
def test_help_is_in_chinese(here, arguments):
    """In a process of its own: click keeps the help option in the language in which it was first shown."""
    said = real(*arguments, LANG="C", PYTHONIOENCODING="utf-8")
    assert said.returncode == (0 if arguments else 2)
    shown = (said.stdout or said.stderr).decode()
    assert "选项" in shown
    assert not re.search(ENGLISH, shown)


@pytest.mark.parametrize("language", ["en_US.UTF-8", "C", "de_DE.UTF-8"])
def test_chinese_is_spoken_whatever_the_machine(here, language):
    said = real("check", "--没有", LANG=language, LANGUAGE="en", LC_ALL=language, PYTHONIOENCODING="utf-8")
    assert said.returncode == 2
    assert said.stdout == b""
    assert "用法" in said.stderr.decode()
    assert not re.search(ENGLISH, said.stderr.decode())


def test_the_version_says_what_runs(here):
    said = real("--version", PYTHONIOENCODING="utf-8")
    assert said.returncode == 0
    assert re.match(r"fpcheck \d+\.\d+", said.stdout.decode())
    assert "semantics" in said.stdout.decode()


# JSON

TOP = ["fpcheck", "rulebook", "engine", "submissions", "findings", "conclusions", "commendations", "undecided"]
QUESTION = {"submission", "rule", "type", "category", "question", "evidence_needed", "basis", "where"}
QUESTION |= {"fingerprint", "layer"}
TOP += ["unchecked", "checklist", "scorecard", "summary", "errors", "problems"]
HEAD = ["id", "unit", "project", "year", "form", "source", "decision", "counts"]
FINDING = ["submission", "rule", "type", "severity", "confidence", "category", "message", "fix", "recommendation"]
FINDING += ["basis", "evidence", "expected", "difference", "where", "fingerprint", "status", "waiver", "layer"]
WHERE = ["table", "row", "field", "sheet", "cell"]
OUTCOMES = {"error", "not_applicable", "violated", "passed", "undecided"}


def many(here):
    """Submissions that between them bring out every part of the report."""
    for number, (grade, change) in enumerate(GRADES.items()):
        write(f"材料/{number}.yaml", change, {"报送编号": f"W-{number}"}, unit=f"{grade or '好'}街")
    write(
        "材料/9.yaml",
        {"下达金额": "见附件", "指标": [{"三级指标": "甲", "指标值": "明显提高"}, {"三级指标": "乙"}]},
        unit="九街",
    )
    (here / "材料" / "通知.txt").write_text("开会\n", encoding="utf-8")
    return "材料"


def test_every_key_of_the_contract_is_there(here):
    found = report(many(here), "--without", "FP801")
    assert set(TOP) <= set(found)
    assert set(found["rulebook"]) >= {"digest", "as_of", "region"}
    assert all(set(item) == QUESTION for item in found["checklist"])
    assert found["checklist"]
    assert found["scorecard"] is None
    for head in found["submissions"]:
        assert set(HEAD) <= set(head)
        assert set(head["counts"]) == OUTCOMES
        assert head["decision"] in ("可报送", "需修改", "需人工核对")
    assert found["findings"]
    for item in [*found["findings"], *found["conclusions"], *found["commendations"]]:
        assert set(FINDING) <= set(item)
        assert set(WHERE) <= set(item["where"])
        assert re.fullmatch(r"[0-9a-f]{16}(#\d+)?", item["fingerprint"])
        assert all(set(figure) == {"value", "unit", "text"} for figure in item["evidence"].values())
        assert item["basis"]
        assert item["status"] is None
        assert item["waiver"] is None
    assert found["conclusions"]
    assert found["commendations"]
    assert all(set(item) >= {"submission", "rule", "missing", "where"} for item in found["undecided"])
    assert found["undecided"]
    assert all(set(item) >= {"submission", "rule", "reason"} for item in found["unchecked"])
    assert all(set(item) >= {"source", "where", "message", "hint"} for item in found["problems"])
    assert len(found["problems"]) == 2
    assert found["errors"] == []


def test_figures_are_written_as_agreed(here):
    write(
        "a.yaml",
        {"金额单位": "万元", "下达金额": "57.69", "支出金额": "53.41", "批复金额": "57.69", "到位金额": "57.69"},
    )
    (finding,) = report("a.yaml")["findings"]
    assert finding["evidence"]["支出金额"] == {"value": "534100.00", "unit": "元", "text": "53.41万元"}
    assert finding["evidence"]["下达执行率"]["text"] == "92.58%"
    assert re.fullmatch(r"0\.9258\d*", finding["evidence"]["下达执行率"]["value"])
    assert finding["expected"]["value"] == "548055.00"
    assert finding["where"] == {"table": "项目", "row": None, "field": "支出金额", "sheet": None, "cell": None}
    assert finding["severity"] == "一般"
    assert finding["category"] == "资金"


def test_rows_count_from_one(here):
    write("a.yaml", {"指标": [{"三级指标": "甲", "指标值": "5个"}, {"三级指标": "乙", "指标值": "提高"}]})
    (finding,) = report("a.yaml")["findings"]
    assert (finding["where"]["table"], finding["where"]["row"]) == ("指标", 2)


def test_findings_are_sorted(here):
    keys = [
        (f["submission"] or "\U0010ffff", f["rule"], f["where"]["row"] or 0) for f in report(many(here))["findings"]
    ]
    assert keys == sorted(keys)


def test_the_district_has_no_submission(here):
    write("a.yaml", GRADES["一般"])
    write("b.yaml", GRADES["一般"], unit="二街")
    (district,) = [f for f in report(".")["findings"] if f["rule"] == "FP951"]
    assert district["submission"] is None
    assert district["where"]["table"] == "汇总"


def test_nothing_but_json_is_on_stdout(here):
    many(here)
    said = real("check", "材料", "没有.yaml", "--format", "json", "--rules", "../pack", PYTHONIOENCODING="utf-8")
    assert said.returncode == 3
    assert json.loads(said.stdout)["submissions"]


def test_an_empty_run_has_every_key_too(here):
    found = report("没有.yaml")
    assert set(TOP) <= set(found)
    assert found["submissions"] == []
    assert found["problems"]


def test_lines_hold_one_submission_each_with_its_own(here):
    whole = report(many(here))
    said = fp("check", "材料", "--format", "jsonl")
    lines = [json.loads(line) for line in said.stdout.splitlines()]
    own = [line for line in lines if line["submissions"]]
    assert [line["submissions"] for line in own] == [[head] for head in whole["submissions"]]
    assert lines == own
    for line in lines:
        assert set(TOP) <= set(line)
        [head] = line["submissions"]
        for key in ("findings", "conclusions", "commendations", "undecided", "unchecked", "checklist"):
            assert {item["submission"] for item in line[key]} <= {head["id"]}
    for key in ("findings", "undecided", "unchecked", "checklist"):
        assert [i for line in own for i in line[key]] == [i for i in whole[key] if i["submission"] is not None]
    told = [problem for line in lines for problem in line["problems"]]
    beside = [problem for problem in whole["problems"] if problem not in told]
    assert all(problem["where"]["submission"] is None for problem in beside)
    assert all(problem["message"] in said.stderr for problem in beside)


def test_lines_tell_beside_them_what_belongs_to_no_submission(here):
    write("a.yaml", GRADES["一般"])
    write("b.yaml", GRADES["一般"], unit="二街")
    said = fp("check", ".", "--format", "jsonl")
    assert len(said.stdout.splitlines()) == 2
    assert "汇总的" in said.stderr
    assert "--format json" in said.stderr


def test_a_line_holds_its_own_problems_only(here):
    given = [{"年度": "二三"}, {"年度": 2023}]
    stdin = "\n".join(json.dumps({**CLEAN, **g}, ensure_ascii=False) for g in given)
    lines = [json.loads(line) for line in fp("check", "-", "--format", "jsonl", stdin=stdin).stdout.splitlines()]
    assert [len(line["problems"]) for line in lines] == [1, 0]


def test_a_problem_tells_which_submission_of_the_file(here):
    (here / "a.json").write_text(json.dumps([CLEAN, {**CLEAN, "年度": "二三"}], ensure_ascii=False), encoding="utf-8")
    (problem,) = report("a.json")["problems"]
    assert re.search(r"#2|第 ?2 ?份", json.dumps(problem, ensure_ascii=False)) or problem["where"]["line"]


# what is read


def test_stdin_is_numbered(here):
    stdin = "\n".join(json.dumps({**CLEAN, "实施单位": u}, ensure_ascii=False) for u in "一二三")
    found = report("-", stdin=stdin + "\n\n坏\n")
    assert [head["id"] for head in found["submissions"]] == ["#1", "#2", "#3"]
    assert [p["source"] for p in found["problems"]] == ["-"]
    assert found["problems"][0]["where"]["line"] == 5


def test_stdin_in_a_real_process(here):
    line = json.dumps({"实施单位": "一街", **CLEAN}, ensure_ascii=False)
    said = real("check", "-", "--rules", "../pack", stdin=b"\xef\xbb\xbf" + line.encode(), PYTHONIOENCODING="utf-8")
    assert said.returncode == 0, said.stdout.decode()


def test_stdin_that_is_no_utf8_is_told(here):
    line = json.dumps({"实施单位": "一街", **CLEAN}, ensure_ascii=False).encode().replace("一".encode(), b"\xff")
    assert real("check", "-", "--rules", "../pack", stdin=line, PYTHONIOENCODING="utf-8").returncode == 3


def test_empty_stdin_is_told(here):
    said = fp("check", "-", stdin="")
    assert said.exit_code == 3
    assert "没有读到内容" in said.stdout


def test_a_folder_is_searched_by_content(here):
    for name in ("a.yaml", "下级/b.txt", "下级/再下/c", ".git/d.yaml", ".e.yaml", "~$f.yaml"):
        write(f"材料/{name}", unit=name)
    (here / "材料" / "说明.md").write_text("# 说明\n", encoding="utf-8")
    found = report("材料")
    assert [head["id"] for head in found["submissions"]] == ["a.yaml#1", "下级/b.txt#1", "下级/再下/c#1"]
    (problem,) = found["problems"]
    assert "未识别" in problem["message"]
    assert fp("check", "材料").exit_code == 0


def test_the_id_is_the_number_or_the_path(here):
    write("x/a.yaml")
    write("x/b.yaml", {"报送编号": "W-1"})
    (here / "x" / "c.yaml").write_text(
        "---\n".join([(here / "x" / "a.yaml").read_text(encoding="utf-8")] * 2), encoding="utf-8"
    )
    ids = [head["id"] for head in report("x")["submissions"]]
    assert ids == ["W-1", "a.yaml#1", "c.yaml#1", "c.yaml#2"]
    assert [head["id"] for head in report("x/a.yaml")["submissions"]] == ["a.yaml#1"]


def test_files_of_one_name_in_two_folders_are_two(here):
    write("x/a.yaml")
    write("y/a.yaml", unit="二街")
    found = report("x", "y")
    assert len({head["id"] for head in found["submissions"]}) == 2
    assert not found["problems"]


def test_no_file_and_no_files(here):
    (here / "空" / "更空").mkdir(parents=True)
    for path, words in (("没有.yaml", "没有这个文件"), ("空", "文件夹里没有文件")):
        said = fp("check", path)
        assert said.exit_code == 3
        assert words in said.stdout
        assert "没有可检查的材料" in said.stdout
        assert "可报送" not in said.stdout


def test_an_empty_path_is_no_folder(here):
    write("a.yaml")
    said = fp("check", "")
    assert said.exit_code in (2, 3)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads everything")
def test_what_may_not_be_read_is_told(here):
    write("x/a.yaml")
    write("x/锁/b.yaml", unit="二街")
    (here / "x" / "a.yaml").chmod(0)
    (here / "x" / "锁").chmod(0)
    try:
        said = fp("check", "x")
    finally:
        (here / "x" / "锁").chmod(0o755)
    assert said.exit_code == 3
    assert "没有权限" in said.stdout
    assert "锁" in said.stdout


@pytest.mark.parametrize(
    "name", ["有 空格.yaml", "中文（一）.yaml", "🎉.yaml", "a'b\"c.yaml", "-开头.yaml", "换\n行.yaml", "无后缀", "#1"]
)
def test_odd_names_are_read(here, name):
    write(f"x/{name}")
    found = report("x")
    assert [head["id"] for head in found["submissions"]] == [f"{name}#1"]
    assert fp("check", "x").exit_code == 0


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names there are always text")
@pytest.mark.parametrize("more", [[], ["-o", "out"]], ids=["shown", "saved"])
@pytest.mark.parametrize("shape", ["text", "json", "jsonl"])
def test_a_name_that_is_no_text_breaks_nothing(here, shape, more):
    Path("x").mkdir()
    shutil.copy(write("a.yaml"), b"x/\xff\xfe.yaml")
    said = real("check", "x", "--format", shape, "--rules", "../pack", *more, PYTHONIOENCODING="utf-8")
    assert said.returncode == 0
    (Path("out").read_text(encoding="utf-8") if more else said.stdout.decode("utf-8", "strict"))


@pytest.mark.parametrize("shape", ["text", "json"])
def test_half_a_character_breaks_nothing(here, shape):
    (here / "a.json").write_text('{"项目名称": "\\ud800", "年度": 2023}', encoding="utf-8")
    said = real("check", "a.json", "--format", shape, "--rules", "../pack", PYTHONIOENCODING="utf-8")
    assert b"Traceback" not in said.stderr


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_a_pipe_in_a_folder_is_not_waited_for(here):
    write("x/a.yaml")
    os.mkfifo("x/pipe")
    subprocess.run([*PYTHON, "check", "x", "--rules", "../pack"], capture_output=True, timeout=60, check=False)


# where it is written


@pytest.mark.parametrize("shape", ["text", "json", "jsonl"])
def test_output_goes_to_the_file(here, shape):
    write("a.yaml", GRADES["一般"])
    shown = fp("check", "a.yaml", "--format", shape).stdout
    said = fp("check", "a.yaml", "--format", shape, "-o", "报告.txt")
    assert said.exit_code == 1
    assert said.stdout == ""
    assert Path("报告.txt").read_text(encoding="utf-8") == shown


def test_output_is_utf8_whatever_the_terminal(here):
    write("a.yaml", unit="🎉街")
    real("check", "a.yaml", "--rules", "../pack", "-o", "out.txt", PYTHONIOENCODING="gbk")
    assert "🎉街" in Path("out.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("shape", ["text", "json", "jsonl"])
@pytest.mark.parametrize("encoding", ["gbk", "ascii", "utf-8"])
def test_a_terminal_of_any_encoding_is_served(here, encoding, shape):
    write("a🎉.yaml", {**GRADES["一般"], "项目名称": "龘𠮷🎉"}, unit="一街")
    said = real("check", "a🎉.yaml", "--format", shape, "--rules", "../pack", PYTHONIOENCODING=encoding)
    assert said.returncode == 1, said.stderr.decode(errors="replace")
    assert b"FP201" in said.stdout
    plain = encoding == "ascii" or shape != "text"  # click takes ASCII for a misconfiguration; JSON is always UTF-8
    text = said.stdout.decode("utf-8" if plain else encoding)
    if shape != "text":
        assert json.loads(text)["findings"]


@pytest.mark.skipif(os.name == "nt", reason="no terminals of this kind")
def test_a_form_does_not_command_the_terminal(here):
    import pty  # noqa: PLC0415 - not on Windows

    (here / "a.json").write_text(json.dumps({**CLEAN, "实施单位": "一\x1b[2J街"}), encoding="utf-8")
    master, slave = pty.openpty()
    subprocess.run(
        [*PYTHON, "check", "a.json", "--rules", "../pack"], stdout=slave, stderr=slave, timeout=30, check=False
    )
    os.close(slave)
    assert b"\x1b[2J" not in os.read(master, 65536)


def test_output_never_replaces_a_form(here):
    before = Path(write("a.yaml")).read_bytes()
    assert fp("check", "a.yaml", "-o", "a.yaml").exit_code == 2
    assert Path("a.yaml").read_bytes() == before


@pytest.mark.skipif(os.name == "nt", reason="needs a shell")
@pytest.mark.parametrize("shape", ["text", "json", "jsonl"])
def test_a_closed_pipe_is_no_error(here, shape):
    text = (Path(write("a.yaml", GRADES["一般"]))).read_text(encoding="utf-8")
    Path("many.yaml").write_text("---\n".join([text] * 300), encoding="utf-8")
    command = f"'{sys.executable}' -m fpcheck check many.yaml --format {shape} --rules ../pack | head -n 1"
    said = subprocess.run(["sh", "-c", command], capture_output=True, timeout=60, check=False)
    assert said.stderr == b""
    assert said.stdout.count(b"\n") == 1


# what the rules say when and where


@pytest.mark.parametrize(
    ("arguments", "spent", "hit"),
    [
        ([], "96", False),
        ([], "94", True),
        (["--as-of", "2024-06-30"], "96", True),
        (["--region", "五华"], "94", False),
        (["--region", "昆明市五华区"], "94", False),
        (["--region", "五华"], "89", True),
        (["--as-of", "2019-12-31"], "1", False),
    ],
)
def test_day_and_region_choose_the_threshold(here, arguments, spent, hit):
    write("a.yaml", {"支出金额": spent})
    found = report("a.yaml", *arguments)
    assert ("FP201" in [f["rule"] for f in found["findings"]]) is hit
    assert found["rulebook"]["as_of"] == (arguments[1] if "--as-of" in arguments else None)


def test_a_day_on_which_no_rule_is_in_force_is_told(here):
    write("a.yaml", {"支出金额": "1"})
    said = fp("check", "a.yaml", "--as-of", "1999-01-01")
    assert "可报送" not in said.stdout


def test_the_prior_year_comes_from_a_path(here):
    write("今年.yaml")
    write("去年/a.yaml", {"年度": 2022})
    assert "FP112" in [u["rule"] for u in report("今年.yaml")["unchecked"]]
    found = report("今年.yaml", "--previous", "去年")
    assert [f["rule"] for f in found["findings"]] == ["FP112"]
    assert len(found["submissions"]) == 1
    assert fp("check", "今年.yaml", "--previous", "没有").exit_code == 3


def test_a_unit_can_be_given(here):
    file = Path(write("a.yaml"))
    file.write_text(file.read_text(encoding="utf-8").replace("金额单位: 元\n", ""), encoding="utf-8")
    assert fp("check", "a.yaml").exit_code == 3
    assert fp("check", "a.yaml", "--unit", "万元").exit_code == 0


def test_a_blank_unit_is_blank(here):
    write("a.yaml", {"金额单位": ""})
    assert fp("check", "a.yaml", "--unit", "万元").exit_code == 0


# always the same


@pytest.mark.parametrize("shape", ["text", "json", "jsonl"])
def test_two_runs_give_the_same_bytes(here, shape):
    many(here)
    runs = [
        real("check", "材料", "--format", shape, "--rules", "../pack", PYTHONIOENCODING="utf-8", PYTHONHASHSEED=seed)
        for seed in ("1", "2", "77")
    ]
    assert len({run.stdout for run in runs}) == 1
    assert len({run.returncode for run in runs}) == 1


@pytest.mark.parametrize("shape", ["json", "text", "jsonl"])
def test_the_order_of_files_changes_nothing(here, shape):
    names = [write(f"{n}.yaml", change, unit=f"{n}街") for n, change in enumerate(GRADES.values())]
    outputs = {
        fp("check", *order, "--format", shape).stdout for order in ([*names], names[::-1], names[3:] + names[:3])
    }
    assert len(outputs) == 1


def test_the_order_of_files_changes_no_problem(here):
    names = [write(f"{n}.yaml", {"年度": "二三"}, unit=f"{n}街") for n in range(3)]
    assert fp("check", *names, "--format", "json").stdout == fp("check", *names[::-1], "--format", "json").stdout


def test_the_fingerprint_does_not_depend_on_rows(here):
    rows = [{"三级指标": "甲", "指标值": "提高"}, {"三级指标": "甲", "指标值": "加强"}]

    def marks(order):
        return {
            f["evidence"]["指标值"]["value"]: f["fingerprint"]
            for f in report(write("a.yaml", {"指标": order}))["findings"]
        }

    assert marks(rows) == marks(rows[::-1])


# rules and forms


def test_rules_are_listed(here):
    listed = json.loads(fp("rules", "list", "--format", "json").stdout)
    assert len(listed) == 10
    assert set(listed[0]) >= {"rule", "name", "type", "role", "severity", "confidence", "category", "table", "file"}
    assert len(fp("rules", "list").stdout.splitlines()) == 10


def test_a_rule_is_shown_with_its_threshold(here):
    shown = fp("rules", "show", "FP201").stdout
    for words in (
        "下达资金执行率低",
        "条件",
        "下达执行率 < 参数.下达执行率下限",
        "重点绩效评价报告",
        "样例",
        "请说明原因",
    ):
        assert words in shown
    assert "90.00%（五华，地方" in fp("rules", "show", "FP201", "--region", "五华区", "--as-of", "2023-12-31").stdout


def test_lint_and_test_say_all_is_well(here):
    lint, test = fp("rules", "lint"), fp("rules", "test")
    assert (lint.exit_code, test.exit_code) == (0, 0)
    assert "10 条规则，没有错" in lint.stdout
    assert "0 个不符" in test.stdout
    assert fp("rules", "lint", "--format", "json").stdout.strip() == "[]"
    assert "1 个样例" in fp("rules", "test", "FP801").stdout or "2 个样例" in fp("rules", "test", "FP801").stdout


def test_a_wrong_example_is_told(here):
    file = here.parent / "pack" / "rules" / "FP801.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("负责人: 李平", "负责人: —"), encoding="utf-8")
    said = fp("rules", "test")
    assert said.exit_code == 1
    assert "应为“通过”，规则说“命中”" in said.stdout
    assert "1 个不符" in said.stdout


def test_the_shipped_rules_are_sound():
    assert CliRunner().invoke(app, ["rules", "lint"]).exit_code == 0
    assert CliRunner().invoke(app, ["rules", "test"]).exit_code == 0


def fits(schema, value):
    """As much of JSON Schema as the form's schema uses."""
    if "enum" in schema and value not in schema["enum"]:
        return False
    kinds = schema.get("type", [])
    names = {dict: "object", list: "array", str: "string", bool: "boolean", type(None): "null"}
    names |= {int: "integer", float: "number"}
    kind = names[type(value)]
    allowed = [kinds] if isinstance(kinds, str) else kinds
    if allowed and kind not in allowed and not (kind == "integer" and "number" in allowed):
        return False
    if isinstance(value, dict):
        known = schema.get("properties", {})
        return set(value) <= set(known) and all(fits(known[name], item) for name, item in value.items())
    return not isinstance(value, list) or all(fits(schema["items"], item) for item in value)


FORMS = [f for f in sorted(CASES.glob("*/input/**/*")) if f.suffix in (".yaml", ".json") and "bad-" not in str(f)]


@pytest.fixture(scope="module")
def schema():
    return json.loads(CliRunner().invoke(app, ["form", "schema"]).stdout)


def test_the_schema_is_one(schema):
    assert schema["$schema"].startswith("https://json-schema.org/")
    assert schema["type"] == "object"
    assert {"项目名称", "project_name", "指标", "indicator", "金额单位", "money_unit"} <= set(schema["properties"])
    assert schema["additionalProperties"] is False


@pytest.mark.parametrize("file", FORMS, ids=lambda f: f.relative_to(CASES).as_posix())
def test_the_schema_takes_the_shipped_forms(schema, file):
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".json":
        documents = [json.loads(text)]
    else:
        documents = [untyped(node) for node in yaml.compose_all(text, Loader=yaml.SafeLoader)]
    for document in documents:
        assert all(fits(schema, form) for form in (document if isinstance(document, list) else [document]))


def untyped(node):
    """A YAML node as an editor sees it: only plain numbers and nulls have a type of their own, dates are text."""
    if isinstance(node, yaml.MappingNode):
        return {key.value: untyped(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [untyped(item) for item in node.value]
    kind = node.tag.rpartition(":")[2]
    return {"int": int, "float": float, "null": lambda _: None}.get(kind, str)(node.value)


@pytest.mark.parametrize(
    "form",
    [
        {"项目": "甲"},
        {"项目名称": ["甲"]},
        {"指标": {"三级指标": "甲"}},
        {"指标": [{"指标": "甲"}]},
        {"自评等级": "特优"},
        {"金额单位": "美元"},
        {"填报执行率": 0.93},
    ],
)
def test_the_schema_refuses_what_the_reader_refuses(schema, form):
    assert not fits(schema, form)


def test_a_rule_of_figures_that_must_fit_says_so():
    assert "勾稽：表内各数应当对得上" in CliRunner().invoke(app, ["rules", "show", "FP209"]).stdout
    assert "勾稽" not in CliRunner().invoke(app, ["rules", "show", "FP201"]).stdout
