"""Texts and attributes as XML; nothing that a user wrote can become markup, a formula or a broken file."""

import re
from html import unescape

MOST_TEXT = 32_000  # characters; Excel takes 32,767 in a cell
_CUT = "……（以下略）"
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LOOKS_CODED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")  # Excel reads _x0041_ as A
_ATTRIBUTE = re.compile(rb"""\s+([^\s=<>/"']+)\s*=\s*("[^"]*"|'[^']*')""")
_NAME = re.compile(rb"<([^\s<>/]+)")


def plain(text: str) -> str:
    """A text of which nothing is refused by XML or Excel: without control characters, cut where it is too long."""
    kept = _NO_XML.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return kept if len(kept) <= MOST_TEXT else kept[: MOST_TEXT - len(_CUT)] + _CUT


def xml(text: str) -> str:
    """A text to stand between tags or in an attribute."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return escaped.replace('"', "&quot;")


def cell_text(text: str) -> str:
    """A text to stand in a cell or a comment of a workbook."""
    return _LOOKS_CODED.sub("_x005F_", xml(plain(text)))


def attributes(tag: bytes) -> dict[str, str]:
    """The attributes of a start tag by their names as written."""
    return {name.decode(): unescape(value[1:-1].decode()) for name, value in _ATTRIBUTE.findall(tag)}


def with_attribute(tag: bytes, name: str, value: str) -> bytes:
    """The start tag with one attribute set; all its other bytes stay."""
    written = f'"{xml(value)}"'.encode()
    for found in _ATTRIBUTE.finditer(tag):
        if found[1] == name.encode():
            return tag[: found.start(2)] + written + tag[found.end(2) :]
    end = _NAME.match(tag)
    at = end.end() if end else 0
    return tag[:at] + b" " + name.encode() + b"=" + written + tag[at:]


def without_attribute(tag: bytes, name: str) -> bytes:
    """The start tag without one attribute."""
    for found in _ATTRIBUTE.finditer(tag):
        if found[1] == name.encode():
            return tag[: found.start()] + tag[found.end() :]
    return tag


def prefix(tag: bytes) -> str:
    """The prefix of an element's name with its colon, as written; empty where there is none."""
    found = _NAME.match(tag)
    before, colon, _ = (found[1] if found else b"").partition(b":")
    return f"{before.decode()}:" if colon else ""
