"""What stands before the details of a report: what was not read, what failed, and a line for each form."""

from collections import Counter
from collections.abc import Iterable, Iterator

from fpcheck.finding import SEVERITIES, Checked, CheckResult, Fault
from fpcheck.problem import Problem
from fpcheck.report.line import Line, columns

MOST = 20
MOST_PLACES = 3
UNREAD = "没有读出"
DECISION_STYLES = {"可报送": "green", "需修改": "red", "需人工核对": "yellow"}


def unread(result: CheckResult, owner: str | None) -> list[Problem]:
    """Give what could not be read of a form, or, for None, what belongs to none."""
    return [problem for problem in result.problems if not problem.remark and problem.owner == owner]


def troubles(result: CheckResult) -> Iterator[Line]:
    """Tell what was not read and belongs to no form, and where the program failed."""
    yield from listed(f"== {UNREAD}的内容", unread(result, None), "red")
    if result.errors:
        yield Line(f"== 程序出错 {len(result.errors)} 处（要人工核对，并请联系维护人员）", "bold red")
        yield from (Line(f"     {_failed(fault)}：{fault.message}") for fault in result.errors[:MOST])


def listed(title: str, problems: list[Problem], style: str) -> Iterator[Line]:
    """Tell problems under a title, each kind once with the places where it stands."""
    if not problems:
        return
    yield Line(f"{title} {len(problems)} 处", style)
    kinds: dict[tuple[str, str], list[Problem]] = {}
    for problem in problems:
        kinds.setdefault((problem.message, problem.hint), []).append(problem)
    for same in list(kinds.values())[:MOST]:
        yield from (Line(f"     {text}") for text in _told(same))
    if len(kinds) > MOST:
        yield Line(f"     …… 另有 {len(kinds) - MOST} 种，见 --format json")


def _told(same: list[Problem]) -> Iterator[str]:
    first = same[0]
    if len(same) == 1:
        yield str(first)
        return
    yield f"{first.message}；{first.hint}" if first.hint else first.message
    places = [problem.located for problem in same[:MOST_PLACES]]
    yield f"  共 {len(same)} 处：{'；'.join(places)}{' 等' if len(same) > MOST_PLACES else ''}"


def _failed(fault: Fault) -> str:
    row = f"第 {fault.row} 行" if fault.row else ""
    return " ".join(part for part in (fault.submission, fault.rule, row, f"引擎 {fault.engine}") if part)


def overview(result: CheckResult) -> Iterator[Line]:
    """Give a table of the forms, a line each, and of the files that none could be read from."""
    heads = result.submissions
    several = len({(head.project, head.year) for head in heads}) > 1
    title = ["序号", "单位", *(["项目", "年度"] if several else []), *SEVERITIES, "无法判断", UNREAD, "决定"]
    graded = Counter((finding.submission, finding.severity) for finding in result.findings)
    rows = [_row(number, head, result, graded, several=several) for number, head in enumerate(heads, 1)]
    sources = dict.fromkeys(problem.source for problem in unread(result, None))
    width = len(title) - 3
    rows += [["-", source, *[""] * (width - 1), "整份", UNREAD] for source in sources]
    figures = frozenset({0, *range(len(title) - 3 - len(SEVERITIES), len(title) - 1)})
    yield Line(f"== 总览 · {len(heads)} 份", "bold")
    for row, text in zip([title, *rows], columns([title, *rows], figures), strict=True):
        yield Line(f"   {text}", DECISION_STYLES.get(row[-1], ""))
    yield Line()


def _row(
    number: int, head: Checked, result: CheckResult, graded: Counter[tuple[str | None, str]], *, several: bool
) -> list[str]:
    which = [head.project or "（未填）", str(head.year or "")] if several else []
    counts = [graded[head.id, grade] for grade in SEVERITIES]
    counts += [head.counts["undecided"], len(unread(result, head.id))]
    unit = head.unit or head.source or "（未填）"
    return [str(number), unit, *which, *(str(count or "-") for count in counts), head.decision]


def gaps(result: CheckResult, head: Checked, unchecked: int) -> str:
    """Tell in a headline how much of a form was not looked at."""
    counts = (
        (len(unread(result, head.id)), f"{UNREAD} {{}} 处"),
        (head.counts["undecided"], "无法判断 {} 项"),
        (unchecked, "未检查 {} 项"),
    )
    return "，".join(text.format(count) for count, text in counts if count)


def once(items: Iterable[tuple[str, str]]) -> list[tuple[str, int]]:
    """Count equal texts of different owners, in the order in which they come; (owner, text) each."""
    return list(Counter(text for _, text in dict.fromkeys(items)).items())
