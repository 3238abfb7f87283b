"""What a check says of one file, as marks on its cells and as the list of problems."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from fpcheck.finding import SEVERITIES, UNCHECKED, Checked, CheckResult, Finding, RuleOutcome
from fpcheck.problem import Place, Problem
from fpcheck.report.evidence import figures
from fpcheck.report.form_copy.marks import Entry, Listing, Mark, Note
from fpcheck.report.hints import TITLE as SUSPECTED
from fpcheck.report.hints import told
from fpcheck.report.overview import UNREAD, gaps

WHOLE = "整张表"
_CLEAN = "未发现问题"
_CLEAN_SO_FAR = "查过的没有发现问题"
_AGAIN = "标了颜色的格有批注。改好后把这份表再交来查就行，批注、颜色和本清单会换成新的；“单位回复”写过的清单会留着。"
_BESIDE = "这种文件里写不进批注和颜色。请按“位置”到原表里改好，再把原表交来查。"
_FILL_IN = "补上所缺的内容后再查"


Row = tuple[str | None, Entry]  # with the id of the form that it is of


def by_source(result: CheckResult) -> dict[str, CheckResult]:
    """Give what is said of each file by itself; a failure of the tool that belongs to no form is said of all."""
    sources = {head.id: head.source for head in result.submissions}
    found = {
        source: CheckResult(result.engine, result.digest, result.as_of, result.region) for source in sources.values()
    }
    kinds: dict[str, dict[str, list[Any]]] = {source: {} for source in found}

    def keep(kind: str, item: Any, source: str | None) -> None:  # noqa: ANN401 - of whatever kind it is
        if source in kinds:
            kinds[source].setdefault(kind, []).append(item)

    for head in result.submissions:
        keep("submissions", head, head.source)
    for kind in ("findings", "checklist", "outcomes", "suspicions", "resolved"):
        for item in getattr(result, kind) or ():
            keep(kind, item, sources.get(item.submission))
    for problem in result.problems:
        keep("problems", problem, sources.get(problem.owner, problem.source) if problem.owner else problem.source)
    for fault in result.errors:
        for source in found if fault.submission is None else [sources.get(fault.submission)]:
            keep("errors", fault, source)
    return {source: _with(one, kinds[source]) for source, one in found.items()}


def _with(result: CheckResult, kinds: Mapping[str, list[Any]]) -> CheckResult:
    parts: dict[str, Any] = {kind: tuple(items) for kind, items in kinds.items()}
    return replace(result, **parts)


class Contents:
    """What is said of one file: `result` is its own part of the whole, `names` are those of the rules by number.

    `marked` tells whether the file itself is marked, or is given a list beside it.
    """

    def __init__(self, result: CheckResult, names: Mapping[str, str], *, marked: bool = True) -> None:
        self._marked = marked
        self._result = result
        self._names = names
        self.heads = result.submissions
        self.findings = result.findings

    @property
    def marks(self) -> list[Mark]:
        """All findings, and what was not read, that have a cell; one mark a cell."""
        found: dict[tuple[str, str], list[Note]] = {}
        said = [(item.where, _note(item)) for item in self.findings]
        said += [(item.where, _unread_note(item)) for item in self._result.problems if not item.remark]
        for where, note in said:
            if where.sheet and where.cell:
                found.setdefault((where.sheet, where.cell), []).append(note)
        return [Mark(sheet, cell, tuple(notes)) for (sheet, cell), notes in found.items()]

    @property
    def listing(self) -> Listing:
        """The list: the findings, the gravest first, then all that keeps the form from being called clean."""
        heads = [self._headline(head) for head in self.heads]
        if self.marks:
            heads.append(_AGAIN if self._marked else _BESIDE)
        heads.append(f"规则库 {self._result.digest[:12]}，引擎 {self._result.engine}")
        grave = sorted(self.findings, key=lambda item: SEVERITIES.index(item.severity))
        rows = [(item.submission, _finding(item)) for item in grave]
        rows += [*self._mended(), *self._unread(), *self._failed(), *self._undecided(), *self._suspected()]
        rows += [*self._asked(), *self._unchecked(), *self._remarks()]
        return Listing(tuple(heads), tuple(self._of_whom(*row) for row in rows))

    def _of_whom(self, submission: str | None, entry: Entry) -> Entry:
        """Say of which of several forms a row is that points to no cell."""
        head = next((one for one in self.heads if one.id == submission), None)
        if entry.cell or head is None or len(self.heads) == 1:
            return entry
        who = " · ".join(part for part in (head.unit, head.project) if part) or head.id
        return replace(entry, place=f"{entry.place}\n{who}")

    def _headline(self, head: Checked) -> str:
        own = [item for item in self.findings if item.submission == head.id]
        unchecked = sum(said.submission == head.id for said in self._result.unchecked)
        beside = "，".join(part for part in (gaps(self._result, head, unchecked), self._wanting()) if part)
        grades = {grade: sum(item.severity == grade for item in own) for grade in SEVERITIES}
        counts = "，".join(f"{grade} {count}" for grade, count in grades.items() if count)
        said = counts or (_CLEAN_SO_FAR if beside else _CLEAN)
        year = f"{head.year} 年" if head.year else ""
        who = " · ".join(part for part in (head.unit, head.project, year, head.form) if part)
        return f"{who}：{head.decision}（{'；'.join(part for part in (said, beside) if part)}）"

    def _wanting(self) -> str:
        """What keeps every form of the file from being called clean."""
        unread = sum(not item.remark and item.owner is None for item in self._result.problems)
        failed = len(self._result.errors)
        counts = ((unread, f"文件里另有 {unread} 处没有读出"), (failed, f"程序出错 {failed} 处"))
        return "，".join(text for count, text in counts if count)

    def _mended(self) -> Iterator[Row]:
        for item in self._result.resolved or ():
            place = f"上次的 {item.where}" if item.where.cell else WHOLE
            yield item.submission, Entry(item.status or "", place, f"{item.title}：{item.message}", rule=item.rule)

    def _unread(self) -> Iterator[Row]:
        yield from (_problem(UNREAD, item) for item in self._result.problems if not item.remark)

    def _remarks(self) -> Iterator[Row]:
        yield from (_problem("说明", item) for item in self._result.problems if item.remark)

    def _failed(self) -> Iterator[Row]:
        for fault in self._result.errors:
            what = f"{fault.message}（引擎 {fault.engine}）"
            entry = Entry("程序出错", WHOLE, what, fix="要人工核对，并请联系维护人员", rule=fault.rule or "")
            yield fault.submission, entry

    def _undecided(self) -> Iterator[Row]:
        yield from self._grouped("无法判断", self._result.undecided, _lacking, _FILL_IN)

    def _unchecked(self) -> Iterator[Row]:
        yield from self._grouped("未检查", self._result.unchecked, lambda said: UNCHECKED[said.reason or ""], "")

    def _grouped(
        self, level: str, outcomes: Iterable[RuleOutcome], why: Callable[[RuleOutcome], str], fix: str
    ) -> Iterator[Row]:
        """Tell outcomes of a form with the same reason together."""
        groups: dict[tuple[str | None, str], list[RuleOutcome]] = {}
        for said in outcomes:
            groups.setdefault((said.submission, why(said)), []).append(said)
        for (submission, reason), group in groups.items():
            rules = "、".join(f"{said.rule} {self._names.get(said.rule, '')}{_row(said.row)}" for said in group)
            place = group[0].where if len(group) == 1 else Place()
            yield submission, _placed(place, level, f"{reason}：{rules}", fix=fix)

    def _suspected(self) -> Iterator[Row]:
        for found in self._result.suspicions:
            yield found.submission, Entry("疑填错", WHOLE, "\n".join([f"{SUSPECTED}：", *told(found)]))

    def _asked(self) -> Iterator[Row]:
        for item in self._result.checklist:
            basis = "\n".join(map(str, item.basis))
            look = f"要看：{item.fix}"
            yield item.submission, _placed(item.where, "人工核对", item.message, basis=basis, fix=look, rule=item.rule)


def _note(item: Finding) -> Note:
    lines = [f"问题：{item.message}"]
    if item.expected:
        lines.append(_expected(item))
    lines += [f"整改：{item.fix}"] if item.fix else []
    lines += [f"建议：{item.recommendation.title}"] if item.recommendation else []
    status = f"，{item.status}" if item.status else ""
    return Note(item.severity, f"{item.title}（{item.rule}{status}）", tuple(lines))


def _unread_note(item: Problem) -> Note:
    return Note(UNREAD, item.message, (f"办法：{item.hint}",) if item.hint else ())


def _expected(item: Finding) -> str:
    difference = f"，相差 {item.difference.text}" if item.difference else ""
    return f"应为：{item.expected.text if item.expected else ''}{difference}"


def _finding(item: Finding) -> Entry:
    told_figures = [figures(item), _expected(item) if item.expected else ""]
    status = f"（{item.status}）" if item.status else ""
    return _placed(
        item.where,
        item.severity,
        f"{item.title}{status}：{item.message}",
        figures="\n".join(text for text in told_figures if text),
        basis="\n".join(map(str, item.basis)),
        fix=item.fix,
        advice=item.recommendation.title if item.recommendation else "",
        rule=item.rule,
    )


def _problem(level: str, item: Problem) -> Row:
    return item.owner, _placed(item.where, level, item.message, fix=item.hint)


def _placed(where: Place, level: str, problem: str, **more: str) -> Entry:
    """A row of the list; what has no cell is of the whole form."""
    if where.sheet and where.cell:
        return Entry(level, f"{where.sheet} {where.cell}", problem, sheet=where.sheet, cell=where.cell, **more)
    named = str(where)
    return Entry(level, f"{WHOLE}（{named}）" if named else WHOLE, problem, **more)


def _lacking(said: RuleOutcome) -> str:
    return f"缺 {'、'.join(f'{name}（{why}）' for name, why in said.missing)}"


def _row(number: int | None) -> str:
    return f" 第{number}条" if number else ""
