"""What is wrong with a text that is no expression, in the words of its author."""

import re
import unicodedata
from typing import Any

from lark import UnexpectedInput
from lark.exceptions import UnexpectedToken

from fpcheck.problem import short

QUOTED = re.compile(r"\"[^\"\n]*\"|“[^”\n]*”|‘[^’\n]*’|'[^'\n]*'")


class Malformed(ValueError):  # noqa: N818 - named for what it says
    """A text that is no expression; `column` counts from 1 in it."""

    def __init__(self, message: str, hint: str, column: int) -> None:
        super().__init__(message)
        self.hint = hint
        self.column = column


_TERMINALS = {
    "_OR": "或", "_AND": "且", "BLANK": "为空", "CONTAINS": "含有", "MATCH": "匹配", "MEMBER": "属于",
    "_BETWEEN": "介于", "_WITH": "与", "COMPARE": "比较符号（< ≤ > ≥ = ≠）", "ADD": "加减号",
    "MUL": "乘除号", "_LEFT": "左括号",
    "_RIGHT": "右括号", "_CLOSE": "]", "_COMMA": "逗号", "NAME": "名称", "NUMBER": "数", "TEXT": "引号里的文字",
    "$END": "结束",
}  # fmt: skip


_SPOKEN = {
    "小于": "<",
    "低于": "<",
    "大于": ">",
    "高于": ">",
    "超过": ">",
    "等于": "=",
    "不等于": "≠",
    **dict.fromkeys(("不低于", "不少于", "不小于", "大于等于"), "≥"),
    **dict.fromkeys(("不超过", "不高于", "不大于", "小于等于"), "≤"),
    "并且": "且",
    "and": "且",
    "或者": "或",
    "or": "或",
    "包含": "含有",
    "不包含": "不含",
    "是空": "为空",
    "和": "与",
    "not": "非",
    "in": "属于",
    "不是空": "不为空",
    "非空": "不为空",
}


_SYMBOLS = {
    **dict.fromkeys("【〔｛", "[ 或 ("),
    **dict.fromkeys("】〕｝", "] 或 )"),
    "：": "=",
    "；": "且",
}
_SPACED = "如 得分 > 0 且 分值 > 0"


_RUN = re.compile(
    r"[<>=!≤≥≠≦≧＜＞＝！﹤﹥〈〉《》&|＆｜∧∨¬∈∉](?:[ \u3000]*[<>=!≤≥≠≦≧＜＞＝！﹤﹥〈〉《》&|＆｜∧∨¬∈∉])*"
)
_ANGLES = str.maketrans("〈《〉》", "<<>>")
_SIGNS = {
    **dict.fromkeys(("<>", "><", "!=", "=!"), "≠"),
    **dict.fromkeys(("<=", "=<", "≤", "≤=", "<=="), "≤"),
    **dict.fromkeys((">=", "=>", "≥", "≥=", ">=="), "≥"),
    **dict.fromkeys(("≦", "=≦"), "≤"),
    **dict.fromkeys(("≧", "=≧"), "≥"),
    **dict.fromkeys(("&", "&&", "∧"), "且"),
    **dict.fromkeys(("|", "||", "∨"), "或"),
    "!": "≠ 或 非",
    "¬": "非",
    **dict.fromkeys(("<", "<<"), "<"),
    **dict.fromkeys((">", ">>"), ">"),
    **dict.fromkeys(("==", "==="), "="),
    "∈": "属于",
    "∉": "不属于",
}
_RIGHT_SIGNS = frozenset(("<=", ">=", "!=", *"<>=≤≥≠＜＞＝"))


def _sign(text: str, column: int) -> Malformed | None:
    """Find a sign that the language writes otherwise: <>, ＜＝, &&; `column` is where the fault was noticed."""
    for run in _RUN.finditer(QUOTED.sub(lambda quoted: "x" * len(quoted[0]), text)):
        plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", run[0].translate(_ANGLES)))
        if run.start() < column <= run.end() and plain in _SIGNS and run[0] not in _RIGHT_SIGNS:
            return Malformed(f"没有“{run[0]}”这个写法", f"请写成 {_SIGNS[plain]}", run.start() + 1)
    return None


def malformed(text: str, error: UnexpectedInput) -> Malformed:
    """Say what is wrong with a text that the grammar does not take, where, and what would fit."""
    column = error.column if error.column > 0 else len(text) + 1
    if sign := _sign(text, column):
        return sign
    if isinstance(error, UnexpectedToken):
        return _misplaced(text, error, column)
    return _unread(text[column - 1 :], column)


def _unread(rest: str, column: int) -> Malformed:
    """Say what is wrong with a text that begins with no word of the language."""
    if rest[:1].isdigit():
        return _no_figure(rest, column)
    if rest[:1] in "\"'“”":
        return Malformed("引号没有配对", "请补上另一半引号", column)
    if rest[:1] == "。":
        return Malformed("句末不写句号", "请删去", column)
    if unicodedata.category(rest[:1] or "x") in ("Zs", "Zl", "Zp", "Cf", "Cc"):
        return Malformed("这里有看不见的空格或字符", "请删去，改用半角空格", column)
    hint = f"请检查符号，或许要写 {_SYMBOLS[rest[0]]}" if rest[:1] in _SYMBOLS else "请检查符号"
    return Malformed(f"认不出“{short(rest[:1], 12)}”", hint, column)


def _no_figure(rest: str, column: int) -> Malformed:
    short_unit = re.match(r"[0-9.]{1,20}[万亿](?!元)", rest)
    if glued := re.match(r"[0-9.]{1,20}[%％]?(且|或)", rest):
        return Malformed(f"“{glued[1]}”前后要空一格", _SPACED, column + glued.start(1))
    hint = f"金额要写“元”，如 {short_unit[0]}元" if short_unit else "写法：95%、50万元、2023-12-31；其他单位不写"
    return Malformed(f"“{short(rest, 12)}”不是数，也不是日期", hint, column)


def _misplaced(text: str, error: UnexpectedToken, column: int) -> Malformed:
    word = str(error.token)
    if error.token.type == "$END":
        return Malformed("表达式没有写完", _expected(error.expected), len(text) + 1)
    if glued := re.search(r"\w(且|或)\w", QUOTED.sub(lambda quoted: " " * len(quoted[0]), text)):
        return Malformed(f"“{glued[1]}”前后要空一格", _SPACED, glued.start(1) + 1)
    if error.token.type == "COMPARE" and re.search("[<>=≠≤≥＜＞＝]", text[: column - 1]):
        return Malformed("一句里只能比较一次", "区间请写“x 介于 甲 与 乙”，或用“且”连成两句", column)
    if error.token.type == "_COMMA":
        figure = text[column - 2 : column - 1].isdigit() and text[column : column + 1].isdigit()
        hint = "数里不写逗号，如 1000元" if figure else "两句话请分两项写，或用“且”连接"
        return Malformed("这里不该有逗号", hint, column)
    before = re.search(r"([A-Za-z]{2,3})\s+$", text[: column - 1])
    if before and before[1].lower() in _SPOKEN:
        word, column = before[1], before.start() + 1
    spoken = _SPOKEN.get(word.lower())
    hint = f"“{word}”请写成 {spoken}" if spoken else _expected(error.expected)
    return Malformed(f"这里不该是“{short(word, 20)}”", hint, column)


def _expected(expected: Any) -> str:  # noqa: ANN401 - a set of terminal names
    names = [label for terminal, label in _TERMINALS.items() if terminal in set(expected)]
    return f"这里可以写：{'、'.join(names)}" if names else ""
