"""An explanation as text for people: the verdict, its lines with figures, and what would have to be different."""

from collections.abc import Iterable, Iterator

from fpcheck.engine.explain import shapes
from fpcheck.engine.explain.shapes import (
    Effect,
    Effects,
    Explained,
    Explanation,
    Fill,
    Flip,
    Need,
    Range,
    RowExplained,
    RowsUsed,
    Source,
    Test,
)
from fpcheck.finding import TO_CHECK, Outcome
from fpcheck.problem import Place
from fpcheck.report.line import Line
from fpcheck.terms import SUMMARY

_STYLES = {Outcome.VIOLATED: "red", Outcome.UNDECIDED: "yellow", Outcome.ERROR: "bold red", Outcome.PASSED: "green"}
_TITLES = {"适用": "适用（都要成立）", "条件": "条件（都成立才命中）", "除非": "除非（有一句成立就不算）"}
_TRUTHS = {True: "成立　　", False: "不成立　", None: "无法判断"}
_BECAUSE = {
    Outcome.PASSED: "　← 所以通过",
    Outcome.NOT_APPLICABLE: "　← 所以不适用",
    Outcome.UNDECIDED: "　← 所以无法判断",
}
_NOT_AN_ADVICE = "只说数和内容要到哪里，不是让改数；确实填错了才更正"
_MOST_NAMED = 12


def explanation_lines(explanation: Explanation) -> Iterator[Line]:
    """Write an explanation."""
    rule = explanation.rule
    graded = (rule.severity, f"把握{rule.confidence}") if rule.role == "问题" else (rule.role,)
    head = "，".join(filter(None, graded))
    yield Line(f"{rule.id} {rule.name}" + (f"（{head}）" if head else ""), "bold")
    if rule.role == TO_CHECK:
        yield Line("   这条规则不查错，只问一件要人对照资料的事：命中和无法判断的列入“需人工核对”，不算问题", "dim")
    if explanation.not_run:
        yield Line(f"   没有检查：{explanation.not_run}", "yellow")
    for one in explanation.explained:
        yield from _one(one)
    yield from _others(explanation)


def _one(one: Explained) -> Iterator[Line]:
    subject = one.subject
    year = f"{subject.year} 年" if subject.year else ""
    who = (subject.unit or "（实施单位未填）", subject.project or "（项目名称未填）", year, subject.form)
    yield Line(f"== {' · '.join(filter(None, who))}", "bold")
    if subject.source or subject.submission:
        yield Line(f"   {subject.source or subject.submission}")
    day = f"按 {one.day}、{one.region} 的规则看" if one.day else f"没有日期，按{one.region}的规则看"
    yield Line(f"   {day}；规则和界限来自：{one.layer}")
    if one.not_run:
        yield Line(f"   没有检查：{one.not_run}", "yellow")
    for row in one.rows:
        yield from _row(row)
    for outcome, rows in one.others.items():
        yield Line(f"   其余 {outcome.label} {len(rows)} 条：{_numbers(rows)}（看其中一条加 --row 条号）")
    yield Line()


def _numbers(rows: tuple[int, ...]) -> str:
    more = " 等" if len(rows) > _MOST_NAMED else ""
    return f"第 {'、'.join(map(str, rows[:_MOST_NAMED]))} 条{more}"


def _row(row: RowExplained) -> Iterator[Line]:
    which = f"第{row.row}条{f'（{row.name}）' if row.name else ''} " if row.row else ""
    reason = f"：{row.reason}" if row.reason else ""
    outcome = "未检查" if row.unchecked else row.outcome.label
    yield Line(f"   {which}结论：{outcome}{reason}", _STYLES.get(row.outcome, ""))
    told: set[str] = set()
    for part, title in _TITLES.items():
        own = [line for line in row.lines if line.part == part]
        if own:
            yield Line(f"   {title}")
        for line in own:
            yield from _clause(line, row.outcome, told)
    yield from _fills(row.fills)
    yield from _turning(row)


