"""The scorecard: what the rates and the findings settle of an evaluation framework, and what is left to a person.

A checkpoint lies between the points that are sure and those still possible; the total's range and the grades follow.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction

from fpcheck.card import NOTHING_READ, Card, CardIndicator, CardPoint, PrintedTotal
from fpcheck.engine.env import Env, NoParameterError
from fpcheck.engine.evaluate import evaluate
from fpcheck.engine.figures import decimal
from fpcheck.engine.in_force import InForce
from fpcheck.engine.scalar import rounded
from fpcheck.engine.semantics import not_on_form
from fpcheck.engine.unknown import NO_ROWS, Unknown
from fpcheck.facts import Facts
from fpcheck.finding import UNCHECKED, Outcome, RuleOutcome
from fpcheck.record import BLANK, State
from fpcheck.rulebook.compiled import Checkpoint, CompiledRule, Faults, ForPerson, Rate, Scorecard
from fpcheck.terms import PROJECT, SUMMARY

NOTHING, WHOLE = Fraction(0), Fraction(1)
MOST = 3
FAILED = "检查时程序出错，全部由人评"
CENT = Fraction(1, 100)


class _Said:
    """What the rules said of one submission: which hit, passed or did not apply, and why the others are open."""

    def __init__(self, outcomes: Iterable[RuleOutcome]) -> None:
        self.hit: set[str] = set()
        self.passed: set[str] = set()
        self.aside: set[str] = set()
        self.open: dict[str, RuleOutcome] = {}
        self.failed = False
        for said in outcomes:
            if said.outcome is Outcome.VIOLATED:
                self.hit.add(said.rule)
            elif said.outcome is Outcome.PASSED:
                self.passed.add(said.rule)
            elif said.outcome is Outcome.UNDECIDED or said.unchecked:
                self.open.setdefault(said.rule, said)
            elif said.outcome is Outcome.ERROR:
                self.failed = True
            else:
                self.aside.add(said.rule)


def form_card(card: Scorecard, here: InForce, env: Env, outcomes: list[RuleOutcome], *, failed: bool) -> Card:
    """Give the card of one submission; where the tool `failed` on it, all is left to a person."""
    submission = here.facts.submission
    bare = _bare(card, here, submission.id, 1)
    said, rules = _Said(outcomes), here.rulebook.by_id
    if absent := _absent(card, here, outcomes):
        return replace(bare, absent=absent)
    if failed or said.failed:
        return _whole(card, bare, env, [_left(point, FAILED) for point in _points(card)])
    found = _whole(card, bare, env, [_point(point, env, said, rules) for point in _points(card)])
    return replace(found, printed=tuple(_printed(card, env, found)))


def district_card(card: Scorecard, here: InForce, env: Env, cards: Iterable[tuple[str, Card]]) -> Card | None:
    """Give the card of all units of a project and year, from theirs, each with its unit; None where none has one."""
    units: dict[str, list[list[CardPoint]]] = defaultdict(list)
    for unit, own in cards:
        units[unit] += [] if own.absent else [[point for item in own.indicators for point in item.points]]
    if here.day is None or not any(units.values()):
        return None
    points, hits, seen = [], env.tally.hits.keys() if env.tally else set(), _Said(())
    seen.hit |= hits
    for number, point in enumerate(_points(card)):
        if isinstance(point.way, Faults):
            named = _named(point.way.rules & (hits - point.way.doubtful), here.rulebook.by_id)
            points.append(_shared(point, [[one[number] for one in own] for own in units.values()], named))
        else:
            points.append(_point(point, env, seen, here.rulebook.by_id))
    return _whole(card, _bare(card, here, None, len(units)), env, points)


def _bare(card: Scorecard, here: InForce, number: str | None, units: int) -> Card:
    submission = here.facts.submission
    basis = "；".join(map(str, card.basis))
    return Card(
        number, submission.shown("项目名称"), submission.year, units, card.title, basis, card.full, NOTHING, card.full
    )


def _absent(card: Scorecard, here: InForce, outcomes: list[RuleOutcome]) -> str | None:
    """Say why a submission gets no card."""
    form = here.facts.submission.form
    if form not in card.forms:
        return f"{form or '认不出的表'}不按这个框架评分"
    if here.day is None:
        return UNCHECKED["no_date"]
    if here.day < card.since:
        return f"{card.since} 起才按这个框架评，这份材料按 {here.day} 的规则查"
    if not outcomes:
        return "这一天、这个地区没有生效的规则"
    return None if _read(card, here.facts) else NOTHING_READ


def _read(card: Scorecard, facts: Facts) -> bool:
    """Tell whether a form has anything of what the scorecard looks at; a table stated as none is nothing."""
    looked = [(table or PROJECT, column) for table, _, column in (name.rpartition(".") for name in card.content)]
    cells = (row.get(column, BLANK) for table, column in looked for row in facts.rows(table) or ())
    return not card.content or any(cell.state is State.VALUE for cell in cells)


def _points(card: Scorecard) -> list[Checkpoint]:
    return [point for item in card.indicators for point in item.points]


def _whole(card: Scorecard, bare: Card, env: Env, points: list[CardPoint]) -> Card:
    """Put the points under their indicators and work the grades out."""
    left = iter(points)
    indicators = tuple(
        CardIndicator(item.category, item.dimension, item.name, tuple(next(left) for _ in item.points))
        for item in card.indicators
    )
    low = sum((point.low for point in points if point.low), NOTHING)
    high = card.full - sum((point.weight - point.high for point in points if point.high is not point.weight), NOTHING)
    limits = _limits(card, env)
    least, most = _told(low, limits), _told(high, limits)
    grades = _grades(card, limits, least, most)
    return replace(bare, low=low, high=high, least=least, most=most, indicators=indicators, grades=grades)


def _point(point: Checkpoint, env: Env, said: _Said, rules: Mapping[str, CompiledRule]) -> CardPoint:
    match point.way:
        case ForPerson(look=look):
            return _left(point, f"由人评：{look}")
        case Rate():
            return _rated(point, point.way, env, said, rules)
        case Faults():
            return _held(point, point.way, said, rules, env.facts)


def _left(point: Checkpoint, reason: str) -> CardPoint:
    return CardPoint(point.text, point.weight, NOTHING, point.weight, reason)


def _scored(point: Checkpoint, least: Fraction, most: Fraction, reason: str) -> CardPoint:
    """Give a share of a checkpoint; where the program does not see all of it, only the most is sure."""
    low, high = (point.weight if share == WHOLE else point.weight * share for share in (least, most))
    return CardPoint(point.text, point.weight, low if point.complete else NOTHING, high, reason)


def _rated(point: Checkpoint, rate: Rate, env: Env, said: _Said, rules: Mapping[str, CompiledRule]) -> CardPoint:
    """Score a rate; one that does not apply or cannot be worked out leaves the checkpoint to a person."""
    district = env.table == SUMMARY
    how = rate.district if district else rate.one
    try:
        applies = evaluate(how.applies, env) if how.applies else True
        value = evaluate(how.value, env) if applies is True else applies
        most = evaluate(how.most, env) if how.most and applies is True else value
    except NoParameterError as error:
        return _left(point, f"{rate.name}算不出：参数“{error}”没有生效的值")
    if value is False:
        return _left(point, f"这个项目不按{rate.name}算，由人评")
    if isinstance(value, Unknown):
        gaps = ("可以算的行" if gap.why == NO_ROWS else str(gap) for gap in value.gaps)
        return _left(point, f"{rate.name}算不出：缺 {_gaps(gaps, 1 if district else MOST)}")
    upper = WHOLE if isinstance(most, Unknown) else max(Fraction(value), Fraction(most))
    least, most = (min(max(end, NOTHING), WHOLE) for end in (Fraction(value), upper))
    if how.most and (least, most) == (NOTHING, WHOLE):
        return _left(point, f"{rate.name}算不出：要算的行没有一行读得出、比得了，又看得出多了好还是少了好，由人评")
    ends = [f"{decimal(end * 100, 2):f}%" for end in dict.fromkeys((Fraction(value), upper))]
    reason = f"{rate.name} {'—'.join(ends)}{how.reading and f'（{how.reading}）'}"
    if doubts := rate.doubts & said.hit:
        reason = f"{reason}；查出：{_named(doubts, rules)}，填的数要由人核实"
        return replace(_scored(point, least, most, reason), low=NOTHING)
    return _scored(point, least, most, reason if point.complete else f"{reason}，最多得这些，由人核实")


def _gaps(gaps: Iterable[str], most: int) -> str:
    found = sorted(set(gaps))
    return f"{'、'.join(found[:most])}{f'等 {len(found)} 处' if len(found) > most else ''}"


def _held(point: Checkpoint, faults: Faults, said: _Said, rules: Mapping[str, CompiledRule], facts: Facts) -> CardPoint:
    """Score what the rules found; what they leave open is a person's."""
    if sure := faults.rules & (said.hit - faults.doubtful):
        return CardPoint(point.text, point.weight, NOTHING, NOTHING, f"查出：{_named(sure, rules)}")
    if reason := _open(faults, said, rules):
        return _left(point, reason)
    if not point.complete:
        return _scored(point, WHOLE, WHOLE, "规则没有查出问题，其余由人评")
    for number in sorted(faults.rules & said.aside):
        if lacking := not_on_form(rules[number], facts):
            return _left(point, f"{number} 要看“{lacking}”，这种表没有，由人评")
    return _scored(point, WHOLE, WHOLE, "规则查过，没有问题")


