"""Single fields: the value right of a printed label, below it, or behind a colon in the same cell."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import zip_longest
from typing import NamedTuple

from fpcheck.document import Scalar
from fpcheck.intake.printed.labels import MIN_NEAR, label_of, near_miss, near_misses, squeezed, unit_of
from fpcheck.intake.printed.view import Seen, View

_COLON = re.compile("[:：]")
_BETWEEN = " \t\n\u3000,，;；、。)）"  # what may stand before a label within a cell
_LONGEST = 16  # characters of a label within a cell
_PROSE = 120  # characters: in a longer text a label counts at its beginning only
_STAMP = re.compile(r"[(（](?:盖章|公章|签章|签字|签名|加盖公章)[)）]$")


SHORTEST_SLIP = 4  # shorter values may well be one character away from a label
LONG = 5


class Found(NamedTuple):
    """A field's value; `slip` is the label that was meant where the printed one has a slip."""

    value: Scalar
    label: Seen
    slip: str = ""


class Lookup:
    """Finds fields of one form.

    `known` says for every printed label that any part of the form may have which field it is: a cell that reads as one
    is never a value.
    """

    def __init__(self, view: View, known: Mapping[str, str], below: Iterable[str], notes: Iterable[str]) -> None:
        self.view = view
        self.known = known
        self.below = set(below)
        self.notes = {label_of(label) for label in notes}
        self.shared: set[tuple[int, int]] = set()  # cells that hold several fields

    def find(self, name: str, labels: Iterable[str]) -> Found | None:
        """A field by its labels, the first that has a value; None where none of them is printed.

        A long label with a slip counts before the next label: it would be another thing's.
        """
        blank = None
        for label in map(label_of, labels):
            for found in self._printed(name, label) or self._slipped(name, label):
                if found.value.text is not None:
                    return self._told(name, found)
                blank = blank or found
        last = self._inline(name, labels) or blank
        return self._told(name, last) if last else None

    def rivals(self, name: str, labels: Iterable[str], found: Found) -> Iterator[tuple[Seen, str]]:
        """Other places where a field's labels are printed, with another value than the one found."""
        for label in map(label_of, labels):
            for other in self._printed(name, label):
                if other.value.text and other.label is not found.label and other.value.text != found.value.text:
                    yield other.label, other.value.text

    def _told(self, name: str, found: Found) -> Found:
        self.view.tell_label(found.label, name)
        return found

    def _printed(self, name: str, label: str) -> list[Found]:
        """The places where a label is printed; one right before another label is a title, and no field."""
        cells = [one for one in self.view.by_label.get(label, ()) if not self._is_told(one)]
        return [Found(value, one) for one in cells if (value := self._beside(one, name))]

    def _slipped(self, name: str, label: str) -> list[Found]:
        """The one place where a long label is printed with a slip."""
        if len(label) < LONG:
            return []
        near = self._near({label: name})
        value = self._beside(near[0][0], name) if len(near) == 1 else None
        return [Found(value, near[0][0], label)] if value else []

    def find_slip(self, name: str, labels: Iterable[str]) -> Found | None:
        """A field whose label is printed with one slip; None where none, or several, look like it."""
        near = self._near({label_of(label): name for label in labels})
        if len(near) != 1:
            return None
        one, meant = near[0]
        value = self._beside(one, name)
        return self._told(name, Found(value, one, meant)) if value else None

    def _near(self, labels: Mapping[str, str]) -> list[tuple[Seen, str]]:
        """The cells that are one of the labels with a slip, and nothing else, each with the label that was meant.

        Each text is held to the labels once, and only where it begins or ends like one, as all that are near do.
        """
        sizes = {size for label in labels for size in (len(label) - 1, len(label), len(label) + 1)}
        firsts, lasts = {label[:1] for label in labels}, {label[-1:] for label in labels}
        found: list[tuple[Seen, str]] = []
        for text, cells in (pair for size in sizes for pair in self._unknown.get(size, {}).items()):
            like = text[0] in firsts or text[-1] in lasts or len(text) < MIN_NEAR
            if like and (meant := near_miss(text, labels)):
                found += [(one, meant) for one in cells if not self._is_told(one)]
        return found

    @cached_property
    def _unknown(self) -> dict[int, dict[str, list[Seen]]]:
        """The cells that read as no label, by what they read as, and by its length."""
        found: dict[int, dict[str, list[Seen]]] = {}
        for one in self.view.seen:
            if one.label and one.label not in self.known:
                found.setdefault(len(one.label), {}).setdefault(one.label, []).append(one)
        return found

    def _is_told(self, one: Seen) -> bool:
        return (one.block.top, one.block.left) in self.view.told

    def _beside(self, one: Seen, name: str) -> Scalar | None:
        """The value that belongs to a label: right of it, else below it where the layout says so.

        Blank where there is none, and None where the next cell is a label itself.
        """
        unit = unit_of(one.cell.text) or ""
        right = self.view.right_of(one.block)
        if right[2] and not self._is_label(right[2]):
            return self._joined(one, name, unit)
        if name in self.below:
            row, column, under = self.view.below(one.block)
            if under and not self._is_label(under):
                return self.view.value(row, column, one.cell.text, name, unit)
            if self.view.is_open(one.block):
                return Scalar(None, at=self.view.spot(one.block.bottom + 1, one.block.left, one.cell.text))
        if right[2] and right[1] == one.block.right + 1:
            return None
        row, column = one.block.top, one.block.right + 1
        spot = self.view.spot(row, column, one.cell.text)
        return Scalar(None, at=spot)

    def _joined(self, one: Seen, name: str, unit: str) -> Scalar:
        """The cells right of a label, one in each of its rows, as one text."""
        parts: dict[tuple[int, int], Scalar] = {}
        for row in range(one.block.top, min(one.block.bottom, self.view.bottom) + 1):
            line, column, cell = self.view.right_of(one.block, row)
            if cell is None or (row > one.block.top and self._is_label(cell)):
                continue
            anchor = cell.block.top, cell.block.left
            if anchor not in parts and (row == one.block.top or name in self.below):
                parts[anchor] = self.view.value(line, column, one.cell.text, name, unit)
        first = next(iter(parts.values()))
        return first._replace(text="\n".join(part.text or "" for part in parts.values()))

    def _is_label(self, one: Seen) -> bool:
        """Whether a cell is a label, also one with a slip: no value is one character away from a printed label."""
        if one.label in self.known or self._taken_as_label(one) or self._opens(one):
            return True
        return bool(near_misses(one.label, self.known, SHORTEST_SLIP))

    def _taken_as_label(self, one: Seen) -> bool:
        return self.view.told.get((one.block.top, one.block.left), ("", True))[1] is False

    def _opens(self, one: Seen) -> bool:
        """Whether a cell is a label with its value behind a colon."""
        label, colon, _ = squeezed(one.cell.text).partition(":")
        return bool(colon) and label_of(label) in self.known

    def _is_note(self, text: str) -> bool:
        return label_of(squeezed(text).partition(":")[0]) in self.notes

    @cached_property
    def _marks(self) -> dict[str, list[tuple[Seen, str, str, bool]]]:
        """What stands behind colons, by label: the cell, the label as printed, the value, and whether it is the last.

        Several may stand in one cell: 填报单位：…　填报日期：…
        """
        found = defaultdict(list)
        for one in self.view.seen:
            text = one.cell.text
            if not _COLON.search(text) or self._is_note(text):
                continue
            marks = list(self._starts(text))
            for (start, colon), after in zip_longest(marks, marks[1:]):
                value = text[colon.end() : after[0] if after else None].strip(_BETWEEN[:-3])
                printed = text[start : colon.start()]
                found[label_of(printed)].append((one, printed, _STAMP.sub("", value), after is None))
        return found

    def _starts(self, text: str) -> Iterator[tuple[int, re.Match[str]]]:
        """Where labels begin in a text, each with the colon behind it."""
        for colon in _COLON.finditer(text):
            start = self._label_before(text, colon.start())
            if start is not None and (start == 0 or len(text) <= _PROSE):
                yield start, colon

    def _label_before(self, text: str, colon: int) -> int | None:
        """Where a known label that ends at a colon begins: at the start, or behind a blank or a mark."""
        for start in range(max(0, colon - _LONGEST), colon):
            begins = start == 0 or text[start - 1] in _BETWEEN
            if begins and label_of(text[start:colon]) in self.known:
                return start
        return None

    def _inline(self, name: str, labels: Iterable[str]) -> Found | None:
        """A value behind a colon: 项目名称：…; where nothing stands behind it, in the next cell."""
        for label in map(label_of, labels):
            for one, printed, value, last in self._marks.get(label, ()):
                anchor = one.block.top, one.block.left
                if self._is_told(one) and anchor not in self.shared:
                    continue
                self.shared.add(anchor)
                if not value and last:
                    right = self.view.right_of(one.block)
                    if right[2] and not self._is_label(right[2]):
                        return Found(self.view.value(right[0], right[1], printed, name), one)
                spot = self.view.spot(*anchor, printed.strip(), one.cell.doubt)
                return Found(Scalar(value or None, at=spot), one)
        return None
