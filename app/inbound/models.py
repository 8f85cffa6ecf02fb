"""What came in from carriers, stored before anything is made of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.store import Base, Row, SealedJson


class InboundEvent(Row, Base):
    """A verified webhook exactly as it came. `dedupe` is the carrier's own id, so a repeat is one row.

    `state`: new, done, quarantined (with `reason`). `number_index` orders one phone's texts.
    """

    __tablename__ = "inbound_event"
    __table_args__ = (
        UniqueConstraint("kind", "dedupe"),
        Index("ix_inbound_event_pending", "received_at", postgresql_where=text("state = 'new'")),
        Index("ix_inbound_event_number_index_state", "number_index", "state"),
    )

    kind: Mapped[str] = mapped_column(String(12))
    dedupe: Mapped[str] = mapped_column(String(100))
    number_index: Mapped[str] = mapped_column(String(32))
    params: Mapped[Any] = mapped_column(SealedJson("inbound_event.params"))
    received_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(12), default="new")
    attempts: Mapped[int] = mapped_column(default=0)
    retry_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(String(200))
    message_id: Mapped[UUID | None]


class PhoneThread(Base):
    """Which patient a shared telephone is talking about, once they told us; and the question while it is open."""

    __tablename__ = "phone_thread"

    number_index: Mapped[str] = mapped_column(String(32), primary_key=True)
    patient_id: Mapped[UUID | None]
    chosen_at: Mapped[datetime | None]
    asked_at: Mapped[datetime | None]
    choices: Mapped[list[str]] = mapped_column(SealedJson("phone_thread.choices"), default=list)
    held_event_id: Mapped[UUID | None]


class InboxLook(Base):
    """Until when the carrier's own list of texts to a number of ours was read, and what was missing was kept."""

    __tablename__ = "inbox_look"

    number: Mapped[str] = mapped_column(String(40), primary_key=True)
    looked_at: Mapped[datetime]
