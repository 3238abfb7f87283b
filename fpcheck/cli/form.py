"""`fpcheck form …`: the forms themselves."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from fpcheck.cli.given import PATH
from fpcheck.cli.options import known_region, loaded, rulebook_options
from fpcheck.cli.paint import print_lines
from fpcheck.cli.writing import write_whole
from fpcheck.document import Unreadable
from fpcheck.problem import printable, why_not

UNREAD = 3


@click.group(options_metavar="[选项]", subcommand_metavar="命令 …")
def form() -> None:
    """填报材料的格式。"""


@form.command("schema", options_metavar="[选项]")
def schema() -> None:
    """输出填报材料的 JSON Schema（中文名和英文名）。"""
    from fpcheck.submission import json_schema  # noqa: PLC0415 - each command imports what it needs
    from fpcheck.terms import shipped_glossary  # noqa: PLC0415

    click.echo(json.dumps(json_schema(shipped_glossary()), ensure_ascii=False, indent=2))


@form.command("try", options_metavar="[选项]")
@click.argument("path", type=PATH, metavar="文件")
@click.option("--format", "shape", type=click.Choice(["text", "json"]), default="text", help="输出的样式。")
@click.option("--unit", metavar="单位", help="没有写单位的金额用这个单位。")
@rulebook_options
def try_form(path: Path, shape: str, unit: str | None, **options: Any) -> None:  # noqa: ANN401
    """看一张表读出了什么：逐格列出，没有认出的标签另列，并给出添加的写法。

    退出码：0 都读出了，2 用法或规则有误，3 有没有读出、没有找到的内容。
    """
    from fpcheck.intake.printed.trial import try_file  # noqa: PLC0415
    from fpcheck.report.form_trial import as_dict, to_lines  # noqa: PLC0415

    rulebook = loaded(options["folders"], options["without"])
    try:
        trials, problems = try_file(path, rulebook.layouts, rulebook.glossary, unit)
    except Unreadable as unreadable:
        for problem in unreadable.problems:
            click.echo(str(problem), err=True)
        if shape == "json":
            told = [problem.as_json() for problem in unreadable.problems]
            empty: dict[str, Any] = {"template": None, "projects": [], "missing": [], "problems": told}
            click.echo(json.dumps(empty, ensure_ascii=False, indent=2).encode())
        sys.exit(UNREAD)
    if shape == "json":
        click.echo(json.dumps(as_dict(trials, problems), ensure_ascii=False, indent=2).encode("utf-8", "replace"))
    else:
        print_lines(to_lines(printable(path), trials, problems))
    every = [*problems, *(problem for trial in trials for problem in trial.problems)]
    sys.exit(UNREAD if any(not problem.remark for problem in every) else 0)


@form.command("blank", options_metavar="[选项]")
@click.argument("kind", metavar="表种")
@click.option("--region", metavar="地区", help="用哪里的样式，如 保山；没有的用上一级的。")
@click.option("--year", type=click.IntRange(1990, 2100), metavar="年度", help="印在表头的年度；不写就留空。")
@click.option("-o", "--output", type=PATH, metavar="文件", help="写到哪里；不写就用表种作文件名。")
@rulebook_options
def blank_form(kind: str, region: str | None, year: int | None, output: Path | None, **options: Any) -> None:  # noqa: ANN401
    """写一张空白表（自评表、申报表、发放明细），填好后可以直接检查。"""
    from fpcheck.intake.printed.blank import nearest  # noqa: PLC0415
    from fpcheck.report.blank_workbook import blank_workbook  # noqa: PLC0415
    from fpcheck.terms import NATION  # noqa: PLC0415

    rulebook = loaded(options["folders"], options["without"])
    place = known_region(rulebook, region) if region is not None else NATION
    blank = nearest(rulebook.blanks, kind, rulebook.glossary.layers(place))
    if blank is None:
        known = "、".join(dict.fromkeys(one.form for one in rulebook.blanks))
        raise click.BadParameter(f"没有“{kind}”的空白表；有的是：{known}", param_hint="表种")
    target = output or Path(f"{kind}.xlsx")
    if target.suffix.lower() != ".xlsx":
        raise click.BadParameter(f"{printable(target)} 要以 .xlsx 结尾", param_hint="--output")
    if target.exists():
        raise click.BadParameter(f"已经有 {printable(target)}，没有写；请换一个文件名", param_hint="--output")
    try:
        write_whole(target, blank_workbook(blank, year))
    except OSError as error:
        raise click.BadParameter(f"写不了 {printable(target)}（{why_not(error)}）", param_hint="--output") from None
    click.echo(f"已写好 {printable(target)}，填好以后用 fpcheck check {printable(target)} 检查", err=True)
