"""How often the rules are right: their types on labelled entries against those that an expert gave."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from math import sqrt

from fpcheck.authoring.corpus import Corpus, budget_of, labels
from fpcheck.authoring.entry import Goal, Indicator
from fpcheck.authoring.readings import Disagreed, Misread, read_values
from fpcheck.engine.run import run
from fpcheck.facts import facts_of
from fpcheck.reading import read_submission
from fpcheck.rulebook.compiled import Rulebook
from fpcheck.schema import node_of
from fpcheck.submission import Submission
from fpcheck.terms import PROJECT

Z = 1.959964  # two-sided 95 %
OK = "ok"


@dataclass(frozen=True, slots=True)
class Share:
    """`right` out of `all`, with the 95 % interval of Wilson (1927); no ends where there is nothing to count."""

    right: int
    all: int

    @property
    def value(self) -> float | None:
        """The share itself."""
        return self.right / self.all if self.all else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Where the share lies with 95 % confidence."""
        if not self.all:
            return None
        share, spread = self.right / self.all, Z**2 / self.all
        middle, half = share + spread / 2, Z * sqrt((share * (1 - share) + spread / 4) / self.all)
        return max((middle - half) / (1 + spread), 0.0), min((middle + half) / (1 + spread), 1.0)


@dataclass(frozen=True, slots=True)
class Row:
    """One label: how many of the rules' predictions are right, how many of the expert's entries are found."""

    label: str
    precision: Share
    recall: Share

    @property
    def f1(self) -> float | None:
        """The harmonic mean of both."""
        return harmonic(self.precision.value, self.recall.value)


@dataclass(frozen=True, slots=True)
class Wrong:
    """An entry on which rules and expert differ: what he says, what they say, and the text."""

    entry: str
    wanted: tuple[str, ...]
    said: tuple[str, ...]
    text: str


@dataclass
class Score:
    """The figures for one kind of entry; `whole` adds up its rows, `shares` are figures of other questions.

    `undecided` names the entries labelled as not matching their budget of which no budget was given: no rule can tell.
    `wrong`, `misread` and `disagreed` name the entries that are not right in rows and shares.
    """

    kind: str
    entries: int
    rows: list[Row] = field(default_factory=list)
    whole: Row | None = None
    shares: dict[str, Share] = field(default_factory=dict)
    wrong: list[Wrong] = field(default_factory=list)
    undecided: list[str] = field(default_factory=list)
    misread: list[Misread] = field(default_factory=list)
    disagreed: list[Disagreed] = field(default_factory=list)


def harmonic(one: float | None, two: float | None) -> float | None:
    """Give F1 of precision and recall, None where either is not known."""
    if one is None or two is None:
        return None
    return 2 * one * two / (one + two) if one + two else 0.0


def score(corpus: Corpus, rulebook: Rulebook) -> list[Score]:
    """Score the rules on what was read; a kind without entries is left out."""
    found = []
    if corpus.indicators:
        found.append(_indicators(corpus.indicators, rulebook))
    if corpus.goals:
        found.append(_goals(corpus.goals, rulebook))
    return found


@dataclass(frozen=True, slots=True)
class _Case:
    """An entry with the labels that count for recall, those that excuse a prediction, and the types that were said."""

    name: str
    text: str
    primary: tuple[str, ...]
    allowed: frozenset[str]
    said: frozenset[str]
    flags: tuple[str, ...] = ()  # labels beside the primary one that have a recall of their own


def _indicators(entries: list[tuple[str, Indicator]], rulebook: Rulebook) -> Score:
    known = labels()["指标"]
    said = _types(rulebook, [_indicator_form(entry) for _, entry in entries], ("指标",), _all_types(known))
    cases = [
        _Case(
            name,
            " | ".join(filter(None, (entry.name, entry.target_value_text, entry.actual_value_text))),
            () if entry.label_issue == OK else (entry.label_issue,),
            frozenset({entry.label_issue, *entry.label_issue_other, *_conflict(entry)}),
            types,
            _conflict(entry),
        )
        for (name, entry), types in zip(entries, said, strict=True)
    ]
    fine = [case for case in cases if case.allowed == {OK}]
    found = _counted("指标", cases, known, [label for label in known if label != OK])
    found.shares["没有毛病的没有误报"] = Share(sum(not _unexcused(case, known) for case in fine), len(fine))
    values = read_values(entries, rulebook.wording)
    found.shares["指标值读得分毫不差"] = Share(values.read - len(values.misread), values.read)
    found.shares["能不能衡量判得一致"] = Share(values.judged - len(values.disagreed), values.judged)
    found.misread, found.disagreed = values.misread, values.disagreed
    return found


