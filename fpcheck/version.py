"""The version, and which engines this installation has."""

from importlib.metadata import PackageNotFoundError, version


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


VERSION = _installed("fpcheck") or "未安装"


def engines() -> list[str]:
    """Say which engines there are."""
    durable = _installed("durable-rules")
    lines = ["semantics：可用（逐份精确判断）"]
    lines.append(f"durable：已装 durable-rules {durable}，本版本还没有接上" if durable else "durable：没有安装")
    return lines
