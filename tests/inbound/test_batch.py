"""Many texts at once: as few statements as for one, each worked through once, none in another's way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg.errors import DeadlockDetected
from rq.timeouts import JobTimeoutException
from sqlalchemy import Engine, event
from sqlalchemy.exc import InterfaceError, OperationalError

from app.consent.may_send import DEFAULT_CAPS
from app.conversations.models import ConversationTurn
from app.inbound import handle, take
from app.inbound.models import InboundEvent
from app.inbound.take import Then, take_some
from app.inbound.waiting import of_phone
from app.inbound.work import Handled
from app.outbox.claim import Claimant
from app.outbox.models import Message, MessageStatus, Purpose
from app.patients.models import ContactPoint, Patient
from app.patients.people import number_index
from app.store import Keyring, Sessions, begin, make_engine, new_id
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


def some(world: World, then: Then | None = None) -> list[Handled]:
    """One batch: what was handed over, to be sent."""
    done: list[Handled] = []
    claimant = Claimant(new_id(), DEFAULT_CAPS)
    take_some(world.sessions, kit=world.kit, clock=world.clock, claimant=claimant, then=then or done.append)
    return done


def failing(*problems: Exception) -> Callable[..., Handled]:
    """`handle_texts` that fails so many times, then works."""
    left = list(problems)

    def handle_or_fail(*given: Any, **more: Any) -> Handled:
        if left:
            raise left.pop(0)
        return handle.handle_texts(*given, **more)

    return handle_or_fail


def ready(done: list[Handled]) -> set[UUID]:
    """What is claimed for us to send."""
    return {message.id for one in done if one.taken is not None for message, _ in one.taken.ready}


def sending(world: World) -> set[UUID]:
    return {m.id for m in texts(world, "out") if m.status is MessageStatus.SENDING}


def counted(world: World, engine: Engine) -> list[str]:
    """The statements of one batch."""
    found: list[str] = []
    listener = lambda *given: found.append(given[2])  # noqa: E731 - removed again below
    event.listen(engine, "before_cursor_execute", listener)
    try:
        assert some(world)
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
    assert not some(world)


def test_what_is_answered_is_claimed_in_the_same_transaction(world: World) -> None:
    asked(world, *NUMBERS[:3])
    for number in NUMBERS[:3]:
        world.receive(DOB, number)
    (handled,) = some(world)
    assert ready([handled]) == set(handled.messages)
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
    done = some(world)
    assert len(ready(done)) == 4
    assert ready(done) == sending(world)
    by_id = {e.id: e for e in rows(world)}
    assert [by_id[e].state for e in events if e] == ["done"] * 4
    assert bad is not None
    assert (by_id[bad].state, by_id[bad].attempts) == ("new", 1)
    assert not some(world)
    assert len(texts(world, "in")) == 4


@pytest.mark.parametrize(
    ("problem", "ends"),
    [
        (DeadlockDetected(), False),
        (psycopg.OperationalError("the connection is lost"), True),
    ],
)
def test_words_for_an_emergency_are_sent_before_the_next_text_is_begun(
    world: World, monkeypatch: pytest.MonkeyPatch, problem: Exception, ends: bool
) -> None:
    """Whatever becomes of what came after it: nobody else knows that this process has claimed them."""
    asked(world, *NUMBERS[:3])
    events = []
    for words, number in zip(("I want to kill myself", DOB, DOB), NUMBERS, strict=False):
        events.append(world.receive(words, number))
        world.clock.advance(timedelta(seconds=1))  # Those of one instant are taken in any order.
    monkeypatch.setattr(take, "handle_texts", failing(OperationalError("", {}, DeadlockDetected())))
    next_one = take.take_next

    def meets(sessions: Sessions, event_id: UUID, **given: Any) -> Handled | None:
        if event_id == events[1]:
            raise OperationalError("", {}, problem)
        return next_one(sessions, event_id, **given)

    monkeypatch.setattr(take, "take_next", meets)
    done: list[Handled] = []
    with pytest.raises(OperationalError) if ends else nullcontext():
        some(world, done.append)
    assert ready(done) == sending(world)
    assert next(m.purpose for m in texts(world, "out") if m.id in ready(done)) is Purpose.SAFETY
    assert done[0].flags
    assert len(done) == (1 if ends else 2)
    states = {e.id: (e.state, e.attempts) for e in rows(world)}
    assert states[events[1]] == ("new", 0)


@pytest.mark.parametrize("problem", [JobTimeoutException(), InterfaceError("", {}, psycopg.InterfaceError())])
def test_what_is_no_fault_of_the_text_is_not_counted_against_it(
    world: World, monkeypatch: pytest.MonkeyPatch, problem: Exception
) -> None:
    asked(world, NUMBERS[0])
    event = world.receive(DOB, NUMBERS[0])
    assert event is not None
    for fails in ([problem], [ZeroDivisionError(), problem]):
        # Together with others, and by itself.
        monkeypatch.setattr(take, "handle_texts", failing(*fails))
        with pytest.raises(type(problem)):
            some(world)
    assert [(e.state, e.attempts) for e in rows(world)] == [("new", 0)]
    assert ready(some(world)) == sending(world)


def rows(world: World) -> list[InboundEvent]:
    with begin(world.sessions) as session:
        return list(session.query(InboundEvent))


def test_a_phone_somebody_is_at_work_on_is_passed_over(world: World) -> None:
    asked(world, *NUMBERS[:2])
    held, free = (world.receive(DOB, number) for number in NUMBERS[:2])
    assert held is not None
    with begin(world.sessions) as session:
        of_phone(session, held)
        assert some(world)
        assert {e.id: e.state for e in rows(world)} == {held: "new", free: "done"}
        assert not some(world)
    assert some(world)
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
    (handled,) = some(world)
    assert handled.more
    assert len(texts(world, "in")) == 1
    some(world)
    with begin(world.sessions) as session:
        assert session.query(ConversationTurn).filter(ConversationTurn.kind == "Reply").count() == 2
