"""Word lists: each under its name, and each of its levels under “name.level”."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from fpcheck.rulebook import ir
from fpcheck.rulebook.agreement import Note
from fpcheck.rulebook.pack import File
from fpcheck.rulebook.rule import WordList
from fpcheck.value import normal

Path = tuple[int | str, ...]


class Fault(NamedTuple):
    """A fault of one list: where in it, what, and what to do."""

    path: Path
    message: str
    hint: str


def read_wordlists(files: Iterable[tuple[File, WordList]], note: Note) -> dict[str, ir.Words]:
    """Read the lists; what could never be found, or is said twice, is noted as a fault."""
    found = {}
    layers: dict[str, File] = {}
    for file, built in files:
        first = layers.get(built.name)
        if first and first.layer == file.layer:
            note(file, ("名称",), f"词表“{built.name}”已经写在 {first.source}", "请合成一个，或另起一个名字")
        layers[built.name] = file
        for fault in _faults(built):
            note(file, *fault)
        whole, exceptions = plain_words(built.words), plain_words(built.exceptions)
        found[built.name] = ir.Words(built.name, whole, exceptions)
        for level, words in built.levels.items():
            name = f"{built.name}.{level}"
            found[name] = ir.Words(name, plain_words(words), exceptions)
    return found


def _faults(built: WordList) -> Iterator[Fault]:
    lists: list[tuple[Path, tuple[str, ...]]] = [(("词",), built.words), (("除外",), built.exceptions)]
    lists += [(("分级", level), words) for level, words in built.levels.items()]
    for path, words in lists:
        yield from _repeated(path, words)
    whole = {*plain_words(built.words)}
    graded: dict[str, str] = {}
    for level, words in built.levels.items():
        for word in sorted({*plain_words(words)} - whole):
            yield Fault(("分级", level), f"“{word}”不在“词”里", "请先写进“词”，再分级")
        for word in dict.fromkeys(plain_words(words)):
            if word in graded:
                yield Fault(("分级", level), f"“{word}”已经分在“{graded[word]}”", "一个词只分一级，请只留一处")
            graded.setdefault(word, level)
    for number, word in enumerate(built.exceptions):
        if normal(word) in whole:
            hint = "请只留一处；除外写含有这个词的更长的说法"
            yield Fault(("除外", number), f"“{word}”也在“词”里，这个词就一次也不会算", hint)


def _repeated(path: Path, words: tuple[str, ...]) -> Iterator[Fault]:
    """Tell blank words, blanks around words, and words said twice, also where they only look different."""
    seen: dict[str, str] = {}
    for number, word in enumerate(words):
        at, plain = (*path, number), normal(word)
        if not plain:
            yield Fault(at, "这个词是空的", "请写上词，或删去这一项")
        elif plain in seen:
            same = "" if seen[plain] == word else f"（就是“{seen[plain]}”，全角半角、前后空格不算不同）"
            yield Fault(at, f"“{word}”写了两次{same}", "请只留一个")
        elif word != word.strip():
            yield Fault(at, f"“{word}”前后有空格", f"请写成 {word.strip()}；找词时前后的空格不算")
        seen.setdefault(plain, word)


def idle_exceptions(built: WordList) -> Iterator[Fault]:
    """Tell an exception that changes nothing, as there is no word inside it."""
    whole = plain_words(built.words)
    for number, word in enumerate(built.exceptions):
        if not any(one in normal(word) for one in whole):
            hint = "除外要写含有上面某个词的说法；请核对，或删去"
            yield Fault(("除外", number), f"“{word}”里没有这张表的词，除外不起作用", hint)


def plain_words(words: Iterable[str]) -> tuple[str, ...]:
    """Bring words to the form in which texts are matched."""
    return tuple(filter(None, map(normal, words)))
