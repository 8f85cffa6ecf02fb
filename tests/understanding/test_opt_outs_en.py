"""English opt-outs by families, each beside its harmless double, and the answers told beside them."""

from __future__ import annotations

import pytest

from tests.understanding.telling import told

PAIN = "On a scale of 0 to 10, how bad is your pain right now?"
NAUSEA = "Any nausea or vomiting that keeps you from eating or drinking? Reply YES or NO."
RIDE = "Do you have a ride to your appointment on Thu Dec 3? Reply YES or NO."
VISIT = "You have an appointment with Dr. Patel on Thu Dec 3 at 2:15 PM. Reply 1 to confirm, 3 to cancel."
GREETING = "This is Riverside Health checking in. Is now a good time for a few questions? Reply YES or NO."


@pytest.mark.parametrize(
    "text",
    [
        "scrub me from your database",
        "please have me removed from your call list",
        "take me of this thing, thank you",
        "take me off the list for good",
        "add me to your no call list",
        "yall dont gotta keep calling",
        "no need to message further",
        "we wont be needing these texts any longer",
        "i dont need anybody checking on me every day",
        "pls stop w these",
        "please conclude the reminders",
        "please discontinue all further correspondence",
        "he would like the messages to stop",
        "how can i get these to stop coming",
        "whats the word to stop these",
        "one more text and im blocking",
        "this will be my last reply",
        "let me heal in peace",
        "enough with the pings",
        "i cant take any more of these texts",
        "i'd like to not get these calls anymore",
        "ugh stop",
        "please you stop send message",
        "no want more message",
        "dont message on this phone plz",
        "fam no more 💀",
        "six texts since breakfast. knock it off",
        "i did not opt in to this",
        "stop wasting my minutes",
        "please refuse all further calls to this house",
        "future texts not wanted",
        "i never okayed anyone to call this phone",
        "im taking back my permission",
        "nix the reminders",
        "so many calls. please end them",
        "un register me please",
        "thank you but no more",
        "2 and stop",
        "i already texted stop five times",
        "what part of no more texts is unclear",
        "stop everything you are sending",
        "trash my number",
        "i need my name taken out of there",
        "dont text or message me",
        "please dont keep texting this number",
        "we aint wanting yall to call us",
        "no need for you guys to text me",
        "do you mind not texting my phone",
        "if you text me again im calling a lawyer",
        "where do i push to end these",
        "sick of you folks calling",
        "no more computer calls",
        "lady quit calling me",
        "wrong person quit texting",
        "dont wanna hear from yall anymore",
    ],
)
def test_families_of_opting_out(text: str) -> None:
    assert "opt_out" in told(text).intents


@pytest.mark.parametrize(
    "text",
    [
        "dont you stop texting me now",
        "did you all stop sending the reminders",
        "why did the texts stop",
        "i told my kids to leave me alone",
        "can you take my bandage off",
        "take my ex husband off my contact list",
        "i dont give permission for surgery",
        "opt out of the anesthesia",
        "please dont send me to voicemail",
        "didnt get no call",
        "i cant take calls right now",
        "how do i get these to stop hurting",
        "is there a way to stop the itching",
        "let me sleep on it",
        "i dont want a machine for breathing",
        "get my number from the front desk",
        "can you block this from showing on my screen",
        "monitor keeps alarming how do i turn it off",
        "had to decline the call i was driving",
        "i refuse to take that pill",
        "i dont have permission to drive yet",
        "the nurse said stop 2 days before surgery",
        "remove my number and put my daughters",
        "do not call again until friday im in surgery",
        "dont need you to call me today im ok",
        "no need for you to come",
        "what do i press to confirm",
        "no calls yet from the doctor",
        "my pharmacy keeps texting me how do i make it stop",
        "my sister should leave me alone",
        "i dont want to bug you but my foot is blue",
        "its on do not disturb",
        "please dont write in english",
        "no, i dont want to do that",
        "think i blocked you by accident",
        "have my name taken off the schedule",
    ],
)
def test_their_harmless_doubles(text: str) -> None:
    assert "opt_out" not in told(text).intents


def test_what_was_meant_for_another_is_no_opt_out() -> None:
    text = "stop bugging me. oops that was for my brother. yes go ahead"
    reading = told(text, "en", "yes_no", GREETING)
    assert (reading.answer, reading.intents) == ("yes", ())


@pytest.mark.parametrize(
    "text",
    [
        "fewer texts please",
        "text me after 6 pm",
        "ease up on the reminders",
        "text only my mailbox is full",
        "once a week is enough, not daily",
        "no texts past 9 pm",
        "no calls while im at dialysis",
        "quit texting and just call me",
    ],
)
def test_how_to_be_reached_is_for_a_person(text: str) -> None:
    reading = told(text)
    assert (reading.flag, "opt_out" in reading.intents) == (True, False)


@pytest.mark.parametrize(
    ("text", "context", "prompt", "answer"),
    [
        ("a two and thats the last time so dont call back", "scale_0_10", PAIN, 2),
        ("4. stop texting me", "scale_0_10", PAIN, 4),
        ("eating good. bye and dont write me no more", "symptom_yes_no", NAUSEA, "no"),
        ("my nephew is driving me. please no more texts", "yes_no", RIDE, "yes"),
        ("confirmed. my son keeps track so i do not want the texts", "confirm_appointment", VISIT, "confirm"),
        ("cancel my reminders", "confirm_appointment", VISIT, None),
        ("i dont want the texts", "confirm_appointment", VISIT, None),
        ("7 texts a day, stop", "scale_0_10", PAIN, None),
    ],
)
def test_an_answer_beside_an_opt_out_stays(
    text: str, context: str, prompt: str, answer: str | int | None
) -> None:
    reading = told(text, "en", context, prompt)
    assert (reading.answer, "opt_out" in reading.intents) == (answer, True)
