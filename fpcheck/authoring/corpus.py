"""Labelled files: indicators.jsonl and goals.jsonl, one entry a line, with what an expert said of each.

What is faulty is named with file and line, and the rest is read; docs/评分.md describes the format.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from fpcheck.document import Unreadable, decode, read_text, read_yaml
from fpcheck.problem import Place, Problem, did_you_mean, why_not
from fpcheck.schema import plain

INDICATORS, GOALS = "indicators.jsonl", "goals.jsonl"
SURE = 0.6  # entries that the expert was less sure of are left out (the format's own convention)


class Parsed(BaseModel):
    """What an expert reads in a value."""

    model_config = ConfigDict(frozen=True)
    comparator: str | None = None
    number: float | None = None
    unit: str | None = None
    kind: str


class Indicator(BaseModel):
    """An indicator with its labels."""

    model_config = ConfigDict(frozen=True)
    form_id: str
    n: int | None = None
    level1: str | None = None
    level2: str | None = None
    name: str | None = None
    target_value_text: str | None = None
    actual_value_text: str | None = None
    label_measurable: Literal["yes", "partly", "no"]
    label_issue: str
    label_issue_other: tuple[str, ...] = ()
    name_value_conflict: bool = False
    label_parsed: Parsed | None = None
    confidence: float = 1


class Goal(BaseModel):
    """An objective with its labels."""

    model_config = ConfigDict(frozen=True)
    form_id: str
    project: str | None = None
    goal_text_paraphrased: str | None = None
    label: Literal["clear", "unclear"]
    only_spending: bool = False
    only_slogan: bool = False
    matches_budget: Literal["yes", "no", "unknown"] = "unknown"
    budget: str | None = None
    confidence: float = 1


@dataclass
class Corpus:
    """The entries that were read, with the name by which each is told, and what could not be read."""

    indicators: list[tuple[str, Indicator]] = field(default_factory=list)
    goals: list[tuple[str, Goal]] = field(default_factory=list)
    left_out: int = 0
    problems: list[Problem] = field(default_factory=list)


Labels = Mapping[str, Mapping[str, tuple[str, ...]]]


@cache
def labels() -> Labels:
    """Give the types that each label stands for, by kind of entry."""
    path = Path(__file__).with_name("labels.yaml")
    [node] = read_yaml(read_text(path, path.name), path.name)
    return {kind: {label: tuple(types) for label, types in table.items()} for kind, table in plain(node).items()}


def read_corpus(paths: Iterable[Path]) -> Corpus:
    """Read labelled files, or folders that hold them under their usual names."""
    corpus = Corpus()
    for path in paths:
        files = [path / name for name in (INDICATORS, GOALS) if (path / name).is_file()] if path.is_dir() else [path]
        if not files:
            hint = f"要有 {INDICATORS} 或 {GOALS}"
            corpus.problems.append(Problem(str(path), "文件夹里没有标注文件", hint))
        for file in files:
            _read(file, corpus)
    return corpus


def _read(file: Path, corpus: Corpus) -> None:
    try:
        lines = file.read_bytes().splitlines()
    except OSError as error:
        corpus.problems.append(Problem(str(file), f"读不了（{why_not(error)}）", "请检查路径"))
        return
    for number, line in enumerate(lines, 1):
        if line.strip():
            corpus.problems += _entry(line, str(file), number, corpus)


def _entry(line: bytes, source: str, number: int, corpus: Corpus) -> Iterator[Problem]:
    """Read one line into the corpus, or say what is wrong with it."""
    place = Place(line=number)
    try:
        data = json.loads(decode(line, source, number).lstrip("\ufeff"))
        goal = isinstance(data, dict) and "label_issue" not in data
        entry = (Goal if goal else Indicator).model_validate(data)
    except Unreadable as unreadable:
        yield from unreadable.problems
        return
    except ValidationError as error:
        first = error.errors()[0]
        named = ".".join(map(str, first["loc"])) or "整行"
        yield Problem(source, f"“{named}”缺少，或不是认得的内容", "请对照 docs/评分.md 的格式", place)
        return
    except (ValueError, RecursionError):
        yield Problem(source, "这一行不是 JSON", "一行写一条，名称和文字用半角双引号", place)
        return
    unknown = _unknown(entry)
    yield from (Problem(source, f"不认得标签“{label}”，这一条没有算", hint, place) for label, hint in unknown)
    if not unknown:
        _keep(entry, number, corpus)


def _keep(entry: Indicator | Goal, number: int, corpus: Corpus) -> None:
    if entry.confidence < SURE:
        corpus.left_out += 1
    elif isinstance(entry, Indicator):
        corpus.indicators.append((f"{entry.form_id}#{entry.n or number}", entry))
    else:
        corpus.goals.append((f"{entry.form_id}@{number}", entry))


def _unknown(entry: Indicator | Goal) -> list[tuple[str, str]]:
    known: dict[str, Any] = dict(labels()["指标"])
    given = (entry.label_issue, *entry.label_issue_other) if isinstance(entry, Indicator) else ()
    return [(label, did_you_mean(label, list(known))) for label in given if label not in known]
