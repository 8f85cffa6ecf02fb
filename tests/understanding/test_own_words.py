"""Answers in other words that were read wrong or not at all, and their neighbours that must not be read so."""

from __future__ import annotations

import pytest

from app.understanding.engine import read
from app.understanding.reading import Expectation, Option

CHEST = "Are you having any chest pain or pressure? Reply YES or NO."
MOOD = "In the last 2 weeks, have you often felt down, depressed or hopeless? Reply YES or NO."
LABEL = "Are you taking your medicines the way the label says? Reply YES or NO."
NOW = "Riverside Health checking in. Is now a good time for a few questions? Reply YES or NO."
PICKUP = "Did you pick up your medicines from the pharmacy? Reply YES or NO."
RIDE = "Do you have a ride to your appointment on Thu Dec 3? Reply YES or NO."
SUGAR = "Are you checking your blood sugar every day? Reply YES or NO."
NURSE = "Did the home health nurse visit you this week? Reply YES or NO."
SUPPLIES = "Do you have all the supplies you need at home, such as dressings or test strips? Reply YES or NO."


@pytest.mark.parametrize(
    ("prompt", "text", "answer"),
    [
        (CHEST, "What do you mean by pressure", None),
        (CHEST, "what counts as pain", None),
        (CHEST, "No chest pain today, but my heart has been racing and skipping since last night.", "no"),
        (CHEST, "no pain just pressure", "yes"),
        (MOOD, "kinda. since mom died its been ruff", "yes"),
        (MOOD, "down 15 lbs on purpose lol but not down in the dumps", "no"),
        (MOOD, "yes but not today", "yes"),
        (MOOD, "whats there to be happy about", "yes"),
        (MOOD, "down 15 lbs. been crying alot", "yes"),
    ],
)
def test_symptoms(prompt: str, text: str, answer: str | None) -> None:
    assert read(text, Expectation("symptom_yes_no", prompt), "en", None).answer == answer


@pytest.mark.parametrize(
    ("prompt", "text", "answer"),
    [
        (LABEL, "dead tired off that metoprolol but takin it", "yes"),
        (LABEL, "been off it since monday", "no"),
        (LABEL, "sometimes i forget", "no"),
        (LABEL, "used to forget but got a pillbox now", "yes"),
        (LABEL, "my wife would kill me if i didnt", "yes"),
        (LABEL, "i did miss one sat but back on track", "no"),
        (LABEL, "yes except the water pill", "no"),
        (PICKUP, "i picked them up last month not this time", "no"),
        (PICKUP, "didnt have to they gave em to me at discharge", "yes"),
        (NOW, "maybe later", "no"),
        (NOW, "not sure", None),
        (PICKUP, "my nebor did for me", "yes"),
        (RIDE, "my bro n law, same as b4", "yes"),
        (RIDE, "n", "no"),
        (SUGAR, "morning and nite, been around 120", "yes"),
        (SUGAR, "havent missed a day", "yes"),
        (SUGAR, "out of strips", "no"),
        (NURSE, "tuesday, sweet gal", "yes"),
        (NURSE, "tuesday but she canceled", "no"),
        (NURSE, "shes coming thursday", "no"),
        (SUPPLIES, "outta strips", "no"),
    ],
)
def test_tasks(prompt: str, text: str, answer: str | None) -> None:
    assert read(text, Expectation("yes_no", prompt), "en", None).answer == answer


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("coming but gonna be 20 min late the train is stopped", "confirm"),
        ("coming but can we make it later", "reschedule"),
        ("coming down with something", None),
        ("he's in hospice now so we wont be needing any more visits. thank u for everything", "cancel"),
        ("wont be needing any help getting in, see you then", None),
        ("dead tired but yes ill come", "confirm"),
        ("dont cancel", None),
        ("no dont cancel ill be there", "confirm"),
        ("what if i cant make it", None),
        ("wouldnt dream of cancelling", None),
        ("my son will bring me", "confirm"),
        ("cant make it if it snows", "cancel"),
        ("Cancel my subscription 😂 jk see u thurs", "confirm"),
    ],
)
def test_reminders(text: str, answer: str | None) -> None:
    asked = Expectation("confirm_appointment", "Reply 1 to confirm, 2 to reschedule, 3 to cancel.")
    assert read(text, asked, "en", None).answer == answer


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("um the second one no the first one", "1"),
        ("noonish 1", "2"),
        ("1 and thank you", "1"),
    ],
)
def test_slots(text: str, answer: str | None) -> None:
    slots = (
        {"id": "1", "label": "Tue Dec 15 7:30 AM", "start": "2026-12-15T07:30"},
        {"id": "2", "label": "Tue Dec 15 12:15 PM", "start": "2026-12-15T12:15"},
        {"id": "3", "label": "none of these", "none": True},
    )
    asked = Expectation("choose_slot", "Which of these times works?", tuple(map(Option.from_json, slots)))
    assert read(text, asked, "en", None).answer == answer


def test_what_it_was_is_not_what_it_is() -> None:
    asked = Expectation("scale_0_10", "On a scale of 0 to 10, how bad is your pain right now?")
    assert read("was 8 now 3", asked, "en", None).answer == 3
    assert read("8 last night 4 now", asked, "en", None).answer == 4
