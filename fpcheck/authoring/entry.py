"""One labelled entry: its shape, which of the two kinds it is, and what is wrong with one that is none."""

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, ClassVar, Literal, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictStr,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails

from fpcheck import document
from fpcheck.numeral import normalise
from fpcheck.problem import did_you_mean, nearest, short
from fpcheck.quantity import named_comparator
from fpcheck.value import MAX_TEXT

Comparator = Literal["≥", "≤", "=", ">", "<", "≈", "range"]
COMPARATORS: tuple[str, ...] = get_args(Comparator)
MOST = 10**9  # far beyond any running number
FEW = 3  # choices that are listed without guessing at one
LARGEST = 10**30  # far beyond any figure


def _written(value: object) -> str:
    """Give a value as it stands in the file."""
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case list():
            return f"[{', '.join(map(_written, value))}]"
        case dict():
            return "{…}"
    return str(value)


def _figure(value: object) -> object:
    if not isinstance(value, Decimal) or not -LARGEST < value < LARGEST:
        raise ValueError("要写一个数；不加引号，区间写下限，没有的写 null")
    return value


def _whole(value: object) -> object:
    if not isinstance(value, Decimal) or not -MOST < value < MOST or value != int(value):
        raise ValueError("要写整数；不加引号，没有的删去这一项")
    return int(value)


def _share(value: object) -> object:
    if not isinstance(value, Decimal) or not 0 <= value <= 1:
        raise ValueError("要写 0 到 1 的数；不加引号，如 0.9")
    return value


def _sign(value: object) -> object:
    if value not in COMPARATORS:
        meant = named_comparator(value) if isinstance(value, str) else None
        hint = f"请写 {meant}" if meant else f"可以写 {' '.join(COMPARATORS)}，没有的写 null"
        raise ValueError(f"不认得“{short(_written(value), 12)}”；{hint}")
    return value


def _unit(value: object) -> object:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("要写单位；没有单位的写 null")
    return normalise(value)


def _named(value: object) -> object:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("要写名称；放在半角双引号里，不能空着")
    return value


Text = Annotated[StrictStr, Field(max_length=MAX_TEXT)]
Name = Annotated[Text, BeforeValidator(_named)]
Number = Annotated[int, BeforeValidator(_whole)]
Sure = Annotated[Decimal, BeforeValidator(_share)]


class Labelled(BaseModel):
    """Base of the models; a null counts as a key left out. `unused` are the keys known that no figure needs."""

    model_config = ConfigDict(frozen=True)
    unused: ClassVar[frozenset[str]] = frozenset()

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, data: Any) -> Any:  # noqa: ANN401 - whatever the JSON holds
        return {key: value for key, value in data.items() if value is not None} if isinstance(data, dict) else data


class Parsed(Labelled):
    """What an expert reads in a value."""

    unused: ClassVar[frozenset[str]] = frozenset({"unit_source", "date"})
    comparator: Annotated[Comparator, BeforeValidator(_sign)] | None = None
    number: Annotated[Decimal, BeforeValidator(_figure)] | None = None
    unit: Annotated[str, BeforeValidator(_unit)] | None = None
    kind: Literal["number", "percent", "count", "money", "date", "boolean", "enum", "text"]


class Indicator(Labelled):
    """An indicator with its labels; `unit_text` is what stands in a 度量单位 column."""

    unused: ClassVar[frozenset[str]] = frozenset({"note", "occurrences", "source_layout", "labelled_by"})
    form_id: Name
    n: Number | None = None
    level1: Text | None = None
    level2: Text | None = None
    name: Text | None = None
    target_value_text: Text | None = None
    actual_value_text: Text | None = None
    unit_text: Text | None = None
    label_measurable: Literal["yes", "partly", "no"]
    label_issue: StrictStr
    label_issue_other: tuple[StrictStr, ...] = ()
    name_value_conflict: StrictBool = False
    label_parsed: Parsed | None = None
    confidence: Sure = Decimal(1)


