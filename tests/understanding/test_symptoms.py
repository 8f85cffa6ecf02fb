"""English: answers to questions about symptoms, in the words patients choose; and how urgent they are."""

from __future__ import annotations

import pytest

from app.understanding import Expectation, Reading, Urgency, read

BREATH = "Are you having any trouble breathing? Reply YES or NO."
CHEST = "Are you having any chest pain or pressure? Reply YES or NO."
WOUND = "Is your incision red, warm, swollen or draining? Reply YES or NO."
FEVER = "Have you had a fever or chills since you came home? Reply YES or NO."
BLEEDING = "Any bleeding that worries you? Reply YES or NO."
NAUSEA = "Any nausea or vomiting that keeps you from eating or drinking? Reply YES or NO."
NEW = "Do you have any new or worsening symptoms today? Reply YES or NO."
MOOD = "In the last 2 weeks, have you often felt down, depressed or hopeless? Reply YES or NO."
HARM = "In the last 2 weeks, have you had thoughts of hurting yourself? Reply YES or NO."
DIZZY = "Have you felt dizzy today? Reply YES or NO."
SWOLLEN = "Are your feet, ankles or legs more swollen than usual? Reply YES or NO."
WEIGHT = "Has your weight gone up 3 pounds or more since yesterday? Reply YES or NO."
SUGAR = "Has your blood sugar been under 70 or over 300 in the last day? Reply YES or NO."


def ask(prompt: str, text: str) -> Reading:
    """The reading of a reply to a question about a symptom."""
    return read(text, Expectation("symptom_yes_no", prompt), "en", None)


@pytest.mark.parametrize(
    ("prompt", "text", "answer"),
    [
        (WOUND, "Looks fine my wife changes it every day", "no"),
        (BREATH, "I use my inhaler every day like I'm supposed to, no trouble", "no"),
        (BREATH, "I am ok", "no"),
        (BREATH, "all the time", "yes"),
        (SWOLLEN, "they are", "yes"),
        (SWOLLEN, "they are not", "no"),
        (SWOLLEN, "left one is, right one looks normal", "yes"),
        (BLEEDING, "None at all \U0001f44d", "no"),
        (BREATH, "I don't think so", "no"),
        (WOUND, "not that I can see", "no"),
        (BREATH, "a little when i go up the basement stairs", "yes"),
        (CHEST, "no pain, some pressure", "yes"),
        (CHEST, "No pain. Pressure yes", "yes"),
        (WOUND, "not red. not swollen. a little warm maybe", "yes"),
        (WOUND, "swollen yes red no", "yes"),
        (WOUND, "some clear fluid on the bandage", "yes"),
        (CHEST, "Nothing but a sore throat", "no"),
        (CHEST, "No chest pain. My knee hurts though", "no"),
        (CHEST, "wish I could say no", "yes"),
        (FEVER, "no thermometer", None),
        (FEVER, "felt real hot last night", "yes"),
        (BLEEDING, "just my period", "no"),
        (BLEEDING, "quit yesterday", "no"),
        (BLEEDING, "im on eliquis and bruise easy but no bleeding", "no"),
        (NAUSEA, "when i take my pills", "yes"),
        (NEW, "constipated, nothing since thursday", "yes"),
        (NEW, "pain is less", "no"),
        (NEW, "still hurting but not worse", "no"),
        (NEW, "same as always but my foot hurts", None),
        (NEW, "not doing good", "yes"),
        (NEW, "heart flutters once in a while", "yes"),
        (MOOD, "good days and bad days", "yes"),
        (DIZZY, "dizzy yesterday not today", "no"),
        (HARM, "sometimes at night ngl", "yes"),
        (HARM, "It crossed my mind", "yes"),
        (HARM, "I never thought about it", "no"),
        (HARM, "I dont want to talk about it", None),
        (WEIGHT, "up 4 since yesterday morning", "yes"),
        (WEIGHT, "I weighed 201 today and 197 yesterday", "yes"),
        (WEIGHT, "about a pound and a half", "no"),
        (SUGAR, "38 and she wont answer me right", "yes"),
        (SUGAR, "178", "no"),
        (SUGAR, "took 30 units, it was 145", "no"),
        (NEW, "no worse no better", "no"),
    ],
)
def test_what_patients_answer(prompt: str, text: str, answer: str | None) -> None:
    assert ask(prompt, text).answer == answer


@pytest.mark.parametrize(
    ("prompt", "text"),
    [
        (BREATH, "cant talk rn im at work but breathing is fine"),
        (BREATH, "No, but my ankles are so swollen I cant get my shoes on"),
        (BLEEDING, "my stool is black"),
        (BLEEDING, "yes black stool"),
        (WOUND, "itches like crazy but looks ok"),
    ],
)
def test_what_answers_is_not_weighed_with_itself(prompt: str, text: str) -> None:
    found = ask(prompt, text).evidence  # What the lists see; the second opinion is measured elsewhere.
    assert not [e for e in found if e.effect == "urgency:emergency" and e.rule != "second opinion"]


@pytest.mark.parametrize(
    ("prompt", "text", "least"),
    [
        (CHEST, "a little tightness toting in the stove wood, it let up when i sat down", Urgency.URGENT),
        (CHEST, "A little this morning when I carried groceries. Gone once I sat down", Urgency.URGENT),
        (CHEST, "y. 2 nitros and it aint touching it", Urgency.EMERGENCY),
        (CHEST, "yes and my heart is racing", Urgency.EMERGENCY),
        (CHEST, "still there", Urgency.URGENT),
        (BREATH, "cant say but 2 or 3 words", Urgency.EMERGENCY),
        (BREATH, "cant talk", Urgency.EMERGENCY),
        (BREATH, "couldnt breathe yesterday and not now either", Urgency.EMERGENCY),
        (NAUSEA, "Yes. Not even ice chips will stay down", Urgency.URGENT),
        (WEIGHT, "up 4 since yesterday morning", Urgency.URGENT),
        (HARM, "yes last night", Urgency.URGENT),
        (BLEEDING, "Yes from my rectum bright red", Urgency.URGENT),
    ],
)
def test_how_urgent_it_is_at_least(prompt: str, text: str, least: Urgency) -> None:
    assert ask(prompt, text).urgency >= least


def test_a_full_stop_ends_what_a_no_denies() -> None:
    found = ask(CHEST, "Chest pain no. But I can't get a full breath and my lips look kinda blue")
    assert (found.answer, found.urgency) == ("no", Urgency.EMERGENCY)


@pytest.mark.parametrize("text", ["Not today", "not lately", "not really", "maybe", "not seriously"])
def test_a_hedged_no_to_thoughts_of_harm_is_seen(text: str) -> None:
    assert ask(HARM, text).flag


@pytest.mark.parametrize(
    "text", ["No", "never", "No never would", "no ma'am I love my life", "absolutely not"]
)
def test_a_plain_no_to_thoughts_of_harm_is_not(text: str) -> None:
    assert not ask(HARM, text).flag


def test_a_no_before_a_comma_is_no_part_of_being_unwell() -> None:
    asked = "Nas \u00faltimas 2 semanas, voc\u00ea se sentiu triste ou sem esperan\u00e7a? Responda SIM ou N\u00c3O."
    assert read("n\u00e3o, t\u00f4 bem", Expectation("symptom_yes_no", asked), "pt", None).answer == "no"
    assert ask(NEW, "No, good").answer == "no"
    assert ask(NEW, "Not good").answer == "yes"
