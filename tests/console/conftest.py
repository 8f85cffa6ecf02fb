"""A practice with people, patients and a queue, and a strict browser on the real application."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.cases.flags import arrived, raise_flag
from app.cases.lanes import seed_lanes
from app.cases.models import Case
from app.cases.open import open_case
from app.clock import FixedClock
from app.factory import create_app
from app.outbox.models import Message, MessageStatus
from app.patients.identity import give_number, name_index
from app.patients.models import ContactPoint, Patient, Site
from app.patients.people import number_index
from app.queues import Queues
from app.security.models import Staff
from app.security.passwords import hash_password
from app.services import Services, make_services
from app.settings import Settings
from app.store import begin
from tests.console.pages import Browser

PASSWORD = "correct horse battery"
PEOPLE = {
    "ana": ("Ana Marin", ["coordinator"]),
    "ben": ("Ben Osei", ["coordinator"]),
    "max": ("Max Lund", ["manager", "nurse"]),
    "ada": ("Ada Admin", ["admin"]),
    "aud": ("Audrey Tor", ["auditor"]),
}
RED = "I have chest pain and my arm is numb"


@lru_cache(maxsize=1)
def password_hash() -> str:
    """The hash of everybody's password, made once: it is slow on purpose."""
    return hash_password(PASSWORD)


@dataclass
class Practice:
    """The ids of what is in the database."""

    sites: dict[str, UUID]
    staff: dict[str, UUID]
    patients: dict[str, UUID]
    cases: dict[str, UUID]


@pytest.fixture
def services(
    make_settings: Callable[..., Settings], sqlite_url: str, redis_url: str, clock: FixedClock
) -> Iterator[Services]:
    """The wired services, on a database and a Redis of their own."""
    made = make_services(make_settings(DATABASE_URL=sqlite_url, REDIS_URL=redis_url), clock=clock)
    yield replace(made, queues=Queues(made.redis))
    made.engine.dispose()
    made.redis.close()


@pytest.fixture
def app(services: Services) -> Iterator[Flask]:
    """The real application."""
    made = create_app(services=services)
    yield made
    made.extensions["careloop_live"].stop()


@pytest.fixture
def practice(services: Services, now: datetime) -> Practice:
    """Two sites; Rosa with an emergency, James with a question, Tom with nothing, Zoe at the other site."""
    with begin(services.sessions) as session:
        return fill(session, now)


@pytest.fixture
def browser(app: Flask, practice: Practice) -> Browser:
    """A browser nobody has signed in with."""
    return Browser(app.test_client())


@pytest.fixture
def ana(somebody: Callable[[str], Browser]) -> Browser:
    """A browser with a coordinator signed in."""
    return somebody("ana")


@pytest.fixture
def somebody(app: Flask, practice: Practice, clock: FixedClock) -> Callable[[str], Browser]:
    """A browser with that person signed in (without typing the password, which is slow to check on purpose)."""

    def signed_in(who: str) -> Browser:
        client = app.test_client()
        with client.session_transaction() as session:
            session.update(_user_id=f"{practice.staff[who]}:0", _fresh=True, seen=clock.now().timestamp())
        return Browser(client)

    return signed_in


def fill(session: Session, now: datetime) -> Practice:
    """Put the practice into an empty database."""
    sites = {
        key: _site(session, key, name) for key, name in (("lake", "Lakeside Clinic"), ("hill", "Hill Clinic"))
    }
    seed_lanes(session)
    staff = {key: _person(session, key, name, roles, now) for key, (name, roles) in PEOPLE.items()}
    session.get_one(Staff, staff["ben"]).site_keys = ["lake"]
    patients = {
        "rosa": _patient(session, sites["lake"], "Rosa", "Delgado", "+13125550141", "A100", now),
        "james": _patient(session, sites["lake"], "James", "Okafor", "+13125550142", "A101", now),
        "tom": _patient(session, sites["lake"], "Tom", "Bell", "+13125550143", "A102", now),
        "zoe": _patient(session, sites["hill"], "Zoe", "de la Cruz", "+13125550144", "B100", now),
    }
    cases = {name: _case(session, patient, now) for name, patient in patients.items()}
    _reply(session, cases["rosa"], RED, 3, "chest pain", now)
    _reply(session, cases["james"], "Can somebody call me?", 1, "asks for a person", now)
    _reply(session, cases["zoe"], "much worse today", 2, "feels worse", now)
    return Practice(sites, staff, patients, cases)


def _site(session: Session, key: str, name: str) -> UUID:
    site = Site(
        key=key,
        name=name,
        phone="+13125550100",
        time_zone="America/Chicago",
        hours={day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
        window={},
        holidays="US",
        numbers=["+13125550100" if key == "lake" else "+13125550109"],
        settings={},
    )
    session.add(site)
    session.flush()
    return site.id


def _person(session: Session, key: str, name: str, roles: list[str], now: datetime) -> UUID:
    staff = Staff(
        email=f"{key}@example.org",
        name=name,
        password_hash=password_hash(),
        roles=roles,
        site_keys=[],
        active=True,
        session_epoch=0,
        failed_sign_ins=0,
        created_at=now,
    )
    session.add(staff)
    session.flush()
    return staff.id


def _patient(
    session: Session, site: UUID, given: str, family: str, phone: str, record: str, now: datetime
) -> UUID:
    patient = Patient(
        site_id=site,
        given_name=given,
        family_name=family,
        name_index=name_index(session, family),
        birth_date="1950-04-12",
        language="en",
        channel="sms",
        status="active",
        risks=[],
        created_at=now,
        updated_at=now,
    )
    session.add(patient)
    session.flush()
    give_number(session, patient, "lake:mrn", record)
    session.add(
        ContactPoint(
            patient_id=patient.id,
            value=phone,
            value_index=number_index(session, phone),
            rank=1,
            updated_at=now,
        )
    )
    return patient.id


def _case(session: Session, patient_id: UUID, now: datetime) -> UUID:
    patient = session.get_one(Patient, patient_id)
    then = now - timedelta(hours=2)
    return open_case(session, patient=patient, lane_key="discharge", now=then, occurred_at=then).id


def _reply(session: Session, case_id: UUID, words: str, urgency: int, because: str, now: datetime) -> None:
    case = session.get_one(Case, case_id)
    start = words.find(because)
    evidence = [{"start": start, "end": start + len(because), "text": because}] if start >= 0 else []
    message = Message(
        direction="in",
        status=MessageStatus.RECEIVED,
        patient_id=case.patient_id,
        case_id=case.id,
        site_id=case.site_id,
        number="",
        number_index="",
        body=words,
        author="patient",
        created_at=now - timedelta(minutes=5),
        reading={"answer": None, "intents": ["wants_human"], "urgency": "none", "evidence": evidence},
    )
    session.add(message)
    session.flush()
    raise_flag(
        session,
        case,
        urgency=urgency,
        because=because,
        source=f"message:{message.id}",
        now=now - timedelta(minutes=5),
        message_id=message.id,
        words=words,
        evidence=evidence,
    )
    arrived(session, case, now - timedelta(minutes=5))
