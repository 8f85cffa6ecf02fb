"""What people said a reply really meant, and what the reader was taught: frozen revisions."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.store import Base, Row, Sealed, SealedJson

WAITING, KEPT, SET_ASIDE = "waiting", "kept", "set_aside"


class Correction(Row, Base):
    """What a reply was read as and what it meant, said by a person: one a message, the latest.

    `asked` is {"prompt", "options", "now", "script"} (the reply's local time, the programme), `read_as` the reading's
    JSON, `meant` {"answer", "urgency", "flag"}. `state` is waiting until somebody reviews it, then kept (an example of
    this practice) or set_aside, with `because`.
    """

    __tablename__ = "correction"
    __table_args__ = (Index("ix_correction_state_at", "state", "at"),)

    message_id: Mapped[UUID] = mapped_column(ForeignKey("message.id"), unique=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("care_case.id"))
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    language: Mapped[str] = mapped_column(String(8))
    channel: Mapped[str] = mapped_column(String(8))
    context: Mapped[str] = mapped_column(String(24))
    words: Mapped[str] = mapped_column(Sealed("correction.words"))
    asked: Mapped[Any] = mapped_column(SealedJson("correction.asked"))
    read_as: Mapped[Any] = mapped_column(SealedJson("correction.read_as"))
    meant: Mapped[Any] = mapped_column(SealedJson("correction.meant"))
    by: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(12), default=WAITING)
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[datetime | None]
    because: Mapped[str | None] = mapped_column(Sealed("correction.because"))


class WordRevision(Base):
    """What the reader is taught from a moment on, whole; the highest number is in force. A revision never changes.

    `content` is {"words": …, "limits": …} (see `app.teaching.lessons`); `restores` the revision it brings back, if any.
    """

    __tablename__ = "word_revision"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[Any] = mapped_column(SealedJson("word_revision.content"))
    why: Mapped[str] = mapped_column(Sealed("word_revision.why"))
    by: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]
    restores: Mapped[int | None]
