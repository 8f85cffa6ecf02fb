"""Texts of one conversation go out in their order, and the later one does not wait for the sweep."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from app.outbox.deliver import deliver_many
from app.outbox.models import MessageStatus, Purpose
from tests.outbox.conftest import Outbox
from tests.outbox.paper import PaperCarrier, error


def test_the_later_job_sends_the_earlier_text_first(
    outbox: Outbox, paper: PaperCarrier, deliver: Any
) -> None:
    talk = outbox.conversation()
    first = outbox.text("one", conversation_id=talk)
    second = outbox.text("two", conversation_id=talk, lane_order=1)
    assert deliver(second).kind == "sent"
    assert deliver(first).kind == "gone"
    assert paper.bodies == ["one", "two"]


def test_one_turns_texts_follow_each_other(outbox: Outbox, paper: PaperCarrier, deliver: Any) -> None:
    talk = outbox.conversation()
    texts = [outbox.text(f"{n}", conversation_id=talk, lane_order=n) for n in range(4)]
    assert deliver(texts[0]).kind == "sent"
    assert paper.bodies == ["0", "1", "2", "3"]
    assert [deliver(text).kind for text in texts] == ["gone"] * 4


def test_a_batch_keeps_each_conversations_order(outbox: Outbox, paper: PaperCarrier) -> None:
    talks = [outbox.conversation() for _ in range(6)]
    texts = [
        outbox.text(f"{t}:{n}", conversation_id=talk, lane_order=n)
        for n in range(3)
        for t, talk in enumerate(talks)
    ]
    deliver_many(
        outbox.sessions,
        reversed(texts),
        carriers={"sms": paper},
        clock=outbox.clock,
        process_id=outbox.process,
    )
    for t in range(6):
        assert [body for body in paper.bodies if body.startswith(f"{t}:")] == [f"{t}:{n}" for n in range(3)]


def test_while_the_earlier_one_is_on_its_way_the_later_one_waits(
    outbox: Outbox, paper: PaperCarrier, deliver: Any
) -> None:
    talk = outbox.conversation()
    first = outbox.text("one", conversation_id=talk)
    seen: list[str] = []

    def meanwhile(outgoing: Any) -> None:
        if UUID(outgoing.ref) == first:
            later = outbox.text("two", conversation_id=talk, lane_order=1)
            seen.append(deliver(later).kind)

    paper.during = meanwhile
    assert deliver(first).kind == "sent"
    assert seen == ["waiting"]
    assert paper.bodies == ["one", "two"]


def test_the_later_one_waits_while_the_earlier_is_tried_again(
    outbox: Outbox, paper: PaperCarrier, deliver: Any
) -> None:
    talk = outbox.conversation()
    first = outbox.text("one", conversation_id=talk)
    second = outbox.text("two", conversation_id=talk, lane_order=1)
    paper.next.append(error("20429"))
    assert deliver(first).kind == "retry"
    assert deliver(second).kind == "waiting"
    outbox.clock.advance(seconds=5)
    assert deliver(second).kind == "sent"
    assert paper.bodies == ["one", "two"]


def test_an_unknown_or_failed_one_lets_the_next_go(outbox: Outbox, paper: PaperCarrier, deliver: Any) -> None:
    for told in ("lost", error("30007")):
        talk = outbox.conversation()
        first = outbox.text("one", conversation_id=talk)
        second = outbox.text("two", conversation_id=talk, lane_order=1)
        paper.next.append(told)
        deliver(first)
        assert outbox.message(second).status is MessageStatus.ACCEPTED


def test_what_is_planned_for_later_does_not_hold_up_an_answer(outbox: Outbox, deliver: Any) -> None:
    talk = outbox.conversation()
    later = outbox.clock.now() + timedelta(days=1)
    outbox.text("tomorrow", conversation_id=talk, due_at=later, purpose=Purpose.OUTREACH)
    assert deliver(outbox.text("now", conversation_id=talk)).kind == "sent"


def test_safety_waits_for_nothing(outbox: Outbox, paper: PaperCarrier, deliver: Any) -> None:
    talk = outbox.conversation()
    first = outbox.text("one", conversation_id=talk)
    paper.next.append(error("20429"))
    deliver(first)
    assert deliver(outbox.text("call 911", conversation_id=talk, purpose=Purpose.SAFETY)).kind == "sent"


def test_another_conversation_does_not_wait(outbox: Outbox, paper: PaperCarrier, deliver: Any) -> None:
    first = outbox.text("one", conversation_id=outbox.conversation())
    paper.next.append(error("20429"))
    deliver(first)
    assert deliver(outbox.text("two", conversation_id=outbox.conversation())).kind == "sent"
