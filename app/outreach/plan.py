"""When outreach begins: pure dates, in the patient's zone."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from app.flow.schema import seconds

MORNING: Final = time(10, 0)
REMIND_BEFORE: Final = timedelta(days=3)
DEFAULTS: Final = {"discharge": "1d", "no_show": "30m", "appointment": "0m"}
LANES: Final = {
    "discharge": "discharge",
    "appointment": "confirmation",
    "no_show": "no_show",
    "inbound": "message",
}


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
