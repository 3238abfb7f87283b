"""Files made to exhaust a reader: each is refused or flagged in little memory, with what to do."""

import json
import os
import subprocess
import sys
from pathlib import Path

from workbooks.hostile import READ, REFUSED

READING = Path(__file__).parent / "workbooks" / "reading.py"
MOST_MEMORY = 200  # MB
FILES = REFUSED | READ


def told(folder):
    """What was said about each file, by its name; all are read in one process."""
    names = {f"{number:03}.xlsx": name for number, name in enumerate(FILES)}
    for file, name in names.items():
        folder.joinpath(file).write_bytes(FILES[name][0]())
    paths = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, READING, folder], capture_output=True, text=True, check=False, env=paths)
    assert not done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return {names[line["name"]]: line for line in lines}


def faults(name, line):
    """What is wrong with what was said about a file."""
    if line["read"] != (name in READ):
        yield "read" if line["read"] else "refused"
    if FILES[name][1] not in "\n".join(line["said"]):
        yield f"not said: {FILES[name][1]}"
    if line["peak"] >= MOST_MEMORY:
        yield f"{line['peak']} MB"
    if name in REFUSED and not (len(line["said"]) == 1 and line["said"][0].startswith(line["name"])):
        yield "does not name the file, once"
    if name in REFUSED and line["hints"] == [""]:
        yield "says nothing to do"


def test_each_is_refused_or_flagged_in_little_memory_with_what_to_do(tmp_path):
    """One test, for the files take long to make."""
    said = told(tmp_path)
    assert {name: found for name in FILES if (found := list(faults(name, said[name])))} == {}
