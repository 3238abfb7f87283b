"""Units: where one stands in a text, what kind it is, how it converts, and which one an indicator's name carries.

Everything here is a pure function of its arguments; none raises for any `str`.
"""

import re
import string
from collections.abc import Iterator
from fractions import Fraction

from fpcheck.numeral import MULTIPLES, normalise, pairs


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


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
# The letters before which a unit is the start of a longer word: 分别, 5年级, Mbps.
_STOPS = {unit: string.ascii_letters for unit in _KIND if unit.isascii() and unit[-1].isalpha()} | _NOT_BEFORE
_LONGEST = max(map(len, _KIND))
_MULTIPLE = re.compile("[十百千]?[万亿]|[十百千]")
_JOINTS = "/·*、•・×"


def _pattern() -> str:
    """The pattern of a place where any unit begins."""
    latin = [unit for unit, stop in _STOPS.items() if stop == string.ascii_letters]
    stopped = [f"{unit}(?![{stop}])" for unit, stop in _NOT_BEFORE.items()]
    rest = [re.escape(unit) for unit in _KIND if unit not in _STOPS]
    plain = f"(?:{'|'.join(latin)})(?![A-Za-z])|{'|'.join((*stopped, *rest))}"
    return f"(?:(?:{_MULTIPLE.pattern})?(?:{plain})|[万亿](?!一))"


A_UNIT = _pattern()


def _plain(text: str, at: int) -> Iterator[int]:
    """Where the plain units that begin at `at` end, the longest first."""
    for end in range(min(at + _LONGEST, len(text)), at, -1):
        unit = text[at:end]
        if unit in _KIND and (text[end : end + 1] or " ") not in _STOPS.get(unit, ""):
            yield end


def _multiple(text: str, at: int) -> Iterator[int]:
    """Where plain units and multiples of them (万亩) end."""
    yield from _plain(text, at)
    if found := _MULTIPLE.match(text, at):
        yield from _plain(text, found.end())


def is_han(text: str, at: int) -> bool:
    """Whether a Chinese character stands at `at`."""
    return "一" <= text[at : at + 1] <= "龥"


def _joined(text: str, at: int, more: int = 3) -> Iterator[int]:
    """Where up to `more` further parts of a compound unit (·月, /次, 每天) end, the longest first."""
    joint = text[at : at + 1]
    if more and joint and joint in f"{_JOINTS}每":
        for end in _plain(text, at + 1):
            yield from _joined(text, end, more - 1)
        if joint != "每" and is_han(text, at + 1) and not is_han(text, at + 2):
            yield from _joined(text, at + 2, more - 1)
    yield at


def _compound(text: str, at: int) -> Iterator[int]:
    """Where a unit goes on to: per something (元/人·月, 元每头), or no further."""
    if text[at : at + 1] in ("/", "每"):
        for end in _plain(text, at + 1):
            yield from _joined(text, end)
        if is_han(text, at + 1):
            yield from _joined(text, at + 2)
    yield at


def unit_ends(text: str, at: int) -> Iterator[int]:
    """Where the unit that begins at `at` may end, the likeliest first; nothing where none begins."""
    for end in _multiple(text, at):
        for closing in _plain(text, end + 1) if text[end : end + 1] == "(" else ():  # 台(套)
            if text[closing : closing + 1] == ")":
                yield from _compound(text, closing + 1)
        yield from _compound(text, end)
    if text[at : at + 1] in ("万", "亿") and text[at + 1 : at + 2] != "一":
        yield at + 1


def is_unit(text: str) -> bool:
    """Whether the whole text is one unit."""
    return len(text) in unit_ends(text, 0)


def _peel(unit: str) -> tuple[str, int]:
    """A unit's base and the factor of its 万-like prefix: 万亩 → ("亩", 10000)."""
    factor = 1
    while unit and unit not in _KIND and unit[0] in "十百千万亿":
        factor *= MULTIPLES[unit[0]]
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
    return unit if word or is_unit(unit) else None


_BLANK = r"[≥≤=<>]{0,2}(?:[*xX×_○]{1,6})?"
_BEFORE_UNIT = rf"(?P<open>\((?:单位:?)?{_BLANK})|[≥≤=<>]{_BLANK}|^\d{{1,12}}(?:\.\d{{1,6}})?"
_RATE = r"有效率$|(?<![效频功汇])率$|比例$|占比$|比重$|百分比$|(?:满意|知晓|认可|支持|参与)度$"
_TRAILER = re.compile(r"(?:\([^()]{0,40}\)|指标|[:;,，。*★]){1,5}$")
_LEADER = re.compile(r"^[*★]{0,5}(?:指标)?(?:\d{1,2}|[一二三四五六七八九十]{1,2})[:.、](?!\d)|^[*★]{1,5}|^其中:")


def unit_in_name(name: str | None) -> str | None:
    """The unit an indicator's name carries: 造林面积(亩), 受益人数≥**人; else None."""
    folded = re.sub(r"\s", "", normalise((name or "")[:400]))
    found, at = None, 0
    while before := re.compile(_BEFORE_UNIT).search(folded, at):
        start = before.end()
        wanted = ")" if before["open"] else ""
        end = next((end for end in unit_ends(folded, start) if folded[end : end + 1] == wanted), None)
        found = folded[start:end] if end else found
        at = (end or before.start()) + 1
    return clean_unit(found) if found else None


def bare_name(name: str | None) -> str:
    """An indicator's name without its numbering, trailing brackets, stars and the word 指标."""
    folded = re.sub(r"\s", "", normalise((name or "")[:400]))
    return _TRAILER.sub("", _LEADER.sub("", folded))


def is_rate(name: str | None) -> bool:
    """Whether the name by itself implies a percentage (合格率, 占比, 满意度)."""
    return re.search(_RATE, bare_name(name)) is not None


_SAME = pairs("""
    平米=平方米 ㎡=平方米 m²=平方米 m2=平方米 ㎥=立方米 m³=立方米 m3=立方米 立方=立方米 方=立方米 千米=公里 km=公里
    ㎞=公里 平方千米=平方公里 m=米 M=米 延米=米 延长米=米 kg=公斤 ㎏=公斤 千克=公斤 t=吨 日=天 h=小时 名=人 位=人
    个工作日=工作日 ha=公顷 百分比=% 百分点=个百分点 kW=千瓦 kw=千瓦 KW=千瓦 MW=兆瓦 人民币=元""")
_SIZE = pairs("""
    公里=米:1000 厘米=米:1/100 吨=公斤:1000 克=公斤:1/1000 斤=公斤:1/2 公顷=平方米:10000 亩=平方米:2000/3
    平方公里=平方米:1000000 小时=分钟:60 %=比:1/100 ‰=比:1/1000 兆瓦=千瓦:1000""")


def scale(unit: str) -> tuple[str, Fraction]:
    """A unit's dimension and its size in it: 万元 → ("元", 10000), ‰ → ("比", 1/1000)."""
    head = _head(unit)
    base, factor = _peel(head)
    base = _SAME.get(base, base)
    dimension, _, size = _SIZE.get(base, f"{base}:1").partition(":")
    return dimension + re.sub(r"[·*、•・×每]", "/", unit[len(head) :]), Fraction(size) * factor
