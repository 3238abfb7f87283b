"""The grammar of expressions, and its parser from tables that were worked out beforehand.

Lark needs longer to work the tables out than to read every expression of the pack. So they stand in `TABLES`, marked
with the grammar and the version of Lark that they belong to; where either is another, they are worked out anew.
After a change of the grammar, `python -m fpcheck.rulebook.grammar` writes the file again.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

import lark
from lark.grammar import Rule
from lark.lexer import TerminalDef

GRAMMAR = r"""
?start: either
?either: both (_OR both)*                       -> either
?both: negated (_AND negated)*                  -> both
?negated: _NOT negated                          -> negate
    | test
?test: sum
    | sum COMPARE sum                           -> compare
    | sum BLANK                                 -> blank
    | sum CONTAINS sum                          -> contains
    | sum MATCH TEXT                            -> match
    | sum MEMBER sum                            -> member
    | sum _BETWEEN sum _WITH sum                -> between
?sum: product
    | sum ADD product                           -> arith
?product: signed
    | product MUL signed                        -> arith
?signed: MINUS signed                           -> minus
    | atom
?atom: _LEFT either _RIGHT
    | NAME                                      -> name
    | called
    | NUMBER                                    -> number
    | PERCENT                                   -> percent
    | MONEY                                     -> money
    | DATE                                      -> day
    | TEXT                                      -> text
    | TRUTH                                     -> truth
    | _OPEN [either (_COMMA either)*] _CLOSE    -> choices
!called: NAME _LEFT [either (_COMMA either)*] _RIGHT

_OR.9: /或(?!\w)/
_AND.9: /且(?!\w)/
_NOT.9: /非(?![\w])/
BLANK.9: /(为空|不为空)(?!\w)/
CONTAINS.9: /(含有|不含)(?!\w)/
MATCH.9: /匹配(?!\w)/
MEMBER.9: /(属于|不属于)(?!\w)/
_BETWEEN.9: /介于(?!\w)/
_WITH.9: /与(?!\w)/
TRUTH.9: /[是否](?!\w)/
COMPARE: "<=" | ">=" | "!=" | "<" | ">" | "=" | "≤" | "≥" | "≠" | "＜" | "＞" | "＝"
ADD: "+" | "-" | "＋" | "－"
MINUS.0: "-" | "－"
MUL: "*" | "/" | "×" | "÷" | "＊" | "／"
_LEFT: "(" | "（"
_RIGHT: ")" | "）"
_OPEN: "[" | "［"
_CLOSE: "]" | "］"
_COMMA: "," | "，" | "、"
DATE.8: /[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?![0-9])/ | /[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日/
MONEY.7: /[0-9]{1,15}(\.[0-9]{1,6})?[ ]*(万元|亿元|千元|元)(?!\w)/
PERCENT.7: /[0-9]{1,15}(\.[0-9]{1,9})?[ ]*[%％‰]/
NUMBER.6: /[0-9]{1,15}(\.[0-9]{1,9})?(?![\w.])/
TEXT: /"[^"\n]*"/ | /“[^”\n]*”/ | /‘[^’\n]*’/ | /'[^'\n]*'/
NAME.1: /[^\W\d]\w*(\.[^\W\d]\w*)*/
%ignore /[ \t\u3000\u00a0]+/
"""

TABLES = Path(__file__).with_name("grammar.json")
Builder = lark.Transformer[lark.Token, Any]


def mark() -> dict[str, str]:
    """Give what tables belong to: the version of Lark, and the grammar's digest."""
    return {"lark": lark.__version__, "grammar": hashlib.sha256(GRAMMAR.encode()).hexdigest()}


def parser(builder: Builder | None = None) -> lark.Lark:
    """Give the parser, which makes of an expression what `builder` makes of its parts."""
    stored = json.loads(TABLES.read_bytes(), object_hook=_numbered)
    if stored["mark"] != mark():
        return worked_out(builder)
    load = lark.Lark._load_from_dict  # noqa: SLF001 - the way in which Lark's own generated parsers are loaded
    return load(stored["tables"], stored["names"], transformer=builder)  # type: ignore[no-untyped-call,no-any-return]


def worked_out(builder: Builder | None = None) -> lark.Lark:
    """Give the parser from the grammar itself."""
    return lark.Lark(GRAMMAR, parser="lalr", lexer="contextual", maybe_placeholders=False, transformer=builder)


def _numbered(item: dict[str, Any]) -> dict[str | int, Any]:
    """JSON has no numbers as keys, the tables do."""
    return {int(key) if key.isdigit() else key: value for key, value in item.items()}


def main() -> None:
    """Write the tables."""
    tables, names = worked_out().memo_serialize([TerminalDef, Rule])
    stored = {"mark": mark(), "tables": tables, "names": names}
    TABLES.write_text(json.dumps(stored, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
