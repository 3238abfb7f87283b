"""What the files of a pack must say together: rules with the rules, thresholds and examples that they name, gaps."""

from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import Protocol

from fpcheck.document import Sequence
from fpcheck.finding import TO_CHECK
from fpcheck.problem import Problem, did_you_mean
from fpcheck.reading import unknown_names
from fpcheck.rulebook.compile import may_be_unknown
from fpcheck.rulebook.compiled import CompiledRule, Parameters
from fpcheck.rulebook.names import RULE, Register
from fpcheck.rulebook.pack import File
from fpcheck.rulebook.rule import Rule, Unwritten, Withdrawn
from fpcheck.schema import node_at
from fpcheck.terms import Glossary
from fpcheck.value import normal

Filed = Mapping[str, tuple[Rule, File]]


class Note(Protocol):
    """Takes a fault of the value at `path` of a file."""

    def __call__(self, file: File, path: tuple[int | str, ...], message: str, hint: str) -> None:
        """Keep the fault."""


class Agreement:
    """Holds the parts of one pack to each other; `without` are the rules left out, which may still be named."""

    def __init__(self, glossary: Glossary, register: Register, without: frozenset[str], note: Note) -> None:
        self.glossary = glossary
        self.register = register
        self.without = without
        self.note = note

    def replacements(self, rules: Filed) -> None:
        """Hold each 替代 to the rule that it names, and to every other of the same rule."""
        taken: dict[str, list[tuple[Rule, File]]] = {}
        for rule, file in rules.values():
            number = rule.replaces
            if number is None:
                continue
            taken.setdefault(number, []).append((rule, file))
            if number not in rules:
                if number not in self.without and not self.register.unread(RULE, number):
                    self.note(file, ("替代",), f"没有 {number} 这条规则", "请核对编号")
            elif rules[number][0].type != rule.type:
                message = f"{rule.id} 的类型是“{rule.type}”，它代替的 {number} 是“{rules[number][0].type}”"
                self.note(file, ("替代",), message, "代替的要查同一种毛病：请改“类型”，或不写“替代”，另立一条")
            if _replaces_itself(rule, rules):
                message = f"{rule.id} 绕了一圈代替它自己，这样一条也不会用"
                self.note(file, ("替代",), message, "请写被代替的那一条（上一级的）；不代替别的就删去这一行")
        for number, several in taken.items():
            for (one, first), (two, file) in combinations(several, 2):
                if self._meet(one, two):
                    message = f"{two.id} 和 {one.id}（{first.source}）都代替 {number}，在同一个地方、同一时候两条都会用"
                    self.note(file, ("替代",), message, "请只留一条，或把“地区”“生效”“失效”分开")

    def _meet(self, one: Rule, two: Rule) -> bool:
        """Tell two rules that are in force at one place on one day."""
        here, there = (self.glossary.find_region(rule.region) for rule in (one, two))
        near = here and there and (here in self.glossary.layers(there) or there in self.glossary.layers(here))
        ends = [rule.effective_until for rule in (one, two) if rule.effective_until]
        return bool(near) and all(max(one.effective_from, two.effective_from) <= end for end in ends)

    def rules(self, compiled: Iterable[CompiledRule], parameters: Parameters, rules: Filed) -> None:
        """Hold each rule to its thresholds and its examples."""
        for rule in compiled:
            file = rules[rule.rule.id][1]
            for name in sorted(rule.parameters):
                self._parameter(rule, name, parameters, file)
            self._examples(rule, file, list(rules))

    def _parameter(self, rule: CompiledRule, name: str, parameters: Parameters, file: File) -> None:
        region = self.glossary.find_region(rule.rule.region) or rule.rule.region
        found = parameters.find(name, region, None, rule.rule.effective_from)
        if found is None:
            message = f"{rule.rule.id} 生效时“参数.{name}”还没有值"
            self.note(file, ("生效",), message, "请在 parameters.yaml 里补一个更早的值，或推迟生效")
        elif found.setting.force == "惯例" and rule.rule.severity in ("严重", "重要") and rule.rule.role == "问题":
            message = f"{rule.rule.id} 的界限“{name}”只是惯例，级别最多是“一般”"
            self.note(file, ("级别",), message, "请改为 一般 或 提示，或给参数找到法规依据")

    def _examples(self, rule: CompiledRule, file: File, rules: list[str]) -> None:
        for number, example in enumerate(rule.rule.examples):
            for other in sorted(set(example.found or ()) - {*rules, *self.without}):
                if not self.register.unread(RULE, other):
                    hint = did_you_mean(other, rules) or "请核对编号"
                    self.note(file, ("样例", number, "发现"), f"{rule.rule.id} 的样例里没有 {other} 这条规则", hint)
        wanted = ["命中", "通过", *(["无法判断"] if may_be_unknown(rule) and not rule.findings else [])]
        lacking = [w for w in wanted if w not in {example.verdict for example in rule.rule.examples}]
        if lacking:
            message = f"{rule.rule.id} 缺少结论为“{'”“'.join(lacking)}”的样例"
            self.note(file, ("样例",), message, "每条规则都要有样例，改动时才知道有没有改错")

    def withdrawn(self, withdrawn: Mapping[str, Withdrawn], rules: Filed) -> None:
        """Tell a rule with a number that another had, which is no more."""
        for number in withdrawn.keys() & rules.keys():
            message = f"编号 {number} 已经废止（{withdrawn[number].name}）"
            self.note(rules[number][1], ("编号",), message, "编号不再使用，请另用一个")

    def gaps(self, gaps: Iterable[tuple[File, str, Unwritten]], rules: Filed) -> None:
        """Hold what is no rule yet to the rules that ask about it and to the fields that forms have."""
        known = {
            normal(name): f"{table.name}.{term.name}"
            for table in self.glossary.tables.values()
            for term in table.columns.values()
            for name in (term.name, *term.labels)
        }
        for file, name, gap in gaps:
            for number, field in enumerate(gap.lacking):
                if term := known.get(normal(field)):
                    hint = f"请改写成规则，从这里删去；说的是别的内容，请写得更明白（{term} 已有）"
                    self.note(file, (name, "缺的内容", number), f"“{field}”在 terms.yaml 里已经有了", hint)
            if gap.asked and gap.asked not in self.without:
                self._asked(file, name, gap.asked, rules)

    def _asked(self, file: File, name: str, asked: str, rules: Filed) -> None:
        """Hold a 核对 to the rule that it names."""
        if asked not in rules:
            if not self.register.unread(RULE, asked):
                hint = "请核对编号；没有规则请人核对的，删去“核对”"
                self.note(file, (name, "核对"), f"没有 {asked} 这条规则", hint)
        elif (role := rules[asked][0].role) != TO_CHECK:
            message = f"{asked} 的结果是“{role}”，不是“{TO_CHECK}”"
            self.note(file, (name, "核对"), message, "请写请人核对这件事的那一条")


def example_faults(file: File, number: int, glossary: Glossary) -> Iterable[Problem]:
    """Tell what in an example is no form, or no field of one; values that cannot be read may be meant."""
    for key in ("给定", "上年"):
        given = node_at(file.node, ("样例", number, key))
        forms = given.items if isinstance(given, Sequence) and key == "给定" else [given] if given else []
        for node in forms:
            yield from unknown_names(node, glossary, file.source)


def _replaces_itself(rule: Rule, rules: Filed) -> bool:
    """Tell a rule that takes its own place, directly or by way of others."""
    seen: set[str] = set()
    number = rule.replaces
    while number is not None and number in rules and number not in seen and number != rule.id:
        seen.add(number)
        number = rules[number][0].replaces
    return number == rule.id
