"""What strangers write on an ordinary day, in English: each family with what it must not become."""

from __future__ import annotations

import pytest

from app.understanding.score import read_row
from tests.understanding.telling import told, told_to

SICK = "Any nausea or vomiting that keeps you from eating or drinking? Reply YES or NO."
SHORT = "Are you having any trouble breathing? Reply YES or NO."
UP = "Has your weight gone up 3 pounds or more since yesterday? Reply YES or NO."
TAKES = "Are you taking your medicines the way the label says? Reply YES or NO."
BETTER = "Do you feel better today than yesterday? Reply YES or NO."
BIRTH = "To protect your privacy, please reply with your date of birth (MM/DD/YYYY)."
VISIT = "You have an appointment on Thu Dec 3 at 2:15 PM. Reply 1 to confirm, 2 to reschedule, 3 to cancel."
TIMES = "Which of these times works? 1) Mon Nov 30 8:15 AM 2) Thu Dec 3 11:00 AM 3) none of these"
SLOTS = [
    {"id": "1", "label": "Mon Nov 30 8:15 AM", "start": "2026-11-30T08:15"},
    {"id": "2", "label": "Thu Dec 3 11:00 AM", "start": "2026-12-03T11:00"},
    {"id": "3", "label": "none of these", "none": True},
]


@pytest.mark.parametrize(
    ("context", "prompt", "text", "answer"),
    [
        ("confirm_appointment", VISIT, "not sure yet my boss has to ok it", None),
        ("confirm_appointment", VISIT, "waiting on my boss to okay it", None),
        ("confirm_appointment", VISIT, "that day is ok my wife said", "confirm"),
        ("confirm_appointment", VISIT, "k lemme ask my wife", None),
        ("confirm_appointment", VISIT, "okay waiting on my boss", None),
        ("confirm_appointment", VISIT, "ok let me check on my ride, ill be there", "confirm"),
        ("confirm_appointment", VISIT, "sure im waiting for it", "confirm"),
        ("symptom_yes_no", SHORT, "my phone is about to die", None),
        ("symptom_yes_no", SHORT, "im dying of boredom", "no"),
        ("symptom_yes_no", SICK, "husband is throwing up but I'm not", "no"),
        ("confirm_appointment", VISIT, "already checked in, sitting by the fish tank", "confirm"),
        ("confirm_appointment", VISIT, "im checked in at the wrong place", None),
        ("confirm_appointment", VISIT, "something the week of the 14th", "reschedule"),
        ("symptom_yes_no", UP, "scale battery died", None),
        ("symptom_yes_no", UP, "no my scale needs batteries tho", "no"),
        ("symptom_yes_no", SICK, "a lil queasy but eating", "no"),
        ("symptom_yes_no", SICK, "queasy but hardly eating", "yes"),
        ("symptom_yes_no", SICK, "the zofran works so im able to eat", "no"),
        ("symptom_yes_no", SICK, "zofran works but i still cant eat", "yes"),
        ("symptom_yes_no", SICK, "me no understand", None),
        ("yes_no", TAKES, "they had me stop the metformin before the scan, back on it today", "yes"),
        ("yes_no", TAKES, "they had me stop the metformin before the scan, never went back on it", "no"),
        ("yes_no", BETTER, "much, thanks for asking!", "yes"),
        ("yes_no", BETTER, "not much thanks", "no"),
        ("dob", BIRTH, "04/05/1966 sorry 04/06/1966", "1966-04-06"),
        ("dob", BIRTH, "04/05/1966, sorry my wife is 03/02/1970", None),
    ],
)
def test_answers(context: str, prompt: str, text: str, answer: str | None) -> None:
    assert told_to(context, prompt, text, "en").answer == answer


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("I need a sign language interpreter for whichever one", None),
        ("whichever one is latest", "2"),
        ("option one", "1"),
        ("need a ride", None),
        ("need a wheelchair for any of them", None),
        ("need a different day", "3"),
        ("need a bit later", "3"),
    ],
)
def test_what_a_visit_needs_chooses_none(text: str, answer: str | None) -> None:
    row = {"id": "t", "lang": "en", "channel": "sms", "context": "choose_slot", "prompt": TIMES, "text": text}
    assert read_row({**row, "options": SLOTS, "now": "2026-11-25T09:00"}).answer == answer


@pytest.mark.parametrize(
    ("text", "intent", "found"),
    [
        ("my bill says $2,300 and i have medicare, this is not right", "wrong_number", False),
        ("this is not the right number", "wrong_number", True),
        ("wrong # amigo", "wrong_number", True),
        ("please remove 555-0187 from your system", "opt_out", True),
        ("remove 2 from your list", "opt_out", False),
        ("need a wheelchair van or I cant", "transport_barrier", True),
        ("dont need a wheelchair van", "transport_barrier", False),
        ("i don't know how i'm getting there", "transport_barrier", True),
        ("I know how im getting there", "transport_barrier", False),
        ("my car battery died", "transport_barrier", True),
        ("my hearing aid battery died", "transport_barrier", False),
        ("insulin pen is empty, sugar 412", "medication_problem", True),
        ("sorry que? no understand", "confusion", True),
        ("I dont get which pills are morning and which are night", "confusion", True),
        ("Sent a message on mychart 3 days ago about my swelling, no answer", "complaint", True),
        ("can you say them times again", "question", False),
        ("can you say the dose of metformin again", "question", True),
    ],
)
def test_intents(text: str, intent: str, found: bool) -> None:
    assert (intent in told(text).intents) == found


@pytest.mark.parametrize(
    ("text", "urgency", "flag"),
    [
        ("I quit drinking 40 days ago just wanted yall to know", "none", False),
        ("i quit drinking 2 days ago", "urgent", True),
        ("my wife has a fever, I don't", "none", True),
        ("my husband cant breathe, im not", "emergency", True),
        ("cant think of any right now", "none", False),
        ("cant think of the right words", "emergency", True),
        ("had to use the neb twice last night, ok now", "none", True),
    ],
)
def test_urgency(text: str, urgency: str, flag: bool) -> None:
    reading = told(text, context="open_text", prompt="What questions do you have for your nurse today?")
    assert (reading.urgency.label, reading.flag) == (urgency, flag)
