"""What follows when a message did not get through: another channel, or a person; never a blind second try."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases.flags import raise_flag
from app.cases.models import Case
from app.channels.errors import Consequence, policy
from app.conversations.advance import advance, lock
from app.conversations.kit import Kit
from app.conversations.models import Conversation, Timer
from app.conversations.turn import Outcome
from app.flow.events import NoReply
from app.outbox.models import Message, MessageStatus
from app.outbox.queue import cancel_queued
from app.outbox.status import NOT_REACHED
from app.outreach.triggers import stop_case

QUIETLY = (Consequence.NONE, Consequence.RETRY_LATER)
TRY_BY_VOICE = (
    Consequence.LANDLINE,
    Consequence.RETRY_LATER,
    Consequence.VOICE,
    Consequence.PERSON,
    Consequence.SENDER,
)


def follow_up(session: Session, message_id: UUID, *, kit: Kit, now: datetime) -> Outcome:
    """Do once what a failed message asks for: keep what we learnt of the number, try by voice, tell a person."""
    message = session.get(Message, message_id, with_for_update=True)
    if message is None or message.consequence_at is not None or message.status not in NOT_REACHED:
        return Outcome(moved=False)
    message.consequence_at = now
    if message.case_id is None:
        return Outcome(moved=False)
    consequence = policy(message.error_code).consequence if message.error_code else Consequence.NONE
    if consequence == Consequence.OPT_OUT:
        _stop(session, message, kit, now)
        return Outcome(moved=False)
    if message.channel == "sms" and consequence in TRY_BY_VOICE:
        outcome = _call_instead(session, message, kit, now)
        if outcome.moved:
            return outcome
    if not (message.channel == "voice" and consequence in QUIETLY and _goes_on(session, message)):
        _tell_person(session, message, now)
    return Outcome(moved=False)


def _stop(session: Session, message: Message, kit: Kit, now: datetime) -> None:
    """The carrier says they opted out: what is queued and what goes on ends, a person follows up."""
    because = "opted out at the carrier"
    _tell_person(session, message, now)
    cancel_queued(session, number_index=message.number_index, because=because, now=now)
    if message.case_id is not None:
        stop_case(session, message.case_id, because, now, kit)


def _goes_on(session: Session, message: Message) -> bool:
    """Nobody picked up, and the lane's next attempt is armed already: it is not yet a person's."""
    if message.status != MessageStatus.UNDELIVERED:
        return False
    armed = select(Timer.id).where(Timer.conversation_id == message.conversation_id, Timer.done_at.is_(None))
    return session.scalar(armed.where(Timer.kind == "no_reply").limit(1)) is not None


def _call_instead(session: Session, message: Message, kit: Kit, now: datetime) -> Outcome:
    """Ask the open question by telephone, if this message was its asking."""
    if message.conversation_id is None:
        return Outcome(moved=False)
    conversation: Conversation = lock(session, message.conversation_id)
    prompt = conversation.prompt or {}
    if conversation.status != "waiting" or prompt.get("message_id") != str(message.id):
        return Outcome(moved=False)
    event = NoReply(str(prompt["question_id"]), "call")
    key = f"failed:{message.id}"
    return advance(session, conversation.id, event, key=key, kit=kit, now=now, held=True)


def not_followed(session: Session, message_id: UUID, now: datetime) -> None:
    """Following up on this one failed: a person does it."""
    message = session.get(Message, message_id, with_for_update=True)
    if message is None or message.consequence_at is not None:
        return
    message.consequence_at = now
    if message.case_id is not None:
        _tell_person(session, message, now)


def _tell_person(session: Session, message: Message, now: datetime) -> None:
    case = session.get_one(Case, message.case_id)
    what = "a call" if message.channel == "voice" else "a text"
    if message.status == MessageStatus.SKIPPED:
        because = f"{what} was not sent: {message.reason or 'it may not be'}"
    else:
        because = f"{what} did not get through: {message.reason or 'the carrier refused it'}"
    raise_flag(
        session,
        case,
        urgency=2 if message.purpose == "safety" else 1,
        because=because[:160],
        source=f"failed:{message.id}",
        now=now,
        message_id=message.id,
    )
