"""Nodes → pydantic models with Chinese keys; every fault of a file comes out with its place and what to write."""

import re
from collections.abc import Callable
from collections.abc import Mapping as Mapping_
from datetime import date
from typing import Annotated, Any, Self, TypeVar, cast, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    GetJsonSchemaHandler,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema, ErrorDetails

from fpcheck.document import Mapping, Node, Scalar, Sequence, Unreadable
from fpcheck.problem import Place, Problem, did_you_mean, short


class Shape(BaseModel):
    """Base of all models read from YAML: keys are the Chinese aliases, unknown keys are faults."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, populate_by_name=True, arbitrary_types_allowed=True, defer_build=True
    )

    @field_validator("*", mode="before")
    @classmethod
    def _stated(cls, value: object, info: ValidationInfo) -> object:
        """Refuse a key with nothing behind it also where the key need not be written."""
        field = cls.model_fields[info.field_name or ""]
        named = field.annotation is str and not field.is_required() and field.default
        if value in (None, "") and (field.default is None or named):
            raise ValueError(f"“{field.alias}”是空的；请补上内容，用不着的连名称一起删去")
        return value

    def changed(self, **values: Any) -> Self:  # noqa: ANN401 - values of the model's own fields
        """Make the model anew with other values; a mere copy would keep what was worked out from the old ones."""
        kept = {name: getattr(self, name) for name in type(self).model_fields}
        return cast("Self", self.model_construct(**kept | values))


class Meanings:
    """What each choice of a Literal means, for an author's editor: `Annotated[Literal["高", "低"], Meanings(…)]`."""

    def __init__(self, **texts: str) -> None:
        self.texts = texts

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Put the meanings beside the choices, in their order."""
        schema = handler(core)
        return {**schema, "enumDescriptions": [self.texts[choice] for choice in schema["enum"]]}


def yes_no(value: object) -> object:
    """Read 是 and 否; anything else is refused by the field's own type."""
    return {"是": True, "否": False}.get(value, value) if isinstance(value, str) else value


def iso_day(value: object) -> object:
    """Refuse what is no full date: a bare number would be taken for seconds since 1970."""
    if isinstance(value, str) and not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise ValueError(f"“{short(value)}”不是日期；请写成 2023-12-31 的样子")
    return value


Day = Annotated[date, BeforeValidator(iso_day)]
YesNo = Annotated[bool, BeforeValidator(yes_no)]
ModelT = TypeVar("ModelT", bound=BaseModel)
_MESSAGES: dict[str, Callable[[ErrorDetails], tuple[str, str]]] = {
    "string_type": lambda e: ("这里要写文字", _seen(e) if not isinstance(e["input"], list) else _unlisted(e)),
    "list_type": lambda e: ("这里要写列表，一行一项，前面加“- ”", _seen(e)),
    "dict_type": lambda e: ("这里要写“名称: 内容”", _seen(e)),
    "model_type": lambda e: ("这里要写“名称: 内容”", _seen(e)),
    "bool_parsing": lambda e: ("这里要写 是 或 否", _seen(e)),
    "bool_type": lambda e: ("这里要写 是 或 否", _seen(e)),
    "tuple_type": lambda e: ("这里要写列表，一行一项，前面加“- ”", _seen(e)),
    "int_parsing": lambda e: ("这里要写整数", _seen(e)),
    "int_type": lambda e: ("这里要写整数", _seen(e)),
    "greater_than_equal": lambda e: (f"这里不能小于 {e['ctx']['ge']}", _seen(e)),
    "too_short": lambda _: ("这里至少要写一项", "请补上内容，一行一项，前面加“- ”"),
    "string_too_short": lambda _: ("这里不能空着", "请补上内容"),
    "string_pattern_mismatch": lambda e: ("写法不对", _seen(e)),
}


def build(model: type[ModelT], node: Node, source: str) -> ModelT:
    """Make a model from a node.

    Raises:
        Unreadable: with every fault of the node, each with line and column.
    """
    try:
        return model.model_validate(plain(node))
    except ValidationError as error:
        faults = [detail for detail in error.errors() if not _follows(detail, error.errors())]
        raise Unreadable([_problem(model, node, source, detail) for detail in faults]) from None


def _follows(detail: ErrorDetails, others: list[ErrorDetails]) -> bool:
    """Tell a list called too short only because its items are faulty."""
    size = len(detail["loc"])
    return detail["type"] == "too_short" and any(
        len(other["loc"]) > size and other["loc"][:size] == detail["loc"] for other in others
    )


def plain(node: Node) -> Any:  # noqa: ANN401 - whatever the YAML holds
    """Give a node as dict, list, str and None."""
    match node:
        case Mapping(entries=entries):
            return {name: plain(child) for name, child in entries.items()}
        case Sequence(items=items):
            return [plain(item) for item in items]
        case Scalar(text=text):
            return text


def node_of(value: Any) -> Node:  # noqa: ANN401 - whatever a caller hands in
    """Give plain Python data as a node without places, the inverse of `plain`."""
    if isinstance(value, Mapping_):
        return Mapping({str(name): node_of(child) for name, child in value.items()}, {})
    if isinstance(value, list | tuple):
        return Sequence([node_of(item) for item in value])
    if value is None or isinstance(value, bool):
        return Scalar(None if value is None else "true" if value else "false")
    return Scalar(str(value), quoted=isinstance(value, str))


