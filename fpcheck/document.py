"""YAML and JSON text → nodes that keep every scalar as text and know where they stand.

Types come from our own schemas, so `no`, `12:30`, `=` and `1_000` mean what they say. The tree is built from
the parser's events with an explicit stack: deep nesting, anchors, tags and duplicate keys are refused
with a place instead of exhausting the machine.
"""

import re
from collections.abc import Collection
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from fpcheck.problem import Place, Problem, short, why_not
from fpcheck.slips import explain_slips
from fpcheck.unquoted import cut_by_hash, lone_mark, one_item, trimmed, without_colon
from fpcheck.yaml_faults import explain_fault, unclosed

MAX_BYTES = 20 * 1024 * 1024
MAX_DEPTH = 20
MAX_NODES = 1_000_000
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_BREAKS = str.maketrans("\r\x85\u2028\u2029", "\n   ")  # YAML 1.1 ends a line where no editor shows an end


class Spot(NamedTuple):
    """Where in an office file a value stands: sheet, cell and printed label; `doubt` says why it cannot be trusted."""

    sheet: str
    cell: str
    label: str = ""
    doubt: str = ""


class Scalar(NamedTuple):
    """A single value as written; `text` is None where nothing was written (empty, ~, null)."""

    text: str | None
    line: int | None = None
    column: int | None = None
    quoted: bool = False
    at: Spot | None = None


class Sequence(NamedTuple):
    """A list; `flow` tells `[a, b]` from one item a line."""

    items: list["Node"]
    line: int | None = None
    column: int | None = None
    flow: bool = False


class Mapping(NamedTuple):
    """Keys and values in the order written; `keys` holds each key's own place."""

    entries: dict[str, "Node"]
    keys: dict[str, Scalar]
    line: int | None = None
    column: int | None = None
    flow: bool = False


Node = Scalar | Sequence | Mapping


class Unreadable(Exception):  # noqa: N818 - named for what it says
    """A text that is no usable YAML or JSON; `problems` says where and why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("；".join(map(str, problems)))
        self.problems = problems


def read_text(path: Path, source: str) -> str:
    """Read a file as text (UTF-8, UTF-16 with a mark, or GB18030).

    Raises:
        Unreadable: no such file, too large, empty, binary, or in no known encoding.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _refusal(source, f"文件超过 {MAX_BYTES // 1024 // 1024} MB", "请拆成几个小文件")
        data = path.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the path
        raise _refusal(source, f"文件打不开（{why_not(error)}）", "请检查路径和权限") from None
    return decode(data, source)


def decode(data: bytes, source: str, line: int | None = None) -> str:
    """Turn bytes into text; `line` is their line where they are only a part of the input.

    Raises:
        Unreadable: empty, binary, or in no known encoding.
    """
    if not data.strip():
        raise _refusal(source, "文件是空的", "请确认选对了文件")
    encodings = ["utf-16"] if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text.replace("\r\n", "\n").replace("\r", "\n")
    message = "这一行不是文本，或编码不是 UTF-8、GB18030" if line else "不是文本文件，或编码不是 UTF-8、GB18030"
    raise Unreadable([Problem(source, message, "请另存为 UTF-8 文本", Place(line=line))])


def read_yaml(text: str, source: str, keys: Collection[str] = ()) -> list[Node]:
    """Read every document of a YAML text; `keys` are the names whose slips are worth explaining.

    A slip is told rather than the parser's own words, which speak of its consequences.

    Raises:
        Unreadable: with every slip found before parsing, or the first fault of the parser.
    """
    text = text.replace("\r\n", "\n").translate(_BREAKS)
    builder = _Builder(source, text.split("\n"))
    fault = None
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.feed(event)
    except yaml.YAMLError as error:
        fault = explain_fault(error, source, builder.lines)
    quoted = builder.quoted_lines
    told = explain_slips(builder.lines, source, keys, parsed=not (fault or builder.problems))
    slips = [slip for slip in told if slip.where.line not in quoted]
    follows = fault and fault.where.line in builder.shaken
    problems = slips or [*builder.problems, *([fault] if fault and not follows else [])]
    if problems:
        raise Unreadable(problems)
    return builder.documents


