"""The durable-rules engine in its fence: its limits, its worker process, and what happens when either gives way."""

import itertools
import os
import random
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pytest
from conformance import bench

from fpcheck.app import ROWS, SINGLY, exit_code, singly
from fpcheck.engine.decision import PERSON
from fpcheck.engine.env import Env
from fpcheck.engine.group import Tally
from fpcheck.engine.run import run
from fpcheck.engine.semantics import judge
from fpcheck.facts import facts_of
from fpcheck.finding import Fault, Outcome
from fpcheck.intake import Forms, Intake, read_paths
from fpcheck.terms import Glossary

pytest.importorskip("durable_rules_engine", reason="the extra durable is not installed")

from fpcheck.engine.durable import Durable, atoms, process, program
from fpcheck.engine.durable.process import Worker, WorkerFailed

ROOT = Path(__file__).parent.parent
FORM = {"年度": "2023", "表种": "综合"}
unix = pytest.mark.skipif(os.name != "posix", reason="signals")
proc = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")


@pytest.fixture(scope="module")
def durable():
    engine = Durable()
    yield engine
    engine.close()


def judged(rules, form, durable):
    """Judge one form with both engines; they must agree; give the outcomes."""
    facts = [bench.facts_from({**FORM, **form})]
    book = rules if not isinstance(rules, list) else bench.rulebook(rules)
    alone = run(facts, book)
    result = run(facts, book, beside=durable)
    assert result.errors == ()
    assert replace(result, engine=alone.engine) == alone
    return [said.outcome for said in result.outcomes]


# limits of the engine


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        ("😀" * 16_384, "", False),  # 65,536 bytes: the engine takes lengths modulo that
        ("😀" * 16_384, "😀" * 16_384, True),
        ("😀" * 16_384, "😀" * 16_383 + "😁", False),
        ("甲" * 20_000, "甲" * 20_000, True),
        ("甲" * 20_000, "甲" * 19_999 + "乙", False),
        ("a" * 100 + " ", "a" * 100 + "!", False),
        ("\x01" * 10_922 + "aaaa", "", False),  # each is six bytes of JSON
        ('"' * 19_999 + "甲", '"' * 19_999 + "乙", False),
        ('"', "\\", False),
        ("\\u0041", "A", False),
        ("5", "5.0", False),
        ("true", "1", False),
        ("e\u0301", "\u00e9", True),  # texts are compared after NFKC
        ("第一\x00行", "第一", False),
    ],
)
def test_texts_of_any_length_and_kind_are_compared_exactly(one, two, same, durable):
    forms = {"总体目标": one, "年度目标": two or "无"}
    equal = judged([{"条件": ["总体目标 = 年度目标"]}], forms, durable)
    assert equal == [Outcome.VIOLATED if same else Outcome.UNDECIDED if not two else Outcome.PASSED]


def test_a_text_that_is_too_long_is_refused_by_name_before_any_engine(durable):
    submission = bench.submission_of({**FORM, "年度目标": "甲" * 20_001})
    assert "20001 字" in str(submission.problems[0])
    assert judged([{"条件": ['年度目标 = "甲"']}], {"年度目标": "甲" * 20_001}, durable) == [Outcome.UNDECIDED]


def test_half_a_surrogate_pair_reaches_no_engine_as_text():
    assert atoms.comparable("\ud800", "\ud800") == (0.0, 0.0)
    assert atoms.comparable("\ud800", "甲") == (1.0, 0.0)


@pytest.mark.parametrize(
    ("spent", "given", "percent", "below"),
    [
        ("19.95元", "21元", "95%", False),
        ("19.94元", "21元", "95%", True),
        ("999999999999.98元", "999999999999.99元", "100%", True),
        ("333333333300.00元", "999999999999.99元", "33.33333333%", False),
        ("333333333299.99元", "999999999999.99元", "33.33333333%", True),
        ("0.01元", "999999999999.99元", "0.000001%", True),
        ("0.01元", "100万元", "0.000001%", False),
    ],
)
def test_rates_are_exact_beyond_what_a_double_holds(spent, given, percent, below, durable):
    form = {"支出金额": spent, "下达金额": given}
    rules = [{"条件": [f"支出金额 / 下达金额 < {percent}"]}, {"条件": [f"{percent} > 支出金额 / 下达金额"]}]
    assert judged(rules, form, durable) == [Outcome.VIOLATED if below else Outcome.PASSED] * 2


