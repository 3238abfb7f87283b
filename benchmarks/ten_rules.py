"""Ten rules of the pack, judged four ways on the same forms: semantics, durable, a plain Python loop, zen-engine.

The plain loop and zen's expressions are written by hand after the rule files, over floats; what the rule language does
beyond that (exact figures, missing values, reasons) they do not do. Before anything is timed, all must hit the same
rules on the same forms.
"""

import random
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import date
from typing import Any

from fpcheck.engine.env import Env
from fpcheck.engine.semantics import judge
from fpcheck.facts import Facts, facts_of
from fpcheck.finding import Outcome
from fpcheck.rulebook import ir
from fpcheck.rulebook.compiled import Rulebook
from fpcheck.rulebook.load import load_rulebook
from fpcheck.submission import Submission
from fpcheck.version import durable_installed

Form = dict[str, Any]
Hits = list[list[str]]
Way = Callable[[], Hits]
DAY = date(2023, 12, 31)
FORMS = 200

# rule: by hand in Python over plain values, and the same for zen; `words` are those that excuse
TEN: dict[str, tuple[Callable[[Form], bool], str]] = {
    "FP103": (lambda f: f["overall"] != "" and f["annual"] == "", 'overall != "" and annual == ""'),
    "FP106": (
        lambda f: f["annual"] == f["overall"] != "" and f["end"].year > f["start"].year,
        'overall != "" and annual == overall and d(end).year() > d(start).year()',
    ),
    "FP201": (
        lambda f: f["allocated"] > 0 and f["spent"] / f["allocated"] < 0.95 and not _excused(f),
        "allocated > 0 and spent / allocated < 0.95 and not (some(words, contains($root.note, #)))",
    ),
    "FP202": (
        lambda f: f["budget"] > 0 and f["executed"] / f["budget"] < 0.9 and not _excused(f),
        "budget > 0 and executed / budget < 0.9 and not (some(words, contains($root.note, #)))",
    ),
    "FP203": (
        lambda f: f["budget"] > 0 and f["executed"] / f["budget"] < 0.9 and f["note"] == "",
        'budget > 0 and executed / budget < 0.9 and note == ""',
    ),
    "FP205": (
        lambda f: f["approved"] > 0 and f["received"] < f["approved"] and not _excused(f),
        "approved > 0 and received < approved and not (some(words, contains($root.note, #)))",
    ),
    "FP207": (lambda f: f["executed"] > f["budget"], "executed > budget"),
    "FP208": (lambda f: f["spent"] > f["received"], "spent > received"),
    "FP803": (
        lambda f: f["cutoff"].year < f["year"] or f["cutoff"].year > f["year"] + 1,
        "d(cutoff).year() < year or d(cutoff).year() > year + 1",
    ),
    "FP804": (lambda f: f["end"] < f["start"], "d(end) < d(start)"),
}
NAMES = {
    "overall": "总体目标",
    "annual": "年度目标",
    "note": "偏差说明",
    "year": "年度",
    "cutoff": "截止日期",
    "start": "开始日期",
    "end": "完成日期",
    "approved": "批复金额",
    "allocated": "下达金额",
    "received": "到位金额",
    "spent": "支出金额",
    "budget": "全年预算数",
    "executed": "全年执行数",
}


def _excused(form: Form) -> bool:
    return any(word in form["note"] for word in form["words"])


def forms(words: list[str]) -> list[Form]:
    """Make forms with every field filled, the same at every run."""
    draw = random.Random(2023)  # noqa: S311 - figures for a benchmark

    def amount() -> int:
        return draw.choice([0, *[draw.randrange(1, 10**8)] * 9])

    def day() -> date:
        return date(draw.randrange(2022, 2026), draw.randrange(1, 13), draw.randrange(1, 29))

    texts = ["为10个社区足额发放奖励", "完成年度任务", "年内培训200人次，满意度不低于90%", ""]
    notes = ["", "", "第四季度集中支付", f"因{words[0]}未执行"]
    money = ("approved", "allocated", "received", "spent", "budget", "executed")
    return [
        {
            "overall": draw.choice(texts),
            "annual": draw.choice(texts),
            "note": draw.choice(notes),
            "year": 2023,
            "cutoff": day(),
            "start": day(),
            "end": day(),
            "words": words,
            **{name: amount() for name in money},
        }
        for _ in range(FORMS)
    ]


