"""Reading a patient's appointments, and keeping what they answered."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.errors import Invalid
from app.scheduling.models import Appointment

Answer = Literal["accepted", "declined", "tentative"]
ANSWERS: Final = ("accepted", "declined", "tentative")
STANDING: Final = ("booked", "pending", "proposed", "arrived")
"""FHIR AppointmentStatus values of a visit that is still expected to happen."""


def upcoming(session: Session, patient_id: UUID, now: datetime) -> list[Appointment]:
    """The patient's visits that are still to come and still stand, the next one first."""
    theirs = (Appointment.patient_id == patient_id, Appointment.status.in_(STANDING))
    return list(
        session.scalars(
            select(Appointment)
            .where(*theirs, Appointment.start_at > now)
            .order_by(Appointment.start_at, Appointment.id)
        )
    )


def same_day(session: Session, appointment: Appointment, zone: str) -> list[Appointment]:
    """The patient's other standing visits that local day (IANA `zone`): one reminder serves them all."""
    local = ZoneInfo(zone)
    day = appointment.start_at.astimezone(local).date()
    begin = datetime.combine(day, time(), local)
    end = datetime.combine(day + timedelta(days=1), time(), local)
    theirs = (Appointment.patient_id == appointment.patient_id, Appointment.id != appointment.id)
    when = (Appointment.start_at >= begin, Appointment.start_at < end, Appointment.status.in_(STANDING))
    return list(session.scalars(select(Appointment).where(*theirs, *when).order_by(Appointment.start_at)))


def answer(session: Session, appointment: Appointment, value: Answer, now: datetime) -> None:
    """Keep what the patient told us of a visit (FHIR AppointmentResponse); its status stays its owner's."""
    if value not in ANSWERS:
        raise Invalid(f"An answer to an appointment is one of {', '.join(ANSWERS)}, not {value!r}.")
    appointment.answer, appointment.answered_at, appointment.updated_at = value, now, now
    session.flush()


def missed_count(session: Session, patient_id: UUID, since: datetime | None = None) -> int:
    """How many visits the patient missed (FHIR `noshow`), ever or since a moment."""
    missed = select(func.count()).where(Appointment.patient_id == patient_id, Appointment.status == "noshow")
    if since is not None:
        missed = missed.where(Appointment.start_at >= since)
    return session.scalar(missed) or 0
