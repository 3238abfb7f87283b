"""The glossary: the only bridge between the Chinese names on the forms and identifiers.

`rules/terms.yaml` is read once into a `Glossary`; names, labels, types, units and what each 表种 carries
stand nowhere else.
"""

from collections.abc import Iterator
from enum import StrEnum
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from fpcheck.document import Mapping, Node, Unreadable, read_text, read_yaml
from fpcheck.problem import Place, Problem
from fpcheck.schema import Shape, YesNo, build

PROJECT = "项目"
SUMMARY = "汇总"
MISSING = "缺项"
NATION = "全国"


class Type(StrEnum):
    """What a value is; the value of each member is its name in programs."""

    MONEY = "money"
    RATIO = "ratio"
    NUMBER = "number"
    COUNT = "count"
    TEXT = "text"
    DATE = "date"
    BOOLEAN = "boolean"
    ENUM = "enum"
    QUANTITY = "quantity"  # a figure out of a text: a number, or a ratio where it was written in percent

    @property
    def label(self) -> str:
        """The Chinese name of the type."""
        return next(chinese for chinese, kind in TYPES.items() if kind is self)


TYPES = {
    "金额": Type.MONEY,
    "比率": Type.RATIO,
    "数": Type.NUMBER,
    "个数": Type.COUNT,
    "文本": Type.TEXT,
    "日期": Type.DATE,
    "是否": Type.BOOLEAN,
    "选项": Type.ENUM,
    "量值": Type.QUANTITY,
}


def _typed(value: object) -> object:
    if isinstance(value, Type) or not isinstance(value, str):
        return value
    if value not in TYPES:
        raise ValueError(f"没有“{value}”这种类型；可以写的有：{'、'.join(TYPES)}")
    return TYPES[value]


ChineseType = Annotated[Type, BeforeValidator(_typed)]
Carried = dict[str, Literal["必有", "有栏要填", "可有"]]


class Term(Shape):
    """One field of one table."""

    name: str = ""
    table: str = ""
    identifier: str = Field(alias="英文", pattern=r"^[a-z][a-z_]*$")
    type: ChineseType = Field(alias="类型")
    meaning: str = Field(alias="含义")
    unit: str | None = Field(None, alias="单位")
    labels: tuple[str, ...] = Field((), alias="标签")
    choices: tuple[str, ...] = Field((), alias="选项")
    spellings: dict[str, str] = Field({}, alias="写法")
    placeholders: tuple[str, ...] = Field((), alias="占位")
    forms: Carried = Field({}, alias="表种")
    blank_is_empty: YesNo = Field(False, alias="空白即无")  # noqa: FBT003
    derived_from: str | None = Field(None, alias="来自")


class Table(Shape):
    """One table of a submission."""

    name: str = ""
    identifier: str = Field(alias="英文", pattern=r"^[a-z][a-z_]*$")
    meaning: str = Field(alias="含义")
    subject: str | None = Field(None, alias="主体")
    forms: Carried = Field({}, alias="表种")
    fields: dict[str, Term] = Field({}, alias="字段")
    derived: dict[str, Term] = Field({}, alias="算出")
    derived_from: tuple[str, ...] = Field((), alias="来自")

    @property
    def from_texts(self) -> bool:
        """Tell a table whose rows are found in texts of the project; its 出处 names the text."""
        return bool(self.derived_from)

    @cached_property
    def columns(self) -> dict[str, Term]:
        """Every column that a rule may read: supplied ones and derived ones."""
        return {**self.fields, **self.derived}

    def find(self, name: str) -> Term | None:
        """Look a supplied field up by its Chinese or English name."""
        return self._names.get(name)

    @cached_property
    def _names(self) -> dict[str, Term]:
        return {key: term for term in self.fields.values() for key in (term.name, term.identifier)}


class Form(Shape):
    """One 表种."""

    identifier: str = Field(alias="英文")
    meaning: str = Field(alias="含义")


class Region(Shape):
    """One region and the one above it."""

    parent: str | None = Field(None, alias="上级")
    also: tuple[str, ...] = Field((), alias="又名")


