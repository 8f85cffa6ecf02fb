"""Each number's pace at the carrier: places in time, shared by all processes, slow but never stuck without Redis."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from redis import Redis

from app.channels.pace import SAVED, Pace

OURS, OTHER = "+13125550100", "+13125550101"


def seconds(places: list[datetime], now: datetime) -> list[float]:
    return [round((place - now).total_seconds(), 2) for place in places]


def test_what_was_saved_goes_at_once_and_the_rest_in_turn(redis: Redis, now: datetime) -> None:
    pace = Pace(redis, 2)
    saved = int(SAVED.total_seconds()) * 2
    places = seconds(pace.book([(OURS, 1)] * (saved + 4), now), now)
    assert places == [0.0] * (saved + 1) + [0.5, 1.0, 1.5]


def test_parts_count_and_not_texts(redis: Redis, now: datetime) -> None:
    pace = Pace(redis, 1)
    pace.book([(OURS, 10)], now)
    assert seconds(pace.book([(OURS, 3), (OURS, 2), (OURS, 1)], now), now) == [0.0, 3.0, 5.0]


def test_every_process_keeps_the_same_pace(redis: Redis, now: datetime) -> None:
    Pace(redis, 1).book([(OURS, 15)], now)
    assert seconds(Pace(redis, 1).book([(OURS, 1)], now), now) == [5.0]


def test_numbers_do_not_wait_for_each_other(redis: Redis, now: datetime) -> None:
    pace = Pace(redis, 1)
    pace.book([(OURS, 60)], now)
    assert seconds(pace.book([(OURS, 1), (OTHER, 1), (OURS, 1)], now), now) == [50.0, 0.0, 51.0]
    assert pace.ahead([OURS, OTHER, "+13125550102"], now) == {
        OURS: timedelta(seconds=52),
        OTHER: timedelta(0),
        "+13125550102": timedelta(0),
    }


def test_a_long_silence_saves_no_more_than_a_moment(redis: Redis, now: datetime) -> None:
    pace = Pace(redis, 1)
    pace.book([(OURS, 1)], now)
    later = now + timedelta(hours=5)
    assert seconds(pace.book([(OURS, 1)] * 13, later), later)[-2:] == [1.0, 2.0]


def test_time_that_went_back_gives_nothing_away(redis: Redis, now: datetime) -> None:
    pace = Pace(redis, 1)
    pace.book([(OURS, 11)], now)
    before = now - timedelta(seconds=30)
    assert seconds(pace.book([(OURS, 1)], before), before) == [31.0]


def test_without_redis_it_goes_on_slowly(tmp_path: Path, now: datetime) -> None:
    pace = Pace(Redis.from_url(f"unix://{tmp_path}/nobody.sock"), 100)
    assert seconds(pace.book([(OURS, 1), (OURS, 2), (OURS, 1)], now), now) == [0.0, 1.0, 3.0]
    assert pace.ahead([OURS], now) == {OURS: timedelta(seconds=4)}
    soon = now + timedelta(seconds=4)
    assert seconds(pace.book([(OURS, 1)], soon), soon) == [0.0]