def _clause(line: shapes.Line, outcome: Outcome, told: set[str]) -> Iterator[Line]:
    because = _BECAUSE.get(outcome, "") if line.test.decided else ""
    yield from _test(line.test, 5, told, because)


def _test(test: Test, depth: int, told: set[str], because: str) -> Iterator[Line]:
    shown = "；".join(filter(None, (test.shown, test.note)))
    missing = "" if test.tests or not test.missing else f"；缺 {'、'.join(f'{n}（{why}）' for n, why in test.missing)}"
    yield Line(f"{' ' * depth}{_TRUTHS[test.truth]} {test.text}{f'：{shown}' if shown else ''}{missing}{because}")
    for inner in test.tests:
        yield from _test(inner, depth + 4, told, "" if inner.decided else "　（不影响）")
    if because != "　（不影响）":
        yield from _sources(test.sources, depth + 9, told)


def _sources(sources: Iterable[Source], depth: int, told: set[str]) -> Iterator[Line]:
    """Write each figure once a row."""
    for source in sources:
        if f"{source.name} {source.text}" in told:
            continue
        told.add(f"{source.name} {source.text}")
        if source.kind != "rows":
            yield Line(f"{' ' * depth}{_source(source)}")
        if source.rows and _worth_listing(source.rows):
            yield from _used(source.rows, depth + (2 if source.kind != "rows" else 0))
        yield from _sources(source.parts, depth + 2, told)


def _source(source: Source) -> str:
    if source.parameter:
        return str(source.parameter)
    if source.kind == "rule":
        return f"{source.name}：{source.text}" + (f"（{source.note}）" if source.note else "")
    worked = [part for part in (source.formula, source.worked) if part and part != source.name]
    notes = "，".join(filter(None, (_raw(source), source.note, _counted(source.rows), _at(source.where))))
    return " = ".join([source.name, *worked, source.text]) + (f"（{notes}）" if notes else "")


def _raw(source: Source) -> str:
    """Tell what was written where it is not what was understood."""
    understood = source.value.value is not None and not source.note
    return f"写作“{source.raw}”" if source.raw and source.kind == "field" and not understood else ""


def _at(where: Place | None) -> str:
    return str(Place(sheet=where.sheet, cell=where.cell, line=where.line)) if where else ""


def _counted(rows: RowsUsed | None) -> str:
    """Tell how many rows of a table went into a figure."""
    if rows is None:
        return ""
    unsure = f"，{rows.open} 行定不下来" if rows.open else ""
    kept = f"，算进 {rows.kept} 行" if rows.kept < rows.total else ""
    return f"“{rows.table}”有 {rows.total} 行{kept}{unsure}" if rows.total else f"“{rows.table}”没有行"


def _worth_listing(rows: RowsUsed) -> bool:
    return rows.kept < rows.total or any(row.text for row in rows.shown)


def _used(rows: RowsUsed, depth: int) -> Iterator[Line]:
    for row in rows.shown:
        which = f"第{row.row}条" if row.row else ""
        parts = " ".join(filter(None, (row.owner, which, row.name, row.text)))
        yield Line(f"{' ' * depth}{parts}")
    if rows.kept + rows.open > len(rows.shown):
        yield Line(f"{' ' * depth}…… 另有 {rows.kept + rows.open - len(rows.shown)} 行")


def _fills(fills: tuple[Fill, ...]) -> Iterator[Line]:
    if fills:
        yield Line("   还缺（补上才能判断）：")
    for fill in fills:
        yield Line(f"     · {fill.text}" + (f"（{_at(fill.where)}）" if _at(fill.where) else ""))
        if fill.ranges:
            yield Line(f"       填 {'；'.join(map(_range, fill.ranges))}")
        for range_ in fill.ranges:
            yield from _effects(range_.effects, 7, f"填 {range_.tried.text} 时" if range_.tried else "")


