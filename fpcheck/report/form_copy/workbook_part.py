"""workbook.xml with the sheet 问题清单 in its list; names, protection and the shown sheet stay."""

from collections.abc import Iterator
from dataclasses import dataclass

from fpcheck.document import Unreadable
from fpcheck.problem import Problem
from fpcheck.report.form_copy import markup
from fpcheck.report.form_copy.list_sheet import LAST, Written
from fpcheck.report.form_copy.marks import LIST
from fpcheck.report.form_copy.sheet_cells import RELATIONSHIPS, STRICT_RELATIONSHIPS
from fpcheck.report.form_copy.splice import Splice, outline, place_for

ORDER = (
    *("fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets", "functionGroups"),
    *("externalReferences", "definedNames"),
)
_STRICT = "http://purl.oclc.org/ooxml/"
_SAVE_PLAIN = "请用 Excel 或 WPS 打开，另存为普通的“Excel 工作簿（.xlsx）”再查"
_OURS = ("_xlnm.Print_Titles", "_xlnm._FilterDatabase")


@dataclass(frozen=True, slots=True)
class Listed:
    """A sheet as the workbook lists it."""

    name: str
    relation: str
    number: int


class WorkbookPart:
    """The list of sheets."""

    def __init__(self, data: bytes, source: str, part: str) -> None:
        self._data = data
        self._root = outline(data, source, part, depth=2)
        self._prefix = markup.prefix(data[self._root.start : self._root.opened])
        if self._root.space.startswith(_STRICT):
            raise Unreadable([Problem(source, "文件是 Strict Open XML 格式，写不进批注", _SAVE_PLAIN)])
        sheets = self._root.first("sheets")
        self.sheets = [_listed(child.given) for child in sheets.children] if sheets else []

    def free_name(self) -> str:
        """问题清单, or with a number where that is taken."""
        taken = {sheet.name.lower() for sheet in self.sheets}
        names = (LIST, *(f"{LIST}({number})" for number in range(2, len(taken) + 3)))
        return next(name for name in names if name.lower() not in taken)

    def with_list(self, name: str, relation: str | None, written: Written) -> bytes:
        """The part with the list's sheet; `relation` None: it is there already, by this name."""
        splice = Splice(self._data)
        sheets = self._root.first("sheets")
        place = next((at for at, sheet in enumerate(self.sheets) if sheet.name == name), len(self.sheets))
        if relation and sheets:
            number = max((sheet.number for sheet in self.sheets), default=0) + 1
            key, declared = self._relation_prefix()
            new = f'<{self._prefix}sheet name="{markup.xml(name)}" sheetId="{number}"{declared} {key}:id="{relation}"/>'
            splice.append(sheets, new.encode())
        new_names = "".join(self._names(name, place, written))
        names = self._root.first("definedNames")
        for old in names.children if names else []:
            if old.given.get("localSheetId") == str(place) and old.given.get("name") in _OURS:
                splice.remove(old)
        if names:
            splice.append(names, new_names.encode())
        else:
            whole = f"<{self._prefix}definedNames>{new_names}</{self._prefix}definedNames>"
            splice.insert(place_for(self._root, "definedNames", ORDER), whole.encode())
        if not self._root.first("bookViews"):
            views = f"<{self._prefix}bookViews><{self._prefix}workbookView/></{self._prefix}bookViews>"
            splice.insert(place_for(self._root, "bookViews", ORDER), views.encode())
        return splice.done()

    def _names(self, name: str, place: int, written: Written) -> Iterator[str]:
        sheet = markup.xml("'" + name.replace("'", "''") + "'")
        header, last = written.header, written.last
        p = self._prefix
        for what, where, hidden in (
            (_OURS[1], f"{sheet}!$A${header}:${LAST}${last}", ' hidden="1"'),
            (_OURS[0], f"{sheet}!${header}:${header}", ""),
        ):
            yield f'<{p}definedName name="{what}" localSheetId="{place}"{hidden}>{where}</{p}definedName>'

    def _relation_prefix(self) -> tuple[str, str]:
        """The prefix of relationship ids, and what declares it where nothing does."""
        for name, space in markup.attributes(self._data[self._root.start : self._root.opened]).items():
            if space in (RELATIONSHIPS, STRICT_RELATIONSHIPS) and name.startswith("xmlns:"):
                return name.removeprefix("xmlns:"), ""
        return "r", f' xmlns:r="{RELATIONSHIPS}"'


def _listed(given: dict[str, str]) -> Listed:
    relation = next((text for key, text in given.items() if key.endswith(" id")), "")
    return Listed(given.get("name", ""), relation, int(given.get("sheetId", "0")))
