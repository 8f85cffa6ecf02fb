"""Errors as application/problem+json (RFC 9457): words for people, codes and field paths for programs."""

from __future__ import annotations

from typing import Any, Final

import structlog
from flask import Response, jsonify
from pydantic import ValidationError
from sqlalchemy.exc import (
    DataError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    SQLAlchemyError,
    TimeoutError,
)
from werkzeug.exceptions import HTTPException

from app.errors import CareloopError, Conflict, Forbidden, Invalid, NotFound

KIND: Final = "application/problem+json"
_STATUS: Final = ((NotFound, 404), (Forbidden, 403), (Conflict, 409), (Invalid, 422))
_TITLES: Final = {
    400: "Not understood",
    401: "No key",
    403: "Not allowed",
    404: "Not found",
    405: "Not that way",
    409: "Conflict",
    413: "Too large",
    415: "Not a kind we take",
    422: "Cannot be taken",
    500: "Our mistake",
    503: "Not now",
}
STORE: Final = (DataError, IntegrityError, OperationalError, InterfaceError, TimeoutError)
"""What the database refuses or cannot do just now; anything else of its errors is our mistake."""
_log = structlog.get_logger("careloop.api")
Errors = list[dict[str, str]]


class Refused(CareloopError):
    """An answer other than success, chosen where it was found: status, words, faults by field path."""

    code = "refused"

    def __init__(self, status: int, words: str, code: str, errors: Errors | None = None) -> None:
        super().__init__(words)
        self.status, self.name, self.errors = status, code, errors


def problem(status: int, words: str, code: str, errors: Errors | None = None) -> Response:
    """One problem as a response."""
    response = jsonify(as_json(status, words, code, errors))
    response.status_code, response.content_type = status, KIND
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="careloop"'
    return response


def as_json(status: int, words: str, code: str, errors: Errors | None = None) -> dict[str, Any]:
    """One problem as JSON: type, title, status, detail, code, and `errors` with a path and words each."""
    found: dict[str, Any] = {
        "type": "about:blank",
        "title": _TITLES.get(status, "Refused"),
        "status": status,
        "detail": words,
        "code": code,
    }
    return found | ({"errors": errors} if errors else {})


def of_error(error: Exception) -> tuple[int, str, str, Errors | None]:
    """Status, words, code and faults by path of an error."""
    if isinstance(error, Refused):
        return error.status, error.words, error.name, error.errors
    if isinstance(error, ValidationError):
        faults = paths(error)
        many = "one part" if len(faults) == 1 else f"{len(faults)} parts"
        return 422, f"The body cannot be taken as it is: {many} of it must be changed.", "invalid", faults
    if isinstance(error, HTTPException):
        words = "The body is larger than 10 MB: send it in parts." if error.code == 413 else error.description
        return error.code or 500, words or "", (error.name or "error").casefold().replace(" ", "_"), None
    if isinstance(error, STORE):
        return _of_store(error)
    if isinstance(error, CareloopError):
        status = next((status for kind, status in _STATUS if isinstance(error, kind)), 400)
        return status, error.words, error.code, None
    raise error


def of_row(error: Exception) -> tuple[int, str, str, Errors | None]:
    """The same for a row of a batch, whatever happened to it: what is our own mistake is in the log, by its kind."""
    try:
        return of_error(error)
    except Exception as ours:
        _log.error("api_row_failed", problem=type(ours).__name__)
        return (
            500,
            "Something on our side failed with this row. Tell your support, and send it again.",
            "ours",
            None,
        )


def _of_store(error: SQLAlchemyError) -> tuple[int, str, str, Errors | None]:
    _log.warning("api_not_stored", problem=type(error).__name__)
    if isinstance(error, DataError):
        return 422, "Something in this is too long, or holds signs that cannot be kept.", "unstorable", None
    if isinstance(error, IntegrityError):
        return 409, "The same came in at the same moment: send it again.", "conflict", None
    return 503, "It could not be kept just now, and nothing of it was: send it again.", "not_now", None


def paths(error: ValidationError) -> Errors:
    """Every fault of a body: where it is ("patient.phone", "[2].start") and what is wrong, not the value."""
    return [{"path": _path(e["loc"]), "words": _words(e)} for e in error.errors(include_input=False)]


def _path(where: tuple[int | str, ...]) -> str:
    parts = [f"[{part}]" if isinstance(part, int) else f".{part}" for part in where]
    return "".join(parts).lstrip(".") or "(the whole body)"


def _words(fault: Any) -> str:
    kind, message = fault["type"], str(fault["msg"])
    if kind == "missing":
        return "This is missing."
    if kind == "extra_forbidden":
        return "There is no such field here."
    if kind == "timezone_aware":
        return "The time needs its offset, such as 2026-11-30T08:15:00-06:00."
    return message.removeprefix("Value error, ").rstrip(".") + "."
