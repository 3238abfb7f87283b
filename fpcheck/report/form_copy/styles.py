"""styles.xml of a workbook with looks added at the end of its tables; what is there keeps its number."""

from fpcheck.report.form_copy import markup
from fpcheck.report.form_copy.splice import Element, Splice, outline, place_for

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
    "cellStyleXfs": ['<{0}xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'],
    "cellXfs": ['<{0}xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'],
    "cellStyles": ['<{0}cellStyle name="常规" xfId="0" builtinId="0"/>'],
}


class Styles:
    """The looks of a workbook; each is asked for as XML in which `{0}` stands for `prefix`, that of names."""

    def __init__(self, data: bytes, source: str) -> None:
        self._data = data
        self._root = outline(data, source, PART, depth=2)
        self.prefix = markup.prefix(data[self._root.start : self._root.opened])
        self._had = {table: self._entries(table) for table in _FIRST}
        self._added: dict[str, list[bytes]] = {table: [] for table in _FIRST}
        self._places: dict[str, dict[bytes, int]] = {table: {} for table in _FIRST}
        for table, places in self._places.items():
            for at, entry in enumerate(self._had[table]):
                places.setdefault(entry, at)

    def font(self, look: str) -> int:
        """The number of a font."""
        return self.entry("fonts", self._named(look))

    def fill(self, look: str) -> int:
        """The number of a fill."""
        return self.entry("fills", self._named(look))

    def border(self, look: str) -> int:
        """The number of a border."""
        return self.entry("borders", self._named(look))

    def format(self, look: str) -> int:
        """The number of a cell format."""
        return self.entry("cellXfs", self._named(look))

    def entries(self, table: str) -> list[bytes]:
        """What a table holds, with what was added to it, as it is written."""
        return self._had[table] + self._added[table]

    def entry(self, table: str, look: bytes) -> int:
        """The number of an entry as it is written; it is added where there is none."""
        found = self._places[table].get(look)
        return self.new_entry(table, look) if found is None else found

    def new_entry(self, table: str, look: bytes) -> int:
        """The number of an entry that is added, though there may be another like it."""
        self._added[table].append(look)
        number = len(self._had[table]) + len(self._added[table]) - 1
        self._places[table].setdefault(look, number)
        return number

    def done(self) -> bytes:
        """The part with what was added."""
        splice = Splice(self._data)
        for table, added in self._added.items():
            if not added:
                continue
            had = self._root.first(table)
            count = len(self._had[table]) + len(added)
            new = b"".join(added)
            if had and had.children:
                splice.append(had, new, "count", str(count))
            else:
                first = b"".join(self._had[table])
                name = f"{self.prefix}{table}"
                whole = f'<{name} count="{count}">'.encode() + first + new + f"</{name}>".encode()
                splice.insert(place_for(self._root, table, ORDER), whole)
                if had:
                    splice.remove(had)
        return splice.done()

    def _named(self, look: str) -> bytes:
        return look.replace("{0}", self.prefix).encode()

    def _entries(self, table: str) -> list[bytes]:
        found: Element | None = self._root.first(table)
        if found is None or not found.children:
            return [self._named(look) for look in _FIRST[table]]
        return [self._data[child.start : child.end] for child in found.children]
