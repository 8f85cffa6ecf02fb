"""A carrier's sandbox on a free port, and the channels pointed at it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from app.channels.carriers import Carriers, make_carriers
from app.sandbox.config import practice_line
from app.sandbox.server import Sandbox, create_sandbox
from app.settings import Settings
from tests.sandbox.practice import Practice
from tests.support.surroundings import ENVIRON

LINE = ENVIRON["TWILIO_FROM_NUMBER"]
PHONE = "+13125550123"
SERVICE = "MG" + "0" * 32


@pytest.fixture
def practice() -> Iterator[Practice]:
    """The application's side: keeps every webhook it is sent."""
    with Practice(ENVIRON["TWILIO_AUTH_TOKEN"]) as practice:
        yield practice


@pytest.fixture
def sandbox(practice: Practice) -> Iterator[Sandbox]:
    """The carrier's side: Twilio's contract."""
    with create_sandbox(
        account_sid=ENVIRON["TWILIO_ACCOUNT_SID"],
        auth_token=ENVIRON["TWILIO_AUTH_TOKEN"],
        app_origin=practice.origin,
        lines=(practice_line(LINE, practice.origin, SERVICE),),
        services=(SERVICE,),
    ) as sandbox:
        yield sandbox


@pytest.fixture
def connect(
    sandbox: Sandbox, practice: Practice, make_settings: Callable[..., Settings]
) -> Callable[..., Carriers]:
    """Carriers for the sandbox, with some settings changed."""

    def build(**changed: Any) -> Carriers:
        places = {"TWILIO_API_ORIGIN": sandbox.origin, "PUBLIC_URL": practice.origin}
        return make_carriers(make_settings(**{**places, **changed}))

    return build


@pytest.fixture
def carriers(connect: Callable[..., Carriers]) -> Carriers:
    return connect()
