"""What is due, and what pages show of files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import NotFound
from app.media.models import Media, MediaContent, MediaState
from app.outbox.models import Message
from app.store.keys import SealError


def to_fetch(session: Session, now: datetime, limit: int) -> list[UUID]:
    """Files to be fetched now, the longest due first."""
    query = select(Media.id).where(Media.due_at <= now).order_by(Media.due_at).limit(limit)
    return list(session.scalars(query))


def to_remove(session: Session, now: datetime, limit: int) -> list[UUID]:
    """Files to be deleted at the carrier now, the longest due first."""
    query = select(Media.id).where(Media.remove_at <= now).order_by(Media.remove_at).limit(limit)
    return list(session.scalars(query))


def of_messages(session: Session, messages: Iterable[UUID]) -> dict[UUID, list[Media]]:
    """The files of these texts, each text's in their order."""
    found: dict[UUID, list[Media]] = {}
    wanted = list(messages)
    if wanted:
        query = select(Media).where(Media.message_id.in_(wanted)).order_by(Media.message_id, Media.position)
        for media in session.scalars(query):
            found.setdefault(media.message_id, []).append(media)
    return found


def kept(session: Session, patient_id: UUID, media_id: UUID) -> tuple[Media, bytes]:
    """A file of this patient and its bytes; NotFound when it is somebody else's, or not here (any more, or yet).

    SealError when the bytes are not those that were kept.
    """
    query = (
        select(Media, MediaContent.data)
        .join(MediaContent, MediaContent.media_id == Media.id)
        .join(Message, Message.id == Media.message_id)
        .where(Media.id == media_id, Message.patient_id == patient_id, Media.state == MediaState.KEPT)
    )
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound("There is no such file.")
    media, data = row
    if hashlib.sha256(data).hexdigest() != media.sha256:
        raise SealError("a file in media_content is not the one that was kept in its row")
    return media, data
