"""Taking the next text of a phone: worked through, or put back for later, or kept aside for a person. Never lost."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy.exc import OperationalError

from app.cases.flags import raise_flag
from app.clock import Clock
from app.conversations.kit import Kit
from app.inbound.handle import TRIES, handle_text, waiting_of_number
from app.inbound.models import InboundEvent
from app.inbound.route import case_for, route
from app.inbound.text import of_event
from app.inbound.work import Handled
from app.store import Sessions, begin

LONGEST_WAIT = 300
log = structlog.get_logger("careloop.inbound")


def take_next(sessions: Sessions, event_id: UUID, *, kit: Kit, clock: Clock) -> Handled | None:
    """Work through the oldest waiting text of that event's phone; None when there is none (left).

    A failure is retried after 2, 4, 8 … seconds; the fifth puts the text aside and its case before a person.
    """
    taken: UUID | None = None
    try:
        with begin(sessions) as session:
            now = clock.now()
            waiting = waiting_of_number(session, event_id, now)
            if not waiting or (waiting[0].retry_at is not None and waiting[0].retry_at > now):
                return None
            taken = waiting[0].id
            handled = handle_text(session, waiting[0], kit=kit, now=now)
            handled.more = handled.more or len(waiting) > 1
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
