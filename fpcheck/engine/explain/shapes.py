"""What an explanation consists of: plain data, ready to be written as text or JSON."""

from dataclasses import dataclass, field

from fpcheck.engine.threshold import Threshold
from fpcheck.finding import Basis, Figure, Outcome
from fpcheck.problem import NOWHERE, Place


@dataclass(frozen=True, slots=True)
class RowUsed:
    """One row that an aggregate looked at: `row` counts from 1, `name` is what the row is about, `text` its figure."""

    row: int
    name: str
    text: str
    owner: str = ""


@dataclass(frozen=True, slots=True)
class RowsUsed:
    """The rows that counted in an aggregate: `shown` are the first of `kept`, out of `total`; `open` are undecided."""

    table: str
    total: int
    kept: int
    open: int
    shown: tuple[RowUsed, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A figure that a clause reads, opened down to the cells.

    `kind` is field, measure, parameter, aggregate, rows, formula, choice, rounded, call, batch, findings or rule;
    `name` is written as in a rule, `text` is the value for people. `formula` and `worked` are how it was worked out,
    in names and in figures. `raw` is what was written on the form.
    """

    kind: str
    name: str
    value: Figure
    text: str
    formula: str | None = None
    worked: str | None = None
    where: Place | None = None
    raw: str | None = None
    note: str = ""
    parameter: Threshold | None = None
    rows: RowsUsed | None = None
    parts: tuple["Source", ...] = ()


@dataclass(frozen=True, slots=True)
class Test:
    """A clause or a part of one: its text, whether it holds (None = undecided), and what it read.

    `shown` is the text with figures in the place of names; `decided` tells that it is one of those that settled what
    stands above it, a line the verdict.
    """

    text: str
    truth: bool | None
    shown: str = ""
    note: str = ""
    decided: bool = True
    missing: tuple[tuple[str, str], ...] = ()
    tests: tuple["Test", ...] = ()
    sources: tuple[Source, ...] = ()

    __test__ = False  # pytest takes classes of this name for its own


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a rule with its test; `part` is 适用, 条件 or 除非."""

    part: str
    test: Test


@dataclass(frozen=True, slots=True)
class Effect:
    """What another rule would say: `row` counts from 1, None for 项目; `owner` names the form where it is another."""

    rule: str
    name: str
    row: int | None
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Effects:
    """The other rules that a change would make hit, no longer hit, or leave undecided.

    `unseen` says why the forms of other units and the district were not judged again, empty where they were.
    """

    hits: tuple[Effect, ...] = ()
    stops: tuple[Effect, ...] = ()
    opens: tuple[Effect, ...] = ()
    unseen: str = ""

    @property
    def harmful(self) -> bool:
        """Tell whether another rule would newly hit, or could no longer be decided."""
        return bool(self.hits or self.opens)


@dataclass(frozen=True, slots=True)
class Bound:
    """What a comparison shows now and what it would have to show: `name` is `now`, needed is `sign` `needed`."""

    name: str
    now: str
    sign: str
    needed: str


@dataclass(frozen=True, slots=True)
class Flip:
    """The smallest change of one cell that turns one clause and with it the verdict.

    `beyond` is 及以上 or 及以下 where everything on that side does as well; `exact` is False where any other figure
    than the present one does, so that `after` is only the nearest.
    """

    part: str
    clause: str
    to: Outcome
    where: Place
    cell: str
    before: Figure
    after: Figure
    difference: str
    bounds: tuple[Bound, ...]
    beyond: str
    exact: bool = True
    effects: Effects = field(default_factory=Effects)


@dataclass(frozen=True, slots=True)
class Need:
    """What makes a clause that no single figure turns come out `wanted`, so that the verdict is `to`."""

    part: str
    clause: str
    wanted: bool
    to: Outcome
    text: str


@dataclass(frozen=True, slots=True)
class Range:
    """Figures from `low` to `high` (None = no bound) that a missing cell could hold, and what the rule would say.

    `effects` are those of the figure `tried`, the end next to a range that hits.
    """

    low: Figure | None
    high: Figure | None
    outcome: Outcome
    tried: Figure | None = None
    effects: Effects = field(default_factory=Effects)


@dataclass(frozen=True, slots=True)
class Fill:
    """A missing value: what is lacking, what to do, and for a single figure what the rule would say from where on."""

    name: str
    why: str
    text: str
    where: Place = NOWHERE
    ranges: tuple[Range, ...] = ()


@dataclass(frozen=True, slots=True)
class RowExplained:
    """Why the rule said so of one row; `row` counts from 1, None for 项目 and for a table without rows.

    `unchecked` tells that it needs more than the submission alone: the year before, or the others of its project.

    `untold` tells how many cells were not tried, or flips not listed; `tried` is False where no change was tried at
    all, for the table is long and another row stands for it.
    """

    row: int | None
    outcome: Outcome
    name: str = ""
    reason: str | None = None
    unchecked: bool = False
    where: Place = NOWHERE
    missing: tuple[tuple[str, str], ...] = ()
    lines: tuple[Line, ...] = ()
    flips: tuple[Flip, ...] = ()
    needs: tuple[Need, ...] = ()
    fills: tuple[Fill, ...] = ()
    untold: int = 0
    tried: bool = True


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose form is explained; `submission` is None for a district."""

    submission: str | None
    unit: str
    project: str
    year: int | None
    form: str
    source: str


@dataclass(frozen=True, slots=True)
class RuleExplained:
    """The head of the rule that is explained; of one that was left out only number and name are known."""

    id: str
    name: str
    type: str | None = None
    role: str | None = None
    severity: str | None = None
    confidence: str | None = None
    table: str | None = None
    file: str | None = None
    basis: tuple[Basis, ...] = ()


@dataclass(frozen=True, slots=True)
class Explained:
    """What a rule said of one submission, or of a district, row by row.

    `not_run` says why the rule was not run at all; `layer` is the nearest region that had a say in the rule or in one
    of its thresholds. `others` are the rows that are not in `rows`, by outcome.
    """

    subject: Subject
    day: str | None
    region: str
    layer: str
    not_run: str | None = None
    rows: tuple[RowExplained, ...] = ()
    others: dict[Outcome, tuple[int, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Explanation:
    """The answer to “why did this rule say so”: one submission or a few in full, `others` by outcome.

    `unchecked` are those for which it was not run, by reason. `not_run` says why a rule that was left out was not run
    anywhere.
    """

    rule: RuleExplained
    digest: str
    as_of: str | None
    asked_region: str | None
    explained: tuple[Explained, ...] = ()
    others: dict[str, tuple[str, ...]] = field(default_factory=dict)
    unchecked: dict[str, tuple[str, ...]] = field(default_factory=dict)
    not_run: str | None = None
