"""The document says what is served, and it is OpenAPI 3.1."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.api.operations import OPERATIONS


@pytest.fixture
def document(client: FlaskClient) -> dict[str, Any]:
    answer = client.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json
    return found


def refs(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        yield from (value for name, value in node.items() if name == "$ref")
        node = list(node.values())
    if isinstance(node, list):
        for part in node:
            yield from refs(part)


def test_every_route_is_in_it(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    described = {(path, method) for path, ways in document["paths"].items() for method in ways}
    assert described == {(one.path, one.method.casefold()) for one in OPERATIONS}
    assert {"/api/v1/triggers", "/api/v1/cases/{case_id}", "/ehr/fhir"} <= set(document["paths"])


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    names = set(document["components"]["schemas"])
    assert {ref.rsplit("/", 1)[1] for ref in refs(document)} <= names


def test_every_operation_is_complete(document: dict[str, Any]) -> None:
    names = []
    for path, ways in document["paths"].items():
        for one in ways.values():
            names.append(one["operationId"])
            assert one["summary"]
            assert {"401", "403"} < set(one["responses"])
            in_path = [p["name"] for p in one.get("parameters", []) if p["in"] == "path"]
            assert all(f"{{{name}}}" in path for name in in_path)
            assert path.count("{") == len(in_path)
    assert len(names) == len(set(names))


def test_bodies_and_pages_are_described(document: dict[str, Any]) -> None:
    send = document["paths"]["/api/v1/triggers"]["post"]["requestBody"]["content"]
    assert set(send) == {
        "application/json",
        "application/fhir+json",
        "x-application/hl7-v2+er7",
        "text/csv",
    }
    many = document["paths"]["/api/v1/triggers"]["post"]
    schema = many["responses"]["207"]["content"]["application/json"]["schema"]
    assert [one["$ref"].rsplit("/", 1)[1] for one in schema["oneOf"]] == ["BatchOut", "FileOut"]
    assert [one["name"] for one in many["parameters"]] == ["source", "site"]
    assert "ehr:write" in many["description"]
    trigger = document["components"]["schemas"]["TriggerIn"]
    assert trigger["properties"]["kind"]["enum"] == ["discharge", "appointment", "no_show"]
    assert set(trigger["required"]) == {"kind", "external_id", "occurred_at"}
    query = document["paths"]["/api/v1/cases"]["get"]["parameters"]
    assert {"lane", "urgency", "after", "limit"} <= {one["name"] for one in query}
    json.dumps(document)
