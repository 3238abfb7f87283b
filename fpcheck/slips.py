"""Slips of a Chinese keyboard and of YAML's own symbols, explained before the parser trips on them."""

import re
from collections.abc import Collection, Iterator, Sequence

from fpcheck.problem import Place, Problem, short

_KEY = r"^(?P<indent>\s*(?:-\s+)?)(?P<key>[\w（）]{1,20})"
_BLOCK = re.compile(r"[:\-]\s+[|>][+\-0-9]{0,2}\s*(?:#.*)?$")
_VALUE = re.compile(r"^[ \t]*(?:-[ \t]+)?(?:[\w（）]{1,40}[ \t]*:[ \t]+)?(?P<value>\S.*)$")
_SYMBOLS = ">@`%*&!"
_CLOSING = {'"': '"', "'": "'", "[": "]", "{": "}"}
_LEAD = re.compile(r"^[ ]*[\u3000\u00a0\t]")
_COLON = re.compile(_KEY + r"\s*：")
_TIGHT = re.compile(_KEY + r":(?=[^ \t:/])")
_FLOW = re.compile(r"^(适用|条件|除非):\s*\[(?P<inner>.*[\[\"“].*)\]\s*$")
_DASH = re.compile(r"^\s*-(?=[^\s\-\d])")


def explain_slips(
    lines: Sequence[str], source: str, keys: Collection[str], *, parsed: bool = False
) -> Iterator[Problem]:
    """Explain the slips of a Chinese keyboard and of YAML's own symbols.

    Args:
        lines: the text's lines.
        source: the file as the user named it.
        keys: the names whose slips are worth explaining.
        parsed: the parser took the text, so that what it would have tripped on is none.
    """
    block: int | None = None
    before = ""
    for number, line in enumerate(lines, 1):
        indent = len(line) - len(line.lstrip(" "))
        if block is not None and (indent > block or not line.strip()):
            continue
        block = indent if _BLOCK.search(line) else None
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        found = _slip(line, keys) or _mark(line, before) or (None if parsed else _odd_value(line))
        before = line
        if found:
            column, message, hint = found
            yield Problem(source, message, hint, Place(line=number, column=column))


def _slip(line: str, keys: Collection[str]) -> tuple[int, str, str] | None:
    lead = _LEAD.match(line)
    if lead:
        return lead.end(), "行首缩进用了全角空格或制表符", "请改成半角空格"
    colon = _COLON.match(line)
    if colon and colon["key"] in keys:
        return colon.end(), "冒号要用半角“:”", f"请写成“{colon['key']}: ”，冒号后面空一格"
    tight = _TIGHT.match(line)
    if tight and tight["key"] in keys:
        return tight.end() + 1, f"“{tight['key']}:”后面要空一格", f"请写成“{tight['key']}: …”"
    flow = _FLOW.match(line)
    if flow and flow[1] in keys:
        hint = f"请改成：\n{flow[1]}:\n  - {flow['inner']}"
        return flow.start("inner"), f"“{flow[1]}”要一行写一句，不能写在方括号里", hint
    if line.startswith("%"):
        return 1, "这一行以 % 开头，YAML 当作指令", "请删去；标题一类的说明，前面加 # 和空格"
    return None


_ITEM = re.compile(r"^ *-\s")
_OPENING = re.compile(r":\s*(?:#.*)?$")


def _mark(line: str, before: str) -> tuple[int, str, str] | None:
    """Find a list's mark that is none: without a blank, with a wide one, or another dash or bullet."""
    text = line.strip()
    dash = _DASH.match(line)
    if dash:
        return dash.end(), "“-”后面要空一格", f"请写成“- {short(text[1:], 20)}”"
    wide = re.match(r"^\s*-[\t\u3000\u00a0]", line)
    if wide:
        return wide.end(), "“-”后面的空格要用半角", f"请写成“- {short(text[1:].strip(), 20)}”"
    other = re.match(r"^ *([－–—‐‑‒―−﹣•●·○◆■▪])\1*", line)
    if other and (_OPENING.search(before) or _ITEM.match(before) or _dashed(before)):
        hint = f"请写成“- {short(text.lstrip(other[1]).strip(), 20)}”；这里是一段文字的，整段加引号"
        return other.start(1) + 1, f"列表每项前面要用半角“-”，不是“{other[1]}”", hint
    return None


def _dashed(line: str) -> bool:
    return bool(re.match(r"^ *[－–—‐‑‒―−﹣•●·○◆■▪]", line))


def _odd_value(line: str) -> tuple[int, str, str] | None:
    """Find a value that begins with a sign of YAML's, or text behind a closing quote or bracket."""
    found = _VALUE.match(line)
    if not found:
        return None
    value, column = found["value"], found.start("value") + 1
    first = value[0]
    if first in _SYMBOLS and not re.match(r"^>[+\-0-9]{0,2}\s*(#.*)?$", value):
        return column, f"这一项以 {first} 开头，YAML 另有含义", _QUOTE_ALL
    end = _CLOSING.get(first)
    if end is None:
        return None
    rest = value[value.rfind(end) + 1 :] if first in "[{" else re.sub(_QUOTED[first], "", value, count=1)
    if rest.strip() and rest != value and not re.match(r"^\s*(#|:|,|[\]}])", rest):
        return column, f"这一项以 {first} 开头，后面还有文字，YAML 读不了", _QUOTE_ALL
    return None


_QUOTE_ALL = "整句用单引号括起来，如 '…'"
_QUOTED = {'"': r'^"(?:[^"\\]|\\.)*"', "'": r"^'(?:[^']|'')*'"}