class Glossary(Shape):
    """Everything in terms.yaml."""

    forms: dict[str, Form] = Field(alias="表种")
    units: dict[str, int] = Field(alias="金额单位")
    placeholders: tuple[str, ...] = Field((), alias="占位")
    types: tuple[str, ...] = Field((), alias="类型")  # of faults, by the names that programs outside know
    regions: dict[str, Region] = Field(alias="地区")
    tables: dict[str, Table] = Field(alias="对象")

    @property
    def project(self) -> Table:
        """The table with one row."""
        return self.tables[PROJECT]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Every name, Chinese and English, of a project field or a child table."""
        tables = [name for table in self.children.values() for name in (table.name, table.identifier)]
        return (*(name for term in self.project.fields.values() for name in (term.name, term.identifier)), *tables)

    @cached_property
    def forms_by_size(self) -> tuple[str, ...]:
        """The 表种, that which carries the fewest fields first."""
        terms = [term for table in self.tables.values() for term in table.fields.values()]
        return tuple(sorted(self.forms, key=lambda form: sum(bool(term.forms.get(form)) for term in terms)))

    @cached_property
    def children(self) -> dict[str, Table]:
        """The tables handed in as lists."""
        return {name: table for name, table in self.tables.items() if name != PROJECT and table.fields}

    def find_table(self, name: str) -> Table | None:
        """Look a child table up by its Chinese or English name."""
        return next((t for t in self.children.values() if name in (t.name, t.identifier)), None)

    def find_region(self, name: str | None) -> str | None:
        """Give the region's name in the glossary, None when it is not listed."""
        wanted = (name or NATION).strip()
        return next((key for key, region in self.regions.items() if wanted == key or wanted in region.also), None)

    def known_regions(self, name: str) -> str:
        """Say which regions there are, and how an author adds one."""
        add = f"要添地区，在自己的 terms.yaml 里写“补充: 是”和“地区: {{{name}: {{上级: …}}}}”"
        return f"terms.yaml 里有：{'、'.join(self.regions)}；{add}"

    def region_around(self, name: str | None) -> str | None:
        """Give the region of a form's place: itself, or the nearest listed one that its full name begins with.

        Only a name written out to 省, 市, 区 or 县 counts as a beginning: 五华县 is not in 五华.
        """
        if found := self.find_region(name):
            return found
        wanted = (name or "").strip()
        names = {also: key for key, region in self.regions.items() for also in region.also if also[-1:] in "省市区县州"}
        around = [also for also in names if wanted.startswith(also)]
        return names[max(around, key=len)] if around else None

    def layers(self, region: str) -> list[str]:
        """Give a region and everything above it, the nearest first."""
        chain = [region]
        while (parent := self.regions[chain[-1]].parent) and parent not in chain:
            chain.append(parent)
        return chain

    def carried(self, form: str, table: str, field: str | None = None) -> str | None:
        """Tell whether a form carries a table or field: 必有, 有栏要填, 可有, or None for 没有."""
        owner = self.tables[table]
        if field is None:
            return owner.forms.get(form)
        return owner.fields[field].forms.get(form)

    def origins(self, table: str, field: str | None) -> list[tuple[str, str | None]]:
        """Give what a column, or a table, is worked out from as (table, field): itself where it is supplied."""
        owner = self.tables[table]
        if owner.from_texts:
            return [(PROJECT, name) for name in owner.derived_from]
        term = owner.columns.get(field or "")
        return [(table, (term.derived_from if term else None) or field)]

    def _faults(self) -> Iterator[str]:
        for table in self.tables.values():
            terms = list(table.columns.values())
            identifiers = [term.identifier for term in terms]
            yield from (f"{table.name}：英文名 {i} 用了两次" for i in set(identifiers) if identifiers.count(i) > 1)
            for term in terms:
                yield from (f"{table.name}.{term.name}：没有“{f}”这种表种" for f in term.forms if f not in self.forms)
                if (term.type is Type.ENUM) != bool(term.choices):
                    yield f"{table.name}.{term.name}：选项类型要有“选项”，其他类型不写"
                odd = (choice for choice in term.spellings.values() if choice not in term.choices)
                yield from (f"{table.name}.{term.name}：“写法”里的“{choice}”不在选项里" for choice in odd)
        for name, region in self.regions.items():
            if region.parent and region.parent not in self.regions:
                yield f"地区“{name}”的上级“{region.parent}”没有列出"
        if PROJECT not in self.tables or NATION not in self.regions:
            yield f"“对象”里要有“{PROJECT}”，“地区”里要有“{NATION}”"


_WHOLE = [field.alias or name for name, field in Glossary.model_fields.items() if field.is_required()]
_KEYS = frozenset(
    field.alias
    for model in (Term, Table, Form, Region, Glossary)
    for field in model.model_fields.values()
    if field.alias
)


def load_glossary(path: Path) -> Glossary:
    """Read terms.yaml.

    Raises:
        Unreadable: with every fault of the file.
    """
    source = str(path)
    return glossary_of(read_yaml(read_text(path, source), source, _KEYS)[0], source)


def glossary_of(node: Node, source: str) -> Glossary:
    """Make a glossary of what terms.yaml holds.

    Raises:
        Unreadable: with every fault.
    """
    lacking = [key for key in _WHOLE if isinstance(node, Mapping) and key not in node.entries]
    if lacking:
        message = f"缺少“{'”“'.join(lacking)}”，不是一份整的术语表"
        hint = "要在随附的术语表里添地区、标签、写法、占位，请在最前面加一行“补充: 是”；要整份换掉，请补上缺的"
        raise Unreadable([Problem(source, message, hint, Place(line=node.line, column=node.column))])
    bare = build(Glossary, node, source)
    tables = {name: _named(name, table) for name, table in bare.tables.items()}
    glossary = bare.model_copy(update={"tables": tables})
    faults = list(glossary._faults())  # noqa: SLF001 - the loader is part of the class
    if faults:
        raise Unreadable([Problem(source, fault) for fault in faults])
    return glossary


def _named(name: str, table: Table) -> Table:
    def terms(found: dict[str, Term]) -> dict[str, Term]:
        return {key: term.model_copy(update={"name": key, "table": name}) for key, term in found.items()}

    return table.model_copy(update={"name": name, "fields": terms(table.fields), "derived": terms(table.derived)})


@cache
def rules_folder() -> Path:
    """Find the shipped rules: inside the installed package, or beside it in a checkout."""
    inside = Path(__file__).parent / "rules"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "rules"


@cache
def shipped_glossary() -> Glossary:
    """Give the glossary of the shipped rules."""
    return load_glossary(rules_folder() / "terms.yaml")
