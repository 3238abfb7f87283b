"""Parameters and measures: typed once, found by name."""

from fractions import Fraction
from typing import Any, NamedTuple

from fpcheck.document import Node, Scalar
from fpcheck.problem import Place, Problem, did_you_mean
from fpcheck.rulebook import functions as fn
from fpcheck.rulebook import ir
from fpcheck.rulebook.calls import virtual_table
from fpcheck.rulebook.choices import FORCES
from fpcheck.rulebook.compile import Shelf, cited, typed
from fpcheck.rulebook.compiled import Parameters, Value
from fpcheck.rulebook.expression import parse
from fpcheck.rulebook.lower import LARGEST
from fpcheck.rulebook.malformed import Malformed
from fpcheck.rulebook.names import PARAMETER, Names
from fpcheck.rulebook.pack import File
from fpcheck.rulebook.rule import MeasureDefinition, ParameterDefinition, Setting
from fpcheck.rulebook.shared import SHARED, Shared, unfit
from fpcheck.schema import node_at, place_of
from fpcheck.terms import TYPES, Glossary, Table, Type


class Given(NamedTuple):
    """One entry of a parameters.yaml; `definition` is None where its shape is faulty."""

    file: File
    node: Node
    definition: ParameterDefinition | None

    def says(self, key: str) -> str | None:
        """Give what stands at one of its own keys."""
        found = node_at(self.node, (key,))
        return found.text if isinstance(found, Scalar) else None


def read_parameters(
    given: dict[str, list[Given]], glossary: Glossary, shelf: Shelf, problems: list[Problem]
) -> Parameters:
    """Type every value of every parameter; a user's values of a shipped parameter are added to it."""
    types: dict[str, Type] = {}
    values: dict[str, tuple[Value, ...]] = {}
    for name, entries in given.items():
        stated = next((said for entry in entries if (said := entry.says("类型"))), "")
        kind = TYPES.get(stated)
        for number, entry in enumerate(entries):
            reader = _SettingReader(name, entry.file, glossary, shelf, problems)
            sound = reader.heads(entry, stated, list(given), adds=number > 0)
            if not (sound and entry.definition and kind):
                shelf.register.entries.add((PARAMETER, name))
                continue
            found = [reader.read(at, setting, kind) for at, setting in enumerate(entry.definition.settings)]
            reader.tell_ties(entry.definition)
            types[name] = kind
            values[name] = (*values.get(name, ()), *(value for value in found if value))
    return Parameters(glossary, types, values)


class _SettingReader:
    """Reads the settings of one parameter in one file."""

    def __init__(self, name: str, file: File, glossary: Glossary, shelf: Shelf, problems: list[Problem]) -> None:
        self.name = name
        self.file = file
        self.glossary = glossary
        self.shelf = shelf
        self.problems = problems

    def note(self, path: tuple[int | str, ...], message: str, hint: str) -> None:
        """Keep a fault of this parameter."""
        place = place_of(self.file.node, (self.name, *path))
        self.problems.append(Problem(self.file.source, f"参数“{self.name}”{message}", hint, place))

    def heads(self, entry: Given, stated: str, known: list[str], *, adds: bool) -> bool:
        """Tell whether a parameter says soundly what it is; one that `adds` to another may leave that out."""
        said = entry.says("类型")
        lacking = [key for key in ("类型", "含义") if not adds and key not in getattr(entry.node, "entries", {key})]
        for key in lacking:
            near = did_you_mean(self.name, [name for name in known if name != self.name]) if len(lacking) > 1 else ""
            self.note((), f"缺少“{key}”", f"{near}新的界限要写“{key}: …”；给已有的界限添取值，名称要一样")
        if said is None:
            return adds
        if said not in TYPES:
            self.note(("类型",), f"的类型“{said}”不对", f"可以写：{'、'.join(TYPES)}")
        elif said != stated:
            self.note(("类型",), f"的类型“{said}”不对", f"已有的是“{stated}”，自己的值要同一类型，也可以不写“类型”")
        return said in TYPES and said == stated

    def tell_ties(self, definition: ParameterDefinition) -> None:
        """Tell two values for the same region, 表样 and day."""
        seen = set()
        for number, setting in enumerate(definition.settings):
            key = (self.glossary.find_region(setting.region), setting.template, setting.since)
            if key in seen:
                self.note(("取值", number), "同一地区、同一天写了两个值", "请只留一个")
            seen.add(key)

    def _claim(self, at: tuple[int | str, ...], setting: Setting) -> None:
        """Hold the force that a value claims to the strongest of the documents that it cites."""
        keys = [key for item in setting.basis for key in item]
        known = [self.shelf.sources[key].force for key in keys if key in self.shelf.sources]
        if known and _stronger(setting.force, best := min(known, key=FORCES.index)):
            hint = f"请把“效力”改为 {best}，或写上更有力的依据"
            self.note((*at, "效力"), f"的效力写“{setting.force}”，依据的文件只是“{best}”", hint)

    def read(self, number: int, setting: Setting, kind: Type) -> Value | None:
        """Type one value."""
        at = ("取值", number)
        region = self.glossary.find_region(setting.region)
        if region is None:
            self.note((*at, "地区"), f"没有“{setting.region}”这个地区", self.glossary.known_regions(setting.region))
        basis = cited(setting.basis, self.shelf, lambda path, message, hint: self.note((*at, *path), message, hint))
        self._claim(at, setting)
        literal = _literal(setting.value)
        fits = literal and (literal[1] is kind or {literal[1], kind} <= fn.NUMERIC)
        if literal is None or not fits:
            self.note((*at, "值"), f"的值“{setting.value}”不是{kind.label}", "比率写 95%，金额写 50万元，数写 30")
            return None
        value = literal[0]
        if (
            kind is Type.RATIO
            and isinstance(value, Fraction)
            and max(abs(value.numerator), value.denominator) > LARGEST
        ):
            self.note((*at, "值"), "的值位数太多", f"分子分母都不能超过 {LARGEST}")
        return Value(value, setting.model_copy(update={"region": region or setting.region}), basis, self.file.layer)


