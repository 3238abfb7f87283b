"""The shape of a model as an editor of YAML sees it: JSON Schema draft-07 with Chinese hover texts and faults.

An editor takes `2023` for a number and `true` for a truth where fpcheck reads text, and knows the keywords
`patternErrorMessage`, `errorMessage` and `enumDescriptions` of the YAML language server.
"""

from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import core_schema

from fpcheck.rulebook.framework import POINTS

Json = dict[str, Any]
DRAFT = "http://json-schema.org/draft-07/schema#"
TEXT: Json = {
    "type": ["string", "number"],
    "errorMessage": "这里要写一段文字；文字里有 { }、[ ] 或“: ”时，整句加引号",
}
FILLED: Json = {"pattern": ".", "patternErrorMessage": "这里不能空着"}
NAMED = "这里要写“名称: 内容”"
LISTED = "这里要写列表，一行一项，前面加“- ”"
DAY = r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"


def shape_of(kind: Any) -> Json:  # noqa: ANN401 - a model, or a type built of models
    """Describe a model, or a mapping of names to models; every reference is written out."""
    found: Json = TypeAdapter(kind).json_schema(by_alias=True, schema_generator=_EditorSchema)
    whole: Json = _inlined(found, found.pop("$defs", {}))
    return whole


def _inlined(node: Any, definitions: Json) -> Any:  # noqa: ANN401 - any part of a schema
    """Write references out: draft-07 passes over what stands beside one."""
    if isinstance(node, list):
        return [_inlined(item, definitions) for item in node]
    if not isinstance(node, dict):
        return node
    whole = {key: _inlined(value, definitions) for key, value in node.items() if key != "$ref"}
    if "$ref" not in node:
        return whole
    return {**_inlined(definitions[node["$ref"].rpartition("/")[2]], definitions), **whole}


class _EditorSchema(GenerateJsonSchema):
    """Pydantic's own schema, in the words and with the types of an editor of YAML."""

    def str_schema(self, schema: core_schema.StringSchema) -> Json:
        found = super().str_schema(schema)
        if "pattern" in found:
            return found
        return TEXT | (FILLED if "minLength" in found else {})

    def date_schema(self, schema: core_schema.DateSchema) -> Json:  # noqa: ARG002 - no bounds are used
        wrong = "要写成 2023-12-31 的样子"
        return {"type": "string", "pattern": DAY, "patternErrorMessage": wrong, "errorMessage": wrong}

    def int_schema(self, schema: core_schema.IntSchema) -> Json:  # noqa: ARG002 - the one whole number is a row
        wrong = "这里要写整数，从 1 数起"
        digits = {"pattern": "^[1-9][0-9]*$", "patternErrorMessage": wrong, "examples": [1]}
        small = {"if": {"type": "number", "exclusiveMaximum": 1}, "then": {"type": "null", "errorMessage": wrong}}
        return {"type": ["integer", "string"], "errorMessage": wrong, **digits, **small}

    def decimal_schema(self, schema: core_schema.DecimalSchema) -> Json:  # noqa: ARG002 - only points are decimals
        wrong = "要写大于 0 的数，最多两位小数，如 3 或 2.5"
        text = {"pattern": rf"^(?!0+(\.0+)?$){POINTS}$", "patternErrorMessage": wrong}
        small = {"if": {"type": "number", "exclusiveMaximum": 0.005}, "then": {"type": "null", "errorMessage": wrong}}
        return {"type": ["number", "string"], "errorMessage": wrong, **text, **small}

    def literal_schema(self, schema: core_schema.LiteralSchema) -> Json:
        found = super().literal_schema(schema)
        return {**found, "errorMessage": f"只能写 {'、'.join(found['enum'])}"}

    def nullable_schema(self, schema: core_schema.NullableSchema) -> Json:
        return self.generate_inner(schema["schema"])  # an empty key is a fault

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> Json:
        return self.generate_inner(schema["schema"])  # an editor would offer the default as what to write

    def tuple_schema(self, schema: core_schema.TupleSchema) -> Json:
        found = super().tuple_schema(schema)
        if found.pop("minItems", 0):
            return {**found, "contains": {}, "errorMessage": f"{LISTED}，至少一项"}
        return {**found, "errorMessage": LISTED}

    def dict_schema(self, schema: core_schema.DictSchema) -> Json:
        return {**super().dict_schema(schema), "errorMessage": NAMED}

    def model_schema(self, schema: core_schema.ModelSchema) -> Json:
        """Give a mapping of known keys; each key that is missing has a fault of its own."""
        found = super().model_schema(schema)
        names = "、".join(found["properties"])
        return {
            "type": "object",
            "properties": {name: _told(value) for name, value in found["properties"].items()},
            "additionalProperties": False,
            "errorMessage": f"{NAMED}，可以写的名称有：{names}",
            "allOf": [required(name, found["properties"][name]) for name in found.get("required", [])],
        }


def required(name: str, value: Json) -> Json:
    """Ask for one key, with a fault that says which and what for."""
    meaning = f"（{value['description']}）" if "description" in value else ""
    return {"required": [name], "errorMessage": f"缺少“{name}”；请补上“{name}: …”{meaning}"}


def _told(value: Json) -> Json:
    """Give a key's own fault also for a value of another type, and a list's meaning to each of its lines."""
    found = {"errorMessage": value["patternErrorMessage"], **value} if "patternErrorMessage" in value else value
    if "items" not in found or "$ref" in found["items"] or "description" not in found:
        return found
    return {**found, "items": {"title": found["title"], "description": found["description"], **found["items"]}}
