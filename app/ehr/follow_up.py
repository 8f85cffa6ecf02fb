"""The follow-ups that stays and visits have: found, named, and ended."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.ehr.intake import Intake
from app.outreach.models import Trigger
from app.outreach.triggers import withdraw

DISCHARGE, CONFIRMATION, NO_SHOW = "discharge", "appointment", "no_show"
SAME_DISCHARGE = timedelta(hours=12)
"""Two sources that tell of a patient's discharge this close together mean the same one."""


def of_visit(session: Session, kind: str, appointment_id: UUID) -> Trigger | None:
    """The follow-up of this kind that an appointment has, whoever told of it; None when it was withdrawn."""
    return session.scalar(
        select(Trigger)
        .where(Trigger.kind == kind, Trigger.appointment_id == appointment_id, Trigger.withdrawn_at.is_(None))
        .limit(1)
    )


def of_discharge(session: Session, patient_id: UUID, left: datetime) -> Trigger | None:
    """The follow-up of a discharge about that time, whoever told of it; None when there is none that stands."""
    near = (Trigger.occurred_at >= left - SAME_DISCHARGE, Trigger.occurred_at <= left + SAME_DISCHARGE)
    theirs = (Trigger.kind == DISCHARGE, Trigger.patient_id == patient_id, Trigger.withdrawn_at.is_(None))
    return session.scalar(select(Trigger).where(*theirs, *near).limit(1))


def remembered(session: Session, trigger_id: str | None) -> Trigger | None:
    """The follow-up kept by its id with what a source told last."""
    return session.get(Trigger, UUID(trigger_id)) if trigger_id else None


def next_name(session: Session, source: str, name: str) -> str:
    """A trigger id that this source has not used: the name itself, then `name#2` and so on."""
    mine = or_(Trigger.external_id == name, Trigger.external_id.like(f"{name}#%"))
    used = session.scalar(select(func.count()).where(Trigger.source == source, mine)) or 0
    return f"{name}#{used + 1}" if used else name


def end(intake: Intake, trigger: Trigger | None, because: str) -> bool:
    """Take a follow-up back; whether there was one that stood."""
    if trigger is None or trigger.withdrawn_at is not None:
        return False
    withdraw(intake.session, trigger, because[:80], intake.now, intake.kit)
    return True


def sentence(words: str) -> str:
    """Words as a sentence: a capital first, a full stop last."""
    return words if words.endswith(".") else f"{words[:1].upper()}{words[1:]}."
