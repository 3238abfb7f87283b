"""Files made to exhaust a reader: each is refused or flagged in little memory, with what to do."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from workbooks.hostile import READ, REFUSED

READING = Path(__file__).parent / "workbooks" / "reading.py"
MOST_MEMORY = 200  # MB
FILES = REFUSED | READ


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """What was said about each file, by its name."""
    folder = tmp_path_factory.mktemp("hostile")
    names = {f"{number:03}.xlsx": name for number, name in enumerate(FILES)}
    for file, name in names.items():
        folder.joinpath(file).write_bytes(FILES[name][0]())
    paths = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, READING, folder], capture_output=True, text=True, check=False, env=paths)
    assert not done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return {names[line["name"]]: line for line in lines}


@pytest.mark.parametrize("name", FILES)
def test_it_is_refused_or_flagged_in_little_memory(name, told):
    line = told[name]
    assert line["read"] == (name in READ)
    assert FILES[name][1] in "\n".join(line["said"])
    assert line["peak"] < MOST_MEMORY


@pytest.mark.parametrize("name", REFUSED)
def test_a_refusal_names_the_file_and_says_what_to_do(name, told):
    assert len(told[name]["said"]) == 1
    assert told[name]["said"][0].startswith(told[name]["name"])
    assert told[name]["hints"] != [""]
