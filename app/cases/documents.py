"""Notes, promises and barriers: what a touch leaves behind for the next person."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases.events import BOT, happened, locked, open_and_locked, who_has_it
from app.cases.flags import raise_flag
from app.cases.lanes import lane as lane_of
from app.cases.models import Barrier, Case, Note, Promise
from app.cases.notes import NoteForm, check_note
from app.cases.words import NO_BARRIER, TWO_WAY, barrier_kind
from app.errors import Conflict, NotFound
from app.security.models import Staff
from app.understanding.reading import Urgency

STRAIGHT_TO_NURSES = 2
"""A person's own escalation does not climb past owner and backup first: they are who escalates."""


def write_note(session: Session, case_id: UUID, staff: Staff, now: datetime, form: NoteForm) -> Note:
    """Document a touch. NoteRefused says what is missing; Conflict when another person has the case.

    Its next action becomes a promise, its barrier is opened, and an escalation is a flag that goes to the
    nurses.
    """
    case = open_and_locked(session, case_id)
    if case.claimed_by not in (None, staff.id):
        raise Conflict(who_has_it(session, case))
    check_note(form, lane_of(session, case.lane_key).template, now)
    note = _store(session, case, staff, now, form)
    if form.next_due is not None and not form.nothing_more:
        make_promise(
            session,
            case,
            who=form.next_owner,
            what=form.next_action,
            due_at=form.next_due,
            now=now,
            actor=str(staff.id),
        )
    if form.barrier not in ("", NO_BARRIER):
        open_barrier(session, case, form.barrier, now, actor=str(staff.id))
    if form.outcome in TWO_WAY:
        case.reached = True
    case.first_response_at = case.first_response_at or now
    happened(session, case, "noted", now=now, actor=str(staff.id), detail={"note": str(note.id)})
    if form.escalate:
        _escalate(session, case, staff, now, note)
    return note


def make_promise(
    session: Session, case: Case, *, who: str, what: str, due_at: datetime, now: datetime, actor: str = BOT
) -> Promise:
    """Keep in mind who has promised to do what by when; past its time and not done it puts the case in the
    queue.
    """
    promise = Promise(case_id=case.id, who=who.strip()[:64], what=what.strip(), due_at=due_at, made_at=now)
    session.add(promise)
    session.flush()
    happened(session, case, "promised", now=now, actor=actor, detail={"promise": str(promise.id)})
    return promise


def keep_promise(session: Session, promise_id: UUID, staff: Staff, now: datetime) -> Promise:
    """Say that the promised thing is done."""
    promise = session.get(Promise, promise_id)
    if promise is None:
        raise NotFound("There is no such promise.")
    case = locked(session, promise.case_id)
    if promise.done_at is None:
        promise.done_at = now
        happened(
            session, case, "promise_kept", now=now, actor=str(staff.id), detail={"promise": str(promise.id)}
        )
    return promise


def open_barrier(session: Session, case: Case | UUID, kind: str, now: datetime, actor: str = BOT) -> Barrier:
    """Something of the closed list stands in the way; opened again if it was resolved before, once if it is
    open.
    """
    kind, case = barrier_kind(kind), locked(session, case)
    barrier = session.scalar(select(Barrier).where(Barrier.case_id == case.id, Barrier.kind == kind))
    if barrier is not None and barrier.resolved_at is None:
        return barrier
    if barrier is None:
        barrier = Barrier(case_id=case.id, kind=kind, opened_at=now)
        session.add(barrier)
    barrier.opened_at, barrier.resolved_at, barrier.resolved_by = now, None, None
    happened(session, case, "barrier", now=now, actor=actor, detail={"kind": kind})
    return barrier


def resolve_barrier(session: Session, barrier_id: UUID, staff: Staff, now: datetime) -> Barrier:
    """Say that this is no longer in the way."""
    barrier = session.get(Barrier, barrier_id)
    if barrier is None:
        raise NotFound("There is no such barrier.")
    case = locked(session, barrier.case_id)
    if barrier.resolved_at is None:
        barrier.resolved_at, barrier.resolved_by = now, staff.id
        happened(session, case, "barrier_gone", now=now, actor=str(staff.id), detail={"kind": barrier.kind})
    return barrier


def barrier_gone(session: Session, case: Case, kind: str, now: datetime) -> bool:
    """A barrier that what just happened took away by itself (a time was found); whether it was open."""
    open_ones = (Barrier.case_id == case.id, Barrier.kind == kind, Barrier.resolved_at.is_(None))
    barrier = session.scalar(select(Barrier).where(*open_ones))
    if barrier is None:
        return False
    barrier.resolved_at = now
    happened(session, case, "barrier_gone", now=now, detail={"kind": kind})
    return True


def _store(session: Session, case: Case, staff: Staff, now: datetime, form: NoteForm) -> Note:
    note = Note(
        case_id=case.id,
        author_id=staff.id,
        at=now,
        outcome=form.outcome,
        barrier=form.barrier,
        understanding=form.understanding,
        next_action="" if form.nothing_more else form.next_action.strip(),
        next_owner="" if form.nothing_more else form.next_owner.strip()[:64],
        next_due=None if form.nothing_more else form.next_due,
        escalate=form.escalate,
        words=form.words.strip() or None,
    )
    session.add(note)
    session.flush()
    return note


def _escalate(session: Session, case: Case, staff: Staff, now: datetime, note: Note) -> None:
    because = f"escalated by {staff.name}"
    flag = raise_flag(
        session,
        case,
        urgency=int(Urgency.URGENT),
        because=because,
        source=f"escalation:{note.id}",
        now=now,
        words=note.words or note.next_action or None,
        actor=str(staff.id),
    )
    if flag is not None:
        flag.climbs = STRAIGHT_TO_NURSES
    case.status = "escalated"
    happened(session, case, "escalated", now=now, actor=str(staff.id), detail={"note": str(note.id)})
