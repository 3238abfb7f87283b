"""`fpcheck check`."""

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import click

from fpcheck.app import AUTO, ENGINES, UNDECIDED, EngineMissing, check_intake, exit_code, second_engine, singly
from fpcheck.cli.given import PATH, Given, given_options, read_given
from fpcheck.cli.options import rulebook_options
from fpcheck.cli.paint import print_lines
from fpcheck.cli.writing import is_one_of, write_whole
from fpcheck.engine.beside import Engine
from fpcheck.finding import SEVERITIES, CheckResult
from fpcheck.problem import why_not
from fpcheck.report.line import Line
from fpcheck.report.to_console import to_console
from fpcheck.report.to_json import beside_lines, to_json, to_jsonl
from fpcheck.rulebook.compiled import Rulebook

FORM = "form"
FORMATS = ("text", "json", "jsonl", FORM)
_SHAPE = "输出的样式。form：在原表的复件里逐格标出问题，并附问题清单。"
_OUTPUT = "写到文件，不写到屏幕；样式是 form 时，查一份写成一个文件，查多份写到一个文件夹。"
_ENGINE = "用哪个引擎。auto：装了 durable 就逐份用它和 semantics 互相核对。"
_FAIL_ON = "有这一级及以上的问题时退出码为 1。"


@click.command(options_metavar="[选项]")
@click.argument("paths", nargs=-1, required=True, metavar="文件或文件夹…")
@click.option("--format", "shape", type=click.Choice(FORMATS), default="text", help=_SHAPE)
@click.option("-o", "--output", type=PATH, metavar="文件", help=_OUTPUT)
@click.option("--overwrite", is_flag=True, help="样式是 form 时，可以盖掉已有的文件（要检查的材料决不会盖掉）。")
@click.option("--engine", type=click.Choice(ENGINES), default=AUTO, help=_ENGINE)
@click.option("--fail-on", type=click.Choice([*SEVERITIES, UNDECIDED]), default="提示", help=_FAIL_ON)
@given_options
@rulebook_options
def check(paths: tuple[str, ...], shape: str, output: Path | None, *, overwrite: bool, **options: Any) -> None:  # noqa: ANN401
    """检查填报材料。文件夹会连同下级文件夹一起查；- 表示从标准输入读 JSON，一行一份。

    退出码：0 没有问题，1 有问题，2 用法或规则有误，3 有内容没有读出或程序出错。
    """
    if shape == FORM:
        from fpcheck.cli.copies import known_target  # noqa: PLC0415 - only where copies are wanted

        known_target(paths, output)
    try:
        with second_engine(options["engine"]) as beside:
            result, given = _checked(paths, output, beside, options)
    except EngineMissing as missing:
        raise click.BadParameter(str(missing), param_hint="--engine") from None
    code = exit_code(result, options["fail_on"])
    if shape == FORM and output is not None:
        from fpcheck.cli.copies import UNWRITTEN, write_copies  # noqa: PLC0415

        complete = write_copies(result, given, paths, output, overwrite=overwrite)
        sys.exit(code if complete else UNWRITTEN)
    _write(result, shape, output, given.rulebook)
    sys.exit(code)


def _checked(
    paths: tuple[str, ...], output: Path | None, beside: Engine | None, options: Mapping[str, Any]
) -> tuple[CheckResult, Given]:
    given = read_given(paths, options)
    if output and is_one_of(output, given.intake.files | given.before.files):
        raise click.BadParameter("会盖掉要检查的材料，请换一个文件名", param_hint="--output")
    engine = beside if singly(options["engine"], given.intake) else None
    result = check_intake(given.intake, given.rulebook, given.settings, given.before.submissions, engine)
    return result, given


def _write(result: CheckResult, shape: str, output: Path | None, rulebook: Rulebook) -> None:
    lines = to_console(result, rulebook.names)
    if shape == "jsonl":
        for remark in beside_lines(result):
            click.echo(remark, err=True)
    if output is not None:
        _save(output, _texts(result, shape, lines))
    elif shape == "text":
        print_lines(lines)
    else:
        for line in _texts(result, shape, lines):
            click.echo(line.encode("utf-8", "replace"))  # JSON is UTF-8 on any console


def _texts(result: CheckResult, shape: str, lines: Iterable[Line]) -> Iterable[str]:
    if shape == "text":
        return (line.text for line in lines)
    return to_jsonl(result) if shape == "jsonl" else [to_json(result)]


def _save(output: Path, lines: Iterable[str]) -> None:
    try:
        write_whole(output, "\n".join([*lines, ""]).encode("utf-8", "replace"))
    except OSError as error:
        raise click.BadParameter(f"写不了 {output}（{why_not(error)}）", param_hint="--output") from None
