"""What a user's own terms.yaml adds to the glossary below: regions; labels, spellings and placeholders of fields."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from pydantic import Field

from fpcheck.document import Node, Unreadable
from fpcheck.problem import Problem, did_you_mean
from fpcheck.rulebook.pack import Pack
from fpcheck.schema import Shape, build, place_of
from fpcheck.terms import Glossary, Region, Table, Term, Type, glossary_of, load_glossary
from fpcheck.value import normal

Fault = tuple[tuple[str, ...], str, str]
"""Where in the file, what is wrong, what to write."""


class AddedTerm(Shape):
    """What is added to one field."""

    labels: tuple[str, ...] = Field((), alias="标签", min_length=1)
    spellings: dict[str, str] = Field({}, alias="写法")
    placeholders: tuple[str, ...] = Field((), alias="占位", min_length=1)


class AddedTable(Shape):
    """What is added to the fields of one table."""

    fields: dict[str, AddedTerm] = Field(alias="字段")


class AddedTerms(Shape):
    """Everything in a terms.yaml that adds to the one below."""

    adds: Literal["是"] = Field(alias="补充")
    regions: dict[str, Region] = Field({}, alias="地区")
    placeholders: tuple[str, ...] = Field((), alias="占位", min_length=1)
    tables: dict[str, AddedTable] = Field({}, alias="对象")


def glossary_in(pack: Pack) -> Glossary:
    """Give the glossary of a pack: that of its lowest layer, and what the layers above add to it.

    Raises:
        Unreadable: with every fault of the first faulty file, or of all that are no YAML.
    """
    files = [*pack.of("terms")]
    base = next((file for file in files if file.layer == 0), None)  # none where it cannot be read, or is left out
    glossary = glossary_of(base.node, base.source) if base else load_glossary(pack.terms)
    unread = {one.source for one in pack.unread if one.kind == "terms"}
    if unread:
        raise Unreadable([problem for problem in pack.problems if problem.source in unread])
    for file in files:
        if file.layer:
            glossary = _enlarged(glossary, build(AddedTerms, file.node, file.source), file.node, file.source)
    return glossary


def _enlarged(glossary: Glossary, added: AddedTerms, node: Node, source: str) -> Glossary:
    faults = [*_region_faults(glossary, added.regions), *_term_faults(glossary, added.tables)]
    if faults:
        raise Unreadable([Problem(source, what, hint, place_of(node, path)) for path, what, hint in faults])
    regions = dict(glossary.regions)
    for name, region in added.regions.items():
        known = regions.get(name)
        regions[name] = known.changed(also=_joined(known.also, region.also)) if known else region
    tables = {name: _with(table, added.tables.get(name)) for name, table in glossary.tables.items()}
    placeholders = _joined(glossary.placeholders, map(normal, added.placeholders))
    return glossary.changed(regions=regions, tables=tables, placeholders=placeholders)


def _with(table: Table, added: AddedTable | None) -> Table:
    if added is None:
        return table
    fields = {name: _with_more(term, added.fields.get(name)) for name, term in table.fields.items()}
    return table.changed(fields=fields)


def _with_more(term: Term, added: AddedTerm | None) -> Term:
    if added is None:
        return term
    return term.changed(
        labels=_joined(term.labels, added.labels),
        spellings={**term.spellings, **{normal(said): choice for said, choice in added.spellings.items()}},
        placeholders=_joined(term.placeholders, map(normal, added.placeholders)),
    )


def _joined(below: Iterable[str], above: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*below, *above)))


def _region_faults(glossary: Glossary, added: Mapping[str, Region]) -> Iterator[Fault]:
    known = {**glossary.regions, **added}
    for name, region in added.items():
        at, below = ("地区", name), glossary.regions.get(name)
        if below is not None and region.parent not in (None, below.parent):
            hint = "上级不能改；只添又名的，不写“上级”"
            yield (*at, "上级"), f"地区“{name}”已经有了，上级是“{below.parent or '（没有）'}”", hint
        elif below is None and region.parent is None:
            yield at, f"地区“{name}”没有写“上级”", f"请写成 {name}: {{上级: …}}，上级是这里或随附的术语表里的地区"
        elif region.parent is not None and region.parent not in known:
            hint = did_you_mean(region.parent, [*known]) or f"有的是：{'、'.join(known)}"
            yield (*at, "上级"), f"地区“{name}”的上级“{region.parent}”没有列出", hint
        elif _in_a_circle(name, known):
            yield (*at, "上级"), f"地区“{name}”绕了一圈又是自己的上级", "请核对“上级”，最后要到“全国”"
        yield from _name_faults(at, name, glossary, added)


def _in_a_circle(name: str, known: Mapping[str, Region]) -> bool:
    seen, above = {name}, known[name].parent
    while above and above in known and above not in seen:
        seen.add(above)
        above = known[above].parent
    return above == name


def _name_faults(at: tuple[str, ...], name: str, glossary: Glossary, added: Mapping[str, Region]) -> Iterator[Fault]:
    """Tell a name by which another region goes: nobody could tell which of the two a form means."""
    others = {key: region for key, region in (*glossary.regions.items(), *added.items()) if key != name}
    own = [] if name in glossary.regions else [(at, name)]
    for path, said in [*own, *(((*at, "又名"), also) for also in added[name].also)]:
        owner = next((key for key, region in others.items() if said == key or said in region.also), None)
        if owner:
            yield path, f"“{said}”已经是地区“{owner}”的名称", "一个名称只能指一个地区，请另写一个，如加上省、市"


def _term_faults(glossary: Glossary, added: Mapping[str, AddedTable]) -> Iterator[Fault]:
    for name, more in added.items():
        table = glossary.tables.get(name)
        if table is None or not table.fields:
            known = [key for key, one in glossary.tables.items() if one.fields]
            hint = did_you_mean(name, known) or f"有的是：{'、'.join(known)}"
            yield ("对象", name), f"没有“{name}”这张填报的表", hint
            continue
        for field, term in more.fields.items():
            yield from _field_faults(("对象", name, "字段", field), table, field, term)


def _field_faults(at: tuple[str, ...], table: Table, field: str, added: AddedTerm) -> Iterator[Fault]:
    term = table.fields.get(field)
    if term is None:
        hint = did_you_mean(field, [*table.fields])
        hint = hint or "补充只给已有的字段添标签、写法、占位；要添字段，请另写一份整的 terms.yaml"
        yield at, f"“{table.name}”没有“{field}”这个字段", hint
        return
    taken = {normal(said): one.name for one in table.fields.values() for said in (one.name, *one.labels)}
    for label in added.labels:
        if taken.get(normal(label), field) != field:
            hint = "一个标签只能指一个字段，请只留一处"
            yield (*at, "标签"), f"“{label}”已经是“{taken[normal(label)]}”的名称或标签", hint
    if added.spellings and term.type is not Type.ENUM:
        yield (*at, "写法"), f"“{field}”不是选项，不能写“写法”", "请删去；表上的栏名写在“标签”里"
        return
    for said, choice in added.spellings.items():
        yield from _spelling_faults((*at, "写法", said), term, said, choice)


def _spelling_faults(at: tuple[str, ...], term: Term, said: str, choice: str) -> Iterator[Fault]:
    means = said if said in term.choices else term.spellings.get(normal(said), choice)
    if choice not in term.choices:
        yield at, f"“{term.name}”没有“{choice}”这个选项", f"写成“表上的写法: 选项”；选项有：{'、'.join(term.choices)}"
    elif means != choice:
        yield at, f"“{said}”已经当作“{means}”", "不能改作别的选项，请删去这一项"
