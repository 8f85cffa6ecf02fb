"""Fresh databases in milliseconds: the real migrations run once a test run, each test gets a copy."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg

from app.store.database import make_engine, upgrade
from app.store.keys import Keyring
from tests.support import servers

TEMPLATE = "careloop_template"
_numbers = count(1)


@contextmanager
def sqlite(keyring: Keyring, place: Path) -> Iterator[str]:
    """A migrated SQLite database in a folder: its URL."""
    target = place / f"careloop-{next(_numbers)}.db"
    shutil.copy(_sqlite_template(keyring), target)
    yield f"sqlite:///{target}"


@contextmanager
def postgresql(keyring: Keyring, worker: str) -> Iterator[str]:
    """A migrated PostgreSQL database of its own, dropped at the end: its URL."""
    url = _postgresql_template(keyring)
    name = f"test_{worker}_{next(_numbers)}"
    with psycopg.connect(url.format("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY FILE_COPY".encode())
    try:
        yield url.format(name)
    finally:
        with psycopg.connect(url.format("postgres"), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def _sqlite_template(keyring: Keyring) -> Path:
    with servers.alone("sqlite-template"):
        ready = servers.folder() / "template.db"
        if not ready.exists():
            draft = servers.folder() / "template-draft.db"
            _migrate(f"sqlite:///{draft}", keyring)
            draft.rename(ready)
    return ready


def _postgresql_template(keyring: Keyring) -> str:
    url = servers.postgresql()
    with servers.alone("postgresql-template"):
        ready = servers.folder() / "postgresql-template"
        if not ready.exists():
            with psycopg.connect(url.format("postgres"), autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {TEMPLATE}".encode())
            _migrate(url.format(TEMPLATE), keyring)
            ready.touch()
    return url


def _migrate(url: str, keyring: Keyring) -> None:
    engine = make_engine(url, keyring)
    upgrade(engine)
    # The last connection to close folds SQLite's log into the one file that is copied.
    engine.dispose()
