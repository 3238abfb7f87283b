"""What must hold of the quantity parser for whatever is written: one meaning in every notation, and never a guess."""

import re
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume
from hypothesis import strategies as st
from properties import holds
from test_quantity import PIECES, cells

from fpcheck import lexicon
from fpcheck.quantity import Quantity, attainment, find, named_comparator, parse
from fpcheck.unit import scale

SIGNS = ["", "≥", "≤", "=", ">", "<", "≈"]
# Left out: 3月 is March, 3季度 the third quarter, 3点 three o'clock; 百分比 is read as %; 3级 is a rank; 60岁以上 tells
# whom something is for.
NOT_ALONE = {"月", "季度", "点", "百分比", "人民币", "年度", "圆", "级", "岁", "周岁"}
UNITS = sorted({*lexicon.words("件数"), *lexicon.words("连续量"), *lexicon.words("金额"), "%", "‰"} - NOT_ALONE)
UNITS += [
    "人次",
    "户次",
    "剂次",
    "万元",
    "万人次",
    "元/人·月",
    "元/亩",
    "次/年",
    "台(套)",
    "个百分点",
    "微克/立方米",
    "亿元",
    "人·次",
]

units = st.sampled_from(UNITS)
signs = st.sampled_from(SIGNS)
decimals = st.decimals(min_value=0, max_value=99999, places=2).map(
    lambda n: n.normalize() if n % 1 else n.to_integral()
)
figures = st.one_of(st.integers(0, 1800).map(Decimal), decimals).map(lambda n: f"{n:f}")
ODD_CHARS = "⑤²½ⅣⅤ٣〇壹贰拾零㊿𝟗\u200b\u202e\ufeff\x07\x00\u0301عשא¥$★…—～％，。、；："
odd_cells = st.lists(st.sampled_from([*PIECES, *ODD_CHARS]), max_size=30).map("".join)


@holds(300, odd_cells, st.one_of(st.none(), odd_cells), st.one_of(st.none(), odd_cells))
def test_any_text_is_read_or_said_to_be_unreadable(text: str, name: str | None, unit: str | None) -> None:
    quantity = parse(text, name, unit)
    assert (quantity.number is None) or quantity.kind in {"number", "percent", "count", "money"}
    assert quantity.number is None or quantity.number.is_finite()
    assert quantity.upper is None or quantity.number is None or quantity.number <= quantity.upper
    assert quantity == parse(text, name, unit)
    find(text)
    named_comparator(text)


@holds(300, signs, figures, units)
def test_a_unit_means_the_same_in_the_cell_in_its_column_and_in_the_name(sign: str, figure: str, unit: str) -> None:
    assume(unit != "年" or len(figure) not in (2, 4))  # 2023年 is a year, 24年 may be one
    here = parse(f"{sign}{figure}{unit}")
    assert (here.comparator or "", str(here.number), here.unit, here.measurable) == (sign, figure, unit, "yes")
    assert parse(f"{sign}{figure}", None, unit) == here
    assert parse(f"{sign}{figure}", f"某某事项({unit})") == here
    assert parse(f"{sign}{figure}({unit})") == here


def wide(text: str) -> str:
    """The text in full width: digits, signs, letters and blanks."""
    return "".join(
        chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else "\u3000" if char == " " else char for char in text
    )


@holds(300, cells)
def test_full_width_is_read_like_half_width(text: str) -> None:
    assert parse(wide(text)) == parse(text)
    assert [found.quantity for found in find(wide(text))] == [found.quantity for found in find(text)]


DIGITS = "零一二三四五六七八九"


