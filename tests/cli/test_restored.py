"""A database that was put back sends nothing that may have gone out, and hears of what came in meanwhile."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from app.channels.base import Received
from app.channels.holds import RESTORED, held, lift
from app.cli import holds, restored
from app.cli.restored import Doubtful, settle
from app.consent.ledger import standing
from app.conversations.models import Timer
from app.inbound.models import InboxLook
from app.inbound.reconcile import look
from app.inbound.work import Handled
from app.outbox.models import Message, MessageStatus, Purpose
from app.outbox.queue import cancel_queued
from app.outreach.models import Attempt
from app.patients.people import number_index
from app.settings import Settings
from app.store import begin
from tests.inbound.test_reconcile import Inbox
from tests.support.world import MARTHA, OURS, World

BACK = timedelta(hours=13)


@pytest.fixture
def patient(world: World) -> UUID:
    return world.patient()


def put_back(world: World) -> Doubtful:
    """The database as it is now is the backup, and is put back hours later."""
    made_at = world.clock.now()
    world.clock.advance(BACK)
    with begin(world.sessions) as session:
        return settle(session, made_at, world.clock.now())


def fetched(world: World, *words: str) -> list[Handled]:
    """Texts of the time in between, as the carrier's list gives them."""
    inbox = Inbox(world)
    at = world.clock.now() - BACK / 2
    inbox.texts = [Received(f"SM{n:032d}", MARTHA, OURS, w, 0, at) for n, w in enumerate(words, start=900)]
    found = look(world.sessions, inbox, clock=world.clock)
    return [handled for event in found.missing for handled in world.work(event)]


def out(world: World) -> list[str]:
    return [line for line in world.thread() if line.startswith("out: ")]


def test_what_was_planned_is_put_before_a_person(world: World, patient: UUID) -> None:
    case = world.trigger("discharge", patient)
    assert put_back(world) == Doubtful(0, 1)
    world.start_due()
    assert out(world) == []
    assert [a.outcome for a in world.all(Attempt)] == ["skipped"]
    assert "put back" in world.flags(case)[0].because


def test_what_is_planned_for_later_stays_planned(world: World, patient: UUID) -> None:
    visit = world.visit(patient, world.clock.now() + timedelta(days=9))
    case = world.trigger("appointment", patient, visit_id=visit, ago=timedelta(0))
    assert put_back(world) == Doubtful(0, 0)
    assert world.flags(case) == []
    assert world.all(Attempt)[0].done_at is None


def test_a_nudge_that_may_have_gone_out_does_not_go_again(world: World, patient: UUID) -> None:
    case = world.trigger("discharge", patient)
    world.start_due()
    world.sent()
    before = len(out(world))
    put_back(world)
    world.later(hours=1)
    assert len(out(world)) == before
    assert "put back" in world.flags(case)[0].because


def test_messages_are_looked_up_but_for_those_planned_for_later(world: World, patient: UUID) -> None:
    world.trigger("discharge", patient)
    world.start_due()
    (message,) = world.all(Message)
    for due, status in ((timedelta(hours=1), "unknown"), (BACK + timedelta(hours=1), "queued")):
        with begin(world.sessions) as session:
            row = session.get_one(Message, message.id)
            row.status, row.due_at = MessageStatus.QUEUED, world.clock.now() + due
        put_back(world)
        assert world.all(Message)[0].status == status


def test_all_but_safety_waits_until_an_operator_says_so(world: World, patient: UUID) -> None:
    put_back(world)
    with begin(world.sessions) as session:
        found = held(session, "twilio", world.clock.now() + timedelta(days=300))
        assert found is not None
        assert (found.code, "careloop holds lift twilio" in found.reason) == (RESTORED, True)
    words = holds.run(holds.parser().parse_args(["lift", "twilio"]), world.sessions, world.clock)
    assert "no longer held" in words


def test_what_came_meanwhile_is_a_persons_and_the_bot_says_nothing_twice(world: World, patient: UUID) -> None:
    case = world.trigger("discharge", patient)
    world.start_due()
    world.sent()
    before = out(world)
    put_back(world)
    fetched(world, "03/14/1948", "thanks, all good")
    assert out(world) == before
    assert len([f for f in world.flags(case) if "written before" in f.because]) == 2
    assert all(timer.done_at is not None for timer in world.all(Timer))


def test_danger_and_stop_are_heard_all_the_same(world: World, patient: UUID) -> None:
    case = world.trigger("discharge", patient)
    put_back(world)
    fetched(world, "I cannot breathe", "please stop texting me")
    assert max(flag.urgency for flag in world.flags(case)) == 3
    purposes = {m.purpose for m in world.all(Message) if m.direction == "out"}
    assert purposes == {Purpose.SAFETY}
    with begin(world.sessions) as session:
        assert not standing(session, number_index(session, MARTHA), "sms")


def test_what_comes_by_its_webhook_or_after_the_hold_is_answered(world: World, patient: UUID) -> None:
    world.trigger("discharge", patient)
    world.start_due()
    world.sent()
    put_back(world)
    before = len(out(world))
    world.text("03/14/1948")
    assert len(out(world)) == before + 1
    world.sent()
    world.clock.advance(timedelta(minutes=3))
    with begin(world.sessions) as session:
        lift(session, "twilio")
    fetched(world, "hello?")
    assert not any("written before" in f.because for f in world.flags(world.all(Message)[0].case_id))


def test_the_carriers_list_is_read_from_the_backup_on(world: World) -> None:
    made_at: datetime = world.clock.now()
    put_back(world)
    with begin(world.sessions) as session:
        assert session.get_one(InboxLook, OURS).looked_at == made_at


def test_a_carrier_that_does_not_answer_is_told(world: World, settings: Settings) -> None:
    words = restored.fetch(world.sessions, settings, world.clock.now(), world.clock)
    assert f"Not all could be fetched for {OURS}" in words


def test_what_was_cancelled_while_nobody_knew_is_not_sent_later(world: World, patient: UUID) -> None:
    world.trigger("discharge", patient)
    world.start_due()
    message = world.all(Message)[0].id
    with begin(world.sessions) as session:
        session.get_one(Message, message).status = MessageStatus.UNKNOWN
    with begin(world.sessions) as session:
        cancel_queued(session, patient_id=patient, because="the patient was faster", now=world.clock.now())
    found = world.all(Message)[0]
    assert found.status is MessageStatus.UNKNOWN
    assert found.expires_at == found.consequence_at == world.clock.now()
