"""What an editor inserts whole: a new rule, an example, the common sentences. `${1:…}` are the parts to fill in."""

from typing import Any, TypedDict


class Snippet(TypedDict):
    """A piece as the YAML language server takes it; texts of the body stand in the file as they are."""

    label: str
    description: str
    body: Any


def new_rule(source: str, advice: str) -> Snippet:
    """Give a whole rule that holds as it is, citing a source and a recommendation at hand."""
    amounts = "{年度: 2023, 表种: 综合, 下达金额: 100万元"
    body = {
        "编号": "${1:QX001}",
        "名称": "${2:支出超过下达}",
        "类型": "${3:spent-over-allocated}",
        "类别": "${4:资金}",
        "级别": "${5:一般}",
        "把握": "${6:高}",
        "依据": [{source: "${7:哪一条}"}],
        "生效": "${8:2020-01-01}",
        "对象": "${9:项目}",
        "适用": ["${10:下达金额 > 0}"],
        "条件": ["${11:支出金额 > 下达金额}"],
        "标注": "${12:支出金额}",
        "问题": '"{实施单位}支出{支出金额}，超过下达的{下达金额}。"',
        "整改": "${13:核对两个数，写错的更正，写对的说明钱从哪里来。}",
        "建议": advice,
        "样例": [
            {"名称": "超过", "给定": amounts + ", 支出金额: 101万元}", "结论": "命中"},
            {"名称": "一样多", "给定": amounts + ", 支出金额: 100万元}", "结论": "通过"},
            {"名称": "支出没有填", "给定": amounts + "}", "结论": "无法判断"},
        ],
    }
    return {"label": "新规则", "description": "一条完整的规则，照着改", "body": body}


NEW_EXAMPLE: Snippet = {
    "label": "新样例",
    "description": "一个样例：给定什么，应当得出什么",
    "body": {"名称": "${1:情形}", "给定": "{年度: 2023, 表种: 综合, ${2:字段: 内容}}", "结论": "${3:命中}"},
}


def _sentence(label: str, description: str, body: str) -> Snippet:
    return {"label": label, "description": description, "body": body}


SENTENCES = [
    _sentence("比较", "和界限比大小：< ≤ > ≥ = ≠", "${1:字段} < ${2:参数.名称}"),
    _sentence("区间", "包括两头", "${1:字段} 介于 ${2:1} 与 ${3:10}"),
    _sentence("没有填", "填了写“不为空”", "${1:字段} 为空"),
    _sentence("含有词", "一个词都没有写“不含”", "${1:字段} 含有 词表.${2:名称}"),
    _sentence("其中之一", "都不是写“不属于”", '${1:字段} 属于 ["${2:甲}", "${3:乙}"]'),
    _sentence("子表合计", "各行相加", "合计(${1:表.列}) > ${2:字段}"),
    _sentence("子表里有", "至少一行满足条件", "存在(${1:表}, ${2:条件})"),
]
