"""Zip packages (Excel and Word files), opened within limits.

A size that a header states is believed only where it is a reason to refuse; past it nothing is unpacked.
No DTD and no entity is read. What goes past a limit is refused with what to do, before it costs memory.
"""

import posixpath
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import NamedTuple, NoReturn
from urllib.parse import unquote
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from fpcheck.document import Unreadable
from fpcheck.intake.office.part_xml import Handlers, Parsing
from fpcheck.problem import Problem, short, why_not

__all__ = ["MB", "SAVE_AGAIN", "Handlers", "Package", "Relation", "open_package"]

MB = 1024 * 1024
MAX_FILE = 20 * MB
MAX_UNPACKED = 256 * MB
MAX_RATIO = 200  # of a part's size to its packed size, held to where the part is larger than RATIO_FROM
RATIO_FROM = MB
MAX_ENTRIES = 5_000
CHUNK = 64 * 1024

SAVE_AGAIN = "请用 WPS 或 Office 打开它，另存一份再交"
_CENTRAL = b"PK\x01\x02"
_ENCRYPTED = 0x1
_BROKEN = (
    BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OverflowError,
    OSError,
)
_RELATIONS = (
    "http://schemas.openxmlformats.org/package/2006/relationships",
    "http://purl.oclc.org/ooxml/package/relationships",
)


class Relation(NamedTuple):
    """Where a part points to. `kind` is the last word of its type: worksheet, styles, …

    `target` is a part's name, or, where `external`, an address outside the file.
    """

    kind: str
    target: str
    external: bool


@dataclass
class Package:
    """An opened package; names of parts are looked up without regard to case."""

    source: str
    _archive: ZipFile
    _size: int
    _entries: dict[str, ZipInfo]
    _unpacked: int = 0

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._entries

    @property
    def names(self) -> list[str]:
        """The parts' names, as stored."""
        return [_name(entry) for entry in self._entries.values()]

    def refuse(self, message: str, hint: str = SAVE_AGAIN) -> NoReturn:
        """Refuse the whole file.

        Raises:
            Unreadable: always.
        """
        raise Unreadable([Problem(self.source, message, hint)])

    def chunks(self, name: str) -> Iterator[bytes]:
        """Unpack a part piece by piece.

        Raises:
            Unreadable: no such part, damaged, or past a limit.
        """
        entry = self._entries.get(name.lower())
        if entry is None:
            self.refuse(f"文件不完整，缺少 {short(name)}")
        # A size stated too large is refused here; of one stated too small no more is unpacked, and the sum is wrong.
        if entry.file_size > max(RATIO_FROM, MAX_RATIO * min(entry.compress_size, self._size)):
            message = f"文件里的 {short(name)} 压缩得异常小，展开后却很大，像是压缩炸弹，没有读"
            self.refuse(message, "请核对文件来源；确是自己的表，就新建一份，把内容复制过去")
        self._unpacked += entry.file_size
        if self._unpacked > MAX_UNPACKED:
            hint = "请删去无关的工作表、图片和空行，或拆成几个文件"
            self.refuse(f"文件展开后超过 {MAX_UNPACKED // MB} MB，没有读", hint)
        try:
            with self._archive.open(entry) as part:
                while chunk := part.read(CHUNK):
                    yield chunk
        except _BROKEN:
            self.refuse(f"文件已损坏，{short(name)} 读不出来")

    def read(self, name: str) -> bytes:
        """Unpack a whole part; errors as in `chunks`."""
        return b"".join(self.chunks(name))

    def parse(self, name: str, handlers: Handlers) -> None:
        """Read a part as XML.

        Raises:
            Unreadable: as in `chunks`; no XML; a DTD; nested too deeply, or a tag or a text that is too long.
        """

        def refuse(what: str, hint: str = SAVE_AGAIN) -> NoReturn:
            self.refuse(f"文件里的 {short(name)} {what}", hint)

        Parsing(handlers, refuse).run(self.chunks(name))

    def relations(self, name: str = "") -> dict[str, Relation]:
        """Where a part (without a name: the whole package) points to, by id; empty where it says nothing."""
        folder, _, file = name.rpartition("/")
        part = posixpath.join(folder, "_rels", f"{file}.rels")
        found: dict[str, Relation] = {}

        def relation(attributes: dict[str, str]) -> None:
            kind = attributes.get("Type", "").rpartition("/")[2]
            external = attributes.get("TargetMode") == "External"
            target = attributes.get("Target", "")
            within = target if external else self._within(folder, target)
            found[attributes.get("Id", "")] = Relation(kind, within, external)

        if part in self:
            self.parse(part, Handlers(_RELATIONS, starts={"Relationship": relation}))
        return found

    def _within(self, folder: str, target: str) -> str:
        """Give the name of the part that a target means, seen from a folder."""
        path = posixpath.normpath(posixpath.join("/", folder, target.replace("\\", "/"))).lstrip("/")
        return path if path in self else unquote(path)


def open_package(given: Path | bytes, source: str) -> Package:
    """Open a package, of which `source` is the name for messages.

    Raises:
        Unreadable: no such file, empty, no sound zip file, encrypted, with names that lead elsewhere, or past a limit.
    """
    data = given if isinstance(given, bytes) else _bytes(given, source)
    if not data:
        raise Unreadable([Problem(source, "文件是空的", "请确认选对了文件")])
    if len(data) > MAX_FILE:
        raise Unreadable([Problem(source, f"文件超过 {MAX_FILE // MB} MB", "请删去无关的图片和工作表，或拆成几个文件")])
    if data.count(_CENTRAL) > MAX_ENTRIES:  # before the list is built
        message = f"文件里的部件超过 {MAX_ENTRIES} 个，没有读"
        raise Unreadable([Problem(source, message, "请删去无关的工作表和图片，或拆成几个文件")])
    try:
        archive = ZipFile(BytesIO(data))
    except _BROKEN:
        raise Unreadable([Problem(source, "文件不完整或已损坏，打不开", SAVE_AGAIN)]) from None
    package = Package(source, archive, len(data), {})
    for entry in archive.infolist():
        if not entry.is_dir():
            _take(entry, package)
    return package


def _bytes(path: Path, source: str) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_FILE + 1)
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the path
        raise Unreadable([Problem(source, f"文件打不开（{why_not(error)}）", "请检查路径和权限")]) from None


def _name(entry: ZipInfo) -> str:
    return entry.filename.replace("\\", "/")


def _take(entry: ZipInfo, package: Package) -> None:
    """Add an entry that may be read."""
    name, shown = _name(entry), short(entry.orig_filename.replace("\0", "�"))
    parts = name.split("/")
    if name.startswith("/") or ".." in parts or ":" in parts[0] or "\0" in entry.orig_filename:
        package.refuse(f"文件里的部件名“{shown}”指向文件之外，没有读", "这不是正常保存出来的文件，请核对来源")
    if name.lower() in package._entries:  # noqa: SLF001 - being built here
        package.refuse(f"文件里有两个部件都叫“{shown}”，不知以哪个为准")
    if entry.flag_bits & _ENCRYPTED:
        package.refuse("文件加了密码，读不出内容", "请取消密码后再交")
    if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        package.refuse(f"部件“{shown}”的压缩方式读不了")
    package._entries[name.lower()] = entry  # noqa: SLF001
