"""What came in a request: JSON of ours, one thing or a batch; or a file in a format of health care's own."""

from __future__ import annotations

import json
from typing import Any, Final

from flask import request

from app.api.problems import Refused

MOST_BYTES: Final = 10 * 1024 * 1024
MOST_ROWS: Final = 1000
_FILES: Final = ("application/fhir+json", "application/fhir+ndjson", "x-application/hl7-v2+er7", "text/csv")


def data() -> bytes:
    """The body; RequestEntityTooLarge beyond MOST_BYTES, also where no length was announced."""
    request.max_content_length = MOST_BYTES
    return request.get_data(cache=True)


def is_file() -> bool:
    """Whether the body is FHIR, HL7 v2 or CSV, by its content type or by what it begins with."""
    if request.mimetype in _FILES:
        return True
    body = data()
    if body.lstrip(b"\xef\xbb\xbf\x0b\r\n\t ").startswith(b"MSH"):
        return True
    return b'"resourceType"' in body and _has_resource_type(body)


def as_json() -> Any:
    """The body's JSON; Refused (400) with the place of the fault when it is none."""
    body = data()
    try:
        return json.loads(body)
    except json.JSONDecodeError as fault:
        where = f"line {fault.lineno}, column {fault.colno}"
        raise Refused(400, f"The body is not JSON: {fault.msg} at {where}.", "not_json") from fault
    except (UnicodeDecodeError, RecursionError) as fault:
        raise Refused(400, "The body is not JSON in UTF-8.", "not_json") from fault


def rows(body: Any) -> list[Any] | None:
    """The rows of a batch, None for one thing; Refused (422) for an empty or too long batch."""
    if not isinstance(body, list):
        return None
    if not 1 <= len(body) <= MOST_ROWS:
        raise Refused(422, f"A batch has 1 to {MOST_ROWS} rows; this one has {len(body)}.", "batch_size")
    return body


def _has_resource_type(body: bytes) -> bool:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return False
    first = found[0] if isinstance(found, list) and found else found
    return isinstance(first, dict) and "resourceType" in first
