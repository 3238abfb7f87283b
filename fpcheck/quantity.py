"""Read the quantities written in Chinese performance-budget forms.

`parse` reads one target or actual cell, `find` lists the quantities inside prose, `attainment` compares a target with
an actual. Numbers stay as written (万 is part of the unit). No function raises for any `str`; what cannot be read is
kind "text" with no number: of several values in a cell none is picked.

No library of units (pint) is used: the units here are classifiers and compounds of Chinese words, a closed list with
one kind each, and a registry of physical units costs more to load than a whole check takes.
"""

import re
from fractions import Fraction
from functools import cache

from fpcheck import comparator, numeral, relative
from fpcheck.cell import plain_cell
from fpcheck.dates import compact
from fpcheck.lexicon import any_of
from fpcheck.prose import Found, find
from fpcheck.tokens import Token, date_token, is_foreign, pick, scan
from fpcheck.unfigured import unfigured
from fpcheck.unit import RANKS, bare_name, clean_unit, is_multiple, is_rate, kind_of, unit_in_name
from fpcheck.worded import Quantity, closed, event_named, remnant, worded
from fpcheck.wording import COUNTED, LEVEL2, MANNERS, MEASURED, MONEY, RATES, SLOGANS, TIMED, Wording

__all__ = ["Found", "Quantity", "attainment", "find", "named_comparator", "parse"]


_ASKS_DATE = re.compile(any_of("名称问日期"))
_ASKS_AGE = re.compile(any_of("名称问年龄"))
_ASKS_SPAN = re.compile(any_of("名称问多久"))
_MONTHLY = re.compile(any_of("每月的事"))
_ASKS_LENGTH = re.compile(any_of("名称问年数"))


@cache
def _shipped() -> Wording:
    from fpcheck.wordlists import shipped_wording  # noqa: PLC0415 - a check brings the wording of its own rules

    return shipped_wording()


def _judge(q: Quantity, name: str | None, rest: str, wording: Wording) -> str:
    """Measurability of a value under its indicator's name; `rest` = the whole cell."""
    label = bare_name(name)
    if q.kind == "date":
        return "yes" if q.measurable == "yes" or wording.has(TIMED, label) else "partly"
    if q.unit is None or is_multiple(q.unit) or _OF_WHAT.match(q.unit):
        return _judge_bare(q, label, rest, wording)
    if (q.unit != "%" and wording.has(LEVEL2, label)) or (q.kind == "count" and wording.has(MONEY, label[-_ENDING:])):
        return "partly"  # 数量指标 5个, 工作经费 1项: of what?
    if q.unit == "分" and label.endswith("率"):  # the points of the column beside
        return "no"
    rate = q.change or q.unit != "%" or not label or wording.has(RATES, label) or wording.has(RATES, rest)
    if rate or unit_in_name(name) == "%":
        return "yes"
    return "no" if wording.has(SLOGANS, label) and not wording.has(MANNERS, label) else "partly"


def _judge_bare(q: Quantity, label: str, rest: str, wording: Wording) -> str:
    """Measurability of a figure without a unit: yes where the name says what is counted, no under a slogan."""
    if q.number == 0 and (q.kind == "count" or event_named(label + rest)):
        return "yes"
    counted, sized = wording.has(COUNTED, label), wording.has(MEASURED, label) or wording.has(MONEY, label)
    if _ACID.search(label + rest) or (counted and not sized):
        return "yes"
    empty = not label or wording.has(SLOGANS, label) or wording.has(MANNERS, label)
    return "no" if empty and not is_rate(label) and not counted else "partly"


def _with_unit(token: Token, name: str | None, unit: str | None) -> Quantity:
    """Complete a value's missing unit, or its 万, from the unit column or the name."""
    q = token.quantity
    found = clean_unit(unit) or unit_in_name(name)
    if token.money:  # ¥ says that it is money, not how much one is
        return q._replace(unit=found) if q.unit == "元" and found and kind_of(found) == "money" else q
    if (q.unit or "").startswith("/") and found:  # 3600/人 in a column of 元 or 元/人
        whole = found if found.endswith(q.unit or "") else f"{found}{q.unit}"
        return q._replace(unit=whole, kind=kind_of(whole))
    if q.kind == "date" or not is_multiple(q.unit or "万"):
        return q
    if found is None and q.unit is None and is_rate(name) and not 0 < (q.number or 0) <= 1:
        found = "%"
    if q.unit is None or not (found or "").startswith(q.unit):  # 3万 in a column of 万元 is not 万万元
        found = (q.unit or "") + (found or "") or None
    return q if found is None else q._replace(unit=found, kind=kind_of(found))


