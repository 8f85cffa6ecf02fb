"""Attempts whose time has come: finding them, giving them to workers, and putting aside what fails."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from app.cases.flags import raise_flag
from app.cases.models import Case
from app.outreach.models import Attempt

WHILE_BROKEN = timedelta(minutes=10)
OFFERED = timedelta(seconds=30)
"""So long a worker has for what it was given; then another is given it too, which is harmless."""
_AS_IT_IS = {"synchronize_session": False}


def due(session: Session, now: datetime, limit: int, besides: Collection[UUID] = ()) -> list[UUID]:
    """Attempts whose time has come and that no worker was given just now, leaving out those of some sites."""
    return list(session.scalars(_due(now, limit, besides)))


def offer(session: Session, now: datetime, limit: int, besides: Collection[UUID] = ()) -> list[UUID]:
    """The same, given to a worker from now on."""
    found = _due(now, limit, besides).with_for_update(skip_locked=True, of=Attempt)
    given = update(Attempt).where(Attempt.id.in_(found)).values(claimed_until=now + OFFERED)
    rows = session.execute(given.returning(Attempt.id, Attempt.due_at), execution_options=_AS_IT_IS)
    return [row.id for row in sorted(rows, key=lambda row: (row.due_at, row.id))]


def not_startable(session: Session, attempt_id: UUID, now: datetime) -> None:
    """Beginning this one failed: later again, and meanwhile a person knows, once."""
    attempt = session.get(Attempt, attempt_id)
    if attempt is None or attempt.done_at is not None:
        return
    because = "outreach could not be started, an error on our side: look at it"
    case = session.get_one(Case, attempt.case_id)
    raise_flag(session, case, urgency=1, because=because, source=f"broken:{attempt.id}", now=now)
    attempt.claimed_until = now + WHILE_BROKEN


def _due(now: datetime, limit: int, besides: Collection[UUID]) -> Select[UUID]:
    query = (
        select(Attempt.id)
        .where(Attempt.done_at.is_(None), Attempt.due_at <= now)
        .where((Attempt.claimed_until.is_(None)) | (Attempt.claimed_until < now))
        .order_by(Attempt.due_at)
        .limit(limit)
    )
    theirs = select(Case.id).where(Case.id == Attempt.case_id, Case.site_id.in_(besides))
    return query.where(~theirs.exists()) if besides else query
