"""Putting work on the queues: ids only, in JSON, and a Redis that is away only delays."""

from __future__ import annotations

from pathlib import Path

from redis import Redis
from rq.job import Job as RqJob
from rq.serializers import JSONSerializer

from app.queues import (
    JOB_TIMEOUT,
    JOBS,
    PERIODIC,
    PRIORITY,
    REPLIED,
    RINGS,
    SEND,
    START,
    Queues,
    queue,
)


def test_a_job_carries_its_name_and_ids(queues: Queues, redis: Redis) -> None:
    queues.many(SEND, [("m1",), ("m2",)])
    jobs: list[RqJob] = queue(SEND.queue, redis).jobs
    assert [(job.func_name, list(job.args), job.timeout) for job in jobs] == [
        (SEND.name, ["m1"], JOB_TIMEOUT),
        (SEND.name, ["m2"], JOB_TIMEOUT),
    ]
    assert all(job.serializer is JSONSerializer for job in jobs)


def test_a_job_can_go_on_another_queue(queues: Queues, redis: Redis) -> None:
    queues.one(SEND, "m1", queue="urgent")
    assert (queue("urgent", redis).count, queue(SEND.queue, redis).count) == (1, 0)


def test_no_calls_cost_nothing(queues: Queues, redis: Redis) -> None:
    queues.many(START, [])
    assert redis.keys() == []


def test_a_redis_that_is_away_is_no_error(tmp_path: Path) -> None:
    Queues(Redis.from_url(f"unix://{tmp_path}/nobody.sock")).one(SEND, "m1")


def test_a_bell_rings_once_until_it_is_heard(queues: Queues, redis: Redis) -> None:
    """What is stored while a job waits is found by that job; what is stored once it has begun needs another one."""
    for _ in range(3):
        queues.ring(REPLIED)
    assert queue(REPLIED.queue, redis).count == 1
    queues.heard(REPLIED)
    queues.ring(REPLIED)
    assert queue(REPLIED.queue, redis).count == 2


def test_a_bell_nobody_heard_rings_again(queues: Queues, redis: Redis) -> None:
    queues.ring(REPLIED)
    (bell,) = redis.keys("careloop:bell:*")
    assert 0 < redis.pttl(bell) <= RINGS
    redis.flushall()
    queues.ring(REPLIED)
    assert queue(REPLIED.queue, redis).count == 1


def test_a_bell_without_redis_is_no_error(tmp_path: Path) -> None:
    away = Queues(Redis.from_url(f"unix://{tmp_path}/nobody.sock"))
    away.ring(REPLIED)
    away.heard(REPLIED)


def test_every_job_has_a_queue_that_exists() -> None:
    assert {job.queue for job in JOBS} <= set(PRIORITY)
    assert {job for job, _ in PERIODIC} <= set(JOBS)
    assert len({job.name for job in JOBS}) == len(JOBS)
