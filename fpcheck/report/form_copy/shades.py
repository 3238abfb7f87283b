"""The shades of marked cells, and what the cells looked like before.

A marked cell's format is tied to a hidden named style that is its former format. So the memory moves with the cell,
whatever becomes of rows, sheets and lists, and programs keep it when they save. A shade of ours without such a style
(a program dropped it) is taken away.
"""

import re
from functools import cached_property

from fpcheck.report.form_copy import markup
from fpcheck.report.form_copy.looks import fill
from fpcheck.report.form_copy.marks import AUTHOR, OUR_COLOURS
from fpcheck.report.form_copy.splice import tag_end
from fpcheck.report.form_copy.styles import Styles

_NAMED = re.compile(rf"{AUTHOR} 原样(\d+)(?:：(.*))?", re.DOTALL)
_MOST_NAME = 255  # characters of a style's name
_SOLID = re.compile(rb"""patternType\s*=\s*["']solid["']""")
_COLOUR = re.compile(rb"""<(?:\w+:)?fgColor\b[^>]*?\brgb\s*=\s*["'](?:[0-9A-Fa-f]{2})?([0-9A-Fa-f]{6})["']""")
_OWN = ("numFmtId", "fontId", "fillId", "borderId")  # what tells a format from another, with what it contains
_CHILD = re.compile(rb"<(?:\w+:)?(\w+)[^>]*>")


class Shades:
    """The formats of a workbook's cells."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles

    @cached_property
    def ours(self) -> frozenset[str]:
        """The numbers, as written, of the formats that an earlier run gave to cells."""
        if not self._fills and not self._former:
            return frozenset()
        formats = enumerate(self._styles.entries("cellXfs"))
        return frozenset(str(number) for number, look in formats if self._is_ours(look))

    def marked(self, number: int, colour: str) -> int:
        """The number of a cell format that is as another, but in a shade of ours, and that remembers the other."""
        now, former = self._format(number), self._format(self.original(number))
        again = now.number("fillId") in self._fills and now.number("xfId") in self._former
        memory = now.number("xfId") if again else self._remembered(former)
        shade = next((at for at, known in self._fills.items() if known == colour), None)
        tag = former.with_(fillId=self._styles.fill(fill(colour)) if shade is None else shade, applyFill=1)
        return self._styles.entry("cellXfs", tag.with_(xfId=memory).written)

    def original(self, number: int) -> int:
        """The number of the format that a cell had before it was marked; its own where it is not."""
        look = self._format(number)
        if not self._is_ours(look.written):
            return number
        parent = look.number("xfId")
        former, name = self._former.get(parent, (None, ""))
        if look.number("fillId") in self._fills:
            known = former if former and former.number("fillId") in self._others else None
            look = look.with_(fillId=known.number("fillId") if known else 0)
            look = look.with_(applyFill=known.given.get("applyFill") if known else None)
        if former is not None:
            look = look.with_(xfId=self._styled.get(name, 0))
        return self._styles.entry("cellXfs", look.written)

    def _format(self, number: int) -> "_Format":
        formats = self._styles.entries("cellXfs")
        return _Format(formats[number if number < len(formats) else 0])

    def _is_ours(self, look: bytes) -> bool:
        given = _Format(look)
        return given.number("fillId") in self._fills or given.number("xfId") in self._former

    @cached_property
    def _fills(self) -> dict[int, str]:
        """The fills in our colours, by number."""
        found = {}
        for number, look in enumerate(self._styles.entries("fills")):
            colour = _COLOUR.search(look) if _SOLID.search(look) else None
            if colour and colour[1].decode().upper() in OUR_COLOURS:
                found[number] = colour[1].decode().upper()
        return found

    @cached_property
    def _others(self) -> frozenset[int]:
        """The numbers of all other fills."""
        return frozenset(range(len(self._styles.entries("fills")))) - self._fills.keys()

    @cached_property
    def _styled(self) -> dict[str, int]:
        """The formats of named styles by name."""
        named = [markup.attributes(one[: tag_end(one, 0)]) for one in self._styles.entries("cellStyles")]
        return {one.get("name", ""): int(one.get("xfId", "0")) for one in named}

    @cached_property
    def _former(self) -> dict[int, tuple["_Format", str]]:
        """The formats that our named styles remember, by number, each with the name of the style it had itself."""
        formats = self._styles.entries("cellStyleXfs")
        named = ((number, _NAMED.fullmatch(name)) for name, number in self._styled.items())
        return {at: (_Format(formats[at]), found[2] or "") for at, found in named if found and 0 <= at < len(formats)}

    def _remembered(self, former: "_Format") -> int:
        """The number of the named style that remembers a format; it is made where there is none."""
        parent = former.number("xfId")
        name = next((one for one, at in self._styled.items() if at == parent), "") if parent else ""
        kept = former.with_(xfId=None, quotePrefix=None, pivotButton=None)
        for number, known in self._former.items():
            if known[1] == name and known[0].key == kept.key:
                return number
        number = self._styles.new_entry("cellStyleXfs", kept.written)
        taken = (int(found[1]) for one in self._styled if (found := _NAMED.fullmatch(one)))
        own = f"{AUTHOR} 原样{max(taken, default=0) + 1}"
        own = f"{own}：{name}" if name and len(own) + 1 + len(name) <= _MOST_NAME else own
        p = self._styles.prefix
        style = f'<{p}cellStyle name="{markup.xml(own)}" xfId="{number}" hidden="1"/>'
        self._styles.new_entry("cellStyles", style.encode())
        self._styled[own] = number
        self._former[number] = kept, name
        return number


class _Format:
    """A cell format as it is written."""

    def __init__(self, written: bytes) -> None:
        self.written = written
        self._opened = tag_end(written, 0)
        self.given = markup.attributes(written[: self._opened])

    def number(self, name: str) -> int:
        """An attribute that is a number; 0 where it is not there."""
        return int(self.given.get(name, "0"))

    def with_(self, **attributes: str | int | None) -> "_Format":
        """The format with other attributes; those that are None are taken out."""
        tag, rest = self.written[: self._opened], self.written[self._opened :]
        for name, value in attributes.items():
            tag = markup.without_attribute(tag, name) if value is None else markup.with_attribute(tag, name, str(value))
        return _Format(tag + rest)

    @property
    def key(self) -> tuple[object, ...]:
        """What tells it from another, however a program writes it."""
        inside = (found for found in _CHILD.finditer(self.written, self._opened) if found[1] != b"xf")
        children = sorted((found[1], *sorted(markup.attributes(found[0]).items())) for found in inside)
        return (*map(self.number, _OWN), *children)
