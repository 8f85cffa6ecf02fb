"""English: what chooses and what does not, in replies to reminders, offered times, lists, scales and dates of birth."""

from __future__ import annotations

from datetime import datetime

import pytest

from app.understanding import Expectation, Option, read

NOW = datetime.fromisoformat("2026-11-24T10:00")
VISIT = "You have a visit on Thu Dec 3 at 2:15 PM. Reply 1 or YES to confirm, 2 to reschedule, 3 to cancel."
TIMES = "Which of these times works? 1) Wed Dec 2 1:00 PM 2) Thu Dec 3 2:00 PM 3) Fri Dec 4 10:00 AM 4) none"
PAIN = "On a scale of 0 to 10, how bad is your pain right now? (0 = no pain, 10 = worst pain)"
BORN = "To protect your privacy, please reply with your date of birth (MM/DD/YYYY)."
ACTIONS = tuple(Option(str(i), label) for i, label in enumerate(("confirm", "reschedule", "cancel"), 1))
SLOTS = (
    Option("1", "Wed Dec 2 1:00 PM", start=datetime.fromisoformat("2026-12-02T13:00")),
    Option("2", "Thu Dec 3 2:00 PM", start=datetime.fromisoformat("2026-12-03T14:00")),
    Option("3", "Fri Dec 4 10:00 AM", start=datetime.fromisoformat("2026-12-04T10:00")),
    Option("4", "none of these", none=True),
)


def listed(*labels: str) -> tuple[Option, ...]:
    return tuple(Option(str(i), label) for i, label in enumerate(labels, 1))


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("no. wait yes. got my days mixed up", "confirm"),
        ("thursday's good yes", "confirm"),
        ("Yes, unless I'm dead lol", "confirm"),
        ("if I dont die of old age first, yes", "confirm"),
        ("yes unless my ride falls through", None),
        ("they cancelled my ride but my son will bring me. yes", "confirm"),
        ("i was gonna cancel but ill come", "confirm"),
        ("i cancelled my trip so ill be there", "confirm"),
        ("please dont give my spot away ill be there", "confirm"),
        ("yes!! sorry i missed the last one", "confirm"),
        ("gotta find a sitter 1st", None),
        ("lost my card on the 1st", None),
        ("I have to feed the dog first lol", None),
        ("the first one", "confirm"),
        ("the last one", "cancel"),
        ("do i still come", None),
        ("is it telehealth or do i come in", None),
        ("should i cancel", None),
        ("cancel please i found another doctor", "cancel"),
        ("just pulled in", "confirm"),
        ("just got in a wreck", None),
        ("im coming down with something", None),
        ("thursdays no good", None),
        ("switch me to monday", "reschedule"),
    ],
)
def test_a_reminder_is_answered(text: str, answer: str | None) -> None:
    assert read(text, Expectation("confirm_appointment", VISIT, ACTIONS), "en", NOW).answer == answer


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("any day but Friday", None),
        ("friday no good", None),
        ("anything but wed or thurs", "3"),
        ("friday. i was in the hospital wednesday", "3"),
        ("wednesday, i leave for florida thursday", "1"),
        ("wed, i start work on thursday", "1"),
        ("thursday cuz friday i see my kidney doctor", "2"),
        ("friday please. wednesday is my birthday", "3"),
        ("wednesday, i mean friday", "3"),
        ("1 sorry I missed friday", "1"),
        ("last friday i was there", None),
        ("first one. actually do the thurs", "2"),
        ("need to find a sitter first", None),
        ("the 3rd", None),
        ("the 3rd one", "3"),
        ("dec 3rd please", "2"),
        ("what time friday", None),
        ("is the wed one with dr patel", None),
        ("what about wednesday", "1"),
        ("friday. where do i go", "3"),
        ("i didnt miss it you cancelled on me", None),
        ("tursday", "2"),
    ],
)
def test_a_time_is_chosen(text: str, answer: str | None) -> None:
    assert read(text, Expectation("choose_slot", TIMES, SLOTS), "en", NOW).answer == answer


