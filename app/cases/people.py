"""Who has a case: its owner, the backup while the owner is away, a coordinator where nobody was named."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases.models import Case, Lane
from app.patients.models import Patient, Site
from app.security.models import Staff

COORDINATOR, NURSE, MANAGER = "coordinator", "nurse", "manager"


def at_work(staff: Staff | None, now: datetime) -> bool:
    """Whether this person has an account and is not away."""
    return staff is not None and staff.active and (staff.away_until is None or staff.away_until <= now)


def works_at(staff: Staff, site: Site) -> bool:
    """Whether this person sees the site's patients; no sites named means all of them."""
    return not staff.site_keys or site.key in staff.site_keys


def in_charge(session: Session, case: Case, now: datetime) -> Staff | None:
    """Who should act on the case now: the owner, or the backup while the owner is away; the owner returns to
    it.
    """
    owner = session.get(Staff, case.owner_id) if case.owner_id else None
    if at_work(owner, now):
        return owner
    backup = session.get(Staff, case.backup_id) if case.backup_id else None
    return backup if at_work(backup, now) else owner


def appoint(
    session: Session, lane: Lane, site: Site, patient: Patient, now: datetime
) -> tuple[UUID | None, UUID | None]:
    """An owner and a backup for a new case: the lane's, else coordinators at the site.

    A patient is given the same coordinator in each case while the people stay the same: they know each
    other. (To count who has the fewest cases would cost more than all else a bulk start does.)
    """
    owner, backup = lane.owner_id, lane.backup_id
    if owner is None or backup is None:
        free = [person.id for person in with_role(session, COORDINATOR, site, now)]
        turn = patient.id.int % len(free) if free else 0
        free = [person for person in free[turn:] + free[:turn] if person not in (owner, backup)]
        owner = owner or (free.pop(0) if free else None)
        backup = backup or (free.pop(0) if free else None)
    return owner, backup


def with_role(session: Session, role: str, site: Site, now: datetime) -> list[Staff]:
    """Everybody at work at the site who has the role, by name."""
    everybody = session.scalars(select(Staff).where(Staff.active).order_by(Staff.name, Staff.id))
    return [
        person
        for person in everybody
        if role in person.roles and works_at(person, site) and at_work(person, now)
    ]
