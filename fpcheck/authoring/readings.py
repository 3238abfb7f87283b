"""How values are read against how an expert reads them: comparator, number, unit and kind; whether measurable."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from fpcheck import quantity
from fpcheck.authoring.entry import Indicator
from fpcheck.wording import Wording


class Reading(NamedTuple):
    """What was read in a value; texts are in half width."""

    comparator: str | None
    number: Decimal | None
    unit: str | None
    kind: str


@dataclass(frozen=True, slots=True)
class Misread:
    """A value that is read otherwise than the expert (`wanted`) reads it."""

    entry: str
    wanted: Reading
    said: Reading
    text: str


@dataclass(frozen=True, slots=True)
class Disagreed:
    """A value of which the expert (`wanted`) and the rules say otherwise how far it can be measured."""

    entry: str
    wanted: str
    said: str
    text: str


@dataclass
class Readings:
    """How many values were held against the expert's reading, and those that differ; every value has a 可衡量."""

    read: int = 0
    judged: int = 0
    misread: list[Misread] = field(default_factory=list)
    disagreed: list[Disagreed] = field(default_factory=list)


def read_values(entries: Iterable[tuple[str, Indicator]], wording: Wording) -> Readings:
    """Read the target of each named entry."""
    result = Readings()
    for name, entry in entries:
        found = quantity.parse(entry.target_value_text or "", entry.name, entry.unit_text, wording)
        text = " | ".join(filter(None, (entry.name, entry.target_value_text, entry.unit_text)))
        result.judged += 1
        if found.measurable != entry.label_measurable:
            result.disagreed.append(Disagreed(name, entry.label_measurable, found.measurable, text))
        if parsed := entry.label_parsed:
            result.read += 1
            wanted = Reading(parsed.comparator, parsed.number, parsed.unit, parsed.kind)
            said = Reading(found.comparator, found.number, found.unit, found.kind)
            if said != wanted:
                result.misread.append(Misread(name, wanted, said, text))
    return result
