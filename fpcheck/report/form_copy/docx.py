"""A Word file with shaded cells, comments and a list of problems at its end; all else stays as it is."""

from collections.abc import Iterable

from fpcheck.document import Unreadable
from fpcheck.problem import Problem
from fpcheck.report.form_copy import markup
from fpcheck.report.form_copy.marks import AUTHOR, SIGNATURE, Listing, Mark, colour_of
from fpcheck.report.form_copy.parts import Parts
from fpcheck.report.form_copy.splice import Element, Splice, outline, place_for, sound
from fpcheck.report.form_copy.word_cells import NAMES, cells, seen, value
from fpcheck.report.form_copy.word_earlier import earlier_lists, has_reply
from fpcheck.report.form_copy.word_list import word_list
from fpcheck.report.form_copy.word_shades import NONE, former, is_ours, shade_of

MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
EMPTY = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:comments xmlns:w="{MAIN}"></w:comments>""".encode()
_CELL_ORDER = ("cnfStyle", "tcW", "gridSpan", "hMerge", "vMerge", "tcBorders", "shd")
_PAGE = 11_906  # the width of A4 in twentieths of a point
_MARGIN = 1_800
_SAVE_PLAIN = "请用 Word 或 WPS 打开，另存为普通的“Word 文档（.docx）”再查"


def marked_docx(data: bytes, source: str, marks: Iterable[Mark], listing: Listing) -> bytes:
    """Give the file with a shade and a comment at each mark, and the list on a page of its own at its end.

    What an earlier run wrote is taken back: its comments and shades, and its list unless somebody replied in it.

    Args:
        data: the Word file.
        source: its name for messages.
        marks: one a cell, named as the reader names them (表1, 第3行第2格); others are passed over.
        listing: the list.

    Raises:
        Unreadable: no sound Word file, past a limit, signed, or in the strict variant of the format.
    """
    with sound(source):
        return _Copy(data, source).written(marks, listing)


class _Copy:
    def __init__(self, data: bytes, source: str) -> None:
        self._parts = Parts(data, source)
        self._main = self._parts.target("", "officeDocument") or "word/document.xml"
        self._data = self._parts.read(self._main)
        self._root = outline(self._data, source, self._main, names=NAMES)
        if self._root.space != MAIN:
            raise Unreadable([Problem(source, "文件是 Strict Open XML 格式，写不进批注", _SAVE_PLAIN)])
        root = self._data[self._root.start : self._root.opened]
        self._w = markup.prefix(root).removesuffix(":")
        body = self._root.first("body")
        self._lists = earlier_lists(body, self._data) if body else []
        self._splice = Splice(self._data)
        self._comments = _Comments(self._parts, self._main, source)

    def written(self, marks: Iterable[Mark], listing: Listing) -> bytes:
        places = cells(self._root)
        found = {id(cell): (cell, mark) for mark in marks if (cell := places.get((mark.sheet, mark.cell)))}
        self._take_back()
        listed = {id(cell) for blocks in self._lists for block in blocks for cell in block.under("tc")}
        for cell in self._root.under("tc"):
            if id(cell) not in found.keys() | listed and is_ours(cell):
                self._unshade(cell)
        for cell, mark in found.values():
            self._shade(cell, colour_of(mark.severity), former(cell))
            self._refer(cell, self._comments.add(mark))
        self._append(listing)
        self._comments.write()
        self._parts.write(self._main, self._splice.done())
        return self._parts.done()

    def _take_back(self) -> None:
        """Take out the places of our former comments."""
        for name in ("commentRangeStart", "commentRangeEnd"):
            for one in self._root.under(name):
                if value(one, "id") in self._comments.ours:
                    self._splice.remove(one)
        for run in self._root.under("r"):
            for one in run.all("commentReference"):
                if value(one, "id") in self._comments.ours:
                    self._splice.remove(run if len(run.children) == 1 else one)

    def _unshade(self, cell: Element) -> None:
        """Give a cell its former look back."""
        shade, colour = shade_of(cell), former(cell)
        if shade and colour == NONE:
            self._splice.remove(shade)
        elif shade:
            self._shade(cell, colour, NONE)

    def _shade(self, cell: Element, colour: str, pattern: str) -> None:
        w = self._w
        shade = f'<{w}:shd {w}:val="clear" {w}:color="{pattern}" {w}:fill="{colour}"/>'.encode()
        properties = cell.first("tcPr")
        old = properties.first("shd") if properties else None
        if properties is None:
            self._splice.insert(cell.opened, f"<{w}:tcPr>".encode() + shade + f"</{w}:tcPr>".encode())
        elif properties.end == properties.opened:
            self._splice.append(properties, shade)
        elif old:
            self._splice.replace(old.start, old.end, shade)
        else:
            self._splice.insert(place_for(properties, "shd", _CELL_ORDER), shade)

    def _refer(self, cell: Element, number: int) -> None:
        """Tie a comment to the first paragraph of a cell."""
        w = self._w
        paragraph = next(seen(cell, "p"), None)
        if paragraph is None:
            return
        begin = f'<{w}:commentRangeStart {w}:id="{number}"/>'.encode()
        end = f'<{w}:commentRangeEnd {w}:id="{number}"/><{w}:r><{w}:commentReference {w}:id="{number}"/></{w}:r>'
        if paragraph.end == paragraph.opened:
            self._splice.append(paragraph, begin + end.encode())
            return
        look = paragraph.first("pPr")
        self._splice.insert(look.end if look else paragraph.opened, begin)
        self._splice.insert(paragraph.closing, end.encode())

    def _append(self, listing: Listing) -> None:
        body = self._root.first("body")
        if body is None:
            return
        if self._lists and not has_reply(self._lists[-1]):
            for block in self._lists[-1]:
                self._splice.remove(block)
        section = body.all("sectPr")
        new = word_list(listing, self._w, _text_width(section[-1] if section else None))
        self._splice.insert(section[-1].start if section else body.closing, new.encode())


class _Comments:
    """The part of the comments."""

    def __init__(self, parts: Parts, main: str, source: str) -> None:
        self._parts = parts
        self._main = main
        self._part = parts.target(main, "comments")
        data = parts.read(self._part) if self._part else EMPTY
        self._root = outline(data, source, self._part or "comments.xml")
        self._w = markup.prefix(data[self._root.start : self._root.opened]).removesuffix(":")
        self._splice = Splice(data)
        self._added: list[str] = []
        listed = self._root.all("comment")
        self.ours = {value(one, "id") for one in listed if _is_ours(one)}
        for one in listed:
            if value(one, "id") in self.ours:
                self._splice.remove(one)
        self._last = max((int(value(one, "id") or 0) for one in listed), default=-1)

    def add(self, mark: Mark) -> int:
        """Add what is said of a cell; give the comment's number."""
        w = self._w
        self._last += 1
        lines = [(line, at == 0) for note in mark.by_gravity for at, line in enumerate((note.head, *note.lines))]
        lines.append((SIGNATURE, False))
        inside = "".join(self._paragraph(text, bold=bold) for text, bold in lines)
        about = f'{w}:id="{self._last}" {w}:author="{AUTHOR}" {w}:initials="检查"'
        self._added.append(f"<{w}:comment {about}>{inside}</{w}:comment>")
        return self._last

    def write(self) -> None:
        """Write the part where anything in it changed."""
        if not self._added and not self.ours:
            return
        self._splice.append(self._root, "".join(self._added).encode())
        content = self._splice.done()
        if self._part:
            self._parts.write(self._part, content)
        else:
            folder = self._main.rpartition("/")[0] or "word"
            name = f"{folder}/comments.xml"
            name = self._parts.free_name(f"{folder}/comments{{}}.xml") if name in self._parts else name
            self._parts.add(self._main, "comments", name, content, CONTENT_TYPE)

    def _paragraph(self, text: str, *, bold: bool) -> str:
        w = self._w
        look = f'<{w}:rPr>{f"<{w}:b/>" if bold else ""}<{w}:sz {w}:val="18"/></{w}:rPr>'
        lines = markup.plain(text).split("\n")
        inside = f"<{w}:br/>".join(f'<{w}:t xml:space="preserve">{markup.xml(line)}</{w}:t>' for line in lines)
        return f"<{w}:p><{w}:r>{look}{inside}</{w}:r></{w}:p>"


def _is_ours(comment: Element) -> bool:
    """Whether an earlier run wrote a comment, also where a program forgot its author."""
    text = "".join(t.text for t in comment.under("t"))
    return value(comment, "author") == AUTHOR or text.rstrip().endswith(SIGNATURE)


def _text_width(section: Element | None) -> int:
    size, margins = (section.first("pgSz"), section.first("pgMar")) if section else (None, None)
    given = (value(size, "w"), value(margins, "left"), value(margins, "right"))
    page, left, right = (int(text) if text.isdecimal() else None for text in given)
    return (page or _PAGE) - (_MARGIN if left is None else left) - (_MARGIN if right is None else right)
