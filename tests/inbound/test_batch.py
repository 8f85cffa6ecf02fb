"""Many texts at once: as few statements as for one, each worked through once, none in another's way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event

from app.consent.may_send import DEFAULT_CAPS
from app.conversations.models import ConversationTurn
from app.inbound import handle
from app.inbound.models import InboundEvent
from app.inbound.take import take_some
from app.inbound.waiting import of_phone
from app.inbound.work import Handled
from app.outbox.claim import Claimant
from app.outbox.models import Message, MessageStatus
from app.patients.models import ContactPoint, Patient
from app.patients.people import number_index
from app.store import Keyring, begin, make_engine, new_id
from tests.support.world import World

NUMBERS = [f"+13125550{n}" for n in range(110, 140)]
DOB = "03/14/1948"


@pytest.fixture
def engine(postgresql_url: str, keyring: Keyring) -> Iterator[Engine]:
    engine = make_engine(postgresql_url, keyring)
    yield engine
    engine.dispose()


def asked(world: World, *numbers: str) -> None:
    """Patients who have been asked the first question a while ago."""
    for number in numbers:
        world.trigger("discharge", world.patient(number))
    world.start_due()
    world.sent()
    world.clock.advance(timedelta(minutes=3))


def some(world: World) -> Handled | None:
    claimant = Claimant(new_id(), DEFAULT_CAPS)
    return take_some(world.sessions, kit=world.kit, clock=world.clock, claimant=claimant)


def counted(world: World, engine: Engine) -> list[str]:
    """The statements of one batch."""
    found: list[str] = []
    listener = lambda *given: found.append(given[2])  # noqa: E731 - removed again below
    event.listen(engine, "before_cursor_execute", listener)
    try:
        assert some(world) is not None
    finally:
        event.remove(engine, "before_cursor_execute", listener)
    return found


def texts(world: World, direction: str) -> list[Message]:
    return [m for m in world.all(Message) if m.direction == direction]


def test_many_take_few_more_statements_than_one(world: World, engine: Engine) -> None:
    asked(world, *NUMBERS[:17])
    world.receive(DOB, NUMBERS[0])
    one = len(counted(world, engine))
    for number in NUMBERS[1:17]:
        world.receive(DOB, number)
    many = len(counted(world, engine))
    assert one <= 26
    # A case has a version, so that each is written by itself.
    assert many <= one + 15
    assert len(texts(world, "in")) == 17
    assert some(world) is None


def test_what_is_answered_is_claimed_in_the_same_transaction(world: World) -> None:
    asked(world, *NUMBERS[:3])
    for number in NUMBERS[:3]:
        world.receive(DOB, number)
    handled = some(world)
    assert handled is not None
    assert handled.taken is not None
    assert {message.id for message, _ in handled.taken.ready} == set(handled.messages)
    waiting = [m for m in texts(world, "out") if m.id in set(handled.messages)]
    assert [m.status for m in waiting] == [MessageStatus.SENDING] * 3
    assert all(m.claimed_by is not None for m in waiting)


def test_a_spoiled_text_fails_alone(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    asked(world, *NUMBERS[:4])
    events = [world.receive(DOB, number) for number in NUMBERS[:4]]
    read = handle.read

    def spoiled(words: str, *given: Any, **more: Any) -> Any:
        if words == "spoiled":
            raise ZeroDivisionError
        return read(words, *given, **more)

    bad = world.receive("spoiled", NUMBERS[4])
    monkeypatch.setattr(handle, "read", spoiled)
    assert some(world) is not None
    by_id = {e.id: e for e in rows(world)}
    assert [by_id[e].state for e in events if e] == ["done"] * 4
    assert bad is not None
    assert (by_id[bad].state, by_id[bad].attempts) == ("new", 1)
    assert some(world) is None
    assert len(texts(world, "in")) == 4


def rows(world: World) -> list[InboundEvent]:
    with begin(world.sessions) as session:
        return list(session.query(InboundEvent))


def test_a_phone_somebody_is_at_work_on_is_passed_over(world: World) -> None:
    asked(world, *NUMBERS[:2])
    held, free = (world.receive(DOB, number) for number in NUMBERS[:2])
    assert held is not None
    with begin(world.sessions) as session:
        of_phone(session, held)
        assert some(world) is not None
        assert {e.id: e.state for e in rows(world)} == {held: "new", free: "done"}
        assert some(world) is None
    assert some(world) is not None
    assert {e.state for e in rows(world)} == {"done"}


def test_two_texts_of_one_phone_are_two_batches_in_their_order(world: World) -> None:
    asked(world, NUMBERS[0])
    first = world.receive(DOB, NUMBERS[0])
    world.clock.advance(timedelta(seconds=1))
    world.receive("1", NUMBERS[0])
    some(world)
    assert [e.id for e in rows(world) if e.state == "done"] == [first]
    some(world)
    assert [m.body for m in sorted(texts(world, "in"), key=lambda m: m.created_at)] == [DOB, "1"]


def test_one_who_writes_from_two_phones_is_two_batches(world: World) -> None:
    """The second text is read after what the first one has moved."""
    asked(world, NUMBERS[0])
    with begin(world.sessions) as session:
        index, patient_id = number_index(session, NUMBERS[1]), session.query(Patient.id).scalar()
        session.add(
            ContactPoint(
                patient_id=patient_id,
                value=NUMBERS[1],
                value_index=index,
                rank=2,
                updated_at=world.clock.now(),
            )
        )
    world.receive(DOB, NUMBERS[0])
    world.receive("1", NUMBERS[1])
    handled = some(world)
    assert handled is not None
    assert handled.more
    assert len(texts(world, "in")) == 1
    some(world)
    with begin(world.sessions) as session:
        assert session.query(ConversationTurn).filter(ConversationTurn.kind == "Reply").count() == 2
