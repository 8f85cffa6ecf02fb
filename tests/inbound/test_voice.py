"""Calls, over the carrier's double and with real signatures: what is said, and what it does."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.consent.ledger import standing
from app.conversations.takeover import take
from app.outbox.models import Call, Message
from app.patients.models import ContactPoint, Patient
from app.patients.people import number_index
from app.store import begin
from tests.support.telephone import BORN, STAFF, OnCall, Telephone, discharged, to_be_called
from tests.support.world import MARTHA

PRIVATE = ("feel", "hospital", "came home", "medicine", "discharge")


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is tested here does not depend on the database."""
    return sqlite_url


def because(line: Telephone, case: UUID) -> list[str]:
    return [flag.because for flag in line.world.flags(case)]


def identified(line: Telephone) -> tuple[UUID, OnCall, str]:
    """A patient who was asked by text calls in and tells who they are."""
    case = discharged(line)
    call, _ = line.call_in()
    return case, call, call.press(BORN)


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


# -- the menu ----------------------------------------------------------------------------------------------------


def test_repeat(line: Telephone) -> None:
    _, call, first = identified(line)
    menu = call.press("*")
    assert [f"press {key}" in menu for key in "12390"] == [True] * 5
    assert call.press("1") == first.removeprefix("Thank you. ")


def test_slower_for_the_rest_of_the_call(line: Telephone) -> None:
    _, call, _ = identified(line)
    call.press("*")
    call.press("2")
    call.press("1")
    sid = call.sid
    with begin(line.services.sessions) as session:
        xml = session.query(Call).filter(Call.carrier_sid == sid).one().last_twiml
    assert xml is not None
    assert 'rate="80%"' in xml


def test_the_other_language_with_its_voice_and_its_ear(line: Telephone) -> None:
    discharged(line)
    call, _ = line.call_in()
    call.press("*")
    assert "fecha de nacimiento" in call.press("3")
    assert call.spoken[-1]["voice"] == "Polly.Lupe-Neural"
    assert call.awaiting["language"] == "es-US"
    assert line.conversation().language == "en"
    assert "¿Se siente mejor, igual o peor" in call.press(BORN)
    assert line.conversation().language == "es"


def test_more_languages_are_offered_each_by_its_own_voice(line: Telephone) -> None:
    line.site(languages=["en", "es", "ht", "ko"])
    discharged(line)
    call, _ = line.call_in()
    call.press("*")
    said = call.press("3")
    assert said == "For English, press 1. Para español, oprima 2. 한국어: 3."
    assert [one["language"] for one in call.spoken[-3:]] == ["en-US", "es-US", "ko-KR"]
    assert "fecha de nacimiento" in call.press("2")


def test_another_language_asked_for_in_words(line: Telephone) -> None:
    discharged(line)
    call, _ = line.call_in()
    assert "fecha de nacimiento" in call.speak("en español por favor")


@pytest.mark.parametrize("known", [True, False])
def test_a_key_ends_our_calls(line: Telephone, known: bool) -> None:
    case = to_be_called(line)
    call, _ = line.call_out()
    if known:
        call.press(BORN)
    call.press("*")
    said = call.press("9")
    assert "will not call you again" in said
    assert "3 1 2, 5 5 5, 0 1 0 0" in said
    assert call.over
    with begin(line.services.sessions) as session:
        index = number_index(session, MARTHA)
        assert not standing(session, index, "voice")
        assert standing(session, index, "sms")
    assert because(line, case) == ["wants no more calls"]


def test_no_more_calls_in_words(line: Telephone) -> None:
    to_be_called(line)
    call, _ = line.call_out()
    assert "will not call you again" in call.speak("stop calling me")
    with begin(line.services.sessions) as session:
        assert not standing(session, number_index(session, MARTHA), "voice")


def test_a_wrong_number_is_left_alone(line: Telephone) -> None:
    case = to_be_called(line)
    call, _ = line.call_out()
    said = call.speak("you have the wrong number")
    assert "will not call this number again" in said
    with begin(line.services.sessions) as session:
        assert session.query(ContactPoint).one().state == "wrong_person"
    assert any("wrong number" in one for one in because(line, case))


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
    assert staff.look() == "A patient from the follow-up line. Press any key to take the call."
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


def test_a_patient_with_nothing_open_gets_a_person_and_the_programme_goes_on(line: Telephone) -> None:
    line.world.patient()
    _, said = line.call_in()
    assert "connecting you with a person" in said
    assert because(line, line.world.all(Case)[0].id) == ["called us"]


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
