"""Campaigns: one that fails fails alone, replies go before, and the carrier's pace is kept, whatever dies."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import text

from app.cases.models import Case
from app.channels.pace import SAVED, Pace
from app.conversations.models import Conversation
from app.jobs import after, outbox, outreach, sweeps
from app.outbox.models import MessageStatus
from app.outreach.models import Attempt
from app.outreach.start import start
from app.queues import START, SWEEP_ATTEMPTS, SWEEP_OUTBOX
from app.store import begin
from tests.jobs.conftest import Shop
from tests.support.world import OURS

DOB = "03/14/1948"
PATIENT = "+14045550101"
LONGEST = 4
"""Parts of the longest text: one may be begun when its first part is allowed."""
NUMBERS = [f"+1{area}55501{last:02d}" for area in (202, 303) for last in range(60)]


def planned(shop: Shop, count: int) -> list[UUID]:
    """So many patients who have just gone home."""
    return [shop.world.trigger("discharge", shop.world.patient(number)) for number in NUMBERS[:count]]


def attempts(shop: Shop) -> list[str]:
    return [str(attempt.id) for attempt in shop.world.all(Attempt)]


def hurry(shop: Shop) -> None:
    """The carrier takes whatever comes."""
    shop.services.pace.per_second = 10_000


def test_one_that_cannot_be_begun_is_a_persons_and_the_others_begin(shop: Shop) -> None:
    hurry(shop)
    cases = planned(shop, 6)
    spoiled = shop.world.case(cases[2])
    with begin(shop.world.sessions) as session:
        given = {"id": spoiled.patient_id}
        session.execute(text("UPDATE patient SET given_name = decode('00', 'hex') WHERE id = :id"), given)
    shop.put(START, *attempts(shop))
    shop.work()
    assert len(shop.world.all(Conversation)) == len(shop.out(status=MessageStatus.DELIVERED)) == 5
    assert [len(shop.world.flags(case)) for case in cases] == [0, 0, 1, 0, 0, 0]
    assert "an error on our side" in shop.world.flags(cases[2])[0].because
    left = [attempt for attempt in shop.world.all(Attempt) if attempt.done_at is None]
    assert [attempt.case_id for attempt in left] == [cases[2]]
    assert left[0].claimed_until > shop.services.clock.now() + timedelta(minutes=5)


def test_a_reply_goes_before_what_is_left_of_a_campaign(shop: Shop) -> None:
    hurry(shop)
    shop.discharged(number=PATIENT)
    shop.services.clock.advance(minutes=3)
    planned(shop, 60)
    shop.text(DOB, number=PATIENT)
    outreach.start(*[str(attempt.id) for attempt in shop.world.all(Attempt) if attempt.done_at is None])
    assert len(shop.world.all(Conversation)) == 1 + after.AT_ONCE
    shop.work()
    assert len(shop.out(status=MessageStatus.DELIVERED)) == 62
    ids = [message.id for message in shop.out() if message.number != PATIENT]
    answer = max(message.id for message in shop.out() if message.number == PATIENT)
    assert sum(message > answer for message in ids) == 60 - after.AT_ONCE


def test_a_long_list_of_texts_lets_a_reply_go_first_too(shop: Shop) -> None:
    hurry(shop)
    shop.discharged(number=PATIENT)
    shop.services.clock.advance(minutes=3)
    planned(shop, 30)
    ids = attempts(shop)
    with begin(shop.world.sessions) as session:
        now = shop.services.clock.now()
        start(session, [UUID(one) for one in ids], kit=shop.world.kit, now=now)
    shop.text(DOB, number=PATIENT)
    outbox.deliver_many(*[str(message.id) for message in shop.out(status=MessageStatus.QUEUED)])
    assert len(shop.out(status=MessageStatus.QUEUED)) == 30 - after.AT_ONCE
    shop.work()
    assert len(shop.out(status=MessageStatus.DELIVERED)) == 32


def test_a_campaign_keeps_the_pace_and_loses_nobody(shop: Shop) -> None:
    shop.services.pace.per_second = 2
    planned(shop, 30)
    begun = shop.services.clock.now()
    for _ in range(30):
        shop.put(SWEEP_ATTEMPTS)
        shop.put(SWEEP_OUTBOX)
        shop.work()
        passed = (shop.services.clock.now() - begun + SAVED).total_seconds()
        parts = sum(message.segments for message in shop.out(status=MessageStatus.DELIVERED))
        assert parts <= 2 * passed + LONGEST
        shop.services.clock.advance(seconds=5)
    assert sorted(m.number for m in shop.out(status=MessageStatus.DELIVERED)) == sorted(NUMBERS[:30])
    assert not any(case.needs_person for case in shop.world.all(Case))


def test_nothing_is_begun_for_a_number_that_is_booked_up(shop: Shop) -> None:
    planned(shop, 3)
    Pace(shop.redis, 1).book([(OURS, 100)], shop.services.clock.now())
    shop.put(SWEEP_ATTEMPTS)
    shop.work()
    assert shop.world.all(Conversation) == []
    shop.services.clock.advance(seconds=80)
    shop.put(SWEEP_ATTEMPTS)
    shop.work()
    assert len(shop.world.all(Conversation)) == 3


def test_no_more_is_offered_than_the_workers_get_done(shop: Shop) -> None:
    planned(shop, 3)
    for _ in range(sweeps.BULK_JOBS):
        shop.put(START)
    sweeps.attempts()
    assert {attempt.claimed_until for attempt in shop.world.all(Attempt)} == {None}
    shop.work()
    sweeps.attempts()
    shop.work()
    assert len(shop.world.all(Conversation)) == 3
