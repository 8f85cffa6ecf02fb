"""Fixtures every test may use."""

from __future__ import annotations

import io
import logging
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import structlog
from hypothesis import settings as hypothesis_settings
from redis import Redis
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app import logs
from app.clock import FixedClock
from app.queues import Queues
from app.settings import Settings
from app.store.database import Sessions, make_engine, make_sessions
from app.store.keys import Keyring
from tests.support import databases, servers
from tests.support.queues import Remembered
from tests.support.surroundings import ENVIRON
from tests.support.world import World, make_world

hypothesis_settings.register_profile("here", deadline=None)
# The same examples each time: a push must not turn red for something an earlier one already had.
hypothesis_settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
hypothesis_settings.load_profile("ci" if os.environ.get("CI") else "here")

MONDAY_MORNING = datetime(2026, 11, 2, 15, 0, tzinfo=UTC)
"""Where every test's clock begins: 9 o'clock in Chicago, 10 in New York."""


def pytest_configure(config: pytest.Config) -> None:
    """The process that leads the run makes its folder; the others find it in their environment."""
    if not hasattr(config, "workerinput"):
        servers.begin_run()


def pytest_unconfigure(config: pytest.Config) -> None:
    """The process that leads the run stops its servers."""
    if not hasattr(config, "workerinput"):
        servers.end_run()


@pytest.fixture
def clock() -> FixedClock:
    """A clock that stands at MONDAY_MORNING until the test moves it."""
    return FixedClock(MONDAY_MORNING)


@pytest.fixture
def now(clock: FixedClock) -> datetime:
    """The clock's time at the test's begin."""
    return clock.now()


@pytest.fixture(scope="session")
def keyring() -> Keyring:
    """The keys every test database is sealed with."""
    settings = Settings.from_env(ENVIRON)
    return Keyring(settings.encryption_keys, settings.index_key)


@pytest.fixture
def make_settings(tmp_path: Path) -> Callable[..., Settings]:
    """Settings of a test machine, with some changed: `make_settings(PORT="1")`."""
    return lambda **changed: Settings.from_env({**ENVIRON, "STATE_DIR": str(tmp_path), **changed})


@pytest.fixture
def settings(make_settings: Callable[..., Settings]) -> Settings:
    """Settings of a test machine."""
    return make_settings()


@pytest.fixture
def sqlite_url(keyring: Keyring, tmp_path: Path) -> Iterator[str]:
    """A migrated, empty SQLite database."""
    with databases.sqlite(keyring, tmp_path) as url:
        yield url


@pytest.fixture
def postgresql_url(keyring: Keyring) -> Iterator[str]:
    """A migrated, empty PostgreSQL database."""
    with databases.postgresql(keyring, os.environ.get("PYTEST_XDIST_WORKER", "solo")) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated, empty database; the test runs once on SQLite and once on PostgreSQL."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def engine(database_url: str, keyring: Keyring) -> Iterator[Engine]:
    """An engine on `database_url`."""
    engine = make_engine(database_url, keyring)
    yield engine
    engine.dispose()


@pytest.fixture
def sessions(engine: Engine) -> Sessions:
    """A session factory on `database_url`."""
    return make_sessions(engine)


@pytest.fixture
def session(sessions: Sessions) -> Iterator[Session]:
    """A session on `database_url`; what the test does not commit is rolled back."""
    with sessions() as session:
        yield session


@pytest.fixture
def world(sessions: Sessions, clock: FixedClock) -> World:
    """A small practice with the shipped scripts, on `database_url`."""
    return make_world(sessions, clock)


@pytest.fixture(scope="session")
def redis_server() -> Iterator[str]:
    """A Redis for this test process: its URL. Use `redis` or `redis_url`, which begin empty."""
    with servers.redis() as url:
        yield url


@pytest.fixture
def redis_url(redis_server: str) -> str:
    """The URL of an empty Redis."""
    with Redis.from_url(redis_server) as redis:
        redis.flushall()
    return redis_server


@pytest.fixture
def redis(redis_url: str) -> Iterator[Redis]:
    """A connection to an empty Redis."""
    with Redis.from_url(redis_url) as redis:
        yield redis


@pytest.fixture
def queues(redis: Redis) -> Queues:
    """The real queues, in an empty Redis."""
    return Queues(redis)


@pytest.fixture
def remembered() -> Remembered:
    """Queues that only remember what was put on them."""
    return Remembered()


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """What this process logs from here on, as JSON lines."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    logs.configure("INFO", stream := io.StringIO())
    yield stream
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()
