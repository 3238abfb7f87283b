"""The shape of a rule file, key for key as it is written, with what each key means.

The meanings stand here once: faults, the manual and the schema for editors repeat them. `offers` names what an
editor may offer for a key; `fpcheck.authoring.offers` finds the names of the rules at hand.
"""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from fpcheck.rulebook.choices import (
    Adding,
    Category,
    Confidence,
    CrossCheck,
    Decision,
    Force,
    Listed,
    Role,
    Severity,
    Verdict,
)
from fpcheck.schema import Day, Shape
from fpcheck.terms import NATION


def _cited(value: object) -> object:
    for item in value if isinstance(value, list) else []:
        if not isinstance(item, dict) or len(item) != 1:
            raise ValueError("依据的每一项要写成“来源: 条款”；来源见 sources.yaml，如 - 五华2023: 四（二）")
    return value


Cited = Annotated[tuple[dict[str, str], ...], BeforeValidator(_cited)]
_BASIS = "根据哪份文件的哪一条，一行一项，写成“来源: 条款”；来源是 sources.yaml 里的名字"
_NUMBER = r"^[A-Z]{2,4}[0-9]{3,4}$"
_NUMBERED = "要写两到四个大写字母加三四位数字，如 FP201"
_REGION = "只用于哪个地区，写 terms.yaml 里的地区；不写就是全国"


def _offers(names: str) -> Any:  # noqa: ANN401 - pydantic's own loose type
    return {"offers": names}


class Example(Shape):
    """One example of a rule: what is given, and what the rule must say."""

    name: str = Field(alias="名称", min_length=1, description="这个样例说的是什么情形")
    given: Any = Field(
        None,
        alias="给定",
        description="一份材料的字段；没有写的就是没有填。汇总规则写成列表，一项一个单位",
    )
    previous: Any = Field(None, alias="上年", description="同一项目上年的材料")
    row: int | None = Field(None, alias="行", ge=1, description="看子表的第几行，从 1 数起；不写就看最重的那一行")
    found: dict[str, Verdict] | None = Field(
        None,
        alias="发现",
        description="写在结论规则的样例里：前面的规则得出了什么，写成“编号: 结论”，没有写到的都算通过",
        json_schema_extra=_offers("found"),
    )
    verdict: Verdict = Field(alias="结论", description="规则应当得出什么")


