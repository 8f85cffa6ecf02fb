"""Telling a person now: a text without any patient data to whoever is on duty for a case."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases.models import Case, Flag
from app.outbox.models import Message, Purpose
from app.outbox.queue import queue_text
from app.patients.models import Site
from app.security.models import Staff

WORDS = {
    3: "Careloop: EMERGENCY reply waiting. Open the queue now: {url}",
    2: "Careloop: an urgent reply is waiting. Open the queue: {url}",
}


def page(session: Session, flag_id: UUID, *, url: str, now: datetime) -> list[Message]:
    """Text the case's owner and backup about an urgent or emergency flag, once each; [] when nobody has a number."""
    flag = session.get(Flag, flag_id)
    if flag is None or flag.acknowledged_at is not None:
        return []
    case = session.get_one(Case, flag.case_id)
    people = [p for p in (case.owner_id, case.backup_id) if p is not None]
    return page_people(session, flag, case, people, rung="first", url=url, now=now)


def page_people(
    session: Session, flag: Flag, case: Case, people: Iterable[UUID], *, rung: str, url: str, now: datetime
) -> list[Message]:
    """Text these members of staff about a flag, once for each rung it climbed to."""
    words = WORDS.get(flag.urgency)
    if words is None:
        return []
    site = session.get_one(Site, case.site_id)
    staff = session.scalars(
        select(Staff).where(Staff.id.in_(list(people)), Staff.active, Staff.phone.is_not(None))
    )
    return [
        queue_text(
            session,
            patient=None,
            site=site,
            number=str(person.phone),
            body=words.format(url=url),
            purpose=Purpose.SAFETY,
            now=now,
            business_key=f"page:{flag.id}:{rung}:{person.id}",
            step="page",
        )
        for person in staff
    ]