def below(number: int, size: int) -> str:
    """A number below ten `size`s in Chinese, without the leading 零."""
    if size == 1:
        return DIGITS[number] if number else ""
    high, low = divmod(number, size)
    rest = below(low, size // 10)
    mark = {10: "十", 100: "百", 1000: "千"}[size]
    if not high:
        return rest
    gap = "零" if low and low < size // 10 else ""
    return f"{DIGITS[high]}{mark}{gap}{rest}"


def chinese(number: int) -> str:
    """A number below a hundred thousand as one writes it: 一万零三百零五, 十五."""
    high, low = divmod(number, 10_000)
    gap = "零" if low and low < 1000 else ""
    text = f"{DIGITS[high]}万{gap}{below(low, 1000)}" if high else below(low, 1000) or "零"
    return text.removeprefix("一") if text.startswith("一十") else text


def amount(quantity: Quantity) -> Fraction | None:
    return None if quantity.number is None else Fraction(quantity.number) * scale(quantity.unit or "")[1]


@holds(1000, st.integers(0, 99_999))
def test_a_chinese_numeral_is_the_number(number: int) -> None:
    for text in {chinese(number), chinese(number).replace("二千", "两千").replace("二百", "两百")}:
        assert amount(parse(f"{text}户")) == number, text
        assert amount(parse(f"不少于{text}户")) == number, text


@holds(100, st.integers(0, 9999), st.text("0123456789", min_size=1, max_size=4))
def test_a_chinese_decimal_is_the_number(whole: int, part: str) -> None:
    text = f"{chinese(whole)}点{''.join(DIGITS[int(digit)] for digit in part)}"
    assert parse(f"{text}公里") == parse(f"{whole}.{part}公里")
    assert parse(f"百分之{text}") == parse(f"{whole}.{part}%")


@holds(100, st.integers(1, 99_999))
def test_a_number_of_a_cheque_is_the_number(number: int) -> None:
    plain = chinese(number)
    formal = (f"一{plain}" if plain.startswith("十") else plain).translate(
        str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟")
    )
    assert amount(parse(f"{formal}元整")) == number


AROUND = [
    *(("不低于", "以上"), ("不少于", "及以上"), ("至少", "（含）以上"), ("≥", "或以上"), ("不超过", "以内")),
    *(("不高于", "以下"), ("控制在", "之内"), ("≤", "及以下"), ("约", "左右"), ("大约", "上下")),
]


@holds(600, st.sampled_from(AROUND), figures, units)
def test_a_comparator_means_the_same_before_and_after(words: tuple[str, str], figure: str, unit: str) -> None:
    before, after = words
    assert (
        parse(f"{before}{figure}{unit}") == parse(f"{figure}{unit}{after}") == parse(f"{before}{figure}{unit}{after}")
    )


def is_short_year(quantity: Quantity) -> bool:
    """24年 may be the year 2024; 使用24年 is not."""
    return quantity.unit == "年" and re.fullmatch(r"2\d", str(quantity.number)) is not None


def written(quantity: Quantity) -> str:
    """A quantity in its shortest form."""
    unit, number, upper = quantity.unit or "", f"{quantity.number:f}", f"{quantity.upper or 0:f}"
    return f"{number}~{upper}{unit}" if quantity.upper is not None else f"{quantity.comparator or ''}{number}{unit}"


numerals = st.one_of(figures, st.integers(0, 99_999).map(chinese), st.integers(1000, 10**7).map(lambda n: f"{n:,}"))
befores = st.sampled_from(
    ["", "", "≥", "＜＝", "不低于", "未超过", "约", "控制在", "达到", "完成", "每年", "同比增长", "¥", "-"]
)
afters = st.sampled_from(
    ["", "", "以上", "（含）以上", "以内", "左右", "，全部完成", "（其中农村3个）", "+", "半", "%", "多"]
)
links = st.sampled_from(["-", "~", "至", "—", "～-"])
values = st.builds("".join, st.tuples(befores, numerals, st.one_of(st.just(""), units), afters))
spans = st.builds("".join, st.tuples(befores, numerals, units, links, numerals, units, afters))


@holds(
    1000,
    st.one_of(values, values, spans, cells, odd_cells),
    also=("¥0事故", "02000年", "2,000年", "两千年", "0≤:2000年≤0", "20人(含2023年)以上"),
)
def test_what_was_read_is_read_again_from_its_shortest_form(text: str) -> None:
    quantity = parse(text)
    if quantity.number is None or quantity.unit in NOT_ALONE or is_short_year(quantity):
        return
    again = parse(written(quantity))
    told = quantity._replace(change=None, per=None)  # by the words that the shortest form leaves out
    assert again._replace(kind=quantity.kind, measurable=quantity.measurable) == told
    assert quantity.unit is None or again.kind == quantity.kind


@holds(300, figures, units, figures, units, st.sampled_from([",", "，", "、", ";", " ", "\n", "和", "及", "；每个"]))
def test_of_two_values_none_is_picked(one: str, unit: str, two: str, other: str, gap: str) -> None:
    assume((Decimal(one), unit) != (Decimal(two), other))
    quantity = parse(f"{one}{unit}{gap}{two}{other}")
    assert quantity.number is None
    assert quantity.kind in {"text", "date"}


@holds(300, figures, units, st.sampled_from("⑤²½٣$^_#=<>.×÷\x07\u202e"), st.data())
def test_a_figure_with_something_strange_inside_is_not_read(
    figure: str, unit: str, odd: str, data: st.DataObject
) -> None:
    assume(figure.isdigit() and len(figure) > 1)
    at = data.draw(st.integers(1, len(figure) - 1))
    assume(odd != ".")
    assert parse(f"{figure[:at]}{odd}{figure[at:]}{unit}").number is None


@holds(300, signs, figures, units)
def test_a_value_is_the_same_in_a_cell_and_in_prose(sign: str, figure: str, unit: str) -> None:
    assume(not (unit == "年" and re.fullmatch(r"2\d", figure)))  # in a cell alone it may be a year
    (found,) = find(f"共{sign}{figure}{unit}。")
    assert found.quantity == parse(f"{sign}{figure}{unit}")


@holds(300, figures, units, st.sampled_from(["", "万", "亿"]))
def test_a_value_attains_itself_in_every_notation(figure: str, unit: str, size: str) -> None:
    assume(Decimal(figure) and unit[0] not in "万亿%‰")
    assume(not (unit == "年" and re.fullmatch(r"2\d", figure)))  # in a cell alone it may be a year
    quantity = parse(f"{figure}{size}{unit}")
    plain = Decimal(figure) * {"": 1, "万": 10**4, "亿": 10**8}[size]
    assert attainment(quantity, quantity) == 1
    assert attainment(quantity, parse(f"{plain:f}{unit}")) == 1


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        *(
            ("≥", "≥"),
            ("≧", "≥"),
            ("大于等于", "≥"),
            ("＞＝", "≥"),
            ("不低于（≥）", "≥"),
            ("小于等于", "≤"),
            ("=", "="),
        ),
        *(("等于", "="), ("＜", "<"), ("定性", None), ("正向指标", None), ("", None), ("≥≤", None)),
    ],
)
def test_a_column_names_the_comparator(text: str, sign: str | None) -> None:
    assert named_comparator(text) == sign
