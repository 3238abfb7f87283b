"""The bench of the conformance rows: a small vocabulary of its own, and one way to evaluate a row.

A row says: this expression (式), read on this row (对象, 行) of these values (给定, 上年, 同批, 发现), gives this (得),
or is unknown for want of these (缺). The rules shipped with fpcheck play no part.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from fpcheck.engine.evaluate import Env, evaluate
from fpcheck.engine.group import Group, Tally
from fpcheck.engine.unknown import Interval, Unknown
from fpcheck.facts import Facts, facts_of
from fpcheck.finding import Outcome, RuleOutcome
from fpcheck.reading import read_submission
from fpcheck.rulebook import ir
from fpcheck.rulebook.calls import virtual_table
from fpcheck.rulebook.compile import RuleCompiler, Shelf, typed
from fpcheck.rulebook.compiled import Parameters, Rulebook, Value
from fpcheck.rulebook.lower import lower
from fpcheck.rulebook.names import Names, Register
from fpcheck.rulebook.ordering import conclusions_in_order, matching
from fpcheck.rulebook.rule import Rule, Setting, Source
from fpcheck.rulebook.shared import SHARED, Shared
from fpcheck.schema import build, node_of
from fpcheck.submission import Submission
from fpcheck.terms import PROJECT, SUMMARY, Glossary, Table, Type, shipped_glossary
from fpcheck.value import normal
from fpcheck.wording import Wording

HERE = Path(__file__).parent
SEPARATE = ("rules", "faults")  # files whose rows have another shape
UNKNOWN = "未知"

PARAMETERS: dict[str, tuple[Type, Any]] = {
    "下达执行率下限": (Type.RATIO, Fraction(95, 100)),
    "大额": (Type.MONEY, Fraction(50_000_000)),
    "满分": (Type.NUMBER, Fraction(100)),
    "指标个数下限": (Type.COUNT, Fraction(3)),
    "清理期限": (Type.DATE, date(2023, 11, 30)),
    "合格等级": (Type.TEXT, "良"),
}
MEASURES = {
    (PROJECT, "下达执行率"): "支出金额 / 下达金额",
    (PROJECT, "结余"): "下达金额 - 支出金额",
    (PROJECT, "结余率"): "结余 / 下达金额",
    (PROJECT, "分值合计"): "合计(指标.分值)",
    ("指标", "得分率"): "得分 / 分值",
    ("指标", "失分"): "分值 - 得分",
    (SUMMARY, "全区支出"): "合计(项目.支出金额)",
}
SHARED_MEASURES = {
    "约等": ({"甲": Type.MONEY, "乙": Type.MONEY}, "绝对值(甲 - 乙) ≤ 乙 * 10%"),
    "都不约等": ({"甲": Type.MONEY, "乙": Type.MONEY}, "非 约等(甲, 乙) 且 非 约等(乙, 甲 * 2)"),
    "几成": ({"甲": Type.NUMBER, "乙": Type.NUMBER}, "甲 / 乙"),
}
WORDS = {
    "含糊词": (("进一步", "不断", "提高"), ("不断电", "提高班")),
    "政策性停支": (("政策调整", "暂停支付"), ()),
    "等级词": (("优", "良"), ()),
    "单字": (("丙",), ("甲乙", "乙丙丁")),
    "叠字": (("乙",), ("甲乙甲",)),
    "长词": (("基本完成",), ("基本",)),
}
ROLES = {  # the rules that 发现数 may count
    "FP201": ("资金", "一般", "问题"),
    "FP202": ("资金", "重要", "问题"),
    "FP301": ("目标", "提示", "问题"),
    "FP901": ("资金", "提示", "亮点"),
}


def load(name: str) -> list[dict[str, Any]]:
    """Read a file of rows as plain text, so that 57.60 stays 57.60 and 是 stays 是."""
    text = (HERE / f"{name}.yaml").read_text(encoding="utf-8")
    return yaml.load(text, Loader=yaml.BaseLoader)


@cache
def rows() -> tuple[tuple[str, dict[str, Any]], ...]:
    """Give every expression row with the name of its file."""
    names = sorted(path.stem for path in HERE.glob("*.yaml") if path.stem not in SEPARATE)
    return tuple((name, row) for name in names for row in load(name))


@cache
def glossary() -> Glossary:
    return shipped_glossary()


@cache
def metadata() -> tuple[Rule, ...]:
    """Give the rules that exist for 发现数, as far as it looks at them."""
    return tuple(
        rule_of({"编号": number, "类别": category, "级别": severity, "结果": role, "条件": ["支出金额 为空"]})
        for number, (category, severity, role) in ROLES.items()
    )


def rule_of(keys: Mapping[str, Any]) -> Rule:
    """Build a rule from a few keys; the rest is filled in."""
    base = {
        "编号": "FP100",
        "名称": "试",
        "类型": "trial",
        "类别": "资金",
        "级别": "提示",
        "把握": "高",
        "依据": [{"试": "一"}],
        "生效": "2000-01-01",
        "对象": PROJECT,
        "问题": "试",
        "整改": "试",
    }
    return build(Rule, node_of({**base, **keys}), "试.yaml")


@cache
def words() -> dict[str, ir.Words]:
    return {
        name: ir.Words(name, tuple(map(normal, listed)), tuple(map(normal, exceptions)))
        for name, (listed, exceptions) in WORDS.items()
    }


@cache
def names() -> Names:
    """Give everything a row's expression may name."""
    listed: dict[str, list[str]] = {}
    for table, name in MEASURES:
        listed.setdefault(table, []).append(name)
    return Names(
        glossary=glossary(),
        parameters={name: kind for name, (kind, _) in PARAMETERS.items()},
        wordlists=words(),
        measure=_measure,
        measures=listed,
        shared=_shared,
        rules=lambda condition: matching(condition, metadata(), None),
    )


