"""`fpcheck check --format form`: which copy of which file is written where; nothing is overwritten unasked."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from fpcheck.cli.given import Given
from fpcheck.cli.writing import is_one_of, write_whole
from fpcheck.document import Unreadable
from fpcheck.finding import SEVERITIES, CheckResult
from fpcheck.intake.files import Handed
from fpcheck.problem import Problem, printable, why_not
from fpcheck.report.form_copy.contents import Contents, by_source
from fpcheck.report.form_copy.copy import CopyPlan, checked_copy, plan_copy

UNWRITTEN = 3
_HINT = "--output"


@dataclass(frozen=True)
class _Task:
    """A copy to write."""

    handed: Handed
    source: str
    data: bytes
    plan: CopyPlan
    contents: Contents
    target: Path


def known_target(paths: tuple[str, ...], output: Path | None) -> None:
    """Check, before anything is read, that it is told where copies go.

    Raises:
        click.UsageError: it is not, or standard input is to be copied, or the folder for copies is among the forms.
    """
    if "-" in paths:
        raise click.UsageError("标准输入没有原表，不能用 --format form；请给文件或文件夹")
    if output is None:
        raise click.UsageError("--format form 要用 -o 写明存到哪里：查一份写文件名（如 查后.xlsx），查文件夹写文件夹名")
    folder = Path(os.path.realpath(output))
    for path in map(Path, paths):
        if path.is_dir() and (real := Path(os.path.realpath(path))) in (folder, *folder.parents):
            message = f"在要检查的“{printable(real.name)}”里面，下次会把复件也当成材料；请换一个地方"
            raise click.BadParameter(message, param_hint=_HINT)
    if _one_file(paths) and output.is_dir():
        raise click.BadParameter(f"{printable(output)} 是文件夹；查一份请写文件名", param_hint=_HINT)


def _one_file(paths: tuple[str, ...]) -> bool:
    """Whether a single file was named, and no folder."""
    return len(paths) == 1 and not Path(paths[0]).is_dir()


def write_copies(result: CheckResult, given: Given, paths: tuple[str, ...], output: Path, *, overwrite: bool) -> bool:
    """Write a copy of each file that holds a form; tell on stderr what was written. True: all were.

    Args:
        result: what the check said.
        given: what it was given.
        paths: what was named.
        output: the file to write where that is a single file, else the folder for the copies.
        overwrite: whether what is there may be replaced; inputs never are.

    Raises:
        click.BadParameter: a target exists, is an input, or has the wrong ending. Nothing is written then.
    """
    problems: list[Problem] = []
    tasks = list(_tasks(result, given, output, problems, alone=_one_file(paths)))
    inputs = given.intake.files | given.before.files
    for task in tasks:
        if is_one_of(task.target, inputs):
            raise click.BadParameter("会盖掉要检查的材料，请换一个名字", param_hint=_HINT)
        if task.target.exists() and not overwrite:
            message = f"已经有 {printable(task.target)}，没有写；请换一个名字，或加 --overwrite"
            raise click.BadParameter(message, param_hint=_HINT)
    for task in tasks:
        _write(task, problems)
    for problem in (*_beside(result, tasks), *problems):
        click.echo(str(problem), err=True)
    return not problems


def _tasks(result: CheckResult, given: Given, output: Path, problems: list[Problem], *, alone: bool) -> Iterator[_Task]:
    """Plan a copy of each file in which a form was found."""
    taken: set[str] = set()
    for source, own in by_source(result).items():
        handed = given.intake.sources[source]
        try:
            data = handed.path.read_bytes()
            plan = plan_copy(data, source, handed.name)
        except Unreadable as unreadable:
            problems += unreadable.problems
            continue
        except OSError as error:
            problems.append(Problem(source, f"文件打不开（{why_not(error)}）", "请检查权限"))
            continue
        contents = Contents(own, given.rulebook.names, marked=plan.whole)
        if alone:
            _fitting(output, plan)
            yield _Task(handed, source, data, plan, contents, output)
        else:
            yield _Task(handed, source, data, plan, contents, output / _free(plan.name, taken))


def _fitting(output: Path, plan: CopyPlan) -> None:
    """Hold the name of the only copy to what is in it: programs refuse a file whose ending tells something else."""
    if output.suffix.lower() != plan.ending.lower():
        what = "复件" if plan.whole else "这种文件写不进批注，另给一份问题清单，它"
        message = f"{what}的扩展名要是 {plan.ending}，如 {printable(output.with_suffix(plan.ending))}"
        raise click.BadParameter(message, param_hint=_HINT)


def _free(name: str, taken: set[str]) -> str:
    """A name that no other copy of this run has."""
    path = Path(name)
    names = (name, *(str(path.with_name(f"{path.stem}({number}){path.suffix}")) for number in range(2, len(taken) + 3)))
    free = next(one for one in names if one.lower() not in taken)
    taken.add(free.lower())
    return free


def _write(task: _Task, problems: list[Problem]) -> None:
    try:
        content = checked_copy(task.data, task.source, task.plan.kind, task.contents)
    except Unreadable as unreadable:
        problems += unreadable.problems
        return
    try:
        task.target.parent.mkdir(parents=True, exist_ok=True)
        write_whole(task.target, content)
    except OSError as error:
        problems.append(
            Problem(task.source, f"写不了 {printable(task.target)}（{why_not(error)}）", "请检查权限和磁盘")
        )
        return
    how = "" if task.plan.whole else "（这种文件写不进批注，另给问题清单）"
    click.echo(f"{task.source} → {printable(task.target)}{how}：{_summary(task.contents)}", err=True)


def _summary(contents: Contents) -> str:
    decisions = "、".join(dict.fromkeys(head.decision for head in contents.heads))
    counts = ((grade, sum(item.severity == grade for item in contents.findings)) for grade in SEVERITIES)
    told = "，".join(f"{grade} {count}" for grade, count in counts if count)
    return f"{decisions}{f'（{told}）' if told else ''}"


def _beside(result: CheckResult, tasks: list[_Task]) -> Iterator[Problem]:
    """What stands in no copy: what belongs to no copied file, and what is said of several units together."""
    copied = {task.source for task in tasks}
    yield from (one for one in result.problems if one.source not in copied and not one.remark)
    district = [item for item in result.findings if item.submission is None]
    if district:
        yield Problem("汇总", f"另有 {len(district)} 处问题涉及多个单位，不在各份复件里", "请用 --format text 看")
