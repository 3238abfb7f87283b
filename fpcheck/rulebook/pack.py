"""The files of a rule pack: found, read and merged, the user's own over the shipped ones."""

import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from fpcheck.document import Mapping, Node, Unreadable, read_text, read_yaml
from fpcheck.problem import Place, Problem, printable
from fpcheck.rulebook.rule import Rule
from fpcheck.terms import rules_folder

TABLES = ("sources", "parameters", "measures", "recommendations", "policy")
RULE_KEYS = frozenset(field.alias or name for name, field in Rule.model_fields.items())


@dataclass(frozen=True, slots=True)
class File:
    """One file of a pack; `layer` is 0 for the shipped pack, 1 for the user's own."""

    path: Path
    relative: str
    layer: int
    node: Node

    @property
    def source(self) -> str:
        """The file's name for messages: relative to where the user stands, if that is shorter."""
        return shown(self.path)

    @property
    def kind(self) -> str:
        """What the file holds: terms, one of the tables, wordlists, templates, or rule."""
        first, *rest = Path(self.relative).parts
        if rest:
            return first if first in ("wordlists", "templates") else "rule"
        stem = Path(first).stem
        return stem if stem in (*TABLES, "terms") else "rule"


@dataclass(frozen=True)
class Pack:
    """The files of a pack, sorted, with their digest, the faults met while reading them and the files skipped."""

    terms: Path
    files: list[File]
    digest: str
    problems: list[Problem] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)  # number (or file name) and name of each
    skipped_nodes: list[Node] = field(default_factory=list)  # what of them is sound YAML
    matched: set[str] = field(default_factory=set)  # the names of `without` that were of use

    def of(self, kind: str) -> Iterator[File]:
        """Give the files of a kind."""
        return (file for file in self.files if file.kind == kind)


def open_pack(folders: Iterable[Path] = (), without: frozenset[str] = frozenset()) -> Pack:
    """Read a rule pack.

    Args:
        folders: the user's folders. One with its own terms.yaml is a whole pack and replaces the shipped
            rules; any other adds to them, a rule of the same 编号 taking the shipped one's place.
        without: rule numbers or file names left out.

    Raises:
        Unreadable: a folder that is not there.
    """
    layers = [rules_folder()]
    for folder in folders:
        if not folder.is_dir():
            raise Unreadable([Problem(str(folder), "没有这个规则文件夹", "请检查 --rules 后面的路径")])
        layers = [folder] if (folder / "terms.yaml").is_file() else [*layers, folder]
    digest = hashlib.sha256()
    files: list[File] = []
    problems: list[Problem] = []
    skipped: list[tuple[str, str]] = []
    skipped_nodes: list[Node] = []
    matched: set[str] = set()
    for height, layer in enumerate(layers):
        problems += _passed_over(layer)
        for path in _yaml_files(layer):
            relative = path.relative_to(layer).as_posix()
            if path.name.startswith("."):
                continue
            found = without & {path.name, path.stem, relative}
            try:
                text = read_text(path, shown(path))
                number, name = _head(text)
                found |= without & {number}
                if found:
                    skipped.append((number or path.stem, name))
                    matched |= found
                    skipped_nodes.append(_single(read_yaml(text, shown(path), RULE_KEYS), path))
                    continue
                digest.update(os.fsencode(relative) + f"\0{text}\0".encode())
                files.append(File(path, relative, height, _single(read_yaml(text, shown(path), RULE_KEYS), path)))
            except Unreadable as unreadable:
                problems += unreadable.problems if not found else []
    return Pack(layers[0] / "terms.yaml", files, digest.hexdigest(), problems, skipped, skipped_nodes, matched)


def _yaml_files(layer: Path) -> list[Path]:
    return sorted((p for p in layer.rglob("*") if p.suffix.lower() in (".yaml", ".yml")), key=lambda p: p.as_posix())


def _passed_over(layer: Path) -> list[Problem]:
    """Tell files that were meant as rules and would not be read, and a folder without any."""
    if not _yaml_files(layer):
        return [Problem(shown(layer), "文件夹里没有规则文件", "规则文件的扩展名是 .yaml")]
    hidden = sorted(p for p in layer.rglob("*") if re.search(r"\.ya?ml\.\w+$", p.name.lower()))
    return [Problem(shown(path), "扩展名不对，没有读入", "请改名，以 .yaml 结尾") for path in hidden]


def shown(path: Path) -> str:
    """Name a file as briefly as the user's own folder allows."""
    try:
        return printable(path.resolve().relative_to(Path.cwd()).as_posix())
    except (ValueError, OSError):
        return printable(path)


_NUMBER = re.compile(r"^编号[ ]*[:：][ ]*([A-Z]{2,4}[0-9]{3,4})[ ]*(?:#.*)?$", re.MULTILINE)
_NAME = re.compile(r"^名称[ ]*[:：][ ]*(\S.*)$", re.MULTILINE)


def _head(text: str) -> tuple[str, str]:
    """Find a rule's number and name, also in a file that cannot be read otherwise; empty where there is none."""
    number, name = _NUMBER.search(text), _NAME.search(text)
    return number[1] if number else "", name[1].strip() if number and name else ""


def _single(documents: list[Node], path: Path) -> Node:
    if len(documents) == 1 and isinstance(documents[0], Mapping):
        return documents[0]
    found = "是空的" if not documents else "要写成“名称: 内容”，一个文件只写一份"
    raise Unreadable(
        [Problem(shown(path), f"这个文件{found}", "请对照同一文件夹里的其他文件", Place(line=1, column=1))]
    )
