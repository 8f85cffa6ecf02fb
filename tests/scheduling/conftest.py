"""A practice with a patient and some free times."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from app.patients.models import Patient, Site
from app.scheduling.models import Slot
from app.store import new_id

MakePatient = Callable[[Session], UUID]
MakeSlot = Callable[..., UUID]


def make_site(session: Session) -> Site:
    site = Site(key="north", name="Northside Clinic", phone="+13125550100", time_zone="America/Chicago")
    session.add(site)
    session.flush()
    return site


def make_patient(session: Session, site: Site, now: datetime) -> UUID:
    patient = Patient(
        site_id=site.id,
        given_name="Ana",
        family_name="Invented",
        name_index="n",
        created_at=now,
        updated_at=now,
    )
    session.add(patient)
    session.flush()
    return patient.id


def make_slot(session: Session, site: Site, start: datetime, now: datetime, visit: str = "follow-up") -> UUID:
    slot = Slot(
        site_id=site.id,
        system="test",
        external_id=str(new_id()),
        visit=visit,
        start_at=start,
        minutes=20,
        practitioner="Dr. Nobody",
        location="Room 1",
        updated_at=now,
    )
    session.add(slot)
    session.flush()
    return slot.id


@pytest.fixture
def site(session: Session) -> Site:
    return make_site(session)


@pytest.fixture
def patient_id(session: Session, site: Site, now: datetime) -> UUID:
    return make_patient(session, site, now)


@pytest.fixture
def slot(session: Session, site: Site, now: datetime) -> MakeSlot:
    """`slot(days=1)` makes a free time that long after now and gives its id."""
    return lambda visit="follow-up", **after: make_slot(session, site, now + timedelta(**after), now, visit)
