"""A workbook → the forms in it → submissions."""

from collections.abc import Iterable, Iterator, Sequence

from fpcheck.document import Unreadable
from fpcheck.intake.grid import Sheet, Workbook
from fpcheck.intake.head import opens_a_form
from fpcheck.intake.labels import label_of, squeezed
from fpcheck.intake.layout import Layout
from fpcheck.intake.locate import Located, Printed, choose, locate
from fpcheck.intake.view import View
from fpcheck.problem import Place, Problem
from fpcheck.reading import read_submission
from fpcheck.submission import Submission
from fpcheck.terms import Glossary

NAME = "项目名称"


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
        parts["problems"] = (*parts["problems"], *located.problems)
        yield Submission(**parts)
    if problems:
        raise Unreadable(problems)


def forms_in(
    workbook: Workbook, layouts: Sequence[Layout], glossary: Glossary, source: str, problems: list[Problem]
) -> Iterator[Located]:
    """Find the forms of a workbook; sheets that hold none, or are hidden, are told in `problems`."""
    printed = [Printed(layout, glossary) for layout in layouts]
    for sheet in workbook.sheets:
        if not sheet.cells:
            continue
        found = [(view, chosen) for view in views_of(sheet, printed) if (chosen := choose(view, printed))]
        where = Place(sheet=sheet.name)
        if not found:
            problems.append(Problem(source, "不是填报表，没有读", "", where, remark=True))
        elif sheet.hidden:
            message = "是隐藏的工作表，里面像有填报表，没有读"
            problems.append(Problem(source, message, "要查的请取消隐藏，不要的请删去", where))
        else:
            yield from (locate(view, chosen, glossary, source) for view, chosen in found)
            problems += _hidden_parts(sheet, source)


def _hidden_parts(sheet: Sheet, source: str) -> Iterator[Problem]:
    rows = sorted({row for row, _ in sheet.cells if row in sheet.hidden_rows})
    columns = sorted({column for _, column in sheet.cells if column in sheet.hidden_columns})
    if rows or columns:
        message = f"有 {len(rows)} 行、{len(columns)} 列是隐藏的，里面的内容照样读了"
        yield Problem(source, message, "请取消隐藏核对", Place(sheet=sheet.name), remark=True)


def views_of(sheet: Sheet, layouts: Iterable[Printed]) -> list[View]:
    """The forms on a sheet, one below the other: each begins with the head over its 项目名称."""
    layouts = list(layouts)
    whole = View(sheet, 0, sheet.extent[0])
    names = {label_of(label) for printed in layouts for label in printed.fields.get(NAME, ())}
    rows = sorted({one.block.top for one in whole.seen if _names_a_project(one.label, one.cell.text, names)})
    starts: list[int] = []
    for row in rows:
        start = _with_head(whole, row, starts[-1] if starts else 0, layouts)
        if not starts or start > starts[-1]:
            starts.append(start)
    if len(rows) <= 1 or len(starts) <= 1:
        return [whole]
    starts[0] = 0
    ends = [start - 1 for start in starts[1:]] + [whole.bottom]
    return [View(sheet, top, bottom) for top, bottom in zip(starts, ends, strict=True)]


def _names_a_project(label: str, text: str, names: set[str]) -> bool:
    return label in names or label_of(squeezed(text).partition(":")[0]) in names


def _with_head(view: View, row: int, above: int, layouts: list[Printed]) -> int:
    """The first row of the head that belongs to the form whose 项目名称 stands in `row`."""
    start = row
    for one in range(row - 1, above, -1):
        if view.starting(one):
            if not opens_a_form(view, one, [printed.layout for printed in layouts]):
                break
            start = one
    return start
