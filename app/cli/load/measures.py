"""What is measured of the whole, each against its bar (design, section 11)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from statistics import median
from uuid import UUID

from sqlalchemy import text

from app.cli.load import processes
from app.cli.load.client import Result, blast, paced, percentile
from app.cli.load.figures import Figure
from app.cli.load.people import Person, arrive, numbers
from app.cli.load.stack import PRACTICE, NotMeasured, Stack
from app.cli.load.twin import TABLE
from app.cli.load.webhook import request, text_params
from app.clock import SystemClock
from app.jobs.sweeps import BULK_OF
from app.queues import START
from app.services import Services
from app.store.database import reading

PATIENCE = 180.0
THINKING = 1.2
"""Seconds: what comes within the same second as a question was written before it was seen."""
_PENDING = """
SELECT (SELECT count(*) FROM inbound_event WHERE state = 'new')
  + (SELECT count(*) FROM message WHERE direction = 'out' AND status IN ('queued', 'sending', 'unknown'))
"""


@dataclass(slots=True)
class Sizes:
    """How much of everything: the short run proves that it works, the long one is what bars are read from."""

    webhook_seconds: float
    webhook_rounds: int
    talkers: int
    rounds: int
    lone: int
    steady_seconds: float
    calls: int
    campaign: int


QUICK = Sizes(
    webhook_seconds=2,
    webhook_rounds=1,
    talkers=200,
    rounds=2,
    lone=15,
    steady_seconds=4,
    calls=8,
    campaign=400,
)
FULL = Sizes(
    webhook_seconds=5,
    webhook_rounds=3,
    talkers=750,
    rounds=4,
    lone=40,
    steady_seconds=15,
    calls=40,
    campaign=3000,
)


@dataclass(slots=True)
class Bench:
    """What every measure uses."""

    stack: Stack
    services: Services
    site_id: UUID
    sizes: Sizes
    say: Callable[[str], None]
    arrived: int = 0

    def arrive(self, count: int) -> list[Person]:
        """New patients, none of whom has been here before."""
        found = arrive(self.services, self.site_id, count, self.arrived)
        self.arrived += count
        return found

    def settle(self) -> None:
        """Wait until everything stored is worked through and everything to be sent is with the carrier."""
        deadline = time.monotonic() + PATIENCE
        while self.scalar(_PENDING):
            if time.monotonic() > deadline:
                raise self.stack.failed(f"Work was still waiting after {PATIENCE:.0f} s.")
            time.sleep(0.05)

    def told(self) -> None:
        """Wait until the carrier has told us everything: its receipts belong to what a text costs."""
        before = -1.0
        while (receipts := self.scalar("SELECT count(*) FROM receipt")) != before:
            before = receipts
            time.sleep(0.4)

    def scalar(self, query: str) -> float:
        """One number from the database."""
        with reading(self.services.sessions) as session:
            return float(session.scalar(text(query)) or 0)

    def begin(self, people: Sequence[Person]) -> None:
        """Begin these patients' conversations and wait until all are under way."""
        self.put(people)
        self.until_begun()

    def put(self, people: Sequence[Person]) -> None:
        """Put these patients' first attempts on the queue, as the sweep does."""
        ids = [str(person.attempt_id) for person in people]
        calls = [tuple(ids[n : n + BULK_OF]) for n in range(0, len(ids), BULK_OF)]
        self.services.queues.many(START, calls)

    def until_begun(self) -> None:
        """Wait until every attempt is under way and every text with the carrier."""
        deadline = time.monotonic() + PATIENCE
        while self.scalar("SELECT count(*) FROM attempt WHERE done_at IS NULL"):
            if time.monotonic() > deadline:
                raise self.stack.failed("Not all conversations were started.")
            time.sleep(0.05)
        self.settle()

    def sent_at(self) -> dict[str, list[datetime]]:
        """When the carrier took each of our texts, by the number it went to."""
        found: dict[str, list[datetime]] = {}
        for message in self.stack.ask_sandbox("/messages")["messages"]:
            found.setdefault(message["to"], []).append(datetime.fromisoformat(message["created"]))
        return found


def webhook(bench: Bench) -> list[Figure]:
    """Webhooks verified, stored and answered, beside the bare twin under the same server in the same run."""
    stack, sizes = bench.stack, bench.sizes
    with bench.services.engine.begin() as connection:
        connection.exec_driver_sql(TABLE)
    ours, twins = [], []
    for _ in range(sizes.webhook_rounds):
        stack.start_web()
        ours.append(_hammer(bench))
        stack.start_twin()
        twins.append(_hammer(bench))
    with bench.services.engine.begin() as connection:
        connection.exec_driver_sql("TRUNCATE inbound_event, twin_event")
    bench.services.redis.flushall()
    rate, twin = median(run.rate for run, _ in ours), median(run.rate for run, _ in twins)
    cost, twin_cost = median(ms for _, ms in ours), median(ms for _, ms in twins)
    slow = 1000 * percentile([one for run, _ in ours for one in run.latencies], 0.99)
    twin_slow = 1000 * percentile([one for run, _ in twins for one in run.latencies], 0.99)
    return [
        Figure("message webhook, 16 connections", rate, "/s", 430, "above", twin),
        Figure("  of the bare twin", 100 * rate / twin if twin else 0, "%", 80, "above"),
        Figure("  CPU each (web, database, Redis)", cost, "ms", 3.5, twin=twin_cost),
        Figure("  p99", slow, "ms", 150, twin=twin_slow),
    ]


