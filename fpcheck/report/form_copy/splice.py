"""XML parts as bytes with places in them: what is inserted or replaced changes, every other byte stays."""

import re
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from xml.parsers import expat

from fpcheck.document import Unreadable
from fpcheck.problem import Problem, short
from fpcheck.report.form_copy import markup

_TAG = re.compile(rb"""<(?:[^"'>]|"[^"]*"|'[^']*')*+>""")
DAMAGED = "请用 WPS 或 Office 打开它，另存一份再查"


@dataclass(slots=True)
class Element:
    """Where an element stands: `start` to `opened` is its start tag, `closing` to `end` its end tag.

    Of one without an end tag `opened`, `closing` and `end` are the same. `text` is all that stands directly in it.
    """

    name: str
    space: str
    given: dict[str, str]
    start: int
    opened: int
    closing: int = 0
    end: int = 0
    text: str = ""
    children: list["Element"] = field(default_factory=list)

    def all(self, name: str) -> "list[Element]":
        """The children of a name."""
        return [child for child in self.children if child.name == name]

    def first(self, name: str) -> "Element | None":
        """The first child of a name."""
        return next((child for child in self.children if child.name == name), None)

    def under(self, name: str) -> "list[Element]":
        """Everything of a name inside, in order."""
        found = []
        for child in self.children:
            found += [child] if child.name == name else []
            found += child.under(name)
        return found


def utf8(data: bytes) -> bytes:
    """The part in UTF-8; only a part in UTF-16 is changed."""
    if data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        return data
    text = data.decode("utf-16")
    return (text.partition("?>")[2] if text.startswith("<?xml") else text).encode()


def tag_end(data: bytes, start: int) -> int:
    """Where the start tag that begins at `start` ends; quoted values may hold >."""
    found = _TAG.match(data, start)
    return found.end() if found else len(data)


def outline(data: bytes, source: str, part: str, depth: int = 99, names: frozenset[str] | None = None) -> Element:
    """The elements of a part down to a depth, the root being 0; of those with `names` where these are given.

    What is left out hands its children on to the element around it.

    Raises:
        Unreadable: no XML, or with a DTD.
    """
    return _Outline(data, depth, names).run(source, part)


class _Outline:
    def __init__(self, data: bytes, depth: int, names: frozenset[str] | None) -> None:
        self.data = data
        self.depth = depth
        self.names = names
        self.open: list[Element | None] = []
        self.kept: list[Element] = []
        self.root: Element | None = None
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = _no_doctype

    def run(self, source: str, part: str) -> Element:
        parse(self.parser, self.data, source, part)
        self.parser.StartElementHandler = self.parser.EndElementHandler = self.parser.CharacterDataHandler = None
        if self.root is None:
            raise damaged(source, part)
        return self.root

    def _start(self, name: str, given: dict[str, str]) -> None:
        space, _, local = name.rpartition(" ")
        left_out = self.names is not None and local not in self.names and self.open
        if len(self.open) > self.depth or left_out:
            self.open.append(None)
            return
        start = self.parser.CurrentByteIndex
        element = Element(local, space, given, start, tag_end(self.data, start))
        if self.kept:
            self.kept[-1].children.append(element)
        self.root = self.root or element
        self.open.append(element)
        self.kept.append(element)

    def _end(self, _: str) -> None:
        element = self.open.pop()
        if element:
            self.kept.pop()
            element.closing, element.end = closed(self.data, element.opened, self.parser.CurrentByteIndex)

    def _text(self, text: str) -> None:
        if self.open and self.open[-1]:
            self.open[-1].text += text


def closed(data: bytes, opened: int, at: int) -> tuple[int, int]:
    """Where an element's end tag begins and ends; `at` is where the parser saw its end."""
    empty = data[opened - 2 : opened] == b"/>"
    return (opened, opened) if empty else (at, data.index(b">", at) + 1)


def parse(parser: expat.XMLParserType, data: bytes, source: str, part: str) -> None:
    """Run a parser over a whole part.

    Raises:
        Unreadable: no XML, or with a DTD.
    """
    try:
        parser.Parse(data, True)  # noqa: FBT003 - the last piece
    except (expat.ExpatError, LookupError, ValueError):  # LookupError: an encoding that nobody knows
        raise damaged(source, part) from None


def _no_doctype(*_: object) -> None:
    raise ValueError


def damaged(source: str, part: str = "") -> Unreadable:
    """Say that a part, or the whole, cannot be patched."""
    what = f"文件里的 {short(part)} 有损坏" if part else "文件里有不合规范的内容"
    return Unreadable([Problem(source, f"{what}，写不进批注", DAMAGED)])


@contextmanager
def sound(source: str) -> Iterator[None]:
    """Take what is read within for well-formed, and refuse the file where a number or a name in it is none.

    Raises:
        Unreadable: it is not.
    """
    try:
        yield
    except (ValueError, LookupError, StopIteration, struct.error):
        raise damaged(source) from None


class Splice:
    """Changes to a part, each at its place; those at one place stand in the order in which they were asked for."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._edits: list[tuple[int, int, bytes]] = []

    def replace(self, start: int, end: int, new: bytes) -> None:
        """Write something in place of the bytes from `start` to `end`."""
        self._edits.append((start, end, new))

    def insert(self, at: int, new: bytes) -> None:
        """Write something at a place."""
        self._edits.append((at, at, new))

    def tag(self, element: Element, name: str, value: str) -> None:
        """Set an attribute of an element; only one of an element can be set."""
        old = self.data[element.start : element.opened]
        self.replace(element.start, element.opened, markup.with_attribute(old, name, value))

    def append(self, element: Element, new: bytes, name: str = "", value: str = "") -> None:
        """Write something at the end of an element, opening one that has no end tag, and set one attribute."""
        tag = self.data[element.start : element.opened]
        changed = markup.with_attribute(tag, name, value) if name else tag
        if element.end == element.opened:
            ending = f"</{_full_name(tag)}>".encode()
            self.replace(element.start, element.end, changed[:-2].rstrip() + b">" + new + ending)
            return
        if changed != tag:
            self.replace(element.start, element.opened, changed)
        self.insert(element.closing, new)

    def remove(self, element: Element) -> None:
        """Take an element out."""
        self.replace(element.start, element.end, b"")

    def done(self) -> bytes:
        """The part with all changes."""
        pieces, at = [], 0
        for start, end, new in sorted(self._edits, key=lambda edit: edit[:2]):
            if start < at:  # within what was replaced
                continue
            pieces += [self.data[at:start], new]
            at = end
        return b"".join([*pieces, self.data[at:]])


def _full_name(tag: bytes) -> str:
    name = tag[1:].split(None, 1)[0]
    return name.rstrip(b"/>").decode()


def place_for(parent: Element, name: str, order: tuple[str, ...]) -> int:
    """Where a new child belongs by the schema's order: behind the last one that comes before it."""
    before = set(order[: order.index(name)])
    ends = [child.end for child in parent.children if child.name in before]
    return max(ends, default=parent.opened)