class _Builder:
    """Builds nodes from parser events with its own stack."""

    def __init__(self, source: str, lines: list[str]) -> None:
        self.source = source
        self.lines = lines
        self.documents: list[Node] = []
        self.problems: list[Problem] = []
        self.quoted_lines: set[int] = set()  # lines that only go on with a quoted text
        self._stack: list[tuple[Node, list[Scalar]]] = []  # an open container, and a mapping's waiting key
        self._nodes = 0
        self._rest = ""  # what follows the last text on its line
        self.shaken: set[int] = set()  # lines on which the parser's faults only follow from a problem

    def feed(self, event: Any) -> None:  # noqa: ANN401 - PyYAML's events carry no common typed base
        match event:
            case yaml.ScalarEvent():
                self._checked(event)
                self._scalar(event)
            case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                self._add(self._stack.pop()[0])
            case yaml.SequenceStartEvent():
                self._checked(event)
                self._open(Sequence([], *_at(event), flow=bool(event.flow_style)))
            case yaml.MappingStartEvent():
                self._checked(event)
                self._open(Mapping({}, {}, *_at(event), flow=bool(event.flow_style)))
            case yaml.AliasEvent():
                self._note(event, "不能用 * 引用别处的内容", "请把内容原样再写一遍；文字以 * 开头要加双引号")
                self._add(Scalar("", *_at(event)))

    def _scalar(self, event: Any) -> None:  # noqa: ANN401
        before, self._rest = self._rest, self._after(event)
        plain = not event.style  # libyaml gives "", the pure parser None
        if plain:
            self._look_at(event, before)
        else:
            self._look_at_quoted(event)
        if event.style in ("|", ">") and not event.value.strip():
            self._note(event, *lone_mark(event.style))
        text = trimmed(event.value) if plain else event.value
        self._add(Scalar(None if plain and text in _NULLS else text, *_at(event), quoted=not plain))

    def _look_at(self, event: Any, before: str) -> None:  # noqa: ANN401
        """Note what YAML silently makes of a text without quotes; `before` is what followed the one before."""
        if "#" in self._rest and (said := cut_by_hash(event.value, self._rest)):
            line, column = _end(event)
            self._note(Scalar(None, line, column + self._rest.index("#")), *said)
        parent, waiting = self._stack[-1] if self._stack else (None, [])
        if isinstance(parent, Sequence) and parent.flow and (said := one_item(event.value)):
            self._note(event, *said)
        keyed = isinstance(parent, Mapping) and parent.flow and waiting and not event.value
        if keyed and not before.lstrip().startswith(":"):
            self._note(waiting[-1], *without_colon(waiting[-1].text or ""))

    def _look_at_quoted(self, event: Any) -> None:  # noqa: ANN401
        """Note a quote whose other half is the first half of another, lines below."""
        first, last = _at(event)[0], _end(event)[0]
        self.quoted_lines.update(range(first + 1, last + 1))
        if last > first and event.style in "\"'" and re.match(r"\s*[^\s#:,\]}]", self._rest):
            self._note(event, "引号没有配对", unclosed(event.style, self.lines[first - 1][_at(event)[1] :]))
            self.shaken.add(last)

    def _after(self, event: Any) -> str:  # noqa: ANN401
        mark = event.end_mark
        return self.lines[mark.line][mark.column :] if mark.line < len(self.lines) else ""

    def _open(self, node: Node) -> None:
        if len(self._stack) >= MAX_DEPTH:
            raise Unreadable([too_deep(self.source, node.line, node.column)])
        self._stack.append((node, []))

    def _add(self, node: Node) -> None:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise _refusal(self.source, f"内容超过 {MAX_NODES} 项", "请拆成几个小文件")
        if not self._stack:
            self.documents.append(node)
            return
        parent, waiting = self._stack[-1]
        if isinstance(parent, Sequence):
            parent.items.append(node)
        elif isinstance(parent, Mapping) and waiting:
            self._pair(parent, waiting.pop(), node)
        else:
            waiting.append(self._key(node))

    def _key(self, node: Node) -> Scalar:
        if isinstance(node, Scalar):
            return node
        self._note(node, "冒号左边只能是一个名称", "文字里有 { } [ ] 时要加双引号")
        return Scalar("", node.line, node.column)

    def _pair(self, parent: Mapping, key: Scalar, node: Node) -> None:
        name = key.text or ""
        if name in parent.entries:
            first = parent.keys[name].line
            self._note(key, f"“{short(name)}”写了两次（第一次在第 {first} 行）", "请只留一个")
            return
        parent.entries[name] = node
        parent.keys[name] = key

    def _checked(self, event: Any) -> None:  # noqa: ANN401
        if event.anchor is not None:
            self._note(event, f"不能用 &{short(event.anchor)} 做记号", "文字以 & 开头要加双引号")
        if event.tag is not None:
            self._note(event, f"不能用 {short(event.tag)} 标记类型", "文字以 ! 开头要加双引号")

    def _note(self, at: Any, message: str, hint: str) -> None:  # noqa: ANN401
        line, column = _at(at) if hasattr(at, "start_mark") else (at.line, at.column)
        self.problems.append(Problem(self.source, message, hint, Place(line=line, column=column)))
        self.shaken.update((line or 0, (line or 0) + 1))


def _at(event: Any) -> tuple[int, int]:  # noqa: ANN401
    mark = event.start_mark
    return mark.line + 1, mark.column + 1


def _end(event: Any) -> tuple[int, int]:  # noqa: ANN401
    return event.end_mark.line + 1, event.end_mark.column + 1


def too_deep(source: str, line: int | None, column: int | None = None) -> Problem:
    """Say that a text nests too deeply."""
    return Problem(source, f"嵌套超过 {MAX_DEPTH} 层", "请检查缩进和括号", Place(line=line, column=column))


def _refusal(source: str, message: str, hint: str) -> Unreadable:
    return Unreadable([Problem(source, message, hint)])
