"""What stands around a form's tables: its title, the year in it, and the unit of its amounts."""

import re
from collections.abc import Iterable, Iterator, Mapping

from fpcheck.document import Scalar
from fpcheck.intake.printed.labels import squeezed, unit_of
from fpcheck.intake.printed.layout import Layout
from fpcheck.intake.printed.view import Seen, View

MAX_TITLE = 60
HEAD_ROWS = 6
_UNIT = re.compile(r"(?:金额)?单位[:：]?(?:人民币)?(亿元|万元|千元|元)")
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?:年度?|预算年度|财政年度)")
_ALONE = re.compile(r"[(]?(20\d\d)年?度?[)]?")
_BLANK_YEAR = re.compile(r"[(]?_*年度[)]?")


def title_of(view: View, layout: Layout) -> Seen | None:
    """The form's title: one of the first rows' cells with a word of the layout's titles."""
    for one in _head(view):
        text = squeezed(one.cell.text)
        if len(text) <= MAX_TITLE and any(squeezed(title) in text for title in layout.recognition.titles):
            return one
    return None


def opens_a_form(view: View, row: int, layouts: Iterable[Layout]) -> bool:
    """Whether a row belongs to the head of a form: a title, an annex number, a year or the unit of amounts."""
    texts = [squeezed(one.cell.text) for one in view.starting(row)]
    titles = [squeezed(title) for layout in layouts for title in layout.recognition.titles]
    return any(
        (len(text) <= MAX_TITLE and any(title in text for title in titles))
        or re.match(r"附[件表]", text)
        or _UNIT.search(text)
        or _ALONE.fullmatch(text)
        or _BLANK_YEAR.fullmatch(text)
        for text in texts
    )


def year_of(view: View, title: Seen | None) -> Scalar | None:
    """The budget year in the title or alone in a cell of the head; None where there is none, or several."""
    found: dict[str, Seen] = {}
    for one in _head(view):
        text = squeezed(one.cell.text)
        if one is title:
            found |= dict.fromkeys(_YEAR.findall(text), one)
        elif alone := _ALONE.fullmatch(text):
            found[alone[1]] = one
    if len(found) != 1:
        return None
    ((year, one),) = found.items()
    view.tell_label(one, "年度")
    return Scalar(year, at=view.spot(one.block.top, one.block.left, one.cell.text.strip()))


def units_of(view: View, known: Mapping[str, str]) -> dict[str, Seen]:
    """The units of amounts that the form states, each with a cell that says so.

    They stand behind 单位：, or in brackets behind a label of money.
    """
    found: dict[str, Seen] = {}
    for one in view.seen:
        text = squeezed(one.cell.text)
        if len(text) > MAX_TITLE:
            continue
        said = _UNIT.search(text)
        unit = said[1] if said else unit_of(text) if _is_money(one, known) else None
        if unit and unit != "%":
            found.setdefault(unit, one)
    return found


def _is_money(one: Seen, known: Mapping[str, str]) -> bool:
    return known.get(one.label) is not None and re.search("资金|预算|金额|执行|总额|拨款", one.label) is not None


def _head(view: View) -> Iterator[Seen]:
    rows = [row for row, _ in zip(view.filled_rows(view.top), range(HEAD_ROWS), strict=False)]
    return (one for row in rows for one in view.starting(row))
