"""Rulebooks that were found sound are kept, so that the next run need not read and check their YAML again.

A kept rulebook counts only for the very same files, under the same names, read by the very same program; whatever
differs, or cannot be read, is loaded anew. Faulty rulebooks are never kept. Where nothing can be written, nothing is.
"""

import hashlib
import os
import pickle
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from platformdirs import user_cache_path
from pydantic import VERSION

from fpcheck.document import Unreadable
from fpcheck.rulebook.compiled import Rulebook
from fpcheck.rulebook.pack import is_yaml, layers_of, names_in, shown
from fpcheck.terms import rules_folder

FOLDER = "FPCHECK_CACHE"  # names the folder to keep rulebooks in; empty: keep none
MOST = 8  # rulebooks kept at once
DIGEST = 32


def kept_rulebook(folders: Iterable[Path] = (), without: Iterable[str] = ()) -> Rulebook:
    """Give a rulebook as `load_rulebook` does, from what was kept where that still holds.

    Raises:
        RulebookFault: anything about any file is faulty.
    """
    given, skipped = list(folders), frozenset(without)
    place = _place(given, skipped)
    found = _read(place) if place else None
    if found:
        return found
    from fpcheck.rulebook.load import load_rulebook  # noqa: PLC0415 - the grammar, which a kept rulebook does not need

    rulebook = load_rulebook(given, skipped)
    if place:
        with suppress(OSError):
            _write(place, rulebook)
    return rulebook


def _place(folders: list[Path], without: frozenset[str]) -> Path | None:
    """Give the file for a rulebook, None where none is kept or the rules cannot be read."""
    folder = os.environ.get(FOLDER)
    if folder == "":
        return None
    digest = hashlib.sha256()
    try:
        for part in (*_program(), *sorted(without), *_rules(folders)):
            digest.update(len(part).to_bytes(8, "big") + part if isinstance(part, bytes) else f"{part}\0".encode())
        return (Path(folder) if folder else user_cache_path("fpcheck")) / f"{digest.hexdigest()}.rulebook"
    except (OSError, Unreadable, UnicodeEncodeError):
        return None


def _program() -> Iterator[str]:
    """Name the program: its files as they stand, and what reads them."""
    yield from (sys.version, VERSION)
    root = Path(__file__).parent.parent
    for file in sorted(root.rglob("*.py")):
        stat = file.stat()
        yield f"{file.relative_to(root)} {stat.st_size} {stat.st_mtime_ns}"
    for file in sorted((rules_folder() / "wordlists").iterdir()):  # a pack may do without lists of its own
        stat = file.stat()
        yield f"{file.name} {stat.st_size} {stat.st_mtime_ns}"


def _rules(folders: list[Path]) -> Iterator[str | bytes]:
    """Give everything of the rule folders that a rulebook depends on: names as they will be shown, and contents."""
    for layer in layers_of(folders):
        yield shown(layer)
        for name in names_in(layer):
            yield name
            if is_yaml(name):
                yield (layer / name).read_bytes()


def _read(place: Path) -> Rulebook | None:
    """Read a kept rulebook, None where it is not whole or not the user's own."""
    try:
        if hasattr(os, "getuid") and place.stat().st_uid != os.getuid():
            return None
        content = place.read_bytes()
    except OSError:
        return None
    digest, body = content[:DIGEST], content[DIGEST:]
    if hashlib.sha256(body).digest() != digest:
        return None
    found = pickle.loads(body)  # noqa: S301 - the user's own file, whole, written by this very program
    return found if isinstance(found, Rulebook) else None


def _write(place: Path, rulebook: Rulebook) -> None:
    """Keep a rulebook: all of it or nothing, and not too many.

    Raises:
        OSError: it cannot be written.
    """
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    body = pickle.dumps(rulebook, pickle.HIGHEST_PROTOCOL)
    with tempfile.NamedTemporaryFile(dir=place.parent, delete=False) as file:
        try:
            file.write(hashlib.sha256(body).digest() + body)
            file.close()
            Path(file.name).replace(place)
        except OSError:
            Path(file.name).unlink(missing_ok=True)
            raise
    for old in sorted(place.parent.glob("*.rulebook"), key=lambda kept: kept.stat().st_mtime)[:-MOST]:
        old.unlink(missing_ok=True)
