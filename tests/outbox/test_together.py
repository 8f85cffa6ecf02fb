"""Several workers with the same message: it is sent once. On PostgreSQL, where they really run side by side."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, select

from app.clock import FixedClock
from app.outbox.deliver import deliver, deliver_many
from app.outbox.models import Message, MessageStatus, Purpose
from app.outbox.queue import queue_text
from app.store import Keyring, new_id
from app.store.database import begin, make_engine
from tests.outbox.conftest import NUMBER, Outbox
from tests.outbox.paper import PaperCarrier

WORKERS = 6


@pytest.fixture
def engine(postgresql_url: str, keyring: Keyring) -> Iterator[Engine]:
    engine = make_engine(postgresql_url, keyring)
    yield engine
    engine.dispose()


def together(*acts: Any) -> list[Any]:
    """Run these at the same moment, each on a thread of its own; what each gave."""
    results: list[Any] = [None] * len(acts)
    start = threading.Barrier(len(acts))

    def run(place: int) -> None:
        start.wait()
        results[place] = acts[place]()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def worker(outbox: Outbox, paper: PaperCarrier, ids: list[UUID]) -> Any:
    mine = {"carriers": {"sms": paper}, "clock": outbox.clock, "process_id": new_id()}
    return lambda: deliver_many(outbox.sessions, ids, **mine)


def test_one_message_many_workers(outbox: Outbox, paper: PaperCarrier) -> None:
    for n in range(10):
        text = outbox.text(f"text {n}")
        kinds = together(
            *(
                lambda text=text: (
                    deliver(
                        outbox.sessions,
                        text,
                        carriers={"sms": paper},
                        clock=outbox.clock,
                        process_id=new_id(),
                    ).kind
                )
                for _ in range(WORKERS)
            )
        )
        assert sorted(kinds) == ["gone"] * (WORKERS - 1) + ["sent"]
    assert sorted(paper.bodies) == sorted(f"text {n}" for n in range(10))


def test_overlapping_batches(outbox: Outbox, paper: PaperCarrier) -> None:
    ids = [outbox.text(f"text {n}") for n in range(120)]
    together(*(worker(outbox, paper, ids[n * 7 :] + ids[: n * 7]) for n in range(WORKERS)))
    assert sorted(paper.bodies) == sorted(f"text {n}" for n in range(120))


def test_order_holds_between_workers(outbox: Outbox, paper: PaperCarrier) -> None:
    talks = [outbox.conversation() for _ in range(10)]
    ids = [
        outbox.text(f"{t}:{n}", conversation_id=talk, lane_order=n)
        for t, talk in enumerate(talks)
        for n in range(3)
    ]
    together(*(worker(outbox, paper, ids[n::WORKERS]) for n in range(WORKERS)))
    for t in range(10):
        assert [body for body in paper.bodies if body.startswith(f"{t}:")] == [f"{t}:{n}" for n in range(3)]
    with outbox.sessions() as session:
        assert set(session.scalars(select(Message.status))) == {MessageStatus.ACCEPTED}


def test_the_same_key_from_many_turns(outbox: Outbox, clock: FixedClock) -> None:
    def queue() -> UUID:
        with begin(outbox.sessions) as session:
            return queue_text(
                session,
                patient=outbox.patient,
                site=outbox.site,
                number=NUMBER,
                body="once",
                purpose="reply",  # type: ignore[arg-type]  # as stored
                now=clock.now(),
                business_key="turn:7",
            ).id

    assert len(set(together(*(queue for _ in range(WORKERS))))) == 1


def test_the_caps_hold_between_workers_and_within_a_batch(outbox: Outbox, paper: PaperCarrier) -> None:
    ids = [outbox.text(f"text {n}", purpose=Purpose.OUTREACH) for n in range(18)]
    together(*(worker(outbox, paper, ids[n::WORKERS]) for n in range(WORKERS)))
    assert len(paper.bodies) == 1
    outbox.clock.advance(days=1)
    together(*(worker(outbox, paper, ids) for _ in range(WORKERS)))
    assert len(paper.bodies) == 2
