"""What a sound pack may still have forgotten: remarks that keep nothing from running."""

from collections.abc import Iterable, Iterator, Mapping

from fpcheck.problem import Problem
from fpcheck.rulebook import ir
from fpcheck.rulebook.compiled import CompiledRule
from fpcheck.rulebook.doubts import doubts
from fpcheck.rulebook.names import Register
from fpcheck.rulebook.odd_types import odd_types
from fpcheck.rulebook.pack import File, Pack
from fpcheck.rulebook.rule import WordList
from fpcheck.rulebook.unused import unused
from fpcheck.rulebook.words import idle_exceptions
from fpcheck.schema import place_of
from fpcheck.terms import Glossary


def hints_of(
    pack: Pack,
    wordlists: Iterable[tuple[File, WordList]],
    words: Mapping[str, ir.Words],
    rules: Iterable[tuple[CompiledRule, File]],
    register: Register,
    glossary: Glossary,
) -> Iterator[Problem]:
    """Give the remarks on a user's own files, on the shipped ones only where they are all there is.

    `words` are the word lists as rules read them. With rules left out nobody can tell what is used.
    """
    height = 1 if any(file.layer for file in pack.files) else 0
    for file, built in wordlists:
        for path, message, hint in idle_exceptions(built, words[built.name]) if file.layer >= height else ():
            yield Problem(file.source, message, hint, place_of(file.node, path), remark=True)
    yield from doubts(((rule, file) for rule, file in rules if file.layer >= height), glossary)
    if not pack.skipped:
        mine = [file for file in pack.files if file.layer >= height]
        yield from unused(mine, register)
        yield from odd_types([*pack.of("rule")], [file for file in mine if file.kind == "rule"], glossary.types)
