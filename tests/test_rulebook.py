"""Broken rule files: every fault is named with file, line and column, what is wrong and what to write.

`bad_rules/<name>.yaml` is laid over the small pack in `pack/`; a line `# 文件: path` starts the next file (a rule
unless it says otherwise). `<name>.out` is what `fpcheck rules lint` says: `pytest --regenerate` writes it anew.
"""

import json
import re
import shutil
from datetime import date
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


RULE_WAY = "（可用 --without 编号 跳过）"
FILE_WAY = " 不是一条规则，不能跳过，要先检查可以去掉 --rules，只用随附的规则）"
VALUE = "{值: 九成, 效力: 惯例, 自: 2020-01-01, 地区: 昆明, 依据: [五华2023: 二]}"
BAD_VALUE = f"# 文件: parameters.yaml\n下达执行率下限:\n  取值:\n    - {VALUE}\n"
WAYS = {  # the files, what to do until they are mended
    "a rule": (EXPRESSION, RULE_WAY),
    "a rule that is no YAML": (BROKEN["its YAML"], RULE_WAY),
    "a threshold": (BAD_VALUE, f"（more/parameters.yaml{FILE_WAY}"),
    "a table that is no YAML": ("# 文件: measures.yaml\n项目: {\n", f"（more/measures.yaml{FILE_WAY}"),
    "a rule and a threshold": (f"# 文件: x.yaml\n{EXPRESSION}{BAD_VALUE}", f"（more/parameters.yaml{FILE_WAY}"),
    "four word lists": (
        "".join(f"# 文件: wordlists/{name}.yaml\n名称: 甲\n" for name in "abcd"),
        f"（more/wordlists/a.yaml、more/wordlists/b.yaml、more/wordlists/c.yaml等 4 个文件{FILE_WAY}",
    ),
}


@pytest.mark.parametrize("what", WAYS)
def test_what_is_offered_until_the_faults_are_mended_helps(pack, what):
    lay(pack, WAYS[what][0])
    last = fp("check", "form.yaml").stderr.splitlines()[-1]
    assert last.partition("改好之前不检查")[2] == f"{WAYS[what][1]}。"


def test_where_nothing_helps_nothing_is_offered(pack):
    for asked in (["--without", "FP990"], ["--rules", "没有这里"]):
        assert fp("check", "form.yaml", *asked).stderr.splitlines()[-1] == "规则有 1 处要改，改好之前不检查。"


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
    setting = "{值: 50%, 效力: 地方, 自: 2020-01-01, 地区: 昆明, 依据: [{云财绩发11号: 第三条}]}"
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


# a file that cannot be read, and what others name of it

UNREAD = {
    "measures.yaml": ("度量", "  下达执行率: {"),
    "parameters.yaml": ("参数", "下达执行率下限: {"),
    "sources.yaml": ("来源", "五华2023: {"),
    "recommendations.yaml": ("建议", "提高完成及时率: {"),
    "wordlists/含糊词.yaml": ("词表", "名称: {"),
}


@pytest.mark.parametrize("name", UNREAD)
def test_a_file_that_cannot_be_read_leads_to_no_other_faults(pack, name):
    """They would only follow; that names were not looked for is said once, at the file."""
    kind, broken = UNREAD[name]
    file = pack / "pack" / name
    file.write_text(f"{file.read_text(encoding='utf-8')}{broken}\n", encoding="utf-8")
    (pack / "pack" / "rules" / "x.yaml").write_text(EXPRESSION, encoding="utf-8")  # a fault of its own
    said = fp("rules", "lint")
    assert said.exit_code == 2
    fault, *rest = [line for line in said.stdout.splitlines() if line.startswith(f"pack/{name}")]
    place = re.match(rf"pack/{name}:\d+:\d+ ", fault)[0]
    assert rest == [f"{place}这个文件没有读出，别处写的{kind}名称因此没有查；改好以后请再查一次"]
    assert len(said.stdout.splitlines()) == 3
    assert "pack/rules/x.yaml:14" in said.stdout


def test_a_policy_that_cannot_be_read_is_not_called_absent(pack):
    (pack / "pack" / "policy.yaml").write_text("步骤: {\n", encoding="utf-8")
    assert {line.partition(":")[0] for line in fp("rules", "lint").stdout.splitlines()} == {"pack/policy.yaml"}


def test_a_rule_that_cannot_be_read_leads_to_no_other_faults(pack):
    """Conclusions, replacements and gaps that name it are not told."""
    lay(
        pack,
        "# 文件: gaps.yaml\n甲: {类别: 资金, 缺的内容: [下达日期], 来自: 文件, 核对: FP701}\n",
    )
    for number in ("FP201", "FP701"):
        file = pack / "pack" / "rules" / f"{number}.yaml"
        file.write_text(file.read_text(encoding="utf-8").replace("名称: ", "名称："), encoding="utf-8")
    said = fp("rules", "lint").stdout.splitlines()
    assert {line.partition(":")[0].partition(" ")[0] for line in said} == {
        "pack/rules/FP201.yaml",
        "pack/rules/FP701.yaml",
    }


