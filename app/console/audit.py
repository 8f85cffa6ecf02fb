"""The audit trail, for auditors: the newest rows, and whether it is whole."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit import trail
from app.audit.models import AuditEvent
from app.console import paging
from app.console.access import bp, me, needs
from app.console.services import now, services
from app.security.models import Staff
from app.store import begin
from app.store.database import reading

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
    with reading(services().sessions) as session:
        rows = _rows(session, request.args.get("after"))
        names = {str(staff.id): staff.name for staff in session.scalars(select(Staff))}
    more = len(rows) > paging.SIZE
    rows = rows[: paging.SIZE]
    after = paging.cursor(rows[-1].at, str(rows[-1].id)) if more else None
    return render_template("console/audit.html", rows=rows, names=names, after=after, result=result)


def _rows(session: Session, after: str | None) -> list[AuditEvent]:
    query = select(AuditEvent)
    if last := paging.parse(after, *paging.MOMENT):
        query = query.where(paging.beyond(AuditEvent.at, AuditEvent.id, last))
    return list(
        session.scalars(query.order_by(AuditEvent.at.desc(), AuditEvent.id.desc()).limit(paging.SIZE + 1))
    )
