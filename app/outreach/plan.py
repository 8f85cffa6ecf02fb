"""When outreach begins: dates in the patient's zone, and what the carrier's pace has room for."""

from __future__ import annotations

import math
from collections.abc import Collection
from datetime import datetime, time, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from app.channels.pace import Pace
from app.flow.schema import seconds
from app.patients.models import Site

MORNING: Final = time(10, 0)
REMIND_BEFORE: Final = timedelta(days=3)
AHEAD: Final = timedelta(seconds=30)
"""So long at most the first text of a conversation waits for its turn at the carrier."""
PARTS: Final = 2
"""Parts a first text has, most of the time."""
DEFAULTS: Final = {"discharge": "1d", "no_show": "30m", "appointment": "0m"}
LANES: Final = {
    "discharge": "discharge",
    "appointment": "confirmation",
    "no_show": "no_show",
}


def room_for(pace: Pace, sites: Collection[Site], now: datetime) -> tuple[int, list[UUID]]:
    """How many conversations may be begun now, and the sites whose number is booked up and begin none.

    A conversation begins when its text can go out soon: what it says and when it asks again count from there.
    """
    ahead = pace.ahead({_number(site) for site in sites}, now)
    free = {number: max(timedelta(0), AHEAD - taken) for number, taken in ahead.items()}
    parts = sum(free.values(), timedelta(0)).total_seconds() * pace.per_second
    return math.ceil(parts / PARTS), [site.id for site in sites if not free[_number(site)]]


def _number(site: Site) -> str:
    return site.numbers[0] if site.numbers else ""


def first_attempt(
    kind: str,
    occurred_at: datetime,
    now: datetime,
    zone: ZoneInfo,
    settings: dict[str, Any],
    start: datetime | None,
) -> datetime:
    """When to begin for this trigger, never in the past.

    A discharge: the morning after (the TCM window of two business days, and day 2 questions, AHRQ RED); a missed
    visit: half an hour later; a visit: three days before (Steiner 2018), at once when it is nearer. A site may set
    other delays in `settings["start_after"]`.
    """
    after = timedelta(seconds=seconds(settings.get("start_after", {}).get(kind, DEFAULTS.get(kind, "0m"))))
    if kind == "appointment" and start is not None:
        return max(now, start - REMIND_BEFORE + after)
    if after >= timedelta(days=1):
        day = (occurred_at + after).astimezone(zone).date()
        return max(now, datetime.combine(day, MORNING, tzinfo=zone))
    return max(now, occurred_at + after)
