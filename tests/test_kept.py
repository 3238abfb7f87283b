"""Rulebooks that are kept between runs: the same as loaded anew, and never for other files or another program."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from fpcheck.app import check_many
from fpcheck.report.to_json import to_json
from fpcheck.rulebook import kept
from fpcheck.rulebook.fault import RulebookFault
from fpcheck.rulebook.kept import FOLDER, MOST, kept_rulebook
from fpcheck.rulebook.load import load_rulebook

ROOT = Path(__file__).parent.parent
FORMS = ["cases/suspect-cells/input", "cases/wuhua-2023/input", "cases/stacking-short/input"]
RULE = """
编号: QX101
名称: 支出超过下达
类型: spent-more
类别: 资金
级别: 一般
把握: 高
依据:
  - 五华2023: 四（二）
生效: 2020-02-25
对象: 项目
条件:
  - 支出金额 > 下达金额
问题: "支出{支出金额}"
整改: 核对。
样例:
  - {名称: 多, 给定: {表种: 综合, 支出金额: 2元, 下达金额: 1元}, 结论: 命中}
  - {名称: 少, 给定: {表种: 综合, 支出金额: 1元, 下达金额: 1元}, 结论: 通过}
  - {名称: 缺, 给定: {表种: 综合, 支出金额: 1元}, 结论: 无法判断}
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder to keep rulebooks in."""
    found = tmp_path / "kept"
    monkeypatch.setenv(FOLDER, str(found))
    return found


@pytest.fixture
def own(tmp_path):
    """A folder with one rule of the user's own."""
    found = tmp_path / "own"
    found.mkdir()
    (found / "一.yaml").write_text(RULE, encoding="utf-8")
    return found


@pytest.fixture
def loads(monkeypatch):
    """How often rules were loaded anew."""
    counted = []
    real = load_rulebook

    def counting(*given):
        counted.append(given)
        return real(*given)

    monkeypatch.setattr("fpcheck.rulebook.load.load_rulebook", counting)
    return counted


def test_a_kept_rulebook_says_what_a_loaded_one_says(folder, loads, monkeypatch):
    monkeypatch.chdir(ROOT)
    kept_rulebook()
    again = kept_rulebook()
    assert len(loads) == 1
    loaded = load_rulebook()
    for form in FORMS:
        assert to_json(check_many([form], again)) == to_json(check_many([form], loaded))


def test_any_change_of_what_is_asked_for_loads_anew(folder, loads, own, tmp_path):
    steps = [
        ((), ()),
        (([own]), ()),
        (([own]), ("QX101",)),
        (([own]), ("FP101",)),
    ]
    for folders, without in steps:
        assert kept_rulebook(folders, without).digest == kept_rulebook(folders, without).digest
    assert len(loads) == len(steps)
    (own / "一.yaml").write_text(RULE.replace("一般", "提示"), encoding="utf-8")
    assert kept_rulebook([own]).by_id["QX101"].rule.severity == "提示"
    (own / "一.yaml").rename(own / "二.yaml")
    assert kept_rulebook([own]).by_id["QX101"].file.endswith("二.yaml")
    assert len(loads) == len(steps) + 2


def test_another_program_loads_anew(folder, loads, monkeypatch):
    kept_rulebook()
    monkeypatch.setattr(kept, "_program", lambda: iter(["another"]))
    kept_rulebook()
    assert len(loads) == 2


@pytest.mark.parametrize(
    "spoil", [lambda c: c[:-1], lambda c: c[:40], lambda _: b"", lambda c: c[:99] + b"?" + c[100:]]
)
def test_a_spoiled_file_is_not_used(spoil, folder, loads):
    kept_rulebook()
    [file] = folder.iterdir()
    file.write_bytes(spoil(file.read_bytes()))
    assert kept_rulebook().by_id
    assert len(loads) == 2
    kept_rulebook()
    assert len(loads) == 2, "the spoiled file was written anew"


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root can give a file away")
def test_a_file_of_another_user_is_not_used(folder, loads):
    kept_rulebook()
    [file] = folder.iterdir()
    os.chown(file, 12345, -1)
    kept_rulebook()
    assert len(loads) == 2


def test_nothing_is_kept_where_the_folder_cannot_be_written_or_is_not_wanted(tmp_path, loads, monkeypatch):
    blocked = tmp_path / "a file"
    blocked.write_bytes(b"")
    for folder in (blocked / "below", ""):
        monkeypatch.setenv(FOLDER, str(folder))
        assert kept_rulebook().by_id
    assert len(loads) == 2
    assert list(tmp_path.iterdir()) == [blocked]


def test_a_faulty_rulebook_is_not_kept(folder, own):
    (own / "一.yaml").write_text(RULE.replace("支出金额 > 下达金额", "支出金额 > 下答金额"), encoding="utf-8")
    for _ in range(2):
        with pytest.raises(RulebookFault, match="下达金额"):
            kept_rulebook([own])
    with pytest.raises(RulebookFault, match="没有这个规则文件夹"):
        kept_rulebook([own / "none"])
    assert not folder.exists()


def test_only_the_last_few_are_kept(folder, monkeypatch):
    rulebook = load_rulebook()
    for number in range(MOST + 3):
        file = folder / f"{number}.rulebook"
        kept._write(file, rulebook)
        os.utime(file, (number, number))
    kept._write(folder / "last.rulebook", rulebook)
    left = sorted(int(file.stem) for file in folder.iterdir() if file.stem.isdigit())
    assert left == list(range(4, MOST + 3))


def test_a_kept_rulebook_needs_no_grammar(folder):
    script = (
        "import sys, fpcheck\n"
        "result = fpcheck.check('cases/suspect-cells/input', engine='semantics')\n"
        "assert result.findings\n"
        "print('lark' in sys.modules)"
    )
    said = [
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT).stdout
        for _ in range(2)
    ]
    assert said == ["True\n", "False\n"]
