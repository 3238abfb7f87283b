"""What commands that look at forms are given: the forms, those of the year before, the day, the region, the unit."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from fpcheck.cli.options import day, known_region, loaded
from fpcheck.engine.run import Settings
from fpcheck.intake import Forms, Intake, read_lines, read_paths
from fpcheck.rulebook.compiled import Rulebook

PATH = click.Path(path_type=Path)
Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass(frozen=True)
class Given:
    """The rules, how to judge, and what was read; `intake` holds the problems of `before` as well."""

    rulebook: Rulebook
    settings: Settings
    intake: Intake
    before: Intake


def given_options(command: Command) -> Command:
    """Add --as-of, --region, --previous and --unit."""
    for option in (
        click.option("--unit", metavar="单位", help="没有写单位的金额用这个单位。"),
        click.option("--previous", "earlier", multiple=True, type=PATH, metavar="路径", help="上年的填报材料。"),
        click.option("--region", metavar="地区", help="按哪里的标准检查，如 五华。"),
        click.option("--as-of", callback=day, metavar="日期", help="按哪一天的规则检查，如 2023-12-31。"),
    ):
        command = option(command)
    return command


def read_given(paths: tuple[str, ...], options: Mapping[str, Any]) -> Given:
    """Load the rules and read the forms.

    Raises:
        click.UsageError: a path, the unit or the region is none.
    """
    if not all(path.strip() for path in paths):
        raise click.UsageError("有一个路径是空的，请检查命令里的变量")
    rulebook = loaded(options["folders"], options["without"])
    if options["unit"] not in (None, *rulebook.glossary.units):
        known = "、".join(rulebook.glossary.units)
        raise click.BadParameter(f"没有“{options['unit']}”这个单位；有的是：{known}", param_hint="--unit")
    region = options["region"]
    settings = Settings(options["as_of"], known_region(rulebook, region) if region is not None else None)
    intake = _read(paths, rulebook, options["unit"])
    before = read_paths(options["earlier"], Forms(rulebook.glossary, rulebook.layouts, options["unit"]))
    intake.problems += before.problems
    return Given(rulebook, settings, intake, before)


def _read(paths: tuple[str, ...], rulebook: Rulebook, unit: str | None) -> Intake:
    if "-" not in paths:
        return read_paths(map(Path, paths), Forms(rulebook.glossary, rulebook.layouts, unit))
    if len(paths) > 1:
        raise click.UsageError("“-”要单独用，不能和文件一起给")
    return read_lines(sys.stdin.buffer.read().split(b"\n"), rulebook.glossary, unit)
