"""Every statement that runs once a message, or every few seconds, finds its rows by an index."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.orm import Session

from app.consent.may_send import DEFAULT_CAPS
from app.outbox.claim import claim, why_not
from app.outbox.lookup import lease
from app.outbox.models import Purpose
from app.outbox.queries import to_follow_up
from app.outbox.receipts import pending_receipts, receive
from app.outbox.recent import starts
from app.outbox.settle import following
from app.outbox.sweep import due_ids, orphans
from app.store import Keyring, new_id
from app.store.database import begin, make_engine
from tests.outbox.conftest import Outbox

SMALL = ("process", "carrier_hold", "site", "patient")
"""Tables that stay small, or are asked by their key alone: a scan of an empty one says nothing."""


@pytest.fixture
def engine(postgresql_url: str, keyring: Keyring) -> Iterator[Engine]:
    engine = make_engine(postgresql_url, keyring)
    yield engine
    engine.dispose()


def scans(plan: dict[str, Any]) -> list[str]:
    """The tables a plan reads from end to end."""
    here = [plan["Relation Name"]] if plan["Node Type"] == "Seq Scan" else []
    return here + [table for part in plan.get("Plans", ()) for table in scans(part)]


ACTS: dict[str, Callable[[Session, Outbox, datetime, Any], object]] = {
    "claim one": lambda s, o, now, i: claim(s, [i], process_id=o.process, now=now, caps=DEFAULT_CAPS),
    "claim many": lambda s, o, now, i: claim(
        s, [i, new_id()], process_id=o.process, now=now, caps=DEFAULT_CAPS
    ),
    "why not": lambda s, o, now, i: why_not(s, i, now),
    "what follows": lambda s, o, now, i: following(s, [new_id()], now),
    "caps": lambda s, o, now, i: starts(s, [o.patient.id], ["0" * 32], now),
    "due": lambda s, o, now, i: due_ids(s, now, 10),
    "orphans": lambda s, o, now, i: orphans(s, now),
    "unknown": lambda s, o, now, i: lease(s, now, 10),
    "follow up": lambda s, o, now, i: to_follow_up(s, now, 10),
    "receipts left": lambda s, o, now, i: pending_receipts(s, now, 10),
    "receipt": lambda s, o, now, i: receive(
        o.sessions, ref=i.hex, sid="SM1", status="sent", error_code=None, sequence=None, params={}, now=now
    ),
    "receipt by sid": lambda s, o, now, i: receive(
        o.sessions, ref=None, sid="SM1", status="sent", error_code="1", sequence=None, params={}, now=now
    ),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS.keys())
def test_it_finds_its_rows_by_an_index(engine: Engine, outbox: Outbox, act: Any) -> None:
    message, now = outbox.text(purpose=Purpose.OUTREACH), outbox.clock.now()
    asked: list[tuple[str, Any]] = []

    def keep(_: Any, cursor: Any, statement: str, parameters: Any, *__: Any) -> None:
        if not statement.startswith(("INSERT", "EXPLAIN", "SET")) and "advisory" not in statement:
            asked.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", keep)
    with begin(outbox.sessions) as session:
        act(session, outbox, now, message)
    event.remove(engine, "before_cursor_execute", keep)
    assert asked
    with engine.connect() as connection:
        connection.execute(text("SET enable_seqscan = off"))
        for statement, parameters in asked:
            (plan,) = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters).one()
            assert set(scans(plan[0]["Plan"])) <= set(SMALL), statement
