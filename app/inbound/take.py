"""Taking the texts that wait: worked through, or put back for later, or kept aside for a person. Never lost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.cases.flags import raise_flag
from app.clock import Clock
from app.conversations.kit import Kit
from app.inbound.handle import handle_texts
from app.inbound.models import InboundEvent
from app.inbound.route import case_for, route
from app.inbound.text import of_event
from app.inbound.waiting import TRIES, of_phone, oldest, phones
from app.inbound.work import Handled
from app.outbox.claim import Claimant, Taken, claim
from app.store import Sessions, begin
from app.store.database import MET

LONGEST_WAIT = 300
TOGETHER = 16
"""So many texts are worked through in one transaction: their statements are shared."""
log = structlog.get_logger("careloop.inbound")


def take_some(sessions: Sessions, *, kit: Kit, clock: Clock, claimant: Claimant) -> Handled | None:
    """Work through the oldest waiting texts of some phones nobody else is at work on; None when there are none.

    What they are answered is claimed in the same transaction, so that it can be sent at once. When one of them fails,
    each is worked through by itself (`take_next`).
    """
    found: list[UUID] = []
    try:
        with begin(sessions) as session:
            now = clock.now()
            mine = phones(session, now, TOGETHER)
            events, _ = oldest(session, mine, now) if mine else ([], False)
            found = [event.id for event in events]
            return _handled(session, events, kit, now, claimant) if events else None
    except Exception as problem:
        if not found or (isinstance(problem, OperationalError) and not isinstance(problem.orig, MET)):
            raise
        log.info("one_by_one", how_many=len(found), problem=type(problem).__name__)
    done = [
        one
        for event_id in found
        if (one := take_next(sessions, event_id, kit=kit, clock=clock, claimant=claimant)) is not None
    ]
    return _all(done)


def take_next(
    sessions: Sessions, event_id: UUID, *, kit: Kit, clock: Clock, claimant: Claimant | None = None
) -> Handled | None:
    """Work through the oldest waiting text of that event's phone; None when there is none (left).

    A failure is retried after 2, 4, 8 … seconds; the fifth puts the text aside and its case before a person.
    """
    taken: UUID | None = None
    try:
        with begin(sessions) as session:
            phone = of_phone(session, event_id)
            now = clock.now()
            events, more = oldest(session, [phone], now) if phone is not None else ([], False)
            if not events:
                return None
            taken = events[0].id
            handled = _handled(session, events, kit, now, claimant)
            handled.more = handled.more or more
            return handled
    except OperationalError:
        # The database is away or two transactions met: nothing was changed, the sweep comes back to it.
        raise
    except Exception as error:
        if taken is None:
            raise
        log.error("inbound_failed", inbound=str(taken), problem=type(error).__name__, exc_info=True)
        _put_back(sessions, taken, type(error).__name__, clock.now())
        return None


def _handled(
    session: Session, events: Sequence[InboundEvent], kit: Kit, now: datetime, claimant: Claimant | None
) -> Handled:
    handled = handle_texts(session, events, kit=kit, now=now)
    if claimant is not None and handled.messages:
        handled.taken = claim(
            session,
            handled.messages,
            process_id=claimant.process_id,
            now=now,
            caps=claimant.caps,
            pace=claimant.pace,
        )
    return handled


def _all(done: Iterable[Handled]) -> Handled:
    """What is left to do of all of these."""
    whole = Handled(more=True)
    for one in done:
        whole.messages += one.messages
        whole.flags += one.flags
        whole.media += one.media
        whole.taken = (whole.taken or Taken()) + (one.taken or Taken())
    return whole


def _put_back(sessions: Sessions, event_id: UUID, problem: str, now: datetime) -> None:
    with begin(sessions) as session:
        event = session.get_one(InboundEvent, event_id, with_for_update=True)
        if event.state != "new":
            return
        event.attempts += 1
        event.retry_at = now + timedelta(seconds=min(2**event.attempts, LONGEST_WAIT))
        event.reason = f"failed: {problem}"[:200]
    if event.attempts >= TRIES:
        _show(sessions, event_id, now)


def _show(sessions: Sessions, event_id: UUID, now: datetime) -> None:
    """A text we could not work through is a person's to read, at once: it may be the one that matters.

    It is put aside in the same transaction: one that cannot even be shown comes back, and is logged, until it can.
    """
    with begin(sessions) as session:
        event = session.get_one(InboundEvent, event_id, with_for_update=True)
        event.state = "quarantined"
        incoming = of_event(event)
        where = route(session, incoming, now)
        if where is None:
            return
        case = case_for(session, where, incoming, now)
        raise_flag(
            session,
            case,
            urgency=2,
            because="a text could not be worked through: read it",
            source=incoming.key,
            now=now,
            words=incoming.body,
        )
