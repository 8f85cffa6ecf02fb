"""Begins conversations whose time has come."""

from __future__ import annotations

from uuid import UUID

from app.jobs import after
from app.jobs.desk import desk
from app.outreach.due import not_startable
from app.outreach.start import start as begin_attempts
from app.queues import START


def start(*attempt_ids: str) -> None:
    """Begin these planned conversations, some in one transaction, and send their first texts."""
    services = desk()
    left = after.each(
        map(UUID, attempt_ids),
        lambda session, attempts, now: begin_attempts(
            session, attempts, kit=services.kit, now=now, caps=after.caps()
        ),
        not_startable,
    )
    services.queues.many(START, [tuple(map(str, left))] if left else [])
