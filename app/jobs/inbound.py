"""Works through stored texts."""

from __future__ import annotations

from uuid import UUID

from app.inbound.take import take_next
from app.jobs import after
from app.jobs.desk import desk
from app.queues import FETCH


def handle(event_id: str) -> None:
    """Work through the waiting texts of the phone this event came from, the oldest first."""
    services = desk()
    more = True
    while more:
        handled = take_next(services.sessions, UUID(event_id), kit=services.kit, clock=services.clock)
        if handled is None:
            return
        after.finish(handled.messages, handled.flags)
        services.queues.many(FETCH, [(str(media),) for media in handled.media])
        more = handled.more