class Rule(Shape):
    """One rule as its file states it; expressions are still text."""

    id: str = Field(
        alias="编号",
        pattern=_NUMBER,
        description="不重复，废止后也不再使用；与随附的规则同号，就代替那一条",
        json_schema_extra={"patternErrorMessage": _NUMBERED},
    )
    name: str = Field(alias="名称", min_length=1, description="说毛病，不说办法，如 下达资金执行率低")
    type: str = Field(
        alias="类型",
        pattern=r"^[a-z]+(-[a-z]+)*$",
        description="给程序用的固定名字，同一种毛病用同一个，如 score-too-high",
        json_schema_extra={
            "patternErrorMessage": "要写小写英文单词，用 - 连接，不带数字，如 score-too-high",
            **_offers("types"),
        },
    )
    category: Category = Field(alias="类别", description="毛病属于哪一方面")
    role: Role = Field("问题", alias="结果", description="命中了算什么")
    severity: Severity = Field("提示", alias="级别", description="毛病有多重；结果为“问题”的规则都要写")
    confidence: Confidence = Field("高", alias="把握", description="命中了有多大把握真是毛病；结果为“问题”的规则都要写")
    basis: Cited = Field(alias="依据", min_length=1, description=_BASIS, json_schema_extra=_offers("basis"))
    effective_from: Day = Field(alias="生效", description="从哪一天起用这条规则，写成 2020-02-25 的样子")
    effective_until: Day | None = Field(None, alias="失效", description="用到哪一天为止，含这一天；不写就一直用")
    region: str = Field(NATION, alias="地区", description=_REGION, json_schema_extra=_offers("regions"))
    replaces: str | None = Field(
        None,
        alias="替代",
        description="近一级的规则代替上一级的哪一条，写编号",
        json_schema_extra=_offers("replaced"),
    )
    table: str = Field(
        alias="对象",
        description="看哪张表，一行一行看；“汇总”是同一项目、同一年度的全部单位合起来看",
        json_schema_extra=_offers("tables"),
    )
    applies: tuple[str, ...] = Field(
        (),
        alias="适用",
        description="前提，一行写一句；有一句不成立就是“不适用”",
        json_schema_extra=_offers("sentences"),
    )
    conditions: tuple[str, ...] = Field(
        alias="条件",
        min_length=1,
        description="毛病的样子，一行写一句；全部成立才算命中",
        json_schema_extra=_offers("sentences"),
    )
    unless: tuple[str, ...] = Field(
        (),
        alias="除非",
        description="例外，一行写一句；有一句成立就不算",
        json_schema_extra=_offers("sentences"),
    )
    cross_check: CrossCheck = Field(
        "否", alias="勾稽", description="表内各数是不是应当对得上；是的，用来推算哪一格填错了"
    )
    mark: str | None = Field(
        None, alias="标注", description="毛病标在哪一栏，写字段名或“表.列”；不写就是条件里的第一个字段"
    )
    expected: str | None = Field(None, alias="应为", description="应当是多少，写一个算式")
    difference: str | None = Field(None, alias="差额", description="相差多少，写一个算式")
    subject: str | None = Field(
        None, alias="主体", description="毛病说的是谁，写一个字段，如 三级指标；不写就按这张表定"
    )
    message: str = Field(
        alias="问题",
        min_length=1,
        description="报告里的话：谁、按哪些数、差在哪里；结果为“核对”的写要核对什么。"
        "要填的数写成 {字段} 或 {算式}，整句加双引号",
        json_schema_extra=_offers("message"),
    )
    fix: str = Field(
        "",
        alias="整改",
        description="怎么改，一两句话；结果为“核对”的写要看哪些资料；这两种规则都要写。也可以写 {字段}",
        json_schema_extra=_offers("message"),
    )
    recommendation: str | None = Field(
        None,
        alias="建议",
        description="报告附上哪一条建议，写 recommendations.yaml 里的名字",
        json_schema_extra=_offers("advice"),
    )
    examples: tuple[Example, ...] = Field(
        (), alias="样例", description="这条规则的测试：命中、通过、无法判断各至少一个"
    )

    @property
    def cross_checks(self) -> bool:
        """Tell a 勾稽关系: the form's own figures fit each other unless one of them is written wrongly."""
        return self.cross_check == "是"


class Source(Shape):
    """A cited document; `checked` says whether its wording was compared with the original."""

    title: str = Field(alias="名称", description="文件的全称，不加书名号")
    number: str | None = Field(None, alias="文号", description="如 财预〔2020〕10号")
    issued: Day | None = Field(None, alias="日期", description="印发或施行的日期，写成 2020-02-25 的样子")
    force: Force = Field(alias="效力", description="能支持哪一级的规则")
    note: str = Field("", alias="说明", description="要点，以及原文是否对照过")


class Setting(Shape):
    """One value of a parameter, with where and from when it holds."""

    value: str = Field(alias="值", description="比率写 95%，金额写 50万元，数写 30")
    force: Force = Field(alias="效力", description="这个界限靠什么立住；“惯例”的界限，规则最多“一般”")
    since: Day = Field(alias="自", description="从哪一天起用这个值，写成 2020-02-25 的样子")
    region: str = Field(NATION, alias="地区", description=_REGION, json_schema_extra=_offers("regions"))
    template: str | None = Field(None, alias="表样", description="只用于哪一种版式的表；不写就都用")
    basis: Cited = Field((), alias="依据", description=_BASIS, json_schema_extra=_offers("basis"))
    note: str = Field("", alias="说明", description="为什么取这个值")


