"""The README's commands are the commands; its output is what comes out; every command and folder is explained."""

import re
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from fpcheck.cli import app
from fpcheck.rulebook.functions import AGGREGATES, FUNCTIONS, SPECIAL

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def commands(group, prefix=""):
    for name, command in group.commands.items():
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


PRINTED = [text.split("\n", 1) for kind, text in BLOCKS if kind == "console"]


@pytest.mark.parametrize(("command", "text"), PRINTED)
def test_printed_output_is_real(command, text, monkeypatch):
    """Lines of `……` stand for left-out parts."""
    monkeypatch.chdir(ROOT)
    real = shown(command.removeprefix("$ "))
    for piece in re.split(r"^ *……\n", text, flags=re.MULTILINE):
        assert piece.strip("\n") in real
    assert text.strip()


def test_function_table_is_complete():
    manual = (ROOT / "docs" / "规则写法.md").read_text(encoding="utf-8")
    lines = [f"`{s.usage}` | {s.meaning}" for s in [*AGGREGATES.values(), *FUNCTIONS.values()]]
    lines += ["` | ".join(("`" + text).split("：", 1)) for text in SPECIAL.values()]
    missing = [line for line in lines if line not in manual]
    assert not missing, "\n".join(f"| {line} |" for line in missing)
