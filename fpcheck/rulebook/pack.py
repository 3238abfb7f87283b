"""The files of a rule pack: found, read and merged, the user's own over the shipped ones."""

import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from fpcheck.document import Mapping, Node, Unreadable, read_text, read_yaml
from fpcheck.intake.printed import blank, layout
from fpcheck.problem import Place, Problem, printable
from fpcheck.rulebook import framework, rule
from fpcheck.schema import Shape
from fpcheck.terms import rules_folder

TABLES = ("sources", "parameters", "measures", "recommendations", "policy", "scorecard", "gaps", "withdrawn")
_SHAPES = (rule.__name__, framework.__name__, layout.__name__, blank.__name__)
_MODELS = [model for model in Shape.__subclasses__() if model.__module__ in _SHAPES]
RULE_KEYS = frozenset(field.alias or name for model in _MODELS for name, field in model.model_fields.items())


class File(NamedTuple):
    """One file of a pack.

    `source` is its name for messages, `layer` 0 for the shipped pack and 1 for the user's own, `kind` what it holds:
    terms, one of the tables, wordlists, templates, blanks, or rule.
    """

    source: str
    layer: int
    kind: str
    node: Node


class Unread(NamedTuple):
    """A file that is no sound YAML: its name, what it would hold, a rule's number where it can be found, the fault."""

    source: str
    kind: str
    number: str
    where: Place


@dataclass(frozen=True)
class Pack:
    """The files of a pack, sorted, with their digest, the faults met while reading them and the files skipped."""

    terms: Path
    files: list[File]
    digest: str
    problems: list[Problem] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)  # number (or file name) and name of each
    skipped_nodes: list[Node] = field(default_factory=list)  # what of them is sound YAML
    unread: list[Unread] = field(default_factory=list)
    matched: set[str] = field(default_factory=set)  # the names of `without` that were of use

    @property
    def adds_to_shipped(self) -> bool:
        """Tell a pack whose lowest layer is the shipped one."""
        return self.terms.parent == rules_folder()

    def sources(self, *, rules: bool) -> Iterator[str]:
        """Name the files, read or not, that hold a rule, or those that hold something else."""
        held: list[File | Unread] = [*self.files, *self.unread]
        return (file.source for file in held if (file.kind == "rule") is rules)

    def of(self, kind: str) -> Iterator[File]:
        """Give the files of a kind."""
        return (file for file in self.files if file.kind == kind)

    def nodes(self, kind: str) -> Iterator[tuple[str, Node]]:
        """Give the files of a kind, each as its name for messages and what it holds."""
        return ((file.source, file.node) for file in self.of(kind))


def open_pack(folders: Iterable[Path] = (), without: frozenset[str] = frozenset()) -> Pack:
    """Read a rule pack.

    Args:
        folders: the user's folders. One with its own terms.yaml is a whole pack and replaces the shipped
            rules, unless the file says 补充: 是; any other adds to them, a rule of the same 编号 taking the
            shipped one's place.
        without: rule numbers or file names left out.

    Raises:
        Unreadable: a folder that is not there.
    """
    layers = layers_of(folders)
    digest = hashlib.sha256()
    files: list[File] = []
    problems: list[Problem] = []
    skipped: list[tuple[str, str]] = []
    skipped_nodes: list[Node] = []
    unread: list[Unread] = []
    matched: set[str] = set()
    for height, layer in enumerate(layers):
        names, prefix = names_in(layer), shown(layer)
        problems += _passed_over(names, prefix)
        for name in filter(is_yaml, names):
            base = name.rpartition("/")[2]
            stem = base.rpartition(".")[0]
            source, found, number = printable(prefix + name), without & {base, stem, name}, ""
            try:
                text = read_text(layer / name, source)
                number, title = _head(text)
                found |= without & {number}
                if found:
                    skipped.append((number or stem, title))
                    matched |= found
                    skipped_nodes.append(_single(read_yaml(text, source, RULE_KEYS), source))
                    continue
                digest.update(os.fsencode(name) + f"\0{text}\0".encode())
                files.append(File(source, height, _kind(name), _single(read_yaml(text, source, RULE_KEYS), source)))
            except Unreadable as unreadable:
                if not found:
                    problems += unreadable.problems
                    unread.append(Unread(source, _kind(name), number, unreadable.problems[0].where))
    return Pack(layers[0] / "terms.yaml", files, digest.hexdigest(), problems, skipped, skipped_nodes, unread, matched)


