"""What a coordinator does with a case: claim it, look after it, hand it on. Each act is whole or not at
all.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from app.cases.clock import business_deadline
from app.cases.closing import close, reopen
from app.cases.documents import keep_promise, make_promise, open_barrier, resolve_barrier, write_note
from app.cases.events import happened, locked, open_and_locked, site_of, who_has_it
from app.cases.flags import due_by, flags_of
from app.cases.lanes import lane as lane_of
from app.cases.models import Case, Flag
from app.errors import Conflict, Invalid, NotFound
from app.security.models import Staff
from app.understanding.reading import Urgency

__all__ = [
    "acknowledge",
    "claim",
    "close",
    "keep_in_queue",
    "keep_promise",
    "make_promise",
    "open_barrier",
    "reassign",
    "reclassify",
    "release",
    "reopen",
    "resolve_barrier",
    "seen",
    "settle",
    "snooze",
    "write_note",
]


def claim(session: Session, case_id: UUID, staff: Staff, now: datetime) -> Case:
    """Take the case; claiming one's own again changes nothing.

    Conflict, with who has it since when, if somebody else was first, or if the case is closed. Claiming
    counts as the first response and acknowledges every flag but an emergency, which has to be acknowledged
    by itself.
    """
    case = open_and_locked(session, case_id)
    if case.claimed_by == staff.id:
        return case
    if case.claimed_by is not None:
        raise Conflict(who_has_it(session, case))
    case.claimed_by, case.claimed_at = staff.id, now
    case.first_response_at = case.first_response_at or now
    case.snoozed_until = None
    _acknowledge(session, case, staff, now, below=int(Urgency.EMERGENCY))
    happened(session, case, "claimed", now=now, actor=str(staff.id))
    return case


def release(
    session: Session,
    case_id: UUID,
    staff: Staff,
    now: datetime,
    *,
    to_queue: bool = False,
    force: bool = False,
) -> Case:
    """Let go of the case: back to the bot, or (`to_queue`) for somebody else to take.

    Conflict when another person has it, unless `force` (managers). Back to the bot is refused as Conflict
    while an emergency is not acknowledged. What nobody has acknowledged keeps it in the queue.
    """
    case = open_and_locked(session, case_id)
    if case.claimed_by is None:
        raise Conflict("Nobody has claimed this case.")
    if case.claimed_by != staff.id and not force:
        raise Conflict(who_has_it(session, case))
    if not to_queue:
        _no_emergency(session, case)
    case.claimed_by, case.claimed_at = None, None
    if to_queue:
        keep_in_queue(case, "put back for somebody else to take")
    else:
        settle(session, case)
    happened(session, case, "to_queue" if to_queue else "handed_back", now=now, actor=str(staff.id))
    return case


def acknowledge(
    session: Session, case_id: UUID, staff: Staff, now: datetime, flag_id: UUID | None = None
) -> int:
    """Say that somebody has seen a flag, and what else the same words raised (or every flag), and acts on it: it
    stops climbing. Gives how many.
    """
    case = locked(session, case_id)
    number = _acknowledge(session, case, staff, now, flag_id=flag_id)
    if number:
        case.first_response_at = case.first_response_at or now
        happened(session, case, "acknowledged", now=now, actor=str(staff.id), detail={"flags": number})
    return number


def snooze(
    session: Session, case_id: UUID, staff: Staff, now: datetime, *, until: datetime, because: str
) -> Case:
    """Take the case out of the queue until then, with a reason; a new flag brings it back sooner."""
    case = open_and_locked(session, case_id)
    _mine_or_free(session, case, staff)
    _no_emergency(session, case)
    if until <= now:
        raise Invalid("Choose a time that lies ahead.")
    if len(because.strip()) < 3:
        raise Invalid("Say what you are waiting for.")
    case.snoozed_until, case.due_at = until, until
    keep_in_queue(case, because.strip())
    case.claimed_by, case.claimed_at = None, None
    detail = {"until": until.isoformat(), "because": because.strip()}
    happened(session, case, "snoozed", now=now, actor=str(staff.id), detail=detail)
    return case


def reassign(
    session: Session, case_id: UUID, staff: Staff, now: datetime, *, owner: UUID, backup: UUID | None = None
) -> Case:
    """Give the case another owner, and another backup if one is named. Invalid when they have no account."""
    case = open_and_locked(session, case_id)
    for person in filter(None, (owner, backup)):
        found = session.get(Staff, person)
        if found is None or not found.active:
            raise Invalid("That person has no account that is in use.")
    case.owner_id = owner
    if backup is not None:
        case.backup_id = backup
    elif case.backup_id == owner:
        case.backup_id = None
    happened(session, case, "reassigned", now=now, actor=str(staff.id), detail={"owner": str(owner)})
    return case


def reclassify(
    session: Session, case_id: UUID, staff: Staff, now: datetime, *, lane_key: str, because: str
) -> Case:
    """Move the case to another lane, with a reason; the response window starts again as that lane has it."""
    case = open_and_locked(session, case_id)
    lane = lane_of(session, lane_key)
    if len(because.strip()) < 3:
        raise Invalid("Say why it belongs in the other lane.")
    was, case.lane_key = case.lane_key, lane.key
    case.due_at = min(case.due_at, business_deadline(site_of(session, case), now, lane.respond_minutes))
    detail = {"from": was, "to": lane.key, "because": because.strip()}
    happened(session, case, "reclassified", now=now, actor=str(staff.id), detail=detail)
    return case


def seen(session: Session, case: Case) -> bool:
    """Forget the count of unread messages, because their reader has them on the screen; whether any were
    unread.
    """
    if not case.unread:
        return False
    locked(session, case)
    case.unread = 0
    return True


def settle(session: Session, case: Case) -> None:
    """Leave the queue once nothing is unacknowledged; else stay, as urgent as the worst flag that is left."""
    session.flush()
    left = flags_of(session, case.id, open_only=True)
    case.needs_person = bool(left)
    case.urgency = left[0].urgency if left else 0
    case.because = left[0].because if left else None
    if left:
        # What was seen to has no say any more: else a question would be overdue since the emergency.
        case.due_at = min(due_by(session, case, flag.urgency, flag.raised_at) for flag in left)


def keep_in_queue(case: Case, because: str) -> None:
    """Leave the case to whoever takes it next: nobody has it now, and the bot does nothing in it."""
    if not case.needs_person:
        case.needs_person, case.because = True, because


def _mine_or_free(session: Session, case: Case, staff: Staff) -> None:
    if case.claimed_by not in (None, staff.id):
        raise Conflict(who_has_it(session, case))


def _acknowledge(
    session: Session, case: Case, staff: Staff, now: datetime, *, flag_id: UUID | None = None, below: int = 99
) -> int:
    if flag_id is not None and session.scalar(select(Flag.case_id).where(Flag.id == flag_id)) != case.id:
        raise NotFound("There is no such flag on this case.")
    which = [Flag.case_id == case.id, Flag.acknowledged_at.is_(None), Flag.urgency < below]
    if flag_id is not None:
        # What else those same words raised is seen with them.
        words = select(Flag.message_id).where(Flag.id == flag_id).scalar_subquery()
        which.append(or_(Flag.id == flag_id, Flag.message_id == words))
    changed = session.scalars(
        update(Flag).where(*which).values(acknowledged_at=now, acknowledged_by=staff.id).returning(Flag.id)
    )
    return len(changed.all())


def _no_emergency(session: Session, case: Case) -> None:
    waiting = select(Flag.id).where(
        Flag.case_id == case.id, Flag.acknowledged_at.is_(None), Flag.urgency >= int(Urgency.EMERGENCY)
    )
    if session.scalar(waiting.limit(1)) is not None:
        raise Conflict("There is an emergency nobody has acknowledged. Acknowledge it first.")
