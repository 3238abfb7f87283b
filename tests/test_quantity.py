"""The quantity parser against composed cells, prose and pairs, and against any text at all."""

import time
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import strategies as st
from properties import holds

from fpcheck import numeral
from fpcheck.quantity import Quantity, attainment, find, parse

DATA = Path(__file__).parent / "quantity"
KINDS = {"number", "percent", "count", "money", "date", "boolean", "enum", "text"}
FIELDS = ("comparator", "number", "upper", "unit", "kind", "date", "measurable", "change", "per")


def rows(name: str) -> list[Any]:
    return yaml.safe_load((DATA / f"{name}.yaml").read_text(encoding="utf-8"))


def shown(quantity: Quantity) -> dict[str, str | None]:
    values = {field: getattr(quantity, field) for field in FIELDS}
    return {field: None if value is None else str(value) for field, value in values.items()}


@pytest.mark.parametrize("row", rows("values"), ids=lambda row: f"{row['text']}|{row.get('name', '')}")
def test_a_cell_is_read(row: dict[str, str]) -> None:
    quantity = parse(row["text"], row.get("name"), row.get("column"))
    assert shown(quantity) == {field: row.get(field) for field in FIELDS}


@pytest.mark.parametrize("row", rows("prose"), ids=lambda row: row["text"])
def test_quantities_are_found_in_prose(row: dict[str, Any]) -> None:
    text = row["text"]
    found = [
        [
            item.name,
            text[item.start : item.end],
            item.quantity.date or str(item.quantity.number),
            item.quantity.unit or "",
            item.quantity.kind,
        ]
        for item in find(text)
    ]
    assert found == row["found"]


@pytest.mark.parametrize(("texts", "ratio"), rows("attainment"), ids=str)
def test_a_target_is_compared_with_an_actual(texts: list[str], ratio: str | None) -> None:
    target, actual, *name = texts
    assert attainment(parse(target, *name), parse(actual, *name)) == (None if ratio is None else Fraction(ratio))


def test_there_are_enough_rows() -> None:
    assert len(rows("values")) >= 1000
    assert len(rows("prose")) >= 25
    assert len(rows("attainment")) >= 20


@pytest.mark.parametrize("text", ["2023年", "到2025年建成园区"])
def test_a_bare_year_is_no_deadline(text: str) -> None:
    (found,) = find(text)
    assert (found.quantity.kind, found.quantity.measurable) == ("date", "no")


@pytest.mark.parametrize("text", ["2023年底", "2023年末", "2023年前", "2023年内"])
def test_the_end_of_a_year_is_a_deadline(text: str) -> None:
    (found,) = find(text)
    assert (found.quantity.kind, found.quantity.measurable) == ("date", "yes")


PIECES = [
    *"0123456789.,-~%‰一二两三十百千万亿点个人次元年月日底前内第之数余至到即“”《》()（）/·*≥≤<>=:：;，。 \n\t\0",
    *(
        "不低于",
        "控制在",
        "以上",
        "以内",
        "百分之",
        "2023年",
        "12月",
        "万元",
        "平方米",
        "每",
        "率",
        "优",
        "零事故",
        "**",
    ),
]
cells = st.one_of(st.text(max_size=80), st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
maybe = st.one_of(st.none(), cells)


def is_written(number: Decimal, text: str) -> bool:
    """The digits of `number` stand in `text`, or `text` has a ± or Chinese numerals to work it out from."""
    plain = numeral.normalise(text).replace(",", "")
    return str(number).lstrip("-") in plain or "±" in plain or any(char in numeral.CN_CHARS for char in plain)


@holds(400, cells, maybe, maybe)
def test_a_cell_never_fails_and_nothing_is_made_up(text: str, name: str | None, unit: str | None) -> None:
    quantity = parse(text, name, unit)
    assert quantity.kind in KINDS
    assert quantity.measurable in {"yes", "partly", "no"}
    assert (quantity.upper is None) == (quantity.number is None or quantity.comparator != "range")
    assert (quantity.date is not None) == (quantity.kind == "date")
    for number in (quantity.number, quantity.upper):
        assert number is None or is_written(number, text)


@holds(300, cells, also=("20人(含2023年底)以上。",))
def test_what_is_found_lies_in_the_text_in_order(text: str) -> None:
    end = 0
    for found in find(text):
        assert end <= found.start < found.end <= len(text)
        end = found.end
        number = found.quantity.number
        assert number is None or is_written(number, text[found.start : found.end])


@holds(200, cells, cells)
def test_any_two_quantities_can_be_handed_to_attainment(target: str, actual: str) -> None:
    assert isinstance(attainment(parse(target), parse(actual)), Fraction | None)


@holds(100, st.integers(min_value=0, max_value=10**12 - 1))
def test_digits_survive_a_thousands_separator(value: int) -> None:
    assert parse(f"{value:,}元").number == value


@holds(100, st.text(max_size=200))
def test_folding_keeps_every_offset(text: str) -> None:
    assert len(numeral.normalise(text)) == len(text)


LONG = [
    "1",
    "1,234",
    "1.",
    "一",
    "万亿",
    "百分之",
    "控制在",
    "不",
    "(",
    "“",
    '"',
    "《",
    "2023年",
    "2023.",
    "1月",
    "9月-",
]
LONG += [
    "1-",
    "3%",
    "元/人",
    "每",
    "第",
    "≥",
    " ",
    "1 ",
    "**",
    "\0",
    "优90",
    "号",
    "A1",
    ".1",
    "通过",
    "无",
    "零",
    "至",
]
LONG += ["70%≤x", "不低于", "一半", "2023.7-", "每月", "个半月", "壹佰", "点", "±5", "(含", "5个", "~", "介于", "0事故"]
LONG += ["1 000", "共1个", "±", "1月1-1", "由1天缩短至", "1%(不含)", "1/10万", "2024年春", "无一起", "1.月", "上千"]
LONG += [
    "无事故",
    "2万",
    "¥",
    "月1日",
    "前1名",
    "1:",
    "3/",
    "①",
    "大于",
    "的5%",
    "每年2次",
    "日前",
    "其中",
    "A",
    "1A/",
    "优:",
]


@pytest.mark.parametrize("piece", LONG)
def test_long_texts_are_read_in_no_time(piece: str) -> None:
    text = (piece * 6_000)[:6_000]
    start = time.perf_counter()
    parse(text, text, text)
    find(text)
    assert time.perf_counter() - start < 8


def test_a_number_beyond_all_forms_is_text() -> None:
    assert parse("9" * 5000 + "个") == Quantity(None, None, None, "text", None, "no")
