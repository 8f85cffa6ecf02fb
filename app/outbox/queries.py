"""Reads of the outbox for others."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.outbox.models import Message, Purpose
from app.outbox.status import GONE_OUT, NOT_REACHED

RECENT = timedelta(days=8)
OLDEST = timedelta(days=30)
"""Nothing waits longer than this between being written and being sent."""


def sent_recently(
    session: Session,
    patient_id: UUID | None,
    number_index: str,
    now: datetime,
    *,
    besides: tuple[UUID | None, datetime] | None = None,
) -> list[datetime]:
    """When we started something with this patient, or on this number, in eight days: what caps count.

    Two texts of one turn are one start. `besides` leaves out a turn: its conversation and `created_at`.
    """
    whose = Message.number_index == number_index
    if patient_id is not None:
        whose = or_(Message.patient_id == patient_id, whose)
    rows = session.execute(
        select(Message.conversation_id, Message.created_at, Message.claimed_at)
        .where(whose, Message.direction == "out", Message.created_at > now - OLDEST)
        .where(Message.purpose == Purpose.OUTREACH, Message.status.in_(GONE_OUT))
        .where(Message.claimed_at > now - RECENT)
    )
    turns = {(row.conversation_id, row.created_at): row.claimed_at for row in rows}
    turns.pop(besides or (None, now), None)
    return sorted(turns.values())


def to_follow_up(session: Session, now: datetime, limit: int) -> list[UUID]:
    """Messages that did not reach the patient and that nobody has followed up yet, the oldest first."""
    return list(
        session.scalars(
            select(Message.id)
            .where(Message.consequence_at.is_(None), Message.status.in_(NOT_REACHED))
            .where(Message.direction == "out", Message.finished_at <= now)
            .order_by(Message.finished_at)
            .limit(limit)
        )
    )
