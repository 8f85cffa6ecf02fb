"""Connections that died while they lay in the pool."""

from __future__ import annotations

from typing import Any

from sqlalchemy import event, text

from app.store import Keyring, make_engine


def test_a_connection_that_died_while_idle_is_replaced_unseen(postgresql_url: str, keyring: Keyring) -> None:
    engine = make_engine(postgresql_url, keyring)
    killer = make_engine(postgresql_url, keyring)

    def long_ago(_connection: Any, record: Any) -> None:
        record.info["idle_since"] = float("-inf")

    event.listen(engine, "checkin", long_ago)
    try:
        with engine.connect() as connection:
            first = connection.scalar(text("SELECT pg_backend_pid()"))
        with killer.connect() as connection:
            assert connection.scalar(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": first})
        with engine.connect() as connection:
            assert connection.scalar(text("SELECT pg_backend_pid()")) != first
    finally:
        engine.dispose()
        killer.dispose()
