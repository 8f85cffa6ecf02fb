"""A small practice in a test database: patients, triggers, texts and timers, with time handed in and no carrier."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from app.cases.lanes import seed_lanes
from app.cases.models import Case, Flag
from app.clock import FixedClock
from app.conversations import timers
from app.conversations.fire import fire
from app.conversations.kit import Kit
from app.conversations.models import Conversation, Timer
from app.conversations.scripts import Scripts, publish_files
from app.i18n.catalogs import Catalogs
from app.inbound.intake import store
from app.inbound.take import take_next
from app.inbound.work import Handled
from app.media.models import Media
from app.outbox.models import Message, MessageStatus
from app.outreach.due import due
from app.outreach.models import Attempt, Trigger
from app.outreach.start import start
from app.outreach.triggers import open_trigger
from app.patients.models import ContactPoint, Patient, Site
from app.patients.people import number_index
from app.scheduling.models import Appointment, Slot
from app.security.models import Staff
from app.store import Sessions, begin

ROOT = Path(__file__).parents[2]
OURS = "+13125550100"
MARTHA = "+13125550111"
_numbers = count(1)
KIT = Kit(Scripts(), Catalogs.load(ROOT / "locales"))


@dataclass
class World:
    """One practice. Everything it does goes through the same functions the jobs call."""

    sessions: Sessions
    clock: FixedClock
    site_id: UUID
    kit: Kit = field(default=KIT)

    # -- people and what happens to them -----------------------------------------------------------------------

    def patient(
        self, number: str = MARTHA, *, name: str = "Martha", language: str = "en", **more: object
    ) -> UUID:
        """A patient with one mobile number, born 1948-03-14."""
        now = self.clock.now()
        with begin(self.sessions) as session:
            patient = Patient(
                site_id=self.site_id,
                given_name=name,
                family_name="Ellison",
                name_index="",
                birth_date="1948-03-14",
                language=language,
                created_at=now,
                updated_at=now,
                **more,
            )
            session.add(patient)
            session.flush()
            if number:
                index = number_index(session, number)
                session.add(
                    ContactPoint(patient_id=patient.id, value=number, value_index=index, updated_at=now)
                )
            return patient.id

    def visit(self, patient_id: UUID, start: datetime, **more: object) -> UUID:
        """A booked visit."""
        with begin(self.sessions) as session:
            visit = Appointment(
                site_id=self.site_id,
                patient_id=patient_id,
                system="test",
                external_id=f"visit-{next(_numbers)}",
                start_at=start,
                updated_at=self.clock.now(),
                **more,
            )
            session.add(visit)
            session.flush()
            return visit.id

    def slots(self, *starts: datetime, visit: str = "follow-up") -> list[UUID]:
        """Free times."""
        with begin(self.sessions) as session:
            rows = [
                Slot(
                    site_id=self.site_id,
                    system="test",
                    external_id=f"slot-{next(_numbers)}",
                    visit=visit,
                    start_at=at,
                    updated_at=self.clock.now(),
                )
                for at in starts
            ]
            session.add_all(rows)
            session.flush()
            return [row.id for row in rows]

    def staff(self, name: str) -> Staff:
        """A coordinator."""
        with begin(self.sessions) as session:
            person = Staff(
                email=f"{name.lower()}{next(_numbers)}@example.org",
                name=name,
                password_hash="",
                roles=["coordinator"],
                created_at=self.clock.now(),
            )
            session.add(person)
            session.flush()
            return person

    def trigger(
        self, kind: str, patient_id: UUID, *, visit_id: UUID | None = None, ago: timedelta = timedelta(days=2)
    ) -> UUID:
        """Something happened: gives the case."""
        now = self.clock.now()
        with begin(self.sessions) as session:
            trigger, _ = open_trigger(
                session,
                source="test",
                external_id=f"trigger-{next(_numbers)}",
                kind=kind,
                patient=session.get_one(Patient, patient_id),
                occurred_at=now - ago,
                now=now,
                appointment=session.get(Appointment, visit_id) if visit_id else None,
            )
            assert trigger.case_id is not None
            return trigger.case_id

    # -- what the workers do -----------------------------------------------------------------------------------

    def start_due(self) -> None:
        """Begin every conversation whose time has come."""
        with begin(self.sessions) as session:
            found = due(session, self.clock.now(), 100)
        for attempt in found:
            with begin(self.sessions) as session:
                start(session, [attempt], kit=self.kit, now=self.clock.now())

    def text(self, body: str, number: str = MARTHA, *, sid: str = "", **params: str) -> list[Handled]:
        """A text comes in and is worked through."""
        event = self.receive(body, number, sid=sid, **params)
        return self.work(event) if event else []

    def receive(self, body: str, number: str = MARTHA, *, sid: str = "", **params: str) -> UUID | None:
        """A text comes in and is only kept."""
        sid = sid or f"SM{next(_numbers):032d}"
        given = {"MessageSid": sid, "From": number, "To": OURS, "Body": body, "NumMedia": "0", **params}
        with begin(self.sessions) as session:
            return store(
                session.connection(),
                kind="text",
                dedupe=sid,
                number=number,
                params=given,
                now=self.clock.now(),
            )

    def work(self, event: UUID) -> list[Handled]:
        """What a worker does with an event."""
        done: list[Handled] = []
        while not done or done[-1].more:
            handled = take_next(self.sessions, event, kit=self.kit, clock=self.clock)
            if handled is None:
                break
            done.append(handled)
        return done

    def later(self, **span: float) -> None:
        """Time passes; timers that come due are fired."""
        self.clock.advance(timedelta(**span))
        with begin(self.sessions) as session:
            due = timers.due(session, self.clock.now(), 100)
        for timer in due:
            with begin(self.sessions) as session:
                fire(session, timer, kit=self.kit, now=self.clock.now())

    def sent(self) -> None:
        """Everything in the outbox has gone out and arrived."""
        with begin(self.sessions) as session:
            for message in session.scalars(select(Message).where(Message.status == "queued")):
                message.status, message.sent_at = MessageStatus.DELIVERED, self.clock.now()

    # -- what can be seen --------------------------------------------------------------------------------------

    def thread(self, number: str = MARTHA) -> list[str]:
        """What was written, as "in: words" and "out: words", in order."""
        with begin(self.sessions) as session:
            query = select(Message).where(Message.number_index == number_index(session, number))
            rows = session.scalars(query.order_by(Message.created_at, Message.lane_order, Message.id))
            return [f"{row.direction}: {row.body}" for row in rows]

    def last(self, number: str = MARTHA) -> str:
        """The last thing the patient was told."""
        return next(line for line in reversed(self.thread(number)) if line.startswith("out: "))[5:]

    def case(self, case_id: UUID) -> Case:
        """A case as it is now."""
        with begin(self.sessions) as session:
            return session.get_one(Case, case_id)

    def flags(self, case_id: UUID) -> list[Flag]:
        """The flags of a case, in the order they were raised."""
        with begin(self.sessions) as session:
            return list(
                session.scalars(select(Flag).where(Flag.case_id == case_id).order_by(Flag.raised_at, Flag.id))
            )

    def all(
        self,
        kind: type[Message | Case | Conversation | Timer | Attempt | Trigger | Slot | Appointment | Media],
    ) -> list:  # type: ignore[type-arg]  # one of these
        """Every row of a table."""
        with begin(self.sessions) as session:
            return list(session.scalars(select(kind)))


def make_world(sessions: Sessions, clock: FixedClock) -> World:
    """A practice in Chicago with the shipped lanes and scripts."""
    with begin(sessions) as session:
        site = Site(
            key="riverside",
            name="Riverside Clinic",
            phone="312-555-0100",
            time_zone="America/Chicago",
            numbers=[OURS],
        )
        session.add(site)
        session.flush()
        seed_lanes(session)
        publish_files(session, ROOT / "flows", clock.now())
        return World(sessions, clock, site.id)
