"""What a check says: outcomes, findings, conclusions. Plain sorted data, no rule logic."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from fpcheck.card import Card
from fpcheck.problem import NOWHERE, Place, Problem

if TYPE_CHECKING:
    import pandas as pd

SEVERITIES = ("严重", "重要", "一般", "提示")
TO_CHECK = "核对"  # the role of rules that find no fault but ask a person to look at evidence


class Outcome(StrEnum):
    """What a rule said about a row."""

    ERROR = "error"
    NOT_APPLICABLE = "not_applicable"
    VIOLATED = "violated"
    PASSED = "passed"
    UNDECIDED = "undecided"

    @property
    def label(self) -> str:
        """The word shown to people."""
        return _LABELS[self]


_LABELS = {
    Outcome.ERROR: "出错",
    Outcome.NOT_APPLICABLE: "不适用",
    Outcome.VIOLATED: "命中",
    Outcome.PASSED: "通过",
    Outcome.UNDECIDED: "无法判断",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the evidence: `value` for programs, `text` for people.

    Money: yuan with two decimals. Ratio: a decimal string. Date: ISO.
    """

    value: str | None
    unit: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Basis:
    """A cited document and the article in it."""

    id: str
    title: str
    number: str | None
    article: str

    def __str__(self) -> str:
        number = f"（{self.number}）" if self.number else ""
        return f"《{self.title}》{number}{self.article}"


@dataclass(frozen=True, slots=True)
class Recommendation:
    """Advice that findings point to."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a rule found: a fault, a commendation, a conclusion, or a question for a person.

    Of a question, `message` is what to look into and `fix` the evidence to ask for.
    """

    submission: str | None
    rule: str
    title: str
    type: str
    severity: str
    confidence: str
    category: str
    message: str
    fix: str
    recommendation: Recommendation | None
    basis: tuple[Basis, ...]
    evidence: dict[str, Figure]
    expected: Figure | None
    difference: Figure | None
    where: Place
    source: str
    fingerprint: str
    layer: str
    status: str | None = None  # against an earlier version: 仍存在 or 新增; of one that is gone 已整改 or 不能确认

    def as_json(self) -> dict[str, Any]:
        """Give the finding in the shape outside programs rely on."""
        return {
            "submission": self.submission,
            "rule": self.rule,
            "type": self.type,
            "severity": self.severity,
            "confidence": self.confidence,
            "category": self.category,
            "message": self.message,
            "fix": self.fix,
            "recommendation": asdict(self.recommendation) if self.recommendation else None,
            "basis": [asdict(basis) for basis in self.basis],
            "evidence": {name: asdict(figure) for name, figure in self.evidence.items()},
            "expected": asdict(self.expected) if self.expected else None,
            "difference": asdict(self.difference) if self.difference else None,
            "where": self.where.as_json(),
            "fingerprint": self.fingerprint,
            "status": self.status,
            "waiver": None,
            "layer": self.layer,
        }


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """What one rule said about one row; `missing` names what was lacking and why, `reason` why it was not applied."""

    submission: str | None
    rule: str
    role: str
    outcome: Outcome
    table: str
    row: int | None = None
    missing: tuple[tuple[str, str], ...] = ()
    reason: str | None = None
    where: Place = NOWHERE

    @property
    def unchecked(self) -> bool:
        """Tell a rule that was not run (未检查) from one that does not apply."""
        return self.reason in UNCHECKED


