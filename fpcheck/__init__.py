"""fpcheck: a rules-engine compliance checker for Chinese budget-performance submissions.

import fpcheck
result = fpcheck.check("自评表.yaml")
print(result.to_frame())
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fpcheck import quantity
    from fpcheck.app import check, check_many, explain
    from fpcheck.finding import CheckResult
    from fpcheck.rulebook.load import load_rulebook
    from fpcheck.submission import Submission

__all__ = ["CheckResult", "Submission", "check", "check_many", "explain", "load_rulebook", "quantity"]
_HOMES = {
    "check": "fpcheck.app",
    "check_many": "fpcheck.app",
    "explain": "fpcheck.app",
    "CheckResult": "fpcheck.finding",
    "load_rulebook": "fpcheck.rulebook.load",
    "Submission": "fpcheck.submission",
}


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])


def __getattr__(name: str) -> Any:  # noqa: ANN401 - any public name
    """Import a public name when it is first asked for, so that parts of the package stay light."""
    from importlib import import_module  # noqa: PLC0415

    if name == "quantity":
        return import_module("fpcheck.quantity")
    if name not in _HOMES:
        raise AttributeError(f"module 'fpcheck' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
