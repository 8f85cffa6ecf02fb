"""Pages by key: a cursor names the last row seen, so the next page costs the same at the millionth case."""

from __future__ import annotations

import base64
import binascii
import json
from datetime import datetime
from typing import Any

SIZE = 50


def cursor(*values: Any) -> str:
    """A cursor of the order's values; it holds times and ids, nothing of a patient."""
    plain = [value.isoformat() if isinstance(value, datetime) else value for value in values]
    return base64.urlsafe_b64encode(json.dumps(plain, default=str).encode()).decode().rstrip("=")


def parse(text: str | None, length: int) -> list[Any] | None:
    """The values of a cursor; None when there is none, or when it is not one of ours."""
    if not text:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, binascii.Error):
        return None
    return values if isinstance(values, list) and len(values) == length else None


def moment(value: Any) -> datetime | None:
    """The moment in a cursor's value; None when it is no moment with a zone."""
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return found if found.tzinfo else None
