"""A sandbox on a free port, the real twilio SDK pointed at it, and a practice that answers its webhooks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from twilio.rest import Client

from app.sandbox.config import practice_line
from app.sandbox.server import Sandbox, create_sandbox
from tests.sandbox.outside import ACCOUNT, LINE, SERVICE, TOKEN, Api, Swapped
from tests.sandbox.practice import Practice


@pytest.fixture
def practice() -> Iterator[Practice]:
    with Practice(TOKEN) as practice:
        yield practice


@pytest.fixture
def make(practice: Practice) -> Iterator[Callable[..., Sandbox]]:
    made: list[Sandbox] = []

    def build(**settings: Any) -> Sandbox:
        defaults: dict[str, Any] = {
            "account_sid": ACCOUNT,
            "auth_token": TOKEN,
            "app_origin": practice.origin,
            "lines": (practice_line(LINE, practice.origin, ""),),
            "services": (SERVICE,),
            "app_api_key": "key",
        }
        made.append(create_sandbox(**{**defaults, **settings}).start())
        return made[-1]

    yield build
    for each in made:
        each.close()


@pytest.fixture
def sandbox(make: Callable[..., Sandbox]) -> Sandbox:
    return make()


@pytest.fixture
def api(sandbox: Sandbox) -> Iterator[Api]:
    api = Api(sandbox.origin)
    yield api
    api.session.close()


@pytest.fixture
def connect() -> Iterator[Callable[[Sandbox], Client]]:
    made: list[Swapped] = []

    def build(sandbox: Sandbox) -> Client:
        made.append(Swapped(sandbox.origin))
        return Client(ACCOUNT, TOKEN, http_client=made[-1])

    yield build
    for each in made:
        each.close()


@pytest.fixture
def client(sandbox: Sandbox, connect: Callable[[Sandbox], Client]) -> Client:
    return connect(sandbox)
