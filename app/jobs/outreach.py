"""Begins conversations whose time has come."""

from __future__ import annotations

from uuid import UUID

from app.jobs import after
from app.jobs.desk import desk
from app.outreach.start import not_startable
from app.outreach.start import start as begin_attempt


def start(*attempt_ids: str) -> None:
    """Begin these planned conversations, each in its own transaction; then send their first texts all at once."""
    services = desk()
    after.each(
        map(UUID, attempt_ids),
        lambda session, attempt, now: begin_attempt(
            session, attempt, kit=services.kit, now=now, caps=after.caps()
        ),
        not_startable,
    )
