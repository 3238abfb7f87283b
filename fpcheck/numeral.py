"""Width folding, Chinese numerals, units and dates for the quantity parser.

Everything here is a pure function of its arguments. No function raises for any `str`; what is not understood comes
back as `None`. A text is "normalised" when it went through `normalise`.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

LONGEST = 24  # digits or Chinese numeral characters; anything longer is no number of a form


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _pairs(text: str) -> dict[str, str]:
    """A table written as "key=value key=value"."""
    return dict(pair.split("=") for pair in text.split())


_SPECIAL = _pairs("≧=≥ ⩾=≥ ≦=≤ ⩽=≤ ，=， —=- –=- ―=- −=- ─=- ∼=~ 〜=~") | {"═": "="}
_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_TENS = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"亿": 10**8, "万": 10**4}
CN_CHARS = "".join((*_DIGITS, *_TENS, *_MYRIADS))

_COUNTS = _words("""
    个 人 次 项 户 家 套 台 份 场 件 名 位 座 所 处 条 批 期 班 组 队 宗 例 床 把 盏 块 面 本 册 幅 部 辆 艘 架 箱
    瓶 袋 支 枚 颗 粒 只 匹 群 村 镇 乡 县 市 省 院 校 站 档 轮 届 节 课 门 类 种 款 株 棵 尾 羽 头 口 眼 栋 幢 间
    层 片 段 根 杆 顶 盘 道 版 首 集 页 字 单 起 篇 张 则 点 员 对 双 副 桶 罐 车 船 机 孔 井 塘 圃 卷 樘 榀 笔 封
    窝 丛 盆 捆 垛 伙 拨 趟 遍 回 人次 人天 人日 人月 人份 人口 户次 家次 台次 车次 架次 艘次 场次 课次 批次 期次
    篇次 件次 例次 项次 班次 频次 门次 座次 条次 头次 名次 只次 吨次 人/次 床日 床位 只羽 头只 台套 件套 套件 标段
    包 社区 小区 行政村 自然村 企业 学校 项目 方面 品种 样本 样品 单元 组件 站点 点位 平台 团队 课题 专利 论文 案件
    岗位 宗地 方案 报告 儿童 学生 堵 农户 学员 教师 老人 病例 网格 机构 医院 乡镇 街道 场馆""")
_CONTINUOUS = _words("""
    亩 公顷 平方公里 平方千米 平方米 平米 立方米 立方 方 公里 千米 里 延米 延长米 米 厘米 毫米 吨 公斤 千克 毫克
    微克 克 斤 升 毫升 小时 分钟 秒 天 日 工作日 个工作日 周 年 个月 月 季度 个季度 学时 课时 机时 工时 度 千瓦时
    千瓦 兆瓦 瓦 伏 千伏 倍 分 级 分贝 星级 星 °C ℃ 摄氏度 标准煤 吨标准煤 吨标煤 ㎡ ㎥ ㎞ ㎏ ㎜ ㎝ m² m³ m2 m3 km²
    km2 km kg mm cm mg kW kw KW kWh kwh MW KV kV kv MB GB TB Mbps M m t h ha dB""")
_KIND = {**dict.fromkeys(_COUNTS, "count"), **dict.fromkeys(_CONTINUOUS, "number")}
_KIND |= dict.fromkeys(_words("元 美元 欧元 港元 人民币"), "money")
_KIND |= dict.fromkeys(_words("% ‰ ‱ 百分比 百分点 个百分点"), "percent")
# After a Chinese numeral these usually belong to a word (三级, 一方面, 四面, 万分), not to a count.
WEAK_AFTER_HAN = frozenset(
    _words("""
    分 方 度 级 里 面 点 道 字 机 车 对 双 包 单 起 部 门 类 回 方面 员 村 镇 乡 县 市 省 课 位 校 院 站 层 节 段 片
    口 头 组 队 班""")
)
_NOT_UNITS = frozenset(_words("无 其他 单位 空 定性 不适用 年度 文字 是否 xx XX 是 否 有"))
_NOT_BEFORE = {"分": "别布批配类期级组解摊之", "年": "级代度", "人": "均民", "次": "日性", "元": "旦"}


def _spelling(unit: str) -> str:
    """The pattern of one unit, which stops short of longer words (分别, 5年级, Mbps)."""
    stop = "A-Za-z" if unit.isascii() and unit[-1].isalpha() else _NOT_BEFORE.get(unit, "")
    return re.escape(unit) + (f"(?![{stop}])" if stop else "")


_BASE = "(?:" + "|".join(map(_spelling, sorted(_KIND, key=len, reverse=True))) + ")"
_PER = rf"(?:/|每)(?:{_BASE}|[一-龥])(?:[/·*、•・×](?:{_BASE}|[一-龥](?![一-龥]))|每{_BASE}){{0,3}}"
UNIT = rf"(?:(?:{_BASE}|(?:[十百千]?[万亿]|[十百千]){_BASE})(?:\({_BASE}\))?(?:{_PER})?|[万亿](?!一))"
_UNIT_ONLY = re.compile(UNIT)
_BLANK = r"[≥≤=<>]{0,2}(?:[*xX×_○]{1,6})?"
_IN_NAME = re.compile(rf"\((?:单位:?)?{_BLANK}({UNIT})\)|[≥≤=<>]{_BLANK}({UNIT})$|^\d{{1,12}}(?:\.\d{{1,6}})?({UNIT})$")
_RATE = re.compile(r"有效率$|(?<![效频功汇])率$|比例$|占比$|比重$|百分比$|(?:满意|知晓|认可|支持|参与)度$")
_TRAILER = re.compile(r"(?:\([^()]{0,40}\)|指标|[:;,，。*★]){1,5}$")
_LEADER = re.compile(r"^[*★]{0,5}(?:指标)?(?:\d{1,2}|[一二三四五六七八九十]{1,2})[:.、](?!\d)|^[*★]{1,5}|^其中:")


def _fold(char: str) -> str:
    if char in _SPECIAL:
        return _SPECIAL[char]
    folded = unicodedata.normalize("NFKC", char)
    return folded if len(folded) == 1 and unicodedata.category(char) != "No" else char


def normalise(text: str) -> str:
    """Fold `text` to half width, one character to one, so offsets are preserved; ①, ² and ㎡ stay."""
    return text if text.isascii() else "".join(map(_fold, text))


def _section(text: str) -> int | None:
    """Value of a numeral below 万 ("三百零五" = 305), or None when ill-formed."""
    total, digit, last = 0, -1, 10_000
    for char in text:
        if char in _TENS:
            if _TENS[char] >= last or digit == 0 or (digit < 0 and (char != "十" or total)):
                return None
            last = _TENS[char]
            total, digit = total + max(digit, 1) * last, -1
        elif digit > 0 or (digit == 0 and char in "零〇"):
            return None
        else:
            digit = _DIGITS[char]
    gap = digit > 0 and last in (100, 1000) and text[-2] not in "零〇"
    return None if gap else total + max(digit, 0)


def chinese(text: str) -> Decimal | None:
    """Value of a Chinese numeral such as 二十三 or 三万五千; None when ill-formed."""
    if not text or len(text) > LONGEST or any(char not in CN_CHARS for char in text):
        return None
    for mark, factor in _MYRIADS.items():
        head, found, tail = text.rpartition(mark)
        if found:
            high, low = chinese(head), chinese(tail) if tail else Decimal(0)
            gap = bool(tail) and tail[0] not in "零〇" and low is not None and low * 10 < factor
            return None if high is None or low is None or gap else high * factor + low
    value = _section(text)
    return None if value is None else Decimal(value)


def figure(digits: str | None, han: str | None) -> tuple[Decimal | None, str]:
    """A numeral's value (None when unreadable) and the 万/亿 that belongs to its unit: 三百万 → (300, "万")."""
    if digits:
        return (Decimal(digits.replace(",", "")) if len(digits) <= LONGEST else None), ""
    text = han or ""
    cut = len(text.rstrip("万亿"))
    return chinese(text[:cut]), text[cut:]


