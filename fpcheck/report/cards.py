"""The scorecard, told to people and to programs; points are rounded to two decimals here and nowhere else."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from fpcheck.card import Card, CardIndicator, CardPoint, PrintedTotal
from fpcheck.engine.figures import decimal, plain

TITLE = "评价得分估算"
WHAT = "按财政评价的指标框架和填报的数估算，不是自评得分"
MOST = 3


def in_short(card: Card) -> str:
    """Tell a card in one line, and the printed totals that lie outside its range."""
    outside = "".join(f"；{_compared(printed, card)}" for printed in card.printed if printed.side != "within")
    return f"{TITLE}（{WHAT}）：{_settled(card)}；{_range(card)}{outside}"


def in_brief(card: Card) -> Iterator[str]:
    """Tell a card in at most five lines: what is settled, the range, its parts, what was lost, printed totals."""
    yield f"{TITLE}（{WHAT}）：{_settled(card)}"
    yield f"    {_range(card)}，逐处见 --format json"
    yield f"    {'；'.join(_parts(card))}"
    points = [(point.weight - point.high, item.name, point.reason) for item in card.indicators for point in item.points]
    lost = sorted((found for found in points if found[0]), key=lambda found: -found[0])
    if lost:
        yield f"    扣分：{'；'.join(f'{name} {_shown(less)} 分，{reason}' for less, name, reason in lost[:MOST])}"
    if card.printed:
        yield f"    {'；'.join(_compared(printed, card) for printed in card.printed)}"


def in_full(card: Card) -> Iterator[str]:
    """Tell the card of a district, checkpoint by checkpoint."""
    year = f" · {card.year} 年" if card.year else ""
    yield f"== {TITLE} · {card.project}{year} · {card.units} 个单位"
    yield f"   {card.title}，依据{card.basis}"
    yield f"   {WHAT}：{_settled(card)}"
    yield f"   {_range(card)}"
    for item in card.indicators:
        yield f"     【{item.category}】{item.dimension} · {item.name} {plain(item.weight)} 分：{_between(item)}"
        for point in item.points:
            yield f"       · {point.text}，{plain(point.weight)} 分：{_between(point)}；{point.reason}"


def _range(card: Card) -> str:
    """Tell the total's range and the grades."""
    ends = [*dict.fromkeys([*card.grades[-1:], *card.grades[:1]])]
    grades = f"等级 {'—'.join(ends)}" if ends else "没有生效的等级分数线"
    low, high = _ends_of(card)
    return f"总分 {low if low == high else f'{low}—{high}'} 分，{grades}"


def _ends_of(card: Card) -> tuple[str, str]:
    return _shown(card.least), _shown(card.most)


def _between(item: CardIndicator | CardPoint) -> str:
    low, high = _shown(item.low), _shown(item.high)
    return low if low == high else f"{low}—{high}"


def _settled(card: Card) -> str:
    left = f"{_shown(card.most - card.least)} 分要由人评（{card.open_points} 处）"
    settled = f"满分 {plain(card.full)} 分，得 {_shown(card.least)} 分，扣 {_shown(card.full - card.most)} 分"
    return f"{settled}，{left if card.open_points else '没有要由人评的'}"


def _parts(card: Card) -> Iterator[str]:
    """Tell the range of each 一级指标."""
    for category in dict.fromkeys(item.category for item in card.indicators):
        own = [item for item in card.indicators if item.category == category]
        weight, low, high = (
            sum((getattr(item, end) for item in own), Fraction(0)) for end in ("weight", "low", "high")
        )
        yield f"{category} {plain(weight)} 分：{_shown(low)}—{_shown(high)}"


def _compared(printed: PrintedTotal, card: Card) -> str:
    grade = isinstance(printed.value, str)
    said = f"{printed.field} {_stated(printed)}{'' if grade else ' 分'}"
    if printed.side == "within":
        return f"{said}，在这个范围内"
    above = printed.side == "above"
    if grade:
        side = f"高于可能的最高等级 {card.grades[0]}" if above else f"低于可能的最低等级 {card.grades[-1]}"
    else:
        side = f"高于可能的最高分 {_ends_of(card)[1]} 分" if above else f"低于至少能得的 {_ends_of(card)[0]} 分"
    return f"{said}，{side}（口径不同，只作提醒）"


def _stated(printed: PrintedTotal) -> str:
    return printed.value if isinstance(printed.value, str) else plain(printed.value)


def _shown(points: Fraction) -> str:
    return f"{decimal(points, 2):f}"


def as_json(card: Card) -> dict[str, Any]:
    """Give a card in the shape outside programs rely on; points are strings with two decimals."""
    return {
        "submission": card.submission,
        "project": card.project,
        "year": card.year,
        "units": card.units,
        "title": card.title,
        "basis": card.basis,
        "reason": card.absent,
        "total": None if card.absent else _total(card),
        "indicators": [_indicator(item) for item in card.indicators],
        "printed": [_printed(stated, card) for stated in card.printed],
    }


def _printed(printed: PrintedTotal, card: Card) -> dict[str, Any]:
    return {"field": printed.field, "value": _stated(printed), "side": printed.side, "text": _compared(printed, card)}


def _total(card: Card) -> dict[str, Any]:
    return {
        "full": plain(card.full),
        "low": _shown(card.least),
        "high": _shown(card.most),
        "lost": _shown(card.full - card.most),
        "open": _shown(card.most - card.least),
        "open_points": card.open_points,
        "grades": list(card.grades),
        "text": f"{_settled(card)}；{_range(card)}",
    }


def _indicator(item: CardIndicator) -> dict[str, Any]:
    return {
        "category": item.category,
        "dimension": item.dimension,
        "name": item.name,
        "weight": plain(item.weight),
        **_ends(item),
        "points": [
            {
                "text": point.text,
                "weight": plain(point.weight),
                **_ends(point),
                "status": point.status,
                "reason": point.reason,
            }
            for point in item.points
        ],
    }


def _ends(item: CardIndicator | CardPoint) -> dict[str, str]:
    return {"low": _shown(item.low), "high": _shown(item.high)}
