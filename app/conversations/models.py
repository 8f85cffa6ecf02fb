"""Scripts' frozen revisions, conversations, their turns and timers."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.store import Base, Json, Row, SealedJson


class ScriptRevision(Base):
    """A frozen version of a script, by the hash of its content. The one published last starts new conversations.

    `compiled` is JSON as text: the order of steps is meaning, and JSONB would not keep it.
    """

    __tablename__ = "script_revision"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    script: Mapped[str] = mapped_column(String(40), index=True)
    number: Mapped[int]
    source: Mapped[str] = mapped_column(Text)
    compiled: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]


class Conversation(Row, Base):
    """One patient going through one revision. `state` is the engine's; `status` mirrors it for queries.

    `taken_by` is the coordinator who has it: while set, the bot is silent. `visits` are those its words have
    named: what the patient answers is about these and no other (see visits.py).
    """

    __tablename__ = "conversation"
    __table_args__ = (
        Index("ix_conversation_patient_id_started_at", "patient_id", "started_at"),
        Index("ix_conversation_number_index_status", "number_index", "status"),
        Index("ix_conversation_case_id", "case_id"),
    )

    case_id: Mapped[UUID] = mapped_column(ForeignKey("care_case.id"))
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"))
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    revision: Mapped[str] = mapped_column(ForeignKey("script_revision.hash"))
    script: Mapped[str] = mapped_column(String(40))
    status: Mapped[str] = mapped_column(String(12), default="new")
    state: Mapped[Any] = mapped_column(SealedJson("conversation.state"))
    prompt: Mapped[Any] = mapped_column(SealedJson("conversation.prompt"), nullable=True)
    channel: Mapped[str] = mapped_column(String(8), default="sms")
    language: Mapped[str] = mapped_column(String(8), default="en")
    contact_point_id: Mapped[UUID | None] = mapped_column(ForeignKey("contact_point.id"))
    number_index: Mapped[str] = mapped_column(String(32), default="")
    our_number: Mapped[str] = mapped_column(String(40), default="")
    taken_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    visits: Mapped[dict[str, str] | None] = mapped_column(Json)
    turns: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime]
    moved_at: Mapped[datetime]
    asked_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None] = mapped_column(String(60))


class ConversationTurn(Row, Base):
    """One event's effect on a conversation, by the event's key: what makes a repeated event do nothing."""

    __tablename__ = "conversation_turn"
    __table_args__ = (UniqueConstraint("conversation_id", "event_key"),)

    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id"))
    event_key: Mapped[str] = mapped_column(String(80))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(24))
    at: Mapped[datetime]
    before: Mapped[str] = mapped_column(String(60), default="")
    after: Mapped[str] = mapped_column(String(60), default="")


class Timer(Row, Base):
    """Something due in a conversation: `no_reply` on a question, `wake` of a wait."""

    __tablename__ = "timer"
    __table_args__ = (
        Index("ix_timer_due", "due_at", postgresql_where=text("done_at IS NULL")),
        Index("ix_timer_conversation_id", "conversation_id"),
    )

    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id"))
    kind: Mapped[str] = mapped_column(String(12))
    key: Mapped[str] = mapped_column(String(80))
    action: Mapped[str] = mapped_column(String(12), default="")
    due_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    claimed_until: Mapped[datetime | None]
