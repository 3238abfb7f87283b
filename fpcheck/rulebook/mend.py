"""A rule whose shape is faulty, mended for looking inside: its expressions may be faulty as well."""

from typing import Any

from pydantic import ValidationError

from fpcheck.document import Node
from fpcheck.rulebook.rule import Rule
from fpcheck.schema import plain

_NEUTRAL: dict[str, Any] = {
    "编号": "ZZ999",
    "名称": "（名称有误）",
    "类型": "faulty",
    "类别": "报送",
    "级别": "提示",
    "把握": "低",
    "依据": [{"无": "无"}],
    "生效": "2100-01-01",
    "对象": "项目",
    "条件": ["是 = 是"],
    "问题": "（问题有误）",
    "整改": "（整改有误）",
}


def mended(node: Node) -> Rule | None:
    """Give the rule with neutral values for its faulty keys; None when that is not enough."""
    data = plain(node)
    if not isinstance(data, dict):
        return None
    try:
        return Rule.model_validate(data)
    except ValidationError as error:
        faulty = {str(detail["loc"][0]) for detail in error.errors() if detail["loc"]}
    kept = {key: value for key, value in data.items() if key not in faulty}
    neutral = {key: value for key, value in _NEUTRAL.items() if key in faulty}
    try:
        rule = Rule.model_validate({**neutral, **kept})
    except ValidationError:
        return None
    blank = {"basis": ()} if "依据" not in kept else {}
    return rule.model_copy(update=blank | ({"id": ""} if "编号" not in kept else {}))