def _open(faults: Faults, said: _Said, rules: Mapping[str, CompiledRule]) -> str | None:
    """Say why the rules decide nothing: a doubtful hit, one that could not be decided, none that looked."""
    if doubtful := faults.rules & said.hit:
        return f"查出：{_named(doubtful, rules)}；把握低，由人定"
    if undecided := faults.rules & said.open.keys():
        return _why(said.open[min(undecided)])
    return None if faults.rules & said.passed else "这份材料里没有规则能查的内容，由人评"


def _named(numbers: Iterable[str], rules: Mapping[str, CompiledRule]) -> str:
    found = sorted(numbers)
    more = f"等 {len(found)} 个问题" if len(found) > MOST else ""
    return "、".join(f"{rules[number].rule.name}（{number}）" for number in found[:MOST]) + more


def _why(said: RuleOutcome) -> str:
    if said.unchecked:
        return f"{said.rule} 未检查：{UNCHECKED[said.reason or '']}"
    return f"{said.rule} 无法判断：缺 {_gaps((f'{name}（{why}）' for name, why in said.missing), MOST)}"


def _shared(point: Checkpoint, units: list[list[CardPoint]], named: str) -> CardPoint:
    """Take the mean over the units, each with the worse of its cards; a unit without a card is open.

    `named` are the faults found.
    """
    whole = point.weight
    ends = [(min((p.low for p in own), default=NOTHING), min((p.high for p in own), default=whole)) for own in units]
    lost, kept = sum(high == 0 for _, high in ends), sum(low == whole for low, _ in ends)
    counts = {f"查出{named}": lost, "没有问题": kept, "由人定": len(ends) - lost - kept}
    said = [f"{count} 个{text}" if count < len(ends) else f"都{text}" for text, count in counts.items() if count]
    reason = f"{len(ends)} 个单位{'：' if len(said) > 1 else ''}{'，'.join(said)}"
    low, high = (sum(side, NOTHING) / len(ends) for side in zip(*ends, strict=True))
    return CardPoint(point.text, whole, low, high, reason)


