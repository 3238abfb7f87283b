"""XML parts of office files, parsed as they stream by: no DTD, no entity, nothing that nests or runs on without end."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar
from xml.parsers import expat

from fpcheck.problem import short

MAX_DEPTH = 200  # of elements in one another
MAX_ELEMENTS = 5_000_000  # of a part, that nobody asked for
MAX_TAG = 4 * 1024 * 1024  # bytes of one tag with its attributes
ENCODINGS = frozenset({"utf-8", "utf-16", "utf-16le", "utf-16be", "us-ascii", "iso-8859-1"})  # that the parser knows
MAX_TEXT_PIECES = 64  # of at most 8 KB: the longest text of one element

_T = TypeVar("_T")
_Start = Callable[[dict[str, str]], None]
_End = Callable[[], None]
_Ended = Callable[[str], None]
Refuse = Callable[..., None]  # what is wrong, and (optionally) what to do


@dataclass(frozen=True)
class Handlers:
    """What to call for the elements of some namespaces, by their local names.

    `starts` get the attributes (those with a namespace as "uri name"), `ends` nothing, `texts` the whole text of an
    element without children; an element stands either in `texts` or in the others.
    """

    namespaces: tuple[str, ...]
    starts: Mapping[str, Callable[[dict[str, str]], None]] = field(default_factory=dict)
    texts: Mapping[str, Callable[[str], None]] = field(default_factory=dict)
    ends: Mapping[str, Callable[[], None]] = field(default_factory=dict)


class Parsing:
    """One run of the XML parser over one part.

    `refuse` is told what is wrong with the part, and what to do where that is known; it raises.
    """

    def __init__(self, handlers: Handlers, refuse: Refuse) -> None:
        self._refuse = refuse
        self._pieces: list[str] = []
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.XmlDeclHandler = self._declared
        listened = dict.fromkeys(handlers.texts, self._listen)
        starts = _qualified(handlers.namespaces, {**handlers.starts, **listened})
        delivered: dict[str, _End] = {name: partial(self._deliver, heard) for name, heard in handlers.texts.items()}
        ends = _qualified(handlers.namespaces, {**handlers.ends, **delivered})
        self._parser.StartElementHandler, self._parser.EndElementHandler = self._calling(starts, ends)

    def run(self, chunks: Iterable[bytes]) -> None:
        """Parse the part, given piece by piece; what `chunks` and the handlers raise passes through."""
        parser, fed = self._parser, 0
        try:
            for chunk in chunks:
                parser.Parse(chunk, False)  # noqa: FBT003 - not the last one
                fed += len(chunk)
                if fed - parser.CurrentByteIndex > MAX_TAG:
                    self._refuse("有一处内容过长，没有读")
            parser.Parse(b"", True)  # noqa: FBT003
        except expat.ExpatError as error:
            self._refuse(f"已损坏，第 {error.lineno} 行读不下去")
        finally:  # the parser and this object hold one another
            parser.StartElementHandler = parser.EndElementHandler = None
            parser.StartDoctypeDeclHandler = parser.CharacterDataHandler = parser.XmlDeclHandler = None

    def _calling(self, starts: dict[str, _Start], ends: dict[str, _End]) -> tuple[Callable[..., None], _Ended]:
        """What the parser calls for each element; local names, as this is where the time goes."""
        depth = unasked = 0
        started, ended = starts.get, ends.get

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal depth, unasked
            depth += 1
            if handler := started(name):
                handler(attributes)
            else:
                unasked += 1
            if depth > MAX_DEPTH or unasked > MAX_ELEMENTS:
                self._refuse("嵌套过深或内容过多，没有读")

        def end(name: str) -> None:
            nonlocal depth
            depth -= 1
            if handler := ended(name):
                handler()

        return start, end

    def _listen(self, _: dict[str, str]) -> None:
        self._pieces.clear()
        self._parser.CharacterDataHandler = self._hear

    def _hear(self, text: str) -> None:
        if len(self._pieces) >= MAX_TEXT_PIECES:
            self._refuse("有一段文字过长，没有读", "一格最多 32767 字，请把长文字分开写")
        self._pieces.append(text)

    def _deliver(self, heard: Callable[[str], None]) -> None:
        self._parser.CharacterDataHandler = None
        heard("".join(self._pieces))

    def _declared(self, _: str, encoding: str | None, __: int) -> None:
        if encoding is not None and encoding.lower() not in ENCODINGS:
            self._refuse(f"写明的文字编码“{short(encoding)}”读不了")

    def _doctype(self, *_: object) -> None:
        hint = "Excel、Word 和 WPS 不会这样保存；请核对来源，或用它们打开，另存一份再交"
        self._refuse("含有 DTD（实体声明），可能夹带外部内容，没有读", hint)


def _qualified(namespaces: tuple[str, ...], handlers: Mapping[str, _T]) -> dict[str, _T]:
    return {f"{space} {name}": handler for space in namespaces for name, handler in handlers.items()}
