"""A practice with one patient, an outbox, and a carrier on paper."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.cases.models import Case, Lane
from app.clock import FixedClock
from app.conversations.models import Conversation, ScriptRevision
from app.outbox.models import Message, Purpose
from app.outbox.queue import queue_text
from app.patients.models import ContactPoint, Patient, Site
from app.store import keyring_of, new_id
from app.store.database import Sessions, begin
from tests.outbox.paper import PaperCarrier

NUMBER = "+13125550123"
OURS = "+13125550100"


def make_site(session: Session, now: datetime) -> Site:
    site = Site(key="north", name="Northside Clinic", phone=OURS, time_zone="America/Chicago", numbers=[OURS])
    session.add(site)
    session.flush()
    return site


def make_patient(session: Session, site: Site, now: datetime, number: str = NUMBER) -> Patient:
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
    index = keyring_of(session).blind("phone", number)
    session.add(ContactPoint(patient_id=patient.id, value=number, value_index=index, updated_at=now))
    session.flush()
    return patient


class Outbox:
    """The outbox of one practice, for tests: queue a text, look at it again."""

    def __init__(self, sessions: Sessions, clock: FixedClock) -> None:
        self.sessions, self.clock = sessions, clock
        self.process = new_id()
        with begin(sessions) as session:
            self.site = make_site(session, clock.now())
            self.patient = make_patient(session, self.site, clock.now())

    def text(self, body: str = "Your visit is tomorrow at 2 pm.", **given: object) -> UUID:
        """Queue a text (a reply, unless it says otherwise) and give its id."""
        asked: dict[str, object] = {
            "patient": self.patient,
            "site": self.site,
            "number": NUMBER,
            "body": body,
            "purpose": Purpose.REPLY,
            "now": self.clock.now(),
            "business_key": str(new_id()),
            **given,
        }
        with begin(self.sessions) as session:
            return queue_text(session, **asked).id  # type: ignore[arg-type]  # given by name, as each test needs

    def conversation(self) -> UUID:
        """A conversation of the patient, as bare as the database takes it."""
        now, hashed = self.clock.now(), new_id().hex
        with begin(self.sessions) as session:
            lane = session.get(Lane, "discharge")
            if lane is None:
                session.add(Lane(key="discharge", title="Discharge", script="s", respond_minutes=60))
            session.add(
                ScriptRevision(hash=hashed, script="s", number=1, source="", compiled="{}", created_at=now)
            )
            session.flush()
            case = Case(
                site_id=self.site.id,
                patient_id=self.patient.id,
                lane_key="discharge",
                occurred_at=now,
                opened_at=now,
                due_at=now,
                moved_at=now,
            )
            session.add(case)
            session.flush()
            talk = Conversation(
                case_id=case.id,
                patient_id=self.patient.id,
                site_id=self.site.id,
                revision=hashed,
                script="s",
                state={},
                started_at=now,
                moved_at=now,
            )
            session.add(talk)
            session.flush()
            return talk.id

    def message(self, message_id: UUID) -> Message:
        """The row as it is stored now."""
        with self.sessions() as session:
            return session.get_one(Message, message_id)

    def change(self, table: type[Patient] | type[Site] | type[ContactPoint], **values: object) -> None:
        """Change all rows of a table: there is only one of each."""
        with begin(self.sessions) as session:
            session.execute(update(table).values(**values))


@pytest.fixture
def outbox(sessions: Sessions, clock: FixedClock) -> Outbox:
    return Outbox(sessions, clock)


@pytest.fixture
def paper(clock: FixedClock) -> PaperCarrier:
    return PaperCarrier(clock)


@pytest.fixture
def deliver(outbox: Outbox, paper: PaperCarrier) -> Callable[..., object]:
    from app.outbox.deliver import deliver

    def run(message_id: UUID, **given: object) -> object:
        asked = {
            "carriers": {"sms": paper, "voice": paper},
            "clock": outbox.clock,
            "process_id": outbox.process,
        }
        return deliver(outbox.sessions, message_id, **{**asked, **given})  # type: ignore[arg-type]  # as above

    return run