def _limits(card: Scorecard, env: Env) -> list[Fraction] | None:
    """Give the limits of the grades but the lowest; None where one is not in force."""
    try:
        return [evaluate(band.bound, env) for band in card.bands if band.bound]
    except NoParameterError:
        return None


def _told(total: Fraction, limits: list[Fraction] | None) -> Fraction:
    """Round a total to two decimals, but never up to a limit that it does not reach."""
    near = rounded(total, CENT)
    return near - CENT if any(total < limit <= near for limit in limits or ()) else near


def _grades(card: Scorecard, limits: list[Fraction] | None, least: Fraction, most: Fraction) -> tuple[str, ...]:
    """Give the grades from that of `most` down to that of `least`; none where a limit is not in force."""
    if limits is None:
        return ()
    best, worst = (sum(total < limit for limit in limits) for total in (most, least))
    return tuple(band.grade for band in card.bands[best : worst + 1])


def _printed(card: Scorecard, env: Env, found: Card) -> Iterable[PrintedTotal]:
    """Give the totals and grades that the form states, held against the range."""
    for name in card.compared:
        value = (env.row or {}).get(name, BLANK).value
        if isinstance(value, str):
            yield from _printed_grade(card, name, value, found.grades)
        elif value is not None:
            total = Fraction(str(value))
            yield PrintedTotal(
                name, total, "below" if total < found.least else "above" if total > found.most else "within"
            )


def _printed_grade(card: Scorecard, name: str, value: str, possible: tuple[str, ...]) -> Iterable[PrintedTotal]:
    """Hold a grade that the form states against the possible ones; one that the framework does not know is left."""
    places = [band.grade for band in card.bands]
    if value in places and possible:
        at, best, worst = (places.index(grade) for grade in (value, possible[0], possible[-1]))
        yield PrintedTotal(name, value, "above" if at < best else "below" if at > worst else "within")
