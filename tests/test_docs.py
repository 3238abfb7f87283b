"""The README's commands are the commands; its output is what comes out; every command and folder is explained."""

import re
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from fpcheck.authoring.examples import run_examples
from fpcheck.cli import app
from fpcheck.document import read_yaml
from fpcheck.intake.printed.blank import BlankForm
from fpcheck.intake.printed.layout import CrossTable, Layout, Recognition, RecordTable, Supplement, TotalRow
from fpcheck.reading import known_names, read_submission
from fpcheck.rulebook.framework import Grade, ScorecardDefinition, ScoreIndicator, ScorePoint
from fpcheck.rulebook.functions import AGGREGATES, FUNCTIONS, SPECIAL
from fpcheck.rulebook.load import load_rulebook
from fpcheck.rulebook.rule import Example, Rule
from fpcheck.terms import shipped_glossary

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
MANUAL = (ROOT / "docs" / "规则写法.md").read_text(encoding="utf-8")
EXPLAINED = (ROOT / "docs" / "解释.md").read_text(encoding="utf-8")


def blocks(text):
    """The fenced blocks of a document: (language, text)."""
    return re.findall(r"^```(\w*)\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


BLOCKS = blocks(README)


def commands(group, prefix=""):
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        yield f"{prefix}{name}"
        if isinstance(command, click.Group):
            yield from commands(command, f"{prefix}{name} ")


def test_first_two_blocks_are_the_two_commands():
    (one, run), (two, test) = BLOCKS[:2]
    assert one == two == "sh"
    assert "fpcheck check cases/wuhua-2023/input" in run
    assert "durable" in run
    assert "durable" in test
    assert "pytest" in test


@pytest.mark.parametrize("name", list(commands(app)))
def test_every_command_is_explained(name):
    assert f"fpcheck {name}" in README


def test_every_rule_folder_is_explained():
    for folder in (ROOT / "rules").iterdir():
        if folder.is_dir():
            assert f"{folder.name}/" in README, folder.name


def shown(command):
    """The output of a command that the README prints, as `$ fpcheck …` in a console block."""
    arguments = command.split()[1:]
    return CliRunner().invoke(app, arguments).stdout


PRINTED = [text.split("\n", 1) for kind, text in [*BLOCKS, *blocks(EXPLAINED)] if kind == "console"]


@pytest.mark.parametrize(("command", "text"), PRINTED)
def test_printed_output_is_real(command, text, monkeypatch):
    """Lines of `……` stand for left-out parts."""
    monkeypatch.chdir(ROOT)
    real = shown(command.removeprefix("$ "))
    for piece in re.split(r"^ *……\n", text, flags=re.MULTILINE):
        assert piece.strip("\n") in real
    assert text.strip()


def test_function_table_is_complete():
    lines = [f"`{s.usage}` | {s.meaning}" for s in [*AGGREGATES.values(), *FUNCTIONS.values()]]
    lines += ["` | ".join(("`" + text).split("：", 1)) for text in SPECIAL.values()]
    missing = [line for line in lines if line not in MANUAL]
    assert not missing, "\n".join(f"| {line} |" for line in missing)


@pytest.mark.parametrize("model", [Rule, Example, ScorecardDefinition, Grade, ScoreIndicator, ScorePoint])
def test_every_key_is_in_the_manual(model):
    lines = [f"| `{field.alias}` | {field.description} |" for field in model.model_fields.values()]
    assert [line for line in lines if line not in MANUAL] == []


@pytest.mark.parametrize("model", [Layout, Recognition, CrossTable, RecordTable, TotalRow, Supplement, BlankForm])
def test_every_key_of_a_layout_is_explained(model):
    text = (ROOT / "docs" / "表样.md").read_text(encoding="utf-8")
    assert [field.alias for field in model.model_fields.values() if f"`{field.alias}`" not in text] == []


def test_the_commands_of_the_manual_print_what_it_says(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "我的规则").mkdir()
    (tmp_path / "我的规则" / "sources.yaml").write_text(
        "本区办法: {名称: 本区管理办法, 效力: 地方}\n", encoding="utf-8"
    )
    blocks = re.findall(r"^```console\n\$ fpcheck (.*)\n((?:.+\n)*)```", MANUAL, re.MULTILINE)
    assert blocks
    for command, text in blocks:
        assert CliRunner().invoke(app, command.split()).output == text


def test_the_rule_in_the_manual_works_when_pasted(tmp_path):
    [text] = re.findall(r"^```yaml\n(.*?)^```", MANUAL, re.MULTILINE | re.DOTALL)
    (tmp_path / "x.yaml").write_text(text, encoding="utf-8")
    rulebook = load_rulebook(tmp_path)
    assert all(result.right for result in run_examples(rulebook, ["QX201"]))


def test_the_form_in_the_manual_is_read_whole():
    manual = (ROOT / "docs" / "填报材料.md").read_text(encoding="utf-8")
    [text] = re.findall(r"^```yaml\n(.*?)^```", manual, re.MULTILINE | re.DOTALL)
    glossary = shipped_glossary()
    [node] = read_yaml(text, "填报材料.md", known_names(glossary))
    assert read_submission(node, glossary)["problems"] == ()
