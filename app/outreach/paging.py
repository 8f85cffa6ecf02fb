"""Telling a person now: a text without any patient data to whoever is on duty for a case."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases.climb import Climb, climb
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
    """Let a flag climb if its time has come (the first rung's is at once) and text the people on that rung."""
    found = climb(session, flag_id, now)
    return page_rung(session, found, url=url, now=now) if found is not None else []


def page_rung(session: Session, found: Climb, *, url: str, now: datetime) -> list[Message]:
    """Text the members of staff on the rung a flag climbed to, once each; [] when nobody has a number."""
    words = WORDS.get(found.urgency)
    if words is None:
        return []
    flag, case = session.get_one(Flag, found.flag_id), session.get_one(Case, found.case_id)
    site = session.get_one(Site, case.site_id)
    staff = session.scalars(
        select(Staff).where(Staff.id.in_(found.staff_ids), Staff.active, Staff.phone.is_not(None))
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
            business_key=f"page:{flag.id}:{flag.climbs}:{person.id}",
            step="page",
        )
        for person in staff
    ]
