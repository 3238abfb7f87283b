"""Files and folders → submissions. One bad file never stops the rest; nothing is dropped without a word."""

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from fpcheck.document import Mapping, Unreadable, decode
from fpcheck.intake.from_yaml import Unrecognised
from fpcheck.intake.one_file import Forms, read_file
from fpcheck.json_text import read_json
from fpcheck.problem import Problem, printable, why_not
from fpcheck.reading import not_a_submission, read_submission
from fpcheck.submission import Submission
from fpcheck.terms import PROJECT, Glossary


class Handed(NamedTuple):
    """A file that was handed in, and its name below the folder that was named."""

    path: Path
    name: str


@dataclass
class Intake:
    """What was handed in: submissions with their ids, and what could not be read."""

    submissions: list[Submission] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    files: set[str] = field(default_factory=set)  # the real paths of what was read
    sources: dict[str, "Handed"] = field(default_factory=dict)  # the files by the name that problems give them
    _taken: dict[str, str] = field(default_factory=dict)

    def add(self, submission: Submission, name: str) -> None:
        """Take a submission; of two with one id the first is kept."""
        number = submission.text("报送编号") or f"{name}#{submission.number}"
        kept = submission.model_copy(update={"id": number})
        if number in self._taken:
            message = f"报送编号“{number}”与 {self._taken[number]} 重复，这一份没有检查"
            place = submission.place(PROJECT, None, "报送编号")
            self.problems.append(Problem(submission.source, message, "一份材料一个编号", place))
            return
        self._taken[number] = f"{submission.source} 第 {submission.number} 份"
        self.submissions.append(kept)
        self.problems += [replace(problem, owner=number) for problem in submission.problems]


def read_paths(paths: Iterable[Path], forms: Forms) -> Intake:
    """Read files and folders.

    Args:
        paths: files; or folders, searched through all their subfolders.
        forms: how forms are read.
    """
    intake = Intake()
    found = [entry for path in paths for entry in _files(path, intake)]
    names = Counter(name for _, name, _ in found)
    seen: dict[str, str] = {}
    for file, relative, searched in found:
        name = relative if names[relative] == 1 else printable(file.as_posix())
        real = os.path.realpath(file)
        if real in seen:
            message = f"与 {seen[real]} 是同一个文件，只检查一次"
            intake.problems.append(Problem(printable(file), message, "同一个文件只给一次", remark=True))
            continue
        seen[real] = name
        intake.sources[printable(file)] = Handed(file, relative)
        _read_file(file, name, intake, forms, searched=searched)
    intake.files |= seen.keys()
    return intake


def _files(path: Path, intake: Intake) -> Iterator[tuple[Path, str, bool]]:
    try:
        folder = path.is_dir()
    except (OSError, ValueError):
        folder = False
    if not folder:
        yield path, printable(path.name), False
        return
    found = False
    for file in _inside(path, intake):
        found = True
        yield file, printable(file.relative_to(path).as_posix()), True
    if not found:
        intake.problems.append(Problem(printable(path), "文件夹里没有文件", "请确认选对了文件夹"))


def _inside(path: Path, intake: Intake) -> Iterator[Path]:
    """Give every file below a folder; linked folders are followed once."""
    seen = {os.path.realpath(path)}
    for root, folders, names in os.walk(path, followlinks=True, onerror=lambda error: _shut(error, intake)):
        kept = {name: os.path.realpath(Path(root) / name) for name in sorted(folders) if not name.startswith(".")}
        folders[:] = [name for name, real in kept.items() if real not in seen and not _holds(real, path)]
        seen |= set(kept.values())
        yield from (Path(root) / name for name in sorted(names) if not _is_aside(name))


def _holds(real: str, folder: Path) -> bool:
    """Whether a linked folder is one around the folder that is searched."""
    return Path(os.path.realpath(folder)).is_relative_to(real)


def _is_aside(name: str) -> bool:
    """Whether a file is one that programs leave in folders: no form, and nothing to tell of."""
    return name.startswith((".", "~$")) or name.lower() in ("thumbs.db", "desktop.ini")


def _shut(error: OSError, intake: Intake) -> None:
    """Tell a folder that could not be looked into."""
    message = f"文件夹打不开（{why_not(error)}），里面的材料没有检查"
    intake.problems.append(Problem(printable(error.filename), message, "请检查权限"))


def _read_file(file: Path, name: str, intake: Intake, forms: Forms, *, searched: bool) -> None:
    try:
        for submission in read_file(file, forms):
            intake.add(submission, name)
    except Unrecognised as unrecognised:
        message = f"未识别：{unrecognised}"
        intake.problems.append(Problem(printable(file), message, unrecognised.hint, remark=searched))
    except Unreadable as unreadable:
        intake.problems += unreadable.problems
    except Exception as error:  # noqa: BLE001 - one file, whatever is in it, never keeps the others from being read
        message = f"读这份文件时程序出错（{type(error).__name__}），其余内容没有读"
        hint = "请用 WPS 或 Office 打开，另存一份再交；还是这样，请把文件交给维护人员"
        intake.problems.append(Problem(printable(file), message, hint))


def read_lines(lines: Iterable[str | bytes], glossary: Glossary, unit: str | None = None) -> Intake:
    """Read JSON lines, one submission a line; blank lines are passed over."""
    intake = Intake()
    number = 0
    for position, line in enumerate(lines, 1):
        if not line.strip():
            continue
        number += 1
        try:
            text = line if isinstance(line, str) else decode(line, "-", position)
            node = read_json(text, "-", position)
        except Unreadable as unreadable:
            intake.problems += unreadable.problems
            continue
        if isinstance(node, Mapping):
            intake.add(Submission(**read_submission(node, glossary, "-", number, unit)), "")
        else:
            intake.problems.append(not_a_submission("-", number, node))
    if not number:
        intake.problems.append(Problem("-", "没有读到内容", "请从标准输入一行给一份 JSON"))
    return intake
