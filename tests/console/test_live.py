"""The live stream: what changes wakes open pages, with Redis and without."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice

import pytest
from flask import Flask
from redis import Redis

from app.cases.work import claim
from app.clock import FixedClock
from app.console import events
from app.console.live import EVERYTHING, WAITING_ROOM, Hub, News, most_streams
from app.security.models import Staff
from app.services import Services
from app.settings import Settings
from app.store import begin
from tests.console.conftest import Practice
from tests.console.pages import Browser

SECONDS = 10


@pytest.fixture
def hub(app: Flask) -> Hub:
    """The application's hub."""
    found: Hub = app.extensions["careloop_live"]
    return found


@pytest.fixture
def stream(somebody: Callable[[str], Browser]) -> Iterator[Callable[..., Iterator[str]]]:
    """Opens the live stream as a coordinator: its events, one after the other."""
    opened = []

    def open_it(**headers: str) -> Iterator[str]:
        answer = somebody("ana").client.get("/events", headers=headers)
        assert answer.content_type.startswith("text/event-stream")
        opened.append(answer)
        return (part.decode() if isinstance(part, bytes) else part for part in answer.response)

    yield open_it
    for answer in opened:
        answer.close()


def test_a_change_reaches_an_open_stream_at_once(
    stream: Callable[..., Iterator[str]], services: Services, practice: Practice, now: datetime
) -> None:
    parts = stream()
    assert "event: hello" in next(parts)
    with begin(services.sessions) as session:
        claim(session, practice.cases["james"], session.get_one(Staff, practice.staff["ana"]), now)
    seen = set(islice((line for part in parts for line in part.splitlines() if line.startswith("data:")), 2))
    assert seen == {f"data: {practice.cases['james']}"}


def test_a_stream_goes_on_where_an_earlier_one_ended(
    stream: Callable[..., Iterator[str]], services: Services, practice: Practice, clock: FixedClock
) -> None:
    left = int(clock.now().timestamp() * 1000)
    clock.advance(minutes=5)
    with begin(services.sessions) as session:
        claim(session, practice.cases["james"], session.get_one(Staff, practice.staff["ana"]), clock.now())
    parts = stream(**{"Last-Event-ID": str(left)})
    next(parts)
    assert f"event: case\ndata: {practice.cases['james']}" in next(parts)


def test_who_was_away_for_long_looks_at_everything(
    stream: Callable[..., Iterator[str]], clock: FixedClock
) -> None:
    parts = stream(**{"Last-Event-ID": str(int((clock.now() - timedelta(hours=2)).timestamp() * 1000))})
    next(parts)
    assert "event: everything" in next(parts)


def test_without_redis_the_database_is_asked(services: Services, practice: Practice, now: datetime) -> None:
    hub = Hub(replace(services, redis=Redis.from_url("redis://127.0.0.1:1/0")))
    james = News("case", str(practice.cases["james"]))
    with hub.stream() as news:
        with begin(services.sessions) as session:
            claim(session, practice.cases["james"], session.get_one(Staff, practice.staff["ana"]), now)
        assert any(news.get(timeout=SECONDS) == james for _ in range(9))
    hub.stop()


def test_what_happened_since(hub: Hub, practice: Practice, now: datetime) -> None:
    told = {item.identifier for item in hub.changed_since(now - timedelta(minutes=10))}
    assert told == {str(practice.cases[name]) for name in ("rosa", "james", "zoe")}
    assert hub.changed_since(now + timedelta(hours=1)) == []


def test_a_stream_nobody_reads_is_told_to_look_at_everything(hub: Hub) -> None:
    with hub.stream() as news:
        hub.tell(News("case", str(number)) for number in range(WAITING_ROOM + 5))
        seen = [news.get_nowait() for _ in range(news.qsize())]
    assert EVERYTHING in seen
    assert len(seen) <= WAITING_ROOM


def test_streams_leave_threads_for_everything_else(
    make_settings: Callable[..., Settings], hub: Hub, somebody: Callable[[str], Browser]
) -> None:
    assert most_streams(make_settings()) == 40
    assert most_streams(make_settings(WEB_THREADS="8")) == 5
    assert most_streams(make_settings(EVENTS_PORT="8002")) == 280
    with ExitStack() as streams:
        while not hub.full:
            streams.enter_context(hub.stream())
        assert somebody("ana").client.get("/events").status_code == 204
    assert not hub.full


def test_ids_that_are_not_ours_are_no_moments() -> None:
    for text in (None, "", "x", "9" * 40):
        assert events.last_moment(text) is None


def test_a_stream_ends_with_the_session(services: Services, practice: Practice, clock: FixedClock) -> None:
    watch = events.Watch(services, practice.staff["ana"], 0, clock.now())
    assert watch.may_go_on()
    with begin(services.sessions) as session:
        session.get_one(Staff, practice.staff["ana"]).roles = ["auditor"]
    assert not watch.may_go_on()
    watch = events.Watch(services, practice.staff["ben"], 0, clock.now())
    clock.advance(minutes=11)
    assert not watch.may_go_on()


def test_a_stream_is_for_those_who_may_see_the_queue(somebody: Callable[[str], Browser], app: Flask) -> None:
    assert somebody("aud").client.get("/events").status_code == 403
    assert app.test_client().get("/events", headers={"X-Careloop-Live": "1"}).status_code == 401
