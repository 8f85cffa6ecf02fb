"""Conditions an admin can read aloud:

`pain: ">= 8"`, `feeling: [same, worse]`, `trend.feeling: worsening`.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from app.flow.state import State

_COMPARISON = re.compile(r"^\s*(>=|<=|!=|>|<)\s*(-?\d+(?:\.\d+)?)\s*$")
_OPERATORS: Final[dict[str, Callable[[float, float], bool]]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
}


def is_comparison(text: str) -> bool:
    """Whether `text` compares a number, like ">= 8"."""
    return bool(_COMPARISON.match(text))


def matches(wanted: Any, value: Any) -> bool:
    """Whether a value is what a script line wants: equal, one of a list, or within a comparison.

    Never raises.
    """
    if isinstance(wanted, list):
        return any(matches(one, value) for one in wanted)
    if isinstance(wanted, bool) or isinstance(value, bool):
        # A fact that is not there is not so; words like "no" are answers and never a truth.
        return value is wanted or (value is None and wanted is False)
    found = _COMPARISON.match(wanted) if isinstance(wanted, str) else None
    if found:
        number = _number(value)
        return number is not None and _OPERATORS[found[1]](number, float(found[2]))
    return str(wanted) == str(value) if value is not None else False


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def trend(entries: list[dict[str, Any]]) -> str:
    """How an ordered answer moved: worsening, improving, steady, or unknown with fewer than two answers.

    Ranks count from good to bad. Worse than the time before is worsening, as is bad twice running at the
    worst rank (a patient who twice says "worse" is not steady). Rule: field guide §2.2, Inouye 2015.
    """
    ranks = [e["rank"] for e in entries if e.get("rank") is not None]
    if len(ranks) < 2:
        return "unknown"
    before, last = ranks[-2], ranks[-1]
    if last > before or (last == before and last > 0 and entries[-1].get("worst")):
        return "worsening"
    return "improving" if last < before else "steady"


def lookup(name: str, state: State, facts: Mapping[str, Any]) -> Any:
    """The value a condition's name stands for: an answer, `trend.<answer>`, `silent_check_ins`, or a fact."""
    if name.startswith("trend."):
        return trend(state.answers.get(name[6:], []))
    if name == "silent_check_ins":
        return state.silent_check_ins
    if name in state.answers:
        return state.latest(name)
    return facts.get(name)


def holds(when: Mapping[str, Any], state: State, facts: Mapping[str, Any]) -> bool:
    """Whether every line of a `when` holds."""
    return all(matches(wanted, lookup(name, state, facts)) for name, wanted in when.items())
