"""What a pack defines and nothing uses: mostly a name misspelt where it was meant to be used."""

from collections.abc import Iterable, Iterator

from fpcheck.document import Mapping, Scalar
from fpcheck.problem import Place, Problem
from fpcheck.rulebook.names import ADVICE, MEASURE, PARAMETER, SOURCE, WORDS, Register
from fpcheck.rulebook.pack import File
from fpcheck.schema import node_at
from fpcheck.terms import SUMMARY

_KINDS = {"parameters": PARAMETER, "sources": SOURCE, "recommendations": ADVICE}
_SAID = {
    PARAMETER: ("参数“{}”没有一条规则用到", "规则里写成 参数.{}；用不着的请删去"),
    SOURCE: ("来源“{}”没有一处引用", "请写进规则的“依据”；用不着的请删去"),
    ADVICE: ("建议“{}”没有一条规则用到", "请写进规则的“建议”；用不着的请删去"),
    MEASURE: ("度量“{}”没有一处用到", "请核对规则里的写法；用不着的请删去"),
    WORDS: ("词表“{}”没有一条规则用到", "规则里写成 词表.{}；用不着的请删去"),
}


def unused(files: Iterable[File], register: Register) -> Iterator[Problem]:
    """Give a remark for each name that is defined in these files and used nowhere; shown figures count as used."""
    for file in files:
        for kind, name, key in _defined(file):
            if (kind, name) not in register.used:
                message, hint = _SAID[kind]
                shown = name.partition(".")[2] if kind == MEASURE else name
                where = Place(line=key.line, column=key.column)
                yield Problem(file.source, message.format(shown), hint.format(shown), where, remark=True)


def _defined(file: File) -> Iterator[tuple[str, str, Scalar]]:
    """Give each name that a file defines: its kind, how it is registered, where it stands."""
    if not isinstance(file.node, Mapping):
        return
    if file.kind in _KINDS:
        yield from ((_KINDS[file.kind], name, key) for name, key in file.node.keys.items())
    elif file.kind == "measures":
        for table, group in file.node.entries.items():
            if table != SUMMARY and isinstance(group, Mapping):
                yield from ((MEASURE, f"{table}.{name}", key) for name, key in group.keys.items())
    elif file.kind == "wordlists" and isinstance(named := node_at(file.node, ("名称",)), Scalar):
        yield WORDS, named.text or "", named
