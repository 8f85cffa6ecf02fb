"""What nobody acts on climbs: owner, backup, nurses, managers; and a promise past its date asks for a
person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.cases.clock import business_deadline
from app.cases.events import happened, site_of
from app.cases.flags import raise_flag
from app.cases.models import Case, Flag, Promise
from app.cases.people import MANAGER, NURSE, at_work, with_role
from app.patients.models import Site
from app.security.models import Staff
from app.store.database import Sessions, begin
from app.store.faults import of_all
from app.understanding.reading import Urgency

LADDER = ("owner", "backup", "nurses", "managers")
BOTH = "owner and backup"
"""Whom an emergency alerts first: nobody waits two minutes to see whether the owner is there."""
EMERGENCY_EVERY = BURST = timedelta(minutes=2)
"""Several flags of one case within so short a time are one alert."""
URGENT_EVERY = 15
"""Business minutes between two rungs of an urgent flag."""
BATCH = 200
_log = structlog.get_logger("careloop.climb")


@dataclass(frozen=True, slots=True)
class Climb:
    """A flag that went up one rung: whom to alert now (without any patient data in the alert)."""

    flag_id: UUID
    case_id: UUID
    urgency: int
    rung: str
    staff_ids: tuple[UUID, ...]
    messages: tuple[UUID, ...] = ()


Tell = Callable[[Session, Climb], list[UUID]]
"""Puts the alerts of a climb into the outbox, in the climb's own transaction; gives their messages."""


def climbing(sessions: Sessions, now: datetime, tell: Tell = lambda _session, _climb: []) -> list[Climb]:
    """Move every unacknowledged urgent or emergency flag whose time has come up one rung and tell the people on
    it; flag overdue promises.

    A rung with nobody on it is passed over. The last rung is asked again and again. Two clocks at once climb
    once.
    """
    climbed: list[Climb] = []
    for flag_id in _waiting(sessions):
        with _on_its_own("climb", flag_id):
            climbed += _up(sessions, flag_id, now, tell)
    with _on_its_own("promises"), begin(sessions) as session:
        overdue_promises(session, now)
    return climbed


def _up(sessions: Sessions, flag_id: UUID, now: datetime, tell: Tell) -> list[Climb]:
    with begin(sessions) as session:
        found = climb(session, flag_id, now)
        return [replace(found, messages=tuple(tell(session, found)))] if found is not None else []


@contextmanager
def _on_its_own(what: str, which: UUID | None = None) -> Iterator[None]:
    """One flag that cannot climb must never keep an emergency behind it from climbing."""
    try:
        yield
    except Exception as problem:
        if of_all(problem):
            raise
        _log.exception("not_climbed", what=what, which=str(which))


def climb(session: Session, flag_id: UUID, now: datetime) -> Climb | None:
    """Move one flag up one rung if its time has come; None when it has not, or when another clock did it.

    The first rung's time is at once. A flag raised in the same burst as one that was just told climbs with it, unsaid.
    """
    flag = session.get(Flag, flag_id)
    if flag is None or flag.acknowledged_at is not None:
        return None
    case = session.get_one(Case, flag.case_id)
    site = site_of(session, case)
    if now < _next_at(site, flag):
        return None
    told = _told_just_now(session, flag, now)
    if told is not None:
        flag.climbs, flag.climbed_at = told.climbs, told.climbed_at
        return None
    rung, people = _rung(session, case, site, flag.climbs, now)
    both = flag.climbs == rung == 0 and flag.urgency >= Urgency.EMERGENCY
    if both:
        rung, people = 1, [*people, *_people(session, case, site, LADDER[1], now)]
    won = session.execute(
        update(Flag)
        .where(Flag.id == flag.id, Flag.climbs == flag.climbs, Flag.acknowledged_at.is_(None))
        .values(climbs=rung + 1, climbed_at=now)
        .returning(Flag.id)
        .execution_options(synchronize_session=False)
    ).first()
    if won is None:
        return None
    name = BOTH if both else LADDER[min(rung, len(LADDER) - 1)]
    _record(session, case, now, name)
    return Climb(flag.id, case.id, flag.urgency, name, tuple(people))


def overdue_promises(session: Session, now: datetime) -> int:
    """Flag the cases of promises past their date, once for each promise; how many were flagged now."""
    due = (
        select(Promise, Case)
        .join(Case, Case.id == Promise.case_id)
        .where(Promise.done_at.is_(None), Promise.due_at <= now, Promise.flagged_at.is_(None))
        .where(Case.closed_at.is_(None))
    )
    number = 0
    for promise, case in session.execute(due.order_by(Promise.due_at).limit(BATCH)).all():
        promise.flagged_at = now
        raised = raise_flag(
            session,
            case,
            urgency=int(Urgency.ROUTINE),
            because=f"promised by {promise.who}, not done in time",
            source=f"promise:{promise.id}",
            now=now,
            words=None,
        )
        number += raised is not None
    return number


def _waiting(sessions: Sessions) -> list[UUID]:
    query = (
        select(Flag.id)
        .where(Flag.acknowledged_at.is_(None), Flag.urgency >= int(Urgency.URGENT))
        .order_by(Flag.raised_at)
    )
    with sessions() as session:
        return list(session.scalars(query))


def _told_just_now(session: Session, flag: Flag, now: datetime) -> Flag | None:
    """Another open flag of the case, at least as urgent, whose people were alerted within the burst."""
    query = select(Flag).where(
        Flag.case_id == flag.case_id,
        Flag.id != flag.id,
        Flag.acknowledged_at.is_(None),
        Flag.urgency >= flag.urgency,
        Flag.climbs > flag.climbs,
        Flag.climbed_at > now - BURST,
    )
    return session.scalars(query.order_by(Flag.climbed_at.desc()).limit(1)).first()


def _next_at(site: Site, flag: Flag) -> datetime:
    if flag.climbed_at is None:
        return flag.raised_at
    if flag.urgency >= Urgency.EMERGENCY:
        return flag.climbed_at + EMERGENCY_EVERY
    return business_deadline(site, flag.climbed_at, URGENT_EVERY)


def _rung(session: Session, case: Case, site: Site, start: int, now: datetime) -> tuple[int, list[UUID]]:
    """The first rung from `start` on that has somebody at work, and who that is; the last one if none has."""
    last = len(LADDER) - 1
    for rung in range(min(start, last), last + 1):
        people = _people(session, case, site, LADDER[rung], now)
        if people:
            return max(rung, start), people
    return max(last, start), []


def _people(session: Session, case: Case, site: Site, rung: str, now: datetime) -> list[UUID]:
    if rung == "nurses":
        return [person.id for person in with_role(session, NURSE, site, now)]
    if rung == "managers":
        return [person.id for person in with_role(session, MANAGER, site, now)]
    who = (case.claimed_by or case.owner_id) if rung == "owner" else case.backup_id
    return [who] if who and at_work(session.get(Staff, who), now) else []


def _record(session: Session, case: Case, now: datetime, rung: str) -> None:
    moved = case.moved_at
    happened(session, case, "climbed", now=now, detail={"to": rung})
    # Nothing moved in the case itself; and leaving its row alone keeps two clocks from colliding on its
    # version.
    case.moved_at = moved
