"""styles.xml of a workbook with looks added at the end of its tables; what is there keeps its number."""

import re

from fpcheck.report.form_copy import markup
from fpcheck.report.form_copy.splice import Element, Splice, outline, place_for, tag_end

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PART = "xl/styles.xml"
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
ORDER = ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "tableStyles")
PLAIN = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<styleSheet xmlns="{MAIN}"><fonts count="1"><font><sz val="11"/><name val="宋体"/><charset val="134"/></font></fonts>\
<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>\
</fills>\
<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>\
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>\
<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>\
<cellStyles count="1"><cellStyle name="常规" xfId="0" builtinId="0"/></cellStyles></styleSheet>""".encode()
_FIRST = {  # what a table that is missing has to begin with
    "fonts": ['<{0}font><{0}sz val="11"/><{0}name val="宋体"/></{0}font>'],
    "fills": [f'<{{0}}fill><{{0}}patternFill patternType="{kind}"/></{{0}}fill>' for kind in ("none", "gray125")],
    "borders": ["<{0}border><{0}left/><{0}right/><{0}top/><{0}bottom/><{0}diagonal/></{0}border>"],
    "cellXfs": ['<{0}xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'],
}


class Styles:
    """The looks of a workbook; each is asked for as XML in which `{0}` stands for the prefix of names."""

    def __init__(self, data: bytes, source: str) -> None:
        self._data = data
        self._root = outline(data, source, PART, depth=2)
        self._prefix = markup.prefix(data[self._root.start : self._root.opened])
        self._added: dict[str, dict[str, int]] = {table: {} for table in _FIRST}
        self._had = {table: self._entries(table) for table in _FIRST}

    def font(self, look: str) -> int:
        """The number of a font."""
        return self._number("fonts", look)

    def fill(self, look: str) -> int:
        """The number of a fill."""
        return self._number("fills", look)

    def border(self, look: str) -> int:
        """The number of a border."""
        return self._number("borders", look)

    def format(self, look: str) -> int:
        """The number of a cell format."""
        return self._number("cellXfs", look)

    def filled(self, number: int, fill: str) -> int:
        """The number of a cell format that is as another, but for the fill."""
        formats = self._had["cellXfs"]
        if number >= len(formats):
            number = 0
        old = formats[number]
        opened = tag_end(old, 0)
        tag = markup.with_attribute(old[:opened], "fillId", str(self.fill(fill)))
        return self._number("cellXfs", (markup.with_attribute(tag, "applyFill", "1") + old[opened:]).decode())

    def fill_of(self, number: int) -> str:
        """The fill of a cell format as XML, with `{0}` for the prefix."""
        formats, fills = self._had["cellXfs"], self._had["fills"]
        given = markup.attributes(formats[number]) if number < len(formats) else {}
        place = int(given.get("fillId", "0"))
        look = fills[place if place < len(fills) else 0].decode()
        return re.sub(rf"(</?){self._prefix}", r"\1{0}", look.replace("{", ""))

    def done(self) -> bytes:
        """The part with what was added."""
        splice = Splice(self._data)
        for table, added in self._added.items():
            if not added:
                continue
            had = self._root.first(table)
            count = len(self._had[table]) + len(added)
            new = "".join(added).encode()
            if had and had.children:
                splice.append(had, new, "count", str(count))
            else:
                first = b"".join(self._had[table])
                name = f"{self._prefix}{table}"
                whole = f'<{name} count="{count}">'.encode() + first + new + f"</{name}>".encode()
                splice.insert(place_for(self._root, table, ORDER), whole)
                if had:
                    splice.remove(had)
        return splice.done()

    def _entries(self, table: str) -> list[bytes]:
        found: Element | None = self._root.first(table)
        if found is None or not found.children:
            return [look.format(self._prefix).encode() for look in _FIRST[table]]
        return [self._data[child.start : child.end] for child in found.children]

    def _number(self, table: str, look: str) -> int:
        added = self._added[table]
        return added.setdefault(look.replace("{0}", self._prefix), len(self._had[table]) + len(added))
