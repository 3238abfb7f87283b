"""What is not known: gaps with their reason, Kleene's logic over them, and counts known only as an interval."""

from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple


class Gap(NamedTuple):
    """One missing value: its name for programs, and why it is missing."""

    name: str
    why: str

    def __str__(self) -> str:
        return f"{self.name}（{self.why}）"


BLANK = "未填"
UNREADABLE = "认不出"
NOT_STATED = "没有报送"
DIVIDED_BY_ZERO = "为 0，不能作除数"
ONLY_MONTH = "只写到月"
OPEN = "有规则无法判断"
NO_ROWS = "没有符合条件的行"


class Unknown(NamedTuple):
    """A value that cannot be known, with the gaps that are to blame."""

    gaps: frozenset[Gap]


class Interval(NamedTuple):
    """A count between `low` and `high`; `high` None means no bound."""

    low: int
    high: int | None

    def __str__(self) -> str:
        if self.low == self.high:
            return str(self.low)
        return f"{self.low}至{self.high}" if self.high is not None else f"至少{self.low}"


Truth = bool | Unknown


def gap(name: str, why: str) -> Unknown:
    """Make an unknown of one gap."""
    return Unknown(frozenset({Gap(name, why)}))


def merged(items: Iterable[object]) -> Unknown:
    """Join the gaps of the unknown items."""
    return Unknown(frozenset(gap for item in items if isinstance(item, Unknown) for gap in item.gaps))


def negate(truth: Truth) -> Truth:
    """Kleene not."""
    return truth if isinstance(truth, Unknown) else not truth


def conjoin(items: Iterable[Truth]) -> Truth:
    """Kleene and: false as soon as one is false, else unknown if any is."""
    return _settled(items, decisive=False)


def disjoin(items: Iterable[Truth]) -> Truth:
    """Kleene or: true as soon as one is true, else unknown if any is."""
    return _settled(items, decisive=True)


def _settled(items: Iterable[Truth], *, decisive: bool) -> Truth:
    met = []
    for item in items:
        if item is decisive:
            return decisive
        met.append(item)
    unknown = merged(met)
    return unknown if unknown.gaps else not decisive


def compare_interval(op: str, left: Interval | Fraction, right: Interval | Fraction) -> Truth:
    """Compare where one side is a count known only as an interval; undecided where both answers are possible."""
    one, two = _ends(left), _ends(right)
    if op == "=":
        if one[0] == one[1] == two[0] == two[1]:
            return True
        apart = _below(one[1], two[0]) or _below(two[1], one[0])
        return False if apart else gap("发现数", OPEN)
    strict = op == "<"
    if _below(one[1], two[0]) or (not strict and one[1] is not None and one[1] == two[0]):
        return True
    if _below(two[1], one[0]) or (strict and two[1] is not None and two[1] == one[0]):
        return False
    return gap("发现数", OPEN)


def _ends(value: Interval | Fraction) -> tuple[Fraction | int, Fraction | int | None]:
    return (value.low, value.high) if isinstance(value, Interval) else (value, value)


def _below(high: Fraction | int | None, low: Fraction | int | None) -> bool:
    return high is not None and low is not None and high < low
