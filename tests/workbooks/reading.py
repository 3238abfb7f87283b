"""Reads each file of a folder in a process of its own under a memory limit; prints what is said and the memory's peak.

A process may not be asked for more than LIMIT; a peak is counted with the interpreter and the file itself.
"""

import json
import os
import resource
import sys
from pathlib import Path

from fpcheck.document import Unreadable
from fpcheck.intake.office.xlsx import read_xlsx

LIMIT = 1 << 30


def said(path):
    """Whether a file was read, and everything said about it."""
    try:
        workbook = read_xlsx(path, path.name)
    except Unreadable as unreadable:
        return False, [str(problem) for problem in unreadable.problems], [p.hint for p in unreadable.problems]
    for sheet in workbook.sheets:
        for row, column in sheet.cells:
            sheet.block(row, column)
    texts = [cell.text for sheet in workbook.sheets for cell in sheet.cells.values()]
    "".join(texts).encode("utf-8")
    doubts = [cell.doubt for sheet in workbook.sheets for cell in sheet.cells.values() if cell.doubt]
    return True, [str(problem) for problem in workbook.problems] + doubts, [p.hint for p in workbook.problems]


def main(folder):
    """Print one line of JSON a file."""
    for path in sorted(Path(folder).iterdir()):
        if os.fork():
            os.wait()
            continue
        resource.setrlimit(resource.RLIMIT_AS, (LIMIT, LIMIT))
        was_read, texts, hints = said(path)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        line = {"name": path.name, "read": was_read, "said": texts, "hints": hints, "peak": peak}
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()
        os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1])
