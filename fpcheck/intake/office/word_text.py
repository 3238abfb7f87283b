"""The text of one paragraph of a Word file: fields by their results, check boxes and symbols as characters."""

import re
from dataclasses import dataclass, field

from fpcheck.intake.office.word_table import LOST

TICKED, UNTICKED = "☑", "□"
MOST_INSTRUCTION = 1000
_PRIVATE = re.compile(r"[\uf020-\uf0ff]")
_OVERLAID = re.compile(r"\\o\s*(?:\\a[clr]\s*)?[(（]\s*([^,，;；]+?)\s*[,，;；]\s*([^)）]+?)\s*[)）]", re.IGNORECASE)
_BOXES, _TICKS = frozenset("□○◯囗口"), frozenset("√✓✔vV×✗")
_WINGDINGS = {
    0x6C: "●",
    0x6E: "■",
    0x6F: UNTICKED,
    0x70: UNTICKED,
    0x71: UNTICKED,
    0x72: UNTICKED,
    0xA1: "○",
    0xA8: UNTICKED,
    0xFB: "×",
    0xFC: "√",
    0xFD: TICKED,
    0xFE: TICKED,
}
_WINGDINGS_2 = {
    0x2A: UNTICKED,
    0x30: UNTICKED,
    0x4F: "×",
    0x50: "√",
    0x51: TICKED,
    0x52: TICKED,
    0x53: TICKED,
    0x54: TICKED,
    0xA3: UNTICKED,
}
_SYMBOL = {
    0xA3: "≤",
    0xB0: "°",
    0xB1: "±",
    0xB3: "≥",
    0xB4: "×",
    0xB7: "·",
    0xB8: "÷",
    0xB9: "≠",
    0xBB: "≈",
    0xBC: "…",
    0xD6: "√",
}
_FONTS = {"wingdings": _WINGDINGS, "wingdings 2": _WINGDINGS_2, "symbol": _SYMBOL}
_ASCII = range(0x20, 0x7F)


def symbol(font: str, code: int) -> str:
    """Give the character that a symbol font shows for a code; a mark for what is not known."""
    low = code - 0xF000 if code in range(0xF020, 0xF100) else code
    known = _FONTS.get(font.strip().lower(), {}).get(low)
    if known:
        return known
    if font.strip().lower() == "symbol" and low in _ASCII and not chr(low).isalpha():
        return chr(low)
    return LOST if low != code or font.strip().lower() in _FONTS or not chr(code).isprintable() else chr(code)


def plain(text: str, font: str) -> str:
    """Give a text without the private characters that symbol fonts use."""
    return _PRIVATE.sub(lambda found: symbol(font, ord(found[0])), text)


@dataclass
class WordField:
    """A field that is open: its instruction first, then its result, which is what is seen."""

    instruction: str = ""
    in_result: bool = False

    def drawn(self) -> str:
        """What an instruction that overlays two characters draws: □ and √ are a ticked box."""
        found = _OVERLAID.search(self.instruction)
        if not found:
            return ""
        under, over = found.groups()
        return TICKED if {under, over} & _BOXES and {under, over} & _TICKS else over


@dataclass
class Paragraph:
    """A paragraph as it grows; `box` is the form check box that is being read, `font` and `hidden` are the run's."""

    pieces: list[str] = field(default_factory=list)
    fields: list[WordField] = field(default_factory=list)
    in_run: bool = False
    font: str = ""
    hidden: bool = False
    box: bool | None = None

    @property
    def instructing(self) -> bool:
        """Whether what comes is an instruction, or within one."""
        return not all(one.in_result for one in self.fields)

    def begin_run(self) -> None:
        """Begin a run: a piece of text of one look."""
        self.in_run, self.font, self.hidden = True, "", False

    def change_field(self, what: str) -> None:
        """Begin, divide or end a field."""
        if what == "begin":
            self.fields.append(WordField())
        elif self.fields and what in ("separate", "end"):
            drawn = "" if self.fields[-1].in_result else self.fields[-1].drawn()
            self.fields[-1].in_result = True
            self.add(drawn)
            if what == "end":
                self.fields.pop()

    def add(self, text: str) -> None:
        """Add what is seen."""
        if text and not self.instructing:
            self.pieces.append(text)

    def instruct(self, text: str) -> None:
        """Add to the instruction of the field that is open."""
        if self.fields:
            self.fields[-1].instruction = (self.fields[-1].instruction + text)[:MOST_INSTRUCTION]

    def draw_box(self) -> None:
        """Draw the form check box that has been read, which stands in the instruction of its field."""
        self.pieces.append(TICKED if self.box else UNTICKED)
        self.box = None

    @property
    def text(self) -> str:
        """What is seen."""
        return "".join(self.pieces)
