"""Read the quantities written in Chinese performance-budget forms.

`parse` reads one target or actual cell, `find` lists the quantities inside prose, `attainment` compares a target with
an actual. Numbers stay as written (万 is part of the unit). No function raises for any `str`; what cannot be read is
kind "text" with no number: of several values in a cell none is picked.

No library of units (pint) is used: the units here are classifiers and compounds of Chinese words, a closed list with
one kind each, and a registry of physical units costs more to load than a whole check takes.
"""

import re
import unicodedata
from fractions import Fraction
from typing import NamedTuple

from fpcheck import comparator, numeral
from fpcheck.dates import compact, dates
from fpcheck.unit import bare_name, clean_unit, is_multiple, is_rate, is_unit, kind_of, scale, unit_in_name
from fpcheck.worded import Quantity, closed, event_named, remnant, worded, words_only
from fpcheck.written import Written, numbers

__all__ = ["Found", "Quantity", "attainment", "find", "named_comparator", "parse"]


class Found(NamedTuple):
    """A quantity inside prose: `text[start:end]`, and the noun it counts."""

    name: str
    quantity: Quantity
    start: int
    end: int


class _Token(NamedTuple):
    """A number or date of a text; `state` as in `Written`, "bare" for a year alone."""

    start: int
    end: int
    state: str
    quantity: Quantity
    money: bool = False


def _number_token(found: Written) -> _Token:
    if found.state in ("unclear", "broken"):
        return _Token(found.start, found.end, found.state, worded("text", "no"))
    unit = found.unit
    if found.money and is_multiple(unit or "万"):
        unit = f"{unit or ''}元"
    kind = "count" if found.events else kind_of(unit)
    quantity = Quantity(found.sign, found.number, unit, kind, None, "yes", found.upper)
    return _Token(found.start, found.end, found.state, quantity, found.money)


def _scan(text: str, *, dated: bool = True) -> list[_Token]:
    """All numbers and dates in order of a normalised text whose idioms and ordinals were blanked."""
    days = dates(text) if dated else []
    rest = numeral.erase(text, ((day.start, day.end) for day in days))
    found = [_number_token(written) for written in numbers(rest)]
    for day in days:
        quantity = Quantity(day.sign, None, None, "date", day.when, "no" if day.bare else "yes")
        found.append(_Token(day.start, day.end, "bare" if day.bare else "fine", quantity))
    return sorted(found, key=lambda token: token.start)


_RUN = re.compile(r"[A-Za-z\d./—-]+", re.ASCII)  # with a letter in it a code: GB/T1234-2020, A4, 5G


def _all_read(plain: str, tokens: list[_Token], inner: list[bool]) -> bool:
    """Whether every figure of a cell without idioms belongs to a token, a code or a remark in brackets."""
    rest = numeral.erase(plain, ((token.start, token.end) for token in tokens))
    if not any(char.isnumeric() for char in rest):
        return True
    rest = numeral.erase(rest, (m.span() for m in _RUN.finditer(rest) if m[0].lower() != m[0].upper()))
    return not any((char in "0123456789" or numeral.is_odd(char)) and not inner[at] for at, char in enumerate(rest))


def _between(one: _Token, two: _Token, gap: str) -> Quantity | None:
    """The range that two bounds make: ≥70%且≤80%, 大于70%小于80%."""
    low, high = (
        (one.quantity, two.quantity) if one.quantity.comparator in comparator.UP else (two.quantity, one.quantity)
    )
    if low.comparator not in comparator.UP or high.comparator not in comparator.DOWN or not _LINKED.fullmatch(gap):
        return None
    if low.number is None or high.number is None or low.number > high.number or low.unit not in (None, high.unit):
        return None
    return high._replace(comparator="range", number=low.number, upper=high.number)


_LINKED = re.compile("[,;、]?(?:[且并而和]|同时|并且|而且)?")


def _pick(tokens: list[_Token], plain: str, *, timed: bool) -> _Token | None:
    """The one value a cell states, or None when it states several or none, or one that cannot be read.

    A date beside a number is the number's deadline (12月底前完成500人), unless the name asks for a date.
    """
    inner = numeral.remarks(plain)
    outer = [token for token in tokens if not inner[token.start]] or tokens
    if not outer or not _all_read(plain, tokens, inner if outer is not tokens else [False] * len(plain)):
        return None
    figures = [token for token in outer if token.quantity.kind != "date"]
    days = [token for token in outer if token.quantity.kind == "date" and token.state != "bare"]
    values = [token for token in figures if token.state != "per"] or figures or days or outer
    if any(token.state in ("unclear", "broken", "per") for token in values) or (timed and figures and days):
        return None
    if len(figures) < len(outer) and any(token.quantity.unit is None for token in figures):  # 2023年12: of which month?
        return None
    if len(values) == 2:  # noqa: PLR2004 - the two bounds of a range
        one, two = values
        if whole := _between(one, two, plain[one.end : two.start]):
            return two._replace(quantity=whole)
    first = values[0].quantity
    same = len(values) == 1 or ((first.unit or first.date) and len({token.quantity for token in values}) == 1)
    return values[0] if same else None


