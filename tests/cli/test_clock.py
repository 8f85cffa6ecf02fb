"""The clock process: each sweep in its time, by one clock of many, and never a heap of them."""

from __future__ import annotations

from redis import Redis

from app.cli.clock import Ticker
from app.queues import Job, Queues
from tests.support.queues import Remembered

FAST, SLOW = Job("jobs.fast", "sweep"), Job("jobs.slow", "report")
PERIODIC = ((FAST, 1), (SLOW, 60))


def ticker(redis: Redis, remembered: Remembered) -> Ticker:
    return Ticker(redis, remembered, PERIODIC, now=0.0)


def test_each_sweep_comes_in_its_time(redis: Redis, remembered: Remembered) -> None:
    clock = ticker(redis, remembered)
    assert [clock.tick(now) for now in (0.0, 0.5, 1.0, 60.0)] == [
        [FAST.name, SLOW.name],
        [],
        [FAST.name],
        [FAST.name, SLOW.name],
    ]
    assert [call[0] for call in remembered.calls] == [FAST, SLOW, FAST, FAST, SLOW]


def test_only_one_of_many_acts(redis: Redis, remembered: Remembered) -> None:
    first, second = ticker(redis, remembered), ticker(redis, remembered)
    assert first.tick(0.0)
    assert second.tick(0.0) == []
    first.stop()
    assert second.tick(2.0)
    assert first.tick(2.0) == []


def test_another_takes_over_when_the_lease_runs_out(redis: Redis, remembered: Remembered) -> None:
    first, second = ticker(redis, remembered), ticker(redis, remembered)
    first.tick(0.0)
    assert 0 < redis.pttl("careloop:clock") <= 10_000
    redis.delete("careloop:clock")
    assert second.tick(0.0)


def test_a_clock_that_lost_the_lease_does_not_take_it_away(redis: Redis, remembered: Remembered) -> None:
    first, second = ticker(redis, remembered), ticker(redis, remembered)
    second.tick(0.0)
    first.stop()
    assert first.tick(1.0) == []


def test_sweeps_do_not_heap_up_where_nobody_works(redis: Redis) -> None:
    clock = Ticker(redis, Queues(redis), PERIODIC, now=0.0)
    for now in range(100):
        clock.tick(float(now))
    assert redis.llen("rq:queue:sweep") == len(PERIODIC)
