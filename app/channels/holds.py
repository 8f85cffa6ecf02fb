"""Stopping a carrier: when it refuses our credentials, every further try would be refused too."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from app.channels.models import CarrierHold
from app.store import new_id

HOLD = timedelta(minutes=15)
"""After this one message is tried again: an operator who has repaired the account need not tell us."""


def hold(session: Session, carrier: str, *, code: str, reason: str, now: datetime) -> None:
    """Stop sending through a carrier for HOLD from now; `since` stays at the first of several failures."""
    insert = postgresql_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
    row = {"code": code, "reason": reason[:200], "until": now + HOLD}
    session.execute(
        insert(CarrierHold)
        .values(id=new_id(), carrier=carrier, since=now, **row)
        .on_conflict_do_update(index_elements=["carrier"], set_=row)
    )


def held(session: Session, carrier: str, now: datetime) -> CarrierHold | None:
    """The hold in force on a carrier, for people to see."""
    return session.scalars(
        select(CarrierHold).where(CarrierHold.carrier == carrier, CarrierHold.until > now)
    ).one_or_none()


def lift(session: Session, carrier: str) -> None:
    """Send through the carrier again, from now on."""
    session.execute(delete(CarrierHold).where(CarrierHold.carrier == carrier))