class ParameterDefinition(Shape):
    """A threshold and its values by region, 表样 and date."""

    type: str | None = Field(
        None,
        alias="类型",
        description="值是哪一类；给已有的界限添取值时可以不写",
        json_schema_extra=_offers("kinds"),
    )
    meaning: str | None = Field(None, alias="含义", description="这个界限管什么；给已有的界限添取值时可以不写")
    settings: tuple[Setting, ...] = Field(
        alias="取值", min_length=1, description="各地区、各时候的值；近一级的地区优先"
    )


class MeasureDefinition(Shape):
    """A derived figure; `reading` says in words what is divided by what."""

    formula: str = Field(alias="公式", description="一个算式，可以用别的度量")
    reading: str = Field(alias="口径", description="用文字说清怎么算，比率写明分子分母")
    note: str = Field("", alias="说明", description="补充的话")
    listed: Listed = Field("是", alias="列出", description="“汇总”里的数要不要列进报告")


class WordList(Shape):
    """A list of words and patterns; inside one of `exceptions` neither counts."""

    name: str = Field(alias="名称", description="规则里写成 词表.名称")
    meaning: str = Field(alias="含义", description="哪一类词收在这里")
    words: tuple[str, ...] = Field((), alias="词", min_length=1, description="一个一个写，用半角逗号分开")
    patterns: tuple[str, ...] = Field(
        (),
        alias="匹配",
        min_length=1,
        description="写不成一个个词的，写正则，一行一项，加双引号；写法和表达式里的“匹配”一样",
    )
    exceptions: tuple[str, ...] = Field((), alias="除外", description="含有上面的词而不算的说法")
    levels: dict[str, tuple[str, ...]] = Field(
        {}, alias="分级", description="把上面的词分出轻重，写成“级: [词, …]”；规则里写 词表.名称.级"
    )
    adds: Adding = Field("否", alias="补充", description="加进下面一层（如随附规则）的同名词表，还是代替它")


class Advice(Shape):
    """A recommendation that findings point to."""

    title: str = Field(alias="标题", description="建议的题目")
    text: str = Field(alias="内容", description="建议的正文，同一条在报告里只写一次")


class Unwritten(Shape):
    """A fault that could be a rule if some form carried what it takes; only the catalogue reads it."""

    category: Category = Field(alias="类别", description="毛病属于哪一方面")
    lacking: tuple[str, ...] = Field(
        alias="缺的内容", min_length=1, description="判断它要用、而现在各种表都没有的内容，一个一个写，用半角逗号分开"
    )
    origin: str = Field(alias="来自", description="这些内容要从哪种表、哪份资料来")
    asked: str | None = Field(
        None,
        alias="核对",
        pattern=_NUMBER,
        description="眼下由哪一条结果为“核对”的规则请人看，写编号",
        json_schema_extra={"patternErrorMessage": _NUMBERED, **_offers("replaced")},
    )
    note: str = Field("", alias="说明", description="补充的话")


class Withdrawn(Shape):
    """A rule that is no more; its number is never used again."""

    name: str = Field(alias="名称", min_length=1, description="废止的规则叫什么")
    note: str = Field("", alias="说明", description="为什么废止，现在看哪一条")


class PolicyStep(Shape):
    """One step of the decision policy: the first whose conditions all hold decides."""

    decision: Decision = Field(alias="决定", description="条件都成立时得出什么")
    conditions: tuple[str, ...] = Field((), alias="条件", description="一行写一句，全部成立才用这一步；最后一步不写")
    note: str = Field("", alias="说明", description="这一步管什么情形")


class Policy(Shape):
    """The decision policy."""

    steps: tuple[PolicyStep, ...] = Field(alias="步骤", min_length=1, description="从上到下，用第一个成立的")
