"""Reads of the outbox for others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.outbox.models import Message, Purpose
from app.outbox.status import GONE_OUT, NOT_REACHED

RECENT = timedelta(days=8)
OLDEST = timedelta(days=30)
"""Nothing waits longer than this between being written and being sent."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What a message belongs to: rows of one conversation written at one moment are one start."""

    message_id: UUID
    conversation_id: UUID | None
    created_at: datetime

    @property
    def key(self) -> tuple[UUID, datetime]:
        """Equal for what is one start; a message without a conversation is one by itself."""
        return self.conversation_id or self.message_id, self.created_at


def sent_recently(
    session: Session,
    patient_id: UUID | None,
    number_index: str,
    now: datetime,
    *,
    besides: Turn | None = None,
) -> list[datetime]:
    """When we started something with this patient, or on this number, in eight days: what caps count.

    Two texts of one turn are one start. `besides` leaves out one turn.
    """
    whose = Message.number_index == number_index
    if patient_id is not None:
        whose = or_(Message.patient_id == patient_id, whose)
    rows = session.execute(
        select(Message.id, Message.conversation_id, Message.created_at, Message.claimed_at)
        .where(whose, Message.direction == "out", Message.created_at > now - OLDEST)
        .where(Message.purpose == Purpose.OUTREACH, Message.status.in_(GONE_OUT))
        .where(Message.claimed_at > now - RECENT)
    )
    turns = {Turn(*row[:3]).key: row.claimed_at for row in rows}
    if besides is not None:
        turns.pop(besides.key, None)
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
