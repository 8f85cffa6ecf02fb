"""The count after the chaos finds what was lost and what was done twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases.lanes import seed_lanes
from app.cases.models import Case, Flag
from app.cli.load.audit import audit
from app.cli.load.people import BOOKS, WORSE, Person
from app.conversations.models import Conversation, ConversationTurn, ScriptRevision
from app.inbound.models import InboundEvent
from app.outbox.models import Message, MessageStatus
from app.patients.models import Patient, Site
from app.scheduling.models import Appointment, Slot
from app.store import Sessions, begin, new_id

NUMBER, ASKED = "+13125550142", "How do you feel?"


class World:
    """One patient who felt worse, said so, and was answered; and what the carrier has of it."""

    def __init__(self, sessions: Sessions, now: datetime) -> None:
        self.sessions, self.now = sessions, now
        self.carrier = [{"to": NUMBER, "body": ASKED}]
        self.person = Person(NUMBER, new_id(), new_id(), WORSE)
        with begin(sessions) as session:
            seed_lanes(session)
            self._people(session)
            self._talk(session)

    def _people(self, session: Session) -> None:
        site = Site(key="n", name="North", phone="+13125550100", time_zone="America/Chicago")
        session.add(site)
        session.flush()
        names = {"given_name": "Load", "family_name": "Invented", "name_index": "x"}
        made = {"created_at": self.now, "updated_at": self.now}
        session.add(Patient(id=self.person.patient_id, site_id=site.id, **names, **made))
        session.flush()
        times = dict.fromkeys(("occurred_at", "opened_at", "due_at", "moved_at"), self.now)
        whose = {"site_id": site.id, "patient_id": self.person.patient_id}
        self.case = Case(**whose, lane_key="discharge", needs_person=True, **times)
        script = {"script": "s", "number": 1, "source": "", "compiled": "{}", "created_at": self.now}
        session.add_all([self.case, ScriptRevision(hash="h", **script)])
        session.flush()
        talk = {"revision": "h", "script": "s", "state": {}, "status": "sleeping"}
        self.talk = Conversation(
            case_id=self.case.id, **whose, **talk, started_at=self.now, moved_at=self.now
        )
        session.add(self.talk)
        session.flush()

    def _talk(self, session: Session) -> None:
        event = {"kind": "text", "number_index": "x", "params": {}, "received_at": self.now, "state": "done"}
        session.add(InboundEvent(dedupe="SM1", **event))
        self.say(session, "in", WORSE["symptoms"], "SM1")
        self.say(session, "out", ASKED, "SM2")
        turn = {"conversation_id": self.talk.id, "number": 1, "kind": "reply", "at": self.now}
        session.add(ConversationTurn(event_key="in:SM1", **turn))
        told = {"urgency": 2, "because": "worse", "words": WORSE["symptoms"], "raised_at": self.now}
        session.add(Flag(case_id=self.case.id, source="in:SM1", **told))

    def say(self, session: Session, direction: str, body: str, sid: str) -> None:
        status = MessageStatus.DELIVERED if direction == "out" else MessageStatus.RECEIVED
        who = {"number": NUMBER, "number_index": "x", "patient_id": self.person.patient_id}
        session.add(
            Message(
                direction=direction, status=status, body=body, carrier_sid=sid, created_at=self.now, **who
            )
        )

    def book(self, session: Session, patient: Any, slot: Slot) -> None:
        what = {"system": "careloop", "external_id": str(new_id()), "slot_id": slot.id}
        when = {"start_at": self.now, "updated_at": self.now}
        session.add(Appointment(site_id=slot.site_id, patient_id=patient, **what, **when))

    def faults(self) -> list[str]:
        stack = SimpleNamespace(ask_sandbox=lambda _: {"messages": self.carrier})
        bench: Any = SimpleNamespace(services=SimpleNamespace(sessions=self.sessions), stack=stack, say=len)
        return audit(bench, [self.person], ["SM1"])


@pytest.fixture
def world(sessions: Sessions, now: datetime) -> World:
    return World(sessions, now)


def _once_more_at_the_carrier(world: World, session: Session) -> None:
    world.carrier *= 2


def _never_at_the_carrier(world: World, session: Session) -> None:
    world.carrier.clear()


def _still_waiting(world: World, session: Session) -> None:
    session.scalars(select(Message).where(Message.direction == "out")).one().status = MessageStatus.SENDING


def _not_worked_through(world: World, session: Session) -> None:
    session.scalars(select(InboundEvent)).one().state = "new"


def _not_acted_on(world: World, session: Session) -> None:
    session.delete(session.scalars(select(ConversationTurn)).one())


def _not_in_the_queue(world: World, session: Session) -> None:
    session.get_one(Case, world.case.id).needs_person = False


def _not_at_its_end(world: World, session: Session) -> None:
    session.get_one(Conversation, world.talk.id).status = "waiting"


def _booked_twice(world: World, session: Session) -> None:
    about = {"system": "s", "external_id": "1", "start_at": world.now, "updated_at": world.now}
    slot = Slot(site_id=world.case.site_id, booked_for=world.person.patient_id, status="busy", **about)
    session.add(slot)
    session.flush()
    world.person.answers = BOOKS
    world.book(session, world.person.patient_id, slot)
    world.book(session, world.person.patient_id, slot)


def test_when_all_is_well_it_says_nothing(world: World) -> None:
    assert world.faults() == []


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (_once_more_at_the_carrier, "at the carrier 2 times, not 1"),
        (_never_at_the_carrier, "at the carrier 0 times, not 1"),
        (_still_waiting, "a message is still sending"),
        (_not_worked_through, "inbound events ended as {'new': 1}"),
        (_not_acted_on, "acted on 0 times, not 1"),
        (_not_in_the_queue, "in the queue with their words 0 times, not 1"),
        (_not_at_its_end, "should rest until the next check-in"),
        (_booked_twice, "booked 2 times, not 1"),
    ],
)
def test_what_is_wrong_is_found(
    world: World, sessions: Sessions, spoil: Callable[[World, Session], None], words: str
) -> None:
    with begin(sessions) as session:
        spoil(world, session)
    assert any(words in fault for fault in world.faults())