@pytest.mark.parametrize(
    ("total", "condition", "outcome"),
    [
        ("1e-05", "自评总分 > 0", Outcome.VIOLATED),
        ("0.00001", "自评总分 = 0.00001", Outcome.VIOLATED),
        ("1e-05", "自评总分 < 0.00001", Outcome.PASSED),
        ("999999999999.999999", "自评总分 * 自评总分 * 100 > 自评总分 * 自评总分 * 99.999999", Outcome.VIOLATED),
        ("999999999999.999999", "自评总分 < 999999999999", Outcome.PASSED),
        (str(2**63), "自评总分 > 0", Outcome.UNDECIDED),  # refused by name: see below
        ("1e400", "自评总分 > 0", Outcome.UNDECIDED),
    ],
)
def test_numbers_that_the_engine_writes_or_holds_wrongly(total, condition, outcome, durable):
    assert judged([{"条件": [condition]}], {"自评总分": total}, durable) == [outcome]


@pytest.mark.parametrize("total", [str(2**63), "1e400", "1e-400", "0.0000001"])
def test_numbers_beyond_all_limits_are_refused_by_name(total):
    (problem,) = bench.submission_of({**FORM, "自评总分": total}).problems
    assert total[:10] in str(problem)
    assert problem.where.field == "自评总分"


def test_two_to_the_sixty_third_as_a_sum_is_no_smaller_than_its_neighbour(durable):
    rows = [{"来源": "财政拨款", "全年预算数": "999999999999.99元"}] * 1_000  # about 2⁵⁶ 分
    form = {"资金": rows, "支出金额": "0.01元"}
    total = "合计(资金.全年预算数) * 99 + 支出金额"
    rules = [{"条件": [f"{total} > 合计(资金.全年预算数) * 99"]}, {"条件": [f"{total} = 合计(资金.全年预算数) * 99"]}]
    assert judged(rules, form, durable) == [Outcome.VIOLATED, Outcome.PASSED]


def fnv(name):
    """The 32-bit hash by which the engine tells names apart (FNV-1a)."""
    found = 0x811C9DC5
    for byte in name.encode():
        found = (found ^ byte) * 0x01000193 % 2**32
    return found


COLLIDING = ("甲天天昃金额", "乙申辛巳金额")


def test_fields_whose_names_collide_in_32_bits_are_kept_apart(durable):
    assert fnv(COLLIDING[0]) == fnv(COLLIDING[1])
    data = bench.glossary().model_dump(by_alias=True, exclude_none=True)
    plain = data["对象"]["项目"]["字段"]["支出金额"]
    for number, name in enumerate(COLLIDING):
        data["对象"]["项目"]["字段"][name] = {**plain, "name": name, "英文": f"colliding_{'ab'[number]}", "标签": ()}
    glossary = Glossary.model_validate(data)
    table = glossary.tables["项目"]
    assert set(COLLIDING) <= set(table.fields)
    found = bench.rulebook(
        [{"条件": [f"{COLLIDING[0]} < {COLLIDING[1]}"]}, {"条件": [f"{COLLIDING[0]} 为空"]}], glossary
    )
    form = {**FORM, COLLIDING[0]: "1元", COLLIDING[1]: "2元"}
    facts = [facts_of(bench.submission_of(form, terms=glossary))]
    result = run(facts, found, beside=durable)
    assert [said.outcome for said in result.outcomes] == [Outcome.VIOLATED, Outcome.PASSED]
    assert result.errors == ()


def test_the_names_that_the_engine_sees_never_collide():
    names = [f"{letter}{at}" for letter in ("t", "p", "l", "r", "m", "b", "c", "lo", "hi") for at in range(64)]
    names += ["sid", "id", "kind", "$s"]
    assert len({fnv(name) for name in names}) == len(names)