def _stronger(force: str, than: str) -> bool:
    return FORCES.index(force) < FORCES.index(than)


def _literal(text: str) -> tuple[Any, Type] | None:
    try:
        syntax = parse(text)
    except Malformed:
        return None
    return (syntax.args[0], syntax.args[1]) if syntax.op == "literal" else None


class MeasureShelf:
    """Measures, typed when first asked for, so that they may use each other; a circle is a fault."""

    def __init__(
        self, files: list[tuple[File, str, str, MeasureDefinition, Node]], glossary: Glossary, problems: list[Problem]
    ) -> None:
        self._defined = {(table, name): (file, definition, node) for file, table, name, definition, node in files}
        self._glossary = glossary
        self._problems = problems
        self._typed: dict[tuple[str, str], ir.Expr | None] = {}
        self._open: list[tuple[str, str]] = []
        self._names: Names | None = None
        self.names: dict[str, list[str]] = {}
        for table, name in self._defined:
            self.names.setdefault(table, []).append(name)

    def use(self, names: Names) -> None:
        """Type every measure with these names."""
        self._names = names
        for table, name in self._defined:
            owner = self._owner((table, name))
            if owner is None:
                self._note((table, name), f"没有“{table}”这张表", f"请写 terms.yaml 里的表名，或“{SHARED}”")
            elif fault := self._misplaced(table, name):
                self._note((table, name), *fault)
            elif name in owner.columns:
                self._note((table, name), f"“{table}”已有字段“{name}”", "请给度量另起一个名字")
            else:
                self.find(table, name)

    def of(self, table: str) -> list[tuple[str, ir.Expr, str]]:
        """Give the measures of a table: name, expression, reading."""
        found = [
            (name, self._typed.get((table, name)), self._defined[table, name][1]) for name in self.names.get(table, [])
        ]
        return [(name, expr, definition.reading) for name, expr, definition in found if expr]

    def listed(self, table: str) -> list[tuple[str, ir.Expr, str]]:
        """Give the measures of a table that a report lists."""
        return [found for found in self.of(table) if self._defined[table, found[0]][1].listed == "是"]

    def find(self, table: str, name: str) -> ir.Expr | None:
        """Give a measure's expression, None when there is none or it is faulty."""
        key = (table, name)
        if key not in self._defined or key in self._typed:
            return self._typed.get(key)
        if key in self._open:
            circle = " → ".join(n for _, n in [*self._open[self._open.index(key) :], key])
            self._note(key, f"度量互相引用成了一圈：{circle}", "请改写其中一个公式")
            return None
        self._open.append(key)
        self._typed[key] = self._type(key)
        self._open.pop()
        return self._typed[key]

    def shared(self, name: str) -> Shared | None:
        """Give a measure with arguments, None when there is none or it is faulty."""
        body = self.find(SHARED, name)
        return Shared(self._defined[SHARED, name][1].takes, body) if body else None

    def _owner(self, key: tuple[str, str]) -> Table | None:
        """Give the table whose fields a formula reads; those of a measure with arguments are its arguments."""
        if key[0] == SHARED:
            return virtual_table(SHARED, self._defined[key][1].takes)
        return self._glossary.tables.get(key[0])

    def _misplaced(self, table: str, name: str) -> tuple[str, str] | None:
        """Tell arguments where there can be none, or none where there must be some."""
        if bool(self._defined[table, name][1].takes) is not (table == SHARED):
            return f"只有“{SHARED}”下面的度量写“代入”，也都要写", "如 代入: {甲: 金额, 乙: 金额}"
        if table == SHARED and name in fn.NAMES:
            return "已有这个名字的函数", "请给度量另起一个名字"
        return None

    def _type(self, key: tuple[str, str]) -> ir.Expr | None:
        names, owner = self._names, self._owner(key)
        if names is None or owner is None:
            return None
        formula = self._defined[key][1].formula
        found = typed(formula, names, owner, lambda m, h, c: self._note(key, m, h, c))
        if found and key[0] == SHARED and (odd := unfit(found)):
            self._note(key, f"“{SHARED}”的公式里不能写{odd}", "请在调用的地方写好，再代入进来")
            return None
        return found

    def _note(self, key: tuple[str, str], message: str, hint: str, column: int = 0) -> None:
        file, _, node = self._defined[key]
        place = place_of(node, ("公式",))
        at = Place(line=place.line, column=(place.column or 1) + max(column - 1, 0))
        self._problems.append(Problem(file.source, f"度量“{key[1]}”：{message}", hint, at))
