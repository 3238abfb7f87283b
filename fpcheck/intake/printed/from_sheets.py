"""A workbook → the forms in it → submissions."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from fpcheck.document import Unreadable
from fpcheck.intake.office.grid import Block, Sheet, Workbook
from fpcheck.intake.printed.by_project import by_project
from fpcheck.intake.printed.head import opens_a_form
from fpcheck.intake.printed.labels import label_of, squeezed
from fpcheck.intake.printed.layout import Layout
from fpcheck.intake.printed.locate import Located, Printed, choose, locate
from fpcheck.intake.printed.view import View
from fpcheck.problem import Place, Problem
from fpcheck.reading import read_submission
from fpcheck.submission import Submission
from fpcheck.terms import Glossary
from fpcheck.value import UNITLESS

NAME = "项目名称"
_WORD = ("docx", "doc", "odt")
SHOWN = 5
GAP = 200  # rows or columns with nothing in them: what stands behind is no part of a form


def read_workbook_forms(
    workbook: Workbook, layouts: Sequence[Layout], glossary: Glossary, source: str, unit: str | None = None
) -> Iterator[Submission]:
    """Read every form of a workbook.

    Raises:
        Unreadable: with what was noticed of the file, after the forms were given.
    """
    problems = list(workbook.problems)
    for number, located in enumerate(forms_in(workbook, layouts, glossary, source, problems), 1):
        parts = read_submission(located.node, glossary, source, number, unit)
        parts["problems"] = (*_unitless_as_one(parts["problems"], source), *located.problems)
        yield Submission(**parts)
    if problems:
        raise Unreadable(problems)


def _unitless_as_one(problems: Iterable[Problem], source: str) -> Iterator[Problem]:
    """Say once that amounts have no unit, where the form states none."""
    bare = [problem for problem in problems if problem.message.endswith(UNITLESS)]
    yield from (problem for problem in problems if problem not in bare)
    if bare:
        cells = "、".join(problem.where.cell or "" for problem in bare[:SHOWN])
        more = " 等" if len(bare) > SHOWN else ""
        message = f"没有写金额单位，{len(bare)} 个金额没有读（{cells}{more}）"
        yield Problem(source, message, "请在表头写“单位：万元”或“单位：元”，或加 --unit 万元", bare[0].where)


def forms_in(
    workbook: Workbook, layouts: Sequence[Layout], glossary: Glossary, source: str, problems: list[Problem]
) -> Iterator[Located]:
    """Find the forms of a workbook; sheets that hold none, or are hidden, are told in `problems`."""
    printed = [Printed(layout, glossary) for layout in layouts]
    for sheet in put_together(workbook):
        if not sheet.cells:
            continue
        close = near(sheet, source, problems)
        found = [(view, chosen) for view in views_of(close, printed) if (chosen := choose(view, printed))]
        where = Place(sheet=sheet.name)
        if not found:
            problems.append(Problem(source, "不是填报表，没有读", "", where, remark=True))
        elif sheet.hidden:
            message = "是隐藏的工作表，里面像有填报表，没有读"
            problems.append(Problem(source, message, "要查的请取消隐藏，不要的请删去", where))
        else:
            yield from (one for view, chosen in found for one in by_project(locate(view, chosen, glossary, source)))


def views_of(sheet: Sheet, layouts: Sequence[Printed]) -> list[View]:
    """The forms on a sheet, one below the other: each begins with the head over its 项目名称."""
    whole = View(sheet, 0, sheet.extent[0])
    names = {label_of(label) for printed in layouts for label in printed.fields.get(NAME, ())}
    rows = sorted({one.block.top for one in whole.seen if _names_a_project(one.label, one.cell.text, names)})
    titles = [squeezed(title) for printed in layouts for title in printed.layout.recognition.titles]
    starts: list[int] = []
    for row in rows:
        start = _with_head(whole, row, starts[-1] if starts else 0, titles)
        if not starts or start > starts[-1]:
            starts.append(start)
    if len(rows) <= 1 or len(starts) <= 1:
        return [whole]
    starts[0] = 0
    ends = [start - 1 for start in starts[1:]] + [whole.bottom]
    return [View(sheet, top, bottom) for top, bottom in zip(starts, ends, strict=True)]


def _names_a_project(label: str, text: str, names: set[str]) -> bool:
    return label in names or label_of(squeezed(text).partition(":")[0]) in names


def _with_head(view: View, row: int, above: int, titles: list[str]) -> int:
    """The first row of the head that belongs to the form whose 项目名称 stands in `row`."""
    start = row
    for one in range(row - 1, above, -1):
        if view.starting(one):
            if not opens_a_form(view, one, titles):
                break
            start = one
    return start


def near(sheet: Sheet, source: str, problems: list[Problem]) -> Sheet:
    """The sheet without what stands far away from everything else, which is told."""
    last_row = _before_gap({row for row, _ in sheet.cells})
    last_column = _before_gap({column for _, column in sheet.cells})
    far = [place for place in sheet.cells if place[0] > last_row or place[1] > last_column]
    if not far:
        return sheet
    address = sheet.address(*min(far))
    where = Place(sheet=sheet.name, cell=address)
    problems.append(
        Problem(source, f"离表格很远的地方（{address}）还有内容，没有读", "不要的请删去，要的请移近", where)
    )
    left_out = set(far)
    kept = {place: cell for place, cell in sheet.cells.items() if place not in left_out}
    return replace(sheet, cells=kept)


def _before_gap(numbers: set[int]) -> int:
    """The last of the numbers before a gap, or the last of all."""
    ordered = sorted({0, *numbers})
    return next((one for one, two in pairwise(ordered) if two - one > GAP), ordered[-1])


def put_together(workbook: Workbook) -> list[Sheet]:
    """The sheets of a workbook; the tables of a Word file as one, for a form there often goes over several tables."""
    if workbook.kind not in _WORD or len(workbook.sheets) < 2:  # noqa: PLR2004 - nothing to put together
        return workbook.sheets
    whole, first = Sheet("Word 文件里的表"), 0
    for table in workbook.sheets:
        whole.tables[first] = table.name
        whole.cells |= {(first + row, column): cell for row, column, cell in table}
        whole.addresses |= {(first + row, column): name for (row, column), name in table.addresses.items()}
        whole.prose |= {first + row for row in table.prose}
        whole.merges += [Block(b.top + first, b.left, b.bottom + first, b.right) for b in table.merges]
        first += table.height
    return [whole]
