"""The parser's faults in the words of those who write: what is wrong on which line, and what to write instead."""

import re
from collections.abc import Iterator, Sequence

import yaml

from fpcheck.problem import Place, Problem

_TERMS = (
    (
        "mapping values are not allowed",
        "冒号的位置不对",
        "一行写一个“名称: 内容”，同层左对齐；内容里有“: ”要加引号",
    ),
    (
        "could not find expected ':'",
        "这一行缺少冒号",
        "请写成“名称: 内容”；接着上一行写的文字要往里缩两格",
    ),
    ("did not find expected key", "缩进没有对齐，或引号没有配对", "同一层的名称要左对齐"),
    ("expected <block end>", "缩进没有对齐，或引号没有配对", "同一层的名称要左对齐"),
    ("did not find expected '-' indicator", "缩进没有对齐，或缺少“- ”", "同一列表的“- ”要左对齐"),
    ("did not find expected node content", "多了逗号，或缺了内容", "没有内容的不写，或写 ''"),
    ("found unexpected ':'", "冒号的位置不对", "冒号后面空一格"),
    ("alphabetic or numeric character", "文字以 * 或 & 开头", "请把这段文字加上引号"),
    ("sequence entries are not allowed", "“- ”的位置不对", "列表另起一行写，前面加“- ”"),
    ("mapping keys are not allowed", "名称的位置不对", "同一层的名称要左对齐"),
    ("unknown escape character", "双引号里的反斜线 \\ 有特殊含义", "请改用单引号，或写两个反斜线"),
    ("control characters", "含有看不见的控制字符", "请删去后重新录入"),
    ("special characters", "含有看不见的控制字符", "请删去后重新录入"),
    ("cannot start any token", "这一项以特殊符号开头", "请把整句加上引号"),
)
_KEY = r"\s*(?:-\s+)?[^\s:：,，{}\[\]\"'“”]{1,20}"
_SHAPES = (
    (re.compile(rf"{_KEY}[ \u3000]*(：)"), "冒号要用半角“:”", "请写成“名称: 内容”，冒号后面空一格"),
    (re.compile(rf"{_KEY}:()[^\s:/]"), "冒号后面要空一格", "请写成“名称: 内容”"),
    (re.compile(r".*?[:\-：]\s+([｛［【〔])"), "括号要用半角的 { } 或 [ ]", "请改成半角，里面的冒号、逗号也用半角"),
    (re.compile(r".*?[{\[].*?(，)\s*[\w（）]{1,20}\s*[:：]"), "逗号要用半角“,”", "各项之间写“, ”；文字里的逗号不用改"),
    (re.compile(r".*?[{\[].*([｝］】〕])\s*$"), "括号要用半角的 { } 或 [ ]", "两个半边都用半角"),
    (re.compile(r".*?[:\-]\s+([“‘]).*: "), "中文引号不起引号的作用", "整句改用半角引号，如 '…'"),
)


def explain_fault(error: yaml.YAMLError, source: str, lines: Sequence[str]) -> Problem:
    """Say what a fault of the parser means; `lines` are the text's."""
    mark, context = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    words = next(((message, hint) for part, message, hint in _TERMS if part in str(error)), _UNKNOWN)
    if mark is None:
        return Problem(source, *words)
    if "unexpected end of stream" in str(error) and context:
        return _unclosed_quote(source, context.line, context.column, _line(lines, context.line))
    forgotten = "could not find expected ':'" in str(error)  # the parser notices it on a later line
    at = context if forgotten and context else mark
    for number, column, message, hint in _seen(lines, dict.fromkeys((at.line, mark.line, mark.line - 1))):
        return Problem(source, message, hint, Place(line=number + 1, column=column + 1))
    if "expected ',' or" in str(error) and context:
        bracket = _line(lines, context.line)[context.column : context.column + 1] or "{"
        message = f"{bracket} 没有配对，或里面的逗号、引号不对"
        hint = "请补上另一半；文字里有括号、逗号的，整句加半角引号"
        return Problem(source, message, hint, Place(line=context.line + 1, column=context.column + 1))
    if "mapping values are not allowed" in str(error) and (title := _title(lines, mark.line)) is not None:
        hint = "请写成“名称: 内容”；标题一类的说明，前面加 # 和空格"
        return Problem(source, "这一行缺少冒号", hint, Place(line=title + 1, column=1))
    return Problem(source, *words, Place(line=at.line + 1, column=at.column + 1))


_LOOK = "请检查这一行和上一行的冒号、引号、括号和缩进"
_UNKNOWN = ("这里的写法不对，YAML 读不了", _LOOK)


def _line(lines: Sequence[str], number: int) -> str:
    return lines[number] if 0 <= number < len(lines) else ""


def _seen(lines: Sequence[str], numbers: dict[int, None]) -> Iterator[tuple[int, int, str, str]]:
    """Find the slips that a faulty line, or the one before it, shows."""
    for number in numbers:
        line = _line(lines, number)
        for shape, message, hint in () if line.lstrip().startswith("#") else _SHAPES:
            if found := shape.match(line):
                yield number, found.start(1), message, hint


def _unclosed_quote(source: str, number: int, column: int, line: str) -> Problem:
    hint = unclosed(line[column : column + 1], line[column:])
    return Problem(source, "引号没有配对", hint, Place(line=number + 1, column=column + 1))


def unclosed(quote: str, text: str) -> str:
    """Say how to close a quote; `text` is what follows it on its line."""
    smart = "；中文引号“ ”不能当作另一半" if re.search("[”’]", text) else ""
    return f"请在这段文字的末尾补上 {quote}{smart}"


def _title(lines: Sequence[str], number: int) -> int | None:
    """Find a line without a colon right before one that is not indented."""
    before = [n for n in range(number) if _line(lines, n).strip() and not _line(lines, n).lstrip().startswith("#")]
    last = before[-1] if before else None
    plain = last is not None and re.match(r"[^\s\-][^:]*$", _line(lines, last))
    return last if plain and not _line(lines, number).startswith(" ") else None
