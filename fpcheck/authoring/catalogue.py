"""The catalogue of a rule pack in Markdown: a line for every rule, threshold and word list, and what is no rule yet."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from fpcheck.document import Mapping
from fpcheck.engine.threshold import threshold
from fpcheck.problem import printable
from fpcheck.rulebook import ir
from fpcheck.rulebook.choices import CATEGORIES
from fpcheck.rulebook.compiled import CompiledRule, Rulebook
from fpcheck.rulebook.pack import is_yaml, layers_of, names_in, open_pack, shown
from fpcheck.rulebook.rule import ParameterDefinition, Unwritten, Withdrawn, WordList
from fpcheck.rulebook.words import merged, plain_words
from fpcheck.schema import build
from fpcheck.terms import NATION, rules_folder
from fpcheck.wording import JUDGING_LISTS

SOME = 8  # words of a list that are told
NONE = "—"
JUDGED = "可衡量"  # the built-in column that some lists decide
RULES = ("编号", "名称", "类型", "结果", "级别", "把握", "对象", "地区和生效", "依据", "界限")
THRESHOLDS = ("名称", "含义", "取值", "出处", "用到它的规则")
WORDS = ("名称", "含义", "词", "除外", "出处", "用到它的规则")
WITHDRAWN = ("编号", "名称", "说明")
GAPS = ("毛病", "类别", "缺的内容", "要从哪里来", "眼下请人核对", "说明")


class Spot(NamedTuple):
    """Where a file of a pack stands: its layer, 0 for the lowest, and its name in the layer's folder."""

    height: int
    name: str

    @property
    def folder(self) -> str:
        """The folder below the layer's own, empty for none."""
        return self.name.rpartition("/")[0]


