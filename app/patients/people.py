"""Finding patients and the numbers that reach them."""

from __future__ import annotations

from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.patients.models import ContactPoint, Patient, Site
from app.store import keyring_of

REACHABLE = {"sms": ("ok",), "voice": ("ok", "landline")}


def number_index(session: Session, number: str) -> str:
    """The blind index of an E.164 number: what every table looks numbers up by."""
    return keyring_of(session).blind("phone", number)


def at_number(session: Session, index: str) -> list[Patient]:
    """The living, unmerged patients who gave this number, the longest known first."""
    rows = session.scalars(
        select(Patient)
        .join(ContactPoint, ContactPoint.patient_id == Patient.id)
        .where(ContactPoint.value_index == index, ContactPoint.state.in_(("ok", "landline")))
        .where(Patient.status.not_in(("merged", "deceased")))
        .order_by(Patient.created_at)
    )
    return list(rows.unique())


def best_contact(session: Session, patient_id: UUID, channel: str) -> ContactPoint | None:
    """The patient's preferred number for a channel ("sms" or "voice"), or None when none can be used."""
    return session.scalars(
        select(ContactPoint)
        .where(ContactPoint.patient_id == patient_id, ContactPoint.system == "phone")
        .where(ContactPoint.state.in_(REACHABLE[channel]))
        .order_by(ContactPoint.rank, ContactPoint.updated_at.desc())
        .limit(1)
    ).first()


def zone_of(patient: Patient | None, site: Site) -> ZoneInfo:
    """The patient's own time zone, else the site's."""
    for name in (patient.time_zone if patient else None, site.time_zone):
        if name:
            try:
                return ZoneInfo(name)
            except (ZoneInfoNotFoundError, ValueError):
                continue
    return ZoneInfo("America/New_York")


def visit_zone(patient: Patient | None, site: Site, *, video: bool = False) -> ZoneInfo:
    """The zone in which a visit's time is told: the practice's, where one has to be; a video visit: the patient's."""
    return zone_of(patient if video else None, site)


def site_of(session: Session, our_number: str) -> Site | None:
    """The site whose patients see this number; the only site when there is just one."""
    sites = list(session.scalars(select(Site).order_by(Site.key)))
    found = [site for site in sites if our_number and our_number in site.numbers]
    return next(iter(found or sites), None)
