"""Labelled files: indicators.jsonl and goals.jsonl, one entry a line, with what an expert said of each.

What is faulty is named with file and line, and the rest is read; docs/评分.md describes the format.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from fpcheck.authoring.entry import Entry, Goal, Indicator, data_of, faults_of, kind_of, unknown_keys
from fpcheck.authoring.jsonl import Unsplit, read_lines
from fpcheck.document import Unreadable, read_text, read_yaml
from fpcheck.json_text import read_json
from fpcheck.problem import Place, Problem, did_you_mean, nearest, short, why_not
from fpcheck.schema import plain
from fpcheck.unit import clean_unit

INDICATORS, GOALS = "indicators.jsonl", "goals.jsonl"
SURE = Decimal("0.6")  # entries that the expert was less sure of are left out (the format's own convention)
FORMAT = "格式见 docs/评分.md"


class Spot(NamedTuple):
    """Where an entry stands."""

    source: str
    line: int

    def fault(self, message: str, hint: str, *, remark: bool = False) -> Problem:
        """Make a problem of this place."""
        return Problem(self.source, message, hint, Place(line=self.line), remark)


@dataclass
class Corpus:
    """The entries that were read, with the name by which each is told, and what could not be read.

    `left_out` counts the entries that the expert was not sure of, `unread` the lines that could not be read; `remarks`
    tell what was set aside of entries that count.
    """

    indicators: list[tuple[str, Indicator]] = field(default_factory=list)
    goals: list[tuple[str, Goal]] = field(default_factory=list)
    left_out: int = 0
    unread: int = 0
    problems: list[Problem] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)


Labels = Mapping[str, Mapping[str, tuple[str, ...]]]


@cache
def labels() -> Labels:
    """Give the types that each label stands for, by kind of entry."""
    path = Path(__file__).with_name("labels.yaml")
    [node] = read_yaml(read_text(path, path.name), path.name)
    return {kind: {label: tuple(types) for label, types in table.items()} for kind, table in plain(node).items()}


def read_corpus(paths: Iterable[Path]) -> Corpus:
    """Read labelled files, or folders that hold them under their usual names."""
    reader = _Reader()
    seen: set[Path] = set()
    for file in (file for path in paths for file in _files(path, reader.corpus)):
        if file.resolve() in seen:
            again = Problem(str(file), "这个文件给了两次", "只读了一次", remark=True)
            reader.corpus.remarks.append(again)
        else:
            reader.file(file)
        seen.add(file.resolve())
    return reader.corpus


def _files(path: Path, corpus: Corpus) -> list[Path]:
    """Find the files that a path means."""
    try:
        names = sorted(child.name for child in path.iterdir()) if path.is_dir() else None
    except OSError as error:
        corpus.problems.append(Problem(str(path), f"读不了（{why_not(error)}）", "请检查路径和权限"))
        return []
    if names is None:
        return [path]
    found = [path / name for name in (INDICATORS, GOALS) if name in names]
    for name in names:
        near = nearest(name.partition(".")[0].lower(), [INDICATORS.partition(".")[0], GOALS.partition(".")[0]])
        if near and name not in (INDICATORS, GOALS) and f"{near}.jsonl" not in names:
            hint = f"是不是“{near}.jsonl”？请改名，或直接写出这个文件"
            corpus.remarks.append(Problem(str(path / name), "文件名不是标注文件的名字，没有读", hint, remark=True))
    if not found:
        corpus.problems.append(Problem(str(path), "文件夹里没有标注文件", f"要有 {INDICATORS} 或 {GOALS}"))
    return found


class _Reader:
    """Reads files into one corpus; knows what it has read, so that nothing counts twice."""

    def __init__(self) -> None:
        self.corpus = Corpus()
        self._numbers: dict[tuple[type[Entry], str, int], Spot] = {}
        self._contents: dict[Entry, Spot] = {}
        self._odd: dict[tuple[str, str], list[Problem]] = {}  # by file and key

    def file(self, file: Path) -> None:
        """Read one file."""
        source = str(file)
        try:
            lines = read_lines(file, source)
        except Unsplit as unsplit:
            self.corpus.problems.append(unsplit.problem)
            self.corpus.unread += unsplit.lines
            return
        for line in lines:
            spot = Spot(source, line.number)
            problems = [line.problem] if line.problem else list(self._line(line.text, spot))
            self.corpus.problems += problems
            self.corpus.unread += bool(problems)
        self._tell_odd_keys()

    def _line(self, text: str, spot: Spot) -> Iterator[Problem]:
        """Read one line into the corpus, or say what is wrong with it."""
        try:
            data = data_of(read_json(text.lstrip("\ufeff"), spot.source, spot.line))
        except Unreadable as unreadable:
            yield from unreadable.problems
            return
        if not isinstance(data, dict):
            yield spot.fault("这一行不是一条标注", "一行写一条，放在花括号里，如 {…}")
            return
        model = kind_of(data)
        try:
            entry = model.model_validate(data)
        except ValidationError as error:
            yield from (spot.fault(message, f"{hint}；{FORMAT}") for message, hint in faults_of(error, data, model))
            return
        faults = [*_unknown_labels(entry, spot), *self._twice(entry, spot)]
        yield from faults
        if not faults:
            self._keep(entry, data, spot)

    def _twice(self, entry: Entry, spot: Spot) -> Iterator[Problem]:
        """Tell an entry that was read before: the first counts."""
        first = self._contents.setdefault(entry, spot)
        if first is not spot:
            yield spot.fault(f"和 {_told(first, spot)}是同一条", "请只留一条")
            return
        if entry.n is not None:
            first = self._numbers.setdefault((type(entry), entry.form_id, entry.n), spot)
        if first is not spot:
            name = f"{short(entry.form_id)}#{entry.n}"
            yield spot.fault(f"“{name}”已经用在 {_told(first, spot)}", "同一条请只留一条；不是同一条的，n 要不同")

    def _keep(self, entry: Entry, data: Mapping[str, Any], spot: Spot) -> None:
        for key, hint in unknown_keys(data, type(entry)):
            told = spot.fault(f"不认得“{short(key)}”这一项，没有用它", hint or FORMAT, remark=True)
            self._odd.setdefault((spot.source, key), []).append(told)
        self.corpus.remarks += _odd_contents(entry, spot)
        if entry.confidence < SURE:
            self.corpus.left_out += 1
        elif isinstance(entry, Indicator):
            self.corpus.indicators.append((f"{entry.form_id}#{entry.n or spot.line}", entry))
        else:
            self.corpus.goals.append((f"{entry.form_id}@{spot.line}", entry))

    def _tell_odd_keys(self) -> None:
        """Tell each unknown key of a file once, with the number of lines that have it."""
        for first, *more in self._odd.values():
            count = f"（一共 {len(more) + 1} 行这样写）" if more else ""
            told = Problem(first.source, f"{first.message}{count}", first.hint, first.where, remark=True)
            self.corpus.remarks.append(told)
        self._odd.clear()


def _told(first: Spot, spot: Spot) -> str:
    """Name an earlier line, its file only where that is another one."""
    return f"第 {first.line} 行" if first.source == spot.source else f"{first.source} 第 {first.line} 行"


def _unknown_labels(entry: Entry, spot: Spot) -> Iterator[Problem]:
    known = list(labels()["指标"])
    given = (entry.label_issue, *entry.label_issue_other) if isinstance(entry, Indicator) else ()
    for label in given:
        if label not in known:
            hint = did_you_mean(label, known) or f"可以写 {' '.join(known)}"
            yield spot.fault(f"不认得标签“{short(label)}”，这一条没有算", hint)


def _odd_contents(entry: Entry, spot: Spot) -> Iterator[Problem]:
    """Tell what of an entry that counts is of no use as it is written."""
    if isinstance(entry, Goal):
        if (entry.budget or "").strip() and budget_of(entry) is None:
            hint = "请写成 50万元 的样子；没有的写 null"
            yield spot.fault(f"“budget”写的“{short(entry.budget or '', 20)}”不是金额，按没有预算评", hint, remark=True)
    elif entry.label_parsed and entry.label_parsed.unit and clean_unit(entry.label_parsed.unit) is None:
        hint = "请核对；照样评，规则读不出这样的单位"
        yield spot.fault(f"“label_parsed.unit”写的“{short(entry.label_parsed.unit, 20)}”不像单位", hint, remark=True)


def budget_of(goal: Goal) -> str | None:
    """Give an objective's budget as an amount; a bare number is in 万元."""
    amount = re.fullmatch(r"([0-9.]{1,12})(元|万元|亿元|万)?", (goal.budget or "").replace(",", ""))
    return f"{amount[1]}{'万元' if amount[2] in (None, '万') else amount[2]}" if amount else None
