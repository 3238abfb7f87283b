"""A property that is held twice: by the same cases in every run, and by many more at random under the mark `long`."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis.strategies import SearchStrategy

MORE = 50  # how many times as many cases the long run tries


def holds(
    cases: int, *drawn: SearchStrategy[Any], also: tuple[Any, ...] = ()
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Make a test of a function that is handed what is `drawn`; `also` are cases that went wrong once."""
    calm = [HealthCheck.too_slow, HealthCheck.filter_too_much]
    same = settings(max_examples=cases, deadline=None, derandomize=True, suppress_health_check=calm)
    random = settings(max_examples=cases * MORE, deadline=None, suppress_health_check=calm)

    def test_of(prove: Callable[..., None]) -> Callable[..., None]:
        drawing = given(*drawn)(prove)
        for case in also:
            drawing = example(case)(drawing)

        @pytest.mark.parametrize("run", [same, pytest.param(random, marks=pytest.mark.long)], ids=["same", "random"])
        def test(run: settings) -> None:
            run(drawing)()

        return test

    return test_of
