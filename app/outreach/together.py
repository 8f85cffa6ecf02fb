"""Several visits on one day: which of them another visit's reminder tells of, and which still need their own."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.conversations.models import Conversation
from app.conversations.visits import REMINDS, names
from app.scheduling.models import Appointment

LATELY: Final = timedelta(days=30)
"""A reminder begins days before its visit, and one that began longer ago tells of none that is still to come."""
NO_ANSWER: Final = "unreachable"
LATEST: Final = timedelta(days=1)
"""So long before it begins, a visit that nobody was told of is not kept waiting for another one's reminder."""
AGAIN: Final = timedelta(hours=1)


class Reminder(NamedTuple):
    """What a conversation about a visit has told."""

    case_id: UUID
    visit_id: UUID | None
    named: dict[str, str] | None
    ended_at: datetime | None
    end_reason: str | None


def reminders_of(session: Session, patients: Collection[UUID], now: datetime) -> dict[UUID, list[Reminder]]:
    """The reminders these patients had lately, the newest last."""
    told = (Case.appointment_id, Conversation.visits, Conversation.ended_at, Conversation.end_reason)
    query = select(Case.patient_id, Case.id, *told).join(Conversation, Conversation.case_id == Case.id)
    query = query.where(Conversation.patient_id.in_(patients), Conversation.started_at > now - LATELY)
    query = query.where(Case.lane_key == REMINDS).order_by(Conversation.started_at)
    found: dict[UUID, list[Reminder]] = {}
    for patient, case, visit, named, ended_at, end_reason in session.execute(query):
        found.setdefault(patient, []).append(Reminder(case, visit, named, ended_at, end_reason))
    return found


def told_by(reminders: Iterable[Reminder], case: Case, visit: Appointment) -> Reminder | None:
    """Another visit's reminder that told of this one too, at the time it has now: an open one, else the last."""
    others = [one for one in reminders if one.case_id != case.id and names(visit, one.named)]
    still = [one for one in others if one.ended_at is None]
    return next(reversed(still or others), None)


def wait_for(
    reminders: Iterable[Reminder], others: Collection[Appointment], visit: Appointment, now: datetime
) -> datetime | None:
    """Until when a visit nobody was told of waits for the open reminder of another one of its day, if it does.

    The patient answers one question at a time; and that reminder's next text names this visit as well.
    """
    same_day = {other.id for other in others}
    if not any(one.ended_at is None and one.visit_id in same_day for one in reminders):
        return None
    latest = visit.start_at - LATEST
    return min(now + AGAIN, latest) if latest > now else None
