"""What every entry point is handed: settings, database, queues, clock, scripts and words. Made once per process."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

import structlog
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import Engine

from app.channels.pace import Pace
from app.clock import Clock, SystemClock
from app.conversations.kit import Kit
from app.conversations.scripts import Scripts
from app.i18n.catalogs import Catalogs
from app.queues import Enqueue, Queues
from app.settings import Settings
from app.store import Keyring, Sessions, make_engine, make_sessions, new_id

LIVE_CHANNEL = "careloop:live"
REDIS_SECONDS = 2.0
"""How long a Redis may take to answer. Jobs are fetched over connections of RQ's own, which wait as they like."""
QUIET_SECONDS = 5.0
"""How long nothing is announced after Redis failed: a webhook must be answered long before the carrier gives up."""


@dataclass(frozen=True, slots=True)
class Services:
    """The wired parts of one process. `process_id` signs what this process claims in the database."""

    settings: Settings
    engine: Engine
    sessions: Sessions
    clock: Clock
    redis: Redis
    queues: Enqueue
    kit: Kit
    process_id: UUID
    pace: Pace

    @property
    def scripts(self) -> Scripts:
        """The scripts' revisions."""
        return self.kit.scripts

    @property
    def catalogs(self) -> Catalogs:
        """The translations."""
        return self.kit.catalogs


def keyring(settings: Settings) -> Keyring:
    """The keyring of these settings."""
    return Keyring(settings.encryption_keys, settings.index_key)


def make_services(settings: Settings, *, clock: Clock | None = None, kind: str = "web") -> Services:
    """Wire one process. Nothing is connected yet: a database or Redis that is away is met by whoever asks first."""
    engine = make_engine(
        settings.database_url, keyring(settings), application=f"careloop-{kind}", ping=kind != "worker"
    )
    redis = Redis.from_url(
        settings.redis_url,
        socket_connect_timeout=REDIS_SECONDS,
        socket_timeout=REDIS_SECONDS,
    )
    kit = Kit(Scripts(), Catalogs.load(settings.locales_dir))
    sessions = make_sessions(engine, announce=Announcer(redis))
    return Services(
        settings,
        engine,
        sessions,
        clock or SystemClock(),
        redis,
        Queues(redis),
        kit,
        new_id(),
        Pace(redis, settings.twilio_segments_per_second),
    )


class Announcer:
    """Tells open pages over Redis; one that hangs is asked once, then left alone for a while."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._silent_until = 0.0
        self._log = structlog.get_logger("careloop.live")

    def __call__(self, changes: Iterable[tuple[str, str]]) -> None:
        """Announce what changed (topic, id) in one round trip, or let it be: pages look at the database themselves."""
        if time.monotonic() < self._silent_until:
            return
        try:
            with self._redis.pipeline(transaction=False) as pipe:
                for topic, identifier in changes:
                    pipe.publish(LIVE_CHANNEL, f"{topic}:{identifier}")
                pipe.execute()
        except RedisError as problem:
            self._silent_until = time.monotonic() + QUIET_SECONDS
            self._log.debug("announce_failed", problem=type(problem).__name__)
