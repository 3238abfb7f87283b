"""CSV and TSV: what divides the cells, encodings, quotes, and texts that are none."""

import codecs
import csv
import io
import random
import tracemalloc
from pathlib import Path

import pytest
import yaml

from fpcheck.document import Unreadable
from fpcheck.intake.office.delimited import DELIMITERS, MOST_CELLS, MOST_ROWS, delimiter_of, read_delimited

CASES = yaml.safe_load((Path(__file__).parent / "intake" / "delimited.yaml").read_text(encoding="utf-8"))
ENCODINGS = {
    "utf-8": lambda text: text.encode(),
    "utf-8-sig": lambda text: text.encode("utf-8-sig"),
    "gb18030": lambda text: text.encode("gb18030"),
    "utf-16-le": lambda text: codecs.BOM_UTF16_LE + text.encode("utf-16-le"),
    "utf-16-be": lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
    "crlf": lambda text: text.replace("\n", "\r\n").encode(),
}


def read(data):
    return read_delimited(data, "名单", "名单.csv")


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_rows_are_divided(case, encoding):
    data = ENCODINGS[encoding](case["text"])
    if "refused" in case:
        with pytest.raises(Unreadable, match=case["refused"]) as refusal:
            read(data)
        assert refusal.value.problems[0].where.line == case.get("line")
        return
    workbook = read(data)
    (sheet,) = workbook.sheets
    assert (workbook.kind, sheet.name, workbook.problems) == (case.get("kind", "csv"), "名单", [])
    assert {sheet.address(row, column): cell.text for row, column, cell in sheet} == case["cells"]


@pytest.mark.parametrize("delimiter", DELIMITERS)
@pytest.mark.parametrize("seed", range(20))
def test_what_was_written_is_read(seed, delimiter):
    rng = random.Random(seed)
    width = rng.randrange(2, 7)
    letters = '甲乙5%"\n ,;\t。'
    rows = [
        [f"列{n}" for n in range(width)],
        *[["".join(rng.choice(letters) for _ in range(rng.randrange(5))) for _ in range(width)] for _ in range(9)],
    ]
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    assert delimiter_of(out.getvalue()) == delimiter
    sheet = read(out.getvalue().encode()).sheets[0]
    expected = {(r, c): text for r, row in enumerate(rows) for c, text in enumerate(row) if text.strip()}
    assert {place: cell.text for place, cell in sheet.cells.items()} == expected


@pytest.mark.parametrize(
    "data, said",
    [
        (b"", "空"),
        (b"a,b\n\0,d\n", "不是文本"),
        ("甲,乙\n".encode("utf-16-le"), "不是文本"),
        ("甲,乙\n".encode() + b"\xff\xff,\xff\n", "不是文本"),
        (b"a,b\n" + b"c" * 5_000_000 + b",d\n", "有一格太长"),
        (b"a,b\n" + b"," * (MOST_CELLS + 1), "表太大"),
        (b"a,b\n" + b"\n" * (MOST_ROWS + 1), "表太大"),
        (b"a,b\n" * 3 + b"c" * 20_000_000 + b",d\n", "有一格太长"),
    ],
    ids=["空", "零字节", "没有标记的UTF-16", "坏字节", "长格", "格数", "行数", "20MB的一格"],
)
def test_unsound_texts_are_refused_cheaply(data, said):
    tracemalloc.start()
    with pytest.raises(Unreadable, match=said):
        read(data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 200 * 1024 * 1024


@pytest.mark.parametrize("text", ["", "甲", "甲\n乙\n", "项目名称：道路。\n年度：2023\n", "一,\n二\n三\n四\n"])
def test_what_nothing_divides_has_no_delimiter(text):
    assert delimiter_of(text) is None
