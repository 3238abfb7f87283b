"""One YAML submission from a cold start, as a whole process, against a process that only imports the same libraries."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from fpcheck.rulebook.kept import FOLDER
from fpcheck.version import durable_installed

FORM = Path(__file__).parent.parent / "cases" / "self-evaluation-at-90" / "input" / "自评表.yaml"
LIBRARIES = "import click, lark, pydantic, yaml"
Way = Callable[[], object]


def _run(*arguments: str, kept: str) -> None:
    """Run Python; the check finds something, so its exit code is 0 or 1.

    Raises:
        AssertionError: the process failed.
    """
    done = subprocess.run(  # noqa: S603 - our own commands
        [sys.executable, *arguments], capture_output=True, check=False, env=os.environ | {FOLDER: kept}
    )
    if done.returncode not in (0, 1):
        raise AssertionError(done.stderr.decode())


@contextmanager
def ways() -> Iterator[dict[str, Way]]:
    """Give the processes to time."""
    with tempfile.TemporaryDirectory() as kept:

        def check(engine: str, folder: str = kept) -> None:
            _run("-m", "fpcheck", "check", str(FORM), "--engine", engine, kept=folder)

        found: dict[str, Way] = {
            "只导入所用的库（基准）": lambda: _run("-c", LIBRARIES, kept=""),
            "semantics": lambda: check("semantics"),
            "semantics，规则全部重读重查": lambda: check("semantics", ""),
        }
        if durable_installed():
            found["durable（连同它的进程）"] = lambda: check("durable")
        yield found
