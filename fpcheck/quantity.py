"""Read the quantities written in Chinese performance-budget forms.

`parse` reads one target or actual cell, `find` lists the quantities inside prose, `attainment` compares a target with
an actual. Numbers stay as written (万 is part of the unit). No function raises for any `str`; what cannot be read is
kind "text" with no number.
"""

import re
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from fpcheck import numeral
from fpcheck.dates import dates
from fpcheck.unit import bare_name, clean_unit, is_rate, is_unit, kind_of, scale, unit_in_name
from fpcheck.written import SIGN, SIGNS, Written, numbers


class Quantity(NamedTuple):
    """One quantity: what is compared, with which figure, in which unit.

    `comparator` is "≥" "≤" "=" ">" "<" "≈" "range" or None (bare number); `number` is as written (万 not expanded), the
    lower bound of a range whose upper bound is `upper`; `kind` is number, percent, count, money, date, boolean, enum or
    text; `date` is ISO-like with "????" for a missing year and "a/b" for a period; `measurable` is yes, partly or no.
    """

    comparator: str | None
    number: Decimal | None
    unit: str | None
    kind: str
    date: str | None
    measurable: str
    upper: Decimal | None = None

    @property
    def figure(self) -> Decimal | None:
        """The number, percentages as ratios."""
        if self.number is None or self.kind != "percent":
            return self.number
        return self.number.scaleb(-3 if self.unit == "‰" else -2)


class Found(NamedTuple):
    """A quantity inside prose: `text[start:end]`, and the noun it counts."""

    name: str
    quantity: Quantity
    start: int
    end: int


def _number_token(written: Written) -> Found | None:
    """The token of a number; None for a range or numeral that is ill-formed."""
    head, to = written.head, written.to
    number, magnitude = numeral.figure(head["a"], head["han"])
    upper, last = numeral.figure(to["b"], to["hb"]) if to else (None, magnitude)
    unit = written.unit_with(last)
    if number is None or not written.plausible(unit):
        return None
    if to and (upper is None or number > upper or written.own not in (None, unit)):
        return None
    sign = "range" if to else written.sign()
    number = -number if head["neg"] else number
    return Found("", Quantity(sign, number, unit, kind_of(unit), None, "yes", upper), head.start(), written.end)


def _scan(text: str) -> list[Found]:
    """All quantities of a normalised text in order, idioms and ordinals left out."""
    text = numeral.without_idioms(text)
    days = dates(text)
    rest = numeral.erase(text, ((day.start, day.end) for day in days))
    found = [token for written in numbers(rest) if (token := _number_token(written))]
    for day in days:
        quantity = Quantity(day.sign, None, None, "date", day.when, "no" if day.bare else "yes")
        found.append(Found("", quantity, day.start, day.end))
    return sorted(found, key=lambda token: token.start)


def _pick(tokens: list[Found], cell: str) -> Quantity | None:
    """The one value a cell states, or None when it states several or none."""
    firm = [token for token in tokens if token.quantity.measurable == "yes"] or tokens
    inner = numeral.bracketed(cell)
    values = [t.quantity for t in firm if not inner[t.start]] or [t.quantity for t in firm]
    same = len(values) == 1 or (values and values[0].unit and len(set(values)) == 1)
    return values[0] if same else None


# A pattern that stands here as a text is seldom needed: `re` compiles it when it is.
_EVENT = "事故|事件|投诉|伤亡|差错|失误|违[纪规法]|上访|舆情|案件|举报|纠纷|逾期|拖欠|火灾"
_ZERO = re.compile(rf"(?:=|实现|确保|保持)?[零0](人次|[起次件例人宗])?[^\d,，;。%‰]{{0,6}}?(?:{_EVENT}|发生)")
_NO_EVENT = rf"(?:无|未|没有|不)[^,，;。]{{0,12}}?(?:{_EVENT}|发生)"
_TEMPLATE = re.compile(r"\*\*|[xX×_○]{2}")
_PROMPT = re.compile(r"文字描述|请填|填写|示例|单位$")
_BARE = re.compile(rf"{SIGN}?[*xX×_○?]*")
_GRADE = r"优秀?|良好?|中等?|一般|较?差|[高低好坏]|合格|不合格|基本满意|满意|部分达成|未达成|达成"
_BAND = re.compile(
    rf"({_GRADE})[:=(<>≥≤为得]{{0,3}}\d|\d[%分]?(?:以上|以下|为|\(含\)){{0,3}}[:=]?({_GRADE})(?![一-龥])"
)
_SCALE = re.compile(rf"(?:{_GRADE})(?:[/、,，;|]?(?:{_GRADE})){{1,5}}")
_LEVEL = re.compile("优秀?|[良中差高低好坏]")
_DEGREE = (
    "明显|显著|稳步|逐[步年渐]|进一步|不断|有所|较[高好大强为]|良好|大幅|提[升高]|改善|增[强长]|"
    "促进|推动|加强|优化|长期|可持续|深远|美誉|认可|基本|更[加好]|日[益趋]|成效|有力|常态"
)
_STATE = (
    "合规|合法|规范|完整|完善|健全|齐全|[及按准][时期]|完成|合格|达标|符合|遵守|严格|落实|到位|合理|准确|真实|公开|"
    "安全|正常|执行|满意|一致|相符|办结|建立|发放|通过|概算|预算|应.尽.|达到|上年|去年|同期|全覆盖|专款专用|足额|序时|"
    "明确|科学|标准|按.{1,8}(?:安排|要求|规定|计划|进度)|范围内|不超|控制"
)
_VERIFIED = "(?:通过|取得|获得|完成|出台|印发).{0,12}(?:评审|验收|审批|审计|认证|证书|备案|文件|批复|许可)"
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