def test_no_word_of_a_rule_or_a_form_becomes_a_name_in_the_engine(rulebook):
    chunks = program.program(rulebook.rules).chunks
    assert len(chunks) >= 2
    for chunk in chunks:
        assert chunk.isascii()
        assert "\\u" not in chunk


@pytest.mark.parametrize("count", [2_500, pytest.param(10_000, marks=pytest.mark.long)])
def test_very_many_indicator_rows(durable, count):
    rows = [{"三级指标": f"培训{n}", "分值": str(n % 7), "得分": str(n % 5)} for n in range(count)]
    outcomes = judged(
        [
            {"对象": "指标", "条件": ["得分 > 分值"]},
            {"对象": "指标", "适用": ["分值 > 0"], "条件": ["得分 / 分值 < 50%"]},
        ],
        {"指标": rows},
        durable,
    )
    assert len(outcomes) == 2 * count
    assert outcomes.count(Outcome.VIOLATED) > count / 5


def test_two_thousand_rules(durable):
    book = bench.rulebook(
        [
            {"条件": ["支出金额 / 下达金额 < 95%"]},
            {"条件": ["总体目标 = 年度目标"], "除非": ["偏差说明 含有 词表.政策性停支"]},
            {"对象": "指标", "条件": ["得分 > 分值"]},
        ]
    )
    many = tuple(
        replace(rule, rule=rule.rule.model_copy(update={"id": f"FP{number}{turn:03d}"}))
        for turn, (number, rule) in itertools.product(range(667), enumerate(book.rules, 1))
    )
    book = replace(book, rules=many, by_id={rule.rule.id: rule for rule in many})
    form = {
        "支出金额": "94元",
        "下达金额": "100元",
        "总体目标": "甲",
        "年度目标": "甲",
        "指标": [{"分值": "1", "得分": "2"}],
    }
    outcomes = judged(book, form, durable)
    assert outcomes == [Outcome.VIOLATED] * 2_001


WIDE = " 且 ".join(f"(支出金额 > {n}元 或 下达金额 > {n}元)" for n in range(12))  # 4,096 alternatives


@pytest.mark.parametrize(
    "lines",
    [
        [WIDE],
        [f"支出金额 ≠ {n}元" for n in range(70)],  # more answers than a fact has room for
        [f"(支出金额 > {n}元 或 下达金额 > {n}元)" for n in range(40)],
    ],
    ids=["one line", "many lines", "many wide lines"],
)
@pytest.mark.parametrize("spent", ["100元", "3元", "", "若干"])
def test_a_rule_that_is_too_wide_is_narrowed_and_means_the_same(lines, spent, durable):
    rules = [{"条件": lines}, {"适用": lines, "条件": ["下达金额 > 0"]}, {"条件": ["下达金额 > 0"], "除非": lines}]
    judged(rules, {"支出金额": spent, "下达金额": "5元"}, durable)
    for fenced in program.program(bench.rulebook(rules).rules).rules.values():
        assert fenced.width <= program.MOST_PATHS
        assert sum(atom.width for atom in fenced.atoms) <= program.MOST_FIELDS


def test_many_counts_of_findings_are_narrowed_before_they_are_multiplied_out(durable):
    """Each line of the exception has two ways to be false: 2²⁴ of them together."""
    base = [{"条件": [f"支出金额 > {n}元"]} for n in range(24)]
    lines = [f'发现数(规则 = "FP{100 + n}") = 0' for n in range(24)]
    for part in ({"条件": ["支出金额 ≥ 0元"], "除非": lines}, {"条件": [line.replace("=", "≠", 2) for line in lines]}):
        part["条件"] = [line.replace("规则 ≠", "规则 =") for line in part["条件"]]
        book = bench.rulebook([*base, {"结果": "结论", **part}])
        assert all(fenced.width <= program.MOST_PATHS for fenced in program.program(book.rules).rules.values())
        assert judged(book, {"支出金额": "100元"}, durable)[-1] is Outcome.VIOLATED
        assert judged(book, {"支出金额": "3元"}, durable)[-1] is Outcome.PASSED


