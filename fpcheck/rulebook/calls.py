"""The functions of the language, typed: values, aggregates over a table, the batch, and findings."""

from fpcheck.problem import did_you_mean
from fpcheck.rulebook import functions as fn
from fpcheck.rulebook import ir
from fpcheck.rulebook.expression import Syntax
from fpcheck.rulebook.names import MEASURE, RULE, Names
from fpcheck.rulebook.shared import SHARED, called
from fpcheck.rulebook.typecheck import Checker
from fpcheck.rulebook.types import comparable, kind_of
from fpcheck.terms import PROJECT, SUMMARY, Table, Type

RULE_COLUMNS = ("规则", "类型", "类别", "级别", "把握", "结果")


class Typechecker(Checker):
    """Types a whole expression, functions included."""

    def _call(self, node: Syntax) -> ir.Expr | None:
        name, *args = node.args
        if name in fn.AGGREGATES:
            return self._aggregate(node, fn.AGGREGATES[name], args)
        if name in fn.FUNCTIONS:
            return self._function(node, fn.FUNCTIONS[name], args)
        if name in fn.BATCH:
            return self._batch(node, name, args)
        if name in fn.FINDINGS:
            return self._findings(node, name, args)
        if name in fn.SPECIAL:
            return _SPECIAL[name](self, node, args)
        return self._shared(node, name, args)

    def _shared(self, node: Syntax, name: str, args: list[Syntax]) -> ir.Expr | None:
        self.names.register.use(MEASURE, f"{SHARED}.{name}")
        shared = self.names.shared(name)
        own = self.names.measures.get(SHARED, [])
        if shared is None and (name in own or self.names.register.unread(MEASURE, f"{SHARED}.{name}")):
            return None  # faulty where it is defined
        if shared is None:
            known = [*fn.NAMES, *own]
            hint = did_you_mean(name, known) or f"有的是：{'、'.join(known)}"
            return self._fault(node, f"没有“{name}( )”这个函数", hint)
        usage = f"{name}({', '.join(shared.takes)})"
        found = self._counted(node, args, len(shared.takes), usage)
        for (taken, kind), item in zip(shared.takes.items(), found or (), strict=bool(found)):
            if not comparable(ir.Field(ir.Scope.ROW, SHARED, taken, kind), item):
                return self._fault(node, f"“{taken}”要的是{kind.label}，现在是{kind_of(item)}", f"写法：{usage}")
        return called(name, shared, found) if found else None

    def _function(self, node: Syntax, signature: fn.Signature, args: list[Syntax]) -> ir.Expr | None:
        found = self._counted(node, args, len(signature.takes), signature.usage)
        if not found:
            return None
        for taken, item in zip(signature.takes, found, strict=True):
            if item.type not in taken:
                wanted = "、".join(sorted(kind.label for kind in taken))
                return self._fault(
                    node, f"{node.args[0]}( ) 要的是{wanted}，现在是{kind_of(item)}", f"写法：{signature.usage}"
                )
        if node.args[0] == "四舍五入" and not isinstance(found[1], ir.Const):
            return self._fault(node, "四舍五入的位数要写成数", "如 四舍五入(下达执行率, 2)")
        return ir.Call(node.args[0], found, signature.gives or found[0].type)

    def _counted(self, node: Syntax, args: list[Syntax], count: int, usage: str) -> tuple[ir.Expr, ...] | None:
        if len(args) != count:
            self._fault(node, f"{node.args[0]}( ) 要 {count} 个内容，现在有 {len(args)} 个", f"写法：{usage}")
            return None
        if node.args[0] != "命中词":
            return self._figures(node, args)
        text, words = self.expr(args[0]), self.value_or_words(args[1])
        return (text, words) if text and words else None

    def _figures(self, node: Syntax, args: list[Syntax]) -> tuple[ir.Expr, ...] | None:
        """Type arguments; 发现数 is a count known only as an interval and goes into no function."""
        found = self._all(tuple(args))
        if found and any(isinstance(item, ir.Findings) for item in found):
            self._fault(
                node, f"发现数不能放进 {node.args[0]}( )", '发现数只能和一个数比较，如 发现数(类别 = "资金") > 0'
            )
            return None
        return found

    # aggregates

    def _aggregate(self, node: Syntax, signature: fn.AggregateSignature, args: list[Syntax]) -> ir.Expr | None:
        table = self._aggregated(node, signature, args)
        if table is None:
            return None
        if self.outer is not None:
            return self._fault(node, "合计、个数、存在 一类的括号里不能再套一层", "请先在 measures.yaml 里定义成度量")
        inner = type(self)(self.text, self.names, table, self.table)
        column = inner.column(args[0]) if signature.column else None
        where = inner.condition(args[1]) if len(args) > 1 else None
        self.mistakes += inner.mistakes
        if inner.mistakes or (signature.column and column is None):
            return None
        if column and signature.column and column.type not in signature.column:
            return self._fault(node, f"{node.args[0]}( ) 不能用于{kind_of(column)}", f"写法：{signature.usage}")
        return _aggregate(signature, table.name, column, where, self._written(node))

    def _written(self, node: Syntax) -> str:
        """Give a call as it was written."""
        return self.text[node.column - 1 : node.end - 1]

    def column(self, node: Syntax) -> ir.Expr | None:
        """Type the column of an aggregate: one of the table's own."""
        name = ".".join(node.args[1:])
        found = self._column(self.table, name, ir.Scope.ROW)
        return found or self._unknown(node, name)

    def _aggregated(self, node: Syntax, signature: fn.AggregateSignature, args: list[Syntax]) -> Table | None:
        required = 2 if signature.gives is Type.BOOLEAN else 1
        hint = f"写法：{signature.usage}"
        tables = self._tables()
        if not required <= len(args) <= 2 or args[0].op != "name":  # noqa: PLR2004 - table and condition
            self._fault(node, f"{node.args[0]}( ) 的写法不对", hint)
            return None
        name, *column = args[0].args
        if name == PROJECT and name not in tables:
            self._fault(args[0], "没有“项目”这张表可以合计", "项目只有一行，请直接写字段名，如 支出金额")
        elif name not in tables:
            hint = did_you_mean(name, [*tables]) or f"有的是：{'、'.join(tables)}"
            self._fault(args[0], f"没有“{name}”这张表", hint)
        elif bool(column) != bool(signature.column):
            self._fault(args[0], "这里要写 表.列" if signature.column else "这里只写表名", hint)
        else:
            return tables[name]
        return None

    def _tables(self) -> dict[str, Table]:
        summary = (self.outer or self.table).name == SUMMARY
        tables = self.names.glossary.tables
        return {n: t for n, t in tables.items() if n != SUMMARY and (summary or n != PROJECT)}

    # special forms

    def _if(self, node: Syntax, args: list[Syntax]) -> ir.Expr | None:
        found = self._counted(node, args, 3, fn.SPECIAL["若"])
        if not found:
            return None
        condition, then, otherwise = found
        if condition.type is not Type.BOOLEAN:
            return self._fault(node, "若( ) 的第一个内容要是判断", fn.SPECIAL["若"])
        if not comparable(then, otherwise):
            return self._fault(node, f"若( ) 的两个结果不是同一类：{kind_of(then)}、{kind_of(otherwise)}", "")
        return ir.If(condition, then, otherwise, _joined((then, otherwise)))

    def _first(self, node: Syntax, args: list[Syntax]) -> ir.Expr | None:
        found = self._figures(node, args)
        if not found:
            return None if args else self._fault(node, "首个( ) 里要有内容", fn.SPECIAL["首个"])
        odd = next((item for item in found[1:] if not comparable(found[0], item)), None)
        if odd:
            return self._fault(node, f"首个( ) 里不是同一类：{kind_of(found[0])}、{kind_of(odd)}", "")
        return ir.First(found, _joined(found))

    def _as_written(self, node: Syntax, args: list[Syntax]) -> ir.Expr | None:
        found = self._counted(node, args, 2, fn.SPECIAL["按写法"])
        if not found:
            return None
        item, stated = found
        if not isinstance(stated, ir.Field) or not comparable(item, stated) or item.type not in fn.FIGURES:
            return self._fault(node, "按写法( ) 的第二个内容要是填报的字段，两个要是同一类数", fn.SPECIAL["按写法"])
        return ir.AsWritten(item, stated, item.type)

    # the batch and findings

    def _batch(self, node: Syntax, name: str, args: list[Syntax]) -> ir.Expr | None:
        found = self._counted(node, args, 1, fn.SPECIAL[name])
        if not found:
            return None
        taken, gives = fn.BATCH[name]
        if self.outer is not None or self.table.name != PROJECT or found[0].type not in taken:
            return self._fault(node, f"{name}( ) 只能用在对象为“项目”的规则里，括号里是项目的字段", fn.SPECIAL[name])
        return ir.Batch(name, found[0], gives or found[0].type)

    def _findings(self, node: Syntax, name: str, args: list[Syntax]) -> ir.Expr | None:  # noqa: PLR0911 - a fault each
        if self.names.rules is None:
            hint = "请另写一条“结果: 结论”的规则；数行数用 个数(表, 条件)"
            return self._fault(node, f"{name}( ) 只能写在“结果: 结论”的规则和 policy.yaml 里", hint)
        if name != "发现数" and self.table.name != SUMMARY:
            return self._fault(node, f"{name}( ) 只能写在对象为“汇总”的结论里", "一个单位的结论用 发现数(条件)")
        if len(args) != 1:
            return self._fault(node, f"{name}( ) 里要写一个条件", fn.SPECIAL[name])
        inner = type(self)(self.text, Names(self.names.glossary), rule_table())
        condition = inner.condition(args[0])
        self.mistakes += inner.mistakes
        if condition is None:
            return None
        if odd := unmatched(condition):
            hint = '只用 = ≠ 属于 含有 匹配 且 或 非，如 类别 = "资金"'
            return self._fault(node, f"发现数的条件里不能用 {odd}", hint)
        rules = self.names.rules(condition)
        if not rules and self.names.register.any_unread(RULE):
            return None
        if not rules:
            return self._fault(
                node, "没有一条规则符合这个条件", "请核对规则编号、类型、类别的写法；结果为“核对”的不算发现"
            )
        return ir.Findings(name, rules, fn.FINDINGS[name], self._written(node))


