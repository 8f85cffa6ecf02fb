"""A worker dies, an answer is lost: nothing is sent twice, nothing is lost."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from rq.timeouts import JobTimeoutException
from sqlalchemy import select

from app.channels.base import Found
from app.consent.may_send import DEFAULT_CAPS
from app.outbox.claim import claim
from app.outbox.lookup import same_text
from app.outbox.models import MessageStatus, Process, Purpose
from app.outbox.processes import beat, forget
from app.outbox.receipts import record_receipt, settle_receipt
from app.outbox.sweep import due_ids, recover
from app.store import new_id
from app.store.database import begin
from tests.outbox.conftest import Outbox
from tests.outbox.paper import PaperCarrier, error

S = MessageStatus


def sweep(outbox: Outbox, paper: PaperCarrier) -> list[str]:
    carriers = {"sms": paper, "voice": paper}
    return [outcome.kind for outcome in recover(outbox.sessions, carriers=carriers, clock=outbox.clock)]


def die_while_sending(outbox: Outbox, text: UUID, *, heard: bool = True) -> None:
    """A process claims the message, commits, and is never heard of again."""
    process, now = new_id(), outbox.clock.now()
    with begin(outbox.sessions) as session:
        if heard:
            beat(session, process, "worker", now)
        assert claim(session, [text], process_id=process, now=now, caps=DEFAULT_CAPS).ready


def receipt(outbox: Outbox, text: UUID, status: str, sid: str = "SMlate") -> None:
    with begin(outbox.sessions) as session:
        now = outbox.clock.now()
        made = record_receipt(
            session, ref=text.hex, sid=sid, status=status, error_code=None, sequence=None, params={}, now=now
        )
        session.flush()
        settle_receipt(session, made.id, now)


def test_killed_before_it_sent(outbox: Outbox, paper: PaperCarrier, deliver: Any) -> None:
    text = outbox.text("Hello")
    die_while_sending(outbox, text)
    assert deliver(text).kind == "gone"
    assert sweep(outbox, paper) == []
    outbox.clock.advance(seconds=16)
    assert sweep(outbox, paper) == ["unknown"]
    assert outbox.message(text).status is S.UNKNOWN
    outbox.clock.advance(seconds=10)
    assert sweep(outbox, paper) == []
    outbox.clock.advance(seconds=11)
    assert sweep(outbox, paper) == ["retry"]
    assert deliver(text).kind == "sent"
    assert paper.bodies == ["Hello"]


def test_killed_after_it_sent(outbox: Outbox, paper: PaperCarrier, deliver: Any) -> None:
    text = outbox.text("Hello")
    die_while_sending(outbox, text)
    paper.listed.append(Found("SMmine", "delivered", outbox.clock.now(), "Hello"))
    outbox.clock.advance(seconds=16)
    assert sweep(outbox, paper) == ["sent"]
    message = outbox.message(text)
    assert (message.status, message.carrier_sid) == (S.DELIVERED, "SMmine")
    assert deliver(text).kind == "gone"
    assert paper.bodies == []


def test_a_living_process_is_left_alone(outbox: Outbox, paper: PaperCarrier) -> None:
    text = outbox.text()
    die_while_sending(outbox, text)
    outbox.clock.advance(seconds=14)
    assert sweep(outbox, paper) == []
    assert outbox.message(text).status is S.SENDING


def test_a_process_that_never_beat_has_a_minute(outbox: Outbox, paper: PaperCarrier) -> None:
    text = outbox.text()
    die_while_sending(outbox, text, heard=False)
    outbox.clock.advance(seconds=59)
    assert sweep(outbox, paper) == []
    outbox.clock.advance(seconds=2)
    assert sweep(outbox, paper) == ["unknown"]


def test_a_settling_that_failed_though_its_process_lives(outbox: Outbox, paper: PaperCarrier) -> None:
    text = outbox.text()
    process = new_id()
    with begin(outbox.sessions) as session:
        claim(session, [text], process_id=process, now=outbox.clock.now(), caps=DEFAULT_CAPS)
    outbox.clock.advance(seconds=181)
    with begin(outbox.sessions) as session:
        beat(session, process, "worker", outbox.clock.now())
    assert sweep(outbox, paper) == ["unknown"]


def test_a_lost_answer_is_found_in_the_list(outbox: Outbox, paper: PaperCarrier, deliver: Any) -> None:
    text = outbox.text("Hello")
    paper.next.append("lost")
    assert deliver(text).kind == "unknown"
    assert sweep(outbox, paper) == []
    outbox.clock.advance(seconds=5)
    assert sweep(outbox, paper) == ["sent"]
    assert outbox.message(text).carrier_sid == f"SM{1:032x}"
    assert paper.bodies == ["Hello"]


def test_a_lost_answer_is_told_by_the_receipt(outbox: Outbox, paper: PaperCarrier, deliver: Any) -> None:
    text = outbox.text("Hello")
    paper.next.append("lost")
    deliver(text)
    receipt(outbox, text, "sent")
    message = outbox.message(text)
    assert (message.status, message.carrier_sid) == (S.SENT, "SMlate")
    outbox.clock.advance(minutes=1)
    assert sweep(outbox, paper) == []


def test_a_lost_request_goes_out_again_after_two_looks(
    outbox: Outbox, paper: PaperCarrier, deliver: Any
) -> None:
    text = outbox.text("Hello")
    paper.next.append(error("20500"))
    sent_at = outbox.clock.now()
    deliver(text)
    while outbox.message(text).status is S.UNKNOWN:
        outbox.clock.advance(seconds=1)
        sweep(outbox, paper)
    assert outbox.clock.now() - sent_at >= timedelta(seconds=25)
    assert deliver(text).kind == "sent"
    assert paper.bodies == ["Hello"]


def test_a_receipt_after_giving_it_up_stops_the_second_sending(
    outbox: Outbox, paper: PaperCarrier, deliver: Any
) -> None:
    text = outbox.text("Hello")
    paper.next.append(error("20500"))
    deliver(text)
    for seconds in (6, 31):
        outbox.clock.advance(seconds=seconds)
        sweep(outbox, paper)
    assert outbox.message(text).status is S.QUEUED
    receipt(outbox, text, "delivered")
    assert deliver(text).kind == "gone"
    assert outbox.message(text).status is S.DELIVERED


def test_two_equal_texts_each_find_their_own(outbox: Outbox, paper: PaperCarrier, deliver: Any) -> None:
    first, second, third = (outbox.text("Hello") for _ in range(3))
    deliver(first)
    paper.next.extend(["lost", error("lost")])
    deliver(second)
    deliver(third)
    outbox.clock.advance(seconds=6)
    assert sorted(sweep(outbox, paper)) == ["sent", "unknown"]
    sids = {outbox.message(text).carrier_sid for text in (first, second, third)}
    assert sids == {f"SM{1:032x}", f"SM{2:032x}", None}


def test_one_that_belongs_to_another_message_by_its_receipt(
    outbox: Outbox, paper: PaperCarrier, deliver: Any
) -> None:
    first, second = outbox.text("Hello"), outbox.text("Hello")
    paper.next.extend(["lost", error("lost")])
    deliver(first)
    deliver(second)
    receipt(outbox, first, "sent", f"SM{1:032x}")
    outbox.clock.advance(seconds=6)
    assert sweep(outbox, paper) == ["unknown"]
    assert outbox.message(second).carrier_sid is None


def test_an_older_equal_text_is_not_it(outbox: Outbox, paper: PaperCarrier, deliver: Any) -> None:
    paper.listed.append(Found("SMold", "delivered", outbox.clock.now() - timedelta(minutes=1), "Hello"))
    text = outbox.text("Hello")
    paper.next.append(error("lost"))
    deliver(text)
    outbox.clock.advance(seconds=6)
    assert sweep(outbox, paper) == ["unknown"]


def test_a_list_that_fails_for_ten_minutes_needs_a_person(
    outbox: Outbox, paper: PaperCarrier, deliver: Any
) -> None:
    text = outbox.text("Hello")
    paper.next.append("lost")
    deliver(text)
    paper.list_error = error("20500")
    begun = outbox.clock.now()
    while outbox.message(text).status is S.UNKNOWN:
        outbox.clock.advance(seconds=2)
        sweep(outbox, paper)
    message = outbox.message(text)
    took = outbox.clock.now() - begun
    assert (message.status, message.error_code, message.consequence_at) == (S.FAILED, "unresolved", None)
    assert timedelta(minutes=9) < took < timedelta(minutes=11)
    assert deliver(text).kind == "gone"
    receipt(outbox, text, "delivered")
    assert outbox.message(text).status is S.DELIVERED


def test_a_list_that_comes_back_decides(outbox: Outbox, paper: PaperCarrier, deliver: Any) -> None:
    text = outbox.text("Hello")
    paper.next.append("lost")
    deliver(text)
    paper.list_error = error("20500")
    outbox.clock.advance(seconds=6)
    assert sweep(outbox, paper) == ["unknown"]
    paper.list_error = None
    outbox.clock.advance(seconds=30)
    assert sweep(outbox, paper) == ["sent"]


def all_lost(outbox: Outbox, paper: PaperCarrier, deliver: Any, count: int) -> list[UUID]:
    texts = [outbox.text("Hello") for _ in range(count)]
    for text in texts:
        paper.next.append("lost")
        deliver(text)
    outbox.clock.advance(seconds=6)
    return texts


def test_a_list_that_hangs_is_waited_for_once_a_sweep(
    outbox: Outbox, paper: PaperCarrier, deliver: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = all_lost(outbox, paper, deliver, 5)
    asked: list[str] = []

    def hangs(to: str, since: datetime) -> list[Found]:
        asked.append(to)
        raise error("lost")

    monkeypatch.setattr(paper, "find", hangs)
    for _ in range(2):
        sweep(outbox, paper)
        assert len(asked) == 1
    assert {outbox.message(text).lookups for text in texts} == {-1}
    monkeypatch.undo()
    outbox.clock.advance(seconds=30)
    assert sweep(outbox, paper) == ["sent"] * 5


def test_one_number_the_list_refuses_is_no_others_trouble(
    outbox: Outbox, paper: PaperCarrier, deliver: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    all_lost(outbox, paper, deliver, 2)
    find, refusals = paper.find, [error("21211")]

    def refuses(to: str, since: datetime) -> list[Found]:
        if refusals:
            raise refusals.pop()
        return find(to, since)

    monkeypatch.setattr(paper, "find", refuses)
    assert sweep(outbox, paper) == ["unknown", "sent"]


def test_a_slow_list_ends_the_sweep_and_the_next_goes_on(
    outbox: Outbox, paper: PaperCarrier, deliver: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    all_lost(outbox, paper, deliver, 3)
    monkeypatch.setattr("app.outbox.sweep.LOOK_SECONDS", -1.0)
    assert [sweep(outbox, paper) for _ in range(4)] == [["sent"]] * 3 + [[]]


def test_when_the_jobs_time_is_up_the_sweep_ends(
    outbox: Outbox, paper: PaperCarrier, deliver: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its alarm rings but once: swallowed, the rest would go on for ever."""
    all_lost(outbox, paper, deliver, 2)

    def over(to: str, since: datetime) -> list[Found]:
        raise JobTimeoutException

    monkeypatch.setattr(paper, "find", over)
    with pytest.raises(JobTimeoutException):
        sweep(outbox, paper)