def _hammer(bench: Bench) -> tuple[Result, float]:
    """One run against whoever listens: the result, and CPU milliseconds for each request."""
    stack, seconds = bench.stack, bench.sizes.webhook_seconds
    made = list(islice(_texts(stack), int(1500 * seconds) + 200))
    blast(stack.web, iter(made[:200]))
    before = stack.cpu()
    run = blast(stack.web, iter(made[200:]), seconds=seconds)
    if run.refused:
        raise NotMeasured(f"{run.refused} of {len(run.latencies)} webhooks were refused.")
    return run, _cost(stack, before, len(run.latencies))[0]


def _cost(stack: Stack, before: Mapping[str, float], count: int) -> tuple[float, str]:
    """CPU milliseconds each since `before`, and which processes used them."""
    used = stack.cpu()
    each = {name: 1000 * (used[name] - before.get(name, 0.0)) / count for name in used}
    told = ", ".join(
        f"{name} {ms:.1f}" for name, ms in sorted(each.items(), key=lambda one: -one[1]) if ms >= 0.05
    )
    return sum(each.values()), told


def _texts(stack: Stack) -> Iterator[bytes]:
    settings = stack.settings
    for number in numbers():
        params = text_params(str(settings.twilio_account_sid), number, PRACTICE, "Thank you")
        yield request(settings.public_url, "/webhooks/twilio/message", params, settings.twilio_auth_tokens[0])


def bulk(bench: Bench) -> tuple[list[Figure], list[Person]]:
    """Conversations started and their first texts with the carrier, as fast as it goes."""
    people = bench.arrive(bench.sizes.talkers)
    before, began = bench.stack.cpu(), SystemClock().now()
    bench.begin(people)
    sent = bench.sent_at()
    ends = [sent[person.number][0] for person in people]
    seconds = (max(ends) - began).total_seconds()
    bench.told()
    cost, told = _cost(bench.stack, before, len(people))
    return [
        Figure("bulk: conversations started and sent", len(people) / seconds, "/s", 600, "above"),
        Figure("  CPU each, two receipts included", cost, "ms", note=told),
    ], people


def whole_path(bench: Bench, people: Sequence[Person]) -> list[Figure]:
    """Replies in, through script and outbox, answers out at the carrier: as many at once as there are patients."""
    seconds, count, before = 0.0, 0, bench.stack.cpu()
    for _ in range(bench.sizes.rounds):
        texts = [person.next_text(bench.stack) for person in people]
        time.sleep(THINKING)
        began = SystemClock().now()
        blast(bench.stack.web, iter(texts))
        bench.settle()
        last = max(times[-1] for times in bench.sent_at().values())
        seconds += (last - began).total_seconds()
        count += len(people)
    cost, told = _cost(bench.stack, before, count)
    return [
        Figure("whole path: webhook, script, carrier", count / seconds, "inbound/s", 115, "above"),
        Figure("  CPU each, database and Redis included", cost, "ms", 12, note=told),
    ]


def lone(bench: Bench, people: Sequence[Person]) -> list[Figure]:
    """One reply with nothing else going on: from the webhook's first byte to the answer at the carrier."""
    waits = []
    time.sleep(THINKING)
    for person in people[: bench.sizes.lone]:
        text_ = person.next_text(bench.stack)
        began = SystemClock().now()
        blast(bench.stack.web, iter([text_]), connections=1)
        bench.settle()
        sent = bench.stack.ask_sandbox(f"/messages?to={person.number.replace('+', '%2B')}")["messages"]
        waits.append(1000 * (datetime.fromisoformat(sent[-1]["created"]) - began).total_seconds())
    return [
        Figure("a lone reply, p50", percentile(waits, 0.5), "ms", 100),
        Figure("  p95", percentile(waits, 0.95), "ms"),
    ]


def steady(bench: Bench, people: Sequence[Person]) -> list[Figure]:
    """50 replies a second for a while: how long each one's answer takes to the carrier."""
    return answered(bench, people[: int(50 * bench.sizes.steady_seconds)], 50)("50 replies a second")


def answered(
    bench: Bench, chosen: Sequence[Person], rate: int, also: Callable[[], None] = lambda: None
) -> Callable[[str], list[Figure]]:
    """Replies of these people at a steady rate, with something else going on: how long the answers took."""
    texts = [person.next_text(bench.stack) for person in chosen]
    time.sleep(THINKING)
    counts = {number: len(times) for number, times in bench.sent_at().items()}
    also()
    began = SystemClock().now()
    paced(bench.stack.web, texts, rate)
    bench.settle()
    sent = bench.sent_at()
    waits = []
    for place, person in enumerate(chosen):
        answers = sent[person.number][counts.get(person.number, 0) :]
        if answers:
            waits.append(1000 * (answers[0] - began).total_seconds() - 1000 * place / rate)
    if len(waits) < len(chosen):
        raise NotMeasured(f"{len(chosen) - len(waits)} of {len(chosen)} replies were not answered.")
    return lambda what: [
        Figure(f"{what}: p95 to the carrier", percentile(waits, 0.95), "ms", 1000),
        Figure("  p50", percentile(waits, 0.5), "ms"),
    ]


def memory(bench: Bench) -> list[Figure]:
    """Memory of each process of ours, idle: what it shares with others counts by its share."""
    time.sleep(2.0)
    figures = []
    for name in ("web", "worker 1", "clock"):
        pids = processes.family([bench.stack.parts[name].pid])
        largest = max((processes.memory_mb(pid) for pid in pids), default=0.0)
        figures.append(Figure(f"idle memory, largest {name.split()[0]} process", largest, "MB", 120))
    return figures
