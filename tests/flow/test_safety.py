"""The safety net: what a reading means for the patient's safety, whatever the conversation is at."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.flow.safety import safety_net
from app.understanding import Urgency
from tests.flow.worlds import reading


@pytest.mark.parametrize(
    ("kind", "say"),
    [
        ("medical", "safety_911"),
        ("suicide", "safety_988"),
        ("poison", "safety_poison"),
        ("violence", "safety_911"),
    ],
)
def test_an_emergency_has_its_fixed_words(kind: str, say: str) -> None:
    found = safety_net(replace(reading(urgency=Urgency.EMERGENCY), kind=kind))
    assert found is not None
    assert (found.urgency, found.say) == (Urgency.EMERGENCY, say)


def test_what_was_merely_not_understood_is_asked_once_more() -> None:
    assert safety_net(reading(flag=True)) is None


def test_what_troubles_is_a_persons_even_when_it_answers_nothing() -> None:
    found = safety_net(replace(reading(flag=True), troubling=True))
    assert found is not None
    assert found.urgency is Urgency.ROUTINE
