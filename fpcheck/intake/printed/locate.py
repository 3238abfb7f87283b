"""One form on a sheet → the fields of a submission, each with its cell; what was not found is told."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from fpcheck.document import Mapping, Node, Scalar
from fpcheck.intake.printed.cross_table import Crossed, read_crossed
from fpcheck.intake.printed.head import UNIT, read_head, title_of
from fpcheck.intake.printed.header import Header, expect, find_header
from fpcheck.intake.printed.labels import label_of, spelled
from fpcheck.intake.printed.layout import Labels, Layout, joined, with_own_names
from fpcheck.intake.printed.lookup import Found, Lookup
from fpcheck.intake.printed.paired_table import read_paired
from fpcheck.intake.printed.record_table import Records, read_records
from fpcheck.intake.printed.unknown import Part, unknown_labels
from fpcheck.intake.printed.view import Seen, View, looks_printed
from fpcheck.problem import Place, Problem, short
from fpcheck.terms import PROJECT, Glossary, Table, Type

SHOWN = 3
MIN_LABELS = 3  # fewer printed labels are no form
_ADD = "要读的，运行 fpcheck form try 看怎样添加叫法"


@dataclass
class Located:
    """A form as it was found: the fields for reading, what is missing, what was odd.

    `unknown` are the labels that nobody knows, each with the part of the form that it is printed in.
    """

    layout: Layout
    view: View
    entries: dict[str, Node] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unknown: list[tuple[Part, Seen]] = field(default_factory=list)

    @property
    def node(self) -> Mapping:
        """The form as a submission is read from."""
        return Mapping(self.entries, {})


class Printed:
    """The labels of a layout together with those of the glossary."""

    def __init__(self, layout: Layout, glossary: Glossary) -> None:
        self.layout = layout
        cross, record = layout.cross, layout.record
        project = _printed(glossary.project, layout.form)
        self.columns = (
            with_own_names(record.columns, _printed(glossary.tables[record.table], layout.form)) if record else {}
        )
        self.columns = joined(self.columns, record.projects if record else {})
        self.money = with_own_names(cross.columns, _kept(project, cross.columns)) if cross else {}
        self.totals = with_own_names(cross.total_columns, _kept(project, cross.total_columns)) if cross else {}
        own = glossary.project.fields
        rates = {name: labels for name, labels in self.totals.items() if own[name].type is Type.RATIO}
        self.fields = joined(with_own_names(layout.fields, project), joined(self.money, rates))
        self.columns_by_label = spelled(self.columns)
        self.money_by_label = {**spelled(self.money), **spelled(self.totals)}
        self.tables = {**self.columns_by_label, **self.money_by_label}
        if cross:
            self.tables |= dict.fromkeys(map(label_of, (*cross.totals, *cross.below_parts)), cross.row_name)
            self.tables |= spelled(cross.part_labels)
        others = (UNIT, "单位", *layout.furniture, *(record.ends if record else ()))
        total = record.total.labels if record and record.total else ()
        self.others = dict.fromkeys(map(label_of, (*others, *total)), "")
        self.by_label = spelled(self.fields)
        self.known = {**self.others, **self.tables, **self.by_label}

    def lists_projects(self, view: View) -> bool:
        """Whether a form is a list of projects of this layout: the header of its table names them."""
        record = self.layout.record
        if record is None or not record.projects:
            return False
        return find_header(view, expect(self.columns, self.others), record.required) is not None


def _printed(table: Table, form: str) -> Labels:
    """How the fields of a table are printed, by the glossary."""
    return {name: term.labels for name, term in table.fields.items() if term.forms.get(form)}


def _kept(labels: Labels, names: Iterable[str]) -> Labels:
    return {name: labels[name] for name in names if name in labels}


def choose(view: View, layouts: Iterable[Printed]) -> Printed | None:
    """The layout that a form has: by its title and by the labels that only it has; None for what is no form."""

    def points(printed: Printed) -> int:
        recognition = printed.layout.recognition
        labels = sum(label_of(label) in view.by_label for label in recognition.labels)
        return 3 * (title_of(view, printed.layout) is not None) + labels + 10 * printed.lists_projects(view)

    able = [one for one in layouts if sum(label in view.by_label for label in one.known) >= MIN_LABELS]
    best = max(able, key=points, default=None)
    return best if best and points(best) else None


def locate(view: View, printed: Printed, glossary: Glossary, source: str) -> Located:
    """Find every field of a form."""
    return _Locator(view, printed, glossary, source).locate()


class _Locator:
    """Finds the tables first, then the single fields among what is left."""

    def __init__(self, view: View, printed: Printed, glossary: Glossary, source: str) -> None:
        self.view = view
        self.printed = printed
        self.glossary = glossary
        self.source = source
        self.layout = printed.layout
        self.located = Located(self.layout, view)

    def locate(self) -> Located:
        """Find everything."""
        entries = self.located.entries
        fields = self.printed.by_label
        records = self._records({**self.printed.others, **fields})
        crossed = self._crossed(fields)
        self._edge(records, crossed)
        entries["表种"] = Scalar(self.layout.form)
        listed = records.header.columns.keys() & self.layout.record.projects if records and self.layout.record else ()
        self._fields({*(records.totals if records else ()), *(crossed.totals if crossed else ()), *listed}, records)
        for found in (records, crossed):
            entries.update({k: v for k, v in found.totals.items() if k not in entries} if found else {})
        self._head()
        self._missing(records)
        self._unknown(records, crossed)
        return self.located

    def _head(self) -> None:
        """Take the year and the unit of amounts from the title and the lines around it."""
        head = read_head(self.view, self.layout, self.printed.known, self.located.entries)
        self.located.entries.update(head.entries)
        for message, hint, one in head.notes:
            self._note(message, hint, one)

    def _records(self, stops: dict[str, str]) -> Records | None:
        table = self.layout.record
        if table is None:
            return None
        columns = self.printed.columns_by_label
        stops = {label: name for label, name in stops.items() if label not in columns}
        records = read_records(self.view, table, self.printed.columns, stops)
        if records:
            self.located.entries[table.table] = records.rows
            self._slips(records.header.slips)
            self._unread_columns(records.header)
            self._odd(records.odd, f"{table.table}表里的")
            self._filled(records)
            if not records.rows.items:
                where = Place(table.table, sheet=self.view.sheet.name)
                self.located.problems.append(Problem(self.source, f"{table.table}表里没有读到内容", "请核对", where))
        return records

    def _crossed(self, fields: dict[str, str]) -> Crossed | None:
        cross = self.layout.cross
        if cross is None:
            return None
        stops = {**fields, **self.printed.columns_by_label, **self.printed.others}
        own = self.printed.money_by_label
        stops = {label: name for label, name in stops.items() if label not in own}
        crossed = read_crossed(self.view, cross, self.printed.money, self.printed.totals, stops)
        crossed = crossed or read_paired(self.view, cross, self.printed.money)
        if crossed is None:
            message = "没有找到资金表，资金一栏都没有读"
            self.located.problems.append(Problem(self.source, message, _ADD, Place(sheet=self.view.sheet.name)))
            return None
        if crossed.parts is not None:
            self.located.entries[cross.table] = crossed.parts
        self._slips(crossed.slips)
        self._odd(crossed.odd, "资金表里的")
        return crossed

    def _fields(self, given: set[str], records: Records | None) -> None:
        """Find the single fields; those that a table's total line gave are looked for nowhere else."""
        notes = self.layout.record.ends if self.layout.record else ()
        lookup = Lookup(self.view, self.printed.known, self.layout.below, notes)
        open_fields = {name: labels for name, labels in self.printed.fields.items() if name not in given}
        if records:
            self._keep_totals(records.header)
        for name, labels in open_fields.items():
            if found := lookup.find(name, labels):
                self.located.entries[name] = found.value
                self._rivals(lookup, name, labels, found)
        for name, labels in open_fields.items():
            if name not in self.located.entries and (found := lookup.find_slip(name, labels)):
                self.located.entries[name] = found.value
                self._slips([(found.label, found.slip)])

    def _edge(self, records: Records | None, crossed: Crossed | None) -> None:
        """Tell the form's last column by its title and tables, and by labels whose values stand further right."""
        if records is None:
            return
        title = title_of(self.view, self.layout)
        edges = [records.header.right, crossed.header.right if crossed else -1, title.block.right if title else -1]
        below = {label for name in self.layout.below for label, of in self.printed.by_label.items() if of == name}
        for one in self.view.seen:
            if one.label in self.printed.by_label and one.label not in below:
                beside = self.view.sheet.block(one.block.top, one.block.right + 1)
                edges.append(beside.right)
        columns = Counter(one.block.left for one in self.view.seen)
        edges += [column for column, count in columns.items() if count > 1]  # a remark beside the form stands alone
        self.view.edge = max(edges)

    def _keep_totals(self, header: Header) -> None:
        """Keep labels of the table's total line from standing for a field: what is right of them is another column."""
        total = self.layout.record.total if self.layout.record else None
        opening = set(map(label_of, total.labels)) if total and header.columns.keys() & total.columns.keys() else set()
        for one in self.view.seen:
            if one.label in opening and one.block.top > header.last:
                self.view.tell_label(one, "合计行")

    def _rivals(self, lookup: Lookup, name: str, labels: Iterable[str], found: Found) -> None:
        """Tell another label of a field that has another value."""
        for one, value in lookup.rivals(name, labels, found):
            labels_printed = f"“{short(found.label.cell.text)}”和“{short(one.cell.text)}”"
            message = f"{labels_printed}都像“{name}”，读了前一处；后一处写的是“{short(value)}”"
            self._note(message, "两处不同的，请核对", one, remark=True)

    def _missing(self, records: Records | None) -> None:
        entries, form = self.located.entries, self.layout.form
        project = [n for n, term in self.glossary.project.fields.items() if term.forms.get(form) == "必有"]
        table = self.layout.record
        listed = {name for row in records.rows.items for name in getattr(row, "entries", ())} if records else set()
        lacking = [name for name in project if name not in entries and name not in listed]
        if table:
            columns = self.glossary.tables[table.table].fields
            found = records.header.columns if records else {}
            needed = [n for n, term in columns.items() if term.forms.get(form) == "必有" and n not in found]
            lacking += needed if records else [table.table]
        self.located.missing = lacking
        for name in lacking:
            message = f"没有找到“{name}”"
            where = Place(table.table if table and name in self.printed.columns else PROJECT, None, name)
            where = replace(where, sheet=self.view.sheet.name)
            hint = "表上没有这一栏的请补上；换了叫法的，运行 fpcheck form try 看怎样添加"
            self.located.problems.append(Problem(self.source, message, hint, where))

    def _slips(self, slips: Iterable[tuple[Seen, str]]) -> None:
        for one, meant in slips:
            message = f"标签“{short(one.cell.text)}”疑似误写，当作“{meant}”读了"
            self._note(message, f"请核对，改成“{meant}”", one, remark=True)

    def _odd(self, lines: Iterable[Seen], where: str) -> None:
        for one in lines:
            message = f"{where}“{short(one.cell.text)}”没有认出，这一行没有读"
            self._note(message, "请核对这一行的名称；表上本来就这样印的，运行 fpcheck form try 看怎样添加叫法", one)

    def _unread_columns(self, header: Header) -> None:
        for one in header.unknown:
            if one.label and one.label not in self.printed.known:
                self._note(f"表头“{short(one.cell.text)}”没有认出，这一栏没有读", _ADD, one, remark=True)

    def _filled(self, records: Records) -> None:
        for name in dict.fromkeys(name for _, name in records.filled):
            cells = [cell for cell, of in records.filled if of == name]
            where = Place(sheet=self.view.sheet.name, cell=cells[0])
            shown = "、".join(cells[:3]) + ("…" if len(cells) > 3 else "")  # noqa: PLR2004 - enough to find them
            message = f"“{name}”有 {len(cells)} 格空着（{shown}），按上一行的读了"
            self.located.problems.append(Problem(self.source, message, "不是的请补上", where, remark=True))

    def _note(self, message: str, hint: str, one: Seen, *, remark: bool = False) -> None:
        where = self.view.place(one)
        self.located.problems.append(Problem(self.source, message, hint, where, remark=remark))

    def _unknown(self, records: Records | None, crossed: Crossed | None) -> None:
        """List the labels that were read as nothing and that no part of the layout knows; say where a value is."""
        self.located.unknown = unknown_labels(self.view, self.printed.known, records, crossed)
        beside = [one for part, one in self.located.unknown if part is Part.FIELD and self._has_value(one)]
        if beside:
            shown = "、".join(f"“{short(one.cell.text, 12)}”（{self.view.place(one).cell}）" for one in beside[:SHOWN])
            more = f" 等 {len(beside)} 处" if len(beside) > SHOWN else ""
            self._note(f"没有认出{shown}{more}，旁边写的没有读", _ADD, beside[0], remark=True)
        for one in [one for one in self.view.outside() if re.search(r"[一-龥\d]", one.cell.text)][:1]:
            self._note("表的右边还有文字，没有读", "是表里的内容请移进表格", one, remark=True)

    def _has_value(self, one: Seen) -> bool:
        right = self.view.right_of(one.block)[2]
        return right is not None and right.label not in self.printed.known and not looks_printed(right)