def unmatched(condition: ir.Expr) -> str | None:
    """Name what a 发现数 condition cannot use: only a rule's own texts can be compared."""
    plain = (ir.And, ir.Or, ir.Not, ir.Member, ir.Contains, ir.Match, ir.Field, ir.Const, ir.Words)
    for node in ir.walk(condition):
        if isinstance(node, ir.Call):
            return f"{node.fn}( )"
        if not isinstance(node, plain) and not (isinstance(node, ir.Compare) and node.op == "="):
            return "这种写法"
    return None


def rule_table() -> Table:
    """Give the table that a 发现数 condition looks at: one row a rule."""
    return virtual_table("规则", dict.fromkeys(RULE_COLUMNS, Type.TEXT))


def virtual_table(name: str, columns: dict[str, Type]) -> Table:
    """Make a table that no form has."""
    shape = {"英文": "virtual", "含义": ""}
    terms = {column: {**shape, "类型": kind, "name": column, "table": name} for column, kind in columns.items()}
    return Table.model_validate({**shape, "name": name, "算出": terms})


def _aggregate(
    signature: fn.AggregateSignature, table: str, column: ir.Expr | None, where: ir.Expr | None, source: str
) -> ir.Expr:
    """Build an aggregate; 全部 and 没有 become 不存在."""
    if signature.fn in ("all", "none") and where:
        wanted = ir.Not(where) if signature.fn == "all" else where
        return ir.Not(_over("any", table, None, wanted, Type.BOOLEAN, source))
    kind = signature.gives or (column.type if column else Type.COUNT)
    return _over(signature.fn, table, column, where, kind, source)


