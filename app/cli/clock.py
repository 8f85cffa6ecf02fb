"""Puts the sweeps on the queues as their time comes. Any number of clocks may run: one at a time acts."""

from __future__ import annotations

import argparse
import secrets
import signal
import threading
import time
from collections.abc import Sequence

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue

from app.cli import runtime
from app.queues import PERIODIC, Enqueue, Job, Queues, queue

LEASE_MS = 10_000
"""How long a clock that died is waited for before another acts."""
_LEADER = "careloop:clock"
_TICK = 0.5

# Take the lease if it is free or ours, and make it last again: in one step, so that no two clocks have it.
_TAKE = """
local held = redis.call('get', KEYS[1])
if held and held ~= ARGV[1] then return 0 end
redis.call('set', KEYS[1], ARGV[1], 'px', ARGV[2])
return 1
"""
_GIVE_BACK = "if redis.call('get', KEYS[1]) == ARGV[1] then redis.call('del', KEYS[1]) end"


class Ticker:
    """Decides at each tick which periodic jobs are due, and puts them on their queues if this clock leads."""

    def __init__(
        self, redis: Redis, queues: Enqueue, periodic: Sequence[tuple[Job, int]] = PERIODIC, *, now: float
    ) -> None:
        self._redis = redis
        self._queues = queues
        self._periodic = periodic
        self._due = {job.name: now for job, _ in periodic}
        self._waiting = {job.queue: queue(job.queue, redis) for job, _ in periodic}
        self._name = secrets.token_hex(8)

    def tick(self, now: float) -> list[str]:
        """Put on the queues what is due at `now` (seconds that only grow); give the names of those jobs."""
        if not self._redis.eval(_TAKE, 1, _LEADER, self._name, LEASE_MS):
            return []
        done = []
        for job, seconds in self._periodic:
            if now < self._due[job.name]:
                continue
            self._due[job.name] = now + seconds
            # Where nobody works the queue, one sweep of each kind is enough: more would be done in vain.
            if self._room(self._waiting[job.queue]):
                self._queues.one(job)
                done.append(job.name)
        return done

    def stop(self) -> None:
        """Let another clock act at once."""
        self._redis.eval(_GIVE_BACK, 1, _LEADER, self._name)

    def _room(self, waiting: Queue) -> bool:
        return bool(waiting.count < len(self._periodic))


def main(argv: list[str]) -> int:
    """Tick until a signal says stop."""
    argparse.ArgumentParser(prog="careloop clock", description=__doc__).parse_args(argv)
    settings = runtime.settings()
    redis = Redis.from_url(settings.redis_url)
    ticker = Ticker(redis, Queues(redis), now=time.monotonic())
    stop = threading.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, lambda *_: stop.set())
    run(ticker, stop)
    return 0


def run(ticker: Ticker, stop: threading.Event) -> None:
    """Tick twice a second until told to stop; while Redis is away, say so once and go on trying."""
    log = structlog.get_logger("careloop.clock")
    away = False
    while not stop.wait(_TICK):
        try:
            ticker.tick(time.monotonic())
            away = False
        except RedisError as problem:
            if not away:
                log.warning("redis_away", problem=type(problem).__name__)
            away = True
    if not away:
        ticker.stop()
