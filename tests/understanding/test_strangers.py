"""English: replies that strangers wrote and the reader once misread, one of each family."""

from __future__ import annotations

import pytest

from app.understanding import Expectation, read

BREATH = "Are you having any trouble breathing? Reply YES or NO."
CHEST = "Are you having any chest pain or pressure? Reply YES or NO."
BLEEDING = "Any bleeding that worries you? Reply YES or NO."
WOUND = "Is your incision red, warm, swollen or draining? Reply YES or NO."
FEVER = "Have you had a fever or chills since you came home? Reply YES or NO."
NAUSEA = "Any nausea or vomiting that keeps you from eating or drinking? Reply YES or NO."
KEEPS = "Are you able to keep food and fluids down? Reply YES or NO."
MOOD = "In the last 2 weeks, have you often felt down, depressed or hopeless? Reply YES or NO."
SUGAR = "Has your blood sugar been under 70 or over 300 today? Reply YES or NO."
URINE = "Any burning or trouble when you urinate? Reply YES or NO."
WEIGHT = "Have you gained 3 pounds or more since yesterday, or 5 or more this week? Reply YES or NO."
PICKUP = "Did you pick up your medicines from the pharmacy? Reply YES or NO."
BOOKED = "Do you have a follow-up visit booked with your doctor? Reply YES or NO."
GOOD_TIME = "Is now a good time for a few questions? Reply YES or NO."
SAFE = "Do you feel safe at home? Reply YES or NO."
VISIT = "You have a visit on Thu Dec 3 at 2:15 PM. Reply 1 or YES to confirm, 2 to reschedule, 3 to cancel."
PAIN = "On a scale of 0 to 10, how bad is your pain right now?"
BORN = "To protect your privacy, please reply with your date of birth (MM/DD/YYYY)."
CHILD_BORN = "To protect your child's privacy, please reply with your child's date of birth (MM/DD/YYYY)."


@pytest.mark.parametrize(
    ("context", "prompt", "text", "answer"),
    [
        ("symptom_yes_no", MOOD, "too many bills to be happy", "yes"),
        ("symptom_yes_no", FEVER, "the house is freezing but im fine", "no"),
        ("symptom_yes_no", FEVER, "broke overnight 🙌 98.4 this am", "no"),
        ("symptom_yes_no", NAUSEA, "Zofran is working 👍", "no"),
        ("symptom_yes_no", NAUSEA, "Zofran is not working", "yes"),
        ("symptom_yes_no", NAUSEA, "cant keep water down, nothing since noon", "yes"),
        ("symptom_yes_no", KEEPS, "yep had 2 eggs and toast", "yes"),
        ("symptom_yes_no", KEEPS, "nothing stays down since yesterday not even water", "no"),
        ("symptom_yes_no", WOUND, "was oozing the 1st two days, dry as a bone now", "no"),
        ("symptom_yes_no", WOUND, "wont quit oozing", "yes"),
        ("symptom_yes_no", BLEEDING, "quit oozing thurs", "no"),
        ("symptom_yes_no", BREATH, "no no I'm just huffing cause I ran to get the phone", "no"),
        ("symptom_yes_no", BREATH, "yes huffing after I walk to the bathroom", "yes"),
        ("symptom_yes_no", CHEST, "only pain in my chest is the Cowboys", "no"),
        ("symptom_yes_no", CHEST, "only pain in my chest is where it always is", "yes"),
        ("symptom_yes_no", CHEST, "not now no i had a twinge a couple weeks back", "no"),
        ("symptom_yes_no", MOOD, "no i got too many grandbabies to be sitting round sad", "no"),
        ("symptom_yes_no", SUGAR, "54 about an hour ago, drank OJ and its 98 now", "yes"),
        ("symptom_yes_no", SUGAR, "110, took 30 units", None),
        ("symptom_yes_no", URINE, "burns some at the end", "yes"),
        ("symptom_yes_no", WEIGHT, "scale broke, waiting on my son to bring one", None),
        ("symptom_yes_no", WEIGHT, "one pound", "no"),
        ("yes_no", PICKUP, "My son collected everything on Saturday, thank you.", "yes"),
        ("yes_no", PICKUP, "they're in the bag on the counter i haven't opened it", "yes"),
        ("yes_no", BOOKED, "tried 3x, always on hold, i gave up", "no"),
        ("yes_no", GOOD_TIME, "fixin to eat supper but go on", "yes"),
        ("yes_no", GOOD_TIME, "i'm sorry hon i didn't catch that", None),
        ("confirm_appointment", VISIT, "not 1", None),
        ("confirm_appointment", VISIT, "ok but can my daughter come in with me", "confirm"),
        ("confirm_appointment", VISIT, "yes but can i bring my son", "confirm"),
        ("confirm_appointment", VISIT, "yes but can you make it 3", "reschedule"),
        ("confirm_appointment", VISIT, "ok but can i come later", "reschedule"),
        ("confirm_appointment", VISIT, "cancel it but keep on texin me bout the other one", "cancel"),
        ("confirm_appointment", VISIT, "this number belong to her ex now. delete it", None),
        ("scale_0_10", PAIN, "my pain is a 4 my mother in law is a 10 lol", 4),
        ("scale_0_10", PAIN, "was a 9 now its a 4", 4),
        ("scale_0_10", PAIN, "worse than having my babies n i had 3", None),
        ("dob", BORN, "12/15/1949 - sorry 12/16", "1949-12-16"),
        ("dob", CHILD_BORN, "twins! both 2-14-23", "2023-02-14"),
    ],
)
def test_answers_as_meant(context: str, prompt: str, text: str, answer: object) -> None:
    assert read(text, Expectation(context, prompt=prompt), "en", None).answer == answer


