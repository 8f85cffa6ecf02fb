"""Who looked at what of a patient: a row in the audit trail for each look, one for what a page repeats by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from sqlalchemy.orm import Session

from app.audit import trail
from app.console.access import me
from app.console.services import now

SAME_LOOK: Final = timedelta(minutes=15)
"""What a page or player asks for by itself within this time of a row is the same look."""


def looked(
    session: Session, action: str, kind: str, identifier: object, detail: dict[str, Any], *, by_itself: bool
) -> None:
    """Record that whoever is signed in sees this now.

    `by_itself` is what nobody asked for just now (a page that refreshes itself, a player's next piece, the page again
    after a refused form): it is recorded only where no row of theirs stands for it yet, never left out altogether.
    """
    at, actor, subject = now(), str(me().id), str(identifier)
    if by_itself and trail.recorded(
        session, actor=actor, action=action, subject_kind=kind, subject_id=subject, since=at - SAME_LOOK
    ):
        return
    trail.record(
        session,
        actor_kind=trail.STAFF,
        actor=actor,
        action=action,
        subject_kind=kind,
        subject_id=subject,
        now=at,
        detail=detail,
    )
