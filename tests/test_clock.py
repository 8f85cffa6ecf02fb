"""Clocks give aware UTC times."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from app.clock import FixedClock, SystemClock


def test_the_systems_clock_is_aware() -> None:
    assert SystemClock().now().tzinfo is UTC


def test_a_fixed_clock_moves_when_told() -> None:
    clock = FixedClock(datetime(2026, 3, 8, 1, 59, tzinfo=timezone(timedelta(hours=-6))))
    assert clock.now() == datetime(2026, 3, 8, 7, 59, tzinfo=UTC)
    assert clock.advance(minutes=2) == clock.now() == datetime(2026, 3, 8, 8, 1, tzinfo=UTC)
    assert clock.advance(timedelta(days=1)) == datetime(2026, 3, 9, 8, 1, tzinfo=UTC)


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        FixedClock(datetime(2026, 1, 1))  # noqa: DTZ001 - that it has no zone is the point
