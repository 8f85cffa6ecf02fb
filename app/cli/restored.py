"""What a database that was put back does not know: what went out since its backup was made, and what came in.

Nothing that may have gone out is sent again: what was waiting is looked up at the carrier, what was planned is put
before a person, and all but safety texts wait until somebody has looked (`careloop holds lift twilio`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from app.cases.flags import raise_flag
from app.cases.models import Case
from app.channels.base import TWILIO, Inbox
from app.channels.carriers import make_carriers
from app.channels.holds import RESTORED, hold
from app.channels.twilio_client import NotConfigured
from app.clock import Clock
from app.conversations.models import Conversation, Timer
from app.inbound.models import InboxLook
from app.inbound.reconcile import look
from app.outbox.models import Message, MessageStatus
from app.outreach.models import Attempt
from app.patients.models import Site
from app.settings import Settings
from app.store import Sessions

UNTIL_LIFTED: Final = timedelta(days=3650)
LOOK_SECONDS: Final = 300.0
BECAUSE: Final = (
    "may have been written to or called already, before the database was put back: look before it goes on"
)
SKIPPED: Final = "it may have been done before the database was put back"


@dataclass(frozen=True, slots=True)
class Doubtful:
    """How much may have gone out since the backup: messages to look up, cases put before a person."""

    messages: int
    cases: int


def settle(session: Session, made_at: datetime, now: datetime) -> Doubtful:
    """Settle what the backup of `made_at` says is still to be done and was due until now; hold everything."""
    reason = (
        f"The database was put back to its state of {made_at:%Y-%m-%d %H:%M} UTC. An operator lifts this when the "
        "flagged cases have been looked at: careloop holds lift twilio."
    )
    hold(session, TWILIO, code=RESTORED, reason=reason, now=now, span=UNTIL_LIFTED)
    messages = _messages(session, made_at, now)
    cases = _attempts(session, now) | _timers(session, now)
    for case in cases:
        if case.closed_at is None:
            source = f"restored:{made_at:%Y%m%d%H%M%S}"
            raise_flag(session, case, urgency=1, because=BECAUSE, source=source, now=now)
    _inboxes(session, made_at)
    return Doubtful(messages, len(cases))


def fetch(sessions: Sessions, settings: Settings, made_at: datetime, clock: Clock) -> str:
    """Fetch what patients wrote since the backup from the carrier; how that went, in words."""
    try:
        inbox = make_carriers(settings)["sms"]
    except NotConfigured:
        return "No carrier is set up: texts that patients sent since then were not asked for."
    if not isinstance(inbox, Inbox):
        return "This carrier has no list of what patients sent since then."
    looked = look(sessions, inbox, clock=clock, since=made_at, seconds=LOOK_SECONDS)
    words = f"{len(looked.missing)} texts that patients sent since then were fetched; a person reads each of them."
    if looked.unfinished:
        numbers = ", ".join(looked.unfinished)
        words += f"\nNot all could be fetched for {numbers}: the clock goes on with it once it runs."
    return words


def _messages(session: Session, made_at: datetime, now: datetime) -> int:
    """What could have been sent by now is looked up before it is sent; what is planned for later stays planned."""
    due = (Message.status == MessageStatus.QUEUED) & (Message.due_at <= now)
    doubtful = (
        update(Message)
        .where(Message.direction == "out", or_(due, Message.status == MessageStatus.SENDING))
        .values(status=MessageStatus.UNKNOWN, claimed_by=None, lookups=0)
        .values(claimed_at=func.coalesce(Message.claimed_at, made_at))
        .returning(Message.id)
    )
    return len(session.scalars(doubtful).all())


def _attempts(session: Session, now: datetime) -> set[Case]:
    query = select(Attempt, Case).join(Case, Case.id == Attempt.case_id)
    query = query.where(Attempt.done_at.is_(None), Attempt.due_at <= now)
    found = session.execute(query).all()
    for attempt, _ in found:
        attempt.done_at, attempt.outcome, attempt.reason = now, "skipped", SKIPPED
    return {case for _, case in found}


def _timers(session: Session, now: datetime) -> set[Case]:
    query = select(Timer, Case).join(Conversation, Conversation.id == Timer.conversation_id)
    query = query.join(Case, Case.id == Conversation.case_id)
    query = query.where(Timer.done_at.is_(None), Timer.due_at <= now, Conversation.ended_at.is_(None))
    found = session.execute(query).all()
    for timer, _ in found:
        timer.done_at = now
    return {case for _, case in found}


def _inboxes(session: Session, made_at: datetime) -> None:
    """Have the carrier's list read from the backup on, also for a number it was never read for."""
    known = {row.number: row for row in session.scalars(select(InboxLook))}
    for number in sorted({number for site in session.scalars(select(Site)) for number in site.numbers}):
        row = known.get(number)
        if row is None:
            session.add(InboxLook(number=number, looked_at=made_at))
        else:
            row.looked_at = min(row.looked_at, made_at)
