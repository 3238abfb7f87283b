"""The hint which cells are likely wrong, told to people and to programs."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from fpcheck.finding import Choice, Suspect, Suspicion

TITLE = "可能填错的格（由表内各数的关系推算，请先核对凭证和原表，确实写错的才改）"

Key = tuple[str, int | None]


def told(found: Suspicion) -> list[str]:
    """Tell a suspicion line by line."""
    if len(found.choices) == 1 and len(found.choices[0].cells) == 1:
        return [_line(found.choices[0])]
    if len(found.choices) > 1:
        return ["下面任选一处，改对了就都对得上：", *(f"· {_line(choice)}" for choice in found.choices)]
    [choice] = found.choices
    return [
        f"下面 {len(choice.cells)} 格一起改对{'（几个数要互相配合）' if choice.bound else ''}，{_effect(choice)}：",
        *(f"· {_cell(suspect)}" for suspect in choice.cells),
    ]


def as_json(found: Suspicion) -> dict[str, Any]:
    """Give a suspicion in the shape outside programs rely on."""
    return {
        "submission": found.submission,
        "rules": _keys(found.rules),
        "choices": [
            {
                "cells": [{**asdict(suspect), "where": suspect.where.as_json()} for suspect in choice.cells],
                "resolves": _keys(choice.resolves),
                "raises": _keys(choice.raises),
                "bound": choice.bound,
            }
            for choice in found.choices
        ],
        "text": "\n".join(told(found)),
    }


def _keys(keys: Iterable[Key]) -> list[dict[str, Any]]:
    return [{"rule": rule, "row": row} for rule, row in keys]


def _line(choice: Choice) -> str:
    return f"{'；'.join(map(_cell, choice.cells))}，{'互相配合，' if choice.bound else ''}{_effect(choice)}。"


def _cell(suspect: Suspect) -> str:
    subject = f"（{suspect.subject}）" if suspect.subject else ""
    return f"{suspect.where}{subject}：现为{suspect.stated.text}，{_instead(suspect)}"


def _instead(suspect: Suspect) -> str:
    low, high = suspect.low, suspect.high
    if low and high:
        return f"若改为{low.text}" if low == high else f"若改为{low.text}到{high.text}之间"
    if low or high:
        return f"若改为≥{low.text}的值" if low else f"若改为≤{high.text}的值" if high else ""
    return "若改为别的值"


def _effect(choice: Choice) -> str:
    numbers = [_named(key) for key in choice.resolves]
    raised = f"（但会命中 {'、'.join(map(_named, choice.raises))}）" if choice.raises else ""
    return f"{'、'.join(numbers)} {'都' if len(numbers) > 1 else ''}不再命中{raised}"


def _named(key: Key) -> str:
    rule, row = key
    return f"{rule}（第{row}条）" if row else rule
