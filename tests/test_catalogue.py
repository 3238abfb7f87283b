"""The catalogue: fresh, whole, a line for everything once, for any pack; what is no rule yet says what it lacks."""

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from fpcheck.authoring.catalogue import GAPS, JUDGED, RULES, THRESHOLDS, WORDS, Catalogue, escaped, table
from fpcheck.cli import app
from fpcheck.document import read_text, read_yaml
from fpcheck.finding import TO_CHECK
from fpcheck.rulebook.load import load_rulebook
from fpcheck.schema import plain
from fpcheck.terms import rules_folder
from fpcheck.wording import JUDGING_LISTS

ROOT = Path(__file__).parent.parent
SHIPPED = ROOT / "rules" / "README.md"
NOT_RULES = ("wordlists", "templates", "blanks")
FILES = sorted(path for path in (ROOT / "rules").glob("*/*.yaml") if path.parent.name not in NOT_RULES)
LISTS = sorted((ROOT / "rules" / "wordlists").glob("*.yaml"))


def contents(name):
    [node] = read_yaml(read_text(ROOT / "rules" / name, name), name)
    return plain(node)


def written(*arguments):
    said = CliRunner().invoke(app, ["rules", "list", "--format", "markdown", *map(str, arguments)])
    assert said.exit_code == 0, said.stderr
    return said.stdout


def cells(line):
    """The cells of a table's line, as Markdown tells them apart."""
    return [cell.strip() for cell in re.split(r"(?<!\\)(?:\\\\)*\|", line)[1:-1]]


def rows(text, heads):
    """The rows of the tables with these heads, in order."""
    found, inside = [], False
    for line in text.splitlines():
        if line.startswith("|"):
            found += [cells(line)] if inside and not line.startswith("| ---") else []
            inside = inside or cells(line) == list(heads)
        else:
            inside = False
    return found


@pytest.fixture(scope="module")
def page():
    return written()


# the shipped page


def test_the_shipped_page_is_fresh(page, regenerate):
    """`fpcheck rules list --format markdown -o rules/README.md` writes it anew."""
    if regenerate:
        SHIPPED.write_text(page, encoding="utf-8")
    assert SHIPPED.read_text(encoding="utf-8") == page


