"""A web application on a test database, and a carrier's signature over what is posted to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from redis import Redis
from sqlalchemy import Engine
from twilio.request_validator import RequestValidator

from app.channels.pace import Pace
from app.factory import create_app
from app.services import Services
from app.settings import Settings
from app.store import new_id
from tests.support.queues import Remembered
from tests.support.world import World

Post = Callable[..., Any]


@pytest.fixture
def queues() -> Remembered:
    return Remembered()


@pytest.fixture
def services(world: World, engine: Engine, settings: Settings, redis: Redis, queues: Remembered) -> Services:
    return Services(
        settings, engine, world.sessions, world.clock, redis, queues, world.kit, new_id(), Pace(redis, 1)
    )


@pytest.fixture
def app(services: Services) -> Flask:
    return create_app(services=services)


@pytest.fixture
def client(app: Flask) -> Iterator[FlaskClient]:
    with app.test_client() as client:
        yield client


@pytest.fixture
def post(client: FlaskClient, settings: Settings) -> Post:
    """Post a signed form: `post("/webhooks/twilio/message", Body="hi")`; `signature=` and `token=` to get it wrong."""

    def send(path: str, signature: str | None = None, token: str = "", **params: str) -> Any:
        url = settings.public_url.rstrip("/") + path
        signed = signature
        if signed is None:
            signed = RequestValidator(token or settings.twilio_auth_tokens[0]).compute_signature(url, params)
        return client.post(
            path, data=params, headers={"X-Twilio-Signature": signed}, environ_overrides={"RAW_URI": path}
        )

    return send
