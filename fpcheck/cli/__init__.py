"""The command line: arguments in, exit code out. Data goes to stdout, remarks to stderr."""

import gc
import gettext
import os
import sys
from importlib import import_module
from pathlib import Path

import click

from fpcheck.problem import why_not
from fpcheck.version import engines, own_version

UNWRITTEN = 3


def main() -> None:
    """Run the command line."""
    gc.freeze()  # what is imported stays to the end, the rules too: the collector need not look at them again and again
    gc.set_threshold(100_000, 10, 10)
    speak_chinese()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a console in GBK, a file name that is no text
    try:
        app.main(prog_name="fpcheck", standalone_mode=True)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.exit(0)
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        click.echo(f"结果写不出去（{why_not(error)}）", err=True)
        sys.exit(UNWRITTEN)


def speak_chinese() -> None:
    """Give click's own words in Chinese, whatever the machine's language."""
    os.environ["LANGUAGE"] = "zh_CN"
    gettext.bindtextdomain("messages", str(Path(__file__).parent / "locale"))


def _version(context: click.Context, _: click.Parameter, wanted: bool) -> None:  # noqa: FBT001 - click calls it
    if wanted:
        click.echo("\n".join([f"fpcheck {own_version()}", *(f"  引擎 {line}" for line in engines())]))
        context.exit()


class Commands(click.Group):
    """The commands, each in a module of its own name that is imported when it is asked for."""

    names = ("check", "explain", "rules", "form")

    def list_commands(self, _: click.Context) -> list[str]:
        """Give the names, in order of use."""
        return list(self.names)

    def get_command(self, _: click.Context, name: str) -> click.Command | None:
        """Give the command of a name."""
        return getattr(import_module(f"fpcheck.cli.{name}"), name) if name in self.names else None


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    options_metavar="[选项]",
    subcommand_metavar="命令 …",
)
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="版本和引擎。")
def app() -> None:
    """预算绩效填报检查：绩效目标申报表、绩效自评表、奖励资金发放明细。"""
