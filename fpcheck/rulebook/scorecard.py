"""scorecard.yaml → a scorecard ready to run: its rates typed, its conditions on findings turned into rules."""

from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction
from functools import partial
from itertools import pairwise, product
from typing import Protocol, get_args

from fpcheck.problem import did_you_mean
from fpcheck.rulebook import ir
from fpcheck.rulebook.calls import rule_table, unmatched, virtual_table
from fpcheck.rulebook.choices import Category, Confidence, Role, Severity
from fpcheck.rulebook.compile import Path, Shelf, cited, typed
from fpcheck.rulebook.compiled import (
    Band,
    Checkpoint,
    Faults,
    ForPerson,
    Parameters,
    Rate,
    Reckoning,
    Scorecard,
    ScoredIndicator,
)
from fpcheck.rulebook.framework import ScorecardDefinition, ScoreIndicator, ScorePoint
from fpcheck.rulebook.functions import NUMERIC
from fpcheck.rulebook.names import RULE, Names
from fpcheck.rulebook.ordering import matching, metadata
from fpcheck.rulebook.rule import Rule
from fpcheck.rulebook.shelf import MeasureShelf
from fpcheck.rulebook.types import kind_of
from fpcheck.terms import NATION, PROJECT, SUMMARY, Type

DOUBTFUL = "低"
BOTH = "几个单位合起来也要算得出：请在 measures.yaml 的“项目”“汇总”里写同名的度量，这里写它的名字"
_NO_RULE = "请核对规则编号、类型、类别的写法；亮点和汇总的规则不能用来扣分"
CHOICES = {
    column: get_args(get_args(kind)[0])
    for column, kind in (("类别", Category), ("级别", Severity), ("把握", Confidence), ("结果", Role))
}


class Note(Protocol):
    """Takes a fault of the value at `path`; `column` counts from 1 within its text."""

    def __call__(self, path: Path, message: str, hint: str, column: int = 0) -> None:
        """Keep the fault."""


