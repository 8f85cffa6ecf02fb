"""What we started lately with whom: what the daily and weekly caps count."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Protocol, cast
from uuid import UUID

from sqlalchemy import BigInteger, bindparam, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from app.outbox.claiming import M
from app.outbox.models import Purpose
from app.outbox.status import GONE_OUT

RECENT = timedelta(days=8)
OLDEST = timedelta(days=30)
"""Nothing waits longer than this between being written and being sent."""


class Start(Protocol):
    """A message that starts something, at `claimed_at`."""

    @property
    def id(self) -> UUID: ...
    @property
    def patient_id(self) -> UUID | None: ...
    @property
    def number_index(self) -> str: ...
    @property
    def conversation_id(self) -> UUID | None: ...
    @property
    def created_at(self) -> datetime: ...
    @property
    def claimed_at(self) -> datetime: ...


class Ledger:
    """The starts of the last days with some patients and on some numbers."""

    def __init__(self, starts: Iterable[Start]) -> None:
        self._starts = list(starts)

    def add(self, start: Start) -> None:
        """Count one more from now on."""
        self._starts.append(start)

    def of(self, patient_id: UUID | None, number_index: str) -> list[datetime]:
        """When something was started with this patient or on this number, each start once, the oldest first."""
        return sorted(self._turns(patient_id, number_index).values())

    def before(self, message: Start) -> list[datetime]:
        """When something was started with this message's patient or on its number, its own turn left out."""
        turns = self._turns(message.patient_id, message.number_index)
        turns.pop(_turn(message), None)
        return sorted(turns.values())

    def _turns(self, patient_id: UUID | None, number_index: str) -> dict[tuple[UUID, datetime], datetime]:
        return {
            _turn(start): start.claimed_at
            for start in self._starts
            if start.number_index == number_index
            or (start.patient_id is not None and start.patient_id == patient_id)
        }


def starts(
    session: Session,
    patients: Collection[UUID],
    numbers: Collection[str],
    now: datetime,
    *,
    besides: Collection[UUID] = (),
) -> Ledger:
    """What was started in eight days with any of these, over all channels; `besides` are messages not counted."""
    given = {
        "patients": list(patients),
        "numbers": list(numbers),
        "oldest": now - OLDEST,
        "recent": now - RECENT,
    }
    rows = session.connection().execute(_STARTS, given)
    return Ledger(cast(Start, row) for row in rows if row.id not in besides)


def _turn(start: Start) -> tuple[UUID, datetime]:
    """Equal for what is one start: texts of one conversation written at one moment."""
    return start.conversation_id or start.id, start.created_at


def one_at_a_time(session: Session, messages: Iterable[Start]) -> None:
    """Let no other process judge starts with the same people until this transaction ends: caps would not hold.

    SQLite has one writer anyway. The locks are taken in one order, so that two batches never wait for each other.
    """
    if session.get_bind().dialect.name != "postgresql":
        return
    keys = {int(message.number_index[:15], 16) for message in messages}
    keys |= {message.patient_id.int & 0x7FFFFFFFFFFFFFFF for message in messages if message.patient_id}
    session.connection().execute(_LOCK, {"keys": sorted(keys)})


_STARTS = select(
    M.c.id, M.c.patient_id, M.c.number_index, M.c.conversation_id, M.c.created_at, M.c.claimed_at
).where(
    or_(
        M.c.patient_id.in_(bindparam("patients", type_=M.c.patient_id.type, expanding=True)),
        M.c.number_index.in_(bindparam("numbers", expanding=True)),
    ),
    M.c.direction == "out",
    M.c.purpose == Purpose.OUTREACH,
    M.c.created_at > bindparam("oldest", type_=M.c.created_at.type),
    M.c.claimed_at > bindparam("recent", type_=M.c.claimed_at.type),
    M.c.status.in_(GONE_OUT),
)
_KEY = func.unnest(bindparam("keys", type_=ARRAY(BigInteger))).column_valued("key")
_LOCK = select(func.count(func.pg_advisory_xact_lock(_KEY)))
