"""Danger said on a call, and how a person comes into it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.conversations.takeover import take
from app.inbound.models import PhoneThread
from app.patients.models import Patient
from app.patients.people import number_index
from tests.support.telephone import (
    BORN,
    STAFF,
    Telephone,
    because,
    discharged,
    identified,
)
from tests.support.world import MARTHA


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is tested here does not depend on the database."""
    return sqlite_url


# -- danger ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("known", [True, False])
def test_an_emergency_said_on_a_call_gets_the_fixed_words_and_pages(line: Telephone, known: bool) -> None:
    case = discharged(line)
    call, _ = line.call_in()
    if known:
        call.press(BORN)
    said = call.speak("I have chest pain and I can't breathe", confidence=0.2)
    assert "This sounds like an emergency. Call 9 1 1 now" in said
    assert call.over
    flags = line.world.flags(case)
    assert (line.world.case(case).urgency, len(flags)) == (3, 1)
    assert flags[0].words == "I have chest pain and I can't breathe"
    assert line.alerted() == [str(flags[0].id)]
    assert line.conversation().status == "handed_over"


def test_in_the_callers_language(line: Telephone) -> None:
    discharged(line, language="es")
    call, said = line.call_in()
    assert said.startswith("Gracias por llamar a Riverside Clinic.")
    said = call.speak("me quiero matar")
    assert "Llame al 9 8 8" in said
    assert line.alerted()


def test_who_thinks_of_suicide_is_connected_while_somebody_is_there(line: Telephone) -> None:
    discharged(line)
    call, _ = line.call_in()
    said = call.speak("I want to kill myself")
    assert "9 8 8" in said
    assert not call.over
    assert call.awaiting["verb"] == "Dial"


def test_danger_said_into_the_menu_is_heard(line: Telephone) -> None:
    _, call, _ = identified(line)
    call.press("*")
    assert "9 1 1" in call.speak("I can't breathe")


# -- a person ----------------------------------------------------------------------------------------------------


def test_zero_connects_with_a_person_who_hears_first_what_it_is(line: Telephone) -> None:
    case, call, _ = identified(line)
    line.phone("human", STAFF)
    assert "connecting you with a person" in call.press("0")
    staff = line.staff()
    assert (
        staff.look()
        == "A patient from the follow-up line. Press any key to take the call. The caller speaks English."
    )
    assert not call.awaiting["bridged"]
    staff.press("5")
    call.look()
    assert call.awaiting["bridged"]
    staff.hang_up()
    assert call.over
    assert "call back" not in " ".join(because(line, case))


def test_nobody_there_means_a_call_back_is_promised_and_asked_for(line: Telephone) -> None:
    case, call, _ = identified(line)
    line.phone("no_answer", STAFF)
    call.press("0")
    line.settle()
    assert (
        "A person at Riverside Clinic will call you back" in call.last["transcript"][-2]["text"] or call.over
    )
    assert any("nobody could take the call" in one for one in because(line, case))
    assert {flag.words for flag in line.world.flags(case)} == {""}  # what happened is not what was said


def test_an_answering_machine_of_the_practice_does_not_take_the_call(line: Telephone) -> None:
    case, call, _ = identified(line)
    line.phone("machine_start", STAFF)
    call.press("0")
    line.settle()
    assert call.over
    said = " ".join(one["text"] for one in call.spoken)
    assert "Nobody could take the call" in said
    assert any("nobody could take the call" in one for one in because(line, case))


def test_out_of_hours_a_call_back_is_promised(line: Telephone) -> None:
    case = discharged(line)
    line.world.clock.advance(timedelta(hours=12))
    call, _ = line.call_in()
    said = call.press("0")
    assert "will call you back" in said
    assert "connecting" not in said
    assert call.over
    assert because(line, case) == ["pressed 0 for a person"]


def test_asking_for_a_person_in_words(line: Telephone) -> None:
    case, call, _ = identified(line)
    assert "connecting you with a person" in call.speak("I want to talk to a person")
    assert line.world.case(case).needs_person


def test_an_unknown_caller_is_greeted_neutrally_and_gets_a_person(line: Telephone) -> None:
    _call, said = line.call_in("+16125550177")
    assert said.startswith("Thank you for calling Riverside Clinic.")
    assert "connecting you with a person" in said
    case = line.world.all(Case)[0]
    assert case.needs_person
    assert case.lane_key == "message"


def test_a_phone_two_patients_share_is_nobodys_before_a_person_asked(line: Telephone) -> None:
    line.world.patient(name="Martha")
    line.world.patient(name="Luis")
    _, said = line.call_in()
    assert "Martha" not in said
    assert "Luis" not in said
    assert "connecting you with a person" in said


def test_a_call_is_not_taken_for_the_answer_to_whom_they_mean(line: Telephone) -> None:
    discharged(line)
    luis = line.world.patient(name="Luis")
    now = line.world.clock.now()

    def asked(session: Session) -> None:
        session.add(
            PhoneThread(number_index=number_index(session, MARTHA), asked_at=now, choices=[str(luis)])
        )

    line.change(asked)
    _, said = line.call_in()
    assert "date of birth" in said


def test_a_patient_with_nothing_open_gets_a_person_and_the_programme_goes_on(line: Telephone) -> None:
    line.world.patient()
    _, said = line.call_in()
    assert "connecting you with a person" in said
    assert because(line, line.world.all(Case)[0].id) == ["called us"]


def test_a_caller_nobody_knows_stands_in_the_queue_as_a_caller(line: Telephone) -> None:
    line.call_in()
    stranger = line.world.all(Patient)[0]
    assert (stranger.family_name, stranger.channel, stranger.status) == ("caller", "voice", "unknown")


def test_a_hidden_number_is_not_promised_a_call_back(line: Telephone) -> None:
    line.world.clock.advance(timedelta(hours=12))
    params = {"CallSid": "CA" + "7" * 32, "From": "anonymous", "To": "+13125550100", "Direction": "inbound"}
    said = line.post("voice", **params).text
    assert "We cannot see your number" in said
    assert "call you back. In" not in said


def test_a_conversation_a_person_has_taken_goes_to_that_person(line: Telephone) -> None:
    case = discharged(line)
    nurse = line.world.staff("Nora")

    def taken(session: Session) -> None:
        take(session, session.get_one(Case, case), nurse, line.world.clock.now())

    call, _ = line.call_in()
    line.change(taken)
    assert "connecting you with a person" in call.press(BORN)
    call.hang_up()
    call, said = line.call_in()
    assert "date of birth" not in said
    assert "connecting you with a person" in said
    assert line.conversation().taken_by == nurse.id


def test_haitian_creole_is_a_persons_or_a_recordings(line: Telephone) -> None:
    case = discharged(line, language="ht")
    call, said = line.call_in()
    assert said.startswith("Thank you for calling Riverside Clinic.")
    assert {one["language"] for one in call.spoken} == {"en-US"}
    assert "with an interpreter" in because(line, case)[-1]
    url = "https://clinic.example/ht/hello.mp3"
    line.site(settings={"recordings": {"ht": {"voice_inbound": url}}})
    _, said = line.call_in()
    assert said.startswith(url)