_FIGURES = re.compile(rf"(?:\d+(?:\.\d+)?|\d{{4}}\D{{1,2}}\d{{4}})(?:{comparator.AFTER})?", re.ASCII)
_SHORT_YEAR = re.compile(r"2\d年(?:[度内初前]|[春夏秋冬].*)?", re.ASCII)
_MONTHS = re.compile(r"\d{1,2}月", re.ASCII)  # under 工期: three months, or March?
_DAY_BEFORE = re.compile(r"(\d{1,2})日(之?前|以前)", re.ASCII)
_SEASON = re.compile(rf"{numeral.SEASON}(?P<edge>[一-龥]{{1,12}}前$)?")
_ACID = re.compile("[pP][hH]")  # has no unit
_ENDING = 2
_OF_WHAT = re.compile(r"/\D")  # 3600/人: of what?
_REORDERING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def parse(text: str, name: str | None = None, unit: str | None = None, wording: Wording | None = None) -> Quantity:
    """Read one target or actual cell.

    `name` is the indicator's name, which may carry or imply the unit; `unit` the separate 度量单位 column; `wording`
    the word lists that tell what can be checked, without it those of the shipped rules. Never raises; unreadable cells
    are kind "text".

    ±5% is the range from -5 to 5. Of several values the level reached (由30分钟缩短至8分钟) or the sum (每村2名,共36名)
    is the one stated; several dates are none. A limit that stands elsewhere (≤预算数) is money with a comparator
    alone, an event that takes place or not (未发生, 通过验收) a boolean; only 零事故 and 0起 write the number 0.
    """
    wording = wording or _shipped()
    cell, label = plain_cell(text), bare_name(name)
    if special := _at_once(text, cell, label, wording):
        return special
    timed = _ASKS_DATE.search(label) is not None
    if timed and _DAY_BEFORE.fullmatch(cell) and _MONTHLY.search(label):
        cell = f"每月{cell}"
    figures = _FIGURES.fullmatch(cell, comparator.leading(cell)[1]) is not None
    known = clean_unit(unit) or unit_in_name(name)
    dated = not (figures and ((known or "年") != "年" or (not timed and wording.has(COUNTED, label))))
    if dated and (day := compact(cell, timed=timed)):
        value = date_token(day).quantity
        return value._replace(measurable=_judge(value, name, cell, wording))
    plain = numeral.without_idioms(numeral.without_names(cell))
    plain = plain if _ASKS_AGE.search(label) else numeral.without_ages(plain)
    tokens = scan(plain, dated=dated)
    token = pick(tokens, plain, timed=timed)
    if token is None:
        found = unfigured(cell, label, wording)
        season = found.measurable != "yes" and _SEASON.match(cell)
        unsure = season or any(one.state != "broken" for one in tokens)
        return found._replace(measurable="yes" if season and season["edge"] else "partly") if unsure else found
    value = _value(token, plain, name, unit)
    read = value.number is not None or value.kind == "date"
    return value._replace(measurable=_judge(value, name, cell, wording)) if read else value


def _at_once(text: str, cell: str, label: str, wording: Wording) -> Quantity | None:
    """A cell that is told without looking at its figures."""
    if _REORDERING.search(text):  # what is seen is not what is written
        return worded("text", "no")
    if _MONTHS.fullmatch(cell) and _ASKS_SPAN.search(label):
        return worded("text", "partly")
    if _SHORT_YEAR.fullmatch(cell) and not _ASKS_LENGTH.search(label):  # 24 years, or the year 2024?
        return worded("text", "partly")
    return remnant(cell, wording) or closed(cell, label, wording)


def _value(token: Token, plain: str, name: str | None, unit: str | None) -> Quantity:
    """The value of a token with its unit and what it is relative to; of a rank or what is doubtful no number."""
    value, before = _with_unit(token, name, unit), plain[: token.start]
    if value.unit in RANKS:
        return worded("enum", "partly")
    if is_foreign(value.number, value.unit) or ((value.number or 0) < 0 and relative.change(before, "")):  # 增长负5%
        return worded("text", "partly")
    return relative.related(value, plain, token.start, token.end, bare_name(name))


def named_comparator(text: str) -> str | None:
    """The comparator that a column of its own (指标性质) names: ≥, 大于等于; None for 定性 and the like."""
    return comparator.named(numeral.normalise(text))


def attainment(target: Quantity, actual: Quantity) -> Fraction | None:
    """完成率 as a ratio: actual/target, for ≤ and < targets target/actual.

    Inside a range target it is 1, outside the ratio to the nearer bound. The actual's own comparator is ignored. None
    when either has no number, the units do not convert, one is a change or a rate and the other is not the same, or the
    divisor is zero.
    """
    factor = relative.factor(target, actual)
    if target.number is None or actual.number is None or factor is None:
        return None
    goal, done = Fraction(target.number), Fraction(actual.number) * factor
    if target.upper is not None and done > goal:
        goal = min(done, Fraction(target.upper))
    over = target.comparator in ("≤", "<") or (target.comparator == "range" and done > goal)
    part, whole = (goal, done) if over else (done, goal)
    return part / whole if whole else None
