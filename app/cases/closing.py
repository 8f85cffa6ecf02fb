"""Closing the loop: a case ends with a reason and with what was done, or it does not end (field guide,
92a).
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.cases.events import BOT, happened, locked, open_and_locked, who_has_it
from app.cases.flags import raise_flag
from app.cases.lanes import lane as lane_of
from app.cases.models import Barrier, Case, CaseEvent, Flag, Note, Promise
from app.cases.notes import vague
from app.cases.words import BARRIER_WORDS, WITHOUT_RESOLUTION
from app.errors import Conflict, Invalid
from app.security.models import Staff
from app.understanding.reading import Urgency


def close(
    session: Session, case_id: UUID, staff: Staff, now: datetime, reason: str, *, resolution: str = ""
) -> Case:
    """Close the case for one of its lane's reasons, with a note on it or a resolution in words.

    Invalid when the reason is not the lane's, when nothing documents it, or when a barrier or a promise is
    open and the reason says that all is done. Conflict when another person has it or an emergency is not
    acknowledged.
    """
    case = open_and_locked(session, case_id)
    if case.claimed_by not in (None, staff.id):
        raise Conflict(who_has_it(session, case))
    if reason not in lane_of(session, case.lane_key).close_reasons:
        raise Invalid("Choose a reason to close it.")
    _documented(session, case, resolution)
    _nothing_left(session, case, reason)
    detail = {"reason": reason, "resolution": resolution.strip()}
    _acknowledge_rest(session, case, staff, now)
    return _ended(session, case, reason, now, str(staff.id), detail)


def close_by_bot(session: Session, case: Case, reason: str, now: datetime) -> bool:
    """Close a case whose script is done; whether it was closed.

    What a person has claimed or must still see stays open. So does a case with an open barrier or promise,
    unless the reason says so: that is flagged, because nobody else would look at it again.
    """
    locked(session, case)
    if case.closed_at is not None or case.claimed_by is not None or case.needs_person:
        return False
    left = [] if reason in WITHOUT_RESOLUTION else _left(session, case)
    if left:
        because = f"the script is done, but still open: {'; '.join(left)}"
        raise_flag(
            session, case, urgency=int(Urgency.ROUTINE), because=because, source=f"left:{reason}", now=now
        )
        return False
    _ended(session, case, reason[:60], now, BOT, {"reason": reason})
    return True


def withdraw(session: Session, case: Case, because: str, now: datetime) -> bool:
    """Close a case whose trigger was taken back; whether it was: what a person has or must see stays open."""
    locked(session, case)
    if case.closed_at is not None or case.needs_person or case.claimed_by is not None:
        return False
    _ended(session, case, "withdrawn", now, BOT, {"reason": "withdrawn", "because": because})
    return True


def reopen(session: Session, case_id: UUID, staff: Staff, now: datetime, *, because: str) -> Case:
    """Open a closed case again, with a reason; it needs a person from now on."""
    case = locked(session, case_id)
    if case.closed_at is None:
        raise Conflict("This case is open already.")
    if len(because.strip()) < 3:
        raise Invalid("Say why it has to be opened again.")
    case.closed_at, case.close_reason, case.status = None, None, "open"
    case.needs_person, case.because = True, f"opened again: {because.strip()}"
    case.due_at = now
    happened(session, case, "reopened", now=now, actor=str(staff.id), detail={"because": because.strip()})
    return case


def _documented(session: Session, case: Case, resolution: str) -> None:
    if not vague(resolution):
        return
    reopened = session.scalar(
        select(func.max(CaseEvent.at)).where(CaseEvent.case_id == case.id, CaseEvent.kind == "reopened")
    )
    notes = select(Note.id).where(Note.case_id == case.id)
    if reopened is not None:
        notes = notes.where(Note.at >= reopened)
    if session.scalar(notes.limit(1)) is None:
        raise Invalid("Write a note first, or say in a sentence how it ended.")


def _nothing_left(session: Session, case: Case, reason: str) -> None:
    waiting = select(Flag.id).where(
        Flag.case_id == case.id, Flag.acknowledged_at.is_(None), Flag.urgency >= int(Urgency.EMERGENCY)
    )
    if session.scalar(waiting.limit(1)) is not None:
        raise Conflict("There is an emergency nobody has acknowledged. Acknowledge it first.")
    left = [] if reason in WITHOUT_RESOLUTION else _left(session, case)
    if left:
        raise Invalid(
            f"Still open: {'; '.join(left)}. Settle it, or close for a reason that says it could not be."
        )


def _left(session: Session, case: Case) -> list[str]:
    barriers = session.scalars(
        select(Barrier.kind).where(Barrier.case_id == case.id, Barrier.resolved_at.is_(None))
    )
    promises = session.scalars(select(Promise).where(Promise.case_id == case.id, Promise.done_at.is_(None)))
    return [
        *(f"barrier “{BARRIER_WORDS.get(kind, kind)}”" for kind in barriers),
        *(f"promise “{promise.what}” by {promise.who}" for promise in promises),
    ]


def _acknowledge_rest(session: Session, case: Case, staff: Staff, now: datetime) -> None:
    for flag in session.scalars(select(Flag).where(Flag.case_id == case.id, Flag.acknowledged_at.is_(None))):
        flag.acknowledged_at, flag.acknowledged_by = now, staff.id


def _ended(
    session: Session, case: Case, reason: str, now: datetime, actor: str, detail: dict[str, str]
) -> Case:
    case.closed_at, case.close_reason, case.status = now, reason, "closed"
    case.needs_person, case.urgency, case.unread, case.because = False, 0, 0, None
    case.claimed_by, case.claimed_at, case.snoozed_until = None, None, None
    happened(session, case, "closed", now=now, actor=actor, detail=detail)
    return case
