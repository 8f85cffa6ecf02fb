"""One message, one hand-over: whatever else happens."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from app.channels.holds import held, lift
from app.consent.ledger import opt_in, opt_out, standing
from app.errors import Invalid
from app.outbox.deliver import deliver_many
from app.outbox.models import Message, MessageStatus, Purpose
from app.outbox.queue import cancel_queued, draft_call, put_all, queue_text
from app.patients.models import ContactPoint, Patient, Site
from app.store import new_id
from app.store.database import begin
from tests.outbox.conftest import NUMBER, Outbox
from tests.outbox.paper import PaperCarrier, error

S = MessageStatus


def test_a_text_goes_out_once(outbox: Outbox, paper: PaperCarrier, deliver: Any) -> None:
    text = outbox.text("Hello")
    assert deliver(text).kind == "sent"
    assert deliver(text).kind == "gone"
    message = outbox.message(text)
    assert paper.bodies == ["Hello"]
    assert (message.status, message.carrier_sid, message.attempts) == (S.ACCEPTED, f"SM{1:032x}", 1)
    assert message.sent_at == outbox.clock.now()
    assert paper.taken[0].ref == text.hex


def test_a_message_nobody_knows_is_gone(deliver: Any) -> None:
    assert deliver(new_id()).kind == "gone"


def test_the_same_business_key_is_one_row(outbox: Outbox) -> None:
    first = outbox.text("one", business_key="turn:1")
    assert outbox.text("two", business_key="turn:1") == first
    assert outbox.message(first).body == "one"


def test_a_queued_row_is_complete_without_reading_it_back(outbox: Outbox) -> None:
    with begin(outbox.sessions) as session:
        message = queue_text(
            session,
            patient=outbox.patient,
            site=outbox.site,
            number=NUMBER,
            body="Grüße 👋",
            purpose=Purpose.REPLY,
            now=outbox.clock.now(),
            business_key="k",
        )
        assert message not in session.dirty
        assert message not in session.new
        held_row = {c.key: getattr(message, c.key) for c in Message.__table__.columns}
    stored = outbox.message(message.id)
    assert held_row == {c.key: getattr(stored, c.key) for c in Message.__table__.columns}
    assert stored.segments == 1


def test_words_are_needed(outbox: Outbox) -> None:
    with pytest.raises(Invalid):
        outbox.text("  ")


def test_a_call_is_placed(outbox: Outbox, paper: PaperCarrier, deliver: Any) -> None:
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
    assert deliver(made["id"]).kind == "sent"
    assert paper.taken[0].to == NUMBER


def test_quiet_hours_put_it_off_until_the_window_opens(
    outbox: Outbox, paper: PaperCarrier, deliver: Any
) -> None:
    outbox.clock.set(datetime(2026, 11, 3, 5, 0, tzinfo=UTC))  # 11 pm in Chicago
    text = outbox.text(purpose=Purpose.OUTREACH)
    outcome = deliver(text)
    assert (outcome.kind, outcome.at) == ("later", datetime(2026, 11, 3, 15, 0, tzinfo=UTC))
    message = outbox.message(text)
    assert (message.status, message.due_at, message.attempts) == (S.QUEUED, outcome.at, 0)
    assert message.reason == "quiet hours where the patient is"
    outbox.clock.set(outcome.at)
    assert deliver(text).kind == "sent"
    assert paper.taken[0].valid == 11 * 3600  # until 8 pm
    assert outbox.message(text).reason is None


@pytest.mark.parametrize("purpose", [Purpose.REPLY, Purpose.STAFF, Purpose.NOTICE, Purpose.SAFETY])
def test_an_answer_does_not_wait_for_the_morning(outbox: Outbox, deliver: Any, purpose: Purpose) -> None:
    outbox.clock.set(datetime(2026, 11, 3, 5, 0, tzinfo=UTC))
    assert deliver(outbox.text(purpose=purpose)).kind == "sent"


@pytest.mark.parametrize(
    ("purpose", "kind"),
    [
        ("reply", "skipped"),
        ("staff", "skipped"),
        ("outreach", "skipped"),
        ("notice", "sent"),
        ("safety", "sent"),
    ],
)
def test_an_opt_out_after_planning_counts(outbox: Outbox, deliver: Any, purpose: str, kind: str) -> None:
    text = outbox.text(purpose=Purpose(purpose))
    with begin(outbox.sessions) as session:
        opt_out(
            session,
            number=NUMBER,
            patient_id=None,
            source="text",
            words="STOP",
            sid="SM1",
            now=outbox.clock.now(),
        )
    assert deliver(text).kind == kind
    if kind == "skipped":
        message = outbox.message(text)
        assert (message.status, message.reason) == (S.SKIPPED, "the patient has opted out")
        assert message.finished_at == outbox.clock.now()
        assert message.consequence_at is None


def test_opting_in_again_counts_too(outbox: Outbox, deliver: Any) -> None:
    now = outbox.clock.now()
    asked: dict[str, Any] = {
        "number": NUMBER,
        "patient_id": None,
        "source": "text",
        "words": "x",
        "sid": None,
    }
    with begin(outbox.sessions) as session:
        opt_out(session, **asked, now=now)
        opt_in(session, **asked, now=now + timedelta(seconds=1))
    assert deliver(outbox.text()).kind == "sent"


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"status": "deceased"}, "the patient has died"),
        ({"deceased_at": datetime(2026, 11, 1, tzinfo=UTC)}, "the patient has died"),
        ({"status": "merged"}, "the record was merged into another one"),
        ({"status": "minor"}, "the patient is a minor: a person speaks with the family"),
        ({"status": "inactive"}, "the patient is no longer followed up here"),
    ],
)
def test_who_must_not_be_written_to(
    outbox: Outbox, deliver: Any, values: dict[str, Any], reason: str
) -> None:
    text = outbox.text()
    outbox.change(Patient, **values)
    assert (outcome := deliver(text)).kind == "skipped"
    assert outcome.reason == reason


@pytest.mark.parametrize("state", ["wrong_person", "invalid", "landline", "old"])
def test_a_number_that_cannot_be_used(outbox: Outbox, deliver: Any, state: str) -> None:
    text = outbox.text()
    outbox.change(ContactPoint, state=state)
    assert deliver(text).kind == "skipped"


def test_what_is_too_late_is_skipped(outbox: Outbox, deliver: Any) -> None:
    text = outbox.text(expires_at=outbox.clock.now() + timedelta(minutes=5))
    outbox.clock.advance(minutes=5)
    assert deliver(text).reason == "it was too late to be of use"


def test_what_could_only_go_too_late_is_skipped_now(outbox: Outbox, deliver: Any) -> None:
    outbox.clock.set(datetime(2026, 11, 3, 5, 0, tzinfo=UTC))
    text = outbox.text(purpose=Purpose.OUTREACH, expires_at=outbox.clock.now() + timedelta(hours=3))
    outcome = deliver(text)
    assert (outcome.kind, outcome.at) == ("skipped", None)
    assert outcome.reason == "quiet hours where the patient is; it was too late to be of use"


def test_we_start_once_a_day_and_three_times_a_week(outbox: Outbox, deliver: Any) -> None:
    kinds = []
    for _ in range(5):
        outcome = deliver(outbox.text(purpose=Purpose.OUTREACH))
        kinds.append(outcome.kind)
        again = deliver(outbox.text(purpose=Purpose.OUTREACH))
        assert again.kind == "later"
        outbox.clock.advance(days=1)
    assert kinds == ["sent", "sent", "sent", "later", "later"]
    assert outcome.at == datetime(2026, 11, 9, 15, 0, tzinfo=UTC)
    assert outcome.reason == "enough was sent this week"


def test_two_texts_of_one_turn_are_one_start(outbox: Outbox, paper: PaperCarrier, deliver: Any) -> None:
    talk = outbox.conversation()
    first = outbox.text("one", purpose=Purpose.OUTREACH, conversation_id=talk)
    second = outbox.text("two", purpose=Purpose.OUTREACH, conversation_id=talk, lane_order=1)
    deliver(first)
    deliver(second)
    assert paper.bodies == ["one", "two"]


def test_what_is_not_due_waits(outbox: Outbox, deliver: Any) -> None:
    due = outbox.clock.now() + timedelta(hours=1)
    outcome = deliver(outbox.text(due_at=due))
    assert (outcome.kind, outcome.at) == ("later", due)


def test_cancelled_rows_do_not_go_out(outbox: Outbox, paper: PaperCarrier, deliver: Any) -> None:
    reply, safety = outbox.text(), outbox.text(purpose=Purpose.SAFETY)
    staff = outbox.text(purpose=Purpose.STAFF)
    with begin(outbox.sessions) as session:
        count = cancel_queued(
            session, patient_id=outbox.patient.id, because="they asked us to stop", now=outbox.clock.now()
        )
    assert count == 1
    assert [deliver(text).kind for text in (reply, safety, staff)] == ["gone", "sent", "sent"]
    assert outbox.message(reply).reason == "they asked us to stop"
    with begin(outbox.sessions) as session, pytest.raises(Invalid):
        cancel_queued(session, because="nobody", now=outbox.clock.now())


def test_a_carrier_that_cannot_be_reached_is_tried_again(
    outbox: Outbox, paper: PaperCarrier, deliver: Any
) -> None:
    text = outbox.text()
    waits = []
    for _ in range(3):
        paper.next.append(error("20429"))
        outcome = deliver(text)
        assert outcome.kind == "retry"
        waits.append((outcome.at - outbox.clock.now()).total_seconds())
        assert deliver(text).kind == "later"
        outbox.clock.set(outcome.at)
    assert waits == sorted(waits)
    assert 1.5 <= waits[0] <= 2.5
    assert deliver(text).kind == "sent"
    assert outbox.message(text).attempts == 4


def test_after_many_tries_it_has_failed(outbox: Outbox, paper: PaperCarrier, deliver: Any) -> None:
    text = outbox.text()
    paper.next.extend(error("connect") for _ in range(20))
    while (outcome := deliver(text)).kind == "retry":
        outbox.clock.set(outcome.at)
    message = outbox.message(text)
    assert (outcome.kind, message.status, message.attempts) == ("failed", S.FAILED, 8)
    assert message.consequence_at is None


def test_a_refusal_is_final_and_says_why(outbox: Outbox, paper: PaperCarrier, deliver: Any) -> None:
    text = outbox.text()
    paper.next.append(error("21614"))
    assert deliver(text).kind == "failed"
    message = outbox.message(text)
    assert (message.status, message.error_code) == (S.FAILED, "21614")
    assert "landline" in (message.reason or "")
    with outbox.sessions() as session:
        assert session.query(ContactPoint).one().state == "landline"


def test_an_opt_out_the_carrier_knows_is_kept(outbox: Outbox, paper: PaperCarrier, deliver: Any) -> None:
    text = outbox.text()
    paper.next.append(error("21610"))
    assert deliver(text).kind == "failed"
    index = outbox.message(text).number_index
    with outbox.sessions() as session:
        assert not standing(session, index, "sms")
        assert standing(session, index, "voice")
    assert deliver(outbox.text()).kind == "skipped"


def test_wrong_credentials_stop_everything_and_lose_nothing(
    outbox: Outbox, paper: PaperCarrier, deliver: Any
) -> None:
    first, second, safety = outbox.text(), outbox.text(), outbox.text(purpose=Purpose.SAFETY)
    paper.next.append(error("20003"))
    assert deliver(first).kind == "held"
    with outbox.sessions() as session:
        assert held(session, "twilio", outbox.clock.now()) is not None
    assert deliver(second).kind == "held"
    assert deliver(safety).kind == "sent"
    assert outbox.message(first).status is S.QUEUED
    with begin(outbox.sessions) as session:
        lift(session, "twilio")
    outbox.clock.advance(minutes=1)
    assert [deliver(text).kind for text in (first, second)] == ["sent", "sent"]


def test_a_hold_ends_by_itself_to_try_again(outbox: Outbox, paper: PaperCarrier, deliver: Any) -> None:
    text = outbox.text()
    paper.next.append(error("20003"))
    deliver(text)
    outbox.clock.advance(minutes=16)
    assert deliver(text).kind == "sent"


def test_a_channel_nobody_set_up(outbox: Outbox, deliver: Any) -> None:
    text = outbox.text(channel="whatsapp")
    assert deliver(text).kind == "failed"
    assert outbox.message(text).error_code == "no_carrier"


def test_a_fault_of_ours_while_sending_is_unknown(outbox: Outbox, paper: PaperCarrier, deliver: Any) -> None:
    def fault(_: object) -> None:
        raise RuntimeError("bug")

    paper.during = fault
    text = outbox.text()
    assert deliver(text).kind == "unknown"
    assert outbox.message(text).status is S.UNKNOWN


@pytest.mark.parametrize(
    ("told", "code", "status", "why"),
    [("delivered", None, S.DELIVERED, ""), ("failed", "30005", S.FAILED, "does not know this number")],
)
def test_a_receipt_faster_than_the_answer_stands_with_its_reason(
    outbox: Outbox, paper: PaperCarrier, deliver: Any, told: str, code: str | None, status: S, why: str
) -> None:
    from app.outbox.receipts import record_receipt, settle_receipt

    def receipt(outgoing: Any) -> None:
        with begin(outbox.sessions) as session:
            now = outbox.clock.now()
            made = record_receipt(
                session,
                ref=outgoing.ref,
                sid=f"SM{1:032x}",
                status=told,
                error_code=code,
                sequence=None,
                params={},
                now=now,
            )
            session.flush()
            settle_receipt(session, made.id, now)

    paper.during = receipt
    text = outbox.text()
    assert deliver(text).kind == "sent"
    assert outbox.message(text).status is status
    assert why in (outbox.message(text).reason or "")


def test_sending_holds_no_transaction(outbox: Outbox, paper: PaperCarrier, deliver: Any) -> None:
    seen: list[MessageStatus] = []
    text = outbox.text()
    paper.during = lambda outgoing: seen.append(outbox.message(UUID(outgoing.ref)).status)
    other = []
    paper.during = lambda outgoing: (
        seen.append(outbox.message(UUID(outgoing.ref)).status),
        other.append(outbox.text("written meanwhile", business_key=f"b{len(other)}")) if not other else None,
    )[0]
    deliver(text)
    assert seen == [S.SENDING]
    assert len(other) == 1


def test_many_go_out_in_batches(outbox: Outbox, paper: PaperCarrier) -> None:
    texts = [outbox.text(f"text {n}") for n in range(70)]
    outcomes = deliver_many(
        outbox.sessions,
        texts + texts[:5],
        carriers={"sms": paper},
        clock=outbox.clock,
        process_id=outbox.process,
    )
    assert sorted(paper.bodies) == sorted(f"text {n}" for n in range(70))
    assert {outcome.kind for outcome in outcomes} == {"sent"}
    assert all(outbox.message(text).carrier_sid for text in texts)


def test_a_site_without_hours_never_starts(outbox: Outbox, deliver: Any) -> None:
    days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    outbox.change(Site, window={day: [] for day in days})
    assert (
        deliver(outbox.text(purpose=Purpose.OUTREACH)).reason
        == "the site has no hours for writing to patients"
    )
