"""Word lists: each under its name, and each of its levels under “name.level”."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from fpcheck.rulebook import ir
from fpcheck.rulebook.agreement import Note
from fpcheck.rulebook.pack import File
from fpcheck.rulebook.pattern import BadPattern, check_pattern, normal_pattern
from fpcheck.rulebook.rule import WordList
from fpcheck.value import normal
from fpcheck.wording import hits

Path = tuple[int | str, ...]


class Fault(NamedTuple):
    """A fault of one list: where in it, what, and what to do."""

    path: Path
    message: str
    hint: str


def read_wordlists(files: Iterable[tuple[File, WordList]], note: Note) -> dict[str, ir.Words]:
    """Read the lists, the lowest layer first; what could never be found, or is said twice, is noted as a fault."""
    given = list(files)
    layers: dict[str, File] = {}
    for file, built in given:
        first = layers.get(built.name)
        if first and first.layer == file.layer:
            note(file, ("名称",), f"词表“{built.name}”已经写在 {first.source}", "请合成一个，或另起一个名字")
        elif built.adds == "是" and first is None:
            note(file, ("补充",), f"下面一层没有词表“{built.name}”可以补充", "请核对名称，或删去“补充”")
        layers[built.name] = file
    found: dict[str, ir.Words] = {}
    for number, (file, built) in enumerate(given):
        whole = merged(one for _, one in given[: number + 1] if one.name == built.name)
        for fault in _faults(built, whole):
            note(file, *fault)
        every = (*whole.words, *whole.patterns)
        below = [name for name in found if name.startswith(f"{built.name}.")]
        levels = dict.fromkeys(below, every)  # of a list without a level that the one below has, the whole counts
        levels |= {f"{built.name}.{level}": entries for level, entries in whole.levels.items()}
        found |= {name: _words(name, whole, entries) for name, entries in {built.name: every, **levels}.items()}
    return found


def merged(lists: Iterable[WordList]) -> WordList:
    """Lay lists of one name over each other, the lowest first: one that adds to the others, or takes their place."""
    found, *above = lists
    for upper in above:
        found = _added(found, upper) if upper.adds == "是" else upper
    return found


def _added(lower: WordList, upper: WordList) -> WordList:
    """Add a list to the one below; a word that the upper one grades leaves its level in the lower."""
    graded = {normal(word) for words in upper.levels.values() for word in words}
    levels = {
        level: tuple(word for word in lower.levels.get(level, ()) if normal(word) not in graded)
        + upper.levels.get(level, ())
        for level in (*lower.levels, *upper.levels)
    }
    texts = {
        key: tuple(dict.fromkeys((*getattr(lower, key), *getattr(upper, key))))
        for key in ("words", "patterns", "exceptions")
    }
    return lower.model_copy(update={**texts, "levels": levels})


def _words(name: str, whole: WordList, entries: tuple[str, ...]) -> ir.Words:
    """Make a list of some entries of a whole one."""
    words = tuple(entry for entry in entries if entry not in whole.patterns)
    patterns = tuple(normal_pattern(entry) for entry in entries if entry in whole.patterns)
    return ir.Words(name, plain_words(words), plain_words(whole.exceptions), patterns)


def _faults(built: WordList, whole: WordList) -> Iterator[Fault]:
    """Tell the faults of a list; `whole` is what it makes together with those that it adds to."""
    lists: list[tuple[Path, tuple[str, ...]]] = [(("词",), built.words), (("除外",), built.exceptions)]
    lists += [(("匹配",), built.patterns)]
    lists += [(("分级", level), words) for level, words in built.levels.items()]
    for path, words in lists:
        yield from _repeated(path, words)
    if not (built.words or built.patterns or built.adds == "是"):
        yield Fault((), "没有写“词”，也没有写“匹配”", "请至少写一个")
    for number, pattern in enumerate(built.patterns):
        try:
            check_pattern(pattern)
        except BadPattern as bad:
            yield Fault(("匹配", number), str(bad), bad.hint)
    yield from _level_faults(built, {*plain_words((*whole.words, *whole.patterns))})
    own = {*plain_words(built.words)}
    for number, word in enumerate(built.exceptions):
        if normal(word) in own:
            hint = "请只留一处；除外写含有这个词的更长的说法"
            yield Fault(("除外", number), f"“{word}”也在“词”里，这个词就一次也不会算", hint)


def _level_faults(built: WordList, known: set[str]) -> Iterator[Fault]:
    graded: dict[str, str] = {}
    for level, words in built.levels.items():
        for word in sorted({*plain_words(words)} - known):
            yield Fault(("分级", level), f"“{word}”不在“词”里", "请先写进“词”，再分级")
        for word in dict.fromkeys(plain_words(words)):
            if word in graded:
                yield Fault(("分级", level), f"“{word}”已经分在“{graded[word]}”", "一个词只分一级，请只留一处")
            graded.setdefault(word, level)


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


def idle_exceptions(built: WordList, whole: ir.Words) -> Iterator[Fault]:
    """Tell an exception that changes nothing, as nothing of the whole list is inside it."""
    bare = replace(whole, exceptions=())
    for number, word in enumerate(built.exceptions):
        if not hits(normal(word), bare):
            hint = "除外要写含有上面某个词的说法；请核对，或删去"
            yield Fault(("除外", number), f"“{word}”里没有这张表的词，除外不起作用", hint)


def plain_words(words: Iterable[str]) -> tuple[str, ...]:
    """Bring words to the form in which texts are matched."""
    return tuple(filter(None, map(normal, words)))
