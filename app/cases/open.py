"""Opening a case: one for each trigger, owned and dated from its first moment."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.cases.clock import business_deadline
from app.cases.events import happened
from app.cases.lanes import lane as lane_of
from app.cases.models import Case, Lane
from app.cases.people import appoint
from app.patients.models import Patient, Site

HIGH = "high"


def open_case(
    session: Session,
    *,
    patient: Patient,
    lane_key: str,
    now: datetime,
    occurred_at: datetime,
    trigger_id: UUID | None = None,
    appointment_id: UUID | None = None,
    priority: str | None = None,
) -> Case:
    """The case of this trigger, opened now if it is not there yet, with lane, priority, owner, backup and
    due time.

    The response window counts from `occurred_at`, not from now: a trigger that reaches us late is overdue
    sooner.
    """
    known = _of_trigger(session, trigger_id)
    if known is not None:
        return known
    lane = lane_of(session, lane_key)
    case = _new(session, patient, lane, now=now, occurred_at=occurred_at, priority=priority)
    case.trigger_id, case.appointment_id = trigger_id, appointment_id
    try:
        with session.begin_nested():
            session.add(case)
    except IntegrityError:
        twin = _of_trigger(session, trigger_id)
        if twin is None:
            raise
        return twin
    happened(session, case, "opened", now=now, detail={"lane": lane.key})
    return case


def _new(
    session: Session,
    patient: Patient,
    lane: Lane,
    *,
    now: datetime,
    occurred_at: datetime,
    priority: str | None,
) -> Case:
    site = session.get_one(Site, patient.site_id)
    owner, backup = appoint(session, lane, site, patient, now)
    return Case(
        site_id=site.id,
        patient_id=patient.id,
        lane_key=lane.key,
        priority=priority or (HIGH if patient.risks else lane.priority),
        owner_id=owner,
        backup_id=backup,
        occurred_at=occurred_at,
        opened_at=now,
        moved_at=now,
        due_at=business_deadline(site, occurred_at, lane.respond_minutes),
        urgency=0,
        needs_person=False,
        unread=0,
        status="open",
        reached=False,
    )


def _of_trigger(session: Session, trigger_id: UUID | None) -> Case | None:
    if trigger_id is None:
        return None
    return session.scalar(select(Case).where(Case.trigger_id == trigger_id))
