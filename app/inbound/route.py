"""Whose text is this, and which conversation does it belong to? Never by the number alone when two share it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.cases.open import open_case
from app.conversations.models import Conversation
from app.inbound.models import PhoneThread
from app.inbound.text import InboundText
from app.patients.models import ContactPoint, Patient, Site
from app.patients.people import at_number, number_index, site_of

CHOICE_LASTS = timedelta(hours=12)
CASE_LASTS = timedelta(days=45)
LIVE = ("waiting", "sleeping", "handed_over")


@dataclass(slots=True)
class Route:
    """Where a text goes: the site, the patient, the conversation that is open, and whether we must ask whose it is."""

    site: Site
    patient: Patient | None
    conversation: Conversation | None
    sharing: list[Patient]


def route(session: Session, text: InboundText, now: datetime) -> Route | None:
    """The route of a text; None when no site is set up. A phone two patients share goes to the one they chose."""
    site = site_of(session, text.our_number)
    if site is None:
        return None
    index = number_index(session, text.number)
    people = at_number(session, index)
    open_ones = _open_conversations(session, [p.id for p in people])
    if len(people) <= 1:
        patient = people[0] if people else None
        return Route(site, patient, _best(open_ones), [])
    chosen = _chosen(session, index, people, now)
    talking = {c.patient_id for c in open_ones}
    if chosen is None and len(talking) == 1:
        # Only one of them is being asked something, and what is private waits behind a birth date.
        chosen = next(p for p in people if p.id in talking)
    if chosen is None:
        return Route(site, None, None, people)
    mine = [c for c in open_ones if c.patient_id == chosen.id]
    return Route(site, chosen, _best(mine), [])


def _open_conversations(session: Session, patients: list[object]) -> list[Conversation]:
    if not patients:
        return []
    query = (
        select(Conversation)
        .where(Conversation.patient_id.in_(patients), Conversation.ended_at.is_(None))
        .where(Conversation.status.in_(LIVE))
        .order_by(Conversation.moved_at.desc())
    )
    return list(session.scalars(query))


def _best(conversations: list[Conversation]) -> Conversation | None:
    """The one that asked last; one that only sleeps or is with a person comes after one that waits for an answer."""
    waiting = [c for c in conversations if c.status == "waiting" and c.taken_by is None]
    return next(iter(waiting or conversations), None)


def _chosen(session: Session, index: str, people: list[Patient], now: datetime) -> Patient | None:
    thread = session.get(PhoneThread, index)
    if thread is None or thread.patient_id is None or thread.chosen_at is None:
        return None
    if now - thread.chosen_at > CHOICE_LASTS:
        return None
    return next((p for p in people if p.id == thread.patient_id), None)


def case_for(session: Session, route: Route, text: InboundText, now: datetime) -> Case:
    """The case this text belongs to: its conversation's, else the patient's latest, else a new one for the message.

    A text from a number nobody knows gets a record of its own, so that it stands in the queue like any other.
    """
    if route.conversation is not None:
        return session.get_one(Case, route.conversation.case_id)
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
