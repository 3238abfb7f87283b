"""Files of formats that only LibreOffice reads, converted where it is installed.

Each conversion has a profile of its own (two at one profile: one fails), in which nothing linked is fetched and no
macro runs. What comes out is looked at again: a conversion may lose tables without a word.
"""

import os
import shutil
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from fpcheck.intake.office.docx import TEXT_ONLY, read_docx
from fpcheck.intake.office.grid import Workbook
from fpcheck.intake.office.kinds import Kind
from fpcheck.intake.office.xlsx import read_xlsx
from fpcheck.problem import Problem

SECONDS = 60
_READERS = {"xlsx": read_xlsx, "docx": read_docx}
_INTO = {Kind.ODS: ("ods", "xlsx"), Kind.DOC: ("doc", "docx"), Kind.ODT: ("odt", "docx")}
_SETTINGS = {
    "org.openoffice.Office.Common/Security/Scripting": {
        "DisableMacrosExecution": "true",
        "BlockUntrustedRefererLinks": "true",
    },
    "org.openoffice.Office.Writer/Content/Update": {"Link": "0"},
    "org.openoffice.Office.Calc/Content/Update": {"Link": "1"},
}


def can_convert(kind: Kind) -> bool:
    """Whether a kind of file can be converted here."""
    return kind in _INTO and _program() is not None


def read_converted(data: bytes, kind: Kind, source: str) -> Workbook:
    """Read a file by way of a conversion.

    Raises:
        Unreadable: LibreOffice did not convert it in time or at all, or lost the tables.
    """
    suffix, target = _INTO[kind]
    workbook = _READERS[target](_converted(data, kind, source), source)
    if not any(sheet.cells and (target == "xlsx" or sheet.name != TEXT_ONLY) for sheet in workbook.sheets):
        raise kind.refusal(source, "转换后没有找到表格，表格可能在转换中丢了")
    notice = Problem(source, f"{kind.said}，经 LibreOffice 转换后读取", "请核对读到的内容", remark=True)
    return replace(workbook, kind=suffix, problems=[notice, *workbook.problems])


def _program() -> str | None:
    return shutil.which("soffice") or shutil.which("libreoffice")


def _converted(data: bytes, kind: Kind, source: str) -> bytes:
    suffix, target = _INTO[kind]
    with tempfile.TemporaryDirectory(prefix="fpcheck-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        given, out = home / f"in.{suffix}", home / "out"
        given.write_bytes(data)
        (home / "profile" / "user").mkdir(parents=True)
        (home / "profile" / "user" / "registrymodifications.xcu").write_text(_settings(), encoding="utf-8")
        profile = f"-env:UserInstallation={(home / 'profile').as_uri()}"
        options = ["--headless", "--norestore", "--convert-to", target, "--outdir", str(out), str(given)]
        late = _run([_program() or "soffice", profile, *options])
        if late:
            raise kind.refusal(source, f"LibreOffice {SECONDS} 秒没有转换完，已停止")
        made = out / f"in.{target}"
        if not made.is_file():
            raise kind.refusal(source, "LibreOffice 没能转换，文件可能已损坏或有密码")
        return made.read_bytes()


def _settings() -> str:
    """Write the settings as LibreOffice keeps them in its profile."""
    items = "".join(
        f'<item oor:path="/{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, values in _SETTINGS.items()
        for name, value in values.items()
    )
    return f'<oor:items xmlns:oor="http://openoffice.org/2001/registry">{items}</oor:items>'


def _run(command: list[str]) -> bool:
    """Run a program to its end, quietly; whether it had to be stopped, with all that it started."""
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(  # noqa: S603 - a program that is installed, on files that we named
        command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
    )
    try:
        process.wait(SECONDS)
    except subprocess.TimeoutExpired:
        return True
    finally:
        if process.poll() is None:
            with suppress(OSError):
                os.killpg(process.pid, 9) if hasattr(os, "killpg") else process.kill()
            process.wait()
    return False
