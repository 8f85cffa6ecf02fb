"""Begins conversations whose time has come."""

from __future__ import annotations

from uuid import UUID

from app.jobs import after
from app.jobs.desk import desk
from app.outreach.start import start as start_attempt
from app.store import begin


def start(*attempt_ids: str) -> None:
    """Begin these planned conversations, each in its own transaction; then send their first texts all at once."""
    services = desk()
    first: list[UUID] = []
    try:
        for attempt_id in attempt_ids:
            with begin(services.sessions) as session:
                outcome = start_attempt(
                    session, UUID(attempt_id), kit=services.kit, now=services.clock.now(), caps=after.caps()
                )
            first += outcome.messages
    finally:
        after.send(first)
