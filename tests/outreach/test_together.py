"""Several visits on one day: each is told once, and an answer is about the visits that were told, no other."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from app.cases.models import Case
from app.conversations.models import Conversation
from app.conversations.takeover import end
from app.outreach.models import Attempt
from app.scheduling.models import Appointment
from app.store import begin
from tests.support.world import World


@pytest.fixture
def patient(world: World) -> UUID:
    return world.patient()


def book(world: World, patient: UUID, start: datetime, **more: object) -> tuple[UUID, UUID]:
    """A visit and the case that reminds of it."""
    visit = world.visit(patient, start, **more)
    return visit, world.trigger("appointment", patient, visit_id=visit, ago=timedelta(0))


def answers(world: World) -> dict[UUID, str | None]:
    return {visit.id: visit.answer for visit in world.all(Appointment)}


def attempt(world: World, case: UUID) -> Attempt:
    return next(a for a in world.all(Attempt) if a.case_id == case)


def reply(world: World, words: str) -> None:
    world.sent()
    world.clock.advance(timedelta(minutes=3))
    world.text(words)


def test_an_answer_is_not_about_a_visit_booked_since(world: World, patient: UUID) -> None:
    day = world.clock.now() + timedelta(days=2)
    told, _ = book(world, patient, day)
    world.start_due()
    world.clock.advance(timedelta(hours=1))
    later, case = book(world, patient, day + timedelta(hours=5))
    world.start_due()
    assert attempt(world, case).done_at is None
    reply(world, "1")
    assert answers(world) == {told: "accepted", later: None}


def test_a_visit_booked_since_is_asked_about_when_the_other_is_settled(world: World, patient: UUID) -> None:
    day = world.clock.now() + timedelta(days=3)
    book(world, patient, day)
    world.start_due()
    world.clock.advance(timedelta(hours=1))
    later, _ = book(world, patient, day + timedelta(hours=5))
    world.start_due()
    reply(world, "1")
    reply(world, "1")  # all set
    assert len(world.all(Conversation)) == 1
    world.clock.advance(timedelta(days=1))
    world.start_due()
    assert "you have a visit on" in world.last()
    assert "2:00" in world.last()
    for words in ("3", "5", "2"):
        reply(world, words)
    assert answers(world)[later] == "declined"
    assert sorted(filter(None, answers(world).values())) == ["accepted", "declined"]


def test_the_second_reminder_names_a_visit_booked_since(world: World, patient: UUID) -> None:
    day = world.clock.now() + timedelta(days=3)
    first, _ = book(world, patient, day)
    world.start_due()
    world.clock.advance(timedelta(hours=1))
    second, case = book(world, patient, day + timedelta(hours=5))
    for _ in range(12):
        world.sent()
        world.start_due()
        world.later(hours=4)
        if "2 visits" in world.last():
            break
    assert "2 visits" in world.last()
    world.start_due()
    assert attempt(world, case).reason == "told together with another visit of that day"
    reply(world, "1")
    assert answers(world) == {first: "accepted", second: "accepted"}
    world.clock.advance(timedelta(hours=2))
    world.start_due()
    assert len(world.all(Conversation)) == 1
    assert world.case(case).close_reason == "confirmed"


def test_what_is_left_of_the_time_is_not_waited_away(world: World, patient: UUID) -> None:
    day = world.clock.now() + timedelta(days=2)
    book(world, patient, day)
    world.start_due()
    world.clock.advance(timedelta(hours=25))
    book(world, patient, day + timedelta(hours=1))
    world.start_due()
    assert len(world.all(Conversation)) == 2
    assert "10:00" in world.last()
    assert "9:00" not in world.last()


def test_together_they_are_answered_together(world: World, patient: UUID) -> None:
    day = world.clock.now() + timedelta(days=2)
    cases = [book(world, patient, day + timedelta(hours=h))[1] for h in (0, 2)]
    world.start_due()
    reply(world, "3")
    assert set(answers(world).values()) == {None}  # first what is in the way
    reply(world, "5")
    reply(world, "2")
    assert set(answers(world).values()) == {"declined"}
    world.clock.advance(timedelta(hours=2))
    world.start_due()
    other = next(case for case in cases if attempt(world, case).outcome == "skipped")
    assert "cannot come" in world.flags(other)[0].because


def test_a_visit_that_was_moved_is_another_visit(world: World, patient: UUID) -> None:
    day = world.clock.now() + timedelta(days=2)
    for hours in (0, 2):
        book(world, patient, day + timedelta(hours=hours))
    world.start_due()
    asked = world.all(Conversation)[0].case_id
    own = world.case(asked).appointment_id
    other = next(visit.id for visit in world.all(Appointment) if visit.id != own)
    with begin(world.sessions) as session:
        session.get_one(Appointment, other).start_at += timedelta(hours=3)
    reply(world, "1")
    assert answers(world) == {own: "accepted", other: None}


def test_when_a_person_closes_one_the_other_is_still_asked_about(world: World, patient: UUID) -> None:
    day = world.clock.now() + timedelta(days=2)
    for hours in (0, 2):
        book(world, patient, day + timedelta(hours=hours))
    world.start_due()
    asked = world.all(Conversation)[0].case_id
    with begin(world.sessions) as session:
        end(session, session.get_one(Case, asked), world.clock.now(), kit=world.kit)
    world.sent()
    world.clock.advance(timedelta(hours=24))
    world.start_due()
    assert len(world.all(Conversation)) == 2


@pytest.mark.parametrize("importance", ["routine", "high"])
def test_nobody_answers_for_either(world: World, patient: UUID, importance: str) -> None:
    day = world.clock.now() + timedelta(days=2)
    book(world, patient, day)
    world.start_due()
    world.clock.advance(timedelta(minutes=1))
    other, case = book(world, patient, day + timedelta(hours=6), importance=importance)
    with begin(world.sessions) as session:
        talk = session.get_one(Conversation, world.all(Conversation)[0].id)
        visit = session.get_one(Appointment, other)
        talk.visits = {**(talk.visits or {}), str(other): visit.start_at.isoformat()}
        talk.ended_at, talk.end_reason, talk.status = world.clock.now(), "unreachable", "ended"
    world.start_due()
    assert attempt(world, case).outcome == "skipped"
    if importance == "high":
        assert "not confirmed" in world.flags(case)[0].because
    else:
        assert world.case(case).close_reason == "unreachable"


def test_a_call_that_nobody_took_has_told_nothing(world: World) -> None:
    patient = world.patient(channel="voice")
    day = world.clock.now() + timedelta(days=2)
    for hours in (0, 2):
        book(world, patient, day + timedelta(hours=hours))
    world.start_due()
    assert world.all(Conversation)[0].visits is None
    assert [a.outcome for a in world.all(Attempt)].count("skipped") == 0
