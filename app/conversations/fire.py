"""A timer's time has come: the event it stands for, once, unless it has to wait a little longer."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.conversations.advance import advance, lock
from app.conversations.kit import Kit
from app.conversations.models import Conversation, Timer
from app.conversations.timers import attempt_of_lane
from app.conversations.turn import Outcome
from app.conversations.visits import REMINDS
from app.flow.events import Event, NoReply, Woke
from app.outbox.models import Message, MessageStatus, Purpose
from app.scheduling.models import Appointment

WHILE_TAKEN = timedelta(minutes=30)
WHILE_UNSENT = timedelta(minutes=15)
AT_ONCE = timedelta(minutes=5)
"""What left this soon counts as sent when it was written."""
ON_ITS_WAY = (MessageStatus.QUEUED, MessageStatus.SENDING, MessageStatus.UNKNOWN)
LAST_SAID = 3


def fire(session: Session, timer_id: UUID, *, kit: Kit, now: datetime) -> Outcome:
    """Carry out one timer. A conversation a person has, or a question not sent yet, puts it off, never loses it."""
    timer = session.get(Timer, timer_id)
    if timer is None or timer.done_at is not None:
        return Outcome(moved=False)
    conversation = lock(session, timer.conversation_id)
    # Somebody else may have fired it, or the patient answered, while we waited for the lock.
    if _done(session, timer):
        return Outcome(moved=False)
    case = session.get_one(Case, conversation.case_id)
    not_before = _not_before(session, conversation, case, timer, now)
    if not_before > now:
        timer.due_at = not_before
        return Outcome(moved=False)
    timer.done_at = now
    event = _event(session, case, timer, now)
    return advance(session, conversation.id, event, key=f"timer:{timer.id}", kit=kit, now=now, held=True)


def _done(session: Session, timer: Timer) -> bool:
    session.refresh(timer)
    return timer.done_at is not None


def _event(session: Session, case: Case, timer: Timer, now: datetime) -> Event:
    if timer.kind != "no_reply":
        return Woke(timer.key)
    return NoReply(timer.key, "person" if _begun(session, case, now) else timer.action)


def _begun(session: Session, case: Case, now: datetime) -> bool:
    """Whether the visit this case reminds of has begun: nobody is nudged or called about it any more."""
    if case.lane_key != REMINDS or case.appointment_id is None:
        return False
    visit = session.get(Appointment, case.appointment_id)
    return visit is not None and visit.start_at <= now


def _not_before(
    session: Session, conversation: Conversation, case: Case, timer: Timer, now: datetime
) -> datetime:
    if conversation.taken_by is not None:
        return now + WHILE_TAKEN
    if timer.kind != "no_reply" or _begun(session, case, now):
        return now
    said = session.scalars(
        select(Message)
        .where(Message.conversation_id == conversation.id, Message.direction == "out")
        .where(Message.purpose != Purpose.STAFF)
        .order_by(Message.created_at.desc(), Message.lane_order.desc())
        .limit(LAST_SAID)
    ).all()
    if any(message.status in ON_ITS_WAY for message in said):
        return now + WHILE_UNSENT
    left = max((m.sent_at for m in said if m.sent_at and m.sent_at - m.created_at > AT_ONCE), default=None)
    if left is None:
        return now
    # It left later than it was written (quiet hours, caps): the patient has as long for it as anybody.
    question = (conversation.state or {}).get("question") or {}
    wait, _ = attempt_of_lane(session, case, int(question.get("silent", 0)))
    return left + wait
