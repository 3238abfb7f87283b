"""The schema that editors read: fresh, true to the loader (no false alarm, the same key), whole, in Chinese."""

import json
import re
import shutil
from functools import cache
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from jsonschema import Draft7Validator

from fpcheck.authoring.examples import run_examples
from fpcheck.authoring.offers import find_offers
from fpcheck.authoring.rule_schema import KINDS, rule_schema
from fpcheck.cli import app
from fpcheck.rulebook.load import RulebookFault, load_rulebook
from fpcheck.rulebook.rule import Rule
from fpcheck.schema import Shape
from fpcheck.terms import rules_folder

ROOT = Path(__file__).parent.parent
HERE = Path(__file__).parent
SHIPPED = ROOT / "rules" / "规则.schema.json"
NOT_RULES = ("wordlists", "templates", "blanks")
RULES = sorted(path for path in (ROOT / "rules").glob("*/*.yaml") if path.parent.name not in NOT_RULES)
LINE = "# yaml-language-server: $schema=../规则.schema.json\n"


class EditorLoader(yaml.SafeLoader):
    """YAML 1.2 as an editor reads it: 2023 is a number, true a truth, 2020-02-25 and 是 are texts."""


EditorLoader.yaml_implicit_resolvers = {}
for _kind, _form in {
    "null": r"^(?:~|null|Null|NULL|)$",
    "bool": r"^(?:true|True|TRUE|false|False|FALSE)$",
    "int": r"^[-+]?[0-9]+$",
    "float": r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$",
}.items():
    EditorLoader.add_implicit_resolver(f"tag:yaml.org,2002:{_kind}", re.compile(_form), None)


def seen(text):
    return yaml.load(text, EditorLoader)


@pytest.fixture(scope="module")
def shipped():
    return json.loads(SHIPPED.read_text(encoding="utf-8"))


@cache
def schema_of(kind):
    return rule_schema(find_offers(), kind)


# the shipped copy, the shipped files


def test_the_shipped_copy_is_fresh(regenerate):
    """`fpcheck rules schema -o rules/规则.schema.json` writes it anew."""
    fresh = schema_text()
    if regenerate:
        SHIPPED.write_text(fresh, encoding="utf-8")
    assert SHIPPED.read_text(encoding="utf-8") == fresh


def schema_text(*arguments, code=0):
    said = CliRunner().invoke(app, ["rules", "schema", *map(str, arguments)])
    assert said.exit_code == code, said.stderr
    return said.stdout if code == 0 else said.stderr


@pytest.mark.parametrize("kind", KINDS)
def test_each_schema_is_one(kind):
    Draft7Validator.check_schema(schema_of(kind))


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_a_shipped_rule_names_the_schema_and_fits_it(path, shipped):
    text = path.read_text(encoding="utf-8")
    assert text.startswith(LINE)
    assert [error.message for error in Draft7Validator(shipped).iter_errors(seen(text))] == []


OTHERS = [
    *[(name, ROOT / "rules" / f"{name}.yaml") for name in KINDS if (ROOT / "rules" / f"{name}.yaml").is_file()],
    *[("wordlists", path) for path in sorted((ROOT / "rules" / "wordlists").glob("*.yaml"))],
]


@pytest.mark.parametrize(("kind", "path"), OTHERS, ids=[path.stem for _, path in OTHERS])
def test_the_other_shipped_files_fit_theirs(kind, path):
    validator = Draft7Validator(schema_of(kind))
    assert [error.message for error in validator.iter_errors(seen(path.read_text(encoding="utf-8")))] == []


def test_every_kind_has_a_shipped_file():
    assert {kind for kind, _ in OTHERS} | {"rule"} == set(KINDS)


def test_the_loader_passes_the_schema_over():
    assert not [file for file in load_rulebook().by_id.values() if "schema" in file.file]


# in Chinese


def parts(schema, path=()):
    """Every part of a schema that describes a value, with where it stands."""
    if isinstance(schema, dict):
        yield path, schema
        for key, value in schema.items():
            yield from parts(value, (*path, key))
    elif isinstance(schema, list):
        for number, value in enumerate(schema):
            yield from parts(value, (*path, number))


CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize("kind", KINDS)
def test_every_key_and_every_choice_is_explained_in_chinese(kind):
    for path, part in parts(schema_of(kind)):
        for name, value in part.get("properties", {}).items() if isinstance(part.get("properties"), dict) else ():
            told = isinstance(value, dict) and (path and path[-1] in ("if", "then", "else", "contains"))
            assert told or CHINESE.search(value["description"]), (path, name)
        if "enum" in part and "form" not in path and "loose" not in path:
            assert len(part["enum"]) == len(part["enumDescriptions"]), path
            assert all(map(CHINESE.search, part["enumDescriptions"])), path


@pytest.mark.parametrize("kind", KINDS)
def test_every_fault_is_told_in_chinese(kind):
    """Each keyword that can fail has words of its own; without them the editor speaks English."""
    telling = {"type", "enum", "const", "required", "contains", "additionalProperties"}
    for path, part in parts(schema_of(kind)):
        if path and (path[-1] in ("properties", "if", "contains") or "if" in path or "contains" in path):
            continue
        for word in telling & set(part):
            assert CHINESE.search(str(part.get("errorMessage"))), (path, word)
        if "pattern" in part:
            assert CHINESE.search(part["patternErrorMessage"]), path
        assert not {"minItems", "minLength", "maxLength", "minimum", "oneOf"} & set(part), path


def test_every_key_of_every_model_is_described():
    for model in (Rule, *(cls for cls in Shape.__subclasses__() if cls.__module__ == Rule.__module__)):
        for field in model.model_fields.values():
            assert CHINESE.search(field.description or ""), f"{model.__name__}.{field.alias}"


# true to the loader

WHOLE = "（整个文件）"


@pytest.fixture(scope="module")
def pack(tmp_path_factory):
    """The small pack with room for one more rule, and the schema of its names."""
    folder = tmp_path_factory.mktemp("pack")
    shutil.copytree(HERE / "pack", folder / "pack")
    shutil.copy(rules_folder() / "terms.yaml", folder / "pack")
    (folder / "more").mkdir()
    return folder


@pytest.fixture(scope="module")
def validator(pack):
    return Draft7Validator(rule_schema(find_offers([pack / "pack"])))


def linted(pack, text):
    """The keys at the top of a rule that lint objects to, and its whole words."""
    [keys], words = linted_together(pack, [text])
    return keys, words


def linted_together(pack, texts):
    """The keys that lint objects to in each of several rules."""
    files = {str(pack / "more" / f"x{number}.yaml"): text for number, text in enumerate(texts)}
    for file, text in files.items():
        Path(file).write_text(text, encoding="utf-8")
    try:
        load_rulebook([pack / "pack", pack / "more"])
        problems = []
    except RulebookFault as fault:
        problems = fault.problems
    for file in files:
        Path(file).unlink()
    found = [{k for p in problems if p.source == file for k in at_key(p, text)} for file, text in files.items()]
    return found, "\n".join(map(str, problems))


def at_key(problem, text):
    lacking = re.search(r"缺少(?:“|结论为.*的)(\w+)”?$", problem.message)
    lines = text.splitlines()[: problem.where.line or 1]
    owners = [found[1] for line in lines if (found := re.match(r"([^\s#\-:][^\s:]*)\s*:", line))]
    first = next(n for n, line in enumerate(text.splitlines(), 1) if not line.startswith("#"))
    return [lacking[1]] if lacking and problem.where.line == first else owners[-1:] or [WHOLE]


def objected(validator, text):
    """The keys at the top of a rule that the schema objects to."""
    return {key for error in validator.iter_errors(seen(text)) for key in of_error(error)}


def of_error(error):
    if error.path:
        return [error.path[0]]
    if error.validator == "required":
        return [key for key in error.validator_value if key not in error.instance]
    if error.validator == "additionalProperties":
        return [key for key in error.instance if key not in error.schema["properties"]]
    return [WHOLE]


