"""Values told without a figure that are known all the same: a limit stated elsewhere, an event that takes place or not.

No function raises for any `str`. How far such a value can be measured is judged in `worded`.
"""

import re

from fpcheck import comparator
from fpcheck.lexicon import any_of
from fpcheck.numeral import NOT_ONE
from fpcheck.worded import Quantity, words_only
from fpcheck.wording import Wording

_WHOSE = re.compile("(?:严格|确保|实际|项目|工程|总?成本|总?投资|总?费用|总?支出|总?造价|资金){0,3}")
_LIMIT = re.compile(
    rf"[^\d,;。]{{0,6}}?(?:{any_of('限额是钱的')})(?:批[复准]|安排|下达)?(?:资金|总?金额|总额|数额?|[总单]?价|款|额度?|指标)?"
    r"的?(?:(?:范围)?[之以]?内)?",
    re.ASCII,
)
_NONE = re.compile(
    "(?:全年|本年度?|年度?内|期间|确保|保证|实现|做到|保持|力争|继续|安全|生产|[,\"“”']){0,4}(?:无|零|未|不|没|杜绝)"
)
_NOT_ONE = re.compile(NOT_ONE)
_DONE = re.compile("通过|取得|获|验收|出台|印发|完成[^,;。]{0,12}(?:评审|审批|审计|认证|备案|批复|许可)")


def unfigured(cell: str, name: str, wording: Wording) -> Quantity:
    """A cell without a figure: ≤预算数 is a bound in money, 未发生 and 通过验收 a yes or no, all else kind text."""
    found = words_only(cell, name, wording)
    whose = _WHOSE.match(cell)
    start = whose.end() if whose else 0
    sign, at = comparator.leading(cell[start:])
    if sign in comparator.DOWN and _LIMIT.fullmatch(cell, start + at):
        return found._replace(comparator=sign, kind="money")
    if _NOT_ONE.fullmatch(cell) and (name or cell[1:-2]):
        return found._replace(kind="boolean", measurable="yes")
    event = found.measurable == "yes" and not at and (_NONE.match(cell) or _DONE.search(cell))
    return found._replace(kind="boolean") if event else found
