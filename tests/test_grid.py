"""Merged blocks are found as a search through all of them would find them, however large and many they are."""

from hypothesis import strategies as st
from properties import holds

from fpcheck.intake.office import grid
from fpcheck.intake.office.grid import Block, GridCell, Sheet, column_letters

LAST_ROW, LAST_COLUMN = 1_048_575, 16_383
FIELD = 300  # each block lies in a field of its own, so that none overlaps another
CORNERS = st.lists(
    st.tuples(*[st.integers(0, 12)] * 2, *[st.integers(0, FIELD - 1)] * 4), max_size=60, unique_by=lambda one: one[:2]
)


def blocks(corners):
    for field_row, field_column, *rest in corners:
        top, bottom = sorted(rest[:2])
        left, right = sorted(rest[2:])
        at, beside = field_row * FIELD, field_column * FIELD
        yield Block(at + top, beside + left, at + bottom, beside + right)


@holds(150, CORNERS, st.lists(st.tuples(*[st.integers(0, 13 * FIELD)] * 2), max_size=30))
def test_a_block_is_found_by_each_cell_in_it_and_by_no_other(corners, places):
    merged = list(blocks(corners))
    sheet = Sheet("表", merges=merged)
    for block in merged:
        places += [(block.top, block.left), (block.bottom, block.right), (block.bottom + 1, block.left)]
    for row, column in places:
        expected = next((one for one in merged if one.holds(row, column)), Block(row, column, row, column))
        assert sheet.block(row, column) == expected


@holds(60, st.lists(st.tuples(*[st.integers(0, 40)] * 2), min_size=1, max_size=8))
def test_small_blocks_are_found_alike_when_there_is_no_room_to_know_each_cell(corners):
    merged = list({Block(3 * row, 3 * column, 3 * row + 2, 3 * column + 1) for row, column in corners})
    places = [(row, column) for block in merged for row in range(block.top, block.bottom + 2) for column in (block[1],)]
    room, grid._BY_CELL = grid._BY_CELL, 0
    try:
        pressed = Sheet("表", merges=merged)
        found = [pressed.block(*place) for place in places]
    finally:
        grid._BY_CELL = room
    free = Sheet("表", merges=merged)
    assert found == [free.block(*place) for place in places]


def test_a_block_over_the_whole_sheet_is_found_everywhere():
    whole = Block(0, 0, LAST_ROW, LAST_COLUMN)
    sheet = Sheet("表", {(0, 0): GridCell("题"), (LAST_ROW, LAST_COLUMN): GridCell("末")}, [whole])
    for place in [(0, 0), (1, 1), (777_777, 9_999), (LAST_ROW, LAST_COLUMN)]:
        assert sheet.block(*place) == whole
        assert sheet.at(*place) == GridCell("题")
        assert sheet.address(*place) == "A1"


def test_very_many_blocks_are_kept_in_few_places():
    merged = [Block(2 * row + 1, 0, 2 * row + 2, 1) for row in range(200_000)]
    found = Sheet("表", merges=merged)._blocks
    assert found.find(399_999, 1) == merged[-1]
    assert found.find(399_999, 2) is None
    assert len(found._by_cell) + sum(map(len, found._patches.values())) < 3 * len(merged)


def test_blocks_that_all_overlap_cost_no_more():
    merged = [Block(row, 0, LAST_ROW - row, 9) for row in range(10_000)]
    found = Sheet("表", merges=merged)._blocks
    assert found.find(500_000, 5) in merged
    assert max(map(len, found._patches.values())) < 10


def test_the_extent_is_how_far_cells_reach():
    assert Sheet("表").extent == (-1, -1)
    assert Sheet("表", {(3, 1): GridCell("1"), (0, 7): GridCell("2")}).extent == (3, 7)


def test_columns_have_letters():
    assert [column_letters(number) for number in (0, 25, 26, 701, 702, LAST_COLUMN)] == [
        *("A", "Z", "AA", "ZZ", "AAA", "XFD")
    ]
