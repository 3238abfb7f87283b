"""Where the cells of a Word file's tables stand in its XML, by the names that the reader gives them."""

from collections.abc import Iterator

from fpcheck.intake.office.docx import UNSEEN
from fpcheck.report.form_copy.splice import Element

NAMES = frozenset(
    (
        *("body", "sectPr", "pgSz", "pgMar", "sdt", "sdtPr", "tag", "tbl", "tr", "trPr", "tc", "tcPr", "hMerge", "shd"),
        *("p", "pPr", "r", "t", "commentRangeStart", "commentRangeEnd", "commentReference", "del", *UNSEEN),
        *("cnfStyle", "tcW", "gridSpan", "vMerge", "tcBorders"),
    )
)
_NEVER = {*UNSEEN, "del"}


def value(element: Element | None, name: str = "val") -> str:
    """An attribute by its local name; empty where it is not there."""
    given = element.given if element else {}
    return next((text for key, text in given.items() if key.rpartition(" ")[2] == name), "")


def cells(root: Element) -> dict[tuple[str, str], Element]:
    """The cells by table (表1) and address (第1行第2格), counted as the reader counts them."""
    return dict(_Tables().inside(root))


def seen(element: Element, name: str) -> Iterator[Element]:
    """What of a name is seen inside, not within another of the same name."""
    for child in element.children:
        if child.name == name:
            yield child
        elif child.name not in _NEVER:
            yield from seen(child, name)


class _Tables:
    """Counts the tables, one within another too, in the order in which they begin."""

    def __init__(self) -> None:
        self._number = 0

    def inside(self, element: Element) -> Iterator[tuple[tuple[str, str], Element]]:
        for table in seen(element, "tbl"):
            self._number += 1
            yield from self._rows(f"表{self._number}", table)

    def _rows(self, name: str, table: Element) -> Iterator[tuple[tuple[str, str], Element]]:
        number = 0
        for row in seen(table, "tr"):
            found = list(seen(row, "tc"))
            properties = row.first("trPr")
            if found and not (properties and properties.first("del")):
                number += 1
                leaders = [cell for at, cell in enumerate(found) if at == 0 or not _goes_on(cell)]
                yield from (((name, f"第{number}行第{place}格"), cell) for place, cell in enumerate(leaders, 1))
            for cell in found:
                yield from self.inside(cell)


def _goes_on(cell: Element) -> bool:
    """Whether a cell goes on from the one to its left, as old programs wrote it."""
    properties = cell.first("tcPr")
    merge = properties.first("hMerge") if properties else None
    return merge is not None and value(merge) != "restart"
