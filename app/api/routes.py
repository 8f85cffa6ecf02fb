"""The routes of /api/v1, and `POST /ehr/fhir`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Flask, Response, jsonify, request
from flask.typing import ResponseReturnValue
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException

from app.api import files, intake, openapi, problems, reads, requests
from app.api.answers import BatchOut, CaseOut, CasesOut, ConversationOut, ConversationsOut, FileOut, Taken
from app.api.batches import take
from app.api.bodies import AppointmentIn, CasesQuery, ConversationsQuery, PatientIn, SlotIn, TriggerIn
from app.api.operations import (
    FILE_SCOPE,
    OPERATIONS,
    answer,
    asked,
    caller,
    operation,
    require,
    services,
)
from app.audit import trail
from app.errors import CareloopError
from app.store.database import begin, reading

bp = Blueprint("api", __name__, url_prefix="/api/v1")
ehr = Blueprint("ehr", __name__)
TAKES: dict[str, Any] = {
    "many": True,
    "files": True,
    "query": files.FileQuery,
    "answers": {201: Taken, 200: Taken, 207: BatchOut | FileOut},
}
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
TALK = "/conversations/<uuid:conversation_id>"


def register(app: Flask) -> None:
    """Add the routes."""
    for blueprint in (bp, ehr):
        app.register_blueprint(blueprint)


@operation(bp, "POST", "/triggers", scope="triggers:write", body=TriggerIn, **TAKES)
def send_triggers() -> ResponseReturnValue:
    """What happened to a patient: opens one case for each (source, external_id)."""
    return _file_or(TriggerIn, intake.trigger, "trigger")


@operation(bp, "POST", "/patients", scope="patients:write", body=PatientIn, **TAKES)
def send_patients() -> ResponseReturnValue:
    """People, known or changed by their record number."""
    return _file_or(PatientIn, intake.patient, "patient")


@operation(bp, "POST", "/appointments", scope="appointments:write", body=AppointmentIn, **TAKES)
def send_appointments() -> ResponseReturnValue:
    """Visits, booked, moved, cancelled or missed."""
    return _file_or(AppointmentIn, intake.appointment, "appointment")


@operation(bp, "POST", "/slots", scope="slots:write", body=SlotIn, **TAKES)
def send_slots() -> ResponseReturnValue:
    """Times that can be offered to patients."""
    return _file_or(SlotIn, intake.slot, "slot")


@operation(
    ehr, "POST", "/ehr/fhir", scope=FILE_SCOPE, files=True, query=files.FileQuery, answers={200: FileOut}
)
def receive_fhir() -> ResponseReturnValue:
    """A FHIR R4 resource, Bundle or subscription notification."""
    return answer(files.take(requests.data()))


@operation(bp, "GET", "/cases", scope="cases:read", query=CasesQuery, answers={200: CasesOut})
def list_cases() -> ResponseReturnValue:
    """Cases, newest first, a page at a time."""
    query = asked(CasesQuery)
    with reading(services().sessions) as session:
        page = reads.cases(session, query)
    _seen("cases", "list", len(page.cases))
    return answer(page)


@operation(bp, "GET", "/cases/<uuid:case_id>", scope="cases:read", answers={200: CaseOut})
def read_case(case_id: UUID) -> ResponseReturnValue:
    """One case with its flags, barriers and promises."""
    with reading(services().sessions) as session:
        found = reads.case(session, case_id)
    _seen("case", str(case_id), 1)
    return answer(found)


@operation(
    bp,
    "GET",
    "/conversations",
    scope="conversations:read",
    query=ConversationsQuery,
    answers={200: ConversationsOut},
)
def list_conversations() -> ResponseReturnValue:
    """Conversations, newest first, a page at a time."""
    query = asked(ConversationsQuery)
    with reading(services().sessions) as session:
        return answer(reads.conversations(session, query))


@operation(
    bp,
    "GET",
    "/conversations/<uuid:conversation_id>",
    scope="conversations:read",
    answers={200: ConversationOut},
)
def read_conversation(conversation_id: UUID) -> ResponseReturnValue:
    """One conversation with what was said."""
    with reading(services().sessions) as session:
        found = reads.conversation(session, conversation_id)
    _seen("conversation", str(conversation_id), 1)
    return answer(found)


@bp.get("/openapi.json")
def describe() -> Response:
    """The OpenAPI 3.1 document; it tells nothing of anybody, so it needs no key."""
    return jsonify(openapi.document(OPERATIONS, services().settings.public_url))


@bp.route("/", defaults={"rest": ""}, methods=METHODS)
@bp.route("/<path:rest>", methods=METHODS)
def nowhere(rest: str) -> Response:
    """Anything else under /api/v1 is told in the API's own way, not by a page."""
    there = sorted({one.method for one in OPERATIONS if one.matches(request.path)})
    if not there or request.method in there:
        return problems.problem(404, f"There is no /api/v1/{rest}; see /api/v1/openapi.json.", "not_found")
    response = problems.problem(405, f"This address takes {' and '.join(there)}.", "method")
    response.headers["Allow"] = ", ".join(there)
    return response


def told(error: Exception) -> Response:
    """Every refusal as a problem."""
    return problems.problem(*problems.of_error(error))


for _kind in (CareloopError, ValidationError, HTTPException, *problems.STORE):
    for _blueprint in (bp, ehr):
        _blueprint.register_error_handler(_kind, told)


def _file_or(model: Any, act: Any, what: str) -> ResponseReturnValue:
    if requests.is_file():
        require(FILE_SCOPE)
        return answer(files.take(requests.data()), 207)
    return take(model, act, what)


def _seen(kind: str, which: str, count: int) -> None:
    found = services()
    with begin(found.sessions) as session:
        trail.record(
            session,
            actor_kind=trail.PROGRAM,
            actor=str(caller().id),
            action="api.read",
            subject_kind=kind,
            subject_id=which,
            now=found.clock.now(),
            detail={"count": count},
        )
