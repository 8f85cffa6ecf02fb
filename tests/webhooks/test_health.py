"""What /healthz, /readyz and /metrics say, with everything there and with something away."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from redis import Redis
from sqlalchemy import Engine, text

from app.cases.models import Case, Flag, Lane
from app.clock import FixedClock
from app.inbound.models import InboundEvent
from app.outbox.models import Message, MessageStatus, Process
from app.patients.models import Patient, Site
from app.settings import Settings
from app.store import Keyring, Sessions, begin, make_engine, make_sessions, new_id
from app.store.heads import newest
from app.webhooks import health, metrics

NOWHERE = "unix:///nowhere/redis.sock"
Make = Callable[..., FlaskClient]


@pytest.fixture
def client_of(settings: Settings, sessions: Sessions, redis: Redis, clock: FixedClock) -> Make:
    def make(**changed: object) -> FlaskClient:
        app = Flask("here")
        there = {"settings": settings, "sessions": sessions, "redis": redis, "clock": clock}
        app.extensions["careloop"] = SimpleNamespace(**{**there, **changed})
        metrics.measure(app)
        health.register(app)
        return app.test_client()

    return make


@pytest.fixture
def away(keyring: Keyring) -> Iterator[Sessions]:
    engine = make_engine("sqlite:////nowhere/careloop.db", keyring)
    yield make_sessions(engine)
    engine.dispose()


def test_alive_whatever_else_is_wrong(client_of: Make, away: Sessions) -> None:
    answer = client_of(sessions=away, redis=Redis.from_url(NOWHERE)).get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "alive"})


def test_ready(client_of: Make) -> None:
    answer = client_of().get("/readyz")
    assert answer.status_code == 200
    assert answer.json == {
        "status": "ready",
        "database": "ok",
        "migrations": "at head",
        "redis": "ok",
        "words": "Everything needed is there.",
    }


def test_without_redis_it_is_degraded_not_down(client_of: Make) -> None:
    answer = client_of(redis=Redis.from_url(NOWHERE)).get("/readyz")
    assert answer.status_code == 200
    assert (answer.json["status"], answer.json["redis"]) == ("degraded", "away")


def test_without_its_database_it_is_down(client_of: Make, away: Sessions) -> None:
    answer = client_of(sessions=away).get("/readyz")
    assert answer.status_code == 503
    assert (answer.json["status"], answer.json["database"]) == ("unusable", "away")


def test_behind_on_migrations_it_is_down(client_of: Make, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    answer = client_of().get("/readyz")
    assert answer.status_code == 503
    assert "careloop db upgrade" in answer.json["words"]
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE alembic_version"))
    assert client_of().get("/readyz").json["migrations"] == "never run"


def test_metrics_read_the_database(
    client_of: Make, sessions: Sessions, clock: FixedClock, redis: Redis
) -> None:
    now = clock.now()
    with begin(sessions) as session:
        site = Site(key="n", name="North", phone="+13125550100", time_zone="America/Chicago")
        lane = Lane(key="discharge", title="Discharge", script="post-discharge", respond_minutes=60)
        session.add_all([site, lane])
        session.flush()
        who = {"given_name": "Ana", "family_name": "Invented", "name_index": "x"}
        patient = Patient(site_id=site.id, **who, created_at=now, updated_at=now)
        session.add(patient)
        session.flush()
        times = {"opened_at": now, "due_at": now - timedelta(minutes=1), "moved_at": now, "occurred_at": now}
        case = Case(
            site_id=site.id, patient_id=patient.id, lane_key=lane.key, urgency=3, needs_person=True, **times
        )
        session.add(case)
        session.flush()
        raised = now - timedelta(minutes=2)
        session.add(Flag(case_id=case.id, source="s", urgency=3, because="chest pain", raised_at=raised))
        session.add(
            Message(
                direction="out",
                status=MessageStatus.QUEUED,
                number="+13125550142",
                number_index="x",
                body="Hello",
                created_at=now,
                due_at=now - timedelta(seconds=30),
            )
        )
        event = {"kind": "message", "number_index": "x", "params": {}}
        session.add(InboundEvent(dedupe="SM1", received_at=now - timedelta(seconds=4), **event))
        alive = now + timedelta(seconds=15)
        session.add(Process(id=new_id(), kind="worker", started_at=now, alive_until=alive))
    redis.rpush("rq:queue:reply", "job")
    page = client_of().get("/metrics").text
    for line in (
        'careloop_queue_cases{urgency="emergency"} 1.0',
        'careloop_queue_cases{urgency="none"} 0.0',
        "careloop_queue_overdue 1.0",
        "careloop_flag_oldest_seconds 120.0",
        'careloop_outbox_messages{status="queued"} 1.0',
        "careloop_outbox_late_seconds 30.0",
        "careloop_inbound_pending 1.0",
        "careloop_inbound_oldest_seconds 4.0",
        'careloop_processes{kind="worker"} 1.0',
        'careloop_jobs_waiting{queue="reply"} 1.0',
        "careloop_database_up 1.0",
        "careloop_redis_up 1.0",
    ):
        assert line in page.splitlines()
    assert "+1312" not in page
    assert "Ana" not in page


def test_metrics_count_requests_by_endpoint(client_of: Make) -> None:
    client = client_of()
    client.get("/healthz")
    client.get("/made/up/1")
    page = client.get("/metrics").text
    assert 'careloop_requests_total{endpoint="health.healthz",method="GET",status="200"}' in page
    assert 'careloop_request_seconds_bucket{endpoint="health.healthz",le="0.15"}' in page
    assert 'endpoint="unknown"' in page
    assert "/made/up" not in page


def test_metrics_say_when_something_is_away(client_of: Make, away: Sessions) -> None:
    answer = client_of(sessions=away, redis=Redis.from_url(NOWHERE)).get("/metrics")
    assert answer.status_code == 200
    assert "careloop_database_up 0.0" in answer.text
    assert "careloop_redis_up 0.0" in answer.text


def test_metrics_are_for_this_machine_or_a_token(
    client_of: Make, make_settings: Callable[..., Settings]
) -> None:
    far = {"REMOTE_ADDR": "198.51.100.7"}
    assert client_of().get("/metrics", environ_overrides=far).status_code == 401
    client = client_of(settings=make_settings(METRICS_TOKEN="a token of its own"))
    assert client.get("/metrics").status_code == 401
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 401
    right = {"Authorization": "Bearer a token of its own"}
    assert client.get("/metrics", headers=right, environ_overrides=far).status_code == 200


def test_the_head_is_alembics_head(settings: Settings) -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", "app/store/migrations")
    assert newest() == ScriptDirectory.from_config(config).get_current_head()
