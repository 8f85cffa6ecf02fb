"""Opt-outs told from everything else that stops, and intents, alarms and measurements beside their neighbours."""

from __future__ import annotations

import pytest

from app.understanding.reading import Urgency
from tests.understanding.telling import told

ADHERENCE = "Are you taking your medicines the way the label says? Reply YES or NO."
NAUSEA = "Any nausea or vomiting that keeps you from eating or drinking? Reply YES or NO."


@pytest.mark.parametrize(
    "text",
    [
        "quit it",
        "nvr contact me again",
        "dnt txt me no more",
        "these texts gotta stop",
        "i wish to discontinue",
        "leve me alone",
        "turn this thing off",
        "not interested",
        "no longer interested",
        "i did not agree to this",
    ],
)
def test_any_wording_opts_out(text: str) -> None:
    assert "opt_out" in told(text).intents


@pytest.mark.parametrize(
    "text",
    [
        "dr said to quit it so i quit it",
        "bill collectors wont stop calling me",
        "i told my sister to stop calling me",
        "why did you stop texting me",
        "i never signed up for medicare part b",
        "take my name off the waiting list for rehab",
        "i dont want to participate in physical therapy",
        "cancel my subscription lol jk see u thurs",
        "unsubscribe from getting old lol",
        "im done with this cast",
        "go away pain lol",
        "shut up lol no im fine",
    ],
)
def test_what_else_stops_is_no_opt_out(text: str) -> None:
    assert "opt_out" not in told(text).intents


def test_short_words_mean_what_was_asked() -> None:
    assert "opt_out" not in told("dont need it anymore", "en", "yes_no", ADHERENCE).intents
    assert "opt_out" not in told("enough", "en", "symptom_yes_no", NAUSEA).intents


@pytest.mark.parametrize("text", ["ya no quiero esto", "denme de baja", "no me gusta que me escriban, ya no"])
def test_spanish_opt_outs(text: str) -> None:
    assert "opt_out" in told(text, "es").intents


@pytest.mark.parametrize(
    "text", ["le dije a mi hija que no me llame tanto", "no manden la ambulancia", "basta con una"]
)
def test_spanish_is_no_opt_out(text: str) -> None:
    assert "opt_out" not in told(text, "es").intents


@pytest.mark.parametrize(
    "text",
    [
        "my brother died of a stroke at 60 so i want my BP watched",
        "my uncle dropped dead at 55 so keep an eye on my heart",
        "hang myself out to dry",
        "i was choking on the price",
        "ex husband hit me years ago, long gone now",
    ],
)
def test_no_emergency(text: str) -> None:
    assert told(text).urgency < Urgency.EMERGENCY


@pytest.mark.parametrize(
    "text",
    [
        "gonna jump. bridge. sorry every1",
        "took all of em. sorry mom",
        "husband got me by the throat",
        "had a stroke, bp at 60",
        "hit me years ago and he hit me again last nite",
    ],
)
def test_emergency(text: str) -> None:
    assert told(text).urgency is Urgency.EMERGENCY


def test_a_weight_is_known_by_its_rise() -> None:
    assert told("from 182 to 187 overnight").urgency is Urgency.URGENT
    assert told("sugar from 182 to 187 overnight").urgency is Urgency.NONE


def test_a_stroke_that_passed_is_seen() -> None:
    assert told("arm went numb and face droopy for 10 min but its gone now").flag


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("dnt have gas money", "transport_barrier"),
        ("u people never ans the phone", "complaint"),
        ("my husband only reads russian", "language_switch"),
        ("my dad died this morning at home w hospice", "deceased"),
        ("wrong #. this is a pizza place", "wrong_number"),
        ("wat do u mean trouble", "confusion"),
    ],
)
def test_intents(text: str, intent: str) -> None:
    assert intent in told(text).intents


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("i cant get to the toilet by myself", "transport_barrier"),
        ("hes talking nonsense", "complaint"),
        ("shes not making sense", "confusion"),
        ("cant get the bleeding to quit", "confusion"),
        ("the air conditioning is too strong", "medication_problem"),
    ],
)
def test_no_such_intents(text: str, intent: str) -> None:
    assert intent not in told(text).intents


VISIT = (
    "Riverside Clinic: You have an appointment with Dr. Patel on Thu Dec 3 at 2:15 PM. "
    "Reply 1 or YES to confirm, 2 to reschedule, 3 to cancel."
)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("ill be there but quit blowing up my phone", "confirm"),
        ("1 stop texting me", "confirm"),
        ("2 and take me off this list", "reschedule"),
        ("stop texting me", None),
        ("ok. stop calling", None),
        ("yes please stop texting me", None),
    ],
)
def test_a_visit_answered_beside_an_opt_out_is_answered(text: str, answer: str | None) -> None:
    reading = told(text, "en", "confirm_appointment", VISIT)
    assert (reading.answer, "opt_out" in reading.intents) == (answer, True)
