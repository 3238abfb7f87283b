"""Word lists: each under its name, and each of its levels under “name.level”."""

from collections.abc import Callable, Iterable

from fpcheck.rulebook import ir
from fpcheck.rulebook.pack import File
from fpcheck.rulebook.rule import WordList
from fpcheck.value import normal


def read_wordlists(
    files: Iterable[tuple[File, WordList]], note: Callable[[File, tuple[int | str, ...], str, str], None]
) -> dict[str, ir.Words]:
    """Read the lists; a word of a level that is not in the list itself is noted as a fault."""
    found = {}
    for file, built in files:
        whole, exceptions = plain_words(built.words), plain_words(built.exceptions)
        found[built.name] = ir.Words(built.name, whole, exceptions)
        for level, words in built.levels.items():
            name = f"{built.name}.{level}"
            found[name] = ir.Words(name, plain_words(words), exceptions)
            for word in sorted({*found[name].words} - {*whole}):
                note(file, ("分级", level), f"“{word}”不在“词”里", "请先写进“词”，再分级")
    return found


def plain_words(words: Iterable[str]) -> tuple[str, ...]:
    """Bring words to the form in which texts are matched."""
    return tuple(filter(None, map(normal, words)))