@cache
def _measure(table: str, name: str) -> ir.Expr | None:
    formula = MEASURES.get((table, name))
    return compiled(formula, table) if formula else None


@cache
def _shared(name: str) -> Shared | None:
    takes, formula = SHARED_MEASURES.get(name, ({}, ""))
    body = typed(formula, names(), virtual_table(SHARED, takes), lambda *_: None) if formula else None
    return Shared(takes, body) if body else None


def parameter(name: str) -> Any:
    return PARAMETERS[name][1]


class Refused(Exception):  # noqa: N818 - the rulebook's answer, not a failure
    """An expression that the rulebook refused."""


def compiled(text: str, table: str = PROJECT, *, condition: bool = False) -> ir.Expr:
    """Type an expression over a table of the glossary.

    Raises:
        Refused: with the faults.
    """
    faults: list[tuple[str, str, int]] = []
    found = typed(text, names(), table_of(table), lambda *fault: faults.append(fault), condition=condition)
    if found is None:
        raise Refused(f"{text}：{faults}")
    return found


def table_of(name: str) -> Table:
    return glossary().tables[name]


def submission_of(given: Any, *, number: int = 1, terms: Glossary | None = None) -> Submission:
    """Read a submission as a file would be read."""
    return Submission(**read_submission(node_of(given or {}), terms or glossary(), "试", number))


def facts_from(given: Any, previous: Any = None, *, number: int = 1) -> Facts:
    before = submission_of(previous) if previous is not None else None
    return facts_of(submission_of(given, number=number), before)


def environment(row: Mapping[str, Any]) -> Env:
    """Give the environment a row's expression is read in."""
    facts = facts_from(row.get("给定"), row.get("上年"))
    others = [facts_from(given, number=n) for n, given in enumerate(row.get("同批", ()), 2)]
    group = Group((facts, *others)) if "同批" in row or row.get("对象") == SUMMARY else None
    tally = tally_of(row["发现"]) if "发现" in row else None
    top = Env(facts, parameter, PROJECT, facts.project, group=group, tally=tally)
    table = row.get("对象", PROJECT)
    if table == PROJECT:
        return top
    if table == SUMMARY:
        return replace(top, table=SUMMARY, row=group.row)
    number = int(row.get("行", 1))
    return replace(top, table=table, row=facts.rows(table)[number - 1], number=number)


def tally_of(found: Mapping[str, Mapping[str, str]]) -> Tally:
    """Pretend that rules said so: {编号: {命中: n, 无法判断: n or 不限}}; 不限 = a table was not stated."""
    tally = Tally("甲单位")
    for number, counts in found.items():
        outcomes = [_said(number, Outcome.VIOLATED, 1)] * int(counts.get("命中", 0))
        undecided = counts.get("无法判断", "0")
        if undecided == "不限":
            outcomes.append(_said(number, Outcome.UNDECIDED, None))
        else:
            outcomes += [_said(number, Outcome.UNDECIDED, 1)] * int(undecided)
        tally.add(number, outcomes)
    return tally


