"""What a reader notices beside the values: macros, what is hidden, and what merged cells cover."""

from collections.abc import Iterator

from fpcheck.intake.office.grid import Sheet, column_letters
from fpcheck.problem import Place, Problem

_SHOWN = 5  # places named in one remark
_HIDDEN = "请确认要不要报送；不要的请删去"


def has_macros(source: str) -> Problem:
    """Tell that a file holds macros."""
    return Problem(source, "文件含有宏，宏没有运行", "报送前请另存为不含宏的文件", remark=True)


def about_sheet(source: str, sheet: str, message: str, hint: str) -> Problem:
    """Tell something about a sheet that does not keep it from being read."""
    return Problem(source, message, hint, Place(sheet=sheet), remark=True)


def notice_sheet(sheet: Sheet, source: str, *, deep: bool = False) -> Iterator[Problem]:
    """Tell what is hidden and what is covered; what merged cells cover is taken out, as nobody sees it.

    `deep` tells a sheet that the program's own menu does not show.
    """
    if sheet.hidden and sheet.cells:
        yield about_sheet(source, sheet.name, f"这张工作表是{'深度' if deep else ''}隐藏的", _HIDDEN)
    for what, hidden, axis in (("行", sheet.hidden_rows, 0), ("列", sheet.hidden_columns, 1)):
        held = sorted({place[axis] for place in sheet.cells if place[axis] in hidden}) if hidden else []
        if held:
            names = [column_letters(number) if axis else str(number + 1) for number in held]
            yield about_sheet(source, sheet.name, f"有隐藏的{what}写着内容：{_few(names)}", _HIDDEN)
    if covered := _uncover(sheet):
        yield about_sheet(
            source, sheet.name, f"合并单元格遮住了 {_few(covered)} 的内容，没有读", "请把它移到别处，或取消合并"
        )


def _uncover(sheet: Sheet) -> list[str]:
    """Take out what lies under a merged block's anchor; give its addresses."""
    if not sheet.merges:
        return []
    blocks = ((place, sheet.block(*place)) for place in sorted(sheet.cells))
    covered = [place for place, block in blocks if place != (block.top, block.left)]
    for place in covered:
        del sheet.cells[place]
    return [f"{column_letters(column)}{row + 1}" for row, column in covered]


def _few(names: list[str]) -> str:
    more = f" 等 {len(names)} 处" if len(names) > _SHOWN else ""
    return "、".join(names[:_SHOWN]) + more
