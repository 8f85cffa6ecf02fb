"""Patients’ files, as the thread shows them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.console.phrases import size_words
from app.media.kinds import EXTENSIONS, INLINE, PICTURE, noun
from app.media.models import Media, MediaState
from app.media.queries import of_messages

PLAYS: Final = frozenset(
    {
        *("audio/mpeg", "audio/aac", "audio/ogg", "audio/wav", "audio/mp4", "audio/webm"),
        *("video/mp4", "video/ogg", "video/webm"),
    }
)
"""What browsers play by themselves; AMR, 3GP and QuickTime are downloaded."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A file in the thread: `how` is image, audio, video or link once it is kept, `place` such as "2 of 3"."""

    id: UUID
    state: str
    noun: str
    how: str
    place: str
    about: str
    reason: str
    again_at: datetime | None


def files_of(session: Session, messages: Iterable[UUID]) -> dict[UUID, list[Shown]]:
    """What the thread shows of these texts' files."""
    return {
        message: [_shown(media, len(found)) for media in found]
        for message, found in of_messages(session, messages).items()
    }


def _shown(media: Media, of: int) -> Shown:
    waits = media.state == MediaState.WAITING and media.reason is not None
    return Shown(
        id=media.id,
        state=media.state.value,
        noun=noun(media.kind or media.told),
        how=_how(media),
        place=f"{media.position + 1} of {of}" if of > 1 else "",
        about=f"{EXTENSIONS.get(media.content_type or '', '').upper()}, {size_words(media.size or 0)}",
        reason=media.reason or "",
        again_at=media.due_at if waits else None,
    )


def _how(media: Media) -> str:
    if media.content_type in INLINE:
        return PICTURE
    return str(media.kind) if media.content_type in PLAYS else "link"
