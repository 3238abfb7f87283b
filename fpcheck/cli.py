"""The command line: arguments in, exit code out. Data goes to stdout, remarks to stderr."""

import gettext
import json
import os
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import click

from fpcheck.app import UNDECIDED, check_intake, exit_code
from fpcheck.engine.run import Settings
from fpcheck.finding import SEVERITIES, CheckResult
from fpcheck.intake import Intake, read_lines, read_paths
from fpcheck.report.to_console import Line, to_console
from fpcheck.rulebook.compiled import Rulebook
from fpcheck.rulebook.load import RulebookFault, load_rulebook
from fpcheck.version import VERSION, engines

UNITS = ("元", "千元", "万元", "亿元")
FORMATS = ("text", "json", "jsonl")
USAGE = 2


def main() -> None:
    """Run the command line."""
    _speak_chinese()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure") and "utf" not in (stream.encoding or "").lower():
            stream.reconfigure(errors="replace")
    try:
        app.main(prog_name="fpcheck")
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.exit(0)


def _speak_chinese() -> None:
    """Give click's own words in Chinese, whatever the machine's language."""
    os.environ["LANGUAGE"] = "zh_CN"
    gettext.bindtextdomain("messages", str(Path(__file__).parent / "locale"))


def _version(context: click.Context, _: click.Parameter, wanted: bool) -> None:  # noqa: FBT001 - click calls it
    if wanted:
        click.echo("\n".join([f"fpcheck {VERSION}", *(f"  引擎 {line}" for line in engines())]))
        context.exit()


def _day(_: click.Context, __: click.Parameter, text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise click.BadParameter(f"“{text}”不是日期，请写成 2023-12-31") from None


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="版本和可用的引擎。"
)
def app() -> None:
    """预算绩效填报检查：绩效目标申报表、绩效自评表、奖励资金发放明细。"""


def _rulebook_options(command: Any) -> Any:  # noqa: ANN401 - a click command, before or after decoration
    command = click.option(
        "--without", multiple=True, metavar="编号", help="跳过这条规则（写编号或文件名），报告里记为未检查。"
    )(command)
    return click.option(
        "--rules",
        "folders",
        multiple=True,
        type=click.Path(path_type=Path),
        metavar="文件夹",
        help="自己的规则文件夹：含 terms.yaml 的整个替换，否则与随附的规则合在一起。",
    )(command)


def _load(folders: Iterable[Path], without: Iterable[str]) -> Rulebook:
    try:
        return load_rulebook(folders, without)
    except RulebookFault as fault:
        for problem in fault.problems:
            click.echo(str(problem), err=True)
        click.echo(
            f"规则有 {len(fault.problems)} 处要改，改好之前不检查（个别规则可用 --without 编号 跳过）。", err=True
        )
        sys.exit(USAGE)


@app.command()
@click.argument("paths", nargs=-1, required=True, metavar="文件或文件夹…")
@click.option("--format", "shape", type=click.Choice(FORMATS), default="text", help="输出的样式。")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="文件", help="写到文件，不写到屏幕。")
@click.option("--engine", type=click.Choice(["auto", "semantics"]), default="auto", help="用哪个引擎判断。")
@click.option("--as-of", callback=_day, metavar="日期", help="按哪一天的规则检查，如 2023-12-31。")
@click.option("--region", metavar="地区", help="按哪里的标准检查，如 五华。")
@click.option(
    "--previous", "earlier", multiple=True, type=click.Path(path_type=Path), metavar="路径", help="上年的填报材料。"
)
@click.option("--unit", type=click.Choice(UNITS), help="没有写单位的金额用这个单位。")
@click.option(
    "--fail-on", type=click.Choice([*SEVERITIES, UNDECIDED]), default="提示", help="有这一级以上的问题时退出码为 1。"
)
@_rulebook_options
def check(
    paths: tuple[str, ...],
    shape: str,
    output: Path | None,
    engine: str,
    as_of: date | None,
    region: str | None,
    earlier: tuple[Path, ...],
    unit: str | None,
    fail_on: str,
    folders: tuple[Path, ...],
    without: tuple[str, ...],
) -> None:
    """检查填报材料。文件夹会连同下级文件夹一起查；- 表示从标准输入读 JSON，一行一份。

    退出码：0 没有问题，1 有问题，2 用法或规则有误，3 有内容没有读出或程序出错。
    """
    del engine  # both choices mean the exact semantics until a second engine is connected
    rulebook = _load(folders, without)
    if region and rulebook.glossary.find_region(region) is None:
        raise click.BadParameter(
            f"没有“{region}”这个地区；有的是：{'、'.join(rulebook.glossary.regions)}", param_hint="--region"
        )
    intake = _read(paths, rulebook, unit)
    before = read_paths(earlier, rulebook.glossary, unit)
    intake.problems += before.problems
    result = check_intake(intake, rulebook, Settings(as_of, region), before.submissions)
    _write(result, shape, output, rulebook)
    sys.exit(exit_code(result, fail_on))


def _read(paths: tuple[str, ...], rulebook: Rulebook, unit: str | None) -> Intake:
    if "-" not in paths:
        return read_paths(map(Path, paths), rulebook.glossary, unit)
    if len(paths) > 1:
        raise click.UsageError("“-”要单独用，不能和文件一起给")
    text = sys.stdin.buffer.read().decode("utf-8-sig", errors="replace")
    return read_lines(text.splitlines(), rulebook.glossary, unit)


