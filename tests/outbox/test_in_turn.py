"""What we start waits for its turn at the carrier, once; what patients wait for does not."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from redis import Redis

from app.channels.pace import Pace
from app.consent.may_send import DEFAULT_CAPS
from app.outbox import deliver
from app.outbox.claim import PACED, Taken, claim
from app.outbox.deliver import Sending, deliver_many
from app.outbox.models import MessageStatus, Purpose
from app.outbox.sweep import due_ids
from app.store.database import begin
from tests.outbox.conftest import OURS, Outbox
from tests.outbox.paper import PaperCarrier


@pytest.fixture
def pace(redis: Redis) -> Pace:
    return Pace(redis, 1)


@pytest.fixture
def send(outbox: Outbox, paper: PaperCarrier, pace: Pace) -> Any:
    mine = {"carriers": {"sms": paper}, "clock": outbox.clock, "process_id": outbox.process, "pace": pace}
    return lambda *ids: {o.message_id: o for o in deliver_many(outbox.sessions, ids, **mine)}


def booked_up(outbox: Outbox, pace: Pace) -> None:
    """This number's next minute is taken."""
    pace.book([(OURS, 70)], outbox.clock.now())


def test_what_we_start_waits_and_then_goes_without_asking_again(
    outbox: Outbox, paper: PaperCarrier, pace: Pace, send: Any
) -> None:
    booked_up(outbox, pace)
    text = outbox.text(purpose=Purpose.OUTREACH, our_number=OURS)
    outcome = send(text)[text]
    assert (outcome.kind, outcome.reason) == ("later", PACED)
    assert (outcome.at - outbox.clock.now()).total_seconds() == 60
    row = outbox.message(text)
    assert (row.status, row.attempts, row.offered_at) == (MessageStatus.QUEUED, 0, None)
    booked_up(outbox, pace)
    outbox.clock.advance(seconds=60)
    with begin(outbox.sessions) as session:
        assert due_ids(session, outbox.clock.now(), 10, bulk=True) == [text]
    assert send(text)[text].kind == "sent"
    assert len(paper.bodies) == 1


@pytest.mark.parametrize("purpose", [Purpose.REPLY, Purpose.STAFF, Purpose.SAFETY, Purpose.NOTICE])
def test_what_people_wait_for_goes_at_once(outbox: Outbox, pace: Pace, send: Any, purpose: Purpose) -> None:
    booked_up(outbox, pace)
    text = outbox.text(purpose=purpose, our_number=OURS)
    assert send(text)[text].kind == "sent"
    assert pace.ahead([OURS], outbox.clock.now())[OURS].total_seconds() == 61


def test_an_answer_claimed_by_its_own_turn_takes_one_place(
    outbox: Outbox, paper: PaperCarrier, pace: Pace
) -> None:
    booked_up(outbox, pace)
    taken = claimed(outbox, outbox.text("Hello", our_number=OURS), pace)
    with sending(outbox, paper, pace) as line:
        line.add([], taken)
    assert paper.bodies == ["Hello"]
    assert pace.ahead([OURS], outbox.clock.now())[OURS].total_seconds() == 61


def test_what_is_claimed_leaves_though_the_next_cannot_be(
    outbox: Outbox, paper: PaperCarrier, pace: Pace, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = claimed(outbox, outbox.text("Call 988 now", purpose=Purpose.SAFETY), pace)
    other = outbox.text("somebody else's")

    def away(*_: object, **__: object) -> Taken:
        raise OSError("the database is away")

    monkeypatch.setattr(deliver, "claim", away)
    with pytest.raises(OSError, match="away"), sending(outbox, paper, pace) as line:
        line.add([other], taken)
    assert paper.bodies == ["Call 988 now"]


def claimed(outbox: Outbox, text: UUID, pace: Pace) -> Taken:
    """What a reply's turn claims before it commits."""
    with begin(outbox.sessions) as session:
        now = outbox.clock.now()
        return claim(session, [text], process_id=outbox.process, now=now, caps=DEFAULT_CAPS, pace=pace)


def sending(outbox: Outbox, paper: PaperCarrier, pace: Pace) -> Sending:
    return Sending(
        outbox.sessions, carriers={"sms": paper}, clock=outbox.clock, process_id=outbox.process, pace=pace
    )


def test_an_answer_takes_its_turn_before_what_we_start(outbox: Outbox, pace: Pace, send: Any) -> None:
    pace.book([(OURS, 10)], outbox.clock.now())
    ours = outbox.text("ours", purpose=Purpose.OUTREACH, our_number=OURS)
    answer = outbox.text("answer", our_number=OURS)
    outcomes = send(ours, answer)
    assert outcomes[answer].kind == "sent"
    assert outcomes[ours].kind == "later"


def test_what_would_be_too_late_by_then_is_not_sent(outbox: Outbox, pace: Pace, send: Any) -> None:
    booked_up(outbox, pace)
    soon = outbox.clock.advance(seconds=0)
    text = outbox.text(purpose=Purpose.OUTREACH, our_number=OURS, expires_at=soon.replace(second=30))
    assert send(text)[text].kind == "skipped"
    assert "too late" in outbox.message(text).reason
