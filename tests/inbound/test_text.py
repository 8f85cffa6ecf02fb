"""A patient's text: read, caught, answered, kept; once, in order, and never lost."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import update

from app.cases.models import Case
from app.consent.ledger import opt_out, standing
from app.conversations.models import Conversation
from app.outbox.models import Message, MessageStatus, Purpose
from app.patients.people import number_index
from app.store import begin
from tests.support.world import MARTHA, World

DOB = "03/14/1948"


def discharged(world: World) -> tuple[UUID, UUID]:
    """A patient who went home and was asked the first question."""
    patient = world.patient()
    case = world.trigger("discharge", patient)
    world.start_due()
    world.sent()
    world.clock.advance(timedelta(minutes=3))
    return patient, case


def test_the_first_text_names_practice_emergency_line_and_way_out(world: World) -> None:
    discharged(world)
    first = world.last()
    assert "Riverside Clinic" in first
    assert "911" in first
    assert "STOP" in first
    assert "date of birth" in first


def test_an_emergency_is_answered_with_fixed_words_and_on_top_of_the_queue(world: World) -> None:
    _, case = discharged(world)
    handled = world.text("much worse, cant breathe")
    assert "Call 911 now" in world.last()
    assert [m.purpose for m in world.all(Message) if m.direction == "out"][-1] == Purpose.SAFETY
    found = world.case(case)
    assert (found.needs_person, found.urgency) == (True, 3)
    flag = world.flags(case)[0]
    assert flag.words == "much worse, cant breathe"
    assert flag.evidence
    assert handled[0].flags == [flag.id]
    assert found.due_at <= world.clock.now()


def test_after_an_emergency_the_bot_asks_nothing_more(world: World) -> None:
    discharged(world)
    world.text("i took the whole bottle of pills")
    said = len(world.thread())
    world.later(hours=30)
    assert len(world.thread()) == said


def test_the_same_text_twice_is_one(world: World) -> None:
    _, case = discharged(world)
    world.text("much worse, cant breathe", sid="SM" + "a" * 32)
    world.text("much worse, cant breathe", sid="SM" + "a" * 32)
    assert len([m for m in world.all(Message) if m.direction == "in"]) == 1
    assert len(world.flags(case)) == 1


def test_two_texts_are_worked_through_in_their_order_whichever_job_comes_first(world: World) -> None:
    discharged(world)
    first = world.receive(DOB)
    world.clock.advance(timedelta(milliseconds=400))
    second = world.receive("also my leg hurts a bit")
    assert second is not None
    world.work(second)
    assert first is not None
    assert world.work(first) == []
    incoming = [line for line in world.thread() if line.startswith("in")]
    assert incoming == [f"in: {DOB}", "in: also my leg hurts a bit"]


def test_a_second_text_written_before_the_next_question_could_be_seen_answers_nothing(world: World) -> None:
    _, case = discharged(world)
    world.text(DOB)
    world.clock.advance(timedelta(milliseconds=300))
    world.text("3")
    state = world.all(Conversation)[0].state
    assert "feeling" not in state["answers"]
    assert any("before seeing" in flag.because for flag in world.flags(case))


def test_stop_ends_everything_and_a_person_follows_up(world: World) -> None:
    _, case = discharged(world)
    world.text("STOP")
    assert world.thread()[-1] == "in: STOP"
    assert world.all(Conversation)[0].ended_at is not None
    assert "wants no more texts" in world.flags(case)[0].because


def test_stop_in_other_words_is_confirmed_once(world: World) -> None:
    discharged(world)
    world.text("please stop texting me")
    assert "You will get no more texts" in world.last()


@pytest.mark.parametrize("words", ["CANCEL", "Cancel?", "CANCEL 🙏"])
def test_a_bare_cancel_opts_out_and_tells_a_person_that_the_visit_may_be_meant(
    world: World, words: str
) -> None:
    _, case = discharged(world)
    world.text(words)
    assert "may mean the visit" in world.flags(case)[0].because


def test_opted_out_patients_still_get_the_safety_words(world: World) -> None:
    discharged(world)
    world.text("STOP")
    world.clock.advance(timedelta(hours=1))
    world.text("cant breathe, lips are blue")
    assert "911" in world.last()


def test_a_wrong_number_is_never_written_to_again(world: World) -> None:
    _, case = discharged(world)
    world.text("wrong number, I am not Martha")
    assert "wrong number" in world.flags(case)[0].because
    assert world.all(Conversation)[0].ended_at is not None


def test_a_picture_without_words_is_shown_to_a_person(world: World) -> None:
    _, case = discharged(world)
    world.text("", NumMedia="1", MediaUrl0="https://api.twilio.com/x", MediaContentType0="image/jpeg")
    assert any("picture" in flag.because for flag in world.flags(case))
    incoming = next(m for m in world.all(Message) if m.direction == "in")
    assert incoming.media == [{"url": "https://api.twilio.com/x", "type": "image/jpeg"}]


def test_an_unknown_number_gets_a_case_and_an_answer(world: World) -> None:
    world.text("hello, who is this?", "+16125550177")
    case = world.all(Case)[0]
    assert case.needs_person
    assert "A person at Riverside Clinic" in world.last("+16125550177")


def test_two_robots_do_not_talk_for_ever(world: World) -> None:
    for _ in range(30):
        world.text("I am out of the office.", "+16125550177")
        world.clock.advance(timedelta(seconds=20))
    answers = [m for m in world.all(Message) if m.direction == "out"]
    assert 0 < len(answers) <= 6


def test_an_answer_after_the_end_goes_to_a_person(world: World) -> None:
    _, case = discharged(world)
    world.text("STOP")
    world.text("START")
    world.clock.advance(timedelta(days=1))
    world.text("1")
    assert any("no question was open" in flag.because for flag in world.flags(case))


def test_start_after_an_end_in_own_words_is_answered_by_us(world: World) -> None:
    discharged(world)
    world.text("please stop texting me")
    world.text("start")
    assert "You will get our texts again" in world.last()


def stands(world: World, channel: str) -> bool:
    with begin(world.sessions) as session:
        return standing(session, number_index(session, MARTHA), channel)


def refuse(world: World, **given: str | None) -> None:
    """An opt-out that came by another way than a text."""
    with begin(world.sessions) as session:
        opt_out(session, number=MARTHA, patient_id=None, sid=None, now=world.clock.now(), **given)
    world.clock.advance(timedelta(minutes=1))


def test_start_takes_back_what_stop_ended_and_not_that_no_calls_are_wanted(world: World) -> None:
    discharged(world)
    world.text("STOP")
    assert not stands(world, "voice")
    world.clock.advance(timedelta(minutes=1))
    world.text("START")
    assert stands(world, "sms")
    assert stands(world, "voice")
    world.clock.advance(timedelta(minutes=1))
    refuse(world, channel="voice", source="said on a call", words="no more calls")
    for words in ("START", "STOP", "START"):
        world.text(words)
        world.clock.advance(timedelta(minutes=1))
    assert stands(world, "sms")
    assert not stands(world, "voice")


@pytest.mark.parametrize(
    "given",
    [
        {"channel": "sms", "source": "carrier:21610", "words": None},
        {"channel": "voice", "source": "said on a call", "words": "no more calls"},
    ],
)
def test_start_is_answered_by_the_carrier_alone_where_it_stopped_the_texts(
    world: World, given: dict[str, str | None]
) -> None:
    discharged(world)
    refuse(world, **given)
    said = len(world.thread())
    world.text("START")
    assert world.thread()[said:] == ["in: START"]


def test_start_the_carrier_says_it_has_answered_is_not_answered_again(world: World) -> None:
    discharged(world)
    world.text("please stop texting me")
    world.clock.advance(timedelta(minutes=1))
    world.text("start", OptOutType="START")
    assert world.thread()[-1] == "in: start"
    assert stands(world, "sms")


def test_a_number_answered_is_kept_with_the_words_of_its_choice(world: World) -> None:
    discharged(world)
    world.text("03/14/1948")
    world.clock.advance(timedelta(minutes=1))
    world.text("3")
    said = next(m for m in world.all(Message) if m.direction == "in" and m.body == "3")
    assert said.reading["chosen"] == "Worse"


def test_enormous_and_empty_bodies_are_kept(world: World) -> None:
    discharged(world)
    for body in ("", "x" * 2000, "👍🏽" * 500, "\u202e\x00\ud800"):
        world.text(body)
        world.clock.advance(timedelta(minutes=1))
    kept = [m.body for m in world.all(Message) if m.direction == "in"]
    assert sorted(map(len, kept)) == sorted(map(len, ("", "x" * 2000, "👍🏽" * 500, "\u202e\x00\ud800")))


def test_a_phone_two_patients_share_is_asked_whose_message_it_is(world: World) -> None:
    world.patient(name="Martha")
    world.clock.advance(timedelta(minutes=1))
    luis = world.patient(name="Luis")
    world.text("can somebody call me back")
    assert "1 Martha\n2 Luis" in world.last()
    world.text("2")
    case = world.all(Case)[0]
    assert case.patient_id == luis
    assert any("asks to be called" in flag.because for flag in world.flags(case.id))


def test_whom_they_mean_is_no_answer_to_the_other_ones_question(world: World) -> None:
    martha = world.patient(name="Martha")
    luis = world.patient(name="Luis")
    for patient in (martha, luis):
        world.trigger("discharge", patient)
    world.start_due()
    world.sent()
    world.clock.advance(timedelta(minutes=3))
    world.text("how long does this take")
    assert "1 Martha\n2 Luis" in world.last()
    with begin(world.sessions) as session:
        session.execute(
            update(Conversation).where(Conversation.patient_id == martha).values(status="handed_over")
        )
    world.text("1")
    (kept,) = [m for m in world.all(Message) if m.direction == "in"]
    assert (kept.body, kept.patient_id) == ("how long does this take", martha)


def test_an_emergency_on_a_shared_phone_does_not_wait_for_the_answer(world: World) -> None:
    world.patient(name="Martha")
    world.patient(name="Luis")
    world.text("he has chest pain and cant breathe")
    assert "911" in world.last()
    assert world.all(Case)[0].urgency == 3


def test_everything_out_is_queued_once_and_nothing_is_left_half_done(world: World) -> None:
    discharged(world)
    world.text(DOB)
    waiting = [m for m in world.all(Message) if m.direction == "out" and m.status == MessageStatus.QUEUED]
    assert len(waiting) == 1
    assert waiting[0].number == MARTHA
