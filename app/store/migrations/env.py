"""How Alembic runs: on the connection handed in, under a lock, with a short time-out so that nothing queues."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection, text

from app.store.base import Base
from app.store.tables import load_all
from app.store.types import Choice, Sealed, SealedBytes, SealedJson, UTCDateTime

LOCK = 0x0CA2E100
load_all()


def plain(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Migrations name plain column types: they must not change when a class of ours does."""
    if kind != "type":
        return False
    match item:
        case UTCDateTime():
            return "sa.DateTime(timezone=True)"
        case Sealed() | SealedJson() | SealedBytes():
            return "sa.LargeBinary()"
        case Choice():
            return "sa.String(24)"
    if type(item).__name__ == "JSON":
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    return False


def run(connection: Connection) -> None:
    """Run every missing migration in one transaction."""
    context.configure(
        connection=connection, target_metadata=Base.metadata, render_item=plain, render_as_batch=False
    )
    with connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
            connection.execute(text("SET LOCAL lock_timeout = '4s'"))
        context.run_migrations()


run(context.config.attributes["connection"])
