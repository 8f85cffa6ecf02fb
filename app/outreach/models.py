"""Triggers and the attempts they lead to."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.store import Base, Row, SealedJson


class Trigger(Row, Base):
    """What happened, once per (source, external_id): each opens exactly one case, even when nothing can be sent."""

    __tablename__ = "trigger_event"
    __table_args__ = (UniqueConstraint("source", "external_id"),)

    source: Mapped[str] = mapped_column(String(120))
    external_id: Mapped[str] = mapped_column(String(160))
    kind: Mapped[str] = mapped_column(String(24))
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"), index=True)
    appointment_id: Mapped[UUID | None] = mapped_column(ForeignKey("appointment.id"))
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("care_case.id"), index=True)
    occurred_at: Mapped[datetime]
    received_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_because: Mapped[str | None] = mapped_column(String(80))
    detail: Mapped[Any] = mapped_column(SealedJson("trigger_event.detail"), nullable=True)


class Attempt(Row, Base):
    """One planned try to begin a conversation: due, then started or skipped with its reason."""

    __tablename__ = "attempt"
    __table_args__ = (Index("ix_attempt_due", "due_at", postgresql_where=text("done_at IS NULL")),)

    case_id: Mapped[UUID] = mapped_column(ForeignKey("care_case.id"), index=True)
    conversation_id: Mapped[UUID | None] = mapped_column(ForeignKey("conversation.id"))
    due_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(String(120))
    claimed_until: Mapped[datetime | None]