def ten(rulebook: Rulebook) -> Rulebook:
    """Give the rulebook with the ten rules alone."""
    kept = tuple(rulebook.by_id[number] for number in TEN)
    return replace(rulebook, rules=kept, by_id={rule.rule.id: rule for rule in kept})


def facts(form: Form) -> Facts:
    """Give a form as fpcheck reads it."""
    shown = {
        name: f"{value}元" if isinstance(value, int) and value != form["year"] else str(value)
        for name, value in form.items()
    }
    return facts_of(Submission.model_validate({NAMES[name]: shown[name] for name in NAMES} | {"表种": "综合"}))


def environment(one: Facts, rulebook: Rulebook) -> Env:
    """Give the row of 项目 with the thresholds in force."""

    def parameter(name: str) -> Any:  # noqa: ANN401 - a value of the parameter's type
        found = rulebook.parameters.find(name, "全国", None, DAY)
        return found.value if found else None

    return Env(one, parameter, row=one.project)


def by_semantics(rulebook: Rulebook, envs: list[Env]) -> Hits:
    """Judge with the semantics."""
    return [
        [rule.rule.id for rule in rulebook.rules for said in judge(rule, env) if said.outcome is Outcome.VIOLATED]
        for env in envs
    ]


def by_durable(rulebook: Rulebook, envs: list[Env], engine: Any) -> Hits:  # noqa: ANN401 - Durable, where installed
    """Judge with the semantics and let durable-rules judge every row as well; it must see no difference."""
    found = []
    for number, env in enumerate(envs):
        opinion = engine.on(rulebook, str(number))
        said = [(rule, verdict) for rule in rulebook.rules for verdict in judge(rule, env)]
        for rule, verdict in said:
            opinion.note(rule, verdict)
        if list(opinion.faults()):
            raise AssertionError("durable disagrees")
        found.append([rule.rule.id for rule, verdict in said if verdict.outcome is Outcome.VIOLATED])
    return found


def by_hand(given: list[Form]) -> Hits:
    """Judge with the plain Python loop."""
    return [[number for number, (hit, _) in TEN.items() if hit(form)] for form in given]


def by_zen(given: list[Form], expressions: dict[str, Any]) -> Hits:
    """Judge with zen-engine's compiled expressions."""
    return [[number for number, hit in expressions.items() if hit.evaluate(form)] for form in given]


def ways(stack: ExitStack) -> tuple[dict[str, Way], int]:
    """Give every way that is installed here, all of them agreeing, and the number of forms each judges.

    Raises:
        AssertionError: two ways hit different rules.
    """
    rulebook = ten(load_rulebook())
    words = [
        word
        for node in ir.walk(rulebook.by_id["FP201"].unless[0].typed)
        if isinstance(node, ir.Words)
        for word in node.words
    ]
    given = forms(words)
    envs = [environment(facts(form), rulebook) for form in given]
    found: dict[str, Way] = {
        "普通 Python 循环": lambda: by_hand(given),
        "semantics": lambda: by_semantics(rulebook, envs),
    }
    if durable_installed():
        from fpcheck.engine.durable import Durable  # noqa: PLC0415 - only where it is installed

        engine = stack.enter_context(closing(Durable()))
        found["durable（连同 semantics 和核对）"] = lambda: by_durable(rulebook, envs, engine)
    try:
        import zen  # noqa: PLC0415 - only where it is installed
    except ImportError:
        pass
    else:
        plain = [{name: str(v) if isinstance(v, date) else v for name, v in form.items()} for form in given]
        expressions = {number: zen.compile_expression(text) for number, (_, text) in TEN.items()}
        found["zen-engine"] = lambda: by_zen(plain, expressions)
    wanted = by_hand(given)
    for name, way in found.items():
        for number, (mine, theirs) in enumerate(zip(way(), wanted, strict=True)):
            if mine != theirs:
                raise AssertionError(f"{name}: {given[number]} {mine} {theirs}")
    return found, FORMS
