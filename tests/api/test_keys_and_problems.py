"""Who may call, and how a refusal reads."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.api.operations import OPERATIONS
from app.api.requests import MOST_BYTES
from app.clock import FixedClock
from app.patients.models import Patient
from app.security import api_keys
from app.security.models import ApiKey
from app.store import Sessions, begin
from tests.api.conftest import Program

PROBLEM = "application/problem+json"


def test_every_route_names_a_scope_there_is(client: FlaskClient) -> None:
    open_to_all = {"api.describe", "api.nowhere"}
    for rule in client.application.url_map.iter_rules():
        view = client.application.view_functions[rule.endpoint]
        if rule.rule.startswith(("/api/", "/ehr/")) and rule.endpoint not in open_to_all:
            assert getattr(view, "scope", None) in api_keys.SCOPES, rule.endpoint
    assert {one.scope for one in OPERATIONS} == set(api_keys.SCOPES)


def test_without_a_key(client: FlaskClient) -> None:
    for headers in ({}, {"Authorization": "Basic YTpi"}, {"Authorization": "Bearer nonsense"}):
        answer = client.get("/api/v1/cases", headers=headers)
        assert (answer.status_code, answer.content_type) == (401, PROBLEM)
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert answer.json["detail"]


def test_a_revoked_key(api: Program, sessions: Sessions, clock: FixedClock) -> None:
    assert api.get("/api/v1/cases").status_code == 200
    with begin(sessions) as session:
        api_keys.revoke(session.scalars(select(ApiKey)).one(), clock.now())
    assert api.get("/api/v1/cases").json["code"] == "unknown_key"


def test_a_key_without_the_scope(program: Callable[..., Program]) -> None:
    answer = program("cases:read").post("/api/v1/slots", {})
    assert (answer.status_code, answer.content_type) == (403, PROBLEM)
    assert "slots:write" in answer.json["detail"]


@pytest.mark.parametrize("what", ["triggers", "patients", "appointments", "slots"])
@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("clinic-bundle.json", "application/fhir+json"),
        ("clinic-bundle.json", "application/json"),
        ("hospital-discharges.hl7", "text/plain"),
        ("clinic-appointments.csv", "text/csv"),
    ],
)
def test_a_file_needs_the_scope_for_files_wherever_it_comes(
    program: Callable[..., Program], sessions: Sessions, what: str, file: str, kind: str
) -> None:
    """A file may hold records of any kind: a key for free times must not bring in patients with it."""
    data = (Path("app/ehr/demo") / file).read_bytes()
    answer = program(f"{what}:write").send(f"/api/v1/{what}", data, kind)
    assert (answer.status_code, answer.json["code"]) == (403, "scope")
    assert "ehr:write" in answer.json["detail"]
    with sessions() as session:
        assert session.scalars(select(Patient)).first() is None
    assert program(f"{what}:write", "ehr:write").send(f"/api/v1/{what}", data, kind).status_code == 207


def test_faults_are_told_by_path_without_values(api: Program) -> None:
    body = {
        "kind": "appointment",
        "external_id": "A1",
        "occurred_at": "2026-11-02T10:00:00",
        "patient": {"mrn": "M1", "given_name": "Ana", "family_name": "", "phone": 5},
        "colour": "blue",
    }
    answer = api.post("/api/v1/triggers", body)
    assert (answer.status_code, answer.content_type) == (422, PROBLEM)
    faults = {fault["path"]: fault["words"] for fault in answer.json["errors"]}
    assert set(faults) == {"occurred_at", "patient.family_name", "patient.phone", "colour"}
    assert "offset" in faults["occurred_at"]
    assert "blue" not in answer.text


def test_what_belongs_together_is_told_in_words(api: Program) -> None:
    body = {"kind": "discharge", "external_id": "A1", "occurred_at": "2026-11-02T10:00:00Z"}
    answer = api.post("/api/v1/triggers", body)
    assert answer.json["errors"] == [
        {"path": "(the whole body)", "words": "Give either `patient` or `patient_id`."}
    ]


def test_what_is_not_json(api: Program) -> None:
    answer = api.send("/api/v1/slots", b'{"a": ', "application/json")
    assert (answer.status_code, answer.json["code"]) == (400, "not_json")
    assert "line 1" in answer.json["detail"]
    assert api.send("/api/v1/slots", b"[" * 100_000, "application/json").status_code == 400
    assert api.send("/api/v1/slots", b"\xff\xfe", "application/json").status_code == 400


def test_what_is_too_large(api: Program) -> None:
    answer = api.send("/api/v1/slots", b" " * (MOST_BYTES + 1), "application/json")
    assert (answer.status_code, answer.content_type) == (413, PROBLEM)
    assert "10 MB" in answer.json["detail"]


def test_a_batch_has_its_bounds(api: Program) -> None:
    assert api.post("/api/v1/slots", []).json["code"] == "batch_size"
    assert api.post("/api/v1/slots", [{}] * 1001).json["code"] == "batch_size"


def test_addresses_that_are_not_there(api: Program, client: FlaskClient) -> None:
    answer = client.get("/api/v1/nothing")
    assert (answer.status_code, answer.content_type) == (404, PROBLEM)
    wrong = client.get("/api/v1/slots")
    assert (wrong.status_code, wrong.headers["Allow"]) == (405, "POST")
    assert api.get("/api/v1/cases/not-an-id").status_code == 404
