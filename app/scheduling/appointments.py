"""Reading a patient's appointments, and keeping what they answered."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, time, timedelta
from typing import Final, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.errors import Invalid
from app.scheduling.models import Appointment

A_DAY = timedelta(hours=25)
"""The longest a local day can last."""
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


def coming(visits: Iterable[Appointment], now: datetime) -> Appointment | None:
    """Of a patient's visits the next one that still stands; of two at the same time the first written."""
    ahead = [visit for visit in visits if visit.start_at > now and visit.status in STANDING]
    return min(ahead, key=lambda visit: (visit.start_at, visit.id), default=None)


def same_day(
    session: Session, appointment: Appointment, zone: str, known: Iterable[Appointment] | None = None
) -> list[Appointment]:
    """The patient's other standing visits that local day (IANA `zone`): one reminder serves them all.

    `known` are the patient's visits, where somebody has read them already.
    """
    begin, end = _day(appointment.start_at, ZoneInfo(zone))
    if known is not None:
        found = [visit for visit in known if begin <= visit.start_at < end and visit.status in STANDING]
        return sorted((v for v in found if v.id != appointment.id), key=lambda visit: visit.start_at)
    theirs = (Appointment.patient_id == appointment.patient_id, Appointment.id != appointment.id)
    when = (Appointment.start_at >= begin, Appointment.start_at < end, Appointment.status.in_(STANDING))
    return list(session.scalars(select(Appointment).where(*theirs, *when).order_by(Appointment.start_at)))


def _day(moment: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    day = moment.astimezone(zone).date()
    return datetime.combine(day, time(), zone), datetime.combine(day + timedelta(days=1), time(), zone)


def visits_of(
    session: Session, patients: Collection[UUID], named: Collection[UUID], now: datetime
) -> dict[UUID, tuple[Appointment, ...]]:
    """For each of these patients: the visits that are coming, and all since the day before the first `named` one."""
    about = list(session.scalars(select(Appointment).where(Appointment.id.in_(named)))) if named else []
    since = min((visit.start_at - A_DAY for visit in about), default=now)
    wanted = (Appointment.patient_id.in_(patients), Appointment.start_at > min(now, since))
    found: dict[UUID, tuple[Appointment, ...]] = dict.fromkeys(patients, ())
    for visit in session.scalars(select(Appointment).where(*wanted)):
        found[visit.patient_id] += (visit,)
    return found


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
