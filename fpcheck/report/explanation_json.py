"""An explanation as JSON; docs/解释.md tells what each key means. What is not there is null or empty, never absent."""

import json
from dataclasses import asdict
from typing import Any

from fpcheck.engine.explain.shapes import Explanation
from fpcheck.version import own_version


def explanation_json(explanation: Explanation) -> str:
    """Give an explanation as one JSON text."""
    return json.dumps(as_dict(explanation), ensure_ascii=False, indent=2)


def as_dict(explanation: Explanation) -> dict[str, Any]:
    """Give an explanation as plain data."""
    whole = asdict(explanation)
    rulebook = {"digest": whole.pop("digest"), "as_of": whole.pop("as_of"), "region": whole.pop("asked_region")}
    return {"fpcheck": own_version(), "rulebook": rulebook, **whole}
