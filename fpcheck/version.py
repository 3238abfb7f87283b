"""The version, and which engines this installation has."""

from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def own_version() -> str:
    """Give the version installed; looked up when it is asked for, since reading a package's metadata takes its time."""
    return _installed("fpcheck") or "未安装"


def durable_installed() -> bool:
    """Tell whether the engine durable can run here (the extra `durable`)."""
    return find_spec("durable_rules_engine") is not None


def engines() -> list[str]:
    """Say which engines there are."""
    lines = ["semantics：可用（逐份精确判断，报告以它为准）"]
    if durable_installed():
        lines.append(f"durable：可用（durable-rules {_installed('durable-rules')}，与 semantics 逐条核对）")
    else:
        lines.append("durable：没有安装（附加包 durable，要用 C 编译器和低于 3.13 的 CPython）")
    return lines
