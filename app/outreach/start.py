"""A planned attempt becomes a conversation, or is skipped with the reason; the case stays either way."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases.flags import raise_flag
from app.cases.models import Case, Lane
from app.consent.ledger import standing
from app.consent.may_send import DEFAULT_CAPS, Caps, verdict
from app.conversations.advance import advance
from app.conversations.kit import Kit
from app.conversations.models import Conversation
from app.conversations.turn import Outcome
from app.flow.events import Started
from app.flow.state import State
from app.outbox.models import Purpose
from app.outbox.queries import sent_recently
from app.outreach.models import Attempt
from app.patients.models import ContactPoint, Patient, Site
from app.patients.people import best_contact, zone_of
from app.scheduling.appointments import same_day
from app.scheduling.models import Appointment

DONE_WITH = ("cancelled", "fulfilled", "arrived", "entered-in-error", "noshow", "checked-in")


def due(session: Session, now: datetime, limit: int) -> list[UUID]:
    """Attempts whose time has come and that nobody is working on."""
    query = (
        select(Attempt.id)
        .where(Attempt.done_at.is_(None), Attempt.due_at <= now)
        .where((Attempt.claimed_until.is_(None)) | (Attempt.claimed_until < now))
        .order_by(Attempt.due_at)
        .limit(limit)
    )
    return list(session.scalars(query))


def start(
    session: Session, attempt_id: UUID, *, kit: Kit, now: datetime, caps: Caps = DEFAULT_CAPS
) -> Outcome:
    """Begin the conversation of one attempt, once: a second call, or one for a case that ended, does nothing."""
    query = select(Attempt).where(Attempt.id == attempt_id).with_for_update()
    attempt = session.scalars(query).one_or_none()
    if attempt is None or attempt.done_at is not None:
        return Outcome(moved=False)
    case = session.get_one(Case, attempt.case_id)
    patient, site = session.get_one(Patient, case.patient_id), session.get_one(Site, case.site_id)
    reason = _no_longer(session, case, patient, site)
    if reason:
        return _skip(attempt, reason, now)
    contact = best_contact(session, patient.id, "sms") or best_contact(session, patient.id, "voice")
    if contact is None:
        return _person_calls(session, attempt, case, "no telephone number can be used", now)
    may = verdict(
        patient=patient,
        site=site,
        channel="sms",
        purpose=Purpose.OUTREACH,
        now=now,
        standing=_standing(session, contact, case),
        recent=sent_recently(session, patient.id, contact.value_index, now),
        number=contact.value,
        caps=caps,
    )
    if may.kind == "later" and may.at is not None:
        attempt.due_at, attempt.reason = may.at, may.reason
        return Outcome(moved=False)
    if may.kind == "never":
        return _person_calls(session, attempt, case, may.reason, now)
    return _begin(session, attempt, case, patient, site, contact, kit, now)


def _standing(session: Session, contact: ContactPoint, case: Case) -> bool:
    return standing(session, contact.value_index, "sms", case.lane_key)


def _no_longer(session: Session, case: Case, patient: Patient, site: Site) -> str | None:
    """Why this attempt is not made any more, decided now and not when it was planned."""
    if case.closed_at is not None:
        return "the case is closed"
    if case.claimed_by is not None:
        return "a coordinator has the case"
    appointment = session.get(Appointment, case.appointment_id) if case.appointment_id else None
    if appointment is None or case.lane_key != "confirmation":
        return None
    if appointment.status in DONE_WITH:
        return f"the visit is {appointment.status}"
    if appointment.answer == "accepted":
        return "the visit is already confirmed"
    visits = {a.id for a in same_day(session, appointment, zone_of(patient, site).key)} - {appointment.id}
    talking = select(Conversation.id).join(Case, Case.id == Conversation.case_id)
    talking = talking.where(Case.appointment_id.in_(visits), Conversation.ended_at.is_(None))
    return "told together with another visit of that day" if visits and session.scalar(talking) else None


def _skip(attempt: Attempt, reason: str, now: datetime) -> Outcome:
    attempt.done_at, attempt.outcome, attempt.reason = now, "skipped", reason[:120]
    return Outcome(moved=False)


def _person_calls(session: Session, attempt: Attempt, case: Case, reason: str, now: datetime) -> Outcome:
    """Nothing may or can be sent: a person takes it from here, so that nobody falls through."""
    raise_flag(session, case, urgency=1, because=reason, source=f"attempt:{attempt.id}", now=now)
    return _skip(attempt, reason, now)


def _begin(
    session: Session,
    attempt: Attempt,
    case: Case,
    patient: Patient,
    site: Site,
    contact: ContactPoint,
    kit: Kit,
    now: datetime,
) -> Outcome:
    lane = session.get_one(Lane, case.lane_key)
    revision, script = kit.scripts.current(session, lane.script)
    conversation = Conversation(
        case_id=case.id,
        patient_id=patient.id,
        site_id=site.id,
        revision=revision,
        script=script.script,
        state=State().to_json(),
        language=patient.language,
        contact_point_id=contact.id,
        number_index=contact.value_index,
        our_number=site.numbers[0] if site.numbers else "",
        started_at=now,
        moved_at=now,
    )
    session.add(conversation)
    session.flush()
    attempt.done_at, attempt.outcome, attempt.conversation_id = now, "started", conversation.id
    return advance(session, conversation.id, Started(), key=f"attempt:{attempt.id}", kit=kit, now=now)
