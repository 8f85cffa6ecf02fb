"""Quiet hours: nothing is begun in them, in any zone the patient may be in, whatever clocks do."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.consent.hours import DAYS, EARLIEST, LATEST, opening, window
from app.consent.may_send import Caps, Verdict, verdict
from app.consent.zones import area_zones, zones_of

ZONES = [
    "America/New_York",
    "America/Chicago",
    "America/Phoenix",
    "America/Anchorage",
    "Pacific/Honolulu",
    "America/St_Johns",
    "America/Havana",
    "America/Asuncion",
    "Africa/Cairo",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Asia/Kathmandu",
]
FIRST = datetime(2011, 12, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 19 * 365 * 24 * 60 * 60).map(lambda seconds: FIRST + timedelta(seconds=seconds))
TIMES = st.times().map(lambda t: t.replace(microsecond=0))
SPANS = st.lists(st.tuples(TIMES, TIMES).map(lambda p: [x.isoformat() for x in p]), max_size=2)
WINDOWS = st.dictionaries(st.sampled_from(DAYS), SPANS)


class Somebody:
    def __init__(self, zone: str | None = None) -> None:
        self.status, self.deceased_at, self.merged_into, self.time_zone = "active", None, None, zone


class Somewhere:
    def __init__(self, zone: str = "America/Chicago", **window: Any) -> None:
        self.time_zone, self.window = zone, window


def ask(now: datetime, zone: str | None = None, site: Any = None, **given: Any) -> Verdict:
    asked: dict[str, Any] = {"channel": "sms", "purpose": "outreach", "standing": True, **given}
    return verdict(patient=Somebody(zone), site=site or Somewhere(), now=now, **asked)


def within(moment: datetime, zone: str, data: dict[str, Any]) -> bool:
    """By the clock on the wall: is this in the window? Written another way than the code under test."""
    local = moment.astimezone(ZoneInfo(zone))
    default = [["12:00", "20:00"]] if local.weekday() == 6 else [["09:00", "20:00"]]
    spans = data.get(DAYS[local.weekday()], default)
    clock = local.time()
    return EARLIEST <= clock < LATEST and any(
        time.fromisoformat(start) <= clock < time.fromisoformat(end) for start, end in spans
    )


@given(MOMENTS, st.sets(st.sampled_from(ZONES), min_size=1, max_size=3), WINDOWS)
def test_what_is_open_is_open_everywhere(now: datetime, zones: set[str], data: dict[str, Any]) -> None:
    found = opening(window(data), frozenset(zones), now)
    if found is None:
        return
    assert found.at >= now
    last = found.until - timedelta(seconds=1)
    for moment in (found.at, found.at + (last - found.at) / 2, last):
        assert all(within(moment, zone, data) for zone in zones)


@given(MOMENTS, st.sampled_from(ZONES), st.sampled_from(ZONES), WINDOWS)
def test_nothing_is_ever_begun_in_quiet_hours(
    now: datetime, own: str, site: str, data: dict[str, Any]
) -> None:
    said = ask(now, own, Somewhere(site, **data))
    if said.kind == "now":
        assert within(now, own, data)
        assert said.until is not None
        assert said.until > now
    elif said.kind == "later":
        assert said.at is not None
        assert said.at > now
        assert ask(said.at, own, Somewhere(site, **data)).kind == "now"


@given(MOMENTS, st.sampled_from(ZONES))
def test_with_the_usual_hours_there_is_always_a_time_soon(now: datetime, zone: str) -> None:
    said = ask(now, zone)
    assert said.kind != "never"
    assert (said.at or now) - now < timedelta(days=2)


@pytest.mark.parametrize(
    ("local", "kind", "at"),
    [
        ("2026-11-02T08:59", "later", "2026-11-02T09:00"),
        ("2026-11-02T09:00", "now", None),
        ("2026-11-02T19:58", "now", None),
        ("2026-11-02T19:59:30", "later", "2026-11-03T09:00"),
        ("2026-11-07T20:00", "later", "2026-11-08T12:00"),
        ("2026-11-08T11:59", "later", "2026-11-08T12:00"),
    ],
)
def test_the_usual_hours(local: str, kind: str, at: str | None) -> None:
    zone = ZoneInfo("America/Chicago")
    said = ask(datetime.fromisoformat(local).replace(tzinfo=zone))
    wanted = datetime.fromisoformat(at).replace(tzinfo=zone).astimezone(UTC) if at else None
    assert (said.kind, said.at) == (kind, wanted)


def test_the_clock_goes_forward_in_the_night() -> None:
    said = ask(datetime(2026, 3, 8, 7, 0, tzinfo=UTC))  # Sunday, 1 am in Chicago, an hour before the gap
    assert said.at == datetime(2026, 3, 8, 17, 0, tzinfo=UTC)  # noon, an hour nearer


def test_an_area_code_elsewhere_has_to_be_awake_too() -> None:
    now = datetime(2026, 11, 2, 15, 30, tzinfo=UTC)  # 9:30 in Chicago, 5:30 in Honolulu
    assert ask(now, number="+13125550123").kind == "now"
    assert ask(now, number="+18085550123").at == datetime(2026, 11, 2, 19, 0, tzinfo=UTC)
    assert ask(now, "America/Chicago", number="+18085550123").kind == "later"


def test_zones_of_numbers() -> None:
    assert area_zones("+12085550123") == {"America/Boise", "America/Los_Angeles"}
    assert area_zones("+18005550123") == set()
    assert area_zones("nonsense") == set()
    assert zones_of("Nowhere/Land", "America/Chicago", "") == {"America/Chicago"}
    assert zones_of(None, "", "") == {"America/New_York"}


@pytest.mark.parametrize(
    "data", [{"mon": "all day"}, {"mon": [["9", "x"]]}, {"mon": [[1, 2]]}, {"mon": 5}, None]
)
def test_a_window_that_cannot_be_read_is_the_usual_one(data: Any) -> None:
    assert window(data) == window({})


def test_no_site_may_reach_beyond_the_laws_hours() -> None:
    assert window({"mon": [["00:00", "24:00"]]})[0] == ((time(8), time(21)),)


def test_enough_for_today_is_for_tomorrow() -> None:
    now = datetime(2026, 11, 2, 16, 0, tzinfo=UTC)
    said = ask(now, recent=[now - timedelta(minutes=30)])
    assert (said.kind, said.reason) == ("later", "enough was sent today")
    assert said.at == datetime(2026, 11, 3, 15, 0, tzinfo=UTC)
    assert ask(now, recent=[now - timedelta(minutes=30)], caps=Caps(2, 3)).kind == "now"
    yesterday = now - timedelta(hours=14)  # the evening before, by the patient's clock
    assert ask(now, recent=[yesterday]).kind == "now"


@given(MOMENTS, st.lists(st.integers(0, 9 * 24 * 60), max_size=8), st.integers(1, 3), st.integers(1, 5))
def test_caps_hold_on_the_patients_calendar(now: datetime, ago: list[int], daily: int, weekly: int) -> None:
    recent = [now - timedelta(minutes=minutes) for minutes in ago]
    caps = Caps(daily, max(daily, weekly))
    said = ask(now, recent=recent, caps=caps)
    at = now if said.kind == "now" else said.at
    assert at is not None
    zone = ZoneInfo("America/Chicago")
    today = at.astimezone(zone).date()
    days = [moment.astimezone(zone).date() for moment in recent]
    assert sum(day == today for day in days) < caps.daily
    assert sum(0 <= (today - day).days < 7 for day in days) < caps.weekly
