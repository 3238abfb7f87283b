"""The comments of a sheet: new ones added, those of others continued, earlier ones of ours replaced."""

from collections.abc import Iterable, Mapping
from functools import cached_property

from fpcheck.report.form_copy import markup
from fpcheck.report.form_copy.marks import AUTHOR, SIGNATURE, Mark, Note
from fpcheck.report.form_copy.splice import Element, Splice, outline

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
EMPTY = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<comments xmlns="{MAIN}"><authors/><commentList/></comments>""".encode()
SEPARATOR = f"—— {AUTHOR} ——"  # between what stood in a comment and what is added to it
_LOOK = '<{0}sz val="9"/><{0}color indexed="81"/><{0}rFont val="宋体"/><{0}family val="3"/><{0}charset val="134"/>'


class Comments:
    """The comments of one sheet."""

    def __init__(self, data: bytes, source: str, part: str) -> None:
        self._data = data
        self._root = outline(data, source, part)
        self._prefix = markup.prefix(data[self._root.start : self._root.opened])
        authors = self._root.first("authors")
        self._authors = [child.text for child in authors.children] if authors else []
        self._list = self._root.under("comment")

    @cached_property
    def ours(self) -> set[str]:
        """The cells whose whole comment an earlier run wrote."""
        return {one.given["ref"] for one in self._list if self._is_ours(one)}

    @cached_property
    def marked(self) -> set[str]:
        """The cells to which an earlier run wrote anything."""
        return self.ours | {one.given["ref"] for one in self._list if SEPARATOR in _text(one)}

    @cached_property
    def kept(self) -> dict[str, str]:
        """The texts that others wrote, by cell."""
        return {
            one.given["ref"]: _text(one).partition(SEPARATOR)[0].rstrip()
            for one in self._list
            if not self._is_ours(one)
        }

    def written(self, marks: Mapping[str, Mark]) -> bytes:
        """The part with what is said of cells, without what an earlier run said."""
        splice = Splice(self._data)
        for one in self._list:
            if self._is_ours(one):
                splice.remove(one)
            elif one.given["ref"] in marks or SEPARATOR in _text(one):
                self._continue(one, marks.get(one.given["ref"]), splice)
        new = [mark for cell, mark in marks.items() if cell not in self.kept]
        if new:
            self._add(new, splice)
        return splice.done()

    def _is_ours(self, one: Element) -> bool:
        """Whether an earlier run wrote the whole comment, also where a program forgot its author."""
        number = int(one.given.get("authorId", "-1"))
        known = 0 <= number < len(self._authors) and self._authors[number] == AUTHOR
        text = _text(one)
        return known or (SEPARATOR not in text and text.rstrip().endswith(SIGNATURE))

    def _add(self, marks: Iterable[Mark], splice: Splice) -> None:
        p = self._prefix
        number = self._author(splice)
        added = "".join(self._comment(mark, number) for mark in marks)
        where = self._root.first("commentList")
        if where:
            splice.append(where, added.encode())
        else:
            splice.append(self._root, f"<{p}commentList>{added}</{p}commentList>".encode())

    def _comment(self, mark: Mark, author: int) -> str:
        p = self._prefix
        runs = self._runs(mark.by_gravity) + self._run(f"\n{SIGNATURE}", bold=False)
        text = f"<{p}text>{runs}</{p}text>"
        return f'<{p}comment ref="{mark.cell}" authorId="{author}">{text}</{p}comment>'

    def _author(self, splice: Splice) -> int:
        """The number of our name among the authors."""
        if AUTHOR in self._authors:
            return self._authors.index(AUTHOR)
        p = self._prefix
        where, name = self._root.first("authors"), f"<{p}author>{AUTHOR}</{p}author>"
        if where:
            splice.append(where, name.encode())
        else:
            splice.insert(self._root.opened, f"<{p}authors>{name}</{p}authors>".encode())
        return len(self._authors)

    def _continue(self, one: Element, mark: Mark | None, splice: Splice) -> None:
        """Write a comment of somebody else anew as far as its text goes: all that stood there, then what we say."""
        text = one.first("text")
        kept = self._kept(text) if text else ""
        added = self._run(f"\n{SEPARATOR}\n", bold=False) + self._runs(mark.by_gravity) if mark else ""
        if text is None:
            splice.append(one, f"<{self._prefix}text>{added}</{self._prefix}text>".encode())
        elif text.end == text.opened:
            splice.append(text, added.encode())
        else:
            splice.replace(text.opened, text.closing, (kept + added).encode())

    def _kept(self, text: Element) -> str:
        """What stood in a comment before our separator, as runs."""
        runs = [(run, run if run.name == "t" else run.first("t")) for run in text.children]
        at = next((at for at, (_, t) in enumerate(runs) if t and SEPARATOR in t.text), None)
        if at is None:
            return "".join(
                self._around(run, t, self._raw(t.start, t.end)) if t else self._whole(run) for run, t in runs
            )
        kept, feed = "", True  # the line feed before the separator may end this run or the one before
        for run, t in reversed(runs[: at + 1]):
            if t is None:
                kept = self._whole(run) + kept
                continue
            before = t.text.partition(SEPARATOR)[0]
            left = before.removesuffix("\n") if feed else before
            feed = feed and not before
            new = f'<{self._prefix}t xml:space="preserve">{markup.xml(left)}</{self._prefix}t>'
            new = self._raw(t.start, t.end) if left == t.text else new
            kept = (self._around(run, t, new) if left else "") + kept
        return kept

    def _whole(self, run: Element) -> str:
        return self._raw(run.start, run.end)

    def _around(self, run: Element, t: Element, new: str) -> str:
        """A run with another text; a text that stands without one is made one."""
        if run is t:
            return f"<{self._prefix}r>{new}</{self._prefix}r>"
        return self._raw(run.start, t.start) + new + self._raw(t.end, run.end)

    def _raw(self, start: int, end: int) -> str:
        return self._data[start:end].decode()

    def _runs(self, notes: Iterable[Note]) -> str:
        pieces = []
        for number, note in enumerate(notes):
            pieces.append(self._run(f"\n\n{note.head}" if number else note.head, bold=True))
            if note.lines:
                pieces.append(self._run("\n" + "\n".join(note.lines), bold=False))
        return "".join(pieces)

    def _run(self, text: str, *, bold: bool) -> str:
        p = self._prefix
        look = (f"<{p}b/>" if bold else "") + _LOOK.format(p)
        return f'<{p}r><{p}rPr>{look}</{p}rPr><{p}t xml:space="preserve">{markup.cell_text(text)}</{p}t></{p}r>'


def _text(one: Element) -> str:
    text = one.first("text")
    return "".join(t.text for t in text.under("t")) if text else ""
