"""Walks cases/: one folder, one case. `pytest tests/test_cases.py --regenerate` writes expected.yaml anew.

A case holds `input/` (checked as a folder), `expected.yaml`, `note.md`; optionally `arguments.txt` with more
arguments of `fpcheck check`, one a line, and `rules/` and `previous/`, which those arguments may name.
"""

import json
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from fpcheck.cli import app

CASES = Path(__file__).parent.parent / "cases"
FOLDERS = sorted(path for path in CASES.iterdir() if (path / "input").exists())


def run(case):
    more = case / "arguments.txt"
    arguments = more.read_text(encoding="utf-8").split() if more.exists() else []
    if "--engine" not in arguments:
        arguments += ["--engine", "semantics"]  # tests/test_engines.py holds the others to it on every case
    result = CliRunner().invoke(app, ["check", "input", "--format", "json", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def seen(result):
    """What a reader of the report relies on, without what changes with every edit of a text elsewhere."""
    if not result.stdout.strip():
        return {"退出码": result.exit_code, "说明": result.stderr.splitlines()}
    report = json.loads(result.stdout)
    hints = [f"{hint['submission']} {hint['text']}" for hint in report["suspect_cells"]]
    return {
        "退出码": result.exit_code,
        "决定": {head["id"]: f"{head['decision']}（{head['form']}）" for head in report["submissions"]},
        "问题": [_line(finding) for finding in report["findings"]],
        **({"可能填错": hints} if hints else {}),
        **({"地方标准": local} if (local := _local(report)) else {}),
        "结论": [
            f"{finding['submission'] or '汇总'} {finding['rule']} {finding['message']}"
            for finding in report["conclusions"]
        ],
        "亮点": [f"{finding['submission']} {finding['rule']}" for finding in report["commendations"]],
        **({"需人工核对": asked} if (asked := _asked(report["checklist"])) else {}),
        "无法判断": [
            " ".join(
                [said["submission"] or "汇总", said["rule"], _at(said["where"]), f"缺 {'、'.join(said['missing'])}"]
            )
            for said in report["undecided"]
        ],
        "未检查": [f"{said['submission'] or '汇总'} {said['rule']} {said['reason']}" for said in report["unchecked"]],
        "未读出": [_problem(problem) for problem in report["problems"]],
        "出错": report["errors"],
        "汇总": [
            {"项目": total["project"], "单位数": total["units"], **{k: v["text"] for k, v in total["figures"].items()}}
            for total in report["summary"]["totals"]
            if total["units"] > 1
        ],
    }


def _asked(checklist):
    """The questions of each submission, by number; tests/test_checklist.py looks at their words."""
    found = {}
    for item in checklist:
        found.setdefault(item["submission"] or "汇总", []).append(item["rule"])
    return {submission: " ".join(rules) for submission, rules in found.items()}


def _local(report):
    """The findings and questions in which a layer nearer than the nation had a say."""
    said = [*report["findings"], *report["conclusions"], *report["checklist"]]
    lines = (f"{one['submission'] or '汇总'} {one['rule']} {one['layer']}" for one in said if one["layer"] != "全国")
    return list(dict.fromkeys(lines))


def _line(finding):
    head = [finding["submission"] or "汇总", finding["rule"], finding["type"], f"【{finding['severity']}】"]
    return " ".join([*head, f"{_at(finding['where'])}：", finding["message"]])


def _at(where):
    row = f"第{where['row']}条" if where["row"] else ""
    return f"{where['table']}{row}{'.' + where['field'] if where['field'] else ''}"


def _problem(problem):
    where = problem["where"]
    line = f":{where['line']}" if where["line"] else ""
    return f"{problem['source']}{line} {_at(where) if where['table'] else ''} {problem['message']}；{problem['hint']}"


@pytest.mark.parametrize("case", FOLDERS, ids=lambda path: path.name)
def test_case(case, monkeypatch, regenerate):
    monkeypatch.chdir(case)
    found = seen(run(case))
    golden = case / "expected.yaml"
    if regenerate:
        text = yaml.safe_dump(found, allow_unicode=True, sort_keys=False, width=1000)
        golden.write_text(text, encoding="utf-8")
    assert found == yaml.safe_load(golden.read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", FOLDERS, ids=lambda path: path.name)
def test_case_has_a_note(case):
    assert len((case / "note.md").read_text(encoding="utf-8").strip()) > 20


def test_there_are_enough_cases():
    assert len(FOLDERS) > 25
