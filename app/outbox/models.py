"""Messages and calls: what must go out, what came in, and what the carrier said of it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.store import Base, Choice, Json, Row, Sealed, SealedJson

SAID_BIRTH_DATE: Final = "(date of birth)"
"""What is kept of a birth date said on a call. In brackets, too, stands what happened on a call: "(silence)"."""


class MessageStatus(StrEnum):
    """Where a message is. Ours: queued, sending, unknown, skipped; the carrier's: accepted and after."""

    QUEUED = "queued"
    SENDING = "sending"
    UNKNOWN = "unknown"
    ACCEPTED = "accepted"
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    CANCELED = "canceled"
    READ = "read"
    SKIPPED = "skipped"
    RECEIVED = "received"
    SPOKEN = "spoken"


class Purpose(StrEnum):
    """Why a message goes out, which decides what may hold it back.

    safety: nothing may. reply: an answer to a patient who has just written: not capped, not delayed.
    staff: a person writes. outreach: what we start: quiet hours and caps apply. notice: a consent or help
    answer, sent once.
    """

    SAFETY = "safety"
    REPLY = "reply"
    STAFF = "staff"
    NOTICE = "notice"
    OUTREACH = "outreach"


class Message(Row, Base):
    """One text or one call, either way. `id` is the opaque reference carriers carry back to us.

    `business_key` makes an outgoing row unique (conversation, turn, place): a turn done twice writes once.
    `lane_order` keeps two texts of one turn in order. `claimed_by` names the process that is sending it.
    `consequence_at` is when a failure or skip was followed up (another channel, a person). `programme` is
    what consent is asked for ("*": all). `offered_at` is when it was last put on a queue, None before.
    """

    __tablename__ = "message"
    __table_args__ = (
        Index("ix_message_conversation_id_created_at", "conversation_id", "created_at"),
        Index("ix_message_patient_id_created_at", "patient_id", "created_at"),
        Index("ix_message_due", "due_at", postgresql_where=text("status IN ('queued','sending','unknown')")),
        Index("ix_message_number_index_created_at", "number_index", "created_at"),
        Index(
            "ix_message_follow_up",
            "finished_at",
            postgresql_where=text("consequence_at IS NULL AND status IN ('failed','undelivered','skipped')"),
        ),
    )

    direction: Mapped[str] = mapped_column(String(3))
    channel: Mapped[str] = mapped_column(String(8), default="sms")
    purpose: Mapped[Purpose] = mapped_column(Choice(Purpose), default=Purpose.REPLY)
    status: Mapped[MessageStatus] = mapped_column(Choice(MessageStatus))
    business_key: Mapped[str | None] = mapped_column(String(120), unique=True)
    site_id: Mapped[UUID | None] = mapped_column(ForeignKey("site.id"))
    patient_id: Mapped[UUID | None] = mapped_column(ForeignKey("patient.id"))
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("care_case.id"), index=True)
    conversation_id: Mapped[UUID | None] = mapped_column(ForeignKey("conversation.id"))
    step: Mapped[str] = mapped_column(String(60), default="")
    language: Mapped[str] = mapped_column(String(8), default="en")
    number: Mapped[str] = mapped_column(Sealed("message.number"))
    number_index: Mapped[str] = mapped_column(String(32))
    our_number: Mapped[str] = mapped_column(String(40), default="")
    body: Mapped[str] = mapped_column(Sealed("message.body"))
    media: Mapped[Any] = mapped_column(SealedJson("message.media"), nullable=True)
    reading: Mapped[Any] = mapped_column(SealedJson("message.reading"), nullable=True)
    segments: Mapped[int] = mapped_column(default=1)
    author: Mapped[str] = mapped_column(String(64), default="bot")
    programme: Mapped[str] = mapped_column(String(40), default="*")
    lane_order: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    offered_at: Mapped[datetime | None]
    claimed_by: Mapped[UUID | None]
    claimed_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    lookups: Mapped[int] = mapped_column(default=0)
    carrier_sid: Mapped[str | None] = mapped_column(String(40), unique=True)
    sent_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    error_code: Mapped[str | None] = mapped_column(String(12))
    reason: Mapped[str | None] = mapped_column(String(160))
    consequence_at: Mapped[datetime | None]

    @property
    def happened(self) -> bool:
        """Whether it tells what happened on a call instead of what was said: "(nobody took the call)"."""
        inside = self.body if self.direction == "in" and self.channel == "voice" and self.body else ""
        return inside.startswith("(") and inside.endswith(")") and inside != SAID_BIRTH_DATE

    @property
    def patient_words(self) -> str:
        """What the patient wrote or said; "" for what happened on a call."""
        return "" if self.happened else self.body


class Call(Row, Base):
    """A telephone call, in or out, by its CallSid. `message_id` is the outbox row of one we placed."""

    __tablename__ = "call"
    __table_args__ = (Index("ix_call_patient_id_started_at", "patient_id", "started_at"),)

    carrier_sid: Mapped[str] = mapped_column(String(40), unique=True)
    direction: Mapped[str] = mapped_column(String(3))
    message_id: Mapped[UUID | None] = mapped_column(ForeignKey("message.id"))
    patient_id: Mapped[UUID | None] = mapped_column(ForeignKey("patient.id"))
    conversation_id: Mapped[UUID | None] = mapped_column(ForeignKey("conversation.id"), index=True)
    number_index: Mapped[str] = mapped_column(String(32))
    status: Mapped[str] = mapped_column(String(16), default="ringing")
    sequence: Mapped[int] = mapped_column(default=-1)
    answered_by: Mapped[str | None] = mapped_column(String(24))
    turns: Mapped[int] = mapped_column(default=0)
    last_key: Mapped[str] = mapped_column(String(80), default="")
    last_twiml: Mapped[str | None] = mapped_column(Sealed("call.last_twiml"))
    notes: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    duration: Mapped[int | None]


class Receipt(Row, Base):
    """What the carrier told us of a message or call, exactly as it came; kept though it changed nothing."""

    __tablename__ = "receipt"
    __table_args__ = (Index("ix_receipt_pending", "received_at", postgresql_where=text("applied IS NULL")),)

    message_id: Mapped[UUID | None] = mapped_column(index=True)
    carrier_sid: Mapped[str] = mapped_column(String(40), index=True)
    status: Mapped[str] = mapped_column(String(24))
    error_code: Mapped[str | None] = mapped_column(String(12))
    sequence: Mapped[int | None]
    params: Mapped[Any] = mapped_column(SealedJson("receipt.params"))
    applied: Mapped[bool | None]
    received_at: Mapped[datetime] = mapped_column(index=True)


class Process(Base):
    """A running worker or clock: what it claimed is its own while `alive_until` lies ahead."""

    __tablename__ = "process"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    started_at: Mapped[datetime]
    alive_until: Mapped[datetime]
