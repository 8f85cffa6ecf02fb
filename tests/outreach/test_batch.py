"""Many conversations begun at once: as few statements as for one, each of them once, none in another's way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine, event, select

from app.cases.models import Case
from app.consent.ledger import opt_out
from app.conversations.models import Conversation, ConversationTurn, Timer
from app.outbox.models import Message
from app.outreach.due import due, offer
from app.outreach.models import Attempt
from app.outreach.start import start
from app.patients.models import Site
from app.store import Keyring, begin, make_engine
from tests.support.world import World

NUMBERS = [f"+13125550{n}" for n in range(110, 160)]


@pytest.fixture
def engine(postgresql_url: str, keyring: Keyring) -> Iterator[Engine]:
    engine = make_engine(postgresql_url, keyring)
    yield engine
    engine.dispose()


def wait_for(world: World, *numbers: str) -> list[UUID]:
    """Patients with these numbers, each with an attempt that is due."""
    for number in numbers:
        world.trigger("discharge", world.patient(number))
    with begin(world.sessions) as session:
        return due(session, world.clock.now(), 100)


def begin_all(world: World, ids: list[UUID]) -> dict[UUID, bool]:
    with begin(world.sessions) as session:
        outcomes = start(session, ids, kit=world.kit, now=world.clock.now())
    return {attempt: outcome.moved for attempt, outcome in outcomes.items()}


def statements(world: World, engine: Engine, ids: list[UUID]) -> int:
    counted = []
    listener = lambda *given: counted.append(given[2])  # noqa: E731 - removed again below
    event.listen(engine, "before_cursor_execute", listener)
    try:
        assert all(begin_all(world, ids).values())
    finally:
        event.remove(engine, "before_cursor_execute", listener)
    return len(counted)


def test_many_take_no_more_statements_than_one(world: World, engine: Engine) -> None:
    one = statements(world, engine, wait_for(world, NUMBERS[0]))
    many = statements(world, engine, wait_for(world, *NUMBERS[1:26]))
    assert many <= one  # the first one reads the script
    assert many <= 16
    assert len(world.all(Conversation)) == len(world.all(Message)) == len(world.all(Timer)) == 26


def test_reminders_of_visits_too(world: World, engine: Engine) -> None:
    for n, number in enumerate(NUMBERS[:20]):
        patient = world.patient(number)
        visit = world.visit(patient, world.clock.now() + timedelta(days=2, minutes=n))
        world.trigger("appointment", patient, visit_id=visit, ago=timedelta(0))
    with begin(world.sessions) as session:
        ids = due(session, world.clock.now(), 100)
    assert statements(world, engine, ids) <= 21
    assert len(world.all(Message)) == 20


def test_each_is_begun_once_and_written_down(world: World) -> None:
    ids = wait_for(world, *NUMBERS[:5])
    assert begin_all(world, ids) == dict.fromkeys(ids, True)
    assert begin_all(world, ids) == dict.fromkeys(ids, False)
    begun = {row.id: row for row in world.all(Conversation)}
    for attempt in world.all(Attempt):
        assert (attempt.outcome, attempt.done_at) == ("started", world.clock.now())
        conversation = begun.pop(attempt.conversation_id)
        assert (conversation.status, conversation.turns) == ("waiting", 1)
        assert conversation.prompt["message_id"] in {str(message.id) for message in world.all(Message)}
    assert begun == {}
    with begin(world.sessions) as session:
        keys = session.scalars(select(ConversationTurn.event_key)).all()
    assert sorted(keys) == sorted(f"attempt:{attempt}" for attempt in ids)
    assert {case.moved_at for case in world.all(Case)} == {world.clock.now()}


def test_who_may_not_be_written_to_keeps_nobody_else_from_it(world: World) -> None:
    gone, stopped, quiet = NUMBERS[:3]
    world.trigger("discharge", world.patient(gone, status="deceased"))
    with begin(world.sessions) as session:
        given = {"patient_id": None, "source": "sms", "words": "STOP", "sid": None, "now": world.clock.now()}
        opt_out(session, number=stopped, **given)  # type: ignore[arg-type]  # given by name
    world.trigger("discharge", world.patient(quiet, time_zone="Pacific/Honolulu"))
    begin_all(world, wait_for(world, stopped, NUMBERS[3]))
    found = {(attempt.outcome, (attempt.reason or "").split(":")[0]) for attempt in world.all(Attempt)}
    assert ("skipped", "the patient has died") in found
    assert ("skipped", "the patient has opted out") in found
    assert (None, "quiet hours where the patient is") in found
    assert [message.number for message in world.all(Message)] == [NUMBERS[3]]


def test_two_of_one_patient_come_one_after_the_other(world: World) -> None:
    patient = world.patient(NUMBERS[0])
    world.trigger("discharge", patient)
    world.trigger("discharge", patient)
    ids = wait_for(world, NUMBERS[1])
    first = begin_all(world, ids)
    assert len(first) == 2
    left = [attempt for attempt in ids if attempt not in first]
    assert begin_all(world, left) == {left[0]: True}


def test_a_case_somebody_holds_is_left_for_later(world: World) -> None:
    ids = wait_for(world, *NUMBERS[:3])
    held = world.all(Attempt)[0]
    with begin(world.sessions) as session:
        session.scalars(select(Case).where(Case.id == held.case_id).with_for_update()).one()
        done = begin_all(world, ids)
    assert set(done) == set(ids) - {held.id}
    assert begin_all(world, [held.id]) == {held.id: True}


def test_a_site_that_is_booked_up_is_left_out(world: World) -> None:
    ids = wait_for(world, *NUMBERS[:2])
    with begin(world.sessions) as session:
        site = session.scalars(select(Site)).one()
        assert offer(session, world.clock.now(), 10, [site.id]) == []
        assert offer(session, world.clock.now(), 10) == ids
