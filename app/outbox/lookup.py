"""Finding out about a message nobody knows was sent: ask the carrier's own list, twice, before anything is decided.

Twice absent, the second time long enough after the send, means it never arrived there: it is queued again. A list that
cannot be had for ten minutes means a person decides.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.channels.base import Found, SendError
from app.channels.carriers import Carriers
from app.channels.errors import policy
from app.clock import Clock
from app.outbox.claiming import M, literally
from app.outbox.models import MessageStatus, Receipt
from app.outbox.outcome import Kind, Outcome
from app.outbox.receipts import apply_status
from app.outbox.settle import BACK_OFF
from app.outbox.status import reported
from app.store.database import Sessions, begin
from app.store.live import announce

LEASE = timedelta(seconds=60)
"""How long one process has a message for looking it up; much longer than a list is waited for."""
SECOND_LOOK = timedelta(seconds=20)
SURE_AFTER = timedelta(seconds=30)
"""A carrier that took a request lists it well before; a request still on its way has been given up by then."""
LIST_AGAIN = timedelta(seconds=30)
LIST_FAILS = 20
"""Failed lists in a row, LIST_AGAIN apart, until a person decides: ten minutes."""
CLOCKS_DIFFER = timedelta(seconds=30)
"""An equal text that is older than this is another one; a younger one of ours would have its id by now."""

_log = structlog.get_logger("careloop.outbox")


@dataclass(frozen=True, slots=True)
class Lost:
    """A message whose sending is unknown, leased to us. Negative `lookups`: how often the list failed."""

    id: UUID
    channel: str
    number: str
    body: str
    conversation_id: UUID | None
    claimed_at: datetime
    attempts: int
    lookups: int


def lease(session: Session, now: datetime, limit: int) -> list[Lost]:
    """Unknown messages whose next look is due, for this process alone until LEASE is over."""
    due = (
        select(M.c.id)
        .where(M.c.status == UNKNOWN, M.c.due_at <= now)
        .order_by(M.c.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = session.connection().execute(
        update(M).where(M.c.id.in_(due)).values(due_at=now + LEASE).returning(*(M.c[name] for name in _NAMES))
    )
    return [Lost(**row._mapping) for row in rows]


def look(
    sessions: Sessions, lost: Lost, *, carriers: Carriers, clock: Clock, away: dict[str, SendError]
) -> Outcome:
    """Look one up, with no transaction open, and decide what can be decided.

    `away` keeps which carriers' lists cannot be had: in this round nobody waits for them again.
    """
    try:
        listed = _list(lost, carriers, away)
    except (SendError, KeyError) as error:
        with begin(sessions) as session:
            return _no_list(session, lost, error, clock.now())
    with begin(sessions) as session:
        now = clock.now()
        mine = _mine(session, lost, listed)
        if mine is not None:
            return _adopt(session, lost, mine, now)
        return _absent(session, lost, now)


def _list(lost: Lost, carriers: Carriers, away: dict[str, SendError]) -> list[Found]:
    carrier = carriers[lost.channel]
    if carrier.name in away:
        raise away[carrier.name]
    try:
        return carrier.find(lost.number, lost.claimed_at - CLOCKS_DIFFER)
    except SendError as error:
        if error.of_all:
            away[carrier.name] = error
        raise


def _mine(session: Session, lost: Lost, listed: Sequence[Found]) -> Found | None:
    """The oldest listed one with this text that belongs to no other message of ours."""
    same = [found for found in listed if same_text(lost.body, found.body)]
    if not same:
        return None
    sids = [found.sid for found in same]
    connection = session.connection()
    taken = set(
        connection.scalars(select(M.c.carrier_sid).where(M.c.carrier_sid.in_(sids), M.c.id != lost.id))
    )
    others = select(Receipt.carrier_sid).where(Receipt.carrier_sid.in_(sids), Receipt.message_id != lost.id)
    taken |= set(connection.scalars(others))
    free = [found for found in same if found.sid not in taken]
    return min(free, key=lambda found: (found.created, found.sid), default=None)


def same_text(ours: str, theirs: str) -> bool:
    """Whether the carrier's copy is our text: it may have replaced quotes and dashes, or put a notice in front."""
    return _fold(theirs).endswith(_fold(ours))


def _fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in decomposed if c.isalnum())


def _adopt(session: Session, lost: Lost, found: Found, now: datetime) -> Outcome:
    target = reported(found.status) or MessageStatus.ACCEPTED
    apply_status(session, lost.id, found.sid, target, found.error_code, now)
    _log.info("found_at_carrier", message=str(lost.id), status=target)
    return Outcome(lost.id, "sent")


def _absent(session: Session, lost: Lost, now: datetime) -> Outcome:
    looks = max(0, lost.lookups) + 1
    if looks < 2 or now - lost.claimed_at < SURE_AFTER:
        at = now + SECOND_LOOK
        return _set(session, lost, "unknown", {"due_at": at, "lookups": looks}, at=at)
    if lost.attempts > len(BACK_OFF):
        return _give_up(session, lost, "gave_up", now)
    _log.info("never_arrived", message=str(lost.id), tries=lost.attempts)
    again = {"status": MessageStatus.QUEUED, "due_at": now, "offered_at": None, "lookups": 0}
    return _set(session, lost, "retry", {**again, "claimed_by": None, "claimed_at": None}, at=now)


def _no_list(session: Session, lost: Lost, error: Exception, now: datetime) -> Outcome:
    fails = min(0, lost.lookups) - 1
    code = error.problem if isinstance(error, SendError) else "no_carrier"
    _log.warning("list_failed", message=str(lost.id), code=code, fails=-fails)
    if -fails >= LIST_FAILS:
        return _give_up(session, lost, "unresolved", now)
    at = now + LIST_AGAIN
    return _set(session, lost, "unknown", {"due_at": at, "lookups": fails}, at=at)


def _give_up(session: Session, lost: Lost, code: str, now: datetime) -> Outcome:
    words = policy(code).words
    values = {"status": MessageStatus.FAILED, "finished_at": now, "error_code": code, "reason": words[:160]}
    if lost.conversation_id is not None:
        announce(session, "conversation", lost.conversation_id)
    return _set(session, lost, "failed", values, reason=words)


def _set(
    session: Session,
    lost: Lost,
    kind: Kind,
    values: dict[str, Any],
    *,
    at: datetime | None = None,
    reason: str = "",
) -> Outcome:
    """Write the decision, unless a receipt has made it needless meanwhile."""
    done = session.connection().execute(
        update(M)
        .where(M.c.id == lost.id, M.c.status == UNKNOWN, M.c.claimed_at == lost.claimed_at)
        .values(**values)
    )
    return Outcome(lost.id, kind, reason, at) if done.rowcount else Outcome(lost.id, "sent")


UNKNOWN = literally(MessageStatus.UNKNOWN)
_NAMES = tuple(Lost.__slots__)
