"""Noting the files of a text, in the transaction that keeps the text: from then on they cannot be forgotten."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.channels.addresses import media_sid
from app.media.models import Media, MediaState
from app.store import new_id

NOT_THE_CARRIERS = "its address is not the carrier’s"


def expect(
    session: Session, message_id: UUID, sid: str, files: Iterable[Mapping[str, str]], now: datetime
) -> list[UUID]:
    """Note a text's files, each {"url", "type"} as the webhook told; the ids of those to fetch.

    `sid` is the carrier's id of the text. A text whose webhook was lost has no addresses: its files are asked for.
    """
    noted = [
        _noted(message_id, sid, position, one.get("url", ""), one.get("type", ""), now)
        for position, one in enumerate(files)
    ]
    # The text's own row first: these name it.
    session.flush()
    session.add_all(noted)
    return [media.id for media in noted if media.due_at is not None]


def _noted(message_id: UUID, sid: str, position: int, url: str, told: str, now: datetime) -> Media:
    found = media_sid(url, sid) if url else None
    foreign = bool(url) and found is None
    return Media(
        id=new_id(),
        message_id=message_id,
        position=position,
        told=told[:100],
        carrier_sid=found,
        state=MediaState.REFUSED if foreign else MediaState.WAITING,
        reason=NOT_THE_CARRIERS if foreign else None,
        tries=0,
        removes=0,
        created_at=now,
        due_at=None if foreign else now,
        settled_at=now if foreign else None,
    )
