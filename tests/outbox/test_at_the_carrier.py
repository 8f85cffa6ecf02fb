"""The whole way to the carrier and back: its faults, its receipts in its order, nothing twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from app.channels.carriers import Carriers, make_carriers
from app.outbox.deliver import deliver
from app.outbox.models import Message, MessageStatus
from app.outbox.receipts import record_receipt, settle_receipt
from app.outbox.sweep import recover
from app.sandbox.config import practice_line
from app.sandbox.server import Sandbox, create_sandbox
from app.settings import Settings
from app.store import new_id
from app.store.database import Sessions, begin
from tests.outbox.conftest import NUMBER, OURS, Outbox
from tests.sandbox.practice import Practice
from tests.support.surroundings import ENVIRON

S = MessageStatus


class CarrierClock:
    """The sandbox's own time, which a test moves forward."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.timeline = sandbox.carrier.timeline

    def now(self) -> datetime:
        return self.timeline.now()

    def advance(self, **parts: float) -> None:
        self.timeline.advance(timedelta(**parts))


class Town:
    """A practice, its outbox and the carrier."""

    def __init__(self, sessions: Sessions, sandbox: Sandbox, practice: Practice, carriers: Carriers) -> None:
        self.sandbox, self.practice, self.carriers = sandbox, practice, carriers
        self.clock = CarrierClock(sandbox)
        self.outbox = Outbox(sessions, self.clock)  # type: ignore[arg-type]  # it only needs to tell the time

    def send(self, text: Any) -> str:
        outcome = deliver(
            self.outbox.sessions,
            text,
            carriers=self.carriers,
            clock=self.clock,
            process_id=self.outbox.process,
        )
        return outcome.kind

    def post(self) -> None:
        """Settle what the carrier has posted since the last time, in the order it came."""
        assert self.sandbox.carrier.settle(10)
        asked, self.practice.asked = self.practice.asked, []
        for receipt in asked:
            assert receipt.signed
            with begin(self.outbox.sessions) as session:
                made = record_receipt(
                    session,
                    ref=receipt.query.removeprefix("ref="),
                    sid=receipt["MessageSid"],
                    status=receipt["MessageStatus"],
                    error_code=receipt.form.get("ErrorCode"),
                    sequence=None,
                    params=receipt.form,
                    now=self.clock.now(),
                )
                session.flush()
                settle_receipt(session, made.id, self.clock.now())

    def sweep(self) -> list[str]:
        return [o.kind for o in recover(self.outbox.sessions, carriers=self.carriers, clock=self.clock)]

    def received(self) -> list[str]:
        """What stands on the patient's phone."""
        messages = self.sandbox.carrier.state.messages.values()
        return [m.body for m in messages if m.to == NUMBER and m.status == "delivered"]

    def message(self, text: Any) -> Message:
        return self.outbox.message(text)

    def fault(self, **fault: Any) -> None:
        self.sandbox.carrier.faults.add(fault)


@pytest.fixture
def town(sessions: Sessions, make_settings: Callable[..., Settings]) -> Iterator[Town]:
    with (
        Practice(ENVIRON["TWILIO_AUTH_TOKEN"]) as practice,
        create_sandbox(
            account_sid=ENVIRON["TWILIO_ACCOUNT_SID"],
            auth_token=ENVIRON["TWILIO_AUTH_TOKEN"],
            app_origin=practice.origin,
            lines=(practice_line(OURS, practice.origin, ""),),
        ) as sandbox,
    ):
        settings = make_settings(TWILIO_API_ORIGIN=sandbox.origin, PUBLIC_URL=practice.origin)
        yield Town(sessions, sandbox, practice, make_carriers(settings))


def test_out_and_delivered(town: Town) -> None:
    text = town.outbox.text("Hello")
    assert town.send(text) == "sent"
    town.post()
    message = town.message(text)
    assert (message.status, message.finished_at is not None) == (S.DELIVERED, True)
    assert town.received() == ["Hello"]


@pytest.mark.parametrize("quirk", ["reorder_callbacks", "duplicate_callback"])
def test_receipts_out_of_order_or_twice(town: Town, quirk: str) -> None:
    town.fault(kind=quirk)
    text = town.outbox.text("Hello")
    town.send(text)
    town.post()
    assert town.message(text).status is S.DELIVERED


def test_a_lost_answer_is_resolved_by_its_receipts(town: Town) -> None:
    town.fault(kind="lost_response")
    text = town.outbox.text("Hello")
    assert town.send(text) == "unknown"
    town.post()
    assert town.message(text).status is S.DELIVERED
    town.clock.advance(minutes=2)
    assert town.sweep() == []
    assert town.received() == ["Hello"]


def test_a_lost_answer_and_lost_receipts_are_resolved_by_the_list(town: Town) -> None:
    town.fault(kind="lost_response")
    town.fault(kind="drop_callbacks")
    text = town.outbox.text("It’s “tomorrow” – 2 pm")
    assert town.send(text) == "unknown"
    town.post()
    assert town.message(text).status is S.UNKNOWN
    town.clock.advance(seconds=6)
    assert town.sweep() == ["sent"]
    assert town.message(text).status is S.DELIVERED
    assert len(town.received()) == 1


def test_a_lost_request_is_sent_again_once(town: Town) -> None:
    town.fault(kind="lost_request")
    text = town.outbox.text("Hello")
    assert town.send(text) == "unknown"
    for seconds in (6, 25):
        town.clock.advance(seconds=seconds)
        town.sweep()
    assert town.message(text).status is S.QUEUED
    assert town.send(text) == "sent"
    town.post()
    assert town.received() == ["Hello"]


def test_a_server_error_that_did_it_all_the_same(town: Town) -> None:
    town.fault(kind="status", status=503)
    text = town.outbox.text("Hello")
    assert town.send(text) == "unknown"
    town.clock.advance(seconds=6)
    town.sweep()
    town.clock.advance(seconds=25)
    town.sweep()
    if town.message(text).status is S.QUEUED:
        town.send(text)
    town.post()
    assert town.received() == ["Hello"]


def test_a_busy_carrier_gets_it_later(town: Town) -> None:
    town.fault(kind="status", status=429)
    text = town.outbox.text("Hello")
    assert town.send(text) == "retry"
    town.clock.advance(seconds=5)
    assert town.send(text) == "sent"
    assert town.message(text).attempts == 2


def test_a_text_that_fails_on_the_way(town: Town) -> None:
    town.fault(kind="error_code", code=30003)
    text = town.outbox.text("Hello")
    assert town.send(text) == "sent"
    town.post()
    message = town.message(text)
    assert (message.status, message.error_code) == (S.UNDELIVERED, "30003")


def test_a_worker_killed_after_the_carrier_took_it(town: Town) -> None:
    from app.consent.may_send import DEFAULT_CAPS
    from app.outbox.claim import claim
    from app.outbox.processes import beat

    text = town.outbox.text("Hello")
    process = new_id()
    with begin(town.outbox.sessions) as session:
        now = town.clock.now()
        beat(session, process, "worker", now)
        ((_, outgoing),) = claim(session, [text], process_id=process, now=now, caps=DEFAULT_CAPS).ready
    town.carriers["sms"].send(outgoing)
    town.clock.advance(seconds=20)
    assert town.sweep() == ["sent"]
    assert town.send(text) == "gone"
    assert len(town.received()) == 1
