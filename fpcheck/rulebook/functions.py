"""The functions of the rule language, in one table: what they take, what they give, what they mean.

The type checker reads it, the engines give each name its meaning, and the manual prints it.
"""

from typing import NamedTuple

from fpcheck.terms import Type

NUMERIC = frozenset({Type.NUMBER, Type.COUNT, Type.QUANTITY})
FIGURES = NUMERIC | {Type.MONEY, Type.RATIO}
ORDERED = FIGURES | {Type.DATE}
TEXTS = frozenset({Type.TEXT, Type.ENUM})
ANY = frozenset(Type)


class Signature(NamedTuple):
    """A function of values alone: the types of its arguments and of its result (None = that of the first)."""

    takes: tuple[frozenset[Type], ...]
    gives: Type | None
    usage: str
    meaning: str


class AggregateSignature(NamedTuple):
    """An aggregate: whether it needs a column, of which types, and what it gives (None = the column's type)."""

    fn: str
    column: frozenset[Type] | None
    gives: Type | None
    usage: str
    meaning: str


AGGREGATES = {
    "合计": AggregateSignature("sum", FIGURES, None, "合计(表.列[, 条件])", "各行相加；没有行时为 0"),
    "个数": AggregateSignature("count", None, Type.COUNT, "个数(表[, 条件])", "有几行；没有行时为 0"),
    "个数不同": AggregateSignature("distinct", ANY, Type.COUNT, "个数不同(表.列[, 条件])", "有几个不同的值"),
    "最大": AggregateSignature("max", ORDERED, None, "最大(表.列[, 条件])", "最大值；没有行时缺"),
    "最小": AggregateSignature("min", ORDERED, None, "最小(表.列[, 条件])", "最小值；没有行时缺"),
    "平均": AggregateSignature("mean", FIGURES, None, "平均(表.列[, 条件])", "平均值；没有行时缺"),
    "存在": AggregateSignature("any", None, Type.BOOLEAN, "存在(表, 条件)", "至少一行满足条件；没有行时为否"),
    "全部": AggregateSignature("all", None, Type.BOOLEAN, "全部(表, 条件)", "每一行都满足条件；没有行时为是"),
    "没有": AggregateSignature("none", None, Type.BOOLEAN, "没有(表, 条件)", "没有一行满足条件；没有行时为是"),
}

_TEXT = frozenset({Type.TEXT, Type.ENUM})
_DATE = frozenset({Type.DATE})
_YEAR = frozenset({Type.COUNT})
FUNCTIONS = {
    "字数": Signature((_TEXT,), Type.COUNT, "字数(文本)", "有几个字，标点也算"),
    "数值个数": Signature((_TEXT,), Type.COUNT, "数值个数(文本)", "文字里写了几个数量，书名号、引号里的和文号不算"),
    "命中词": Signature(
        (_TEXT, _TEXT), Type.TEXT, "命中词(文本, 词表.X)", "文字里出现的词，用顿号连接；没有时为空文字"
    ),
    "相似度": Signature((_TEXT, _TEXT), Type.RATIO, "相似度(文本, 文本)", "两段文字相同的两字组所占的比例，0 到 100%"),
    "指纹": Signature((_TEXT,), Type.TEXT, "指纹(文本)", "文字的摘要，相同的文字摘要相同"),
    "去日期": Signature((_TEXT,), Type.TEXT, "去日期(文本)", "去掉日期里的年、月、日的数，其余的文字和数不动"),
    "去名称": Signature(
        (_TEXT, _TEXT), Type.TEXT, "去名称(文本, 名称)", "去掉文字里的名称，也认简称：名称里连着的三个字以上都去掉"
    ),
    "绝对值": Signature((FIGURES,), None, "绝对值(数)", "去掉负号"),
    "四舍五入": Signature((FIGURES, _YEAR), None, "四舍五入(数, 位数)", "保留几位小数；金额按元，比率按百分数"),
    "年初": Signature((_YEAR,), Type.DATE, "年初(年度)", "那一年的 1 月 1 日"),
    "年末": Signature((_YEAR,), Type.DATE, "年末(年度)", "那一年的 12 月 31 日"),
    "年份": Signature((_DATE,), Type.COUNT, "年份(日期)", "日期的年份；只写到月的日期也有年份"),
    "天数": Signature((_DATE, _DATE), Type.COUNT, "天数(甲, 乙)", "从甲日到乙日的天数，乙减甲"),
}
SPECIAL = {
    "若": "若(条件, 甲, 乙)：条件成立取甲，否则取乙",
    "首个": "首个(甲, 乙, …)：第一个不缺的值",
    "按写法": "按写法(算出的数, 填报字段)：把算出的数四舍五入到填报时写的位数",
    "同值单位数": "同值单位数(字段)：本次检查里同一项目有几个单位填了同样的值，含本单位",
    "中位数": "中位数(字段)：本次检查里同一项目各单位的中位数，只算填了的",
    "占比": "占比(字段)：本单位在同一项目各单位合计里的比例",
    "排名": "排名(字段)：本单位从大到小排第几，只算填了的",
    "发现数": "发现数(条件)：写在结论里，前面的规则发现了几个问题",
    "发现单位数": "发现单位数(条件)：写在汇总结论里，几个单位有这样的问题",
    "发现单位": "发现单位(条件)：写在汇总结论的文字里，是哪些单位",
}
BATCH = {
    "同值单位数": (ANY, Type.COUNT),
    "中位数": (FIGURES, None),
    "占比": (FIGURES, Type.RATIO),
    "排名": (FIGURES, Type.COUNT),
}
FINDINGS = {"发现数": Type.COUNT, "发现单位数": Type.COUNT, "发现单位": Type.TEXT}
NAMES = [*AGGREGATES, *FUNCTIONS, *SPECIAL]
