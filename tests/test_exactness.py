"""Exactness and Kleene's logic against computations of the tests' own: fractions, truth tables, orders, more values."""

import random
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from conformance import bench
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fpcheck.engine.evaluate import evaluate
from fpcheck.engine.scalar import round_to, rounded
from fpcheck.engine.unknown import Interval, Unknown, compare_interval, conjoin, disjoin, gap, negate
from fpcheck.rulebook import ir
from fpcheck.rulebook.lower import LARGEST, lower
from fpcheck.terms import Type

LARGEST_AMOUNT = 10**14 - 1  # 分
SIGNS: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    "≤": lambda a, b: a <= b,
    "=": lambda a, b: a == b,
    "≠": lambda a, b: a != b,
    ">": lambda a, b: a > b,
    "≥": lambda a, b: a >= b,
}
TURNED = {"<": ">", "<=": ">=", "≤": "≥", "=": "=", "≠": "≠", ">": "<", "≥": "≤"}
cents = st.one_of(st.integers(0, LARGEST_AMOUNT), st.integers(0, 5000))
percents = st.one_of(st.integers(0, 200).map(Fraction), st.integers(0, 20_000_000).map(lambda n: Fraction(n, 10**5)))
signs = st.sampled_from(sorted(SIGNS))
MANY = settings(max_examples=150, deadline=None, derandomize=True)
SOME = settings(max_examples=150, deadline=None, derandomize=True)


def yuan(amount: int) -> str:
    return f"{amount // 100}.{amount % 100:02d}元"


def decimal(number: Fraction) -> str:
    """Write a fraction with at most five decimals."""
    whole, rest = divmod(number * 10**5, 10**5)
    return f"{int(whole)}.{int(rest):05d}".rstrip("0").rstrip(".")


def verdict(text: str, given: dict[str, Any], table: str = "项目") -> bool | str:
    """Evaluate on both forms, which must agree."""
    typed, lowered = (said for _, _, said in bench.both({"式": text, "给定": given, "对象": table}))
    assert typed == lowered
    return {"是": True, "否": False}.get(typed.value, typed.value)


@MANY
@given(cents, cents, percents, signs)
@example(1_995_000, 2_100_000, Fraction(95), "<")
@example(53_410_000, 57_690_000, Fraction(95), "<")
def test_a_rate_is_judged_as_the_fraction_it_is(spent: int, given_out: int, percent: Fraction, sign: str) -> None:
    row = {"支出金额": yuan(spent), "下达金额": yuan(given_out)}
    said = verdict(f"支出金额 / 下达金额 {sign} {decimal(percent)}%", row)
    turned = verdict(f"{decimal(percent)}% {TURNED[sign]} 支出金额 / 下达金额", row)
    wanted = SIGNS[sign](Fraction(spent, given_out), percent / 100) if given_out else bench.UNKNOWN
    assert said == turned == wanted


@MANY
@given(st.integers(1, 10**9), st.integers(1, 200), signs, st.sampled_from([-1, 0, 1]))
def test_one_cent_beside_the_threshold(unit: int, percent: int, sign: str, step: int) -> None:
    given_out = unit * 100  # so that the threshold falls on a 分
    spent = unit * percent + step
    said = verdict(f"支出金额 / 下达金额 {sign} {percent}%", {"支出金额": yuan(spent), "下达金额": yuan(given_out)})
    wanted = {-1: sign in ("<", "<=", "≤", "≠"), 0: "=" in sign or sign in "≤≥", 1: sign in (">", "≥", "≠")}[step]
    assert said is wanted
    assert wanted is SIGNS[sign](Fraction(spent, given_out), Fraction(percent, 100))


@SOME
@given(cents, cents, cents, percents, signs)
def test_a_divisor_below_zero_turns_nothing_round(
    spent: int, more: int, less: int, percent: Fraction, sign: str
) -> None:
    row = {"支出金额": yuan(spent), "下达金额": yuan(more), "到位金额": yuan(less)}
    said = verdict(f"支出金额 / (下达金额 - 到位金额) {sign} {decimal(percent)}%", row)
    wanted = SIGNS[sign](Fraction(spent, more - less), percent / 100) if more != less else bench.UNKNOWN
    assert said == wanted


