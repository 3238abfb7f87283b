"""Syntax tree → typed expression: are the names known, do the types meet, does a condition answer yes or no?"""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from fpcheck.problem import did_you_mean
from fpcheck.rulebook import functions as fn
from fpcheck.rulebook import ir
from fpcheck.rulebook.expression import Syntax
from fpcheck.rulebook.names import Mistake, NameChecker
from fpcheck.rulebook.pattern import BadPattern, check_pattern, normal_pattern
from fpcheck.rulebook.spell import name_of
from fpcheck.rulebook.types import arithmetic, comparable, kind_of, meeting_hint
from fpcheck.terms import Type


class Checker(NameChecker):
    """Types one expression; `mistakes` holds every fault, and a faulty part is None."""

    def condition(self, node: Syntax) -> ir.Expr | None:
        """Type an expression that must answer yes or no."""
        found = self.expr(node)
        if found and found.type is not Type.BOOLEAN:
            hint = "如 支出金额 < 下达金额；文字请用 为空、含有、= 判断"
            return self._fault(
                node,
                "这里要写一个判断，得出是或否",
                "整句不要再加引号" if node.op == "literal" and found.type is Type.TEXT else hint,
            )
        return found

    def expr(self, node: Syntax) -> ir.Expr | None:
        """Type an expression that gives a value; a word list is none."""
        found = self.value_or_words(node)
        if isinstance(found, ir.Words):
            return self._fault(
                node, "词表不能当作一个值", "词表只写在“含有”“不含”“属于”后面，或 命中词(文本, 词表.…) 里"
            )
        return found

    def value_or_words(self, node: Syntax) -> ir.Expr | None:
        """Type any expression, a word list included."""
        check: Callable[[Syntax], ir.Expr | None] = getattr(self, f"_{node.op}")
        return check(node)

    def _all(self, nodes: tuple[Syntax, ...]) -> tuple[ir.Expr, ...] | None:
        found = [self.expr(node) for node in nodes]
        kept = tuple(item for item in found if item is not None)
        return kept if len(kept) == len(found) else None

    def _literal(self, node: Syntax) -> ir.Expr:
        value, kind = node.args
        return ir.Const(value, kind)

    def _either(self, node: Syntax) -> ir.Expr | None:
        items = [self.condition(arg) for arg in node.args]
        kept = tuple(item for item in items if item)
        if len(kept) < len(items):
            return None
        return ir.Or(kept) if node.op == "either" else ir.And(kept)

    _both = _either

    def _negate(self, node: Syntax) -> ir.Expr | None:
        item = self.condition(node.args[0])
        return ir.Not(item) if item else None

    def _compare(self, node: Syntax) -> ir.Expr | None:
        op, *sides = node.args
        found = self._all(tuple(sides))
        if not found or not self._meet(_literal_of(sides) or node, op, *found):
            return None
        left, right = found
        if op in (">", ">="):
            return ir.Compare(op.replace(">", "<"), right, left, turned=True)
        return ir.Not(ir.Compare("=", left, right)) if op == "!=" else ir.Compare(op, left, right)

    def _meet(self, node: Syntax, op: str, left: ir.Expr, right: ir.Expr) -> bool:
        if not comparable(left, right):
            self._fault(node, f"{kind_of(left)}不能和{kind_of(right)}比较", self._hint(left, right))
        elif op not in ("=", "!=") and not {left.type, right.type} <= fn.ORDERED:
            self._fault(node, f"{kind_of(left)}不能比大小", "文字、是否和选项只能用 = ≠")
        elif self._findings_misused(left, right):
            self._fault(node, "发现数只能和一个数比较", '如 发现数(类别 = "资金") > 0')
        else:
            return self._fits_choices(node, left, right) and self._fits_choices(node, right, left)
        return False

    def _hint(self, left: ir.Expr, right: ir.Expr) -> str:
        """Say what to write where two types do not meet: for a figure beside money, the column that is its amount."""
        for figure, other in ((left, right), (right, left)):
            if isinstance(figure, ir.Field) and figure.type is Type.QUANTITY and other.type is Type.MONEY:
                amount = replace(figure, name=figure.name.replace("数值", "金额"))
                if amount.name in self.table_of(figure.table).columns and amount.name != figure.name:
                    return f"“{name_of(figure)}”只是写的数，不看单位；比金额请写 {name_of(amount)}"
        return meeting_hint(left, right)

    @staticmethod
    def _findings_misused(left: ir.Expr, right: ir.Expr) -> bool:
        counts = [isinstance(side, ir.Findings) for side in (left, right)]
        inner = [any(isinstance(n, ir.Findings) for n in ir.walk(side)) for side in (left, right)]
        return counts != inner or all(counts)

    def _fits_choices(self, node: Syntax, owner: ir.Expr, other: ir.Expr) -> bool:
        if not isinstance(owner, ir.Field) or not isinstance(other, ir.Const):
            return True
        choices = self.table_of(owner.table).columns[owner.name].choices
        if choices and other.value not in choices:
            hint = did_you_mean(str(other.value), [*choices]) or f"选项有：{'、'.join(choices)}"
            self._fault(node, f"“{owner.name}”没有“{other.value}”这个选项", hint)
            return False
        return True

    def _between(self, node: Syntax) -> ir.Expr | None:
        found = self._all(node.args)
        if not found:
            return None
        item, low, high = found
        if not (self._meet(node, "<=", low, item) and self._meet(node, "<=", item, high)):
            return None
        return ir.And((ir.Compare("<=", low, item), ir.Compare("<=", item, high)))

    def _blank(self, node: Syntax) -> ir.Expr | None:
        positive, inner = node.args
        item = self.expr(inner)
        if item and not isinstance(item, ir.Field):
            return self._fault(node, "为空只能问一个字段", "算出来的数请直接比较")
        if not isinstance(item, ir.Field):
            return None
        blank = ir.IsBlank(item)
        return blank if positive else ir.Not(blank)

    def _contains(self, node: Syntax) -> ir.Expr | None:
        positive, *sides = node.args
        options = sides[1].args if sides[1].op == "choices" else None
        text = self.expr(sides[0])
        words = self._word_choices(sides[1]) if options is not None else self.value_or_words(sides[1])
        if not text or not words:
            return None
        if isinstance(words, ir.Const) and not words.value:
            return self._fault(node, "要找的文字是空的", "请写要找的文字；问有没有填请用 为空")
        if not {text.type, words.type} <= fn.TEXTS:
            return self._fault(
                node, f"“含有”的左边要是文本，现在是{kind_of(text)}", '右边写引号里的文字、["…", "…"] 或 词表.…'
            )
        found = ir.Contains(text, words)
        return found if positive else ir.Not(found)

    def _word_choices(self, node: Syntax) -> ir.Expr | None:
        items = self._all(node.args)
        if items is None:
            return None
        if not items or not all(isinstance(i, ir.Const) and i.type is Type.TEXT and i.value for i in items):
            return self._fault(node, "列表里要写引号里的文字", '如 ["提高", "加强"]')
        return ir.Words("", tuple(str(i.value) for i in items if isinstance(i, ir.Const)))

    def _match(self, node: Syntax) -> ir.Expr | None:
        inner, pattern, column = node.args
        text = self.expr(inner)
        try:
            check_pattern(pattern)
        except BadPattern as bad:
            self.mistakes.append(Mistake(str(bad), bad.hint, column))
            return None
        if text and text.type not in fn.TEXTS:
            return self._fault(node, f"“匹配”的左边要是文本，现在是{kind_of(text)}", "数请直接比较")
        return ir.Match(text, normal_pattern(pattern)) if text else None

    def _member(self, node: Syntax) -> ir.Expr | None:
        positive, inner, listed = node.args
        item = self.expr(inner)
        options = self._options(listed)
        if not item or options is None:
            return None
        if not all(self._meet(node, "=", item, option) for option in options):
            return None
        found = ir.Member(item, options)
        return found if positive else ir.Not(found)

    def _options(self, node: Syntax) -> tuple[ir.Expr, ...] | None:
        if node.op == "choices" and node.args:
            return self._all(node.args)
        words = self.value_or_words(node) if node.op == "name" else None
        if isinstance(words, ir.Words) and words.patterns:
            hint = "有“匹配”的词表请用“含有”"
            self._fault(node, f"词表“{words.name}”里有“匹配”，不能一个一个比", hint)
            return None
        if isinstance(words, ir.Words):
            return tuple(ir.Const(word, Type.TEXT) for word in words.words)
        self._fault(node, "“属于”后面要写列表或词表", '如 ["优", "良"] 或 词表.…')
        return None

    def _choices(self, node: Syntax) -> ir.Expr | None:
        return self._fault(node, "列表只能写在“属于”“含有”后面", "")

    def _minus(self, node: Syntax) -> ir.Expr | None:
        item = self.expr(node.args[0])
        if item and (item.type not in fn.FIGURES or isinstance(item, ir.Findings)):
            return self._fault(node, f"{kind_of(item)}前面不能加负号", "请直接写要减去的数")
        return ir.Arith("-", ir.Const(Fraction(0), item.type), item, item.type) if item else None

    def _arith(self, node: Syntax) -> ir.Expr | None:
        op, *sides = node.args
        found = self._all(tuple(sides))
        if not found:
            return None
        if any(isinstance(side, ir.Findings) for side in found):
            return self._fault(node, "发现数不能加减乘除", '只能和一个数比较，如 发现数(类别 = "资金") > 0')
        kind = arithmetic(op, found[0], found[1])
        if kind is None:
            word = {"+": "相加", "-": "相减", "*": "相乘", "/": "相除"}[op]
            hint = "两个日期相差几天请写 天数(甲, 乙)" if found[0].type is Type.DATE else self._hint(*found)
            at = _literal_of(sides) or node
            return self._fault(at, f"{kind_of(found[0])}不能和{kind_of(found[1])}{word}", hint)
        return ir.Arith(op, found[0], found[1], kind)


def _literal_of(sides: list[Syntax]) -> Syntax | None:
    """Give the side that was written as a figure or a text: where two kinds do not meet, it is the one to change."""
    return next((side for side in sides if side.op == "literal"), None)
