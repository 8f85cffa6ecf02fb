"""A timer's time has come: the event it stands for, once, unless it has to wait a little longer."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.conversations.advance import advance, lock
from app.conversations.kit import Kit
from app.conversations.models import Conversation, Timer
from app.conversations.turn import Outcome
from app.flow.events import Event, NoReply, Woke
from app.outbox.models import Message, MessageStatus

WHILE_TAKEN = timedelta(minutes=30)
WHILE_UNSENT = timedelta(minutes=15)
ON_ITS_WAY = (MessageStatus.QUEUED, MessageStatus.SENDING, MessageStatus.UNKNOWN)


def fire(session: Session, timer_id: UUID, *, kit: Kit, now: datetime) -> Outcome:
    """Carry out one timer. A conversation a person has, or a question not sent yet, puts it off, never loses it."""
    timer = session.get(Timer, timer_id)
    if timer is None or timer.done_at is not None:
        return Outcome(moved=False)
    conversation = lock(session, timer.conversation_id)
    # Somebody else may have fired it, or the patient answered, while we waited for the lock.
    if _done(session, timer):
        return Outcome(moved=False)
    wait = _not_yet(session, conversation, timer)
    if wait is not None:
        timer.due_at = now + wait
        return Outcome(moved=False)
    timer.done_at = now
    event: Event = NoReply(timer.key, timer.action) if timer.kind == "no_reply" else Woke(timer.key)
    return advance(session, conversation.id, event, key=f"timer:{timer.id}", kit=kit, now=now)


def _done(session: Session, timer: Timer) -> bool:
    session.refresh(timer)
    return timer.done_at is not None


def _not_yet(session: Session, conversation: Conversation, timer: Timer) -> timedelta | None:
    if conversation.taken_by is not None:
        return WHILE_TAKEN
    asked = (conversation.prompt or {}).get("message_id")
    if timer.kind == "no_reply" and asked:
        message = session.get(Message, UUID(asked))
        if message is not None and message.status in ON_ITS_WAY:
            return WHILE_UNSENT
    return None