_RATIO = re.compile("有效率|幅|增速|(?<!效)率|覆盖|合格|达标|完好|到位|比[例重]|[占分]比|满意|知晓|认可|支持度|参与度")
_SOFT_RATIO = "(?:规范|完善|完整|健全|合理|有效|及时|准确)度|性$|情况$|程度$|水平$|数量?$|标准$"
_SLOGAN = (
    "^(?:促进|保障|维护|提[高升]|改善|减轻|推[动进]|加强|增[强加]|优化|确保|带动|完善|保证|"
    "助力|巩固|支持|满足|缓解|发展|营造|引导|弘扬)|(?:提[高升]|改善|发展|稳定|运转|增强|和谐)$|"
    "^(?:社会|经济|生态|可持续)?(?:成本|效益|数量|质量|时效|影响)(?:指标|效益)?$|可持续"
)
_COUNTED = re.compile(
    "数(?![据字])|(?<!质)量|额|面积|里程|长度|成本|费|学时|课时|品种|批次|次|收入|产值|规模|时长|天|年限|"
    "标准|投[资入]|种类|金$|支出|人员|户$|时限|高度|宽度|单价|价格"
)
_TIMED = re.compile("时[间限效]|日期|期限|完成|年度|进度")
_ASKS_DATE = re.compile("时[间限]|日期|期限|年[度份]|截止")


def _judge(q: Quantity, name: str | None, rest: str) -> str:
    """Measurability of a value under its indicator's name; `rest` = the whole cell."""
    label = bare_name(name)
    if q.kind == "date":
        return "yes" if q.measurable == "yes" or _TIMED.search(label) else "partly"
    if q.unit is None:
        none_at_all = q.number == 0 and (q.kind == "count" or event_named(label + rest))
        return "yes" if none_at_all or _COUNTED.search(label) else "partly" if is_rate(name) else "no"
    if q.unit != "%" or not label or _RATIO.search(label + rest) or unit_in_name(name) == "%":
        return "yes"
    return "no" if re.search(_SLOGAN, label) and not re.search(_SOFT_RATIO, label) else "partly"


def _with_unit(token: _Token, name: str | None, unit: str | None) -> Quantity:
    """Complete a value's missing unit, or its 万, from the unit column or the name."""
    q = token.quantity
    found = clean_unit(unit) or unit_in_name(name)
    if token.money:  # ¥ says that it is money, not how much one is
        return q._replace(unit=found) if q.unit == "元" and found and kind_of(found) == "money" else q
    if q.kind == "date" or not is_multiple(q.unit or "万"):
        return q
    if found is None and q.unit is None and is_rate(name) and not 0 < (q.number or 0) <= 1:
        found = "%"
    if q.unit is None or not (found or "").startswith(q.unit):  # 3万 in a column of 万元 is not 万万元
        found = (q.unit or "") + (found or "") or None
    return q if found is None else q._replace(unit=found, kind=kind_of(found))


_UNSEEN = re.compile("[\u00ad\u180e\u200b-\u200f\u2060-\u2064\ufeff]")
_FIGURES = re.compile(rf"(?:\d+(?:\.\d+)?|\d{{4}}\D{{1,2}}\d{{4}})(?:{comparator.AFTER})?", re.ASCII)
_REORDERING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_PARTED = re.compile(r"((?<=[\d,])|(?<=\d)[A-Za-zμ²³°/]{1,6})\s+(?=\d)")  # 12 34个, 5GB 3GHz


def _cell(text: str) -> str:
    """A cell's text normalised, without blanks; a blank or control character inside a figure parts it in two."""
    plain = numeral.normalise(_UNSEEN.sub("", text))
    parted = _PARTED.sub(lambda m: f"{m[1]};" if not m[1] or is_unit(m[1]) else m[0], plain)
    return "".join(";" if unicodedata.category(char) == "Cc" else char for char in re.sub(r"\s+", "", parted))


def parse(text: str, name: str | None = None, unit: str | None = None) -> Quantity:
    """Read one target or actual cell.

    `name` is the indicator's name, which may carry or imply the unit; `unit` the separate 度量单位 column. Never
    raises; unreadable cells are kind "text".
    """
    cell, label = _cell(text), bare_name(name)
    if _REORDERING.search(text):  # what is seen is not what is written
        return worded("text", "no")
    if special := remnant(cell) or closed(cell, label):
        return special
    timed = _ASKS_DATE.search(label) is not None
    figures = _FIGURES.fullmatch(cell, comparator.leading(cell)[1]) is not None
    known = clean_unit(unit) or unit_in_name(name)
    dated = not (figures and ((known or "年") != "年" or (not timed and _COUNTED.search(label))))
    if dated and (day := compact(cell, timed=timed)):
        value = Quantity(day.sign, None, None, "date", day.when, "no" if day.bare else "yes")
        return value._replace(measurable=_judge(value, name, cell))
    plain = numeral.without_idioms(cell)
    tokens = _scan(plain, dated=dated)
    token = _pick(tokens, plain, timed=timed)
    if token is None:
        found = words_only(cell, label)
        return found._replace(measurable="partly") if any(one.state != "broken" for one in tokens) else found
    value = _with_unit(token, name, unit)
    return value._replace(measurable=_judge(value, name, cell))