def test_it_is_the_same_from_every_folder(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert written() == page
    assert str(tmp_path) not in page
    assert str(ROOT) not in page


@pytest.mark.parametrize("path", [*FILES, *LISTS], ids=lambda path: path.stem)
def test_every_rule_and_word_list_is_there_once_with_its_file(page, path):
    link = f"(<{path.parent.name}/{path.name}>)"
    lines = [line for line in page.splitlines() if link in line]
    assert len(lines) == 1
    head = path.stem.split("-")[0]
    assert lines[0].startswith(f"| [{head}]")


def test_every_row_has_every_cell(page, rulebook):
    for heads in (RULES, THRESHOLDS, WORDS, GAPS):
        found = rows(page, heads)
        assert found
        assert all(len(row) == len(heads) and all(row) for row in found)
    assert len(rows(page, RULES)) == len(FILES) == len(rulebook.by_id)
    assert [row[0] for row in rows(page, THRESHOLDS)] == sorted(contents("parameters.yaml"))
    assert len(rows(page, WORDS)) == len(LISTS)


def test_a_rule_shows_what_it_is_and_the_value_in_force(page):
    found = {re.search(r"[A-Z]{2}\d+", row[0])[0]: dict(zip(RULES, row, strict=True)) for row in rows(page, RULES)}
    one = found["FP202"]
    assert (one["名称"], one["类型"], one["结果"]) == ("预算执行率低", "execution-rate-low", "问题")
    assert (one["级别"], one["把握"], one["对象"]) == ("一般", "高", "项目")
    assert one["界限"].endswith("预算执行率下限 90.00%")
    assert "全国，2020-02-25 起" in one["地区和生效"]
    assert found["FP406"]["地区和生效"].startswith("五华")
    assert "财预〔2020〕10号：" in found["FP401"]["依据"]
    assert (found["FP759"]["级别"], found["FP759"]["结果"]) == ("—", TO_CHECK)


def test_it_tells_which_rules_use_a_threshold_and_a_word_list(page, rulebook):
    for row in rows(page, THRESHOLDS):
        users = {number for number, rule in rulebook.by_id.items() if row[0] in rule.parameters}
        assert set(row[-1].split("、")) - {"—"} == users
    texts = {number: Path(rule.file).read_text(encoding="utf-8") for number, rule in rulebook.by_id.items()}
    measures = (rules_folder() / "measures.yaml").read_text(encoding="utf-8")
    for row in rows(page, WORDS):
        name = re.match(r"\[(.+?)\]", row[0])[1]
        users = set(row[-1].split("、")) - {"—", JUDGED}
        assert (JUDGED in row[-1]) == (name in JUDGING_LISTS)
        named = {number for number, text in texts.items() if f"词表.{name}" in text}
        assert named <= users
        assert named == users or f"词表.{name}" in measures  # the others name it by way of a measure


def test_the_page_beside_the_rules_changes_nothing(tmp_path):
    """Neither the rules nor their digest depend on it."""
    pack = tmp_path / "pack"
    shutil.copytree(Path(__file__).parent / "pack", pack)
    shutil.copy(rules_folder() / "terms.yaml", pack)
    before = load_rulebook(pack)
    (pack / "README.md").write_text("编号: FP999\n不是规则\n", encoding="utf-8")
    after = load_rulebook(pack)
    assert (after.digest, list(after.by_id)) == (before.digest, list(before.by_id))


# what is no rule yet


@pytest.mark.parametrize(("name", "gap"), contents("gaps.yaml").items(), ids=list(contents("gaps.yaml")))
def test_a_gap_lacks_what_no_form_carries(name, gap, rulebook, page):
    """Once a form carries a field, the gap is a rule to be written."""
    known = {column for owner in rulebook.glossary.tables.values() for column in owner.columns}
    assert not set(gap["缺的内容"]) & known
    assert gap["来自"]
    if "核对" in gap:
        assert rulebook.by_id[gap["核对"]].rule.role == TO_CHECK
    [row] = [row for row in rows(page, GAPS) if row[0] == escaped(name)]
    assert row[1:5] == [gap["类别"], "、".join(gap["缺的内容"]), gap["来自"], gap.get("核对", "—")]


# packs of one's own


@pytest.fixture
def own(tmp_path):
    """A folder with a rule in the place of a shipped one, a rule of its own, a value, a word list and a gap."""
    folder = tmp_path / "本区规则"
    (folder / "资金").mkdir(parents=True)
    (folder / "wordlists").mkdir()
    [shipped] = (ROOT / "rules").rglob("FP201-*.yaml")
    text = shipped.read_text(encoding="utf-8")
    (folder / "资金" / "FP201.yaml").write_text(text, encoding="utf-8")
    odd = text.replace("FP201", "QX001").replace("名称: 下达资金执行率低", '名称: "甲|乙 *急* [丙](丁) <b>"')
    local = odd.replace("生效:", "地区: 昆明\n生效:", 1)
    (folder / "QX001.yaml").write_text(local, encoding="utf-8")
    setting = "{值: 80%, 效力: 地方, 自: 2020-01-01, 地区: 昆明, 依据: [{五办通2021-30: 奖励标准}]}"
    (folder / "parameters.yaml").write_text(
        f"下达执行率下限: {{类型: 比率, 含义: 本区的下限, 取值: [{setting}]}}\n", encoding="utf-8"
    )
    (folder / "wordlists" / "口号词.yaml").write_text("名称: 口号词\n含义: 本区的\n词: [甲, 乙]\n", encoding="utf-8")
    (folder / "gaps.yaml").write_text("没有水费: {类别: 过程, 缺的内容: [水费], 来自: 水表}\n", encoding="utf-8")
    return folder


def test_the_users_own_stands_beside_the_shipped(own):
    text = written("--rules", own, "--without", "FP101")
    found = [dict(zip(RULES, row, strict=True)) for row in rows(text, RULES)]
    names = [row["编号"] for row in found]
    assert names.count("[FP201](<资金/FP201.yaml>)") == 1
    assert not [name for name in names if "FP101" in name]
    assert len(names) == len(FILES)  # one more, one left out
    [mine] = [row for row in found if "QX001" in row["编号"]]
    assert mine["编号"] == "[QX001](<QX001.yaml>)"
    assert mine["界限"].startswith("下达执行率下限 80.00%")
    assert mine["名称"] == r"甲\|乙 \*急\* \[丙\](丁) \<b\>"
    assert "### 本区规则 · 资金/：资金（1 条）" in text
    [value] = [row for row in rows(text, THRESHOLDS) if row[0] == "下达执行率下限"]
    assert "95.00%（全国" in value[2]
    assert "80.00%（昆明" in value[2]
    assert value[3] == "随附、本区规则"
    assert [row[2:5] for row in rows(text, WORDS) if "口号词" in row[0]] == [["甲、乙", "—", "本区规则"]]
    gaps = [row[0] for row in rows(text, GAPS)]
    assert "没有水费" in gaps
    assert "进度落后于计划" in gaps


def test_a_whole_pack_of_ones_own(tmp_path):
    pack = tmp_path / "整套"
    shutil.copytree(Path(__file__).parent / "pack", pack)
    shutil.copy(rules_folder() / "terms.yaml", pack)
    text = written("--rules", pack)
    assert len(rows(text, RULES)) == 10
    assert "随附" not in text
    assert "没有做成规则的" not in text
    assert "[FP201](<rules/FP201.yaml>)" in text


def test_it_is_written_to_a_file_that_is_no_rule(tmp_path, page):
    target = tmp_path / "目录.md"
    said = CliRunner().invoke(app, ["rules", "list", "--format", "markdown", "-o", str(target)])
    assert (said.exit_code, said.stdout) == (0, "")
    assert target.read_text(encoding="utf-8") == page
    said = CliRunner().invoke(app, ["rules", "list", "-o", str(tmp_path / "目录.yaml")])
    assert said.exit_code == 2
    assert "会被当作规则" in said.stderr
    assert not (tmp_path / "目录.yaml").exists()


# any text


@given(st.lists(st.lists(st.text(), min_size=3, max_size=3), max_size=4))
def test_any_text_stays_in_its_cell(texts):
    lines = list(table(["甲", "乙", "丙"], [map(escaped, row) for row in texts]))
    told = [line for line in lines if line]
    assert len(told) == len(texts) + 2
    for line, row in zip(told[2:], texts, strict=True):
        assert not re.search(r"[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", line)
        assert [re.sub(r"\\(.)", r"\1", cell) for cell in cells(line)] == [
            " ".join(text.split()) or "—" for text in row
        ]


def test_the_catalogue_of_a_rulebook_needs_no_command_line(rulebook, page):
    assert f"{Catalogue(rulebook).text()}\n" == page
