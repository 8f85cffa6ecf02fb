"""Calls, over the carrier's double and with real signatures: who speaks, and how questions are answered."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.outbox.models import Call, Message
from app.patients.models import Patient
from app.store import begin
from tests.support.telephone import (
    BORN,
    Telephone,
    because,
    discharged,
    identified,
    to_be_called,
)

PRIVATE = ("feel", "hospital", "came home", "medicine", "discharge")


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is tested here does not depend on the database."""
    return sqlite_url


# -- who is speaking ---------------------------------------------------------------------------------------------


def test_a_call_we_place_says_who_we_are_and_nothing_private_before_the_date_of_birth(
    line: Telephone,
) -> None:
    to_be_called(line)
    call, said = line.call_out()
    assert said.startswith("Hello, this is Riverside Clinic calling for Martha.")
    assert "9 1 1" in said
    assert "press star" in said
    assert "press 0" in said
    assert said.index("press star") < said.index("date of birth")
    assert not any(word in said for word in PRIVATE)
    said = call.press(BORN)
    assert said.startswith(
        "Thank you. Compared with the day you came home, how do you feel? Better: press 1."
    )


@pytest.mark.parametrize("keys", ["03141948", "14031948", "19480314"])
def test_eight_keys_in_any_order(line: Telephone, keys: str) -> None:
    discharged(line)
    call, _ = line.call_in()
    assert "how do you feel" in call.press(keys)


@pytest.mark.parametrize("words", ["March 14th 1948", "the fourteenth of march nineteen forty eight"])
def test_a_spoken_date_in_any_order(line: Telephone, words: str) -> None:
    discharged(line)
    call, _ = line.call_in()
    assert "how do you feel" in call.speak(words)


def test_three_wrong_dates_end_the_call_and_a_person_follows(line: Telephone) -> None:
    case = discharged(line)
    call, _ = line.call_in()
    assert "did not match" in call.press("01011950")
    assert "did not match" in call.speak("January first 1951")
    assert "A person at Riverside Clinic will call you" in call.press("02021952")
    assert call.over
    assert because(line, case) == ["identity not confirmed on the telephone"]
    assert line.conversation().status == "waiting"


def test_guessing_does_not_begin_anew_with_each_call(line: Telephone) -> None:
    case = discharged(line)
    for _ in range(2):
        call, _ = line.call_in()
        for _ in range(3):
            call.press("01011950")
    _, said = line.call_in()
    assert "connecting you with a person" in said
    assert "too many wrong dates of birth today" in because(line, case)


def test_speech_hardly_heard_is_no_wrong_date(line: Telephone) -> None:
    discharged(line)
    call, _ = line.call_in()
    assert "did not hear you" in call.speak("much for tea", confidence=0.3)
    assert "how do you feel" in call.press(BORN)


def test_the_date_of_birth_leaves_no_trace(line: Telephone, capfd: pytest.CaptureFixture[str]) -> None:
    discharged(line)
    call, _ = line.call_in()
    call.press("01011950")
    call.speak("March 14th 1948")
    with begin(line.services.sessions) as session:
        kept = [(m.body, m.reading) for m in session.query(Message).filter(Message.channel == "voice")]
        notes = [c.notes for c in session.query(Call)]
    shown = str(kept) + str(notes) + "".join(capfd.readouterr())
    for trace in ("1948", "0314", "0101", "14th"):
        assert trace not in shown
    assert "(date of birth)" in shown


def test_without_a_date_of_birth_on_record_it_is_a_persons(line: Telephone) -> None:
    case = discharged(line)
    line.change(lambda session: session.query(Patient).update({"birth_date": None}))
    _, said = line.call_in()
    assert "connecting you with a person" in said
    assert "date of birth" not in said
    assert "no date of birth on record" in because(line, case)[0]


