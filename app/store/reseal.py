"""Sealing everything with the current key again, so that an old one can be taken out of ENCRYPTION_KEYS."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import (
    Column,
    LargeBinary,
    Select,
    Table,
    and_,
    bindparam,
    func,
    literal,
    or_,
    select,
    type_coerce,
    update,
)
from sqlalchemy.orm import Session

from app.store.base import Base
from app.store.database import Sessions, begin, reading
from app.store.keys import Keyring, keyring_of
from app.store.types import Sealed, SealedBytes, SealedJson

BATCH = 500
BATCH_OF_FILES = 4
"""Files are megabytes each, and a batch is held in memory."""


def reseal(sessions: Sessions) -> dict[str, int]:
    """Seal every value of every table with the current key; gives how many rows of each table were changed.

    May be stopped and run again: it works in short transactions and leaves alone what is sealed with the current key.
    SealError when a value opens with none of the keys: nothing of its batch is changed.
    """
    return {table.name: sum(_batches(sessions, table)) for table in sealed_tables()}


def sealed_otherwise(sessions: Sessions) -> dict[str, int]:
    """How many rows of each table hold a value sealed with another key than the current one; tables without are not
    in it. While it is empty, and stays so, every other key can be taken out.
    """
    with reading(sessions) as session:
        name = keyring_of(session).current.encode()
        head = bytes([len(name)]) + name
        counts = {table.name: session.scalar(_others(table, head)) or 0 for table in sealed_tables()}
    return {table: count for table, count in counts.items() if count}


def sealed_tables() -> list[Table]:
    """The tables that hold sealed columns."""
    return [table for table in Base.metadata.sorted_tables if _columns(table)]


def _columns(table: Table) -> list[Column[Any]]:
    return [column for column in table.columns if isinstance(column.type, Sealed | SealedJson | SealedBytes)]


def _others(table: Table, head: bytes) -> Select[int]:
    # Only the beginning of each value is read: files are large.
    raw = [type_coerce(column, LargeBinary) for column in _columns(table)]
    wrong = [and_(value.is_not(None), func.substr(value, 1, len(head)) != literal(head)) for value in raw]
    return select(func.count()).select_from(table).where(or_(*wrong))


def _batches(sessions: Sessions, table: Table) -> Iterator[int]:
    """How many rows were changed, batch by batch, along the primary key."""
    key = next(iter(table.primary_key.columns))
    last: Any = None
    while True:
        with begin(sessions) as session:
            rows = _raw(session, table, key, last)
            if not rows:
                return
            last = rows[-1].key
            yield _seal_again(session, table, key, rows)


def _raw(session: Session, table: Table, key: Column[Any], last: Any) -> list[Any]:
    raw = [type_coerce(column, LargeBinary).label(column.name) for column in _columns(table)]
    files = any(isinstance(column.type, SealedBytes) for column in _columns(table))
    most = BATCH_OF_FILES if files else BATCH
    query = select(key.label("key"), *raw).order_by(key).limit(most).with_for_update()
    return list(session.execute(query if last is None else query.where(key > last)))


def _seal_again(session: Session, table: Table, key: Column[Any], rows: list[Any]) -> int:
    keyring, columns = keyring_of(session), _columns(table)
    changes = [change for row in rows if (change := _changed(keyring, columns, row))]
    if changes:
        values = {column.name: bindparam(f"new_{column.name}", type_=LargeBinary) for column in columns}
        statement = update(table).where(key == bindparam("the_key", type_=key.type))
        session.connection().execute(
            statement.values({name: type_coerce(value, LargeBinary) for name, value in values.items()}),
            changes,
        )
    return len(changes)


def _changed(keyring: Keyring, columns: list[Column[Any]], row: Any) -> dict[str, Any] | None:
    """The row's values sealed with the current key; None when all of them are already."""
    old = {column.name: getattr(row, column.name) for column in columns}
    stale = [
        name for name, value in old.items() if value is not None and keyring.key_of(value) != keyring.current
    ]
    if not stale:
        return None
    sealed = {column.name: column.type.column for column in columns}  # type: ignore[attr-defined]  # Sealed types
    fresh = {
        n: keyring.seal(sealed[n], keyring.open(sealed[n], v)) if n in stale else v for n, v in old.items()
    }
    return {"the_key": row.key, **{f"new_{name}": value for name, value in fresh.items()}}
