"""Conversations move by one event at a time, each once, and rest where the script says."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from app.cases.models import Case
from app.cases.work import claim
from app.conversations.advance import advance
from app.conversations.models import Conversation, ConversationTurn, Timer
from app.conversations.takeover import hand_back, say, take
from app.errors import Conflict, Invalid
from app.flow.events import Woke
from app.outbox.models import Message, MessageStatus, Purpose
from app.store import begin
from tests.support.world import World

DOB = "03/14/1948"


@pytest.fixture
def case(world: World) -> UUID:
    """A patient home from hospital, identified and asked how they feel."""
    found = world.trigger("discharge", world.patient())
    world.start_due()
    world.sent()
    world.clock.advance(timedelta(minutes=3))
    world.text(DOB)
    world.sent()
    world.clock.advance(timedelta(minutes=3))
    return found


def conversation(world: World) -> Conversation:
    return world.all(Conversation)[0]


def test_the_right_birth_date_opens_the_questions(world: World, case: UUID) -> None:
    assert conversation(world).state["verified"]
    assert "1 Better" in world.last()


def test_three_wrong_birth_dates_end_with_a_person_and_tell_nothing(world: World) -> None:
    found = world.trigger("discharge", world.patient())
    world.start_due()
    for _ in range(3):
        world.sent()
        world.clock.advance(timedelta(minutes=3))
        world.text("01/01/1950")
    assert "identity not confirmed" in [flag.because for flag in world.flags(found)]
    assert not any("medicine" in line or "feel" in line for line in world.thread())


def test_the_same_event_twice_moves_once(world: World, case: UUID) -> None:
    which = conversation(world).id
    with begin(world.sessions) as session:
        for _ in range(2):
            advance(session, which, Woke("x"), key="twice", kit=world.kit, now=world.clock.now())
    assert len([t for t in world.all(ConversationTurn) if t.event_key == "twice"]) == 1


def test_worse_is_flagged_with_the_words(world: World, case: UUID) -> None:
    world.text("3")
    world.clock.advance(timedelta(minutes=2))
    world.text("my legs are more swollen than before")
    flags = world.flags(case)
    assert max(flag.urgency for flag in flags) >= 2
    assert any(flag.words and "swollen" in flag.words for flag in flags)


def test_silence_is_followed_by_a_nudge_a_call_and_a_person(world: World, case: UUID) -> None:
    world.later(hours=5)
    assert "have not heard from you" in world.last()
    world.sent()
    world.later(hours=24)
    assert [m.channel for m in world.all(Message) if m.channel == "voice"] == ["voice"]
    world.sent()
    world.later(hours=30)
    assert any("no reply" in flag.because for flag in world.flags(case))


def test_a_question_that_has_not_gone_out_is_not_nudged(world: World) -> None:
    world.trigger("discharge", world.patient())
    world.start_due()
    said = len(world.thread())
    world.later(hours=6)
    assert len(world.thread()) == said
    assert [t for t in world.all(Timer) if t.done_at is None]


def test_an_unclear_reply_is_asked_again_once_and_then_a_person(world: World, case: UUID) -> None:
    world.text("blorp")
    assert "did not understand" in world.last()
    world.clock.advance(timedelta(minutes=2))
    world.text("zxcvb qwert")
    assert any("not understood" in flag.because for flag in world.flags(case))
    assert conversation(world).status == "handed_over"


def test_a_taken_conversation_is_silent_until_handed_back(world: World, case: UUID) -> None:
    ana = world.staff("Ana")
    with begin(world.sessions) as session:
        taken = claim(session, case, ana, world.clock.now())
        take(session, taken, ana, world.clock.now())
    said = len([line for line in world.thread() if line.startswith("out")])
    world.text("1")
    world.later(hours=30)
    assert len([line for line in world.thread() if line.startswith("out")]) == said
    assert world.case(case).unread > 0
    with begin(world.sessions) as session:
        hand_back(session, session.get_one(Case, case), ana, world.clock.now(), kit=world.kit)
    assert "1 Better" in world.last()


def test_taking_over_stops_what_the_bot_had_queued(world: World) -> None:
    case = world.trigger("discharge", world.patient())
    world.start_due()
    ana = world.staff("Ana")
    with begin(world.sessions) as session:
        take(session, claim(session, case, ana, world.clock.now()), ana, world.clock.now())
    assert [m.status for m in world.all(Message)] == [MessageStatus.SKIPPED]


def test_only_who_has_the_case_can_write_and_a_form_sent_twice_is_one_text(world: World, case: UUID) -> None:
    ana, ben = world.staff("Ana"), world.staff("Ben")
    with begin(world.sessions) as session:
        claim(session, case, ana, world.clock.now())
    with begin(world.sessions) as session, pytest.raises(Conflict):
        say(session, session.get_one(Case, case), ben, "Hello", world.clock.now())
    with begin(world.sessions) as session, pytest.raises(Invalid):
        say(session, session.get_one(Case, case), ana, "   ", world.clock.now())
    for _ in range(2):
        with begin(world.sessions) as session:
            say(
                session,
                session.get_one(Case, case),
                ana,
                "I will call you at 3.",
                world.clock.now(),
                form_key="f1",
            )
    assert [m.body for m in world.all(Message) if m.purpose == Purpose.STAFF] == ["I will call you at 3."]


def test_a_request_for_another_language_goes_on_in_it(world: World, case: UUID) -> None:
    world.text("en español por favor")
    assert conversation(world).language == "es"
    assert "1 Mejor" in world.last()


def test_asking_for_a_person_hands_over(world: World, case: UUID) -> None:
    world.text("I want to talk to a real person")
    assert conversation(world).status == "handed_over"
    assert any("person" in flag.because for flag in world.flags(case))


def test_everything_goes_through_in_spanish(world: World) -> None:
    world.trigger("discharge", world.patient(language="es"))
    world.start_due()
    assert "Riverside Clinic" in world.last()
    assert "fecha de nacimiento" in world.last()
    world.clock.advance(timedelta(minutes=2))
    world.text("me duele mucho el pecho y no puedo respirar")
    assert "Llame al 911" in world.last()
