"""Business time: hours, lunch, holidays, the change of the clocks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cases.clock import business_deadline, business_minutes, is_open

CHICAGO = ZoneInfo("America/Chicago")


@dataclass
class Hours:
    """A site, as far as the clock looks at it."""

    time_zone: str = "America/Chicago"
    hours: dict[str, Any] = field(
        default_factory=lambda: {
            day: [["09:00", "12:00"], ["13:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")
        }
    )
    holidays: str = "US"
    settings: dict[str, Any] = field(default_factory=dict)


def at(text: str) -> datetime:
    """A wall time in Chicago."""
    return datetime.fromisoformat(text).replace(tzinfo=CHICAGO)


@pytest.mark.parametrize(
    ("start", "minutes", "due"),
    [
        ("2026-11-02T10:00", 30, "2026-11-02T10:30"),
        ("2026-11-02T11:45", 30, "2026-11-02T13:15"),  # over lunch
        ("2026-11-02T12:30", 10, "2026-11-02T13:10"),  # begun at lunch
        ("2026-11-02T16:50", 30, "2026-11-03T09:20"),  # over night
        ("2026-11-06T16:50", 30, "2026-11-09T09:20"),  # over a weekend
        ("2026-11-02T10:00", 420, "2026-11-03T10:00"),  # a working day of seven hours
        ("2026-11-25T16:30", 60, "2026-11-27T09:30"),  # over Thanksgiving
        ("2026-10-30T16:30", 60, "2026-11-02T09:30"),  # over the change of the clocks
        ("2026-11-02T17:00", 30, "2026-11-03T09:30"),  # at the very end of a day
        ("2026-11-02T12:00", 60, "2026-11-02T14:00"),
        ("2026-11-02T09:00", 180, "2026-11-02T12:00"),  # due at the end of a span, not after it
    ],
)
def test_deadlines(start: str, minutes: int, due: str) -> None:
    assert business_deadline(Hours(), at(start), minutes) == at(due)


def test_a_site_names_its_own_days() -> None:
    site = Hours(settings={"closed": ["2026-11-27"], "open": ["2026-11-26"]})
    assert business_deadline(site, at("2026-11-25T16:30"), 60) == at("2026-11-26T09:30")
    assert business_deadline(site, at("2026-11-26T16:30"), 60) == at("2026-11-30T09:30")


def test_a_site_that_never_opens_still_has_deadlines() -> None:
    site = Hours(hours={"mon": []})
    assert business_deadline(site, at("2026-11-02T10:00"), 30) == at("2026-11-02T10:30")


def test_a_site_without_hours_works_nine_to_five() -> None:
    assert business_deadline(Hours(hours={}), at("2026-11-02T16:30"), 60) == at("2026-11-03T09:30")


def test_a_day_can_end_at_midnight() -> None:
    site = Hours(hours={"mon": [["20:00", "24:00"]]})
    assert business_deadline(site, at("2026-11-02T23:50"), 10) == at("2026-11-03T00:00")


def test_a_state_has_holidays_of_its_own() -> None:
    site = Hours(holidays="US-IL")
    # The general election is one in Illinois.
    assert business_deadline(site, at("2026-11-02T16:30"), 60) == at("2026-11-04T09:30")


def test_open_at() -> None:
    assert is_open(Hours(), at("2026-11-02T09:00"))
    assert not is_open(Hours(), at("2026-11-02T12:00"))
    assert not is_open(Hours(), at("2026-11-02T08:59"))


FIRST = datetime(2026, 1, 1, tzinfo=UTC)
moments = st.integers(0, 730 * 24 * 60).map(lambda minutes: FIRST + timedelta(minutes=minutes))
windows = st.integers(0, 5000)
clocks = st.integers(0, 24 * 4).map(lambda quarter: f"{quarter // 4:02}:{quarter % 4 * 15:02}")


@st.composite
def sites(draw: st.DrawFn) -> Hours:
    """A site that is open now and then, in some zone."""
    hours: dict[str, Any] = {}
    for day in draw(st.sets(st.sampled_from(("mon", "tue", "wed", "thu", "fri", "sat", "sun")), min_size=1)):
        ends = sorted(draw(st.sets(clocks, min_size=2, max_size=4)))
        hours[day] = [list(pair) for pair in zip(ends[::2], ends[1::2], strict=False)]
    zone = draw(st.sampled_from(["America/Chicago", "America/New_York", "Asia/Kolkata", "UTC"]))
    return Hours(time_zone=zone, hours=hours)


@given(sites(), moments, windows)
def test_the_site_is_open_for_exactly_the_window_until_the_deadline(
    site: Hours, start: datetime, minutes: int
) -> None:
    due = business_deadline(site, start, minutes)
    assert due >= start + timedelta(minutes=minutes)
    assert business_minutes(site, start, due) == pytest.approx(minutes)


@given(sites(), moments, windows, windows)
def test_two_windows_in_a_row_are_one(site: Hours, start: datetime, first: int, second: int) -> None:
    between = business_deadline(site, start, first)
    assert business_deadline(site, between, second) == business_deadline(site, start, first + second)


@given(sites(), moments, st.integers(0, 100_000), windows)
def test_who_begins_later_is_due_no_sooner(site: Hours, start: datetime, later: int, minutes: int) -> None:
    assert business_deadline(site, start + timedelta(seconds=later), minutes) >= business_deadline(
        site, start, minutes
    )
