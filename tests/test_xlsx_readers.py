"""Generated workbooks read alike by fpcheck, openpyxl and calamine, each in its own words."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from io import BytesIO
from xml.sax.saxutils import escape

import openpyxl
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter, range_boundaries
from properties import holds
from python_calamine import CalamineWorkbook
from workbooks.form import form
from workbooks.raw import MAIN, sheet, workbook

from fpcheck.intake.office.grid import Block
from fpcheck.intake.office.xlsx import read_xlsx

WORDS = st.text("项目指标≥95%个 a<&>\"'_x\n\t0", min_size=1, max_size=12).filter(str.strip)
FIGURES = st.one_of(st.integers(-(10**9), 10**9), st.decimals(-(10**6), 10**6, places=4).map(float))
PLAIN = ["General", "0", "0.00", "#,##0.00", "@", "#,##0_);[Red]\\(#,##0\\)"]
VALUES = st.one_of(
    st.tuples(WORDS, st.sampled_from(["General", "@", "0.00%"])),
    st.tuples(FIGURES, st.sampled_from(PLAIN)),
    st.tuples(st.integers(-20_000, 20_000).map(lambda n: n / 10_000), st.sampled_from(["0.00%", "0%", "0.0000%"])),
    st.tuples(st.dates(date(1900, 3, 1), date(2099, 12, 31)), st.sampled_from(["yyyy-mm-dd", 'yyyy"年"m"月"d"日"'])),
    st.tuples(st.booleans(), st.just("General")),
)
PLACES = st.tuples(st.integers(1, 60), st.integers(1, 40))
SHEETS = st.dictionaries(PLACES, VALUES, max_size=25)
CORNERS = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 5), st.integers(0, 4), st.integers(0, 4)), max_size=8)


def disjoint(corners):
    """Blocks within fields of 7 × 7 cells, so that none overlaps another."""
    found = {(row, column): (down, right) for row, column, down, right in corners if down or right}
    return [Block(7 * r, 7 * c, 7 * r + down, 7 * c + right) for (r, c), (down, right) in found.items()]


def shown(value, code):
    """What a person reads, told from what openpyxl and calamine give."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    if isinstance(value, str):
        return value
    if "%" in code:
        step = Decimal(1).scaleb(-len(code.partition(".")[2].rstrip("%")))
        rounded = (Decimal(repr(value)) * 100).quantize(step, ROUND_HALF_UP)
        return f"{rounded or abs(rounded)}%"
    return format(Decimal(repr(value)).normalize(), "f")


def written(cells, blocks):
    book = openpyxl.Workbook()
    for (row, column), (value, code) in cells.items():
        cell = book.active.cell(row, column)
        cell.value, cell.number_format = value, code
        if isinstance(value, str):
            cell.data_type = "s"
    for block in blocks:
        book.active.merge_cells(
            f"{get_column_letter(block.left + 1)}{block.top + 1}:{get_column_letter(block.right + 1)}{block.bottom + 1}"
        )
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def by_openpyxl(data):
    """The cells' values and formats, and the merged blocks."""
    table = openpyxl.load_workbook(BytesIO(data)).active
    cells = {
        (cell.row - 1, cell.column - 1): (cell.value, cell.number_format)
        for row in table.iter_rows()
        for cell in row
        if cell.value is not None
    }
    boundaries = [range_boundaries(str(block)) for block in table.merged_cells.ranges]
    return cells, sorted(Block(top - 1, left - 1, bottom - 1, right - 1) for left, top, right, bottom in boundaries)


def by_calamine(data):
    table = CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0)
    rows = table.to_python(skip_empty_area=False)
    cells = {(row, column): value for row, line in enumerate(rows) for column, value in enumerate(line) if value != ""}
    return cells, sorted(Block(*start, *end) for start, end in table.merged_cell_ranges)


def agree(data):
    (own,) = read_xlsx(data, "表").sheets
    cells, blocks = by_openpyxl(data)
    texts = {place: shown(value, code) for place, (value, code) in cells.items()}
    assert {place: cell.text for place, cell in own.cells.items()} == texts
    assert not [cell.doubt for cell in own.cells.values() if cell.doubt]
    assert sorted(own.merges) == blocks
    others, other_blocks = by_calamine(data)
    codes = {place: code for place, (_, code) in cells.items()}
    anchors = {place: shown(value, codes[place]) for place, value in others.items() if place in codes}
    assert anchors == texts
    assert other_blocks == blocks


@holds(60, SHEETS, CORNERS)
def test_workbooks_of_openpyxl_are_read_alike(cells, corners):
    agree(written(cells, disjoint(corners)))


RUNS = st.lists(WORDS.map(str.strip).filter(bool), min_size=1, max_size=3)


@holds(40, st.lists(RUNS, min_size=1, max_size=12), st.lists(PLACES, min_size=1, max_size=20, unique=True))
def test_shared_and_rich_texts_are_read_alike(texts, places):
    items = "".join(
        f"<si><t>{escape(runs[0])}</t></si>"
        if len(runs) == 1
        else "<si>" + "".join(f"<r><t>{escape(run)}</t></r>" for run in runs) + "<rPh sb='0' eb='1'><t>x</t></rPh></si>"
        for runs in texts
    )
    lines = {}
    for at, (row, column) in enumerate(sorted(places)):
        cell = f'<c r="{get_column_letter(column)}{row}" s="0" t="s"><v>{at % len(texts)}</v></c>'
        lines.setdefault(row, []).append(cell)
    rows = "".join(f'<row r="{row}">{"".join(cells)}</row>' for row, cells in lines.items())
    agree(workbook(sheet(rows), strings=f'<sst xmlns="{MAIN}">{items}</sst>', codes=["General"]))


def test_a_form_of_the_official_shape_is_read_alike():
    data = form()
    agree(data)
    (own,) = read_xlsx(data, "表").sheets
    assert (len(own.cells) > 200, len(own.merges)) == (True, 24)
    assert own.at(13, 0).text == "产出指标"
    assert own.at(6, 6).text == "92.58%"