def layers_of(folders: Iterable[Path]) -> list[Path]:
    """Give the folders that make up a pack, the lowest first; see `open_pack`.

    Raises:
        Unreadable: a folder that is not there.
    """
    layers = [rules_folder()]
    for folder in folders:
        if not folder.is_dir():
            raise Unreadable([Problem(str(folder), "没有这个规则文件夹", "请检查 --rules 后面的路径")])
        layers = [folder] if _whole(folder / "terms.yaml") else [*layers, folder]
    return layers


def _whole(terms: Path) -> bool:
    """Tell a glossary of its own from none, and from one that adds to the glossary below."""
    if not terms.is_file():
        return False
    with suppress(Unreadable):
        return not _ADDS.search(read_text(terms, str(terms)))
    return True


def names_in(layer: Path) -> list[str]:
    """List what is in a folder and below it, as paths relative to it with forward slashes, in order."""
    found: list[str] = []
    for folder, *names in os.walk(layer):
        below = Path(folder).relative_to(layer).as_posix()
        found += [name if below == "." else f"{below}/{name}" for name in chain(*names)]
    return sorted(found)


def is_yaml(name: str) -> bool:
    """Tell a file that may hold rules by its name."""
    base = name.rpartition("/")[2]
    return not base.startswith(".") and base.lower().endswith((".yaml", ".yml"))


def _kind(name: str) -> str:
    """Tell what a file holds by where it stands."""
    first, _, below = name.partition("/")
    if below:
        return first if first in ("wordlists", "templates", "blanks") else "rule"
    stem = first.rpartition(".")[0]
    return stem if stem in (*TABLES, "terms") else "rule"


def _passed_over(names: list[str], prefix: str) -> Iterator[Problem]:
    """Tell files that were meant as rules and would not be read, and a folder without any."""
    if not any(map(is_yaml, names)):
        yield Problem(prefix.rstrip("/") or ".", "文件夹里没有规则文件", "规则文件的扩展名是 .yaml")
    for name in names:
        if re.search(r"\.ya?ml\.\w+$", name.lower()):
            yield Problem(printable(prefix + name), "扩展名不对，没有读入", "请改名，以 .yaml 结尾")


def shown(layer: Path) -> str:
    """Give what stands before the names of a folder's files in messages: as little as the user's own folder allows."""
    try:
        near = layer.resolve().relative_to(Path.cwd()).as_posix()
    except (ValueError, OSError):
        return os.path.join(layer, "")  # noqa: PTH118 - the folder as it was named
    return "" if near == "." else f"{near}/"


_ADDS = re.compile(r"(?:^|[{,])[ ]*[\"']?补充[\"']?[ ]*[:：][ ]*[\"']?是(?!\w)", re.MULTILINE)
_NUMBER = re.compile(r"^编号[ ]*[:：][ ]*([A-Z]{2,4}[0-9]{3,4})[ ]*(?:#.*)?$", re.MULTILINE)
_NAME = re.compile(r"^名称[ ]*[:：][ ]*(\S.*)$", re.MULTILINE)


def _head(text: str) -> tuple[str, str]:
    """Find a rule's number and name, also in a file that cannot be read otherwise; empty where there is none."""
    number, name = _NUMBER.search(text), _NAME.search(text)
    return number[1] if number else "", name[1].strip() if number and name else ""


def _single(documents: list[Node], source: str) -> Node:
    if len(documents) == 1 and isinstance(documents[0], Mapping):
        return documents[0]
    found = "是空的" if not documents else "要写成“名称: 内容”，一个文件只写一份"
    raise Unreadable([Problem(source, f"这个文件{found}", "请对照同一文件夹里的其他文件", Place(line=1, column=1))])
