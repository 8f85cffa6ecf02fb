"""Telling open pages that something changed: noted in a transaction, announced once it is committed.

An announcement is a wake-up with an id, never the news itself: whoever hears it reads the database, and whoever
missed it (Redis away, page asleep) reads the same database a moment later.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import event
from sqlalchemy.orm import Session, sessionmaker

Announce = Callable[[Iterable[tuple[str, str]]], None]
_KEY = "careloop_announcements"


def announce(session: Session, topic: str, identifier: UUID) -> None:
    """Announce this once the session's transaction is committed: topics are `case`, `conversation`, `queue`."""
    session.info.setdefault(_KEY, {})[(topic, str(identifier))] = None


def announce_after_commit(factory: sessionmaker[Session], tell: Announce) -> None:
    """Have every session of the factory tell its announcements after commit and forget them after a rollback."""

    def committed(session: Session) -> None:
        if noted := session.info.pop(_KEY, None):
            tell(noted)

    def rolled_back(session: Session, *_: Any) -> None:
        session.info.pop(_KEY, None)

    event.listen(factory, "after_commit", committed)
    event.listen(factory, "after_rollback", rolled_back)
