"""A practice as it runs: our web server, real queues worked by the real worker, PostgreSQL, the sandbox carrier."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
import requests
from redis import Redis
from sqlalchemy import Engine
from werkzeug.serving import make_server

from app.channels.carriers import make_carriers
from app.channels.pace import Pace
from app.channels.twilio_media import make_files
from app.cli import worker
from app.factory import create_app
from app.jobs import after, desk, inbound, media, outbox, outreach, receipts, sweeps
from app.outbox.models import Message
from app.outbox.processes import beat
from app.queues import PERIODIC, PRIORITY, SWEEP_CASES, Job, Queues
from app.sandbox.config import practice_line
from app.sandbox.server import Sandbox, create_sandbox
from app.services import Services
from app.settings import Settings
from app.store import Keyring, begin, make_engine, make_sessions, new_id
from tests.support.world import MARTHA, OURS, World, make_world

NINE_IN_CHICAGO = 15


@pytest.fixture
def engine(postgresql_url: str, keyring: Keyring) -> Iterator[Engine]:
    engine = make_engine(postgresql_url, keyring)
    yield engine
    engine.dispose()


class CarrierClock:
    """The sandbox's own time, begun on a Monday morning: both sides must agree what time it is."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.timeline = sandbox.carrier.timeline
        now = self.timeline.now()
        days = (7 - now.weekday()) % 7 or 7
        monday = datetime(now.year, now.month, now.day, NINE_IN_CHICAGO, 5, tzinfo=UTC) + timedelta(days=days)
        self.timeline.advance(monday - now)

    def now(self) -> datetime:
        return self.timeline.now()

    def advance(self, span: timedelta | None = None, /, **parts: float) -> datetime:
        self.timeline.advance(span or timedelta(**parts))
        return self.timeline.now()


@dataclass
class Shop:
    """The whole, on loopback."""

    world: World
    services: Services
    sandbox: Sandbox
    redis: Redis
    session: requests.Session

    def api(self, method: str, path: str, **body: Any) -> Any:
        """The sandbox's own API."""
        url = f"{self.sandbox.origin}/sandbox/api{path}"
        answer = self.session.request(method, url, json=body or None, timeout=30)
        assert answer.ok, (answer.status_code, answer.text)
        return answer.json() if answer.content else None

    def settle(self) -> None:
        """The carrier has told us everything."""
        assert self.api("POST", "/settle")["settled"]

    def text(self, body: str, number: str = MARTHA, **more: Any) -> Any:
        """A patient writes."""
        return self.api("POST", "/texts", **{"from": number, "to": OURS, "body": body, **more})

    def line(self, kind: str, number: str = MARTHA) -> None:
        """What kind of line a number is."""
        self.api("PUT", f"/phones/{number}", line=kind)

    def fault(self, **fault: Any) -> None:
        self.sandbox.carrier.faults.add(fault)

    def work(self) -> None:
        """Work until the queues are empty and the carrier has no more to tell."""
        for _ in range(3):
            self.alive()
            worker.work(self.redis, PRIORITY, burst=True)
            self.settle()

    def alive(self) -> None:
        with begin(self.services.sessions) as session:
            beat(session, self.services.process_id, "worker", self.services.clock.now())

    def sweep(self, *, cases: bool = True) -> None:
        """The clock's whole round, and the work it brings."""
        for job, _ in PERIODIC:
            if cases or job != SWEEP_CASES:
                self.put(job)
        self.work()

    def put(self, job: Job, *args: str) -> None:
        self.services.queues.one(job, *args)

    def received(self, number: str = MARTHA) -> list[str]:
        """What stands on a phone."""
        sent = self.sandbox.carrier.state.messages.values()
        return [m.body for m in sent if m.to == number and m.status == "delivered"]

    def calls(self, number: str = MARTHA) -> list[Any]:
        return list(self.api("GET", "/calls?to=" + number.replace("+", "%2B"))["calls"])

    def out(self, **which: Any) -> list[Message]:
        """Our messages to patients, the oldest first."""
        rows = [m for m in self.world.all(Message) if m.direction == "out"]
        rows.sort(key=lambda m: (m.created_at, m.lane_order, m.id))
        return [m for m in rows if all(getattr(m, name) == value for name, value in which.items())]

    def discharged(self, **more: Any) -> tuple[UUID, UUID]:
        """A patient who went home and has had the first text: (patient, case)."""
        patient = self.world.patient(**more)
        case = self.world.trigger("discharge", patient)
        self.sweep()
        return patient, case


@pytest.fixture
def shop(
    engine: Engine,
    make_settings: Callable[..., Settings],
    redis: Redis,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Shop]:
    apps: list[Any] = []

    def serve(environ: WSGIEnvironment, start: StartResponse) -> Any:
        return apps[0](environ, start)

    server = make_server("127.0.0.1", 0, serve, threaded=True)
    origin = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    settings = make_settings(PUBLIC_URL=origin)
    sandbox = create_sandbox(
        app_origin=origin,
        account_sid=settings.twilio_account_sid,
        auth_token=settings.twilio_auth_token,
        lines=(practice_line(OURS, origin, ""),),
    )
    with sandbox, requests.Session() as session:
        clock = CarrierClock(sandbox)
        settings = make_settings(PUBLIC_URL=origin, TWILIO_API_ORIGIN=sandbox.origin)
        world = make_world(make_sessions(engine), clock)  # type: ignore[arg-type]  # it tells the time and moves it
        services = Services(
            settings,
            engine,
            world.sessions,
            clock,
            redis,
            Queues(redis),
            world.kit,
            new_id(),
            Pace(redis, settings.twilio_segments_per_second),
        )
        carriers, files = make_carriers(settings), make_files(settings)
        for module in (after, desk, inbound, media, outbox, outreach, receipts, sweeps):
            monkeypatch.setattr(module, "desk", lambda: services)
            monkeypatch.setattr(module, "carriers", lambda: carriers, raising=False)
        monkeypatch.setattr(media, "files", lambda: files)
        apps.append(create_app(services=services))
        thread.start()
        try:
            yield Shop(world, services, sandbox, redis, session)
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
