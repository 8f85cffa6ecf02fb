"""Whose text is this, and which conversation does it belong to? Never by the number alone when two share it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.cases.open import open_case
from app.conversations.models import Conversation
from app.inbound.models import PhoneThread
from app.inbound.text import InboundText
from app.outbox.models import Message, Purpose
from app.outbox.status import NOT_REACHED
from app.patients.models import ContactPoint, Patient, Site
from app.patients.people import at_number, number_index, site_of

CHOICE_LASTS = timedelta(hours=12)
CASE_LASTS = timedelta(days=45)
STAFF_LASTS = timedelta(days=3)
LIVE = ("waiting", "sleeping", "handed_over")


@dataclass(slots=True)
class Route:
    """Where a text goes: the site, the patient, the conversation that is open, and whether we must ask whose it is.

    `case_id` is the case in which a person wrote last: the text answers them and not the bot.
    """

    site: Site
    patient: Patient | None
    conversation: Conversation | None
    sharing: list[Patient]
    case_id: UUID | None = None


def route(session: Session, text: InboundText, now: datetime) -> Route | None:
    """The route of a text; None when no site is set up. A phone two patients share goes to the one they chose."""
    site = site_of(session, text.our_number)
    if site is None:
        return None
    index = number_index(session, text.number)
    people = _known(at_number(session, index))
    open_ones = _open_conversations(session, [p.id for p in people])
    person = _person_wrote(session, index, open_ones, now)
    patient = next((p for p in people if person is not None and p.id == person.patient_id), None)
    if person is not None and patient is not None:
        theirs = [c for c in open_ones if c.id == person.conversation_id]
        return Route(site, patient, _best(theirs), [], person.case_id)
    if len(people) <= 1:
        return Route(site, people[0] if people else None, _best(open_ones), [])
    chosen = _chosen(session, index, people, open_ones, now)
    asked = {c.patient_id for c in open_ones if c.status == "waiting"}
    if chosen is None and len(asked) == 1:
        # Only one of them is being asked something, and what is private waits behind a birth date.
        chosen = next(p for p in people if p.id in asked)
    if chosen is None:
        return Route(site, None, None, people)
    return Route(site, chosen, _best([c for c in open_ones if c.patient_id == chosen.id]), [])


def _known(people: list[Patient]) -> list[Patient]:
    """Without the nameless record of a number that wrote before its patient was known to us."""
    return [p for p in people if p.status != "unknown"] or people


def _open_conversations(session: Session, patients: list[UUID]) -> list[Conversation]:
    if not patients:
        return []
    query = (
        select(Conversation)
        .where(Conversation.patient_id.in_(patients), Conversation.ended_at.is_(None))
        .where(Conversation.status.in_(LIVE))
        .order_by(Conversation.moved_at.desc())
    )
    return list(session.scalars(query))


def _asking(conversations: list[Conversation]) -> list[Conversation]:
    return [c for c in conversations if c.status == "waiting" and c.taken_by is None]


def _best(conversations: list[Conversation]) -> Conversation | None:
    """The one that asked last; one that only sleeps or is with a person comes after one that waits for an answer."""
    asked = sorted(_asking(conversations), key=lambda c: c.asked_at or c.moved_at)
    return asked[-1] if asked else next(iter(conversations), None)


def _person_wrote(
    session: Session, index: str, open_ones: list[Conversation], now: datetime
) -> Message | None:
    """The text of a member of staff that this number had last, if the bot has asked nothing since."""
    query = (
        select(Message)
        .where(Message.number_index == index, Message.direction == "out")
        .where(Message.purpose == Purpose.STAFF, Message.status.not_in(NOT_REACHED))
        .where(Message.created_at > now - STAFF_LASTS, Message.case_id.is_not(None))
        .order_by(Message.created_at.desc())
        .limit(1)
    )
    written = session.scalars(query).first()
    if written is None:
        return None
    since = [c for c in _asking(open_ones) if (c.asked_at or c.moved_at) >= written.created_at]
    return None if since else written


def _chosen(
    session: Session, index: str, people: list[Patient], open_ones: list[Conversation], now: datetime
) -> Patient | None:
    """Whom they said it was about, unless somebody else on this phone was asked something since then."""
    thread = session.get(PhoneThread, index)
    if thread is None or thread.patient_id is None or thread.chosen_at is None:
        return None
    if now - thread.chosen_at > CHOICE_LASTS:
        return None
    others = [c for c in _asking(open_ones) if c.patient_id != thread.patient_id]
    if any((c.asked_at or c.moved_at) > thread.chosen_at for c in others):
        return None
    return next((p for p in people if p.id == thread.patient_id), None)


def case_for(session: Session, route: Route, text: InboundText, now: datetime) -> Case:
    """The case this text belongs to: where a person wrote, its conversation's, the patient's latest, else a new one.

    A text from a number nobody knows gets a record of its own, so that it stands in the queue like any other.
    """
    known = route.case_id or (route.conversation.case_id if route.conversation else None)
    if known is not None:
        return session.get_one(Case, known)
    if route.patient is None:
        route.patient = route.sharing[0] if route.sharing else _stranger(session, route.site, text, now)
    query = (
        select(Case)
        .where(
            Case.patient_id == route.patient.id, Case.opened_at > now - CASE_LASTS, Case.closed_at.is_(None)
        )
        .order_by(Case.opened_at.desc())
        .limit(1)
    )
    found = session.scalars(query).first()
    if found is not None:
        return found
    return open_case(
        session, patient=route.patient, lane_key="message", now=now, occurred_at=text.received_at
    )


def _stranger(session: Session, site: Site, text: InboundText, now: datetime) -> Patient:
    patient = Patient(
        site_id=site.id,
        given_name="Unknown",
        family_name="sender",
        name_index="",
        status="unknown",
        created_at=now,
        updated_at=now,
    )
    session.add(patient)
    session.flush()
    index = number_index(session, text.number)
    session.add(ContactPoint(patient_id=patient.id, value=text.number, value_index=index, updated_at=now))
    session.flush()
    return patient
