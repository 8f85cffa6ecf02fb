"""Patients' files and where each one stands."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.store import Base, Choice, Row, SealedBytes


class MediaState(StrEnum):
    """Where a file is. waiting: to be fetched, perhaps again. kept: here. refused: not taken. failed: given up."""

    WAITING = "waiting"
    KEPT = "kept"
    REFUSED = "refused"
    FAILED = "failed"


class Media(Row, Base):
    """A file that hangs on a text, at its place there.

    `told` is the content type the carrier announced, `content_type` what the bytes are, `sha256` theirs in the clear.
    `due_at` is when it is fetched next, `remove_at` when it is deleted at the carrier next: None when neither is open.
    `reason` says in a sentence what was last in the way; `remove_problem` the same of deleting.
    """

    __tablename__ = "media"
    __table_args__ = (
        UniqueConstraint("message_id", "position"),
        Index("ix_media_due", "due_at", postgresql_where=text("due_at IS NOT NULL")),
        Index("ix_media_remove", "remove_at", postgresql_where=text("remove_at IS NOT NULL")),
    )

    message_id: Mapped[UUID] = mapped_column(ForeignKey("message.id"))
    position: Mapped[int]
    told: Mapped[str] = mapped_column(String(100), default="")
    carrier_sid: Mapped[str | None] = mapped_column(String(40))
    state: Mapped[MediaState] = mapped_column(Choice(MediaState), default=MediaState.WAITING)
    reason: Mapped[str | None] = mapped_column(String(200))
    kind: Mapped[str | None] = mapped_column(String(12))
    content_type: Mapped[str | None] = mapped_column(String(60))
    size: Mapped[int | None]
    sha256: Mapped[str | None] = mapped_column(String(64))
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    remove_at: Mapped[datetime | None]
    removes: Mapped[int] = mapped_column(default=0)
    removed_at: Mapped[datetime | None]
    remove_problem: Mapped[str | None] = mapped_column(String(200))


class MediaContent(Base):
    """A file's bytes, sealed."""

    __tablename__ = "media_content"

    media_id: Mapped[UUID] = mapped_column(ForeignKey("media.id"), primary_key=True)
    data: Mapped[bytes] = mapped_column(SealedBytes("media_content.data"))
