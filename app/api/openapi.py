"""OpenAPI 3.1 from the same models and routes that serve."""

from __future__ import annotations

import re
from collections.abc import Iterable
from types import UnionType
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from app import __version__
from app.api.answers import Problem
from app.api.operations import FILE_SCOPE, Answers, Operation

REF = "#/components/schemas/{model}"
_ABOUT = (
    "Triggers, patients, visits and free times in; cases and conversations out. "
    "Everything sent is known by (source, external_id): sending it again changes nothing and answers 200. "
    "A list is a batch: 207, with a status for each row."
)
_FILES = ("application/fhir+json", "x-application/hl7-v2+er7", "text/csv")
_WRONG = {
    "400": "The body is not JSON.",
    "401": "No key, or one that is not known.",
    "403": "The key lacks the scope.",
    "404": "Not there.",
    "413": "Larger than 10 MB.",
    "422": "Parts of it must be changed: `errors` says which.",
    "503": "It could not be kept just now: send it again.",
}


def document(operations: Iterable[Operation], url: str) -> dict[str, Any]:
    """The whole OpenAPI document for these routes, served at `url`."""
    described = list(operations)
    models = {model for one in described for model in _models(one)} | {Problem}
    pairs = [(model, "validation") for model in sorted(models, key=lambda model: model.__name__)]
    _, schemas = models_json_schema(pairs, ref_template=REF)  # type: ignore[arg-type] # a list of its own pairs
    paths: dict[str, Any] = {}
    for one in described:
        paths.setdefault(one.path, {})[one.method.casefold()] = _operation(one)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Careloop", "version": __version__, "description": _ABOUT},
        "servers": [{"url": url}],
        "security": [{"key": []}],
        "paths": paths,
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    }


def _models(one: Operation) -> set[type[BaseModel]]:
    answers = {model for kind in one.answers.values() for model in _alternatives(kind)}
    return answers | ({one.body} if one.body else set())


def _alternatives(kind: Answers) -> tuple[type[BaseModel], ...]:
    return kind.__args__ if isinstance(kind, UnionType) else (kind,)


def _operation(one: Operation) -> dict[str, Any]:
    said = {str(status): _response(model, one.summary) for status, model in one.answers.items()}
    wrong = {status: _problem(words) for status, words in _WRONG.items() if _can(one, status)}
    found: dict[str, Any] = {
        "operationId": one.name,
        "summary": one.summary,
        "description": _needs(one),
        "responses": said | wrong,
    }
    if parameters := [*_in_path(one), *_in_query(one)]:
        found["parameters"] = parameters
    if one.body or one.files:
        found["requestBody"] = {"required": True, "content": _content(one)}
    return found


def _needs(one: Operation) -> str:
    words = f"Needs the scope `{one.scope}`."
    if not one.files or one.scope == FILE_SCOPE:
        return words
    return f"{words} A FHIR, HL7 or CSV body may hold records of any kind: it needs `{FILE_SCOPE}` too."


def _can(one: Operation, status: str) -> bool:
    if status in ("400", "413"):
        return bool(one.body or one.files)
    return status != "404" or "{" in one.path or one.body is not None


def _response(kind: Answers, words: str) -> dict[str, Any]:
    refs = [_ref(model) for model in _alternatives(kind)]
    schema = refs[0] if len(refs) == 1 else {"oneOf": refs}
    return {"description": words, "content": {"application/json": {"schema": schema}}}


def _problem(words: str) -> dict[str, Any]:
    return {"description": words, "content": {"application/problem+json": {"schema": _ref(Problem)}}}


def _content(one: Operation) -> dict[str, Any]:
    content: dict[str, Any] = {}
    if one.body:
        schema = _ref(one.body)
        batch = {"type": "array", "maxItems": 1000, "items": schema}
        content["application/json"] = {"schema": {"oneOf": [schema, batch]} if one.many else schema}
    if one.files:
        content |= {kind: {"schema": {"type": "string", "format": "binary"}} for kind in _FILES}
    return content


def _in_path(one: Operation) -> list[dict[str, Any]]:
    names = re.findall(r"{(\w+)}", one.path)
    schema = {"type": "string", "format": "uuid"}
    return [{"name": name, "in": "path", "required": True, "schema": schema} for name in names]


def _in_query(one: Operation) -> list[dict[str, Any]]:
    fields = one.query.model_json_schema()["properties"] if one.query else {}
    # Beside a JSON body, which names its own source and site, such a query is about files.
    about = {"description": "For a FHIR, HL7 or CSV body."} if one.body else {}
    return [{"name": name, "in": "query", "schema": schema, **about} for name, schema in fields.items()]


def _ref(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": REF.format(model=model.__name__)}
