"""The forms of a case page: answering, the note, setting aside, closing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases import work
from app.cases.models import Case, Flag
from app.cases.notes import NoteForm
from app.console.access import bp, needs
from app.console.case import Typed
from app.console.case_acts import act
from app.console.services import services
from app.conversations import takeover
from app.conversations.turn import Outcome
from app.errors import Invalid
from app.patients.models import Site
from app.queues import ALERT
from app.security.models import Staff


@bp.post("/cases/<uuid:case_id>/answer")
@needs("case:work")
def answer(case_id: UUID) -> ResponseReturnValue:
    """Text the patient; the same form sent twice is one text."""
    text, key = request.form.get("text", ""), request.form.get("key", "")

    def do(session: Session, case: Case, staff: Staff, at: datetime) -> Outcome:
        message = takeover.say(session, case, staff, text, at, form_key=key[:40])
        return Outcome(messages=[message.id])

    return act(case_id, "answer", do, Typed(answer=text))


@bp.post("/cases/<uuid:case_id>/note")
@needs("case:work")
def note(case_id: UUID) -> ResponseReturnValue:
    """Document a touch."""
    typed = request.form.to_dict()
    alerts: list[str] = []

    def do(session: Session, case: Case, staff: Staff, at: datetime) -> None:
        form = note_form(typed, session.get_one(Site, case.site_id).time_zone)
        written = work.write_note(session, case.id, staff, at, form)
        if form.escalate:
            flag = select(Flag.id).where(Flag.case_id == case.id, Flag.source == f"escalation:{written.id}")
            alerts.extend(str(found) for found in session.scalars(flag))

    answered = act(case_id, "note", do, Typed(note=typed))
    services().queues.many(ALERT, [(flag,) for flag in alerts])
    return answered


@bp.post("/cases/<uuid:case_id>/close")
@needs("case:work")
def close(case_id: UUID) -> ResponseReturnValue:
    """Close the case with a reason; its conversation ends with it."""
    typed = request.form.to_dict()

    def do(session: Session, case: Case, staff: Staff, at: datetime) -> None:
        work.close(
            session, case.id, staff, at, typed.get("reason", ""), resolution=typed.get("resolution", "")
        )
        takeover.end(session, case, at, kit=services().kit)

    return act(case_id, "close", do, Typed(close=typed))


@bp.post("/cases/<uuid:case_id>/snooze")
@needs("case:work")
def snooze(case_id: UUID) -> ResponseReturnValue:
    """Set the case aside until a time, with what one waits for."""
    typed = request.form.to_dict()

    def do(session: Session, case: Case, staff: Staff, at: datetime) -> None:
        until = moment(typed.get("until"), session.get_one(Site, case.site_id).time_zone)
        if until is None:
            raise Invalid("Say until when.")
        work.snooze(session, case.id, staff, at, until=until, because=typed.get("because", ""))

    return act(case_id, "snooze", do, Typed(close=typed))


def note_form(typed: Mapping[str, str], zone: str) -> NoteForm:
    """The note as it was typed; a date that cannot be read counts as none."""
    return NoteForm(
        outcome=typed.get("outcome", ""),
        barrier=typed.get("barrier", ""),
        understanding=typed.get("understanding", ""),
        next_action=typed.get("next_action", "")[:500],
        next_owner=typed.get("next_owner", ""),
        next_due=moment(typed.get("next_due"), zone),
        nothing_more="nothing_more" in typed,
        escalate="escalate" in typed,
        words=typed.get("words", "")[:4000],
    )


def moment(text: str | None, zone: str) -> datetime | None:
    """The moment a `datetime-local` field names in a site's time zone; None when it names none."""
    try:
        local = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) if local.tzinfo is None else None