def test_many_tries_that_never_arrive_end(outbox: Outbox, paper: PaperCarrier, deliver: Any) -> None:
    text = outbox.text("Hello")
    paper.next.extend(error("lost") for _ in range(20))
    for _ in range(2000):
        if outbox.message(text).status is S.FAILED:
            break
        deliver(text)
        sweep(outbox, paper)
        outbox.clock.advance(seconds=11)
    assert outbox.message(text).error_code == "gave_up"
    assert outbox.message(text).attempts == 8


@pytest.mark.parametrize(
    ("ours", "theirs", "same"),
    [
        ("It’s “time” – now…", 'It\'s "time" - now...', True),
        ("Hello", "Sent from your trial account - Hello", True),
        ("Visit at 2 pm", "Visit at 3 pm", False),
        ("您好", "您好", True),
    ],
)
def test_what_counts_as_the_same_text(ours: str, theirs: str, same: bool) -> None:
    assert same_text(ours, theirs) is same


def test_the_sweep_offers_what_the_queue_forgot(outbox: Outbox, deliver: Any) -> None:
    reply = outbox.text()
    outreach = outbox.text(purpose=Purpose.OUTREACH)
    later = outbox.text(due_at=outbox.clock.now() + timedelta(seconds=30))

    def due(**given: Any) -> list[UUID]:
        with begin(outbox.sessions) as session:
            return due_ids(session, outbox.clock.now(), 10, **given)

    assert due() == []
    outbox.clock.advance(seconds=6)
    assert due() == [reply]
    assert due() == []
    outbox.clock.advance(seconds=25)
    assert due(bulk=False) == [reply, later]
    outbox.clock.advance(seconds=30)
    assert due(bulk=True) == [outreach]
    deliver(reply)
    assert reply not in due(bulk=False)


