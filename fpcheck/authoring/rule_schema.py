"""The JSON Schema of the files of a rule pack, for the editors of those who write them.

The shape comes from the models, the names from the rules at hand; it asks for nothing that the loader does not.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from fpcheck.authoring.editor_shape import DRAFT, TEXT, Json, required, shape_of
from fpcheck.authoring.offers import Offers
from fpcheck.authoring.snippets import NEW_EXAMPLE, SENTENCES, new_rule
from fpcheck.finding import TO_CHECK
from fpcheck.rulebook.framework import ScorecardDefinition
from fpcheck.rulebook.rule import (
    Advice,
    MeasureDefinition,
    ParameterDefinition,
    Policy,
    Rule,
    Source,
    Unwritten,
    Withdrawn,
    WordList,
)
from fpcheck.rulebook.shared import SHARED
from fpcheck.submission import json_schema
from fpcheck.terms import TYPES, Glossary, Table, Type

KINDS: dict[str, tuple[Any, str]] = {
    "rule": (Rule, "一条规则"),
    "parameters": (dict[str, ParameterDefinition], "界限，一个名称一个"),
    "measures": (dict[str, dict[str, MeasureDefinition]], "度量，按表分开，一个数一个公式"),
    "wordlists": (WordList, "一张词表"),
    "sources": (dict[str, Source], "引用的文件"),
    "recommendations": (dict[str, Advice], "建议"),
    "policy": (Policy, "由发现的问题得出决定"),
    "scorecard": (ScorecardDefinition, "评分的指标框架"),
    "gaps": (dict[str, Unwritten], "没有做成规则的毛病，一种一条"),
    "withdrawn": (dict[str, Withdrawn], "废止的编号，一个一条"),
}
_FORM = {"$ref": "#/definitions/form"}
_LOOSE = {"$ref": "#/definitions/loose"}
_COLUMN = {"$ref": "#/definitions/column"}
_VERDICT = {"$ref": "#/definitions/verdict"}
_ONE = {"type": "object", "errorMessage": "这里要写“字段: 内容”，如 {年度: 2023, 下达金额: 100万元}"}
_SEVERAL = {**_ONE, "type": ["object", "array"]}
_NO_FORM = "没有这个字段，或这里要写“字段: 内容”"
_NO_COLUMN = "没有这个字段；写“对象”那张表的字段名，或写 表.列"


def rule_schema(offers: Offers, kind: str = "rule") -> Json:
    """Describe a file of a rule pack as JSON Schema draft-07, with the names at hand.

    Args:
        offers: the names an author may use.
        kind: which file, one of `KINDS`.
    """
    model, title = KINDS[kind]
    body = _filled(shape_of(model), offers)
    head = {"$schema": DRAFT, "$comment": "由 fpcheck rules schema 生成，不要手改", "title": title}
    if kind == "rule":
        return {**head, **_whole_rule(body, offers), "definitions": _definitions(body, offers.glossary)}
    if kind == "measures":
        tables = {name: _measured(body, table) for name, table in offers.glossary.tables.items()}
        tables[SHARED] = {**body["additionalProperties"], "title": SHARED, "description": "用时再代入的度量"}
        body = {**body, "properties": tables, "additionalProperties": False, "errorMessage": _one_of("表", tables)}
    return {**head, **body}


def _filled(node: Any, offers: Offers) -> Any:  # noqa: ANN401 - any part of a schema
    """Put the names at hand wherever the model says which names belong there."""
    if isinstance(node, list):
        return [_filled(item, offers) for item in node]
    if not isinstance(node, dict):
        return node
    whole = {key: _filled(value, offers) for key, value in node.items() if key != "offers"}
    return _FILL[node["offers"]](whole, offers) if isinstance(node.get("offers"), str) else whole


def _choice(node: Json, what: str, names: Mapping[str, str]) -> Json:
    """Leave only these names, each with what it is."""
    enum = {"type": "string", "enum": list(names), "enumDescriptions": list(names.values())}
    return {**node, **enum, "errorMessage": _one_of(what, names)}


def _one_of(what: str, names: Iterable[str]) -> str:
    return f"没有这个{what}；可以写的有：{'、'.join(names)}"


def _offered(node: Json, names: Mapping[str, str]) -> Json:
    """Offer these names; others of the right form may be written too."""
    snippets = [{"label": name, "description": text, "body": name} for name, text in names.items()]
    return {**node, "type": "string", "defaultSnippets": snippets}


def _regions(node: Json, offers: Offers) -> Json:
    regions = offers.glossary.regions.items()
    own = {name: f"上级：{region.parent}" if region.parent else "不分地区" for name, region in regions}
    also = {other: f"就是 {name}" for name, region in regions for other in region.also}
    return _choice(node, "地区", own | also)


def _tables(node: Json, offers: Offers) -> Json:
    return _choice(node, "表", {name: table.meaning for name, table in offers.glossary.tables.items()})


def _forms(node: Json, offers: Offers) -> Json:
    forms = {name: form.meaning for name, form in offers.glossary.forms.items()}
    return {**node, "items": _choice(node["items"], "表种", forms)}


def _basis(node: Json, offers: Offers) -> Json:
    """Give a list of one-key mappings: a source and its article."""
    sources = {name: {**TEXT, "title": name, "description": text} for name, text in offers.sources.items()}
    several = {"type": "null", "errorMessage": "一项只写一个来源，写成“来源: 条款”"}
    item = {**node["items"], "properties": sources, "additionalProperties": False}
    item |= {"errorMessage": f"写成“来源: 条款”；{_one_of('来源', sources)}", "else": several}
    return {**node, "items": {**item, "if": {"minProperties": 1, "maxProperties": 1}}}


def _number(node: Json, offers: Offers) -> Json:
    pattern = Rule.model_json_schema()["properties"]["编号"]
    return _offered({**node, **{key: pattern[key] for key in ("pattern", "patternErrorMessage")}}, offers.rules)


def _found(node: Json, offers: Offers) -> Json:
    told = node["additionalProperties"]["errorMessage"]
    shared = {"type": "string", "allOf": [_VERDICT], "errorMessage": told}
    known = {number: {**shared, "title": number, "description": name} for number, name in offers.rules.items()}
    return {**node, "properties": known}


def _braced(node: Json, _: Offers) -> Json:
    """Hold a message to paired braces."""
    wrong = "花括号没有配对，或用了全角花括号；要填的内容请写成 {字段}"
    return {**node, "allOf": [{"pattern": r"^([^{}｛｝]|\{[^{}]+\})*$", "patternErrorMessage": wrong}]}


_KINDS = {
    Type.MONEY: "写成 50万元 的样子",
    Type.RATIO: "写成 95% 的样子",
    Type.NUMBER: "写成 0.5 的样子",
    Type.COUNT: "写成 30 的样子",
    Type.TEXT: "写成 “优” 的样子",
    Type.DATE: "写成 2023-12-31 的样子",
    Type.BOOLEAN: "写 是 或 否",
}


def _kind(node: Json) -> Json:
    return _choice(node, "类型", {name: _KINDS.get(kind, name) for name, kind in TYPES.items()})


_FILL: dict[str, Callable[[Json, Offers], Json]] = {
    "advice": lambda node, offers: _choice(node, "建议", offers.advice),
    "basis": _basis,
    "forms": _forms,
    "found": _found,
    "kinds": lambda node, _: _kind(node),
    "takes": lambda node, _: {**node, "additionalProperties": _kind({})},
    "message": _braced,
    "regions": _regions,
    "replaced": _number,
    "sentences": lambda node, _: {**node, "items": {**node["items"], "defaultSnippets": SENTENCES}},
    "tables": _tables,
    "types": lambda node, offers: _offered(node, offers.types),
}


def _definitions(body: Json, glossary: Glossary) -> Json:
    return {
        "column": _column(glossary),
        "form": _form(glossary, held=True),
        "loose": _form(glossary, held=False),
        "verdict": body["properties"]["样例"]["items"]["properties"]["发现"]["additionalProperties"],
    }


def _whole_rule(body: Json, offers: Offers) -> Json:
    """Add what the keys of a rule must say together."""
    values = body["properties"]
    grave = [required(key, values[key]) for key in ("级别", "把握", "整改")]
    fault = {"if": {"properties": {"结果": {"const": "问题"}}}, "then": {"allOf": grave}}
    asking = {"if": {"properties": {"结果": {"const": TO_CHECK}}, "required": ["结果"]}, "then": grave[-1]}
    marks = [_marked(table) for table in offers.glossary.tables.values()]
    examples = {**values["样例"], "allOf": [_with_example("命中"), _with_example("通过")]}
    examples["items"] = _example(examples["items"])
    snippet = new_rule(next(iter(offers.sources), "来源"), next(iter(offers.advice), "建议的名字"))
    return {
        **body,
        "properties": {**values, "样例": examples},
        "allOf": [*body["allOf"], required("样例", examples), fault, asking, *marks],
        "defaultSnippets": [snippet],
    }


def _with_example(verdict: str) -> Json:
    example = {"properties": {"结论": {"const": verdict}}, "required": ["结论"]}
    return {"contains": example, "errorMessage": f"缺少结论为“{verdict}”的样例"}


def _marked(table: Table) -> Json:
    """Offer, for rules on a table, its own fields as what to mark, and let pass `表` and `表.列` of any."""
    own = {name: term.meaning for name, term in table.columns.items()}
    fields = {"title": "标注", "enum": list(own), "enumDescriptions": list(own.values()), "errorMessage": _NO_COLUMN}
    mark = {"anyOf": [fields, _COLUMN]} if own else _COLUMN
    this = {"properties": {"对象": {"const": table.name}}, "required": ["对象"]}
    return {"if": this, "then": {"properties": {"标注": mark}}}


def _column(glossary: Glossary) -> Json:
    """Give `表` and `表.列` of every table."""
    names = "|".join(_columns(table) for table in glossary.tables.values())
    return {"type": "string", "pattern": f"^({names})$", "patternErrorMessage": _NO_COLUMN, "errorMessage": _NO_COLUMN}


def _columns(table: Table) -> str:
    names = "|".join(map(re.escape, table.columns))
    return rf"{table.name}(\.({names}))?" if names else table.name


def _measured(body: Json, table: Table) -> Json:
    return {**body["additionalProperties"], "title": table.name, "description": table.meaning}


def _example(item: Json) -> Json:
    """Hold what is given to the submission's own schema; where 无法判断 is meant, values may be unreadable."""
    unknown = {"properties": {"结论": {"const": "无法判断"}}, "required": ["结论"]}
    values = item["properties"]
    item = {**item, "properties": {**values, "给定": values["给定"] | _SEVERAL, "上年": values["上年"] | _ONE}}
    return {**item, "defaultSnippets": [NEW_EXAMPLE], "if": unknown, "then": _given(_LOOSE), "else": _given(_FORM)}


