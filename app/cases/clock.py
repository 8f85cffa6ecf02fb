"""Business time: the hours a site is open, without lunch and holidays. Response windows are counted in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import count
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import holidays

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DEFAULT_HOURS: dict[str, list[list[str]]] = {day: [["09:00", "17:00"]] for day in DAYS[:5]}
LONGEST_CLOSED = 366
"""Days after which a site that never opens is taken to be open always: a deadline must come."""


class OpeningHours(Protocol):
    """What a site says of its hours (`app.patients.models.Site`). `settings` may name `closed` and `open`
    dates.
    """

    time_zone: Any
    hours: Any
    holidays: Any
    settings: Any


def business_deadline(site: OpeningHours, start: datetime, minutes: float) -> datetime:
    """The moment (aware, UTC) at which the site has been open for so many minutes since `start`.

    No minutes give `start` itself, open or not. A site that stays closed for a year counts as always open.
    """
    left = timedelta(minutes=minutes)
    if left <= timedelta(0):
        return start.astimezone(UTC)
    last = start.astimezone(UTC)
    for opens, closes in open_spans(site, start):
        begins = max(opens, last)
        if opens - last > timedelta(days=LONGEST_CLOSED):
            break
        if closes - begins >= left:
            return begins + left
        left -= closes - begins
        last = closes
    return last + left


def business_minutes(site: OpeningHours, start: datetime, end: datetime) -> float:
    """How many minutes the site is open between two moments; 0 when `end` is not after `start`."""
    total = timedelta(0)
    for opens, closes in open_spans(site, start):
        if opens >= end:
            break
        total += max(timedelta(0), min(closes, end) - max(opens, start))
    return total.total_seconds() / 60


def is_open(site: OpeningHours, at: datetime) -> bool:
    """Whether the site is open at a moment."""
    first = next(open_spans(site, at), None)
    return first is not None and first[0] <= at


def open_spans(site: OpeningHours, start: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The spans (UTC) a site is open from `start` on, in order, none before; ends after a year without
    any.
    """
    zone = ZoneInfo(site.time_zone)
    first = start.astimezone(zone).date() - timedelta(days=1)
    empty = 0
    for ahead in count():
        spans = [span for span in _day_spans(site, first + timedelta(days=ahead), zone) if span[1] > start]
        empty = 0 if spans else empty + 1
        if empty > LONGEST_CLOSED:
            return
        yield from spans


def _day_spans(site: OpeningHours, day: date, zone: ZoneInfo) -> list[tuple[datetime, datetime]]:
    if not _works(site, day):
        return []
    hours = site.hours or DEFAULT_HOURS
    spans = [
        (_moment(day, opens, zone), _moment(day, closes, zone))
        for opens, closes in hours.get(DAYS[day.weekday()], [])
    ]
    return sorted((opens, closes) for opens, closes in spans if opens < closes)


def _works(site: OpeningHours, day: date) -> bool:
    settings = site.settings or {}
    if day.isoformat() in settings.get("open", ()):
        return True
    return day.isoformat() not in settings.get("closed", ()) and day not in _holidays(site.holidays, day.year)


def _moment(day: date, clock: str, zone: ZoneInfo) -> datetime:
    if clock == "24:00":
        return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
    return datetime.combine(day, time.fromisoformat(clock), zone).astimezone(UTC)


@lru_cache(maxsize=256)
def _holidays(calendar: str | None, year: int) -> frozenset[date]:
    if not calendar:
        return frozenset()
    country, _, part = calendar.partition("-")
    return frozenset(holidays.country_holidays(country, subdiv=part or None, years=year))
