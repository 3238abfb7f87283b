"""One table of a Word file as it grows: real columns from spans, merged cells in both directions."""

from dataclasses import dataclass, field

from fpcheck.intake.office.grid import Block, GridCell, Sheet

LOST = "\ufffd"  # stands for a symbol that cannot be read
_NONE = Block(-1, -1, -1, -1)
SYMBOL_LOST = "有一个特殊符号读不出来，请改用输入法里的普通字符"


@dataclass
class WordCell:
    """A cell as it is written: `span` columns wide; it may go on with the cell above or the one to the left."""

    span: int = 1
    starts_block: bool = False
    goes_on_from_above: bool = False
    goes_on_from_left: bool = False
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All that stands in it."""
        return "\n".join(self.lines).strip()


@dataclass
class WordTable:
    """A table; rows and columns count from 0.

    `number` is its place among the tables of the file, from 1;
    `nested` tells one within a cell of another.
    """

    number: int
    nested: bool = False
    texts: dict[tuple[int, int], str] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)
    addresses: dict[tuple[int, int], str] = field(default_factory=dict)
    width: int = 0
    height: int = 0
    unseen: bool = False  # text in a cell that Word does not show, because another covers it
    row: list[WordCell] = field(default_factory=list)
    before: int = 0
    deleted: bool = False
    _open: dict[tuple[int, int], Block] = field(default_factory=dict)  # merged downwards so far, by left and right

    def begin_row(self) -> None:
        """Begin a row."""
        self.row, self.before, self.deleted = [], 0, False

    def end_row(self) -> None:
        """Take the row in, unless it is a deleted one that Word still keeps."""
        if self.deleted or not self.row:
            return
        column, still_open = self.before, dict[tuple[int, int], Block]()
        for number, group in enumerate(self._side_by_side()):
            span = sum(cell.span for cell in group)
            block = Block(self.height, column, self.height, column + span - 1)
            block = self._place(group, block, f"第{self.height + 1}行第{number + 1}格")
            if group[0].starts_block or group[0].goes_on_from_above:
                still_open[block.left, block.right] = block
            else:
                self.blocks.append(block)
            column += span
        self.blocks += [block for key, block in self._open.items() if still_open.get(key, _NONE).top != block.top]
        self._open = still_open
        self.width = max(self.width, column)
        self.height += 1

    def _side_by_side(self) -> list[list[WordCell]]:
        """Group the cells of the row that are one in the old way, each going on from its left."""
        groups: list[list[WordCell]] = []
        for cell in self.row:
            if cell.goes_on_from_left and groups:
                groups[-1].append(cell)
            else:
                groups.append([cell])
        return groups

    def _place(self, group: list[WordCell], block: Block, address: str) -> Block:
        """Put a cell in its place, and give the block that it belongs to."""
        above = self._open.get((block.left, block.right)) if group[0].goes_on_from_above else None
        self.unseen |= any(cell.text for cell in group[0 if above else 1 :])
        if above:
            return above._replace(bottom=block.bottom)
        self.addresses[block.top, block.left] = address
        if group[0].text:
            self.texts[block.top, block.left] = group[0].text
        return block

    def text(self) -> str:
        """All its text, a row a line."""
        lines: dict[int, list[str]] = {}
        for (row, _), text in sorted(self.texts.items()):
            lines.setdefault(row, []).append(text)
        return "\n".join(" ".join(line) for line in lines.values())

    def sheet(self, above: list[str]) -> Sheet:
        """Give the sheet, with the paragraphs before the table as rows over its whole width, as in an Excel form."""
        self.blocks += self._open.values()
        self._open = {}
        down = len(above)
        sheet = Sheet(f"表{self.number}")
        add_lines(sheet, 0, above, self.width, f"表{self.number}上方")
        sheet.cells |= {(row + down, column): grid_cell(text) for (row, column), text in self.texts.items()}
        sheet.addresses |= {(row + down, column): name for (row, column), name in self.addresses.items()}
        sheet.merges += [
            Block(block.top + down, block.left, block.bottom + down, block.right)
            for block in sorted(self.blocks)
            if block.bottom > block.top or block.right > block.left
        ]
        return sheet


def grid_cell(text: str) -> GridCell:
    """Give a cell, in doubt where a symbol was lost."""
    return GridCell(text, SYMBOL_LOST if LOST in text else "")


def add_lines(sheet: Sheet, row: int, lines: list[str], width: int, place: str) -> None:
    """Add paragraphs from a row on, one a row, each as wide as the table."""
    for number, line in enumerate(lines):
        sheet.prose.add(row + number)
        sheet.cells[row + number, 0] = grid_cell(line)
        sheet.addresses[row + number, 0] = f"{place}第{number + 1}段"
        if width > 1:
            sheet.merges.append(Block(row + number, 0, row + number, width - 1))
