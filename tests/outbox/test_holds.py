"""What is wrong on our side stops what it concerns, loses nothing, and is told to people."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from app.channels.base import Kind
from app.channels.errors import Consequence, codes, policy
from app.channels.holds import CALLS, TEXTS, held, hold, in_force, lift
from app.channels.models import CarrierHold
from app.cli import holds as command
from app.errors import NotFound
from app.outbox.models import MessageStatus, Purpose
from app.outbox.queue import draft_call, put_all
from app.outbox.sweep import due_ids
from app.store.database import begin
from tests.outbox.conftest import NUMBER, OURS, Outbox
from tests.outbox.paper import PaperCarrier, error
from tests.outbox.test_receipts import receive

S = MessageStatus
OTHER = "+13125550199"


def call(outbox: Outbox) -> UUID:
    with begin(outbox.sessions) as session:
        made = draft_call(
            session,
            patient=outbox.patient,
            site=outbox.site,
            number=NUMBER,
            purpose=Purpose.REPLY,
            now=outbox.clock.now(),
            business_key="call",
            case_id=None,
            conversation_id=None,
        )
        put_all(session, [made])
    return made["id"]


def stopped(outbox: Outbox) -> list[str]:
    with outbox.sessions() as session:
        return [one.carrier for one in in_force(session, outbox.clock.now())]


@pytest.mark.parametrize("code", ["21606", "21703", "21609", "20006"])
def test_a_refused_number_ends_no_campaign(
    outbox: Outbox, paper: PaperCarrier, deliver: Any, code: str
) -> None:
    texts = [outbox.text(our_number=OURS) for _ in range(5)]
    paper.next.append(error(code))
    assert [deliver(text).kind for text in texts] == ["held"] * 5
    assert paper.taken == []
    assert {outbox.message(text).status for text in texts} == {S.QUEUED}
    assert stopped(outbox) == [OURS]
    assert deliver(outbox.text(our_number=OTHER)).kind == "sent"
    assert deliver(call(outbox)).kind == "sent"
    outbox.clock.advance(minutes=15)
    assert [deliver(text).kind for text in texts] == ["sent"] * 5


def test_a_refused_caller_stops_calls_alone(outbox: Outbox, paper: PaperCarrier, deliver: Any) -> None:
    paper.next.append(error("21210"))
    assert deliver(call(outbox)).kind == "held"
    assert stopped(outbox) == [CALLS]
    assert deliver(outbox.text()).kind == "sent"


@pytest.mark.parametrize("code", ["21408", "21608", "21612", "21617", "63016"])
def test_what_concerns_one_patient_stops_nobody_else(
    outbox: Outbox, paper: PaperCarrier, deliver: Any, code: str
) -> None:
    paper.next.append(error(code))
    assert deliver(outbox.text()).kind == "failed"
    assert stopped(outbox) == []


def test_a_number_the_carriers_do_not_know_is_not_tried_again_today(outbox: Outbox, deliver: Any) -> None:
    lost, waits = outbox.text(our_number=OURS), outbox.text(our_number=OURS)
    safety = outbox.text(our_number=OURS, purpose=Purpose.SAFETY)
    receive(outbox, "undelivered", ref=lost.hex, error_code="30034")
    outbox.clock.advance(hours=23)
    assert deliver(waits).kind == "held"
    assert deliver(safety).kind == "sent"
    outbox.clock.advance(hours=1)
    assert deliver(waits).kind == "sent"


def test_what_is_held_takes_no_places(outbox: Outbox) -> None:
    for purpose in (Purpose.REPLY, Purpose.OUTREACH):
        outbox.text(our_number=OURS, purpose=purpose)
    outbox.clock.advance(seconds=1)
    goes = {outbox.text(our_number=OTHER), outbox.text(purpose=Purpose.OUTREACH)}
    goes.add(outbox.text(our_number=OURS, purpose=Purpose.SAFETY))
    outbox.clock.advance(minutes=2)
    with begin(outbox.sessions) as session:
        hold(session, OURS, code="x", reason="x", now=outbox.clock.now())
        assert set(due_ids(session, outbox.clock.now(), 4)) == goes


def test_a_safety_text_that_cannot_go_is_a_persons(outbox: Outbox, paper: PaperCarrier, deliver: Any) -> None:
    text = outbox.text(purpose=Purpose.SAFETY)
    begun = outbox.clock.now()
    paper.next.extend(error("20003") for _ in range(20))
    while (outcome := deliver(text)).kind == "retry":
        outbox.clock.set(outcome.at)
    assert (outcome.kind, outbox.message(text).status) == ("failed", S.FAILED)
    assert outbox.clock.now() - begun < timedelta(minutes=5)
    assert stopped(outbox) == ["twilio"]


def test_a_longer_hold_is_not_cut_short_and_an_old_one_begins_anew(outbox: Outbox) -> None:
    begun = outbox.clock.now()
    with begin(outbox.sessions) as session:
        hold(session, TEXTS, code="1", reason="long", now=begun, span=timedelta(days=1))
    outbox.clock.advance(hours=1)
    with begin(outbox.sessions) as session:
        hold(session, TEXTS, code="2", reason="short", now=outbox.clock.now())
        found = held(session, TEXTS, outbox.clock.now())
        assert found is not None
        assert (found.reason, found.since, found.until) == ("long", begun, begun + timedelta(days=1))
    outbox.clock.advance(days=2)
    with begin(outbox.sessions) as session:
        hold(session, TEXTS, code="2", reason="short", now=outbox.clock.now())
        row = session.scalars(select(CarrierHold)).one()
        assert (row.since, row.reason) == (outbox.clock.now(), "short")


def test_the_command_lists_and_lifts(outbox: Outbox) -> None:
    def run(*argv: str) -> str:
        return command.run(command.parser().parse_args(argv), outbox.sessions, outbox.clock)

    assert run() == "Nothing is held."
    with begin(outbox.sessions) as session:
        hold(session, OURS, code="21606", reason="It cannot be used.", now=outbox.clock.now())
    assert f"{OURS}: held since 2026-11-02 15:00 UTC. It cannot be used." in run()
    assert "no longer held" in run("lift", OURS)
    with pytest.raises(NotFound):
        run("lift", OURS)
    with begin(outbox.sessions) as session:
        assert not lift(session, OURS)


def test_every_consequence_comes_of_some_code() -> None:
    assert {policy(code).consequence for code in codes()} == set(Consequence)


def test_nothing_is_promised_that_nobody_does() -> None:
    """Who stops says that it stops; nobody speaks of a later day or another form by itself."""
    for code in codes():
        found = policy(code)
        stops = found.consequence in (Consequence.STOP, Consequence.SENDER)
        assert stops == any(words in found.words for words in ("kept", "suspended")), code
        assert found.kind is not Kind.STOP or stops, code
        assert "the next day" not in found.words, code