def test_a_reminder_of_a_visit_is_private_too_on_a_call(line: Telephone) -> None:
    world = line.world
    patient = world.patient()
    visit = world.visit(patient, world.clock.now() + timedelta(days=3), practitioner="Dr. Patel")
    world.trigger("appointment", patient, visit_id=visit)
    world.start_due()
    world.sent()
    call, said = line.call_in()
    assert "visit" not in said
    said = call.press(BORN)
    assert "Thursday, November 5 at 9:00 AM" in said
    assert "is confirmed" in call.press("1")


def test_a_missed_identity_check_leaves_the_text_question_open(line: Telephone) -> None:
    to_be_called(line)
    call, _ = line.call_out()
    call.hang_up()
    line.world.text("03/14/1948")
    assert "how do you feel" in line.world.last()
    line.world.sent()
    line.texts_arrive()
    line.world.clock.advance(timedelta(minutes=1))
    call, _ = line.call_in()
    call.hang_up()
    line.world.clock.advance(timedelta(minutes=1))
    line.world.text("1")
    assert "feeling" in line.conversation().state["answers"]


# -- answering ---------------------------------------------------------------------------------------------------


def test_questions_go_on_by_key_and_by_speech(line: Telephone) -> None:
    _, call, said = identified(line)
    assert "About the same: press 2." in said
    assert call.awaiting["input"] == ["dtmf", "speech"]
    said = call.press("1")
    assert "?" in said
    assert line.conversation().state["answers"]["feeling"][0]["value"] == "better"
    call.speak("yes", confidence=0.91)
    assert len(line.conversation().state["answers"]) == 2


def test_yes_and_no_by_key(line: Telephone) -> None:
    _, call, _ = identified(line)
    for key in ("1", "2", "1"):
        assert "did not understand" not in call.press(key)
    values = [entries[0]["value"] for entries in line.conversation().state["answers"].values()]
    assert values == ["better", "no", "yes"]


def test_silence_is_asked_again_and_the_third_ends_politely_with_a_flag(line: Telephone) -> None:
    case, call, _ = identified(line)
    for _ in range(2):
        assert call.silence().startswith("Sorry, I did not hear you. Compared with the day")
    assert call.silence() == "Goodbye."
    assert call.over
    assert because(line, case) == ["said nothing on the call"]


def test_silence_before_the_date_of_birth_ends_the_same_way(line: Telephone) -> None:
    case = discharged(line)
    call, _ = line.call_in()
    assert "date of birth" in call.silence()
    call.silence()
    assert call.silence() == "Goodbye."
    assert because(line, case) == ["said nothing on the call"]


def test_what_is_not_understood_twice_goes_to_a_person(line: Telephone) -> None:
    _, call, _ = identified(line)
    assert "did not understand" in call.press("7")
    said = call.press("8")
    assert "still did not understand" in said
    assert "connecting you with a person" in said


def test_a_call_that_goes_on_and_on_is_ended_and_seen(line: Telephone) -> None:
    case, call, _ = identified(line)
    line.world.clock.advance(timedelta(minutes=11))
    assert call.press("*") == "Goodbye."
    assert because(line, case) == ["a call went on and on: call back"]


def test_forty_turns_are_the_most(line: Telephone) -> None:
    case = discharged(line)
    call, _ = line.call_in()
    while not call.over:
        call.press("*")
    with begin(line.services.sessions) as session:
        assert session.query(Call).one().turns == 41
    assert "a call went on and on: call back" in because(line, case)


def test_a_call_stays_with_its_conversation_though_another_begins(line: Telephone) -> None:
    world = line.world
    case, call, _ = identified(line)
    patient = world.case(case).patient_id
    visit = world.visit(patient, world.clock.now() + timedelta(days=3))
    world.trigger("appointment", patient, visit_id=visit)
    world.clock.advance(timedelta(minutes=1))
    world.start_due()
    assert "visit" not in call.press("*")
    assert "how do you feel" in call.press("1")


def test_the_same_question_for_ever_ends_with_a_person(line: Telephone) -> None:
    case, call, _ = identified(line)
    while call.awaiting["verb"] == "Gather":
        call.press("*")
    assert because(line, case) == ["asked the same question too often"]
