"""Taking the texts that wait: worked through, or put back for later, or kept aside for a person. Never lost."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import structlog
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
from app.outbox.claim import Claimant, claim
from app.store import Sessions, begin
from app.store.faults import met_another, of_all

LONGEST_WAIT = 300
TOGETHER = 16
"""So many texts are worked through in one transaction: their statements are shared."""
Then = Callable[[Handled], None]
"""What follows a committed transaction: its answers are sent, people are told of its flags."""
log = structlog.get_logger("careloop.inbound")


def take_some(sessions: Sessions, *, kit: Kit, clock: Clock, claimant: Claimant, then: Then) -> bool:
    """Work through the oldest waiting texts of some phones nobody else is at work on; whether any came further.

    What they are answered is claimed in the same transaction and handed to `then`, so that it is sent at once. When one
    of them fails, each is worked through by itself (`take_next`), and what it is answered is sent before the next.
    """
    found: list[UUID] = []
    try:
        with begin(sessions) as session:
            now = clock.now()
            mine = phones(session, now, TOGETHER)
            events, _ = oldest(session, mine, now) if mine else ([], False)
            found = [event.id for event in events]
            done = _handled(session, events, kit, now, claimant) if events else None
    except Exception as problem:
        if not found or of_all(problem):
            raise
        log.info("one_by_one", how_many=len(found), problem=type(problem).__name__)
        return _one_by_one(sessions, found, kit, clock, claimant, then)
    if done is not None:
        then(done)
    return done is not None


def _one_by_one(
    sessions: Sessions, found: Iterable[UUID], kit: Kit, clock: Clock, claimant: Claimant, then: Then
) -> bool:
    """Whether any of them came further: else they are left to the sweep."""
    further = False
    for event_id in found:
        try:
            done = take_next(sessions, event_id, kit=kit, clock=clock, claimant=claimant)
        except Exception as problem:
            if of_all(problem):
                raise
            # It met another transaction, or could not even be put back: it comes back, the others do not wait for it.
            log.warning("left_for_later", inbound=str(event_id), problem=type(problem).__name__)
            continue
        further = True
        if done is not None:
            then(done)
    return further


def take_next(
    sessions: Sessions, event_id: UUID, *, kit: Kit, clock: Clock, claimant: Claimant | None = None
) -> Handled | None:
    """Work through the oldest waiting text of that event's phone; None when there is none (left).

    A failure is retried after 2, 4, 8 … seconds; the fifth puts the text aside and its case before a person. One that
    is no fault of the text raises: nothing was changed, the sweep comes back to it.
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
    except Exception as problem:
        if taken is None or of_all(problem) or met_another(problem):
            raise
        log.error("inbound_failed", inbound=str(taken), problem=type(problem).__name__, exc_info=True)
        _put_back(sessions, taken, type(problem).__name__, clock.now())
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
