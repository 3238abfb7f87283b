"""`fpcheck explain`."""

import re
import sys
from typing import Any

import click

from fpcheck.app import explain_intake
from fpcheck.cli.given import given_options, read_given
from fpcheck.cli.options import USAGE, rulebook_options
from fpcheck.cli.paint import print_lines
from fpcheck.engine.explain.shapes import Explanation
from fpcheck.intake import Intake
from fpcheck.report.brief import shortened
from fpcheck.report.explanation import explanation_lines
from fpcheck.report.explanation_json import explanation_json

UNREAD = 3
_NUMBER = re.compile(r"[A-Za-z]{2,4}[0-9]{3,4}")


def _from_one(_: click.Context, __: click.Parameter, number: int | None) -> int | None:
    if number is not None and number < 1:
        raise click.BadParameter("条号从 1 数起")
    return number


@click.command(options_metavar="[选项]")
@click.argument("paths", nargs=-1, required=True, metavar="文件或文件夹… 编号")
@click.option("--row", type=int, callback=_from_one, metavar="条号", help="看第几条；不写就看命中的和无法判断的。")
@click.option("--submission", metavar="编号", help="有几份材料时，看哪一份（写编号或实施单位）。")
@click.option("--full", is_flag=True, help="写全文：长的正则、选项和句子也不缩写。")
@click.option("--format", "shape", type=click.Choice(["text", "json"]), default="text", help="输出的样式。")
@given_options
@rulebook_options
def explain(
    paths: tuple[str, ...],
    row: int | None,
    submission: str | None,
    full: bool,  # noqa: FBT001 - a command line's flag
    shape: str,
    **options: Any,  # noqa: ANN401
) -> None:
    """说明一条规则为什么命中、为什么没有命中：逐句列出所依据的数，还差多少会变。

    最后一个是规则编号，如 FP201。有几份材料时，只细说命中的和无法判断的，最多三份。

    退出码：0 已说明，2 用法或规则有误，3 材料没有读出。
    """
    from fpcheck.engine.explain.answer import NotThereError  # noqa: PLC0415 - each command imports what it needs

    *forms, number = paths
    _check_order(forms, number)
    given = read_given(tuple(forms), options)
    unread = _tell_unread(given.intake)
    if not given.intake.submissions:
        sys.exit(UNREAD)
    try:
        told = explain_intake(
            given.intake,
            given.rulebook,
            number.strip().upper(),
            given.settings,
            given.before.submissions,
            submission=submission,
            row=row,
        )
    except NotThereError as missing:
        click.echo(str(missing), err=True)
        sys.exit(USAGE)
    _write(told, shape, full=full)
    sys.exit(UNREAD if unread else 0)


def _check_order(forms: list[str], number: str) -> None:
    """Tell who wrote the number first, or forgot it or the forms."""
    if not forms and _NUMBER.fullmatch(number):
        raise click.UsageError(f"还要写材料的路径，如 fpcheck explain 材料.yaml {number}")
    if not forms:
        raise click.UsageError(f"还要写规则编号，如 fpcheck explain {number} FP201")
    if _NUMBER.fullmatch(forms[0]) and not _NUMBER.fullmatch(number):
        raise click.UsageError(f"编号写在最后：fpcheck explain {' '.join([*forms[1:], number])} {forms[0]}")


def _write(told: Explanation, shape: str, *, full: bool) -> None:
    if shape == "json":
        click.echo(explanation_json(told).encode("utf-8", "replace"))  # JSON is UTF-8 on any console
        return
    print_lines(explanation_lines(told if full else shortened(told)))


def _tell_unread(intake: Intake) -> bool:
    """Tell the files that could not be read; faults inside a form stand in the explanation where they matter."""
    unread = [problem for problem in intake.problems if problem.owner is None and not problem.remark]
    for problem in unread:
        click.echo(str(problem), err=True)
    return bool(unread)
