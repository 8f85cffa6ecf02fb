"""The audit trail, for auditors: the newest rows, and whether it is whole."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from app.audit import trail
from app.audit.models import AuditEvent
from app.cases.models import Case
from app.console import paging
from app.console.access import bp, me, needs
from app.console.services import now, services
from app.media.models import Media
from app.outbox.models import Message
from app.security.models import Staff
from app.store import begin
from app.store.database import reading
from app.teaching.models import Correction

KINDS: Final = (
    *("api_key", "case", "conversation", "correction", "import_run", "media", "patient", "script", "site"),
    *("staff", "trigger", "appointment", "slot"),
)
"""What has a number of its own in the trail."""
SHOWN = 20


@bp.get("/audit")
@needs("audit:read")
def audit() -> ResponseReturnValue:
    """A page of the trail, the newest rows first."""
    return _page(None)


@bp.post("/audit/verify")
@needs("audit:read")
def audit_verify() -> ResponseReturnValue:
    """Check every row; that it was checked is a row itself."""
    at = now()
    # Minutes for a long trail: nothing is locked meanwhile, and nobody waits.
    with reading(services().sessions) as session:
        seq, chain = trail.head(session)
        problems = trail.verify(session)
    with begin(services().sessions) as session:
        trail.record(
            session,
            actor_kind=trail.STAFF,
            actor=str(me().id),
            action="audit.verify",
            subject_kind="audit",
            subject_id=str(seq),
            now=at,
            detail={"problems": len(problems)},
        )
    return _page({"problems": problems[:SHOWN], "count": len(problems), "seq": seq, "chain": chain})


def _page(result: dict[str, object] | None) -> ResponseReturnValue:
    typed = request.args.get("about", "").strip()[:200]
    about = _identifier(typed)
    with reading(services().sessions) as session:
        rows = [] if typed and about is None else _rows(session, request.args.get("after"), about)
        names = {str(staff.id): staff.name for staff in session.scalars(select(Staff))}
    more = len(rows) > paging.SIZE
    rows = rows[: paging.SIZE]
    after = paging.cursor(rows[-1].at, str(rows[-1].id)) if more else None
    return render_template(
        "console/audit.html",
        rows=rows,
        names=names,
        after=after,
        result=result,
        typed=typed,
        unknown=bool(typed) and about is None,
    )


def _rows(session: Session, after: str | None, about: UUID | None) -> list[AuditEvent]:
    query = select(AuditEvent)
    if about is not None:
        query = query.where(_about(session, about))
    if last := paging.parse(after, *paging.MOMENT):
        query = query.where(paging.beyond(AuditEvent.at, AuditEvent.id, last))
    return list(
        session.scalars(query.order_by(AuditEvent.at.desc(), AuditEvent.id.desc()).limit(paging.SIZE + 1))
    )


def _about(session: Session, about: UUID) -> ColumnElement[bool]:
    """What was done with whatever has this number; with a patient's, also their cases, files and corrections."""
    cases = list(session.scalars(select(Case.id).where(or_(Case.id == about, Case.patient_id == about))))
    sent = select(Media.id).join(Message, Message.id == Media.message_id)
    theirs = Message.patient_id == about if about not in cases else Message.case_id == about
    subjects = {
        "case": cases,
        "media": list(session.scalars(sent.where(theirs))),
        "correction": list(session.scalars(select(Correction.id).where(Correction.case_id.in_(cases)))),
    }
    found = [
        and_(AuditEvent.subject_kind == kind, AuditEvent.subject_id.in_([str(one) for one in ids]))
        for kind, ids in subjects.items()
        if ids
    ]
    # By kind and number together: that is the order of the index.
    own = and_(AuditEvent.subject_kind.in_(KINDS), AuditEvent.subject_id == str(about))
    return or_(own, *found)


def _identifier(text: str) -> UUID | None:
    try:
        return UUID(text.rsplit("/", 1)[-1])
    except ValueError:
        return None
