"""A patient's visits, as they stand and as they answered them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from app.errors import Invalid
from app.patients.models import Site
from app.scheduling import appointments
from app.scheduling.models import Appointment
from app.store import new_id

Make = Callable[..., Appointment]


@pytest.fixture
def visit(session: Session, site: Site, patient_id: UUID, now: datetime) -> Make:
    def make(status: str = "booked", **after: Any) -> Appointment:
        row = Appointment(
            site_id=site.id,
            patient_id=patient_id,
            system="test",
            external_id=str(new_id()),
            status=status,
            start_at=now + timedelta(**after),
            updated_at=now,
        )
        session.add(row)
        session.flush()
        return row

    return make


def test_upcoming_are_those_that_stand(
    session: Session, patient_id: UUID, visit: Make, now: datetime
) -> None:
    later, sooner = visit(days=3), visit(days=1)
    visit(days=-1), visit("cancelled", days=2)
    assert appointments.upcoming(session, patient_id, now) == [sooner, later]


def test_same_day_is_the_local_day(session: Session, visit: Make) -> None:
    # 15:00 UTC is 9:00 in Chicago: 23 hours later is tomorrow there, 14 hours later still today.
    first, evening = visit(hours=1), visit(hours=14)
    visit(hours=23), visit("noshow", hours=2)
    assert appointments.same_day(session, first, "America/Chicago") == [evening]
    assert appointments.same_day(session, first, "UTC") == []


def test_an_answer_is_kept_and_the_status_left(session: Session, visit: Make, now: datetime) -> None:
    row = visit(days=1)
    appointments.answer(session, row, "accepted", now)
    assert (row.status, row.answer, row.answered_at) == ("booked", "accepted", now)
    with pytest.raises(Invalid):
        appointments.answer(session, row, "maybe", now)  # type: ignore[arg-type] # wrong on purpose


def test_missed_visits_are_counted(session: Session, patient_id: UUID, visit: Make, now: datetime) -> None:
    visit("noshow", days=-400), visit("noshow", days=-1), visit(days=-2)
    assert appointments.missed_count(session, patient_id) == 2
    assert appointments.missed_count(session, patient_id, now - timedelta(days=365)) == 1