def test_a_fact_never_has_more_fields_than_the_engine_takes(durable):
    base = [{"条件": [f"支出金额 > {n}元"]} for n in range(55)]
    lines = [f'发现数(规则 = "FP{100 + n}") > 0' for n in range(55)]
    rules = [*base, {"结果": "结论", "条件": lines}]
    assert judged(rules, {"支出金额": "100元"}, durable)[-1] is Outcome.VIOLATED
    assert judged(rules, {"支出金额": "54元"}, durable)[-1] is Outcome.PASSED


def test_very_many_wide_rules_are_narrowed_to_what_the_worker_holds():
    """No engine is asked: what counts is the size of what it would be told."""
    lines = [f"(支出金额 > {n}元 或 下达金额 > {n}元)" for n in range(5)]
    [rule] = bench.rulebook([{"条件": lines}]).rules
    many = [replace(rule, rule=rule.rule.model_copy(update={"id": f"FP{n:04d}"})) for n in range(2_000)]
    for count in (100, 2_000):
        told = program.program(many[:count])
        assert sum(fenced.width for fenced in told.rules.values()) <= program.MOST_ANTECEDENTS
        assert (max(fenced.width for fenced in told.rules.values()) > 3) is (count == 100)


@pytest.mark.parametrize(
    ("rules", "form", "said"),
    [
        # the divisor is negative: 100 / (50 - 100)
        ([{"条件": ["支出金额 / (下达金额 - 支出金额) < 95%"]}], {"支出金额": "100元", "下达金额": "50元"}, "命中"),
        (
            [
                {"条件": ["支出金额 > 0元"]},
                {
                    "结果": "结论",
                    "条件": ['发现数(规则 = "FP100") > 0'],
                    "除非": ['发现数(规则 = "FP100") ≥ 1'],
                },
            ],
            {"支出金额": "1元"},
            "通过",
        ),
        (
            [{"条件": ["支出金额 > 0元"]}, {"结果": "结论", "条件": ['发现数(规则 = "FP100") = 自评总分']}],
            {"支出金额": "0元"},
            "无法判断",
        ),
        (
            [
                {"条件": ["支出金额 > 0元"]},
                {"结果": "结论", "适用": ['非 (发现数(规则 = "FP100") ≥ 2)'], "条件": ["支出金额 > 0元"]},
            ],
            {"支出金额": "1元"},
            "命中",
        ),
    ],
)
def test_ways_of_comparing_that_are_easily_got_wrong(rules, form, said, durable):
    assert judged(rules, form, durable)[-1].label == said


# the worker process


def cases(rulebook):
    intake = read_paths(sorted(ROOT.glob("cases/*/input")), Forms(rulebook.glossary))
    return [facts_of(submission) for submission in intake.submissions]


@unix
@pytest.mark.long
def test_a_worker_killed_at_random_moments_loses_nothing(rulebook):
    facts = cases(rulebook)
    alone = run(facts, rulebook)
    moments = random.Random(7)
    durable = Durable()
    over = threading.Event()
    kills = []

    def kill():
        while not over.wait(moments.uniform(0.005, 0.15)):
            worker = durable.worker
            if worker:
                os.kill(worker.pid, signal.SIGKILL)
                kills.append(worker.pid)

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        result = run(facts, rulebook, beside=durable)
    finally:
        over.set()
        killer.join()
        durable.close()
    assert kills
    assert result.findings == alone.findings
    assert result.outcomes == alone.outcomes
    assert (result.conclusions, result.totals) == (alone.conclusions, alone.totals)
    hurt = {fault.submission for fault in result.errors}
    assert hurt
    assert {fault.engine for fault in result.errors} == {"durable"}
    for head, before in zip(result.submissions, alone.submissions, strict=True):
        assert head.decision == (PERSON if head.id in hurt else before.decision)


