"""Begins conversations whose time has come."""

from __future__ import annotations

from uuid import UUID

from app.jobs import after
from app.jobs.desk import desk
from app.outreach.start import start as start_attempt
from app.store import begin


def start(*attempt_ids: str) -> None:
    """Begin these planned conversations, each in its own transaction."""
    services = desk()
    for attempt_id in attempt_ids:
        with begin(services.sessions) as session:
            outcome = start_attempt(
                session, UUID(attempt_id), kit=services.kit, now=services.clock.now(), caps=after.caps()
            )
        after.send(outcome.messages)
