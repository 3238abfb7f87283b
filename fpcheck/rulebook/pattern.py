"""The regular expressions that rules may use: read alike by Python and Rust, and bounded in time.

Python's own parser reads the pattern; anything outside the subset is refused with what to write instead.
Without unbounded repeats, and with the ways to split a text among the bounded ones limited, the work is
linear in the length of the text.
"""

import re
import re._constants as sre  # type: ignore[import-not-found] # the parser's nodes; no public module has them
import re._parser as sre_parser  # type: ignore[import-not-found]
import unicodedata
from collections.abc import Iterator
from typing import Any

MAX_REPEAT = 100
MAX_WAYS = 1000


class BadPattern(ValueError):  # noqa: N818 - named for what it says
    """A pattern outside the subset; `hint` says what to write."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


_ESCAPES = re.compile(r"\\(?P<what>[^\\.+*?()|\[\]{}^$&~#,:;=!%/@'\"_`-])", re.DOTALL)
_BRACES = re.compile(r"\{[0-9]{1,6}(,[0-9]{0,6})?\}|\\.|\[\^?\]?(?:[^\]\\]|\\.)*\]", re.DOTALL)
_SETS = re.compile(r"(?<!\\)\[\^?\]?(?:[^\]\\]|\\.)*?(?:\[|&&|--|~~|\|\|)")
_GROUPS = re.compile(r"\(\?(?!:)")


def normal_pattern(text: str) -> str:
    """Bring a pattern to the form of the texts it searches (NFKC); a sign that becomes special stays a plain sign."""
    folded = ((char, unicodedata.normalize("NFKC", char)) for char in text)
    return "".join(char if char == plain else re.escape(plain) for char, plain in folded)


def check_pattern(text: str) -> None:
    """Check a pattern.

    Raises:
        BadPattern: it does not parse, or uses what the subset leaves out.
    """
    escape = _ESCAPES.search(text.replace("\\\\", ""))
    if escape:
        raise BadPattern(f"不能用 \\{escape['what']}", "各种程序的理解不同；数字请写 [0-9]，空白请写空格")
    if re.search(r"[{}]", _BRACES.sub("", text)):
        raise BadPattern("花括号只能写成 {m}、{m,n}", "要找花括号本身，前面加反斜线")
    if _GROUPS.search(_BRACES.sub(".", text)):
        raise BadPattern("不能用 (?…) 这类写法", "分组请写 (?:…) 或 (…)")
    if _SETS.search(text):
        raise BadPattern("方括号里不能再写 [ 或 && -- ~~ ||", "各种程序的理解不同；要找这些符号时前面加反斜线")
    try:
        tree = sre_parser.parse(text)
    except (re.error, OverflowError, RecursionError) as error:
        position = getattr(error, "pos", None)
        where = f"，在第 {position + 1} 个字附近" if position is not None else ""
        raise BadPattern(f"正则写法有误{where}", "括号要配对，符号本身前面加反斜线") from None
    if not len(tree):
        raise BadPattern("正则是空的", "请写要找的文字")
    if _ways(tree) > MAX_WAYS:
        raise BadPattern("可伸缩的部分太多，检查会变慢", "请减少 {m,n} 和 ? 的个数或范围")


def _ways(tree: Any) -> int:  # noqa: ANN401 - the parser's own nodes
    """Count, as a bound, in how many ways a text can be split among the pattern's parts."""
    ways = 1
    for op, arg in tree:
        if op in (sre.MAX_REPEAT, sre.MIN_REPEAT):
            ways *= _repeat(*arg)
        elif op is sre.BRANCH:
            ways *= sum(_ways(branch) for branch in arg[1])
        elif op is sre.SUBPATTERN:
            ways *= _ways(arg[-1])
        elif op not in (sre.LITERAL, sre.NOT_LITERAL, sre.IN, sre.ANY, sre.AT):
            raise BadPattern(f"不能用 {str(op).lower()} 这类写法", "只用文字、[…]、(…|…)、{m,n}、?、^、$")
        if ways > MAX_WAYS:
            return ways
    return ways


def _repeat(low: int, high: Any, inner: Any) -> int:  # noqa: ANN401
    if high is sre.MAXREPEAT:
        raise BadPattern("不能用不限次数的 * + {m,}", "请写上限，如 [0-9]{1,20}、.{0,30}")
    if high > MAX_REPEAT:
        raise BadPattern(f"重复次数超过 {MAX_REPEAT}", "请减小 {m,n} 的上限")
    if any(op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.BRANCH) for op, _ in _flat(inner)):
        return int(_ways(inner) ** high) if high <= 3 else MAX_WAYS + 1  # noqa: PLR2004 - a few repeats of a choice
    return int(high) - low + 1


def _flat(tree: Any) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401
    for op, arg in tree:
        yield op, arg
        if op is sre.SUBPATTERN:
            yield from _flat(arg[-1])
        elif op is sre.BRANCH:
            for branch in arg[1]:
                yield from _flat(branch)