def _over(fn_: str, table: str, column: ir.Expr | None, where: ir.Expr | None, kind: Type, source: str) -> ir.Aggregate:
    read = [scope for part in (column, where) if part for scope in ir.scopes(part)]
    join = _join(where) if where and ir.Scope.RULE in read else None
    return ir.Aggregate(fn_, table, column, where, kind, source, ir.Scope.RULE in read, join)


def _join(where: ir.Expr) -> tuple[ir.Expr, ir.Expr] | None:
    """Find an equality between the inner row and the rule's row that must hold wherever `where` does."""
    for part in where.items if isinstance(where, ir.And) else (where,):
        if isinstance(part, ir.Compare) and part.op == "=":
            for inner, outer in ((part.left, part.right), (part.right, part.left)):
                if ir.scopes(inner) == {ir.Scope.ROW} and ir.scopes(outer) == {ir.Scope.RULE}:
                    return inner, outer
    return None


def _joined(items: tuple[ir.Expr, ...]) -> Type:
    kinds = {item.type for item in items if not (isinstance(item, ir.Const) and item.value == 0)} or {items[0].type}
    return kinds.pop() if len(kinds) == 1 else Type.TEXT if Type.TEXT in kinds else Type.NUMBER


_SPECIAL = {"若": Typechecker._if, "首个": Typechecker._first, "按写法": Typechecker._as_written}  # noqa: SLF001
