"""Layouts: how an official form is printed, as data (`rules/templates/`).

A file of its own may add ways to print labels to a shipped layout (补充), so that a new province's form needs no code.
"""

from pydantic import Field

from fpcheck.schema import Shape

Labels = dict[str, tuple[str, ...]]


class Recognition(Shape):
    """What tells the form: words of its title, and labels of which it has some."""

    titles: tuple[str, ...] = Field((), alias="标题")
    labels: tuple[str, ...] = Field((), alias="标签")


class TotalRow(Shape):
    """A line under a record table that holds figures of the project: which labels open it, which column is what.

    A column is named by the table's field, or by a label of its own where the table has no field for it.
    """

    labels: tuple[str, ...] = Field(alias="标签")
    columns: dict[str, str] = Field(alias="列")


class RecordTable(Shape):
    """A table with one record a row under a header of one or two rows.

    Where it has columns for fields of the project (`projects`), it lists the records of several projects: each row
    belongs to the project named in it, or last above it; a line with nothing but a name there names the unit.
    Lines that begin with a label of `skipped` are passed over, and so are those with nothing but a remnant of the
    template for a subject (`unused`, without figures and marks). One that begins with a label of `ends` ends the table.
    Records under a heading of `other_groups` are not this form's (长期绩效指标); `project_lines` are lines among the
    records with figures of the project.
    """

    table: str = Field(alias="对象")
    columns: Labels = Field({}, alias="列")
    projects: Labels = Field({}, alias="项目的列")
    required: tuple[str, ...] = Field((), alias="必有列")
    filled_down: tuple[str, ...] = Field((), alias="向下填充")
    skipped: tuple[str, ...] = Field((), alias="跳过")
    unused: tuple[str, ...] = Field((), alias="没有用的行")
    ends: tuple[str, ...] = Field((), alias="结束")
    other_groups: tuple[str, ...] = Field((), alias="不读的分组")
    total: TotalRow | None = Field(None, alias="合计行")
    project_lines: tuple[TotalRow, ...] = Field((), alias="项目行")


class CrossTable(Shape):
    """A table read by row label and column label: its total line belongs to the project, the others to a table."""

    table: str = Field(alias="对象")
    row_name: str = Field(alias="行名")
    columns: Labels = Field({}, alias="列")
    total_columns: Labels = Field({}, alias="合计行的列")
    totals: tuple[str, ...] = Field((), alias="合计行")
    parts: Labels = Field({}, alias="分项行")
    below_parts: tuple[str, ...] = Field((), alias="分项的分项")

    @property
    def part_labels(self) -> Labels:
        """How each part is printed, its own name first."""
        return {name: (name, *labels) for name, labels in self.parts.items()}


class Layout(Shape):
    """One layout: 表样, the 表种 that it is, and how each field is printed."""

    name: str = Field(alias="表样")
    form: str = Field(alias="表种")
    recognition: Recognition = Field(alias="识别")
    fields: Labels = Field({}, alias="字段")
    below: tuple[str, ...] = Field((), alias="写在下方")
    cross: CrossTable | None = Field(None, alias="资金表")
    record: RecordTable | None = Field(None, alias="明细表")
    furniture: tuple[str, ...] = Field((), alias="不读的标签")


class Supplement(Shape):
    """More ways to print the labels of a layout that is there already."""

    adds_to: str = Field(alias="补充")
    titles: tuple[str, ...] = Field((), alias="标题")
    fields: Labels = Field({}, alias="字段")
    fund_columns: Labels = Field({}, alias="资金表的列")
    fund_rows: Labels = Field({}, alias="资金表的行")
    columns: Labels = Field({}, alias="明细表的列")


def supplemented(layout: Layout, more: Supplement) -> Layout:
    """A layout with a supplement's labels behind its own."""
    recognition = layout.recognition.model_copy(update={"titles": (*layout.recognition.titles, *more.titles)})
    update: dict[str, object] = {"recognition": recognition, "fields": joined(layout.fields, more.fields)}
    if layout.cross:
        columns = joined(layout.cross.columns, more.fund_columns)
        update["cross"] = layout.cross.model_copy(
            update={"columns": columns, "parts": joined(layout.cross.parts, more.fund_rows)}
        )
    if layout.record:
        columns = joined(layout.record.columns, more.columns)
        update["record"] = layout.record.model_copy(update={"columns": columns})
    return layout.model_copy(update=update)


def with_own_names(one: Labels, two: Labels) -> Labels:
    """The labels of both, name by name: the name itself first, then those of `one`, those of `two` last."""
    return {name: (name, *labels) for name, labels in joined(one, two).items()}


def joined(one: Labels, two: Labels) -> Labels:
    """The labels of both, name by name, those of `one` first."""
    return {name: (*one.get(name, ()), *two.get(name, ())) for name in dict.fromkeys((*one, *two))}
