"""The audit trail: append-only rows, chained by keyed hashes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.store import Base, Json, Row


class AuditEvent(Row, Base):
    """Who did what to what. `seal` authenticates the row at once; `seq` and `chain` are given by the sealer.

    Chaining in the writing transaction would put every webhook behind one lock; so each row carries its own
    keyed seal, and the clock chains rows in batches a moment later. `detail` holds ids and names of fields,
    never values.
    """

    __tablename__ = "audit_event"
    __table_args__ = (Index("ix_audit_event_subject", "subject_kind", "subject_id"),)

    at: Mapped[datetime] = mapped_column(index=True)
    actor_kind: Mapped[str] = mapped_column(String(16))
    actor: Mapped[str] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(48))
    subject_kind: Mapped[str] = mapped_column(String(24))
    subject_id: Mapped[str] = mapped_column(String(64))
    detail: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    seal: Mapped[str] = mapped_column(String(64))
    seq: Mapped[int | None] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), unique=True)
    chain: Mapped[str | None] = mapped_column(String(64))


class AuditHead(Base):
    """Where the chain ends, authenticated: one row. Without it, rows cut off the end would leave no trace
    here.
    """

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"))
    chain: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    seal: Mapped[str] = mapped_column(String(64))
