"""The tests' own ground: databases are fresh, separate and migrated; Redis is empty."""

from __future__ import annotations

from redis import Redis
from sqlalchemy import Engine, inspect, text
from sqlalchemy.orm import Session

from app.queues import SEND, Queues
from tests.support.queues import Remembered


def test_a_database_is_migrated(engine: Engine) -> None:
    assert "alembic_version" in inspect(engine).get_table_names()


def test_a_database_is_of_ones_own(session: Session) -> None:
    session.execute(text("CREATE TABLE only_here (id INTEGER)"))
    session.commit()


def test_a_database_is_fresh(engine: Engine) -> None:
    assert "only_here" not in inspect(engine).get_table_names()


def test_redis_is_empty_each_time(redis: Redis) -> None:
    assert redis.keys() == []
    redis.set("left", "behind")


def test_redis_is_empty_the_next_time(redis: Redis) -> None:
    assert redis.keys() == []


def test_jobs_land_on_their_queue(queues: Queues, redis: Redis) -> None:
    queues.one(SEND, "m1")
    assert redis.llen(f"rq:queue:{SEND.queue}") == 1


def test_remembered_queues_keep_the_order(remembered: Remembered) -> None:
    remembered.one(SEND, "m1")
    remembered.many(SEND, [("m2",), ("m3",)], queue="bulk")
    assert remembered.arguments(SEND) == [("m1",), ("m2",), ("m3",)]
    assert [queue for _, _, queue in remembered.calls] == ["deliver", "bulk", "bulk"]
