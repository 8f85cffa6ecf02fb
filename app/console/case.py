"""The case page."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from flask import g, render_template, request
from flask.typing import ResponseReturnValue

from app.cases.clock import business_deadline
from app.console import case_view, queue_rows
from app.console.access import bp, me, needs
from app.console.looks import looked
from app.console.phrases import parts_words
from app.console.services import now, services
from app.console.template_words import local_input
from app.i18n.segments import segments
from app.store import begin, new_id

SUGGESTED, INTO_THE_DAY = timedelta(days=1), 30
"""What is promised is suggested for a day later, or half an hour into the next day that is worked."""


@dataclass(slots=True)
class Typed:
    """What somebody typed into the page's forms and what was wrong with it: nothing typed is ever lost."""

    answer: str = ""
    note: dict[str, str] = field(default_factory=dict)
    close: dict[str, str] = field(default_factory=dict)
    reading: dict[str, str] = field(default_factory=dict)
    reopen: str = ""
    move: dict[str, str] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    words: str = ""


@bp.get("/cases/<uuid:case_id>")
@needs("case:read")
def case(case_id: UUID) -> ResponseReturnValue:
    """A case with its conversation."""
    return page(case_id)


@bp.post("/text-parts")
@needs("case:work")
def text_parts() -> ResponseReturnValue:
    """How many texts a text takes, for the answer box while somebody types."""
    counted = segments(request.form.get("text", "")[:2000])
    words = parts_words(counted.count, counted.units, counted.encoding, counted.offenders)
    return {"count": counted.count, "words": words}


def page(case_id: UUID, typed: Typed | None = None, status: int = 200) -> ResponseReturnValue:
    """The page, with what was typed if an act on it was refused."""
    at, before = now(), request.args.get("before")
    with begin(services().sessions) as session:
        view = queue_rows.view_of(session, me(), at)
        shown = case_view.show(session, view, case_id, before=before)
        again = g.live or request.method != "GET"
        patient = {"patient": str(shown.patient.id)}
        looked(session, "case.view", "case", case_id, patient, by_itself=again)
    text = render_template(
        "console/case.html",
        v=shown,
        typed=typed or Typed(),
        mine=shown.case.claimed_by == me().id,
        form_key=new_id(),
        suggested=local_input(business_deadline(shown.site, at + SUGGESTED, INTO_THE_DAY), shown.zone),
        newer=before is not None,
    )
    return text, status