def _peel(unit: str) -> tuple[str, int]:
    """A unit's base and the factor of its 万-like prefix: 万亩 → ("亩", 10000)."""
    factor = 1
    while unit and unit not in _KIND and unit[0] in "十百千万亿":
        factor *= (_TENS | _MYRIADS)[unit[0]]
        unit = unit[1:]
    return unit, factor


def _head(unit: str) -> str:
    """The counted part of a compound unit: 元/人·月 → 元, 台(套) → 台."""
    return unit if unit in _KIND else re.split(r"[/每(]", unit, maxsplit=1)[0]


def kind_of(unit: str | None) -> str:
    """Quantity kind a unit stands for: percent, money, count or number (also for no unit)."""
    base = _peel(_head(unit or ""))[0]
    return _KIND.get(base, "count" if len(base) == 1 and not base.isascii() else "number")


def clean_unit(text: str | None) -> str | None:
    """A unit column's text as a unit ("百分比" → "%"), or None for blanks and notes."""
    unit = re.sub(r"\s", "", normalise((text or "")[:40])).strip("()")
    if unit in ("百分比", "百分之", "百分数"):
        return "%"
    word = re.fullmatch(r"[一-龥A-Za-z/·*]{1,6}", unit) and unit not in _NOT_UNITS
    return unit if word or _UNIT_ONLY.fullmatch(unit) else None


