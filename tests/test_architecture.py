"""The picture of DESIGN: arrows one way, small pieces, heavy libraries late, no words about findings in Python."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "fpcheck"
FILES = sorted(PACKAGE.rglob("*.py"))

# Each unit may import only from units before it; the groups are the layers of the design.
LAYERS = [
    ["lexicon", "wording"],
    ["problem", "numeral"],
    ["unit"],
    ["comparator", "dates", "cell"],
    ["worded"],
    ["relative", "unfigured"],
    ["around"],
    ["written"],
    ["tokens"],
    ["prose"],
    ["slips", "unquoted", "version", "yaml_faults"],
    ["document"],
    ["json_text", "schema"],
    ["terms"],
    ["wordlists"],
    ["quantity"],
    ["value"],
    ["record"],
    ["reading"],
    ["submission", "card"],
    ["estimates"],
    ["objectives"],
    ["intake", "facts", "finding"],
    ["rulebook"],
    ["engine"],
    ["report", "authoring"],
    ["app"],
    ["cli", "web"],
    ["__init__", "__main__"],
]
HEIGHT = {unit: height for height, layer in enumerate(LAYERS) for unit in layer}


def unit_of(path):
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def module_of(path):
    return ".".join(["fpcheck", *path.relative_to(PACKAGE).with_suffix("").parts])


def imports(path):
    """Every module of the package that a file imports, at its top or inside a function."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("fpcheck"):
            for name in node.names:
                module = f"{node.module}.{name.name}"
                yield module if (PACKAGE.parent / Path(*module.split("."))).with_suffix(".py").exists() else node.module
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names if name.name.startswith("fpcheck"))


def functions(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_imports_point_one_way(path):
    own = HEIGHT[unit_of(path)]
    for module in imports(path):
        other = module.split(".")[1] if "." in module else "__init__"
        if other != unit_of(path):
            assert HEIGHT[other] < own, f"{module_of(path)} imports {module}"


def test_no_import_cycles_between_modules():
    graph = {module_of(path): set(imports(path)) for path in FILES}
    done, open_ = set(), []

    def visit(module):
        if module in done or module not in graph:
            return
        assert module not in open_, " → ".join([*open_[open_.index(module) :], module])
        open_.append(module)
        for other in graph[module]:
            visit(other)
        open_.pop()
        done.add(module)

    for module in graph:
        visit(module)


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_files_and_functions_are_small(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300
    for function in functions(path):
        assert function.end_lineno - function.lineno + 1 <= 50, function.name


def test_most_functions_are_short():
    lengths = sorted(f.end_lineno - f.lineno + 1 for path in FILES for f in functions(path))
    assert lengths[len(lengths) // 2] <= 8
    assert lengths[len(lengths) * 9 // 10] <= 25


def test_broad_excepts_stand_only_at_the_edge_of_a_file_a_rule_or_a_hint_and_around_foreign_programs():
    broad = [
        module_of(path)
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or ast.unparse(node.type) in ("Exception", "BaseException"))
    ]
    assert broad == [
        "fpcheck.engine.beside",
        "fpcheck.engine.durable.worker",
        "fpcheck.engine.run",
        "fpcheck.engine.run",
        "fpcheck.intake.files",
        "fpcheck.intake.office.xls_worker",
    ]


def test_no_vague_module_names():
    vague = {"utils", "util", "helpers", "helper", "manager", "common", "misc"}
    assert not vague & {path.stem for path in FILES}


def test_checking_one_form_imports_nothing_heavy():
    code = (
        "import sys, fpcheck; fpcheck.check({'年度': '2023'});"
        "heavy = {'pandas', 'numpy', 'polars', 'rich', 'docx', 'openpyxl', 'durable', 'matplotlib'} & set(sys.modules);"
        "sys.exit(','.join(sorted(heavy)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_clock_is_never_read():
    for path in FILES:
        text = path.read_text(encoding="utf-8")
        for clock in ("date.today", "datetime.now", "time.time(", "import time"):
            assert clock not in text, f"{module_of(path)} reads the clock"


def test_only_rulebook_text_speaks_about_findings():
    """Thresholds and types of findings are data: none of the types of the rule pack is named in Python."""
    types = {"execution-rate-low", "objective-unclear", "value-vague", "reward-not-paid-in-year"}
    for path in FILES:
        text = path.read_text(encoding="utf-8")
        assert not [name for name in types if name in text], module_of(path)
