"""A file of JSON lines → its lines as text, in whatever encoding; what cannot be read is named line by line."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from fpcheck.document import MAX_BYTES
from fpcheck.problem import Place, Problem, why_not

LONGEST = 200_000  # characters of a line
COMMON = 0.8  # share of common characters from which GB18030 is believed
_SAVE = "请另存为 UTF-8 文本"


class Line(NamedTuple):
    """One line that is not blank; `problem` says why it has no text."""

    number: int
    text: str
    problem: Problem | None = None


class Unsplit(Exception):  # noqa: N818 - named for what it says
    """A file that cannot be read line by line; `lines` counts those that are lost with it."""

    def __init__(self, source: str, message: str, hint: str, lines: int = 0) -> None:
        super().__init__(message)
        self.problem = Problem(source, message, hint)
        self.lines = lines


def read_lines(file: Path, source: str) -> list[Line]:
    """Read a file's lines, blank ones left aside.

    Raises:
        Unsplit: it cannot be opened, is empty, too large, in an unknown encoding, or no JSON lines at all.
    """
    try:
        size, data = file.stat().st_size, b""
        if size <= MAX_BYTES:
            data = file.read_bytes()
    except (OSError, ValueError) as error:
        raise Unsplit(source, f"读不了（{why_not(error)}）", "请检查路径和权限") from None
    if size > MAX_BYTES:
        raise Unsplit(source, f"文件超过 {MAX_BYTES // 1024 // 1024} MB", "请拆成几个小文件")
    lines = list(_decoded(data, source))
    if not lines:
        raise Unsplit(source, "文件是空的，一条标注也没有", "请确认选对了文件；一行写一条")
    _refuse_other_layouts(lines, source)
    return lines


def _decoded(data: bytes, source: str) -> Iterator[Line]:
    raw = [(number, line) for number, line in enumerate(_utf8(data, source).splitlines(), 1) if line.strip()]
    encoding = _encoding([line for _, line in raw], source)
    for number, line in raw:
        try:
            text = line.decode(encoding)
        except UnicodeDecodeError:
            message = f"这一行的编码和别的行不同，或有坏字节（别的行是 {encoding.upper()}）"
            yield Line(number, "", Problem(source, message, _SAVE, Place(line=number)))
            continue
        if len(text) > LONGEST:
            message = f"这一行有 {len(text)} 字，超过 {LONGEST} 字"
            yield Line(number, "", Problem(source, message, "一行只写一条，文字只写要点", Place(line=number)))
        else:
            yield Line(number, text)


def _utf8(data: bytes, source: str) -> bytes:
    """Take a mark off, and bring UTF-16 to UTF-8.

    Raises:
        Unsplit: it is UTF-16 without a mark or not whole, or no text.
    """
    if data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        if b"\0" in data:
            raise Unsplit(source, "不是文本文件，或是没有记号的 UTF-16 编码", _SAVE, _wide_lines(data))
        return data.removeprefix(b"\xef\xbb\xbf")
    try:
        return data.decode("utf-16").encode()
    except UnicodeError:
        raise Unsplit(source, "有 UTF-16 的记号，内容却读不出", _SAVE, _wide_lines(data)) from None


def _wide_lines(data: bytes) -> int:
    """Count the lines of UTF-16, as far as they can be told."""
    return data.rstrip(b"\0\r\n").count(b"\n\0") + 1


def _encoding(lines: list[bytes], source: str) -> str:
    """Tell the encoding of a whole file, so that one bad line is not read as something else.

    Raises:
        Unsplit: it is Big5, or no text.
    """
    beyond = [line for line in lines if not line.isascii()]
    utf8 = sum(_fits(line, "utf-8") for line in beyond)
    if not beyond or utf8 * 2 > len(beyond):
        return "utf-8"
    read = [line for line in beyond if _fits(line, "gb18030")]
    if len(read) * 2 > len(beyond) and _common("".join(line.decode("gb18030") for line in read)) >= COMMON:
        return "gb18030"
    if sum(_fits(line, "big5") for line in beyond) * 2 > len(beyond):
        raise Unsplit(source, "像是 Big5（繁体）编码，没有读", _SAVE, len(lines))
    raise Unsplit(source, "不是文本文件，或编码不是 UTF-8、GB18030", _SAVE, len(lines))


def _fits(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _common(text: str) -> float:
    """Give the share of characters beyond ASCII that GB 2312 has: text read in the wrong encoding has few."""
    beyond = [char for char in text if not char.isascii()]
    return sum(bool(char.encode("gb2312", "ignore")) for char in beyond) / len(beyond)


def _refuse_other_layouts(lines: list[Line], source: str) -> None:
    """Tell JSON that is not written one entry a line, once for the file.

    Raises:
        Unsplit: a list, or entries over several lines.
    """
    first, last = lines[0].text.strip(), lines[-1].text.strip()
    if first.startswith("[") and last.endswith("]"):
        hint = "请改成一行一条：去掉外面的方括号和行尾的逗号"
        raise Unsplit(source, "这是一个 JSON 列表，不是一行一条", hint, _listed(lines))
    if first == "{" and last == "}":
        raise Unsplit(source, "一条标注分成了几行", "请把一条写在一行里", sum(line.text[:1] == "{" for line in lines))


def _listed(lines: list[Line]) -> int:
    """Count the entries of a list, the lines where it cannot be read."""
    try:
        return len(json.loads("\n".join(line.text for line in lines)))
    except (ValueError, RecursionError):
        return len(lines)
