"""What lies at the top of an OLE file, the box of the old office formats. Only the directory is read."""

import struct
from collections.abc import Iterator

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
NO_ENTRY = 0xFFFFFFFF
LAST_SECTOR = 0xFFFFFFFA  # the numbers above mark ends and free places
ENTRY = 128
SMALL, LARGE = 9, 12  # sectors of 512 or 4096 bytes
MOST_SECTORS = 1024


def names_in_ole(data: bytes) -> frozenset[str]:
    """Give the names of the streams and storages at the top level; of a damaged file those that are found."""
    (shift,) = struct.unpack_from("<H", data.ljust(512, b"\0"), 30)
    if shift not in (SMALL, LARGE):
        return frozenset()
    directory = b"".join(_directory(data, shift))
    entries = [directory[start : start + ENTRY] for start in range(0, len(directory) - ENTRY + 1, ENTRY)]
    if not entries:
        return frozenset()
    (child,) = struct.unpack_from("<I", entries[0], 76)
    return frozenset(_siblings(entries, child))


def _sector(data: bytes, shift: int, number: int) -> bytes:
    start = (number + 1) << shift
    return data[start : start + (1 << shift)]


def _directory(data: bytes, shift: int) -> Iterator[bytes]:
    """Follow the chain of the directory's sectors, as long as it is sound."""
    fat = list(_fat_sectors(data, shift))
    width = 1 << (shift - 2)
    (number,) = struct.unpack_from("<I", data.ljust(512, b"\0"), 48)
    seen: set[int] = set()
    while number < LAST_SECTOR and number not in seen and len(seen) < MOST_SECTORS:
        seen.add(number)
        yield _sector(data, shift, number)
        table, place = divmod(number, width)
        links = _sector(data, shift, fat[table]) if table < len(fat) else b""
        number = struct.unpack_from("<I", links, place * 4)[0] if len(links) >= place * 4 + 4 else NO_ENTRY


def _fat_sectors(data: bytes, shift: int) -> Iterator[int]:
    """Give the sectors that hold the chains: the first 109 stand in the header, others in a chain of their own."""
    head = data.ljust(512, b"\0")
    yield from struct.unpack_from("<109I", head, 76)
    (more,) = struct.unpack_from("<I", head, 68)
    seen: set[int] = set()
    while more < LAST_SECTOR and more not in seen and len(seen) < MOST_SECTORS:
        seen.add(more)
        links = _sector(data, shift, more)
        if len(links) < 1 << shift:
            return
        *numbers, more = struct.unpack(f"<{len(links) // 4}I", links)
        yield from numbers


def _siblings(entries: list[bytes], first: int) -> Iterator[str]:
    waiting, seen = [first], set()
    while waiting:
        number = waiting.pop()
        if number in seen or number >= len(entries):
            continue
        seen.add(number)
        length, _, left, right = struct.unpack_from("<HHII", entries[number], 64)
        yield entries[number][: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
        waiting += [left, right]
