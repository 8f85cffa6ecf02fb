"""Follows up on what carriers told us."""

from __future__ import annotations

from uuid import UUID

from app.jobs import after
from app.jobs.desk import desk
from app.outreach import consequences
from app.store import begin


def follow_up(message_id: str) -> None:
    """Do what a failed message asks for: another channel, or a person."""
    services = desk()
    with begin(services.sessions) as session:
        outcome = consequences.follow_up(
            session, UUID(message_id), kit=services.kit, now=services.clock.now()
        )
    after.send(outcome.messages)
