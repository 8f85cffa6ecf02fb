"""The case's own timeline, and telling open pages of it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import update
from sqlalchemy.orm import Session, SessionTransaction
from sqlalchemy.orm.attributes import set_committed_value

from app.cases.models import Case, CaseEvent
from app.errors import Conflict, NotFound
from app.patients.models import Site
from app.security.models import Staff
from app.store import new_id
from app.store.live import announce

BOT = "bot"
_HELD = "careloop_locked_cases"


def hold(session: Session, case: Case) -> Case:
    """Remember that this transaction has locked the case and read it since: nobody else can change it until the end.

    A session holds its rows weakly: remembered, the case is not read again either.
    """
    session.info.setdefault(_HELD, {})[case.id] = (_scope(session), case)
    return case


def held(session: Session, case_id: UUID) -> Case | None:
    """The case, when this transaction has locked it; a lock taken in a savepoint counts within it."""
    within, case = session.info.get(_HELD, {}).get(case_id, (None, None))
    scope = _scope(session)
    while scope is not None and scope is not within:
        scope = scope.parent
    return case if scope is not None else None


def _scope(session: Session) -> SessionTransaction | None:
    return session.get_nested_transaction() or session.get_transaction()


def locked(session: Session, case: Case | UUID) -> Case:
    """The case as the database has it now, locked until the transaction ends, so that two people cannot both
    act.
    """
    mine = held(session, case.id if isinstance(case, Case) else case)
    if mine is not None:
        return mine
    if isinstance(case, Case):
        # A refresh forgets what was changed and not yet written.
        session.flush()
        session.refresh(case, with_for_update=True)
        return hold(session, case)
    found = session.get(Case, case, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound("There is no such case.")
    return hold(session, found)


def open_and_locked(session: Session, case_id: UUID) -> Case:
    """The case, locked; Conflict when it is closed."""
    case = locked(session, case_id)
    if case.closed_at is not None:
        raise Conflict("This case is closed. Open it again first.")
    return case


def who_has_it(session: Session, case: Case) -> str:
    """Who has claimed the case, since when, in the site's own time: "Ana has this since 10:32"."""
    holder = session.get(Staff, case.claimed_by) if case.claimed_by else None
    if holder is None or case.claimed_at is None:
        return "Nobody has claimed this case."
    since = case.claimed_at.astimezone(ZoneInfo(site_of(session, case).time_zone))
    return f"{holder.name.split()[0]} has this since {since:%H:%M}."


def site_of(session: Session, case: Case) -> Site:
    """The site a case belongs to."""
    return session.get_one(Site, case.site_id)


def moved(session: Session, cases: Collection[Case], now: datetime) -> None:
    """Note that these locked cases moved, in one statement: the session would write one after the other."""
    session.flush()
    query = update(Case).where(Case.id.in_({case.id for case in cases}))
    query = query.values(moved_at=now, version=Case.version + 1)
    session.execute(query, execution_options={"synchronize_session": False})
    for case in cases:
        set_committed_value(case, "moved_at", now)
        set_committed_value(case, "version", case.version + 1)


def happened(
    session: Session,
    case: Case,
    kind: str,
    *,
    now: datetime,
    actor: str = BOT,
    detail: dict[str, Any] | None = None,
) -> CaseEvent:
    """Write one event (`kind` of at most 24 letters) into the case's timeline and wake the pages that show
    it.
    """
    # With its id given, several are written in one round trip.
    event = CaseEvent(id=new_id(), case_id=case.id, at=now, kind=kind, actor=actor, detail=detail)
    session.add(event)
    case.moved_at = now
    announce(session, "case", case.id)
    announce(session, "queue", case.id)
    return event
