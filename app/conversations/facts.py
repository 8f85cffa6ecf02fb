"""The facts a turn may look at: flat dotted names for conditions, and the values of placeholders."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.cases.models import Case
from app.conversations.visits import FACT, Named, as_named, names, reminded_elsewhere
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
    visits: Sequence[Appointment] | None = None,
    named: Named | None = None,
) -> Values:
    """Everything a script of this case may mention or decide on, read fresh unless the patient's `visits` are given.

    `named` are the visits its conversation has named before: these it goes on about, whatever became of them.
    """
    appointment = _appointment(session, case, patient, now, visits)
    facts = about_practice(site) | about_patient(patient)
    facts["appointment.upcoming"] = appointment is not None and appointment.start_at > now
    # The patient's own calendar: the day we name must be the day the timer wakes on.
    zone = zone_of(patient, site)
    facts["trigger.date"] = facts["discharge.date"] = case.occurred_at.astimezone(zone).date()
    facts["today"] = now.astimezone(zone).date()
    if appointment is not None:
        facts |= about_appointment(session, appointment, case, site, visits, named)
    return facts


def _appointment(
    session: Session,
    case: Case,
    patient: Patient,
    now: datetime,
    visits: Sequence[Appointment] | None,
) -> Appointment | None:
    if case.appointment_id is not None:
        return session.get(Appointment, case.appointment_id)
    return coming(upcoming(session, patient.id, now) if visits is None else visits, now)


def about_appointment(
    session: Session,
    appointment: Appointment,
    case: Case,
    site: Site,
    visits: Sequence[Appointment] | None = None,
    named: Named | None = None,
) -> Values:
    """The visit a conversation is about, and the others of that day that the patient has still to be asked about."""
    others = same_day(session, appointment, site.time_zone, visits)
    if others:
        elsewhere = reminded_elsewhere(session, case.patient_id, besides=case.id)
        others = [v for v in others if names(v, named) or (v.answer is None and v.id not in elsewhere)]
    return {
        FACT: as_named([appointment, *others]),
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
