"""A folder of YAML → a checked rulebook. Every fault of every file comes out of one run; nothing is skipped."""

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from fpcheck.document import Mapping, Sequence, Unreadable
from fpcheck.problem import Place, Problem, did_you_mean
from fpcheck.reading import unknown_names
from fpcheck.rulebook import ir
from fpcheck.rulebook.calls import virtual_table
from fpcheck.rulebook.compile import RuleCompiler, Shelf, may_be_unknown, typed
from fpcheck.rulebook.compiled import (
    CompiledRule,
    LeftOut,
    Parameters,
    PolicyStep,
    Rulebook,
    Scorecard,
    SummaryMeasure,
)
from fpcheck.rulebook.fault import RulebookFault
from fpcheck.rulebook.framework import ScorecardDefinition
from fpcheck.rulebook.mend import mended
from fpcheck.rulebook.names import Names
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
    WordList,
)
from fpcheck.rulebook.scorecard import ScorecardReader
from fpcheck.rulebook.shelf import MeasureShelf, read_parameters
from fpcheck.rulebook.words import read_wordlists
from fpcheck.schema import build, node_at, place_of
from fpcheck.terms import SUMMARY, Glossary, Table, Type, glossary_of, load_glossary

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
        terms = next(pack.of("terms"), None)  # not among the files when it cannot be read, or is left out
        glossary = glossary_of(terms.node, terms.source) if terms else load_glossary(pack.terms)
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
        self.replaced: list[str] = []

    def rulebook(self) -> Rulebook:
        """Give the rulebook, or raise with every fault."""
        shelf = Shelf(self._table("sources", Source), self._table("recommendations", Advice))
        parameters = self._parameters(shelf)
        wordlists = [(file, built) for file in self.pack.of("wordlists") if (built := self._built(WordList, file))]
        words = read_wordlists(wordlists, self._note)
        rules, left_out = self._rules()
        measures = MeasureShelf(self._measure_files(), self.glossary, self.problems)
        self._check_without(left_out)
        names = Names(
            glossary=self.glossary,
            parameters=parameters.types,
            wordlists=words,
            measure=measures.find,
            measures=measures.names,
        )
        measures.use(names)
        metadata = [*(rule for rule, _ in rules.values()), *self._left_out_rules()]
        compiled = [self._compile(rule, file, names, shelf, metadata) for rule, file in rules.values()]
        self._look_inside(names, shelf, metadata)
        whole = [rule for rule in compiled if rule]
        self._cross_checks(whole, parameters, rules)
        ordered = conclusions_in_order(whole, self.problems)
        policy = self._policy(names, metadata)
        scorecard = self._scorecard(ScorecardReader(names, measures, parameters, metadata), shelf)
        self._table("gaps", Unwritten)  # for their faults alone: no check reads them
        if self.problems:
            raise RulebookFault(self.problems)
        figures = tuple(SummaryMeasure(n, e, r) for n, e, r in measures.listed(SUMMARY))
        by_id = {rule.rule.id: rule for rule in ordered}
        return Rulebook(
            glossary=self.glossary,
            rules=tuple(ordered),
            parameters=parameters,
            measures=figures,
            policy=policy,
            digest=self.pack.digest,
            left_out=tuple(left_out),
            by_id=by_id,
            replaced=tuple(self.replaced),
            scorecard=scorecard,
        )

    def _built(self, model: type[Any], file: File, node: Any = None) -> Any:  # noqa: ANN401 - a model of the caller's choice
        try:
            return build(model, node or file.node, file.source)
        except Unreadable as unreadable:
            self.problems += unreadable.problems
            return None

    def _table(self, kind: str, model: type[BaseModel]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for file in self.pack.of(kind):
            for name, node in file.node.entries.items() if isinstance(file.node, Mapping) else ():
                if built := self._built(model, file, node):
                    found[name] = built
        return found

    def _parameters(self, shelf: Shelf) -> Parameters:
        merged: dict[str, list[tuple[File, ParameterDefinition]]] = {}
        for file in self.pack.of("parameters"):
            for name, node in file.node.entries.items() if isinstance(file.node, Mapping) else ():
                if built := self._built(ParameterDefinition, file, node):
                    merged.setdefault(name, []).append((file, built))
        return read_parameters(merged, self.glossary, shelf, self.problems)

    def _rules(self) -> tuple[dict[str, tuple[Rule, File]], list[LeftOut]]:
        rules: dict[str, tuple[Rule, File]] = {}
        left_out = [LeftOut(number, name) for number, name in self.pack.skipped]
        for file in self.pack.of("rule"):
            rule = self._built(Rule, file)
            if rule is None:
                self.broken.append(file)
            elif rule.id in rules and rules[rule.id][1].layer == file.layer:
                first = rules[rule.id][1].source
                self._note(file, ("编号",), f"编号 {rule.id} 已经用在 {first}", "编号不能重复，也不再使用旧编号")
            else:
                self.replaced += [f"{rule.id}（{file.source}）"] if rule.id in rules else []
                rules[rule.id] = (rule, file)
        return rules, left_out

    def _left_out_rules(self) -> list[Rule]:
        """Give the rules left out as far as they can be read: conclusions may go on naming them."""
        return [rule for node in self.pack.skipped_nodes if (rule := mended(node))]

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
                    continue
                for name, node in group.entries.items():
                    if built := self._built(MeasureDefinition, file, node):
                        found.append((file, table, name, built, node))
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
        if not list(self.pack.of("policy")):
            self.problems.append(Problem("policy.yaml", "没有这个文件", "请照随附的 policy.yaml 写一份"))
        return tuple(steps)

    def _scorecard(self, reader: ScorecardReader, shelf: Shelf) -> Scorecard | None:
        for file in list(self.pack.of("scorecard"))[-1:]:  # the user's own takes the place of the shipped one
            if card := self._built(ScorecardDefinition, file):
                return reader.read(card, shelf, partial(self._note, file))
        return None

    def _condition(
        self, file: File, path: tuple[int | str, ...], text: str, names: Names, table: Table
    ) -> ir.Expr | None:
        return typed(text, names, table, lambda m, h, c: self._note(file, path, m, h, c), condition=True)

    def _cross_checks(
        self, compiled: list[CompiledRule], parameters: Parameters, rules: dict[str, tuple[Rule, File]]
    ) -> None:
        for rule in compiled:
            file = rules[rule.rule.id][1]
            if rule.rule.replaces and rule.rule.replaces not in rules and rule.rule.replaces not in self.without:
                self._note(file, ("替代",), f"没有 {rule.rule.replaces} 这条规则", "请核对编号")
            if _replaces_itself(rule.rule, rules):
                message = f"{rule.rule.id} 绕了一圈代替它自己，这样一条也不会用"
                self._note(file, ("替代",), message, "请写被代替的那一条（上一级的）；不代替别的就删去这一行")
            for name in sorted(rule.parameters):
                self._check_parameter(rule, name, parameters, file)
            self._check_examples(rule, file, list(rules))

    def _check_parameter(self, rule: CompiledRule, name: str, parameters: Parameters, file: File) -> None:
        region = self.glossary.find_region(rule.rule.region) or rule.rule.region
        found = parameters.find(name, region, None, rule.rule.effective_from)
        if found is None:
            message = f"{rule.rule.id} 生效时“参数.{name}”还没有值"
            self._note(file, ("生效",), message, "请在 parameters.yaml 里补一个更早的值，或推迟生效")
        elif found.setting.force == "惯例" and rule.rule.severity in ("严重", "重要") and rule.rule.role == "问题":
            message = f"{rule.rule.id} 的界限“{name}”只是惯例，级别最多是“一般”"
            self._note(file, ("级别",), message, "请改为 一般 或 提示，或给参数找到法规依据")

    def _check_examples(self, rule: CompiledRule, file: File, rules: list[str]) -> None:
        for number, example in enumerate(rule.rule.examples):
            self._check_given(file, number)
            for other in sorted(set(example.found or ()) - {*rules, *self.without}):
                hint = did_you_mean(other, rules) or "请核对编号"
                self._note(file, ("样例", number, "发现"), f"{rule.rule.id} 的样例里没有 {other} 这条规则", hint)
        wanted = ["命中", "通过", *(["无法判断"] if may_be_unknown(rule) and not rule.findings else [])]
        lacking = [w for w in wanted if w not in {example.verdict for example in rule.rule.examples}]
        if lacking:
            message = f"{rule.rule.id} 缺少结论为“{'”“'.join(lacking)}”的样例"
            self._note(file, ("样例",), message, "每条规则都要有样例，改动时才知道有没有改错")

    def _check_given(self, file: File, number: int) -> None:
        """Tell what in an example is no form, or no field of one; values that cannot be read may be meant."""
        for key in ("给定", "上年"):
            given = node_at(file.node, ("样例", number, key))
            forms = given.items if isinstance(given, Sequence) and key == "给定" else [given] if given else []
            for node in forms:
                self.problems += unknown_names(node, self.glossary, file.source)

    def _note(self, file: File, path: tuple[int | str, ...], message: str, hint: str, column: int = 0) -> None:
        place = place_of(file.node, path)
        at = Place(line=place.line, column=(place.column or 1) + max(column - 1, 0))
        self.problems.append(Problem(file.source, message, hint, at))


def _replaces_itself(rule: Rule, rules: dict[str, tuple[Rule, File]]) -> bool:
    """Tell a rule that takes its own place, directly or by way of others."""
    seen: set[str] = set()
    number = rule.replaces
    while number in rules and number not in seen and number != rule.id:
        seen.add(number)
        number = rules[number][0].replaces
    return number == rule.id
