"""A zip package with some parts replaced or added; every other part is copied packed, byte for byte, in its order."""

import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s4B4H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_UTF8 = 0x800
_SIZES_BEHIND = 0x8
_VERSION = 20
_FIRST_DAY = (0 << 9) | (1 << 5) | 1  # 1980-01-01: the clock is never read
_ZIP64 = 1


@dataclass(frozen=True, slots=True)
class _Packed:
    """A part as it is written."""

    name: bytes
    flags: int
    method: int
    time: int
    day: int
    crc: int
    data: bytes
    size: int
    attributes: int = 0
    extra: bytes = b""


def repacked(data: bytes, changed: Mapping[str, bytes]) -> bytes:
    """Give the package with new contents for some parts; names that it does not hold are added at the end."""
    with ZipFile(BytesIO(data)) as archive:
        entries = archive.infolist()
    stored = {_name(entry) for entry in entries}
    written = [
        _new(entry.orig_filename, changed[_name(entry)], entry) if _name(entry) in changed else _as_it_is(data, entry)
        for entry in entries
    ]
    written += [_new(name, content) for name, content in changed.items() if name not in stored]
    return b"".join(_written(written))


def packed(parts: Mapping[str, bytes]) -> bytes:
    """Give a package of parts, in their order."""
    return b"".join(_written([_new(name, content) for name, content in parts.items()]))


def _name(entry: ZipInfo) -> str:
    return entry.filename.replace("\\", "/")


def _name_bytes(entry: ZipInfo) -> bytes:
    return entry.orig_filename.encode("utf-8" if entry.flag_bits & _UTF8 else "cp437")


def _as_it_is(data: bytes, entry: ZipInfo) -> _Packed:
    *_, name_length, extra_length = _LOCAL.unpack_from(data, entry.header_offset)
    start = entry.header_offset + _LOCAL.size + name_length + extra_length
    time, day = _moment(entry)
    return _Packed(
        _name_bytes(entry),
        entry.flag_bits & ~_SIZES_BEHIND,
        entry.compress_type,
        time,
        day,
        entry.CRC,
        data[start : start + entry.compress_size],
        entry.file_size,
        entry.external_attr,
        _without_zip64(entry.extra),
    )


def _new(name: str, content: bytes, old: ZipInfo | None = None) -> _Packed:
    press = zlib.compressobj(6, zlib.DEFLATED, -15)
    data = press.compress(content) + press.flush()
    time, day = _moment(old) if old else (0, _FIRST_DAY)
    flags = (old.flag_bits & _UTF8) if old else 0 if name.isascii() else _UTF8
    written = _name_bytes(old) if old else name.encode()
    attributes = old.external_attr if old else 0
    return _Packed(written, flags, ZIP_DEFLATED, time, day, zlib.crc32(content), data, len(content), attributes)


def _moment(entry: ZipInfo) -> tuple[int, int]:
    year, month, day, hour, minute, second = entry.date_time
    return hour << 11 | minute << 5 | second // 2, max(year - 1980, 0) << 9 | month << 5 | day


def _without_zip64(extra: bytes) -> bytes:
    """Leave out the field of large sizes, which nothing here has."""
    kept, at = b"", 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        kept += b"" if kind == _ZIP64 else extra[at : at + 4 + length]
        at += 4 + length
    return kept


def _written(parts: list[_Packed]) -> Iterator[bytes]:
    at, listed = 0, []
    for part in parts:
        sizes = (part.crc, len(part.data), part.size)
        shape = (part.flags, part.method, part.time, part.day, *sizes)
        local = _LOCAL.pack(b"PK\x03\x04", _VERSION, *shape, len(part.name), 0) + part.name
        lengths = (len(part.name), len(part.extra), 0, 0, 0)
        central = _CENTRAL.pack(b"PK\x01\x02", _VERSION, 0, _VERSION, 0, *shape, *lengths, part.attributes, at)
        listed.append(central + part.name + part.extra)
        yield local
        yield part.data
        at += len(local) + len(part.data)
    directory = b"".join(listed)
    yield directory
    yield _END.pack(b"PK\x05\x06", 0, 0, len(parts), len(parts), len(directory), at, 0)