FILES = [path for path in sorted((HERE / "bad_rules").glob("*.yaml")) if "# 文件: " not in path.read_text("utf-8")]
FAULTS_OF_SHAPE = {
    *("bad-dates", "bad-enum", "bad-number", "bad-type", "bad-verdict", "checklist-without-evidence"),
    *("condition-as-text", "date-as-number"),
    *("example-with-bad-row", "example-without-name", "key-as-list", "message-empty", "message-with-empty-brace"),
    *("message-with-full-width-brace", "message-with-unbalanced-brace", "missing-examples", "missing-keys"),
    *("missing-one-verdict", "missing-severity-confidence-fix", "no-conditions", "no-source", "severity-empty"),
    *("source-as-text", "source-without-article", "table-where-text-belongs", "unknown-key-in-example"),
    *("unknown-key", "unknown-mark", "unknown-recommendation", "unknown-region", "unknown-source", "unknown-table"),
    *("yaml-dash-without-blank", "yaml-list"),
}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_broken_rule_is_objected_to_where_lint_objects(path, pack, validator):
    """Faults of expressions and of YAML itself are lint's alone; what the schema sees, lint sees at the same key."""
    text = path.read_text(encoding="utf-8")
    try:
        keys = objected(validator, text)
    except yaml.YAMLError:
        assert path.stem not in FAULTS_OF_SHAPE
        return
    lint, words = linted(pack, text)
    assert keys == lint if path.stem in FAULTS_OF_SHAPE else keys <= lint, words


ONE_FILE = [p for p in sorted((HERE / "bad_rules").glob("*.yaml")) if p.read_text("utf-8").count("# 文件: ") == 1]
OTHER_FILES = [path for path in ONE_FILE if not path.stem.startswith("terms-")]  # terms.yaml has no schema
OTHER_FAULTS_OF_SHAPE = {
    *(
        "gap-as-text",
        "gap-without-field",
        "measure-as-text",
        "measure-of-unknown-table",
        "measure-with-arguments",
        "measures-as-list",
        "parameter-as-text",
    ),
    *(
        "parameter-missing-keys",
        "parameter-without-basis",
        "parameter-of-unknown-type",
        "parameter-unknown-region-and-source",
        "parameter-with-another-key-for-its-day",
    ),
    *("policy-with-unknown-decision", "recommendation-without-text", "source-with-bad-force"),
    *("scorecard-with-bad-points", "scorecard-with-unknown-keys", "scorecard-with-unknown-names"),
    *("scorecard-without-points", "word-list-with-unknown-key", "word-list-without-words"),
    "word-list-levels-as-a-list",
    "word-list-that-adds-perhaps",
}


@pytest.mark.parametrize("path", OTHER_FILES, ids=lambda path: path.stem)
def test_a_broken_file_of_another_kind_is_objected_to(path, pack):
    text = path.read_text(encoding="utf-8")
    name = re.match(r"# 文件: (.+)\n", text)[1]
    kind = "wordlists" if name.startswith("wordlists/") else Path(name).stem
    schema = rule_schema(find_offers([pack / "pack"]), kind if kind in KINDS else "rule")
    errors = list(Draft7Validator(schema).iter_errors(seen(text)))
    assert bool(errors) == (path.stem in OTHER_FAULTS_OF_SHAPE), errors


GIVEN = {"年度": 2023, "表种": "综合", "下达金额": "100元"}
WHOLE_RULE = {
    "编号": "FP999",
    "名称": "支出比例低",
    "类型": "overspent",
    "类别": "资金",
    "结果": "问题",
    "级别": "一般",
    "把握": "高",
    "依据": [{"五华2023": "四（二）"}],
    "生效": "2020-02-25",
    "失效": "2030-01-01",
    "地区": "全国",
    "替代": "FP202",
    "对象": "项目",
    "适用": ["下达金额 > 0"],
    "条件": ["下达执行率 < 参数.下达执行率下限"],
    "除非": ["偏差说明 含有 词表.含糊词"],
    "勾稽": "否",
    "标注": "支出金额",
    "应为": "下达金额",
    "差额": "下达金额 - 支出金额",
    "主体": "项目名称",
    "问题": "{实施单位}支出{支出金额}。",
    "整改": "请说明{实施单位}的原因。",
    "建议": "提高完成及时率",
    "样例": [
        {"名称": "低", "给定": {**GIVEN, "支出金额": "53元"}, "上年": {"年度": 2022}, "行": 1, "结论": "命中"},
        {"名称": "够", "给定": {**GIVEN, "支出金额": "95元"}, "发现": {"FP201": "命中"}, "结论": "通过"},
        {"名称": "缺", "给定": GIVEN, "结论": "无法判断"},
    ],
}