def _range(range_: Range) -> str:
    low, high = range_.low, range_.high
    if low and high:
        where = f"正好 {low.text}" if low == high else f"{low.text} 到 {high.text}"
    else:
        where = f"{low.text} 及以上" if low else f"{high.text} 及以下" if high else "什么数都"
    return f"{where}：{range_.outcome.label}"


def _turning(row: RowExplained) -> Iterator[Line]:
    if not row.tried:
        yield Line("   （表很长，只对前面一条试了改动；要看这一条，加 --row）", "dim")
    if not row.flips and not row.needs:
        if row.outcome is Outcome.PASSED and sum(line.test.decided for line in row.lines) > 1:
            yield Line("   有几句都让它不命中，只改一句结论不变")
        return
    to = (row.flips or row.needs)[0].to
    title = "要不命中，还差多少" if to is Outcome.PASSED else "离命中还有多少"
    yield Line(f"   {title}（{_NOT_AN_ADVICE}）：")
    for flip in row.flips:
        yield Line(f"     · {_flip(flip)}")
        yield from _effects(flip.effects, 7, "这样一来" if flip.exact else f"改成 {flip.after.text} 时")
    alone = sum(line.part == "条件" for line in row.lines) == 1
    yield from (Line(f"     · {_need(need, alone=alone)}") for need in row.needs)
    if row.untold:
        yield Line(f"       （另有 {row.untold} 格没有试或没有列出）")


def _flip(flip: Flip) -> str:
    bounds = "，".join(f"{b.name} {b.now} → 需 {b.sign} {b.needed}" for b in flip.bounds)
    if not flip.exact:
        return f"{bounds or flip.cell}（现在正好是 {flip.before.text}）"
    own = next((bound for bound in flip.bounds if (len(flip.bounds), bound.name) == (1, flip.cell)), None)
    change = f"{flip.cell}{flip.difference}（{flip.before.text} → {flip.after.text}{_spaced(flip.beyond)}）"
    if not bounds:
        return change
    if own is None:
        return f"{bounds}，即{change}"
    return f"{bounds}，即{flip.difference}" + ("" if own.needed == flip.after.text else f"，到 {flip.after.text}")


def _spaced(beyond: str) -> str:
    return f" {beyond}" if beyond else ""


def _need(need: Need, *, alone: bool) -> str:
    """Tell what it takes, and of several lines which one it turns."""
    return need.text if alone else f"{need.text}（“{need.clause}”就{'成立' if need.wanted else '不成立'}）"


def _effects(effects: Effects, depth: int, when: str) -> Iterator[Line]:
    start = " " * depth
    if effects.hits:
        yield Line(f"{start}但{when}会命中：{_named(effects.hits)}", "yellow")
    if effects.opens:
        yield Line(f"{start}但{when}无法判断：{_named(effects.opens)}", "yellow")
    if effects.stops:
        yield Line(f"{start}{when}不再命中：{_named(effects.stops)}", "dim")
    if effects.unseen:
        yield Line(f"{start}（{effects.unseen}，其他单位和汇总的规则没有重看）", "dim")


def _named(effects: tuple[Effect, ...]) -> str:
    named = [f"{one.rule} {one.name}{_which(one)}" for one in effects[:_MOST_NAMED]]
    return "、".join(named) + (f" 等 {len(effects)} 处" if len(effects) > _MOST_NAMED else "")


def _which(effect: Effect) -> str:
    row = f" 第{effect.row}条" if effect.row else ""
    return f"{row}（{effect.owner}）" if effect.owner else row


def _others(explanation: Explanation) -> Iterator[Line]:
    labels = {Outcome(outcome).label: ids for outcome, ids in explanation.others.items()}
    labels |= {f"未检查（{reason}）": ids for reason, ids in explanation.unchecked.items()}
    for label, ids in labels.items():
        named = "、".join(ids[:_MOST_NAMED]) + (" 等" if len(ids) > _MOST_NAMED else "")
        yield Line(f"其余 {label} {len(ids)} 份：{named}")
    if labels and explanation.rule.table != SUMMARY:
        yield Line("要看其中一份，加 --submission 和上面的编号", "dim")
