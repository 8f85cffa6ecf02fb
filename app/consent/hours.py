"""PURE. When a site's patients may be written to: intervals in UTC, whatever clocks do in between."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EARLIEST, LATEST = time(8), time(21)
"""47 CFR 64.1200(c)(1), at the called party: no site's window reaches beyond."""
WEEKDAY = ((time(9), time(20)),)
SUNDAY = ((time(12), time(20)),)
LOOK_AHEAD = 9
LEAST_LEFT = timedelta(minutes=1)
"""So close to the end nothing is begun: a carrier needs a moment, too."""

ALWAYS = (((time(0), time.max),),) * 7

Span = tuple[time, time]
Interval = tuple[datetime, datetime]
Window = tuple[tuple[Span, ...], ...]
"""The spans of local time of each weekday, Monday first."""


@dataclass(frozen=True, slots=True)
class Opening:
    """From `at` on, until `until` (both UTC), every zone is within its window."""

    at: datetime
    until: datetime


def window(data: Mapping[str, Any] | None) -> Window:
    """`Site.window` as spans; what is missing or no time has the default, 9 to 20, on Sunday from 12.

    `sandbox: true` opens it day and night: only the sandbox practice has it, where no telephone is real.
    """
    given = data or {}
    if given.get("sandbox") is True:
        return ALWAYS
    return tuple(_day(given.get(day), WEEKDAY if day != "sun" else SUNDAY) for day in DAYS)


def opening(hours: Window, zones: frozenset[str], now: datetime) -> Opening | None:
    """The present opening, or the next one within nine days; None when there is none. `now` is aware."""
    now = now.astimezone(UTC)
    for start, end in _openings(hours, zones, now.date()):
        if end - max(start, now) >= LEAST_LEFT:
            return Opening(max(start, now), end)
    return None


def _day(given: Any, default: tuple[Span, ...]) -> tuple[Span, ...]:
    if given is None:
        return default
    try:
        spans = [(_time(start), _time(end)) for start, end in given]
    except (TypeError, ValueError):
        return default
    bounded = sorted((max(start, EARLIEST), min(end, LATEST)) for start, end in spans)
    return tuple((start, end) for start, end in bounded if start < end)


def _time(text: str) -> time:
    return time(23, 59, 59) if text == "24:00" else time.fromisoformat(text)


@lru_cache(maxsize=256)
def _openings(hours: Window, zones: frozenset[str], around: date) -> tuple[Interval, ...]:
    """Intervals in which all zones are open, from the day before `around` on."""
    common: list[Interval] | None = None
    for zone in sorted(zones):
        own = _zone_openings(hours, ZoneInfo(zone), around)
        common = own if common is None else _both(common, own)
    return tuple(common or ())


def _zone_openings(hours: Window, zone: ZoneInfo, around: date) -> list[Interval]:
    days = [around + timedelta(days=n) for n in range(-1, LOOK_AHEAD)]
    found = [
        (_latest(day, start, zone), _earliest(day, end, zone))
        for day in days
        for start, end in hours[day.weekday()]
    ]
    return sorted((start, end) for start, end in found if start < end)


def _moments(day: date, at: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    local = datetime.combine(day, at, zone)
    return local.astimezone(UTC), local.replace(fold=1).astimezone(UTC)


def _latest(day: date, at: time, zone: ZoneInfo) -> datetime:
    """When clocks show this twice or never, the later meaning: we open late rather than early."""
    return max(_moments(day, at, zone))


def _earliest(day: date, at: time, zone: ZoneInfo) -> datetime:
    """When clocks show this twice or never, the earlier meaning: we close early rather than late."""
    return min(_moments(day, at, zone))


def _both(one: list[Interval], other: list[Interval]) -> list[Interval]:
    pairs = [(max(a[0], b[0]), min(a[1], b[1])) for a in one for b in other]
    return sorted(pair for pair in pairs if pair[0] < pair[1])
