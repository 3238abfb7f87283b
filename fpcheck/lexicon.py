"""The closed lists of words that the quantity parser knows: units, classifiers, comparing words, fixed phrases.

They are data, in `lexicon.txt` beside this file. It is plain text and not YAML because every start of the tool reads
it: splitting it takes a fraction of a millisecond.
"""

import re
from pathlib import Path


def _read() -> dict[str, tuple[str, ...]]:
    lists: dict[str, list[str]] = {}
    name = ""
    for line in Path(__file__).with_name("lexicon.txt").read_text(encoding="utf-8").splitlines():
        text = line.partition("#")[0].strip()
        if text.startswith("["):
            name = text.strip("[]")
        else:
            lists.setdefault(name, []).extend(text.split())
    return {name: tuple(words) for name, words in lists.items()}


_LISTS = _read()


def words(name: str) -> tuple[str, ...]:
    """The words of one list."""
    return _LISTS[name]


def any_of(name: str) -> str:
    """A pattern that matches any word of one list, the longest first; the words are plain text."""
    return "|".join(map(re.escape, sorted(_LISTS[name], key=len, reverse=True)))


def pairs(name: str) -> dict[str, str]:
    """The words of a list that is written "word=what"."""
    return dict(word.split("=", 1) for word in _LISTS[name])
