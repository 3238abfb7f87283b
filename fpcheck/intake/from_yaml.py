"""YAML, JSON and JSON-lines files → submissions, told apart by content."""

import re
from collections.abc import Iterator
from pathlib import Path

from fpcheck.document import Mapping, Node, Scalar, Sequence, Unreadable, read_text, read_yaml
from fpcheck.json_text import read_json
from fpcheck.problem import Problem, printable
from fpcheck.reading import every_name, known_names, looks_like_submission, not_a_submission, read_submission
from fpcheck.submission import Submission
from fpcheck.terms import Glossary


class Unrecognised(Exception):  # noqa: N818 - named for what it says
    """A file that is no form; `hint` says what would be one."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def read_text_form(path: Path, glossary: Glossary, unit: str | None = None) -> Iterator[Submission]:
    """Read every submission of a file.

    Raises:
        Unreadable: a form, or a part of one, that cannot be read; what can be read is given first.
        Unrecognised: no form at all.
    """
    source = printable(path)
    try:
        text = read_text(path, source)
    except Unreadable as unreadable:
        if not path.is_file() or "不是文本" not in str(unreadable) or _mentions(_lenient(path), glossary):
            raise
        raise Unrecognised("不是填报材料", "请交 Excel 或 Word 里的填报表") from None
    nodes, faults = _nodes(text, source, every_name(glossary))
    known = any(looks_like_submission(node, glossary) for _, node in nodes)
    if not known and _mentions(_lenient(path), glossary) and not faults:
        faults = [Problem(source, "像是填报材料，但有坏字节或编码混杂，读不出字段", "请另存为 UTF-8 文本")]
    if not known and not (faults and _mentions(text + _lenient(path), glossary)):
        raise Unrecognised("没有一个字段是填报材料的字段", _HINT)
    for number, node in nodes:
        if isinstance(node, Mapping):
            yield Submission(**read_submission(node, glossary, source, number, unit))
        else:
            faults.append(not_a_submission(source, number, node))
    if faults:
        raise Unreadable(faults)


_HINT = "填报材料要有“项目名称: …”“年度: …”这样的字段，一行写一个"


Numbered = list[tuple[int, Node]]


def _nodes(text: str, source: str, names: frozenset[str]) -> tuple[Numbered, list[Problem]]:
    """Give a file's submissions with their numbers, and what could not be read."""
    try:
        if text.lstrip()[:1] in ("{", "["):
            return _json_nodes(text, source)
        documents = read_yaml(text, source, names)
    except Unreadable as unreadable:
        return [], unreadable.problems
    stated = [node for node in documents if not (isinstance(node, Scalar) and node.text is None)]
    found = [item for node in stated for item in (node.items if isinstance(node, Sequence) else [node])]
    return list(enumerate(found, 1)), []


def _json_nodes(text: str, source: str) -> tuple[Numbered, list[Problem]]:
    try:
        whole = read_json(text, source)
    except Unreadable:
        lines = [(place, line) for place, line in enumerate(text.split("\n"), 1) if line.strip()]
        if len(lines) < 2 or not all(line.lstrip().startswith("{") for _, line in lines):  # noqa: PLR2004 - JSON lines
            raise
        return _json_lines(lines, source)
    return list(enumerate(whole.items if isinstance(whole, Sequence) else [whole], 1)), []


def _json_lines(lines: list[tuple[int, str]], source: str) -> tuple[Numbered, list[Problem]]:
    nodes: Numbered = []
    faults: list[Problem] = []
    for number, (place, line) in enumerate(lines, 1):
        try:
            nodes.append((number, read_json(line, source, place)))
        except Unreadable as unreadable:
            faults += unreadable.problems
    return nodes, faults


def _lenient(path: Path) -> str:
    """Read what can be read of a file that is no sound text, to tell a damaged form from a picture."""
    return path.read_bytes()[:200_000].decode("utf-8", "ignore").replace("\0", "")


def _mentions(text: str, glossary: Glossary) -> bool:
    """Tell a broken form from any other text: a line of it, or a key of JSON, begins with a field's name."""
    names = "|".join(re.escape(name) for name in known_names(glossary))
    plain = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text[:200_000])
    line = rf"^[ \t\u3000{{\[\-\"']{{0,40}}(?:{names})[\"']?[ \u3000]*[:：]"
    key = rf"[{{,]\s{{0,40}}\"(?:{names})\"\s{{0,40}}:"
    return bool(re.search(f"{line}|{key}", plain, re.MULTILINE))


_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
