"""The lists that earlier runs wrote into a Word file: by their mark, else by what they say."""

from collections.abc import Iterator, Sequence

from fpcheck.intake.office.own_list import TITLE, WORD_TAG
from fpcheck.report.form_copy.splice import Element
from fpcheck.report.form_copy.word_cells import seen, value
from fpcheck.report.form_copy.word_list import COLUMNS, REPLY_AT

Blocks = Sequence[Element]  # what follows one another in the body
_DRAWN = (b":drawing", b":pict", b":object")  # what else a paragraph without text may hold


def earlier_lists(body: Element, data: bytes) -> list[Blocks]:
    """The lists, each with all its blocks, in order."""
    found: list[Blocks] = []
    blocks = body.children
    for at, block in enumerate(blocks):
        if block.name == "sdt" and _is_tagged(block):
            found.append([block])
        elif block.name == "p" and _text(block) == TITLE and (end := _table_behind(blocks, at)):
            first = at - 1 if at and _is_empty(blocks[at - 1], data) else at
            found.append(blocks[first : end + 1])
    return found


def has_reply(blocks: Blocks) -> bool:
    """Whether anything stands in the column of replies below its header."""
    for row in [row for table in _tables(blocks) for row in seen(table, "tr")][1:]:
        cells = list(seen(row, "tc"))
        if len(cells) > REPLY_AT and _text(cells[REPLY_AT]):
            return True
    return False


def _tables(blocks: Blocks) -> Iterator[Element]:
    for block in blocks:
        if block.name == "tbl":
            yield block
        elif block.name == "sdt":
            yield from seen(block, "tbl")


def _is_tagged(block: Element) -> bool:
    about = block.first("sdtPr")
    return about is not None and value(about.first("tag")) == WORD_TAG


def _table_behind(blocks: Blocks, title: int) -> int | None:
    """Where the table under a title is, if it is a list of ours."""
    at = next((at for at in range(title + 1, len(blocks)) if blocks[at].name != "p"), None)
    header = next(seen(blocks[at], "tr"), None) if at and blocks[at].name == "tbl" else None
    names = [_text(cell) for cell in seen(header, "tc")] if header else []
    return at if names == [column.name for column in COLUMNS] else None


def _is_empty(block: Element, data: bytes) -> bool:
    inside = data[block.start : block.end]
    return block.name == "p" and not _text(block) and not any(what in inside for what in _DRAWN)


def _text(element: Element) -> str:
    return "".join(t.text for t in element.under("t")).strip()
