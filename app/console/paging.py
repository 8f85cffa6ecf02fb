"""Pages by key: a cursor names the last row seen, so the next page costs the same at the millionth case."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.orm import InstrumentedAttribute

SIZE = 50
MOMENT: Final = (datetime, UUID)
"""What a cursor of rows in the order of time holds."""
_LARGEST = 2**31 - 1


def cursor(*values: Any) -> str:
    """A cursor of the order's values; it holds times and ids, nothing of a patient."""
    plain = [value.isoformat() if isinstance(value, datetime) else value for value in values]
    return base64.urlsafe_b64encode(json.dumps(plain, default=str).encode()).decode().rstrip("=")


def parse(text: str | None, *kinds: type) -> list[Any] | None:
    """The values of a cursor, each of its kind (datetime in UTC, UUID, int); None unless every one of them is."""
    if not text:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        return _typed(values, kinds)
    except (ValueError, OverflowError, RecursionError):
        return None


def beyond(
    at: InstrumentedAttribute[Any], key: InstrumentedAttribute[UUID], last: list[Any], *, down: bool = True
) -> ColumnElement[bool]:
    """Rows after the last one seen in the order of (at, key), `down` from the newest or up from the oldest."""
    moment, identifier = last
    if down:
        return or_(at < moment, and_(at == moment, key < identifier))
    return or_(at > moment, and_(at == moment, key > identifier))


def _typed(values: Any, kinds: tuple[type, ...]) -> list[Any] | None:
    if not isinstance(values, list) or len(values) != len(kinds):
        return None
    return [_value(value, kind) for value, kind in zip(values, kinds, strict=True)]


def _value(value: Any, kind: type) -> Any:
    """The value as that kind; ValueError or OverflowError for anything else."""
    if kind is int:
        if type(value) is int and abs(value) <= _LARGEST:
            return value
    elif isinstance(value, str):
        if kind is UUID:
            return UUID(value)
        if (found := datetime.fromisoformat(value)).tzinfo is not None:
            return found.astimezone(UTC)
    raise ValueError("this is no cursor of ours")