@pytest.mark.parametrize(
    ("context", "prompt", "text", "least"),
    [
        ("none", "", "STOP SENDIN ME THESE IM HAVIN A HEART ATTACK", "emergency"),
        ("scale_0_10", PAIN, "8 and climbing, I can only get three words out at a time", "emergency"),
        ("open_text", "", "hearts going 150 on my watch for an hour and im about to pass out", "emergency"),
        ("yes_no", SAFE, "yes everything is fine could I order a large pizza", "emergency"),
        ("yes_no", SAFE, "he is standing right here with a knife", "emergency"),
        ("symptom_yes_no", MOOD, "aint gonna do nothin today. but i know how i will", "emergency"),
        ("symptom_yes_no", MOOD, "sum nites i pray god just takes me", "urgent"),
        ("open_text", "", "hives all over and my voice is going hoarse", "emergency"),
        ("open_text", "", "I took my moms heart pills by mistake", "emergency"),
        ("open_text", "", "the oxygen man never came and I got bout 2 hrs left in this tank", "urgent"),
        ("open_text", "", "a dark curtain has come down over half of my good eye", "urgent"),
        ("open_text", "", "only one wet diaper since last nite", "urgent"),
        ("scale_0_10", PAIN, "it's at a nine the pill ain't touching it", "routine"),
        ("yes_no", PICKUP, "yes but they give me the wrong color pill", "routine"),
        ("open_text", "", "dunno wat pill is for wat", "routine"),
    ],
)
def test_dangers_and_troubles_are_seen(context: str, prompt: str, text: str, least: str) -> None:
    found = read(text, Expectation(context, prompt=prompt), "en", None)
    levels = ("none", "routine", "urgent", "emergency")
    assert levels.index(found.urgency.label) >= levels.index(least)
    assert found.flag


@pytest.mark.parametrize(
    "text",
    [
        "gas is 5 bucks a gal",
        "phone bout to die gimme 10 min to charge",
        "breathing fine since they drained the fluid",
        "the doctor asked me if I ever think about suicide and I told him no never",
        "held hostage at the dmv lol",
        "so I may die of fright on the way",
        "had a seizure once but thats ancient history",
        "My pain is 1 out of 10.",
        "HR 66, T 98.1, wt 171.2",
    ],
)
def test_ordinary_words_raise_no_alarm(text: str) -> None:
    found = read(text, Expectation("open_text"), "en", None)
    assert not [e.rule for e in found.evidence if e.effect in ("urgency:urgent", "urgency:emergency")]