def _given(form: Json) -> Json:
    one = {"if": {"type": "object"}, "then": form}
    return {"properties": {"给定": {**one, "items": form}, "上年": one}}


def _form(glossary: Glossary, *, held: bool) -> Json:
    """Give what an example may state: the submission's own schema; unless `held`, a value may be anything."""
    return {"type": "object", **_fields(json_schema(glossary), held=held)}


def _fields(row: Json, *, held: bool) -> Json:
    """Offer the Chinese names; the English ones pass."""
    english = "|".join(name for name in row["properties"] if name.isascii())
    chinese = {name: value for name, value in row["properties"].items() if not name.isascii()}
    return {
        "properties": {name: _field(name, value, held=held) for name, value in chinese.items()},
        "patternProperties": {f"^({english})$": {}},
        "additionalProperties": False,
        "errorMessage": _NO_FORM,
    }


def _field(name: str, value: Json, *, held: bool) -> Json:
    head = {"title": name, "description": value["description"]}
    if value.get("type") == "array":
        items = {"type": "object", **_fields(value["items"], held=held)}
        return {**value, **head, "items": items, "errorMessage": "这里要写列表；没有就写 []"}
    told = f"只能写 {'、'.join(filter(None, value['enum']))}" if "enum" in value else "这里只能写一个值，比率要写 %"
    body = {key: part for key, part in value.items() if key not in head} | {"errorMessage": told}
    return {**head, **body} if held else {**head, "anyOf": [body, {}]}
