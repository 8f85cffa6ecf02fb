"""English answers that turn, or come by degrees, and those about homes, scales, supplies and whom to call."""

from __future__ import annotations

import pytest

from app.understanding import Expectation, Option, read

CHEST = "Are you having any chest pain or pressure? Reply YES or NO."
BREATH = "Are you having any trouble breathing? Reply YES or NO."
FEVER = "Have you had a fever or chills since you came home? Reply YES or NO."
WOUND = "Is your incision red, warm, swollen or draining? Reply YES or NO."
BLEEDING = "Any bleeding that worries you? Reply YES or NO."
NAUSEA = "Any nausea or vomiting that keeps you from eating or drinking? Reply YES or NO."
MOOD = "In the last 2 weeks, have you often felt down, depressed or hopeless? Reply YES or NO."
NEW = "Do you have any new or worsening symptoms today? Reply YES or NO."
MISSED = "In the past 3 days, have you missed or skipped any of your medicines? Reply YES or NO."
UNCLEAR = "Is there anything in your going-home papers that is unclear to you? Reply YES or NO."
RIDE = "Do you have a ride to your appointment on Thu Dec 3? Reply YES or NO."
SAFE = "Do you feel safe at home? Reply YES or NO."
ALONE = "Do you live by yourself? Reply YES or NO."
CUFF = "Do you have a blood pressure cuff or a scale at home that works? Reply YES or NO."
BROUGHT = "Has the equipment you need at home (walker, oxygen, hospital bed) been delivered? Reply YES or NO."
ENOUGH = "Do you have enough of your medicine to last until your next visit? Reply YES or NO."
CALL = "Do you know who to call if you get worse? Reply YES or NO."
ASK = "Do you have any questions about your medicines? Reply YES or NO."


def answer(context: str, prompt: str, text: str) -> str | None:
    return read(text, Expectation(context, prompt=prompt), "en", None).answer


@pytest.mark.parametrize(
    ("prompt", "text", "expected"),
    [
        (BREATH, "No chest pain. Breathing is labored though.", "yes"),
        (BREATH, "No chest pain. Breathing fine though.", "no"),
        (FEVER, "no fever, been having chills off n on tho", "yes"),
        (FEVER, "havent been having chills", "no"),
        (WOUND, "Mom says no but I looked and it's oozing", "yes"),
        (WOUND, "my mom says no", "no"),
        (WOUND, "smells like rotten eggs", "yes"),
        (BLEEDING, "no it hasn't stopped", "yes"),
        (BLEEDING, "no it stopped", "no"),
        (MOOD, "tired yes sad no", "no"),
        (MOOD, "sad yes hopeless no", "yes"),
        (MOOD, "nothing makes me happy anymore", "yes"),
        (CHEST, "yes i had it last month but nothing since", "no"),
        (CHEST, "yes i had it but it stopped then came back", "yes"),
        (CHEST, "only pain I got is the bill you sent me", "no"),
        (CHEST, "only pain i got is in my chest", "yes"),
        (CHEST, "its no worse", None),
        (NEW, "still got the tingling but it's no worse", "no"),
        (NEW, "New: numb toes on right foot. Everything else better.", "yes"),
        (NAUSEA, "a little queasy but im eating ok", "no"),
        (NAUSEA, "queasy and cant eat", "yes"),
        (NAUSEA, "keeps up nothing, not even water", "yes"),
    ],
)
def test_symptoms_that_turn(prompt: str, text: str, expected: str | None) -> None:
    assert answer("symptom_yes_no", prompt, text) == expected


@pytest.mark.parametrize(
    ("prompt", "text", "expected"),
    [
        (MISSED, "Yes I take them all every day", "no"),
        (MISSED, "Yes I take them all but missed one", "yes"),
        (UNCLEAR, "crystal clear", "no"),
        (UNCLEAR, "not clear at all", "yes"),
        (RIDE, "yes I had one but the lady cancelled so now im stuck", "no"),
        (RIDE, "had a ride but then my son said he'd do it", "yes"),
        (SAFE, "no issues at all in that dept", "yes"),
        (SAFE, "never felt safer", "yes"),
        (ALONE, "staying at my daughters for now", "no"),
        (ALONE, "only me n the dog", "yes"),
        (CUFF, "cant afford one", "no"),
        (CUFF, "have both", "yes"),
        (ENOUGH, "no refills needed", "yes"),
        (BROUGHT, "walker is here but no bed", "no"),
        (UNCLEAR, "it was all explained to me", "no"),
        (BROUGHT, "no complaints, came same day", "yes"),
        (BROUGHT, "insurance denied the bed", "no"),
        (ENOUGH, "refilled em yesterday", "yes"),
        (ENOUGH, "be out by friday", "no"),
        (CALL, "number's on my fridge", "yes"),
        (CALL, "nobody told me that", "no"),
        (ASK, "pharmacist went over everything w me", "no"),
        (ASK, "a bunch actually", "yes"),
    ],
)
def test_questions_of_home_and_supplies(prompt: str, text: str, expected: str | None) -> None:
    assert answer("yes_no", prompt, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("dont worry i havent forgot", "confirm"),
        ("monday no good. tuesday?", "reschedule"),
        ("cant today, tomorrow is ok", "reschedule"),
        ("Not this week. call me and we will set one up", "reschedule"),
        ("take me off this list", None),
    ],
)
def test_reminders_turned_down(text: str, expected: str | None) -> None:
    options = tuple(Option(str(i), name) for i, name in enumerate(("confirm", "reschedule", "cancel"), 1))
    asked = Expectation("confirm_appointment", "You have an appointment on Mon Dec 14.", options)
    assert read(text, asked, "en", None).answer == expected