def node_at(node: Node | None, path: tuple[int | str, ...]) -> Node | None:
    """Give the node at `path`, None where there is none."""
    for step in path:
        match node:
            case Mapping(entries=entries):
                node = entries.get(str(step))
            case Sequence(items=items) if isinstance(step, int) and step < len(items):
                node = items[step]
            case _:
                return None
    return node


def place_of(node: Node, path: tuple[int | str, ...]) -> Place:
    """Find where the value at `path` stands; the nearest enclosing one where it is absent."""
    while (found := node_at(node, path)) is None:
        path = path[:-1]
    return Place(line=found.line, column=found.column)


def _problem(model: type[BaseModel], node: Node, source: str, detail: ErrorDetails) -> Problem:
    path = detail["loc"]
    key = _named(path)
    kind = detail["type"]
    field = _field(model, path)
    if kind == "missing":
        meaning = f"（{field.description}）" if field and field.description else ""
        message, hint = f"缺少“{key}”", f"请补上“{key}: …”{meaning}"
    elif kind == "extra_forbidden":
        message, hint = f"没有“{key}”这一项", _known(model, path, node_at(node, path[:-1]))
        return Problem(source, message, hint, _key_place(node, path))
    elif kind in ("literal_error", "enum"):
        expected = str(detail.get("ctx", {}).get("expected", "")).replace("'", "").replace(" or ", "、")
        message, hint = f"“{key}”只能写 {expected.replace(', ', '、')}", _seen(detail)
    elif kind.startswith("date"):
        message, hint = f"“{key}”不是日期", "请写成 2023-12-31 的样子"
    elif kind == "value_error":
        message, _, hint = str(detail["ctx"]["error"]).partition("；")
    else:
        message, hint = _MESSAGES.get(kind, _other)(detail)
        message = f"“{key}”：{message}" if key and key not in message else message
        hint = f"{hint}；{_pattern(field)}" if kind == "string_pattern_mismatch" else hint
    return Problem(source, message, hint, place_of(node, path))


def _pattern(field: FieldInfo | None) -> str:
    told = field.json_schema_extra if field else None
    return str(told["patternErrorMessage"]) if isinstance(told, dict) else "要写小写英文字母和下划线"


def _unlisted(detail: ErrorDetails) -> str:
    return "请去掉方括号，一行写一句：" + "".join(f"\n  - {line}" for line in detail["input"])


def _named(path: tuple[int | str, ...]) -> str:
    """Name what a fault is about: a key, or the n-th line of a list."""
    if len(path) > 1 and isinstance(path[-1], int):
        return f"{path[-2]}（第 {path[-1] + 1} 项）"
    return str(path[-1]) if path else ""


def _other(detail: ErrorDetails) -> tuple[str, str]:
    return f"写法不对（{detail['msg']}）", _seen(detail)


def _seen(detail: ErrorDetails) -> str:
    value = detail["input"]
    if isinstance(value, dict):
        written = "，".join(f"{key}: {item}" if item is not None else str(key) for key, item in value.items())
        return f"现在写的是“{short(written)}”；是一段文字的，整句加引号"
    if isinstance(value, list):
        value = "、".join(str(item) for item in value)
    smart = "；中文引号会当作内容，请去掉" if isinstance(value, str) and re.fullmatch("[“‘].*[”’]", value) else ""
    return "现在是空的" if value is None else f"现在写的是“{short(str(value))}”{smart}"


def _key_place(node: Node, path: tuple[int | str, ...]) -> Place:
    """Find where the key at the end of `path` stands."""
    parent = node_at(node, path[:-1])
    key = parent.keys.get(str(path[-1])) if isinstance(parent, Mapping) else None
    return Place(line=key.line, column=key.column) if key else place_of(node, path[:-1])


def _field(model: type[BaseModel], path: tuple[int | str, ...]) -> FieldInfo | None:
    """Find the field that the last step of an error's path names."""
    owner = _owner(model, path)
    return next((field for name, field in owner.model_fields.items() if path and path[-1] in (name, field.alias)), None)


def _owner(model: type[BaseModel], path: tuple[int | str, ...]) -> type[BaseModel]:
    for step in path[:-1]:
        model = _inner(model, step)
    return model


def _known(model: type[BaseModel], path: tuple[int | str, ...], owner: Node | None) -> str:
    """Offer the keys that may stand beside the ones that `owner` has already."""
    model = _owner(model, path)
    taken = owner.entries if isinstance(owner, Mapping) else ()
    names = [key for name, field in model.model_fields.items() if (key := field.alias or name) not in taken]
    if (bare := str(path[-1]).strip("“”‘’")) in names:
        return f"名称外面不加引号，请写 {bare}"
    return did_you_mean(str(path[-1]), names) or (f"还可以写的有：{'、'.join(names)}" if names else "请删去")


def _inner(model: type[BaseModel], step: int | str) -> type[BaseModel]:
    """Follow one step of an error's path into the model that stands there."""
    for name, field in model.model_fields.items():
        if step in (name, field.alias):
            return _first_model(field.annotation) or model
    return model


def _first_model(annotation: Any) -> type[BaseModel] | None:  # noqa: ANN401 - any type expression
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for arg in get_args(annotation) if (found := _first_model(arg))), None)
