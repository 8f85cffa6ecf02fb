"""Having the carrier forget a file that is kept here: tried again until it worked, and what was in the way noted."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy import select, update

from app.channels.base import FileError, Files
from app.clock import Clock
from app.media.fetch import LEASE
from app.media.models import Media
from app.outbox.models import Message
from app.store import Sessions, begin

PAUSES: Final = tuple(timedelta(minutes=m) for m in (1, 5, 30, 120, 720))
DAILY: Final = timedelta(days=1)
MOST: Final = 35
"""A month of days: then it stays where it is, with the problem in the row and in the log."""
log = structlog.get_logger("careloop.media")


def remove(sessions: Sessions, media_id: UUID, *, files: Files, clock: Clock) -> bool:
    """Delete a file at the carrier if that is due; whether it is gone there now."""
    claimed = _claim(sessions, media_id, clock.now())
    if claimed is None:
        return False
    message_sid, sid, tries = claimed
    try:
        files.remove(message_sid, sid)
    except FileError as problem:
        log.warning("file_not_deleted", media=str(media_id), trouble=problem.trouble, problem=problem.problem)
        later = (
            None if tries >= MOST else clock.now() + (PAUSES[tries - 1] if tries <= len(PAUSES) else DAILY)
        )
        _set(sessions, media_id, remove_at=later, remove_problem=str(problem)[:200])
        return False
    _set(sessions, media_id, remove_at=None, removed_at=clock.now(), remove_problem=None)
    return True


def _claim(sessions: Sessions, media_id: UUID, now: datetime) -> tuple[str, str, int] | None:
    with begin(sessions) as session:
        took = (
            update(Media)
            .where(Media.id == media_id, Media.remove_at <= now)
            .values(remove_at=now + LEASE, removes=Media.removes + 1)
            .returning(Media.message_id, Media.carrier_sid, Media.removes)
        )
        row = session.execute(took).one_or_none()
        if row is None:
            return None
        message_sid = session.scalar(select(Message.carrier_sid).where(Message.id == row.message_id))
    return str(message_sid), str(row.carrier_sid), int(row.removes)


def _set(sessions: Sessions, media_id: UUID, **values: object) -> None:
    with begin(sessions) as session:
        session.execute(update(Media).where(Media.id == media_id).values(**values))