def _write(result: CheckResult, shape: str, output: Path | None, rulebook: Rulebook) -> None:
    names = {key: rule.rule.name for key, rule in rulebook.by_id.items()} | {r.id: r.name for r in rulebook.left_out}
    if shape == "text" and output is None and sys.stdout.isatty():
        _paint(to_console(result, names))
        return
    if shape == "text":
        lines: Iterable[str] = (line.text for line in to_console(result, names))
    else:
        from fpcheck.report.to_json import to_json, to_jsonl  # noqa: PLC0415 - only when asked for

        lines = to_jsonl(result) if shape == "jsonl" else [to_json(result)]
    if output is None:
        click.echo("\n".join(lines))
        return
    try:
        output.write_text("\n".join([*lines, ""]), encoding="utf-8")
    except OSError as error:
        raise click.FileError(str(output), error.strerror or "") from None


def _paint(lines: Iterable[Line]) -> None:
    from rich.console import Console  # noqa: PLC0415 - only on a terminal
    from rich.text import Text  # noqa: PLC0415

    console = Console(highlight=False)
    for line in lines:
        console.print(Text(line.text, style=line.style), soft_wrap=True)


@app.group()
def rules() -> None:
    """看规则、查规则的错、跑规则的样例。"""


@rules.command("list")
@click.option("--format", "shape", type=click.Choice(["text", "json"]), default="text", help="输出的样式。")
@_rulebook_options
def list_rules(shape: str, folders: tuple[Path, ...], without: tuple[str, ...]) -> None:
    """列出全部规则，一行一条。"""
    from fpcheck.authoring.describe import as_record  # noqa: PLC0415 - each command imports what it needs

    records = [as_record(rule) for rule in _load(folders, without).by_id.values()]
    if shape == "json":
        click.echo(json.dumps(records, ensure_ascii=False, indent=2))
        return
    for record in records:
        click.echo("  ".join(str(record[key]) for key in ("rule", "severity", "category", "name", "type")))


@rules.command("show")
@click.argument("number", metavar="编号")
@click.option("--as-of", callback=_day, metavar="日期", help="看哪一天的界限。")
@click.option("--region", default="全国", metavar="地区", help="看哪里的界限。")
@_rulebook_options
def show_rule(
    number: str, as_of: date | None, region: str, folders: tuple[Path, ...], without: tuple[str, ...]
) -> None:
    """看一条规则：条件、界限及其来历、依据、样例。"""
    from fpcheck.authoring.describe import describe  # noqa: PLC0415
    from fpcheck.problem import did_you_mean  # noqa: PLC0415

    rulebook = _load(folders, without)
    if number not in rulebook.by_id:
        raise click.BadParameter(
            f"没有 {number} 这条规则；{did_you_mean(number, list(rulebook.by_id))}", param_hint="编号"
        )
    where = rulebook.glossary.find_region(region)
    if where is None:
        raise click.BadParameter(f"没有“{region}”这个地区", param_hint="--region")
    click.echo("\n".join(describe(rulebook.by_id[number], rulebook, where, as_of or date.max)))


@rules.command("lint")
@click.option("--format", "shape", type=click.Choice(["text", "json"]), default="text", help="输出的样式。")
@_rulebook_options
def lint_rules(shape: str, folders: tuple[Path, ...], without: tuple[str, ...]) -> None:
    """查规则文件的错，一次全部列出。没有错时退出码为 0，有错为 2。"""
    problems = []
    count = 0
    try:
        count = len(load_rulebook(folders, without).by_id)
    except RulebookFault as fault:
        problems = fault.problems
    if shape == "json":
        click.echo(json.dumps([problem.as_json() for problem in problems], ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(map(str, problems)) or f"{count} 条规则，没有错。")
    sys.exit(USAGE if problems else 0)


@rules.command("test")
@click.argument("numbers", nargs=-1, metavar="[编号]…")
@_rulebook_options
def test_rules(numbers: tuple[str, ...], folders: tuple[Path, ...], without: tuple[str, ...]) -> None:
    """跑规则自带的样例。全部相符时退出码为 0，有不符为 1。"""
    from fpcheck.authoring.examples import run_examples  # noqa: PLC0415

    rulebook = _load(folders, without)
    unknown = [number for number in numbers if number not in rulebook.by_id]
    if unknown:
        raise click.BadParameter(f"没有 {'、'.join(unknown)} 这条规则", param_hint="编号")
    results = list(run_examples(rulebook, numbers))
    failed = [result for result in results if not result.right]
    for result in failed:
        click.echo(str(result))
    click.echo(f"{len(results)} 个样例，{len(failed)} 个不符。")
    sys.exit(1 if failed else 0)


@app.group()
def form() -> None:
    """填报材料的格式。"""


@form.command("schema")
def form_schema() -> None:
    """输出填报材料的 JSON Schema（中文名和英文名）。"""
    from fpcheck.submission import json_schema  # noqa: PLC0415
    from fpcheck.terms import shipped_glossary  # noqa: PLC0415

    click.echo(json.dumps(json_schema(shipped_glossary()), ensure_ascii=False, indent=2))
