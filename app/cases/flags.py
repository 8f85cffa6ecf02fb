"""Flags: what puts a case into the queue, with the reason and the words that caused it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases.clock import business_deadline
from app.cases.events import BOT, happened, locked, site_of
from app.cases.models import Case, Flag, Lane
from app.cases.words import URGENCY_NAMES
from app.store import once
from app.understanding.reading import Urgency

FALLBACK_MINUTES = {"routine": 240, "urgent": 30, "emergency": 0}


def raise_flag(
    session: Session,
    case: Case,
    *,
    urgency: int,
    because: str,
    source: str,
    now: datetime,
    message_id: UUID | None = None,
    words: str | None = None,
    evidence: Any = None,
    actor: str = BOT,
) -> Flag | None:
    """Put the case into the queue; None when `source` (at most 120 characters) already flagged it.

    `words` are the patient's own, `evidence` a reading's evidence as JSON. The case needs a person from now
    on, at least this urgent, due within the lane's `flag_minutes` of business time (an emergency: now, at
    any hour). A closed case is opened again: a reply a person must see never disappears in it.
    """
    locked(session, case)
    flag = once(
        session,
        Flag,
        ("case_id", "source"),
        {
            "case_id": case.id,
            "message_id": message_id,
            "source": source[:120],
            "urgency": int(urgency),
            "because": because,
            "words": words,
            "evidence": evidence,
            "raised_at": now,
            "climbs": 0,
        },
    )
    if flag is not None:
        _into_queue(session, case, flag, now, actor)
    return flag


def flags_of(session: Session, case_id: UUID, *, open_only: bool = False) -> list[Flag]:
    """The case's flags, the most urgent and newest first."""
    query = select(Flag).where(Flag.case_id == case_id).order_by(Flag.urgency.desc(), Flag.raised_at.desc())
    return list(session.scalars(query.where(Flag.acknowledged_at.is_(None)) if open_only else query))


def arrived(session: Session, case: Case, now: datetime) -> None:
    """Count a message of the patient that nobody has read yet."""
    locked(session, case)
    case.unread += 1
    happened(session, case, "reply", now=now, actor="patient")


def _into_queue(session: Session, case: Case, flag: Flag, now: datetime, actor: str) -> None:
    _reopen_quietly(session, case, now)
    due = due_by(session, case, flag.urgency, now)
    case.due_at = min(case.due_at, due) if case.needs_person else due
    if not case.needs_person or flag.urgency >= case.urgency:
        case.because = flag.because
    case.needs_person = True
    case.urgency = max(case.urgency, flag.urgency)
    case.flagged_at = now
    case.snoozed_until = None
    detail = {"urgency": URGENCY_NAMES[flag.urgency], "because": flag.because, "flag": str(flag.id)}
    happened(session, case, "flagged", now=now, actor=actor, detail=detail)


def _reopen_quietly(session: Session, case: Case, now: datetime) -> None:
    if case.closed_at is None:
        return
    case.closed_at, case.close_reason, case.status = None, None, "open"
    happened(session, case, "reopened", now=now, detail={"because": "a new flag"})


def due_by(session: Session, case: Case, urgency: int, now: datetime) -> datetime:
    """When a flag of this urgency raised now has to be seen, in the site's business time; an emergency: now."""
    if urgency >= Urgency.EMERGENCY:
        return now
    name = URGENCY_NAMES[max(urgency, int(Urgency.ROUTINE))]
    minutes = session.get_one(Lane, case.lane_key).flag_minutes.get(name, FALLBACK_MINUTES[name])
    return business_deadline(site_of(session, case), now, minutes)
