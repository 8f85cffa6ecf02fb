"""Logs are JSON lines that do not say who a patient is or what they wrote."""

from __future__ import annotations

import io
import json
import logging
from typing import Any

import pytest
import structlog

from app import logs
from app.errors import CareloopError


def lines(logged: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in logged.getvalue().splitlines()]


def test_one_object_a_line_with_its_time(logged: io.StringIO) -> None:
    structlog.get_logger("careloop.test").info("delivered", message_id="m1", parts=2)
    (line,) = lines(logged)
    assert (line["event"], line["message_id"], line["parts"], line["level"]) == ("delivered", "m1", 2, "info")
    assert line["at"].endswith("Z")


@pytest.mark.parametrize(
    "secret",
    [
        "+13125550123",
        "(312) 555-0123",
        "312.555.0123",
        "312 555 0123",
        "ana.maria@correo.example",
        "+55 11 5550 1234",
    ],
)
def test_numbers_and_addresses_are_masked(logged: io.StringIO, secret: str) -> None:
    structlog.get_logger("careloop.test").info(f"could not reach {secret}!", deep={"seen": [secret]})
    assert secret not in logged.getvalue()


@pytest.mark.parametrize("field", ["body", "text", "to", "dob", "first_name", "token"])
def test_what_patients_write_is_dropped(logged: io.StringIO, field: str) -> None:
    structlog.get_logger("careloop.test").info("received", **{field: "chest pain"})
    assert lines(logged)[0][field] == logs.REDACTED


@pytest.mark.parametrize(
    "identifier",
    [
        "0192d3f4-1234-7abc-8def-012345678901",
        "SM" + "0123456789abcdef" * 2,
        "2026-11-02T15:00:00Z",
        "k1",
        "1234",
    ],
)
def test_ids_and_times_stay_whole(identifier: str) -> None:
    assert logs.mask(identifier) == identifier


def test_libraries_are_masked_and_twilio_is_quiet(logged: io.StringIO) -> None:
    logging.getLogger("some.library").warning("to %s", "+13125550123")
    logging.getLogger("twilio.http_client").info("POST Body=chest pain")
    (line,) = lines(logged)
    assert line["event"] == "to [number]"


def test_an_error_tells_its_place_but_not_what_it_worked_on(logged: io.StringIO) -> None:
    try:
        try:
            raise ValueError("bad reply: chest pain")
        except ValueError as cause:
            raise CareloopError("The reply could not be stored.") from cause
    except CareloopError:
        structlog.get_logger("careloop.test").exception("failed")
    (line,) = lines(logged)
    assert "chest pain" not in logged.getvalue()
    assert line["exception"][-1] == "CareloopError: The reply could not be stored."
    assert any("test_logs.py" in place for place in line["exception"])
