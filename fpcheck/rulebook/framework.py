"""The shape of scorecard.yaml, key for key as it is written: an evaluation framework as data."""

import re
from decimal import Decimal
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from fpcheck.problem import short
from fpcheck.rulebook.choices import Seen
from fpcheck.rulebook.rule import Cited
from fpcheck.schema import Day, Shape

POINTS = r"[0-9]{1,3}(\.[0-9]{1,2})?"


def _points(value: object) -> object:
    if not isinstance(value, str) or not re.fullmatch(POINTS, value) or not Decimal(value):
        seen = f"“{short(value)}”不是分值" if isinstance(value, str) else "这里要写分值"
        raise ValueError(f"{seen}；请写大于 0 的数，最多两位小数，如 3 或 2.5")
    return value


Points = Annotated[Decimal, BeforeValidator(_points)]
_BASIS = "根据哪份文件的哪一条，一行一项，写成“来源: 条款”；来源是 sources.yaml 里的名字"


class ScorePoint(Shape):
    """One checkpoint: scored by a rate, by what rules found, or by a person."""

    text: str = Field(alias="内容", min_length=1, description="看什么，写成做到了的样子，如 制定了项目管理制度")
    weight: Points = Field(alias="分值", description="这一处的满分，最多两位小数")
    rate: str | None = Field(None, alias="得分率", description="一个比率，得分 = 分值 × 它，最多得满分")
    applies: str | None = Field(
        None, alias="适用", description="和得分率一起写：哪些项目才按它算，写一句判断；不成立的由人评"
    )
    most: str | None = Field(
        None, alias="最多得分率", description="和得分率一起写：读不出的一概算做到时的比率；得分率是算没有做到时的"
    )
    doubts: str | None = Field(
        None, alias="存疑", description="和得分率一起写：这些规则命中了，填的数靠不住，比率只算最多能得的"
    )
    faults: str | None = Field(None, alias="扣分", description="哪些规则命中了就不得分，写法同 发现数( ) 的括号里")
    person: str | None = Field(None, alias="人工", description="要由人评的，写看哪些材料")
    seen: Seen = Field("部分", alias="可判", description="程序看得全不全；和得分率、扣分一起写")

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        ways = [way for way in (self.rate, self.faults, self.person) if way is not None]
        if len(ways) != 1:
            raise ValueError("“得分率”“扣分”“人工”要写一个，只写一个；程序算不出来的写 人工: 看哪些材料")
        for name in ("applies", "most", "doubts"):
            if self.rate is None and getattr(self, name) is not None:
                key = type(self).model_fields[name].alias
                raise ValueError(f"“{key}”只和“得分率”一起写；请删去“{key}”")
        if self.person is not None and "seen" in self.model_fields_set:
            raise ValueError("“人工”的要点不写“可判”；请删去“可判”")
        return self


class ScoreIndicator(Shape):
    """One 三级指标 of an evaluation framework."""

    category: str = Field(alias="一级", min_length=1, description="一级指标，如 决策、过程、产出、效益")
    dimension: str = Field(alias="二级", min_length=1, description="二级指标，如 项目立项")
    name: str = Field(alias="三级", min_length=1, description="三级指标，如 立项依据充分性")
    weight: Points = Field(alias="分值", description="这个指标的满分，等于下面各要点之和")
    note: str = Field("", alias="说明", description="为什么这样分")
    points: tuple[ScorePoint, ...] = Field(alias="要点", min_length=1, description="逐处评分，一处一项")


class Grade(Shape):
    """One grade and the total from which it holds."""

    name: str = Field(alias="等级", min_length=1, description="如 优")
    bound: str | None = Field(None, alias="不低于", description="总分的界限，如 参数.优等分数线；最低一级不写")


class ScorecardDefinition(Shape):
    """An evaluation framework: what is scored, by whom, and what the total means."""

    title: str = Field(alias="标题", min_length=1, description="框架的名称，报告里这样称呼它")
    basis: Cited = Field(alias="依据", min_length=1, description=_BASIS, json_schema_extra={"offers": "basis"})
    effective_from: Day = Field(alias="生效", description="从哪一天起按这个框架评，写成 2020-02-25 的样子")
    note: str = Field("", alias="说明", description="分值怎么来的")
    forms: tuple[str, ...] = Field(
        alias="表种", min_length=1, description="哪几种表可以这样评，一行一种", json_schema_extra={"offers": "forms"}
    )
    full: Points = Field(alias="满分", description="各指标的分值合计")
    compared: tuple[str, ...] = Field((), alias="对照", description="表上填的哪些总分、等级拿来对照，写项目的字段")
    content: tuple[str, ...] = Field(
        (), alias="看", description="评分要看的：项目的字段，或 表.列；一处也没有读出的，不评分。不写就都评"
    )
    grades: tuple[Grade, ...] = Field(alias="等级", min_length=1, description="从高到低，用第一个够得上的")
    indicators: tuple[ScoreIndicator, ...] = Field(alias="指标", min_length=1, description="一项一个三级指标")
