"""The boxes in which comments are shown (VML); boxes and buttons that are there stay as they are.

VML of older programs is often no sound XML: it is changed as text.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from fpcheck.report.form_copy.splice import damaged

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_SPACES = {
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
    "x": "urn:schemas-microsoft-com:office:excel",
}
EMPTY = (
    f"<xml{''.join(f' xmlns:{name}={quoteattr(space)}' for name, space in _SPACES.items())}>"
    '<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout></xml>'
).encode()
_TYPE = (
    '<v:shapetype{0} id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_SHAPE = (
    '<v:shape{0} id="_x0000_s{1}" type="#_x0000_t202" style="position:absolute;margin-left:{2}pt;margin-top:{3}pt;'
    'width:{4}pt;height:{5}pt;z-index:{6};visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto">'
    '<v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
    '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{7}</x:Anchor>'
    "<x:AutoFill>False</x:AutoFill><x:Row>{8}</x:Row><x:Column>{9}</x:Column></x:ClientData></v:shape>"
)
_WHOLE = re.compile(rb"<v:shape\b(?:(?!<v:shape\b).)*?</v:shape\s*>", re.DOTALL)
_NUMBER = re.compile(rb"_x0000_s(\d+)")
_ROW = re.compile(rb"<x:Row>\s*(\d+)\s*</x:Row>")
_COLUMN = re.compile(rb"<x:Column>\s*(\d+)\s*</x:Column>")
_ANCHOR = re.compile(rb"(<x:Anchor>)([\d\s,-]*)(</x:Anchor>)")
_FIRST_NUMBER = 1025
_CORNERS = 8
_NOWHERE = (-1, -1)


@dataclass(frozen=True, slots=True)
class Box:
    """Where a comment is shown: its cell, and its place; rows and columns count from 0, the rest is in points.

    `anchor` is left column and offset, top row and offset, right column and offset, bottom row and offset; offsets are
    in pixels.
    """

    row: int
    column: int
    anchor: tuple[int, int, int, int, int, int, int, int]
    left: float
    top: float
    width: float
    height: float


class NoteShapes:
    """The shapes of one sheet."""

    def __init__(self, data: bytes, source: str, part: str) -> None:
        self._data = data
        self._end = data.rfind(b"</xml>")
        if self._end < 0:
            raise damaged(source, part)

    def without(self, cells: Iterable[tuple[int, int]]) -> "NoteShapes":
        """Take out the boxes of some cells."""
        gone = set(cells)
        self._data = _WHOLE.sub(lambda shape: b"" if _cell(shape[0]) in gone else shape[0], self._data)
        self._end = self._data.rfind(b"</xml>")
        return self

    def taller(self, heights: dict[tuple[int, int], int]) -> "NoteShapes":
        """Make the boxes of some cells higher by so many rows."""
        self._data = _WHOLE.sub(
            lambda shape: _stretched(shape[0], heights.get(_cell(shape[0]) or _NOWHERE, 0)), self._data
        )
        self._end = self._data.rfind(b"</xml>")
        return self

    def written(self, boxes: Iterable[Box]) -> bytes:
        """The part with boxes added."""
        spaces = self._missing_spaces()
        number = max((int(found) for found in _NUMBER.findall(self._data)), default=_FIRST_NUMBER - 1)
        shapes = [self._shape(box, number + at, at, spaces) for at, box in enumerate(boxes, 1)]
        if shapes and b'id="_x0000_t202"' not in self._data:
            shapes.insert(0, _TYPE.format(spaces))
        return self._data[: self._end] + "".join(shapes).encode() + self._data[self._end :]

    def _missing_spaces(self) -> str:
        root = self._data[: self._data.find(b">", max(self._data.find(b"<xml"), 0))]
        missing = {name: space for name, space in _SPACES.items() if f"xmlns:{name}=".encode() not in root}
        return "".join(f' xmlns:{name}="{space}"' for name, space in missing.items())

    @staticmethod
    def _shape(box: Box, number: int, order: int, spaces: str) -> str:
        place = [f"{size:g}" for size in (box.left, box.top, box.width, box.height)]
        anchor = ", ".join(map(str, box.anchor))
        return _SHAPE.format(spaces, number, *place, order, anchor, box.row, box.column)


def _cell(shape: bytes) -> tuple[int, int] | None:
    row, column = _ROW.search(shape), _COLUMN.search(shape)
    return (int(row[1]), int(column[1])) if row and column else None


def _stretched(shape: bytes, rows: int) -> bytes:
    found = _ANCHOR.search(shape)
    numbers = [part.strip() for part in found[2].split(b",")] if found else []
    if not rows or len(numbers) != _CORNERS or not found:
        return shape
    numbers[6] = str(int(numbers[6]) + rows).encode()
    return shape[: found.start(2)] + b", ".join(numbers) + shape[found.end(2) :]
