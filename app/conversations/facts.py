"""The facts a turn may look at: flat dotted names for conditions, and the values of placeholders."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.cases.models import Case
from app.patients.models import Patient, Site
from app.patients.people import zone_of
from app.scheduling.appointments import coming, same_day, upcoming
from app.scheduling.models import Appointment

Values = dict[str, Any]


def about_practice(site: Site) -> Values:
    """The practice's own words."""
    return {"practice.name": site.name, "practice.phone": site.phone, "practice.languages": site.languages}


def about_patient(patient: Patient) -> Values:
    """Who the patient is; the birth date is here for the identity check only."""
    return {
        "patient.first_name": patient.given_name.split(" ")[0],
        "patient.birth_date": patient.birth_date or "",
        "patient.missed_visits": patient.missed_visits,
        "patient.high_risk": bool(patient.risks),
        "patient.language": patient.language,
    }


def gather(
    session: Session,
    *,
    case: Case,
    patient: Patient,
    site: Site,
    now: datetime,
    booked: UUID | None,
    visits: Sequence[Appointment] | None = None,
) -> Values:
    """Everything a script of this case may mention or decide on, read fresh unless the patient's `visits` are given."""
    appointment = _appointment(session, case, patient, now, booked, visits)
    facts = about_practice(site) | about_patient(patient)
    facts["appointment.upcoming"] = appointment is not None and appointment.start_at > now
    # The patient's own calendar: the day we name must be the day the timer wakes on.
    zone = zone_of(patient, site)
    facts["trigger.date"] = facts["discharge.date"] = case.occurred_at.astimezone(zone).date()
    facts["today"] = now.astimezone(zone).date()
    if appointment is not None:
        facts |= about_appointment(session, appointment, patient, site, visits)
    return facts


def _appointment(
    session: Session,
    case: Case,
    patient: Patient,
    now: datetime,
    booked: UUID | None,
    visits: Sequence[Appointment] | None,
) -> Appointment | None:
    named = booked or case.appointment_id
    if named is not None:
        return session.get(Appointment, named)
    return coming(upcoming(session, patient.id, now) if visits is None else visits, now)


def about_appointment(
    session: Session,
    appointment: Appointment,
    patient: Patient,
    site: Site,
    visits: Sequence[Appointment] | None = None,
) -> Values:
    """The visit a conversation is about, and the others of that day."""
    others = same_day(session, appointment, site.time_zone, visits)
    return {
        "appointment.start": appointment.start_at,
        "appointment.practitioner": appointment.practitioner or site.name,
        "appointment.location": appointment.location or site.name,
        "appointment.importance": appointment.importance,
        "appointment.video": appointment.video,
        "appointment.visit": appointment.visit,
        "appointment.status": appointment.status,
        "appointment.answer": appointment.answer or "",
        "appointment.count": 1 + len(others),
        "appointment.others": [a.start_at for a in others],
    }
