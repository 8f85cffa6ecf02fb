"""Offered times chosen by a day of the month, an hour without minutes, or by the work one has that day."""

from __future__ import annotations

from datetime import datetime

import pytest

from app.understanding import Expectation, Option, Urgency, read

NOW = datetime.fromisoformat("2026-12-04T08:30")
SPANISH = Expectation(
    "choose_slot",
    "Sentimos que no pudo venir. ¿Qué horario le queda mejor? 1) lun 7 dic 8:00 a.m. 2) jue 10 dic 3:30 p.m. "
    "3) mar 15 dic 10:15 a.m. 4) ninguno de estos",
    (
        Option("1", "lun 7 dic 8:00 a.m.", start=datetime.fromisoformat("2026-12-07T08:00")),
        Option("2", "jue 10 dic 3:30 p.m.", start=datetime.fromisoformat("2026-12-10T15:30")),
        Option("3", "mar 15 dic 10:15 a.m.", start=datetime.fromisoformat("2026-12-15T10:15")),
        Option("4", "ninguno de estos", none=True),
    ),
)
ENGLISH = Expectation(
    "choose_slot",
    "Which of these times works? 1) Mon Dec 7 8:15 AM 2) Mon Dec 7 3:45 PM 3) Thu Dec 10 11:00 AM 4) none of these",
    (
        Option("1", "Mon Dec 7 8:15 AM", start=datetime.fromisoformat("2026-12-07T08:15")),
        Option("2", "Mon Dec 7 3:45 PM", start=datetime.fromisoformat("2026-12-07T15:45")),
        Option("3", "Thu Dec 10 11:00 AM", start=datetime.fromisoformat("2026-12-10T11:00")),
        Option("4", "none of these", none=True),
    ),
)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("la del 10", "2"),
        ("el 10", "2"),
        ("puedo el 15 si dios quiere", "3"),
        ("el 2 por favor", "2"),
        ("el 7 temprano", "1"),
        ("antes del 10", "1"),
        ("despues del 10", "3"),
        ("el lunes trabajo, el jueves si", "2"),
        ("a las 3 y media", "2"),
    ],
)
def test_a_day_of_the_month_in_spanish(text: str, answer: str) -> None:
    assert read(text, SPANISH, "es", NOW).answer == answer


@pytest.mark.parametrize(
    ("text", "answer"),
    [("the 8am", "1"), ("8am works", "1"), ("3 pm", "2"), ("7am", "4"), ("10 am please", "4"), ("11", "3")],
)
def test_an_hour_is_that_of_what_is_offered_in_it(text: str, answer: str) -> None:
    assert read(text, ENGLISH, "en", NOW).answer == answer


def test_a_time_near_what_was_said_is_said_back() -> None:
    assert read("3 pm", ENGLISH, "en", NOW).confidence < read("3:45 pm", ENGLISH, "en", NOW).confidence


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("1 pls. also my chest hurts every time I walk today and im sweating", "1"),
        ("thursday, i passed out monday", "3"),
        ("chest pain all night. monday 8:15 ok", "1"),
        ("chest pain since monday", None),
    ],
)
def test_a_time_told_with_a_danger_chooses_nothing(text: str, answer: str | None) -> None:
    reading = read(text, ENGLISH, "en", NOW)
    assert (reading.answer, reading.flag) == (answer, True)


def test_a_hand_that_does_not_work_asks_for_no_other_day() -> None:
    reminder = Expectation("confirm_appointment", "Reply 1 to confirm, 2 to reschedule, 3 to cancel.", ())
    reading = read("1. but my right hand wont work since i woke up", reminder, "en", NOW)
    assert (reading.answer, reading.urgency) == ("confirm", Urgency.EMERGENCY)
