"""`fpcheck check`."""

import os
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import click

from fpcheck.app import UNDECIDED, check_intake, exit_code
from fpcheck.cli.options import day, known_region, loaded, rulebook_options
from fpcheck.engine.run import Settings
from fpcheck.finding import SEVERITIES, CheckResult
from fpcheck.intake import Intake, read_lines, read_paths
from fpcheck.problem import why_not
from fpcheck.report.to_console import Line, to_console
from fpcheck.report.to_json import beside_lines, to_json, to_jsonl
from fpcheck.rulebook.compiled import Rulebook

FORMATS = ("text", "json", "jsonl")
PATH = click.Path(path_type=Path)
_FAIL_ON = "有这一级及以上的问题时退出码为 1。"


@click.command(options_metavar="[选项]")
@click.argument("paths", nargs=-1, required=True, metavar="文件或文件夹…")
@click.option("--format", "shape", type=click.Choice(FORMATS), default="text", help="输出的样式。")
@click.option("-o", "--output", type=PATH, metavar="文件", help="写到文件，不写到屏幕。")
@click.option("--engine", type=click.Choice(["auto", "semantics"]), default="auto", help="用哪个引擎判断。")
@click.option("--as-of", callback=day, metavar="日期", help="按哪一天的规则检查，如 2023-12-31。")
@click.option("--region", metavar="地区", help="按哪里的标准检查，如 五华。")
@click.option("--previous", "earlier", multiple=True, type=PATH, metavar="路径", help="上年的填报材料。")
@click.option("--unit", metavar="单位", help="没有写单位的金额用这个单位。")
@click.option("--fail-on", type=click.Choice([*SEVERITIES, UNDECIDED]), default="提示", help=_FAIL_ON)
@rulebook_options
def check(paths: tuple[str, ...], shape: str, output: Path | None, **options: Any) -> None:  # noqa: ANN401
    """检查填报材料。文件夹会连同下级文件夹一起查；- 表示从标准输入读 JSON，一行一份。

    退出码：0 没有问题，1 有问题，2 用法或规则有误，3 有内容没有读出或程序出错。
    """
    if not all(path.strip() for path in paths):
        raise click.UsageError("有一个路径是空的，请检查命令里的变量")
    rulebook = loaded(options["folders"], options["without"])
    if options["unit"] not in (None, *rulebook.glossary.units):
        known = "、".join(rulebook.glossary.units)
        raise click.BadParameter(f"没有“{options['unit']}”这个单位；有的是：{known}", param_hint="--unit")
    settings = _settings(rulebook, options["as_of"], options["region"])
    intake = _read(paths, rulebook, options["unit"])
    before = read_paths(options["earlier"], rulebook.glossary, options["unit"])
    intake.problems += before.problems
    if output and os.path.realpath(output) in intake.files | before.files:
        raise click.BadParameter("会盖掉要检查的材料，请换一个文件名", param_hint="--output")
    result = check_intake(intake, rulebook, settings, before.submissions)
    _write(result, shape, output, rulebook)
    sys.exit(exit_code(result, options["fail_on"]))


def _settings(rulebook: Rulebook, as_of: date | None, region: str | None) -> Settings:
    return Settings(as_of, known_region(rulebook, region) if region is not None else None)


def _read(paths: tuple[str, ...], rulebook: Rulebook, unit: str | None) -> Intake:
    if "-" not in paths:
        return read_paths(map(Path, paths), rulebook.glossary, unit)
    if len(paths) > 1:
        raise click.UsageError("“-”要单独用，不能和文件一起给")
    return read_lines(sys.stdin.buffer.read().split(b"\n"), rulebook.glossary, unit)


def _write(result: CheckResult, shape: str, output: Path | None, rulebook: Rulebook) -> None:
    lines = to_console(result, rulebook.names)
    if shape == "jsonl":
        for remark in beside_lines(result):
            click.echo(remark, err=True)
    if output is not None:
        _save(output, _texts(result, shape, lines))
    elif shape == "text" and sys.stdout.isatty():
        _paint(lines)
    else:
        for line in _texts(result, shape, lines):
            click.echo(line if shape == "text" else line.encode("utf-8", "replace"))  # JSON is UTF-8 on any console


def _texts(result: CheckResult, shape: str, lines: Iterable[Line]) -> Iterable[str]:
    if shape == "text":
        return (line.text for line in lines)
    return to_jsonl(result) if shape == "jsonl" else [to_json(result)]


def _save(output: Path, lines: Iterable[str]) -> None:
    try:
        output.write_text("\n".join([*lines, ""]), encoding="utf-8", errors="replace")
    except OSError as error:
        raise click.BadParameter(f"写不了 {output}（{why_not(error)}）", param_hint="--output") from None


def _paint(lines: Iterable[Line]) -> None:
    from rich.console import Console  # noqa: PLC0415 - only on a terminal
    from rich.text import Text  # noqa: PLC0415

    console = Console(highlight=False)
    for line in lines:
        console.print(Text(line.text, style=line.style), soft_wrap=True)
