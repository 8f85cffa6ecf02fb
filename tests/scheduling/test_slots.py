"""A time is held before it is offered, and booked by its holder only."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from app.errors import NotFound
from app.patients.models import Site
from app.scheduling import slots
from app.scheduling.models import Appointment, Slot
from app.store import new_id

MakeSlot = Callable[..., UUID]
LUIS, MARY = new_id(), new_id()


def hold(session: Session, site: Site, now: datetime, holder: UUID = LUIS, **changed: Any) -> list[UUID]:
    wish: dict[str, Any] = {
        "site_id": site.id,
        "visit": "follow-up",
        "after": now,
        "until": now + timedelta(days=14),
        "count": 3,
        "held_until": now + timedelta(minutes=30),
    }
    return [slot.id for slot in slots.hold(session, holder=holder, now=now, **{**wish, **changed})]


def book(
    session: Session, slot: UUID, patient: UUID, now: datetime, holder: UUID = LUIS, **more: Any
) -> Appointment | None:
    return slots.book(session, slot_id=slot, holder=holder, patient_id=patient, now=now, **more)


def test_offers_different_days_first(session: Session, site: Site, slot: MakeSlot, now: datetime) -> None:
    monday, again, tuesday = slot(hours=1), slot(hours=2), slot(days=1)
    assert hold(session, site, now, count=2) == [monday, tuesday]
    assert hold(session, site, now, count=3) == [monday, again, tuesday]


def test_only_this_kind_in_this_window(session: Session, site: Site, slot: MakeSlot, now: datetime) -> None:
    slot(hours=-1), slot(days=20), slot(visit="vaccine", days=1)
    fits = slot(days=2)
    assert hold(session, site, now) == [fits]
    assert len(hold(session, site, now, visit="")) == 2
    assert hold(session, site, now, besides=[fits]) == []


def test_what_one_holds_no_other_is_offered(
    session: Session, site: Site, slot: MakeSlot, now: datetime
) -> None:
    only = slot(days=1)
    assert hold(session, site, now) == [only]
    assert hold(session, site, now, holder=MARY) == []
    later = now + timedelta(minutes=31)
    assert hold(session, site, later, holder=MARY, held_until=later + timedelta(minutes=30)) == [only]


def test_a_new_offer_lets_the_old_one_go(session: Session, site: Site, slot: MakeSlot, now: datetime) -> None:
    first, second = slot(days=1), slot(days=2)
    assert hold(session, site, now, count=1) == [first]
    assert hold(session, site, now, count=1, besides=[first]) == [second]
    assert hold(session, site, now, holder=MARY) == [first]


def test_booking_makes_an_appointment(
    session: Session, site: Site, slot: MakeSlot, patient_id: UUID, now: datetime
) -> None:
    chosen, other = slot(days=1), slot(days=2)
    hold(session, site, now)
    appointment = book(session, chosen, patient_id, now)
    assert appointment is not None
    assert (appointment.status, appointment.answer) == ("booked", "accepted")
    assert appointment.start_at == now + timedelta(days=1)
    assert appointment.practitioner == "Dr. Nobody"
    booked = session.get_one(Slot, chosen)
    assert (booked.status, booked.booked_for) == ("busy", patient_id)
    assert hold(session, site, now, holder=MARY) == [other]


def test_nobody_books_what_another_holds(
    session: Session, site: Site, slot: MakeSlot, patient_id: UUID, now: datetime
) -> None:
    only = slot(days=1)
    hold(session, site, now)
    assert book(session, only, patient_id, now, holder=MARY) is None
    # Not even once the hold has run out: it must be held before it is booked.
    assert book(session, only, patient_id, now + timedelta(hours=1), holder=MARY) is None
    assert book(session, only, patient_id, now + timedelta(hours=1)) is not None


def test_a_hold_taken_over_is_gone(
    session: Session, site: Site, slot: MakeSlot, patient_id: UUID, now: datetime
) -> None:
    only = slot(days=1)
    hold(session, site, now)
    later = now + timedelta(hours=1)
    assert hold(session, site, later, holder=MARY, held_until=later + timedelta(hours=1)) == [only]
    assert book(session, only, patient_id, later) is None


def test_what_was_never_held_is_not_booked(
    session: Session, slot: MakeSlot, patient_id: UUID, now: datetime
) -> None:
    assert book(session, slot(days=1), patient_id, now) is None


def test_a_time_that_has_begun_is_not_booked(
    session: Session, site: Site, slot: MakeSlot, patient_id: UUID, now: datetime
) -> None:
    only = slot(hours=1)
    hold(session, site, now)
    assert book(session, only, patient_id, now + timedelta(hours=1)) is None


def test_booking_twice_is_one_booking(
    session: Session, site: Site, slot: MakeSlot, patient_id: UUID, now: datetime
) -> None:
    only = slot(days=1)
    hold(session, site, now)
    first, second = book(session, only, patient_id, now), book(session, only, patient_id, now)
    assert first is not None
    assert first is second


def test_choosing_again_moves_it_and_frees_the_first(
    session: Session, site: Site, slot: MakeSlot, patient_id: UUID, now: datetime
) -> None:
    first, second = slot(days=1), slot(days=2)
    hold(session, site, now)
    before = book(session, first, patient_id, now)
    hold(session, site, now)
    after = book(session, second, patient_id, now)
    assert before is after
    assert after is not None
    assert after.start_at == now + timedelta(days=2)
    assert hold(session, site, now, holder=MARY) == [first]


def test_another_systems_visit_is_answered_not_changed(
    session: Session, site: Site, slot: MakeSlot, patient_id: UUID, now: datetime
) -> None:
    theirs = Appointment(
        site_id=site.id,
        patient_id=patient_id,
        system="hospital",
        external_id="A1",
        importance="urgent",
        start_at=now + timedelta(days=3),
        updated_at=now,
    )
    session.add(theirs)
    session.flush()
    chosen = slot(days=1)
    hold(session, site, now)
    ours = book(session, chosen, patient_id, now, instead_of=theirs.id)
    assert ours is not None
    assert ours is not theirs
    assert ours.importance == "urgent"
    assert (theirs.status, theirs.answer, theirs.start_at) == ("booked", "declined", now + timedelta(days=3))


def test_an_appointment_of_ours_moves_in_a_later_conversation(
    session: Session, site: Site, slot: MakeSlot, patient_id: UUID, now: datetime
) -> None:
    first, second = slot(days=1), slot(days=2)
    hold(session, site, now)
    before = book(session, first, patient_id, now)
    assert before is not None
    hold(session, site, now, holder=MARY)
    after = book(session, second, patient_id, now, holder=MARY, instead_of=before.id)
    assert after is before
    assert session.get_one(Slot, first, populate_existing=True).status == "free"
    assert book(session, second, patient_id, now, holder=MARY) is before


def test_cancelling_frees_the_time(
    session: Session, site: Site, slot: MakeSlot, patient_id: UUID, now: datetime
) -> None:
    only = slot(days=1)
    hold(session, site, now)
    appointment = book(session, only, patient_id, now)
    assert appointment is not None
    assert slots.cancel(session, appointment, now)
    assert appointment.status == "cancelled"
    assert hold(session, site, now, holder=MARY) == [only]
    appointment.system = "hospital"
    assert not slots.cancel(session, appointment, now)


def test_release_and_release_expired(session: Session, site: Site, slot: MakeSlot, now: datetime) -> None:
    slot(days=1), slot(days=2), slot(days=3)
    hold(session, site, now, count=2)
    hold(session, site, now, holder=MARY)
    assert slots.release(session, LUIS, now) == 2
    assert slots.release(session, LUIS, now) == 0
    assert slots.release_expired(session, now + timedelta(minutes=29)) == 0
    assert slots.release_expired(session, now + timedelta(minutes=30)) == 1


def test_an_unknown_site(session: Session, site: Site, now: datetime) -> None:
    with pytest.raises(NotFound):
        hold(session, site, now, site_id=new_id())
