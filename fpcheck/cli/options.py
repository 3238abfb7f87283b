"""Options that several commands share, and what they turn into."""

import sys
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from fpcheck.problem import did_you_mean
from fpcheck.rulebook.compiled import Rulebook
from fpcheck.rulebook.fault import RulebookFault
from fpcheck.rulebook.kept import kept_rulebook

USAGE = 2
FEW = 3  # faulty files that are named
Command = TypeVar("Command", bound=Callable[..., Any])
_RULES = "自己的规则文件夹：含 terms.yaml（没有写“补充: 是”）的整个替换，否则与随附的规则合在一起。"
_WITHOUT = "跳过这条规则（写编号或文件名），报告里记为未检查。"


def rulebook_options(command: Command) -> Command:
    """Add --rules and --without."""
    without = click.option("--without", multiple=True, metavar="编号", help=_WITHOUT)
    return rules_option(without(command))


def rules_option(command: Command) -> Command:
    """Add --rules."""
    folder = click.Path(path_type=Path)
    return click.option("--rules", "folders", multiple=True, type=folder, metavar="文件夹", help=_RULES)(command)


def day(_: click.Context, __: click.Parameter, text: str | None) -> date | None:
    """Read a date option."""
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"“{text}”不是日期，请写成 2023-12-31") from None


def loaded(folders: Iterable[Path], without: Iterable[str]) -> Rulebook:
    """Load the rules; with faults, print them all and leave."""
    try:
        return kept_rulebook(folders, without)
    except RulebookFault as fault:
        for problem in fault.problems:
            click.echo(str(problem), err=True)
        count = sum(not problem.remark for problem in fault.problems)
        click.echo(f"规则有 {count} 处要改，改好之前不检查{_meanwhile(fault, folders)}。", err=True)
        sys.exit(USAGE)


def _meanwhile(fault: RulebookFault, folders: Iterable[Path]) -> str:
    """Say how to check all the same until the faults are mended: a rule can be left out, another file cannot."""
    faulty = dict.fromkeys(problem.source for problem in fault.problems if not problem.remark)
    stuck = [source for source in faulty if source in fault.others]
    if stuck:
        more = f"等 {len(stuck)} 个文件" if len(stuck) > FEW else ""
        instead = "，要先检查可以去掉 --rules，只用随附的规则" if any(folders) else ""
        return f"（{'、'.join(stuck[:FEW])}{more} 不是一条规则，不能跳过{instead}）"
    return "（可用 --without 编号 跳过）" if fault.rules.issuperset(faulty) else ""


def known_region(rulebook: Rulebook, name: str) -> str:
    """Find a region by any of its names, or the nearest listed one around it.

    Raises:
        click.BadParameter: the glossary lists no such region.
    """
    found = rulebook.glossary.region_around(name) if name.strip() else None
    if found is None:
        known = "、".join(rulebook.glossary.regions)
        raise click.BadParameter(f"没有“{name}”这个地区；有的是：{known}", param_hint="--region")
    return found


def known_rules(rulebook: Rulebook, numbers: Iterable[str]) -> None:
    """Check rule numbers.

    Raises:
        click.BadParameter: a number that no rule has.
    """
    for number in numbers:
        if number not in rulebook.by_id:
            hint = did_you_mean(number, list(rulebook.by_id))
            raise click.BadParameter(f"没有 {number} 这条规则；{hint}", param_hint="编号")
