"""Lanes, cases and everything a coordinator does with them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.store import Base, Json, Row, Sealed, SealedJson


class Lane(Base):
    """A kind of follow-up and its rules. `attempts`: [{"after": "4h", "do": "nudge|call|person"}] on silence.

    `respond_minutes` is the response window in business time, from the trigger, or from a flag by urgency
    (`flag_minutes`: {"emergency": 0, "urgent": 30, "routine": 480}).
    """

    __tablename__ = "lane"

    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    title: Mapped[str] = mapped_column(String(80))
    script: Mapped[str] = mapped_column(String(40))
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    backup_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    respond_minutes: Mapped[int]
    flag_minutes: Mapped[dict[str, int]] = mapped_column(Json, default=dict)
    priority: Mapped[str] = mapped_column(String(12), default="routine")
    attempts: Mapped[list[dict[str, str]]] = mapped_column(Json, default=list)
    close_reasons: Mapped[list[str]] = mapped_column(Json, default=list)
    template: Mapped[list[str]] = mapped_column(Json, default=list)


class Case(Row, Base):
    """One patient's follow-up in one lane. `urgency` (0 none to 3 emergency) and `due_at` order the queue.

    `occurred_at` is when the trigger happened (its clock starts there), `opened_at` when we heard of it.
    `needs_person` puts it in the queue, with `because`; `claimed_by` silences the bot. `version` guards
    against two people changing it at once.
    """

    __tablename__ = "care_case"
    __table_args__ = (
        Index(
            "ix_care_case_queue",
            "urgency",
            "due_at",
            "id",
            postgresql_where=text("needs_person AND closed_at IS NULL"),
        ),
        Index("ix_care_case_patient_id_opened_at", "patient_id", "opened_at"),
        Index("ix_care_case_open", "due_at", "id", postgresql_where=text("closed_at IS NULL")),
        Index("ix_care_case_owned", "owner_id", "due_at", postgresql_where=text("closed_at IS NULL")),
        Index("ix_care_case_claimed", "claimed_by", "due_at", postgresql_where=text("closed_at IS NULL")),
        Index("ix_care_case_closed", "closed_at", "id"),
    )

    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"))
    lane_key: Mapped[str] = mapped_column(ForeignKey("lane.key"))
    trigger_id: Mapped[UUID | None] = mapped_column(unique=True)
    appointment_id: Mapped[UUID | None] = mapped_column(ForeignKey("appointment.id"), index=True)
    status: Mapped[str] = mapped_column(String(12), default="open")
    priority: Mapped[str] = mapped_column(String(12), default="routine")
    urgency: Mapped[int] = mapped_column(default=0)
    needs_person: Mapped[bool] = mapped_column(default=False)
    because: Mapped[str | None] = mapped_column(Sealed("care_case.because"))
    unread: Mapped[int] = mapped_column(default=0)
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    backup_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    claimed_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    claimed_at: Mapped[datetime | None]
    occurred_at: Mapped[datetime]
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime]
    flagged_at: Mapped[datetime | None]
    first_response_at: Mapped[datetime | None]
    moved_at: Mapped[datetime]
    snoozed_until: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    close_reason: Mapped[str | None] = mapped_column(String(60))
    reached: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=0)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own protocol


class Flag(Row, Base):
    """A reply (or a silence) a person must see, with the words that raised it. One per source and reason."""

    __tablename__ = "flag"
    __table_args__ = (
        UniqueConstraint("case_id", "source"),
        Index("ix_flag_unacknowledged", "raised_at", postgresql_where=text("acknowledged_at IS NULL")),
    )

    case_id: Mapped[UUID] = mapped_column(ForeignKey("care_case.id"))
    message_id: Mapped[UUID | None] = mapped_column(ForeignKey("message.id"))
    source: Mapped[str] = mapped_column(String(120))
    urgency: Mapped[int]
    because: Mapped[str] = mapped_column(Sealed("flag.because"))
    words: Mapped[str | None] = mapped_column(Sealed("flag.words"))
    evidence: Mapped[Any] = mapped_column(SealedJson("flag.evidence"), nullable=True)
    raised_at: Mapped[datetime]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    climbed_at: Mapped[datetime | None]
    climbs: Mapped[int] = mapped_column(default=0)


class Note(Row, Base):
    """A documented touch. Every field of requirement 86 is asked for; "left voicemail" alone is refused."""

    __tablename__ = "note"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("care_case.id"), index=True)
    author_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]
    outcome: Mapped[str] = mapped_column(String(40))
    barrier: Mapped[str] = mapped_column(String(40))
    understanding: Mapped[str] = mapped_column(String(24))
    next_action: Mapped[str] = mapped_column(Sealed("note.next_action"))
    next_owner: Mapped[str] = mapped_column(String(64))
    next_due: Mapped[datetime | None]
    escalate: Mapped[bool] = mapped_column(default=False)
    words: Mapped[str | None] = mapped_column(Sealed("note.words"))


class Barrier(Row, Base):
    """Why a next step is not done; open until a person resolves it."""

    __tablename__ = "barrier"
    __table_args__ = (UniqueConstraint("case_id", "kind"),)

    case_id: Mapped[UUID] = mapped_column(ForeignKey("care_case.id"))
    kind: Mapped[str] = mapped_column(String(40))
    opened_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))


class Promise(Row, Base):
    """The next promised action: who, what, by when. Past its date and not done it is overdue."""

    __tablename__ = "promise"
    __table_args__ = (Index("ix_promise_open_due", "done_at", "due_at"),)

    case_id: Mapped[UUID] = mapped_column(ForeignKey("care_case.id"), index=True)
    who: Mapped[str] = mapped_column(String(64))
    what: Mapped[str] = mapped_column(Sealed("promise.what"))
    due_at: Mapped[datetime]
    made_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    flagged_at: Mapped[datetime | None]


class CaseEvent(Row, Base):
    """What happened to a case, in order, for its timeline and the measures: opened, flagged, claimed, closed
    …
    """

    __tablename__ = "case_event"
    __table_args__ = (Index("ix_case_event_case_id_at", "case_id", "at"), Index("ix_case_event_at", "at"))

    case_id: Mapped[UUID] = mapped_column(ForeignKey("care_case.id"))
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(24))
    actor: Mapped[str] = mapped_column(String(64), default="bot")
    detail: Mapped[Any] = mapped_column(SealedJson("case_event.detail"), nullable=True)
