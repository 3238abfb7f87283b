"""What YAML silently makes of a text without quotes: cut at #, run together at a Chinese comma, emptied by >."""

import re

from fpcheck.problem import short

Said = tuple[str, str]  # what is wrong, and what to write instead

_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
_PAIRS = (
    ("（", "）"),
    ("(", ")"),
    ("《", "》"),
    ("“", "”"),
    ("‘", "’"),
    ("「", "」"),
    ("【", "】"),
    ("{", "}"),
    ("[", "]"),
)
_SMART = re.compile(r"[“‘「『].*[”’」』]|[“‘][^”’]*|[^“‘]*[”’]")


def trimmed(text: str) -> str:
    """Take blanks of any width and invisible characters off both ends."""
    return text.strip().strip(_INVISIBLE).strip()


def cut_by_hash(text: str, rest: str) -> Said | None:
    """Tell whether `rest`, what follows a text on its line, is more likely cut off than a comment.

    A comment has a blank after its #, and the text before it is whole.
    """
    found = re.match(r"[ \t]+(#.*)", rest)
    if not found:
        return None
    torn = text.count('"') % 2 or any(text.count(left) > text.count(right) for left, right in _PAIRS)
    if not torn and re.match(r"#+(?:\s|$)", found[1]):
        return None
    message = f"“{short(found[1], 20)}”前面有空格，会被当作注释，没有读入"
    return message, "是内容，整句加半角引号" if torn else "是内容，整句加半角引号；是注释，# 后面空一格"


def without_colon(key: str) -> Said:
    """Say what a key is that stands in { } without a colon and a value."""
    message = f"“{short(key)}”后面没有冒号和内容"
    if "：" in key:
        return message, "冒号要用半角“:”，后面空一格，如 {名称: 内容}"
    if re.search(r"\w:\S", key):
        return message, "冒号后面要空一格，如 {名称: 内容}"
    return message, "花括号里写成 {名称: 内容, 名称: 内容}；文字里有花括号、逗号的，整句加半角引号"


def one_item(text: str) -> Said | None:
    """Tell an item of [ ] that was meant as several, or whose Chinese quotes were meant as quotes."""
    if comma := re.search("[，、；]", text):
        return (
            f"“{short(text)}”会当作一项，“{comma[0]}”不分开各项",
            "各项之间用半角逗号“, ”；本来是一项的，加半角引号",
        )
    if _SMART.fullmatch(text):
        return f"{short(text)} 的中文引号会当作内容", "请去掉引号；本来就带引号的，外面再加一对半角引号"
    return None


def lone_mark(mark: str) -> Said:
    """Say what a | or > without a text below is."""
    message = f"单独一个 {mark} 表示下面另起一段文字，下面却没有"
    return message, f"要写这个符号，请写成 '{mark}'；没有内容就不写"
