"""Engines and sessions for PostgreSQL and SQLite, and bringing a database to the newest schema."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

from app.store.keys import Keyring
from app.store.live import Announce, announce_after_commit

Sessions = sessionmaker[Session]
BUSY_SECONDS = 30
TRUSTED_SECONDS = 1.0
AWAY_SECONDS = 5
"""After this a database counts as away: a carrier told so in time tries again, one that hears nothing may not."""


def make_engine(
    url: str, keyring: Keyring, *, pool_size: int = 16, application: str = "careloop", ping: bool = True
) -> Engine:
    """An engine whose sealed columns use this keyring. `url` is PostgreSQL (psycopg) or SQLite.

    `ping` asks whether a pooled connection still lives before it is used again after a pause; a worker, whose jobs are
    done again anyway, saves that round trip.
    """
    url = url.replace("postgres://", "postgresql://", 1).replace("postgresql://", "postgresql+psycopg://", 1)
    if url.startswith("sqlite"):
        engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})
        event.listen(engine, "connect", _sqlite_connect)
        event.listen(engine, "begin", _sqlite_begin)
    else:
        engine = create_engine(
            url,
            pool_size=pool_size,
            max_overflow=4,
            pool_pre_ping=False,
            pool_recycle=1800,
            pool_timeout=AWAY_SECONDS,
            connect_args={
                "application_name": application,
                "options": "-c timezone=UTC -c lock_timeout=20s",
                "connect_timeout": AWAY_SECONDS,
                "tcp_user_timeout": 2 * AWAY_SECONDS * 1000,
            },
        )
        if ping:
            _ping_after_a_pause(engine)
    dialect: Any = engine.dialect
    dialect.careloop_keyring = keyring
    return engine


def _ping_after_a_pause(engine: Engine) -> None:
    """Have a connection that lay idle for more than a moment prove that it lives; a dead one is replaced unseen.

    Asking before every use, as the pool's own option does, would cost each request a round trip.
    """

    def given_back(_connection: Any, record: ConnectionPoolEntry) -> None:
        record.info["idle_since"] = time.monotonic()

    def taken(connection: Any, record: ConnectionPoolEntry, _proxy: Any) -> None:
        idle_since = record.info.pop("idle_since", None)
        if idle_since is None or time.monotonic() - idle_since < TRUSTED_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as problem:
            raise DisconnectionError("the connection died while it lay idle") from problem

    event.listen(engine, "checkin", given_back)
    event.listen(engine, "checkout", taken)


def _sqlite_connect(connection: sqlite3.Connection, _record: Any) -> None:
    # The driver's own transaction handling would begin deferred and then fail to upgrade: we begin ourselves.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_SECONDS * 1000}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _sqlite_begin(connection: Any) -> None:
    # Readers do not take the write lock; everything else takes it at once, so that no upgrade can fail half-way.
    read_only = connection.get_execution_options().get("careloop_read_only", False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


def make_sessions(engine: Engine, announce: Announce | None = None) -> Sessions:
    """A session factory whose rows stay readable after a commit.

    `announce` is called after each commit with the (topic, id) pairs that `live.announce` noted in it.
    """
    factory = sessionmaker(engine, expire_on_commit=False)
    if announce is not None:
        announce_after_commit(factory, announce)
    return factory


@contextmanager
def begin(sessions: Sessions) -> Iterator[Session]:
    """One transaction: committed at the end, rolled back on any error."""
    with sessions() as session, session.begin():
        yield session


@contextmanager
def single(sessions: Sessions) -> Iterator[Connection]:
    """A connection for one statement, which commits by itself: on PostgreSQL two round trips less than `begin`."""
    engine: Engine = sessions.kw["bind"]
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            yield connection
            connection.commit()
            return
        # The engine's own option for this costs as much as it saves: it asks and sets everything at each use.
        driver: Any = connection.connection.dbapi_connection
        driver.autocommit = True
        try:
            yield connection
        finally:
            if not driver.closed:
                driver.autocommit = False


@contextmanager
def reading(sessions: Sessions) -> Iterator[Session]:
    """A session for reads only: on SQLite it never waits for a writer."""
    with sessions() as session:
        session.connection(execution_options={"careloop_read_only": True})
        yield session


def upgrade(engine: Engine) -> None:
    """Bring the database to the newest schema; safe to run twice and from two machines at once."""
    # Alembic takes most of a second to import and only this command needs it.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
