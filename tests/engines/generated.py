"""Generated rules × generated facts, over the conformance vocabulary: what every engine must agree on.

Rules are written as text, so that the grammar, the type checker and the lowering take part. Values stand on a
threshold, just below and just above it; a field is filled, blank, unreadable or left out; a table holds rows, is
stated as none or left out.
"""

from typing import Any

from hypothesis import strategies as st

AMOUNTS = [
    *("0元", "0.01元", "5元", "949999.99元", "950000元", "950000.01元", "99.999999万元", "100万元", "1000000.01元"),
    *("19.95元", "21元", "57.69万元", "53.41万元", "50万元", "999999999999.99元"),
]
RATES = ["95%", "94.99%", "95.01%", "0%", "100%", "92.58%", "33.33%", "66.7%", "1e-05%", "0.00001%"]
SCORES = ["0", "9.5", "10", "10.000001", "9.999999", "100", "90", "1e2", "999999999999"]
DAYS = ["2023-11-29", "2023-11-30", "2023-12-01", "2023-12-31", "2024-01-01", "2023-12"]
TEXTS = [
    *("", "无", "进一步提高服务水平", "不断电", "因政策调整暂停支付", "优", "良", "提高班", "建成社区3个，培训200人次"),
    *(
        '他说“好”"quoted"',
        "a\\b",
        "第一行\n第二行",
        "𠮷野家😀",
        "全角ＡＢＣ",
        "甲" * 200,
        "%.*",
        "{年度}",
        "0.95",
        "true",
    ),
]
UNREADABLE = "若干"

MONEY_FIELDS = ["支出金额", "下达金额", "到位金额", "批复金额"]
TEXT_FIELDS = ["总体目标", "年度目标", "偏差说明", "实施单位"]
ORDER = st.sampled_from(["<", "≤", ">", "≥", "=", "≠"])


def choose(*options: str) -> st.SearchStrategy[str]:
    return st.sampled_from(options)


def joined(*parts: st.SearchStrategy[str] | str) -> st.SearchStrategy[str]:
    """Put pieces of text one behind the other."""
    drawn = [st.just(part) if isinstance(part, str) else part for part in parts]
    return st.tuples(*drawn).map("".join)


