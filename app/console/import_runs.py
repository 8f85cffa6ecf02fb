"""What was brought in: every file and request with its counts, and what became of each of its rows."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from app.console import paging, queue_rows
from app.console.access import bp, me, needs
from app.console.looks import looked
from app.console.queue_rows import View
from app.console.services import now, services
from app.ehr.intake import Outcome
from app.ehr.models import ImportRow, ImportRun
from app.errors import NotFound
from app.store import begin
from app.store.database import reading

ROWS: Final = 200
OUTCOMES: Final = {outcome.value: outcome.value.capitalize() for outcome in Outcome}


@bp.get("/import/runs")
@needs("import:run")
def import_runs() -> ResponseReturnValue:
    """A page of what was brought in, the newest first."""
    query = select(ImportRun)
    if last := paging.parse(request.args.get("after"), *paging.MOMENT):
        query = query.where(paging.beyond(ImportRun.started_at, ImportRun.id, last))
    with reading(services().sessions) as session:
        view = queue_rows.view_of(session, me(), now())
        newest = query.where(_visible(view)).order_by(ImportRun.started_at.desc(), ImportRun.id.desc())
        runs = list(session.scalars(newest.limit(paging.SIZE + 1)))
    more, runs = len(runs) > paging.SIZE, runs[: paging.SIZE]
    after = paging.cursor(runs[-1].started_at, runs[-1].id) if more else None
    return render_template("console/import_runs.html", runs=runs, after=after, sites=view.sites)


@bp.get("/import/runs/<uuid:run_id>")
@needs("import:run")
def import_run(run_id: UUID) -> ResponseReturnValue:
    """What became of each row of one of them; rows hold dates and times as they stood in the file."""
    outcome, place = request.args.get("outcome", ""), request.args.get("after", "")
    with begin(services().sessions) as session:
        view = queue_rows.view_of(session, me(), now())
        run = session.scalars(select(ImportRun).where(ImportRun.id == run_id, _visible(view))).one_or_none()
        if run is None:
            raise NotFound("There is no such import.")
        rows = _rows(session, run_id, outcome, int(place) if place.isdecimal() and len(place) < 9 else 0)
        looked(session, "import.view", "import_run", run_id, {"outcome": outcome[:12]}, by_itself=False)
    more, rows = len(rows) > ROWS, rows[:ROWS]
    return render_template(
        "console/import_run.html",
        run=run,
        site=view.sites.get(run.site_id) if run.site_id else None,
        rows=rows,
        outcome=outcome if outcome in OUTCOMES else "",
        outcomes=OUTCOMES,
        after=rows[-1].place if more else None,
    )


def _rows(session: Session, run_id: UUID, outcome: str, after: int) -> list[ImportRow]:
    query = select(ImportRow).where(ImportRow.run_id == run_id, ImportRow.place > after)
    if outcome in OUTCOMES:
        query = query.where(ImportRow.outcome == outcome)
    return list(session.scalars(query.order_by(ImportRow.place).limit(ROWS + 1)))


def _visible(view: View) -> ColumnElement[bool]:
    """Runs of this person's sites; those of before sites were kept only for who works at all of them."""
    own = ImportRun.site_id.in_(view.sites)
    return own if view.staff.site_keys else or_(own, ImportRun.site_id.is_(None))
