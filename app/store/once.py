"""Writing a row that may be there already: one statement, and no savepoint around it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Executable, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, make_transient_to_detached

from app.store.base import Base
from app.store.ids import new_id

T = TypeVar("T", bound=Base)


def once(session: Session, kind: type[T], unique: tuple[str, ...], values: Mapping[str, Any]) -> T | None:
    """The new row of a table with an `id`; None when there is one with the same `unique` columns already.

    What it refers to is written first. Columns not given are NULL.
    """
    session.flush()
    table = kind.metadata.tables[kind.__tablename__]
    row = {**dict.fromkeys(table.columns.keys()), **values, "id": new_id()}
    statement = _insert(session.get_bind().dialect.name, table, unique)
    if session.connection().execute(statement, row).scalar() is None:
        return None
    # Complete as it is: nothing has to be read back.
    made = kind(**row)
    make_transient_to_detached(made)
    session.add(made)
    return made


@cache
def _insert(dialect: str, table: Table, unique: tuple[str, ...]) -> Executable:
    insert: Any = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement: Executable = insert(table).on_conflict_do_nothing(index_elements=unique).returning(table.c.id)
    return statement