@pytest.mark.parametrize(
    ("labels", "text", "answer"),
    [
        (("medicines", "appointment", "symptoms", "something else"), "uh the appointment one", "2"),
        (("medicines", "appointment", "symptoms", "something else"), "one please", "1"),
        (("very poorly", "poorly", "OK", "well", "very well"), "pretty poorly tbh", "2"),
        (("very poorly", "poorly", "OK", "well", "very well"), "what do you mean managing", None),
        (("spouse", "family", "friend or neighbor", "paid helper", "no one"), "my wife of 53 yrs", "1"),
        (("spouse", "family", "friend or neighbor", "paid helper", "no one"), "my daughter", "2"),
        (("spouse", "family", "friend or neighbor", "paid helper", "no one"), "my roommate", "3"),
        (("spouse", "family", "friend or neighbor", "paid helper", "no one"), "just me", "5"),
        (("spouse", "family", "friend or neighbor", "paid helper", "no one"), "none of your business", None),
        (("patient", "family", "caregiver"), "his wife", "2"),
        (("text", "phone call", "email"), "call. i cant see these little letters", "2"),
        (("text", "phone call", "email"), "text not calls", "1"),
    ],
)
def test_one_of_a_list_is_chosen(labels: tuple[str, ...], text: str, answer: str | None) -> None:
    assert (
        read(text, Expectation("choose_number", "Which one?", listed(*labels)), "en", None).answer == answer
    )


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("english not spanish", "en"),
        ("i dont speak spanish. english", "en"),
        ("spanish oh sorry english", "en"),
        ("not english", None),
    ],
)
def test_a_language_is_chosen(text: str, answer: str | None) -> None:
    options = (Option("1", "English", lang="en"), Option("2", "Español", lang="es"))
    assert read(text, Expectation("language_choice", "Which language?", options), "en", None).answer == answer


@pytest.mark.parametrize(
    ("text", "answers"),
    [
        ("5 1/2", (5, 6)),
        ("8 last night 4 now", (4,)),
        ("8. sorry 6", (6,)),
        ("6 sorry for the late reply", (6,)),
        ("7 took my pill at 8", (7,)),
        ("im at 8", (8,)),
        ("7 in my back and 3 in my leg", (7,)),
    ],
)
def test_a_scale_is_answered(text: str, answers: tuple[int, ...]) -> None:
    assert read(text, Expectation("scale_0_10", PAIN), "en", None).answer in answers


def test_not_worried_is_nought_only_where_worry_is_asked() -> None:
    worried = Expectation("scale_0_10", "On a scale of 0 to 10, how worried are you?")
    assert read("not worried", worried, "en", None).answer == 0
    assert read("not worried", Expectation("scale_0_10", PAIN), "en", None).answer is None


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("8-22-1967 sorry thats my husbands. mine is 1-5-1970", "1970-01-05"),
        ("3/4/1950. my wifes is 2/2/1952", "1950-03-04"),
        ("3/4/1950 or 2/2/1952", None),
        ("12/11/1950 (im his wife, mine is 2/2/1952)", None),
        ("03/04/1951 sorry 1950", "1950-03-04"),
        ("3/4/1950 sorry for the delay", "1950-03-04"),
        ("march 5 i mean march 4 1950", "1950-03-04"),
        ("july third no july second nineteen forty three", "1943-07-02"),
    ],
)
def test_a_date_of_birth_is_put_right(text: str, answer: str | None) -> None:
    assert read(text, Expectation("dob", BORN), "en", None).answer == answer


def test_may_as_a_month_asks_nothing() -> None:
    found = read("uh may the sixth nineteen thirty nine", Expectation("dob", BORN), "en", None)
    assert found.answer == "1939-05-06"
    assert "question" not in found.intents


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("B", "2"),
        ("b)", "2"),
        ("option c please", "3"),
        ("A", "1"),
        ("E", None),
        ("Y", None),
        ("I", None),
    ],
)
def test_a_lone_letter_names_a_place(text: str, place: str | None) -> None:
    needs = listed("medicines", "appointment", "symptoms", "something else")
    asked = "What do you need help with? 1 medicines, 2 appointment, 3 symptoms, 4 something else"
    assert read(text, Expectation("choose_number", asked, needs), "en", NOW).answer == place
    assert read(text, Expectation("choose_slot", TIMES, SLOTS), "en", NOW).answer == place


def test_a_letter_answers_no_reminder() -> None:
    assert read("B", Expectation("confirm_appointment", VISIT, ACTIONS), "en", NOW).answer is None


@pytest.mark.parametrize("context", ["choose_number", "choose_slot", "language_choice"])
@pytest.mark.parametrize("text", ["2", "wed", "the first one", "none of them", "B"])
def test_where_nothing_is_offered_nothing_is_chosen(context: str, text: str) -> None:
    assert read(text, Expectation(context, "Which one?"), "en", NOW).answer is None
