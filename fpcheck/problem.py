"""Problem: something could not be read. Forms and rule files report their faults in this one shape."""

import errno
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Place:
    """Where a thing stands. `row`, `line` and `column` count from 1; what is not known is None."""

    table: str | None = None
    row: int | None = None
    field: str | None = None
    sheet: str | None = None
    cell: str | None = None
    line: int | None = None
    column: int | None = None

    def as_json(self) -> dict[str, Any]:
        """Give the five keys that outside programs rely on."""
        return {name: getattr(self, name) for name in ("table", "row", "field", "sheet", "cell")}

    def __str__(self) -> str:
        parts = [
            f"工作表“{self.sheet}”" if self.sheet else "",
            f"单元格 {self.cell}" if self.cell else "",
            f"第{self.line}行" if self.line and not self.cell else "",
            f"{self.table} 第{self.row}条" if self.row else (self.table or ""),
            self.field or "",
        ]
        return " ".join(part for part in parts if part)


NOWHERE = Place()


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of an input: what, where, and what to do.

    `source` is the file as the user named it; `hint` says what to write instead. A `remark` tells what
    was set aside without anything having gone wrong. `owner` is the id of the submission it belongs to.
    """

    source: str
    message: str
    hint: str = ""
    where: Place = NOWHERE
    remark: bool = False
    owner: str | None = None

    def __str__(self) -> str:
        """Read like a compiler's message: `file:line:column 问题。办法`."""
        text = " ".join(filter(None, (self.located, self.message)))
        return f"{text}；{self.hint}" if self.hint else text

    @property
    def located(self) -> str:
        """The file, the line and the cell."""
        mark = "".join(f":{n}" for n in (self.where.line, self.where.column) if n)
        place = str(replace(self.where, line=None, column=None))
        which = "" if self.where.line or not self.owner else f"（{self.owner}）"
        return " ".join(part for part in (f"{self.source}{mark}{which}", place) if part)

    def as_json(self) -> dict[str, Any]:
        """Give the shape of the report's `problems`."""
        more = {"line": self.where.line, "column": self.where.column, "submission": self.owner}
        where = {**self.where.as_json(), **more}
        return {"source": self.source, "where": where, "message": self.message, "hint": self.hint}


def printable(path: object) -> str:
    """Give a path as text that can be printed, also where its bytes are no text."""
    return str(path).encode("utf-8", "surrogateescape").decode("utf-8", "replace")


_WHY = {
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EISDIR: "这是文件夹",
    errno.ENOTDIR: "路径中间有一段不是文件夹",
    errno.ENAMETOOLONG: "文件名太长",
    errno.ENOSPC: "磁盘已满",
    errno.ELOOP: "链接绕成了圈",
}


def why_not(error: OSError | ValueError) -> str:
    """Say in Chinese why a file could not be opened or written."""
    number = getattr(error, "errno", None)
    return _WHY.get(number or 0, f"系统错误 {number}" if number else "路径不对")


def nearest(name: str, known: list[str]) -> str | None:
    """Find the known name that `name` was most likely meant to be: one that it begins, else the one most like it."""
    from difflib import get_close_matches  # noqa: PLC0415 - only where something is wrong

    found = get_close_matches(name, known, n=9, cutoff=0.5)
    begun = [near for near in found if near.startswith(name)]
    return next(iter(begun or found), None)


def did_you_mean(name: str, known: list[str]) -> str:
    """Phrase the nearest known name as a hint, empty when none is near."""
    near = nearest(name, known)
    return f"是不是“{near}”？" if near else ""


def short(text: str, limit: int = 40) -> str:
    """Cut a user's text for a message, saying so."""
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else f"{flat[:limit]}…"
