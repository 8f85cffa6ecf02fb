"""Finding patients and the numbers that reach them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Connection, Select, bindparam, select
from sqlalchemy.orm import Session

from app.patients.models import ContactPoint, Patient, Site
from app.store import keyring_of

REACHABLE = {"sms": ("ok",), "voice": ("ok", "landline")}


def number_index(asked: Session | Connection, number: str) -> str:
    """The blind index of an E.164 number: what every table looks numbers up by."""
    return keyring_of(asked).blind("phone", number)


def at_numbers(session: Session, indexes: Collection[str]) -> dict[str, list[Patient]]:
    """For each of these numbers (blind indexes) the living, unmerged patients who gave it, the longest known first."""
    found: dict[str, list[Patient]] = {index: [] for index in indexes}
    for index, patient in session.execute(_AT_NUMBERS, {"indexes": list(found)}):
        if patient not in found[index]:
            found[index].append(patient)
    return found


def best_contact(session: Session, patient_id: UUID, channel: str) -> ContactPoint | None:
    """The patient's preferred number for a channel ("sms" or "voice"), or None when none can be used."""
    query = _usable().where(ContactPoint.patient_id == patient_id)
    return session.scalars(query.where(ContactPoint.state.in_(REACHABLE[channel])).limit(1)).first()


def contacts_of(session: Session, patients: Collection[UUID]) -> dict[UUID, tuple[ContactPoint, ...]]:
    """The telephone numbers of each of these patients that can be used for something, the preferred first."""
    found: dict[UUID, tuple[ContactPoint, ...]] = dict.fromkeys(patients, ())
    for point in session.scalars(_usable().where(ContactPoint.patient_id.in_(patients))):
        found[point.patient_id] += (point,)
    return found


def best_of(contacts: Iterable[ContactPoint], channel: str) -> ContactPoint | None:
    """The first of these, as `contacts_of` gives them, that can be used for a channel."""
    return next((point for point in contacts if point.state in REACHABLE[channel]), None)


def _usable() -> Select[ContactPoint]:
    states = {state for channel in REACHABLE.values() for state in channel}
    return (
        select(ContactPoint)
        .where(ContactPoint.system == "phone", ContactPoint.state.in_(sorted(states)))
        .order_by(ContactPoint.rank, ContactPoint.updated_at.desc())
    )


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


def all_sites(session: Session) -> Sequence[Site]:
    """Every site, in one order."""
    return session.scalars(_SITES).all()


def site_of(sites: Sequence[Site], our_number: str) -> Site:
    """The site whose patients see this number; the first (or only) one when there is none."""
    return next((site for site in sites if our_number and our_number in site.numbers), sites[0])


# Built once: building a statement anew costs more than running it.
_SITES = select(Site).order_by(Site.key)
_AT_NUMBERS = (
    select(ContactPoint.value_index, Patient)
    .join(Patient, ContactPoint.patient_id == Patient.id)
    .where(ContactPoint.value_index.in_(bindparam("indexes", expanding=True)))
    .where(ContactPoint.state.in_(("ok", "landline")), Patient.status.not_in(("merged", "deceased")))
    .order_by(Patient.created_at)
)
