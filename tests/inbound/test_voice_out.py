"""Calls we place: machines, nobody there, and what the lane does next."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.conversations.models import Conversation, Timer
from app.outbox.models import Call, Message
from app.outreach.triggers import stop_case
from app.patients.models import ContactPoint
from app.store import begin
from tests.support.telephone import BORN, Telephone, because, to_be_called
from tests.support.world import MARTHA


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is tested here does not depend on the database."""
    return sqlite_url


def the_call(line: Telephone) -> Message:
    return next(
        m for m in line.world.all(Message) if m.channel == "voice" and m.direction == "out" and m.number
    )


def attempts(line: Telephone) -> list[str]:
    return [timer.action for timer in line.world.all(Timer) if timer.done_at is None]


@pytest.mark.parametrize("heard", ["machine_end_beep", "machine_end_silence", "machine_end_other"])
def test_voicemail_is_left_once_with_name_and_number_alone(line: Telephone, heard: str) -> None:
    to_be_called(line)
    call, said = line.call_out(heard)
    assert said == "Hello, this is Riverside Clinic. Please call us back at 3 1 2, 5 5 5, 0 1 0 0. Thank you."
    assert call.over
    assert "Martha" not in said
    assert len(call.last["requests"]) == 1
    assert any("Please call us back" in line for line in line.world.thread())
    assert attempts(line) == ["person"]


def test_a_fax_hears_nothing(line: Telephone) -> None:
    to_be_called(line)
    call, said = line.call_out("fax")
    assert (said, call.over) == ("", True)
    assert attempts(line) == ["person"]


def test_a_greeting_that_has_not_ended_is_not_talked_into(line: Telephone) -> None:
    to_be_called(line)
    line.deliver()
    params = {"CallSid": "CA" + "8" * 32, "To": MARTHA, "From": "+13125550100", "Direction": "outbound-api"}
    ref = the_call(line).id
    xml = line.post(f"voice?ref={ref}", **params, AnsweredBy="machine_start").text
    assert "<Say" not in xml
    assert "<Hangup" in xml


def test_unknown_is_treated_as_a_human_who_must_say_who_they_are(line: Telephone) -> None:
    to_be_called(line)
    call, said = line.call_out("unknown")
    assert "date of birth" in said
    assert "feel" not in said
    assert "how do you feel" in call.press(BORN)


def test_a_screening_assistant_or_a_relative_hears_nothing_private(line: Telephone) -> None:
    to_be_called(line)
    call, _ = line.call_out()
    heard = [
        call.speak(
            "Hi, if you record your name and reason for calling, I'll see if this person is available."
        ),
        call.speak("She is not at home, this is her daughter."),
        call.speak("Can I take a message?"),
    ]
    assert not any(word in " ".join(heard) for word in ("feel", "hospital", "medicine", "came home"))


@pytest.mark.parametrize("answers", ["busy", "no_answer", "declined"])
def test_nobody_picks_up_and_the_lane_goes_on(line: Telephone, answers: str) -> None:
    case = to_be_called(line)
    line.phone(answers)
    line.deliver()
    line.settle()
    line.followed_up()
    assert the_call(line).status == "undelivered"
    assert because(line, case) == []
    assert attempts(line) == ["person"]
    line.world.later(hours=5)
    assert because(line, case) == ["no reply after every try"]


def test_a_number_that_does_not_exist_is_a_persons_at_once(line: Telephone) -> None:
    case = to_be_called(line)
    line.phone("failed")
    line.deliver()
    line.settle()
    line.followed_up()
    assert the_call(line).status == "failed"
    assert "does not exist" in because(line, case)[0]
    with begin(line.services.sessions) as session:
        assert session.query(ContactPoint).one().state == "invalid"


def test_nobody_picks_up_after_the_last_attempt_is_a_persons(line: Telephone) -> None:
    case = to_be_called(line)
    with begin(line.services.sessions) as session:
        session.query(Timer).update({"done_at": line.world.clock.now()})
    line.phone("busy")
    line.deliver()
    line.settle()
    line.followed_up()
    assert because(line, case)[0].startswith("a call did not get through")


def test_late_and_repeated_callbacks_do_not_move_a_call_back(line: Telephone) -> None:
    to_be_called(line)
    call, _ = line.call_out()
    call.hang_up()
    ref, sid = the_call(line).id, call.sid
    for number, status in (
        ("3", "completed"),
        ("1", "ringing"),
        ("2", "in-progress"),
        ("3", "completed"),
        ("0", "initiated"),
    ):
        answer = line.post(
            f"voice-status?ref={ref}", CallSid=sid, CallStatus=status, SequenceNumber=str(number)
        )
        assert answer.status_code == 200
    with begin(line.services.sessions) as session:
        found = session.query(Call).filter(Call.carrier_sid == sid).one()
        assert (found.status, found.sequence) == ("completed", 3)
    assert the_call(line).status == "delivered"


def test_callbacks_before_the_first_turn(line: Telephone) -> None:
    to_be_called(line)
    line.deliver()
    ref = the_call(line).id
    sid = "CA" + "9" * 32
    line.post(f"voice-status?ref={ref}", CallSid=sid, CallStatus="ringing", SequenceNumber="1")
    params = {"CallSid": sid, "To": MARTHA, "From": "+13125550100", "Direction": "outbound-api"}
    assert "calling for Martha" in line.post(f"voice?ref={ref}", **params, AnsweredBy="human").text


def test_what_was_answered_by_text_meanwhile_is_not_asked_again(line: Telephone) -> None:
    case = to_be_called(line)
    line.change(
        lambda session: stop_case(session, case, "readmitted", line.world.clock.now(), line.world.kit)
    )
    with begin(line.services.sessions) as session:
        session.query(Message).filter(Message.channel == "voice").update({"status": "queued"})
    call, said = line.call_out()
    assert said.startswith("Hello, this is Riverside Clinic. We called to ask something")
    assert call.over
    assert because(line, case) == []


def test_after_the_call_the_next_text_goes_on_where_it_ended(line: Telephone) -> None:
    to_be_called(line)
    call, _ = line.call_out()
    call.press(BORN)
    call.press("1")
    call.hang_up()
    line.world.clock.advance(timedelta(minutes=2))
    line.world.text("yes")
    state = line.conversation().state
    assert len(state["answers"]) == 2
    assert line.world.last()


def test_no_voice_speaks_the_language_so_nobody_is_called_by_a_machine(line: Telephone) -> None:
    with pytest.raises(AssertionError):
        to_be_called(line, language="ht")
    conversation = line.world.all(Conversation)[0]
    assert any("no voice speaks" in one for one in because(line, conversation.case_id))
