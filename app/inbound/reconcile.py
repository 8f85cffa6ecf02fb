"""Texts whose webhook never reached us: the carrier still has them, and we ask it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.channels.base import Received
from app.inbound.intake import store

LOOK_BACK = timedelta(minutes=30)
"""The carrier gives up on a webhook within a minute; what is older was found by an earlier look."""


def reconcile(session: Session, received: Iterable[Received]) -> list[UUID]:
    """Keep what the carrier received and we did not, as its webhook would have been; the ids of what was missing."""
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
    ]
    return [event for event in kept if event is not None]


def since(now: datetime) -> datetime:
    """From when on to look."""
    return now - LOOK_BACK
