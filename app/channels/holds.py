"""Stopping a carrier, or one of our numbers: when it is refused, every further try would be refused too."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, case, delete, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from app.channels.models import CarrierHold
from app.store import new_id

HOLD: Final = timedelta(minutes=15)
"""After this one message is tried again: an operator who has repaired the account need not tell us."""
WHERE_LOST: Final = timedelta(days=1)
"""The same where the carrier takes a text and drops it: each try costs a patient their text."""
RESTORED: Final = "restored"
"""The code of the hold that a database put back from a backup begins with, until a person lifts it."""
CALLS: Final = "calls"
TEXTS: Final = "texts"


def line(channel: str, our_number: str) -> str:
    """What is stopped when our sender is refused: the number a text comes from, or all calls."""
    return CALLS if channel == "voice" else our_number or TEXTS


def line_of(channel: ColumnElement[str], our_number: ColumnElement[str]) -> ColumnElement[str]:
    """The same in SQL."""
    return case((channel == "voice", CALLS), (our_number == "", TEXTS), else_=our_number)


def hold(
    session: Session, what: str, *, code: str, reason: str, now: datetime, span: timedelta = HOLD
) -> None:
    """Stop sending through a carrier or line for so long; `since` stays at the first of several failures.

    A hold that lasts longer already stays as it is.
    """
    insert = postgresql_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
    row = {"code": code, "reason": reason[:200], "until": now + span}
    since = case((CarrierHold.until <= now, now), else_=CarrierHold.since)
    session.execute(
        insert(CarrierHold)
        .values(id=new_id(), carrier=what, since=now, **row)
        .on_conflict_do_update(
            index_elements=["carrier"], set_={**row, "since": since}, where=CarrierHold.until <= now + span
        )
    )


def held(session: Session, what: str, now: datetime) -> CarrierHold | None:
    """The hold in force on a carrier or line."""
    return next((one for one in in_force(session, now) if one.carrier == what), None)


def in_force(session: Session, now: datetime) -> list[CarrierHold]:
    """Every hold in force, the oldest first, for people to see."""
    return list(
        session.scalars(select(CarrierHold).where(CarrierHold.until > now).order_by(CarrierHold.since))
    )


def lift(session: Session, what: str) -> bool:
    """Send through the carrier or line again, from now on; whether it was stopped."""
    gone = delete(CarrierHold).where(CarrierHold.carrier == what).returning(CarrierHold.id)
    return session.execute(gone).first() is not None
