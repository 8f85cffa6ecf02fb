"""Saying on a case page what a reply really meant."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask import flash, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.console.access import bp, needs
from app.console.case import Typed
from app.console.case_acts import act
from app.console.services import services
from app.conversations.models import Conversation
from app.errors import Invalid
from app.outbox.models import Message
from app.queues import ALERT
from app.security.models import Staff
from app.teaching.answers import URGENCY_CHOICES, urgency_of
from app.teaching.corrections import Meant, correct
from app.teaching.models import WAITING

SAVED = ("Saved.", "Saved. A manager or admin decides whether it is kept as an example.")


@bp.post("/cases/<uuid:case_id>/replies/<uuid:message_id>/meaning")
@needs("case:work")
def correct_reading(case_id: UUID, message_id: UUID) -> ResponseReturnValue:
    """Keep what a reply meant; a danger nobody had seen is flagged and people are alerted at once."""
    typed = {"message": str(message_id), "answer": "", **request.form.to_dict()}
    raised: list[str] = []
    saved: list[str] = []

    def do(session: Session, case: Case, staff: Staff, at: datetime) -> None:
        if typed.get("urgency") not in URGENCY_CHOICES:
            raise Invalid("Choose how soon somebody must act.")
        meant = Meant(typed["answer"], urgency_of(typed["urgency"]), "flag" in typed)
        correction, flag = correct(
            session, case, message_id, meant, staff, at, script=_script(session, message_id)
        )
        raised.extend([str(flag.id)] if flag is not None else [])
        saved.append(SAVED[correction.state == WAITING])

    answered = act(case_id, "correct", do, Typed(reading=typed), place=f"i-{message_id}")
    for words in saved:
        flash(words)
    services().queues.many(ALERT, [(flag,) for flag in raised])
    return answered


def _script(session: Session, message_id: UUID) -> str | None:
    """The programme of the conversation the reply was read in: its case may have another lane by now."""
    query = select(Conversation.script).join(Message, Message.conversation_id == Conversation.id)
    return session.scalar(query.where(Message.id == message_id))
