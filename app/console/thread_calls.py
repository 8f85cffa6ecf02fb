"""The calls of a thread: placed, taken, or never placed, each in a sentence. A call nobody answered is one too."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from app.conversations.models import Conversation
from app.outbox.models import Call, Message

ANSWERED: Final = {"human": "a person answered", "machine_start": "an answering machine answered"}
CALL_WORDS: Final = {
    "completed": "",
    "no-answer": "no answer",
    "busy": "busy",
    "failed": "failed",
    "canceled": "stopped before anybody answered",
    "in-progress": "going on",
    "ringing": "ringing",
    "queued": "about to ring",
    "initiated": "about to ring",
}
WITHOUT_A_CALL: Final = {
    "queued": "Call waits to be placed",
    "sending": "Call is being placed",
    "unknown": "Call: checking with the carrier whether it was placed",
    "accepted": "Call handed to the carrier",
    "sent": "Call placed",
    "delivered": "Call placed",
    "undelivered": "Call placed: nobody was reached",
    "failed": "Call failed",
    "canceled": "Call stopped",
    "skipped": "Call not placed",
}
"""What became of a call that was planned, where the carrier has told us of none."""
TOLD: Final = frozenset({"queued", "undelivered", "failed", "canceled", "skipped"})
"""Of these the outbox keeps a reason."""
Line = tuple[datetime, str, str]
"""When, a key that stays the same, and the sentence."""


def calls_of(
    session: Session,
    patient_id: UUID,
    rows: Sequence[Message],
    *,
    since: datetime | None,
    until: datetime | None,
) -> list[Line]:
    """The patient's calls of a stretch of time, and those among its outbox rows that the carrier told us nothing of.

    `since` is in it and `until` is not; None is no bound.
    """
    theirs = _theirs(session, patient_id)
    query = select(Call).where(theirs)
    if since is not None:
        query = query.where(Call.started_at >= since)
    if until is not None:
        query = query.where(Call.started_at < until)
    found = [(call.started_at, str(call.id), call_words(call)) for call in session.scalars(query)]
    return found + _without_a_call(session, theirs, [row for row in rows if _is_call(row)])


def call_words(call: Call) -> str:
    """A call in a sentence: which way, whether somebody answered, how long."""
    way = "Patient called" if call.direction == "in" else "Call placed"
    long = f"{call.duration // 60}:{call.duration % 60:02} min" if call.duration else ""
    parts = [ANSWERED.get(call.answered_by or "", ""), CALL_WORDS.get(call.status, call.status), long]
    return f"{way}: {', '.join(part for part in parts if part)}" if any(parts) else way


def _theirs(session: Session, patient_id: UUID) -> ColumnElement[bool]:
    # A call from a number that several people share is with whoever its conversation turned out to be. Their ids are
    # fetched first: a condition on a list has its index, one on a query would read every call.
    talks = list(session.scalars(select(Conversation.id).where(Conversation.patient_id == patient_id)))
    return or_(Call.patient_id == patient_id, Call.conversation_id.in_(talks))


def _is_call(message: Message) -> bool:
    return message.channel == "voice" and message.direction == "out" and not message.body


def _without_a_call(session: Session, theirs: ColumnElement[bool], rows: Sequence[Message]) -> list[Line]:
    if not rows:
        return []
    known = set(
        session.scalars(select(Call.message_id).where(theirs, Call.message_id.in_([row.id for row in rows])))
    )
    return [(row.created_at, str(row.id), _planned_words(row)) for row in rows if row.id not in known]


def _planned_words(message: Message) -> str:
    words = WITHOUT_A_CALL.get(message.status.value, message.status.value)
    if not message.reason or message.status.value not in TOLD:
        return words
    return f"{words}: {message.reason}" if ":" not in words else f"{words} ({message.reason})"