def _judge(q: Quantity, name: str | None, rest: str) -> str:
    """Measurability of a value under its indicator's name; `rest` = the whole cell."""
    label = bare_name(name)
    if q.kind == "date":
        return "yes" if q.measurable == "yes" or _TIMED.search(label) else "partly"
    if q.unit is None:
        return "yes" if _COUNTED.search(label) else "partly" if is_rate(name) else "no"
    if q.unit != "%" or not label or _RATIO.search(label + rest) or unit_in_name(name) == "%":
        return "yes"
    return "no" if re.search(_SLOGAN, label) and not re.search(_SOFT_RATIO, label) else "partly"


def _with_unit(q: Quantity, name: str | None, unit: str | None) -> Quantity:
    """Complete a value's missing unit from the unit column or the name."""
    if q.kind == "date" or q.unit not in (None, "万", "亿"):
        return q
    found = clean_unit(unit) or unit_in_name(name)
    if found is None and q.unit is None and is_rate(name) and not 0 < (q.number or 0) <= 1:
        found = "%"
    found = (q.unit or "") + (found or "") or None
    return q._replace(unit=found, kind=kind_of(found))


def _words(cell: str, name: str) -> Quantity:
    """A cell without a figure: kind text, measurable by the kind of its wording."""
    state = cell != name and not re.search(_DEGREE, cell) and re.search(_STATE, cell)
    checkable = re.search(_VERIFIED, cell) or re.match(_NO_EVENT, cell)
    return Quantity(None, None, None, "text", None, "yes" if checkable else "partly" if state else "no")


def _remnant(cell: str) -> Quantity | None:
    """A blank, a placeholder, a template prompt or a unit without a number."""
    before = _BARE.match(cell)
    unit = cell[before.end() :] if before else ""
    bare = before and (is_unit(unit) or not unit)
    prompt = _PROMPT.search(cell) and not re.search(r"\d", cell)
    if bare or prompt or _TEMPLATE.search(cell) or re.fullmatch(r"[-/\\*xX×?_….。、()]*", cell):
        sign, unit = (SIGNS.get(before["pre"] or ""), unit) if bare and before else (None, "")
        return Quantity(sign, None, clean_unit(unit), "text", None, "no")
    return None


def _closed(cell: str, name: str) -> Quantity | None:
    """A yes/no word, a grade scale or a zero-event target."""
    scale_name = cell.replace("定性", "").strip("()、,，:")
    if cell in ("是", "否", "有", "无", "√", "✓", "已", "未"):
        level = "no" if cell == "无" or re.search(_DEGREE, name) else "partly"
        level = "yes" if cell == "无" and re.search(_EVENT, name) else level
        return Quantity(None, None, None, "boolean", None, level)
    if len({m[1] or m[2] for m in _BAND.finditer(cell)}) > 1:
        return Quantity(None, None, None, "enum", None, "yes")
    if _LEVEL.fullmatch(scale_name) or (_SCALE.fullmatch(scale_name) and cell not in ("优良", "良好")):
        return Quantity(None, None, None, "enum", None, "partly")
    zero = _ZERO.match(cell)
    sign = "=" if cell[:1] == "=" else None
    return Quantity(sign, Decimal(0), zero[1], "count", None, "yes") if zero else None


def parse(text: str, name: str | None = None, unit: str | None = None) -> Quantity:
    """Read one target or actual cell.

    `name` is the indicator's name, which may carry or imply the unit; `unit` the separate 度量单位 column. Never
    raises; unreadable cells are kind "text".
    """
    cell = re.sub(r"\s+", "", re.sub(r"(?<=\d)\s+(?=\d)", ";", numeral.normalise(text)))
    label = bare_name(name)
    special = _remnant(cell) or _closed(cell, label)
    if special:
        return special
    tokens = _scan(cell)
    value = _pick(tokens, cell)
    if value is None:
        return _words(cell, label)._replace(measurable="partly") if tokens else _words(cell, label)
    value = _with_unit(value, name, unit)
    return value._replace(measurable=_judge(value, name, cell))


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


def _heads_a_list(folded: str, token: Found) -> bool:
    """Tell the count that opens a list (三条: …) from one of things done."""
    opens = not folded[: token.start].rstrip()[-1:].isalnum()
    return opens and _LIST.match(folded, token.end) is not None


def find(text: str) -> list[Found]:
    """All quantities in a prose text, in order; offsets are those of `text`.

    Bare numbers, ordinals, fixed phrases, quoted text, document numbers, heads of lists and counts of sums (三个30万元)
    are left out. A year without 底, 末, 前 or 内 is measurable "no". Never raises.
    """
    folded = numeral.normalise(text)
    scanned = [t for t in _scan(numeral.without_quotes(folded)) if t.quantity.unit or t.quantity.kind == "date"]
    sums = {t.start for t in scanned if t.quantity.kind == "money"}
    tokens = [t for t in scanned if not _heads_a_list(folded, t) and t.end not in sums]
    starts, ends = [*(t.start for t in tokens[1:]), len(folded)], [0, *(t.end for t in tokens)]
    bounds = zip(tokens, ends, starts, strict=False)
    return [t._replace(name=_name(t.quantity.kind, folded[a : t.start], folded[t.end : b])) for t, a, b in bounds]


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
