"""The API in the whole web application, with a key that may do everything."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from redis import Redis
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.cases.lanes import seed_lanes
from app.channels.pace import Pace
from app.clock import FixedClock
from app.conversations.kit import Kit
from app.conversations.scripts import Scripts
from app.factory import create_app
from app.i18n.catalogs import Catalogs
from app.patients.models import Patient, Site
from app.security import api_keys
from app.services import Services
from app.settings import Settings
from app.store import Sessions, begin, new_id
from tests.support.queues import Remembered

ALL = tuple(api_keys.SCOPES)


class Program:
    """Somebody who calls the API with a key."""

    def __init__(self, client: FlaskClient, token: str) -> None:
        self._client, self._head = client, {"Authorization": f"Bearer {token}"}

    def get(self, path: str, **query: Any) -> Any:
        return self._client.get(path, headers=self._head, query_string=query)

    def post(self, path: str, body: Any) -> Any:
        return self._client.post(path, headers=self._head, json=body)

    def send(self, path: str, body: bytes, kind: str) -> Any:
        return self._client.post(path, headers=self._head, data=body, content_type=kind)


@pytest.fixture
def client(
    settings: Settings, engine: Engine, sessions: Sessions, clock: FixedClock, redis: Redis, site: Site
) -> FlaskClient:
    kit = Kit(Scripts(), Catalogs.load(Path("locales")))
    services = Services(settings, engine, sessions, clock, redis, Remembered(), kit, new_id(), Pace(redis, 1))
    app = create_app(services=services)
    return app.test_client()


@pytest.fixture
def site(sessions: Sessions) -> Site:
    with begin(sessions) as session:
        found = Site(key="north", name="Northside", phone="+13125550100", time_zone="America/Chicago")
        session.add(found)
        seed_lanes(session)
    return found


@pytest.fixture
def program(client: FlaskClient, sessions: Sessions, clock: FixedClock) -> Callable[..., Program]:
    """`program("cases:read")` is somebody whose key has these scopes."""

    def make(*scopes: str) -> Program:
        with begin(sessions) as session:
            _, token = api_keys.create(session, name="test", scopes=scopes, now=clock.now())
        return Program(client, token)

    return make


@pytest.fixture
def api(program: Callable[..., Program]) -> Program:
    """Somebody whose key may do everything."""
    return program(*ALL)


def make_patient(session: Session, site: Site, clock: FixedClock) -> Patient:
    now = clock.now()
    names = {"given_name": "Ana", "family_name": "Invented", "name_index": "x"}
    patient = Patient(site_id=site.id, **names, created_at=now, updated_at=now)
    session.add(patient)
    session.flush()
    return patient
