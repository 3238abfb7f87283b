"""What all sheets of an Excel file share: its texts and the formats of its numbers."""

import re
from dataclasses import dataclass, field

from fpcheck.intake.office.number_format import BUILT_IN
from fpcheck.intake.office.package import MB, Handlers, Package

NAMESPACES = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",  # the strict variant
)
ROOM = 64 * MB  # what a workbook may take in memory, about
MOST_CELLS = 200_000  # that hold anything: a roll of payments has fewer, a form has some hundreds
MOST_STRINGS = 200_000
STRING, CHARACTER = 64, 2  # bytes
LONGEST = 32_767  # characters in a cell
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


@dataclass
class Budget:
    """How many bytes a workbook may still take, about."""

    package: Package
    room: int = ROOM
    cells: int = 0

    def take(self, size: int) -> None:
        """Count something in.

        Raises:
            Unreadable: there is no room left.
        """
        self.room -= size
        if self.room < 0 or self.cells > MOST_CELLS:
            hint = "请删去多余的空行、空列和无关的工作表，或拆成几个文件"
            self.package.refuse("工作簿的内容过多（单元格、文字、空行或合并区域），没有读", hint)

    def take_cell(self, size: int) -> None:
        """Count in a cell that holds something; errors as in `take`."""
        self.cells += 1
        self.take(size)


@dataclass
class Tables:
    """The shared texts by number, the format code of each cell style, and the calendar."""

    strings: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    date_1904: bool = False

    def code(self, style: str | None) -> str:
        """The format code of a cell's style."""
        number = int(style) if style and style.isdecimal() and len(style) < 9 else 0  # noqa: PLR2004 - no style so high
        return self.codes[number] if number < len(self.codes) else "General"


class Joined:
    """A text in pieces (rich text), without what is only its reading; cut where it is longer than a cell may hold."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self._reading = False

    def begin(self) -> None:
        """Begin a new text."""
        self._pieces, self._length, self._reading = [], 0, False

    def add(self, text: str) -> None:
        """Add a piece."""
        if not self._reading and self._length <= LONGEST:
            self._pieces.append(text)
            self._length += len(text)

    def reading_begins(self, _: dict[str, str]) -> None:
        """Pass over what follows: how the text is pronounced."""
        self._reading = True

    def reading_ends(self) -> None:
        """Go on with the text."""
        self._reading = False

    def text(self) -> str:
        """The text, with one character more than a cell may hold where it was cut."""
        return plain("".join(self._pieces)[: LONGEST + 1])


def plain(text: str) -> str:
    """Take the escapes of characters out (_x000D_), and the carriage returns."""
    if "_x" in text:
        text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def read_strings(budget: Budget, name: str) -> list[str]:
    """Read the shared texts.

    Raises:
        Unreadable: a part that cannot be read, or too many texts.
    """
    strings: list[str] = []
    joined = Joined()

    def ended() -> None:
        strings.append(joined.text())
        budget.take(STRING + CHARACTER * len(strings[-1]) if len(strings) <= MOST_STRINGS else ROOM)

    starts = {"si": lambda _: joined.begin(), "rPh": joined.reading_begins}
    ends = {"si": ended, "rPh": joined.reading_ends}
    budget.package.parse(name, Handlers(NAMESPACES, starts, {"t": joined.add}, ends))
    return strings


def read_codes(package: Package, name: str) -> list[str]:
    """Read the format code of each cell style, in order; errors as in `read_strings`."""
    own: dict[str, str] = {}
    styles: list[str] = []
    inside = ""

    def enter(group: str) -> None:
        nonlocal inside
        inside = group

    def number_format(attributes: dict[str, str]) -> None:
        if inside == "numFmts":  # not those of conditional formats
            own[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")

    def style(attributes: dict[str, str]) -> None:
        if inside == "cellXfs":
            styles.append(attributes.get("numFmtId", "0"))

    starts = {group: lambda _, group=group: enter(group) for group in ("numFmts", "cellXfs")}
    ends = {group: lambda: enter("") for group in ("numFmts", "cellXfs")}
    package.parse(name, Handlers(NAMESPACES, {**starts, "numFmt": number_format, "xf": style}, ends=ends))
    built_in = {str(number): code for number, code in BUILT_IN.items()}
    codes = built_in | own
    return [codes.get(number, "General") for number in styles]
