"""Waking open pages: one listener to Redis in a process, fanned out to its streams; the database while Redis is away.

What comes through is a topic and an id, never the news itself: whoever hears it asks the database.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from queue import Empty, Full, Queue
from typing import Any

import structlog
from redis.exceptions import RedisError
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from app.cases.models import CaseEvent
from app.services import LIVE_CHANNEL, Services
from app.settings import Settings
from app.store.database import reading

POLL_SECONDS = 2.0
OVERLAP = timedelta(seconds=10)
"""An event's time is its transaction's beginning: one that commits late lies a little in the past."""
WAITING_ROOM = 500
MOST_AT_ONCE = 200
STREAMS_APART = 280
STREAMS_THREADS = 64
"""Threads of a web process where nothing else is set (`app.cli.serve`)."""


@dataclass(frozen=True, slots=True)
class News:
    """Something changed: `topic` is case, conversation or queue; or `everything`: look again at all you show."""

    topic: str
    identifier: str


EVERYTHING = News("everything", "")


class Hub:
    """The streams of this process and the one thread that feeds them, started with the first stream."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._most = most_streams(services.settings)
        self._streams: set[Queue[News]] = set()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._stopped = threading.Event()
        self._listening = threading.Event()
        self._log = structlog.get_logger("careloop.live")

    @contextmanager
    def stream(self) -> Iterator[Queue[News]]:
        """A queue of news for one page, from now on; it has been subscribed before this returns."""
        mine: Queue[News] = Queue(WAITING_ROOM)
        with self._lock:
            self._streams.add(mine)
            if self._thread is None or not self._thread.is_alive():
                self._stopped.clear()
                self._thread = threading.Thread(target=self._run, daemon=True, name="live")
                self._thread.start()
        # A page reads the database after it is subscribed, so that nothing is lost between the two.
        self._listening.wait(1)
        try:
            yield mine
        finally:
            with self._lock:
                self._streams.discard(mine)

    @property
    def full(self) -> bool:
        """Whether one more stream would leave too few threads for everything else."""
        return len(self._streams) >= self._most

    def stop(self) -> None:
        """End the thread; a later stream starts it again."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join(5)

    def tell(self, news: Iterable[News]) -> None:
        """Put news into every stream; one that does not read is told to look at everything instead."""
        with self._lock:
            streams = list(self._streams)
        for item in news:
            for stream in streams:
                _put(stream, item)

    def changed_since(self, then: datetime) -> list[News]:
        """The cases something happened to since a moment, as the database has it."""
        query = (
            select(CaseEvent.case_id).where(CaseEvent.at > then - OVERLAP).distinct().limit(MOST_AT_ONCE + 1)
        )
        with reading(self._services.sessions) as session:
            found = list(session.scalars(query))
        return (
            [EVERYTHING] if len(found) > MOST_AT_ONCE else [News("case", str(case_id)) for case_id in found]
        )

    def _run(self) -> None:
        since = self._services.clock.now()
        while not self._stopped.is_set():
            try:
                self._listen(since)
            except RedisError as problem:
                self._log.debug("live_without_redis", problem=type(problem).__name__)
            self._listening.set()
            since = self._poll(since)
            self._stopped.wait(POLL_SECONDS)

    def _listen(self, since: datetime) -> None:
        """Pass on what Redis tells, until it goes away or the hub is stopped."""
        redis: Any = self._services.redis
        with redis.pubsub(ignore_subscribe_messages=True) as listener:
            listener.subscribe(LIVE_CHANNEL)
            listener.get_message(timeout=POLL_SECONDS)
            self._listening.set()
            self._poll(since)
            while not self._stopped.is_set():
                message = listener.get_message(timeout=POLL_SECONDS)
                if message is not None:
                    topic, _, identifier = message["data"].decode().partition(":")
                    self.tell([News(topic, identifier)])

    def _poll(self, since: datetime) -> datetime:
        now = self._services.clock.now()
        try:
            self.tell(self.changed_since(since))
        except SQLAlchemyError as problem:
            self._log.warning("live_poll_failed", problem=type(problem).__name__)
            return since
        return now


def most_streams(settings: Settings) -> int:
    """How many streams a process may hold: each keeps a thread, and webhooks need theirs.

    With EVENTS_PORT set, a server with many threads is there for the streams alone.
    """
    if settings.events_port is not None:
        return STREAMS_APART
    return max(1, (settings.web_threads or STREAMS_THREADS) * 5 // 8)


def _put(stream: Queue[News], item: News) -> None:
    try:
        stream.put_nowait(item)
    except Full:
        _empty(stream)
        stream.put_nowait(EVERYTHING)


def _empty(stream: Queue[News]) -> None:
    while True:
        try:
            stream.get_nowait()
        except Empty:
            return
