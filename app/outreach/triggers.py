"""What happened becomes a case: each trigger exactly one, owned and dated, even when nothing can be sent."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.cases.closing import withdraw as withdraw_case
from app.cases.events import locked
from app.cases.models import Case
from app.cases.open import open_case
from app.conversations.advance import advance
from app.conversations.kit import Kit
from app.conversations.models import Conversation
from app.errors import Invalid
from app.flow.events import Withdrawn
from app.outbox.queue import cancel_queued
from app.outreach.models import Attempt, Trigger
from app.outreach.plan import LANES, first_attempt
from app.patients.models import Patient, Site
from app.patients.people import zone_of
from app.scheduling.models import Appointment


def find(session: Session, source: str, external_id: str) -> Trigger | None:
    """The trigger this source has told us of under this id, or None."""
    return session.scalars(_told(source, external_id)).one_or_none()


def _told(source: str, external_id: str) -> Select[Trigger]:
    return select(Trigger).where(Trigger.source == source, Trigger.external_id == external_id)


def open_trigger(
    session: Session,
    *,
    source: str,
    external_id: str,
    kind: str,
    patient: Patient,
    occurred_at: datetime,
    now: datetime,
    appointment: Appointment | None = None,
    detail: Any = None,
) -> tuple[Trigger, bool]:
    """Take in what happened: (trigger, created). The same (source, external_id) again changes nothing.

    `kind`: discharge, appointment or no_show; Invalid for another. Opens the case and plans its first attempt.
    """
    known = find(session, source, external_id)
    if known is not None:
        return known, False
    if kind not in LANES:
        raise Invalid(f"{kind!r} is no kind of trigger: use discharge, appointment or no_show")
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = {
        "source": source,
        "external_id": external_id,
        "kind": kind,
        "patient_id": patient.id,
        "appointment_id": appointment.id if appointment else None,
        "occurred_at": occurred_at,
        "received_at": now,
        "detail": detail,
    }
    once = insert(Trigger).values(row).on_conflict_do_nothing(index_elements=["source", "external_id"])
    trigger = session.scalars(once.returning(Trigger)).one_or_none()
    if trigger is None:
        # Somebody was told of it at the same moment and was first.
        return session.scalars(_told(source, external_id)).one(), False
    case = open_case(
        session,
        patient=patient,
        lane_key=LANES[kind],
        now=now,
        occurred_at=occurred_at,
        trigger_id=trigger.id,
        appointment_id=appointment.id if appointment else None,
        priority=_priority(kind, patient, appointment),
    )
    trigger.case_id = case.id
    _plan(session, case, kind, patient, occurred_at, now, appointment)
    return trigger, True


def _priority(kind: str, patient: Patient, appointment: Appointment | None) -> str | None:
    """A missed important visit, or a fragile patient going home, comes before the lane's usual priority."""
    important = appointment is not None and appointment.importance == "high"
    if (kind == "no_show" and important) or (kind == "discharge" and patient.risks):
        return "high"
    return None


def _plan(
    session: Session,
    case: Case,
    kind: str,
    patient: Patient,
    occurred_at: datetime,
    now: datetime,
    appointment: Appointment | None,
) -> None:
    site = session.get_one(Site, patient.site_id)
    start = appointment.start_at if appointment else None
    due = first_attempt(kind, occurred_at, now, zone_of(patient, site), site.settings, start)
    session.add(Attempt(case_id=case.id, due_at=due))


def withdraw_trigger(
    session: Session, *, source: str, external_id: str, because: str, now: datetime, kit: Kit
) -> bool:
    """Take back what did not happen after all (A13, S15): nothing more goes out, the case closes with the reason."""
    trigger = find(session, source, external_id)
    if trigger is None or trigger.withdrawn_at is not None:
        return False
    withdraw(session, trigger, because, now, kit)
    return True


def withdraw(session: Session, trigger: Trigger, because: str, now: datetime, kit: Kit) -> None:
    """End the case of a trigger, its attempts and its conversations."""
    trigger.withdrawn_at, trigger.withdrawn_because = now, because
    if trigger.case_id is not None:
        stop_case(session, trigger.case_id, because, now, kit)


def stop_case(session: Session, case_id: UUID, because: str, now: datetime, kit: Kit) -> None:
    """Stop everything planned for a case and close it, unless a person still has something to do in it."""
    case = locked(session, case_id)
    for attempt in session.scalars(
        select(Attempt).where(Attempt.case_id == case_id, Attempt.done_at.is_(None))
    ):
        attempt.done_at, attempt.outcome, attempt.reason = now, "skipped", because
    for conversation in open_conversations(session, case_id=case_id):
        advance(
            session, conversation.id, Withdrawn(because), key=f"withdrawn:{because}"[:80], kit=kit, now=now
        )
        cancel_queued(session, conversation_id=conversation.id, because=because, now=now)
    withdraw_case(session, case, because, now)


def open_conversations(
    session: Session, *, case_id: UUID | None = None, patient_id: UUID | None = None
) -> list[Conversation]:
    """Conversations of a case or a patient that have not ended."""
    query = select(Conversation).where(Conversation.ended_at.is_(None))
    if case_id is not None:
        query = query.where(Conversation.case_id == case_id)
    if patient_id is not None:
        query = query.where(Conversation.patient_id == patient_id)
    return list(session.scalars(query))


def withdraw_patient(session: Session, patient: Patient, because: str, now: datetime, kit: Kit) -> int:
    """Stop all outreach to a patient (deceased, merged away): how many cases were stopped."""
    open_ones = select(Case.id).where(Case.patient_id == patient.id, Case.closed_at.is_(None))
    # In one order, so that two who stop the same cases do not wait for each other.
    cases = list(session.scalars(open_ones.order_by(Case.id)))
    for case_id in cases:
        stop_case(session, case_id, because, now, kit)
    cancel_queued(session, patient_id=patient.id, because=because, now=now)
    return len(cases)
