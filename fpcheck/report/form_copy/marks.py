"""What is written into a copy: marks on cells, and the list of problems."""

from dataclasses import dataclass

from fpcheck.finding import SEVERITIES

AUTHOR = "绩效填报检查"
LIST = "问题清单"


@dataclass(frozen=True, slots=True)
class Note:
    """One finding as a comment tells it: its severity, a headline and further lines."""

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
        return sorted(self.notes, key=lambda note: SEVERITIES.index(note.severity))

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


COLOURS = {"严重": "FFA7A7", "重要": "FFCC99", "一般": "FFF2A8", "提示": "CCE5FF"}
OTHER_COLOUR = "E7E6E6"  # of what is no finding: undecided, unread, not checked
