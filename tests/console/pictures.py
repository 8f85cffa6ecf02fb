"""Files in the practice's database, as the fetching job leaves them."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy.orm import Session

from app.cases.flags import arrived
from app.cases.models import Case
from app.media.kinds import recognise
from app.media.models import Media, MediaContent, MediaState
from app.outbox.models import Message, MessageStatus


def came(session: Session, case_id: UUID, now: datetime, *told: str, body: str = "") -> list[UUID]:
    """A text with files that are still to be fetched; their ids."""
    case = session.get_one(Case, case_id)
    message = Message(
        direction="in",
        status=MessageStatus.RECEIVED,
        patient_id=case.patient_id,
        case_id=case.id,
        site_id=case.site_id,
        number="",
        number_index="",
        body=body,
        media=[{"url": "", "type": one} for one in told],
        author="patient",
        created_at=now,
    )
    session.add(message)
    session.flush()
    files = [
        Media(message_id=message.id, position=n, told=one, created_at=now, due_at=now)
        for n, one in enumerate(told)
    ]
    session.add_all(files)
    arrived(session, case, now)
    session.flush()
    return [one.id for one in files]


def fetched(session: Session, media_id: UUID, data: bytes) -> None:
    """A file is here."""
    media, kind = session.get_one(Media, media_id), recognise(data)
    assert kind is not None
    media.state, media.due_at = MediaState.KEPT, None
    media.kind, media.content_type = kind.kind, kind.content_type
    media.size, media.sha256 = len(data), sha256(data).hexdigest()
    session.add(MediaContent(media_id=media.id, data=data))


def failed(session: Session, media_id: UUID, state: MediaState, reason: str) -> None:
    """A file could not be fetched (yet)."""
    media = session.get_one(Media, media_id)
    media.state, media.reason = state, reason
    if state == MediaState.WAITING:
        assert media.due_at is not None
        media.due_at += timedelta(minutes=10)
    else:
        media.due_at = None
