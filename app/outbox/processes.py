"""Who is alive: what a living process claimed is its own, what a dead one claimed is looked into."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from app.outbox.models import Process

ALIVE = timedelta(seconds=15)
"""How long a beat counts. Beat every five seconds, from a thread of its own."""
FORGET = timedelta(days=1)


def beat(session: Session, process_id: UUID, kind: str, now: datetime) -> None:
    """Say that this process lives. Its first beat comes before its first claim."""
    insert = postgresql_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
    until = now + ALIVE
    session.execute(
        insert(Process)
        .values(id=process_id, kind=kind, started_at=now, alive_until=until)
        .on_conflict_do_update(index_elements=["id"], set_={"alive_until": until})
    )


def forget(session: Session, now: datetime) -> None:
    """Let go of processes that ended long ago: what they left behind was found within a minute."""
    session.execute(delete(Process).where(Process.alive_until < now - FORGET))
