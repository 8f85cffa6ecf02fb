"""What is measured of campaigns: beside replies, towards a slow carrier, and with many messages stored."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Table, text

from app.cli.load import processes
from app.cli.load.client import blast
from app.cli.load.figures import Figure
from app.cli.load.measures import THINKING, Bench, answered, bulk
from app.cli.load.people import WORSE, Person
from app.outbox.models import Message
from app.patients.models import Patient

REPLIES: Final = 20
"""Replies a second while a campaign runs."""
SLOW: Final = 0.2
"""Seconds the slow carrier takes for a text: one after the other that makes five a second."""
MESSAGES_EACH: Final = 50
"""Stored messages of one stored patient, when a database is filled up."""


def beside(bench: Bench, people: Sequence[Person]) -> list[Figure]:
    """Replies answered while a campaign uses what is left of the machine."""
    campaign = bench.arrive(bench.sizes.campaign)
    chosen = people[: int(REPLIES * bench.sizes.steady_seconds)]
    waits = answered(bench, chosen, REPLIES, also=lambda: bench.put(campaign))
    bench.until_begun()
    sent = bench.sent_at()
    times = sorted(sent[person.number][0] for person in campaign)
    return [
        *waits(f"{REPLIES} replies a second beside a campaign"),
        Figure("  the campaign meanwhile", _rate(times), "/s"),
    ]


def slow(bench: Bench) -> list[Figure]:
    """A carrier that answers late still gets 100 texts a second, out of the same memory."""
    people = bench.arrive(bench.sizes.campaign)
    pid = bench.stack.parts["worker 2" if "worker 2" in bench.stack.parts else "worker 1"].pid
    before = processes.memory_mb(pid)
    bench.stack.ask_sandbox("/faults", {"kind": "latency", "count": None, "seconds": SLOW, "on": "messages"})
    try:
        bench.put(people)
        bench.until_begun()
    finally:
        bench.stack.ask_sandbox("/faults", method="DELETE")
    sent = bench.sent_at()
    grown = processes.memory_mb(pid) - before
    rate = _rate(sorted(sent[person.number][0] for person in people))
    return [
        Figure(
            f"a carrier that takes {SLOW} s a text", rate, "/s", 100, "above", note=f"{len(people)} texts"
        ),
        Figure("  memory its worker grew by", grown, "MB", 10),
    ]


def two_texts(bench: Bench) -> list[Figure]:
    """Answers of two texts under load: in how many the first came first."""
    people = bench.arrive(bench.sizes.campaign // 4)
    for person in people:
        person.answers = WORSE
    bench.begin(people)
    for _ in range(3):
        texts = [person.next_text(bench.stack) for person in people]
        time.sleep(THINKING)
        blast(bench.stack.web, iter(texts))
        bench.settle()
    bodies: dict[str, list[str]] = {}
    for message in bench.stack.ask_sandbox("/messages")["messages"]:
        bodies.setdefault(message["to"], []).append(message["body"])
    right = sum(_in_order(bodies[person.number][-2:]) for person in people)
    return [Figure("two texts at once, in order", 100 * right / len(people), "%", 100, "above")]


def stored(bench: Bench, count: int) -> list[Figure]:
    """The same campaign with few messages stored and with many: what one costs."""
    few = int(bench.scalar("SELECT count(*) FROM message"))
    sparse, _ = bulk(bench)
    bench.say(f"storing {count:,} messages …")
    _fill(bench, count)
    bulk(bench)  # the first one brings back into memory what storing drove out
    dense, _ = bulk(bench)
    return [
        Figure(f"CPU a text takes with {few:,} stored", sparse[1].value, "ms", note=sparse[1].note),
        Figure(f"  with {count:,}", dense[1].value, "ms", note=dense[1].note),
    ]


def _fill(bench: Bench, count: int) -> None:
    """Copies of a patient and of a sent text, each patient with some, all numbers different."""
    patient, message = Patient.metadata.tables["patient"], Message.metadata.tables["message"]
    whole = count // MESSAGES_EACH
    one = "SELECT {columns} FROM (SELECT * FROM {table} WHERE {which} LIMIT 1) one, {many}"
    fresh = {"id": "gen_random_uuid()"}
    add = "INSERT INTO {table} ({names}) " + one
    long_ago = "now() - interval '60 days' + random() * interval '50 days'"
    aged = dict.fromkeys(("created_at", "due_at", "offered_at", "claimed_at", "sent_at", "finished_at"), "at")
    parts: dict[str, Any] = {
        **fresh,
        **aged,
        "business_key": "NULL",
        "carrier_sid": "NULL",
        "conversation_id": "NULL",
        "case_id": "NULL",
        "patient_id": "whose",
        "number_index": "md5(whose::text)",
    }
    filled = (
        f"(SELECT p.id AS whose, {long_ago} AS at FROM (SELECT id FROM patient ORDER BY id DESC LIMIT {whole}) p, "
        f"generate_series(1, {MESSAGES_EACH}) n) many"
    )
    with bench.services.engine.begin() as connection:
        for table, given, which, many in (
            (patient, fresh, "TRUE", f"generate_series(1, {whole}) many"),
            (message, parts, "direction = 'out' AND status = 'delivered'", filled),
        ):
            words = {"table": table.name, "which": which, "many": many, **_columns(table, given)}
            connection.execute(text(add.format(**words)))
    with bench.services.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE message, patient"))
        connection.execute(text("CHECKPOINT"))


def _columns(table: Table, given: dict[str, str]) -> dict[str, str]:
    names = [column.name for column in table.columns]
    return {
        "names": ", ".join(f'"{name}"' for name in names),
        "columns": ", ".join(given.get(name, f'one."{name}"') for name in names),
    }


def _rate(times: Sequence[datetime]) -> float:
    seconds = (times[-1] - times[0]).total_seconds()
    return (len(times) - 1) / seconds if seconds else 0.0


def _in_order(two: Sequence[str]) -> bool:
    return len(two) == 2 and two[0].startswith("Thank you.") and two[1].startswith("Do you have all")
