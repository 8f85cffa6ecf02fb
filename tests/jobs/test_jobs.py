"""Every job against a real database, the real queues and the carrier; and what sweeps put right."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from app.cases.models import Case, Flag
from app.consent.ledger import standing
from app.consent.may_send import Caps
from app.conversations.models import Conversation, Timer
from app.inbound.models import InboundEvent
from app.outbox.claim import claim
from app.outbox.models import Message, MessageStatus, Process, Purpose
from app.outbox.processes import beat
from app.outreach.models import Attempt
from app.patients.models import ContactPoint, Patient
from app.patients.people import number_index
from app.queues import (
    JOBS,
    REPLIED,
    SWEEP_ATTEMPTS,
    SWEEP_HOUSEKEEPING,
    SWEEP_OUTBOX,
    SWEEP_RECONCILE,
    SWEEP_TIMERS,
)
from app.security.models import Staff
from app.store import begin, new_id
from tests.jobs.conftest import Shop
from tests.support.world import MARTHA, OURS

DOB = "03/14/1948"
NURSE = "+13125550177"


def kept(shop: Shop) -> list[InboundEvent]:
    with begin(shop.world.sessions) as session:
        return list(session.scalars(select(InboundEvent).order_by(InboundEvent.received_at)))


def on_duty(shop: Shop) -> None:
    """Somebody who is paged."""
    person = shop.world.staff("Ana")
    with begin(shop.world.sessions) as session:
        session.execute(update(Staff).where(Staff.id == person.id).values(phone=NURSE))


def died_holding(shop: Shop, message: UUID) -> UUID:
    """Another worker claims this message and is not heard of again."""
    process, now = new_id(), shop.services.clock.now()
    with begin(shop.world.sessions) as session:
        beat(session, process, "worker", now - timedelta(seconds=12))
        claim(session, [message], process_id=process, now=now, caps=Caps())
    return process


def test_a_dialogue_goes_all_the_way_and_back(shop: Shop) -> None:
    _, case = shop.discharged()
    assert "date of birth" in shop.received()[-1]
    shop.services.clock.advance(minutes=3)
    shop.text(DOB)
    shop.work()
    assert "1 Better" in shop.received()[-1]
    assert {m.status for m in shop.out()} == {MessageStatus.DELIVERED}
    assert shop.world.case(case).reached is False
    shop.services.clock.advance(minutes=3)
    shop.text("1")
    shop.work()
    assert shop.world.case(case).reached is True


def test_every_job_may_be_lost_or_doubled(shop: Shop) -> None:
    """Jobs of things that are gone do nothing; doubled ones do nothing twice."""
    shop.discharged()
    nobody = str(new_id())
    for job in JOBS:
        takes_none = job == REPLIED or job.name.startswith("app.jobs.sweeps")
        shop.put(job, *(() if takes_none else (nobody,)))
    message = str(shop.out()[0].id)
    attempt = str(shop.world.all(Attempt)[0].id)
    for _ in range(3):
        shop.put(REPLIED)
        for job in JOBS:
            if job.name.endswith(("deliver", "deliver_many", "follow_up")):
                shop.put(job, message)
            elif job.name.endswith("outreach.start"):
                shop.put(job, attempt)
    shop.work()
    assert len(shop.received()) == len(shop.out()) == 1
    assert shop.redis.zcard("rq:failed:sweep") == shop.redis.zcard("rq:failed:deliver") == 0
    assert not [key for key in shop.redis.keys("rq:failed:*") if shop.redis.zcard(key)]


def test_the_same_webhook_four_times_is_one_text(shop: Shop) -> None:
    shop.discharged()
    shop.services.clock.advance(minutes=3)
    shop.text(DOB, duplicate=3)
    shop.work()
    assert len([m for m in shop.world.all(Message) if m.direction == "in"]) == 1
    assert len(shop.received()) == 2


def test_a_wiped_redis_delays_and_loses_nothing(shop: Shop) -> None:
    patient = shop.world.patient()
    shop.world.trigger("discharge", patient)
    shop.put(SWEEP_ATTEMPTS)
    shop.redis.flushall()
    shop.services.clock.advance(seconds=31)
    shop.sweep()
    assert len(shop.received()) == 1
    shop.services.clock.advance(minutes=3)
    shop.text(DOB)
    shop.redis.flushall()
    shop.sweep()
    assert "1 Better" in shop.received()[-1]
    assert kept(shop)[0].state == "done"


def test_offered_attempts_are_offered_again_within_half_a_minute(shop: Shop) -> None:
    shop.world.trigger("discharge", shop.world.patient())
    shop.put(SWEEP_ATTEMPTS)
    shop.redis.flushall()
    shop.sweep()
    first = len(shop.received())
    shop.redis.flushall()
    shop.services.clock.advance(seconds=31)
    shop.sweep()
    assert (first, len(shop.received())) == (1, 1)


def test_what_a_dead_worker_had_claimed_goes_out_once(shop: Shop) -> None:
    shop.discharged()
    shop.services.clock.advance(minutes=3)
    event = shop.world.receive(DOB)
    assert event is not None
    shop.world.work(event)
    message = shop.out()[-1].id
    died_holding(shop, message)
    shop.services.clock.advance(seconds=16)
    shop.put(SWEEP_OUTBOX)
    shop.work()
    assert next(m for m in shop.out() if m.id == message).status == MessageStatus.UNKNOWN
    for _ in range(3):
        shop.services.clock.advance(seconds=21)
        shop.sweep()
    assert [body for body in shop.received() if "1 Better" in body] == [shop.received()[-1]]
    with begin(shop.world.sessions) as session:
        assert len(list(session.scalars(select(Process)))) >= 1


def test_a_lost_answer_of_the_carrier_sends_nothing_twice(shop: Shop) -> None:
    shop.fault(kind="lost_response")
    shop.fault(kind="drop_callbacks", count=2)
    shop.discharged()
    for _ in range(4):
        shop.services.clock.advance(seconds=21)
        shop.sweep()
    assert len(shop.received()) == 1
    assert shop.out()[0].status in (MessageStatus.DELIVERED, MessageStatus.SENT, MessageStatus.ACCEPTED)


def test_an_unreachable_phone_is_called_instead(shop: Shop) -> None:
    shop.line("unreachable")
    _, case = shop.discharged()
    shop.sweep()
    assert shop.out()[0].error_code == "30003"
    calls = shop.out(channel="voice")
    assert len(calls) == 1
    assert [call["to"] for call in shop.calls()] == [MARTHA]
    assert shop.world.case(case).closed_at is None


@pytest.mark.parametrize("kind", ["landline", "landline_refused"])
def test_a_landline_is_called_and_never_texted_again(shop: Shop, kind: str) -> None:
    shop.line(kind)
    shop.discharged()
    shop.sweep()
    with begin(shop.world.sessions) as session:
        assert session.scalars(select(ContactPoint.state)).one() == "landline"
    assert len(shop.calls()) == 1
    shop.world.trigger("discharge", shop.world.all(Patient)[0].id)  # type: ignore[arg-type]  # a table like the others
    shop.services.clock.advance(days=1)
    shop.sweep()
    assert len(shop.out(channel="sms")) == 1


def test_an_opt_out_at_the_carrier_ends_everything_and_a_person_follows_up(shop: Shop) -> None:
    _, case = shop.discharged()
    shop.services.clock.advance(minutes=3)
    shop.sandbox.carrier.faults.add({"kind": "error_code", "code": 21610, "on": "messages"})
    shop.text(DOB)
    shop.work()
    shop.sweep()
    with begin(shop.world.sessions) as session:
        assert not standing(session, number_index(session, MARTHA), "sms")
    assert shop.world.all(Conversation)[0].ended_at is not None
    assert not [t for t in shop.world.all(Timer) if t.done_at is None]
    assert shop.world.case(case).needs_person
    assert "opted out" in shop.world.flags(case)[-1].because
    for _ in range(4):
        shop.services.clock.advance(hours=12)
        shop.sweep()
    assert len(shop.received()) == 1
    assert shop.calls() == []


def test_an_emergency_is_answered_and_somebody_is_paged_without_a_name(shop: Shop) -> None:
    on_duty(shop)
    _, case = shop.discharged()
    shop.services.clock.advance(minutes=3)
    shop.text("i cant breathe")
    shop.work()
    assert "Call 911" in shop.received()[-1]
    paged = shop.received(NURSE)
    assert paged
    assert all("Martha" not in words and "EMERGENCY" in words for words in paged)
    assert shop.world.case(case).urgency == 3


def test_safety_words_that_did_not_arrive_are_urgent_for_a_person(shop: Shop) -> None:
    _, case = shop.discharged()
    shop.services.clock.advance(minutes=3)
    shop.line("unreachable")
    shop.text("i took a whole bottle of pills")
    shop.work()
    shop.sweep()
    failed = [flag for flag in shop.world.flags(case) if "did not get through" in flag.because]
    assert [flag.urgency for flag in failed] == [2]


def test_a_page_that_was_never_sent_is_made_up_for_by_the_sweep(shop: Shop) -> None:
    on_duty(shop)
    shop.discharged()
    shop.services.clock.advance(minutes=3)
    event = shop.world.receive("i cant breathe")
    assert event is not None
    shop.world.work(event)
    shop.services.clock.advance(seconds=20)
    shop.sweep()
    assert shop.received(NURSE)
    assert "911" in shop.received()[-1]


def test_timers_fire_after_any_restart(shop: Shop) -> None:
    shop.discharged()
    shop.services.clock.advance(hours=4, minutes=1)
    shop.put(SWEEP_TIMERS)
    shop.redis.flushall()
    shop.sweep()
    nudge = shop.out()[-1]
    assert "have not heard from you" in nudge.body
    # One a day: the nudge has its turn tomorrow.
    assert nudge.status == MessageStatus.QUEUED
    assert nudge.reason == "enough was sent today"
    shop.services.clock.advance(timedelta(hours=20))
    shop.sweep()
    assert len(shop.received()) == 2


def test_a_nudge_that_waits_is_taken_back_when_the_patient_answers(shop: Shop) -> None:
    shop.discharged()
    shop.services.clock.advance(hours=4, minutes=1)
    shop.sweep()
    shop.text(DOB)
    shop.work()
    shop.services.clock.advance(hours=20)
    shop.sweep()
    nudge = next(m for m in shop.out() if "have not heard" in m.body)
    assert (nudge.status, nudge.reason) == (MessageStatus.SKIPPED, "the patient was faster")
    assert nudge.body not in shop.received()


def test_one_broken_timer_keeps_nobody_from_their_turn(shop: Shop) -> None:
    _, broken = shop.discharged()
    _, whole = shop.discharged(number="+13125550122", name="Luis")
    with begin(shop.world.sessions) as session:
        session.execute(update(Conversation).where(Conversation.case_id == broken).values(state=[]))
    shop.services.clock.advance(hours=4, minutes=1)
    shop.sweep(cases=False)
    talk = {c.case_id: c for c in shop.world.all(Conversation)}
    assert talk[whole].turns == 2
    assert any("an error on our side" in flag.because for flag in shop.world.flags(broken))
    shop.sweep(cases=False)
    assert len(shop.world.flags(broken)) == 1


def test_one_attempt_that_cannot_begin_is_a_persons_and_the_others_begin(shop: Shop) -> None:
    first = shop.world.trigger("discharge", shop.world.patient())
    shop.world.trigger("discharge", shop.world.patient("+13125550122", name="Luis"))
    with begin(shop.world.sessions) as session:
        session.execute(
            update(Patient).where(Patient.id == shop.world.case(first).patient_id).values(language="x" * 8)
        )
        session.execute(update(Case).where(Case.id == first).values(lane_key="message"))
    shop.sweep()
    assert len(shop.received("+13125550122")) == 1
    assert shop.world.case(first).needs_person
    assert len(list(shop.world.flags(first))) == 1


def test_a_patient_without_a_mobile_is_called_and_nobody_who_was_missed_is_forgotten(shop: Shop) -> None:
    patient = shop.world.patient()
    with begin(shop.world.sessions) as session:
        session.execute(update(ContactPoint).values(state="landline"))
    case = shop.world.trigger("discharge", patient)
    shop.api("PUT", f"/phones/{MARTHA}", answers="no_answer")
    shop.sweep()
    assert len(shop.calls()) == 1
    assert shop.out(channel="sms") == []
    for _ in range(12):
        shop.services.clock.advance(hours=6)
        shop.sweep(cases=False)
    assert shop.world.case(case).needs_person
    assert shop.out(channel="sms") == []


def test_calls_and_texts_we_start_stay_within_the_day_and_the_week(shop: Shop) -> None:
    shop.discharged()
    patient = shop.world.all(Case)[0].patient_id
    visit = shop.world.visit(patient, shop.services.clock.now() + timedelta(days=6))
    shop.world.trigger("appointment", patient, visit_id=visit, ago=timedelta(0))
    for _ in range(7 * 8):
        shop.services.clock.advance(hours=3)
        shop.sweep(cases=False)
    started = [m for m in shop.out(purpose=Purpose.OUTREACH) if m.sent_at is not None]
    days: dict[object, set[object]] = {}
    for message in started:
        local = message.sent_at.astimezone(shop.services.clock.now().tzinfo)  # type: ignore[union-attr]  # as filtered
        days.setdefault((local - timedelta(hours=6)).date(), set()).add(
            (message.conversation_id, message.created_at)
        )
    assert all(len(starts) <= 1 for starts in days.values())
    assert len(days) <= 4
    assert all(9 <= (m.sent_at - timedelta(hours=6)).hour < 20 for m in started if m.sent_at)
    skipped = [m for m in shop.out() if m.status == MessageStatus.SKIPPED]
    assert all(m.reason for m in skipped)


def test_no_flag_is_left_without_words_or_reason(shop: Shop) -> None:
    shop.discharged()
    shop.services.clock.advance(minutes=3)
    for words in (DOB, "blorp", "zxcvb"):
        shop.services.clock.advance(minutes=3)
        shop.text(words)
        shop.work()
    with begin(shop.world.sessions) as session:
        flags = list(session.scalars(select(Flag)))
    assert flags
    assert all(flag.because for flag in flags)
    assert "zxcvb" in [flag.words for flag in flags]


def test_processes_that_are_no_more_are_forgotten(shop: Shop) -> None:
    gone = new_id()
    with begin(shop.world.sessions) as session:
        beat(session, gone, "worker", shop.services.clock.now() - timedelta(days=2))
    shop.put(SWEEP_HOUSEKEEPING)
    shop.work()
    with begin(shop.world.sessions) as session:
        assert session.get(Process, gone) is None


def test_a_text_whose_webhook_was_lost_is_fetched_from_the_carrier_once(shop: Shop) -> None:
    _, case = shop.discharged()
    shop.api("PUT", f"/numbers/{OURS}", sms_url="http://127.0.0.1:9/nobody")
    shop.services.clock.advance(minutes=3)
    shop.text("much worse, cant breathe")
    assert kept(shop) == []
    for _ in range(2):
        shop.put(SWEEP_RECONCILE)
        shop.work()
    assert [event.params["Body"] for event in kept(shop)] == ["much worse, cant breathe"]
    assert "Call 911 now" in shop.received()[-1]
    assert shop.world.case(case).urgency == 3
