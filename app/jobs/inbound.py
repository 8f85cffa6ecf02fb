"""Works through stored texts."""

from __future__ import annotations

import time

from app.inbound.take import take_some
from app.inbound.work import Handled
from app.jobs import after
from app.jobs.desk import desk
from app.queues import FETCH, REPLIED

MOST_SECONDS = 2.0
"""After this the rest is left to a job of its own: what is more urgent may be on another queue."""


def handle() -> None:
    """Work through the texts that wait, some phones' at a time, until none is left."""
    services = desk()
    services.queues.heard(REPLIED)
    stop = time.monotonic() + MOST_SECONDS
    with after.sending() as line:

        def then(done: Handled) -> None:
            after.finish(line, done.flags, done.taken)
            services.queues.many(FETCH, [(str(media),) for media in done.media])

        while take_some(
            services.sessions, kit=services.kit, clock=services.clock, claimant=after.claimant(), then=then
        ):
            if time.monotonic() > stop:
                services.queues.ring(REPLIED)
                return