@unix
def test_a_worker_that_does_not_answer_is_stopped_in_time(rulebook):
    durable = Durable(seconds=2)
    os.kill(durable.worker.pid, signal.SIGSTOP)
    result = run(cases(rulebook)[:2], rulebook, beside=durable)
    durable.close()
    first, _ = result.submissions
    assert [fault.submission for fault in result.errors] == [first.id]  # the second form had a new worker
    assert "2 秒没有答复" in result.errors[0].message
    assert first.decision == PERSON


@unix
def test_after_three_failures_in_a_row_no_other_worker_is_started(rulebook, monkeypatch):
    started = []

    class Dead(Worker):
        def __init__(self):
            super().__init__()
            started.append(self.pid)
            os.kill(self.pid, signal.SIGKILL)

    monkeypatch.setattr("fpcheck.engine.durable.opinion.Worker", Dead)
    durable = Durable()
    result = run(cases(rulebook)[:5], rulebook, beside=durable)
    durable.close()
    assert len(started) == 3
    assert len(result.errors) == 5
    assert sorted("信号 9" in fault.message for fault in result.errors) == [False, False, True, True, True]
    assert sum("连续失败 3 次" in fault.message for fault in result.errors) == 2
    assert {head.decision for head in result.submissions} == {PERSON}


def test_two_failures_then_an_answer_and_the_count_begins_anew(rulebook, monkeypatch):
    """Only failures in a row make it give up."""
    asked = []

    class Moody(Worker):
        def ask(self, request, seconds):
            asked.append(request)
            if "conclude" in request and len([one for one in asked if "conclude" in one]) % 3:
                raise WorkerFailed("今天不行")
            return super().ask(request, seconds)

    monkeypatch.setattr("fpcheck.engine.durable.opinion.Worker", Moody)
    durable = Durable()
    result = run(cases(rulebook)[:9], rulebook, beside=durable)
    durable.close()
    assert ["今天不行" in fault.message for fault in result.errors] == [True] * 6


