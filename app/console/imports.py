"""Bringing in patients, visits and times from a file, with a report on every row."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from app.audit import trail
from app.console import queue_rows
from app.console.access import bp, me, needs
from app.console.errors import status_of
from app.console.services import now, services
from app.ehr.report import Report
from app.ehr.run import Sender, take_in
from app.errors import Invalid
from app.patients.models import Site
from app.store import begin
from app.store.database import reading

SHOWN = 200


@bp.get("/import")
@needs("import:run")
def import_form() -> ResponseReturnValue:
    """The form."""
    return _page()


@bp.post("/import")
@needs("import:run")
def import_act() -> ResponseReturnValue:
    """Take the file in, or only try it, and show what became of each row."""
    dry = "dry" in request.form
    file = request.files.get("file")
    try:
        report = _take(file, _site(request.form.get("site", "")), dry)
    except Invalid as refused:
        return _page(problem=refused.words, status=status_of(refused))
    if dry:
        _tried(report)
    return _page(report=report, dry=dry)


def _take(file: FileStorage | None, site: Site, dry: bool) -> Report:
    data = file.read() if file is not None else b""
    if file is None or not data:
        raise Invalid("Choose a file that is not empty.")
    sender = Sender(
        "upload",
        site.id,
        actor=str(me().id),
        actor_kind=trail.STAFF,
        # As the API and MLLP do: only where real patients are followed up must a test patient be kept out.
        take_tests=not services().settings.production,
    )
    return take_in(
        services().sessions,
        services().kit,
        sender,
        [(file.filename or "file", data)],
        now=now(),
        dry_run=dry,
    )[0]


def _tried(report: Report) -> None:
    """Write the try into the trail; a file that is taken in is written there where it is taken in."""
    with begin(services().sessions) as session:
        trail.record(
            session,
            actor_kind=trail.STAFF,
            actor=str(me().id),
            action="import.try",
            subject_kind="import",
            subject_id="-",
            now=now(),
            detail={"rows": len(report.lines)},
        )


def _site(key: str) -> Site:
    found = next((site for site in _sites() if site.key == key), None)
    if found is None:
        raise Invalid("Choose the site the file belongs to.")
    return found


def _sites() -> list[Site]:
    with reading(services().sessions) as session:
        view = queue_rows.view_of(session, me(), now())
        return list(session.scalars(select(Site).where(Site.id.in_(view.sites)).order_by(Site.name)))


def _page(
    *, report: Report | None = None, dry: bool = False, problem: str = "", status: int = 200
) -> ResponseReturnValue:
    text = render_template(
        "console/import.html", sites=_sites(), report=report, dry=dry, problem=problem, shown=SHOWN
    )
    return text, status