@SOME
@given(st.lists(st.tuples(st.integers(0, 10**8), st.integers(0, 10**8)), min_size=1, max_size=6), percents, signs)
def test_a_rate_of_sums_is_exact(rows: list[tuple[int, int]], percent: Fraction, sign: str) -> None:
    funds = [{"全年执行数": yuan(spent), "全年预算数": yuan(planned)} for spent, planned in rows]
    said = verdict(f"合计(资金.全年执行数) / 合计(资金.全年预算数) {sign} {decimal(percent)}%", {"资金": funds})
    total = sum(planned for _, planned in rows)
    rate = Fraction(sum(spent for spent, _ in rows), total) if total else None
    assert said == (bench.UNKNOWN if rate is None else SIGNS[sign](rate, percent / 100))


@SOME
@given(st.fractions(-2, 2, max_denominator=2 * LARGEST), st.fractions(-2, 2, max_denominator=999), signs)
def test_bounds_too_long_for_whole_numbers_stay_exact(bound: Fraction, rate: Fraction, sign: str) -> None:
    quotient = ir.Arith("/", const(rate.numerator), const(rate.denominator), Type.RATIO)
    for op in ("<", "<=", "="):
        for left, right in ((quotient, const(bound, Type.RATIO)), (const(bound, Type.RATIO), quotient)):
            node = ir.Compare(op, left, right)
            sides = (rate, bound) if left is quotient else (bound, rate)
            assert evaluate(node, bench.environment({})) is SIGNS[op](*sides)
            assert evaluate(lower(node), bench.environment({})) is SIGNS[op](*sides)
            fits = max(abs(bound.numerator), bound.denominator) <= LARGEST
            assert isinstance(lower(node), ir.CompareQuotient) is fits


def const(value: Fraction | int, kind: Type = Type.COUNT) -> ir.Const:
    return ir.Const(Fraction(value), kind)


def test_products_of_lowered_comparisons_stay_below_two_to_the_63() -> None:
    assert LARGEST * LARGEST_AMOUNT < 2**63
    assert (LARGEST + 1) * (LARGEST_AMOUNT + 1) >= 2**63  # no bound is refused without need


@SOME
@given(st.fractions(-1000, 1000, max_denominator=10**6), st.integers(0, 4))
@example(Fraction(5, 2), 0)
@example(Fraction(-5, 2), 0)
@example(Fraction(1, 200), 2)
def test_rounding_takes_the_nearest_and_halves_away_from_zero(value: Fraction, places: int) -> None:
    step = Fraction(1, 10**places)
    found = rounded(value, step)
    assert (found / step).denominator == 1
    assert abs(found - value) <= step / 2
    if abs(found - value) == step / 2:
        assert abs(found) > abs(value)
    assert round_to(value, Fraction(places), Type.NUMBER) == found
    assert round_to(value, Fraction(places), Type.MONEY) == rounded(value / 100, step) * 100
    assert round_to(value, Fraction(places), Type.RATIO) == rounded(value * 100, step) / 100


# Kleene's logic: trees over known and missing amounts, against truth tables of the test's own

LEAVES = {
    "支出金额": True,
    "下达金额": False,
    "到位金额": None,
    "批复金额": None,
    "年初预算数": True,
    "全年预算数": False,
}
GIVEN = {"支出金额": "1元", "下达金额": "0元", "年初预算数": "2元", "全年预算数": "0元"}
TABLE_AND = {(a, b): min(a, b) for a in (0, 1, 2) for b in (0, 1, 2)}  # 0 false, 1 unknown, 2 true
TABLE_OR = {(a, b): max(a, b) for a in (0, 1, 2) for b in (0, 1, 2)}
RANK = {False: 0, None: 1, True: 2}
WORDS = {0: False, 1: bench.UNKNOWN, 2: True}
Tree = Any

leaves = st.sampled_from(sorted(LEAVES))
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.tuples(st.just("非"), inner),
        st.tuples(st.sampled_from(["且", "或"]), inner, inner),
        st.tuples(st.sampled_from(["且", "或"]), inner, inner, inner),
    ),
    max_leaves=9,
)


def written(tree: Tree) -> str:
    if isinstance(tree, str):
        return f"{tree} > 0"
    if tree[0] == "非":
        return f"非 ({written(tree[1])})"
    return f" {tree[0]} ".join(f"({written(item)})" for item in tree[1:])


def meant(tree: Tree, leaf: dict[str, bool | None]) -> int:
    if isinstance(tree, str):
        return RANK[leaf[tree]]
    items = [meant(item, leaf) for item in tree[1:]]
    if tree[0] == "非":
        return 2 - items[0]
    table = TABLE_AND if tree[0] == "且" else TABLE_OR
    result = items[0]
    for item in items[1:]:
        result = table[result, item]
    return result


