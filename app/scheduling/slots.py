"""Holding free times for a conversation, booking one of them, letting go of the others."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, CursorResult, Update, or_, select, update
from sqlalchemy.orm import Session

from app.errors import NotFound
from app.patients.models import Site
from app.scheduling.booking import SYSTEM, already, put_down
from app.scheduling.models import Appointment, Slot

FREE, BUSY = "free", "busy"
LOOK_AT: Final = 300
"""Free times looked at when choosing which to offer: some weeks of one site's calendar."""


def hold(
    session: Session,
    *,
    site_id: UUID,
    visit: str,
    after: datetime,
    until: datetime,
    count: int,
    holder: UUID,
    held_until: datetime,
    now: datetime,
    besides: Collection[UUID] = (),
) -> list[Slot]:
    """Hold up to `count` free times of this visit kind for a holder; what it held before is let go.

    Gives them in order of time, starting within `after` .. `until`, on different days where there are enough;
    `visit` "" means any kind, `besides` leaves out times already refused. An empty list means there is none.
    """
    release(session, holder, now)
    window = (Slot.start_at >= max(after, now), Slot.start_at <= until, Slot.id.not_in(besides))
    kinds = (Slot.visit == visit,) if visit else ()
    free = select(Slot.id, Slot.start_at).where(Slot.site_id == site_id, *kinds, *window, *_open_to_hold(now))
    found = session.execute(free.order_by(Slot.start_at, Slot.id).limit(LOOK_AT)).all()
    wanted = _spread(found, _zone(session, site_id))
    held: list[UUID] = []
    while wanted and len(held) < count:
        chunk, wanted = wanted[: count - len(held)], wanted[count - len(held) :]
        held += _take(session, chunk, holder, held_until, now)
    return _slots(session, held)


def book(
    session: Session,
    *,
    slot_id: UUID,
    holder: UUID,
    patient_id: UUID,
    now: datetime,
    instead_of: UUID | None = None,
) -> Appointment | None:
    """Book a time this holder holds; None when it is not (or no longer) theirs to book.

    A hold that has run out still counts while nobody else took the time: a late answer is an answer. The
    same booking twice gives the same appointment; another time moves it and frees the first one. `instead_of`
    names an appointment it replaces: one of another system stays, answered "declined", its owner's to cancel.
    """
    theirs = (Slot.id == slot_id, Slot.held_for == holder, Slot.booked_for.is_(None))
    values = {"status": BUSY, "booked_for": patient_id, "held_until": None, "updated_at": now}
    claim = update(Slot).where(*theirs, Slot.status == FREE, Slot.start_at > now).values(values)
    if not _changed(session, claim):
        return already(session, slot_id, holder, patient_id)
    slot = _slots(session, [slot_id])[0]
    appointment, freed = put_down(session, slot, holder, patient_id, instead_of, now)
    if freed is not None:
        free_again(session, freed, now)
    release(session, holder, now)
    return appointment


def release(session: Session, holder: UUID, now: datetime) -> int:
    """Let go of every time held for this holder and not booked; how many there were."""
    return _let_go(session, Slot.held_for == holder, now)


def release_expired(session: Session, now: datetime) -> int:
    """Let go of every hold that has run out; how many there were."""
    return _let_go(session, Slot.held_until <= now, now)


def free_again(session: Session, slot_id: UUID, now: datetime) -> None:
    """A booked time is free again: its appointment was moved or cancelled."""
    values = {"status": FREE, "booked_for": None, "held_for": None, "held_until": None, "updated_at": now}
    booked = (Slot.id == slot_id, Slot.booked_for.is_not(None))
    _changed(session, update(Slot).where(*booked).values(values))


def cancel(session: Session, appointment: Appointment, now: datetime) -> bool:
    """Cancel an appointment booked here and free its time; False for one of another system, which stays."""
    if appointment.system != SYSTEM:
        return False
    appointment.status, appointment.updated_at = "cancelled", now
    if appointment.slot_id is not None:
        free_again(session, appointment.slot_id, now)
    appointment.slot_id = None
    return True


def _open_to_hold(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Free, not booked, and held by nobody (or by somebody whose time is up)."""
    unheld = or_(Slot.held_for.is_(None), Slot.held_until <= now)
    return (Slot.status == FREE, Slot.booked_for.is_(None), unheld)


def _take(
    session: Session, chunk: Sequence[UUID], holder: UUID, held_until: datetime, now: datetime
) -> list[UUID]:
    # Skipping what another transaction is choosing at this moment, two patients never wait for one another.
    mine = select(Slot.id).where(Slot.id.in_(chunk), *_open_to_hold(now)).with_for_update(skip_locked=True)
    ids = list(session.scalars(mine))
    values = {"held_for": holder, "held_until": held_until, "updated_at": now}
    _changed(session, update(Slot).where(Slot.id.in_(ids), *_open_to_hold(now)).values(values))
    return ids


def _spread(found: Iterable[tuple[UUID, datetime]], zone: ZoneInfo) -> list[UUID]:
    """The first time of each day, then the second of each …: a choice between days serves people better."""

    def day(slot: tuple[UUID, datetime]) -> date:
        return slot[1].astimezone(zone).date()

    days = [list(slots) for _, slots in groupby(found, key=day)]
    ranked = [(place, start, slot) for slots in days for place, (slot, start) in enumerate(slots)]
    return [slot for _, _, slot in sorted(ranked, key=lambda one: one[:2])]


def _zone(session: Session, site_id: UUID) -> ZoneInfo:
    site = session.get(Site, site_id)
    if site is None:
        raise NotFound("There is no such site.")
    return ZoneInfo(site.time_zone)


def _slots(session: Session, ids: Collection[UUID]) -> list[Slot]:
    fresh = select(Slot).where(Slot.id.in_(ids)).order_by(Slot.start_at, Slot.id)
    return list(session.scalars(fresh, execution_options={"populate_existing": True}))


def _let_go(session: Session, whose: ColumnElement[bool], now: datetime) -> int:
    values = {"held_for": None, "held_until": None, "updated_at": now}
    return _changed(session, update(Slot).where(whose, Slot.booked_for.is_(None)).values(values))


def _changed(session: Session, statement: Update) -> int:
    # Whoever needs the rows reads them again: SQLAlchemy's comparing them in Python would be a second truth.
    result: Any = session.execute(statement, execution_options={"synchronize_session": False})
    cursor: CursorResult[Any] = result
    return cursor.rowcount
