"""Who has a case: its owner, the backup while the owner is away, and whoever is free where nobody was
named.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.cases.models import Case, Lane
from app.patients.models import Site
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


def appoint(session: Session, lane: Lane, site: Site, now: datetime) -> tuple[UUID | None, UUID | None]:
    """An owner and a backup for a new case: the lane's, else the coordinators at the site with the fewest
    cases.
    """
    owner, backup = lane.owner_id, lane.backup_id
    if owner is None or backup is None:
        free = [person for person in _by_load(session, site, now) if person not in (owner, backup)]
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


def _by_load(session: Session, site: Site, now: datetime) -> list[UUID]:
    people = with_role(session, COORDINATOR, site, now)
    load = _open_cases(session, [person.id for person in people])
    return [person.id for person in sorted(people, key=lambda person: (load.get(person.id, 0), person.name))]


def _open_cases(session: Session, people: Iterable[UUID]) -> dict[UUID, int]:
    counted = (
        select(Case.owner_id, func.count())
        .where(Case.owner_id.in_(list(people)), Case.closed_at.is_(None))
        .group_by(Case.owner_id)
    )
    return {owner: number for owner, number in session.execute(counted) if owner is not None}
