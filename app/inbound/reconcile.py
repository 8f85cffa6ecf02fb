"""Texts whose webhook never reached us: the carrier still has them, and we ask it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.channels.base import Inbox, Received, SendError
from app.clock import Clock
from app.inbound.intake import store
from app.inbound.models import InboundEvent, InboxLook
from app.patients.models import Site
from app.store.database import Sessions, begin, reading

LAP = timedelta(minutes=30)
"""So far back every look goes: the carrier's list may lag behind its webhooks."""
LATE = timedelta(minutes=5)
"""So far back it goes where it lists too much for that, or where the last look is longer ago."""
LONGEST = timedelta(days=14)
"""What is older than this, nobody waits for any more."""
SHORTEST = timedelta(seconds=2)
MOST = 1000
"""So many texts are asked for at once; where there are more, for a shorter time."""
LOOK_SECONDS = 20.0
"""After this the rest is left to the next look, which goes on from there."""
log = structlog.get_logger("careloop.inbound")


@dataclass(slots=True)
class Looked:
    """What a look found `missing`, kept now; and the numbers whose list was not had to its end (`unfinished`)."""

    missing: list[UUID] = field(default_factory=list)
    unfinished: list[str] = field(default_factory=list)


def look(
    sessions: Sessions,
    inbox: Inbox,
    *,
    clock: Clock,
    since: datetime | None = None,
    seconds: float = LOOK_SECONDS,
) -> Looked:
    """Keep what the carrier received for our numbers and we did not, as its webhooks would have been.

    Each number from its last look on, however long ago; also from `since`, where that is earlier. What fails or takes
    longer than `seconds` is left to the next look, which begins where this one ended.
    """
    with reading(sessions) as session:
        numbers = sorted({number for site in session.scalars(select(Site)) for number in site.numbers})
        last = {row.number: row.looked_at for row in session.scalars(select(InboxLook))}
    this = _Look(sessions, inbox, clock.now(), time.monotonic() + seconds)
    found = this.found
    for done, number in enumerate(numbers, start=1):
        try:
            whole = this.catch_up(number, last.get(number), since)
        except SendError as problem:
            log.warning("inbox_not_listed", problem=problem.problem)
            found.unfinished.append(number)
            if problem.of_all:
                # Each of them would be waited for in vain.
                found.unfinished += numbers[done:]
                return found
        else:
            found.unfinished += [] if whole else [number]
    return found


@dataclass(slots=True)
class _Look:
    sessions: Sessions
    inbox: Inbox
    now: datetime
    stop: float
    found: Looked = field(default_factory=Looked)

    def catch_up(self, number: str, last: datetime | None, since: datetime | None) -> bool:
        """One number, the oldest first, in pieces the carrier can list; whether it came to the end."""
        at, enough = self._begins(last, since)
        span = self.now - at
        while at < self.now:
            until = min(self.now, at + span)
            received = self.inbox.received(number, at, until, MOST if span > SHORTEST else None)
            if received is None:
                at = max(at, enough)
                span = max(SHORTEST, min(span, self.now - at) / 4)
                continue
            with begin(self.sessions) as session:
                self.found.missing += _keep(session, received)
                _looked(session, number, until)
            at, span = until, span * 2 if len(received) < MOST / 3 else span
            if at < self.now and time.monotonic() > self.stop:
                log.warning("inbox_not_read_to_the_end", until=at.isoformat())
                return False
        return True

    def _begins(self, last: datetime | None, since: datetime | None) -> tuple[datetime, datetime]:
        """Where to begin, and where it is enough to begin when the carrier lists too much for that."""
        if last is None:
            enough = self.now - LAP
        elif last > self.now - LONGEST:
            enough = last - LATE
        else:
            enough = self.now - LONGEST
            log.error("inbox_gap", since=last.isoformat(), looked_from=enough.isoformat())
        if since is not None:
            enough = min(enough, since)
        return min(enough, self.now - LAP), enough


def _keep(session: Session, received: Sequence[Received]) -> list[UUID]:
    sids = [text.sid for text in received]
    texts = select(InboundEvent.dedupe).where(InboundEvent.kind == "text")
    known = set(session.scalars(texts.where(InboundEvent.dedupe.in_(sids)))) if sids else set()
    kept = [
        store(
            session.connection(),
            kind="text",
            dedupe=text.sid,
            number=text.sender,
            params={
                "MessageSid": text.sid,
                "From": text.sender,
                "To": text.to,
                "Body": text.body,
                "NumMedia": str(text.media),
                "Reconciled": "true",
            },
            now=text.at,
        )
        for text in sorted(received, key=lambda one: one.at)
        if text.sid not in known
    ]
    return [event for event in kept if event is not None]


def _looked(session: Session, number: str, until: datetime) -> None:
    """Remember it with what was found, in one transaction: never a look whose texts were not kept."""
    row = session.get(InboxLook, number, with_for_update=True)
    if row is None:
        session.add(InboxLook(number=number, looked_at=until))
    else:
        row.looked_at = max(row.looked_at, until)