class Catalogue:
    """A rulebook with the files that it was read from."""

    def __init__(self, rulebook: Rulebook, folders: Iterable[Path] = (), without: Iterable[str] = ()) -> None:
        self.rulebook = rulebook
        given = list(folders)
        self.layers = layers_of(given)
        self.pack = open_pack(given, frozenset(without))
        self.spots = {
            printable(shown(layer) + name): Spot(height, name)
            for height, layer in enumerate(self.layers)
            for name in filter(is_yaml, names_in(layer))
        }

    def text(self) -> str:
        """Give the whole."""
        parts = (self._head(), self._rules(), self._thresholds(), self._words(), self._gaps(), self._withdrawn())
        return "\n".join(line for part in parts for line in part).strip()

    def _head(self) -> Iterator[str]:
        roles = Counter(rule.rule.role for rule in self.rulebook.rules)
        counts = "、".join(f"{role} {count} 条" for role, count in roles.most_common())
        yield "# 规则目录\n"
        yield "由 `fpcheck rules list --format markdown` 生成，不要手改；规则改了，再生成一次。\n"
        yield f"共 {roles.total()} 条规则：{counts}。一条规则的全文点编号看，或用 `fpcheck rules show 编号`。\n"

    def _rules(self) -> Iterator[str]:
        groups: dict[tuple[int, str], list[CompiledRule]] = {}
        for _, rule in sorted(self.rulebook.by_id.items()):
            spot = self.spots[rule.file]
            groups.setdefault((spot.height, spot.folder), []).append(rule)
        yield "## 规则\n"
        for (height, folder), rules in sorted(groups.items(), key=lambda group: (group[0][0], group[1][0].rule.id)):
            layer = [self._layer(height)] if height else []
            where = " · ".join([*layer, *([f"{folder}/"] if folder else [])])
            heading = "：".join(filter(None, (where, _about(rules))))
            yield f"### {escaped(heading)}（{len(rules)} 条）\n"
            yield from table(RULES, (self._rule(rule) for rule in rules))

    def _rule(self, rule: CompiledRule) -> Iterator[str]:
        head, fault = rule.rule, rule.rule.role == "问题"
        yield self._linked(head.id, self.spots[rule.file])
        yield from map(escaped, (head.name, head.type, head.role))
        yield from (head.severity, head.confidence) if fault else (NONE, NONE)
        until = f"至 {head.effective_until}" if head.effective_until else ""
        yield escaped(head.table)
        yield escaped("，".join([head.region, f"{head.effective_from} 起{until}", *self._stead(rule)]))
        yield escaped("；".join(f"{basis.number or basis.id}：{basis.article}" for basis in rule.basis))
        yield escaped("；".join(self._in_force(name, head.region) for name in sorted(rule.parameters)))

    def _stead(self, rule: CompiledRule) -> Iterator[str]:
        """Say which rules a rule takes the place of, and which take its own."""
        head = rule.rule
        if head.replaces:
            yield f"代替 {head.replaces}"
        if any(one.id == head.id for one in self.rulebook.replaced):
            yield "代替下一层的同号规则"
        for number, other in sorted(self.rulebook.by_id.items()):
            if other.rule.replaces == head.id:
                yield f"在{other.rule.region}由 {number} 代替"

    def _in_force(self, name: str, region: str) -> str:
        where = self.rulebook.glossary.find_region(region) or NATION
        found = self.rulebook.parameters.find(name, where, None, date.max)
        return f"{name} {threshold(name, found, self.rulebook, '元').value.text if found else '各地另定'}"

    def _thresholds(self) -> Iterator[str]:
        yield "## 界限\n"
        yield "规则里写成 `参数.名称`。几个地方、几个日期各有一个值的，近一级的地区、新的日期优先。\n"
        found = self._entries("parameters", ParameterDefinition)
        meanings = {name: parameter.meaning for _, name, parameter in found if parameter.meaning}
        yield from table(THRESHOLDS, (self._threshold(*entry) for entry in sorted(meanings.items())))

    def _threshold(self, name: str, meaning: str) -> Iterator[str]:
        values = self.rulebook.parameters.values[name]
        told = [threshold(name, value, self.rulebook, "元") for value in values]
        yield from map(escaped, (name, meaning, "；".join(f"{one.value.text}（{one.origin}）" for one in told)))
        yield escaped("、".join(dict.fromkeys(self._layer(value.layer) for value in values)))
        yield self._numbers(rule for rule in self.rulebook.rules if name in rule.parameters)

    def _words(self) -> Iterator[str]:
        yield "## 词表\n"
        yield "规则里写成 `词表.名称`。\n"
        found: dict[str, list[tuple[WordList, str]]] = {}
        for file in self.pack.of("wordlists"):
            words = build(WordList, file.node, file.source)
            found.setdefault(words.name, []).append((words, file.source))
        lists = ((merged(one for one, _ in given), given[-1][1]) for _, given in sorted(found.items()))
        yield from table(WORDS, (self._list(words, self.spots[file]) for words, file in lists))

    def _list(self, words: WordList, spot: Spot) -> Iterator[str]:
        more = f" 等 {len(words.words)} 个" if len(words.words) > SOME else ""
        patterns = f"{len(words.patterns)} 个“匹配”" if words.patterns else ""
        yield self._linked(words.name, spot)
        yield escaped(words.meaning)
        yield escaped("；".join(filter(None, ("、".join(words.words[:SOME]) + more, patterns))))
        yield escaped("、".join(words.exceptions[:SOME]) + (" 等" if len(words.exceptions) > SOME else ""))
        yield escaped(self._layer(spot.height))
        column = [JUDGED] if words.name in JUDGING_LISTS else []
        yield self._numbers((rule for rule in self.rulebook.rules if _reads(rule, words)), column)

    def _gaps(self) -> Iterator[str]:
        gaps = {name: gap for _, name, gap in self._entries("gaps", Unwritten)}
        if not gaps:
            return
        yield "## 没有做成规则的\n"
        yield "有了数就能由程序判断，而现在各种表都没有那一栏的毛病。表上有了这一栏，就可以写成规则（`gaps.yaml`）。\n"
        ordered = sorted(gaps.items(), key=lambda entry: CATEGORIES.index(entry[1].category))
        yield from table(GAPS, (_gap(name, gap) for name, gap in ordered))

    def _withdrawn(self) -> Iterator[str]:
        gone = {number: rule for _, number, rule in self._entries("withdrawn", Withdrawn)}
        if not gone:
            return
        yield "## 废止的编号\n"
        yield "不再使用，旧报告里的编号因此不会说成另一回事（`withdrawn.yaml`）。\n"
        yield from table(WITHDRAWN, (map(escaped, (n, rule.name, rule.note)) for n, rule in sorted(gone.items())))

    def _entries(self, kind: str, model: Any) -> Iterator[tuple[str, str, Any]]:  # noqa: ANN401 - of the caller's choice
        """Give the entries of the files of a kind: file, name, entry."""
        for file in self.pack.of(kind):
            for name, node in file.node.entries.items() if isinstance(file.node, Mapping) else ():
                yield file.source, name, build(model, node, file.source)

    def _layer(self, height: int) -> str:
        folder = self.layers[height].resolve()
        return "随附" if folder == rules_folder().resolve() else folder.name

    def _linked(self, text: str, spot: Spot) -> str:
        """Link to a file of the uppermost layer, in whose folder the catalogue is meant to stand."""
        top = spot.height == len(self.layers) - 1
        return f"[{escaped(text)}](<{escaped(spot.name)}>)" if top else escaped(text)

    def _numbers(self, rules: Iterable[CompiledRule], columns: Iterable[str] = ()) -> str:
        return "、".join((*columns, *sorted(rule.rule.id for rule in rules))) or NONE


def _gap(name: str, gap: Unwritten) -> Iterator[str]:
    yield from map(escaped, (name, gap.category, "、".join(gap.lacking), gap.origin, gap.asked or "", gap.note))


def _about(rules: Iterable[CompiledRule]) -> str:
    """Say what rules have in common: their role where it is not to find faults, else the categories."""
    heads = [rule.rule for rule in rules]
    roles = {head.role for head in heads}
    if len(roles) == 1 and "问题" not in roles:
        return heads[0].role
    return "、".join(sorted({head.category for head in heads}, key=CATEGORIES.index))


def _reads(rule: CompiledRule, words: WordList) -> bool:
    """Tell a rule that looks for words of a list, of one of its levels, or for a text equal to one of them (属于)."""
    slots = [slot.expr for template in (rule.message, rule.fix) for slot in template.slots()]
    exprs = (*(clause.typed for clause in rule.clauses), *slots)
    plain = plain_words(words.words)
    return any(
        (isinstance(node, ir.Words) and node.name.partition(".")[0] == words.name)
        or (isinstance(node, ir.Member) and tuple(getattr(one, "value", None) for one in node.options) == plain)
        for expr in exprs
        for node in ir.walk(expr)
    )


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """Write a table of cells that are Markdown already."""
    names = list(heads)
    yield from (f"| {' | '.join(cells)} |" for cells in (names, ["---"] * len(names), *map(list, rows)))
    yield ""


def escaped(text: str) -> str:
    """Write plain text as a cell of one line, a dash for none."""
    return re.sub(r"([\\`*_\[\]<>|~$&])", r"\\\1", " ".join(text.split())) or NONE
