"""Cells that say it in words: a blank or a template's remnant, yes and no, a scale of grades, a state, an event.

No function raises for any `str`. How the words are judged follows the guide of the labelled corpus: yes where two
strangers with the unit's records would agree, partly where one assumption is missing, no where there is no state.
"""

import re
from decimal import Decimal
from typing import NamedTuple

from fpcheck import comparator
from fpcheck.lexicon import any_of
from fpcheck.unit import clean_unit, is_unit, kind_of

_PLACES = {"成": -1, "‰": -3, "‱": -4}


class Quantity(NamedTuple):
    """One quantity: what is compared, with which figure, in which unit.

    `comparator` is "≥" "≤" "=" ">" "<" "≈" "range" or None (bare number); `number` is as written (万 not expanded), the
    lower bound of a range whose upper bound is `upper`; `kind` is number, percent, count, money, date, boolean, enum or
    text; `date` is ISO-like with "????" for a missing year and "a/b" for a period; `measurable` is yes, partly or no.
    `change` is rise or fall where the value is a change and no level (下降5%); `per` is what it stands for each of (周
    of 每周2次, 人·月), 年 for a year's total, None where the text does not say.
    """

    comparator: str | None
    number: Decimal | None
    unit: str | None
    kind: str
    date: str | None
    measurable: str
    upper: Decimal | None = None
    change: str | None = None
    per: str | None = None

    @property
    def figure(self) -> Decimal | None:
        """The number, percentages as ratios."""
        if self.number is None or self.kind != "percent":
            return self.number
        return self.number.scaleb(_PLACES.get(self.unit or "", -2))


def worded(kind: str, measurable: str) -> Quantity:
    """A value without figure, unit and date."""
    return Quantity(None, None, None, kind, None, measurable)


# A pattern that stands here as a text is seldom needed: `re` compiles it when it is.
_REACHED = re.compile("^(?:达到|(?:提高|提升|升|评)[到至为])")
_BAD = any_of("坏事")
_NONE_OF = (
    r"(?:^|[,;。]|全年|年[度内]|期间|确保|保证|实现|做到|保持|生产|安全|力争|运行|目标)"
    rf"(?:(?:无|没有|未有)(?!线|障碍|偿|害|形|缝|论)[^,;。无]{{0,12}}?(?:{_BAD}|发生)|杜绝[^,;。]{{0,12}}?(?:{_BAD}|发生)|"
    rf"(?:不|未|没有?)(?:得|会|再|允许)?(?:发生|出现|产生|造成|引发|引起|接到|收到|存在)(?:$|[^,;。]{{0,12}}?(?:{_BAD}|$)))"
)
_TEMPLATE = re.compile(r"\*\*|[xX×_○□]{2}|(?:^|[年月])[*xX×_○□](?=[年月日])")
_PROMPT = re.compile(r"文字描述|请[填在按]|待?填写|填列|示例|单位$")
_BLANK = re.compile(r"[*xX×_○□?…·.()N]*")
_GRADE = (
    r"优秀?|良好?|中等?|一般|[较很]?[好差高低]|坏|合格|不合格|达标|不达标|(?:非常|很|比较|较|基本|不|较不|很不)?满意|"
    "部分达成|未达成|达成|部分完成|未完成"
)
_BAND = re.compile(
    rf"(?:^|(?<=[;,。、]))({_GRADE})[:=(]|({_GRADE})[:=(<>≥≤为得]{{0,3}}\d|\d[%分]?(?:以上|以下|为|\(含\)){{0,3}}[:=]?({_GRADE})(?![一-龥])"
)
_SCALE = re.compile(rf"(?:{_GRADE})(?:[/、,;|]?(?:{_GRADE})){{1,5}}")
_LEVEL = re.compile(
    rf"(?:优秀?|[良中差低高好坏])|(?:{_GRADE})(?:及|或)?以上|[特一二三四五]等奖?|[特一二三四五六七八九]级(?:及?以上)?|[一二三]级?[甲乙丙]等?(?:及?以上)?|"
    "(?:[1-5]?A{1,5}|[A-EⅠⅡⅢⅣⅤ甲乙丙丁])[级类等](?:及?以上)?|(?:国家|[省市区县乡镇校初中高])级(?:及?以上)?|(?:国家|[省部市])[特一二三]级|[1-5]?A{2,5}"
)
_DEGREE = rf"较(?![上去前往之]|同期|年初)|{any_of('说不出多少')}"
_STATE = rf"应.尽.|按.{{0,8}}(?:安排|要求|规定|计划|进度)|{any_of('核对得出的状态')}|{any_of('没有日子的时点')}"
_CN = "[零一二两三四五六七八九十百千万]"
_CHECKABLE = "|".join(
    (
        "(?:通过|取得|获得|完成|出台|印发).{0,12}(?:评审|验收|审批|审计|认证|证书|备案|文件|批复|许可)|验收(?:合格|通过|完成)",
        "[获荣]{1,2}得?.{0,12}(?:表彰|称号|荣誉|专利|授权)",
        _NONE_OF,
        # A bound that the form or its papers state: the labels call 项目总成本≤预算 ok.
        rf"(?:≤|<=?|{any_of('不许超')}).{{0,10}}(?:{any_of('限额')})",
        r"(?<![A-Z])[A-Z]{1,4}\d{0,2}(?:/[TZ])?\d{2,6}(?:\.\d{1,2})?[-—](?:19|20)\d\d(?!\d)",  # the standard is named
        rf"(?:前|第)(?:\d{{1,3}}|{_CN}{{1,3}})(?:名|位|列|强|%)|(?:排名|名列|位列|位居|居(?=[全前第]))[^,;。]{{0,6}}(?:前|第)(?:\d|{_CN})",
        "翻[一两二三四]番|半数以上|过半|超过?半数|7[×*xX]24|5[×*xX]8",
        f"(?:{any_of('节日')})节?前",
        r"\d{1,2}:\d\d[-—~至到]{1,2}\d{1,2}:\d\d",  # the hours of a service
        rf"{_CN}{{1,3}}分之{_CN}|\d{{1,3}}[×*xX]\d{{1,3}}(?:小时|天|米|h)",
    )
)
_SHARE_NAME = "比$|比例|占比|比重|配比"