def unit_in_name(name: str | None) -> str | None:
    """The unit an indicator's name carries: 造林面积(亩), 受益人数≥**人; else None."""
    folded = re.sub(r"\s", "", normalise((name or "")[:400]))
    found = [next(filter(None, m.groups())) for m in _IN_NAME.finditer(folded)]
    return clean_unit(found[-1]) if found else None


def bare_name(name: str | None) -> str:
    """An indicator's name without its numbering, trailing brackets, stars and the word 指标."""
    folded = re.sub(r"\s", "", normalise((name or "")[:400]))
    return _TRAILER.sub("", _LEADER.sub("", folded))


def is_rate(name: str | None) -> bool:
    """Whether the name by itself implies a percentage (合格率, 占比, 满意度)."""
    return _RATE.search(bare_name(name)) is not None


_SAME = _pairs("""
    平米=平方米 ㎡=平方米 m²=平方米 m2=平方米 ㎥=立方米 m³=立方米 m3=立方米 立方=立方米 方=立方米 千米=公里 km=公里
    ㎞=公里 平方千米=平方公里 m=米 M=米 延米=米 延长米=米 kg=公斤 ㎏=公斤 千克=公斤 t=吨 日=天 h=小时 名=人 位=人
    个工作日=工作日 ha=公顷 百分比=% 百分点=个百分点 kW=千瓦 kw=千瓦 KW=千瓦 MW=兆瓦 人民币=元""")
_SIZE = _pairs("""
    公里=米:1000 厘米=米:1/100 吨=公斤:1000 克=公斤:1/1000 斤=公斤:1/2 公顷=平方米:10000 亩=平方米:2000/3
    平方公里=平方米:1000000 小时=分钟:60 %=比:1/100 ‰=比:1/1000 兆瓦=千瓦:1000""")


def scale(unit: str) -> tuple[str, Fraction]:
    """A unit's dimension and its size in it: 万元 → ("元", 10000), ‰ → ("比", 1/1000)."""
    head = _head(unit)
    base, factor = _peel(head)
    base = _SAME.get(base, base)
    dimension, _, size = _SIZE.get(base, f"{base}:1").partition(":")
    return dimension + re.sub(r"[·*、•・×每]", "/", unit[len(head) :]), Fraction(size) * factor


LINK = r"(?:-{1,2}|~{1,2}|至|到)"
_YEAR, _MON = r"(?:19|20)\d\d", "(?:1[0-2]|0?[1-9])"
_DAY = r"3[01]|[12]\d|0?[1-9]"
_DATE = re.compile(
    r"(?P<pre>≤|<=|<|≥|>=|=|不晚于|不迟于|早于)?(?:每|当|次|本)?(?<![\d.])(?:"
    rf"(?:(?P<y>{_YEAR})年度?)?(?:(?P<m>{_MON}|十[一二]?|[一二三四五六七八九])月份?(?:(?P<d>{_DAY})[日号])?"
    rf"|(?P<m0>{_MON}){LINK}(?P<m1>{_MON})月|第?(?P<q>[一二三四1-4])季度|(?P<half>[上下])半年)"
    rf"|(?P<yn>{_YEAR})(?P<sep>[./-])(?P<mn>1[0-2]|0[1-9]|[1-9](?=[./-]\d))(?:(?P=sep)(?P<dn>{_DAY}))?"
    rf"(?![\d.%‰]|[ ]?{UNIT})"
    rf"|(?P<yy>{_YEAR})(?:年度?|(?=[-~至到]{_YEAR}年))|(?<![个半{CN_CHARS}])(?P<rel>年|季度|月)(?=[底末终内]))"
    r"(?P<part>年?[底末终]|[上中下]旬|初|中(?=[前完]))?(?P<before>之前|以前|前(?![期后提])|之?内)?",
    re.ASCII,
)
_QUARTER = _pairs("一=03 二=06 三=09 四=12 1=03 2=06 3=09 4=12 上=06 下=12")
_REL = _pairs("年=????-12 季度=????-Q? 月=????-??")
_IDIOM = re.compile(
    r"一[^\W\d]{1,2}一[^\W\d]|[一两三四五六七八九十]个(?:维护|意识|自信|全面|代表|文明|确立|务必|必须|服从|结合|统一|"
    r"坚持|中心|基本点|革命|作风|责任制)|十[一二三四]个?五|(?<![一二两三四五六七八九百千])[十万]分(?!之)|二十大|三农|三下乡|三公|八项规定|三重一大|"
    r"一老一小|两学一做|三会一课|两不愁|三保障|五位一体|双随机|[一三]次性|[一二三]次[元供]|[一二三]次产业|五年规划|"
    r"三年行动|百年大计|千家万户|四级联动|九年义务|[一两二三四五六七八九]年级|"
    r"第(?![一二三四1-4]季度)[零〇一二两三四五六七八九十百\d]{1,6}|(?<![^\s;。，,:])(?:\(\d{1,2}\)|\d{1,2}[.、)](?!\d))|"
    rf"[〔\[(]{_YEAR}[〕\])](?:第?\d{{1,5}}号)?|(?<![月\dA-Za-z])[\dA-Za-z]{{1,9}}号文?|(?<=指标)\d{{1,2}}[:.、]"
)
_QUOTED = re.compile(
    r"“[^“”]{0,200}”|‘[^‘’]{0,200}’|《[^《》]{0,200}》|「[^「」]{0,200}」|" + r'"[^"]{0,200}"|〔[^〔〕]{0,30}〕'
)


