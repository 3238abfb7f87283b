"""What stands around a form's tables: its title, the year in it, and the unit of its amounts."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from fpcheck.document import Scalar, Spot
from fpcheck.intake.printed.labels import squeezed, unit_of
from fpcheck.intake.printed.layout import Layout
from fpcheck.intake.printed.view import Seen, View

UNIT, YEAR = "金额单位", "年度"
MAX_TITLE = 60
HEAD_ROWS = 6
_UNIT = re.compile(r"单位[:：](?:人民币)?([一-龥/、]{1,12})")
_SAID = re.compile(r"单位[:：]?(?:人民币)?(亿元|万元|千元|元)(?![一-龥/、])")
_MONEY = re.compile(r"[百千万亿]*元|[万亿]")
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?:年度?|预算年度|财政年度)")
_SPAN = re.compile(r"20\d\d年?度?[-—~至到]+20\d\d年?度?")
_OF_YEAR = re.compile(r"(?<!\d)(20\d\d)年度")
_ALONE = re.compile(r"[(]?(20\d\d)年?度?[)]?")
_CHINESE_YEAR = re.compile("二[〇○零Oo0][〇○零Oo0一二三四五六七八九]{2}(?=年)")
_DIGITS = str.maketrans("〇○零Oo一二三四五六七八九", "00000123456789")
_BLANK_YEAR = re.compile(r"[(]?_*年度[)]?")


@dataclass
class Head:
    """What the head says: fields of the project, and what is odd about it, each with a hint and a cell."""

    entries: dict[str, Scalar] = field(default_factory=dict)
    notes: list[tuple[str, str, Seen]] = field(default_factory=list)


def read_head(view: View, layout: Layout, known: Mapping[str, str], given: Mapping[str, object]) -> Head:
    """Read the year and the unit of amounts; a year that is `given` elsewhere is only compared."""
    head, title = Head(), title_of(view, layout)
    _read_year(view, head, years_of(view, title), given.get(YEAR))
    _read_unit(view, head, units_of(view, known))
    if title:
        view.tell_label(title, "标题")
    return head


def _read_year(view: View, head: Head, years: Mapping[str, Seen], given: object) -> None:
    for one in years.values():
        view.tell_label(one, YEAR)
    stated = given.text if isinstance(given, Scalar) else None
    others = {year: one for year, one in years.items() if not stated or year not in stated}
    if not stated and len(years) == 1:
        ((year, one),) = years.items()
        head.entries[YEAR] = Scalar(year, at=_spot(view, one))
    elif others and (stated or len(years) > 1):
        places = "、".join(f"{view.place(one).cell} 写 {year}年" for year, one in years.items())
        also = f"，“{YEAR}”栏写 {stated}" if stated else ""
        head.notes.append((f"写了不同的年度：{places}{also}", "请改成同一个年度", next(iter(others.values()))))


def _read_unit(view: View, head: Head, units: Mapping[str, Seen]) -> None:
    for one in units.values():
        view.tell_label(one, UNIT)
    first = next(iter(units.values()), None)
    if first is None:
        return
    head.entries[UNIT] = Scalar("、".join(units), at=_spot(view, first))
    if len(units) > 1:
        places = "、".join(f"{view.place(one).cell} 写“{unit}”" for unit, one in units.items())
        head.notes.append((f"写了几个不同的金额单位：{places}", "全表只用一个单位", first))


def _spot(view: View, one: Seen) -> Spot:
    return view.spot(one.block.top, one.block.left, one.cell.text.strip())


def title_of(view: View, layout: Layout) -> Seen | None:
    """The form's title: one of the first rows' cells with a word of the layout's titles."""
    for one in _head(view):
        text = squeezed(one.cell.text)
        if len(text) <= MAX_TITLE and any(squeezed(title) in text for title in layout.recognition.titles):
            return one
    return None


def opens_a_form(view: View, row: int, titles: Iterable[str]) -> bool:
    """Whether a row belongs to the head of a form: a title (given squeezed), an annex number, a year or the unit."""
    texts = [squeezed(one.cell.text) for one in view.starting(row)]
    return any(
        (len(text) <= MAX_TITLE and any(title in text for title in titles))
        or re.match(r"附[件表]", text)
        or _stated(text)
        or _ALONE.fullmatch(text)
        or _BLANK_YEAR.fullmatch(text)
        for text in texts
    )


def years_of(view: View, title: Seen | None) -> dict[str, Seen]:
    """The budget years that the title and the lines of the head name, each with a cell that says so.

    A span of years names none; 二〇二三年度 is 2023年度.
    """
    found: dict[str, Seen] = {}
    for one in _head(view):
        text = _CHINESE_YEAR.sub(lambda year: year[0].translate(_DIGITS), squeezed(one.cell.text))
        if len(text) > MAX_TITLE:
            continue
        years = (_YEAR if one is title else _OF_YEAR).findall(_SPAN.sub("", text))
        alone = _ALONE.fullmatch(text)
        for year in years or ([alone[1]] if alone else []):
            found.setdefault(year, one)
    return found


def units_of(view: View, known: Mapping[str, str]) -> dict[str, Seen]:
    """The units of amounts that the form states, each with a cell that says so.

    They stand behind 单位：, or in brackets behind a label of money. One that is none of the known units is given as it
    is written: 百万元; 万元/元 states two.
    """
    found: dict[str, Seen] = {}
    for one in view.seen:
        text = squeezed(one.cell.text)
        if len(text) > MAX_TITLE:
            continue
        said = _stated(text)
        bracketed = unit_of(text) if not said and _is_money(one, known) else None
        for unit in said or [bracketed or ""]:
            if unit and unit != "%":
                found.setdefault(unit, one)
    return found


def _stated(text: str) -> list[str]:
    """What stands behind 单位： where all of it is money."""
    if said := _SAID.search(text):
        return [said[1]]
    parts = [part for written in _UNIT.findall(text) for part in re.split("[/、]|或者?", written)]
    return parts if parts and all(map(_MONEY.fullmatch, parts)) else []


def _is_money(one: Seen, known: Mapping[str, str]) -> bool:
    return known.get(one.label) is not None and re.search("资金|预算|金额|执行|总额|拨款", one.label) is not None


def _head(view: View) -> Iterator[Seen]:
    rows = [row for row, _ in zip(view.filled_rows(view.top), range(HEAD_ROWS), strict=False)]
    return (one for row in rows for one in view.starting(row))
