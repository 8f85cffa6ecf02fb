"""A practice with two coordinators, a nurse, a manager, and a patient with an open case."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from app.cases.lanes import seed_lanes
from app.cases.models import Case, Lane
from app.cases.open import open_case
from app.patients.models import Patient, Site
from app.security.models import Staff

HOURS = {day: [["09:00", "12:00"], ["13:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}


def new_staff(name: str, *roles: str, now: datetime) -> Staff:
    """Somebody who never signs in."""
    email = f"{name.split()[0].lower()}@example.org"
    return Staff(name=name, email=email, password_hash="-", roles=list(roles), site_keys=[], created_at=now)


@pytest.fixture
def site(session: Session) -> Site:
    """A practice in Chicago that closes for lunch."""
    site = Site(
        key="main",
        name="Lakeside Clinic",
        phone="+13125550100",
        time_zone="America/Chicago",
        hours=HOURS,
        holidays="US",
        settings={},
        numbers=["+13125550100"],
    )
    session.add(site)
    seed_lanes(session)
    session.commit()
    return site


@pytest.fixture
def patient(session: Session, site: Site, now: datetime) -> Patient:
    """Somebody who does not exist."""
    patient = Patient(
        site_id=site.id,
        given_name="Rosa",
        family_name="Invented",
        name_index="-",
        risks=[],
        created_at=now,
        updated_at=now,
    )
    session.add(patient)
    session.commit()
    return patient


@pytest.fixture
def ana(session: Session, now: datetime) -> Staff:
    """A coordinator."""
    return _stored(session, new_staff("Ana Marin", "coordinator", now=now))


@pytest.fixture
def ben(session: Session, now: datetime) -> Staff:
    """Another coordinator."""
    return _stored(session, new_staff("Ben Osei", "coordinator", now=now))


@pytest.fixture
def nurse(session: Session, now: datetime) -> Staff:
    """A nurse."""
    return _stored(session, new_staff("Nora Field", "nurse", now=now))


@pytest.fixture
def manager(session: Session, now: datetime) -> Staff:
    """A manager."""
    return _stored(session, new_staff("Max Lund", "manager", now=now))


@pytest.fixture
def case(session: Session, patient: Patient, ana: Staff, ben: Staff, now: datetime) -> Case:
    """An open case after a discharge; Ana owns it, Ben is the backup."""
    session.get_one(Lane, "discharge").owner_id = ana.id
    session.get_one(Lane, "discharge").backup_id = ben.id
    case = open_case(session, patient=patient, lane_key="discharge", now=now, occurred_at=now)
    session.commit()
    return case


def _stored(session: Session, staff: Staff) -> Staff:
    session.add(staff)
    session.commit()
    return staff
