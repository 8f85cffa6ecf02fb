"""The one place that asks what time it is; everything else is handed `now`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Anything that knows the time."""

    def now(self) -> datetime:
        """The present as an aware UTC datetime."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present as an aware UTC datetime."""
        return datetime.now(UTC)


class FixedClock:
    """A clock that stands still until it is told to move: for tests and rehearsals."""

    def __init__(self, now: datetime) -> None:
        self._now = _utc(now)

    def now(self) -> datetime:
        """The moment this clock was last set or moved to, as an aware UTC datetime."""
        return self._now

    def advance(self, delta: timedelta | None = None, /, **parts: float) -> datetime:
        """Move on by a timedelta, or by its parts (`minutes=5`), and give the new time."""
        self._now += delta if delta is not None else timedelta(**parts)
        return self._now

    def set(self, now: datetime) -> datetime:
        """Jump to a moment (aware); give it back in UTC."""
        self._now = _utc(now)
        return self._now


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a clock needs an aware datetime, not a naive one")
    return moment.astimezone(UTC)