class Goal(Labelled):
    """An objective with its labels."""

    unused: ClassVar[frozenset[str]] = frozenset(
        {"note", "remarks", "issues", "form_type", "length_class_original", "has_quantity", "has_deadline"}
    ) | {"has_outcome", "has_quantified_outcome"}
    form_id: Name
    n: Number | None = None
    project: Text | None = None
    goal_text_paraphrased: Text | None = None
    label: Literal["clear", "unclear"]
    only_spending: StrictBool = False
    only_slogan: StrictBool = False
    matches_budget: Literal["yes", "no", "unknown"] = "unknown"
    budget: Text | None = None
    confidence: Sure = Decimal(1)


Entry = Indicator | Goal


def data_of(node: document.Node) -> Any:  # noqa: ANN401 - whatever the JSON holds
    """Give a JSON node as plain data, numbers as Decimals; a number beyond all measure is infinite."""
    match node:
        case document.Mapping(entries=entries):
            return {key: data_of(child) for key, child in entries.items()}
        case document.Sequence(items=items):
            return [data_of(item) for item in items]
        case document.Scalar(text=None) | document.Scalar(quoted=True):
            return node.text
        case document.Scalar(text="true" | "false"):
            return node.text == "true"
    try:
        return Decimal(node.text or "")
    except InvalidOperation:
        return Decimal("Infinity")


def kind_of(data: Mapping[str, Any]) -> type[Entry]:
    """Tell which kind of entry is meant: the one that knows more of the keys, also of those a little misspelt."""
    needed = {
        model: sum(nearest(key, list(model.model_fields)) is not None for key in data) for model in (Indicator, Goal)
    }
    known = {model: sum(key in model.model_fields for key in data) for model in (Indicator, Goal)}
    return Goal if (known[Goal], needed[Goal]) > (known[Indicator], needed[Indicator]) else Indicator


def unknown_keys(data: Mapping[str, Any], model: type[Labelled]) -> Iterator[tuple[str, str]]:
    """Give each key that the format does not know, with a hint."""
    known = {*model.model_fields, *model.unused}
    free = [key for key in model.model_fields if key not in data]
    yield from ((key, did_you_mean(key, free)) for key in data if key not in known)
    parsed = data.get("label_parsed")
    if model is Indicator and isinstance(parsed, dict):
        yield from ((f"label_parsed.{key}", hint) for key, hint in unknown_keys(parsed, Parsed))


def faults_of(error: ValidationError, data: Mapping[str, Any], model: type[Labelled]) -> Iterator[tuple[str, str]]:
    """Say what is wrong with an entry: each fault and what to write."""
    odd = [key for key, _ in unknown_keys(data, model)]
    for detail in error.errors():
        name = ".".join(str(step) for step in detail["loc"] if isinstance(step, str))
        if detail["type"] == "missing" and _is_null(data, detail["loc"]):
            yield f"“{name}”写的是 null", "这一项必须有，请补上"
        elif detail["type"] == "missing":
            near = nearest(name, odd)
            yield f"缺少“{name}”", f"写的是“{short(near)}”，是不是它？" if near else "这一项必须有，请补上"
        else:
            message, hint = _fault(detail)
            yield f"“{name}”{message}", hint


def _is_null(data: Any, path: tuple[int | str, ...]) -> bool:  # noqa: ANN401 - whatever the JSON holds
    """Tell a key that is written, with null."""
    for step in path:
        if step not in data:
            return False
        data = data[step]
    return data is None


def _fault(detail: ErrorDetails) -> tuple[str, str]:
    seen = f"现在写的是“{short(_written(detail['input']), 20)}”"
    match detail["type"]:
        case "value_error":
            message, _, hint = str(detail["ctx"]["error"]).partition("；")
        case "literal_error":
            known = str(detail["ctx"]["expected"]).replace("'", "").replace(" or ", ", ").split(", ")
            near = did_you_mean(_written(detail["input"]), known) if len(known) > FEW else ""
            message, hint = f"不认得“{short(_written(detail['input']), 20)}”", f"{near}可以写 {' '.join(known)}"
        case "string_too_long":
            message, hint = f"有 {len(detail['input'])} 字，超过 {MAX_TEXT} 字", "请只写要点"
        case kind:
            message, hint = _SHAPES.get(kind, "要写文字，放在半角双引号里"), seen
    return message, hint


_SHAPES = {
    "bool_type": "要写 true 或 false，不加引号",
    "tuple_type": '要写列表，如 ["vague_value"]，没有的写 []',
    "model_type": "要写“名称: 内容”，放在花括号里",
}