def written(rule):
    return yaml.safe_dump(rule, allow_unicode=True, sort_keys=False, width=1000)


def changed(key, value):
    """The whole rule with one key changed; `样例.行` is the key of its first example."""
    rule = json.loads(json.dumps(WHOLE_RULE))
    *path, last = key.split(".")
    owner = rule["样例"][0] if path else rule
    owner[last] = value
    if value is GONE:
        del owner[last]
    return written(rule)


GONE = object()
KEYS = [*WHOLE_RULE, "样例.名称", "样例.给定", "样例.上年", "样例.行", "样例.发现", "样例.结论"]


def test_the_whole_rule_has_every_key_and_no_fault(pack, validator):
    assert set(WHOLE_RULE) == {field.alias for field in Rule.model_fields.values()}
    text = written(WHOLE_RULE)
    assert linted(pack, text) == (set(), "")
    assert objected(validator, text) == set()


REQUIRED = ["编号", "名称", "类型", "类别", "级别", "把握", "依据", "生效", "对象", "条件", "问题", "整改", "样例"]
LISTS = ["依据", "适用", "条件", "除非", "样例"]
OPEN = {"样例.给定", "样例.上年", "样例.发现", "样例"}
BREAKS = [
    *[(key, GONE) for key in [*REQUIRED, "样例.名称", "样例.结论"]],
    *[(key, None) for key in KEYS],
    *[(key, "甲") for key in [*LISTS, "样例.给定", "样例.上年", "样例.发现", "样例.行"]],
    *[(key, ["甲"]) for key in KEYS if key not in ("适用", "条件", "除非")],
    *[(key, {"甲": "乙"}) for key in KEYS],
    *[(key, []) for key in ("依据", "条件", "样例")],
    *[(key, "") for key in ("编号", "名称", "类型", "类别", "级别", "生效", "对象", "问题", "样例.名称", "样例.结论")],
    *[("编号", bad) for bad in ("fp999", "FP99", 999, "FP 999")],
    *[("类型", bad) for bad in ("Spending", "支出低", "low1", "low_", 1)],
    *[(key, "没有") for key in ("类别", "结果", "级别", "把握", "地区", "对象", "标注", "建议", "样例.结论")],
    *[(key, bad) for key in ("生效", "失效") for bad in ("2020-2-25", "2020/02/25", 20200225, "2020-13-01")],
    ("依据", [{"没有": "一"}]),
    ("依据", [{"五华2023": "一", "云财绩发11号": "二"}]),
    ("依据", [{}]),
    ("替代", "甲"),
    ("标注", "资金.没有"),
    ("标注", "三级指标"),
    *[("问题", bad) for bad in ("{实施单位", "｛实施单位｝", "实施单位}", "{}")],
    *[("样例.行", bad) for bad in (0, -1, 1.5, "一")],
    ("样例.给定", {**GIVEN, "没有的": 1}),
    ("样例.给定", {**GIVEN, "指标": [{"没有的": 1}]}),
    ("样例.发现", {"FP201": "没有"}),
]


@pytest.mark.parametrize(("key", "value"), BREAKS, ids=lambda part: "GONE" if part is GONE else str(part))
def test_what_is_broken_both_object_to(key, value, pack, validator):
    text = changed(key, value)
    top = key.partition(".")[0]
    lint, words = linted(pack, text)
    assert top in lint, words
    assert top in objected(validator, text)


# `true` is left out: as a text nobody writes it, and an editor that takes it would offer it everywhere.
ODD = [GONE, "", " ", "甲", "是", "2023-01-01", "FP201", "资金", 0, 1, 2.5, [], ["甲"], [1], {}, {"甲": 1}]


@pytest.mark.parametrize("key", KEYS)
def test_the_schema_raises_no_false_alarm(key, pack, validator):
    """Whatever stands under a key: where the schema objects, lint does."""
    texts = [changed(key, value).replace("FP999", f"FP9{number:02}") for number, value in enumerate(ODD)]
    found, words = linted_together(pack, texts)
    for value, text, lint in zip(ODD, texts, found, strict=True):
        assert objected(validator, text) <= lint, (value, words)