@MANY
@given(trees)
def test_logic_is_kleenes(tree: Tree) -> None:
    assert verdict(written(tree), GIVEN) == WORDS[meant(tree, LEAVES)]


@SOME
@given(trees, st.randoms(use_true_random=False))
def test_the_order_of_operands_never_matters(tree: Tree, chance: random.Random) -> None:
    text, turned = written(tree), written(_shuffled(tree, chance))
    env = bench.environment({"给定": GIVEN})
    assert evaluate(bench.compiled(text), env) == evaluate(bench.compiled(turned), env)


def _shuffled(tree: Tree, chance: random.Random) -> Tree:
    if isinstance(tree, str):
        return tree
    items = [_shuffled(item, chance) for item in tree[1:]]
    chance.shuffle(items)
    return (tree[0], *items)


@MANY
@given(trees, st.sampled_from(["到位金额", "批复金额"]), st.sampled_from(["0元", "3元"]))
def test_filling_a_missing_value_never_turns_a_verdict(tree: Tree, field: str, amount: str) -> None:
    before, after = verdict(written(tree), GIVEN), verdict(written(tree), {**GIVEN, field: amount})
    assert before in (bench.UNKNOWN, after)
    filled = {**LEAVES, field: amount != "0元"}
    assert after == WORDS[meant(tree, filled)]


COMPARED = ["支出金额", "下达金额", "到位金额", "批复金额", "1元", "支出金额 + 到位金额", "下达金额 - 批复金额"]
comparisons = st.one_of(
    st.tuples(st.sampled_from(COMPARED), signs, st.sampled_from(COMPARED)).map(" ".join),
    st.tuples(
        st.sampled_from(COMPARED[:4]), st.sampled_from(COMPARED[:4]), signs, st.sampled_from(["50%", "100%"])
    ).map(lambda parts: f"{parts[0]} / {parts[1]} {parts[2]} {parts[3]}"),
)
joined = st.lists(st.tuples(st.booleans(), comparisons), min_size=1, max_size=4)


@MANY
@given(
    joined,
    st.sampled_from([" 且 ", " 或 "]),
    st.dictionaries(st.sampled_from(COMPARED[:4]), st.integers(0, 2)),
    st.data(),
)
def test_more_values_never_turn_a_comparison(
    parts: list[tuple[bool, str]], word: str, known: dict[str, int], data: st.DataObject
) -> None:
    text = word.join(f"非 {part}" if turned else part for turned, part in parts)
    given_ = {name: f"{amount}元" for name, amount in known.items()}
    before = verdict(text, given_)
    field = data.draw(st.sampled_from(COMPARED[:4]))
    after = verdict(text, {field: f"{data.draw(st.integers(0, 2))}元", **given_})
    assert before in (bench.UNKNOWN, after)


# rows

amounts = st.sampled_from(["", "0元", "1元", "2元", "若干"])
funds = st.lists(st.fixed_dictionaries({"来源": st.sampled_from(["甲", "乙", ""]), "全年预算数": amounts}), max_size=5)
AGGREGATES = [
    *("合计(资金.全年预算数) > 2元", '合计(资金.全年预算数, 来源 = "甲") > 1元', '个数(资金, 来源 = "甲") = 2'),
    *("最大(资金.全年预算数) > 1元", '最小(资金.全年预算数, 来源 = "乙") < 1元', "平均(资金.全年预算数) = 1元"),
    *("个数不同(资金.全年预算数) = 2", "存在(资金, 全年预算数 > 1元)", '全部(资金, 来源 = "甲" 或 全年预算数 > 0)'),
    "没有(资金, 全年预算数 / 1元 > 100%)",
]


@MANY
@given(funds, st.sampled_from(AGGREGATES), st.randoms(use_true_random=False))
def test_the_order_of_rows_never_matters(rows: list[dict[str, str]], text: str, chance: random.Random) -> None:
    turned = chance.sample(rows, len(rows))
    assert verdict(text, {"资金": rows}) == verdict(text, {"资金": turned})


@MANY
@given(funds, st.sampled_from(AGGREGATES), st.data())
def test_filling_a_cell_never_turns_an_aggregate(rows: list[dict[str, str]], text: str, data: st.DataObject) -> None:
    filled = [
        {
            "来源": row["来源"] or data.draw(st.sampled_from(["甲", "乙"])),
            "全年预算数": row["全年预算数"] if row["全年预算数"] in ("0元", "1元", "2元") else "1元",
        }
        for row in rows
    ]
    before, after = verdict(text, {"资金": rows}), verdict(text, {"资金": filled})
    assert before in (bench.UNKNOWN, after)
    # 最大 最小 平均 of no row stay missing; everything else is decided once every cell is
    assert after != bench.UNKNOWN or text[:2] in ("最大", "最小", "平均")


