"""Names of the queues and of the jobs on them, and how a job is put on one.

Redis is a cache of work: a job carries ids, the database carries meaning, and sweeps put back
what is due. So losing a job, or running one twice, is always harmless, and a Redis that cannot
be reached delays work but never loses it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.serializers import JSONSerializer

URGENT = "urgent"
REPLY = "reply"
DELIVER = "deliver"
RECEIPTS = "receipts"
BULK = "bulk"
SWEEP = "sweep"
REPORT = "report"

PRIORITY: tuple[str, ...] = (URGENT, REPLY, DELIVER, RECEIPTS, SWEEP, BULK, REPORT)
"""Every queue, the one to empty first in front; neither replies nor what recovers them wait behind a campaign."""

JOB_TIMEOUT = 60
"""Seconds after which a job is stopped; its lease in the database is swept up later."""
RINGS = 2000
"""Milliseconds after which a bell nobody heard rings again: whoever was to hear it died, or is very busy."""
PROMPT = (URGENT, REPLY, DELIVER)
"""What people wait for: a long job lets it go first."""
RESULT_TTL = 0
FAILURE_TTL = 600


@dataclass(frozen=True, slots=True)
class Job:
    """A function of `app.jobs` by its dotted name, and the queue it belongs on."""

    name: str
    queue: str


ALERT = Job("app.jobs.escalations.alert", URGENT)  # (flag id)
REPLIED = Job("app.jobs.inbound.handle", REPLY)  # rung: it works through every text that waits
SEND = Job("app.jobs.outbox.deliver", DELIVER)  # (outbox message id)
RECEIPT = Job("app.jobs.receipts.follow_up", RECEIPTS)  # (message id): a receipt said that it failed
FETCH = Job("app.jobs.media.fetch", RECEIPTS)  # (media id): a patient's file
FORGET = Job("app.jobs.media.forget", BULK)  # (media id): to be deleted at the carrier
START = Job("app.jobs.outreach.start", BULK)  # (many attempt ids)
SEND_MANY = Job("app.jobs.outbox.deliver_many", BULK)  # (many outbox message ids)
SWEEP_INBOUND = Job("app.jobs.sweeps.inbound", SWEEP)
SWEEP_RECONCILE = Job("app.jobs.sweeps.reconcile", SWEEP)
SWEEP_TIMERS = Job("app.jobs.sweeps.timers", SWEEP)
SWEEP_OUTBOX = Job("app.jobs.sweeps.outbox", SWEEP)
SWEEP_ATTEMPTS = Job("app.jobs.sweeps.attempts", SWEEP)
SWEEP_CASES = Job("app.jobs.sweeps.cases", SWEEP)
SWEEP_MEDIA = Job("app.jobs.sweeps.media", SWEEP)
SWEEP_HOUSEKEEPING = Job("app.jobs.sweeps.housekeeping", SWEEP)

JOBS: tuple[Job, ...] = (
    ALERT,
    REPLIED,
    SEND,
    RECEIPT,
    FETCH,
    FORGET,
    START,
    SEND_MANY,
    SWEEP_INBOUND,
    SWEEP_RECONCILE,
    SWEEP_TIMERS,
    SWEEP_OUTBOX,
    SWEEP_ATTEMPTS,
    SWEEP_CASES,
    SWEEP_MEDIA,
    SWEEP_HOUSEKEEPING,
)

PERIODIC: tuple[tuple[Job, int], ...] = (
    (SWEEP_TIMERS, 1),
    (SWEEP_OUTBOX, 2),
    (SWEEP_INBOUND, 5),
    (SWEEP_ATTEMPTS, 2),
    (SWEEP_CASES, 15),
    (SWEEP_RECONCILE, 60),
    (SWEEP_MEDIA, 10),
    (SWEEP_HOUSEKEEPING, 15),
)
"""What the clock process puts on the queues, and every how many seconds."""


class Enqueue(Protocol):
    """Put work on the queues; the session that wrote its rows has been committed by then."""

    def one(self, job: Job, *args: str, queue: str | None = None) -> None:
        """Put one job on its queue, or on another one for this time."""
        ...

    def many(self, job: Job, calls: Iterable[tuple[str, ...]], queue: str | None = None) -> None:
        """Put many jobs of a kind on the queue in one round trip."""
        ...

    def ring(self, job: Job) -> None:
        """Put a job without arguments on its queue, unless it waits there already: it finds all there is to do."""
        ...

    def heard(self, job: Job) -> None:
        """Say that a rung job begins now: what is stored from here on may have to ring again."""
        ...

    def waiting(self, *queues: str) -> int:
        """How many jobs wait on these queues; 0 when Redis cannot be asked."""
        ...


class Queues:
    """The queues in Redis. A Redis that cannot be reached is logged and left to the sweeps."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._queues = {name: queue(name, redis) for name in PRIORITY}
        self._log = structlog.get_logger("careloop.queues")

    def one(self, job: Job, *args: str, queue: str | None = None) -> None:
        """Put one job on its queue, or on another one for this time."""
        self.many(job, [args], queue)

    def many(self, job: Job, calls: Iterable[tuple[str, ...]], queue: str | None = None) -> None:
        """Put many jobs of a kind on the queue in one round trip."""
        target = self._queues[queue or job.queue]
        made = [
            # The description defaults to the call with its arguments: ids only, but nobody needs them in Redis twice.
            Queue.prepare_data(
                job.name,
                args=args,
                timeout=JOB_TIMEOUT,
                result_ttl=RESULT_TTL,
                failure_ttl=FAILURE_TTL,
                description=job.name,
            )
            for args in calls
        ]
        if not made:
            return
        try:
            target.enqueue_many(made)
        except RedisError as problem:
            self._log.warning("enqueue_failed", job=job.name, jobs=len(made), problem=type(problem).__name__)

    def ring(self, job: Job) -> None:
        """Put a job without arguments on its queue, unless it waits there already: it finds all there is to do."""
        try:
            rung = self._redis.set(_bell(job), 1, nx=True, px=RINGS)
        except RedisError as problem:
            self._log.warning("enqueue_failed", job=job.name, jobs=1, problem=type(problem).__name__)
            return
        if rung:
            self.one(job)

    def heard(self, job: Job) -> None:
        """Say that a rung job begins now: what is stored from here on may have to ring again."""
        try:
            self._redis.delete(_bell(job))
        except RedisError as problem:
            # The bell falls silent by itself.
            self._log.warning("bell_not_reset", job=job.name, problem=type(problem).__name__)

    def waiting(self, *queues: str) -> int:
        """How many jobs wait on these queues; 0 when Redis cannot be asked."""
        try:
            with self._redis.pipeline(transaction=False) as asked:
                for name in queues:
                    asked.llen(self._queues[name].key)
                return sum(asked.execute())
        except RedisError:
            return 0


def _bell(job: Job) -> str:
    return f"careloop:bell:{job.name}"


def queue(name: str, redis: Redis) -> Queue:
    """The RQ queue of that name, its jobs in JSON and never longer than JOB_TIMEOUT."""
    return Queue(name, connection=redis, serializer=JSONSerializer, default_timeout=JOB_TIMEOUT)
