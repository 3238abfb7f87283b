"""Broken rule files: every fault is named with file, line and column, what is wrong and what to write.

`bad_rules/<name>.yaml` is laid over the small pack in `pack/`; a line `# 文件: path` starts the next file (a rule
unless it says otherwise). `<name>.out` is what `fpcheck rules lint` says: `pytest --regenerate` writes it anew.
"""

import json
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from fpcheck.authoring.examples import run_examples
from fpcheck.cli import app
from fpcheck.rulebook.load import RulebookFault, load_rulebook
from fpcheck.terms import rules_folder

HERE = Path(__file__).parent
FILES = sorted((HERE / "bad_rules").glob("*.yaml"))
FORM = """项目名称: 甲
实施单位: 一街
年度: 2023
表种: 综合
负责人: 李平
批复金额: 100元
到位金额: 100元
下达金额: 100元
支出金额: 100元
指标: []
"""


@pytest.fixture
def pack(tmp_path, monkeypatch):
    """A whole small pack in `pack`, an empty folder `more` to lay over it, a form; the user stands beside them."""
    shutil.copytree(HERE / "pack", tmp_path / "pack")
    shutil.copy(rules_folder() / "terms.yaml", tmp_path / "pack")
    (tmp_path / "more").mkdir()
    (tmp_path / "form.yaml").write_text(FORM, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def lay(pack, text):
    """Write the files of a broken pack into `more`."""
    parts = re.split(r"(?m)^(?=# 文件: )", text)
    for part in filter(None, parts):
        named = re.match(r"# 文件: (.+)\n", part)
        file = pack / "more" / (named[1] if named else "x.yaml")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(part, encoding="utf-8")


def fp(*arguments):
    more = ["--rules", "more"] if any(Path("more").iterdir()) else []
    return CliRunner().invoke(app, [*arguments, "--rules", "pack", *more])


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_faulty_file_is_explained(file, pack, regenerate):
    lay(pack, file.read_text(encoding="utf-8"))
    said = fp("rules", "lint", "--format", "json")
    assert said.exception is None or isinstance(said.exception, SystemExit), repr(said.exception)
    problems = json.loads(said.stdout)
    shown = "".join(f"{line_of(problem)}\n" for problem in problems)
    golden = file.with_suffix(".out")
    if regenerate:
        golden.write_text(shown, encoding="utf-8")
    assert shown == golden.read_text(encoding="utf-8")
    assert said.exit_code == 2
    for problem in problems:
        assert lies_in_its_file(problem["source"], problem["where"])


def line_of(problem):
    where = problem["where"]
    at = "".join(f":{where[key]}" for key in ("line", "column") if where[key])
    hint = f"；{problem['hint']}" if problem["hint"] else ""
    return f"{problem['source']}{at} {problem['message']}{hint}"


def lies_in_its_file(source, where):
    lines = Path(source).read_text(encoding="utf-8").splitlines()
    line, column = where["line"] or 1, where["column"] or 1
    return 1 <= line <= len(lines) + 1 and 1 <= column <= len([*lines, ""][line - 1]) + 1


def test_lint_prints_one_fault_after_the_other(pack):
    file = HERE / "bad_rules" / "several-files.yaml"
    lay(pack, file.read_text(encoding="utf-8"))
    said = fp("rules", "lint")
    assert said.exit_code == 2
    assert said.stdout == file.with_suffix(".out").read_text(encoding="utf-8")


SHAPE = re.compile(r"^more/[^:]+\.yaml(:\d+:\d+)? .+；.+")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_fault_has_its_place_and_its_cure(file):
    lines = [
        line for line in file.with_suffix(".out").read_text(encoding="utf-8").splitlines() if line.startswith("more/")
    ]
    assert lines
    for line in lines:
        assert SHAPE.match(line), line


ENGLISH_WORDS = re.compile(r"(?<![\w\-./{\"“])[a-z]{4,}(?: [a-z]{2,})+")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_no_english_in_what_authors_read(file):
    assert not ENGLISH_WORDS.search(file.with_suffix(".out").read_text(encoding="utf-8"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_no_cure_makes_it_worse(file):
    assert "没有内容就把这一行删去" not in file.with_suffix(".out").read_text(encoding="utf-8")


def test_there_are_enough_broken_files():
    assert len(FILES) >= 100


@pytest.mark.parametrize("file", FILES[::12], ids=lambda file: file.stem)
def test_nothing_runs_with_a_faulty_file(file, pack):
    lay(pack, file.read_text(encoding="utf-8"))
    said = fp("check", "form.yaml", "--format", "json")
    assert said.exit_code == 2
    assert said.stdout == ""
    assert "改好之前不检查" in said.stderr


def test_all_faults_of_all_files_come_out_at_once(pack):
    lay(pack, (HERE / "bad_rules" / "several-files.yaml").read_text(encoding="utf-8"))
    with pytest.raises(RulebookFault) as caught:
        load_rulebook(["pack", "more"])
    assert {p.source for p in caught.value.problems} == {
        f"more/{n}.yaml" for n in ("a", "b", "measures", "wordlists/c")
    }


def test_all_faults_of_one_file_come_out_at_once(pack):
    text = (HERE / "bad_rules" / "percent-without-sign.yaml").read_text(encoding="utf-8")
    lay(pack, text.replace("级别: 一般", "级别: 一班"))
    with pytest.raises(RulebookFault) as caught:
        load_rulebook(["pack", "more"])
    assert len(caught.value.problems) == 2


# --without

EXPRESSION = (HERE / "bad_rules" / "percent-without-sign.yaml").read_text(encoding="utf-8")
BROKEN = {
    "an expression": EXPRESSION,
    "its shape": EXPRESSION.replace("级别: 一般", "级别: 一班"),
    "its YAML": EXPRESSION.replace("名称: 支", "名称：支"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_rule_left_out_by_number_lets_the_rest_run(pack, what):
    lay(pack, BROKEN[what])
    assert fp("check", "form.yaml").exit_code == 2
    said = fp("check", "form.yaml", "--format", "json", "--without", "FP999")
    assert said.exit_code == 0, said.stderr
    report = json.loads(said.stdout)
    assert ("FP999", "left_out") in [(u["rule"], u["reason"]) for u in report["unchecked"]]


@pytest.mark.parametrize("what", BROKEN)
@pytest.mark.parametrize("name", ["x", "x.yaml"])
def test_a_rule_left_out_by_file_lets_the_rest_run(pack, what, name):
    lay(pack, BROKEN[what])
    said = fp("check", "form.yaml", "--format", "json", "--without", name)
    assert said.exit_code == 0, said.stderr


def test_a_rule_left_out_by_file_is_shown(pack):
    lay(pack, EXPRESSION)
    report = json.loads(fp("check", "form.yaml", "--format", "json", "--without", "x").stdout)
    assert "left_out" in [u["reason"] for u in report["unchecked"]]


def test_an_unknown_rule_cannot_be_left_out(pack):
    said = fp("check", "form.yaml", "--without", "FP990")
    assert said.exit_code == 2


def test_a_rule_left_out_by_number_is_shown_whatever_its_file_is_called(pack):
    report = json.loads(fp("check", "form.yaml", "--format", "json", "--without", "FP201").stdout)
    assert ("FP201", "left_out") in [(u["rule"], u["reason"]) for u in report["unchecked"]]


def test_a_left_out_rule_is_in_the_text_report(pack):
    (pack / "pack" / "rules" / "FP201.yaml").rename(pack / "pack" / "rules" / "执行率.yaml")
    said = fp("check", "form.yaml", "--without", "FP201")
    assert "FP201 下达资金执行率低：按要求跳过" in said.stdout
    assert "未检查" in said.stdout.splitlines()[-2]


# layers


def test_the_small_pack_is_sound(pack):
    assert fp("rules", "lint").exit_code == 0
    assert all(result.right for result in run_examples(load_rulebook(["pack"])))


def test_the_shipped_pack_is_sound(rulebook):
    assert [str(result) for result in run_examples(rulebook) if not result.right] == []


def test_a_rule_of_the_same_number_takes_the_place_of_the_lower_one(pack):
    lay(pack, EXPRESSION.replace("< 95", "< 10%").replace("FP999", "FP201"))
    rule = load_rulebook(["pack", "more"]).by_id["FP201"]
    assert rule.rule.name == "支出比例低"
    assert rule.file == "more/x.yaml"


def test_a_users_setting_is_added_to_a_parameter(pack):
    setting = "{值: 50%, 效力: 地方, 自: 2020-01-01, 地区: 昆明}"
    text = f"# 文件: parameters.yaml\n下达执行率下限:\n  类型: 比率\n  含义: 试写\n  取值:\n    - {setting}\n"
    lay(pack, text)
    rulebook = load_rulebook(["pack", "more"])
    assert len(rulebook.parameters.values["下达执行率下限"]) == 4


def test_a_users_policy_decides(pack):
    lay(pack, "# 文件: policy.yaml\n步骤:\n  - 决定: 需人工核对\n")
    report = json.loads(fp("check", "form.yaml", "--format", "json").stdout)
    assert report["submissions"][0]["decision"] == "需人工核对"


def test_the_digest_changes_with_any_file_and_only_then(pack):
    one = load_rulebook(["pack"]).digest
    assert load_rulebook(["pack"]).digest == one
    file = pack / "pack" / "wordlists" / "含糊词.yaml"
    file.write_text(file.read_text(encoding="utf-8") + "# 注\n", encoding="utf-8")
    assert load_rulebook(["pack"]).digest != one
