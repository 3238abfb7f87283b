"""The wheel carries the rules: installed into an empty environment, `fpcheck check` works from any folder."""

import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def test_wheel_carries_every_rule_and_the_chinese_catalogue(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    rules = [path.relative_to(ROOT).as_posix() for path in (ROOT / "rules").rglob("*") if path.is_file()]
    assert {"rules/terms.yaml", "rules/规则.schema.json"} <= set(rules)
    assert {f"fpcheck/{rule}" for rule in rules} <= names
    assert "fpcheck/cli/locale/zh_CN/LC_MESSAGES/messages.mo" in names
    assert not [name for name in names if name.startswith(("tests", "cases"))]


def test_installed_wheel_checks_from_any_folder(wheel, tmp_path):
    """An empty environment that borrows only the libraries, never this checkout."""
    home = tmp_path / "环境"
    venv.create(home, with_pip=False)
    python = home / ("Scripts" if os.name == "nt" else "bin") / "python"
    site = next(home.rglob("site-packages"))
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    libraries = Path(pytest.__file__).parents[1]
    for name in LIBRARIES:
        for found in [*libraries.glob(f"{name}"), *libraries.glob(f"{name}.py"), *libraries.glob(f"{name}*.so")]:
            (site / found.name).symlink_to(found)
    shutil.copytree(ROOT / "cases" / "wuhua-2023" / "input", tmp_path / "材料")
    done = subprocess.run(
        [python, "-m", "fpcheck", "check", "材料"],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        env={"PYTHONPATH": "", "PATH": os.environ["PATH"], "PYTHONUTF8": "1"},
        check=False,
    )
    assert "黑林铺街道办事处" in done.stdout, done.stderr
    assert done.returncode == 1


LIBRARIES = (
    *("click", "lark", "platformdirs", "pydantic", "pydantic_core", "yaml", "_yaml", "annotated_types"),
    *("typing_extensions", "typing_inspection"),
)