def _said(number: str, outcome: Outcome, row: int | None) -> RuleOutcome:
    return RuleOutcome("甲", number, "问题", outcome, "指标", row=row)


@dataclass(frozen=True)
class Answer:
    """What an expression gave: `value` in words, the names of the gaps, and the gaps with their reasons."""

    value: str | Fraction | date
    missing: frozenset[str] = frozenset()
    gaps: frozenset[str] = frozenset()

    def lacks(self, wanted: list[str]) -> bool:
        """Tell whether exactly the wanted values are missing; an entry with （…） names the reason as well."""
        return len(wanted) == len(self.gaps) and set(wanted) <= self.missing | self.gaps


def answer(value: Any) -> Answer:
    if isinstance(value, Unknown):
        return Answer(UNKNOWN, frozenset(g.name for g in value.gaps), frozenset(map(str, value.gaps)))
    if isinstance(value, bool):
        return Answer("是" if value else "否")
    if isinstance(value, Interval):
        shown = f"至少 {value.low}" if value.high is None else f"{value.low} 至 {value.high}"
        return Answer(Fraction(value.low) if value.low == value.high else shown)
    return Answer(value)


def both(row: Mapping[str, Any]) -> Iterator[tuple[str, ir.Expr, Answer]]:
    """Evaluate a row on the typed and on the lowered form of its expression."""
    found = compiled(row["式"], row.get("对象", PROJECT))
    for form, expr in (("typed", found), ("lowered", lower(found))):
        env = environment(row)
        said = answer(evaluate(expr, env))
        assert answer(evaluate(expr, env)) == said, "the second time gives something else"
        yield form, expr, said


_FIGURE = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?(?:/[0-9]+)?)(%|万元|元)?$")
_SCALE = {"%": Fraction(1, 100), "元": Fraction(100), "万元": Fraction(1_000_000), None: Fraction(1)}


def wanted(text: str, kind: Type) -> str | Fraction | date:
    """Read what a row wants, by rules of its own: 95% is 19/20, 3万元 is 3000000 分."""
    if text == UNKNOWN or kind in (Type.TEXT, Type.ENUM, Type.BOOLEAN):
        return text
    if kind is Type.DATE:
        return date.fromisoformat(text)
    figure = _FIGURE.match(text)
    if not figure:  # an interval of 发现数
        return text
    if (kind is Type.MONEY) != (figure[2] in ("元", "万元")):
        raise AssertionError(f"“{text}” is no {kind}")
    return Fraction(figure[1]) * _SCALE[figure[2]]


SETTINGS = {
    "下限": [
        ("90%", "2015-01-01", "全国", None),
        ("95%", "2020-01-01", "五华", None),
        ("85%", "2020-01-01", "全国", "新表"),
    ]
}


def rulebook(rows: list[dict[str, Any]], terms: Glossary | None = None) -> Rulebook:
    """Compile the rules of a row."""
    terms = terms or glossary()
    values = tuple(
        Value(wanted(text, Type.RATIO), _setting(text, since, region, template), ())
        for text, since, region, template in SETTINGS["下限"]
    )
    parameters = Parameters(terms, {"下限": Type.RATIO}, {"下限": values})
    known = Names(terms, parameters.types, words(), names().measure, names().measures, names().shared)
    shelf = Shelf({"试": build(Source, node_of({"名称": "试", "效力": "惯例"}), "试")}, {}, Register())
    rules = [rule_of({"编号": f"FP{number}", **row}) for number, row in enumerate(rows, 100)]
    compiled = []
    for rule in rules:
        allowed = known.with_rules(lambda e, me=rule.id: matching(e, rules, me)) if rule.role == "结论" else known
        compiler = RuleCompiler(rule, node_of({}), "试.yaml", allowed, shelf)
        found = compiler.compile()
        assert found is not None, compiler.problems
        compiled.append(found)
    ordered = tuple(conclusions_in_order(compiled, []))
    return Rulebook(terms, ordered, parameters, (), (), "", Wording({}), (), {rule.rule.id: rule for rule in compiled})


def _setting(text: str, since: str, region: str, template: str | None) -> Setting:
    keys = {"值": text, "效力": "惯例", "自": since, "地区": region, "依据": [{"试": "一"}]}
    return build(Setting, node_of({**keys, **({"表样": template} if template else {})}), "试")


def replaced(facts: Any, number: int) -> Any:
    """Give a submission an id of its own."""
    submission = facts.submission.model_copy(update={"id": str(number)})
    return replace(facts, submission=submission)