def event_named(name: str) -> bool:
    """Whether an indicator's name is about something bad that should not happen."""
    return re.search(_BAD, name) is not None


def words_only(cell: str, name: str) -> Quantity:
    """A cell without a figure: kind text, measurable by the kind of its wording."""
    ratio = re.fullmatch(r"\d{1,4}(?:\.\d{1,4})?[:/]\d{1,4}(?:\.\d{1,4})?", cell, re.ASCII)
    if re.search(_CHECKABLE, cell) or (ratio and re.search(_SHARE_NAME, name)):
        return worded("text", "yes")
    state = cell != name and not re.search(_DEGREE, cell) and re.search(_STATE, cell)
    return worded("text", "partly" if state else "no")


def remnant(cell: str) -> Quantity | None:
    """A blank, a placeholder, a template prompt or a unit without a number; the unit tells the kind."""
    inner = cell[1:-1] if cell[:1] == "(" and cell.find(")") == len(cell) - 1 else cell
    sign, start = comparator.leading(inner)
    blank = _BLANK.match(inner, start)
    unit = inner[blank.end() if blank else start :]
    if not unit or is_unit(unit):
        unit_read = clean_unit(unit)
        return Quantity(sign, None, unit_read, kind_of(unit_read) if unit_read else "text", None, "no")
    prompt = _PROMPT.search(cell) and not re.search(r"\d", cell)
    if prompt or _TEMPLATE.search(cell) or re.fullmatch(r"[-—/\\*xX×?_….。、()]*", cell):
        return worded("text", "no")
    return None


def closed(cell: str, name: str) -> Quantity | None:
    """A yes or no, or a scale of grades."""
    word = cell.rstrip("。.")
    if word in ("是", "否", "有", "无", "√", "✓", "已", "未"):
        level = "no" if word == "无" or re.search(_DEGREE, name) else "partly"
        return worded("boolean", "yes" if word == "无" and event_named(name) else level)
    if re.fullmatch(r"(?:是[/、或(]{1,2}否|有[/、或(]{1,2}无)\)?", word):
        return worded("boolean", "partly")
    if len({m[1] or m[2] or m[3] for m in _BAND.finditer(cell)}) > 1:
        return worded("enum", "yes")
    scale = word.replace("定性", "").strip("()、,:")
    if _LEVEL.fullmatch(_REACHED.sub("", scale)) or (_SCALE.fullmatch(scale) and scale not in ("优良", "良好")):
        return worded("enum", "partly")
    return None
