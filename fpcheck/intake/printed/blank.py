"""Blank forms as data (`rules/blanks/`): drawn cell by cell, one line a row."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, NamedTuple

from pydantic import BeforeValidator, Field

from fpcheck.document import Node, Unreadable
from fpcheck.intake.office.grid import Block
from fpcheck.problem import Problem
from fpcheck.schema import Shape, build
from fpcheck.terms import Glossary

BESIDE, ABOVE = "<", "^"
MAX_ROWS, MAX_COLUMNS = 500, 60
_REPEAT = re.compile(r"\[([1-9]\d{0,2})\]\s*(.*)", re.DOTALL)
_TALL = "[高]"
_ODD = re.compile(r"\[[^\[\]]*\]")
_SLOT = re.compile(r"\{([^{}]+)\}")
YEAR, PERCENT, DAY, NUMBER = "年度", "百分数", "日期", "序号"  # what may stand in { } besides the form's own drop-downs
_OWN = (YEAR, PERCENT, DAY, NUMBER)


def _several(value: object) -> object:
    return [value] if isinstance(value, str) else value


class BlankForm(Shape):
    """One blank form: what it is a form of, for which regions, its title, and its rows."""

    form: str = Field(alias="表种")
    regions: Annotated[tuple[str, ...], BeforeValidator(_several)] = Field(alias="地区")
    title: str = Field(alias="标题")
    widths: tuple[Annotated[int, Field(ge=1, le=200)], ...] = Field(alias="列宽")
    drop_downs: dict[str, tuple[str, ...]] = Field({}, alias="下拉")
    rows: tuple[str, ...] = Field(alias="行", min_length=1)


class BlankCell(NamedTuple):
    """A cell of a blank form: what is printed in it, and what its { } asks for, if anything; empty: to be filled in."""

    block: Block
    text: str
    slot: str


def cells_of(blank: BlankForm) -> Iterator[BlankCell]:
    """The cells of a blank form under its title, which takes the first row, merged blocks as one."""
    rows = list(_lines(blank))
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            if cell in (BESIDE, ABOVE):
                continue
            right = column
            while right + 1 < len(cells) and cells[right + 1] == BESIDE:
                right += 1
            bottom = row
            while bottom + 1 < len(rows) and rows[bottom + 1][column : column + 1] == [ABOVE]:
                bottom += 1
            slot = _SLOT.search(cell)
            yield BlankCell(Block(row + 1, column, bottom + 1, right), cell, slot[1] if slot else "")


def tall_rows(blank: BlankForm) -> set[int]:
    """The rows that are to be high, for several lines of text; the title's is row 0."""
    found, at = set(), 1
    for line in blank.rows:
        repeat = _REPEAT.fullmatch(line)
        found |= {at} if line.startswith(_TALL) else set()
        at += int(repeat[1]) if repeat else 1
    return found


def _lines(blank: BlankForm) -> Iterator[list[str]]:
    """The rows as cells, repeated ones written out: what is printed in them stands once, merged downwards."""
    for row in blank.rows:
        line = row.removeprefix(_TALL)
        repeat = _REPEAT.fullmatch(line)
        first = [cell.strip().replace("⏎", "\n") for cell in (repeat[2] if repeat else line).split("|")]
        yield [cell.replace("{序号}", "1") for cell in first]
        for number in range(2, int(repeat[1]) + 1 if repeat else 0):
            yield [_again(cell, number) for cell in first]


def _again(cell: str, number: int) -> str:
    if cell in ("", BESIDE, ABOVE) or _SLOT.fullmatch(cell):
        return cell.replace("{序号}", str(number))
    return ABOVE


def read_blanks(
    files: Iterable[tuple[str, Node]], glossary: Glossary, problems: list[Problem]
) -> tuple[BlankForm, ...]:
    """Build the blank forms of files given as (name, content); what is wrong with them goes to `problems`."""
    found = []
    for source, node in files:
        try:
            blank = build(BlankForm, node, source)
        except Unreadable as unreadable:
            problems += unreadable.problems
            continue
        problems += (Problem(source, fault, hint) for fault, hint in _faults(blank, glossary))
        found.append(blank)
    return tuple(found)


def _faults(blank: BlankForm, glossary: Glossary) -> Iterator[tuple[str, str]]:
    if blank.form not in glossary.forms:
        yield f"没有“{blank.form}”这种表种", f"可以写：{'、'.join(glossary.forms)}"
    for region in blank.regions:
        if glossary.find_region(region) is None:
            yield f"地区“{region}”没有列在术语表里", f"列有：{'、'.join(glossary.regions)}"
    yield from _misdrawn(blank)


def _misdrawn(blank: BlankForm) -> Iterator[tuple[str, str]]:
    """Tell what is wrong with the drawing, each with what to do."""
    width, rows = len(blank.widths), list(_lines(blank))
    if len(rows) > MAX_ROWS or width > MAX_COLUMNS:
        yield "空白表太大", f"最多 {MAX_ROWS} 行、{MAX_COLUMNS} 列"
        return
    for row, column in list(_torn(blank))[:1]:
        yield f"第 {row} 行第 {column} 格合并得不成方块", "合并的格子要凑成一个长方形：左上角写文字，其余写 < 或 ^"
    for number, cells in enumerate(rows, 1):
        if len(cells) != width:
            yield f"第 {number} 行有 {len(cells)} 格，列宽写了 {width} 个", "格子用 | 隔开，合并的写 < 或 ^，要一样多"
        if cells[:1] == [BESIDE] or (number == 1 and ABOVE in cells):
            yield f"第 {number} 行的 < 或 ^ 旁边没有格子可合并", "请改成空格子或文字"
        if odd := _ODD.match(cells[0]):
            yield f"第 {number} 行开头的“{odd[0]}”看不懂", "行前可以写 [高] 或 [5]（重复 5 行，最多 999）"
        for name in _SLOT.findall("|".join(cells)):
            if name not in (*blank.drop_downs, *_OWN):
                yield f"第 {number} 行的“{{{name}}}”没有这张下拉", f"可以写：{'、'.join((*blank.drop_downs, *_OWN))}"


def _torn(blank: BlankForm) -> Iterator[tuple[int, int]]:
    """Cells merged with a neighbour (row and column from 1) that no rectangle takes in, or several do."""
    held = Counter(
        (row, column)
        for cell in cells_of(blank)
        for row in range(cell.block.top, cell.block.bottom + 1)
        for column in range(cell.block.left, cell.block.right + 1)
    )
    for row, cells in enumerate(_lines(blank), 1):
        yield from ((row, column + 1) for column in range(len(cells)) if held[row, column] != 1)


def nearest(blanks: Sequence[BlankForm], form: str, layers: Sequence[str]) -> BlankForm | None:
    """The blank form of a 表种 for the nearest of the `layers`; of several for one region the last."""
    for region in layers:
        for blank in reversed(blanks):
            if blank.form == form and region in blank.regions:
                return blank
    return None
