"""Hands messages to their carriers."""

from __future__ import annotations

from uuid import UUID

from app.jobs import after
from app.jobs.desk import desk
from app.queues import SEND_MANY


def deliver(message_id: str) -> None:
    """Hand over one message."""
    after.send([UUID(message_id)])


def deliver_many(*message_ids: str) -> None:
    """Hand over many messages, in their order."""
    left = after.bulk([UUID(message_id) for message_id in message_ids])
    desk().queues.many(SEND_MANY, [tuple(map(str, left))] if left else [])