@dataclass(frozen=True, slots=True)
class Day:
    """A date at `start:end`: its comparator, its ISO-like text, and whether it is only a bare year."""

    start: int
    end: int
    sign: str
    when: str
    bare: bool = False


def erase(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Replace the ordered spans of `text` by NULs, so that offsets stay valid."""
    pieces, at = [], 0
    for start, end in spans:
        pieces += [text[at:start], "\0" * (end - start)]
        at = end
    return "".join((*pieces, text[at:]))


def bracketed(text: str) -> list[bool]:
    """For each character of `text`, whether it stands inside round brackets."""
    depth, inside = 0, []
    for char in text:
        depth = max(0, depth + (char == "(") - (char == ")"))
        inside.append(depth > 0)
    return inside


def without_idioms(text: str) -> str:
    """Blank fixed phrases, ordinals, list marks and document numbers (三农, 第三次)."""
    return erase(text, (m.span() for m in _IDIOM.finditer(text)))


def without_quotes(text: str) -> str:
    """Blank whatever stands in quotation marks or title marks."""
    return erase(text, (m.span() for m in _QUOTED.finditer(text)))


def _month(text: str) -> str:
    return f"{int(text) if text.isascii() else int(chinese(text) or 0):02d}"


def _when(m: re.Match[str]) -> str:
    """The date or period a date match names."""
    if m["rel"]:
        return _REL[m["rel"]]
    year = m["y"] or m["yn"] or m["yy"] or "????"
    if m["m0"]:
        return f"{year}-{_month(m['m0'])}/{year}-{_month(m['m1'])}"
    if m["yy"]:
        return f"{year}-12" if m["part"] and m["part"][-1] in "底末终" else year
    month, day = m["m"] or m["mn"] or _QUARTER[m["q"] or m["half"]], m["d"] or m["dn"]
    return f"{year}-{_month(month)}" + (f"-{int(day):02d}" if day else "")


def _day(m: re.Match[str]) -> Day:
    """The date of a match: "<" for 9月前, "≤" for other deadlines, "range" for 1-6月."""
    when = _when(m)
    strict = (m["before"] or "").endswith("前") and not (m["part"] or m["d"] or m["dn"] or m["rel"])
    sign = {">=": "≥", "=": "=", "≥": "≥", "<": "<", "早于": "<"}.get(m["pre"], "<" if strict else "≤")
    bare = bool(m["yy"]) and not m["part"] and not m["before"]
    return Day(m.start(), m.end(), "range" if "/" in when else sign, when, bare)


def _join(first: Day, last: Day) -> Day:
    """Two linked dates as one period; a year missing at the end is the first's."""
    end = last.when.replace("????", first.when[:4])
    return Day(first.start, last.end, "range", f"{first.when}/{end}")


def dates(text: str) -> list[Day]:
    """All dates of a normalised text, linked pairs joined to periods."""
    days: list[Day] = []
    for day in map(_day, _DATE.finditer(text)):
        gap = text[days[-1].end : day.start] if days else ""
        linked = re.fullmatch(LINK, gap) and "/" not in days[-1].when + day.when
        days[-1:] = [_join(days[-1], day)] if linked else [*days[-1:], day]
    return days
