"""Every benchmark in one run: `python benchmarks/run.py`; ratios of medians, measured in turn side by side.

Writes the tables as Markdown to stdout. zen-engine takes part where it is installed (`pip install '.[bench]'`).
"""

import platform
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from statistics import median

import cold_start
import read_form
import ten_rules

PACKAGES = ("fpcheck", "pydantic", "lark", "PyYAML", "durable-rules", "zen-engine", "openpyxl")
ROUNDS = 15


def measured(ways: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """Time each way once a round, in turn, after one that does not count; seconds."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(rounds + 1):
        for name, way in ways.items():
            start = time.perf_counter()
            way()
            if number:
                times[name].append(time.perf_counter() - start)
    return times


def table(title: str, unit: str, times: Mapping[str, list[float]], scale: float) -> None:
    """Print medians, and the median of the ratios to the first one of the same round."""
    base = next(iter(times.values()))
    print(f"\n## {title}\n\n| 做法 | {unit} | 与第一行之比 |\n|---|---|---|")
    for name, mine in times.items():
        ratio = median(one / other for one, other in zip(mine, base, strict=True))
        print(f"| {name} | {_figure(median(mine) * scale)} | {_figure(ratio)} |")


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "没有安装"


def main() -> None:
    """Measure and print."""
    machine = f"{platform.machine()}，{platform.system()}，CPython {platform.python_version()}"
    print(f"# 快慢\n\n{datetime.now(UTC):%Y-%m-%d}，{machine}。")
    print("、".join(f"{package} {_version(package)}" for package in PACKAGES) + "。")
    print(f"`python benchmarks/run.py` 一次跑出，轮流各做 {ROUNDS} 次取中位数；只看比值，绝对时间随机器变。")
    with cold_start.ways() as ways:
        table("冷启动查一份 YAML", "毫秒", measured(ways, ROUNDS), 1e3)
    if find_spec("openpyxl"):
        import checked_copy  # noqa: PLC0415 - openpyxl is only there to be measured against

        table("在一份表的复件里标出 20 处", "毫秒", measured(checked_copy.ways(), ROUNDS), 1e3)
    with ExitStack() as stack:
        found, forms = ten_rules.ways(stack)
        table(f"同样十条规则，每份材料（{forms} 份）", "微秒", measured(found, ROUNDS), 1e6 / forms)
    table("读一份 Excel 自评表", "毫秒", measured(read_form.ways(), ROUNDS), 1e3)


if __name__ == "__main__":
    sys.exit(main())
