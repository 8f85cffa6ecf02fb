"""Examples to review: what people said replies meant, to be kept or set aside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.audit import trail
from app.console import paging, queue_rows
from app.console.access import bp, me, needs
from app.console.errors import status_of
from app.console.phrases import reading_words
from app.console.readings import meant_words, shortened
from app.console.services import now, services
from app.errors import Invalid
from app.security.models import Staff
from app.store import begin
from app.teaching.corrections import private, review
from app.teaching.models import KEPT, SET_ASIDE, WAITING, Correction
from app.understanding.reading import Expectation

TABS = {WAITING: "Waiting", KEPT: "Kept", SET_ASIDE: "Set aside"}
SHOWN = 30


@dataclass(frozen=True, slots=True)
class Shown:
    """A correction as the page shows it."""

    row: Correction
    question: str
    read: str
    means: str
    by: str
    decided_by: str
    zone: str
    private: bool


@bp.get("/examples")
@needs("examples:review")
def examples() -> ResponseReturnValue:
    """A page of the examples of one state, the newest first."""
    return _page()


@bp.post("/examples/<uuid:correction_id>")
@needs("examples:review")
def review_example(correction_id: UUID) -> ResponseReturnValue:
    """Keep an example or set it aside."""
    keep, because, at = request.form.get("keep") == "yes", request.form.get("because", ""), now()
    try:
        with begin(services().sessions) as session:
            view = queue_rows.view_of(session, me(), at)
            review(
                session,
                correction_id,
                keep=keep,
                because=because,
                staff=session.get_one(Staff, me().id),
                sites=view.sites,
                now=at,
            )
    except Invalid as refused:
        return _page(refused.words, str(correction_id), status_of(refused))
    flash("Kept as an example of this practice." if keep else "Set aside.")
    tab = request.form.get("tab")
    return redirect(url_for("console.examples", tab=tab if tab in (KEPT, SET_ASIDE) else None), 303)


def _page(problem: str = "", about: str = "", status: int = 200) -> ResponseReturnValue:
    tab = request.values.get("tab", WAITING)
    tab = tab if tab in TABS else WAITING
    at = now()
    with begin(services().sessions) as session:
        view = queue_rows.view_of(session, me(), at)
        rows = _rows(session, tab, list(view.sites), request.args.get("after"))
        counts = _counts(session, list(view.sites))
        more, rows = len(rows) > SHOWN, rows[:SHOWN]
        shown = _shown(session, view, rows)
        _seen(session, rows, at)
    after = paging.cursor(rows[-1].at, str(rows[-1].id)) if more else None
    text = render_template(
        "console/examples.html",
        tabs=TABS,
        tab=tab,
        counts=counts,
        shown=shown,
        after=after,
        problem=problem,
        about=about,
        because=request.form.get("because", ""),
    )
    return text, status


def _rows(session: Session, state: str, sites: list[UUID], after: str | None) -> list[Correction]:
    query = select(Correction).where(Correction.state == state, Correction.site_id.in_(sites))
    if last := paging.parse(after, *paging.MOMENT):
        query = query.where(paging.beyond(Correction.at, Correction.id, last))
    return list(session.scalars(query.order_by(Correction.at.desc(), Correction.id.desc()).limit(SHOWN + 1)))


def _counts(session: Session, sites: list[UUID]) -> dict[str, int]:
    query = select(Correction.state, func.count()).where(Correction.site_id.in_(sites))
    return dict(session.execute(query.group_by(Correction.state)).all())


def _shown(session: Session, view: queue_rows.View, rows: list[Correction]) -> list[Shown]:
    names = dict(session.execute(select(Staff.id, Staff.name)).all())
    return [_one(row, names, view.sites[row.site_id].time_zone) for row in rows]


def _one(row: Correction, names: dict[UUID, str], zone: str) -> Shown:
    asked = Expectation.from_json({**row.asked, "context": row.context})
    return Shown(
        row,
        shortened(asked.prompt),
        reading_words(row.read_as),
        meant_words(asked, row.meant),
        names.get(row.by, "somebody"),
        names.get(row.decided_by, "") if row.decided_by else "",
        zone,
        private(row),
    )


def _seen(session: Session, rows: list[Correction], at: datetime) -> None:
    """These are patients' words: who read them is on the record."""
    if rows:
        trail.record(
            session,
            actor_kind=trail.STAFF,
            actor=str(me().id),
            action="examples.view",
            subject_kind="correction",
            subject_id="-",
            now=at,
            detail={"shown": len(rows), "cases": sorted({str(row.case_id) for row in rows})},
        )
