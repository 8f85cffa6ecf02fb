"""What the API answers, as pydantic models: the other half of OpenAPI."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

Became = Literal["created", "changed", "repeated", "skipped"]
Urgency = Literal["none", "routine", "urgent", "emergency"]


class Answer(BaseModel):
    """Base of what is answered."""

    model_config = ConfigDict(extra="forbid")


class Taken(Answer):
    """What became of one thing that was sent. `id` is its own here; `notes` say what was found or done.

    created: new (201). changed: it was known and says something new. repeated: it says nothing new. skipped: it was
    understood, and nothing follows from it.
    """

    outcome: Became
    id: UUID | None = None
    patient_id: UUID | None = None
    appointment_id: UUID | None = None
    case_id: UUID | None = None
    notes: list[str] = []


class RowOut(Answer):
    """One row of a batch: its place from 0, its status (201, 200, 422 …), and what became of it."""

    index: int
    status: int
    taken: Taken | None = None
    problem: dict[str, Any] | None = None


class BatchOut(Answer):
    """A batch, row by row; one wrong row does not keep the others out."""

    taken: int
    refused: int
    rows: list[RowOut]


class FileRow(Answer):
    """One record of a file or message: where it stood, what it was, what became of it, and why."""

    where: str
    what: str
    outcome: str
    reason: str | None


class FileOut(Answer):
    """The report of a FHIR, HL7 or CSV body; it is kept, and can be read again in the console under Import."""

    run: UUID | None
    format: str
    counts: dict[str, int]
    rows: list[FileRow]


class FlagOut(Answer):
    """A reply or a silence that a person must see."""

    id: UUID
    urgency: Urgency
    because: str
    words: str | None
    raised_at: datetime
    acknowledged_at: datetime | None


class CaseLine(Answer):
    """A case as lists show it."""

    id: UUID
    patient_id: UUID
    lane: str
    status: str
    priority: str
    urgency: Urgency
    needs_person: bool
    because: str | None
    opened_at: datetime
    due_at: datetime
    closed_at: datetime | None
    close_reason: str | None
    reached: bool


class BarrierOut(Answer):
    """Why a next step is not done."""

    kind: str
    opened_at: datetime
    resolved_at: datetime | None


class PromiseOut(Answer):
    """The next promised action."""

    who: str
    what: str
    due_at: datetime
    done_at: datetime | None


class CaseOut(CaseLine):
    """A case with all that is known of it."""

    trigger_id: UUID | None
    appointment_id: UUID | None
    conversations: list[UUID]
    flags: list[FlagOut]
    barriers: list[BarrierOut]
    promises: list[PromiseOut]


class CasesOut(Answer):
    """A page of cases, newest first; give `next` as `after` for the following one."""

    cases: list[CaseLine]
    next: UUID | None


class MessageOut(Answer):
    """A text or what was said on a call, either way; `reading` is what a reply was understood to mean."""

    id: UUID
    direction: Literal["in", "out"]
    channel: str
    author: str
    status: str
    language: str
    body: str
    at: datetime
    sent_at: datetime | None
    error_code: str | None
    reason: str | None
    reading: Any = None


class ConversationLine(Answer):
    """A patient going through a script, as lists show it."""

    id: UUID
    case_id: UUID
    patient_id: UUID
    script: str
    status: str
    channel: str
    language: str
    taken_over: bool
    started_at: datetime
    ended_at: datetime | None
    end_reason: str | None


class ConversationOut(ConversationLine):
    """A conversation with what was said, oldest first."""

    messages: list[MessageOut]


class ConversationsOut(Answer):
    """A page of conversations, newest first; give `next` as `after` for the following one."""

    conversations: list[ConversationLine]
    next: UUID | None


class Problem(Answer):
    """Why not (RFC 9457): words for people, a code for programs, and the faults of the body by path."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[dict[str, str]] | None = None