def _conflict(entry: Indicator) -> tuple[str, ...]:
    return ("name_value_conflict",) if entry.name_value_conflict else ()


def _goals(entries: list[tuple[str, Goal]], rulebook: Rulebook) -> Score:
    known = labels()["目标"]
    tables = [table.name for table in rulebook.glossary.tables.values() if table.name == PROJECT or table.from_texts]
    said = _types(rulebook, [_goal_form(entry) for _, entry in entries], tables, _all_types(known))
    cases, undecided = [], []
    for (name, entry), types in zip(entries, said, strict=True):
        mismatch, known_budget = entry.matches_budget == "no", budget_of(entry) is not None
        undecided += [name] if mismatch and not known_budget else []
        flags = {
            "unclear": entry.label == "unclear",
            "only_spending": entry.only_spending,
            "only_slogan": entry.only_slogan,
            "mismatches_budget": mismatch and known_budget,
        }
        mine = tuple(label for label, holds in flags.items() if holds)
        cases.append(_Case(name, entry.goal_text_paraphrased or "", mine, frozenset(mine), types))
    found = _counted("目标", cases, known, list(known), whole=False)
    found.undecided = undecided
    unclear = set(known["unclear"])
    same = sum(bool(case.said & unclear) is ("unclear" in case.primary) for case in cases)
    found.shares["清晰、不清晰判得一致"] = Share(same, len(cases))
    return found


def _counted(
    kind: str, cases: list[_Case], known: Mapping[str, tuple[str, ...]], told: list[str], *, whole: bool = True
) -> Score:
    """Count per label; a prediction is right when its type stands for any label of the entry."""
    found = Score(kind, len(cases))
    for label in told:
        types = set(known[label])
        predicted = [case for case in cases if case.said & types]
        right = sum(label in case.allowed for case in predicted)
        labelled = [case for case in cases if label in (*case.primary, *case.flags)]
        found.rows.append(
            Row(label, Share(right, len(predicted)), Share(sum(bool(c.said & types) for c in labelled), len(labelled)))
        )
    if whole:
        primaries = [bool(case.said & set(known[label])) for case in cases for label in case.primary]
        found.whole = Row(
            "合计",
            Share(sum(row.precision.right for row in found.rows), sum(row.precision.all for row in found.rows)),
            Share(sum(primaries), len(primaries)),
        )
    for case in cases:
        wanted = tuple(dict.fromkeys((*case.primary, *case.flags)))
        missed = any(not case.said & set(known[label]) for label in wanted)
        alarmed = any(case.said & set(known[label]) for label in told if label not in case.allowed)
        if missed or alarmed:
            found.wrong.append(Wrong(case.name, wanted, tuple(sorted(case.said)), case.text))
    return found


def _unexcused(case: _Case, known: Mapping[str, tuple[str, ...]]) -> set[str]:
    return set(case.said) - {one for label in case.allowed for one in known.get(label, ())}


def _all_types(known: Mapping[str, tuple[str, ...]]) -> set[str]:
    return {one for types in known.values() for one in types}


def _indicator_form(entry: Indicator) -> dict[str, object]:
    row = {
        "一级指标": entry.level1,
        "二级指标": entry.level2,
        "三级指标": entry.name,
        "指标值": entry.target_value_text,
        "实际完成值": entry.actual_value_text,
        "度量单位": entry.unit_text,
    }
    return {"指标": [{name: text for name, text in row.items() if text is not None}]}


def _goal_form(entry: Goal) -> dict[str, object]:
    return {"项目名称": entry.project, "年度目标": entry.goal_text_paraphrased, "年初预算数": budget_of(entry)}


def _types(
    rulebook: Rulebook, forms: Iterable[dict[str, object]], tables: Collection[str], types: Collection[str]
) -> Iterator[frozenset[str]]:
    """Give the types of the findings on each form, of those asked for."""
    own = tuple(rule for rule in rulebook.rules if rule.table.name in tables and rule.rule.type in types)
    alone = replace(rulebook, rules=own, scorecard=None)
    for form in forms:
        given = {name: value for name, value in form.items() if value is not None}
        node = node_of({"表种": "综合", "年度": "2023", **given})
        submission = Submission(**read_submission(node, rulebook.glossary, "标注"))
        yield frozenset(
            finding.type for finding in run([facts_of(submission, wording=rulebook.wording)], alone).findings
        )
