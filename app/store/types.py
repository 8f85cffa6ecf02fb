"""Column types that refuse what must not be stored."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from enum import Enum
from typing import Any, Generic, TypeVar

from sqlalchemy import JSON, DateTime, LargeBinary, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

from app.store.keys import Keyring

E = TypeVar("E", bound=Enum)
Json = JSON().with_variant(JSONB(), "postgresql")
"""Plain JSON without patient data."""


class UTCDateTime(TypeDecorator[datetime]):
    """An aware moment, stored and returned in UTC; a naive one is a TypeError."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError("times are stored aware: this one has no time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class _SealedBase(TypeDecorator[Any]):
    impl = LargeBinary
    cache_ok = True

    def __init__(self, column: str) -> None:
        super().__init__()
        self.column = column

    def coerce_compared_value(self, op: Any, value: Any) -> TypeEngine[Any]:
        # Equality on sealed bytes never matches: a query must use the blind index, so only IS NULL passes through.
        return self

    def _keyring(self, dialect: Any) -> Keyring:
        keyring: Keyring = dialect.careloop_keyring
        return keyring


class Sealed(_SealedBase):
    """Text of a patient, sealed for `table.column`; look it up by a blind index column, never by value."""

    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        if value is None:
            return None
        return self._keyring(dialect).seal(self.column, value.encode("utf-8", "surrogatepass"))

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        return self._keyring(dialect).open(self.column, bytes(value)).decode("utf-8", "surrogatepass")


class SealedJson(_SealedBase):
    """JSON that may hold patient data, sealed for `table.column`. Assign a new object to change it."""

    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        if value is None:
            return None
        return self._keyring(dialect).seal(self.column, json.dumps(value, separators=(",", ":")).encode())

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        return json.loads(self._keyring(dialect).open(self.column, bytes(value)))


class SealedBytes(_SealedBase):
    """A patient's file, sealed for `table.column`. Large: keep it in a table of its own and read it by key."""

    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        return None if value is None else self._keyring(dialect).seal(self.column, value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        return None if value is None else self._keyring(dialect).open(self.column, bytes(value))


class Choice(TypeDecorator[E], Generic[E]):
    """A string enum stored by its value, in a plain column that migrations can widen."""

    impl = String(24)
    cache_ok = True

    def __init__(self, kind: type[E]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: E | None, dialect: Dialect) -> str | None:
        return None if value is None else str(self.kind(value).value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> E | None:
        return None if value is None else self.kind(value)
