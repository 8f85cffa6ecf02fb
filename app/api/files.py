"""FHIR, HL7 v2 and CSV bodies: handed to the importer as they came, and its report as the answer."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from sqlalchemy import select

from app.api.answers import FileOut, FileRow
from app.api.bodies import SOURCE_WORDS, Body, Source
from app.api.operations import asked, caller, services
from app.api.problems import Refused
from app.audit import trail
from app.ehr.detect import Kind
from app.ehr.report import Report
from app.ehr.run import Sender, take_in
from app.errors import Invalid
from app.patients.models import Site
from app.store.database import reading

_UNREADABLE = (Kind.UNKNOWN.value, Kind.EMPTY.value)


class FileQuery(Body):
    """Whose file it is, in the address, because the body is the file itself."""

    source: Source = Field("api", description=SOURCE_WORDS)
    site: Annotated[str, Field(max_length=40)] | None = Field(
        None, description="The practice location's key; the first one when left out."
    )


def take(data: bytes) -> FileOut:
    """Take a file in, row by row, and give its report; Refused (422) when it is none that we can read."""
    found, query = services(), asked(FileQuery)
    with reading(found.sessions) as session:
        sites = select(Site.id).order_by(Site.key).limit(1)
        site_id = session.scalar(sites.where(Site.key == query.site) if query.site else sites)
    if site_id is None:
        raise Invalid(f"There is no site {query.site!r}." if query.site else "No site is set up yet.")
    sender = Sender(
        source=query.source,
        site_id=site_id,
        actor=str(caller().id),
        actor_kind=trail.PROGRAM,
        take_tests=not found.settings.production,
    )
    (report,) = take_in(found.sessions, found.kit, sender, [("request", data)], now=found.clock.now())
    if report.format in _UNREADABLE:
        raise Refused(422, " ".join(line.reason for line in report.lines) or "The file is empty.", "format")
    return _told(report)


def _told(report: Report) -> FileOut:
    rows = [
        FileRow(where=line.where, what=line.what, outcome=line.outcome.value, reason=line.reason or None)
        for line in report.lines
    ]
    return FileOut(run=report.run_id, format=report.format, counts=report.counts, rows=rows)
