"""Writing files: never over what was handed in, and whole or not at all."""

import errno
import os
import secrets
import stat
from collections.abc import Iterable
from pathlib import Path


def is_one_of(path: Path, files: Iterable[str]) -> bool:
    """Whether a path leads to one of some files, by another name, a symbolic or a hard link too."""
    if os.path.realpath(path) in set(files):
        return True
    try:
        return path.exists() and any(path.samefile(file) for file in files if Path(file).exists())
    except (OSError, ValueError):  # no place where anything could be
        return False


def write_whole(path: Path, data: bytes) -> None:
    """Write a file: into a new one beside it first, which then takes its place; a failure leaves the old one whole.

    A device or a pipe is written into as it is.

    Raises:
        OSError: it could not be written.
    """
    if path.exists() and not path.is_file():
        path.write_bytes(data)
        return
    real = Path(os.path.realpath(path))
    if real.exists() and not os.access(real, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    beside = real.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        with beside.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if real.exists():
            beside.chmod(stat.S_IMODE(real.stat().st_mode))
        beside.replace(real)
    finally:
        beside.unlink(missing_ok=True)
