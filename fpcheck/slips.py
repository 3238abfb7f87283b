"""Slips of a Chinese keyboard and of YAML's own symbols, explained before the parser trips on them."""

import re
from collections.abc import Collection, Iterator

from fpcheck.problem import Place, Problem, short

_KEY = r"^(?P<indent>\s*(?:-\s+)?)(?P<key>[\w（）]{1,20})"
_BLOCK = re.compile(r"[:\-]\s+[|>][+\-0-9]{0,2}\s*(?:#.*)?$")
_VALUE = re.compile(r"^\s*(?:-\s+)?(?:[\w（）]{1,40}\s*:\s+)?(?P<value>\S.*)$")
_SYMBOLS = ">@`%*&!"
_CLOSING = {'"': '"', "'": "'", "[": "]", "{": "}"}


def explain_slips(text: str, source: str, keys: Collection[str]) -> Iterator[Problem]:
    """Explain the slips of a Chinese keyboard and of YAML's own symbols, before the parser trips on them."""
    block: int | None = None
    for number, line in enumerate(text.splitlines(), 1):
        indent = len(line) - len(line.lstrip(" "))
        if block is not None and (indent > block or not line.strip()):
            continue
        block = indent if _BLOCK.search(line) else None
        found = None if line.lstrip().startswith("#") else _slip(line, keys)
        if found:
            column, message, hint = found
            yield Problem(source, message, hint, Place(line=number, column=column))


def _slip(line: str, keys: Collection[str]) -> tuple[int, str, str] | None:
    lead = re.match(r"^[ ]*[\u3000\u00a0\t]", line)
    if lead and line.strip():
        return lead.end(), "行首缩进用了全角空格或制表符", "请改成半角空格"
    colon = re.match(_KEY + r"\s*：", line)
    if colon and colon["key"] in keys:
        return colon.end(), "冒号要用半角“:”", f"请写成“{colon['key']}: ”，冒号后面空一格"
    tight = re.match(_KEY + r":(?=[^ \t:/])", line)
    if tight and tight["key"] in keys:
        return tight.end() + 1, f"“{tight['key']}:”后面要空一格", f"请写成“{tight['key']}: …”"
    flow = re.match(r"^(适用|条件|除非):\s*\[(?P<inner>.*[\[\"“].*)\]\s*$", line)
    if flow and flow[1] in keys:
        hint = f"请改成：\n{flow[1]}:\n  - {flow['inner']}"
        return flow.start("inner"), f"“{flow[1]}”要一行写一句，不能写在方括号里", hint
    dash = re.match(r"^\s*-(?=[^\s\-\d])", line)
    if dash:
        return dash.end(), "“-”后面要空一格", f"请写成“- {short(line.strip()[1:], 20)}”"
    return _odd_start(line)


def _odd_start(line: str) -> tuple[int, str, str] | None:
    found = _VALUE.match(line)
    if not found:
        return None
    value, column = found["value"], found.start("value") + 1
    first = value[0]
    quote_all = "整句用单引号括起来，如 '…'"
    if first in _SYMBOLS and not re.match(r"^>[+\-0-9]{0,2}\s*(#.*)?$", value):
        return column, f"这一项以 {first} 开头，YAML 另有含义", quote_all
    end = _CLOSING.get(first)
    if end is None:
        return None
    rest = value[value.rfind(end) + 1 :] if first in "[{" else re.sub(_QUOTED[first], "", value, count=1)
    if rest.strip() and rest != value and not re.match(r"^\s*(#|:|,|[\]}])", rest):
        return column, f"这一项以 {first} 开头，后面还有文字，YAML 读不了", quote_all
    return None


_QUOTED = {'"': r'^"(?:[^"\\]|\\.)*"', "'": r"^'(?:[^']|'')*'"}