def figures(leaf: st.SearchStrategy[str], constant: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Figures of one type: leaves, sums, differences, choices."""
    return st.one_of(
        leaf,
        constant,
        joined("(", leaf, " + ", leaf, ")"),
        joined("(", leaf, " - ", leaf, ")"),
        joined("首个(", leaf, ", ", constant, ")"),
        joined("若(", leaf, " > ", constant, ", ", leaf, ", ", constant, ")"),
        joined("绝对值(", leaf, " - ", leaf, ")"),
        joined("四舍五入(", leaf, " * 0.3333, 1)"),
    )


MONEY_CONSTANT = choose("95万元", "100万元", "50万元", "5元", "0.01元", "1000000元")
MONEY = figures(
    st.one_of(
        choose(
            *MONEY_FIELDS, "结余", "下达金额 * 95%", "下达金额 / 3", "合计(资金.全年预算数)", "平均(资金.全年预算数)"
        ),
        choose("合计(发放.实发金额, 实发金额 > 0)", "最大(发放.实发金额)", "最小(发放.应发金额, 应发金额 > 5元)"),
    ),
    MONEY_CONSTANT,
)
RATE = st.one_of(
    joined(choose(*MONEY_FIELDS), " / ", choose(*MONEY_FIELDS)),
    choose(
        "下达执行率", "结余率", "填报资金使用率", "按写法(下达执行率, 填报资金使用率)", "相似度(总体目标, 年度目标)"
    ),
    joined("(", choose(*MONEY_FIELDS), " - ", choose(*MONEY_FIELDS), ") / ", choose(*MONEY_FIELDS)),
    joined(choose(*MONEY_FIELDS), " / (", choose(*MONEY_FIELDS), " - ", choose(*MONEY_FIELDS), ")"),
)
RATE_CONSTANT = choose("95%", "92.58%", "33.33%", "100%", "0%", "0.0001%", "参数.下限")
NUMBER = st.one_of(
    choose(
        "自评总分",
        "合计(指标.分值)",
        "合计(指标.得分, 得分 > 9)",
        "个数(指标)",
        "个数(指标, 分值 > 9)",
        "字数(年度目标)",
    ),
    choose("数值个数(年度目标)", "个数不同(指标.三级指标)", "自评总分 / 7", "自评总分 * 1.5 - 0.5"),
)
NUMBER_CONSTANT = choose("0", "3", "9.5", "10", "100", "0.000001", "999999999999", "0.5")
DAY = choose("截止日期", "填报日期", "年末(年度)", "年初(年度)", "2023-11-30", "2023-12-31")
PLAIN_TEXT = choose('"优"', '"无"', '"进一步提高服务水平"', '"𠮷野家😀"', '""')
ROW_MONEY = st.one_of(choose("应发金额", "实发金额", "先锋数 * 3元", "项目.下达金额"), MONEY_CONSTANT)
ROW_NUMBER = st.one_of(choose("分值", "得分", "分值 - 得分", "目标.数值", "项目.自评总分"), NUMBER_CONSTANT)


def compared(left: st.SearchStrategy[str], right: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(joined(left, " ", ORDER, " ", right), joined(right, " ", ORDER, " ", left))


def between(item: st.SearchStrategy[str], end: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return joined(item, " 介于 ", end, " 与 ", end)


def worded(text: st.SearchStrategy[str], other: st.SearchStrategy[str] = PLAIN_TEXT) -> st.SearchStrategy[str]:
    """Questions to a text."""
    return st.one_of(
        joined(text, choose(" = ", " ≠ "), other),
        joined(text, choose(" 含有 ", " 不含 "), choose("词表.含糊词", "词表.政策性停支", '"3"', '["好", "甲"]')),
        joined(text, " 匹配 ", choose('"社区[0-9]{1,3}个"', '"^第"', '"[（(]"')),
        joined(text, choose(" 属于 ", " 不属于 "), choose('["优", "良"]', "词表.等级词")),
        joined(text, choose(" 为空", " 不为空")),
    )


def combined(leaf: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """且, 或, 非 over leaves."""
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            joined("(", inner, " 且 ", inner, ")"), joined("(", inner, " 或 ", inner, ")"), joined("非 (", inner, ")")
        ),
        max_leaves=4,
    )


EMPTY = st.one_of(joined(choose(*MONEY_FIELDS, "截止日期", "自评总分", "填报资金使用率"), choose(" 为空", " 不为空")))
ROWS_ASKED = st.one_of(
    joined(
        choose("存在", "全部", "没有"), "(指标, ", choose("得分 < 分值", "三级指标 = 项目.实施单位", "分值 为空"), ")"
    ),
    joined(choose("存在", "全部", "没有"), "(发放, ", choose("实发金额 < 应发金额", "发放日期 > 2023-12-31"), ")"),
)
PROJECT_CONDITION = combined(
    st.one_of(
        *(compared(MONEY, MONEY), compared(RATE, RATE_CONSTANT), compared(RATE, RATE), compared(DAY, DAY)),
        *(
            compared(NUMBER, NUMBER_CONSTANT),
            compared(NUMBER, NUMBER),
            worded(choose(*TEXT_FIELDS), st.one_of(choose(*TEXT_FIELDS), PLAIN_TEXT)),
            EMPTY,
            ROWS_ASKED,
        ),
        *(
            between(choose(*MONEY_FIELDS), MONEY_CONSTANT),
            between(DAY, DAY),
            choose('自评等级 = "优"', '自评等级 ≠ "差"'),
        ),
    )
)
INDICATOR_CONDITION = combined(
    st.one_of(
        compared(ROW_NUMBER, ROW_NUMBER),
        compared(choose("得分 / 分值", "得分率", "完成率"), RATE_CONSTANT),
        worded(choose("三级指标", "指标值", "度量单位")),
        choose('目标.可衡量 = "no"', "目标.日期 为空", "合计(指标.分值, 三级指标 = 本行.三级指标) > 分值"),
        choose("存在(指标, 三级指标 = 本行.三级指标 且 得分 > 本行.得分)"),
    )
)
REWARD_CONDITION = combined(
    st.one_of(
        compared(ROW_MONEY, ROW_MONEY),
        compared(choose("发放日期"), choose("年末(项目.年度)", "2023-12-31", "项目.截止日期")),
        worded(choose("社区")),
        choose("没有(发放, 社区 = 本行.社区 且 应发金额 > 本行.应发金额)", "先锋数 ≥ 2"),
    )
)


def counted(*rules: str) -> st.SearchStrategy[str]:
    """Questions to what the rules before have found."""
    each = [f'规则 = "{rule}"' for rule in rules]
    quoted = ", ".join(f'"{rule}"' for rule in rules)
    some = f"规则 属于 [{quoted}]"
    bound = choose("0", "1", "2", "0.5", "999999999999", "自评总分", "个数(指标)")
    return joined("发现数(", choose(*each, some, '类别 = "资金"'), ") ", ORDER, " ", bound)


def rules_of(table: str, condition: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, Any]]:
    lines = st.lists(condition, min_size=1, max_size=2)
    some = st.lists(condition, max_size=2)
    shape = st.fixed_dictionaries({"条件": lines}, optional={"适用": some, "除非": some})
    return shape.map(lambda rule: {"对象": table, "类别": "资金", **rule})


BASE_RULE = st.one_of(
    rules_of("项目", PROJECT_CONDITION), rules_of("指标", INDICATOR_CONDITION), rules_of("发放", REWARD_CONDITION)
)


def conclusion(*rules: str) -> st.SearchStrategy[dict[str, Any]]:
    """A conclusion over earlier rules, which may read the form as well."""
    asked = combined(counted(*rules))
    lines = st.tuples(asked, st.lists(st.one_of(asked, PROJECT_CONDITION), max_size=1)).map(lambda d: [d[0], *d[1]])
    some = st.lists(st.one_of(asked, PROJECT_CONDITION), max_size=1)
    shape = st.fixed_dictionaries({"条件": lines}, optional={"适用": some, "除非": some})
    return shape.map(lambda rule: {"对象": "项目", "结果": "结论", "类别": "目标", **rule})


RULES = st.tuples(*[BASE_RULE] * 3, conclusion("FP100", "FP101", "FP102"), conclusion("FP101", "FP103"))


def cells(*pool: str) -> st.SearchStrategy[str]:
    """A field's text: mostly a value, at times blank or not readable."""
    return st.one_of(st.sampled_from(pool), st.sampled_from(pool), choose("", UNREADABLE))


AMOUNT = st.one_of(cells(*AMOUNTS), st.integers(0, 2 * 10**8).map(lambda cents: f"{cents // 100}.{cents % 100:02d}元"))
INDICATOR_ROW = st.fixed_dictionaries(
    {"三级指标": cells("培训次数", "满意度(%)", "培训次数 ", "优")},
    optional={
        "分值": cells(*SCORES),
        "得分": cells(*SCORES),
        "指标值": cells("≥95%", "200人次", "进一步提高", "12月底前", "3"),
        "实际完成值": cells("95%", "200人次", "3"),
        "度量单位": cells("%", "人次"),
    },
)
REWARD_ROW = st.fixed_dictionaries(
    {"社区": cells("甲社区", "乙社区", "甲 社区")},
    optional={"应发金额": AMOUNT, "实发金额": AMOUNT, "发放日期": cells(*DAYS), "先锋数": cells("1", "2", "3")},
)
FUND_ROW = st.fixed_dictionaries({"来源": cells("财政拨款")}, optional={"全年预算数": AMOUNT})


def mostly(drawn: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Three times out of four; else None, for what is left out."""
    return st.tuples(st.integers(0, 3), drawn).map(lambda pair: pair[1] if pair[0] else None)


def given_of(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """A form with most of its fields."""
    some = st.fixed_dictionaries({name: mostly(drawn) for name, drawn in fields.items()})
    return some.map(lambda form: {name: value for name, value in form.items() if value is not None})


FORM = given_of(
    **dict.fromkeys(MONEY_FIELDS, AMOUNT),
    **{name: st.one_of(cells(*TEXTS), st.text(max_size=12)) for name in TEXT_FIELDS},
    填报资金使用率=cells(*RATES),
    自评总分=cells(*SCORES),
    自评等级=cells("优", "差"),
    截止日期=cells(*DAYS),
    填报日期=cells(*DAYS),
    地区=choose("五华", "全国"),
    指标=st.lists(INDICATOR_ROW, max_size=3),
    发放=st.lists(REWARD_ROW, max_size=3),
    资金=st.lists(FUND_ROW, max_size=3),
).map(lambda form: {"年度": "2023", "表种": "综合", **form})
