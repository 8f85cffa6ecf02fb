"""Reads of the outbox for others."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.orm import Session

from app.outbox.models import Message
from app.outbox.status import NOT_REACHED


def to_follow_up(session: Session, now: datetime, limit: int) -> list[UUID]:
    """Messages that did not reach the patient and that nobody has followed up yet, the oldest first."""
    return list(
        session.scalars(
            select(Message.id)
            .where(Message.consequence_at.is_(None), Message.status.in_(_NOT_REACHED))
            .where(Message.direction == "out", Message.finished_at <= now)
            .order_by(Message.finished_at)
            .limit(limit)
        )
    )


# Written out, not bound, so that the planner sees that the partial index applies.
_NOT_REACHED: BindParameter[Any] = bindparam(None, sorted(NOT_REACHED), expanding=True, literal_execute=True)