ENTRIES = {
    "measures.yaml": ("口径: 支出 ÷ 下达", "口经: 支出 ÷ 下达"),
    "parameters.yaml": ("含义: 支出占", "含意: 支出占"),
    "sources.yaml": ("名称: 重点绩效评价报告", "名字: 重点绩效评价报告"),
    "recommendations.yaml": ("标题:", "题目:"),
    "wordlists/含糊词.yaml": ("含义:", "含意:"),
}


@pytest.mark.parametrize("name", ENTRIES)
def test_a_faulty_entry_is_told_where_it_stands_alone(pack, name):
    file = pack / "pack" / name
    file.write_text(file.read_text(encoding="utf-8").replace(*ENTRIES[name]), encoding="utf-8")
    said = fp("rules", "lint")
    assert said.exit_code == 2
    assert {line.partition(":")[0] for line in said.stdout.splitlines()} == {f"pack/{name}"}


def test_what_was_read_is_looked_for_all_the_same(pack):
    """An unread word list does not hide an unknown parameter."""
    (pack / "pack" / "wordlists" / "含糊词.yaml").write_text("名称: {\n", encoding="utf-8")
    lay(pack, EXPRESSION.replace("< 95", "< 参数.下达执行率下线"))
    assert "“参数”里没有“下达执行率下线”" in fp("rules", "lint").stdout


# a layer that only gives values


def test_a_layer_need_not_say_again_what_a_parameter_is(pack):
    setting = "{值: 50%, 效力: 地方, 自: 2020-01-01, 地区: 昆明, 依据: [{云财绩发11号: 第三条}]}"
    lay(pack, f"# 文件: parameters.yaml\n下达执行率下限:\n  取值:\n    - {setting}\n")
    rulebook = load_rulebook(["pack", "more"])
    assert len(rulebook.parameters.values["下达执行率下限"]) == 4
    assert float(rulebook.parameters.find("下达执行率下限", "昆明", None, date(2023, 1, 1)).value) == 0.5
    page = fp("rules", "list", "--format", "markdown").stdout
    assert "支出占预算下达的最低比例" in page


# hints


def hints(pack, text):
    lay(pack, text)
    said = fp("rules", "lint")
    assert said.exit_code == 0, said.stdout
    told = [line for line in said.stdout.splitlines() if line.startswith("提醒：")]
    assert json.loads(fp("rules", "lint", "--format", "json").stdout) == []
    return told


LIST = "名称: 自己的词\n含义: 试写\n词: [甲, 乙]\n"
UNUSED = {
    "parameters.yaml": """自己的界限:
  类型: 数
  含义: 试写
  取值:
    - {值: 1, 效力: 惯例, 自: 2020-01-01, 依据: [五华2023: 二]}
""",
    "sources.yaml": "自己的来源: {名称: 文件, 效力: 地方}\n",
    "recommendations.yaml": "自己的建议: {标题: 试写, 内容: 试写}\n",
    "measures.yaml": "项目:\n  自己的度量: {公式: 支出金额 / 下达金额, 口径: 试写}\n",
    "wordlists/a.yaml": LIST,
}


@pytest.mark.parametrize("name", UNUSED)
def test_what_nothing_uses_is_a_hint(pack, name):
    [told] = hints(pack, f"# 文件: {name}\n{UNUSED[name]}")
    assert re.match(rf"提醒：more/{name}:\d:\d+ \w+“自己的\w+”没有", told)


def test_what_is_used_is_no_hint(pack):
    own = EXPRESSION.replace("支出金额 / 下达金额 < 95", "自己的度量 < 参数.自己的界限")
    own = own.replace("条件:", "条件:\n  - 偏差说明 含有 词表.自己的词.重").replace("五华2023", "自己的来源")
    own = own.replace("建议: 提高完成及时率", "建议: 自己的建议").replace("    给定: {", "    给定: {偏差说明: 甲, ")
    files = {**UNUSED, "wordlists/a.yaml": f"{LIST}分级:\n  重: [甲]\n", "x.yaml": own}
    files["parameters.yaml"] = files["parameters.yaml"].replace("类型: 数", "类型: 比率").replace("值: 1,", "值: 95%,")
    assert hints(pack, "".join(f"# 文件: {name}\n{text}" for name, text in files.items())) == []


