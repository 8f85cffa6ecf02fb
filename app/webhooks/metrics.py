"""The figures an operator watches: requests are counted here, all else is read at scrape time.

Counting in workers would leave 64 kB of files for each; the database has it all, for all processes at once.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime

from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.cases.models import Case, Flag
from app.channels.models import CarrierHold
from app.conversations.models import Timer
from app.inbound.models import InboundEvent
from app.media.models import Media
from app.outbox.models import Message, MessageStatus, Process
from app.outreach.models import Attempt
from app.queues import PRIORITY
from app.store.database import Sessions, reading

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.3, 0.5, 1.0, 2.5, 5.0, 15.0)
"""Seconds: the budgets (0.15 a webhook, 0.3 a call's turn) and the carrier's patience (15) are edges."""
URGENCIES = ("none", "routine", "urgent", "emergency")
WAITING = (MessageStatus.QUEUED, MessageStatus.SENDING, MessageStatus.UNKNOWN)

OURS = CollectorRegistry()
REQUESTS = Counter(
    "careloop_requests_total", "Requests answered.", ("endpoint", "method", "status"), registry=OURS
)
SECONDS = Histogram(
    "careloop_request_seconds", "Time to answer.", ("endpoint",), buckets=BUCKETS, registry=OURS
)

RECEIVED = Counter(
    "careloop_webhooks_total", "Webhooks stored, by kind; a repeat changed nothing.", ("kind",), registry=OURS
)
REFUSED = Counter("careloop_webhooks_refused_total", "Webhooks not taken, by why.", ("why",), registry=OURS)


def measure(app: Flask) -> None:
    """Count and time every request of this app by its endpoint; streams are not timed."""
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    g.careloop_began = time.perf_counter()


def _end(response: Response) -> Response:
    # An endpoint is one of a few names; a path would be as many as callers invent.
    endpoint = request.endpoint or "unknown"
    REQUESTS.labels(endpoint, request.method, str(response.status_code)).inc()
    if not response.is_streamed and hasattr(g, "careloop_began"):
        SECONDS.labels(endpoint).observe(time.perf_counter() - g.careloop_began)
    return response


def exposition(sessions: Sessions, redis: Redis, now: datetime) -> tuple[bytes, str]:
    """The whole page of figures, and its content type; under several web processes, of all of them."""
    registry = CollectorRegistry()
    registry.register(_State(sessions, redis, now))
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call] # it ships untyped
        return generate_latest(registry), CONTENT_TYPE_LATEST
    return generate_latest(OURS) + generate_latest(registry), CONTENT_TYPE_LATEST


class _State(Collector):
    """What database and Redis say at this moment."""

    def __init__(self, sessions: Sessions, redis: Redis, now: datetime) -> None:
        self._sessions, self._redis, self._now = sessions, redis, now

    def collect(self) -> Iterator[Metric]:
        """Every gauge; those of a server that is away are absent, and its `_up` is 0."""
        yield from self._of("careloop_redis_up", "Whether Redis answers.", self._jobs)
        yield from self._of("careloop_database_up", "Whether the database answers.", self._rows)

    def _of(self, name: str, words: str, read: Callable[[], list[Metric]]) -> Iterator[Metric]:
        try:
            found = read()
        except (SQLAlchemyError, RedisError, OSError):
            found = []
        yield _gauge(name, words, float(bool(found)))
        yield from found

    def _jobs(self) -> list[Metric]:
        lengths = {name: float(self._redis.llen(f"rq:queue:{name}")) for name in PRIORITY}
        return [_labelled("careloop_jobs_waiting", "Jobs on each queue.", "queue", lengths)]

    def _rows(self) -> list[Metric]:
        with reading(self._sessions) as session:
            return [metric for read in READS for metric in read(session, self._now)]


def _cases(session: Session, now: datetime) -> Iterable[Metric]:
    in_queue = (Case.needs_person.is_(True), Case.closed_at.is_(None))
    rows = session.execute(select(Case.urgency, func.count()).where(*in_queue).group_by(Case.urgency)).all()
    depth = dict.fromkeys(URGENCIES, 0.0) | {URGENCIES[urgency]: float(n) for urgency, n in rows}
    yield _labelled("careloop_queue_cases", "Cases that need a person, by urgency.", "urgency", depth)
    overdue = session.scalar(select(func.count()).where(*in_queue, Case.due_at < now))
    yield _gauge("careloop_queue_overdue", "Cases in the queue past their time.", overdue)
    open_flags = select(func.min(Flag.raised_at)).join(Case, Case.id == Flag.case_id)
    oldest = session.scalar(open_flags.where(Flag.acknowledged_at.is_(None), Case.closed_at.is_(None)))
    yield _gauge("careloop_flag_oldest_seconds", "Age of the oldest unacknowledged flag.", _age(oldest, now))


def _outbox(session: Session, now: datetime) -> Iterable[Metric]:
    counted = select(Message.status, func.count()).where(Message.status.in_(WAITING)).group_by(Message.status)
    rows = {str(status): float(n) for status, n in session.execute(counted).all()}
    found = {str(status): 0.0 for status in WAITING} | rows
    yield _labelled("careloop_outbox_messages", "Messages not yet with the carrier.", "status", found)
    oldest = session.scalar(select(func.min(Message.due_at)).where(Message.status.in_(WAITING)))
    yield _gauge("careloop_outbox_late_seconds", "How late the most overdue one is.", _age(oldest, now))


def _inbound(session: Session, now: datetime) -> Iterable[Metric]:
    new = InboundEvent.state == "new"
    pending, oldest = session.execute(
        select(func.count(), func.min(InboundEvent.received_at)).where(new)
    ).one()
    yield _gauge("careloop_inbound_pending", "Stored webhooks not yet worked on.", pending)
    yield _gauge("careloop_inbound_oldest_seconds", "Age of the oldest of them.", _age(oldest, now))


def _files(session: Session, now: datetime) -> Iterable[Metric]:
    waiting, oldest = session.execute(
        select(func.count(), func.min(Media.created_at)).where(Media.due_at.is_not(None))
    ).one()
    yield _gauge("careloop_files_waiting", "Files of patients not yet fetched.", waiting)
    yield _gauge("careloop_files_oldest_seconds", "Age of the oldest of them.", _age(oldest, now))
    there = session.scalar(select(func.count()).where(Media.remove_at.is_not(None)))
    yield _gauge("careloop_files_to_delete", "Files still to be deleted at the carrier.", there)


def _overdue(session: Session, now: datetime) -> Iterable[Metric]:
    timers = select(func.count()).where(Timer.done_at.is_(None), Timer.due_at < now)
    yield _gauge("careloop_timers_overdue", "Timers past their time.", session.scalar(timers))
    attempts = select(func.count()).where(Attempt.done_at.is_(None), Attempt.due_at < now)
    yield _gauge("careloop_attempts_overdue", "Attempts past their time.", session.scalar(attempts))


def _surroundings(session: Session, now: datetime) -> Iterable[Metric]:
    held = {hold.carrier: float(hold.until > now) for hold in session.scalars(select(CarrierHold))}
    yield _labelled("careloop_carrier_hold", "1 while sending is stopped.", "carrier", held)
    alive = select(Process.kind, func.count()).where(Process.alive_until > now).group_by(Process.kind)
    kinds = {kind: float(n) for kind, n in session.execute(alive).all()}
    yield _labelled("careloop_processes", "Workers and clocks alive.", "kind", kinds)


READS = (_cases, _outbox, _inbound, _files, _overdue, _surroundings)


def _age(since: datetime | None, now: datetime) -> float:
    return max(0.0, (now - since).total_seconds()) if since else 0.0


def _gauge(name: str, words: str, value: float | None) -> Metric:
    return GaugeMetricFamily(name, words, float(value or 0))


def _labelled(name: str, words: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(name, words, labels=(label,))
    for value, figure in values.items():
        family.add_metric((value,), figure)
    return family