UNCHECKED = {
    "needs_previous": "需要上年的填报",
    "needs_batch": "需要与其他单位一起检查",
    "left_out": "按要求跳过",
    "no_date": "没有年度和截止日期，不知道适用哪一年的规则",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """A failure of the tool itself."""

    submission: str | None
    rule: str | None
    engine: str
    row: int | None
    message: str


@dataclass(frozen=True, slots=True)
class Suspect:
    """A cell that may hold a wrong figure: what it holds, and from where to where it would do; None = open, or unknown.

    `subject` names the row it stands in.
    """

    where: Place
    subject: str | None
    stated: Figure
    low: Figure | None
    high: Figure | None


@dataclass(frozen=True, slots=True)
class Choice:
    """Cells that would have to be changed together, and the (rule, row) that are then hit no longer, or anew.

    `bound` tells that the figures depend on each other: not every choice within the ends will do.
    """

    cells: tuple[Suspect, ...]
    resolves: tuple[tuple[str, int | None], ...]
    raises: tuple[tuple[str, int | None], ...]
    bound: bool = False


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Relations (rule, row) of a form that disagree, and the fewest cells whose change would let all of them hold.

    Any one of the choices would do; it is a hint, not a finding.
    """

    submission: str
    rules: tuple[tuple[str, int | None], ...]
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """One submission's head in the report."""

    id: str
    unit: str
    project: str
    year: int | None
    form: str
    source: str
    decision: str
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class Total:
    """The figures of one project and year over all units of the run; a unit may have handed in several `forms`."""

    project: str
    year: int | None
    units: int
    forms: int
    figures: dict[str, Figure]
    formulas: dict[str, str]


@dataclass(frozen=True, slots=True)
class CheckResult:
    """Everything one run says; lists are sorted by submission, rule and row."""

    engine: str
    digest: str
    as_of: str | None
    region: str | None
    submissions: tuple[Checked, ...] = ()
    findings: tuple[Finding, ...] = ()
    conclusions: tuple[Finding, ...] = ()
    commendations: tuple[Finding, ...] = ()
    checklist: tuple[Finding, ...] = ()
    outcomes: tuple[RuleOutcome, ...] = ()
    totals: tuple[Total, ...] = ()
    scorecards: tuple[Card, ...] | None = None  # None: the rules have no scorecard
    suspicions: tuple[Suspicion, ...] = ()
    errors: tuple[Fault, ...] = ()
    problems: tuple[Problem, ...] = ()
    resolved: tuple[Finding, ...] | None = None  # what was found in earlier versions only; None: there were none given

    @property
    def undecided(self) -> list[RuleOutcome]:
        """The faults that could not be decided."""
        return [o for o in self.outcomes if o.outcome is Outcome.UNDECIDED and o.role == "问题"]

    @property
    def unchecked(self) -> list[RuleOutcome]:
        """The rules that were not run, with the reason."""
        return [o for o in self.outcomes if o.unchecked and o.role == "问题"]

    def to_frame(self) -> "pd.DataFrame":
        """Give the findings as a pandas frame, one row a finding."""
        import pandas as pd  # noqa: PLC0415 - heavy, and only this method needs it

        rows = [_flat(finding) for finding in self.findings]
        return pd.DataFrame(rows, columns=_COLUMNS)


_COLUMNS = (
    *("submission", "rule", "title", "type", "severity", "confidence", "category", "table", "row", "field"),
    *("sheet", "cell", "message", "fix", "recommendation", "basis", "evidence", "expected", "difference"),
    *("fingerprint", "layer", "source", "status"),
)


def _flat(finding: Finding) -> dict[str, Any]:
    row = {name: getattr(finding, name) for name in _COLUMNS if hasattr(finding, name)}
    row |= finding.where.as_json()
    row["recommendation"] = finding.recommendation.title if finding.recommendation else None
    row["basis"] = "；".join(map(str, finding.basis))
    row["evidence"] = "；".join(f"{name}={figure.text}" for name, figure in finding.evidence.items())
    for name in ("expected", "difference"):
        figure = getattr(finding, name)
        row[name] = figure.text if figure else None
    return row


def counted(outcomes: Iterable[RuleOutcome]) -> dict[str, int]:
    """Count the outcomes of fault rules; every outcome is there, zero included."""
    found = Counter(outcome.outcome for outcome in outcomes if outcome.role == "问题")
    return {str(kind): found[kind] for kind in Outcome}
