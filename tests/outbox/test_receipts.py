"""Receipts: any order, early, twice, for nobody; they end at the same place."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy import text as sql

from app.channels.errors import codes
from app.channels.holds import held
from app.consent.ledger import standing
from app.outbox.calls import open_call
from app.outbox.models import Call, Message, MessageStatus, Purpose, Receipt
from app.outbox.queries import to_follow_up
from app.outbox.queue import draft_call, put_all
from app.outbox.receipts import receive as take
from app.outbox.receipts import record_receipt, settle_receipt
from app.outbox.status import FINAL, MOVES, OWN, REPORTED, reported, sources
from app.patients.models import ContactPoint
from app.store import new_id
from app.store.database import begin
from tests.outbox.conftest import NUMBER, Outbox

S = MessageStatus
WORDS = ["queued", "sending", "sent", "delivered", "undelivered", "failed", "canceled", "read"]


def receive(outbox: Outbox, status: str, *, ref: str | None, sid: str = "SM1", **given: Any) -> Any:
    """A receipt comes in and is settled; what that did."""
    with begin(outbox.sessions) as session:
        now = outbox.clock.now()
        asked: dict[str, Any] = {"error_code": None, "sequence": None, "params": {}, **given}
        receipt = record_receipt(session, ref=ref, sid=sid, status=status, now=now, **asked)
        session.flush()
        return settle_receipt(session, receipt.id, now)


def test_the_graph_is_one_way() -> None:
    rank = {status: place for place, status in enumerate((*OWN, *REPORTED))}
    for status in REPORTED:
        assert all(rank[after] > rank[status] for after in MOVES[status])
    for status in S:
        assert all(after in REPORTED for after in MOVES[status] if status in FINAL)
        assert {before for before in S if status in MOVES[before]} == set(sources(status))


def test_every_own_state_believes_every_report() -> None:
    assert all(set(REPORTED) <= MOVES[status] for status in OWN)


def test_words_of_nobody_say_nothing() -> None:
    assert reported("receiving") is None
    assert reported("Delivered") is S.DELIVERED


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=5), data=st.data())
def test_receipts_in_any_order_converge(outbox: Outbox, words: list[str], data: st.DataObject) -> None:
    start = data.draw(st.sampled_from([*OWN, S.ACCEPTED]))
    ends = set()
    for order in {tuple(words), tuple(reversed(words)), tuple(data.draw(st.permutations(words)))}:
        text = outbox.text()
        with begin(outbox.sessions) as session:
            session.execute(update(Message).where(Message.id == text).values(status=start))
        for word in order:
            receive(outbox, word, ref=text.hex, sid=f"SM{text.hex[:30]}")
        message = outbox.message(text)
        ends.add((message.status, message.finished_at is not None, message.carrier_sid is not None))
    assert len(ends) == 1
    best = max((reported(word) for word in words), key=REPORTED.index)  # type: ignore[arg-type]  # all are known
    assert ends.pop()[0] is best


def test_a_code_once_known_stays(outbox: Outbox) -> None:
    story = [("sent", None), ("undelivered", "30003"), ("undelivered", None)]
    for order in permutations(story):
        text = outbox.text()
        for word, code in order:
            receive(outbox, word, ref=text.hex, sid=f"SM{text.hex[:30]}", error_code=code)
        message = outbox.message(text)
        assert (message.status, message.error_code) == (S.UNDELIVERED, "30003")


def test_the_raw_receipt_is_kept_even_when_it_changes_nothing(outbox: Outbox) -> None:
    text = outbox.text()
    receive(outbox, "delivered", ref=text.hex, params={"MessageStatus": "delivered", "New": "field"})
    assert receive(outbox, "sent", ref=text.hex, params={"MessageStatus": "sent"}).moved is False
    receive(outbox, "sent", ref="nonsense", sid="SMunknown")
    receive(outbox, "sent", ref=new_id().hex, sid="SMother")
    receive(outbox, "strange", ref=text.hex)
    with outbox.sessions() as session:
        rows = session.scalars(select(Receipt).order_by(Receipt.received_at, Receipt.id)).all()
        assert [row.applied for row in rows].count(True) == 1
        assert {row.status for row in rows} == {"delivered", "sent", "strange"}
        assert any(row.params == {"MessageStatus": "delivered", "New": "field"} for row in rows)
    assert outbox.message(text).status is S.DELIVERED


def test_settling_twice_does_nothing(outbox: Outbox) -> None:
    text = outbox.text()
    with begin(outbox.sessions) as session:
        now = outbox.clock.now()
        receipt = record_receipt(
            session,
            ref=text.hex,
            sid="SM1",
            status="sent",
            error_code=None,
            sequence=None,
            params={},
            now=now,
        )
        session.flush()
        assert settle_receipt(session, receipt.id, now).moved
        assert not settle_receipt(session, receipt.id, now).moved
        assert not settle_receipt(session, new_id(), now).moved


def test_without_a_ref_the_sid_finds_it(outbox: Outbox) -> None:
    text = outbox.text()
    receive(outbox, "sent", ref=text.hex, sid="SM7")
    assert receive(outbox, "delivered", ref=None, sid="SM7").message_id == text
    assert outbox.message(text).status is S.DELIVERED


def test_a_sid_of_another_message_is_not_taken_over(outbox: Outbox) -> None:
    first, second = outbox.text(), outbox.text()
    receive(outbox, "sent", ref=first.hex, sid="SM7")
    receive(outbox, "sent", ref=second.hex, sid="SM7")
    assert (outbox.message(first).carrier_sid, outbox.message(second).carrier_sid) == ("SM7", None)
    assert outbox.message(second).status is S.SENT


@pytest.mark.parametrize(
    ("code", "state"),
    [("30005", "invalid"), ("30006", "landline"), ("30003", "ok"), ("30008", "ok"), ("99999", "ok")],
)
def test_what_a_failure_says_of_the_number(outbox: Outbox, code: str, state: str) -> None:
    text = outbox.text()
    receive(outbox, "undelivered", ref=text.hex, error_code=code)
    message = outbox.message(text)
    assert message.reason
    assert (message.status, message.consequence_at) == (S.UNDELIVERED, None)
    with outbox.sessions() as session:
        assert session.scalars(select(ContactPoint.state)).all() == [state]
        assert to_follow_up(session, outbox.clock.now(), 10) == [text]


def test_an_opt_out_that_comes_as_a_receipt(outbox: Outbox) -> None:
    text = outbox.text()
    receive(outbox, "failed", ref=text.hex, error_code="21610")
    index = outbox.message(text).number_index
    with outbox.sessions() as session:
        assert not standing(session, index, "sms")


def test_a_suspended_account_stops_the_queue(outbox: Outbox) -> None:
    text = outbox.text()
    receive(outbox, "failed", ref=text.hex, error_code="30002")
    with outbox.sessions() as session:
        assert held(session, "twilio", outbox.clock.now()) is not None


def test_every_code_can_come_as_a_receipt(outbox: Outbox) -> None:
    for code in codes():
        text = outbox.text()
        receive(outbox, "undelivered", ref=text.hex, sid=f"SM{code}", error_code=code)
        assert outbox.message(text).error_code == code


@pytest.fixture
def call(outbox: Outbox) -> Iterator[UUID]:
    with begin(outbox.sessions) as session:
        made = draft_call(
            session,
            patient=outbox.patient,
            site=outbox.site,
            number=NUMBER,
            purpose=Purpose.OUTREACH,
            now=outbox.clock.now(),
            business_key="call",
            case_id=None,
            conversation_id=None,
        )
        put_all(session, [made])
    return made["id"]


STORY = [
    ("initiated", 0, {}),
    ("ringing", 1, {}),
    ("in-progress", 2, {"AnsweredBy": "human"}),
    ("completed", 3, {"CallDuration": "42", "SipResponseCode": "200"}),
]


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (2, 0, 3, 1)])
def test_a_calls_story_in_any_order(outbox: Outbox, call: UUID, order: tuple[int, ...]) -> None:
    for place in order:
        word, sequence, params = STORY[place]
        receive(outbox, word, ref=call.hex, sid="CA1", sequence=sequence, params=params)
    with outbox.sessions() as session:
        row = session.scalars(select(Call)).one()
        assert (row.status, row.sequence, row.duration, row.message_id) == ("completed", 3, 42, call)
        assert row.patient_id == outbox.patient.id
        assert row.ended_at == outbox.clock.now()
    assert outbox.message(call).status is S.DELIVERED
    assert outbox.message(call).carrier_sid == "CA1"


@pytest.mark.parametrize(
    ("word", "sip", "status", "code", "state"),
    [
        ("busy", "486", S.UNDELIVERED, None, "ok"),
        ("no-answer", "", S.UNDELIVERED, None, "ok"),
        ("failed", "480", S.UNDELIVERED, "sip480", "ok"),
        ("failed", "404", S.FAILED, "sip404", "invalid"),
        ("failed", "603", S.FAILED, "sip603", "ok"),
        ("canceled", "487", S.CANCELED, None, "ok"),
    ],
)
def test_calls_nobody_took(
    outbox: Outbox, call: UUID, word: str, sip: str, status: S, code: str | None, state: str
) -> None:
    receive(outbox, word, ref=call.hex, sid="CA1", sequence=2, params={"SipResponseCode": sip})
    message = outbox.message(call)
    assert (message.status, message.error_code) == (status, code)
    with outbox.sessions() as session:
        assert session.scalars(select(ContactPoint.state)).all() == [state]


def test_a_call_is_one_row_whoever_is_first(outbox: Outbox, now: datetime) -> None:
    with begin(outbox.sessions) as session:
        first = open_call(session, sid="CA9", direction="in", number=NUMBER, now=now)
        assert open_call(session, sid="CA9", direction="in", number=NUMBER, now=now) is first
    assert receive(outbox, "completed", ref=None, sid="CA9", sequence=4).moved is False
    with outbox.sessions() as session:
        assert session.scalars(select(Call.status)).one() == "completed"
    receive(outbox, "completed", ref=None, sid="CA10")
    receive(outbox, "completed", ref=new_id().hex, sid="CA11")


def test_receiving_keeps_and_applies_in_one_go(outbox: Outbox) -> None:
    text = outbox.text()
    given: dict[str, Any] = {
        "error_code": None,
        "sequence": None,
        "params": {"a": "b"},
        "now": outbox.clock.now(),
    }
    assert take(outbox.sessions, ref=text.hex, sid="SM1", status="sent", **given).status is S.SENT
    assert not take(outbox.sessions, ref=None, sid="", status="", **given).moved
    with outbox.sessions() as session:
        assert sorted(session.scalars(select(Receipt.applied))) == [False, True]


def test_a_receipt_that_cannot_be_applied_is_kept_for_the_sweep(outbox: Outbox) -> None:
    text = outbox.text()
    with begin(outbox.sessions) as session:
        # A rule only this test has: no status may change.
        session.execute(update(Message).where(Message.id == text).values(status=S.ACCEPTED))
        session.execute(FORBID[session.get_bind().dialect.name])
    given: dict[str, Any] = {"error_code": None, "sequence": None, "params": {}, "now": outbox.clock.now()}
    assert not take(outbox.sessions, ref=text.hex, sid="SM1", status="sent", **given).moved
    with outbox.sessions() as session:
        assert session.scalars(select(Receipt.applied)).all() == [None]


FORBID = {
    "postgresql": sql("ALTER TABLE message ADD CONSTRAINT still CHECK (status = 'accepted')"),
    "sqlite": sql(
        "CREATE TRIGGER still BEFORE UPDATE OF status ON message BEGIN SELECT RAISE(ABORT, 'still'); END"
    ),
}