class ScorecardReader:
    """Reads one scorecard."""

    note: Note

    def __init__(self, names: Names, measures: MeasureShelf, parameters: Parameters, rules: Iterable[Rule]) -> None:
        self.names = names
        self.measures = measures
        self.parameters = parameters
        self.rules = list(rules)

    def read(self, card: ScorecardDefinition, shelf: Shelf, note: Note) -> Scorecard:
        """Give the scorecard; it is whole only where no fault went to `note`."""
        self.note = note
        self._known_names(card)
        self._sums(card)
        found = Scorecard(
            title=card.title,
            basis=cited(card.basis, shelf, note),
            since=card.effective_from,
            forms=card.forms,
            full=Fraction(card.full),
            compared=card.compared,
            content=card.content,
            bands=tuple(self._bands(card)),
            indicators=tuple(self._indicator(n, item) for n, item in enumerate(card.indicators)),
        )
        self._parameters(found)
        self._descending(found)
        return found

    def _known_names(self, card: ScorecardDefinition) -> None:
        glossary = self.names.glossary
        fields = glossary.project.fields
        told = [name for name, term in fields.items() if term.type in NUMERIC or term.type is Type.ENUM]
        looked = [*fields, *(f"{name}.{column}" for name, table in glossary.tables.items() for column in table.fields)]
        for key, said, known in (
            ("表种", card.forms, [*glossary.forms]),
            ("对照", card.compared, told),
            ("看", card.content, looked),
        ):
            for number, name in enumerate(said):
                if name not in known:
                    hint = did_you_mean(name, known) or f"有的是：{'、'.join(known[:8])}"
                    self.note((key, number), f"“{key}”里没有“{name}”可写", hint)

    def _sums(self, card: ScorecardDefinition) -> None:
        """Hold the points to the indicators' weights, and these to the full score."""
        seen: set[tuple[str, str]] = set()
        for number, item in enumerate(card.indicators):
            at = ("指标", number)
            parts = sum(point.weight for point in item.points)
            if parts != item.weight:
                message = f"“{item.name}”的要点合计 {parts} 分，不等于分值 {item.weight}"
                self.note((*at, "分值"), message, "请改要点的分值，或改这个指标的分值")
            if (item.dimension, item.name) in seen:
                self.note((*at, "三级"), f"“{item.name}”写了两次", "请合并，或另起一个名字")
            seen.add((item.dimension, item.name))
        whole = sum(item.weight for item in card.indicators)
        if whole != card.full:
            self.note(("满分",), f"各指标的分值合计 {whole}，不等于满分 {card.full}", "请核对各指标的分值")

    def _bands(self, card: ScorecardDefinition) -> Iterator[Band]:
        table = virtual_table("评分", {})
        for number, grade in enumerate(card.grades):
            at = ("等级", number)
            last = number == len(card.grades) - 1
            if last and grade.bound is not None:
                self.note((*at, "不低于"), "最后一个等级不写“不低于”", "请补上最低的一级，它没有界限")
            if not last and grade.bound is None:
                self.note(at, f"“{grade.name}”缺少“不低于”", "请写总分的界限，如 参数.优等分数线")
            bound = None
            if grade.bound is not None:
                bound = typed(grade.bound, self.names, table, partial(self.note, (*at, "不低于")))
            if bound and (bound.type not in NUMERIC or not isinstance(bound, ir.Parameter | ir.Const)):
                self.note((*at, "不低于"), "总分的界限要是一个数", "请写一个参数或一个数，如 参数.优等分数线")
            yield Band(grade.name, bound)

    def _indicator(self, number: int, item: ScoreIndicator) -> ScoredIndicator:
        points = (self._point(("指标", number, "要点", at), point) for at, point in enumerate(item.points))
        return ScoredIndicator(item.category, item.dimension, item.name, tuple(filter(None, points)))

    def _point(self, at: Path, point: ScorePoint) -> Checkpoint | None:
        way: Rate | Faults | ForPerson | None
        if point.rate is not None:
            way = self._rate(at, point.rate, point)
        elif point.faults is not None:
            way = self._faults((*at, "扣分"), point.faults)
        else:
            way = ForPerson(point.person or "")
        return Checkpoint(point.text, Fraction(point.weight), point.seen == "全部", way) if way else None

    def _rate(self, at: Path, rate: str, point: ScorePoint) -> Rate | None:
        """Type a rate twice: for one form, and for all units together."""
        one = self._reckoning(at, rate, point, PROJECT)
        district = self._reckoning(at, rate, point, SUMMARY) if one else None
        doubts = self._faults((*at, "存疑"), point.doubts) if point.doubts is not None else None
        return Rate(rate, one, district, doubts.rules if doubts else frozenset()) if one and district else None

    def _reckoning(self, at: Path, rate: str, point: ScorePoint, table: str) -> Reckoning | None:
        owner = self.names.glossary.tables[table]

        def note(key: str, message: str, hint: str, column: int = 0) -> None:
            self.note((*at, key), message, hint if table == PROJECT else BOTH, column)

        value = typed(rate, self.names, owner, partial(note, "得分率"))
        most = typed(point.most, self.names, owner, partial(note, "最多得分率")) if point.most else None
        when = typed(point.applies, self.names, owner, partial(note, "适用"), condition=True) if point.applies else None
        for key, expr in (("得分率", value), ("最多得分率", most)):
            if expr and expr.type is not Type.RATIO:
                note(key, f"{key}要是比率，现在是{kind_of(expr)}", "如 资金到位率；金额除以金额才是比率")
                return None
        if value is None or (point.applies and when is None) or (point.most and most is None):
            return None
        readings = {name: reading for name, _, reading in self.measures.of(table)}
        return Reckoning(value, most, when, readings[value.name] if isinstance(value, ir.Measure) else "")

    def _faults(self, at: Path, text: str) -> Faults | None:
        bare = Names(self.names.glossary)
        condition = typed(text, bare, rule_table(), partial(self.note, at), condition=True)
        if condition is None:
            return None
        if odd := unmatched(condition):
            hint = '只用 = ≠ 属于 含有 匹配 且 或 非，如 类型 = "objective-missing"'
            self.note(at, f"扣分的条件里不能用 {odd}", hint)
            return None
        counted = [rule for rule in self.rules if rule.role != "亮点" and rule.table != SUMMARY]
        rules = matching(condition, counted, None)
        unknown = list(self._unknown_values(condition))
        if (unknown or not rules) and not self.names.register.any_unread(RULE):
            for message, hint in unknown or [("没有一条规则符合这个条件", _NO_RULE)]:
                self.note(at, message, hint)
        return Faults(rules, frozenset(rule.id for rule in counted if rule.id in rules and rule.confidence == DOUBTFUL))

    def _unknown_values(self, condition: ir.Expr) -> Iterator[tuple[str, str]]:
        """Tell each number, type or category that no rule has: among others it would pass unseen."""
        for column, said in _compared(condition):
            known = sorted(CHOICES.get(column) or {metadata(rule)[column] for rule in self.rules})
            if said not in known:
                hint = did_you_mean(said, known) or f"有的是：{'、'.join(known[:8])}"
                yield f"没有一条规则的“{'编号' if column == '规则' else column}”是“{said}”", hint

    def _parameters(self, card: Scorecard) -> None:
        """Tell a parameter that has no value yet when the scorecard begins to hold."""
        rates = [point.way for item in card.indicators for point in item.points if isinstance(point.way, Rate)]
        reckoned = [expr for rate in rates for how in (rate.one, rate.district) for expr in how[:3]]
        exprs = [expr for expr in (*(band.bound for band in card.bands), *reckoned) if expr]
        named = {node.name for expr in exprs for node in ir.walk(expr) if isinstance(node, ir.Parameter)}
        for name in sorted(named):
            if self.parameters.find(name, NATION, None, card.since) is None:
                message = f"{card.since} 时“参数.{name}”还没有值"
                self.note(("生效",), message, "请在 parameters.yaml 里补一个更早的值，或推迟生效")

    def _descending(self, card: Scorecard) -> None:
        """Hold the grades to their order, from high to low, wherever and whenever their bounds change."""
        seen: set[str] = set()
        for number, band in enumerate(card.bands):
            if band.grade in seen:
                self.note(("等级", number, "等级"), f"等级“{band.grade}”写了两次", "请只留一个")
            seen.add(band.grade)
        if any(band.bound is None for band in card.bands[:-1]) or card.bands[-1].bound:
            return  # told already
        bounds = [node for band in card.bands if band.bound for node in ir.walk(band.bound)]
        used = sorted({node.name for node in bounds if isinstance(node, ir.Parameter)})
        settings = [value.setting for name in used for value in self.parameters.values.get(name, ())]
        places = dict.fromkeys([NATION, *(setting.region for setting in settings)])
        templates = dict.fromkeys([None, *(setting.template for setting in settings)])
        days = sorted({card.since, *(setting.since for setting in settings if setting.since > card.since)})
        for region, template, day in product(places, templates, days):
            if wrong := _first_rise([card.full, *(self._bound(band, region, template, day) for band in card.bands)]):
                number, higher, lower = wrong
                where = f"（{'、'.join(filter(None, (region, template)))}，{day}）"
                message = f"“{card.bands[number].grade}”的界限 {lower:g} 不比上一级的 {higher:g} 低{where}"
                if number == 0:
                    message = f"“{card.bands[0].grade}”的界限 {lower:g} 超过满分 {higher:g}{where}"
                self.note(("等级", number, "不低于"), message, "等级从高到低写，界限一级比一级低")
                return

    def _bound(self, band: Band, region: str, template: str | None, day: date) -> Fraction | None:
        """Give a grade's bound in one place on one day, None where it has none."""
        if isinstance(band.bound, ir.Const):
            value: object = band.bound.value
        elif isinstance(band.bound, ir.Parameter) and band.bound.name in self.parameters.values:
            found = self.parameters.find(band.bound.name, region, template, day)
            value = found.value if found else None
        else:
            value = None
        fits = band.bound is not None and band.bound.type in NUMERIC
        return value if fits and isinstance(value, Fraction) else None


def _first_rise(bounds: list[Fraction | None]) -> tuple[int, float, float] | None:
    """Find the first bound that is no lower than the one before it; the first may equal the full score."""
    known = [(number, bound) for number, bound in enumerate(bounds) if bound is not None]
    for (_, higher), (number, lower) in pairwise(known):
        if lower > higher or (lower == higher and number > 1):
            return number - 1, float(higher), float(lower)
    return None


def _compared(condition: ir.Expr) -> Iterator[tuple[str, str]]:
    """Give each column of the rules with each text that it is compared with."""
    for node in ir.walk(condition):
        match node:
            case ir.Compare(left=ir.Field(name=name), right=ir.Const(value=str(value))):
                yield name, value
            case ir.Compare(left=ir.Const(value=str(value)), right=ir.Field(name=name)):
                yield name, value
            case ir.Member(item=ir.Field(name=name), options=options):
                yield from ((name, str(option.value)) for option in options if isinstance(option, ir.Const))