def named_comparator(text: str) -> str | None:
    """The comparator that a column of its own (指标性质) names: ≥, 大于等于; None for 定性 and the like."""
    return comparator.named(numeral.normalise(text))


_BREAK = (
    r"[^一-龥A-Za-z]|[并且和与及等共达已均将使约至在为的]|以[上下]|左右|用于|完成|开展|进行|实现|得到|"
    "通过|参加|投入|配[备置]|提供|实施|组织|安排|发放|支付|建成|到位"
)


def _name(kind: str, before: str, after: str) -> str:
    """What a quantity counts, from the text up to its neighbours, best effort."""
    head = re.split(r"[^一-龥A-Za-z()]|[并且及]", before[-24:].rstrip(" :(为共计有"))[-1].lstrip("()")[-12:]
    tail = re.split(_BREAK, after[:24].removeprefix("的"), maxsplit=1)[0][:12]
    if kind == "date":
        return re.split("[^一-龥]", after[:12], maxsplit=1)[0] or head
    first_head = kind in ("percent", "money") and not after.startswith("的")
    return head or tail if first_head or len(tail) == 1 else tail or head


_LIST = re.compile(r"(?<=[条项点类面])(?:目标|任务|工作|内容)?[ ]?(?:并列|\([^()]{0,12}\))?[ ]?:")


def _heads_a_list(folded: str, token: _Token) -> bool:
    """Tell the count that opens a list (三条: …) from one of things done."""
    opens = not folded[: token.start].rstrip()[-1:].isalnum()
    return opens and _LIST.match(folded, token.end) is not None


_LOOSE = re.compile(r"(?<=[一-龥])[ \t]{1,3}(?=[^一二两三四五六七八九十\s])|(?<=[^一二两三四五六七八九十\s])[ \t]{1,3}(?=[一-龥])")


def _closed_up(text: str) -> tuple[str, list[int]]:
    """A text without the blanks between words and figures (2023 年 9 月底前), and where each character stood."""
    pieces, places, at = [], [], 0
    for blank in _LOOSE.finditer(text):
        pieces.append(text[at : blank.start()])
        places += range(at, blank.start())
        at = blank.end()
    return "".join((*pieces, text[at:])), [*places, *range(at, len(text))]


def find(text: str) -> list[Found]:
    """All quantities in a prose text, in order; offsets are those of `text`.

    Bare numbers, ordinals, fixed phrases, quoted text, document numbers, heads of lists and counts of sums (三个30万元)
    are left out. A year without 底, 末, 前 or 内 is measurable "no". Never raises.
    """
    folded = numeral.normalise(text)
    closed_up, places = _closed_up(numeral.without_idioms(numeral.without_quotes(folded)))
    scanned = [t for t in _scan(closed_up) if t.quantity.unit or t.quantity.kind == "date"]
    placed = [t._replace(start=places[t.start], end=places[t.end - 1] + 1) for t in scanned]
    sums = {t.start for t in placed if t.quantity.kind == "money"}
    tokens = [t for t in placed if not _heads_a_list(folded, t) and t.end not in sums]
    starts, ends = [*(t.start for t in tokens[1:]), len(folded)], [0, *(t.end for t in tokens)]
    bounds = zip(tokens, ends, starts, strict=False)
    return [
        Found(_name(t.quantity.kind, folded[a : t.start], folded[t.end : b]), t.quantity, t.start, t.end)
        for t, a, b in bounds
    ]


def _comparable(target: str | None, actual: str | None) -> Fraction | None:
    """How many target units one actual unit is; None when they do not convert."""
    if target is None or actual is None or target == actual:
        free = actual is None or target == actual or kind_of(actual) in ("count", "number")
        return Fraction(1) if free else None
    (one, size), (other, per) = scale(target), scale(actual)
    counts = kind_of(target) == kind_of(actual) == "count" and "个" in (one, other)
    return per / size if one == other or counts else None


def attainment(target: Quantity, actual: Quantity) -> Fraction | None:
    """完成率 as a ratio: actual/target, for ≤ and < targets target/actual.

    Inside a range target it is 1, outside the ratio to the nearer bound. The actual's own comparator is ignored. None
    when either has no number, the units do not convert, or the divisor is zero.
    """
    factor = _comparable(target.unit, actual.unit)
    if target.number is None or actual.number is None or factor is None:
        return None
    goal, done = Fraction(target.number), Fraction(actual.number) * factor
    if target.upper is not None and done > goal:
        goal = min(done, Fraction(target.upper))
    over = target.comparator in ("≤", "<") or (target.comparator == "range" and done > goal)
    part, whole = (goal, done) if over else (done, goal)
    return part / whole if whole else None
