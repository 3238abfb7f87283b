"""Stored numbers and their formats against composed pairs, and any code against any number."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import strategies as st
from properties import holds

from fpcheck.intake.office.number_format import BUILT_IN, shown_number, shown_text

FILE = Path(__file__).parent / "workbooks" / "formats.yaml"
ROWS: list[dict[str, Any]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))


def code_of(row: dict[str, Any]) -> str:
    return BUILT_IN.get(row["id"], "General") if "id" in row else row["code"]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.get('stored', row.get('held'))}|{code_of(row)}")
def test_a_cell_is_shown(row: dict[str, Any]) -> None:
    code = code_of(row)
    held = row.get("held")
    cell = shown_text(held, code) if held else shown_number(row["stored"], code, date_1904=row.get("from_1904", False))
    assert (cell.text, cell.percent, cell.number) == (row["text"], row.get("percent", False), row.get("number", True))
    assert row.get("doubt", "") in cell.doubt
    assert bool(cell.doubt) == ("doubt" in row)


def test_the_pairs_are_many_and_differ() -> None:
    pairs = [(row.get("stored"), row.get("held"), row.get("from_1904"), row.get("id", row.get("code"))) for row in ROWS]
    assert len(set(pairs)) == len(pairs) > 100


PIECES = [
    "0",
    "#",
    "?",
    ".",
    ",",
    "%",
    "E+",
    "/",
    "yyyy",
    "m",
    "d",
    "h",
    "ss",
    "[h]",
    "[Red]",
    "[>=10]",
    "[$-804]",
    ";",
]
CODES = st.lists(st.sampled_from([*PIECES, '"元"', "\\-", "!.", "_ ", "* ", "@", "General", "AM/PM", '"', "[", "\\"]))
NUMBERS = st.one_of(st.floats(allow_nan=False, allow_infinity=False), st.integers(-(10**20), 10**20))


@holds(200, CODES.map("".join), NUMBERS)
def test_any_code_shows_any_number(code: str, number: float) -> None:
    cell = shown_number(repr(number), code)
    assert cell.text or cell.doubt
    assert not re.search("[0-9]e[+-]?[0-9]", cell.text)
    shown_text("某项目", code)


@holds(100, st.decimals(-(10**8), 10**8, places=6))
def test_a_plain_number_keeps_its_value(number: Decimal) -> None:
    for code in ("General", "0.00", "#,##0", "@"):
        assert Decimal(shown_number(str(float(number)), code).text) == number


@holds(200, st.integers(0, 10**6), st.integers(0, 4))
def test_a_percentage_is_rounded_half_up_where_its_decimals_end(millionths: int, decimals: int) -> None:
    code = f"0.{'0' * decimals}%" if decimals else "0%"
    cell = shown_number(repr(millionths / 10**6), code)
    scaled, step = millionths, 10 ** (4 - decimals)
    assert Decimal(cell.text.removesuffix("%")) * 10**decimals == (2 * scaled + step) // (2 * step)
