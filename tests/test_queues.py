"""Putting work on the queues: ids only, in JSON, and a Redis that is away only delays."""

from __future__ import annotations

import zlib
from datetime import datetime
from pathlib import Path

from redis import Redis
from rq import Queue
from rq.job import Job as RqJob
from rq.serializers import JSONSerializer

from app.queues import (
    FAILURE_TTL,
    JOB_TIMEOUT,
    JOBS,
    PERIODIC,
    PRIORITY,
    REPLIED,
    RESULT_TTL,
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


def test_a_job_is_what_rq_itself_would_have_put_there(queues: Queues, redis: Redis) -> None:
    queues.one(SEND, "m1")
    ours = queue(SEND.queue, redis).jobs[0]
    options = {"timeout": JOB_TIMEOUT, "result_ttl": RESULT_TTL, "failure_ttl": FAILURE_TTL}
    data = Queue.prepare_data(SEND.name, args=("m1",), description=SEND.name, **options)
    (theirs,) = queue(SEND.queue, redis).enqueue_many([data])
    made, wanted = (redis.hgetall(job.key) for job in (ours, theirs))
    for fields in (made, wanted):
        fields[b"data"] = zlib.decompress(fields[b"data"])
        assert datetime.fromisoformat(fields.pop(b"created_at").decode())
        assert datetime.fromisoformat(fields.pop(b"enqueued_at").decode())
    assert made == wanted
    assert queue(SEND.queue, redis).job_ids == [ours.id, theirs.id]
    assert redis.smembers(Queue.redis_queues_keys) == {queue(SEND.queue, redis).key.encode()}


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