# the names at hand


def choices(schema, key):
    return schema["properties"][key]["enum"]


@pytest.fixture
def own(tmp_path):
    """A folder of the author's own, laid over the shipped rules."""
    folder = tmp_path / "我的规则"
    folder.mkdir()
    (folder / "sources.yaml").write_text("本区办法: {名称: 本区管理办法, 效力: 地方}\n", encoding="utf-8")
    (folder / "recommendations.yaml").write_text("先对账: {标题: 先对账, 内容: 再报送。}\n", encoding="utf-8")
    (folder / "我的.yaml").write_text("编号: QX001\n名称: 自己的\n类型: my-own\n", encoding="utf-8")
    return folder


def test_the_authors_own_names_are_offered_though_a_rule_is_faulty(own):
    schema = json.loads(schema_text("--rules", own))
    assert "先对账" in choices(schema, "建议")
    assert "本区办法" in schema["properties"]["依据"]["items"]["properties"]
    assert "my-own" in [snippet["label"] for snippet in schema["properties"]["类型"]["defaultSnippets"]]
    assert "QX001" in [snippet["label"] for snippet in schema["properties"]["替代"]["defaultSnippets"]]


@pytest.mark.parametrize("broken", ["sources.yaml", "我的.yaml", "parameters.yaml"])
def test_a_file_that_cannot_be_read_is_told_and_the_rest_offered(own, broken):
    (own / broken).write_text("本区办法：{名称\n", encoding="utf-8")
    said = CliRunner().invoke(app, ["rules", "schema", "--rules", str(own)])
    assert said.exit_code == 0
    assert broken in said.stderr
    assert "请再生成一次" in said.stderr
    schema = json.loads(said.stdout)
    assert {"先对账", "规范填报"} <= set(choices(schema, "建议"))
    assert "五华2023" in schema["properties"]["依据"]["items"]["properties"]


@pytest.mark.parametrize("broken", ["terms.yaml", "sources.yaml"])
def test_a_whole_pack_that_cannot_be_read_falls_back_to_the_shipped_names(pack, tmp_path, broken):
    shutil.copytree(pack / "pack", tmp_path / "pack")
    (tmp_path / "pack" / broken).write_text("对象：[\n", encoding="utf-8")
    said = CliRunner().invoke(app, ["rules", "schema", "--rules", str(tmp_path / "pack")])
    schema = json.loads(said.stdout)
    assert "指标" in choices(schema, "对象")
    assert "五华2023" in schema["properties"]["依据"]["items"]["properties"]
    assert broken in said.stderr


def test_the_schema_is_written_to_a_file(tmp_path):
    file = tmp_path / "规则.schema.json"
    assert schema_text("-o", file) == ""
    assert file.read_bytes() == SHIPPED.read_bytes()


@pytest.mark.parametrize("name", ["规则.yaml", "规则.yml", "规 则.json", "没有的文件夹/规则.json"])
def test_a_schema_replaces_no_rule_and_has_a_name_that_fits_the_line(tmp_path, name):
    (tmp_path / "规则.yaml").write_text("编号: QX001\n", encoding="utf-8")
    assert "--output" in schema_text("-o", tmp_path / name, code=2)
    assert (tmp_path / "规则.yaml").read_text(encoding="utf-8") == "编号: QX001\n"


def test_a_folder_that_is_not_there_is_told(tmp_path):
    assert "没有这个规则文件夹" in schema_text("--rules", tmp_path / "没有", code=2)


# what is inserted whole


def filled(body):
    """A snippet's body as an editor inserts it: every place filled with what it proposes."""
    if isinstance(body, dict):
        return {filled(key): filled(value) for key, value in body.items()}
    if isinstance(body, list):
        return [filled(item) for item in body]
    return seen(re.sub(r"\$\{\d+:([^}]*)\}", r"\1", body))


def test_the_new_rule_is_sound_as_it_is_inserted(tmp_path):
    [snippet] = rule_schema(find_offers())["defaultSnippets"]
    (tmp_path / "新.yaml").write_text(written(filled(snippet["body"])), encoding="utf-8")
    rulebook = load_rulebook(tmp_path)
    assert [str(result) for result in run_examples(rulebook, ["QX001"]) if not result.right] == []
