"""Which texts are worked through next: each phone's in the order they reached us, and one phone by one worker."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, String, bindparam, func, literal_column, or_, select
from sqlalchemy.orm import Session, aliased

from app.inbound.models import InboundEvent

TRIES = 5
"""After so many failures a text is put aside for a person."""
LOOK_AMONG = 64
"""So many waiting texts are looked at to find phones nobody else is at work on."""
_NEW: ColumnElement[str] = literal_column("'new'")


def of_phone(session: Session, event_id: UUID) -> str | None:
    """The phone (blind index) this event came from, locked until the commit, waiting for whoever has it."""
    index = session.scalar(select(InboundEvent.number_index).where(InboundEvent.id == event_id))
    if index is not None and _postgresql(session):
        session.execute(_LOCK, {"phone": index})
    return index


def phones(session: Session, now: datetime, most: int) -> list[str]:
    """Phones with a text to work through, the longest waiting first, locked until the commit; never one of another's.

    Whoever has a phone looks again when it is done, so what is passed over here is not forgotten.
    """
    waiting = list(dict.fromkeys(session.scalars(_WAITING, {"now": now})))
    if not waiting or not _postgresql(session):
        return waiting[:most]
    return list(session.scalars(_LOCK_FREE, {"phones": waiting, "most": most}))


def oldest(session: Session, phones: Sequence[str], now: datetime) -> tuple[list[InboundEvent], bool]:
    """The text to work through now of each of these phones, and whether more wait; the phones are locked.

    One that failed is tried again in its time, and holds up what came after it; only one that failed again and again
    lets the others past.
    """
    rows = session.scalars(
        _TEXTS, {"phones": list(phones), "now": now, "most": max(2, 4 * len(phones))}
    ).all()
    first: dict[str, InboundEvent] = {}
    for event in rows:
        first.setdefault(event.number_index, event)
    found = [event for event in first.values() if event.retry_at is None or event.retry_at <= now]
    return found, len(rows) > len(first)


def _postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"


def _key(phone: Any) -> Any:
    return func.hashtextextended(phone, 0)


_E, _BEFORE = InboundEvent, aliased(InboundEvent)
_NOW = bindparam("now", type_=InboundEvent.received_at.type)
_LOCK = select(func.pg_advisory_xact_lock(_key(bindparam("phone", type_=String))))
_ANY = func.unnest(bindparam("phones", type_=ARRAY(String))).column_valued("phone")
_LOCK_FREE = select(_ANY).where(func.pg_try_advisory_xact_lock(_key(_ANY))).limit(bindparam("most"))
# 'new' is written out, not bound, so that the planner sees that the partial index applies.
_HELD_UP = (
    select(_BEFORE.id)
    .where(_BEFORE.number_index == _E.number_index, _BEFORE.state == _NEW, _BEFORE.retry_at > _NOW)
    .where(_BEFORE.attempts < TRIES, _BEFORE.received_at < _E.received_at)
    .exists()
)
_WAITING = (
    select(_E.number_index)
    .where(_E.state == _NEW, _E.kind == "text", or_(_E.retry_at.is_(None), _E.retry_at <= _NOW), ~_HELD_UP)
    .order_by(_E.received_at, _E.id)
    .limit(LOOK_AMONG)
)
_TEXTS = (
    select(_E)
    .where(_E.number_index.in_(bindparam("phones", expanding=True)), _E.state == _NEW, _E.kind == "text")
    .where(or_(_E.attempts < TRIES, _E.retry_at <= _NOW))
    .order_by(_E.received_at, _E.id)
    .limit(bindparam("most"))
)
