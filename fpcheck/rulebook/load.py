"""A folder of YAML → a checked rulebook. Every fault of every file comes out of one run; nothing is skipped."""

from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from fpcheck.document import Mapping, Scalar, Unreadable
from fpcheck.intake.printed.blank import read_blanks
from fpcheck.intake.printed.layouts import read_layouts
from fpcheck.problem import Place, Problem
from fpcheck.rulebook import ir
from fpcheck.rulebook.added_terms import glossary_in
from fpcheck.rulebook.agreement import Agreement, example_faults
from fpcheck.rulebook.calls import virtual_table
from fpcheck.rulebook.compile import RuleCompiler, Shelf, typed
from fpcheck.rulebook.compiled import (
    CompiledRule,
    LeftOut,
    Parameters,
    PolicyStep,
    Replaced,
    Rulebook,
    Scorecard,
    SummaryMeasure,
)
from fpcheck.rulebook.fault import RulebookFault
from fpcheck.rulebook.framework import ScorecardDefinition
from fpcheck.rulebook.hints import hints_of
from fpcheck.rulebook.mend import mended
from fpcheck.rulebook.names import ADVICE, MEASURE, PARAMETER, RULE, SOURCE, WORDS, Names, Register
from fpcheck.rulebook.ordering import conclusions_in_order, matching
from fpcheck.rulebook.pack import File, Pack, open_pack
from fpcheck.rulebook.rule import (
    Advice,
    MeasureDefinition,
    ParameterDefinition,
    Policy,
    Rule,
    Source,
    Unwritten,
    Withdrawn,
    WordList,
)
from fpcheck.rulebook.scorecard import ScorecardReader
from fpcheck.rulebook.shelf import Given, MeasureShelf, read_parameters
from fpcheck.rulebook.words import Path as Path_
from fpcheck.rulebook.words import read_wordlists
from fpcheck.schema import build, node_at, place_of
from fpcheck.terms import SUMMARY, Glossary, Table, Type
from fpcheck.wording import JUDGING_LISTS, wording_of
from fpcheck.wordlists import shipped_lists

_NAMED = {
    "parameters": PARAMETER,
    "wordlists": WORDS,
    "measures": MEASURE,
    "sources": SOURCE,
    "recommendations": ADVICE,
    "rule": RULE,
}
DECISION_COLUMNS = {"出错数": Type.COUNT, "无法判断数": Type.COUNT, "未读出数": Type.COUNT}


def load_rulebook(folders: Iterable[Path | str] | Path | str = (), without: Iterable[str] = ()) -> Rulebook:
    """Load the shipped rules and the user's own.

    Args:
        folders: one folder or several; see `open_pack`.
        without: rules left out, by number or by file name.

    Raises:
        RulebookFault: anything about any file is faulty.
    """
    given = [folders] if isinstance(folders, Path | str) else folders
    skipped = frozenset(without)
    try:
        pack = open_pack([Path(folder) for folder in given], skipped)
        glossary = glossary_in(pack)
    except Unreadable as unreadable:
        raise RulebookFault(unreadable.problems) from None
    return _Loader(pack, glossary, skipped).rulebook()


