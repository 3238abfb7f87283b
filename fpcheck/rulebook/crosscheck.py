"""勾稽关系: may a rule be used to find out which of a form's own figures is written wrongly?

It must be a relation of plain arithmetic that every rightly filled form keeps, whatever happened in the world:
parts and total, rate and amounts, score and weight. Guards that read no figure (不为空, texts) may stand beside it.
"""

from collections.abc import Iterator

from fpcheck.rulebook import functions as fn
from fpcheck.rulebook import ir
from fpcheck.rulebook.rule import Rule
from fpcheck.terms import SUMMARY, Table, Type

Fault = tuple[tuple[int | str, ...], str, str]
"""Where in the rule's file, what is wrong, what to write."""


def unfit(rule: Rule, table: Table, conditions: list[ir.Expr]) -> Iterator[Fault]:
    """Give every reason why a rule that says 勾稽 cannot be one."""
    if not rule.cross_checks:
        return
    if rule.role != "问题":
        yield ("勾稽",), "“勾稽”只能写在结果为“问题”的规则里", "请删去“勾稽”"
    if not table.fields or table.name == SUMMARY:
        yield ("勾稽",), f"“{table.name}”不是填报的表，不能写“勾稽”", "请删去“勾稽”，或把对象改成一张填报的表"
    if rule.unless:
        yield ("除非",), "写了“勾稽”就不能有“除非”：数对不上没有例外", "请把除非的话反过来写进“适用”，或删去“勾稽”"
    for number, condition in enumerate(conditions):
        for what, hint in _condition(condition):
            yield ("条件", number), what, hint
    if conditions and not any(_compares_figures(condition) for condition in conditions):
        what = "写了“勾稽”，条件里却没有比较填报的数"
        yield ("条件",), what, "如 全年预算数 ≠ 合计(资金.全年预算数)；其他规则请删去“勾稽”"


def _compares_figures(condition: ir.Expr) -> bool:
    return any(
        isinstance(part, ir.Field) and part.type in fn.ORDERED - {Type.QUANTITY}
        for node in ir.walk(condition)
        if isinstance(node, ir.Compare | ir.Member)
        for part in ir.walk(node)
    )


Mistake = tuple[str, str]


def _condition(node: ir.Expr) -> Iterator[Mistake]:
    """Find what keeps a yes-or-no from being arithmetic of the form, or a guard that reads no figure."""
    match node:
        case ir.And() | ir.Or() | ir.Not() | ir.Measure():
            for child in ir.children(node):
                yield from _condition(child)
        case ir.Compare(op=op, left=left, right=right) if left.type in fn.ORDERED:
            yield from _compared(op, left, right)
        case ir.Member(item=item, options=options) if item.type in fn.ORDERED:
            for option in options:
                yield from _compared("=", item, option)
        case ir.IsBlank():
            pass
        case _:
            yield from _guard(node)


def _compared(op: str, left: ir.Expr, right: ir.Expr) -> Iterator[Mistake]:
    for side in (left, right):
        yield from _figure(side.item if isinstance(side, ir.AsWritten) and op == "=" else side)
        if op != "=" and any(map(_threshold, ir.walk(side))):
            what = "拿参数或固定的数比大小，是要求高低，不是勾稽关系"
            yield what, "参数和固定的数只能写在 = ≠ 两边，如 合计(指标.分值) ≠ 参数.满分；或删去“勾稽”"


def _threshold(node: ir.Expr) -> bool:
    fixed = isinstance(node, ir.Const) and node.type in fn.ORDERED and node.value != 0
    return fixed or isinstance(node, ir.Parameter)


def _figure(node: ir.Expr) -> Iterator[Mistake]:
    """Find what is not plain arithmetic of the form's own figures."""
    match node:
        case ir.Field(scope=ir.Scope.PREVIOUS, name=name):
            yield f"条件里用了 上年.{name}", "勾稽关系只看本表自己的数；请删去“勾稽”"
        case ir.Field() | ir.Const() | ir.Parameter():
            pass
        case ir.Measure() | ir.Arith() | ir.First():
            for child in ir.children(node):
                yield from _figure(child)
        case ir.Aggregate(fn="sum" | "mean" | "count", column=column, where=where):
            yield from _figure(column) if column else ()
            yield from _guard(where) if where else ()
        case _:
            what = f"条件里用了 {_called(node)}，推不出哪一个数写错了"
            yield what, "只用加减乘除、合计、平均、首个；按写法( ) 要单独放在 = ≠ 的一边，日期直接比较；或删去“勾稽”"


def _called(node: ir.Expr) -> str:
    match node:
        case ir.Call(fn=name) | ir.Batch(fn=name) | ir.Findings(fn=name):
            return f"{name}( )"
        case ir.Aggregate(source=source):
            return source
        case ir.AsWritten():
            return "算式里的 按写法( )"
    return "若( )"


def _guard(node: ir.Expr) -> Iterator[Mistake]:
    """A part that picks rows or cases; were it to read figures, changing a figure would change what is compared."""
    asked = {id(part.field) for part in ir.walk(node) if isinstance(part, ir.IsBlank)}
    for part in ir.walk(node):
        if isinstance(part, ir.Field) and part.type in fn.ORDERED and id(part) not in asked:
            what = f"条件里用“{part.name}”的大小来挑选行，改一个数就会换了要比的行"
            yield what, "挑选行只用 不为空 和文字，如 社区 = 本行.社区；逐行比较的，对象写那张表；或删去“勾稽”"