@MANY
@given(funds)
def test_aggregates_are_what_a_loop_over_the_rows_gives(rows: list[dict[str, str]]) -> None:
    value = {"0元": 0, "1元": 100, "2元": 200}
    kept: list[int | None] = []
    for row in rows:
        if row["来源"] == "甲":
            kept.append(value.get(row["全年预算数"]))
        elif not row["来源"]:
            kept.append(None)
    decided = None not in kept
    names = ("合计", "最大", "最小", "平均", "个数不同")
    nodes = [bench.compiled(f'{fn}(资金.全年预算数, 来源 = "甲")') for fn in names]
    env = bench.environment({"给定": {"资金": rows}})
    found = dict(zip(names, [evaluate(node, env) for node in nodes], strict=True))
    if not decided:
        assert all(isinstance(one, Unknown) for one in found.values())
        return
    assert found["合计"] == sum(kept)
    assert found["个数不同"] == len(set(kept))
    if kept:
        assert (found["最大"], found["最小"]) == (max(kept), min(kept))
        assert found["平均"] == Fraction(sum(kept), len(kept))
    else:
        assert all(isinstance(found[fn], Unknown) for fn in ("最大", "最小", "平均"))


def test_an_environment_keeps_nothing_of_an_expression_that_is_gone() -> None:
    env = bench.environment({"给定": {"资金": [{"全年预算数": "1元"}, {"全年预算数": "3元"}]}})
    for fn, cents in (("合计", 400), ("最大", 300), ("最小", 100), ("平均", 200)) * 3:
        assert evaluate(bench.compiled(f"{fn}(资金.全年预算数)"), env) == cents, fn


@MANY
@given(funds)
def test_quantifiers_are_kleenes_over_the_rows(rows: list[dict[str, str]]) -> None:
    ranks = [{"0元": 0, "1元": 2, "2元": 2}.get(row["全年预算数"], 1) for row in rows]
    said = {fn: verdict(f"{fn}(资金, 全年预算数 > 0)", {"资金": rows}) for fn in ("存在", "全部", "没有")}
    assert said["存在"] == WORDS[max(ranks, default=0)]
    assert said["全部"] == WORDS[min(ranks, default=2)]
    assert said["没有"] == WORDS[2 - max(ranks, default=0)]


# the connectives by themselves, and counts known only as an interval

truths = st.sampled_from([True, False, gap("甲", "未填"), gap("乙", "认不出")])


@SOME
@given(st.lists(truths, max_size=6))
def test_connectives_name_every_gap_and_no_other(items: list[Any]) -> None:
    gaps = frozenset().union(*(item.gaps for item in items if isinstance(item, Unknown)))
    wanted_and = False if False in items else Unknown(gaps) if gaps else True
    wanted_or = True if True in items else Unknown(gaps) if gaps else False
    assert conjoin(items) == conjoin(reversed(items)) == wanted_and
    assert disjoin(items) == disjoin(reversed(items)) == wanted_or
    assert negate(disjoin(items)) == conjoin(map(negate, items))


@SOME
@given(st.integers(0, 4), st.integers(0, 4), st.integers(0, 6), st.sampled_from(["<", "<=", "="]), st.booleans())
def test_an_interval_is_compared_as_all_its_counts(low: int, width: int, bound: int, op: str, turned: bool) -> None:
    counts = Interval(low, low + width)
    sides = (Fraction(bound), counts) if turned else (counts, Fraction(bound))
    answers = {SIGNS[op](*((bound, count) if turned else (count, bound))) for count in range(low, low + width + 1)}
    said = compare_interval(op, *sides)
    assert (said in answers) if len(answers) == 1 else isinstance(said, Unknown)


@SOME
@given(st.integers(0, 4), st.integers(0, 6), st.sampled_from(["<", "<=", "="]), st.booleans())
def test_a_count_without_bound_is_compared_as_all_its_counts(low: int, bound: int, op: str, turned: bool) -> None:
    sides = (Fraction(bound), Interval(low, None)) if turned else (Interval(low, None), Fraction(bound))
    answers = {SIGNS[op](*((bound, count) if turned else (count, bound))) for count in range(low, 20)}
    said = compare_interval(op, *sides)
    assert (said in answers) if len(answers) == 1 else isinstance(said, Unknown)
