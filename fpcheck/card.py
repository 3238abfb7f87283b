"""What a scorecard says of one submission, or of a district: which points are sure, and which a person must settle.

Points are exact; they are rounded where they are shown. Only totals are told to two decimals, for grades hang on them.
"""

from dataclasses import dataclass
from fractions import Fraction

NOTHING_READ = "评分要看的内容一处也没有读出（没有填，或认不出），不评分、不定等级"


@dataclass(frozen=True, slots=True)
class CardPoint:
    """One checkpoint: it will get at least `low` and at most `high` of its `weight`."""

    text: str
    weight: Fraction
    low: Fraction
    high: Fraction
    reason: str

    @property
    def status(self) -> str:
        """Tell whether it is `open` to a person, `lost`, or `scored`."""
        if self.low < self.high:
            return "open"
        return "scored" if self.high else "lost"


@dataclass(frozen=True, slots=True)
class CardIndicator:
    """One 三级指标 with its checkpoints."""

    category: str
    dimension: str
    name: str
    points: tuple[CardPoint, ...]

    @property
    def weight(self) -> Fraction:
        """The most it can get."""
        return sum((point.weight for point in self.points), Fraction(0))

    @property
    def low(self) -> Fraction:
        """The least it will get."""
        return sum((point.low for point in self.points), Fraction(0))

    @property
    def high(self) -> Fraction:
        """The most it may still get."""
        return sum((point.high for point in self.points), Fraction(0))


@dataclass(frozen=True, slots=True)
class PrintedTotal:
    """A total or a grade that the form states; `side` tells where it lies: `below` the range, `within`, `above` it."""

    field: str
    value: Fraction | str
    side: str


@dataclass(frozen=True, slots=True)
class Card:
    """The card of a submission: the total will be at least `low` and at most `high` of `full`.

    `submission` None is the card of all units of a project and year. `grades` are the possible ones, the best first;
    none where no limits are in force. `least` and `most` are the ends as they are told, to two decimals.
    A card that cannot be given has no indicators and says why in `absent`.
    """

    submission: str | None
    project: str
    year: int | None
    units: int
    title: str
    basis: str
    full: Fraction
    low: Fraction
    high: Fraction
    least: Fraction = Fraction(0)
    most: Fraction = Fraction(0)
    indicators: tuple[CardIndicator, ...] = ()
    grades: tuple[str, ...] = ()
    printed: tuple[PrintedTotal, ...] = ()
    absent: str | None = None

    @property
    def open_points(self) -> int:
        """How many checkpoints are left to a person."""
        return sum(point.status == "open" for item in self.indicators for point in item.points)
