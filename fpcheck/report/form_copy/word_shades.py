"""The shades of marked cells in a Word file.

What a cell looked like before stands in the very shade of ours, in the colour of a pattern that it does not have. So it
moves with the cell, whatever becomes of its text and its comment.
"""

import re

from fpcheck.report.form_copy.marks import OUR_COLOURS
from fpcheck.report.form_copy.splice import Element
from fpcheck.report.form_copy.word_cells import value

NONE = "auto"
_HEX = re.compile("[0-9A-Fa-f]{6}")
_PERCENT = re.compile(r"pct(\d{1,2})")
_WHITE, _BLACK = "FFFFFF", "000000"


def shade_of(cell: Element) -> Element | None:
    """The shade of a cell."""
    properties = cell.first("tcPr")
    return properties.first("shd") if properties else None


def is_ours(cell: Element) -> bool:
    """Whether an earlier run shaded a cell."""
    return value(shade_of(cell), "fill").upper() in OUR_COLOURS


def former(cell: Element) -> str:
    """The colour that a cell had before any run, as six digits; auto where it had no shade."""
    shade = shade_of(cell)
    if shade is None:
        return NONE
    if is_ours(cell):
        colour = value(shade, "color")
        return colour if _HEX.fullmatch(colour) else NONE
    return _seen(value(shade), _hex(value(shade, "color"), _BLACK), _hex(value(shade, "fill"), _WHITE))


def _seen(pattern: str, colour: str, ground: str) -> str:
    """The plain colour that a shade looks like: its ground, its colour, or a mixture."""
    percent = _PERCENT.fullmatch(pattern)
    part = 100 if pattern == "solid" else int(percent[1]) if percent else 0
    pairs = ((int(colour[at : at + 2], 16), int(ground[at : at + 2], 16)) for at in (0, 2, 4))
    return "".join(f"{(over * part + under * (100 - part)) // 100:02X}" for over, under in pairs)


def _hex(text: str, default: str) -> str:
    return text if _HEX.fullmatch(text) else default
