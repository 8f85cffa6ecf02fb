"""The queue page: who needs a person, the most urgent first."""

from __future__ import annotations

from flask import g, render_template, request
from flask.typing import ResponseReturnValue

from app.audit import trail
from app.console import queue_rows, search
from app.console.access import bp, me, needs
from app.console.services import now, services
from app.store import begin
from app.store.database import reading


@bp.get("/")
@needs("queue:read")
def queue() -> ResponseReturnValue:
    """A page of one of the queue's tabs."""
    tab = request.args.get("tab", queue_rows.NEEDS)
    tab = tab if tab in queue_rows.TABS else queue_rows.NEEDS
    with reading(services().sessions) as session:
        view = queue_rows.view_of(session, me(), now())
        page = queue_rows.page(session, view, tab, request.args.get("after"))
        urgencies = queue_rows.by_urgency(session, view)
        counts = {queue_rows.NEEDS: sum(urgencies.values()), **queue_rows.counts(session, view)}
    return render_template(
        "console/queue.html",
        tab=tab,
        tabs=queue_rows.TABS,
        page=page,
        counts=counts,
        most=queue_rows.MOST_COUNTED,
        urgencies=urgencies,
        later="after" in request.args,
        live=g.live,
    )


@bp.get("/alarm")
@needs("queue:read")
def alarm() -> ResponseReturnValue:
    """How many emergencies nobody has claimed: for pages that do not show the queue."""
    return {"emergencies": unclaimed_emergencies()}


def unclaimed_emergencies() -> int:
    """How many emergencies whoever is signed in could claim."""
    with reading(services().sessions) as session:
        return queue_rows.emergencies(session, queue_rows.view_of(session, me(), now()))


@bp.post("/search")
@needs("patient:search")
def find() -> ResponseReturnValue:
    """Cases of the patients that match a name, number or record number; by POST, so that no address holds it."""
    words, at = request.form.get("words", ""), now()
    with begin(services().sessions) as session:
        found = search.find(session, queue_rows.view_of(session, me(), at), words)
        trail.record(
            session,
            actor_kind=trail.STAFF,
            actor=str(me().id),
            action="search",
            subject_kind="patient",
            subject_id="-",
            now=at,
            detail={"found": len({str(row.patient.id) for row in found.rows})},
        )
    return render_template("console/search.html", words=words.strip(), found=found)


@bp.get("/search")
@needs("patient:search")
def search_form() -> ResponseReturnValue:
    """The search without anything searched: where a reload of its answer leads."""
    return render_template("console/search.html", words="", found=search.Found([]))
