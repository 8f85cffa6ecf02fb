"""English: ordinary talk that shares its words with an alarm raises none; the alarms beside it are still seen."""

from __future__ import annotations

import pytest

from app.understanding import Expectation, Reading, Urgency, read

CHEST = "Are you having any chest pain or pressure? Reply YES or NO."
BREATH = "Are you having any trouble breathing? Reply YES or NO."
BLEEDING = "Any bleeding that worries you? Reply YES or NO."
VISIT = "You have a visit on Thu Dec 3 at 2:15 PM. Reply 1 or YES to confirm, 2 to reschedule, 3 to cancel."


def alarms(found: Reading) -> list[str]:
    """What the word lists saw as urgent or worse; the second opinion is measured elsewhere."""
    grave = ("urgency:urgent", "urgency:emergency")
    return [e.rule for e in found.evidence if e.effect in grave and e.rule != "second opinion"]


@pytest.mark.parametrize(
    "text",
    [
        "left a message, nobody called back yet. been a week and a half",
        "call me when you get this",
        "please send me the form for work",
        "can you send someone to change my bandage",
        "the pills are on the counter and I take them every morning",
        "I won't be here next week, going to my sister's",
        "I need to push my appointment back a week",
        "please save my Tuesday spot",
        "this is my last day of antibiotics",
        "its time for my flu shot",
        "my son will take the car Tuesday",
        "wife wont let me have salt lol",
        "my pills are a different color this time",
        "I am going to bed now",
        "my stitches fell out like they said they would",
        "the pain is going away",
        "I take a baby aspirin too",
        "I have a plan to get back to fishing",
        "I'm ready to go home",
        "my daughter took my prescription to the drugstore",
        "nurse changed the dressing this morning",
        "talk to someone at the front desk",
        "the bill was a heart attack lol",
        "I do not wake up at night any more",
    ],
)
def test_ordinary_talk_is_no_emergency(text: str) -> None:
    assert not alarms(read(text, Expectation("open_text"), "en", None))


@pytest.mark.parametrize(
    "text",
    [
        "her face is drooping on the right side",
        "woke up and my whole left side is weak",
        "my left arm went numb and i cant talk right",
        "moms not wakin up",
        "he fell out in the kitchen and wont answer me",
        "soaked through 4 pads in an hour",
        "the bleeding wont stop i soaked 3 towels",
        "vomit looks like coffee grounds",
        "my tongue is swelling up and my throat is closing",
        "i swallowed a handful of my sleeping pills",
        "my 2 year old got into grandmas blood pressure pills",
        "i dont want to live anymore",
        "whats the point of living",
        "by the time you read this it will be over",
        "he choked me last night and says he will kill me",
        "my boyfriend beat me up again",
        "please send an ambulance",
        "my lips are blue and i cant finish a sentence",
    ],
)
def test_alarms_beside_it_are_still_seen(text: str) -> None:
    assert read(text, Expectation("open_text"), "en", None).urgency is Urgency.EMERGENCY


@pytest.mark.parametrize(
    ("prompt", "text"),
    [
        (CHEST, "No, my neck is stiff from sleeping wrong"),
        (CHEST, "no, my jaw is fine too"),
        (BREATH, "still on 3 liters like before, no change"),
        (BREATH, "no, heart is good too"),
        (BLEEDING, "pad barely has a spot. no"),
        (BLEEDING, "just light spotting, one pad all day"),
    ],
)
def test_a_plain_no_with_a_word_of_the_alarm_is_a_no(prompt: str, text: str) -> None:
    found = read(text, Expectation("symptom_yes_no", prompt), "en", None)
    assert not alarms(found)


@pytest.mark.parametrize(
    ("prompt", "text"),
    [
        (CHEST, "yes, took 2 nitro and it didnt help"),
        (CHEST, "yeah like an elephant on my chest"),
        (BREATH, "yes even sitting still"),
        (BREATH, "yes cant talk more than a few words"),
        (BLEEDING, "yes it wont stop"),
        (BLEEDING, "yes gushing"),
    ],
)
def test_grave_words_in_an_answer_still_call(prompt: str, text: str) -> None:
    found = read(text, Expectation("symptom_yes_no", prompt), "en", None)
    assert (found.answer, found.urgency) == ("yes", Urgency.EMERGENCY)


@pytest.mark.parametrize(
    "text", ["roads are solid ice out here", "i'm in florida til January", "I don't think I need it anymore"]
)
def test_words_of_place_and_mood_confirm_no_visit(text: str) -> None:
    assert read(text, Expectation("confirm_appointment", VISIT), "en", None).answer != "confirm"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("They said they would call me", "opt_out"),
        ("who is this", "wrong_number"),
        ("got the wrong number of pills in my bottle", "wrong_number"),
        ("STILL ON 2 LITERS", "running_late"),
        ("no more confused than usual", "confusion"),
        ("uh huh", "confusion"),
        ("less than before", "medication_problem"),
        ("I lost my appointment card", "complaint"),
    ],
)
def test_everyday_phrases_are_no_wish(text: str, name: str) -> None:
    assert name not in read(text, Expectation("open_text"), "en", None).intents
