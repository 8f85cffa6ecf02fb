"""English: what a reply asks, tells or ends in passing, beside the answer it gives or without one."""

from __future__ import annotations

import pytest

from app.understanding import Expectation, Option, read

PICKUP = "Did you pick up your medicines from the pharmacy? Reply YES or NO."
NOW = "This is Riverside Health checking in. Is now a good time for a few questions? Reply YES or NO."
RIDE = "Do you have a ride to your appointment on Thu Dec 3? Reply YES or NO."
HOME = "Do you have someone at home who can help you? Reply YES or NO."
NAUSEA = "Any nausea or vomiting that keeps you from eating or drinking? Reply YES or NO."
CHEST = "Are you having any chest pain or pressure? Reply YES or NO."
BLEEDING = "Any bleeding that worries you? Reply YES or NO."
TAKING = "Are you taking your medicines the way the label says? Reply YES or NO."
SLEEP = "Did you sleep OK last night? Reply YES or NO."
WHO = "This is Riverside Health. Is this Denise Walker? Reply YES or NO."
VISIT = "You have an appointment on Thu Dec 3 at 2:15 PM. Reply 1 or YES to confirm, 2 to reschedule, 3 to cancel."
ACTIONS = tuple(Option(id, label) for id, label in (("1", "confirm"), ("2", "reschedule"), ("3", "cancel")))


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("these texs cost me .20 each. no more please", "opt_out"),
        ("the robot calls, the robot texts. no more of it, hear me", "opt_out"),
        ("i done had my fill of these text messages", "opt_out"),
        ("no. and don't try me again, ever", "opt_out"),
        ("operator operator representative", "wants_human"),
        ("had this number 2 yrs, not him", "wrong_number"),
        ("u got the rong gal", "wrong_number"),
        ("not interested in being checked on", "opt_out"),
        ("you have permission to text revoked", "opt_out"),
        ("please remove my wife from your texts", "opt_out"),
        ("we are done here", "opt_out"),
        ("Hi, this is Ruth's son. She passed on the 12th, please update your records", "deceased"),
        ("he lost his fight with cancer on friday", "deceased"),
        ("get me a supervisor", "wants_human"),
        ("somebody needs to phone my daughter", "call_me_back"),
        ("99.4 does that count", "question"),
        ("my wife, your patient, died on thanksgiving. there wont be any visit", "deceased"),
    ],
)
def test_an_intent_is_found(text: str, intent: str) -> None:
    assert intent in read(text, Expectation("none"), "en", None).intents


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("took 30 of my tylenol pms i dont want to do this anymore", "opt_out"),
        ("stop asking me that. im soaking a pad every 20 min", "opt_out"),
        ("dont try me again til monday", "opt_out"),
        ("Can you put me in the next week instead", "opt_in"),
        ("My hospital roommate died the night before I left", "deceased"),
        ("scale is dead needs a battery", "deceased"),
        ("enough is enough i need something for pain", "opt_out"),
        ("nope car died", "deceased"),
        ("funeral that day", "deceased"),
        ("she passed her test", "deceased"),
        ("they delivered the wrong one", "wrong_number"),
        ("no need to call me", "call_me_back"),
        ("on our way", "running_late"),
        ("no just mad at my brother in law is all", "complaint"),
        ("no wait 3 i got work wed", "complaint"),
    ],
)
def test_an_intent_is_not_imagined(text: str, intent: str) -> None:
    assert intent not in read(text, Expectation("open_text"), "en", None).intents


@pytest.mark.parametrize(
    ("context", "prompt", "text", "answer"),
    [
        ("yes_no", PICKUP, "yes now quit buggin me", "yes"),
        ("yes_no", NOW, "No and quit blowing up my phone", "no"),
        ("yes_no", PICKUP, "no more texts please", None),
        ("yes_no", NOW, "dead tired but ok shoot", "yes"),
        ("yes_no", RIDE, "taking the L", "yes"),
        ("yes_no", RIDE, "my cuz got me", "yes"),
        ("yes_no", RIDE, "my friend who was gonna drive me got sick", "no"),
        ("yes_no", RIDE, "son in law", "yes"),
        ("yes_no", RIDE, "have to find one", "no"),
        ("yes_no", PICKUP, "delivered", "yes"),
        ("yes_no", TAKING, "ready to be done with these pills", None),
        ("yes_no", NOW, "just woke up but ok", "yes"),
        ("yes_no", NOW, "at wrk", "no"),
        ("yes_no", SLEEP, "slept like the dead, first time in weeks", "yes"),
        ("yes_no", SLEEP, "up every hour to pee", "no"),
        ("yes_no", WHO, "speaking", "yes"),
        ("yes_no", WHO, "Nope never heard of her", "no"),
        ("yes_no", WHO, "this is her husband", None),
        ("yes_no", HOME, "me myself n i", "no"),
        ("yes_no", HOME, "my mom flew in from manila to help me", "yes"),
        ("symptom_yes_no", NAUSEA, "no and i done had my fill of these text messages", "no"),
        ("symptom_yes_no", BLEEDING, "stop asking me that. im soaking a pad every 20 min and dizzy", "yes"),
    ],
)
def test_a_question_is_answered_beside_other_things(
    context: str, prompt: str, text: str, answer: str | None
) -> None:
    assert read(text, Expectation(context, prompt), "en", None).answer == answer


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("I will come, but I need a wheelchair at the door.", "confirm"),
        ("Buried in snow out here but the plow came. I'll be there", "confirm"),
        ("I will come but only if my son can", None),
        ("see you then but my ride is iffy and i might not", None),
        ("cnfirmd", "confirm"),
        ("what happens if i cancel", None),
        ("my link wont work", None),
        ("make it 4", "reschedule"),
        ("3 oclock is better", "reschedule"),
        ("gotta work that day", "reschedule"),
        ("ill skip this one", "cancel"),
        ("end of the month would suit me better", "reschedule"),
        ("i got the hearing aid man friday can you change it", "reschedule"),
        ("I have to council my appointment I'm sorry", "cancel"),
    ],
)
def test_a_reminder_is_answered(text: str, answer: str | None) -> None:
    assert read(text, Expectation("confirm_appointment", VISIT, ACTIONS), "en", None).answer == answer


@pytest.mark.parametrize(
    ("text", "answer"),
    [("4 why did i get 2 bills for the same night", "4"), ("1 my sugar is 300 and i fell 2x", "1")],
)
def test_a_number_that_opens_is_the_choice(text: str, answer: str) -> None:
    labels = ("refills", "visits", "how you feel", "billing", "other")
    options = tuple(Option(str(at), label) for at, label in enumerate(labels, 1))
    assert (
        read(text, Expectation("choose_number", "What can we help with?", options), "en", None).answer
        == answer
    )


def test_a_question_after_the_answer_is_seen() -> None:
    text = "No. If it starts up do I take the nitro first or call you all first"
    found = read(text, Expectation("symptom_yes_no", CHEST), "en", None)
    assert found.answer == "no"
    assert "question" in found.intents
    assert found.flag
