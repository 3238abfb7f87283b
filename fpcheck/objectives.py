"""The tables worked out from the text of objectives: the objectives, their clauses and the quantities in them."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache, cached_property, partial

from fpcheck.estimates import estimates
from fpcheck.quantity import Found, find
from fpcheck.record import Cell, State, computed
from fpcheck.submission import Submission
from fpcheck.value import Value, normal

Row = Mapping[str, Cell]
NAME_TAIL = 2  # characters behind a figure that must match as well before it is taken for part of a name

_LINE = re.compile("[\r\n①-⑳]+")
_STOP = re.compile(r"[。;!?]|,(?!\d{3}(?!\d))")
_NUMBERING = re.compile(r"^\(?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[.、)]+(?!\d)")
_NAMED = r"[一-龥](?![各本全该个乡村城集小制心])[一-龥]"
_OFFICE = re.compile(rf"{_NAMED}(?:街道办事处|[乡镇](?=人民政府|政府))")
_ACTING = re.compile(  # an office without its ending, where it begins a clause and does something
    rf"(?:^|[,;。:]|由)(?![^,;。]{{0,6}}(?:[修建改清打提创治]|各|全|本|老旧|主要))[一-龥]{{0,6}}?({_NAMED}(?:街道|[乡镇]))"
    r"(?=为|对|在|将|下辖|辖区|所辖|计划|根据|按照|全年|年内|\d{4}年)"
)
_SHARED_OUT = re.compile(r"(?:各(?![类项种级界方])|每个)[^共总合]{0,14}$")  # 12个社区各1套, 每个配备1套: so many each
_OWN_OFFICE = re.compile("(?:街道|[乡镇])(?:办事处|人民政府|政府|党工委|党委)?$")
_BUREAU = re.compile("[一-龥]{2}([区县市])([一-龥]{2,8}(?:局|委|委员会|办公室|中心))$")


def objective_tables(submission: Submission) -> dict[str, tuple[Row, ...]]:
    """Work out the tables that come from texts.

    A table is left out, that is not stated, when none of its texts was handed in or one could not be read.
    """
    texts = cache(partial(_Text, submission))
    found = {}
    for name, table in submission.glossary.tables.items():
        rows, sources = _TABLES.get(name), table.derived_from
        if rows is None:
            continue
        cells = [submission.project.cells[source] for source in sources if source in submission.project.cells]
        if cells and not any(cell.state is State.UNREADABLE for cell in cells):
            stated = (source for source in sources if submission.project[source].state is State.VALUE)
            found[name] = tuple(row for source in stated for row in rows(texts(source)))
    return found


class _Text:
    """One text of a submission; its quantities are looked for once, whichever tables want them."""

    def __init__(self, submission: Submission, source: str) -> None:
        self.source = source
        self.cell = submission.project[source]
        self.plain = normal(submission.text(source))
        self.units = submission.glossary.units
        self.project = normal(submission.text("项目名称"))
        self.unit = normal(submission.text("实施单位"))

    @property
    def other_unit(self) -> str:
        """The first unit named that is of the reporting unit's kind and is another one.

        Offices of streets and townships, and the same bureau of another district. Only the last two characters of a
        name are compared, for nothing tells where a name begins.
        """
        if bureau := _BUREAU.search(self.unit):
            level, kind = bureau.groups()
            same = re.finditer(rf"[一-龥](?![各本全该])[一-龥]{level}{kind}", self.plain)
            named = [match[0] for match in same]
        elif _OWN_OFFICE.search(self.unit):
            found = [*_OFFICE.finditer(self.plain), *_ACTING.finditer(self.plain)]
            named = [match[match.lastindex or 0] for match in sorted(found, key=lambda match: match.start())]
        else:
            named = []
        return next((name for name in named if name not in self.unit), "")

    @cached_property
    def found(self) -> list[Found]:
        """The quantities; a figure that is part of the project's name (“五个先锋”) is none."""
        every = find(self.plain)
        return [found for found in every if self.plain[found.start : found.end + NAME_TAIL] not in self.project]


def clauses(text: str) -> list[str]:
    """Split a text into its clauses, normalised, without their numbering."""
    lines = [normal(line) for line in _LINE.split(text)]
    parts = (part.strip() for line in lines for part in _STOP.split(line))
    return [bare for part in parts if (bare := _NUMBERING.sub("", part))]


def _objective(text: _Text) -> Iterator[Row]:
    yield {"出处": computed(text.source), "内容": text.cell, "别的单位": computed(text.other_unit)}


def _clauses(text: _Text) -> Iterator[Row]:
    for position, clause in enumerate(clauses(text.cell.origin.raw or str(text.cell.value)), 1):
        yield {"出处": computed(text.source), "序号": computed(position), "内容": computed(clause)}


def _quantities(text: _Text) -> Iterator[Row]:
    for position, found in enumerate(text.found, 1):
        yield _quantity(position, found, text)


def _estimates(text: _Text) -> Iterator[Row]:
    for position, item in enumerate(estimates(text.found, text.plain, text.units), 1):
        values: dict[str, Value | None] = {
            "出处": text.source,
            "序号": position,
            "单价": item.price,
            "单价写法": item.written,
            "计价单位": item.per,
            "数量": item.number,
            "每年次数": item.periods,
            "金额": int(item.amount) if item.amount.denominator == 1 else None,
            "别的数量": "；".join(_around(text.plain, other) for other in item.others),
        }
        yield {name: computed(value) for name, value in values.items()}


def _quantity(position: int, found: Found, text: _Text) -> Row:
    quantity = found.quantity
    year = (quantity.date or "")[:4]
    values: dict[str, Value | None] = {
        "出处": text.source,
        "序号": position,
        "名称": found.name,
        "比较符": quantity.comparator,
        "数值": quantity.figure,
        "单位": quantity.unit,
        "值类": quantity.kind,
        "日期": quantity.date,
        "变化": quantity.change,
        "每": quantity.per or _each(found, text),
        "年份": int(year) if year.isdigit() else None,
        "金额": quantity.cents(text.units),
        "分句": _around(text.plain, found),
    }
    return {name: computed(value) for name, value in values.items()}


def _each(found: Found, text: _Text) -> str:
    """Give 各 for a quantity that several things stated before it in the clause get each, else nothing."""
    start = found.start - len(_STOP.split(text.plain[: found.start])[-1])
    several = (
        other.end for other in text.found if other.quantity.kind == "count" and start <= other.start < found.start
    )
    between = text.plain[next(several, found.start) : found.start]
    return "各" if _SHARED_OUT.search(between) else ""


def _around(text: str, found: Found) -> str:
    """Give the clause that a quantity stands in."""
    before, after = _STOP.split(text[: found.start])[-1], _STOP.split(text[found.end :])[0]
    return (before + text[found.start : found.end] + after).strip()


_TABLES: dict[str, Callable[[_Text], Iterator[Row]]] = {
    "绩效目标": _objective,
    "目标分句": _clauses,
    "目标数量": _quantities,
    "目标测算": _estimates,
}
