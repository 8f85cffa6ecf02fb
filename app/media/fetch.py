"""Fetching one file: claimed for a while, asked for with no transaction open, checked, and kept once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.cases.flags import raise_flag
from app.cases.models import Case
from app.channels.base import Fetched, FileError, Files, Trouble
from app.clock import Clock
from app.media.kinds import FileKind, noun, recognise
from app.media.models import Media, MediaContent, MediaState
from app.outbox.models import Message
from app.store import Sessions, begin
from app.store.live import announce

LEASE = timedelta(minutes=3)
"""Who has not told by then what became of a file is dead: it is due again."""
PAUSES: Final = tuple(timedelta(seconds=s) for s in (10, 30, 120, 600, 1800, 3600, 10_800, 21_600, 43_200))
MOST_TRIES: Final = len(PAUSES) + 1
"""A day altogether: time for an operator to mend what keeps us out."""
PATIENCE: Final = {Trouble.MISSING: 4, Trouble.UNSAFE: 1, Trouble.BIG: 1}
"""Tries after which these are believed; a file may be told of a moment before it can be had."""
WORDS: Final = {
    Trouble.LATER: "the carrier did not hand it over in time",
    Trouble.MISSING: "the carrier does not have it",
    Trouble.CLOSED: "the carrier did not let us in: tell whoever runs Careloop",
    Trouble.UNSAFE: "it lies at an address we do not fetch from: tell whoever runs Careloop",
    Trouble.BIG: "it is larger than we take",
}
NOT_ON_THE_LIST = "it is of a kind we do not open, or not what it says it is"
log = structlog.get_logger("careloop.media")


@dataclass(frozen=True, slots=True)
class Claim:
    """A file that is ours to fetch for a while."""

    media_id: UUID
    message_id: UUID
    message_sid: str
    sid: str | None
    told: str
    tries: int


def fetch(sessions: Sessions, media_id: UUID, *, files: Files, clock: Clock, remove: bool) -> bool:
    """Fetch a file that is due and keep it, once whoever else tries; whether it is here now.

    What fails is due again after a pause, longer each time, and given up with a flag at last. `remove` has it deleted
    at the carrier afterwards.
    """
    claim = _claim(sessions, media_id, clock.now())
    if claim is None:
        return False
    try:
        sid = claim.sid or _named(sessions, claim, files)
        fetched = files.fetch(claim.message_sid, sid)
    except FileError as problem:
        log.warning("file_not_fetched", media=str(media_id), trouble=problem.trouble, problem=problem.problem)
        _put_off(sessions, claim, problem.trouble, clock.now())
        return False
    kind = recognise(fetched.data, claim.told, fetched.content_type)
    with begin(sessions) as session:
        if kind is None:
            _give_up(session, claim, MediaState.REFUSED, NOT_ON_THE_LIST, clock.now())
            return False
        return _keep(session, claim, fetched, kind, clock.now(), remove)


def _claim(sessions: Sessions, media_id: UUID, now: datetime) -> Claim | None:
    """Take the file for LEASE if it is due; a try is counted before it is made, for it may be what kills us."""
    with begin(sessions) as session:
        took = (
            update(Media)
            .where(Media.id == media_id, Media.state == MediaState.WAITING, Media.due_at <= now)
            .values(due_at=now + LEASE, tries=Media.tries + 1)
            .returning(Media.message_id, Media.carrier_sid, Media.told, Media.tries)
        )
        row = session.execute(took).one_or_none()
        if row is None:
            return None
        message_sid = session.scalar(select(Message.carrier_sid).where(Message.id == row.message_id)) or ""
        claim = Claim(media_id, row.message_id, message_sid, row.carrier_sid, row.told, row.tries)
        if row.tries > MOST_TRIES:
            _give_up(session, claim, MediaState.FAILED, WORDS[Trouble.LATER], now)
            return None
    return claim


def _named(sessions: Sessions, claim: Claim, files: Files) -> str:
    """The id of a file whose webhook was lost; all of its text's files get theirs at once, before one is deleted."""
    listed = files.listed(claim.message_sid)
    with begin(sessions) as session:
        rows = list(session.scalars(select(Media).where(Media.message_id == claim.message_id)))
        for media in rows:
            if media.carrier_sid is None and media.position < len(listed):
                media.carrier_sid = listed[media.position]
        found = next((media.carrier_sid for media in rows if media.id == claim.media_id), None)
    if found is None:
        raise FileError(Trouble.MISSING, "not in the text's list")
    return found


def _put_off(sessions: Sessions, claim: Claim, trouble: Trouble, now: datetime) -> None:
    with begin(sessions) as session:
        if claim.tries >= PATIENCE.get(trouble, MOST_TRIES):
            state = MediaState.REFUSED if trouble in (Trouble.UNSAFE, Trouble.BIG) else MediaState.FAILED
            _give_up(session, claim, state, WORDS[trouble], now)
            return
        pause = PAUSES[claim.tries - 1]
        _settle(session, claim, due_at=now + pause, reason=WORDS[trouble])
        _tell(session, claim)


def _give_up(session: Session, claim: Claim, state: MediaState, reason: str, now: datetime) -> None:
    """A person has to know, also long after the flag that said a file came."""
    if not _settle(session, claim, state=state, reason=reason, due_at=None, settled_at=now):
        return
    case = _tell(session, claim)
    if case is not None:
        raise_flag(
            session,
            case,
            urgency=1,
            because=f"a {noun(claim.told)} the patient sent is not here: {reason}",
            source=f"media:{claim.media_id}",
            now=now,
            message_id=claim.message_id,
        )


def _keep(
    session: Session, claim: Claim, fetched: Fetched, kind: FileKind, now: datetime, remove: bool
) -> bool:
    values = {
        "state": MediaState.KEPT,
        "reason": None,
        "kind": kind.kind,
        "content_type": kind.content_type,
        "size": len(fetched.data),
        "sha256": hashlib.sha256(fetched.data).hexdigest(),
        "due_at": None,
        "settled_at": now,
        "remove_at": now if remove else None,
    }
    # Only one of two who fetched it changes the row, and only that one brings the bytes.
    if not _settle(session, claim, **values):
        return False
    session.add(MediaContent(media_id=claim.media_id, data=fetched.data))
    _tell(session, claim)
    return True


def _settle(session: Session, claim: Claim, **values: object) -> bool:
    still = update(Media).where(Media.id == claim.media_id, Media.state == MediaState.WAITING)
    return session.execute(still.values(**values).returning(Media.id)).one_or_none() is not None


def _tell(session: Session, claim: Claim) -> Case | None:
    """Have open pages look again; gives the case."""
    case_id = session.scalar(select(Message.case_id).where(Message.id == claim.message_id))
    if case_id is None:
        return None
    announce(session, "case", case_id)
    return session.get(Case, case_id)
