"""Conditions an admin can read aloud."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.flow.conditions import holds, matches, trend
from app.flow.state import State


@pytest.mark.parametrize(
    ("wanted", "value", "so"),
    [
        (">= 8", 8, True),
        (">= 8", "7", False),
        ("< 3", 2.5, True),
        ("!= 2", 2, False),
        (">= 8", "high", False),
        (">= 8", None, False),
        (["same", "worse"], "worse", True),
        (["same", "worse"], "better", False),
        ("high", "high", True),
        (True, True, True),
        (True, "yes", False),
        (False, None, True),
        (True, None, False),
        ("1", 1, True),
        ("x", None, False),
    ],
)
def test_matches(wanted: Any, value: Any, so: bool) -> None:
    assert matches(wanted, value) is so


def ranks(*given_ranks: float | None, worst: bool = False) -> list[dict[str, Any]]:
    return [{"rank": rank, "worst": worst} for rank in given_ranks]


@pytest.mark.parametrize(
    ("entries", "wanted"),
    [
        ([], "unknown"),
        (ranks(1), "unknown"),
        (ranks(0, 1), "worsening"),
        (ranks(2, 1), "improving"),
        (ranks(1, 1), "steady"),
        (ranks(2, 2, worst=True), "worsening"),
        (ranks(0, 0, worst=True), "steady"),
        (ranks(0, None, 1), "worsening"),
    ],
)
def test_the_trend_of_an_ordered_answer(entries: list[dict[str, Any]], wanted: str) -> None:
    assert trend(entries) == wanted


def test_an_answer_goes_before_a_fact_of_the_same_name() -> None:
    state = State(answers={"pain": [{"value": 9, "rank": 9.0, "worst": False}]}, silent_check_ins=3)
    facts = {"pain": 1, "appointment.upcoming": True}
    assert holds({"pain": ">= 8", "appointment.upcoming": True, "silent_check_ins": ">= 3"}, state, facts)
    assert not holds({"pain": "< 8"}, state, facts)
    assert not holds({"never.heard.of": "x"}, state, facts)


values = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=10), st.lists(st.text())
)


@given(values, values)
def test_never_raises(wanted: Any, value: Any) -> None:
    assert matches(wanted, value) in (True, False)
