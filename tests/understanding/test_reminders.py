"""The plainest answers to a reminder, which nobody may have to say twice."""

from __future__ import annotations

import pytest

from app.understanding import Expectation, Option, read

CHOICES = (
    Option("1", "I will come", value="confirm"),
    Option("2", "I need another time", value="reschedule"),
    Option("3", "I cannot come", value="cancel"),
)
REMINDER = Expectation("confirm_appointment", "Will you come?", CHOICES)


@pytest.mark.parametrize(
    ("language", "text", "answer"),
    [
        ("en", "yes", "confirm"),
        ("en", "YES!", "confirm"),
        ("en", "Yes I will", "confirm"),
        ("en", "1", "confirm"),
        ("en", "ok", "confirm"),
        ("en", "no", "cancel"),
        ("en", "3", "cancel"),
        ("en", "yes but can we do later", "reschedule"),
        ("en", "yes if i get a ride", None),
        ("es", "si", "confirm"),
        ("es", "Sí, gracias", "confirm"),
        ("es", "no", "cancel"),
        ("es", "2", "reschedule"),
    ],
)
def test_what_is_answered_to_a_reminder(language: str, text: str, answer: str | None) -> None:
    assert read(text, REMINDER, language, None).answer == answer