def test_an_answer_that_breaks_off_costs_one_form_only(rulebook, monkeypatch):
    broken = []

    class Half(Worker):
        def _exchange(self, line):
            answer = super()._exchange(line)
            if b"conclude" in line and not broken:
                broken.append(answer)
                self._process.kill()
                return answer[: len(answer) // 2]
            return answer

    monkeypatch.setattr("fpcheck.engine.durable.opinion.Worker", Half)
    durable = Durable()
    result = run(cases(rulebook)[:3], rulebook, beside=durable)
    durable.close()
    (fault,) = result.errors
    assert "进程意外结束" in fault.message


def test_a_row_that_the_engine_says_nothing_of_is_noticed(rulebook, monkeypatch):
    """Silence means 无法判断 and nothing else: lost facts do not pass for agreement."""

    class Silent(Worker):
        def ask(self, request, seconds):
            super().ask(request, seconds)
            return {}

    monkeypatch.setattr("fpcheck.engine.durable.opinion.Worker", Silent)
    durable = Durable()
    result = run(cases(rulebook)[:1], rulebook, beside=durable)
    durable.close()
    assert result.errors
    assert all("durable 判为无法判断" in fault.message for fault in result.errors)


def test_a_failure_while_rows_are_handed_over_blames_no_rule(rulebook, monkeypatch):
    monkeypatch.setattr("fpcheck.engine.durable.opinion.BATCH", 1)

    class Dead(Worker):
        def ask(self, request, seconds):
            raise WorkerFailed("不在了")

    monkeypatch.setattr("fpcheck.engine.durable.opinion.Worker", Dead)
    durable = Durable()
    result = run(cases(rulebook)[:1], rulebook, beside=durable)
    durable.close()
    assert [(fault.rule, "不在了" in fault.message) for fault in result.errors] == [(None, True)]


@unix
def test_the_worker_limits_its_memory_within_what_it_is_allowed():
    """2 GiB of address space, or what whoever started it has left it; without a limit it would eat the machine."""
    script = f"import resource, runpy; worker = runpy.run_path({str(process.SCRIPT)!r})\n"
    show = "worker['limit_memory'](); print(resource.getrlimit(resource.RLIMIT_AS)[1])"
    allowed = 1_500_000_000
    for before, left in (("", 2 << 30), (f"resource.setrlimit(resource.RLIMIT_AS, ({allowed}, {allowed}))\n", allowed)):
        done = subprocess.run(
            [sys.executable, "-c", script + before + show], capture_output=True, text=True, check=True
        )
        assert int(done.stdout) == left


@proc
def test_a_running_worker_is_limited():
    worker = Worker()
    worker.ask({"define": []}, 20)
    limits = Path(f"/proc/{worker.pid}/limits").read_text(encoding="ascii")
    worker.stop()
    [line] = [line for line in limits.splitlines() if line.startswith("Max address space")]
    assert int(line.split()[3]) <= 2 << 30


def test_what_was_counted_of_one_form_does_not_count_for_the_next(durable, monkeypatch):
    """A form whose judging broke off half-way leaves nothing behind in the worker."""
    rules = [{"条件": ["支出金额 > 0"]}, {"结果": "结论", "条件": ['发现数(规则 = "FP100") > 0']}]
    book = bench.rulebook(rules)
    first, second = (bench.facts_from({**FORM, "支出金额": spent}) for spent in ("1元", "0元"))
    monkeypatch.setattr("fpcheck.engine.durable.opinion.BATCH", 1)
    opinion = durable.on(book, "broken off")
    env = Env(first, bench.parameter, row=first.project, tally=Tally())
    opinion.note(book.rules[0], next(judge(book.rules[0], env)))
    opinion.pass_on()
    assert opinion.said
    result = run([second], book, beside=durable)
    assert result.errors == ()
    assert [said.outcome for said in result.outcomes] == [Outcome.PASSED, Outcome.PASSED]


def test_a_system_that_starts_no_process(rulebook, monkeypatch):
    monkeypatch.setattr(process.sys, "executable", "/nowhere/python")
    durable = Durable()
    assert durable.worker is None
    result = run(cases(rulebook)[:1], rulebook, beside=durable)
    (fault,) = result.errors
    assert "启动不了进程" in fault.message
    assert result.submissions[0].decision == PERSON


def test_the_worker_ends_with_whoever_started_it():
    worker = Worker()
    worker.ask({"define": []}, 20)
    worker._process.stdin.close()
    assert worker._process.wait(20) == 0
    worker.stop()


@pytest.mark.parametrize(
    "request_",
    [
        {"define": ["{not json"]},
        {"facts": [[7, "FP100", 0, '{"sid":"s","id":"f0","kind":"k0"']]},
        {"conclude": [[0, "FP100", 0, "{", {}]], "given": {}},
        [],
    ],
)
def test_a_request_that_makes_no_sense_ends_the_worker_with_a_reason(request_):
    worker = Worker()
    with pytest.raises(WorkerFailed, match=r"Error|error"):
        worker.ask(request_, 20)
    assert worker._process.wait(20) == 0
    worker.stop()


def memory(pid):
    """Resident memory in kilobytes."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1])


class Recorded(Worker):
    """A worker that keeps what it was asked."""

    asked: ClassVar[list] = []

    def ask(self, request, seconds):
        answer = super().ask(request, seconds)
        self.asked.append((request, answer))
        return answer


def flat(rulebook, monkeypatch, count):
    """Send the cases' forms through one worker over and over: answers stay the same, memory stays flat."""
    monkeypatch.setattr("fpcheck.engine.durable.opinion.Worker", Recorded)
    Recorded.asked = asked = []
    durable = Durable()
    run(cases(rulebook), rulebook, beside=durable)
    per_round = sum("conclude" in request for request, _ in asked)
    rounds = [pair for pair in asked if "define" not in pair[0]]
    seen, after = per_round, []
    while seen < count:
        for request, answer in rounds:
            assert Worker.ask(durable.worker, request, 30) == answer
        seen += per_round
        after.append(memory(durable.worker.pid))
    durable.close()
    settled = after[min(len(after) // 10, 10)]
    assert after[-1] <= settled * 1.1, after
    return seen


@proc
@pytest.mark.long
def test_memory_of_the_worker_is_flat(rulebook, monkeypatch):
    assert flat(rulebook, monkeypatch, 250) >= 250


@proc
@pytest.mark.long
def test_memory_of_the_worker_is_flat_over_a_hundred_thousand_submissions(rulebook, monkeypatch):
    assert flat(rulebook, monkeypatch, 100_000) >= 100_000


# disagreement


class Contrary:
    """An engine that sees one thing differently, or fails at one moment."""

    name = "contrary"

    def __init__(self, moment="", submission=""):
        self.moment = moment
        self.submission = submission

    def on(self, _, submission):
        self._at("on")
        return Contrary(self.moment, submission)

    def _at(self, moment):
        if moment == self.moment:
            raise ZeroDivisionError(f"failed at {moment}")

    def note(self, *_):
        self._at("note")

    def pass_on(self):
        self._at("pass_on")

    def left_open(self, _):
        pass

    def faults(self):
        self._at("faults")
        return [Fault(self.submission, "FP201", self.name, None, "判得不一样")]


@pytest.mark.parametrize("moment", ["", "on", "note", "pass_on", "faults"])
def test_whatever_a_second_engine_does_the_findings_stay_and_a_person_decides(moment, rulebook):
    facts = cases(rulebook)[:3]
    alone = run(facts, rulebook)
    result = run(facts, rulebook, beside=Contrary(moment))
    assert result.findings == alone.findings
    assert result.outcomes == alone.outcomes
    assert {head.decision for head in result.submissions} == {PERSON}
    assert [fault.submission for fault in result.errors] == [head.id for head in result.submissions]
    assert all((f"failed at {moment}" if moment else "判得不一样") in fault.message for fault in result.errors)
    assert result.engine == "contrary"


def test_a_disagreement_names_rule_row_and_both_outcomes(durable, monkeypatch):
    """A fault planted in the engine's comparison is noticed at the row where it matters, and nowhere else."""
    monkeypatch.setitem(atoms._PLAIN, "<", "lte")
    rules = [{"对象": "指标", "条件": ["分值 < 得分"]}]
    facts = [bench.facts_from({**FORM, "指标": [{"分值": "1", "得分": n} for n in ("0", "1", "2")]})]
    result = run(facts, bench.rulebook(rules), beside=durable)
    (fault,) = result.errors
    assert (fault.rule, fault.row, fault.engine) == ("FP100", 2, "durable")
    assert "durable 判为命中，semantics 判为通过" in fault.message


# the command line


def fpcheck(*args):
    done = subprocess.run(
        [sys.executable, "-m", "fpcheck", *args], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout, done.stderr


def test_errors_of_the_tool_decide_the_exit_code(rulebook):
    """Before findings do, whatever their severity."""
    facts = cases(rulebook)[:1]
    for beside, code in ((None, 0), (Contrary(), 3)):
        result = run(facts, rulebook, beside=beside)
        assert {finding.severity for finding in result.findings}.isdisjoint({"严重"})
        assert exit_code(result, "严重") == code


def test_auto_asks_the_second_engine_about_up_to_a_hundred_forms():
    for count, singly_judged in ((1, True), (SINGLY, True), (SINGLY + 1, False)):
        intake = Intake(submissions=[bench.submission_of(FORM)] * count)
        assert singly("auto", intake) is singly_judged
        assert singly("durable", intake) is True


def test_auto_leaves_a_long_form_to_the_semantics():
    for count, singly_judged in ((ROWS, True), (ROWS + 1, False)):
        long = bench.submission_of({**FORM, "指标": [{"三级指标": f"第{n}项"} for n in range(count)]})
        intake = Intake(submissions=[bench.submission_of(FORM), long])
        assert singly("auto", intake) is singly_judged
        assert singly("durable", intake) is True


FILE = "cases/wuhua-2023/input/黑林铺街道办事处.yaml"


@pytest.mark.parametrize(("asked", "ran"), [("auto", "durable"), ("durable", "durable"), ("semantics", "semantics")])
def test_the_report_names_the_engine_that_ran(asked, ran):
    _, out, _ = fpcheck("check", FILE, "--engine", asked)
    assert out.rstrip().endswith(f"引擎 {ran}")