def test_an_exception_that_changes_nothing_is_a_hint(pack):
    text = f"# 文件: wordlists/含糊词.yaml\n{LIST.replace('自己的词', '含糊词')}除外: [甲方, 丙方]\n"
    [told] = hints(pack, text)
    assert "more/wordlists/含糊词.yaml:5:10 “丙方”里没有这张表的词，除外不起作用" in told


SOUND = EXPRESSION.replace("< 95", "< 95%").replace("FP999", "QX001")
ODD_TYPES = {  # what is written, the one that is meant
    "execution-rate-lwo": "execution-rate-low",  # a type of the small pack's own
    "exection-rate-low": "execution-rate-low",
    "fully-spend": "fully-spent",  # of no program's
    "overspnet": "overspent",
    "late-filling": "late-filing",  # a known one that no rule of the small pack has
    "weights-sum-worng": "weights-sum-wrong",
}


@pytest.mark.parametrize("written", ODD_TYPES)
def test_a_type_that_looks_like_another_is_a_hint(pack, written):
    [told] = hints(pack, SOUND.replace("spending-low", written))
    assert told == (
        f"提醒：more/x.yaml:3:5 没有别的规则用“{written}”这个类型；是不是“{ODD_TYPES[written]}”？新起的名字不用改"
    )


@pytest.mark.parametrize("written", ["spending-low", "execution-rate-low", "late-filing", "execution-slow", "low"])
def test_a_type_of_ones_own_or_a_known_one_is_no_hint(pack, written):
    assert hints(pack, SOUND.replace("spending-low", written)) == []


def test_a_type_that_two_rules_have_is_no_slip(pack):
    one, other = (SOUND.replace("spending-low", "overspnet").replace("QX001", number) for number in ("QX001", "QX002"))
    assert hints(pack, f"# 文件: a.yaml\n{one}# 文件: b.yaml\n{other}") == []


def test_a_slip_in_a_rule_that_takes_anothers_place_is_seen(pack):
    text = (pack / "pack" / "rules" / "FP701.yaml").read_text(encoding="utf-8")
    [told] = hints(pack, text.replace("fully-spent", "fuly-spent"))
    assert "是不是“fully-spent”？" in told


def test_the_shipped_pack_needs_no_hint(rulebook):
    assert [str(hint) for hint in rulebook.hints] == []


# which rule takes the place of which

NEARER = (HERE / "pack" / "rules" / "FP201.yaml").read_text(encoding="utf-8").replace("编号: FP201", "编号: FP999")
NEARER = NEARER.replace("对象: 项目\n", "地区: 五华\n替代: FP201\n对象: 项目\n", 1)


def test_lint_list_and_show_say_which_rule_takes_the_place_of_which(pack):
    same = (HERE / "pack" / "rules" / "FP202.yaml").read_text(encoding="utf-8")
    lay(pack, f"# 文件: same.yaml\n{same}# 文件: near.yaml\n{NEARER}")
    assert {
        "FP202：more/same.yaml 代替了 pack/rules/FP202.yaml",
        "FP999（more/near.yaml）在五华代替 FP201（pack/rules/FP201.yaml）",
    } <= set(fp("rules", "lint").stdout.splitlines())
    listed = {line[:5]: line for line in fp("rules", "list").stdout.splitlines()}
    assert listed["FP201"].endswith("（在五华由 FP999（more/near.yaml）代替）")
    assert listed["FP202"].endswith("（代替了 pack/rules/FP202.yaml 里的 FP202）")
    assert listed["FP999"].endswith("（在五华代替 FP201（pack/rules/FP201.yaml））")
    assert "代替" not in listed["FP203"]
    assert "  在五华由 FP999（more/near.yaml）代替\n" in fp("rules", "show", "FP201").stdout
    assert "  代替了 pack/rules/FP202.yaml 里的 FP202\n" in fp("rules", "show", "FP202").stdout
    page = fp("rules", "list", "--format", "markdown").stdout
    rows = {line[2:7]: line for line in page.replace("| [", "| ").splitlines() if line.startswith("| FP")}
    assert "，在五华由 FP999 代替 |" in rows["FP201"]
    assert "，代替下一层的同号规则 |" in rows["FP202"]
    assert "，代替 FP201 |" in rows["FP999"]
    records = {one["rule"]: one for one in json.loads(fp("rules", "list", "--format", "json").stdout)}
    assert records["FP201"]["replaced_by"] == ["FP999"]
    assert records["FP202"]["overrides"] == "pack/rules/FP202.yaml"
    assert (records["FP999"]["replaces"], records["FP999"]["overrides"]) == ("FP201", None)


def test_withdrawn_numbers_are_in_the_catalogue(pack):
    lay(pack, "# 文件: withdrawn.yaml\nFP998: {名称: 旧规则, 说明: 没有用}\n")
    assert "| FP998 | 旧规则 | 没有用 |" in fp("rules", "list", "--format", "markdown").stdout
