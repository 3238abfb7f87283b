"""A table of money written in pairs: 预算数：45 执行数：43.6, and under each its parts, 其中：财政拨款 40."""

from fpcheck.document import Mapping, Scalar, Sequence
from fpcheck.intake.printed.cross_table import Crossed
from fpcheck.intake.printed.header import Header
from fpcheck.intake.printed.labels import spelled
from fpcheck.intake.printed.layout import CrossTable, Labels
from fpcheck.intake.printed.view import Seen, View

PAIRS = 2


def read_paired(view: View, table: CrossTable, money: Labels) -> Crossed | None:
    """Read the table; None where no row has several labels of money, each with its figure beside it."""
    fields = spelled(money)
    for row in view.filled_rows(view.top):
        labels = [one for one in view.starting(row) if one.label in fields]
        if len({fields[one.label] for one in labels}) >= PAIRS and any(_figure(view, one) for one in labels):
            crossed = Crossed(Header(row))
            for one in labels:
                crossed.totals[fields[one.label]] = _beside(view, one, fields[one.label])
                view.tell_label(one, fields[one.label])
            crossed.parts = _parts(view, table, row, {fields[one.label]: one for one in labels})
            return crossed
    return None


def _figure(view: View, label: Seen) -> bool:
    beside = view.right_of(label.block)[2]
    return beside is not None and any(c.isdigit() for c in beside.cell.text)


def _beside(view: View, label: Seen, name: str) -> Scalar:
    row, column, _ = view.right_of(label.block)
    return view.value(row, column, label.cell.text, name)


def _parts(view: View, table: CrossTable, above: int, columns: dict[str, Seen]) -> Sequence | None:
    """The rows below, as long as the labels of parts go on under those of the total."""
    known = spelled(table.part_labels)
    found: dict[str, dict[str, Scalar]] = {}
    for row in view.filled_rows(above + 1):
        labels = {name: view.at(row, top.block.left) for name, top in columns.items()}
        parts = {name: one for name, one in labels.items() if one and one.label in known}
        if not parts:
            break
        for name, one in parts.items():
            source = known[one.label]
            entries = found.setdefault(source, {table.row_name: _named(view, one, table.row_name, source)})
            entries[name] = _beside(view, one, name)
            view.tell_label(one, table.row_name)
    filled = [
        entries for entries in found.values() if any(entries[name].text for name in entries.keys() & columns.keys())
    ]
    return Sequence([Mapping({**entries}, {}) for entries in filled]) if filled else None


def _named(view: View, one: Seen, name: str, source: str) -> Scalar:
    return view.value(one.block.top, one.block.left, one.cell.text, name)._replace(text=source)
