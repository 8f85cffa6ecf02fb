"""The consent ledger: what was agreed or refused, by whom, when, in which words. Rows are never changed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.store import Base, Row, Sealed


class ConsentEvent(Row, Base):
    """One decision about one number. `decision`: opt_in or opt_out; `programme` "*" means everything.

    `channel`: sms, voice or "*". The newest row that matches decides. The number counts, whoever's it is: two
    patients on one phone are both left alone after its STOP.
    """

    __tablename__ = "consent_event"
    __table_args__ = (Index("ix_consent_event_number_index_at", "number_index", "at"),)

    patient_id: Mapped[UUID | None] = mapped_column(ForeignKey("patient.id"), index=True)
    number_index: Mapped[str] = mapped_column(String(32))
    channel: Mapped[str] = mapped_column(String(8))
    programme: Mapped[str] = mapped_column(String(40), default="*")
    decision: Mapped[str] = mapped_column(String(8))
    source: Mapped[str] = mapped_column(String(40))
    words: Mapped[str | None] = mapped_column(Sealed("consent_event.words"))
    carrier_sid: Mapped[str | None] = mapped_column(String(40))
    at: Mapped[datetime]
