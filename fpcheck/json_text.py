"""JSON text → nodes: numbers stay as written, keys written twice and values JSON does not have are refused."""

import json
import re
from typing import Any, NoReturn

from fpcheck.document import MAX_DEPTH, Mapping, Node, Scalar, Sequence, Unreadable, too_deep
from fpcheck.problem import Place, Problem, short


def read_json(text: str, source: str, line: int | None = None) -> Node:
    """Read one JSON text; `line` is its line in a JSON-lines file.

    Raises:
        Unreadable: not JSON, a key written twice, NaN, or too deep.
    """
    problems: list[Problem] = []

    def pairs(found: list[tuple[str, Any]]) -> Mapping:
        entries: dict[str, Node] = {}
        for key, value in found:
            if key in entries:
                problems.append(Problem(source, f"“{short(key)}”写了两次", "请只留一个", Place(line=line)))
            entries.setdefault(key, _wrap(value, line))
        return Mapping(entries, {key: Scalar(key, line) for key in entries}, line)

    def constant(name: str) -> NoReturn:
        raise ValueError(f"JSON 里不能写 {name}")

    try:
        value = json.loads(text, object_pairs_hook=pairs, parse_float=Scalar, parse_int=Scalar, parse_constant=constant)
        node = _wrap(value, line)
    except json.JSONDecodeError as error:
        at = Place(line=line or error.lineno, column=error.colno)
        raise Unreadable([Problem(source, f"JSON 写法有误：{_in_chinese(error.msg)}", _JSON_HINT, at)]) from None
    except RecursionError:
        raise Unreadable([too_deep(source, line)]) from None
    except ValueError as error:
        raise Unreadable([Problem(source, str(error), "没有数就留空或写 null", Place(line=line))]) from None
    problems += _whole(node, text, source, line)
    if problems:
        raise Unreadable(problems)
    return node


def _whole(node: Node, text: str, source: str, line: int | None) -> list[Problem]:
    """Check what the parser lets through: depth, and halves of characters."""
    if _depth(node) > MAX_DEPTH:
        return [too_deep(source, line)]
    if re.search(r"\\u[dD][89a-fA-F]", text) and _torn(node):
        message = "文字里有半个字符（\\ud800 一类的编码不成对）"
        return [Problem(source, message, "请重新导出", Place(line=line))]
    return []


_JSON_HINT = "请检查这里的括号、逗号和引号；名称和文字用半角双引号"
_JSON_TERMS = {
    "Expecting ',' delimiter": "缺少逗号",
    "Expecting ':' delimiter": "缺少冒号",
    "Expecting property name enclosed in double quotes": "名称没有用半角双引号",
    "Illegal trailing comma before end": "最后一项后面多了逗号",
    "Expecting value": "缺少内容",
    "Unterminated string": "引号没有配对",
    "Invalid control character": "文字里有换行或控制字符",
    "Extra data": "内容结束后还有多余的文字",
    "Invalid": "反斜线的写法不对",
}


def _in_chinese(english: str) -> str:
    return next((chinese for part, chinese in _JSON_TERMS.items() if english.startswith(part)), "这里读不下去")


def _wrap(value: Any, line: int | None) -> Node:  # noqa: ANN401 - what json.loads gives
    match value:
        case Scalar(text=text):
            return Scalar(text, line)
        case Mapping():
            return value
        case list():
            return Sequence([_wrap(item, line) for item in value], line)
        case bool():
            return Scalar("true" if value else "false", line)
        case None:
            return Scalar(None, line)
        case _:
            return Scalar(str(value), line, quoted=True)


def _torn(node: Node) -> bool:
    """Tell whether a text holds half of a character."""
    if isinstance(node, Scalar):
        return bool(re.search(r"[\ud800-\udfff]", node.text or ""))
    names = "".join(node.entries) if isinstance(node, Mapping) else ""
    return bool(re.search(r"[\ud800-\udfff]", names)) or any(_torn(child) for child in _children(node))


def _depth(node: Node) -> int:
    level, depth = [node], 0
    while level:
        depth += 1
        level = [child for parent in level for child in _children(parent)]
    return depth


def _children(node: Node) -> list[Node]:
    match node:
        case Mapping(entries=entries):
            return list(entries.values())
        case Sequence(items=items):
            return items
        case _:
            return []
