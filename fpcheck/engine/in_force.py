"""Which rules and thresholds hold for a submission: by its day, its region and its 表样."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from fpcheck.engine.env import NoParameterError
from fpcheck.facts import Facts
from fpcheck.finding import UNCHECKED, Basis
from fpcheck.rulebook.compiled import CompiledRule, Rulebook, Value
from fpcheck.rulebook.rule import Rule
from fpcheck.terms import NATION, SUMMARY


class InForce:
    """The rules and thresholds in force for one submission.

    `as_of` and `region` take the place of the submission's own; `day` is None where neither tells it.
    """

    def __init__(self, facts: Facts, rulebook: Rulebook, as_of: date | None, region: str | None) -> None:
        self.facts = facts
        self.rulebook = rulebook
        self.day = facts.reference_date(as_of)
        self.region = rulebook.glossary.region_around(region or facts.submission.text("地区")) or NATION
        self.layers = rulebook.glossary.layers(self.region)

    def rules(self, *, district: bool) -> Iterator[CompiledRule]:
        """Give the rules in force here and now; one that a nearer layer replaces is not.

        Without a day, every rule of the region is given; those that depend on the day are then not run.
        """
        chosen = [r for r in self.rulebook.rules if (r.table.name == SUMMARY) is district and self._in_force(r.rule)]
        replaced = {rule.rule.replaces for rule in chosen}
        return (rule for rule in chosen if rule.rule.id not in replaced)

    def _in_force(self, rule: Rule) -> bool:
        return self._of_the_region(rule) and self._out_of_time(rule) is None

    def _of_the_region(self, rule: Rule) -> bool:
        return self.rulebook.glossary.find_region(rule.region) in self.layers

    def _out_of_time(self, rule: Rule) -> str | None:
        if self.day and self.day < rule.effective_from:
            return f"{rule.effective_from} 起才生效，这份材料按 {self.day} 的规则查"
        if self.day and rule.effective_until and rule.effective_until < self.day:
            return f"{rule.effective_until} 已经失效，这份材料按 {self.day} 的规则查"
        return None

    def undated(self, rule: CompiledRule) -> bool:
        """Tell a rule that cannot be run because the day is not known on which it would be judged."""
        needed = rule.table.name == SUMMARY or rule.parameters or rule.rule.effective_until
        return self.day is None and bool(needed)

    def why_not(self, rule: CompiledRule) -> str | None:
        """Say why a rule is not run here and now, None where it is."""
        head = rule.rule
        if not self._of_the_region(head):
            return f"只在{head.region}适用，这份材料按{self.region}的规则查"
        if late := self._out_of_time(head):
            return late
        nearer = [r.rule for r in self.rulebook.rules if r.rule.replaces == head.id and self._in_force(r.rule)]
        if nearer:
            return f"在{nearer[0].region}由更近一级的 {nearer[0].id} {nearer[0].name} 代替"
        return UNCHECKED["no_date"] if self.undated(rule) else None

    def parameter(self, name: str) -> Any:  # noqa: ANN401 - a value of the parameter's type
        """Look a threshold up.

        Raises:
            NoParameterError: it has no value in force.
        """
        found = self.setting(name)
        if found is None:
            raise NoParameterError(name)
        return found.value

    def setting(self, name: str) -> Value | None:
        """Look a threshold up, with what it rests on; None where it has no value in force."""
        template = self.facts.submission.text("表样") or None
        return self.rulebook.parameters.find(name, self.region, template, self.day or date.max)

    def layer(self, rule: CompiledRule) -> str:
        """Name the nearest region that had a say in a rule: its own, or that of a threshold."""
        settings = [found.setting for name in rule.parameters if (found := self.setting(name))]
        own = self.rulebook.glossary.find_region(rule.rule.region) or NATION
        return min([own, *(setting.region for setting in settings)], key=self.layers.index)

    def basis(self, rule: CompiledRule, decided: Iterable[str]) -> tuple[Basis, ...]:
        """Give what a finding rests on: what the rule cites, then what the thresholds that `decided` cite."""
        found = [*rule.basis]
        for name in decided:
            value = self.setting(name)
            found += value.basis if value else ()
        return tuple(dict.fromkeys(found))
