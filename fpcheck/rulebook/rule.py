"""The shape of a rule file, key for key as it is written."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from fpcheck.schema import Day, Shape
from fpcheck.terms import NATION

Severity = Literal["严重", "重要", "一般", "提示"]
Confidence = Literal["高", "中", "低"]
Category = Literal["目标", "指标", "资金", "产出", "效益", "管理制度", "过程", "自评质量", "报送"]
Role = Literal["问题", "亮点", "结论"]
Verdict = Literal["命中", "通过", "无法判断", "不适用"]


def _cited(value: object) -> object:
    for item in value if isinstance(value, list) else []:
        if not isinstance(item, dict) or len(item) != 1:
            raise ValueError("依据的每一项要写成“来源: 条款”；来源见 sources.yaml，如 - 五华2023: 四（二）")
    return value


Cited = Annotated[tuple[dict[str, str], ...], BeforeValidator(_cited)]


class Example(Shape):
    """One example of a rule: what is given, and what the rule must say."""

    name: str = Field(alias="名称", min_length=1)
    given: Any = Field(None, alias="给定")
    previous: Any = Field(None, alias="上年")
    row: int | None = Field(None, alias="行", ge=1)
    found: dict[str, Verdict] | None = Field(None, alias="发现")
    verdict: Verdict = Field(alias="结论")


class Rule(Shape):
    """One rule as its file states it; expressions are still text."""

    id: str = Field(alias="编号", pattern=r"^[A-Z]{2,4}[0-9]{3,4}$")
    name: str = Field(alias="名称", min_length=1)
    type: str = Field(alias="类型", pattern=r"^[a-z]+(-[a-z]+)*$")
    category: Category = Field(alias="类别")
    role: Role = Field("问题", alias="结果")
    severity: Severity = Field("提示", alias="级别")
    confidence: Confidence = Field("高", alias="把握")
    basis: Cited = Field(alias="依据", min_length=1)
    effective_from: Day = Field(alias="生效")
    effective_until: Day | None = Field(None, alias="失效")
    region: str = Field(NATION, alias="地区")
    replaces: str | None = Field(None, alias="替代")
    table: str = Field(alias="对象")
    applies: tuple[str, ...] = Field((), alias="适用")
    conditions: tuple[str, ...] = Field(alias="条件", min_length=1)
    unless: tuple[str, ...] = Field((), alias="除非")
    mark: str | None = Field(None, alias="标注")
    expected: str | None = Field(None, alias="应为")
    difference: str | None = Field(None, alias="差额")
    subject: str | None = Field(None, alias="主体")
    message: str = Field(alias="问题", min_length=1)
    fix: str = Field("", alias="整改")
    recommendation: str | None = Field(None, alias="建议")
    examples: tuple[Example, ...] = Field((), alias="样例")


class Source(Shape):
    """A cited document; `checked` says whether its wording was compared with the original."""

    title: str = Field(alias="名称")
    number: str | None = Field(None, alias="文号")
    issued: Day | None = Field(None, alias="日期")
    force: Literal["法规", "地方", "惯例"] = Field(alias="效力")
    note: str = Field("", alias="说明")


class Setting(Shape):
    """One value of a parameter, with where and from when it holds."""

    value: str = Field(alias="值")
    force: Literal["法规", "地方", "惯例"] = Field(alias="效力")
    since: Day = Field(alias="自")
    region: str = Field(NATION, alias="地区")
    template: str | None = Field(None, alias="表样")
    basis: Cited = Field((), alias="依据")
    note: str = Field("", alias="说明")


class ParameterDefinition(Shape):
    """A threshold and its values by region, 表样 and date."""

    type: str = Field(alias="类型")
    meaning: str = Field(alias="含义")
    settings: tuple[Setting, ...] = Field(alias="取值", min_length=1)


class MeasureDefinition(Shape):
    """A derived figure; `reading` says in words what is divided by what."""

    formula: str = Field(alias="公式")
    reading: str = Field(alias="口径")
    note: str = Field("", alias="说明")


class WordList(Shape):
    """A list of words; inside one of `exceptions` a word does not count."""

    name: str = Field(alias="名称")
    meaning: str = Field(alias="含义")
    words: tuple[str, ...] = Field(alias="词", min_length=1)
    exceptions: tuple[str, ...] = Field((), alias="除外")


class Advice(Shape):
    """A recommendation that findings point to."""

    title: str = Field(alias="标题")
    text: str = Field(alias="内容")


class PolicyStep(Shape):
    """One step of the decision policy: the first whose conditions all hold decides."""

    decision: Literal["可报送", "需修改", "需人工核对"] = Field(alias="决定")
    conditions: tuple[str, ...] = Field((), alias="条件")
    note: str = Field("", alias="说明")


class Policy(Shape):
    """The decision policy."""

    steps: tuple[PolicyStep, ...] = Field(alias="步骤", min_length=1)
