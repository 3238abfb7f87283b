"""The figures of a finding, each by a name that people read."""

import re

from fpcheck.finding import Figure, Finding

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_AGGREGATE = re.compile(r"(?P<function>[^().,]+)\((?P<of>[^(),]+)\)")
_READ = {
    "个数": "{}的条数",
    "个数不同": "{}有几种",
    "合计": "{}合计",
    "平均": "{}平均",
    "最大": "最大的{}",
    "最小": "最小的{}",
}
_SCOPES = {"项目": "{}", "参数": "{}（界限）", "上年": "上年的{}"}


def figures(item: Finding) -> str:
    """List the figures that decided; what has no short name, or is shown by another already, is left to the JSON."""
    shown: dict[str, str] = {}
    for key, figure in item.evidence.items():
        name = readable(key)
        repeated = "(" in key and figure.text in shown.values()
        if name and _is_figure(figure) and not repeated:
            shown.setdefault(name, figure.text)
    return "，".join(f"{name} {text}" for name, text in shown.items())


def readable(key: str) -> str | None:
    """Read the name of a figure out; None for an expression that has no short reading."""
    scope, _, name = key.partition(".")
    if name and scope in _SCOPES and "(" not in key:
        return _SCOPES[scope].format(name)
    if found := _AGGREGATE.fullmatch(key):
        form = _READ.get(found["function"])
        return form.format(found["of"].replace(".", "的")) if form else None
    return None if "(" in key else key


def _is_figure(figure: Figure) -> bool:
    """Tell an amount, rate, count or date from a text, which the message quotes already."""
    return figure.value is not None and (figure.value != figure.text or _NUMBER.fullmatch(figure.value) is not None)