def test_while_held_only_safety_is_offered(outbox: Outbox, paper: PaperCarrier, deliver: Any) -> None:
    first = outbox.text()
    outbox.text(purpose=Purpose.OUTREACH)
    safety = outbox.text(purpose=Purpose.SAFETY)
    paper.next.append(error("20003"))
    deliver(first)
    outbox.clock.advance(minutes=2)
    with begin(outbox.sessions) as session:
        assert due_ids(session, outbox.clock.now(), 10) == [safety]


def test_a_process_that_ended_is_forgotten_in_the_end(outbox: Outbox) -> None:
    one, two = new_id(), new_id()
    now = outbox.clock.now()
    with begin(outbox.sessions) as session:
        beat(session, one, "worker", now)
        beat(session, two, "clock", now)
        later = now + timedelta(days=1, minutes=1)
        beat(session, two, "clock", later)
        forget(session, later)
        assert list(session.scalars(select(Process.id))) == [two]


def test_receipts_left_behind_are_settled(outbox: Outbox, paper: PaperCarrier, deliver: Any) -> None:
    text = outbox.text()
    deliver(text)
    with begin(outbox.sessions) as session:
        record_receipt(
            session,
            ref=text.hex,
            sid=f"SM{1:032x}",
            status="delivered",
            error_code=None,
            sequence=None,
            params={},
            now=outbox.clock.now(),
        )
    sweep(outbox, paper)
    assert outbox.message(text).status is S.ACCEPTED
    outbox.clock.advance(seconds=6)
    sweep(outbox, paper)
    assert outbox.message(text).status is S.DELIVERED