class _Loader:
    """Loads one pack, collecting faults."""

    def __init__(self, pack: Pack, glossary: Glossary, without: frozenset[str]) -> None:
        self.pack = pack
        self.glossary = glossary
        self.without = without
        self.problems: list[Problem] = list(pack.problems)
        self.broken: list[File] = []
        self.replaced: list[Replaced] = []
        self.register = Register(
            files={_NAMED[one.kind] for one in pack.unread if one.kind in _NAMED and not one.number},
            entries={(RULE, one.number) for one in pack.unread if one.number},
        )

    def rulebook(self) -> Rulebook:
        """Give the rulebook, or raise with every fault."""
        sources, advice = self._table("sources", Source, SOURCE), self._table("recommendations", Advice, ADVICE)
        shelf = Shelf(sources, advice, self.register)
        parameters = self._parameters(shelf)
        wordlists = list(self._wordlists())
        words = read_wordlists(wordlists, self._note)
        self.register.used |= {(WORDS, name) for name in JUDGING_LISTS}
        rules, left_out = self._rules()
        measures = MeasureShelf(self._measure_files(), self.glossary, self.problems)
        self._check_without(left_out)
        names = Names(
            glossary=self.glossary,
            parameters=parameters.types,
            wordlists=words,
            measure=measures.find,
            measures=measures.names,
            shared=measures.shared,
            register=self.register,
        )
        measures.use(names)
        metadata = [*(rule for rule, _ in rules.values()), *self._other_rules()]
        whole = [rule for pair in rules.values() if (rule := self._compile(*pair, names, shelf, metadata))]
        self._look_inside(names, shelf, metadata)
        self._agreement(whole, parameters, rules)
        ordered = tuple(conclusions_in_order(whole, self.problems))
        policy = self._policy(names, metadata)
        layouts = read_layouts(self.pack.nodes("templates"), self.glossary, self.problems)
        blanks = read_blanks(self.pack.nodes("blanks"), self.glossary, self.problems)
        scorecard = self._scorecard(ScorecardReader(names, measures, parameters, metadata), shelf)
        if self.problems:
            files = (self.pack.sources(rules=held) for held in (True, False))
            raise RulebookFault([*self.problems, *self._passed_over()], *files)
        filed = [(rule, rules[rule.rule.id][1]) for rule in ordered]
        return Rulebook(
            glossary=self.glossary,
            rules=ordered,
            parameters=parameters,
            measures=tuple(SummaryMeasure(*one) for one in measures.listed(SUMMARY)),
            policy=policy,
            digest=self.pack.digest,
            wording=wording_of(words, *([] if self.pack.adds_to_shipped else [shipped_lists()])),
            left_out=tuple(left_out),
            by_id={rule.rule.id: rule for rule in ordered},
            replaced=tuple(self.replaced),
            scorecard=scorecard,
            layouts=layouts,
            blanks=blanks,
            hints=tuple(hints_of(self.pack, wordlists, words, filed, self.register, self.glossary)),
        )

    def _built(self, model: type[Any], file: File, node: Any = None) -> Any:  # noqa: ANN401 - a model of the caller's choice
        try:
            return build(model, node or file.node, file.source)
        except Unreadable as unreadable:
            self.problems += unreadable.problems
            return None

    def _entries(self, kind: str, model: type[BaseModel], named: str = "") -> Iterator[tuple[File, str, Any]]:
        """Build the entries of the files of a kind; the name of a faulty one is registered as `named`."""
        for file in self.pack.of(kind):
            for name, node in file.node.entries.items() if isinstance(file.node, Mapping) else ():
                if name == "补充" and isinstance(node, Scalar):
                    self._note(file, (name,), "这个文件不用写“补充”", "请删去这一行；写的都会加进去，同名的代替原来的")
                elif built := self._built(model, file, node):
                    yield file, name, built
                else:
                    self.register.entries.add((named, name))

    def _table(self, kind: str, model: type[BaseModel], named: str) -> dict[str, Any]:
        return {name: built for _, name, built in self._entries(kind, model, named)}

    def _wordlists(self) -> Iterator[tuple[File, WordList]]:
        for file in self.pack.of("wordlists"):
            if built := self._built(WordList, file):
                yield file, built
            elif isinstance(name := node_at(file.node, ("名称",)), Scalar) and name.text:
                self.register.entries.add((WORDS, name.text))
            else:
                self.register.files.add(WORDS)

    def _parameters(self, shelf: Shelf) -> Parameters:
        merged: dict[str, list[Given]] = {}
        for file in self.pack.of("parameters"):
            for name, node in file.node.entries.items() if isinstance(file.node, Mapping) else ():
                built = self._built(ParameterDefinition, file, node)
                merged.setdefault(name, []).append(Given(file, node, built))
        return read_parameters(merged, self.glossary, shelf, self.problems)

    def _rules(self) -> tuple[dict[str, tuple[Rule, File]], list[LeftOut]]:
        rules: dict[str, tuple[Rule, File]] = {}
        left_out = [LeftOut(number, name) for number, name in self.pack.skipped]
        for file in self.pack.of("rule"):
            rule = self._built(Rule, file)
            if rule is None:
                self.broken.append(file)
                number = node_at(file.node, ("编号",))
                self.register.entries.add((RULE, (number.text if isinstance(number, Scalar) else None) or ""))
            elif rule.id in rules and rules[rule.id][1].layer == file.layer:
                first = rules[rule.id][1].source
                self._note(file, ("编号",), f"编号 {rule.id} 已经用在 {first}", "编号不能重复，也不再使用旧编号")
            else:
                self.replaced += [Replaced(rule.id, rules[rule.id][1].source, file.source)] if rule.id in rules else []
                rules[rule.id] = (rule, file)
        return rules, left_out

    def _other_rules(self) -> list[Rule]:
        """Give the rules left out, and the faulty ones, as far as they can be read: others may name them."""
        nodes = [*self.pack.skipped_nodes, *(file.node for file in self.broken)]
        return [rule for node in nodes if (rule := mended(node))]

    def _check_without(self, left_out: list[LeftOut]) -> None:
        found = {item.id for item in left_out} | self.pack.matched
        for name in sorted(self.without - found):
            self.problems.append(Problem("--without", f"没有“{name}”这条规则或文件", "请写规则编号或规则的文件名"))

    def _look_inside(self, names: Names, shelf: Shelf, metadata: list[Rule]) -> None:
        """Find the faults inside rules whose shape is faulty too, so that one run names them all."""
        for file in self.broken:
            if rule := mended(file.node):
                self._compile(rule, file, names, shelf, metadata)

    def _measure_files(self) -> list[tuple[File, str, str, MeasureDefinition, Any]]:
        found = []
        for file in self.pack.of("measures"):
            for table, group in file.node.entries.items() if isinstance(file.node, Mapping) else ():
                if not isinstance(group, Mapping):
                    hint = "请写成“度量名: {公式: …, 口径: …}”，一个一行"
                    self._note(file, (table,), f"“{table}”下面要写“名称: 内容”", hint)
                    self.register.files.add(MEASURE)
                    continue
                for name, node in group.entries.items():
                    if built := self._built(MeasureDefinition, file, node):
                        found.append((file, table, name, built, node))
                    else:
                        self.register.entries.add((MEASURE, f"{table}.{name}"))
        return found

    def _compile(self, rule: Rule, file: File, names: Names, shelf: Shelf, metadata: list[Rule]) -> CompiledRule | None:
        concluding = rule.role == "结论"
        allowed = names.with_rules(lambda expr: matching(expr, metadata, rule.id)) if concluding else names
        compiler = RuleCompiler(rule, file.node, file.source, allowed, shelf)
        compiled = compiler.compile()
        self.problems += compiler.problems
        return compiled

    def _policy(self, names: Names, metadata: list[Rule]) -> tuple[PolicyStep, ...]:
        table = virtual_table("检查", DECISION_COLUMNS)
        allowed = names.with_rules(lambda expr: matching(expr, metadata, None))
        steps = []
        for file in list(self.pack.of("policy"))[-1:]:  # the user's own policy takes the place of the shipped one
            policy = self._built(Policy, file)
            for number, step in enumerate(policy.steps if policy else ()):
                found = [
                    self._condition(file, ("步骤", number, "条件", line), text, allowed, table)
                    for line, text in enumerate(step.conditions)
                ]
                steps.append(PolicyStep(step.decision, tuple(expr for expr in found if expr)))
        if steps and steps[-1].conditions:
            self._note(file, ("步骤",), "最后一步不能有条件", "请补上一步，写明其余情况怎么办")
        if not list(self.pack.of("policy")) and "policy" not in {file.kind for file in self.pack.unread}:
            self.problems.append(Problem("policy.yaml", "没有这个文件", "请照随附的 policy.yaml 写一份"))
        return tuple(steps)

    def _scorecard(self, reader: ScorecardReader, shelf: Shelf) -> Scorecard | None:
        for file in list(self.pack.of("scorecard"))[-1:]:  # the user's own takes the place of the shipped one
            if card := self._built(ScorecardDefinition, file):
                return reader.read(card, shelf, partial(self._note, file))
        return None

    def _condition(self, file: File, path: Path_, text: str, names: Names, table: Table) -> ir.Expr | None:
        return typed(text, names, table, lambda m, h, c: self._note(file, path, m, h, c), condition=True)

    def _agreement(
        self, compiled: list[CompiledRule], parameters: Parameters, rules: dict[str, tuple[Rule, File]]
    ) -> None:
        for rule in compiled:
            for number in range(len(rule.rule.examples)):
                self.problems += example_faults(rules[rule.rule.id][1], number, self.glossary)
        agreement = Agreement(self.glossary, self.register, self.without, self._note)
        agreement.replacements(rules)
        agreement.rules(compiled, parameters, rules)
        agreement.gaps(self._entries("gaps", Unwritten), rules)
        agreement.withdrawn(self._table("withdrawn", Withdrawn, RULE), rules)

    def _passed_over(self) -> Iterator[Problem]:
        """Say of each file that could not be read that what others name of it was not looked into."""
        for file in self.pack.unread:
            kind = _NAMED.get(file.kind)
            if kind in self.register.passed_over:
                message = f"这个文件没有读出，别处写的{kind}名称因此没有查"
                yield Problem(file.source, message, "改好以后请再查一次", file.where, remark=True)

    def _note(self, file: File, path: Path_, message: str, hint: str, column: int = 0) -> None:
        place = place_of(file.node, path)
        at = Place(line=place.line, column=(place.column or 1) + max(column - 1, 0))
        self.problems.append(Problem(file.source, message, hint, at))
