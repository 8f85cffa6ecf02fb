"""Which visits a conversation's words have named: what the patient answers is about these and no other."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.conversations.models import Conversation
from app.flow.effects import Speak
from app.scheduling.appointments import STANDING
from app.scheduling.models import Appointment

REMINDS: Final = "confirmation"
FACT: Final = "appointment.named"
"""The fact that holds the visits a text may name, the case's own first."""
_THE_VISIT: Final = re.compile(r"\{appointment\.start\b")
_EVERY_VISIT: Final = re.compile(r"\{appointment\.(count|others)\b")
Named = Mapping[str, str]
"""When each visit was to begin (ISO), by its id: one that was moved since is another visit to the patient."""


def names(visit: Appointment, named: Named | None) -> bool:
    """Whether this visit, at the time it has now, is among those named."""
    at = (named or {}).get(str(visit.id))
    return at is not None and datetime.fromisoformat(at) == visit.start_at


def as_named(visits: Collection[Appointment]) -> dict[str, str]:
    """These visits as they are kept when words name them."""
    return {str(visit.id): visit.start_at.isoformat() for visit in visits}


def note(conversation: Conversation, facts: Mapping[str, Any], speak: Speak) -> None:
    """Keep which visits these words tell the patient of, by the placeholders that stand in them."""
    known: dict[str, str] = facts.get(FACT, {})
    words = " ".join(text.source for text in speak.texts)
    if _EVERY_VISIT.search(words):
        told = known
    elif _THE_VISIT.search(words):
        told = dict(list(known.items())[:1])
    else:
        return
    conversation.visits = {**(conversation.visits or {}), **told}


def answered_for(session: Session, case: Case, conversation: Conversation) -> list[Appointment]:
    """The visits an answer in this conversation is about: its case's own, and those its words have named."""
    own, named = case.appointment_id, conversation.visits
    if own is None:
        return []
    found = session.scalars(select(Appointment).where(Appointment.id.in_({own, *map(UUID, named or ())})))
    return [v for v in found if v.id == own or (v.status in STANDING and names(v, named))]


def reminded_elsewhere(session: Session, patient_id: UUID, besides: UUID) -> set[UUID]:
    """The visits that the patient's other open reminders are about or have named, `besides` one case's."""
    query = select(Case.appointment_id, Conversation.visits)
    query = query.join(Conversation, Conversation.case_id == Case.id)
    query = query.where(Conversation.patient_id == patient_id, Conversation.ended_at.is_(None))
    rows = session.execute(query.where(Case.lane_key == REMINDS, Case.id != besides)).all()
    return {own for own, _ in rows if own is not None} | {UUID(v) for _, named in rows for v in named or ()}
