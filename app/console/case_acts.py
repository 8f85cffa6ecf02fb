"""What a coordinator does on a case page with one button."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.audit import trail
from app.cases import work
from app.cases.models import Barrier, Case, Promise
from app.console import case_view, queue_rows
from app.console.access import bp, may, me, needs
from app.console.case import Typed, page
from app.console.errors import status_of
from app.console.services import now, services
from app.conversations import takeover
from app.conversations.turn import Outcome
from app.errors import Conflict, Invalid, NotFound
from app.queues import SEND
from app.security.models import Staff
from app.store import begin

Act = Callable[[Session, Case, Staff, datetime], Any]


def act(
    case_id: UUID, name: str, do: Act, typed: Typed | None = None, *, place: str | None = None
) -> ResponseReturnValue:
    """Do one thing with a case in one transaction, write it into the trail, and show the page again at `place`.

    What is refused is said on the page, with everything that was typed still in it.
    """
    try:
        done = perform(case_id, name, do)
    except (Conflict, Invalid) as refused:
        typed = typed or Typed()
        typed.words = refused.words
        typed.problems = getattr(refused, "problems", {})
        return page(case_id, typed, status_of(refused))
    if isinstance(done, Outcome):
        services().queues.many(SEND, [(str(message),) for message in done.messages])
    return redirect(url_for("console.case", case_id=case_id, _anchor=place), 303)


def perform(case_id: UUID, name: str, do: Act) -> Any:
    """Do one thing with a case that this person sees, in one transaction with its row in the trail."""
    at = now()
    with begin(services().sessions) as session:
        case = case_view.find(session, queue_rows.view_of(session, me(), at), case_id)
        staff = session.get_one(Staff, me().id)
        done = do(session, case, staff, at)
        trail.record(
            session,
            actor_kind=trail.STAFF,
            actor=str(staff.id),
            action=f"case.{name}",
            subject_kind="case",
            subject_id=str(case_id),
            now=at,
        )
    return done


@bp.post("/cases/<uuid:case_id>/claim")
@needs("case:work")
def claim(case_id: UUID) -> ResponseReturnValue:
    """Take the case; in the same transaction the bot falls silent."""

    def do(session: Session, case: Case, staff: Staff, at: datetime) -> None:
        work.claim(session, case.id, staff, at)
        takeover.take(session, case, staff, at)

    return act(case_id, "claim", do)


@bp.post("/cases/<uuid:case_id>/hand-back")
@needs("case:work")
def hand_back(case_id: UUID) -> ResponseReturnValue:
    """Give the case back to the bot, which goes on where it was."""

    def do(session: Session, case: Case, staff: Staff, at: datetime) -> Outcome:
        work.release(session, case.id, staff, at)
        return takeover.hand_back(session, case, staff, at, kit=services().kit)

    return act(case_id, "hand-back", do)


@bp.post("/cases/<uuid:case_id>/to-queue")
@needs("case:work")
def to_queue(case_id: UUID) -> ResponseReturnValue:
    """Put the case back for somebody else; a manager may do so with anybody's. The bot stays silent."""
    force = may("case:override")
    return act(
        case_id,
        "to-queue",
        lambda s, case, staff, at: work.release(s, case.id, staff, at, to_queue=True, force=force),
    )


@bp.post("/cases/<uuid:case_id>/acknowledge")
@needs("case:work")
def acknowledge(case_id: UUID) -> ResponseReturnValue:
    """Say that somebody acts on a flag: it stops climbing."""
    flag = _uuid(request.form.get("flag"))
    return act(
        case_id, "acknowledge", lambda s, case, staff, at: work.acknowledge(s, case.id, staff, at, flag)
    )


@bp.post("/cases/<uuid:case_id>/reopen")
@needs("case:work")
def reopen(case_id: UUID) -> ResponseReturnValue:
    """Open a closed case again."""
    because = request.form.get("because", "")
    return act(
        case_id,
        "reopen",
        lambda s, case, staff, at: work.reopen(s, case.id, staff, at, because=because),
        Typed(reopen=because),
    )


@bp.post("/cases/<uuid:case_id>/barriers/<uuid:barrier_id>/resolve")
@needs("case:work")
def resolve_barrier(case_id: UUID, barrier_id: UUID) -> ResponseReturnValue:
    """Say that this is no longer in the way."""

    def do(session: Session, case: Case, staff: Staff, at: datetime) -> None:
        _own(session.get(Barrier, barrier_id), case)
        work.resolve_barrier(session, barrier_id, staff, at)

    return act(case_id, "barrier.resolve", do)


@bp.post("/cases/<uuid:case_id>/promises/<uuid:promise_id>/keep")
@needs("case:work")
def keep_promise(case_id: UUID, promise_id: UUID) -> ResponseReturnValue:
    """Say that the promised thing is done."""

    def do(session: Session, case: Case, staff: Staff, at: datetime) -> None:
        _own(session.get(Promise, promise_id), case)
        work.keep_promise(session, promise_id, staff, at)

    return act(case_id, "promise.keep", do)


@bp.post("/cases/<uuid:case_id>/reassign")
@needs("case:assign")
def reassign(case_id: UUID) -> ResponseReturnValue:
    """Give the case another owner or backup."""
    owner, backup = _uuid(request.form.get("owner")), _uuid(request.form.get("backup"))

    def do(session: Session, case: Case, staff: Staff, at: datetime) -> None:
        if owner is None:
            raise Invalid("Choose who owns the case.")
        work.reassign(session, case.id, staff, at, owner=owner, backup=backup)

    return act(case_id, "reassign", do)


@bp.post("/cases/<uuid:case_id>/reclassify")
@needs("case:assign")
def reclassify(case_id: UUID) -> ResponseReturnValue:
    """Move the case to another lane, with a reason."""
    lane, because = request.form.get("lane", ""), request.form.get("because", "")
    return act(
        case_id,
        "reclassify",
        lambda s, case, staff, at: work.reclassify(s, case.id, staff, at, lane_key=lane, because=because),
        Typed(move={"lane": lane, "because": because}),
    )


def _own(row: Barrier | Promise | None, case: Case) -> None:
    if row is None or row.case_id != case.id:
        raise NotFound("That is not of this case.")


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None
