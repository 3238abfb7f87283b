"""YAML and JSON text → nodes that keep every scalar as text and know where they stand.

Types come from our own schemas, so `no`, `12:30`, `=` and `1_000` mean what they say. The tree is built from
the parser's events with an explicit stack: deep nesting, anchors, tags and duplicate keys are refused
with a place instead of exhausting the machine.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from fpcheck.problem import Place, Problem, short, why_not
from fpcheck.slips import explain_slips

MAX_BYTES = 20 * 1024 * 1024
MAX_DEPTH = 20
MAX_NODES = 1_000_000
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value as written; `text` is None where nothing was written (empty, ~, null)."""

    text: str | None
    line: int | None = None
    column: int | None = None
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list; `flow` tells `[a, b]` from one item a line."""

    items: list["Node"]
    line: int | None = None
    column: int | None = None
    flow: bool = False


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys and values in the order written; `keys` holds each key's own place."""

    entries: dict[str, "Node"]
    line: int | None = None
    column: int | None = None
    keys: dict[str, Scalar] = field(default_factory=dict)
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
            return text
    message = "这一行不是文本，或编码不是 UTF-8、GB18030" if line else "不是文本文件，或编码不是 UTF-8、GB18030"
    raise Unreadable([Problem(source, message, "请另存为 UTF-8 文本", Place(line=line))])


def read_yaml(text: str, source: str, keys: Collection[str] = ()) -> list[Node]:
    """Read every document of a YAML text; `keys` are the names whose slips are worth explaining.

    A slip is told rather than the parser's own words, which speak of its consequences.

    Raises:
        Unreadable: with every slip found before parsing, or the first fault of the parser.
    """
    builder = _Builder(source)
    fault = None
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.feed(event)
    except yaml.YAMLError as error:
        fault = _yaml_problem(error, source)
    quoted = builder.quoted_lines
    slips = [slip for slip in explain_slips(text, source, keys) if slip.where.line not in quoted]
    problems = slips or [*builder.problems, *([fault] if fault else [])]
    if problems:
        raise Unreadable(problems)
    return builder.documents


class _Builder:
    """Builds nodes from parser events with its own stack."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.documents: list[Node] = []
        self.problems: list[Problem] = []
        self.quoted_lines: set[int] = set()  # lines that only go on with a quoted text
        self._stack: list[tuple[Node, list[Scalar]]] = []  # an open container, and a mapping's waiting key
        self._nodes = 0

    def feed(self, event: Any) -> None:  # noqa: ANN401 - PyYAML's events carry no common typed base
        match event:
            case yaml.AliasEvent():
                self._note(event, "不能用 * 引用别处的内容", "请把内容原样再写一遍；文字以 * 开头要加双引号")
                self._add(Scalar("", *_at(event)))
            case yaml.ScalarEvent():
                self._checked(event)
                plain = not event.style  # libyaml gives "", the pure parser None
                if not plain:
                    self.quoted_lines.update(range(_at(event)[0] + 1, _end(event) + 1))
                text = None if plain and event.value in _NULLS else event.value
                self._add(Scalar(text, *_at(event), quoted=not plain))
            case yaml.SequenceStartEvent():
                self._checked(event)
                self._open(Sequence([], *_at(event), flow=bool(event.flow_style)))
            case yaml.MappingStartEvent():
                self._checked(event)
                self._open(Mapping({}, *_at(event), flow=bool(event.flow_style)))
            case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                node, _ = self._stack.pop()
                self._add(node)

    def _open(self, node: Node) -> None:
        if len(self._stack) >= MAX_DEPTH:
            raise Unreadable([too_deep(self.source, node.line)])
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


def _at(event: Any) -> tuple[int, int]:  # noqa: ANN401
    return event.start_mark.line + 1, event.start_mark.column + 1


def _end(event: Any) -> int:  # noqa: ANN401
    return int(event.end_mark.line) + 1


_YAML_TERMS = (
    (
        "mapping values are not allowed",
        "冒号的位置不对",
        "一行写一个“名称: 内容”，同层左对齐；内容里有“: ”要加引号",
    ),
    ("could not find expected ':'", "这一行缺少冒号", "请写成“名称: 内容”"),
    ("did not find expected key", "缩进没有对齐，或引号没有配对", "同一层的名称要左对齐"),
    ("did not find expected '-' indicator", "缩进没有对齐，或缺少“- ”", "同一列表的“- ”要左对齐"),
    ("unexpected end of stream", "引号没有配对", "请补上另一半引号"),
    ("did not find expected ',' or", "方括号或花括号没有配对", "文字里有括号时整句加引号"),
    ("did not find expected node content", "多了逗号，或缺了内容", "没有内容的不写，或写 ''"),
    ("found unexpected ':'", "冒号的位置不对", "冒号后面空一格"),
    ("alphabetic or numeric character", "文字以 * 或 & 开头", "请把这段文字加上引号"),
    ("block sequence entries are not allowed", "“- ”的位置不对", "列表另起一行写，前面加“- ”"),
    ("mapping keys are not allowed", "名称的位置不对", "同一层的名称要左对齐"),
    ("unknown escape character", "双引号里的反斜线 \\ 有特殊含义", "请改用单引号，或写两个反斜线"),
    ("control characters", "含有看不见的控制字符", "请删去后重新录入"),
    ("cannot start any token", "这一项以特殊符号开头", "请把整句加上引号"),
)


def _yaml_problem(error: yaml.YAMLError, source: str) -> Problem:
    forgotten = "could not find expected ':'" in str(error)  # the parser notices it on a later line
    mark = getattr(error, "context_mark" if forgotten else "problem_mark", None)
    at = Place(line=mark.line + 1, column=mark.column + 1) if mark else Place()
    for part, message, hint in _YAML_TERMS:
        if part in str(error):
            return Problem(source, message, hint, at)
    return Problem(source, "这里的写法不对，YAML 读不了", "请检查这一行和上一行的冒号、引号、括号和缩进", at)


def too_deep(source: str, line: int | None) -> Problem:
    """Say that a text nests too deeply."""
    return Problem(source, f"嵌套超过 {MAX_DEPTH} 层", "请检查缩进和括号", Place(line=line))


def _refusal(source: str, message: str, hint: str) -> Unreadable:
    return Unreadable([Problem(source, message, hint)])
