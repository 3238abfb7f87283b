"""What is written into a copy: marks on cells, and the list of problems."""

from dataclasses import dataclass

from fpcheck.finding import SEVERITIES
from fpcheck.report.overview import UNREAD

AUTHOR = "绩效填报检查"
LIST = "问题清单"
SIGNATURE = f"（{AUTHOR}）"  # the last line of a comment: programs may forget its author
# Shades that nobody uses by chance, for a shade alone tells that a mark is ours.
COLOURS = {"严重": "FFA8A6", "重要": "FFCB9A", "一般": "FFF2A9", "提示": "CCE4FE"}
UNREAD_COLOUR = "E3D9F3"
OTHER_COLOUR = "E7E6E6"  # in the list, of what is no finding: undecided, not checked
_GRAVITY = (*SEVERITIES, UNREAD)
_SHADES = {**COLOURS, UNREAD: UNREAD_COLOUR}
OUR_COLOURS = frozenset(_SHADES.values())


def colour_of(level: str) -> str:
    """The colour of a severity, or of another level of the list."""
    return _SHADES.get(level, OTHER_COLOUR)


@dataclass(frozen=True, slots=True)
class Note:
    """One finding as a comment tells it: its severity (or 没有读出), a headline and further lines."""

    severity: str
    title: str
    lines: tuple[str, ...] = ()

    @property
    def head(self) -> str:
        """The first line; it begins with the severity, so that the colour is never the only sign."""
        return f"【{self.severity}】{self.title}"

    @property
    def text(self) -> str:
        """All its lines."""
        return "\n".join([self.head, *self.lines])


@dataclass(frozen=True, slots=True)
class Mark:
    """All that is said of one cell; `sheet` and `cell` name it as people do (表1 第3行第2格 in a Word file)."""

    sheet: str
    cell: str
    notes: tuple[Note, ...]

    @property
    def by_gravity(self) -> list[Note]:
        """The notes, the gravest first."""
        return sorted(self.notes, key=lambda note: _GRAVITY.index(note.severity))

    @property
    def text(self) -> str:
        """The whole comment."""
        return "\n\n".join(note.text for note in self.by_gravity) + f"\n{SIGNATURE}"

    @property
    def severity(self) -> str:
        """The gravest severity; it gives the colour."""
        return self.by_gravity[0].severity


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the list. `sheet` and `cell` are what its place leads to, None where it is no cell."""

    level: str
    place: str
    problem: str
    figures: str = ""
    basis: str = ""
    fix: str = ""
    advice: str = ""
    rule: str = ""
    sheet: str | None = None
    cell: str | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """The list of problems: what stands above it, and its rows in order."""

    heads: tuple[str, ...]
    entries: tuple[Entry, ...]
