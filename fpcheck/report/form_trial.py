"""What was read of a form, as text for people: cell by cell, then what is missing, unknown, and how to add it."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from fpcheck.intake.printed.trial import Read, Trial, supplement
from fpcheck.problem import Problem, short
from fpcheck.report.line import Line

SHOWN = 60


def as_dict(trials: Sequence[Trial], problems: Iterable[Problem]) -> dict[str, Any]:
    """Give what was read in the shape outside programs rely on: the template is that of the first form."""
    return {
        "template": trials[0].layout.name,
        "projects": [trial.submission for trial in trials],
        "missing": list(dict.fromkeys(name for trial in trials for name in trial.missing)),
        "problems": [problem.as_json() for trial in trials for problem in trial.problems]
        + [problem.as_json() for problem in problems],
    }


def to_lines(source: str, trials: Sequence[Trial], problems: Sequence[Problem]) -> Iterator[Line]:
    """Tell what was read of a file."""
    for number, trial in enumerate(trials, 1):
        which = f"第 {number} 份 · " if len(trials) > 1 else ""
        yield Line(f"== {source} · {which}{trial.layout.name}（{trial.layout.form}）", "bold")
        yield from map(_value, trial.values)
        yield from _told(trial)
    for problem in problems:
        yield Line(f"   {problem}", "dim" if problem.remark else "red")


def _value(one: Read) -> Line:
    name = f"{one.table} 第{one.row}条 {one.field}" if one.table else one.field
    text = "（空）" if one.text is None else short(one.text, SHOWN)
    label = " ".join(one.label.split())
    printed = "" if label in ("", one.field) else f"　［表上印的是“{label}”］"
    return Line(f"   {one.sheet}!{one.cell}　{name}：{text}{printed}")


def _told(trial: Trial) -> Iterator[Line]:
    if trial.missing:
        yield Line(f" 没有找到：{'、'.join(trial.missing)}", "red")
    for problem in trial.problems:
        if not (problem.where.field in trial.missing and problem.where.cell is None):
            yield Line(f" {problem}", "yellow")
    if trial.synonyms:
        yield Line(" 没有认出的标签：", "yellow")
    for one in trial.synonyms:
        guess = f"，是不是“{one.field}”？" if one.field else ""
        yield Line(f"     {one.sheet}!{one.cell} “{one.label}”（{one.part}）{guess}", "yellow")
    if added := supplement(trial):
        where = "自己的规则文件夹里的 templates/我的表样.yaml"
        yield Line(f" 要让程序认得，把下面几行存成{where}（改好字段名），检查时加 --rules 那个文件夹：")
        yield from (Line(f"     {line}") for line in added.splitlines())
