"""Conversions by LibreOffice: what comes out is looked at, and nothing of it is left behind. Most need the program."""

import io
import os
import shutil
import stat
import subprocess
import tempfile
import time

import docx
import pytest
import xlwt

from fpcheck.document import Unreadable
from fpcheck.intake.office import convert
from fpcheck.intake.office.any_file import read_workbook
from fpcheck.intake.office.convert import can_convert, read_converted
from fpcheck.intake.office.kinds import Kind

needs_shell = pytest.mark.skipif(os.name == "nt", reason="the stand-in for the program is a shell script")


@pytest.fixture
def stand_in(tmp_path, monkeypatch):
    """A program called soffice that runs a given script, with temporary folders of its own."""
    folder, temporary = tmp_path / "bin", tmp_path / "tmp"
    folder.mkdir()
    temporary.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))

    def write(script):
        file = folder / "soffice"
        file.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        file.chmod(file.stat().st_mode | stat.S_IXUSR)

    yield write
    assert list(temporary.iterdir()) == []


def document(tables=1, note=True):
    made = docx.Document()
    made.add_paragraph("自评表")
    for _ in range(tables):
        table = made.add_table(2, 3)
        table.cell(0, 0).merge(table.cell(0, 1)).text = "项目名称"
        table.cell(0, 2).text = "道路"
        if note:
            made.add_paragraph("注")
    return made


# The script copies what stands for the converted file to where the real program would write it.
GIVES = 'for last; do :; done; out="$(dirname "$last")/out"; mkdir "$out"; cp "{file}" "$out/in.docx"'


@needs_shell
def test_a_conversion_is_read_and_told(stand_in, tmp_path):
    document().save(tmp_path / "made.docx")
    stand_in(GIVES.format(file=tmp_path / "made.docx"))
    workbook = read_converted(b"old", Kind.DOC, "表.doc")
    assert (workbook.kind, [sheet.name for sheet in workbook.sheets]) == ("doc", ["表1"])
    assert "经 LibreOffice 转换后读取" in str(workbook.problems[0])


@needs_shell
def test_tables_lost_on_the_way_are_told(stand_in, tmp_path):
    document(0).save(tmp_path / "made.docx")
    stand_in(GIVES.format(file=tmp_path / "made.docx"))
    with pytest.raises(Unreadable, match=r"表格可能在转换中丢了；.*另存为 \.docx"):
        read_converted(b"old", Kind.DOC, "表.doc")


@needs_shell
@pytest.mark.parametrize(
    "script, said", [("exit 0", "没能转换"), ("exit 77", "没能转换"), ("sleep 60 & wait", "没有转换完")]
)
def test_a_conversion_that_fails_is_told(stand_in, script, said, monkeypatch):
    monkeypatch.setattr(convert, "SECONDS", 0.5)
    stand_in(script)
    with pytest.raises(Unreadable, match=said):
        read_converted(b"old", Kind.ODS, "表.ods")


@needs_shell
def test_what_the_program_started_is_stopped_with_it(stand_in, tmp_path, monkeypatch):
    monkeypatch.setattr(convert, "SECONDS", 0.3)
    stand_in(f"(sleep 1; touch {tmp_path / 'alive'}) & wait")
    with pytest.raises(Unreadable, match="没有转换完"):
        read_converted(b"old", Kind.ODS, "表.ods")
    time.sleep(1.2)
    assert not (tmp_path / "alive").exists()


@needs_shell
def test_what_is_not_converted_is_not_handed_over(stand_in, tmp_path):
    stand_in(f"touch {tmp_path / 'called'}")
    assert [kind for kind in Kind if can_convert(kind)] == [Kind.DOC, Kind.ODS, Kind.ODT]
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7")
    with pytest.raises(Unreadable, match="PDF"):
        read_workbook(tmp_path / "a.pdf", "a.pdf")
    assert not (tmp_path / "called").exists()


def real(folder, name, target):
    """Convert a file with the real program."""
    command = [
        "soffice",
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--headless",
        "--convert-to",
        target,
    ]
    subprocess.run(
        [*command, "--outdir", str(folder), str(folder / name)], check=True, capture_output=True, timeout=120
    )
    return (folder / name).with_suffix(f".{target}")


def workbook_of_1997():
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("自评表")
    sheet.write(0, 0, "项目名称")
    sheet.write_merge(1, 2, 0, 1, "道路")
    sheet.write(3, 0, 0.9258, xlwt.easyxf(num_format_str="0.00%"))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.office
class TestTheRealProgram:
    @pytest.fixture(autouse=True)
    def program(self):
        if not shutil.which("soffice"):
            pytest.skip("LibreOffice is not installed")

    def test_open_document_sheets_give_what_the_workbook_gives(self, tmp_path):
        (tmp_path / "a.xls").write_bytes(workbook_of_1997())
        ours, theirs = (read_workbook(path, path.name) for path in (tmp_path / "a.xls", real(tmp_path, "a.xls", "ods")))
        assert (ours.kind, theirs.kind) == ("xls", "ods")
        assert (ours.sheets[0].cells, ours.sheets[0].merges) == (theirs.sheets[0].cells, theirs.sheets[0].merges)

    def test_open_document_texts_give_what_the_document_gives(self, tmp_path):
        document(2).save(tmp_path / "a.docx")
        ours = read_workbook(tmp_path / "a.docx", "a.docx")
        theirs = read_workbook(real(tmp_path, "a.docx", "odt"), "a.odt")
        assert [sheet.cells for sheet in ours.sheets] == [sheet.cells for sheet in theirs.sheets]

    def test_old_documents_are_read_or_the_loss_is_told(self, tmp_path):
        """LibreOffice writes some tables into .doc as mere text; those that it keeps are read."""
        document(note=False).save(tmp_path / "lost.docx")
        with pytest.raises(Unreadable, match="转换中丢了"):
            read_workbook(real(tmp_path, "lost.docx", "doc"), "lost.doc")
        document().save(tmp_path / "kept.docx")
        ours = read_workbook(tmp_path / "kept.docx", "kept.docx")
        theirs = read_workbook(real(tmp_path, "kept.docx", "doc"), "kept.doc")
        assert (theirs.kind, theirs.sheets[0].cells) == ("doc", ours.sheets[0].cells)

    def test_damaged_files_are_told(self, tmp_path):
        (tmp_path / "a.doc").write_bytes(real_doc := b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
        with pytest.raises(Unreadable):
            read_converted(real_doc, Kind.DOC, "a.doc")
