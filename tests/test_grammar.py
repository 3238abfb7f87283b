"""The parser's stored tables: they belong to the grammar, and say what the grammar itself says."""

import json

import lark
import pytest
from lark import UnexpectedInput

from fpcheck.rulebook import grammar
from fpcheck.rulebook.load import load_rulebook
from fpcheck.rulebook.template import pieces

STORED = json.loads(grammar.TABLES.read_text(encoding="utf-8"))


def expressions():
    for rule in load_rulebook().rules:
        head = rule.rule
        yield from (*head.applies, *head.conditions, *head.unless)
        yield from filter(None, (head.expected, head.difference, head.subject))
        yield from (piece for text in (head.message, head.fix) for _, piece, is_slot in pieces(text) if is_slot)


def outcome(parser, text):
    """The tree; for a text that is none, what was met and what would have been taken there."""
    try:
        return parser.parse(text)
    except UnexpectedInput as error:
        wanted = getattr(error, "expected", None) or getattr(error, "allowed", None)
        return type(error), error.pos_in_stream, str(getattr(error, "token", "")), frozenset(wanted)


def test_the_stored_tables_belong_to_the_grammar():
    assert STORED["mark"]["grammar"] == grammar.mark()["grammar"], "run python -m fpcheck.rulebook.grammar"


@pytest.mark.skipif(STORED["mark"]["lark"] != lark.__version__, reason="another Lark works its tables out anew")
def test_the_stored_tables_say_what_the_grammar_says():
    texts = sorted(set(expressions()))
    broken = [text[:end] + extra for text in texts for end in range(0, len(text), 7) for extra in ("", ")", " = ")]
    assert len(texts) > 100
    stored, anew = grammar.parser(), grammar.worked_out()
    for text in (*texts, *broken):
        assert outcome(stored, text) == outcome(anew, text), text


def test_tables_of_another_grammar_are_not_used(monkeypatch):
    monkeypatch.setattr(grammar, "GRAMMAR", 'start: "一" "加" "一"')
    assert grammar.parser().parse("一加一").data == "start"


def test_tables_of_another_lark_are_not_used(monkeypatch):
    monkeypatch.setattr(grammar, "mark", lambda: {"lark": "0", "grammar": ""})
    monkeypatch.setattr(grammar, "worked_out", lambda builder: "worked out")
    assert grammar.parser() == "worked out"
