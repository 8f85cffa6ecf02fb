"""The first and only thing a webhook does: keep what came, once, before anything is made of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Executable, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.inbound.models import InboundEvent
from app.patients.people import number_index
from app.store import new_id

# Made once and run without the session's unit of work: building it anew took half of a webhook's own time.
_TABLE: Final[Any] = InboundEvent.__table__
_KEEP: Final[dict[str, Executable]] = {
    name: insert(_TABLE).on_conflict_do_nothing(index_elements=["kind", "dedupe"]).returning(_TABLE.c.id)
    for name, insert in (("postgresql", postgresql.insert), ("sqlite", sqlite.insert))
}


def store(
    connection: Connection, *, kind: str, dedupe: str, number: str, params: Mapping[str, str], now: datetime
) -> UUID | None:
    """Keep a verified webhook; gives its id, or None when the carrier has told us before (same kind and `dedupe`)."""
    statement = _KEEP[connection.dialect.name]
    values = {
        "id": new_id(),
        "kind": kind,
        "dedupe": dedupe[:100],
        "number_index": number_index(connection, number),
        "params": dict(params),
        "received_at": now,
        "state": "new",
        "attempts": 0,
    }
    found: UUID | None = connection.execute(statement, values).scalar()
    return found


def pending(session: Session, now: datetime, limit: int) -> list[UUID]:
    """Events still to be worked on, the oldest first; those that failed wait for their `retry_at`."""
    query = (
        select(InboundEvent.id)
        .where(InboundEvent.state == "new")
        .where((InboundEvent.retry_at.is_(None)) | (InboundEvent.retry_at <= now))
        .order_by(InboundEvent.received_at, InboundEvent.id)
        .limit(limit)
    )
    return list(session.scalars(query))
