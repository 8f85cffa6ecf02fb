"""Writing down what became of a send: in one statement, never over what a receipt has already told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import bindparam, case, func, or_, select, update
from sqlalchemy.orm import Session

from app.channels.base import Kind, SendError, Sent
from app.channels.errors import policy
from app.channels.holds import line
from app.outbox.claim import Claimed
from app.outbox.claiming import M
from app.outbox.lessons import learn
from app.outbox.models import MessageStatus, Purpose
from app.outbox.outcome import Outcome
from app.outbox.status import sources
from app.store.live import announce

BACK_OFF = tuple(timedelta(seconds=s) for s in (2, 10, 30, 120, 600, 1800, 3600))
"""Before the second, third … try; after the last one it has failed."""
SAFETY_TRIES = 4
"""A safety text passes a hold; after these, two minutes in all, a person is told that the patient did not get it."""
FIRST_LOOK = timedelta(seconds=5)
WHILE_HELD = timedelta(seconds=30)

_log = structlog.get_logger("careloop.outbox")


@dataclass(frozen=True, slots=True)
class Tried:
    """One hand-over and how it ended."""

    message: Claimed
    result: Sent | SendError


def settle(session: Session, tried: Sequence[Tried], *, process_id: UUID, now: datetime) -> list[Outcome]:
    """Settle a batch. Whatever its outcome, a message that a receipt has moved on meanwhile stays there.

    Failures may write to numbers and holds that others write to: give each of them a transaction of its own.
    """
    rows = [
        {"one": t.message.id, "sid": t.result.sid, "now": now} for t in tried if isinstance(t.result, Sent)
    ]
    if rows:
        session.connection().execute(_ACCEPTED, rows if len(rows) > 1 else rows[0])
    outcomes = [Outcome(t.message.id, "sent") for t in tried if isinstance(t.result, Sent)]
    for t in tried:
        if isinstance(t.result, SendError):
            outcomes.append(_failed(session, t.message, t.result, process_id, now))
    return outcomes


def following(session: Session, conversations: Iterable[UUID | None], now: datetime) -> list[UUID]:
    """What is due next in each of these conversations: it waited for what has just left."""
    known = [c for c in conversations if c is not None]
    if not known:
        return []
    rows = session.connection().execute(_FOLLOWING, {"conversations": known, "now": now})
    first: dict[UUID, UUID] = {}
    for row in rows:
        first.setdefault(row.conversation_id, row.id)
    return list(first.values())


def _failed(session: Session, message: Claimed, error: SendError, process_id: UUID, now: datetime) -> Outcome:
    outcome, values = _decide(message, error, now)
    known = {"error_code": error.problem[:12], "reason": outcome.reason[:160]}
    done = session.connection().execute(
        update(M)
        .where(M.c.id == message.id, M.c.status == MessageStatus.SENDING)
        .where(M.c.claimed_by == process_id, M.c.claimed_at == message.claimed_at)
        .values(**known, **values)
    )
    # What is wrong on our side is an operator's; the rest is a patient's number, or passes.
    log = _log.error if error.kind in (Kind.OURS, Kind.STOP) else _log.warning
    log("not_sent", message=str(message.id), outcome=outcome.kind, code=error.problem)
    if outcome.kind == "failed" or error.kind is Kind.STOP:
        learn(
            session,
            policy(error.problem),
            number=message.number,
            number_index=message.number_index,
            patient_id=message.patient_id,
            sid=None,
            now=now,
            line=line(message.channel, message.our_number),
        )
    if message.conversation_id is not None:
        announce(session, "conversation", message.conversation_id)
    return outcome if done.rowcount else Outcome(message.id, "sent")


def _decide(message: Claimed, error: SendError, now: datetime) -> tuple[Outcome, dict[str, Any]]:
    """What the error's kind means for this message, and the columns that say so."""
    if error.kind is Kind.STOP and message.purpose is not Purpose.SAFETY:
        return _again(message, "held", error.words, now + WHILE_HELD, message.attempts - 1)
    tries = {Kind.RETRY: len(BACK_OFF), Kind.STOP: SAFETY_TRIES}.get(error.kind, 0)
    if message.attempts <= tries:
        wait = BACK_OFF[message.attempts - 1] * _jitter(message.id)
        return _again(message, "retry", error.words, now + wait, message.attempts)
    if error.kind is Kind.UNKNOWN:
        at = now + FIRST_LOOK
        values = {"status": MessageStatus.UNKNOWN, "due_at": at, "lookups": 0}
        return Outcome(message.id, "unknown", error.words, at), values
    values = {"status": MessageStatus.FAILED, "finished_at": now}
    words = policy("gave_up").words if error.kind is Kind.RETRY else error.words
    return Outcome(message.id, "failed", words), values


def _again(
    message: Claimed, kind: Any, words: str, at: datetime, attempts: int
) -> tuple[Outcome, dict[str, Any]]:
    values = {
        "status": MessageStatus.QUEUED,
        "due_at": at,
        "offered_at": None,
        "claimed_by": None,
        "claimed_at": None,
        "attempts": attempts,
    }
    return Outcome(message.id, kind, words, at), values


def _jitter(message_id: UUID) -> float:
    """Between 0.75 and 1.25, from the random end of the id: what failed together does not come back together."""
    return 0.75 + (message_id.int & 0xFFFF) / 0xFFFF / 2


_NOW = bindparam("now", type_=M.c.sent_at.type)
_MOVES = or_(*(M.c.status == before for before in sources(MessageStatus.ACCEPTED)))
"""No IN: a statement with a list in it cannot be run for many rows at once."""
_ACCEPTED = (
    update(M)
    .where(M.c.id == bindparam("one", type_=M.c.id.type))
    .values(
        # The receipt may have been faster than the answer (twilio.md §3.6); its word stands, with its reason.
        status=case((_MOVES, MessageStatus.ACCEPTED), else_=M.c.status),
        reason=case((_MOVES, None), else_=M.c.reason),
        carrier_sid=func.coalesce(M.c.carrier_sid, bindparam("sid", type_=M.c.carrier_sid.type)),
        sent_at=func.coalesce(M.c.sent_at, _NOW),
    )
)
_FOLLOWING = (
    select(M.c.conversation_id, M.c.id)
    .where(
        M.c.conversation_id.in_(bindparam("conversations", type_=M.c.id.type, expanding=True)),
        M.c.status == MessageStatus.QUEUED,
        M.c.direction == "out",
        M.c.due_at <= _NOW,
    )
    .order_by(M.c.created_at, M.c.lane_order, M.c.id)
)
