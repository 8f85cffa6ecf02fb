"""What the queues forgot and what died half-way: the database says what is due, this finds it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy import ColumnElement, and_, false, or_, select, true, update
from sqlalchemy.orm import Session

from app.channels.base import TWILIO, SendError
from app.channels.carriers import Carriers
from app.channels.holds import in_force, line_of
from app.clock import Clock
from app.outbox.claiming import M, literally
from app.outbox.lookup import lease, look
from app.outbox.models import MessageStatus, Process, Purpose, Receipt
from app.outbox.outcome import Outcome
from app.outbox.receipts import pending_receipts, settle_receipt
from app.store.database import Sessions, begin
from app.store.faults import met_another, of_all

REPLIES_AGAIN = timedelta(seconds=5)
BULK_AGAIN = timedelta(seconds=60)
"""So long a job may wait on its queue before its id is put there a second time, which is harmless but work."""
NEVER_BEAT = timedelta(seconds=60)
TOO_LONG = timedelta(seconds=180)
"""No hand-over takes so long: its settling failed though its process lives."""
LOOKS = 200
LOOK_SECONDS = 10.0
"""After this no further list is asked for in one sweep."""
RECEIPTS = 200

_log = structlog.get_logger("careloop.outbox")


def due_ids(session: Session, now: datetime, limit: int, *, bulk: bool | None = None) -> list[UUID]:
    """Messages that are due and on no queue, marked as offered from now on; what we start comes last.

    `bulk` asks for only what we start (True) or everything but that (False). Of what is held, only safety.
    """
    found: list[UUID] = []
    stopped = {one.carrier for one in in_force(session, now)}
    if TWILIO in stopped:
        free: ColumnElement[bool] = false()
    else:
        # What is held must not take the places of what may go.
        free = line_of(M.c.channel, M.c.our_number).not_in(stopped) if stopped else true()
    if bulk is not True:
        soon = and_(M.c.purpose != Purpose.OUTREACH, or_(M.c.purpose == Purpose.SAFETY, free))
        found += _offer(session, soon, now, REPLIES_AGAIN, limit)
    if bulk is not False and len(found) < limit and TWILIO not in stopped:
        ours = and_(M.c.purpose == Purpose.OUTREACH, free)
        found += _offer(session, ours, now, BULK_AGAIN, limit - len(found))
    return found


def recover(sessions: Sessions, *, carriers: Carriers, clock: Clock) -> list[Outcome]:
    """Find out about what dead processes were sending and what broke off, and settle receipts left behind."""
    with begin(sessions) as session:
        orphaned = orphans(session, clock.now())
        receipts = pending_receipts(session, clock.now(), RECEIPTS)
    if orphaned:
        _log.warning("orphans", messages=[str(message) for message in orphaned])
    for receipt in receipts:
        _settle(sessions, receipt, clock.now())
    return list(_look_ups(sessions, carriers, clock))


def _settle(sessions: Sessions, receipt: UUID, now: datetime) -> None:
    """Settle one receipt; one that cannot be settled must not keep the others from it."""
    try:
        with begin(sessions) as session:
            settle_receipt(session, receipt, now)
    except Exception as problem:
        if of_all(problem):
            raise
        if met_another(problem):
            # Nothing was changed, the next sweep comes back to it.
            _log.warning("met_another", receipt=str(receipt), problem=type(problem).__name__)
            return
        _log.exception("receipt_not_settled", receipt=str(receipt))
        with begin(sessions) as session:
            session.execute(update(Receipt).where(Receipt.id == receipt).values(applied=False))


def _look_ups(sessions: Sessions, carriers: Carriers, clock: Clock) -> Iterator[Outcome]:
    """Look up what is due, for a short while: with one worker, patients' texts wait behind this."""
    stop = time.monotonic() + LOOK_SECONDS
    away: dict[str, SendError] = {}
    for number in range(LOOKS):
        # Where the list is away nothing is waited for any more: the others are only put off.
        if number and not away and time.monotonic() > stop:
            return
        with begin(sessions) as session:
            # One at a time: what was leased and not come to would lie until its lease is over.
            lost = lease(session, clock.now(), 1)
        if not lost:
            return
        try:
            yield look(sessions, lost[0], carriers=carriers, clock=clock, away=away)
        except Exception as problem:
            if of_all(problem):
                raise
            # It is looked up again when its lease is over, and the others now.
            _log.exception("not_looked_up", message=str(lost[0].id))


def orphans(session: Session, now: datetime) -> list[UUID]:
    """Turn what a dead process was sending into unknown; its first look-up is due at once."""
    process = select(Process.alive_until).where(Process.id == M.c.claimed_by)
    dead = and_(process.exists(), ~process.where(Process.alive_until >= now).exists())
    unheard = and_(~process.exists(), M.c.claimed_at < now - NEVER_BEAT)
    rows = session.connection().scalars(
        update(M)
        .where(M.c.status == _SENDING, M.c.due_at <= now)
        .where(or_(dead, unheard, M.c.claimed_at < now - TOO_LONG))
        .values(status=MessageStatus.UNKNOWN, due_at=now, lookups=0)
        .returning(M.c.id)
    )
    return list(rows)


def _offer(
    session: Session, which: ColumnElement[bool], now: datetime, patience: timedelta, limit: int
) -> list[UUID]:
    due = (
        select(M.c.id)
        .where(M.c.status == _QUEUED, M.c.direction == "out", M.c.due_at <= now, which)
        .where(or_(M.c.offered_at.is_(None), M.c.offered_at <= now - patience))
        .order_by(M.c.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = session.connection().scalars(
        update(M).where(M.c.id.in_(due)).values(offered_at=now).returning(M.c.id)
    )
    # Ids grow with time, so this is the order they were written in.
    return sorted(rows)


_QUEUED = literally(MessageStatus.QUEUED)
_SENDING = literally(MessageStatus.SENDING)
